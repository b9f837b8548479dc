"""A ramp: a wedge that rises from its front edge (+Z) to its back."""

from typing import Literal

from director.math3d import scaling_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import ramp
from director.types import Vector

__all__ = ["PROXY"]


class Ramp(Proxy):
    """Width, height at its back, and depth."""

    kind: Literal["ramp"] = "ramp"
    size: tuple[Metres, Metres, Metres] = (1.0, 1.0, 1.0)

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        return (Part("ramp", ramp(), scaling_matrix(self.size)),)


PROXY = Ramp
