"""Bringing textures back to numpy: at once, or some ticks later without ever waiting for the GPU."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.context import release_framebuffer

__all__ = ["Readback", "Source"]

_DTYPES = {
    "f1": np.uint8,
    "f2": np.float16,
    "f4": np.float32,
    "u1": np.uint8,
    "u2": np.uint16,
    "u4": np.uint32,
}


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A texture to read, and how its bytes are to be seen: as `dtype`, the first `channels` of a pixel.

    With one channel the array has no last axis. Channels left out are still read: the array is a view.
    """

    texture: moderngl.Texture
    channels: int
    dtype: type[np.generic]


class Readback:
    """Reads a set of textures. With a ring of one, `finish` gives what `start` has just read; with a ring
    of n it gives what was started n − 1 starts ago, by when the GPU has long been done."""

    def __init__(self, context: moderngl.Context, sources: Mapping[str, Source], ring: int = 1) -> None:
        """Raises ValueError for a ring shorter than one."""
        if ring < 1:
            raise ValueError(f"a ring of {ring} holds nothing")
        self.ring = ring
        self._sources = dict(sources)
        self._offsets: dict[str, int] = {}
        self._framebuffers: dict[str, moderngl.Framebuffer] = {}
        size = 0
        for name, source in self._sources.items():
            self._offsets[name] = size
            # Whole cache lines, so that every array is aligned to its type.
            size += -(-_byte_count(source.texture) // 64) * 64
            self._framebuffers[name] = context.framebuffer([source.texture])
        self._size = max(size, 1)
        # The first of a ring is read into memory straight away and needs no buffer.
        self._buffers = [
            context.buffer(reserve=self._size, dynamic=True) for _ in range(ring if ring > 1 else 0)
        ]
        self._next = 0
        self._waiting: deque[moderngl.Buffer | NDArray[np.uint8]] = deque()

    def start(self) -> None:
        """Begin to read what the textures hold now. With a full ring, `finish` must have been called."""
        if len(self._waiting) >= self.ring:
            raise RuntimeError(f"a ring of {self.ring} is full: finish before the next start")
        if self.ring == 1:
            memory = np.empty(self._size, np.uint8)
            self._read(memory)
            self._waiting.append(memory)
        else:
            buffer = self._buffers[self._next]
            self._next = (self._next + 1) % self.ring
            self._read(buffer)
            self._waiting.append(buffer)

    @property
    def is_ready(self) -> bool:
        """Whether the ring is full, so that `finish` gives the oldest without waiting."""
        return len(self._waiting) == self.ring

    @property
    def pending(self) -> int:
        """How many have been started and not finished."""
        return len(self._waiting)

    def finish(self) -> dict[str, NDArray[Any]]:
        """The oldest started, as arrays of its own memory, rows top-first. Raises RuntimeError if nothing
        was started."""
        if not self._waiting:
            raise RuntimeError("nothing has been started")
        held = self._waiting.popleft()
        if isinstance(held, np.ndarray):
            memory = held
        else:
            memory = np.empty(self._size, np.uint8)
            held.read_into(memory)
        return {name: self._array(name, memory) for name in self._sources}

    def forget(self) -> None:
        """Drop what was started."""
        self._waiting.clear()

    def release(self) -> None:
        """Free buffers; the textures belong to the caller."""
        for buffer in self._buffers:
            buffer.release()
        for framebuffer in self._framebuffers.values():
            release_framebuffer(framebuffer)

    def _read(self, into: moderngl.Buffer | NDArray[np.uint8]) -> None:
        for name, source in self._sources.items():
            texture = source.texture
            self._framebuffers[name].read_into(
                into,
                components=texture.components,
                alignment=1,
                dtype=texture.dtype,
                write_offset=self._offsets[name],
            )

    def _array(self, name: str, memory: NDArray[np.uint8]) -> NDArray[Any]:
        source = self._sources[name]
        texture = source.texture
        width, height = texture.size
        begin = self._offsets[name]
        raw = memory[begin : begin + _byte_count(texture)]
        pixels: NDArray[Any] = raw.view(source.dtype).reshape(height, width, -1)
        return pixels[..., 0] if source.channels == 1 else pixels[..., : source.channels]


def _byte_count(texture: moderngl.Texture) -> int:
    width, height = texture.size
    return int(width * height * texture.components * np.dtype(_DTYPES[texture.dtype]).itemsize)
