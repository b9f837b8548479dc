"""From the gizmo's matrices to edits: how far something was moved, turned or stretched, and on which grid."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from director.app.desk.keying import angles_now, key_time, placed_edit
from director.scene.document import Scene
from director.scene.edit import Edit, Move, Scale, Turn, snapped, snapped_offset
from director.scene.edit.places import (
    angles_of,
    local_place,
    middle,
    parent_place,
    rounded,
    turn_matrix,
    world_place,
)
from director.scene.edit.tree import is_locked, is_moving, named, roots
from director.types import Vector, View

__all__ = ["HandlePlaces", "Mode", "at_key", "handle_place", "level_axes", "motion_edit", "movable"]

Matrix = NDArray[np.float64]
Mode = Literal["move", "turn", "scale"]

_LEAST_FACTOR = 0.01


def movable(scene: Scene, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of a selection that a gizmo may move: none that is locked, or hangs on another of them."""
    known = {placed.name for _, placed in scene.placed()}
    kept = tuple(name for name in names if name in known and not is_locked(scene, name))
    return tuple(placed.name for placed in roots(scene, kept))


def handle_place(scene: Scene, names: tuple[str, ...], time_s: float) -> Matrix:
    """float64[4, 4]: where the gizmo of a selection stands: as one thing stands, or upright amid several."""
    if len(names) == 1:
        return world_place(scene, names[0], time_s)
    made = np.eye(4)
    made[:3, 3] = middle(scene, names, time_s)
    return made


class HandlePlaces:
    """Where the gizmo of a selection of a scene stands at one time after the other, as `handle_place` tells:
    of what stands still that is asked once. Without a scene there is none."""

    def __init__(self, scene: Scene | None, names: tuple[str, ...]) -> None:
        self.scene = scene
        self.names = names
        self._moving = [] if scene is None else [name for name in names if is_moving(scene, name)]
        self._still: tuple[str, ...] | None = None
        self._of: tuple[float, Matrix] | None = None

    def at(self, time_s: float) -> Matrix:
        """float64[4, 4]."""
        assert self.scene is not None
        if self._of is None or (self._moving and self._of[0] != time_s):
            self._of = time_s, handle_place(self.scene, self._outermost(time_s), time_s)
        return self._of[1]

    def _outermost(self, time_s: float) -> tuple[str, ...]:
        # The still ones at the ends of the box that holds them all, and all that move.
        assert self.scene is not None
        if len(self.names) == 1 or not self._moving:
            return self.names
        if self._still is None:
            moving = frozenset(self._moving)
            still = [name for name in self.names if name not in moving]
            places = [world_place(self.scene, name, time_s)[:3, 3] for name in still]
            ends = (
                {i for find in (np.argmin, np.argmax) for i in find(places, axis=0).tolist()} if still else ()
            )
            self._still = tuple(still[i] for i in sorted(ends))
        return (*self._still, *self._moving)


def motion_edit(
    mode: Mode,
    names: tuple[str, ...],
    start: Matrix,
    now: Matrix,
    time_s: float,
    *,
    grid_m: float = 0.0,
    own_axes: bool = False,
) -> Edit | None:
    """The edit that brings these from where the gizmo stood to where it is, float64[4, 4] each; None if that
    is the same. A place is brought onto a grid along the axes in which it moves; turns and factors come
    snapped from the gizmo."""
    if mode == "move":
        x, y, z = (float(value) for value in now[:3, 3] - start[:3, 3])
        # What the gizmo's float32 adds is no motion.
        x, y, z = (0.0 if abs(value) < 1e-5 else value for value in (x, y, z))
        if grid_m > 0 and own_axes:
            turn = start[:3, :3] / np.linalg.norm(start[:3, :3], axis=0)
            along = [snapped(float(value), grid_m) for value in turn.T @ (x, y, z)]
            x, y, z = (float(value) for value in turn @ along)
        elif grid_m > 0:
            base = start[:3, 3]
            x, y, z = snapped_offset((float(base[0]), float(base[1]), float(base[2])), (x, y, z), grid_m)
        return Move(names, (x, y, z), time_s) if (x, y, z) != (0.0, 0.0, 0.0) else None
    if mode == "turn":
        before, after = _unstretched(start), _unstretched(now)
        turn = np.eye(4)
        turn[:3, :3] = after @ before.T
        yaw, pitch, roll = (round(angle, 4) + 0.0 for angle in angles_of(turn))
        if (yaw, pitch, roll) == (0.0, 0.0, 0.0):
            return None
        if len(names) == 1:
            return Turn(names, (yaw, pitch, roll), "own", time_s=time_s)
        point = start[:3, 3]
        about = (float(point[0]), float(point[1]), float(point[2]))
        return Turn(names, (yaw, pitch, roll), about, time_s=time_s)
    lengths = np.linalg.norm(now[:3, :3], axis=0) / np.linalg.norm(start[:3, :3], axis=0)
    wide, high, deep = (max(_LEAST_FACTOR, round(float(value), 4)) for value in lengths)
    if (wide, high, deep) == (1.0, 1.0, 1.0):
        return None
    if len(names) == 1:
        return Scale(names, (wide, high, deep), "own", time_s)
    point = start[:3, 3]
    return Scale(names, (wide, high, deep), (float(point[0]), float(point[1]), float(point[2])), time_s)


def at_key(scene: Scene, edit: Edit, time_s: float) -> Edit:
    """The same motion of the key alone, where one thing is moved or turned that has a key at this time; else
    the edit as it is. `scene` is as it was before."""
    if not isinstance(edit, Move | Turn) or len(edit.names) != 1:
        return edit
    placed = named(scene, edit.names[0])
    at_s = key_time(placed, time_s)
    if placed.route is not None or all(key.time_s != at_s for key in placed.keys):
        return edit
    above = parent_place(scene, placed.parent, time_s)[:3, :3]
    stands = local_place(placed, time_s)
    if isinstance(edit, Move):
        return placed_edit(
            scene, placed.name, time_s, position=rounded(stands[:3, 3] + above.T @ edit.offset_m)
        )
    turned = np.eye(4)
    turned[:3, :3] = above.T @ turn_matrix(edit.rotation_deg)[:3, :3] @ above @ stands[:3, :3]
    angles = rounded(angles_of(turned, angles_now(placed, time_s)))
    return placed_edit(scene, placed.name, time_s, rotation_deg=angles)


def level_axes(view: View) -> tuple[Vector, Vector]:
    """(right, away): the world's level axes nearest to the camera's right and to where it looks, so that a
    nudge goes as it looks."""
    right = view.view_from_world[0, :3]
    across = (1.0, 0.0) if abs(right[0]) >= abs(right[2]) else (0.0, 1.0)
    sign = 1.0 if across[0] * right[0] + across[1] * right[2] >= 0 else -1.0
    x, z = sign * across[0], sign * across[1]
    # Up × right: where an upright camera looks, however far it is tilted.
    return (x, 0.0, z), (z, 0.0, -x)


def _unstretched(matrix: Matrix) -> Matrix:
    return np.asarray(matrix[:3, :3] / np.linalg.norm(matrix[:3, :3], axis=0), np.float64)
