"""A scene at one time, ready for drawing: what `scene` hands to `passes`.

Instances are grouped by mesh, because OpenGL 3.3 draws one mesh many times in one call.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh
from director.types import Lamp, SceneObject, Vector

__all__ = ["InstanceBatch", "SceneState"]


@dataclass(frozen=True, slots=True, eq=False)
class InstanceBatch:
    """All instances of one mesh at one time.

    An object may own several (the parts of a mannequin): they share its id, and `object_from_mesh`
    carries each part's vertices to the object's rest pose, so that what sticks to the anchor moves
    with the limb.

    object_id         uint16[n]
    world_from_mesh   float32[n, 4, 4]
    object_from_mesh  float32[n, 4, 4]  object space in metres (scale included), rest pose
    colour            float32[n, 3]     sRGB 0..1
    """

    object_id: NDArray[np.uint16]
    world_from_mesh: NDArray[np.float32]
    object_from_mesh: NDArray[np.float32]
    colour: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class SceneState:
    """A scene at `time_s`.

    The order of instances within a batch is the same at every time of one compiled scene, so that the
    batch of the previous tick gives each instance's previous transform. `objects[i].id == i + 1`.
    `world_from_object` is float32[len(objects), 4, 4], without scale.
    `sun_direction` is the unit vector towards the sun. `owners`, intp[len(objects)], ascending, are the ids
    of the objects that these are pieces of, where a scene is drawn finished; None where each is its own.
    """

    time_s: float
    meshes: Mapping[str, Mesh]
    batches: Mapping[str, InstanceBatch]
    objects: tuple[SceneObject, ...]
    world_from_object: NDArray[np.float32]
    sun_direction: Vector
    lamps: tuple[Lamp, ...]
    owners: NDArray[np.intp] | None = None
