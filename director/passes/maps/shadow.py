"""The sun's shadows: one shadow map about what the camera sees, drawn again only when it must be."""

import math
from typing import ClassVar

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import GBuffer
from director.passes.shares import Lookup, share_of
from director.passes.sun_depth import SunView
from director.scene.state import SceneState
from director.types import Vector, View

__all__ = ["MAP", "ShadowMap", "fit_sun"]

# Texels each way, for pictures of up to so many pixels, and for larger ones.
_SIZE, _SMALL_PICTURE, _LARGE_SIZE = 1536, 400_000, 2048
# Farther than this a texel would be too coarse to be of use: what lies beyond counts as lit.
_REACH_M = 80.0
# The map's place moves in steps of this share of its width, so that it mostly stands still.
_STEP = 1 / 16
_LOOKUP = Lookup("shadow.frag", "shadow", "light_from_world", "sunlit")


def fit_sun(
    view: View, sun_direction: Vector, centre: NDArray[np.float32], radius: NDArray[np.float32]
) -> tuple[NDArray[np.float64], float]:
    """Where the sun's map lies: (light_from_world float64[4, 4], metres across the map).

    It holds the smaller of two spheres: that about what the camera sees, or that about the instances
    (spheres centre float32[n, 3], radius float32[n]). Its size and place take steps, whole texels each,
    so that shadows' edges stand still while the camera moves.
    """
    middle, reach = _what_is_seen(view, centre, radius)
    # Quarter octaves; the margin is what the place's steps can miss by.
    reach = 2.0 ** (math.ceil(math.log2(max(reach, 0.25) * (1 + 2 * _STEP)) * 4) / 4)
    across = 2 * reach
    forward = -np.asarray(sun_direction, np.float64) / np.linalg.norm(sun_direction)
    helper = np.array([0.0, 1.0, 0.0]) if abs(forward[1]) < 0.99 else np.array([1.0, 0.0, 0.0])
    right = np.cross(forward, helper)
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    turn = np.stack([right, up, -forward])
    step = across * _STEP
    place = np.round(turn @ middle / step) * step
    light = np.eye(4)
    light[:3, :3] = turn
    light[:3, 3] = -place
    # Orthographic, z −1 towards the sun. Casters nearer to the sun are clamped to it, not clipped.
    return np.diag([1 / reach, 1 / reach, -1 / reach, 1.0]) @ light, across


def _what_is_seen(
    view: View, centre: NDArray[np.float32], radius: NDArray[np.float32]
) -> tuple[NDArray[np.float64], float]:
    world_from_view = inverse_rigid(view.view_from_world)
    depths = -(centre @ view.view_from_world[2, :3] + view.view_from_world[2, 3]) + radius
    farthest = float(depths.max()) if len(depths) else 1.0
    far = min(view.far_m, _REACH_M, max(farthest, view.near_m * 2))
    # A sphere about the pyramid from the camera to `far`: through its tip and its far corners.
    slope = math.hypot(1 / view.clip_from_view[0, 0], 1 / view.clip_from_view[1, 1])
    if slope >= 1:
        along, reach = far, far * slope
    else:
        along = reach = far * (1 + slope * slope) / 2
    middle = (world_from_view @ (0.0, 0.0, -along, 1.0))[:3]
    if len(radius):
        low = (centre - radius[:, None]).min(axis=0)
        high = (centre + radius[:, None]).max(axis=0)
        whole = np.asarray((low + high) / 2, np.float64)
        held = float((np.linalg.norm(centre - whole, axis=1) + radius).max())
        if held < reach:
            return whole, held
    return np.asarray(middle, np.float64), reach


class ShadowMap:
    """uint8[h, w]: 255 where all of the sun reaches the surface; sky 255."""

    name: ClassVar[str] = "shadow"
    reads: ClassVar[frozenset[str]] = frozenset({"depth", "normal"})
    channels: ClassVar[int] = 1
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(
        self, context: moderngl.Context, width: int, height: int, *, compiled: bool | None = None
    ) -> None:
        """`compiled` as in `share_of`. Raises GraphicsError if a shader does not compile."""
        self._size = _SIZE if width * height <= _SMALL_PICTURE else _LARGE_SIZE
        self._share = share_of(context, (width, height), _LOOKUP, self._size, compiled)
        self.sun = self._share.depths
        self.texture = self._share.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        geometry = gbuffer.geometry
        light_from_world, across = fit_sun(view, state.sun_direction, geometry.centre, geometry.radius)
        seen = SunView(light_from_world, across / self._size)
        self._share.draw(gbuffer, view, state.sun_direction, seen)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._share.release()


MAP = ShadowMap
