"""A fragment shader drawn over the whole of its targets: what each step of an effect on a picture is."""

from collections.abc import Mapping, Sequence

import moderngl

from director.passes.context import release_framebuffer
from director.passes.gbuffer import plain_state
from director.passes.shader import load_program

__all__ = ["Layer", "Number"]

Number = float | int | tuple[float, ...] | tuple[int, ...]
"""A uniform's value."""


class Layer:
    """Owns its targets, textures of one size. Rows run from the top of the picture down.

    Raises GraphicsError where the shader does not compile.
    """

    def __init__(
        self,
        context: moderngl.Context,
        size: tuple[int, int],
        fragment: str,
        targets: Sequence[tuple[int, str]],
        defines: Mapping[str, str] | None = None,
    ) -> None:
        """`fragment` names a file in shaders/display; `targets` are components and moderngl's type each."""
        self._context = context
        self.textures = tuple(_target(context, size, components, dtype) for components, dtype in targets)
        self._framebuffer = context.framebuffer(list(self.textures))
        self._program = load_program(context, "display/rectangle.vert", f"display/{fragment}", defines)
        self._strip = context.vertex_array(self._program, [])
        self._program["top_left"] = (-1.0, -1.0)
        self._program["bottom_right"] = (1.0, 1.0)

    @property
    def texture(self) -> moderngl.Texture:
        """The first target."""
        return self.textures[0]

    def draw(self, textures: Mapping[str, moderngl.Texture], numbers: Mapping[str, Number]) -> None:
        """Draw with these samplers and uniforms. Raises KeyError for one that the shader does not have."""
        plain_state(self._context)
        self._framebuffer.use()
        for unit, (name, texture) in enumerate(textures.items()):
            self._program[name] = unit
            texture.use(unit)
        for name, value in numbers.items():
            self._program[name] = value
        self._strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def release(self) -> None:
        """Free what OpenGL holds."""
        release_framebuffer(self._framebuffer)
        self._strip.release()
        self._program.release()
        for texture in self.textures:
            texture.release()


def _target(
    context: moderngl.Context, size: tuple[int, int], components: int, dtype: str
) -> moderngl.Texture:
    texture = context.texture(size, components, dtype=dtype, alignment=1)
    texture.filter = (moderngl.LINEAR, moderngl.LINEAR) if dtype == "f1" else (moderngl.NEAREST,) * 2
    texture.repeat_x = texture.repeat_y = False
    return texture
