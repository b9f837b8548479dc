"""Arrays handed to another process through memory that both see.

One side owns a block: it makes it, replaces it by a larger one and unlinks it. The other side only looks
at it, so its death leaves nothing behind; should the owner be killed, Python's resource tracker unlinks.
"""

import contextlib
import sys
from collections.abc import Mapping, Sized
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Layout", "OwnedBlock", "SeenBlock"]

Layout = tuple[tuple[str, str, tuple[int, ...], int], ...]
"""For each array its name, numpy dtype, shape and offset in bytes."""

_ALIGNMENT = 64


class OwnedBlock:
    """Shared memory that this process made and will unlink."""

    def __init__(self, size: int) -> None:
        self._memory = SharedMemory(create=True, size=max(1, size))

    @property
    def name(self) -> str:
        """By which the other process finds it; changes when the block grows."""
        return self._memory.name

    @property
    def size(self) -> int:
        """Bytes."""
        return self._memory.size

    def grow(self, size: int) -> None:
        """Replace the block by one of at least `size` bytes if it is smaller; its content is lost."""
        if size > self._memory.size:
            larger = SharedMemory(create=True, size=size)
            self.close()
            self._memory = larger

    def write(self, arrays: Mapping[str, NDArray[Any]]) -> Layout:
        """Copy arrays in, growing where needed, and say where each lies."""
        entries: list[tuple[str, str, tuple[int, ...], int]] = []
        end = 0
        for name, array in arrays.items():
            entries.append((name, array.dtype.str, array.shape, end))
            end += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
        self.grow(end)
        for (_, dtype, shape, offset), array in zip(entries, arrays.values(), strict=True):
            np.copyto(np.ndarray(shape, dtype, self._memory.buf, offset), array)
        return tuple(entries)

    def read(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """uint8[shape]: a copy of what lies at its start."""
        return np.ndarray(shape, np.uint8, self._memory.buf).copy()

    def close(self) -> None:
        """Let go of it and unlink it; idempotent."""
        self._memory.close()
        # A second close, or someone swept /dev/shm.
        with contextlib.suppress(FileNotFoundError):
            self._memory.unlink()


class SeenBlock:
    """Another process's block, attached by name and attached anew when the name changes."""

    def __init__(self) -> None:
        self._memory: SharedMemory | None = None

    def attach(self, name: str) -> None:
        """Look at the block of this name from now on."""
        if self._memory is not None and self._memory.name == name:
            return
        self.close()
        self._memory = _attach(name)

    def read(self, layout: Layout) -> dict[str, NDArray[Any]]:
        """The arrays, copied: the owner will write the next ones over them."""
        assert self._memory is not None
        return {
            name: np.ndarray(shape, dtype, self._memory.buf, offset).copy()
            for name, dtype, shape, offset in layout
        }

    def write(self, array: NDArray[np.uint8]) -> bool:
        """Copy an array to the start of the block; False where it does not fit."""
        assert self._memory is not None
        if array.nbytes > self._memory.size:
            return False
        np.copyto(np.ndarray(array.shape, np.uint8, self._memory.buf), array)
        return True

    def close(self) -> None:
        """Let go of it; the block stays."""
        if self._memory is not None:
            self._memory.close()
            self._memory = None


def _attach(name: str) -> SharedMemory:
    if sys.version_info >= (3, 13):
        return SharedMemory(name, track=False)
    # Before 3.13 attaching registers the block with the resource tracker as if this process had made it;
    # registered after its owner unlinked it, it would be reported as leaked when the program ends.
    register = resource_tracker.register
    resource_tracker.register = _not_mine
    try:
        return SharedMemory(name)
    finally:
        resource_tracker.register = register


def _not_mine(name: Sized, rtype: str) -> None:
    pass
