"""Crane: the camera rises, or sinks, and keeps looking at its target."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from director.camera.move import Move, example, refuse_close
from director.camera.points import Coordinate, Locate, ObjectPoint, Point, place
from director.types import CameraState

__all__ = ["MOVE", "CraneUp"]


class CraneUp(Move):
    """From `start` up by `rise_m` (down if negative), looking at `look_at`.

    On its way it may draw back from the target by `pull_back_m` (closer if negative) and swing about the
    target's vertical axis by `arc_deg`, counter-clockwise seen from above. Both are measured from where
    the target is at the move's start, so that a target that walks off does not drag the crane along.
    """

    model_config = example(
        {
            "kind": "crane-up",
            "name": "reveal",
            "start": [1, 1, 6],
            "rise_m": 5,
            "pull_back_m": 2,
            "arc_deg": 40,
            "look_at": [0, 1, 0],
        }
    )

    kind: Literal["crane-up"] = "crane-up"
    start: Point
    rise_m: Coordinate
    look_at: Point
    pull_back_m: Coordinate = 0.0
    arc_deg: Annotated[float, Field(strict=True, ge=-36000, le=36000)] = 0.0

    @model_validator(mode="after")
    def _stays_off_target(self) -> Self:
        if isinstance(self.start, ObjectPoint) or isinstance(self.look_at, ObjectPoint):
            return self
        radius = math.hypot(self.start[0] - self.look_at[0], self.start[2] - self.look_at[2])
        if self.pull_back_m < 0 and radius + self.pull_back_m < 0.05:
            raise ValueError(
                f"pull_back_m takes the crane past look_at, {radius:.2f} m away; use a smaller one"
            )
        if self.arc_deg == 0 and self.pull_back_m == 0:
            top = (self.start[0], self.start[1] + self.rise_m, self.start[2])
            refuse_close("look_at", self.look_at, self.start, top)
        return self

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        share = self.progress(time_s)
        base = place(self.start, time_s, locate)
        target = place(self.look_at, time_s, locate)
        first, pivot = place(self.start, 0.0, locate), place(self.look_at, 0.0, locate)
        # Around the pivot: a radius and an angle, 0 on its +Z side.
        out_x, out_z = first[0] - pivot[0], first[2] - pivot[2]
        radius = math.hypot(out_x, out_z)
        angle = math.atan2(out_x, out_z)
        to_radius = radius + share * self.pull_back_m
        to_angle = angle + share * math.radians(self.arc_deg)
        position = (
            base[0] + to_radius * math.sin(to_angle) - out_x,
            base[1] + share * self.rise_m,
            base[2] + to_radius * math.cos(to_angle) - out_z,
        )
        return self.aimed(position, target)


MOVE = CraneUp
