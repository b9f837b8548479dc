"""The extreme of each tile of a map and its neighbours: what tells a pixel how far it must look about.

After M. McGuire et al., "A Reconstruction Filter for Plausible Motion Blur", I3D 2012: TileMax, in two
steps of one axis each, and NeighborMax.
"""

from collections.abc import Mapping

import moderngl

from director.composite.layer import Layer, Number

__all__ = ["Tiles"]


class Tiles:
    """Tiles of `tile_px` × `tile_px` pixels over a map of `size`: the nearest depth (float32, metres), or
    with `streaks` the longest half streak of a motion target (float32[2], pixels), of a tile and the eight
    about it. What reaches no farther than a tile is never missed.

    Raises GraphicsError where a shader does not compile.
    """

    def __init__(
        self, context: moderngl.Context, size: tuple[int, int], tile_px: int, *, streaks: bool = False
    ) -> None:
        self.tile_px = tile_px
        across, down = -(-size[0] // tile_px), -(-size[1] // tile_px)
        kind = [(2 if streaks else 1, "f4")]
        defines = {"STREAKS": "1"} if streaks else {}
        first = {**defines, "FROM_MOTION": "1"} if streaks else defines
        name = "tile_extreme.frag"
        self._across = Layer(context, (across, size[1]), name, kind, first)
        self._down = Layer(context, (across, down), name, kind, defines)
        self._about = Layer(context, (across, down), name, kind, defines)

    @property
    def texture(self) -> moderngl.Texture:
        """One texel a tile, as last drawn."""
        return self._about.texture

    def draw(self, source: moderngl.Texture, numbers: Mapping[str, Number] | None = None) -> None:
        """Go through a map. `numbers` are uniforms of streak.glsl, for tiles of streaks."""
        side = self.tile_px
        steps: tuple[tuple[Layer, moderngl.Texture, tuple[int, int], tuple[int, int], int], ...] = (
            (self._across, source, (side, 1), (side, 1), 0),
            (self._down, self._across.texture, (1, side), (1, side), 0),
            (self._about, self._down.texture, (3, 3), (1, 1), 1),
        )
        for layer, texture, block, stride, margin in steps:
            own = (numbers or {}) if layer is self._across else {}
            layer.draw({"map": texture}, {"block": block, "stride": stride, "margin": margin, **own})

    def release(self) -> None:
        """Free what OpenGL holds."""
        for layer in (self._across, self._down, self._about):
            layer.release()
