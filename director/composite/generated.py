"""A generated frame brought to the picture: its size, and the camera of now.

The frame answers a tick that is past. With the depth and object maps of its own conditioning every pixel
is carried back to where its surface was then; see shaders/display/generated.frag.
"""

from collections.abc import Mapping

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.answer import Answer, key_of
from director.composite.carry import Carry, Moment
from director.composite.overhang import OverhangPoints
from director.passes.shader import load_program
from director.types import GeneratedFrame

__all__ = ["GeneratedPicture", "Moment"]


class GeneratedPicture:
    """Draws a generated frame into the bound framebuffer as seen at another moment."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._program = load_program(context, "display/rectangle.vert", "display/generated.frag")
        self._strip = context.vertex_array(self._program, [])
        self._program["top_left"] = (-1.0, -1.0)
        self._program["bottom_right"] = (1.0, 1.0)
        names = ("image", "depth", "object", "base", "source_key", "objects")
        for unit, name in enumerate(names):
            self._program[name] = unit
        self._carry = Carry(context, self._program, len(names))
        self._answer = Answer()
        self._overhang = OverhangPoints(context)
        self._textures: dict[str, moderngl.Texture] = {}

    @property
    def image(self) -> moderngl.Texture:
        """The frame as it was last uploaded, at its own size. Raises KeyError before the first."""
        return self._textures["image"]

    def upload(self, frame: GeneratedFrame, now: Moment | None = None, source: Moment | None = None) -> None:
        """Hand a frame over to OpenGL, which answers `source`; of no effect for the one that is there, unless
        something has begun to move since."""
        answer = self._answer
        if not answer.take(frame, now, source):
            return
        if answer.colours is not None:
            self._put("source_key", key_of(frame), "f4", moderngl.NEAREST)
            self._put("objects", answer.colours, "f4", moderngl.NEAREST)
        # numpy pictures are packed: rows need not begin at multiples of four bytes.
        self._put("image", answer.image, "f1", moderngl.LINEAR)

    def draw(self, now: Moment, source: Moment, passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw the uploaded frame, which answers `source`, as seen `now`. `passes` are the G-buffer's
        textures now (depth, object, base), of the size of the bound framebuffer. Alpha says how far each
        pixel is known."""
        textures = (
            self.image,
            passes["depth"],
            passes["object"],
            passes["base"],
            self._textures["source_key"],
            self._textures["objects"],
        )
        for unit, texture in enumerate(textures):
            texture.use(unit)
        self._carry.put(now, source)
        self._strip.render(moderngl.TRIANGLE_STRIP, vertices=4)
        self.draw_overhang(now, passes)

    def draw_overhang(self, now: Moment, passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw over the frame what moves otherwise than what was blocked there: that changes alpha alone
        where the frame is drawn as it came."""
        self._overhang.draw(self._answer.overhang.points(now, passes["depth"].height), passes)

    def release(self) -> None:
        """Free what OpenGL holds."""
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()
        self._carry.release()
        self._overhang.release()
        self._strip.release()
        self._program.release()

    def _put(self, name: str, array: NDArray[np.generic], dtype: str, sampling: int) -> None:
        height, width = array.shape[:2]
        components = array.shape[2] if array.ndim == 3 else 1
        texture = self._textures.get(name)
        if texture is None or texture.size != (width, height) or texture.components != components:
            if texture is not None:
                texture.release()
            texture = self._context.texture((width, height), components, dtype=dtype, alignment=1)
            texture.filter = (sampling, sampling)
            texture.repeat_x = texture.repeat_y = False
            self._textures[name] = texture
        texture.write(np.ascontiguousarray(array), alignment=1)
