"""Where a point falls in the picture of a camera on a level head, and how to turn the head to place it.

Picture coordinates are uv: 0..1 from the left and from the top. The closed form of `turn_to` is the rotation
Ry(pan) · Rx(tilt) solved for its two angles.
"""

import math
from dataclasses import dataclass

from director.types import Lens, Vector

__all__ = ["Frame", "forward", "heading_of", "seen", "turn_to"]


@dataclass(frozen=True, slots=True)
class Frame:
    """The half width and half height of the picture at one metre: the tangents of half its angles."""

    half_width: float
    half_height: float

    @classmethod
    def of(cls, lens: Lens, aspect: float) -> "Frame":
        """Of a lens and a picture aspect (width / height), fitted horizontally."""
        half = lens.film_back_width_mm / (2 * lens.focal_length_mm)
        return cls(half, half / aspect)

    def uv(self, tangents: tuple[float, float]) -> tuple[float, float]:
        """From tangents (right, up) to the picture."""
        return 0.5 + tangents[0] / (2 * self.half_width), 0.5 - tangents[1] / (2 * self.half_height)

    def tangents(self, uv: tuple[float, float]) -> tuple[float, float]:
        """From the picture to tangents (right, up)."""
        return (uv[0] - 0.5) * 2 * self.half_width, (0.5 - uv[1]) * 2 * self.half_height


def forward(pan: float, tilt: float) -> Vector:
    """The unit direction in which a camera looks."""
    level = math.cos(tilt)
    return (-math.sin(pan) * level, math.sin(tilt), -math.cos(pan) * level)


def heading_of(direction: Vector) -> tuple[float, float]:
    """(pan, tilt) of a camera that looks along a direction, of any length; (0, 0) for none."""
    x, y, z = direction
    level = math.hypot(x, z)
    return (math.atan2(-x, -z) if level > 1e-9 else 0.0), math.atan2(y, level)


def seen(offset: Vector, pan: float, tilt: float) -> tuple[float, float, float]:
    """(right, up, depth) in metres of a point that lies `offset` from a camera of no roll."""
    x, y, z = offset
    sin, cos = math.sin(pan), math.cos(pan)
    right, back = cos * x - sin * z, sin * x + cos * z
    sin, cos = math.sin(tilt), math.cos(tilt)
    return right, cos * y + sin * back, sin * y - cos * back


def turn_to(offset: Vector, tangents: tuple[float, float]) -> tuple[float, float]:
    """The (pan, tilt) at which a point that lies `offset` from the camera is seen at tangents (right, up).

    Where no tilt does it (a point near the zenith, wanted far up or down), the nearest that can be had.
    """
    x, y, z = offset
    length = math.hypot(x, y, z)
    if length < 1e-9:
        return 0.0, 0.0
    right, up = tangents
    scale = 1 / math.hypot(right, up, 1.0)
    rise = math.atan2(up, 1.0)
    reach = math.hypot(up, 1.0) * scale
    raised = math.asin(min(1.0, max(-1.0, y / length / reach)))
    pan = math.atan2(-x, -z) + math.atan2(right * scale, reach * math.cos(raised))
    return pan, raised - rise
