"""Coarser triangles for what is seen from afar: a mesh's vertices joined in cells, level by level.

J. Rossignac and P. Borrel, "Multi-resolution 3D approximations for rendering complex scenes", 1993: of all
vertices in a cell one stands for the rest, and triangles that lose a corner are left out. The vertices stay
where they are, so that a level is only another list of triangles.
"""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh
from director.scene.solid import call_solid, is_solid

__all__ = ["Level", "levels_of", "share_levels", "tiles"]

_CELLS_M: Final = (0.012, 0.02, 0.035, 0.07, 0.15, 0.4, 1.0, 2.5)
# A level that keeps more than this share of the one before it is not worth its memory.
_WORTH: Final = 0.75
_FEWEST: Final = 24
# What is larger, with so many triangles, is cut into tiles about so large: near ones can then be fine while
# far ones are coarse.
_LARGE_M, _MANY, _TILE_M, _TILES_ALONG = 20.0, 6000, 12.0, 3
# What is tested beside the cell: faces turned by more than about a right angle stay apart.
_TURNS: Final = 3


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """Triangles uint32[t, 3] of the mesh's own vertices, good where a pixel covers `cell_m` or more."""

    cell_m: float
    triangles: NDArray[np.uint32]


_known: WeakKeyDictionary[Mesh, tuple[Level, ...]] = WeakKeyDictionary()


def levels_of(mesh: Mesh) -> tuple[Level, ...]:
    """From fine to coarse; the first is the mesh as it is, with a cell of 0. Worked out once a mesh."""
    found = _known.get(mesh)
    if found is None:
        found = _known[mesh] = _made(mesh)
    return found


def share_levels(mesh: Mesh, known: Mesh) -> None:
    """Tell that a mesh is another in a new shape, with the very same triangles: it is as solid, and what was
    joined in one is joined in the other."""
    _known[mesh] = levels_of(known)
    if is_solid(known):
        call_solid(mesh)


def _made(mesh: Mesh) -> tuple[Level, ...]:
    levels = [Level(0.0, np.ascontiguousarray(mesh.triangles, np.uint32))]
    turned = np.round(mesh.normals * (_TURNS / 2)).astype(np.int64) + _TURNS
    facing = (turned[:, 0] * 8 + turned[:, 1]) * 8 + turned[:, 2]
    for cell_m in _CELLS_M:
        before = levels[-1].triangles
        if len(before) < _FEWEST:
            break
        # From the level before: what was joined stays joined, and there is less to do.
        used, inverse = np.unique(before, return_inverse=True)
        corners = inverse.reshape(-1, 3)
        cells = np.floor(mesh.positions[used] / cell_m).astype(np.int64) & 0xFFFF
        key = (((cells[:, 0] << 16 | cells[:, 1]) << 16 | cells[:, 2]) << 9) | facing[used]
        _, first, joined = np.unique(key, return_index=True, return_inverse=True)
        place = joined.reshape(-1)[corners]
        # Corners at one place but of two faces are one corner: of the triangle nothing is left.
        spot = np.unique(key >> 9, return_inverse=True)[1].reshape(-1)[corners].astype(np.int64)
        a, b, c = spot.T
        kept = np.flatnonzero((a != b) & (b != c) & (c != a))
        # Of triangles that now lie upon each other, facing the same way, one is enough.
        spot = spot[kept]
        lowest = spot.argmin(1)[:, None]
        a, b, c = (np.take_along_axis(spot, (lowest + k) % 3, 1)[:, 0] for k in range(3))
        kept = kept[np.unique((a << 42) | (b << 21) | c, return_index=True)[1]]
        if len(kept) > _WORTH * len(before):
            continue
        levels.append(Level(cell_m, used[first][place[np.sort(kept)]].astype(np.uint32)))
    return tuple(levels)


def tiles(mesh: Mesh) -> tuple[Mesh, ...]:
    """A mesh in pieces, if it is large and fine enough for that to pay: by where its triangles lie."""
    low, high = mesh.positions.min(0), mesh.positions.max(0)
    reach = float((high - low).max())
    if reach < _LARGE_M or len(mesh.triangles) < _MANY:
        return (mesh,)
    side = max(_TILE_M, reach / _TILES_ALONG)
    middles = mesh.positions[mesh.triangles].mean(1)
    cells = np.floor((middles - low) / side).astype(np.int64)
    key = (cells[:, 0] << 20 | cells[:, 1]) << 20 | cells[:, 2]
    made = []
    for cell in np.unique(key):
        chosen = mesh.triangles[key == cell]
        used, inverse = np.unique(chosen, return_inverse=True)
        tile = Mesh(
            np.ascontiguousarray(mesh.positions[used]),
            np.ascontiguousarray(mesh.normals[used]),
            inverse.reshape(-1, 3).astype(np.uint32),
        )
        if is_solid(mesh):
            call_solid(tile)
        made.append(tile)
    return tuple(made)
