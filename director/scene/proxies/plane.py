"""A flat rectangle: ground, ceilings, pictures."""

from typing import Literal

from director.math3d import scaling_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import plane
from director.types import Vector

__all__ = ["PROXY"]


class Plane(Proxy):
    """Width and depth, lying on the ground and facing up; turn it by its pitch to stand it upright."""

    kind: Literal["plane"] = "plane"
    size: tuple[Metres, Metres] = (1.0, 1.0)

    @property
    def size_m(self) -> Vector:
        return (self.size[0], 0.0, self.size[1])

    def parts(self) -> tuple[Part, ...]:
        return (Part("plane", plane(), scaling_matrix((self.size[0], 1.0, self.size[1]))),)


PROXY = Plane
