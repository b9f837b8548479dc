"""Dropping to the ground: onto the highest surface under a thing's footprint.

Surfaces are the world boxes of what the compiled scene draws, one a part: stairs have a box a step, an array
one an item. Of a sloping part the box is higher than the slope; what is dropped there stands at its top.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.math3d import translation_matrix
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted
from director.scene.edit.places import Matrix, world_place
from director.scene.edit.transform import carried_in_world
from director.scene.edit.tree import hanging, roots

__all__ = ["Boxes", "DropToGround", "boxes_of"]

Boxes = Mapping[str, NDArray[np.float64]]
"""Of each object, float64[parts, 2, 3]: the lowest and highest corner of its parts in the world, metres."""

# Things that merely touch do not stand on each other.
_TOUCH_M = 1e-4


def boxes_of(compiled: CompiledScene, time_s: float = 0.0) -> Boxes:
    """The boxes of everything that is drawn at a time; what is hidden has none."""
    state = compiled.at(time_s)
    found: dict[int, list[NDArray[np.float64]]] = {}
    for key, batch in state.batches.items():
        positions = state.meshes[key].positions
        low, high = positions.min(axis=0).astype(np.float64), positions.max(axis=0).astype(np.float64)
        world = batch.world_from_mesh.astype(np.float64)
        # A box turned by a matrix is held by one of these half extents about its turned middle.
        centres = world[:, :3, :3] @ ((low + high) / 2) + world[:, :3, 3]
        halves = np.abs(world[:, :3, :3]) @ ((high - low) / 2)
        for i, id_ in enumerate(batch.object_id):
            found.setdefault(int(id_), []).append(np.stack([centres[i] - halves[i], centres[i] + halves[i]]))
    return {thing.name: np.stack(found[thing.id]) for thing in state.objects if thing.id in found}


@dataclass(frozen=True, slots=True, eq=False)
class DropToGround(Edit):
    """Set things down on the highest surface under their footprint; on the ground, y 0, if there is none.

    A surface is under a thing where it is lower than the thing's middle: what has sunk in less than half way
    comes up, and a roof overhead is never climbed. The lowest are set down first, so that a pile stays one.
    """

    names: tuple[str, ...]
    boxes: Boxes
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"{counted('Drop', self.names)} to the ground"

    def apply(self, scene: Scene) -> Scene:
        boxes = dict(self.boxes)
        drops = []
        for placed in roots(scene, self.names):
            held = hanging(scene, [placed.name])
            parts = [boxes[name] for name in held if name in boxes]
            own = np.concatenate(parts) if parts else self._base(scene, placed.name)
            drops.append((float(own[:, 0, 1].min()), placed.name, held, own))
        motions: dict[str, Matrix] = {}
        for bottom, name, held, own in sorted(drops, key=lambda drop: (drop[0], drop[1])):
            others = [parts for other, parts in boxes.items() if other not in held]
            by = _ground_under(own, others) - bottom
            motions[name] = translation_matrix((0.0, by, 0.0))
            for moved in held:
                if moved in boxes:
                    boxes[moved] = boxes[moved] + (0.0, by, 0.0)
        return carried_in_world(scene, motions, self.time_s)

    def _base(self, scene: Scene, name: str) -> NDArray[np.float64]:
        # What is not drawn (an empty group) has its base alone.
        at = world_place(scene, name, self.time_s)[:3, 3]
        return np.stack([at - _TOUCH_M * 2, at + _TOUCH_M * 2])[None]


def _ground_under(own: NDArray[np.float64], others: list[NDArray[np.float64]]) -> float:
    if not others:
        return 0.0
    low, high = own[:, 0].min(axis=0), own[:, 1].max(axis=0)
    around = np.concatenate(others)
    over = np.ones(len(around), bool)
    for axis in (0, 2):
        over &= (around[:, 0, axis] < high[axis] - _TOUCH_M) & (around[:, 1, axis] > low[axis] + _TOUCH_M)
    tops = around[over, 1, 1]
    tops = tops[tops <= max((low[1] + high[1]) / 2, low[1] + _TOUCH_M)]
    return float(tops.max()) if len(tops) else 0.0
