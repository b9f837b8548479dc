"""Recorded: the unrest of cameras that people really held, as it was tracked from their films.

The recordings are those of Camera Shakify (https://github.com/EatTheFuture/camera_shakify, CC0); each is a
loop of 3 to 18 seconds. See tools/recorded_shakes.py.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.camera.stage import Noise
from director.errors import UsageError
from director.math3d import quaternion_from_euler
from director.types import Correction

__all__ = ["EXAMPLE", "RECORDED", "Recorded"]

_FILE = Path(__file__).with_name("recorded.json")
RECORDED = (
    "close-up",
    "held still",
    "wedding",
    "investigation",
    "walk",
    "handycam run",
    "car window",
    "bike on gravel",
)
"""Names of the recordings."""
# A turn of the golden section: loops of different seeds begin far from each other.
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Recorded(Noise):
    """A recording in RECORDED, round and round. `amount` multiplies its size, `frequency_gain` its speed;
    another seed begins elsewhere in it. Raises UsageError for a recording that there is not."""

    shake: str = "close-up"
    amount: float = 1.0
    frequency_gain: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.shake not in RECORDED:
            raise UsageError(
                f"no shake was recorded as {self.shake!r}",
                subject="handheld",
                mend=f"there are: {', '.join(RECORDED)}",
            )

    def correction_at(self, time_s: float) -> Correction:
        fps, frames = _recordings()[self.shake]
        at = time_s * self.frequency_gain * fps + self.seed * _GOLDEN * len(frames)
        whole = math.floor(at)
        x, y, z, pan, tilt, roll = self.amount * _between(frames, whole, at - whole)
        return Correction((float(x), float(y), float(z)), quaternion_from_euler(pan, tilt, roll))


def _between(frames: NDArray[np.float64], whole: int, share: float) -> NDArray[np.float64]:
    """Through the frames on a smooth curve (E. Catmull, R. Rom, "A class of local interpolating splines",
    1974): a take at 60 frames a second of a recording at 24 must not jerk 24 times a second."""
    a, b, c, d = (frames[(whole + k) % len(frames)] for k in (-1, 0, 1, 2))
    slope, bend = c - a, 2 * a - 5 * b + 4 * c - d
    made: NDArray[np.float64] = b + 0.5 * share * (slope + share * (bend + share * (3 * (b - c) + d - a)))
    return made


@cache
def _recordings() -> dict[str, tuple[float, NDArray[np.float64]]]:
    """Frames a second, and float64[n, 6]: metres right, up and back, radians of pan, tilt and roll."""
    read = json.loads(_FILE.read_text(encoding="utf-8"))["shakes"]
    units = np.array([1e-3] * 3 + [math.pi / 180] * 3)
    return {name: (float(shake["fps"]), np.array(shake["frames"]) * units) for name, shake in read.items()}


EXAMPLE = Recorded()
