"""The maps that are drawn only when a generator asks for them: one file a map, each defines `MAP`."""

import importlib
import pkgutil
from functools import cache
from typing import ClassVar, Protocol, runtime_checkable

import moderngl
import numpy as np

from director.direction.seeds import Seeds, seeds_of
from director.errors import UsageError
from director.passes.gbuffer import GBuffer
from director.scene.state import SceneState
from director.types import Direction, View

__all__ = ["BetweenSeeds", "DemandMap", "draw_map", "map_class", "map_names"]


class DemandMap(Protocol):
    """A map drawn from the G-buffer's targets, of the same size as they.

    `reads` names the targets (or further maps) it samples. The texture's bytes are seen by a generator as
    `dtype`, the first `channels` of each pixel (one channel: no last axis).
    """

    name: ClassVar[str]
    reads: ClassVar[frozenset[str]]
    channels: ClassVar[int]
    dtype: ClassVar[type[np.generic]]

    @property
    def texture(self) -> moderngl.Texture: ...

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None: ...

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn of this state and view. Its uniform block View
        (binding 0) is still bound; OpenGL state is to be set, not trusted."""

    def release(self) -> None: ...


@runtime_checkable
class BetweenSeeds(Protocol):
    """A map that depends on the seed, and can be drawn on the way from one to another."""

    def draw_between(self, gbuffer: GBuffer, state: SceneState, view: View, seeds: Seeds) -> None:
        """As `DemandMap.draw`, with `seeds` for a seed."""


def draw_map(drawn: DemandMap, gbuffer: GBuffer, state: SceneState, view: View, direction: Direction) -> None:
    """Draw a map by the seed of a direction; by those that it leaves too, where the seed changes."""
    seeds = seeds_of(direction)
    if len(seeds) > 1 and isinstance(drawn, BetweenSeeds):
        drawn.draw_between(gbuffer, state, view, seeds)
    else:
        drawn.draw(gbuffer, state, view, direction.seed)


@cache
def _found() -> dict[str, type[DemandMap]]:
    maps: dict[str, type[DemandMap]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        found: type[DemandMap] = importlib.import_module(f"{__name__}.{module.name}").MAP
        maps[found.name] = found
    return maps


def map_names() -> list[str]:
    """The names of all maps on demand."""
    return sorted(_found())


def map_class(name: str) -> type[DemandMap]:
    """The map of this name. Raises UsageError that lists those there are."""
    if name not in _found():
        raise UsageError(f"there is no map named {name!r}", mend=f"the maps are {', '.join(map_names())}")
    return _found()[name]
