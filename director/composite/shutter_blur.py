"""Shutter blur: what moves while the shutter is open is drawn out along its exact motion."""

import math
from collections.abc import Mapping

import moderngl

from director.composite.layer import Layer, Number
from director.composite.tiles import Tiles

__all__ = ["LONGEST_SHARE", "ShutterBlur"]

LONGEST_SHARE = 0.1
"""Half of the longest streak, as a share of the picture's height."""


class ShutterBlur:
    """Blurs pictures of `width` × `height` along their motion; see shaders/display/shutter_blur.frag.

    Raises GraphicsError where a shader does not compile.
    """

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._size = (width, height)
        self._longest_px = max(1.0, LONGEST_SHARE * height)
        self._tiles = Tiles(context, self._size, math.ceil(self._longest_px), streaks=True)
        self._light = Layer(context, self._size, "streak_light.frag", [(4, "f2")])
        self._result = Layer(context, self._size, "shutter_blur.frag", [(4, "f1")])

    def draw(
        self, picture: moderngl.Texture, passes: Mapping[str, moderngl.Texture], open_share: float
    ) -> moderngl.Texture:
        """The picture, sRGB RGBA8, as seen while the shutter was open for `open_share` of the time that the
        motion target covers, centred on now: a texture that the next draw overwrites. `passes` holds depth
        and motion, of the picture's size."""
        width, height = self._size
        depth, motion = passes["depth"], passes["motion"]
        numbers: dict[str, Number] = {
            "half_streak_per_motion": (0.5 * open_share * width, 0.5 * open_share * height),
            "longest_px": self._longest_px,
        }
        self._tiles.draw(motion, numbers)
        self._light.draw({"picture": picture, "depth": depth}, {})
        self._result.draw(
            {
                "picture": picture,
                "light": self._light.texture,
                "motion": motion,
                "tiles": self._tiles.texture,
            },
            {**numbers, "tile_px": self._tiles.tile_px},
        )
        return self._result.texture

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._tiles.release()
        self._light.release()
        self._result.release()
