"""What lies under a roof: a shadow map seen from straight above, drawn again only when it must be.

Games know it as a precipitation occlusion map: what falls from the sky does not fall there.
"""

from typing import ClassVar

import moderngl
import numpy as np

from director.passes.gbuffer import GBuffer
from director.passes.maps.shadow import fit_sun
from director.passes.shares import Lookup, share_of
from director.passes.sun_depth import SunView
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "ShelterMap"]

# Texels each way: its edges are soft anyway.
_SIZE = 1024
_UP = (0.0, 1.0, 0.0)
_LOOKUP = Lookup("shelter.frag", "shelter", "above_from_world", "sheltered")


class ShelterMap:
    """uint8[h, w]: 255 where something lies overhead; sky 0."""

    name: ClassVar[str] = "shelter"
    reads: ClassVar[frozenset[str]] = frozenset({"depth", "normal"})
    channels: ClassVar[int] = 1
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(
        self, context: moderngl.Context, width: int, height: int, *, compiled: bool | None = None
    ) -> None:
        """`compiled` as in `share_of`. Raises GraphicsError if a shader does not compile."""
        self._share = share_of(context, (width, height), _LOOKUP, _SIZE, compiled)
        self.texture = self._share.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        geometry = gbuffer.geometry
        above_from_world, across = fit_sun(view, _UP, geometry.centre, geometry.radius)
        self._share.draw(gbuffer, view, state.sun_direction, SunView(above_from_world, across / _SIZE))

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._share.release()


MAP = ShelterMap
