"""Keyed transforms: where something is at any time, and how far it has travelled by then."""

import bisect
import math

import numpy as np
from numpy.typing import NDArray

from director.math3d import IDENTITY, quaternion_from_euler
from director.scene.proxy import Placed, Rotation
from director.types import Quaternion, Vector

__all__ = ["Track", "euler_quaternion", "fast_compose"]

# Arc length is summed over this many chords a segment: a metre of curve is right to a tenth of a millimetre.
_CHORDS = 64
# Speed is taken over this long, so that a walk fades in and out rather than starting in one tick.
_SPEED_WINDOW_S = 0.3


def euler_quaternion(rotation_deg: Rotation) -> Quaternion:
    """world_from_local of yaw, pitch, roll in degrees."""
    if rotation_deg == (0.0, 0.0, 0.0):
        return IDENTITY
    yaw, pitch, roll = (math.radians(value) for value in rotation_deg)
    return quaternion_from_euler(yaw, pitch, roll)


class Track:
    """The keys of one group or proxy, made ready to be asked for any time."""

    def __init__(self, placed: Placed) -> None:
        self._smooth = placed.interpolation == "smooth"
        at = [(key.time_s, key.position) for key in placed.keys if key.position is not None]
        turned = [(key.time_s, key.rotation_deg) for key in placed.keys if key.rotation_deg is not None]
        self._times = [time for time, _ in at] or [0.0]
        self._points = np.array([point for _, point in at] or [placed.position], np.float64)
        self._turn_times = [time for time, _ in turned] or [0.0]
        self._turns = [turn for _, turn in turned] or [placed.rotation_deg]
        self._tangents = self._slopes()
        self._arc_times, self._arc = self._arc_table()

    @property
    def travels(self) -> bool:
        """Whether its position is keyed."""
        return len(self._times) > 1

    @property
    def pace_m_s(self) -> float | None:
        """The one speed at which it goes along its way, where there is one."""
        return None

    def position(self, time_s: float) -> Vector:
        """In the parent's space, metres."""
        i, share, span = _segment(self._times, time_s)
        p = self._points[i]
        if span == 0:
            return (float(p[0]), float(p[1]), float(p[2]))
        q = self._points[i + 1]
        if not self._smooth:
            mixed = p + (q - p) * share
        else:
            # Cubic Hermite: https://en.wikipedia.org/wiki/Cubic_Hermite_spline
            s2, s3 = share * share, share**3
            mixed = (
                (2 * s3 - 3 * s2 + 1) * p
                + (s3 - 2 * s2 + share) * span * self._tangents[i]
                + (3 * s2 - 2 * s3) * q
                + (s3 - s2) * span * self._tangents[i + 1]
            )
        return (float(mixed[0]), float(mixed[1]), float(mixed[2]))

    def rotation(self, time_s: float) -> Quaternion:
        """parent_from_local. Each angle goes from key to key as it is written: from 0 to 720 is two turns."""
        i, share, span = _segment(self._turn_times, time_s)
        a = self._turns[i]
        if span == 0 or a == self._turns[i + 1]:
            return euler_quaternion(a)
        if self._smooth:
            share = share * share * (3 - 2 * share)
        b = self._turns[i + 1]
        return euler_quaternion(
            (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))
        )

    def distance(self, time_s: float) -> float:
        """Metres travelled along the keys by then."""
        return float(np.interp(time_s, self._arc_times, self._arc))

    def speed(self, time_s: float) -> float:
        """Metres a second, the mean over a short window about that time."""
        half = _SPEED_WINDOW_S / 2
        return (self.distance(time_s + half) - self.distance(time_s - half)) / _SPEED_WINDOW_S

    def _slopes(self) -> NDArray[np.float64]:
        # Metres a second at each key: between its neighbours inside, at rest at both ends.
        slopes = np.zeros_like(self._points)
        if len(self._times) > 2:
            times = np.asarray(self._times)
            slopes[1:-1] = (self._points[2:] - self._points[:-2]) / (times[2:] - times[:-2])[:, None]
        return slopes

    def _arc_table(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if not self.travels:
            return np.zeros(1), np.zeros(1)
        times = np.concatenate(
            [
                np.linspace(a, b, _CHORDS, endpoint=False)
                for a, b in zip(self._times, self._times[1:], strict=False)
            ]
            + [np.array(self._times[-1:])]
        )
        points = np.array([self.position(float(time)) for time in times])
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        return times, np.concatenate([[0.0], np.cumsum(steps)])


def _segment(times: list[float], time_s: float) -> tuple[int, float, float]:
    """The key before a time, the share of the way to the next, and the seconds between them (0: hold)."""
    i = bisect.bisect_right(times, time_s) - 1
    if i < 0:
        return 0, 0.0, 0.0
    if i >= len(times) - 1:
        return len(times) - 1, 0.0, 0.0
    span = times[i + 1] - times[i]
    return i, (time_s - times[i]) / span, span


def fast_compose(position: Vector, rotation: Quaternion) -> NDArray[np.float64]:
    """What `math3d.compose` gives, in a tenth of its time: every moving thing needs one each tick."""
    x, y, z, w = rotation
    return np.array(
        (
            (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w), position[0]),
            (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w), position[1]),
            (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y), position[2]),
            (0.0, 0.0, 0.0, 1.0),
        )
    )
