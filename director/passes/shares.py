"""How much of what comes from one side reaches each surface, looked up in a map of depths seen from there."""

from dataclasses import dataclass
from typing import Any, Protocol

import moderngl
import numpy as np

from director.passes.gbuffer import GBuffer, view_block
from director.passes.kernels import compiler, drawn_by_kernels
from director.passes.looped import LoopedPicture, surfaces_of
from director.passes.shader import set_matrix
from director.passes.sun_depth import ShadedSunDepth, SunDepth, SunView
from director.passes.sun_rasterised import RasterisedSunDepth
from director.passes.whole import WholePicture
from director.types import Vector, View

__all__ = ["Lookup", "Share", "share_of"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a share is looked up: by a shader, and what it calls the map of depths and the matrix into it; or
    by the kernel of this name in kernels/shares.py."""

    fragment: str
    depths: str
    matrix: str
    kernel: str


class Share(Protocol):
    """A share of one size, uint8[h, w], in a texture, and the map of depths it comes from."""

    @property
    def depths(self) -> SunDepth: ...

    @property
    def texture(self) -> moderngl.Texture: ...

    def draw(self, gbuffer: GBuffer, view: View, sun_direction: Vector, seen: SunView) -> None:
        """Bring the map of depths up to date, and look up what the G-buffer has just drawn."""

    def release(self) -> None:
        """Free everything on the graphics side."""


def share_of(
    context: moderngl.Context, size: tuple[int, int], lookup: Lookup, texels: int, compiled: bool | None
) -> Share:
    """A share from a map of depths of so many texels each way. `compiled`: whether kernels draw both, which
    needs Numba; None: as `drawn_by_kernels`. Raises GraphicsError if a shader does not compile."""
    if compiled is None:
        compiled = drawn_by_kernels(context)
    kind = _Looped if compiled else _Shaded
    return kind(context, size, lookup, texels)


class _Shaded:
    def __init__(self, context: moderngl.Context, size: tuple[int, int], lookup: Lookup, texels: int) -> None:
        self.depths = ShadedSunDepth(context, texels)
        sampled = ("depth", "normal", lookup.depths)
        self._whole = WholePicture(context, size, lookup.fragment, sampled, 1, "f1")
        self._whole.program["texel_uv"] = 1 / texels
        self._lookup = lookup
        self.texture = self._whole.texture

    def draw(self, gbuffer: GBuffer, view: View, sun_direction: Vector, seen: SunView) -> None:
        self.depths.draw(gbuffer.geometry, seen)
        set_matrix(self._whole.program, self._lookup.matrix, seen.light_from_world)
        self._whole.program["texel_m"] = seen.texel_m
        self._whole.draw({**gbuffer.textures, self._lookup.depths: self.depths.texture})

    def release(self) -> None:
        self._whole.release()
        self.depths.release()


class _Looped:
    def __init__(self, context: moderngl.Context, size: tuple[int, int], lookup: Lookup, texels: int) -> None:
        # Numba must know first where to keep what it compiles.
        compiler()
        from director.passes.kernels import shares

        self.depths = RasterisedSunDepth(texels)
        self._picture = LoopedPicture(context, size, 1, "f1", np.uint8)
        self._kernel: Any = getattr(shares, lookup.kernel)
        self.texture = self._picture.texture
        shares.prepare()

    def draw(self, gbuffer: GBuffer, view: View, sun_direction: Vector, seen: SunView) -> None:
        self.depths.draw(gbuffer.geometry, seen)
        block = view_block(view, sun_direction, gbuffer.width, gbuffer.height)
        light = seen.light_from_world.astype(np.float32)
        given = block, light, np.float32(seen.texel_m), self.depths.pixels()
        self._picture.draw(self._kernel, *surfaces_of(gbuffer), *given)

    def release(self) -> None:
        self._picture.release()
        self.depths.release()
