"""What the scene's lamps give to every surface."""

from collections.abc import Sequence
from typing import ClassVar

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import GBuffer, view_block
from director.passes.kernels import compiler, drawn_by_kernels
from director.passes.looped import LoopedPicture, surfaces_of
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

    def __init__(
        self, context: moderngl.Context, width: int, height: int, *, compiled: bool | None = None
    ) -> None:
        """`compiled`: whether loops on the processor draw instead of the shader, which needs Numba; None: as
        `drawn_by_kernels`. Raises GraphicsError if the shader does not compile."""
        if compiled is None:
            compiled = drawn_by_kernels(context)
        self._drawn: _Shaded | _Looped = (_Looped if compiled else _Shaded)(context, (width, height))
        self.texture = self._drawn.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn; the seed changes nothing."""
        self._drawn.draw(gbuffer, state, view)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._drawn.release()


class _Shaded:
    def __init__(self, context: moderngl.Context, size: tuple[int, int]) -> None:
        self._whole = WholePicture(context, size, "lamplight.frag", _SAMPLED, 4, "f2")
        self.texture = self._whole.texture
        self._lamps = context.buffer(reserve=(2 * MOST_LAMPS + 1) * 16, dynamic=True)

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View) -> None:
        lamps = brightest_lamps(state.lamps, view)
        block = np.zeros((2 * MOST_LAMPS + 1, 4), np.float32)
        block[: len(lamps)], block[MOST_LAMPS : MOST_LAMPS + len(lamps)] = _rows(lamps, state.owners)
        block[-1, 0] = len(lamps)
        self._lamps.write(block)
        self._lamps.bind_to_uniform_block(LAMPS_BINDING)
        self._whole.draw(gbuffer.textures)

    def release(self) -> None:
        self._whole.release()
        self._lamps.release()


class _Looped:
    def __init__(self, context: moderngl.Context, size: tuple[int, int]) -> None:
        # Numba must know first where to keep what it compiles.
        compiler()
        from director.passes.kernels import lamps, numbers

        self._kernel, self._kept_still = lamps.lamplit, numbers.kept_still
        self._picture = LoopedPicture(context, size, 4, "f2", np.uint64)
        self.texture = self._picture.texture
        lamps.prepare()

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View) -> None:
        ids = self._kept_still(gbuffer.pixels("object"))
        block = view_block(view, state.sun_direction, gbuffer.width, gbuffer.height)
        lamps = _rows(brightest_lamps(state.lamps, view), state.owners)
        self._picture.draw(self._kernel, *surfaces_of(gbuffer), ids, block, *lamps)

    def release(self) -> None:
        self._picture.release()


def _rows(lamps: Sequence[Lamp], owners: NDArray[np.intp] | None) -> tuple[NDArray[np.float32], ...]:
    """float32[n, 4] twice, as lamplight.frag has them: places with the first id of who carries each, lights
    with the last."""
    ids = np.array([lamp.object_id for lamp in lamps], np.int64)
    places, lights = np.empty((len(lamps), 4), np.float32), np.empty((len(lamps), 4), np.float32)
    for i, lamp in enumerate(lamps):
        places[i, :3] = lamp.position
        lights[i, :3] = np.asarray(lamp.colour) * lamp.strength
    places[:, 3] = ids if owners is None else np.searchsorted(owners, ids) + 1
    lights[:, 3] = ids if owners is None else np.searchsorted(owners, ids, "right")
    return places, lights


MAP = LamplightMap
