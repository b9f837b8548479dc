"""Depth of field: what lies off the plane of focus is drawn as discs, from exact depth."""

import math
from collections.abc import Mapping
from dataclasses import replace

import moderngl

from director.camera.lens import circle_of_confusion_mm
from director.composite.layer import Layer
from director.composite.tiles import Tiles
from director.types import Lens

__all__ = ["WIDEST_SHARE", "DepthOfField", "radius_at_infinity_px"]

WIDEST_SHARE = 0.05
"""The largest radius of a disc, as a share of the picture's height: more would be blobs, and dear."""

# Life size: no lens for films focuses nearer.
_CLOSEST_FOCAL_LENGTHS = 2.0


def radius_at_infinity_px(lens: Lens, width: int) -> float:
    """The radius in pixels of the disc of a point at infinity, on a picture `width` pixels wide.

    Raises ValueError as `circle_of_confusion_mm` does.
    """
    return 0.5 * circle_of_confusion_mm(lens, math.inf) / lens.film_back_width_mm * width


class DepthOfField:
    """Draws pictures of `width` × `height` through a lens; see shaders/display/depth_of_field.frag.

    Raises GraphicsError where a shader does not compile.
    """

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._width = width
        self._widest_px = max(1.0, WIDEST_SHARE * height)
        size = (width, height)
        self._tiles = Tiles(context, size, math.ceil(self._widest_px))
        self._layers = Layer(context, size, "defocus_layers.frag", [(4, "f2"), (4, "f2")])
        self._result = Layer(context, size, "depth_of_field.frag", [(4, "f1")])

    def draw(
        self, picture: moderngl.Texture, passes: Mapping[str, moderngl.Texture], lens: Lens
    ) -> moderngl.Texture:
        """The picture, sRGB RGBA8, with its depth of field: a texture that the next draw overwrites.
        `passes` holds the depth, of the picture's size. Focus stays two focal lengths away or more."""
        depth = passes["depth"]
        # A move that pulls focus on what walks into the camera must not end there.
        closest_m = _CLOSEST_FOCAL_LENGTHS * lens.focal_length_mm / 1000
        lens = replace(lens, focus_distance_m=max(lens.focus_distance_m, closest_m))
        numbers = {
            "focus_m": lens.focus_distance_m,
            "radius_at_infinity_px": radius_at_infinity_px(lens, self._width),
            "widest_px": self._widest_px,
        }
        self._tiles.draw(depth)
        self._layers.draw({"picture": picture, "depth": depth}, numbers)
        for texture in self._layers.textures:
            texture.build_mipmaps()
            texture.filter = (moderngl.LINEAR_MIPMAP_NEAREST, moderngl.LINEAR)
        beyond, before = self._layers.textures
        self._result.draw(
            {
                "picture": picture,
                "depth": depth,
                "beyond": beyond,
                "before": before,
                "tiles": self._tiles.texture,
            },
            {**numbers, "tile_px": self._tiles.tile_px},
        )
        return self._result.texture

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._tiles.release()
        self._layers.release()
        self._result.release()
