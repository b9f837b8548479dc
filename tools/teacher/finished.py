"""A whole scene finished: every proxy run through its finisher once, then placed for any time.

A finished scene is drawn as one list of triangles in the world. What a pixel shows is numbered by *rows*: a
row is one stuff of one object. What sticks to surfaces (patterns, panes) is hashed from the object's own id
and space, so that it lies where the passes have it that the network reads (scene/finish/finished.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL
from director.generate.embedded.stuffs import STUFFS
from director.scene.compile import CompiledScene
from director.scene.finish import Finish, finishers
from director.scene.finish.forms import moved
from director.scene.finish.making import made_of
from director.scene.finish.stuff import stuff_index
from director.scene.finish.variants import variants
from director.scene.mesh import Mesh
from director.scene.proxy import Part
from director.scene.state import SceneState
from director.types import SceneObject

__all__ = ["PIECE_ROW", "FinishedScene", "FinishedState", "Occluders", "Row", "unfinished"]

PIECE_ROW = len(MATERIAL) + 2
"""Numbers a row: its material, 1 for a person, and the stuff's index (−1 on what is not finished)."""

# Cells in which occluders' vertices are joined, and how many bits tell a cell along an axis.
_CELL_M = 0.1
_CELL_MASK = (1 << 16) - 1
_OWN = stuff_index("own")
_BODY = frozenset(stuff_index(name) for name in ("skin", "hair", "lips"))
_LEAVES = frozenset(stuff_index(name) for name in ("leaf", "leaf shade"))
_TRIMS = frozenset(
    stuff_index(name)
    for name in ("light trim", "dark trim", "gloss paint", "glass", "iron", "brass", "steel", "chrome")
)
_PANE = stuff_index("pane")
_WINDOWS, _LIT = MATERIAL.index("windows"), MATERIAL.index("lit")
_BANDS = slice(MATERIAL.index("brick"), MATERIAL.index("lit") + 1)
_ROUGH = {"gloss": 0.25, "metal": 0.0, "emission": 0.0, "wear": 0.0}


