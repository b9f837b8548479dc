"""The same solid many times in a grid: books on shelves, lit windows, fence posts, road markings."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from director.math3d import compose
from director.scene.mesh import Mesh
from director.scene.proxy import Colour, Metres, Part, Proxy, colour_values
from director.scene.shapes import box, cone, cylinder, sphere
from director.types import Vector

__all__ = ["PROXY"]

_MOST = 20_000
Count = Annotated[int, Field(strict=True, ge=1, le=_MOST)]
Spacing = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e5)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]


class Array(Proxy):
    """`counts` items of `size` across, up and deep, their bases `spacing` apart.

    `gaps` is the share of items left out and `vary` how much smaller than `size` an item may be, both
    decided by `seed`; items take `colours` at random where there are any.
    """

    kind: Literal["array"] = "array"
    shape: Literal["box", "cone", "cylinder", "sphere"] = "box"
    size: tuple[Metres, Metres, Metres] = (0.2, 0.2, 0.2)
    counts: tuple[Count, Count, Count] = (5, 1, 1)
    spacing: tuple[Spacing, Spacing, Spacing] = (0.3, 0.3, 0.3)
    gaps: Share = 0.0
    vary: Share = 0.0
    colours: Annotated[tuple[Colour, ...], Field(max_length=64)] = ()
    seed: Annotated[int, Field(strict=True, ge=0, le=2**32 - 1)] = 0

    @model_validator(mode="after")
    def _few_enough(self) -> Self:
        total = self.counts[0] * self.counts[1] * self.counts[2]
        if total > _MOST:
            raise ValueError(f"counts make {total} items; an array holds at most {_MOST}")
        return self

    @property
    def size_m(self) -> Vector:
        wide, high, deep = (
            (count - 1) * apart + size
            for count, apart, size in zip(self.counts, self.spacing, self.size, strict=True)
        )
        return (wide, high, deep)

    def resized(self, factors: Vector) -> dict[str, object]:
        spacing = tuple(apart * factor for apart, factor in zip(self.spacing, factors, strict=True))
        return {**super().resized(factors), "spacing": spacing}

    def parts(self) -> tuple[Part, ...]:
        key, mesh = _SHAPES[self.shape]
        across, up, deep = (np.arange(count) for count in self.counts)
        grid = np.stack(np.meshgrid(across, up, deep, indexing="ij"), -1).reshape(-1, 3).astype(np.float64)
        grid[:, 0] -= (self.counts[0] - 1) / 2
        grid[:, 2] -= (self.counts[2] - 1) / 2
        places = grid * self.spacing
        random = np.random.default_rng(self.seed)
        kept = random.random(len(places)) >= self.gaps
        # One item always stays: an object without a surface could not be found in any pass.
        kept[0] |= not kept.any()
        sizes = np.asarray(self.size) * (1 - self.vary * random.random((len(places), 3)))
        dyes = random.integers(0, max(1, len(self.colours)), len(places))
        return tuple(
            Part(
                key,
                mesh,
                compose(places[i], (0, 0, 0, 1), sizes[i]),
                colour_values(self.colours[dyes[i]]) if self.colours else None,
            )
            for i in np.flatnonzero(kept)
        )


_SHAPES: dict[str, tuple[str, Mesh]] = {
    "box": ("box", box()),
    "cone": ("cone/16/0", cone(0.0, 16)),
    "cylinder": ("cylinder/16", cylinder(16)),
    "sphere": ("sphere", sphere()),
}

PROXY = Array
