"""A solved shot as a camera move that stands still, for whatever draws moves."""

from typing import Literal

from director.camera.move import Move
from director.camera.points import Locate
from director.types import CameraState

__all__ = ["FramedMove"]


class FramedMove(Move):
    """Holds one camera, whatever moves. No kind of scene files: it is made from a solved shot."""

    kind: Literal["framed"] = "framed"
    camera: CameraState

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        return self.camera
