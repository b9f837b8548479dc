"""Snapping: to a grid of metres and to steps of degrees."""

from dataclasses import dataclass

import numpy as np

from director.math3d import translation_matrix
from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted
from director.scene.edit.places import world_place
from director.scene.edit.transform import carried_in_world
from director.scene.edit.tree import roots
from director.types import Vector

__all__ = ["SnapToGrid", "snapped", "snapped_offset", "snapped_place"]


def snapped(value: float, step: float) -> float:
    """The multiple of a step (metres, degrees) nearest to a value; a step of 0 leaves it."""
    return value if step <= 0 else round(round(value / step) * step, 9) + 0.0


def snapped_place(place: Vector, grid_m: float, axes: str = "xyz") -> Vector:
    """A place on the grid along the axes named."""
    x, y, z = (
        snapped(value, grid_m) if axis in axes else value for axis, value in zip("xyz", place, strict=True)
    )
    return (x, y, z)


def snapped_offset(place: Vector, offset: Vector, grid_m: float, axes: str = "xyz") -> Vector:
    """The offset nearest to one given that brings a place onto the grid; along an axis in which it does not
    move, it is left where it is."""
    moved = tuple(a + b for a, b in zip(place, offset, strict=True))
    moving = "".join(axis for axis, by in zip("xyz", offset, strict=True) if by != 0 and axis in axes)
    target = snapped_place((moved[0], moved[1], moved[2]), grid_m, moving)
    x, y, z = (b - a for a, b in zip(place, target, strict=True))
    return (x, y, z)


@dataclass(frozen=True, slots=True)
class SnapToGrid(Edit):
    """Bring the bases of things onto the world's grid, each the shortest way."""

    names: tuple[str, ...]
    grid_m: float
    axes: str = "xz"
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"{counted('Snap', self.names)} to the grid"

    def apply(self, scene: Scene) -> Scene:
        motions = {}
        for placed in roots(scene, self.names):
            x, y, z = (float(v) for v in world_place(scene, placed.name, self.time_s)[:3, 3])
            target = snapped_place((x, y, z), self.grid_m, self.axes)
            motions[placed.name] = translation_matrix(np.subtract(target, (x, y, z)))
        return carried_in_world(scene, motions, self.time_s)
