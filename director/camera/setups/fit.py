"""Where a camera of known orientation must stand so that points lie in a region of its picture: exactly.

In the camera's axes a point q is seen by a camera at c at x = (q_x − c_x) / (c_z − q_z), in tangents. To be
left of a line x = t is then linear in c, so that all points together leave c_x an interval that opens
linearly as c_z grows: the nearest camera that holds them all follows in closed form, for any points.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.math3d import quaternion_from_euler, rotation_matrix
from director.types import Lens, Quaternion, Vector

__all__ = ["Fit", "Region", "aim", "fit", "half_tangents", "projected"]

Array = NDArray[np.float64]

_NEAREST_M = 0.05


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the picture in clip coordinates: −1..1, x to the right, y up."""

    left: float = -1.0
    right: float = 1.0
    bottom: float = -1.0
    top: float = 1.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Where the camera stands, and what brought it there: "height", "width" or "distance"."""

    position: Vector
    bound_by: str


def half_tangents(lens: Lens, aspect: float) -> tuple[float, float]:
    """Tangents of half the horizontal and half the vertical angle of view."""
    x = lens.film_back_width_mm / (2 * lens.focal_length_mm)
    return x, x / aspect


def fit(
    points: list[Vector],
    orientation: Quaternion,
    tangents: tuple[float, float],
    region: Region,
    balance: tuple[Vector, float],
    least_depth_m: float = 0.0,
) -> Fit:
    """The nearest camera that has all points within the region of its picture.

    `balance` is a point and the x, −1..1, where it is to be if there is room. `least_depth_m` keeps the
    camera so far from the points' middle. Of two directions one is exactly full, the other has room left:
    there the points are in the middle of the region's height, and sideways where the balance wants them.
    """
    turn = rotation_matrix(orientation)[:3, :3]
    q = np.asarray(points, np.float64) @ turn
    right, left = region.right * tangents[0], region.left * tangents[0]
    top, bottom = region.top * tangents[1], region.bottom * tangents[1]
    x_from, x_to = float((q[:, 0] + right * q[:, 2]).max()), float((q[:, 0] + left * q[:, 2]).min())
    y_from, y_to = float((q[:, 1] + top * q[:, 2]).max()), float((q[:, 1] + bottom * q[:, 2]).min())
    depths = {
        "height": (y_from - y_to) / (top - bottom),
        "width": (x_from - x_to) / (right - left),
        "distance": max(float(q[:, 2].mean()) + least_depth_m, float(q[:, 2].max()) + _NEAREST_M),
    }
    bound_by = max(depths, key=lambda reason: depths[reason])
    z = depths[bound_by]
    y = ((y_from - top * z) + (y_to - bottom * z)) / 2
    at, wanted = np.asarray(balance[0]) @ turn, balance[1] * tangents[0]
    x = float(np.clip(at[0] - wanted * (z - at[2]), x_from - right * z, x_to - left * z))
    world = turn @ np.array([x, y, z])
    return Fit((float(world[0]), float(world[1]), float(world[2])), bound_by)


def aim(
    position: Vector, target: Vector, at: tuple[float, float], tangents: tuple[float, float]
) -> Quaternion:
    """The upright orientation with which a camera sees the target at (x, y), −1..1, of its picture."""
    x, y, z = (b - a for a, b in zip(position, target, strict=True))
    distance = math.sqrt(x * x + y * y + z * z)
    if distance < 1e-9:
        return (0.0, 0.0, 0.0, 1.0)
    across, up = at[0] * tangents[0], at[1] * tangents[1]
    length = math.sqrt(across * across + up * up + 1)
    # The ray (across, up, −1) has to rise as steeply as the target does.
    reach = math.hypot(up, 1.0) / length
    pitch = math.asin(max(-1.0, min(1.0, y / distance / reach))) - math.atan2(up, 1.0)
    ahead = math.cos(pitch) - up * math.sin(pitch)
    yaw = math.atan2(-x, -z) + math.atan2(across, ahead)
    return quaternion_from_euler(yaw, pitch, 0.0)


def projected(
    points: list[Vector], position: Vector, orientation: Quaternion, tangents: tuple[float, float]
) -> Array:
    """float64[n, 3]: clip x and y, −1..1 inside the picture, and depth along the axis in metres."""
    turn = rotation_matrix(orientation)[:3, :3]
    q = (np.asarray(points, np.float64) - position) @ turn
    depth = -q[:, 2]
    return np.stack([q[:, 0] / (tangents[0] * depth), q[:, 1] / (tangents[1] * depth), depth], axis=-1)
