"""`director cut`: takes in one film, counted and decoded by ffmpeg."""

import json
import shutil
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from director.cli.main import main
from director.errors import RecordingError, TakeError, UsageError
from director.take.exporters import CutOptions, cut_film
from director.take.exporters._film import _joined
from director.take.library import mark_take
from director.take.recorder import Plan, Recorder
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick
from tests.unit.take.exporters.shooting import decoded, probe, room, tag


def flat(root: Path, level: int, frames: int = 8, size: tuple[int, int] = (64, 36), fps: int = 24) -> Path:
    """A take of one grey."""
    recorder = Recorder(Plan(root, room(root), "flat", *size, fps=Fraction(fps)), waits=True)
    for index in range(frames):
        tick = Tick(index, index / fps, 1 / fps if index else 0.0)
        line = TrackLine(tick, CameraState((0, 1, 5), (0, 0, 0, 1)), Direction())
        recorder.tick(line, np.full((size[1], size[0], 3), level, np.uint8))
    return recorder.stop().folder


def cut(takes: list[Path], out: Path, options: CutOptions | None = None) -> int:
    return cut_film(takes, out, options or CutOptions(), lambda share, words: None).frames


def levels(film: Path) -> NDArray[np.int_]:
    """The grey of each frame."""
    return np.asarray(np.rint(decoded(film).mean(axis=(1, 2, 3))), int)


@pytest.fixture(scope="module")
def greys(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    root = tmp_path_factory.mktemp("greys один")
    return [flat(root, level) for level in (40, 200, 120)]


def test_takes_follow_each_other_in_cuts(greys: list[Path], tmp_path: Path) -> None:
    assert cut(greys, tmp_path / "film.mp4") == 24
    found = levels(tmp_path / "film.mp4")
    assert np.abs(found - np.repeat([40, 200, 120], 8)).max() <= 2
    told = probe(tmp_path / "film.mp4")
    assert tag(told, "timecode") == "01:00:00:00"
    assert "h264" in told
    assert "yuv420p(tv, bt709" in told
    assert "flat_T001, the-room_flat_T002" in tag(told, "comment")


def test_a_dissolve_mixes_and_shortens(greys: list[Path], tmp_path: Path) -> None:
    assert cut(greys[:2], tmp_path / "film.mp4", CutOptions(dissolve_s=3 / 24)) == 13
    found = levels(tmp_path / "film.mp4")
    assert np.abs(found - [*[40] * 5, 80, 120, 160, *[200] * 5]).max() <= 2


@pytest.mark.parametrize("overlap", [0, 1, 3, 4])
def test_joining_keeps_every_picture_once(overlap: int) -> None:
    takes = [[np.full((2, 2, 3), 10 * t + k, np.uint8) for k in range(8)] for t in range(3)]
    made = list(_joined([iter(take) for take in takes], overlap))
    assert len(made) == 24 - 2 * overlap
    assert made[0][0, 0, 0] == 0
    assert made[-1][0, 0, 0] == 27
    if not overlap:
        assert [picture[0, 0, 0] for picture in made] == [10 * t + k for t in range(3) for k in range(8)]


def test_a_dissolve_that_is_too_long_is_refused(greys: list[Path], tmp_path: Path) -> None:
    assert cut(greys, tmp_path / "a.mp4", CutOptions(dissolve_s=4 / 24)) == 16
    with pytest.raises(UsageError, match=r"too long for the-room_flat_T002.*at most 0\.167"):
        cut(greys, tmp_path / "b.mp4", CutOptions(dissolve_s=5 / 24))
    assert not (tmp_path / "b.mp4").exists()


def test_a_sound_is_as_long_as_the_film(greys: list[Path], tmp_path: Path) -> None:
    for name, length_s in (("short.wav", 0.2), ("long.wav", 9.0)):
        sound = tmp_path / name
        with wave.open(str(sound), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(48000)
            file.writeframes((np.sin(np.arange(int(48000 * length_s)) / 20) * 9000).astype("<i2").tobytes())
        for suffix, codec in ((".mp4", "aac"), (".mov", "pcm_s16le")):
            film = tmp_path / f"{sound.stem}{suffix}"
            assert cut(greys, film, CutOptions(audio=sound)) == 24
            told = probe(film)
            assert f"Audio: {codec}" in told
            assert "Duration: 00:00:01.0" in told
            assert len(decoded(film)) == 24


def test_what_is_no_sound_is_told(greys: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such sound file"):
        cut(greys, tmp_path / "a.mp4", CutOptions(audio=tmp_path / "none.wav"))
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(RecordingError):
        cut(greys, tmp_path / "a.mp4", CutOptions(audio=tmp_path / "text.wav"))
    assert not (tmp_path / "a.mp4").exists()


def test_pictures_of_another_size_are_fitted_in(greys: list[Path], tmp_path: Path) -> None:
    tall = flat(tmp_path / "takes", 180, size=(36, 36))
    assert cut([greys[0], tall], tmp_path / "film.mov") == 16
    last = decoded(tmp_path / "film.mov")[-1]
    assert abs(int(last[18, 32].mean()) - 180) <= 3
    assert last[18, 4].max() <= 3
    assert "prores (HQ)" in probe(tmp_path / "film.mov")


def test_takes_of_another_rate_are_refused(greys: list[Path], tmp_path: Path) -> None:
    with pytest.raises(TakeError, match="has 25 frames a second"):
        cut([greys[0], flat(tmp_path / "takes", 90, fps=25)], tmp_path / "film.mp4")


def test_burn_in_writes_slates(greys: list[Path], tmp_path: Path) -> None:
    cut(greys[:1], tmp_path / "film.mp4", CutOptions(burn_in=True))
    assert decoded(tmp_path / "film.mp4")[0].max() > 100


def test_circled_takes_of_a_folder_are_cut_together(
    greys: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "takes"
    shutil.copytree(greys[0].parent.parent, root)
    out = tmp_path / "film.mp4"
    assert main(["cut", str(root), "--out", str(out)]) == 2
    assert "none of them circled" in capsys.readouterr().err
    for name in ("flat_T003", "flat_T001"):
        mark_take(root / "the-room" / name, circled=True)
    assert main(["cut", str(root), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == {"file": str(out), "frames": 16, "takes": 2}
    assert np.abs(levels(out) - np.repeat([40, 120], 8)).max() <= 2
    assert main(["cut", str(root), "--out", str(out)]) == 2
    assert "--overwrite" in capsys.readouterr().err
