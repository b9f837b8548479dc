"""What the lamps of a finished scene give every pixel."""

from typing import Final

import moderngl
import numpy as np

from director.passes.gbuffer import plain_state
from director.passes.maps.lamplight import MOST_LAMPS, brightest_lamps
from director.passes.shader import LAMPS_BINDING, load_program
from director.types import View
from tools.teacher.fine import Fine
from tools.teacher.finished import FinishedState

__all__ = ["Lamplight"]

# So many of the strongest cast shadows.
_SHADOWED: Final = 5
_TABLE_ROW: Final = 1024


class Lamplight:
    """Draws two textures of a `Fine`'s size: `light` and `toward`, as lamps.frag says."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._context = context
        self.light = context.texture((width, height), 4, dtype="f2")
        self.toward = context.texture((width, height), 4, dtype="f2")
        self._framebuffer = context.framebuffer([self.light, self.toward])
        self._program = load_program(context, "whole.vert", "teacher/lamps.frag")
        self._whole = context.vertex_array(self._program, [])
        self._block = context.buffer(reserve=(2 * MOST_LAMPS + 1) * 16, dynamic=True)

    def draw(self, fine: Fine, state: FinishedState, view: View) -> None:
        """Draw from what `fine` has just drawn of this state and view; its uniform block View is bound."""
        block = np.zeros((2 * MOST_LAMPS + 1, 4), np.float32)
        lamps = brightest_lamps(state.state.lamps, view)
        for i, lamp in enumerate(lamps):
            block[i] = (*lamp.position, lamp.object_id)
            block[MOST_LAMPS + i] = (*(np.asarray(lamp.colour) * lamp.strength), i < _SHADOWED)
        block[-1, 0] = len(lamps)
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
        self._framebuffer.use()
        self._whole.render(moderngl.TRIANGLES, vertices=3)
        table.release()
