"""The boxes about things as they stand at a time, to be drawn over the picture; computed once a time."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from director.scene.compile import CompiledScene
from director.scene.edit.tree import hanging
from director.scene.state import SceneState

__all__ = ["EDGES", "Outlines", "box_corners", "clipped_line"]

Points = NDArray[np.float64]

EDGES = ((0, 1), (1, 3), (3, 2), (2, 0), (4, 5), (5, 7), (7, 6), (6, 4), (0, 4), (1, 5), (2, 6), (3, 7))
"""Pairs of `box_corners` that edges join."""

_MOST = 400


def box_corners(low: Points, high: Points) -> Points:
    """float64[8, 3] of two opposite corners, x slowest and z fastest."""
    ends = np.stack([low, high])
    return np.array([[ends[i, 0], ends[j, 1], ends[k, 2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)])


def clipped_line(a: Points, b: Points, nearest: float = 1e-3) -> tuple[Points, Points] | None:
    """What of a line between two points in clip space, float64[4], lies before the camera; None if none."""
    if a[3] < nearest and b[3] < nearest:
        return None
    if a[3] < nearest or b[3] < nearest:
        share = (nearest - a[3]) / (b[3] - a[3])
        cut = a + share * (b - a)
        return (cut, b) if a[3] < nearest else (a, cut)
    return a, b


class Outlines:
    """Boxes float64[8, 3] in the world, along each object's own axes and about what is drawn of it: also of a
    figure that lies or waves. About a group and what hangs on it, along the world's axes."""

    def __init__(self) -> None:
        self._of: tuple[object, float] = (None, 0.0)
        self._ids: dict[str, int] = {}
        self._ids_of: object = None
        self._boxes: dict[str, Points | None] = {}
        self._state: SceneState | None = None

    def of(self, compiled: CompiledScene, time_s: float, names: Iterable[str]) -> Mapping[str, Points]:
        """The boxes of these; what is hidden, empty or gone has none."""
        if self._of[0] is not compiled or self._of[1] != time_s:
            self._of, self._boxes, self._state = (compiled, time_s), {}, None
        for name in list(names)[:_MOST]:
            if name not in self._boxes:
                self._boxes[name] = self._box(compiled, time_s, name)
        return {name: box for name in names if (box := self._boxes.get(name)) is not None}

    def _box(self, compiled: CompiledScene, time_s: float, name: str) -> Points | None:
        if self._state is None:
            self._state = compiled.at(time_s)
        if self._ids_of is not compiled:
            self._ids_of = compiled
            self._ids = {thing.name: thing.id for thing in compiled.objects}
        ids = self._ids
        own = self._own(ids[name]) if name in ids else None
        if own is not None or name in ids:
            return own
        if name not in {group.name for group in compiled.scene.groups}:
            return None
        held = [self._own(ids[it]) for it in hanging(compiled.scene, [name]) if it in ids]
        corners = [box for box in held if box is not None]
        if not corners:
            return None
        whole = np.concatenate(corners)
        return box_corners(whole.min(axis=0), whole.max(axis=0))

    def _own(self, id_: int) -> Points | None:
        assert self._state is not None
        world = self._state.world_from_object[id_ - 1].astype(np.float64)
        low, high = np.full(3, np.inf), np.full(3, -np.inf)
        for key, batch in self._state.batches.items():
            rows = np.flatnonzero(batch.object_id == id_)
            if not len(rows):
                continue
            positions = self._state.meshes[key].positions
            ends = box_corners(
                positions.min(axis=0).astype(np.float64), positions.max(axis=0).astype(np.float64)
            )
            parts = batch.world_from_mesh[rows].astype(np.float64)
            corners = ends @ parts[:, :3, :3].transpose(0, 2, 1) + parts[:, None, :3, 3]
            inside = (corners - world[:3, 3]) @ world[:3, :3]
            low, high = np.minimum(low, inside.min(axis=(0, 1))), np.maximum(high, inside.max(axis=(0, 1)))
        if not np.isfinite(low).all():
            return None
        return np.asarray(box_corners(low, high) @ world[:3, :3].T + world[:3, 3], np.float64)
