"""How far from the sun the nearest surfaces lie: what shadows are told from.

What stands still is drawn once and kept; each time the rest has moved it is copied, and the rest drawn over
the copy. The nearest of all is the same in whichever order they come, to the last bit.
"""

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.context import release_framebuffer
from director.passes.gbuffer import plain_state
from director.passes.geometry import Geometry
from director.passes.instances import InstanceStream, frustum_planes
from director.passes.shader import load_program, set_matrix

__all__ = ["SunDepth"]

_DEPTH_CLAMP = 0x864F
# Shadows are soft by more than a texel: what casts them may be coarser than what is seen.
_COARSER = 1.5


class SunDepth:
    """A square map of `size` texels. `redraws` counts how often everything has been drawn, `moves` how often
    only what moves."""

    def __init__(self, context: moderngl.Context, size: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        self._context = context
        self._program = load_program(context, "shadow_map.vert", "shadow_map.frag")
        self._still, self._all = _Target(context, size), _Target(context, size)
        self._geometry: Geometry | None = None
        self._streams: tuple[InstanceStream, ...] = ()
        self._drawn_for: tuple[object, ...] = ()
        self._versions: list[int] = []
        self._moving = np.zeros(0, np.bool_)
        self._placed = np.zeros((0, 12), np.float32)
        self._placed_before = self._placed
        self._texel_m = 0.0
        self.redraws = 0
        self.moves = 0

    @property
    def texture(self) -> moderngl.Texture:
        """The depth as last drawn, to compare with."""
        return (self._all if self._moving.any() else self._still).depth

    def draw(self, geometry: Geometry, light_from_world: NDArray[np.float64], texel_m: float) -> None:
        """Bring the map up to what the geometry is now, for a sun that sees by this matrix, its texels so
        wide."""
        self._texel_m = texel_m
        key = (geometry, geometry.layout, light_from_world.tobytes())
        if key == self._drawn_for and geometry.versions == self._versions:
            return
        placed = geometry.placed[:, :12]
        if key[:2] != self._drawn_for[:2]:
            self._stream_from(geometry)
            self._moving = np.zeros(len(placed), np.bool_)
            is_stale = True
        elif key != self._drawn_for:
            # Everything must be drawn: time to tell anew what moves.
            self._moving = _differ(placed, self._placed_before)
            is_stale = True
        else:
            come = _differ(placed, self._placed) & ~self._moving
            self._moving |= come
            is_stale = bool(come.any())
        if is_stale:
            self._still.framebuffer.clear(depth=1.0)
            self._draw(self._still, self._streams[0], light_from_world, ~self._moving)
            self._placed = placed.copy()
            self.redraws += 1
        if self._moving.any():
            self._context.copy_framebuffer(self._all.framebuffer, self._still.framebuffer)
            self._draw(self._all, self._streams[1], light_from_world, self._moving)
            self.moves += 1
        self._placed_before = placed.copy()
        self._drawn_for, self._versions = key, geometry.versions

    def release(self) -> None:
        """Free everything on the graphics side."""
        for stream in self._streams:
            stream.release()
        self._program.release()
        self._still.release()
        self._all.release()

    def _stream_from(self, geometry: Geometry) -> None:
        if self._geometry is not geometry:
            for stream in self._streams:
                stream.release()
            self._streams = tuple(InstanceStream(self._context, self._program, geometry) for _ in range(2))
            self._geometry = geometry

    def _draw(
        self,
        target: "_Target",
        stream: InstanceStream,
        light_from_world: NDArray[np.float64],
        among: NDArray[np.bool_],
    ) -> None:
        assert self._geometry is not None
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<="
        self._context.enable_direct(_DEPTH_CLAMP)
        self._context.polygon_offset = (1.5, 2.0)
        self._context.cull_face = "back"
        set_matrix(self._program, "light_from_world", light_from_world)
        target.framebuffer.use()
        # Without the near plane: what stands between the sun and the map's box casts into it.
        planes = np.delete(frustum_planes(light_from_world), 2, axis=0)
        pixels_m = None
        if self._geometry.is_rigid:
            pixels_m = np.full(len(self._geometry.radius), _COARSER * self._texel_m, np.float32)
        stream.draw(planes, self._geometry.hides_its_back(None, 0.0), among, pixels_m)
        self._context.disable_direct(_DEPTH_CLAMP)


class _Target:
    def __init__(self, context: moderngl.Context, size: int) -> None:
        self.depth = context.depth_texture((size, size))
        self.depth.compare_func = "<="
        self.depth.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.depth.repeat_x = self.depth.repeat_y = False
        # Never drawn into: moderngl copies depth only along with a colour.
        self._colour = context.texture((size, size), 1)
        self.framebuffer = context.framebuffer([self._colour], self.depth)
        self.framebuffer.color_mask = (False, False, False, False)

    def release(self) -> None:
        release_framebuffer(self.framebuffer)
        self._colour.release()
        self.depth.release()


def _differ(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.bool_]:
    return np.asarray((a != b).any(axis=1), np.bool_)
