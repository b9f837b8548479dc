"""A human figure of joined parts: standing, walking, sitting, pointing or leaning."""

from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from director.scene.figure_body import BODY_PARTS, body_mesh, part_mesh_name
from director.scene.figure_pose import STRIDE, posed, walking
from director.scene.proxy import Colour, Metres, Part, Proxy, colour_values
from director.types import Vector

__all__ = ["PROXY"]

# Heights a second (0.6 m/s for a grown person) from which the stride is full.
_FULL_STRIDE_SPEED = 0.35

_PART_NUMBERS = {part: i for i, part in enumerate(BODY_PARTS)}


class Mannequin(Proxy):
    """A figure as tall as `height_m`; `build` runs from 0, slim, to 1, heavy. `colour` is that of its top.

    "walk" steps as it travels along its keys, or its parent's: the stride is tied to the distance, so
    feet stand still on the ground; at rest it stands. Without keys it is frozen at `phase` of a stride.
    "sit" sits on something `seat_m` high, hips over its position; "lean" has its back to a wall.
    """

    kind: Literal["mannequin"] = "mannequin"
    height_m: Annotated[float, Field(strict=True, ge=0.4, le=3)] = 1.75
    build: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.5
    pose_name: Literal["stand", "walk", "sit", "point", "lean"] = Field("stand", alias="pose")
    phase: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    seat_m: Metres = 0.45
    hair_style: Literal["short", "long", "none"] = "short"
    coat: bool = Field(False, strict=True, description="a coat to above the knees")
    skin: Colour = "#c69c7f"
    hair: Colour = "#2b211c"
    legs: Colour = "#3a3d46"
    shoes: Colour = "#26221f"

    @property
    def size_m(self) -> Vector:
        wide, high, deep = _rest_size(self.build, tuple(self._worn()))
        return (wide * self.height_m, high * self.height_m, deep * self.height_m)

    def parts(self) -> tuple[Part, ...]:
        dress = {
            "top": colour_values(self.colour),
            "skin": colour_values(self.skin),
            "hair": colour_values(self.hair),
            "legs": colour_values(self.legs),
            "shoes": colour_values(self.shoes),
        }
        rest = posed("stand")
        return tuple(
            Part(
                f"mannequin/{part_mesh_name(part)}/{self.build!r}",
                body_mesh(part_mesh_name(part), self.build),
                matrix,
                dress[BODY_PARTS[part][1]],
            )
            for part, matrix in zip(self._worn(), self._sized(rest), strict=True)
        )

    def _worn(self) -> list[str]:
        left_out = {"short": {"long hair"}, "long": {"hair"}, "none": {"hair", "long hair"}}[self.hair_style]
        return [part for part in BODY_PARTS if part not in left_out and (self.coat or part != "coat")]

    def pose(self) -> NDArray[np.float64] | None:
        if self.pose_name == "stand":
            return None
        return self._sized(posed(self.pose_name, self.seat_m / self.height_m, self.phase))

    @property
    def walks(self) -> bool:
        return self.pose_name == "walk"

    def pose_at(self, distance_m: float, speed: float) -> NDArray[np.float64]:
        gait = min(1.0, abs(speed) / (_FULL_STRIDE_SPEED * self.height_m))
        return self._sized(
            walking(self.phase + distance_m / (STRIDE * self.height_m), gait * gait * (3 - 2 * gait))
        )

    def _sized(self, matrices: NDArray[np.float64]) -> NDArray[np.float64]:
        # Meshes and poses are made for a height of 1: turn, size and place grow together.
        worn = [_PART_NUMBERS[part] for part in self._worn()]
        sized: NDArray[np.float64] = matrices[worn] * np.array([[self.height_m]] * 3 + [[1.0]])
        return sized


@lru_cache
def _rest_size(build: float, worn: tuple[str, ...]) -> Vector:
    """The box about the base that holds a standing figure of height 1."""
    corners = []
    rest = posed("stand")
    for part in worn:
        matrix = rest[_PART_NUMBERS[part]]
        positions = body_mesh(part_mesh_name(part), build).positions
        corners.append(np.abs(positions @ matrix[:3, :3].T + matrix[:3, 3]).max(axis=0))
    x, y, z = np.max(corners, axis=0)
    return (2 * float(x), float(y), 2 * float(z))


PROXY = Mannequin
