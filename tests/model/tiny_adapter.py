"""A tiny IP-Adapter with random weights and its image encoder, as published ones are saved."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from diffusers.models.attention_processor import IPAdapterAttnProcessor2_0
from diffusers.models.embeddings import ImageProjection
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

__all__ = ["SIDE", "save_adapter", "save_picture"]

SIDE = 16
_WIDTH = 12


def save_adapter(
    folder: Path, unet: Any, seed: int = 9, encoder_beside: bool = True, hears_patches: bool = False
) -> Path:
    """`ip_adapter.safetensors` and `image_encoder` in a folder; one that `hears_patches` is a “plus” adapter.
    Returns the file."""
    torch.manual_seed(seed)
    width = unet.config.cross_attention_dim
    projection: Any = ImageProjection(
        image_embed_dim=_WIDTH, cross_attention_dim=width, num_image_text_embeds=4
    )
    found = {
        f"image_proj.{name.replace('image_embeds', 'proj')}": value
        for name, value in projection.state_dict().items()
    }
    if hears_patches:
        found = _resampler(width)
    number = 1
    for name in unet.attn_processors:
        if name.endswith("attn2.processor"):
            own = unet.get_submodule(f"{name.removesuffix('.processor')}.to_k").weight
            made: Any = IPAdapterAttnProcessor2_0(own.shape[0], own.shape[1], num_tokens=(4,))  # type: ignore[no-untyped-call]
            for side in ("to_k", "to_v"):
                weight = getattr(made, f"{side}_ip")[0].weight.detach()
                found[f"ip_adapter.{number}.{side}_ip.weight"] = weight.clone()
            number += 2
    save_file({name: value.contiguous() for name, value in found.items()}, folder / "ip_adapter.safetensors")
    if encoder_beside:
        _encoder().save_pretrained(folder / "image_encoder")
    return folder / "ip_adapter.safetensors"


def _resampler(width: int) -> dict[str, torch.Tensor]:
    """By its original names: four layers of one head, from patches of 16 to four tokens."""
    inner = 64
    shapes: dict[str, tuple[int, ...]] = {
        "latents": (1, 4, inner),
        "proj_in.weight": (inner, 16),
        "proj_in.bias": (inner,),
        "proj_out.weight": (width, inner),
        "proj_out.bias": (width,),
        "norm_out.weight": (width,),
        "norm_out.bias": (width,),
    }
    for i in range(4):
        for norm in ("0.norm1", "0.norm2", "1.0"):
            shapes |= {f"layers.{i}.{norm}.weight": (inner,), f"layers.{i}.{norm}.bias": (inner,)}
        shapes |= {
            f"layers.{i}.0.to_q.weight": (inner, inner),
            f"layers.{i}.0.to_kv.weight": (2 * inner, inner),
            f"layers.{i}.0.to_out.weight": (inner, inner),
            f"layers.{i}.1.1.weight": (4 * inner, inner),
            f"layers.{i}.1.3.weight": (inner, 4 * inner),
        }
    return {f"image_proj.{name}": 0.2 * torch.randn(shape) for name, shape in shapes.items()}


def _encoder() -> Any:
    kind: Any = CLIPVisionModelWithProjection
    return kind(
        CLIPVisionConfig(
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            image_size=SIDE,
            patch_size=4,
            projection_dim=_WIDTH,
        )
    )


def save_picture(file: Path, seed: int) -> Path:
    """A picture wider than high, of large patches."""
    patches = np.random.default_rng(seed).integers(0, 256, (5, 8, 3), np.uint8)
    Image.fromarray(patches).resize((88, 56), Image.Resampling.BICUBIC).save(file)
    return file
