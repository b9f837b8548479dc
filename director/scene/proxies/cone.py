"""An upright cone, whole or cut off below its tip."""

from typing import Annotated, Literal

from pydantic import Field

from director.math3d import scaling_matrix
from director.scene.proxy import Metres, Part, Proxy
from director.scene.shapes import cone
from director.types import Vector

__all__ = ["PROXY"]


class Cone(Proxy):
    """As wide, high and deep as `size` at its base; `top_share` of that width is left at its top.

    Fewer than 12 `sides` make a faceted pyramid.
    """

    kind: Literal["cone"] = "cone"
    size: tuple[Metres, Metres, Metres] = (1.0, 1.0, 1.0)
    top_share: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    sides: Annotated[int, Field(strict=True, ge=3, le=128)] = 32

    @property
    def size_m(self) -> Vector:
        return self.size

    def parts(self) -> tuple[Part, ...]:
        key = f"cone/{self.sides}/{self.top_share!r}"
        return (Part(key, cone(self.top_share, self.sides), scaling_matrix(self.size)),)


PROXY = Cone
