"""A box, with hard edges or rounded ones."""

from typing import Annotated, Literal

from pydantic import Field

from director.math3d import scaling_matrix, translation_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import box, rounded_box
from director.types import Vector

__all__ = ["PROXY"]


class Box(Proxy):
    """Width, height and depth; `round_m` rounds the edges (cushions, car bodies)."""

    kind: Literal["box"] = "box"
    size: tuple[Metres, Metres, Metres] = (1.0, 1.0, 1.0)
    round_m: Annotated[float, Field(strict=True, ge=0, le=100)] = 0.0

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        if self.round_m == 0:
            return (Part("box", box(), scaling_matrix(self.size)),)
        # A scaled rounding would be oval, so rounded boxes of one size share a mesh of that size.
        key = "box/" + "x".join(f"{value!r}" for value in (*self.size, self.round_m))
        return (Part(key, rounded_box(self.size, self.round_m), translation_matrix((0, 0, 0))),)


PROXY = Box
