"""How far from the sun the nearest surfaces lie: what shadows are told from.

What stands still is drawn once and kept; each time the rest has moved it is copied, and the rest drawn over
the copy. The nearest of all is the same in whichever order they come, to the last bit.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.context import release_framebuffer
from director.passes.gbuffer import plain_state
from director.passes.geometry import Geometry
from director.passes.instances import InstanceStream, frustum_planes
from director.passes.shader import load_program, set_matrix

__all__ = ["ShadedSunDepth", "SunDepth", "SunView"]

_DEPTH_CLAMP = 0x864F
# Shadows are soft by more than a texel: what casts them may be coarser than what is seen.
_COARSER = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class SunView:
    """What the sun sees: by which matrix, and how wide a texel is, metres."""

    light_from_world: NDArray[np.float64]
    texel_m: float

    @property
    def planes(self) -> NDArray[np.float64]:
        """As `frustum_planes` has them, but for the near one: what stands between the sun and the map's box
        casts into it."""
        return np.delete(frustum_planes(self.light_from_world), 2, axis=0)

    def pixels_m(self, geometry: Geometry) -> NDArray[np.float32] | None:
        """How coarsely each instance may be drawn, as `levels_shown` asks for it."""
        if not geometry.is_rigid:
            return None
        return np.full(len(geometry.radius), _COARSER * self.texel_m, np.float32)


class SunDepth(ABC):
    """A square map of `size` texels. `redraws` counts how often everything has been drawn, `moves` how often
    only what moves."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._drawn_for: tuple[object, ...] = ()
        self._versions: list[int] = []
        self._moving = np.zeros(0, np.bool_)
        self._placed = np.zeros((0, 12), np.float32)
        self._placed_before = self._placed
        self.redraws = 0
        self.moves = 0

    def draw(self, geometry: Geometry, seen: SunView) -> None:
        """Bring the map up to what the geometry is now, for a sun that sees so."""
        key = (geometry, geometry.layout, seen.light_from_world.tobytes())
        if key == self._drawn_for and geometry.versions == self._versions:
            return
        placed = geometry.placed[:, :12]
        if key[:2] != self._drawn_for[:2]:
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
            self._draw_still(geometry, seen, ~self._moving)
            self._placed = placed.copy()
            self.redraws += 1
        if self._moving.any():
            self._draw_moving(geometry, seen, self._moving)
            self.moves += 1
        self._placed_before = placed.copy()
        self._drawn_for, self._versions = key, geometry.versions

    @abstractmethod
    def pixels(self) -> NDArray[np.float32]:
        """float32[size, size]: the depth as last drawn, 0 … 1, 1 where nothing is; rows go upwards. Good
        until the next draw."""

    @abstractmethod
    def release(self) -> None:
        """Free everything on the graphics side."""

    @abstractmethod
    def _draw_still(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        """Draw these instances, bool[n], into an empty map."""

    @abstractmethod
    def _draw_moving(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        """Draw these over a copy of what stands still."""


class ShadedSunDepth(SunDepth):
    """Drawn by OpenGL, in 24 bits."""

    def __init__(self, context: moderngl.Context, size: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        super().__init__(size)
        self._context = context
        self._program = load_program(context, "shadow_map.vert", "shadow_map.frag")
        self._still, self._all = _Target(context, size), _Target(context, size)
        self._geometry: Geometry | None = None
        self._streams: tuple[InstanceStream, ...] = ()

    @property
    def texture(self) -> moderngl.Texture:
        """The depth as last drawn, to compare with."""
        return (self._all if self._moving.any() else self._still).depth

    def pixels(self) -> NDArray[np.float32]:
        """As SunDepth has them. Waits for OpenGL."""
        return np.frombuffer(self.texture.read(), np.float32).reshape(self.size, self.size)

    def release(self) -> None:
        """Free everything on the graphics side."""
        for stream in self._streams:
            stream.release()
        self._program.release()
        self._still.release()
        self._all.release()

    def _draw_still(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        if self._geometry is not geometry:
            for stream in self._streams:
                stream.release()
            self._streams = tuple(InstanceStream(self._context, self._program, geometry) for _ in range(2))
            self._geometry = geometry
        self._still.framebuffer.clear(depth=1.0)
        self._draw(self._still, self._streams[0], geometry, seen, among)

    def _draw_moving(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        self._context.copy_framebuffer(self._all.framebuffer, self._still.framebuffer)
        self._draw(self._all, self._streams[1], geometry, seen, among)

    def _draw(
        self,
        target: "_Target",
        stream: InstanceStream,
        geometry: Geometry,
        seen: SunView,
        among: NDArray[np.bool_],
    ) -> None:
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<="
        self._context.enable_direct(_DEPTH_CLAMP)
        self._context.polygon_offset = (1.5, 2.0)
        self._context.cull_face = "back"
        set_matrix(self._program, "light_from_world", seen.light_from_world)
        target.framebuffer.use()
        stream.draw(seen.planes, geometry.hides_its_back(None, 0.0), among, seen.pixels_m(geometry))
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
