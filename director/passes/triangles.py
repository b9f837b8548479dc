"""A geometry's triangles as plain arrays, for what draws them without OpenGL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from director.passes.geometry import Geometry
from director.passes.instances import levels_shown
from director.scene.bent import rest_of
from director.scene.mesh import Mesh

__all__ = ["BLOCK", "Shown", "TrianglePool", "pool_of", "shown_of"]

BLOCK: Final = 64
"""Triangles of a block; what a level of detail leaves of its last one is filled with triangles of no size."""
_BLOCK_FLOATS: Final = 9 * BLOCK
_FEWEST: Final = 256
# So many blocks of triangles are one thread's at a time.
_BLOCKS_AT_ONCE: Final = 8


class _Level:
    """Where a level of detail lies in the pool, and of which mesh the corners are."""

    def __init__(self, first_block: int, blocks: int) -> None:
        self.first_block, self.blocks = first_block, blocks
        self.mesh: Mesh | None = None


class _Packed:
    """Where the vertices of a mesh lie, and of which the normals are: of it, or of it bent."""

    def __init__(self, first_vertex: int, mesh: Mesh) -> None:
        self.first_vertex, self.mesh = first_vertex, mesh
        self.levels: dict[int, _Level] = {}


class TrianglePool:
    """Whatever was shown of a geometry so far, each mesh and each of its levels once.

    blocks    float32[n · 9 · BLOCK]: of each block first corners, second and third; of each x, y and z
    corners   uint32[n · BLOCK, 3]: each triangle's vertices
    vertices  float32[v, 6]: place where nothing bends the mesh, and normal
    """

    def __init__(self) -> None:
        self._layout = 0
        self._clear()

    def tidy(self, geometry: Geometry) -> None:
        """Let go of meshes that a geometry no longer has, where they are more than half of all: whatever
        `find` has told before is then no longer so."""
        if self._layout == geometry.layout:
            return
        self._layout = geometry.layout
        kept = {rest_of(mesh) for mesh in geometry.meshes}
        blocks = sum(level.blocks for mesh in kept & self._packed.keys() for level in self._levels(mesh))
        if 2 * blocks < self._blocks:
            self._clear()

    def find(self, mesh: Mesh, lists: Sequence[NDArray[np.uint32]], level: int) -> tuple[int, int]:
        """The first block of a level of a mesh, and how many there are; `lists` has each level's triangles,
        uint32[t, 3]."""
        rest = rest_of(mesh)
        packed = self._packed.get(rest)
        if packed is None:
            packed = self._packed[rest] = self._pack(rest, mesh)
        elif packed.mesh is not mesh:
            first = packed.first_vertex
            self.vertices[first : first + len(mesh.normals), 3:] = mesh.normals
            packed.mesh = mesh
        found = packed.levels.get(level)
        if found is None:
            found = packed.levels[level] = self._lay(lists[level], packed.first_vertex)
        if found.mesh is not mesh:
            self._place(found, mesh, packed.first_vertex)
            found.mesh = mesh
        return found.first_block, found.blocks

    def _clear(self) -> None:
        self._packed: dict[Mesh, _Packed] = {}
        self._blocks = self._vertices = 0
        self.blocks = np.empty(0, np.float32)
        self.corners = np.empty((0, 3), np.uint32)
        self.vertices = np.empty((0, 6), np.float32)

    def _levels(self, mesh: Mesh) -> list[_Level]:
        return list(self._packed[mesh].levels.values())

    def _pack(self, rest: Mesh, mesh: Mesh) -> _Packed:
        first, self._vertices = self._vertices, self._vertices + len(rest.positions)
        self.vertices = _grown(self.vertices, first, self._vertices)
        self.vertices[first : self._vertices, :3] = rest.positions
        self.vertices[first : self._vertices, 3:] = mesh.normals
        return _Packed(first, mesh)

    def _lay(self, triangles: NDArray[np.uint32], first_vertex: int) -> _Level:
        level = _Level(self._blocks, -(-len(triangles) // BLOCK))
        first, self._blocks = self._blocks, self._blocks + level.blocks
        self.blocks = _grown(self.blocks, first * _BLOCK_FLOATS, self._blocks * _BLOCK_FLOATS)
        self.corners = _grown(self.corners, first * BLOCK, self._blocks * BLOCK)
        # Three times the same vertex is a triangle of no size.
        laid = self.corners[first * BLOCK : self._blocks * BLOCK]
        laid[:] = first_vertex
        laid[: len(triangles)] += triangles
        return level

    def _place(self, level: _Level, mesh: Mesh, first_vertex: int) -> None:
        first, last = level.first_block, level.first_block + level.blocks
        positions = mesh.positions[self.corners[first * BLOCK : last * BLOCK] - np.uint32(first_vertex)]
        blocks = self.blocks[first * _BLOCK_FLOATS : last * _BLOCK_FLOATS].reshape(-1, 9, BLOCK)
        blocks[:] = positions.reshape(-1, BLOCK, 9).transpose(0, 2, 1)


def _grown(array: NDArray[Any], used: int, needed: int) -> NDArray[Any]:
    """The array, or a copy of what is used of it with room for what is needed and as much again."""
    if needed <= len(array):
        return array
    larger = np.empty((max(2 * needed, _FEWEST), *array.shape[1:]), array.dtype)
    larger[:used] = array[:used]
    return larger


_pools: WeakKeyDictionary[Geometry, TrianglePool] = WeakKeyDictionary()


def pool_of(geometry: Geometry) -> TrianglePool:
    """The one of a geometry, for all who draw it."""
    found = _pools.get(geometry)
    if found is None:
        found = _pools[geometry] = TrianglePool()
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is drawn of a geometry: the rows of its instances, int64[i], of each its mesh, int64[i], and its
    triangles in runs, int64[r, 4]: whose they are (of these instances), their first block in the pool, how
    many, and where the first may be kept, if none before is left out; `triangles` is how many there are."""

    instances: NDArray[np.int64]
    meshes: NDArray[np.int64]
    runs: NDArray[np.int64]
    triangles: int


def shown_of(geometry: Geometry, seen: NDArray[np.bool_], pixels_m: NDArray[np.float32] | None) -> Shown:
    """The instances that are `seen`, bool[n], each mesh as finely as `levels_shown` says of these pixels."""
    pool = pool_of(geometry)
    pool.tidy(geometry)
    levels = levels_shown(geometry, seen, pixels_m)
    drawn = [mesh for mesh, level in enumerate(levels) if level >= 0]
    bent, buffers = geometry.meshes, geometry.buffers
    found = [pool.find(bent[mesh], buffers[mesh].triangles, levels[mesh]) for mesh in drawn]
    instances = np.flatnonzero(seen)
    starts = np.array([where.start for where in geometry.slices], np.int64)
    meshes = np.searchsorted(starts, instances, "right") - 1
    places = np.array(found, np.int64).reshape(-1, 2)[np.searchsorted(drawn, meshes)]
    return Shown(instances, meshes, _runs(places), int(places[:, 1].sum()) * BLOCK)


def _runs(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The runs of each one's first block and number of blocks, int64[i, 2]."""
    first, blocks = places[:, 0], places[:, 1]
    runs = -(-blocks // _BLOCKS_AT_ONCE)
    item = np.repeat(np.arange(len(places)), runs)
    before = _BLOCKS_AT_ONCE * (np.arange(len(item)) - np.repeat(np.cumsum(runs) - runs, runs))
    here = np.minimum(blocks[item] - before, _BLOCKS_AT_ONCE)
    return np.stack([item, first[item] + before, here, (np.cumsum(here) - here) * BLOCK], 1)
