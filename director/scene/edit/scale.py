"""Scaling: sizes change, never matrices, so that surfaces stay in metres. What hangs on a thing grows along.

A size runs along a thing's own axes. Where it is stretched across them, each own axis takes the length that
the stretch gives it: exact for even scaling and for right angles, and nearest to it in between.
"""

from dataclasses import dataclass

import numpy as np

from director.math3d import inverse_rigid
from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted, refused, replaced, with_fields
from director.scene.edit.places import Matrix, local_place, middle, parent_place, rounded, world_place
from director.scene.edit.transform import About
from director.scene.edit.tree import editable, hanging, named, roots
from director.scene.proxy import Placed, Proxy
from director.types import Vector

__all__ = ["Scale"]


@dataclass(frozen=True, slots=True)
class Scale(Edit):
    """Make things so many times as large along x, y and z, with all that hangs on them.

    About its own base the axes are each thing's own; about the middle of the selection or a point they are
    the world's, and places move away from it likewise. A mannequin grows evenly.
    """

    names: tuple[str, ...]
    factors: Vector
    about: About = "own"
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Scale", self.names)

    def apply(self, scene: Scene) -> Scene:
        if not all(np.isfinite(factor) and factor > 0 for factor in self.factors):
            raise refused(
                scene, f"cannot be scaled by {self.factors}", field="size", mend="give factors above 0"
            )
        tops = roots(scene, self.names)
        editable(scene, hanging(scene, self.names))
        children: dict[str, list[Placed]] = {}
        for _, placed in scene.placed():
            if placed.parent is not None:
                children.setdefault(placed.parent, []).append(placed)
        new: dict[str, Placed] = {}
        if self.about == "own" or not tops:
            for placed in tops:
                self._grow(scene, placed, self.factors, None, children, new)
            return replaced(scene, new)
        point = middle(scene, [it.name for it in tops], self.time_s) if self.about == "middle" else self.about
        stretch = np.diag([*self.factors, 1.0])
        stretch[:3, 3] = np.subtract(point, np.multiply(self.factors, point))
        for placed in tops:
            above = parent_place(scene, placed.parent, self.time_s)
            stands = world_place(scene, placed.name, self.time_s)
            own = _along(self.factors, stands)
            self._grow(scene, placed, own, inverse_rigid(above) @ stretch @ above, children, new)
        return replaced(scene, new)

    def _grow(
        self,
        scene: Scene,
        placed: Placed,
        factors: Vector,
        stretch: Matrix | None,
        children: dict[str, list[Placed]],
        new: dict[str, Placed],
    ) -> None:
        """`factors` along its own axes; `stretch` float64[4, 4] of its place in its parent, or None."""
        fields: dict[str, object] = {}
        if stretch is not None:
            fields["position"] = _stretched(stretch, placed.position)
            fields["keys"] = tuple(
                key
                if key.position is None
                else key.model_copy(update={"position": _stretched(stretch, key.position)})
                for key in placed.keys
            )
            if placed.route is not None:
                points = tuple(_stretched(stretch, point) for point in placed.route.points)
                fields["route"] = placed.route.model_copy(update={"points": points})
        if isinstance(placed, Proxy):
            fields |= {name: _written(value) for name, value in placed.resized(factors).items()}
        new[placed.name] = with_fields(scene, placed, fields)
        inside = np.diag([*factors, 1.0])
        for child in children.get(placed.name, ()):
            own = _along(factors, local_place(named(scene, child.name), self.time_s))
            self._grow(scene, child, own, inside, children, new)


def _along(factors: Vector, stands: Matrix) -> Vector:
    """How many times as long each own axis of something becomes in a space that is stretched."""
    x, y, z = np.linalg.norm(np.asarray(factors)[:, None] * stands[:3, :3], axis=0)
    return (float(x), float(y), float(z))


def _stretched(stretch: Matrix, position: Vector) -> Vector:
    return rounded(stretch[:3, :3] @ position + stretch[:3, 3])


def _written(value: object) -> object:
    # A micrometre, as of places: files stay readable.
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, tuple):
        return tuple(_written(item) for item in value)
    if isinstance(value, dict):
        return {name: _written(item) for name, item in value.items()}
    return value
