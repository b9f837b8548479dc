"""The picture steadied along exact motion, and its gaps filled with what was generated before.

The stabiliser keeps a share of the tick before, carried to the camera of now with the surfaces that it
shows; see shaders/display/steady.frag. What a surface looked like when it was last generated also stands
in where the newest generated frame does not show it.
"""

from collections.abc import Mapping

import moderngl
import numpy as np

from director.composite.carry import Carry, Moment
from director.composite.compiled import Before
from director.passes.context import release_framebuffer
from director.passes.shader import load_program

__all__ = ["SteadyPicture"]


class SteadyPicture:
    """Steadies pictures of `width` × `height`, tick after tick. Begin anew with `forget`: after a cut."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError where the shader does not compile."""
        self._context = context
        self._size = (width, height)
        self._program = load_program(context, "display/rectangle.vert", "display/steady.frag")
        self._program["top_left"] = (-1.0, -1.0)
        self._program["bottom_right"] = (1.0, 1.0)
        self._strip = context.vertex_array(self._program, [])
        names = ("current", "depth", "object", "before", "before_key")
        for unit, name in enumerate(names):
            self._program[name] = unit
        self._carry = Carry(context, self._program, len(names))
        # Two of each: one is read while the other is drawn. Half floats, for small steps in bytes would stop
        # short of where they go.
        self._pictures = [self._texture(4, "f2"), self._texture(4, "f2")]
        self._keys = [self._texture(2, "f4"), self._texture(2, "f4")]
        self._framebuffers = [
            context.framebuffer([picture, key])
            for picture, key in zip(self._pictures, self._keys, strict=True)
        ]
        self._at = 0
        self._before: Moment | None = None

    @property
    def knows(self) -> bool:
        """Whether there is a picture before to go by."""
        return self._before is not None

    def draw(
        self,
        current: moderngl.Texture,
        passes: Mapping[str, moderngl.Texture],
        now: Moment,
        amount: float,
        soften: float = 0.0,
    ) -> moderngl.Texture:
        """Steady `current`, RGBA8 with how far it is known as alpha; `passes` are the G-buffer's depth and
        object now. `amount` 0..1 is the share of the tick before that is kept, `soften` how much silhouettes
        are softened. Returns the picture, which stays until the next draw but one."""
        self._at = 1 - self._at
        self._framebuffers[self._at].use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        other = 1 - self._at
        textures = (current, passes["depth"], passes["object"], self._pictures[other], self._keys[other])
        for unit, texture in enumerate(textures):
            texture.use(unit)
        before = self._before
        if before is None:
            # Nothing is found in what has no object: nothing is kept.
            self._keys[other].write(_NOWHERE * (self._size[0] * self._size[1]))
            before = now
        self._carry.put(now, before)
        self._program["amount"] = amount
        self._program["soften"] = soften
        self._strip.render(moderngl.TRIANGLE_STRIP, vertices=4)
        self._before = now
        return self._pictures[self._at]

    def go_on(self, before: Before) -> None:
        """Continue a picture that was steadied otherwise, of this size."""
        self._pictures[self._at].write(before.picture.astype(np.float16).tobytes())
        key = np.stack([before.depth, before.ids.astype(np.float32)], -1)
        self._keys[self._at].write(key.tobytes())
        self._before = before.moment

    def forget(self) -> None:
        """What comes next does not continue what was."""
        self._before = None

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._context.detect_framebuffer(0).use()
        for framebuffer in self._framebuffers:
            release_framebuffer(framebuffer)
        for texture in (*self._pictures, *self._keys):
            texture.release()
        self._carry.release()
        self._strip.release()
        self._program.release()

    def _texture(self, components: int, dtype: str) -> moderngl.Texture:
        texture = self._context.texture(self._size, components, dtype=dtype)
        texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
        texture.repeat_x = texture.repeat_y = False
        return texture


# Depth and id of no object: ids end at 65535.
_NOWHERE = b"\x00\x00\x00\x00\x00\x00\x80\x47"
