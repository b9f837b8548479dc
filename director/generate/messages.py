"""What a process runner and its generator's process say to each other. Arrays travel beside them, in
shared memory."""

from dataclasses import dataclass

from director.errors import DirectorError
from director.generate.protocol import GeneratorIdentity
from director.generate.shared_memory import Layout
from director.types import Direction, Lamp, SceneObject, Tick, Vector, View

__all__ = ["Answer", "Drawn", "Fell", "Loaded", "Loading", "Refused", "Request", "Stop"]


@dataclass(frozen=True, slots=True)
class Request:
    """Draw a picture. A new `epoch` means: forget history first. `objects` of None are those of the
    request before: thousands of them need not be sent every tick."""

    epoch: int
    maps_block: str
    layout: Layout
    picture_block: str
    tick: Tick
    view: View
    direction: Direction
    objects: tuple[SceneObject, ...] | None
    sun_direction: Vector
    lamps: tuple[Lamp, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """Close the generator and exit."""


@dataclass(frozen=True, slots=True)
class Loading:
    """How far loading is, 0..1."""

    share: float
    words: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Ready for requests."""

    identity: GeneratorIdentity


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture asked for, uint8[shape]: in the picture block, or in `spill` where it did not fit. One that
    works at several at a time answers the request that came so many `behind` ago. `words` are what it has to
    tell beside, `heard` the direction that it was drawn by, where that is another."""

    shape: tuple[int, ...]
    spill: bytes | None
    seconds: float
    not_understood: tuple[str, ...]
    behind: int = 0
    words: str = ""
    heard: Direction | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The generator cannot be loaded, or cannot draw this one."""

    error: DirectorError


@dataclass(frozen=True, slots=True)
class Fell:
    """Last words of a process that ends by a mistake in the program."""

    reason: str


Answer = Loading | Loaded | Drawn | Refused | Fell
