"""What stands around a camera: subjects that it may follow, and the boxes that it may meet."""

import math

import numpy as np
from numpy.typing import NDArray

from director.camera.box import Box, distance_m
from director.camera.subject import Subject, Subjects
from director.math3d import quaternion_from_euler
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import Quaternion, Vector

__all__ = ["Surroundings"]

_GROUP_HEIGHT_M = 1.7
_REACH_M = 6.0
# A camera this deep in something is in its hollow, not in its wall.
_WITHIN_M = 0.02


class Surroundings:
    """Of one scene, at the time that was asked for last."""

    def __init__(self, scene: CompiledScene) -> None:
        self.scene = scene
        self._heights = {thing.name: thing.size_m[1] for thing in scene.objects}
        self._names = frozenset((*self._heights, *(group.name for group in scene.scene.groups)))
        self._time_s = math.nan
        self._centres: NDArray[np.float64] = np.empty((0, 3))
        self._halves: NDArray[np.float64] = np.empty((0, 3))
        self._axes: NDArray[np.float64] = np.empty((0, 3, 3))

    @property
    def names(self) -> frozenset[str]:
        """Of every object and group."""
        return self._names

    def subjects(self, names: frozenset[str], time_s: float) -> Subjects:
        """Those of these names that are in the scene, at a time."""
        found: dict[str, Subject] = {}
        for name in sorted(names & self._names):
            position, heading = self.scene.locate(name, time_s)
            found[name] = Subject(position, heading, self._heights.get(name, _GROUP_HEIGHT_M))
        return found

    def boxes(self, at: Vector, time_s: float) -> tuple[Box, ...]:
        """The boxes of the parts near a place; what the place is within is left out: a room is no wall."""
        if time_s != self._time_s:
            self._measure(self.scene.at(time_s))
            self._time_s = time_s
        apart = np.linalg.norm(self._centres - at, axis=1) - np.linalg.norm(self._halves, axis=1)
        boxes: list[Box] = []
        for i in np.flatnonzero(apart < _REACH_M):
            x, y, z = (float(value) for value in self._centres[i])
            a, b, c = (float(value) for value in self._halves[i])
            box = Box((x, y, z), (a, b, c), _turn_of(self._axes[i]))
            if distance_m(at, box) > -_WITHIN_M:
                boxes.append(box)
        return tuple(boxes)

    def _measure(self, state: SceneState) -> None:
        centres, halves, axes = [np.empty((0, 3))], [np.empty((0, 3))], [np.empty((0, 3, 3))]
        for key, batch in state.batches.items():
            positions = state.meshes[key].positions
            low, high = positions.min(axis=0).astype(np.float64), positions.max(axis=0).astype(np.float64)
            matrices = batch.world_from_mesh.astype(np.float64)
            scales = np.maximum(np.linalg.norm(matrices[:, :3, :3], axis=1), 1e-9)
            centres.append(matrices[:, :3, :3] @ ((low + high) / 2) + matrices[:, :3, 3])
            halves.append(scales * (high - low) / 2)
            axes.append(matrices[:, :3, :3] / scales[:, None, :])
        self._centres, self._halves = np.concatenate(centres), np.concatenate(halves)
        self._axes = np.concatenate(axes)


def _turn_of(axes: NDArray[np.float64]) -> Quaternion:
    """The orientation of a box whose axes are the columns; a mirrored box is the same box turned."""
    if np.linalg.det(axes) < 0:
        axes = axes * (1.0, 1.0, -1.0)
    sine = -float(axes[1, 2])
    pitch = math.asin(max(-1.0, min(1.0, sine)))
    if abs(sine) < 1 - 1e-9:
        yaw, roll = math.atan2(axes[0, 2], axes[2, 2]), math.atan2(axes[1, 0], axes[1, 1])
    else:
        yaw, roll = math.atan2(-axes[2, 0], axes[0, 0]), 0.0
    return quaternion_from_euler(yaw, pitch, roll)
