"""Unit Gaussian noise anchored to surfaces: what a diffusion model starts from, so that its picture holds."""

from typing import ClassVar

import moderngl
import numpy as np

from director.passes.context import release_framebuffer
from director.passes.gbuffer import GBuffer, plain_state
from director.passes.shader import load_program
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "NoiseMap"]

_SAMPLED = ("depth", "normal", "anchor", "object")


class NoiseMap:
    """float16[h, w, 4]: four independent unit Gaussians a pixel, hashed from seed, object and anchor."""

    name: ClassVar[str] = "noise"
    reads: ClassVar[frozenset[str]] = frozenset(_SAMPLED)
    channels: ClassVar[int] = 4
    dtype: ClassVar[type[np.generic]] = np.float16

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._context = context
        self.texture = context.texture((width, height), 4, dtype="f2", alignment=1)
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._framebuffer = context.framebuffer([self.texture])
        self._program = load_program(context, "whole.vert", "noise.frag")
        for unit, name in enumerate(_SAMPLED):
            self._program[f"{name}_map"] = unit
        self._whole = context.vertex_array(self._program, [])

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn."""
        plain_state(self._context)
        # Seeds of up to 64 bits: both halves count.
        self._program["seed"] = (seed + (seed >> 32) * 0x9E3779B9) & 0xFFFFFFFF
        for unit, name in enumerate(_SAMPLED):
            gbuffer.textures[name].use(unit)
        self._framebuffer.use()
        self._whole.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._whole.release()
        self._program.release()
        release_framebuffer(self._framebuffer)
        self.texture.release()


MAP = NoiseMap
