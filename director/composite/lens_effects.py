"""The generated picture's lens: depth of field and shutter blur, from exact depth and motion.

Both are made of the finished picture, at its size, in linear light; what is sharp and still keeps its bytes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import moderngl

from director.composite.depth_of_field import DepthOfField
from director.composite.shutter_blur import ShutterBlur
from director.types import Lens

__all__ = ["LensEffects", "LensSettings"]


@dataclass(frozen=True, slots=True)
class LensSettings:
    """What the lens does to the picture. `shutter_angle_deg` is the part of each turn for which a film
    camera's disc is open, 0..360 (180 is usual); 0 freezes everything.

    Raises ValueError for an angle outside that.
    """

    depth_of_field: bool = False
    shutter_angle_deg: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.shutter_angle_deg <= 360:
            raise ValueError(f"a shutter angle of {self.shutter_angle_deg:g}° is outside 0 to 360")

    @property
    def is_on(self) -> bool:
        """Whether anything is done at all."""
        return self.depth_of_field or self.shutter_angle_deg > 0

    @property
    def passes(self) -> frozenset[str]:
        """The G-buffer's targets that are read."""
        depth = {"depth"} if self.is_on else set()
        return frozenset(depth | ({"motion"} if self.shutter_angle_deg > 0 else set()))


class LensEffects:
    """Draws pictures of `width` × `height` through a lens. What is never switched on costs nothing."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._context = context
        self._size = (width, height)
        self._depth_of_field: DepthOfField | None = None
        self._shutter_blur: ShutterBlur | None = None

    def draw(
        self,
        picture: moderngl.Texture,
        passes: Mapping[str, moderngl.Texture],
        lens: Lens,
        settings: LensSettings,
        frame_share: float = 1.0,
    ) -> moderngl.Texture:
        """The picture, sRGB RGBA8, seen through the lens; with everything off the very texture given, else
        one that the next draw overwrites.

        `passes` are the G-buffer's textures of the same moment and size, `settings.passes` at least.
        `frame_share` is the duration of a film frame divided by the time that the motion target covers (the
        tick's `dt_s`), 1 where each tick is a frame; 0, or no finite number, is a frame without a before.
        Raises ValueError for another size, KeyError for a pass that is missing and GraphicsError where a
        shader does not compile.
        """
        for texture in (picture, *(passes[name] for name in settings.passes)):
            if texture.size != self._size:
                raise ValueError(f"{texture.size} is not the size of the picture, {self._size}")
        if settings.depth_of_field:
            if self._depth_of_field is None:
                self._depth_of_field = DepthOfField(self._context, *self._size)
            picture = self._depth_of_field.draw(picture, passes, lens)
        open_share = settings.shutter_angle_deg / 360 * frame_share
        if open_share > 0 and math.isfinite(open_share):
            if self._shutter_blur is None:
                self._shutter_blur = ShutterBlur(self._context, *self._size)
            picture = self._shutter_blur.draw(picture, passes, open_share)
        return picture

    def release(self) -> None:
        """Free what OpenGL holds."""
        for effect in (self._depth_of_field, self._shutter_blur):
            if effect is not None:
                effect.release()
        self._depth_of_field = self._shutter_blur = None
