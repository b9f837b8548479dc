"""Dolly: the camera rolls along a straight track and keeps looking at its target."""

from typing import Literal, Self

from pydantic import model_validator

from director.camera.move import Move, between, example, refuse_close
from director.camera.points import Locate, Point, place
from director.types import CameraState

__all__ = ["MOVE", "DollyIn"]


class DollyIn(Move):
    """From `start` to `end` in a straight line, looking at `look_at`. An end tied to an object moves
    with it: so a dolly can ride beside a car. Away from the target it is a dolly out."""

    model_config = example(
        {"kind": "dolly-in", "name": "push", "start": [0, 1.5, 8], "end": [0, 1.4, 3], "look_at": [0, 1.3, 0]}
    )

    kind: Literal["dolly-in"] = "dolly-in"
    start: Point
    end: Point
    look_at: Point

    @model_validator(mode="after")
    def _stays_off_target(self) -> Self:
        refuse_close("look_at", self.look_at, self.start, self.end)
        return self

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        start, end = place(self.start, time_s, locate), place(self.end, time_s, locate)
        position = between(start, end, self.progress(time_s))
        return self.aimed(position, place(self.look_at, time_s, locate))


MOVE = DollyIn
