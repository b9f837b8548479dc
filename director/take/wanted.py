"""What a picture of a take is drawn from."""

from dataclasses import dataclass

from director.types import CameraState, Direction, Tick

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to be generated at (width, height). `begins` says that it follows from nothing before it."""

    tick: Tick
    camera: CameraState
    direction: Direction
    size: tuple[int, int]
    begins: bool
