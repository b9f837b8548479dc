"""Where things stand in the world, and how a thing with keys or a route is carried elsewhere whole.

Written values are rounded to a micrometre and a millionth of a degree, so that files stay readable.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.scene.document import Group, Scene
from director.scene.edit.tree import named
from director.scene.keys import Track, euler_quaternion, fast_compose
from director.scene.proxy import Key, Placed, Rotation, Route
from director.scene.route import track_of
from director.types import Vector

__all__ = [
    "angles_of",
    "carried",
    "inverse_rigid",
    "local_place",
    "middle",
    "parent_place",
    "rounded",
    "turn_matrix",
    "world_place",
]

Matrix = NDArray[np.float64]

_DECIMALS = 6


def rounded(values: Sequence[float] | Matrix) -> Vector:
    """Three numbers as scene files hold them; no −0."""
    x, y, z = (round(float(value), _DECIMALS) + 0.0 for value in values)
    return (x, y, z)


def turn_matrix(rotation_deg: Rotation) -> Matrix:
    """float64[4, 4] of yaw, pitch, roll in degrees."""
    return fast_compose((0.0, 0.0, 0.0), euler_quaternion(rotation_deg))


def angles_of(matrix: Matrix, near: Rotation = (0.0, 0.0, 0.0)) -> Rotation:
    """Yaw, pitch, roll in degrees of a rotation, in the writing nearest to other angles (whole turns and the
    pitch beyond the vertical counted): of Ry(yaw) Rx(pitch) Rz(roll), solved for its three angles."""
    sine = -float(matrix[1, 2])
    pitch = math.asin(max(-1.0, min(1.0, sine)))
    if abs(sine) < 1 - 1e-12:
        yaw = math.atan2(matrix[0, 2], matrix[2, 2])
        roll = math.atan2(matrix[1, 0], matrix[1, 1])
    else:
        # Straight up or down only yaw and roll together are known: the roll stays as it was.
        roll = math.radians(near[2])
        turned = matrix[:3, :3] @ turn_matrix((0.0, 0.0, -near[2]))[:3, :3]
        yaw = math.atan2(-turned[2, 0], turned[0, 0])
    one = (math.degrees(yaw), math.degrees(pitch), math.degrees(roll))
    other = (one[0] + 180, 180 - one[1], one[2] + 180)
    written = [_nearest_turns(angles, near) for angles in (one, other)]
    # The plain writing wins unless the other is clearly what was meant.
    return min(written, key=lambda angles: (round(math.dist(angles, near), 3), written.index(angles)))


def local_place(placed: Placed, time_s: float = 0.0) -> Matrix:
    """float64[4, 4]: parent_from_local at a time."""
    if placed.keys or placed.route is not None:
        track = _track(placed.position, placed.rotation_deg, placed.keys, placed.interpolation, placed.route)
        return fast_compose(track.position(time_s), track.rotation(time_s))
    return fast_compose(placed.position, euler_quaternion(placed.rotation_deg))


def world_place(scene: Scene, name: str, time_s: float = 0.0) -> Matrix:
    """float64[4, 4]: world_from_local of a group or object at a time. Raises SceneError."""
    placed = named(scene, name)
    return parent_place(scene, placed.parent, time_s) @ local_place(placed, time_s)


def parent_place(scene: Scene, parent: str | None, time_s: float = 0.0) -> Matrix:
    """float64[4, 4]: world_from_parent; of no parent, the world itself. Raises SceneError."""
    made = np.eye(4)
    while parent is not None:
        placed = named(scene, parent)
        made = local_place(placed, time_s) @ made
        parent = placed.parent
    return made


def middle(scene: Scene, names: Sequence[str], time_s: float = 0.0) -> Vector:
    """The middle of the box that holds the bases of these, metres in the world. Raises SceneError."""
    places = np.array([world_place(scene, name, time_s)[:3, 3] for name in names])
    x, y, z = (places.min(axis=0) + places.max(axis=0)) / 2
    return (float(x), float(y), float(z))


def carried(placed: Placed, motion: Matrix, *, turn_only: bool = False) -> dict[str, object]:
    """The fields of something after a rigid motion, float64[4, 4] in its parent's space: keys, route and all.

    With `turn_only` it turns, and every key of it, where it stands. On a route it faces along the way, so its
    own angles stay while the route turns.
    """
    turns = not np.allclose(motion[:3, :3], np.eye(3), rtol=0, atol=1e-12)
    fields: dict[str, object] = {}
    if not turn_only:
        fields["position"] = rounded(motion[:3, :3] @ placed.position + motion[:3, 3])
    if placed.route is not None and not turn_only:
        turns = False
        points = tuple(rounded(motion[:3, :3] @ point + motion[:3, 3]) for point in placed.route.points)
        fields["route"] = placed.route.model_copy(update={"points": points})
    if turns:
        fields["rotation_deg"] = _turned(motion, placed.rotation_deg, placed.rotation_deg)
    if placed.keys:
        fields["keys"] = tuple(_carried_keys(placed.keys, motion, turns, turn_only))
    return fields


def _carried_keys(keys: Sequence[Key], motion: Matrix, turns: bool, turn_only: bool) -> list[Key]:
    made = []
    # Angles go from key to key as written, so each key's are written near the last plus the same step.
    was: Rotation | None = None
    now: Rotation = (0.0, 0.0, 0.0)
    for key in keys:
        update: dict[str, object] = {}
        if key.position is not None and not turn_only:
            update["position"] = rounded(motion[:3, :3] @ key.position + motion[:3, 3])
        if key.rotation_deg is not None and turns:
            angles = key.rotation_deg
            near = angles if was is None else _plus(now, _plus(angles, was, -1))
            was, now = angles, _turned(motion, angles, near)
            update["rotation_deg"] = now
        made.append(key.model_copy(update=update) if update else key)
    return made


def _turned(motion: Matrix, angles: Rotation, near: Rotation) -> Rotation:
    if abs(motion[1, 1] - 1) < 1e-12:
        # A turn about the vertical adds to the yaw, exactly, and keeps every turn that was written.
        yaw = math.degrees(math.atan2(motion[0, 2], motion[2, 2]))
        steps = round((near[0] - angles[0] - yaw) / 360) if near != angles else 0
        return rounded((angles[0] + yaw + 360 * steps, angles[1], angles[2]))
    return rounded(angles_of(motion @ turn_matrix(angles), near))


def _nearest_turns(angles: Rotation, near: Rotation) -> Rotation:
    a, b, c = (angle + 360 * round((to - angle) / 360) for angle, to in zip(angles, near, strict=True))
    return (a, b, c)


def _plus(a: Rotation, b: Rotation, sign: int = 1) -> Rotation:
    return (a[0] + sign * b[0], a[1] + sign * b[1], a[2] + sign * b[2])


@lru_cache(maxsize=1024)
def _track(
    position: Vector,
    rotation_deg: Rotation,
    keys: tuple[Key, ...],
    interpolation: Literal["smooth", "linear"],
    route: Route | None,
) -> Track:
    # Only what decides the way: of the rest of a proxy not everything can be a key of a cache.
    moving = Group.model_construct(
        name="way",
        position=position,
        rotation_deg=rotation_deg,
        keys=keys,
        interpolation=interpolation,
        route=route,
    )
    track = track_of(moving)
    assert track is not None
    return track
