"""What runs in a worker: one generator, loaded once, that draws what it is sent.

Director must be installed on the worker's machine. Versions are told first, in plain types: whatever else is
sent is of classes that another version may have otherwise.
"""

import os
import platform
import socket
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director import __version__
from director.errors import DirectorError
from director.generate import generator
from director.generate.mailbox import MOST_BEHIND
from director.generate.protocol import Generator, GeneratorIdentity, GeneratorSettings
from director.types import Conditioning, Direction

__all__ = ["Drawer", "Loaded", "Picture", "Refused"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """Ready to draw, on this machine by this process."""

    identity: GeneratorIdentity
    host: str
    pid: int


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """uint8[h, w, 3], and what GeneratedFrame tells of it. Where a generator works at several at a time, it
    is of what was asked so many `behind` ago."""

    image: NDArray[np.uint8]
    seconds: float
    not_understood: tuple[str, ...]
    behind: int
    heard: Direction | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The generator cannot be loaded, or cannot draw this one."""

    error: DirectorError


class Drawer:
    """Made an actor by `cluster`: Ray calls its methods one after another."""

    def __init__(self) -> None:
        self._backend: Generator | None = None
        self._recent: deque[Conditioning] = deque(maxlen=MOST_BEHIND + 1)
        self._shot: int | None = None

    def versions(self) -> dict[str, str]:
        """Of Director and Python, and the machine's name."""
        return {
            "director": __version__,
            "python": platform.python_version(),
            "host": socket.gethostname(),
        }

    def load(self, name: str, settings: GeneratorSettings) -> Loaded | Refused:
        """Load the generator; once."""
        # As in a process of its own: beside others on the same cores, threads must sleep while they wait.
        os.environ["GOMP_SPINCOUNT"] = "0"
        if settings.device.startswith("cuda"):
            # Of a machine's cards a worker sees its own alone, whichever it is by number.
            settings = replace(settings, device="cuda")
        try:
            backend = generator(name)(settings)
            backend.load(_unheard)
        except DirectorError as error:
            return Refused(error)
        self._backend = backend
        return Loaded(backend.identity, socket.gethostname(), os.getpid())

    def draw(self, asked: Conditioning, shot: int) -> Picture | Refused:
        """Draw one picture; a `shot` other than the one before begins without a history."""
        assert self._backend is not None, "not loaded"
        if self._shot is not None and shot != self._shot:
            self._backend.reset()
            self._recent.clear()
        self._shot = shot
        asked = replace(asked, maps={name: _own(array) for name, array in asked.maps.items()})
        self._recent.append(asked)
        try:
            frame = self._backend.generate(asked)
        except DirectorError as error:
            return Refused(error)
        behind = next(i for i, one in enumerate(reversed(self._recent)) if one is frame.conditioning)
        image = np.ascontiguousarray(frame.image, np.uint8)
        return Picture(image, frame.seconds, frame.not_understood, behind, frame.heard)


def _own(array: NDArray[Any]) -> NDArray[Any]:
    # What Ray hands over lies in memory that all see and none may write.
    return array.copy()


def _unheard(share: float, words: str) -> None:
    pass
