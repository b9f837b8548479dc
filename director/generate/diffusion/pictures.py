"""Pictures to tensors and back, through the autoencoder."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from director.generate.diffusion.parts import Parts, vae_factor

__all__ = ["decode", "decoded", "encoded", "planes"]


def planes(picture: NDArray[np.float32], parts: Parts) -> Tensor:
    """[1, 3, h, w], 0..1, made up to whole latents by repeating the rim, from float32[h, w, 3]."""
    made = torch.from_numpy(np.ascontiguousarray(picture)).permute(2, 0, 1)[None]
    factor = vae_factor(parts.vae)
    height, width = made.shape[-2:]
    if width % factor or height % factor:
        made = functional.pad(made, (0, -width % factor, 0, -height % factor), mode="replicate")
    return made.to(parts.device, parts.dtype, memory_format=torch.channels_last)


@torch.inference_mode()
def encoded(picture: NDArray[np.float32], parts: Parts) -> Tensor:
    """Latents [1, 4, h / factor, w / factor] of a picture float32[h, w, 3], sRGB 0..1; the mean, where an
    autoencoder gives a spread."""
    said: Any = parts.vae.encode(planes(picture, parts) * 2.0 - 1.0)
    latents = said.latent_dist.mode() if hasattr(said, "latent_dist") else said.latents
    scaled: Tensor = latents * parts.vae.config.scaling_factor
    return scaled


def decode(vae: Any, latents: Tensor) -> Tensor:
    """[1, 3, h, w], −1..1, from latents as the autoencoder has them: what takes its time, as a function."""
    made: Tensor = vae.decode(latents, return_dict=False)[0]
    return made


@torch.inference_mode()
def decoded(
    latents: Tensor, parts: Parts, size: tuple[int, ...], decode: Callable[[Any, Tensor], Tensor] = decode
) -> Tensor:
    """float32[h, w, 3], sRGB 0..1, of that size (height, width), where the parts are; by `decode` or what is
    made of it."""
    scaled = (latents / parts.vae.config.scaling_factor).contiguous(memory_format=torch.channels_last)
    made = decode(parts.vae, scaled)
    height, width = size
    picture: Tensor = (made[0, :, :height, :width].float() * 0.5 + 0.5).clamp(0.0, 1.0).permute(1, 2, 0)
    return picture