@dataclass(frozen=True, slots=True)
class Row:
    """One stuff of one object: `owner` is the object's place in the scene, `stuff` that in STUFFS.
    `finished` tells whether a finisher made it, `has_panes` whether the object's windows are built."""

    owner: int
    stuff: int
    finished: bool = True
    has_panes: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Occluders:
    """The same triangles with what lies closer than a few centimetres drawn together: far fewer, for light
    that comes from all over.

    positions  float32[v, 3]  world, metres
    triangles  uint32[t, 3]
    chunks     intp[c, 3]     as those of the finished state, in the same order
    """

    positions: NDArray[np.float32]
    triangles: NDArray[np.uint32]
    chunks: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class FinishedState:
    """A finished scene at one time.

    positions  float32[v, 3]   world, metres
    normals    float32[v, 3]   world
    anchors    float32[v, 3]   the object's own space at rest, metres
    ids        uint32[v]       row + 1
    triangles  uint32[t, 3]
    chunks     intp[c, 3]      first triangle, end, row of what lies together
    spheres    float32[c, 4]   world: centre and radius of what holds each chunk
    state      the scene with a "object" for each row: the owner's name, size and place; no meshes
    """

    positions: NDArray[np.float32]
    normals: NDArray[np.float32]
    anchors: NDArray[np.float32]
    ids: NDArray[np.uint32]
    triangles: NDArray[np.uint32]
    chunks: NDArray[np.intp]
    spheres: NDArray[np.float32]
    rows: tuple[Row, ...]
    state: SceneState
    occluders: Occluders

    @property
    def owners(self) -> NDArray[np.intp]:
        """intp[rows]: the object each row belongs to, counted from 0."""
        return np.array([row.owner for row in self.rows], np.intp)

    @property
    def stuffs(self) -> NDArray[np.uint8]:
        """uint8[rows]: the place of each row's stuff in STUFFS."""
        return np.array([row.stuff for row in self.rows], np.uint8)

    def within(self, planes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """bool[c]: the chunks whose spheres touch the inside of every plane, float64[n, 4]: normals inwards,
        of unit length."""
        centres, radii = self.spheres[:, :3], self.spheres[:, 3]
        # float32 rounding of far-off centres must not cut away what shows: a millimetre, and a thousandth.
        slack = radii * np.float32(1.001) + np.float32(1e-3) + np.abs(centres).sum(axis=1) * np.float32(1e-6)
        inside = np.ones(len(centres), np.bool_)
        for plane in planes.astype(np.float32):
            inside &= centres @ plane[:3] + plane[3] >= -slack
        return inside

    def piece_rows(self, materials: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32[rows, PIECE_ROW] from the objects' rows float32[objects, ROW]."""
        made = np.empty((len(self.rows), PIECE_ROW), np.float32)
        for values, row in zip(made, self.rows, strict=True):
            own = materials[row.owner]
            if row.stuff == _PANE:
                # Blind where the material has no windows: the shader mixes glass into the object's own.
                values[:-1] = own
            else:
                values[:-1] = STUFFS[row.stuff].row(own)
                if row.stuff in _BODY:
                    # A person's material is what is worn.
                    values[_BANDS] = 0.0
                    for name, value in _ROUGH.items():
                        values[MATERIAL.index(name)] = value
                if row.has_panes:
                    values[_WINDOWS] = values[_LIT] = 0.0
            values[-1] = row.stuff if row.finished else -1.0
        return made


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """A mesh in its object's space at rest that moves as one: with the object, or with a part of it."""

    mesh: Mesh
    row: int
    owner: int
    part: int | None

    @property
    def sphere(self) -> NDArray[np.float64]:
        """float64[4]: centre in the object's space at rest, and radius."""
        return np.append(self.mesh.centre, self.mesh.radius).astype(np.float64)


class FinishedScene:
    """A compiled scene with all its things finished. The work is done once; `at` is quick."""

    def __init__(
        self, scene: CompiledScene, families: Mapping[str, Finish] | None = None, seed: int = 0
    ) -> None:
        """`families` are the finishers to use; all there are if None. The seed is that of the direction: it
        deals the variants that a network is told of too."""
        families = finishers() if families is None else families
        dealt = variants(len(scene.scene.objects), seed)
        self._rest: list[tuple[Part, ...]] = []
        # Of each object's part: the mesh it is an instance of, and which of its instances it is.
        self._instances: list[list[tuple[str, int]]] = []
        counts: dict[str, int] = {}
        rows: list[Row] = []
        chunks: list[_Chunk] = []
        for i, proxy in enumerate(scene.scene.objects):
            parts = proxy.parts()
            self._rest.append(parts)
            mine = []
            for part in parts:
                mine.append((part.mesh_key, counts.get(part.mesh_key, 0)))
                counts[part.mesh_key] = counts.get(part.mesh_key, 0) + 1
            self._instances.append(mine)
            groups, finished = made_of(proxy, parts, int(dealt[i]), families)
            stuffs = list(dict.fromkeys(stuff for stuff, _ in groups))
            has_panes = _PANE in stuffs
            first = len(rows)
            rows += [Row(i, stuff, finished, has_panes) for stuff in stuffs]
            chunks += [
                _Chunk(mesh, first + stuffs.index(stuff), i, part)
                for (stuff, part), mesh in groups.items()
                if len(mesh.triangles)
            ]
        self._rows = tuple(rows)
        self._chunks = chunks
        sizes = [len(chunk.mesh.positions) for chunk in chunks]
        starts = np.cumsum([0, *sizes])
        self._slices = [slice(a, a + n) for a, n in zip(starts, sizes, strict=False)]
        self._anchors = _stacked([chunk.mesh.positions for chunk in chunks], np.float32)
        self._rest_normals = _stacked([chunk.mesh.normals for chunk in chunks], np.float32)
        self._triangles = _stacked(
            [chunk.mesh.triangles + np.uint32(a) for chunk, a in zip(chunks, starts, strict=False)], np.uint32
        )
        self._ids = np.repeat(
            np.array([chunk.row + 1 for chunk in chunks], np.uint32), np.array(sizes, np.intp)
        )
        ends = np.cumsum([0, *(len(chunk.mesh.triangles) for chunk in chunks)])
        self._ranges = np.stack(
            [ends[:-1], ends[1:], np.array([chunk.row for chunk in chunks], np.intp)], 1
        ).astype(np.intp)
        porous = np.array([rows[chunk.row].stuff in _LEAVES for chunk in chunks], np.bool_)
        fine = np.array([_is_trim(rows[chunk.row], scene.objects[chunk.owner]) for chunk in chunks], np.bool_)
        self._coarse = _Coarse(self._anchors, self._triangles, self._slices, self._ranges, porous, fine)
        self._spheres = np.array([chunk.sphere for chunk in chunks], np.float64).reshape(-1, 4)

    def at(self, state: SceneState) -> FinishedState:
        """The finished scene where a state of its compiled scene has everything."""
        positions = np.empty_like(self._anchors)
        normals = np.empty_like(self._anchors)
        spheres = self._spheres.astype(np.float32)
        coarse = np.empty_like(self._coarse.anchors)
        for i, (chunk, where) in enumerate(zip(self._chunks, self._slices, strict=True)):
            matrix = self._world_from_rest(chunk, state).astype(np.float32)
            spheres[i, :3] = matrix[:3, :3] @ spheres[i, :3] + matrix[:3, 3]
            positions[where] = self._anchors[where] @ matrix[:3, :3].T + matrix[:3, 3]
            normals[where] = self._rest_normals[where] @ matrix[:3, :3].T
            near = self._coarse.slices[i]
            coarse[near] = self._coarse.anchors[near] @ matrix[:3, :3].T + matrix[:3, 3]
        return FinishedState(
            positions,
            normals,
            self._anchors,
            self._ids,
            self._triangles,
            self._ranges,
            spheres,
            self._rows,
            _row_state(state, self._rows),
            Occluders(coarse, self._coarse.triangles, self._coarse.chunks),
        )

    def _world_from_rest(self, chunk: _Chunk, state: SceneState) -> NDArray[np.float64]:
        if chunk.part is None:
            return np.asarray(state.world_from_object[chunk.owner], np.float64)
        key, place = self._instances[chunk.owner][chunk.part]
        rest = self._rest[chunk.owner][chunk.part].object_from_mesh
        world = np.asarray(state.batches[key].world_from_mesh[place], np.float64)
        return np.asarray(world @ np.linalg.inv(rest), np.float64)


class _Coarse:
    """Vertices of each chunk joined in cells of a few centimetres, and the triangles that outlive it."""

    def __init__(
        self,
        anchors: NDArray[np.float32],
        triangles: NDArray[np.uint32],
        slices: Sequence[slice],
        ranges: NDArray[np.intp],
        porous: NDArray[np.bool_],
        fine: NDArray[np.bool_],
    ) -> None:
        lengths = ranges[:, 1] - ranges[:, 0]
        # Every other leaf does for a crown's shade; leaves are cards of two triangles.
        thinned = np.repeat(porous, lengths) & (np.arange(len(triangles)) // 2 % 2 == 1)
        thinned |= np.repeat(fine, lengths)
        chunk = np.repeat(np.arange(len(slices)), [s.stop - s.start for s in slices])
        cells = np.floor(anchors / _CELL_M).astype(np.int64) & _CELL_MASK
        key = ((chunk * (_CELL_MASK + 1) + cells[:, 0]) * (_CELL_MASK + 1) + cells[:, 1]) * (_CELL_MASK + 1)
        _, first, joined = np.unique(key + cells[:, 2], return_index=True, return_inverse=True)
        joined = joined.reshape(-1)
        counts = np.maximum(np.bincount(joined), 1)[:, None]
        sums = np.stack([np.bincount(joined, anchors[:, k]) for k in range(3)], 1)
        self.anchors = (sums / counts).astype(np.float32)
        # Sorted by chunk, because the chunk leads the key.
        edges = np.searchsorted(chunk[first], np.arange(len(slices) + 1))
        self.slices = [slice(int(a), int(b)) for a, b in pairwise(edges)]
        a, b, c = joined[triangles].T if len(triangles) else np.zeros((3, 0), np.intp)
        kept = (a != b) & (b != c) & (c != a) & ~thinned
        # The two sides of a thin board have become one.
        order = np.sort(np.stack([a, b, c], 1)[kept].astype(np.int64), axis=1)
        _, one = np.unique((order[:, 0] << 42) + (order[:, 1] << 21) + order[:, 2], return_index=True)
        whole = np.flatnonzero(kept)[one]
        kept[:] = False
        kept[whole] = True
        self.triangles = np.stack([a, b, c], 1)[kept].astype(np.uint32)
        before = np.append(0, np.cumsum(kept))
        self.chunks = np.stack([before[ranges[:, 0]], before[ranges[:, 1]], ranges[:, 2]], 1).astype(np.intp)


def _is_trim(row: Row, item: SceneObject) -> bool:
    """Whether something is too fine, on a thing so large, to keep light of the sky from anywhere."""
    return row.stuff in _TRIMS and max(item.size_m) > 4.0 and item.size_m[1] > 2.4


def unfinished(state: SceneState) -> FinishedState:
    """The rough proxies themselves, as a finished scene has its pieces."""
    positions, normals, anchors, ids, triangles, ranges, spheres = [], [], [], [], [], [], []
    vertices = count = 0
    for key, batch in state.batches.items():
        mesh = state.meshes[key]
        for i, (world, rest) in enumerate(zip(batch.world_from_mesh, batch.object_from_mesh, strict=True)):
            placed = moved(mesh, world)
            positions.append(placed.positions)
            normals.append(placed.normals)
            anchors.append(mesh.positions @ rest[:3, :3].T + rest[:3, 3])
            ids.append(np.full(len(mesh.positions), batch.object_id[i], np.uint32))
            triangles.append(placed.triangles + np.uint32(vertices))
            ranges.append((count, count + len(mesh.triangles), int(batch.object_id[i]) - 1))
            spheres.append(np.append(placed.centre, placed.radius))
            vertices += len(mesh.positions)
            count += len(mesh.triangles)
    rows = tuple(Row(i, _OWN, False) for i in range(len(state.objects)))
    chunks = np.array(ranges, np.intp).reshape(-1, 3)
    occluders = Occluders(_stacked(positions, np.float32), _stacked(triangles, np.uint32), chunks)
    return FinishedState(
        occluders.positions,
        _stacked(normals, np.float32),
        _stacked(anchors, np.float32),
        np.concatenate([np.zeros(0, np.uint32), *ids]),
        occluders.triangles,
        chunks,
        np.array(spheres, np.float32).reshape(-1, 4),
        rows,
        _row_state(state, rows),
        occluders,
    )


def _row_state(state: SceneState, rows: Sequence[Row]) -> SceneState:
    owned = [state.objects[row.owner] for row in rows]
    return SceneState(
        time_s=state.time_s,
        meshes={},
        batches={},
        objects=tuple(
            SceneObject(i + 1, item.name, item.class_name, item.prompt, item.colour, item.size_m)
            for i, item in enumerate(owned)
        ),
        world_from_object=state.world_from_object[[row.owner for row in rows]],
        sun_direction=state.sun_direction,
        lamps=state.lamps,
    )


def _stacked(arrays: Sequence[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros((0, 3), kind), *arrays]).astype(kind, copy=False)
