"""Hold: the camera stands on its tripod and, if its target moves, pans with it."""

from typing import Literal, Self

from pydantic import model_validator

from director.camera.move import Move, example, refuse_close
from director.camera.points import Locate, Point, place
from director.types import CameraState

__all__ = ["MOVE", "Hold"]


class Hold(Move):
    """Stands at `position` and looks at `look_at`."""

    model_config = example(
        {
            "kind": "hold",
            "name": "lock-off",
            "position": [0, 1.6, 5],
            "look_at": {"object": "woman", "offset": [0, 1.4, 0]},
        }
    )

    kind: Literal["hold"] = "hold"
    position: Point
    look_at: Point

    @model_validator(mode="after")
    def _has_direction(self) -> Self:
        refuse_close("look_at", self.look_at, self.position, self.position)
        return self

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        return self.aimed(place(self.position, time_s, locate), place(self.look_at, time_s, locate))


MOVE = Hold
