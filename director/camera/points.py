"""Points that a move refers to: fixed in the world, or tied to an object that may move."""

import math
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from director.types import Vector

__all__ = ["Coordinate", "Locate", "ObjectPoint", "Point", "WorldPoint", "in_heading_frame", "place"]

Locate = Callable[[str, float], tuple[Vector, float]]
"""(object name, time in seconds) → world position of the object's base in metres, and its heading:
radians about Y, so that the object's own axes are the world's turned by it."""

Coordinate = Annotated[float, Field(strict=True, ge=-1e6, le=1e6, allow_inf_nan=False)]
WorldPoint = tuple[Coordinate, Coordinate, Coordinate]


class ObjectPoint(BaseModel):
    """A point tied to an object: `offset` metres from the middle of its base, along the object's own
    axes as its heading turns them (y up; a proxy faces +z). The point moves when the object does."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    object: Annotated[str, Field(min_length=1)]
    offset: WorldPoint = (0.0, 0.0, 0.0)


def _form(value: Any) -> str:
    return "object" if isinstance(value, dict | ObjectPoint) else "point"


# The form is chosen before validation, so that an error speaks of the form that was meant.
Point = Annotated[
    Annotated[WorldPoint, Tag("point")] | Annotated[ObjectPoint, Tag("object")], Discriminator(_form)
]
"""In a file: [x, y, z] in metres, or {"object": name, "offset": [x, y, z]}."""


def in_heading_frame(base: Vector, heading: float, offset: Vector) -> Vector:
    """World position of an offset along axes turned by `heading` radians about Y."""
    cos, sin = math.cos(heading), math.sin(heading)
    return (
        base[0] + cos * offset[0] + sin * offset[2],
        base[1] + offset[1],
        base[2] - sin * offset[0] + cos * offset[2],
    )


def place(point: WorldPoint | ObjectPoint, time_s: float, locate: Locate) -> Vector:
    """World position of a point at a time."""
    if isinstance(point, ObjectPoint):
        return in_heading_frame(*locate(point.object, time_s), point.offset)
    return point
