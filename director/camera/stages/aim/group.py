"""Group framing: several subjects in one picture, with a margin, by distance or by focal length."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from director.camera.damping import approach_moving
from director.camera.framing import Frame, forward, heading_of, seen
from director.camera.stage import MAX_TILT, Aim, Drive, Pose
from director.camera.subject import Subjects, located, nearest_turn
from director.errors import UsageError
from director.types import Lens, Vector

__all__ = ["EXAMPLE", "GroupFraming", "GroupState"]

_NEAREST_M = 0.1


@dataclass(frozen=True, slots=True)
class GroupState:
    """Where the head is turned, and the fit: how many metres the camera has drawn back from its body, or
    the logarithm of its focal length in millimetres (zooms feel even by ratio); and the goal of all three
    at the last step."""

    pan: float
    tilt: float
    fit: float
    goal: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class GroupFraming(Aim[GroupState]):
    """Looks at the middle of the box about `subjects` (feet to heads) and makes room for all of them.

    `margin` is the share of the picture's width and of its height that is left free at each side of the
    tightest fit. `by` tells how the fit is had: "distance" draws the camera back from where its body put
    it, or closer, along the line of sight and within `back_range_m`; "focal-length" zooms within
    `focal_range_mm`. Roll stays the body's, and is left out of the fit; so is what a later stage makes of
    the lens, with which the fit would chase itself. Raises UsageError for no subject, and for a margin
    that leaves no picture.
    """

    subjects: tuple[str, ...]
    by: Literal["distance", "focal-length"] = "focal-length"
    margin: float = 0.1
    turn_time_constant_s: float = 0.3
    fit_time_constant_s: float = 0.5
    back_range_m: tuple[float, float] = (-50.0, 50.0)
    focal_range_mm: tuple[float, float] = (12.0, 135.0)
    aspect: float = 16 / 9

    def __post_init__(self) -> None:
        if not self.subjects:
            raise UsageError("there is nobody to frame", subject="group framing", mend="name a subject")
        if not 0 <= self.margin < 0.5:
            raise UsageError(
                f"a margin of {self.margin:g} at each side leaves no picture",
                subject="group framing",
                mend="less than 0.5",
            )

    def start(self, pose: Pose, subjects: Subjects) -> GroupState:
        points = self._offsets(pose, subjects)
        goal = (*self._turn_goal(points, pose.pan), self._fit_goal(points, pose.pan, pose.tilt, pose.lens))
        fit = 0.0 if self.by == "distance" else math.log(pose.lens.focal_length_mm)
        return GroupState(pose.pan, pose.tilt, fit, goal)

    def step(self, state: GroupState, pose: Pose, drive: Drive) -> tuple[GroupState, Pose]:
        points = self._offsets(pose, drive.subjects)

        def damped(value: float, before: float, after: float, time_constant_s: float) -> float:
            return approach_moving(value, before, (after - before) / drive.dt_s, time_constant_s, drive.dt_s)

        to_pan, to_tilt = self._turn_goal(points, state.goal[0])
        pan = damped(state.pan, state.goal[0], to_pan, self.turn_time_constant_s)
        tilt = damped(state.tilt, state.goal[1], to_tilt, self.turn_time_constant_s)
        to_fit = self._fit_goal(points, pan, tilt, drive.lens)
        fit = damped(state.fit, state.goal[2], to_fit, self.fit_time_constant_s)
        state = GroupState(pan, tilt, fit, (to_pan, to_tilt, to_fit))
        if self.by == "distance":
            x, y, z = (p - fit * f for p, f in zip(pose.position, forward(pan, tilt), strict=True))
            return state, replace(pose, position=(x, y, z), pan=pan, tilt=tilt)
        lens = replace(pose.lens, focal_length_mm=math.exp(fit))
        return state, replace(pose, pan=pan, tilt=tilt, lens=lens)

    def bound(self, state: GroupState, before: Pose, after: Pose) -> GroupState:
        pan, tilt = after.pan - before.pan, after.tilt - before.tilt
        return replace(state, pan=state.pan + pan, tilt=state.tilt + tilt)

    def _offsets(self, pose: Pose, subjects: Subjects) -> list[Vector]:
        """Feet and heads of the subjects, from the camera on its body."""
        offsets: list[Vector] = []
        for name in self.subjects:
            subject = located(subjects, name)
            x, y, z = (s - p for s, p in zip(subject.position, pose.position, strict=True))
            offsets += [(x, y, z), (x, y + subject.height_m, z)]
        return offsets

    def _turn_goal(self, points: list[Vector], near_pan: float) -> tuple[float, float]:
        x, y, z = ((min(axis) + max(axis)) / 2 for axis in zip(*points, strict=True))
        pan, tilt = heading_of((x, y, z))
        return nearest_turn(pan, near_pan), min(MAX_TILT, max(-MAX_TILT, tilt))

    def _fit_goal(self, points: list[Vector], pan: float, tilt: float, lens: Lens) -> float:
        placed = [seen(point, pan, tilt) for point in points]
        share = 1 - 2 * self.margin
        if self.by == "distance":
            frame = Frame.of(lens, self.aspect)
            width, height = frame.half_width * share, frame.half_height * share
            back_m = max(
                max(abs(right) / width, abs(up) / height, _NEAREST_M) - depth for right, up, depth in placed
            )
            return min(self.back_range_m[1], max(self.back_range_m[0], back_m))
        # What a lens of 1 mm sees, divided by what there is to see.
        frame = Frame.of(replace(lens, focal_length_mm=1.0), self.aspect)
        width, height = frame.half_width * share, frame.half_height * share
        tightest = max(
            max(abs(right) / width, abs(up) / height) / max(depth, _NEAREST_M) for right, up, depth in placed
        )
        return math.log(min(self.focal_range_mm[1], max(self.focal_range_mm[0], 1 / max(tightest, 1e-9))))


EXAMPLE = GroupFraming(("subject", "other"), by="distance")
