"""One fragment shader run over a whole picture."""

from collections.abc import Mapping, Sequence

import moderngl

from director.passes.context import release_framebuffer
from director.passes.gbuffer import plain_state
from director.passes.shader import load_program

__all__ = ["WholePicture"]


class WholePicture:
    """A texture and the shader that fills it: `fragment`, a file of shaders/, which samples the textures
    named `sampled` as `<name>_map`. `texture` has so many components of moderngl's `dtype`; `program` is
    there for further uniforms.
    """

    def __init__(
        self,
        context: moderngl.Context,
        size: tuple[int, int],
        fragment: str,
        sampled: Sequence[str],
        components: int,
        dtype: str,
    ) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._context = context
        self._sampled = tuple(sampled)
        self.texture = context.texture(size, components, dtype=dtype, alignment=1)
        self.texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._framebuffer = context.framebuffer([self.texture])
        self.program = load_program(context, "whole.vert", fragment)
        for unit, name in enumerate(self._sampled):
            self.program[f"{name}_map"] = unit
        self._vertices = context.vertex_array(self.program, [])

    def draw(self, textures: Mapping[str, moderngl.Texture]) -> None:
        """Fill the texture; `textures` hold those sampled, among others. Further units stay as bound."""
        plain_state(self._context)
        for unit, name in enumerate(self._sampled):
            textures[name].use(unit)
        self._framebuffer.use()
        self._vertices.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._vertices.release()
        self.program.release()
        release_framebuffer(self._framebuffer)
        self.texture.release()
