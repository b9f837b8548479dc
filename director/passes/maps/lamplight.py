"""What the scene's lamps give to every surface."""

from collections.abc import Sequence
from typing import ClassVar

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import GBuffer
from director.passes.shader import LAMPS_BINDING
from director.passes.whole import WholePicture
from director.scene.state import SceneState
from director.types import Lamp, View

__all__ = ["MAP", "MOST_LAMPS", "LamplightMap", "brightest_lamps"]

MOST_LAMPS = 32
"""As many as lamplight.frag has room for."""

_SAMPLED = ("depth", "normal", "object")


def brightest_lamps(lamps: Sequence[Lamp], view: View, most: int = MOST_LAMPS) -> list[Lamp]:
    """Those that matter most to the picture, strongest first: by strength over the square of their distance
    from the camera, counted as one metre when nearer. Equal ones keep their order."""
    eye = inverse_rigid(view.view_from_world)[:3, 3]

    def weight(lamp: Lamp) -> float:
        offset = np.asarray(lamp.position) - eye
        return lamp.strength / max(1.0, float(offset @ offset))

    return sorted(lamps, key=weight, reverse=True)[:most]


class LamplightMap:
    """float16[h, w, 3]: linear RGB light on the surface, 1 = full sun; sky 0. No shadows."""

    name: ClassVar[str] = "lamplight"
    reads: ClassVar[frozenset[str]] = frozenset(_SAMPLED)
    channels: ClassVar[int] = 3
    dtype: ClassVar[type[np.generic]] = np.float16

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._whole = WholePicture(context, (width, height), "lamplight.frag", _SAMPLED, 4, "f2")
        self.texture = self._whole.texture
        self._lamps = context.buffer(reserve=(2 * MOST_LAMPS + 1) * 16, dynamic=True)

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        self._lamps.write(_block(brightest_lamps(state.lamps, view), state.owners))
        self._lamps.bind_to_uniform_block(LAMPS_BINDING)
        self._whole.draw(gbuffer.textures)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._whole.release()
        self._lamps.release()


def _block(lamps: Sequence[Lamp], owners: NDArray[np.intp] | None) -> NDArray[np.float32]:
    block = np.zeros((2 * MOST_LAMPS + 1, 4), np.float32)
    for i, lamp in enumerate(lamps):
        first = last = lamp.object_id
        if owners is not None:
            first = int(np.searchsorted(owners, lamp.object_id)) + 1
            last = int(np.searchsorted(owners, lamp.object_id, "right"))
        block[i] = (*lamp.position, first)
        block[MOST_LAMPS + i] = (*(np.asarray(lamp.colour) * lamp.strength), last)
    block[-1, 0] = len(lamps)
    return block


MAP = LamplightMap
