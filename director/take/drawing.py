"""How a generator is to draw for a take: settled before it is loaded, the same wherever work is not live."""

import os
from dataclasses import dataclass, replace

from director.generate import generator
from director.generate.protocol import Generator, GeneratorSettings, Independent

__all__ = ["Drawing", "cores", "drawing_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """`backend` is not loaded; `settings` are its own, with the threads pinned. `map_size` (width, height) is
    what it draws at, `maps` what is read back for it to be drawn again. Where it `is_independent` a picture
    follows from its conditioning alone."""

    name: str
    backend: Generator
    settings: GeneratorSettings
    map_size: tuple[int, int]
    maps: frozenset[str]
    is_independent: bool


def drawing_of(name: str, settings: GeneratorSettings, size: tuple[int, int]) -> Drawing:
    """For pictures of (width, height). Raises UsageError."""
    backend = generator(name)(settings)
    is_independent = isinstance(backend, Independent) and backend.independent
    if settings.threads == 0:
        # Threads are pinned: sums over a picture depend on how it is shared out.
        settings = replace(settings, threads=1 if is_independent else cores())
        backend = generator(name)(settings)
    maps = backend.maps | {"depth", "object"}
    return Drawing(name, backend, settings, backend.size_for(*size), maps, is_independent)


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
