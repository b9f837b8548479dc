"""Who and what stands where at a time: landmarks of mannequins from their posed parts, boxes of the rest."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from director.camera.setups.body import Blocking, Body, Box, body_of_box
from director.camera.setups.obstacles import NO_OBSTACLES, Obstacles
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import Vector

__all__ = ["blocking_at", "box_of", "landmarks"]

Matrices = NDArray[np.float64]

_FIGURE = "mannequin/"
_LEAST_SIDE_M = 0.01

# Landmark → part of the figure and the place in its space, shares of the height (the rings of figure_body).
_ON_PARTS: Mapping[str, tuple[str, Vector]] = MappingProxyType(
    {
        "top_of_head": ("head", (0.0, 0.138, -0.008)),
        "eyes": ("head", (0.0, 0.068, 0.052)),
        "chin": ("head", (0.0, 0.002, 0.034)),
        # The outside of the upper arms, at the joint.
        "shoulder_left": ("upper_arm_l", (0.032, 0.010, 0.0)),
        "shoulder_right": ("upper_arm_r", (-0.032, 0.010, 0.0)),
        # The breastbone between the armpits and the nipples.
        "chest": ("chest", (0.0, 0.062, 0.050)),
        "waist": ("waist", (0.0, 0.020, 0.020)),
        "hips": ("hips", (0.0, -0.015, 0.010)),
    }
)
# The furthest points of the figure: crown, elbows, fingertips, heels and toes.
_OUTLINE: tuple[tuple[str, Vector], ...] = (
    ("head", (0.0, 0.140, -0.008)),
    *((f"forearm_{side}", (0.0, 0.010, -0.024)) for side in "lr"),
    *((f"hand_{side}", (0.0, -0.106, 0.006)) for side in "lr"),
    *((f"foot_{side}", (0.0, -0.046, along)) for side in "lr" for along in (-0.040, 0.114)),
)
# Midway between left and right: part and place.
_IN_PAIRS: Mapping[str, tuple[str, Vector]] = MappingProxyType(
    {
        "mid_thigh": ("thigh", (0.0, -0.117, 0.0)),
        "knees": ("calf", (0.0, 0.0, 0.02)),
        "ankles": ("foot", (0.0, 0.0, 0.0)),
    }
)


def landmarks(compiled: CompiledScene, name: str, time_s: float) -> Body:
    """An object's landmarks at a time, in its pose; of what is no figure, from its box.

    Raises UsageError for a name that no object has.
    """
    state = compiled.at(time_s)
    index = _index(state, name)
    body = _figure(state, index)
    return body_of_box(_box(state, index)) if body is None else body


def box_of(compiled: CompiledScene, name: str, time_s: float) -> Box:
    """An object's box at a time; of a figure, one that holds it as it is posed. Raises UsageError."""
    state = compiled.at(time_s)
    index = _index(state, name)
    body = _figure(state, index)
    return _box(state, index) if body is None else _around(body)


def blocking_at(compiled: CompiledScene, time_s: float) -> Blocking:
    """Every figure and every box of a scene at a time; what is hidden is left out."""
    state = compiled.at(time_s)
    drawn = {int(number) for batch in state.batches.values() for number in batch.object_id}
    bodies: dict[str, Body] = {}
    boxes: dict[str, Box] = {}
    for index, thing in enumerate(state.objects):
        if thing.id not in drawn:
            continue
        body = _figure(state, index)
        if body is None:
            boxes[thing.name] = _box(state, index)
        else:
            bodies[thing.name] = body
            boxes[thing.name] = _around(body)
    return Blocking(MappingProxyType(bodies), MappingProxyType(boxes), _obstacles(state))


