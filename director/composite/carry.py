"""Where everything was at another moment, as shaders/display/carry.glsl reads it."""

from dataclasses import dataclass
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.types import View

__all__ = ["IDS_PER_ROW", "Carry", "Moment", "carry_table", "eye_of"]

IDS_PER_ROW: Final = 64
"""Of tables by id, here and in the shader."""

_EYE: Final = ("camera_position", "ray_origin", "ray_per_u", "ray_per_v")


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Camera and objects at one tick; `world_from_object` is float32[n, 4, 4], rigid, for ids 1 … n."""

    view: View
    world_from_object: NDArray[np.float32]

    def has_view_of(self, other: "Moment") -> bool:
        """Whether the camera stands alike."""
        return np.array_equal(self.view.clip_from_world, other.view.clip_from_world)

    def is_same(self, other: "Moment") -> bool:
        """Whether camera and objects stand alike."""
        return self.has_view_of(other) and (
            self.world_from_object is other.world_from_object
            or np.array_equal(self.world_from_object, other.world_from_object)
        )


def carry_table(now: Moment, then: Moment) -> NDArray[np.float32]:
    """float32[rows, 4 · 64, 4]: for each id the columns of clip_from_world then, for points of the world of
    now that move with the object."""
    count = 1 + len(now.world_from_object)
    rows = -(-count // IDS_PER_ROW)
    clip = np.tile(then.view.clip_from_world, (rows * IDS_PER_ROW, 1, 1))
    both = min(len(now.world_from_object), len(then.world_from_object))
    before, here = then.world_from_object[:both], now.world_from_object[:both]
    moved = np.flatnonzero((before != here).any(axis=(1, 2)))
    if len(moved):
        # Rigid: the inverse is a transpose.
        turn = here[moved, :3, :3].astype(np.float64).transpose(0, 2, 1)
        back = np.tile(np.eye(4), (len(moved), 1, 1))
        back[:, :3, :3] = turn
        back[:, :3, 3] = -(turn @ here[moved, :3, 3:].astype(np.float64))[:, :, 0]
        clip[moved + 1] = then.view.clip_from_world @ before[moved].astype(np.float64) @ back
    columns = np.ascontiguousarray(clip.transpose(0, 2, 1), np.float32)
    return columns.reshape(rows, IDS_PER_ROW * 4, 4)


def eye_of(view: View) -> NDArray[np.float64]:
    """float64[4, 3]: the camera's place, the world's direction through uv (0, 0), 1 along the view axis, and
    what a width and a height of the picture add to it."""
    world_from_view = inverse_rigid(view.view_from_world)
    across, up = 1 / view.clip_from_view[0, 0], 1 / view.clip_from_view[1, 1]
    rays = np.array([(-across, up, -1.0), (2 * across, 0.0, 0.0), (0.0, -2 * up, 0.0)])
    return np.concatenate([world_from_view[None, :3, 3], rays @ world_from_view[:3, :3].T])


class Carry:
    """Gives a program that includes carry.glsl its uniforms, and its table on a texture unit."""

    def __init__(self, context: moderngl.Context, program: moderngl.Program, unit: int) -> None:
        self._context = context
        self._program = program
        self._unit = unit
        self._table: moderngl.Texture | None = None
        program["carry"] = unit

    def put(self, now: Moment, then: Moment) -> None:
        """From `now`, whose camera sees the picture that is drawn, to `then`."""
        table = carry_table(now, then)
        size = (table.shape[1], table.shape[0])
        if self._table is None or self._table.size != size:
            self.release()
            self._table = self._context.texture(size, 4, dtype="f4", alignment=1)
            self._table.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._table.write(table.tobytes(), alignment=1)
        self._table.use(self._unit)
        for name, value in zip(_EYE, eye_of(now.view), strict=True):
            self._program[name] = tuple(value)

    def release(self) -> None:
        """Free what OpenGL holds."""
        if self._table is not None:
            self._table.release()
            self._table = None
