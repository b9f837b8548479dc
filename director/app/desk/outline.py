"""The boxes about things as they stand at a time, drawn over the picture; of what stands still once."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from director.scene.compile import CompiledScene
from director.scene.edit.tree import hanging
from director.scene.mesh import Mesh
from director.scene.state import SceneState

__all__ = ["EDGES", "Outlines", "box_corners", "clipped_lines"]

Points = NDArray[np.float64]

EDGES = ((0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (2, 6), (3, 7))
"""Pairs of `box_corners` that edges join."""

_MOST = 400
_HIGH = np.array([[i, j, k] for i in (0, 1) for j in (0, 1) for k in (0, 1)], bool)


def box_corners(low: Points, high: Points) -> Points:
    """float64[…, 8, 3] of two opposite corners, float64[…, 3] each; x slowest and z fastest."""
    return np.where(_HIGH, high[..., None, :], low[..., None, :])


def clipped_lines(a: Points, b: Points, nearest: float = 1e-3) -> tuple[Points, Points]:
    """What of lines between points in clip space, float64[n, 4] each, lies before the camera; lines of which
    nothing does are left out."""
    kept = (a[:, 3] >= nearest) | (b[:, 3] >= nearest)
    a, b = a[kept], b[kept]
    along = b - a
    # Of a line that lies before the camera all through nothing is cut, whatever this gives.
    share = (nearest - a[:, 3]) / np.where(along[:, 3] == 0, 1.0, along[:, 3])
    cut = a + share[:, None] * along
    return np.where(a[:, 3:] < nearest, cut, a), np.where(b[:, 3:] < nearest, cut, b)


class Outlines:
    """Boxes float64[8, 3] in the world, along each object's own axes and about what is drawn of it: also of a
    figure that lies or waves. About a group and what hangs on it, along the world's axes."""

    def __init__(self) -> None:
        self._compiled: CompiledScene | None = None
        self._state: SceneState | None = None
        self._ids: dict[str, int] = {}
        self._groups: frozenset[str] = frozenset()
        self._held: dict[str, tuple[int, ...]] = {}
        self._ends: dict[str, tuple[Mesh, Points]] = {}
        self._stood: tuple[object, ...] = ()
        self._names: tuple[str, ...] = ()
        self._boxes: Mapping[str, Points] = {}

    def of(self, compiled: CompiledScene, time_s: float, names: Iterable[str]) -> Mapping[str, Points]:
        """The boxes of these; what is hidden, empty or gone has none."""
        names = tuple(names)[:_MOST]
        if compiled is not self._compiled:
            self._compiled, self._state, self._held = compiled, None, {}
            self._ids = {thing.name: thing.id for thing in compiled.objects}
            self._groups = frozenset(group.name for group in compiled.scene.groups)
        if self._state is None or self._state.time_s != time_s:
            self._state = compiled.at(time_s)
        # What stands still is the same array at every time.
        state = self._state
        stood = (state.world_from_object, *(batch.world_from_mesh for batch in state.batches.values()))
        is_same = len(stood) == len(self._stood) and all(
            now is before for now, before in zip(stood, self._stood, strict=True)
        )
        if not is_same or names != self._names:
            self._stood, self._names = stood, names
            self._boxes = self._found(compiled, state, names)
        return self._boxes

    def _found(
        self, compiled: CompiledScene, state: SceneState, names: tuple[str, ...]
    ) -> Mapping[str, Points]:
        held = {name: self._held_by(compiled, name) for name in names}
        wanted = np.zeros(len(state.objects) + 1, bool)
        wanted[np.array([id_ for ids in held.values() for id_ in ids], np.intp)] = True
        corners = self._corners(state, wanted)
        is_drawn = np.asarray(np.isfinite(corners).all(axis=(1, 2)), bool)
        boxes: dict[str, Points] = {}
        for name, ids in held.items():
            drawn = [id_ for id_ in ids if is_drawn[id_]]
            if not drawn:
                continue
            if name in self._ids:
                boxes[name] = corners[drawn[0]]
            else:
                boxes[name] = box_corners(corners[drawn].min(axis=(0, 1)), corners[drawn].max(axis=(0, 1)))
        return boxes

    def _held_by(self, compiled: CompiledScene, name: str) -> tuple[int, ...]:
        # The ids of what a box goes about.
        if name in self._ids:
            return (self._ids[name],)
        if name not in self._groups:
            return ()
        if name not in self._held:
            below = hanging(compiled.scene, [name])
            self._held[name] = tuple(self._ids[it] for it in below if it in self._ids)
        return self._held[name]

    def _corners(self, state: SceneState, wanted: NDArray[np.bool_]) -> Points:
        """float64[ids, 8, 3] of the wanted objects' own boxes in the world, by id; others' are not finite."""
        low, high = np.full((len(wanted), 3), np.inf), np.full((len(wanted), 3), -np.inf)
        world = np.concatenate([np.eye(4)[None], state.world_from_object.astype(np.float64)])
        turn, place = world[:, :3, :3], world[:, None, :3, 3]
        for key, batch in state.batches.items():
            rows = np.flatnonzero(wanted[batch.object_id])
            if not len(rows):
                continue
            ids = batch.object_id[rows]
            parts = batch.world_from_mesh[rows].astype(np.float64)
            ends = self._ends_of(key, state.meshes[key])
            corners = ends @ parts[:, :3, :3].transpose(0, 2, 1) + parts[:, None, :3, 3]
            inside = (corners - place[ids]) @ turn[ids]
            np.minimum.at(low, ids, inside.min(axis=1))
            np.maximum.at(high, ids, inside.max(axis=1))
        made = np.full((len(wanted), 8, 3), np.inf)
        drawn = np.flatnonzero(np.isfinite(low).all(axis=1))
        own = box_corners(low[drawn], high[drawn])
        made[drawn] = own @ turn[drawn].transpose(0, 2, 1) + place[drawn]
        return made

    def _ends_of(self, key: str, mesh: Mesh) -> Points:
        known = self._ends.get(key)
        if known is None or known[0] is not mesh:
            low, high = (find(mesh.positions, axis=0).astype(np.float64) for find in (np.min, np.max))
            self._ends[key] = known = (mesh, box_corners(low, high))
        return known[1]
