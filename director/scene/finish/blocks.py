"""Many boxes at once: what facades, fences and flights of stairs are piled up from.

A building is a few hundred boxes; written one by one they would take longer than the picture. Here corners
come as arrays that numpy spreads against each other, and one mesh a stuff comes out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from director.scene import shapes
from director.scene.finish.forms import merged
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.scene.proxies.array import Array
from director.scene.proxies.box import Box
from director.scene.proxies.cone import Cone
from director.scene.proxies.cylinder import Cylinder
from director.scene.proxies.sphere import Sphere
from director.scene.proxy import Proxy

__all__ = ["Face", "Floats", "Pile", "blocks", "each_item", "faces", "large_faces", "placed", "tiled"]

Floats = NDArray[Any]


def blocks(low: ArrayLike, high: ArrayLike) -> Mesh:
    """One mesh of closed boxes with hard edges between corners [n, 3]."""
    low_, high_ = np.broadcast_arrays(np.asarray(low, np.float64), np.asarray(high, np.float64))
    least, size = np.minimum(low_, high_), np.maximum(np.abs(high_ - low_), 1e-4)
    unit = shapes.box()
    corners = unit.positions + np.array([0.5, 0.0, 0.5])
    count = len(least)
    positions = corners[None] * size[:, None] + least[:, None]
    starts = np.arange(count, dtype=np.uint32) * len(corners)
    return Mesh(
        np.ascontiguousarray(positions.reshape(-1, 3), np.float32),
        np.tile(unit.normals, (count, 1)),
        np.ascontiguousarray((unit.triangles[None] + starts[:, None, None]).reshape(-1, 3), np.uint32),
    )


def tiled(mesh: Mesh, offsets: ArrayLike) -> Mesh:
    """The mesh once at each of the offsets [n, 3]."""
    places = np.asarray(offsets, np.float64).reshape(-1, 3)
    count, size = len(places), len(mesh.positions)
    starts = np.arange(count, dtype=np.uint32) * np.uint32(size)
    return Mesh(
        np.ascontiguousarray((mesh.positions[None] + places[:, None]).reshape(-1, 3), np.float32),
        np.tile(mesh.normals, (count, 1)),
        np.ascontiguousarray((mesh.triangles[None] + starts[:, None, None]).reshape(-1, 3), np.uint32),
    )


@dataclass(frozen=True, slots=True)
class Face:
    """One upright face of a box about the origin: `u` runs along it (as x or z grow), `v` up, `w` out of
    it (0 on the face, negative inside)."""

    along_x: bool
    sign: float
    wide: float
    high: float
    reach: float  # from the middle of the box to the face

    def corners(
        self, u0: ArrayLike, u1: ArrayLike, v0: ArrayLike, v1: ArrayLike, w0: ArrayLike, w1: ArrayLike
    ) -> tuple[Floats, Floats]:
        """Lowest and highest corners [n, 3] in object space of boxes given by arrays that broadcast."""
        a0, a1, b0, b1, c0, c1 = (
            np.asarray(x, np.float64).ravel() for x in np.broadcast_arrays(u0, u1, v0, v1, w0, w1)
        )
        far = [self.sign * (self.reach + c) for c in (c0, c1)]
        ends = [
            np.stack([a, b, c] if self.along_x else [c, b, a], 1)
            for a, b, c in ((a0, b0, far[0]), (a1, b1, far[1]))
        ]
        return np.minimum(*ends), np.maximum(*ends)

    def points(self, uvw: ArrayLike) -> Floats:
        """float64[n, 3]: points given along, up and out of the face, in object space."""
        u, v, w = np.asarray(uvw, np.float64).reshape(-1, 3).T
        out = self.sign * (self.reach + w)
        return np.stack([u, v, out] if self.along_x else [out, v, u], 1)


def faces(size: Sequence[float]) -> tuple[Face, Face, Face, Face]:
    """The four upright faces of a box of a size: +z, −z, +x, −x."""
    x, y, z = (float(v) for v in size)
    return (
        Face(True, 1.0, x, y, z / 2),
        Face(True, -1.0, x, y, z / 2),
        Face(False, 1.0, z, y, x / 2),
        Face(False, -1.0, z, y, x / 2),
    )


def large_faces(size: Sequence[float]) -> tuple[Face, Face]:
    """The two large upright faces of a box that is thin."""
    front, back, right, left = faces(size)
    return (front, back) if size[0] >= size[2] else (right, left)


class Pile:
    """Boxes and meshes heaped up by stuff, to be merged once at the end."""

    def __init__(self) -> None:
        self._lows: dict[str, list[Floats]] = {}
        self._highs: dict[str, list[Floats]] = {}
        self._meshes: dict[str, list[Mesh]] = {}

    def box(self, stuff: str, low: ArrayLike, high: ArrayLike) -> None:
        """Boxes between corners [3] or [n, 3]."""
        low_, high_ = np.broadcast_arrays(np.asarray(low, np.float64), np.asarray(high, np.float64))
        self._lows.setdefault(stuff, []).append(low_.reshape(-1, 3))
        self._highs.setdefault(stuff, []).append(high_.reshape(-1, 3))

    def on(
        self,
        face: Face,
        stuff: str,
        u: tuple[ArrayLike, ArrayLike],
        v: tuple[ArrayLike, ArrayLike],
        w: tuple[ArrayLike, ArrayLike],
    ) -> None:
        """Boxes on a face: from and to along it, up, and out of it; arrays are broadcast."""
        low, high = face.corners(u[0], u[1], v[0], v[1], w[0], w[1])
        if len(low):
            self.box(stuff, low, high)

    def add(self, stuff: str, *meshes: Mesh) -> None:
        self._meshes.setdefault(stuff, []).extend(meshes)

    def pieces(self) -> list[Piece]:
        """One piece a stuff, in the order in which the stuffs were first used; boxes before meshes."""
        made = []
        for stuff in dict.fromkeys([*self._lows, *self._meshes]):
            meshes = list(self._meshes.get(stuff, []))
            if stuff in self._lows:
                boxes = blocks(np.concatenate(self._lows[stuff]), np.concatenate(self._highs[stuff]))
                meshes.insert(0, boxes)
            made.append(Piece(merged(meshes), stuff))
        return made


def placed(pieces: Sequence[Piece], offsets: ArrayLike) -> list[Piece]:
    """The same pieces at each of the offsets [n, 3]."""
    return [Piece(tiled(piece.mesh, offsets), piece.stuff, piece.part) for piece in pieces]


_KINDS: dict[str, type[Proxy]] = {"box": Box, "sphere": Sphere, "cylinder": Cylinder, "cone": Cone}


@lru_cache(256)
def _item_proxy(shape: str, size: tuple[float, float, float]) -> Proxy:
    return _KINDS[shape].model_validate({"name": "item", "class": "box", "size": size})


def each_item(
    thing: Thing, finish: Callable[[Thing], Sequence[Piece] | None], most_triangles: int = 12_000
) -> list[Piece] | None:
    """An array's items, each finished as a thing of its own; items of one size are alike. None where the
    thing is no array, where an item is to stay as it is, or where they would be too many triangles."""
    if not isinstance(thing.proxy, Array):
        return None
    by_size: dict[tuple[float, float, float], list[Floats]] = {}
    for part in thing.parts:
        matrix = np.asarray(part.object_from_mesh, np.float64)
        size = tuple(round(float(matrix[k, k]), 4) for k in range(3))
        by_size.setdefault((size[0], size[1], size[2]), []).append(matrix[:3, 3])
    made: list[Piece] = []
    for i, (size, offsets) in enumerate(by_size.items()):
        item = Thing(_item_proxy(thing.proxy.shape, size), thing.class_name, size, thing.seed + i, ())
        pieces = finish(item)
        if not pieces:
            return None
        most_triangles -= len(offsets) * sum(len(piece.mesh.triangles) for piece in pieces)
        if most_triangles < 0:
            return None
        made += placed(pieces, np.array(offsets))
    by_stuff: dict[str, list[Mesh]] = {}
    for piece in made:
        by_stuff.setdefault(piece.stuff, []).append(piece.mesh)
    return [Piece(merged(meshes), stuff) for stuff, meshes in by_stuff.items()]
