"""A generated frame brought to the picture: its size, and the camera of now.

The frame answers a tick that is past. With the depth and object maps of its own conditioning every pixel
is carried back to where its surface was then; see shaders/display/generated.frag.
"""

from collections.abc import Mapping

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.carry import IDS_PER_ROW, Carry, Moment
from director.composite.overhang import Overhang, moved
from director.passes.shader import load_program
from director.types import GeneratedFrame

__all__ = ["GeneratedPicture", "Moment", "image_and_key", "object_colours"]


# Alpha of the image: what a pixel is worth to another camera. At a silhouette colours of both sides are
# mixed, and would show as an outline where one side has moved away.
_INSIDE, _MIXED = 255, 20
_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)
# What proxy shading leaves of an object's colour, on the mean.
_BLOCKED = 0.8
_NONE = np.zeros(0, np.int64)
_SPARSE = 2
"""Every second pixel of every second row is enough for a mean."""


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
        self._overhang = Overhang(context)
        self._frame: GeneratedFrame | None = None
        self._source: Moment | None = None
        self._movers = _NONE
        self._textures: dict[str, moderngl.Texture] = {}

    @property
    def image(self) -> moderngl.Texture:
        """The frame as it was last uploaded, at its own size. Raises KeyError before the first."""
        return self._textures["image"]

    def upload(self, frame: GeneratedFrame, now: Moment | None = None, source: Moment | None = None) -> None:
        """Hand a frame over to OpenGL, which answers `source`; of no effect for the one that is there, unless
        something has begun to move since."""
        is_new = frame is not self._frame
        movers = self._movers_at(now, source, is_new)
        if not is_new and np.isin(movers, self._movers).all():
            return
        self._frame, self._source, self._movers = frame, source, movers
        beyond = self._overhang.take(frame, source, movers)
        if self.can_carry(frame):
            image, key = image_and_key(frame)
            if beyond is not None:
                image[..., 3][beyond] = 0
            self._put("source_key", key, "f4", moderngl.NEAREST)
            self._put("objects", object_colours(frame), "f4", moderngl.NEAREST)
        else:
            image = np.full((*frame.image.shape[:2], 4), _INSIDE, np.uint8)
            image[..., :3] = frame.image
        # numpy pictures are packed: rows need not begin at multiples of four bytes.
        self._put("image", image, "f1", moderngl.LINEAR)

    def can_carry(self, frame: GeneratedFrame) -> bool:
        """Whether the frame's conditioning holds what carrying it needs: depth and object maps."""
        return "depth" in frame.conditioning.maps and "object" in frame.conditioning.maps

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
        self._overhang.draw(now, passes)

    def draw_overhang(self, now: Moment, passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw over the frame what moves otherwise than what was blocked there: that changes alpha alone
        where the frame is drawn as it came."""
        self._overhang.draw(now, passes)

    def release(self) -> None:
        """Free what OpenGL holds."""
        for texture in self._textures.values():
            texture.release()
        self._textures.clear()
        self._carry.release()
        self._overhang.release()
        self._strip.release()
        self._program.release()

    def _movers_at(self, now: Moment | None, source: Moment | None, is_new: bool) -> NDArray[np.int64]:
        """Ids of what has moved since the frame was asked for, or between the frame before and this one."""
        if now is None or source is None:
            return _NONE
        movers = moved(now, source)
        before = self._source if is_new else None
        if before is not None:
            movers = np.union1d(movers, moved(before, source))
        return movers if is_new else np.union1d(movers, self._movers)

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


def image_and_key(frame: GeneratedFrame) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """What generated.frag reads of a frame: the image as uint8[h, w, 4], alpha low at silhouettes, and depth
    and object ids together (one texel to fetch instead of two), float32[h, w, 2]."""
    depth, ids = frame.conditioning.maps["depth"], frame.conditioning.maps["object"]
    image = np.full((*frame.image.shape[:2], 4), _INSIDE, np.uint8)
    image[..., :3] = frame.image
    if ids.shape == image.shape[:2]:
        image[..., 3][_silhouettes(ids)] = _MIXED
    return image, np.stack([depth, ids.astype(np.float32)], -1)


def object_colours(frame: GeneratedFrame) -> NDArray[np.float32]:
    """float32[rows, 64, 4], an id a texel: the mean colour that the frame gives it, sRGB 0..1, and how bright
    its blocking is on the mean. For what the frame does not show: the factors by which it grades blocking
    colours on the mean, and 0."""
    objects = frame.conditioning.objects
    ids = frame.conditioning.maps["object"]
    height, width = frame.image.shape[:2]
    rows = np.arange(0, height, _SPARSE) * ids.shape[0] // height
    columns = np.arange(0, width, _SPARSE) * ids.shape[1] // width
    at = ids[np.ix_(rows, columns)].ravel().astype(np.intp)
    seen = frame.image[::_SPARSE, ::_SPARSE].reshape(-1, 3).astype(np.float32) * np.float32(1 / 255)
    count = max([int(at.max(initial=0)), *(thing.id for thing in objects)]) + 1
    pixels = np.bincount(at, minlength=count)
    sums = np.stack([np.bincount(at, seen[:, k], count) for k in range(3)], 1)
    blocked = np.full((count, 3), 0.5, np.float32)
    for thing in objects:
        blocked[thing.id] = np.multiply(thing.colour, _BLOCKED)
    # The sky is no surface: its colour says nothing about how surfaces are graded.
    shown, meant = sums[1:].sum(0), (pixels[1:, None] * blocked[1:]).sum(0)
    grade = np.ones(3)
    if pixels[1:].any():
        # Half of it the tint, half of it the brightness alone: a red picture must not make grass black.
        grade = 0.5 * (shown / np.maximum(meant, 1e-3) + (shown @ _LUMA) / max(meant @ _LUMA, 1e-3))
    known = pixels > 0
    table = np.zeros((-(-count // IDS_PER_ROW) * IDS_PER_ROW, 4), np.float32)
    table[:, :3] = grade
    table[:count][known, :3] = sums[known] / pixels[known, None]
    table[:count][known, 3] = np.maximum(blocked[known] @ _LUMA, 0.02)
    return table.reshape(-1, IDS_PER_ROW, 4)


def _silhouettes(ids: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """bool[h, w]: pixels beside another object's."""
    edge = np.zeros(ids.shape, np.bool_)
    for first, second, a, b in (
        (edge[:-1], edge[1:], ids[:-1], ids[1:]),
        (edge[:, :-1], edge[:, 1:], ids[:, :-1], ids[:, 1:]),
    ):
        border = a != b
        first |= border
        second |= border
    return edge
