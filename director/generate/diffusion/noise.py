"""Noise for latents from noise on surfaces: unit Gaussian, and it goes with what a pixel shows.

A latent's noise is the sum of its pixels' over the root of their number. So a surface that moves by a pixel
takes with it all but the rim of what each latent is made of, and the sum moves on smoothly where a single
sample would jump from latent to latent (the integral of Chang et al., 2024, "How I Warped Your Noise").
"""

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["blended", "latent_noise", "turned"]


def latent_noise(noise: Tensor, factor: int) -> Tensor:
    """float32[1, 4, h / factor, w / factor], rounded up, of mean 0 and variance 1, from float[h, w, 4].

    Pixels of one surface cell share its sample, which makes sums a little wider: the whole is brought back to
    unit variance.
    """
    planes = noise.permute(2, 0, 1)[None].float()
    height, width = planes.shape[-2:]
    planes = functional.pad(planes, (0, -width % factor, 0, -height % factor), mode="replicate")
    pooled = functional.avg_pool2d(planes, factor) * float(factor)
    pooled = pooled - pooled.mean()
    made: Tensor = pooled / pooled.std().clamp_min(1e-6)
    return made


def turned(noise: Tensor, step: int) -> Tensor:
    """The same noise for a later step: its channels go round by one a step, so that what a step adds is not
    what the step before took away, and yet stays on its surface."""
    return torch.roll(noise, shifts=step, dims=1) * (-1.0 if step % 2 else 1.0)


def blended(first: Tensor, second: Tensor, share: float) -> Tensor:
    """From one noise to another, of unit variance all the way, if they are independent."""
    mixed: Tensor = (first * (1.0 - share) + second * share) / ((1.0 - share) ** 2 + share**2) ** 0.5
    return mixed
