"""What lies under a roof: a shadow map seen from straight above, drawn again only when it must be.

Games know it as a precipitation occlusion map: what falls from the sky does not fall there.
"""

from typing import ClassVar

import moderngl
import numpy as np

from director.passes.gbuffer import GBuffer
from director.passes.maps.shadow import fit_sun
from director.passes.shader import set_matrix
from director.passes.sun_depth import SunDepth
from director.passes.whole import WholePicture
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "ShelterMap"]

# Texels each way: its edges are soft anyway.
_SIZE = 1024
_UP = (0.0, 1.0, 0.0)
_SAMPLED = ("depth", "normal", "shelter")


class ShelterMap:
    """uint8[h, w]: 255 where something lies overhead; sky 0."""

    name: ClassVar[str] = "shelter"
    reads: ClassVar[frozenset[str]] = frozenset({"depth", "normal"})
    channels: ClassVar[int] = 1
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        self._above = SunDepth(context, _SIZE)
        self._whole = WholePicture(context, (width, height), "shelter.frag", _SAMPLED, 1, "f1")
        self._whole.program["texel_uv"] = 1 / _SIZE
        self.texture = self._whole.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        geometry = gbuffer.geometry
        above_from_world, across = fit_sun(view, _UP, geometry.centre, geometry.radius)
        self._above.draw(geometry, above_from_world, across / _SIZE)
        set_matrix(self._whole.program, "above_from_world", above_from_world)
        self._whole.program["texel_m"] = across / _SIZE
        self._whole.draw({**gbuffer.textures, "shelter": self._above.texture})

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._whole.release()
        self._above.release()


MAP = ShelterMap
