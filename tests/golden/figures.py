"""A human figure put into a test scene: the real proxy's parts, as a compiled scene has them."""

from typing import Any

import numpy as np

from director.math3d import compose, quaternion_from_euler
from director.scene.proxies.mannequin import Mannequin
from director.scene.state import InstanceBatch, SceneState
from director.types import SceneObject, Vector
from tests.golden.blocking_sets import TestSet

__all__ = ["with_figure"]


class _WithFigure(TestSet):
    __test__ = False

    def __init__(self, of: TestSet, figure: Mannequin, place: Vector, yaw: float) -> None:
        super().__init__(of.things, of.lamps, of.sun)
        self._of = of
        self._figure, self._world = figure, compose(place, quaternion_from_euler(yaw, 0.0, 0.0), (1, 1, 1))
        self.id = len(of.objects) + 1
        self.objects = (
            *of.objects,
            SceneObject(self.id, "figure", "person", "", (0.6, 0.3, 0.3), figure.size_m),
        )

    def at(self, time_s: float) -> SceneState:
        state = self._of.at(time_s)
        parts, posed = self._figure.parts(), self._figure.pose()
        meshes, batches = dict(state.meshes), dict(state.batches)
        grouped: dict[str, list[int]] = {}
        for i, part in enumerate(parts):
            grouped.setdefault(part.mesh_key, []).append(i)
            meshes[part.mesh_key] = part.mesh
        for key, rows in grouped.items():
            rest = np.array([parts[i].object_from_mesh for i in rows])
            now = rest if posed is None else posed[rows]
            own = (
                np.full(len(rows), self.id, np.uint16),
                np.asarray(self._world @ now, np.float32),
                np.asarray(rest, np.float32),
                np.array([parts[i].colour for i in rows], np.float32),
            )
            if key in batches:
                there = batches[key]
                before = (there.object_id, there.world_from_mesh, there.object_from_mesh, there.colour)
                joined: Any = [np.concatenate(pair) for pair in zip(before, own, strict=True)]  # type: ignore[arg-type]
                batches[key] = InstanceBatch(*joined)
            else:
                batches[key] = InstanceBatch(*own)
        world = np.concatenate([state.world_from_object, np.asarray(self._world, np.float32)[None]])
        return SceneState(
            state.time_s, meshes, batches, self.objects, world, state.sun_direction, state.lamps
        )


def with_figure(of: TestSet, place: Vector, yaw: float = 0.0, **said: Any) -> _WithFigure:
    """The scene with a figure that stands at a place, as its last object (`id`), facing +Z turned by `yaw`;
    what is `said` are the proxy's own fields."""
    figure = Mannequin.model_validate({"name": "figure", "class": "person", "position": [0, 0, 0], **said})
    return _WithFigure(of, figure, place, yaw)
