"""The guard: says when the camera moves faster than a generator's pictures can hold together.

Between two generated pictures the newest is re-projected; what it does not show has to be filled. How much
that is follows from how far the picture moves in the time that the generator takes for one.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from director.camera.damping import approach
from director.camera.lens import horizontal_fov
from director.math3d import compose, inverse_rigid
from director.types import CameraState, Correction

__all__ = ["Guard", "GuardState", "Limits", "PictureMotion", "picture_motion"]

# Over these places of the picture, as shares of half its size from its middle, its motion is averaged.
_PLACES = (-2 / 3, 0.0, 2 / 3)
_NEAREST_M = 1e-3
_NO_CORRECTION = Correction()


@dataclass(frozen=True, slots=True)
class PictureMotion:
    """How fast a picture moves: `share_per_s` of its width a second, averaged over the picture, and how
    fast the camera turns, radians a second."""

    share_per_s: float
    turn_rate: float

    def pixels_per_s(self, width_px: int) -> float:
        """The same for a picture so many pixels wide."""
        return self.share_per_s * width_px


def picture_motion(
    before: CameraState, after: CameraState, dt_s: float, depth_m: float, aspect: float = 16 / 9
) -> PictureMotion:
    """The motion of what lies `depth_m` away (a picture's median depth, say; inf: of the sky), corrections
    (shake) and zooms included. A cut, and no time, is no motion.

    A place that comes to lie behind the camera counts as a whole width. Raises ValueError for a depth that
    is not more than 0.
    """
    if not depth_m > 0:
        raise ValueError(f"{depth_m:g} m is not before the camera")
    if dt_s <= 0 or after.is_cut:
        return PictureMotion(0.0, 0.0)
    after_from_before = inverse_rigid(_world_from(after)) @ _world_from(before)
    turn = after_from_before[:3, :3]
    # From half the difference of the matrix and its transpose, which is exact for small turns too.
    sine = math.hypot(turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]) / 2
    angle = math.atan2(sine, (float(np.trace(turn)) - 1) / 2)
    half, new_half = (math.tan(horizontal_fov(camera.lens) / 2) for camera in (before, after))
    # What is infinitely far is a direction: no distance travelled moves it.
    moved = after_from_before[:3, 3] / depth_m
    total = 0.0
    for across in _PLACES:
        for up in _PLACES:
            x, y, z = turn @ (across * half, up * half / aspect, -1.0) + moved
            if z > -_NEAREST_M:
                total += 1.0
                continue
            now = (x / -z / new_half, y / -z / new_half)
            # The picture is 2 wide in these units.
            total += math.hypot(now[0] - across, now[1] - up / aspect) / 2
    return PictureMotion(total / len(_PLACES) ** 2 / dt_s, angle / dt_s)


# A tick's camera is the next one's before.
@lru_cache(maxsize=4)
def _world_from(camera: CameraState) -> NDArray[np.float64]:
    world_from_rig = compose(camera.position, camera.orientation)
    correction = camera.correction
    if correction == _NO_CORRECTION:
        return world_from_rig
    return world_from_rig @ compose(correction.position, correction.orientation)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a generator holds: share of the picture's width, and radians, a second."""

    share_per_s: float
    turn_rate: float

    @classmethod
    def for_generator(
        cls, generated_fps: float, share_per_picture: float = 0.10, turn_per_picture: float = math.radians(6)
    ) -> "Limits":
        """Of a generator that makes so many pictures a second.

        A picture is about two of its periods old when the next replaces it, so that at the default a
        fifth of the width has to be filled. The defaults are chosen, not measured. Raises ValueError for a
        rate that is not more than 0.
        """
        if not generated_fps > 0:
            raise ValueError(f"{generated_fps:g} pictures a second is no rate")
        return cls(share_per_picture * generated_fps, turn_per_picture * generated_fps)


@dataclass(frozen=True, slots=True)
class GuardState:
    """The smoothed motion, how long it has been above the limits or well below them, and the warning."""

    share_per_s: float = 0.0
    turn_rate: float = 0.0
    since_s: float = 0.0
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """Warns once the motion has been past a limit for `patience_s`, and is silent again when it has been
    below `release` of every limit for `calm_s`: so a warning neither flashes nor flickers."""

    limits: Limits
    smoothing_s: float = 0.15
    patience_s: float = 0.2
    calm_s: float = 0.5
    release: float = 0.8

    def step(
        self,
        state: GuardState,
        before: CameraState,
        after: CameraState,
        dt_s: float,
        depth_m: float,
        aspect: float = 16 / 9,
    ) -> GuardState:
        """The guard after a tick. A cut begins afresh; no time changes nothing."""
        if after.is_cut:
            return GuardState()
        if dt_s <= 0:
            return state
        motion = picture_motion(before, after, dt_s, depth_m, aspect)
        share = approach(state.share_per_s, motion.share_per_s, self.smoothing_s, dt_s)
        turn = approach(state.turn_rate, motion.turn_rate, self.smoothing_s, dt_s)
        load = max(share / self.limits.share_per_s, turn / self.limits.turn_rate)
        if state.warning is None:
            since_s = state.since_s + dt_s if load > 1 else 0.0
            warning = self._warning(share, turn) if since_s >= self.patience_s - 1e-9 else None
        else:
            since_s = state.since_s + dt_s if load < self.release else 0.0
            warning = None if since_s >= self.calm_s - 1e-9 else state.warning
        if (warning is None) != (state.warning is None):
            since_s = 0.0
        return GuardState(share, turn, since_s, warning)

    def _warning(self, share: float, turn: float) -> str:
        if turn / self.limits.turn_rate > share / self.limits.share_per_s:
            held = math.degrees(self.limits.turn_rate)
            return f"turning faster than the generator holds ({held:.0f}° a second): turn slower"
        held = 100 * self.limits.share_per_s
        return (
            f"the picture moves faster than the generator holds ({held:.0f} % of its width a second): "
            "go slower, or farther away"
        )
