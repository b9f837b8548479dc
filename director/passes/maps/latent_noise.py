"""Anchored noise for latents of eight pixels: from cells of a quarter of a latent.

A latent's noise is the sum of its pixels'. The larger the cells, the better the sum goes along with its
surface (measured along exact motion of the shipped moves: correlation 0.63 to 0.83 from tick to tick, where
cells of a pixel give 0.41 to 0.62); a quarter of a latent is as large as neighbours allow, which must stay
nearly white.
"""

from typing import ClassVar

from director.passes.maps.noise import NoiseMap

__all__ = ["MAP", "LatentNoiseMap"]


class LatentNoiseMap(NoiseMap):
    """As NoiseMap, of larger cells: to be summed up by diffusion.noise.latent_noise, not read by pixel."""

    name: ClassVar[str] = "latent-noise"
    cell_px: ClassVar[float] = 2.0


MAP = LatentNoiseMap
