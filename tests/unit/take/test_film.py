"""Films, by the real ffmpeg: what goes in comes out, whatever is killed."""

import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import RecordingError
from director.take import ffmpeg
from director.take.film import Film

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has neither SIGKILL nor SIGSTOP, which these tests send"
)

_WIDTH, _HEIGHT = 64, 36


def _picture(*colour: int) -> NDArray[np.uint8]:
    return np.broadcast_to(np.array(colour, np.uint8), (_HEIGHT, _WIDTH, 3)).copy()


def _grey(level: int) -> NDArray[np.uint8]:
    return _picture(level, level, level)


def decoded(path: Path, width: int = _WIDTH, height: int = _HEIGHT) -> NDArray[np.uint8]:
    """uint8[n, h, w, 3]: every frame of a film."""
    raw = ffmpeg.run(
        ["-i", str(path), "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], path
    )
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


def _keep_writing(film: Film) -> None:
    for level in range(250):
        film.offer(_grey(level))
        time.sleep(0.01)


def _told(path: Path) -> str:
    return subprocess.run(
        [ffmpeg.command(), "-i", str(path)], capture_output=True, text=True, check=False
    ).stderr


def test_colours_come_back_and_the_film_says_bt709(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    colours = [(0, 255, 0), (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (120, 66, 201)]
    film = Film(path, _WIDTH, _HEIGHT, Fraction(24000, 1001))
    for colour in colours:
        film.write(_picture(*colour))
    film.close()
    frames = decoded(path).astype(int)
    assert len(frames) == len(colours)
    for frame, colour in zip(frames, colours, strict=True):
        assert np.abs(frame - colour).max() <= 2
    assert "yuv420p(tv, bt709, progressive)" in _told(path)
    assert "23.98 fps" in _told(path)


def test_a_film_that_is_closed_well_is_a_plain_mp4_with_its_index_first(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    film = Film(path, _WIDTH, _HEIGHT, Fraction(24))
    film.write(_grey(90), 60)
    film.close()
    film.close()
    content = path.read_bytes()
    assert b"moof" not in content
    assert content.index(b"moov") < content.index(b"mdat")
    assert [entry.name for entry in tmp_path.iterdir()] == ["video.mp4"]


def test_overload_repeats_frames_keeps_time_and_never_waits(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    film = Film(path, _WIDTH, _HEIGHT, Fraction(24))
    assert film.offer(_grey(10))
    os.kill(film.pid, signal.SIGSTOP)
    # More than pipe and queue hold: the rest has no room.
    count = 200
    slowest_s = 0.0
    for _ in range(count):
        start = time.perf_counter()
        film.offer(_grey(120))
        slowest_s = max(slowest_s, time.perf_counter() - start)
    assert slowest_s < 0.1
    assert film.repeated > 50
    os.kill(film.pid, signal.SIGCONT)
    while not film.offer(_grey(240)):
        count += 1
        time.sleep(0.01)
    film.close()
    frames = decoded(path)
    assert len(frames) == film.frames == count + 2
    assert abs(int(frames[-1].mean()) - 240) <= 2
    assert abs(int(frames[-2].mean()) - 120) <= 2


def test_a_take_that_ends_in_overload_is_as_long_as_it_was(tmp_path: Path) -> None:
    film = Film(tmp_path / "video.mp4", _WIDTH, _HEIGHT, Fraction(24))
    os.kill(film.pid, signal.SIGSTOP)
    for _ in range(100):
        film.offer(_grey(50))
    assert film.repeated > 0
    os.kill(film.pid, signal.SIGCONT)
    film.close()
    assert len(decoded(tmp_path / "video.mp4")) == film.frames == 100


def test_an_ffmpeg_that_takes_nothing_any_more_does_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("director.take.film._END_S", 0.5)
    film = Film(tmp_path / "video.mp4", _WIDTH, _HEIGHT, Fraction(24))
    os.kill(film.pid, signal.SIGSTOP)
    while film.offer(_grey(50)) or film.repeated < 2:
        pass
    with pytest.raises(RecordingError, match="the film ends here"):
        film.close()


def test_a_full_disk_ends_the_film_with_the_reason(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    path = tmp_path / "video.mp4"
    path.symlink_to("/dev/full")
    film = Film(path, _WIDTH, _HEIGHT, Fraction(24))
    with pytest.raises(RecordingError, match=r"video\.mp4: .*[Nn]o space left"):
        _keep_writing(film)
    with pytest.raises(RecordingError, match="space"):
        film.close()


def test_a_dead_ffmpeg_is_told_at_the_next_frame_and_what_was_written_plays(tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    film = Film(path, _WIDTH, _HEIGHT, Fraction(24))
    for level in range(72):
        film.write(_grey(level * 3))
    time.sleep(0.5)
    os.kill(film.pid, signal.SIGKILL)
    with pytest.raises(RecordingError, match="the film ends here"):
        _keep_writing(film)
    with pytest.raises(RecordingError):
        film.close()
    assert len(decoded(path)) >= 72 - 24


def test_pictures_of_another_size_are_refused(tmp_path: Path) -> None:
    film = Film(tmp_path / "video.mp4", _WIDTH, _HEIGHT, Fraction(24))
    with pytest.raises(ValueError, match="is wanted"):
        film.offer(np.zeros((10, 10, 3), np.uint8))
    film.close()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    film = Film(tmp_path / "gone" / "video.mp4", _WIDTH, _HEIGHT, Fraction(24))
    with pytest.raises(RecordingError, match="No such file"):
        _keep_writing(film)
    with pytest.raises(RecordingError):
        film.close()
