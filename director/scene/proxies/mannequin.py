"""A human figure of joined parts, standing, sitting, pointing, leaning or walking."""

from typing import Annotated, Literal

from pydantic import Field

from director.math3d import compose
from director.scene.figure_body import BODY_PARTS, JOINTS, body_mesh, part_mesh_name
from director.scene.proxy import Colour, Part, Proxy, colour_values
from director.types import Vector

__all__ = ["PROXY"]


class Mannequin(Proxy):
    """A figure as tall as `height_m`; `build` runs from 0, slim, to 1, heavy. Its clothes take `colour`."""

    kind: Literal["mannequin"] = "mannequin"
    height_m: Annotated[float, Field(strict=True, ge=0.4, le=3)] = 1.75
    build: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.5
    pose_name: Literal["stand", "walk", "sit", "point", "lean"] = Field("stand", alias="pose")
    skin: Colour = "#c69c7f"
    hair: Colour = "#2b211c"
    legs: Colour = "#3a3d46"
    shoes: Colour = "#26221f"

    @property
    def size_m(self) -> Vector:
        wide = 0.285 + 0.06 * (self.build - 0.5)
        deep = 0.165
        return (wide * self.height_m, self.height_m, deep * self.height_m)

    def parts(self) -> tuple[Part, ...]:
        dress = {
            "top": colour_values(self.colour),
            "skin": colour_values(self.skin),
            "hair": colour_values(self.hair),
            "legs": colour_values(self.legs),
            "shoes": colour_values(self.shoes),
        }
        tall = self.height_m
        return tuple(
            Part(
                f"mannequin/{part_mesh_name(part)}/{self.build:g}",
                body_mesh(part_mesh_name(part), self.build),
                compose([tall * value for value in JOINTS[joint]], (0, 0, 0, 1), (tall, tall, tall)),
                dress[wears],
            )
            for part, (joint, wears) in BODY_PARTS.items()
        )


PROXY = Mannequin
