"""A wall with openings for doors and windows."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from director.math3d import compose
from director.scene.proxy import Coordinate, Document, Metres, Part, Proxy
from director.scene.shapes import box
from director.types import Vector

__all__ = ["PROXY"]

_SLACK_M = 1e-9


class Opening(Document):
    """A rectangular hole: its middle `x` metres along the wall from the wall's middle, its sill `y` up."""

    x: Coordinate = 0.0
    y: Annotated[float, Field(strict=True, ge=0, le=1e5)] = 0.0
    width: Metres
    height: Metres


class Wall(Proxy):
    """Width, height and thickness, with `openings` cut through it."""

    kind: Literal["wall"] = "wall"
    size: tuple[Metres, Metres, Metres] = (4.0, 2.7, 0.2)
    openings: Annotated[tuple[Opening, ...], Field(max_length=200)] = ()

    @model_validator(mode="after")
    def _leaves_wall(self) -> Self:
        wide, high, _ = self.size
        for i, hole in enumerate(self.openings):
            if abs(hole.x) + hole.width / 2 > wide / 2 + _SLACK_M or hole.y + hole.height > high + _SLACK_M:
                raise ValueError(f"openings[{i}] reaches beyond the wall, which is {wide:g} x {high:g} m")
        if not self._pieces():
            raise ValueError("the openings leave nothing of the wall")
        return self

    @property
    def size_m(self) -> Vector:
        return self.size

    def resized(self, factors: Vector) -> dict[str, object]:
        wide, high, _ = factors
        openings = tuple(
            {"x": hole.x * wide, "y": hole.y * high, "width": hole.width * wide, "height": hole.height * high}
            for hole in self.openings
        )
        return {**super().resized(factors), "openings": openings}

    def parts(self) -> tuple[Part, ...]:
        thick = self.size[2]
        return tuple(
            Part(
                "box",
                box(),
                compose(((x0 + x1) / 2, y0, 0.0), (0, 0, 0, 1), (x1 - x0, y1 - y0, thick)),
            )
            for x0, x1, y0, y1 in self._pieces()
        )

    def _pieces(self) -> list[tuple[float, float, float, float]]:
        """What is left, as rectangles (x0, x1, y0, y1): full-height strips cut by the openings in them."""
        wide, high, _ = self.size
        edges = {-wide / 2, wide / 2}
        for hole in self.openings:
            edges |= {hole.x - hole.width / 2, hole.x + hole.width / 2}
        columns = sorted(min(max(edge, -wide / 2), wide / 2) for edge in edges)
        strips: list[tuple[float, float, tuple[tuple[float, float], ...]]] = []
        for x0, x1 in pairwise(columns):
            if x1 - x0 < _SLACK_M:
                continue
            middle = (x0 + x1) / 2
            over = [hole for hole in self.openings if abs(hole.x - middle) < hole.width / 2]
            solid = tuple(_left_of(high, sorted((hole.y, hole.y + hole.height) for hole in over)))
            if strips and strips[-1][2] == solid:
                strips[-1] = (strips[-1][0], x1, solid)
            else:
                strips.append((x0, x1, solid))
        return [(x0, x1, y0, y1) for x0, x1, solid in strips for y0, y1 in solid]


def _left_of(high: float, holes: list[tuple[float, float]]) -> list[tuple[float, float]]:
    left, floor = [], 0.0
    for low, top in holes:
        if low - floor > _SLACK_M:
            left.append((floor, low))
        floor = max(floor, top)
    if high - floor > _SLACK_M:
        left.append((floor, high))
    return left


PROXY = Wall
