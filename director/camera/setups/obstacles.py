"""What a camera cannot stand in or see through: boxes in any orientation, all tested at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.types import Vector

__all__ = ["NO_OBSTACLES", "Obstacles"]

Array = NDArray[np.float64]

# A box that ends this near to what is looked at is part of it: a collar, a pillow under a head.
_TOUCHING_M = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Obstacles:
    """Boxes and whom they belong to; one thing may own many.

    centres     float64[n, 3]     world, metres
    half_sizes  float64[n, 3]     along the own axes
    axes        float64[n, 3, 3]  rows are unit vectors of world space
    """

    owners: tuple[str, ...]
    centres: Array
    half_sizes: Array
    axes: Array

    def holding(self, point: Vector, margin_m: float) -> str | None:
        """The owner of a box that a point is in, or within the margin of; None where it is free."""
        inside = np.abs(self._own(point)) <= self.half_sizes + margin_m
        return self._first(np.all(inside, axis=1))

    def between(self, start: Vector, end: Vector) -> str | None:
        """The owner of a box that the straight way from start to end passes through, the nearest to start;
        boxes that hold the end are what is looked at. By slabs: T. Kay and J. Kajiya, "Ray tracing complex
        scenes", SIGGRAPH 1986.
        """
        origin, target = self._own(start), self._own(end)
        step = target - origin
        step = np.where(np.abs(step) < 1e-12, 1e-12, step)
        one, two = (-self.half_sizes - origin) / step, (self.half_sizes - origin) / step
        enter = np.maximum(np.minimum(one, two).max(axis=1), 0.0)
        leave = np.minimum(np.maximum(one, two).min(axis=1), 1.0)
        holds_end = (np.abs(target) <= self.half_sizes + _TOUCHING_M).all(axis=1)
        return self._first((enter < leave) & ~holds_end, enter)

    def _own(self, point: Vector) -> Array:
        own: Array = np.einsum("nij,nj->ni", self.axes, np.asarray(point) - self.centres)
        return own

    def _first(self, hit: NDArray[np.bool_], order: Array | None = None) -> str | None:
        rows = [int(row) for row in np.flatnonzero(hit)]
        if not rows:
            return None
        return self.owners[rows[0] if order is None else min(rows, key=lambda row: (float(order[row]), row))]


NO_OBSTACLES = Obstacles((), np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 3, 3)))
