"""Takes and stills without a window, through the passes and the real film writer, drawn by the proxy."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from director.take import ffmpeg
from director.take.folder import read_json
from director.take.track import read_track


def director(*arguments: str, cwd: Path | None = None) -> dict[str, Any]:
    """Run the command in a process of its own and return its last line."""
    done = subprocess.run(
        [sys.executable, "-m", "director", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


_SHOOT = ("--generator", "proxy", "--size", "256x144", "--seconds", "0.5")


def test_the_same_command_twice_gives_the_same_frames_in_two_takes(tmp_path: Path) -> None:
    command = ("shoot", "night_alley", "--move", "orbit", "--out", "takes", *_SHOOT)
    first, second = director(*command, cwd=tmp_path), director(*command, cwd=tmp_path)
    assert first["sha256_frames"] == second["sha256_frames"]
    assert first["take"] != second["take"]
    assert first["frames"] == 12
    assert first["fps"] > 0
    folder = tmp_path / first["take"]
    video = tmp_path / first["video"]
    assert video == folder / "video.mp4"
    raw = ffmpeg.run(["-i", str(video), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], video)
    frames = np.frombuffer(raw, np.uint8).reshape(-1, 144, 256, 3)
    assert len(frames) == 12
    assert np.abs(frames[-1].astype(int) - frames[0]).mean() > 0.5
    lines = read_track(folder / "track.jsonl")
    assert [line.tick.index for line in lines] == list(range(12))
    assert lines[11].tick.time_s == pytest.approx(11 / 24)
    document = read_json(folder / "take.json")
    assert document["state"] == "complete"
    assert document["result"]["sha256_frames"] == first["sha256_frames"]  # type: ignore[index]
    assert Image.open(folder / "thumbnail.png").size == (256, 144)


def test_a_film_rate_gives_its_number_of_frames(tmp_path: Path) -> None:
    shot = director("shoot", "desert_road", "--out", str(tmp_path), "--fps", "23.976", *_SHOOT)
    assert shot["frames"] == 12
    document = read_json(Path(shot["take"]) / "take.json")
    assert document["settings"]["fps"] == "24000/1001"  # type: ignore[index]


def test_a_still_is_the_frame_of_the_take_and_its_passes_fit(tmp_path: Path) -> None:
    options = ("--generator", "proxy", "--size", "256x144", "--move", "follow")
    still = director(
        "still",
        "desert_road",
        *options,
        "--time",
        "2",
        "--out",
        str(tmp_path / "a.png"),
        "--passes",
        str(tmp_path / "p"),
    )
    picture = np.asarray(Image.open(still["file"]))
    assert picture.shape == (144, 256, 3)
    assert still["ms"] >= 0
    passes = {name: Path(path) for name, path in still["passes"].items()}
    assert set(passes) == {"depth", "object", "segmentation", "normal", "motion", "anchor", "base"}
    ids = np.asarray(Image.open(passes["object"]))
    depth = np.load(passes["depth"])
    assert ids.max() <= max(still["objects"].values())
    assert ids.shape == depth.shape == (144, 256)
    assert np.isinf(depth[ids == 0]).all()
    assert np.isfinite(depth[ids > 0]).all()
    assert (depth > 0).all()
    assert np.array_equal(np.asarray(Image.open(passes["base"])), picture)
    assert np.load(passes["anchor"]).shape == (144, 256, 3)
    motion = np.load(passes["motion"])
    # The camera follows a car: the ground goes by.
    assert motion.shape == (144, 256, 2)
    assert np.abs(motion.astype(float)).max() > 1e-4
    segmentation = np.asarray(Image.open(passes["segmentation"]))
    assert segmentation.shape == (144, 256, 3)
    assert len(np.unique(segmentation.reshape(-1, 3), axis=0)) <= len(np.unique(ids))


def test_frames_of_a_take_are_stills(tmp_path: Path) -> None:
    # One frame long: its hash is the picture's.
    shot = director(
        "shoot",
        "living_room",
        "--out",
        str(tmp_path),
        "--generator",
        "proxy",
        "--size",
        "64x36",
        "--seconds",
        "0.04",
    )
    still = director(
        "still", "living_room", "--out", str(tmp_path / "b.png"), "--generator", "proxy", "--size", "64x36"
    )
    assert shot["frames"] == 1
    assert shot["sha256_frames"] == still["sha256"]
