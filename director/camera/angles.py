"""Pan, tilt and roll of an orientation, and back: the angles that a head on a tripod shows."""

import math

from director.math3d import quaternion_from_euler
from director.types import Quaternion, Vector

__all__ = ["angles_from_orientation", "nearest_turn", "orientation_from_angles", "unwrapped"]


def angles_from_orientation(orientation: Quaternion) -> Vector:
    """Yaw, pitch and roll in degrees of a world_from_camera: yaw −180..180 left positive, pitch −90..90 up
    positive, roll −180..180. Straight up and down, where yaw and roll turn about one axis, roll is 0.

    The inverse of R = Ry(yaw) · Rx(pitch) · Rz(roll), e.g. J. Diebel, *Representing Attitude*
    (Stanford 2006).
    """
    x, y, z, w = orientation
    sine = min(1.0, max(-1.0, -2 * (y * z - x * w)))
    if abs(sine) > 1 - 1e-12:
        yaw = math.atan2(-2 * (x * z - y * w), 1 - 2 * (y * y + z * z))
        return (math.degrees(yaw), math.copysign(90.0, sine), 0.0)
    yaw = math.atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y))
    roll = math.atan2(2 * (x * y + z * w), 1 - 2 * (x * x + z * z))
    return (math.degrees(yaw), math.degrees(math.asin(sine)), math.degrees(roll))


def orientation_from_angles(angles_deg: Vector) -> Quaternion:
    """world_from_camera of yaw, pitch and roll in degrees."""
    yaw, pitch, roll = (math.radians(angle) for angle in angles_deg)
    return quaternion_from_euler(yaw, pitch, roll)


def nearest_turn(angle_deg: float, to_deg: float) -> float:
    """The angle that differs from `angle_deg` by whole turns and is nearest to `to_deg`."""
    return angle_deg + 360 * math.floor((to_deg - angle_deg) / 360 + 0.5)


def unwrapped(angles_deg: Vector, before_deg: Vector) -> Vector:
    """Yaw, pitch and roll by whole turns nearest to those before, so that a way between them is short."""
    yaw, pitch, roll = (nearest_turn(a, b) for a, b in zip(angles_deg, before_deg, strict=True))
    return (yaw, pitch, roll)
