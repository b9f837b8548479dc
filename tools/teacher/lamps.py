"""What the lamps of a finished scene give every pixel."""

from collections.abc import Sequence
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.gbuffer import plain_state
from director.passes.instances import frustum_planes
from director.passes.maps.lamplight import MOST_LAMPS, brightest_lamps
from director.passes.shader import LAMPS_BINDING, load_program, set_matrix
from director.types import Lamp, View
from tools.teacher.fine import Fine
from tools.teacher.finished import FinishedState

__all__ = ["Lamplight"]

# So many of the strongest cast shadows, as far as this; each has six maps about it.
_SHADOWED: Final = 4
_REACH_M: Final = 20.0
_NEAR_M: Final = 0.05
_TEXELS: Final = 256
_TABLE_ROW: Final = 1024


class Lamplight:
    """Draws two textures of a `Fine`'s size: `light` and `toward`, as lamps.frag says."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._context = context
        self.light = context.texture((width, height), 4, dtype="f2")
        self.toward = context.texture((width, height), 4, dtype="f2")
        self._framebuffer = context.framebuffer([self.light, self.toward])
        self._program = load_program(
            context, "whole.vert", "teacher/lamps.frag", {"SHADOWED": str(_SHADOWED)}
        )
        self._casters = load_program(context, "teacher/light_depth.vert", "shadow_map.frag")
        self._depth = context.depth_texture((6 * _TEXELS, _SHADOWED * _TEXELS))
        self._depth.compare_func = "<="
        self._depth.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._depth.repeat_x = self._depth.repeat_y = False
        self._depth_framebuffer = context.framebuffer([], self._depth)
        self._whole = context.vertex_array(self._program, [])
        self._block = context.buffer(reserve=(2 * MOST_LAMPS + 1) * 16, dynamic=True)

    def draw(self, fine: Fine, state: FinishedState, view: View) -> None:
        """Draw from what `fine` has just drawn of this state and view; its uniform block View is bound."""
        block = np.zeros((2 * MOST_LAMPS + 1, 4), np.float32)
        lamps = brightest_lamps(state.state.lamps, view)
        for i, lamp in enumerate(lamps):
            block[i] = (*lamp.position, lamp.object_id)
            place = i + 1 if i < _SHADOWED else 0
            block[MOST_LAMPS + i] = (*(np.asarray(lamp.colour) * lamp.strength), place)
        block[-1, 0] = len(lamps)
        self._cast(fine, state, lamps[:_SHADOWED])
        self._block.write(block)
        self._block.bind_to_uniform_block(LAMPS_BINDING)
        owners = np.zeros(_TABLE_ROW * max(1, -(-len(state.rows) // _TABLE_ROW)), np.float32)
        owners[: len(state.rows)] = state.owners + 1
        table = self._context.texture(
            (_TABLE_ROW, len(owners) // _TABLE_ROW), 1, owners.tobytes(), dtype="f4"
        )
        table.filter = (moderngl.NEAREST, moderngl.NEAREST)
        plain_state(self._context)
        for unit, name in enumerate(("depth", "normal", "object")):
            fine.textures[name].use(unit)
            self._program[f"{name}_map"] = unit
        table.use(3)
        self._program["owner_table"] = 3
        self._depth.use(4)
        self._program["lamp_map"] = 4
        self._framebuffer.use()
        self._whole.render(moderngl.TRIANGLES, vertices=3)
        table.release()

    def _cast(self, fine: Fine, state: FinishedState, lamps: Sequence[Lamp]) -> None:
        """Draw the maps about the lamps: all that is near but what carries the lamp."""
        member = self._program["lamp_from_offset"]
        if not isinstance(member, moderngl.Uniform):
            raise TypeError("lamp_from_offset is no uniform")
        faces = _faces()
        member.write(np.tile(faces.transpose(0, 2, 1), (_SHADOWED, 1, 1)).astype(np.float32).tobytes())
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<="
        self._context.polygon_offset = (1.5, 2.0)
        self._depth_framebuffer.clear(depth=1.0)
        self._depth_framebuffer.use()
        centres, radii = state.spheres[:, :3], state.spheres[:, 3]
        owners = state.owners[state.chunks[:, 2]]
        for row, lamp in enumerate(lamps):
            at = np.asarray(lamp.position)
            near = np.linalg.norm(centres - at, axis=1) < radii + _REACH_M
            near &= owners != lamp.object_id - 1
            place = np.eye(4)
            place[:3, 3] = -at
            for column, face in enumerate(faces):
                light = face @ place
                fine.triangles.choose(near & state.within(frustum_planes(light)))
                self._depth_framebuffer.viewport = (column * _TEXELS, row * _TEXELS, _TEXELS, _TEXELS)
                set_matrix(self._casters, "light_from_world", light)
                fine.triangles.draw(self._casters)
        plain_state(self._context)


def _faces() -> NDArray[np.float64]:
    """float64[6, 4, 4]: clip space from an offset, towards +x −x +y −y +z −z, a right angle wide."""
    scale = (_REACH_M + _NEAR_M) / (_NEAR_M - _REACH_M), 2 * _REACH_M * _NEAR_M / (_NEAR_M - _REACH_M)
    projection = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, *scale], [0, 0, -1, 0]], np.float64)
    faces = []
    for axis in range(3):
        for sign in (1.0, -1.0):
            ahead = np.eye(3)[axis] * sign
            up = np.eye(3)[(axis + 1) % 3]
            turn = np.eye(4)
            turn[:3, :3] = np.stack([np.cross(ahead, up), up, -ahead])
            faces.append(projection @ turn)
    return np.array(faces)
