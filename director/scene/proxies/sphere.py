"""A ball, or an ellipsoid."""

from typing import Literal

from director.math3d import scaling_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import sphere
from director.types import Vector

__all__ = ["PROXY"]


class Sphere(Proxy):
    """An ellipsoid as wide, high and deep as `size`, standing on its lowest point."""

    kind: Literal["sphere"] = "sphere"
    size: tuple[Metres, Metres, Metres] = (1.0, 1.0, 1.0)

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        return (Part("sphere", sphere(), scaling_matrix(self.size)),)


PROXY = Sphere
