"""A figure that looks at something: the head turns all the way, the neck half of it, the chest a little.

The gaze is held within what a neck can do, against the chest as the pose has it: exact up to 70° aside, 45°
up and 35° down, never beyond 80°, 50° and 40°; in between it slows to a stop. What is behind the back is
given up smoothly, and so is what is right above or too near the eyes: the head never jumps, whatever moves
past it.
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from director.math3d import vector
from director.scene.figure_body import JOINTS
from director.scene.figure_pose import part_numbers
from director.types import Vector

__all__ = ["EYES", "GAZE_LIMITS_DEG", "looking"]

Array = NDArray[np.float64]

EYES = (0.0, 0.066, 0.048)
"""The middle between the eyes, in the head's space, as shares of the height."""

GAZE_LIMITS_DEG = {"aside": 80.0, "up": 50.0, "down": 40.0}
"""How far a gaze ever turns from straight ahead of the chest."""

_ASIDE = (math.radians(70), math.radians(80))
_UP = (math.radians(45), math.radians(50))
_DOWN = (math.radians(35), math.radians(40))
_BEHIND = math.radians(120)
# Shares of the height: nearer than the first it is not looked at, from the second on it is exactly.
_TOO_NEAR, _NEAR = 0.08, 0.22
# Of a direction's level part: below the first there is no telling left from right.
_POLE = (0.15, 0.55)
_CHEST_SHARE, _NECK_SHARE = 0.15, 0.55
# (share of the turn, bone) from the chest's joint to the eyes; none of them leaves the middle of the body.
_SPINE: tuple[tuple[float, Vector], ...] = (
    (_CHEST_SHARE, vector(np.subtract(JOINTS["neck"], JOINTS["chest"]))),
    (_NECK_SHARE, vector(np.subtract(JOINTS["head"], JOINTS["neck"]))),
    (1.0, EYES),
)
# Each round carries the eyes to where the turn of the last put them.
_ROUNDS = 4


def looking(matrices: Array, target: Array, with_chest: bool) -> Array:
    """float64[parts, 4, 4]: a pose's figure_from_mesh with the gaze, the head's +Z, turned to `target`.

    `target` is float64[3], in the same space and in shares of the height. `with_chest`: the chest and the
    arms come along a little.
    """
    chest, neck, head = (part_numbers(joint)[0] for joint in ("chest", "neck", "head"))
    frame = matrices[chest, :3, :3]
    base = matrices[chest if with_chest else neck, :3, 3]
    # All in the chest's frame, as the pose has it.
    x, y, z = (float(value) for value in frame.T @ (target - base))
    eyes = frame.T @ (matrices[head, :3, :3] @ EYES + matrices[head, :3, 3] - base)
    at = (float(eyes[0]), float(eyes[1]), float(eyes[2]))
    near = _eased((math.dist((x, y, z), at) - _TOO_NEAR) / (_NEAR - _TOO_NEAR))
    yaw = up = 0.0
    for _ in range(_ROUNDS):
        yaw, up = (near * angle for angle in _gaze(x - at[0], y - at[1], z - at[2]))
        at = _eyes(yaw, up, with_chest)
    steps = np.empty((3, 4, 4))
    for i, (joint, share) in enumerate((("chest", _CHEST_SHARE), ("neck", _NECK_SHARE), ("head", 1.0))):
        own = matrices[part_numbers(joint)[0]]
        pivot = own[:3, 3] if i == 0 else steps[i - 1, :3, :3] @ own[:3, 3] + steps[i - 1, :3, 3]
        if i == 0 and not with_chest:
            steps[0] = np.eye(4)
            continue
        steps[i] = 0
        steps[i, 3, 3] = 1
        steps[i, :3, :3] = frame @ _turn(share * yaw, share * up) @ own[:3, :3].T
        steps[i, :3, 3] = pivot - steps[i, :3, :3] @ own[:3, 3]
    out = matrices.copy()
    parts, which = _turning(with_chest)
    out[parts] = steps[which] @ matrices[parts]
    return out


@cache
def _turning(with_chest: bool) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The parts that move, and which of chest, neck and head carries each."""
    which = {}
    for i, joint in enumerate(("chest", "neck", "head")):
        if joint != "chest" or with_chest:
            which.update(dict.fromkeys(part_numbers(joint).tolist(), i))
    return np.array(list(which), np.intp), np.array(list(which.values()), np.intp)


def _eyes(yaw: float, up: float, with_chest: bool) -> Vector:
    """Where the eyes are for a turn of the head, from the chest's joint, or from the neck's alone."""
    x, y, z = 0.0, 0.0, 0.0
    for share, (_, high, ahead) in _SPINE if with_chest else _SPINE[1:]:
        sin, cos = math.sin(share * up), math.cos(share * up)
        level = cos * ahead - sin * high
        x += math.sin(share * yaw) * level
        y += cos * high + sin * ahead
        z += math.cos(share * yaw) * level
    return (x, y, z)


def _gaze(x: float, y: float, z: float) -> tuple[float, float]:
    """Radians to the left and up, within the limits, for a direction in the chest's frame."""
    level = math.hypot(x, z)
    length = math.hypot(level, y)
    if length < 1e-9:
        return 0.0, 0.0
    yaw = math.atan2(x, z)
    aside = _held(abs(yaw), *_ASIDE)
    aside *= 1 - _eased((abs(yaw) - _BEHIND) / (math.pi - _BEHIND))
    aside *= _eased((level / length - _POLE[0]) / (_POLE[1] - _POLE[0]))
    pitch = math.atan2(y, level)
    return math.copysign(aside, yaw), _held(pitch, *_UP) if pitch > 0 else -_held(-pitch, *_DOWN)


def _held(angle: float, exact: float, most: float) -> float:
    """The angle itself up to `exact`, then slower and slower up to `most`."""
    if angle <= exact:
        return angle
    over, room = angle - exact, most - exact
    return most if over >= 2 * room else exact + over - over * over / (4 * room)


def _eased(share: float) -> float:
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def _turn(yaw: float, up: float) -> Array:
    """float64[3, 3]: up about X, then to the left about Y."""
    c, s, d, t = math.cos(yaw), math.sin(yaw), math.cos(up), math.sin(up)
    return np.array(((c, -s * t, s * d), (0.0, d, t), (-s, -c * t, c * d)))
