"""Whole takes: what lies in the folder at the end, and after a kill."""

import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import RecordingError
from director.generate.protocol import GeneratorIdentity
from director.scene.document import Scene
from director.take import ffmpeg
from director.take.folder import read_json
from director.take.recorder import Plan, Recorder
from director.take.track import TrackLine, read_track
from director.types import CameraState, Direction, Tick

_WIDTH, _HEIGHT = 128, 72
_SCENE = Scene(schema_version=1, name="alley", prompt="rain")


def _plan(root: Path, **changes: Any) -> Plan:
    return replace(Plan(root, _SCENE, "dolly", _WIDTH, _HEIGHT), **changes)


def _line(index: int, fps: float) -> TrackLine:
    camera = CameraState((0.0, 1.6, -index / fps), (0.0, 0.0, 0.0, 1.0))
    return TrackLine(Tick(index, index / fps, 1 / fps), camera, Direction("rain"), generated_tick=index)


def _roll(recorder: Recorder) -> None:
    for index in range(200):
        recorder.tick(_line(index, 24.0), _grey(0))
        time.sleep(0.01)


def _grey(level: int) -> NDArray[np.uint8]:
    return np.full((_HEIGHT, _WIDTH, 3), level, np.uint8)


def _levels(video: Path) -> list[int]:
    raw = ffmpeg.run(["-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], video)
    frames = np.frombuffer(raw, np.uint8).reshape(-1, _HEIGHT, _WIDTH, 3)
    return [round(float(frame.mean())) for frame in frames]


def test_a_take_is_whole(tmp_path: Path) -> None:
    recorder = Recorder(_plan(tmp_path, settings={"threads": 2}), waits=True)
    assert read_json(recorder.folder / "take.json")["state"] == "recording"
    for index in range(48):
        recorder.tick(_line(index, 24.0), _grey(index * 5))
    identity = GeneratorIdentity("proxy", "", "gl", "uint8", 1, "")
    take = recorder.stop(identity, {"sha256_frames": "x"})
    assert take == recorder.stop()
    assert (take.frames, take.repeated, take.error) == (48, 0, "")
    assert take.folder == tmp_path / "alley" / "dolly_T001"
    assert sorted(path.name for path in take.folder.iterdir()) == [
        "take.json",
        "thumbnail.png",
        "track.jsonl",
        "video.mp4",
    ]
    assert all(abs(level - 5 * k) <= 2 for k, level in enumerate(_levels(take.video)))
    document = read_json(take.folder / "take.json")
    assert document["state"] == "complete"
    assert document["scene"] == _SCENE.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert document["settings"] == {"size": [128, 72], "fps": "24/1", "seed": 0, "threads": 2}
    assert len(read_track(take.folder / "track.jsonl")) == 48


def test_ticks_at_another_rate_are_resampled(tmp_path: Path) -> None:
    recorder = Recorder(_plan(tmp_path, fps=Fraction(25)), waits=True)
    for index in range(61):
        recorder.tick(_line(index, 60.0), _grey(index * 4))
    take = recorder.stop()
    assert take.frames == 26
    expected = [(k * 60 // 25) * 4 for k in range(26)]
    assert all(abs(a - b) <= 2 for a, b in zip(_levels(take.video), expected, strict=True))


def test_a_tick_without_a_new_picture_keeps_the_old_one(tmp_path: Path) -> None:
    recorder = Recorder(_plan(tmp_path), waits=True)
    for index, picture in enumerate([None, _grey(200), None, None]):
        recorder.tick(_line(index, 24.0), picture)
    levels = _levels(recorder.stop().video)
    assert levels[0] <= 1
    assert all(abs(level - 200) <= 2 for level in levels[1:])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, which this test sends")
def test_when_ffmpeg_dies_the_rest_of_the_take_stays_and_says_why(tmp_path: Path) -> None:
    recorder = Recorder(_plan(tmp_path))
    os.kill(recorder.film_pid, signal.SIGKILL)
    with pytest.raises(RecordingError, match="the film ends here"):
        _roll(recorder)
    assert "the film ends here" in recorder.note
    take = recorder.stop_in_background().result(20)
    assert "the film ends here" in take.error
    document = read_json(take.folder / "take.json")
    assert document["state"] == "short"
    assert len(read_track(take.folder / "track.jsonl")) > 0


class _FullOnce:
    """The track's file on a disk that has no room for one line, and has room again for the next."""

    def __init__(self, file: TextIO, from_line: int) -> None:
        self._file, self._lines = file, from_line

    def write(self, text: str) -> int:
        self._lines -= 1
        if self._lines == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(text)

    def close(self) -> None:
        self._file.close()


def test_a_track_that_failed_once_is_told_though_there_is_room_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(_plan(tmp_path), waits=True)
    monkeypatch.setattr(recorder._track, "_file", _FullOnce(recorder._track._file, 9))
    for index in range(8):
        recorder.tick(_line(index, 24.0), _grey(90))
    for index in (8, 9):
        # Neither the line that failed nor one after it: the track has no gap.
        with pytest.raises(RecordingError, match=r"track\.jsonl: cannot be written: No space left"):
            recorder.tick(_line(index, 24.0), _grey(90))
    assert "No space left" in recorder.note
    take = recorder.stop()
    assert "track.jsonl: cannot be written: No space left" in take.error
    document: Any = read_json(take.folder / "take.json")
    assert (document["state"], document["result"]["error"]) == ("short", take.error)
    assert document["result"]["ticks"] == 8
    assert [line.tick.index for line in read_track(take.folder / "track.jsonl")] == list(range(8))
    # What was filmed until then is there.
    assert len(_levels(take.video)) == take.frames > 5


_ROLLING = """
import os, signal, sys, time
from fractions import Fraction
from pathlib import Path
import numpy as np
from director.scene.document import Scene
from director.take.recorder import Plan, Recorder
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick

recorder = Recorder(Plan(Path(sys.argv[1]), Scene(schema_version=1, name="alley"), "kill", 512, 288))
noise = np.random.default_rng(0).integers(0, 60, (288, 512, 3), np.uint8)
start = time.perf_counter()
for index in range(240):
    picture = noise + np.uint8(index % 190)
    camera = CameraState((0.0, 0.0, float(index)), (0.0, 0.0, 0.0, 1.0))
    recorder.tick(TrackLine(Tick(index, index / 60, 1 / 60), camera, Direction("p")), picture)
    time.sleep(max(0.0, start + (index + 1) / 60 - time.perf_counter()))
os.kill(recorder.film_pid, signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, which this test sends")
def test_killing_program_and_ffmpeg_loses_a_second_of_film_at_most_and_no_tick(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _ROLLING, str(tmp_path)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    folder = tmp_path / "alley" / "kill_T001"
    raw = ffmpeg.run(["-i", str(folder / "video.mp4"), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], folder)
    # Four seconds rolled.
    assert len(raw) // (512 * 288 * 3) >= 3 * 24
    assert len(read_track(folder / "track.jsonl")) == 240
    assert read_json(folder / "take.json")["state"] == "recording"
    assert (folder / "thumbnail.png").stat().st_size > 0
