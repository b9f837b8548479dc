"""A generated frame brought to the picture: its size, and the camera of now.

The frame answers a tick that is past. With the depth and object maps of its own conditioning every pixel
is carried back to where its surface was then; see shaders/display/generated.frag.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.shader import load_program
from director.types import GeneratedFrame, View

__all__ = ["GeneratedPicture", "Moment"]

_IDS_PER_ROW = 64


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """Camera and objects at one tick; `world_from_object` is float32[n, 4, 4], rigid, for ids 1 … n."""

    view: View
    world_from_object: NDArray[np.float32]

    def is_same(self, other: "Moment") -> bool:
        """Whether camera and objects stand alike."""
        return np.array_equal(self.view.clip_from_world, other.view.clip_from_world) and (
            self.world_from_object is other.world_from_object
            or np.array_equal(self.world_from_object, other.world_from_object)
        )


class GeneratedPicture:
    """Draws a generated frame into the bound framebuffer as seen at another moment."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._program = load_program(context, "display/rectangle.vert", "display/generated.frag")
        self._strip = context.vertex_array(self._program, [])
        self._program["top_left"] = (-1.0, -1.0)
        self._program["bottom_right"] = (1.0, 1.0)
        names = ("image", "depth", "object", "base", "source_depth", "source_object", "carry")
        for unit, name in enumerate(names):
            self._program[name] = unit
        self._frame: GeneratedFrame | None = None
        self._textures: dict[str, moderngl.Texture] = {}

    @property
    def image(self) -> moderngl.Texture:
        """The frame as it was last uploaded, at its own size. Raises KeyError before the first."""
        return self._textures["image"]

    def upload(self, frame: GeneratedFrame) -> None:
        """Hand a frame over to OpenGL; of no effect for the one that is there."""
        if frame is self._frame:
            return
        self._frame = frame
        # numpy pictures are packed: rows need not begin at multiples of four bytes.
        self._put("image", frame.image, "f1", moderngl.LINEAR)
        self.image.build_mipmaps()
        self.image.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        maps = frame.conditioning.maps
        if "depth" in maps and "object" in maps:
            self._put("source_depth", maps["depth"], "f4", moderngl.NEAREST)
            self._put("source_object", maps["object"], "u2", moderngl.NEAREST)

    def can_carry(self, frame: GeneratedFrame) -> bool:
        """Whether the frame's conditioning holds what carrying it needs: depth and object maps."""
        return "depth" in frame.conditioning.maps and "object" in frame.conditioning.maps

    def draw(self, now: Moment, source: Moment, passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw the uploaded frame, which answers `source`, as seen `now`. `passes` are the G-buffer's
        textures now (depth, object, base), of the size of the bound framebuffer."""
        self._put_carry(now, source)
        world_from_view = np.linalg.inv(now.view.view_from_world)
        clip_from_view = now.view.clip_from_view
        across, up = 1 / clip_from_view[0, 0], 1 / clip_from_view[1, 1]
        turn = world_from_view[:3, :3]
        self._program["camera_position"] = tuple(world_from_view[:3, 3])
        self._program["ray_origin"] = tuple(turn @ (-across, up, -1.0))
        self._program["ray_per_u"] = tuple(turn @ (2 * across, 0.0, 0.0))
        self._program["ray_per_v"] = tuple(turn @ (0.0, -2 * up, 0.0))
        for unit, texture in enumerate(
            (
                self.image,
                passes["depth"],
                passes["object"],
                passes["base"],
                self._textures["source_depth"],
                self._textures["source_object"],
                self._textures["carry"],
            )
        ):
            texture.use(unit)
        self._strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def release(self) -> None:
        """Free what OpenGL holds."""
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()
        self._strip.release()
        self._program.release()

    def _put_carry(self, now: Moment, source: Moment) -> None:
        count = 1 + len(now.world_from_object)
        rows = -(-count // _IDS_PER_ROW)
        clip = np.tile(source.view.clip_from_world, (rows * _IDS_PER_ROW, 1, 1))
        both = min(len(now.world_from_object), len(source.world_from_object))
        then, here = source.world_from_object[:both], now.world_from_object[:both]
        moved = np.flatnonzero((then != here).any(axis=(1, 2)))
        if len(moved):
            # Rigid: the inverse is a transpose.
            turn = here[moved, :3, :3].astype(np.float64).transpose(0, 2, 1)
            back = np.tile(np.eye(4), (len(moved), 1, 1))
            back[:, :3, :3] = turn
            back[:, :3, 3] = -(turn @ here[moved, :3, 3:].astype(np.float64))[:, :, 0]
            clip[moved + 1] = source.view.clip_from_world @ then[moved].astype(np.float64) @ back
        columns = np.ascontiguousarray(clip.transpose(0, 2, 1), np.float32)
        self._put("carry", columns.reshape(rows, _IDS_PER_ROW * 4, 4), "f4", moderngl.NEAREST)

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
