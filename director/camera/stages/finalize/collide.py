"""Collision: keeps the camera out of boxes, sliding along their sides."""

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from director.camera.box import Box, pushed_out
from director.camera.stage import Drive, Finalize, Pose
from director.camera.subject import Subjects
from director.types import Vector

__all__ = ["EXAMPLE", "Collide"]

_MOST_STEPS = 256


@dataclass(frozen=True, slots=True)
class Collide(Finalize[Vector]):
    """The camera is a ball of `radius_m`, no less than the near distance, so that nothing is cut open.

    It goes from where it was to where it is wanted in steps shorter than its radius, and is pushed out of
    what it meets: so it slides along walls and does not pass through thin ones. A way of more than 256
    such steps at once is a jump, and is not walked. The state is the last free position. Boxes that move:
    exchange the stage each tick for one with the boxes as they are. Put it last: what comes after it
    could move the camera into a wall again.
    """

    binds: ClassVar[bool] = True

    boxes: tuple[Box, ...] = ()
    radius_m: float = 0.15

    def start(self, pose: Pose, subjects: Subjects) -> Vector:
        return pushed_out(pose.position, self.radius_m, self.boxes, pose.position)

    def step(self, state: Vector, pose: Pose, drive: Drive) -> tuple[Vector, Pose]:
        position = self._walked(state, pose.position, drive.settles)
        if position == pose.position:
            return position, pose
        return position, replace(pose, position=position)

    def _walked(self, start: Vector, end: Vector, jumps: bool) -> Vector:
        steps = max(1, math.ceil(math.dist(start, end) / (self.radius_m / 2)))
        if jumps or steps > _MOST_STEPS:
            return pushed_out(end, self.radius_m, self.boxes, start)
        position = start
        for step in range(steps):
            # What is left of the way, from where the wall has let the camera be.
            left = steps - step
            x, y, z = (p + (e - p) / left for p, e in zip(position, end, strict=True))
            # The end itself at the last step: a rounding error would pass for a push.
            there = end if left == 1 else (x, y, z)
            position = pushed_out(there, self.radius_m, self.boxes, position)
        return position


EXAMPLE = Collide((Box((2.0, 1.0, 2.5), (0.6, 1.0, 0.4)),), 0.2)
