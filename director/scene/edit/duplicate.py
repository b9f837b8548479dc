"""Duplicates: one with an offset, or rows of them; with all that hangs on what is copied."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from director.math3d import inverse_rigid, translation_matrix
from director.scene.document import Group, Scene
from director.scene.edit.edit import Edit, counted, rebuilt, refused, with_fields
from director.scene.edit.places import carried, parent_place
from director.scene.edit.references import renamed
from director.scene.edit.tree import fresh_name, hanging, names_used, roots
from director.scene.proxy import Placed
from director.types import Vector

__all__ = ["Duplicate", "DuplicateInRows"]

_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Duplicate(Edit):
    """A copy of each thing and of what hangs on it, `offset_m` away along the world's axes. Copies refer to
    each other as their models do, and are not locked."""

    names: tuple[str, ...]
    offset_m: Vector = (0.0, 0.0, 0.0)
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Duplicate", self.names)

    def apply(self, scene: Scene) -> Scene:
        return _copied(scene, self.names, [self.offset_m], self.time_s)


@dataclass(frozen=True, slots=True)
class DuplicateInRows(Edit):
    """Copies in a grid of `counts` along the world's axes, `spacing_m` apart (negative: the other way); the
    thing itself is the first of them."""

    names: tuple[str, ...]
    counts: tuple[int, int, int]
    spacing_m: Vector
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"{counted('Duplicate', self.names)} × {' × '.join(str(count) for count in self.counts)}"

    def apply(self, scene: Scene) -> Scene:
        if min(self.counts) < 1:
            raise refused(
                scene, f"{self.counts} are no counts of rows", field="counts", mend="count from 1 up"
            )
        total = (self.counts[0] * self.counts[1] * self.counts[2] - 1) * len(hanging(scene, self.names))
        if total > _MOST:
            raise refused(
                scene,
                f"that would be {total} more objects; the most at once is {_MOST}",
                field="counts",
                mend="make fewer, or an array proxy, which holds thousands as one object",
            )
        x, y, z = self.spacing_m
        grid = product(range(self.counts[0]), range(self.counts[1]), range(self.counts[2]))
        offsets = [(i * x, j * y, k * z) for i, j, k in grid if (i, j, k) != (0, 0, 0)]
        return _copied(scene, self.names, offsets, self.time_s)


def _copied(scene: Scene, names: tuple[str, ...], offsets: Iterable[Vector], time_s: float) -> Scene:
    tops = {placed.name for placed in roots(scene, names)}
    chosen = set(hanging(scene, names))
    originals = [placed for _, placed in scene.placed() if placed.name in chosen]
    above = {
        placed.name: parent_place(scene, placed.parent, time_s) for placed in originals if placed.name in tops
    }
    taken = names_used(scene)
    counted_names: dict[str, int] = {}
    groups: list[Placed] = []
    objects: list[Placed] = []
    for offset in offsets:
        new_names: dict[str, str] = {}
        for placed in originals:
            new_names[placed.name] = fresh_name(placed.name, taken, counted_names)
            taken.add(new_names[placed.name])
        for placed in originals:
            fields: dict[str, Any] = {"name": new_names[placed.name], "locked": False}
            if placed.name in tops:
                local = inverse_rigid(above[placed.name])[:3, :3] @ np.asarray(offset)
                fields |= carried(placed, translation_matrix(local))
            copy = renamed(with_fields(scene, placed, fields), new_names)
            (groups if isinstance(placed, Group) else objects).append(copy)
    changes: dict[str, object] = {}
    if groups:
        changes["groups"] = (*scene.groups, *groups)
    if objects:
        changes["objects"] = (*scene.objects, *objects)
    return rebuilt(scene, changes) if changes else scene
