"""Takes whose pictures tell their own frame: eight bands, light or dark, are the digits of its number."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.take.library import mark_take
from director.take.recorder import Plan, Recorder
from director.take.track import TrackLine
from director.types import CameraState, Direction, Lens, Tick
from tests.unit.take.exporters.shooting import room

__all__ = ["EVIL", "NAMES", "coded_picture", "coded_take", "read_code", "three_takes"]

SIZE = (160, 90)
EVIL = "</script><img src=x onerror=alert(1)> \"'&`${1}` </textarea>"
"""What would run, or end a tag, where text is taken for HTML."""

NAMES = ("walk in", "walk in", "дубль 一")


def coded_picture(number: int) -> NDArray[np.uint8]:
    """uint8[90, 160, 3]: band k from the top is light where bit k of the number is set."""
    rows = np.array([(number >> (row * 8 // SIZE[1])) & 1 for row in range(SIZE[1])], np.uint8)
    grey = np.where(rows, 225, 25).astype(np.uint8)
    return np.repeat(np.repeat(grey[:, None, None], SIZE[0], axis=1), 3, axis=2)


def read_code(picture: NDArray[np.uint8], along: float = 0.5) -> int:
    """The number that a picture of any size shows, read at a share of its width."""
    height, width = picture.shape[:2]
    bands = [picture[int((k + 0.5) * height / 8), int(along * width)].mean() for k in range(8)]
    return sum(1 << k for k, value in enumerate(bands) if value > 125)


def coded_take(
    root: Path,
    shot: str,
    frames: int,
    first: int = 0,
    fps: Fraction = Fraction(24),
    prompts: Mapping[int, str] | None = None,
) -> Path:
    """A take of so many frames, numbered from `first`; `prompts` are those that begin at a frame. The camera
    goes forward at 2.4 m/s while its lens goes from 25 mm up by a tenth a frame."""
    recorder = Recorder(Plan(root, room(root), shot, *SIZE, fps=fps), waits=True)
    prompt, lens = "dawn", Lens()
    for frame in range(frames):
        prompt = (prompts or {}).get(frame, prompt)
        camera = CameraState(
            (0, 1.5, 8 - 2.4 * float(frame / fps)),
            (0, 0, 0, 1),
            replace(lens, focal_length_mm=25 + frame / 10),
        )
        tick = Tick(frame, float(frame / fps), float(1 / fps) if frame else 0.0)
        told = {2: "a red coat"} if frame >= 6 else {}
        line = TrackLine(tick, camera, Direction(prompt=prompt, object_prompts=told))
        recorder.tick(line, coded_picture(first + frame))
    return recorder.stop().folder


def three_takes(root: Path) -> tuple[Path, Path, Path]:
    """Two of one shot, 48 and 36 frames numbered from 0 and from 100, and ten at 29.97 from 200. The first is
    changed in its direction at frame 20; the second has a note that tries to be a script."""
    first = coded_take(root, NAMES[0], 48, prompts={20: f"dusk {EVIL}"})
    second = coded_take(root, NAMES[1], 36, first=100)
    mark_take(second, note=f"{EVIL} | 00:00:01:02 {EVIL}", rating=2, circled=True)
    third = coded_take(root, NAMES[2], 10, first=200, fps=Fraction(30000, 1001))
    return first, second, third
