"""Vectors, quaternions and matrices: column vectors, float64, `a_from_b` names.

pyrr works with row vectors and fixed conventions of its own; it is used here for quaternions only, and
nothing of its habits leaves this module. Quaternions are (x, y, z, w) and rotate `world_from_local`.
"""

import math

import numpy as np
import pyrr
from numpy.typing import ArrayLike, NDArray

from director.types import Quaternion, Vector

__all__ = [
    "IDENTITY",
    "compose",
    "inverse_rigid",
    "look_rotation",
    "normalised",
    "perspective",
    "quaternion_angle",
    "quaternion_from_axis_angle",
    "quaternion_from_euler",
    "quaternion_inverse",
    "quaternion_multiply",
    "quaternion_slerp",
    "rotate",
    "rotation_matrix",
    "scaling_matrix",
    "transform_point",
    "translation_matrix",
    "vector",
]

Matrix = NDArray[np.float64]

IDENTITY: Quaternion = (0.0, 0.0, 0.0, 1.0)


def vector(values: ArrayLike) -> Vector:
    """Three floats from anything array-like of length 3."""
    x, y, z = np.asarray(values, np.float64)
    return (float(x), float(y), float(z))


def normalised(values: ArrayLike) -> Matrix:
    """float64[n] of length 1. Raises ValueError for a vector too short to have a direction."""
    array = np.asarray(values, np.float64)
    length = float(np.linalg.norm(array))
    if length < 1e-12:
        raise ValueError("a vector of length zero has no direction")
    return array / length


def quaternion_multiply(a: Quaternion, b: Quaternion) -> Quaternion:
    """The rotation b followed by a."""
    return _quaternion(pyrr.quaternion.cross(np.asarray(a, np.float64), np.asarray(b, np.float64)))


def quaternion_inverse(q: Quaternion) -> Quaternion:
    """The opposite rotation of a unit quaternion."""
    return (-q[0], -q[1], -q[2], q[3])


def quaternion_from_axis_angle(axis: ArrayLike, angle: float) -> Quaternion:
    """A turn by `angle` radians about `axis`, counter-clockwise seen from its tip."""
    x, y, z = normalised(axis) * math.sin(angle / 2)
    return (float(x), float(y), float(z), math.cos(angle / 2))


def quaternion_from_euler(yaw: float, pitch: float, roll: float) -> Quaternion:
    """Radians: first roll about Z, then pitch about X (up positive), then yaw about Y (left positive)."""
    turn = quaternion_multiply(
        quaternion_from_axis_angle((0, 1, 0), yaw), quaternion_from_axis_angle((1, 0, 0), pitch)
    )
    return quaternion_multiply(turn, quaternion_from_axis_angle((0, 0, 1), roll))


def quaternion_slerp(a: Quaternion, b: Quaternion, share: float) -> Quaternion:
    """The rotation `share` of the way from a (0) to b (1), by the shorter arc."""
    one, two = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if float(one @ two) < 0:
        two = -two
    # Written out: pyrr's slerp clamps its factor and returns unnormalised values for near-equal inputs.
    angle = math.acos(min(1.0, float(one @ two)))
    if angle < 1e-6:
        return _quaternion(one + (two - one) * share)
    mixed = (math.sin((1 - share) * angle) * one + math.sin(share * angle) * two) / math.sin(angle)
    return _quaternion(mixed)


def quaternion_angle(a: Quaternion, b: Quaternion) -> float:
    """Radians of the smallest turn that takes a to b."""
    return 2 * math.acos(min(1.0, abs(float(np.dot(a, b)))))


def rotate(q: Quaternion, v: ArrayLike) -> Matrix:
    """float64[3]: v turned by q."""
    return rotation_matrix(q)[:3, :3] @ np.asarray(v, np.float64)


def rotation_matrix(q: Quaternion) -> Matrix:
    """float64[4, 4] of a unit quaternion."""
    matrix = np.eye(4)
    # pyrr's matrices are for row vectors, save this one, which is already for columns.
    matrix[:3, :3] = pyrr.matrix33.create_from_quaternion(np.asarray(q, np.float64))
    return matrix


def translation_matrix(offset: ArrayLike) -> Matrix:
    """float64[4, 4]."""
    matrix = np.eye(4)
    matrix[:3, 3] = np.asarray(offset, np.float64)
    return matrix


def scaling_matrix(factors: ArrayLike) -> Matrix:
    """float64[4, 4]."""
    return np.diag([*np.asarray(factors, np.float64), 1.0])


def compose(position: ArrayLike, orientation: Quaternion, scale: ArrayLike = (1.0, 1.0, 1.0)) -> Matrix:
    """float64[4, 4]: scale, then turn, then move."""
    matrix = rotation_matrix(orientation)
    matrix[:3, :3] *= np.asarray(scale, np.float64)
    matrix[:3, 3] = np.asarray(position, np.float64)
    return matrix


def inverse_rigid(matrix: Matrix) -> Matrix:
    """The inverse of a matrix that only turns and moves; exact where a general inverse would round."""
    inverse = np.eye(4)
    inverse[:3, :3] = matrix[:3, :3].T
    inverse[:3, 3] = -matrix[:3, :3].T @ matrix[:3, 3]
    return inverse


def transform_point(matrix: Matrix, point: ArrayLike) -> Matrix:
    """float64[3]: a point carried by an affine matrix."""
    return matrix[:3, :3] @ np.asarray(point, np.float64) + matrix[:3, 3]


def look_rotation(direction: ArrayLike) -> Quaternion:
    """The orientation of a camera (looking down −Z) that looks along `direction`, upright against Y.

    Straight up or down there is no upright: the camera then keeps world −Z at the top of the picture
    looking down, and at its foot looking up.
    """
    x, y, z = normalised(direction)
    level = math.hypot(x, z)
    yaw = math.atan2(-x, -z) if level > 1e-9 else 0.0
    return quaternion_from_euler(yaw, math.atan2(y, level), 0.0)


def perspective(horizontal_fov: float, aspect: float, near_m: float, far_m: float) -> Matrix:
    """float64[4, 4], OpenGL clip space (z −1..1). The formula is glTF 2.0's, with x as the given angle.

    https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html#perspective-projection
    """
    if not (0 < near_m < far_m and 0 < horizontal_fov < math.pi and aspect > 0):
        raise ValueError(f"no such frustum: {horizontal_fov=}, {aspect=}, {near_m=}, {far_m=}")
    x = 1 / math.tan(horizontal_fov / 2)
    matrix = np.zeros((4, 4))
    matrix[0, 0] = x
    matrix[1, 1] = x * aspect
    matrix[2, 2] = (far_m + near_m) / (near_m - far_m)
    matrix[2, 3] = 2 * far_m * near_m / (near_m - far_m)
    matrix[3, 2] = -1
    return matrix


def _quaternion(values: ArrayLike) -> Quaternion:
    x, y, z, w = normalised(values)
    return (float(x), float(y), float(z), float(w))
