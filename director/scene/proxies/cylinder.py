"""An upright cylinder, or a prism where it has few sides."""

from typing import Annotated, Literal

from pydantic import Field

from director.math3d import scaling_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import cylinder
from director.types import Vector

__all__ = ["PROXY"]


class Cylinder(Proxy):
    """As wide, high and deep as `size`; fewer than 12 `sides` make a faceted prism."""

    kind: Literal["cylinder"] = "cylinder"
    size: tuple[Metres, Metres, Metres] = (1.0, 1.0, 1.0)
    sides: Annotated[int, Field(strict=True, ge=3, le=128)] = 32

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        return (Part(f"cylinder/{self.sides}", cylinder(self.sides), scaling_matrix(self.size)),)


PROXY = Cylinder
