"""Moving and turning: by an amount, or to values. What has keys is carried whole: its path comes along.

Amounts are in world axes. What hangs on a parent that moves is moved as the world stands at `time_s`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from director.math3d import inverse_rigid, translation_matrix
from director.scene.document import Scene
from director.scene.edit.edit import Edit, counted, replaced, with_fields
from director.scene.edit.places import (
    Matrix,
    angles_of,
    carried,
    local_place,
    middle,
    parent_place,
    rounded,
    turn_matrix,
)
from director.scene.edit.tree import editable, named, roots
from director.scene.proxy import Placed, Rotation
from director.types import Vector

__all__ = ["About", "Move", "MoveTo", "Turn", "TurnTo", "carried_in_world"]

About = Literal["own", "middle"] | Vector
"""What things turn and grow about: each its own base, the middle of the selection, or a point, metres in the
world."""


@dataclass(frozen=True, slots=True)
class Move(Edit):
    """Move by metres along the world's axes."""

    names: tuple[str, ...]
    offset_m: Vector
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Move", self.names)

    def apply(self, scene: Scene) -> Scene:
        motion = translation_matrix(self.offset_m)
        moving = [placed.name for placed in roots(scene, self.names)]
        return carried_in_world(scene, dict.fromkeys(moving, motion), self.time_s)


@dataclass(frozen=True, slots=True)
class MoveTo(Edit):
    """Put the base at a place in its parent's space: where `position` of a file stands. With keys, it passes
    there at `time_s`."""

    name: str
    position: Vector
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"Move {self.name}"

    def apply(self, scene: Scene) -> Scene:
        editable(scene, [self.name])
        placed = named(scene, self.name)
        if placed.route is None and not any(key.position is not None for key in placed.keys):
            return _with(scene, placed, {"position": rounded(self.position)})
        offset = np.subtract(self.position, local_place(placed, self.time_s)[:3, 3])
        return _with(scene, placed, carried(placed, translation_matrix(offset)))


@dataclass(frozen=True, slots=True)
class Turn(Edit):
    """Turn by yaw, pitch, roll in degrees about the world's axes, or with `own_axes` about each thing's own.

    About its own base each turns where it stands, at every key of it; about a point its path swings along.
    """

    names: tuple[str, ...]
    rotation_deg: Rotation
    about: About = "own"
    own_axes: bool = False
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return counted("Turn", self.names)

    def apply(self, scene: Scene) -> Scene:
        editable(scene, self.names)
        turn = turn_matrix(self.rotation_deg)
        turning = roots(scene, self.names)
        if self.about != "own":
            point = (
                middle(scene, [it.name for it in turning], self.time_s)
                if self.about == "middle"
                else self.about
            )
            motion = translation_matrix(point) @ turn @ translation_matrix(np.negative(point))
            return carried_in_world(scene, {it.name: motion for it in turning}, self.time_s)
        new: dict[str, Placed] = {}
        for placed in turning:
            if self.own_axes:
                # In the parent's axes it is the turn seen from how the thing stands now.
                stands = local_place(placed, self.time_s).copy()
                stands[:3, 3] = 0
                motion = stands @ turn @ stands.T
            else:
                above = parent_place(scene, placed.parent, self.time_s).copy()
                above[:3, 3] = 0
                motion = above.T @ turn @ above
            new[placed.name] = with_fields(scene, placed, carried(placed, motion, turn_only=True))
        return replaced(scene, new)


@dataclass(frozen=True, slots=True)
class TurnTo(Edit):
    """Set yaw, pitch, roll in degrees, in its parent's space. With keys, all their angles are shifted so that
    it has these at `time_s`."""

    name: str
    rotation_deg: Rotation
    time_s: float = 0.0

    @property
    def label(self) -> str:
        return f"Turn {self.name}"

    def apply(self, scene: Scene) -> Scene:
        editable(scene, [self.name])
        placed = named(scene, self.name)
        turned = [key for key in placed.keys if key.rotation_deg is not None]
        if not turned:
            return _with(scene, placed, {"rotation_deg": rounded(self.rotation_deg)})
        nearest = min(turned, key=lambda key: abs(key.time_s - self.time_s)).rotation_deg
        assert nearest is not None
        now = angles_of(local_place(placed, self.time_s), nearest)
        keys = tuple(
            key
            if key.rotation_deg is None
            else key.model_copy(
                update={
                    "rotation_deg": rounded(np.add(key.rotation_deg, np.subtract(self.rotation_deg, now)))
                }
            )
            for key in placed.keys
        )
        return _with(scene, placed, {"keys": keys})


def carried_in_world(scene: Scene, motions: Mapping[str, Matrix], time_s: float = 0.0) -> Scene:
    """The scene after a rigid motion of each of these, float64[4, 4] in the world. None of them may hang on
    another. Raises SceneError."""
    editable(scene, motions)
    new: dict[str, Placed] = {}
    for name, motion in motions.items():
        placed = named(scene, name)
        above = parent_place(scene, placed.parent, time_s)
        new[name] = with_fields(scene, placed, carried(placed, inverse_rigid(above) @ motion @ above))
    return replaced(scene, new)


def _with(scene: Scene, placed: Placed, fields: Mapping[str, object]) -> Scene:
    return replaced(scene, {placed.name: with_fields(scene, placed, fields)})
