"""What the camera can ride along scene time."""

from typing import Protocol

from director.camera.points import Locate
from director.types import CameraState

__all__ = ["Ridden"]


class Ridden(Protocol):
    """A move of the scene, a shot, a pass that is recorded again."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def duration_s(self) -> float:
        """How long it takes."""

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        """The camera at a scene time."""