def _obstacles(state: SceneState) -> Obstacles:
    """The box of every part that is drawn, so that one can look through a window and between posts."""
    owners: list[str] = []
    centres, half_sizes, axes = [], [], []
    for key, batch in state.batches.items():
        positions = state.meshes[key].positions.astype(np.float64)
        low, high = positions.min(axis=0), positions.max(axis=0)
        matrices = batch.world_from_mesh.astype(np.float64)
        scales = np.maximum(np.linalg.norm(matrices[:, :3, :3], axis=1), 1e-9)
        owners += [state.objects[number - 1].name for number in batch.object_id]
        centres.append(matrices[:, :3, :3] @ ((low + high) / 2) + matrices[:, :3, 3])
        half_sizes.append(scales * (high - low) / 2)
        axes.append((matrices[:, :3, :3] / scales[:, None, :]).transpose(0, 2, 1))
    if not owners:
        return NO_OBSTACLES
    return Obstacles(tuple(owners), np.concatenate(centres), np.concatenate(half_sizes), np.concatenate(axes))


def _index(state: SceneState, name: str) -> int:
    for index, thing in enumerate(state.objects):
        if thing.name == name:
            return index
    raise UsageError(f"there is no object named {name!r}", mend="director list scenes, and the scene's file")


def _box(state: SceneState, index: int) -> Box:
    thing, matrix = state.objects[index], state.world_from_object[index].astype(np.float64)
    width, height, depth = (max(side, _LEAST_SIDE_M) for side in thing.size_m)
    x, y, z = (_vector(matrix[:3, axis]) for axis in range(3))
    return Box(thing.name, _vector(matrix[:3, 3]), (width, height, depth), (x, y, z))


def _figure(state: SceneState, index: int) -> Body | None:
    parts = _part_matrices(state, index)
    if not parts:
        return None
    points = {landmark: _carried(parts[part], place) for landmark, (part, place) in _ON_PARTS.items()}
    points |= {
        landmark: (_carried(parts[f"{part}_l"], place) + _carried(parts[f"{part}_r"], place)) / 2
        for landmark, (part, place) in _IN_PAIRS.items()
    }
    outline = [_carried(parts[part], place) for part, place in _OUTLINE]
    world_from_object = state.world_from_object[index].astype(np.float64)
    low = min(point[1] for point in (*outline, *points.values()))
    points["ground"] = np.array([points["hips"][0], low, points["hips"][2]])
    face = parts["head"][:3, 2]
    return Body(
        name=state.objects[index].name,
        heading=math.atan2(world_from_object[0, 2], world_from_object[2, 2]),
        gaze=_vector(face / np.linalg.norm(face)),
        outline=tuple(_vector(point) for point in outline),
        **{landmark: _vector(point) for landmark, point in points.items()},
    )


def _part_matrices(state: SceneState, index: int) -> dict[str, Matrices]:
    """world_from_mesh, float64[4, 4], by part of a figure; nothing for what is none.

    Left and right parts share a mesh: of its instances the left comes first.
    """
    parts: dict[str, Matrices] = {}
    for key, batch in state.batches.items():
        if not key.startswith(_FIGURE):
            continue
        rows = np.flatnonzero(batch.object_id == index + 1)
        part = key.split("/")[1]
        if len(rows) == 1:
            parts[part] = batch.world_from_mesh[rows[0]].astype(np.float64)
        elif len(rows) == 2:
            for side, row in zip("lr", rows, strict=True):
                parts[f"{part}_{side}"] = batch.world_from_mesh[row].astype(np.float64)
    return parts


def _around(body: Body) -> Box:
    """The box along the figure's heading that holds its landmarks."""
    sin, cos = math.sin(body.heading), math.cos(body.heading)
    axes = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    shown = [*body.outline, body.shoulder_left, body.shoulder_right, body.hips, body.ground, body.knees]
    own = np.asarray(shown) @ axes.T
    low, high = own.min(axis=0), own.max(axis=0)
    base = np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2]) @ axes
    x, y, z = (_vector(axis) for axis in axes)
    return Box(body.name, _vector(base), _vector(np.maximum(high - low, _LEAST_SIDE_M)), (x, y, z))


def _carried(matrix: Matrices, place: Vector) -> Matrices:
    carried: Matrices = matrix[:3, :3] @ np.asarray(place) + matrix[:3, 3]
    return carried


def _vector(values: Matrices) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))
