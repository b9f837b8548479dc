"""Boxes that stand in a camera's way, turned in any direction, and how a ball is pushed out of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from director.math3d import IDENTITY, rotation_matrix
from director.types import Quaternion, Vector

__all__ = ["Box", "distance_m", "pushed_out"]

_ROUNDS = 32
_TOUCH_M = 1e-9


@dataclass(frozen=True, slots=True)
class Box:
    """A box in the world: its middle, half its sizes along its own axes (metres) and its orientation."""

    centre: Vector
    half_size: Vector
    orientation: Quaternion = IDENTITY
    axes: tuple[Vector, Vector, Vector] = field(init=False, repr=False)
    reach_m: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        columns = rotation_matrix(self.orientation)[:3, :3].T.tolist()
        object.__setattr__(self, "axes", tuple(tuple(column) for column in columns))
        object.__setattr__(self, "reach_m", math.hypot(*self.half_size))

    def local(self, point: Vector) -> Vector:
        """A world point along the box's axes, from its middle."""
        x, y, z = (p - c for p, c in zip(point, self.centre, strict=True))
        a, b, c = (x * axis[0] + y * axis[1] + z * axis[2] for axis in self.axes)
        return a, b, c

    def world(self, local: Vector) -> Vector:
        """The other way round."""
        (ax, ay, az), (bx, by, bz), (cx, cy, cz) = self.axes
        a, b, c = local
        x, y, z = self.centre
        return (
            x + a * ax + b * bx + c * cx,
            y + a * ay + b * by + c * cy,
            z + a * az + b * bz + c * cz,
        )


def distance_m(point: Vector, box: Box) -> float:
    """Metres from a point to the box; within it negative, to the nearest side."""
    away = [abs(p) - half for p, half in zip(box.local(point), box.half_size, strict=True)]
    inside = max(away)
    return inside if inside <= 0 else math.hypot(*(max(0.0, d) for d in away))


def pushed_out(centre: Vector, radius_m: float, boxes: Sequence[Box], last: Vector) -> Vector:
    """Where a ball comes to lie that is pushed out of boxes by the shortest way.

    Between boxes that leave it no such way it stays at `last`, its position before; where that is not free
    either, it is lifted above all of them. So it never ends within a box.
    """
    position = centre
    for _ in range(_ROUNDS):
        touched = False
        for box in boxes:
            # Most boxes are far: their spheres tell it cheaply.
            if math.dist(position, box.centre) > box.reach_m + radius_m:
                continue
            if distance_m(position, box) < radius_m - _TOUCH_M:
                position = _out_of(position, radius_m, box)
                touched = True
        if not touched:
            return position
    for kept in (position, last):
        if all(distance_m(kept, box) >= radius_m - 1e-6 for box in boxes):
            return kept
    top = max(
        box.centre[1] + sum(abs(axis[1]) * half for axis, half in zip(box.axes, box.half_size, strict=True))
        for box in boxes
    )
    return (centre[0], top + radius_m, centre[2])


def _out_of(position: Vector, radius_m: float, box: Box) -> Vector:
    local = box.local(position)
    x, y, z = (min(h, max(-h, p)) for p, h in zip(local, box.half_size, strict=True))
    nearest = (x, y, z)
    length = math.dist(local, nearest)
    if length > 1e-9:
        out = radius_m / length
        x, y, z = (n + out * (p - n) for n, p in zip(nearest, local, strict=True))
        return box.world((x, y, z))
    # The middle is within the box: out through the nearest side.
    axis = min(range(3), key=lambda i: box.half_size[i] - abs(local[i]))
    moved = list(local)
    moved[axis] = math.copysign(box.half_size[axis] + radius_m, local[axis])
    x, y, z = moved
    return box.world((x, y, z))
