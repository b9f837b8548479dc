"""Unit Gaussian noise anchored to surfaces: what a diffusion model starts from, so that its picture holds."""

from typing import ClassVar

import moderngl
import numpy as np

from director.direction.seeds import MOST_SEEDS, Seeds, noise_weights
from director.passes.gbuffer import GBuffer
from director.passes.whole import WholePicture
from director.scene.state import SceneState
from director.types import View

__all__ = ["MAP", "NoiseMap"]

_SAMPLED = ("depth", "anchor", "object")


class NoiseMap:
    """float16[h, w, 4]: four independent unit Gaussians a pixel, hashed from seed, object and anchor. On the
    way from one seed to another the noises of both are blended, and stay unit."""

    name: ClassVar[str] = "noise"
    reads: ClassVar[frozenset[str]] = frozenset(_SAMPLED)
    channels: ClassVar[int] = 4
    dtype: ClassVar[type[np.generic]] = np.float16
    cell_px: ClassVar[float] = 0.8
    """How large the cells are that it is hashed from, in pixels; up to twice as large between two octaves."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if the shader does not compile."""
        self._whole = WholePicture(context, (width, height), "noise.frag", _SAMPLED, 4, "f2")
        self._whole.program["fineness"] = self.cell_px
        self.texture = self._whole.texture

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn."""
        self.draw_between(gbuffer, state, view, ((seed, 1.0),))

    def draw_between(self, gbuffer: GBuffer, state: SceneState, view: View, seeds: Seeds) -> None:
        """Draw on the way from one seed to another, from what the G-buffer has just drawn."""
        weights = noise_weights(seeds)
        unused = MOST_SEEDS - len(weights)
        program = self._whole.program
        program["seed_count"] = len(weights)
        # Seeds of up to 64 bits: both halves count.
        program["seeds"] = (
            *((seed + (seed >> 32) * 0x9E3779B9) & 0xFFFFFFFF for seed, _ in weights),
            *[0] * unused,
        )
        program["weights"] = (*(weight for _, weight in weights), *[0.0] * unused)
        self._whole.draw(gbuffer.textures)

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._whole.release()


MAP = NoiseMap
