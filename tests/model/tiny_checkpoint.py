"""A tiny Stable Diffusion in one file, by the layers' original names, and the folder that it was made of."""

import re
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file

from tests.model.tiny_diffusion import save_tiny

__all__ = ["save_checkpoint"]

_UNET = (
    (r"^time_embedding\.linear_1", "time_embed.0"),
    (r"^time_embedding\.linear_2", "time_embed.2"),
    (r"^conv_in", "input_blocks.0.0"),
    (r"^conv_norm_out", "out.0"),
    (r"^conv_out", "out.2"),
    (r"^down_blocks\.0\.resnets\.0", "input_blocks.1.0"),
    (r"^down_blocks\.0\.downsamplers\.0\.conv", "input_blocks.2.0.op"),
    (r"^down_blocks\.1\.resnets\.0", "input_blocks.3.0"),
    (r"^down_blocks\.1\.attentions\.0", "input_blocks.3.1"),
    (r"^mid_block\.resnets\.0", "middle_block.0"),
    (r"^mid_block\.attentions\.0", "middle_block.1"),
    (r"^mid_block\.resnets\.1", "middle_block.2"),
    (r"^up_blocks\.0\.resnets\.(\d)", r"output_blocks.\1.0"),
    (r"^up_blocks\.0\.attentions\.(\d)", r"output_blocks.\1.1"),
    (r"^up_blocks\.0\.upsamplers\.0\.conv", "output_blocks.1.2.conv"),
    (r"^up_blocks\.1\.resnets\.0", "output_blocks.2.0"),
    (r"^up_blocks\.1\.resnets\.1", "output_blocks.3.0"),
)
_RESNET = (
    ("norm1", "in_layers.0"),
    ("conv1", "in_layers.2"),
    ("time_emb_proj", "emb_layers.1"),
    ("norm2", "out_layers.0"),
    ("conv2", "out_layers.3"),
    ("conv_shortcut", "skip_connection"),
)
_VAE = (
    (r"(encoder|decoder)\.mid_block\.resnets\.0", r"\1.mid.block_1"),
    (r"(encoder|decoder)\.mid_block\.resnets\.1", r"\1.mid.block_2"),
    (r"(encoder|decoder)\.mid_block\.attentions\.0", r"\1.mid.attn_1"),
    (r"encoder\.down_blocks\.(\d)\.resnets\.(\d)", r"encoder.down.\1.block.\2"),
    (r"encoder\.down_blocks\.(\d)\.downsamplers\.0", r"encoder.down.\1.downsample"),
    # Levels are counted from the smallest here, from the largest there.
    (r"decoder\.up_blocks\.0\.resnets\.(\d)", r"decoder.up.1.block.\1"),
    (r"decoder\.up_blocks\.1\.resnets\.(\d)", r"decoder.up.0.block.\1"),
    (r"decoder\.up_blocks\.0\.upsamplers\.0", "decoder.up.1.upsample"),
    (r"conv_norm_out", "norm_out"),
    (r"conv_shortcut", "nin_shortcut"),
    (r"attn_1\.group_norm", "attn_1.norm"),
    (r"attn_1\.to_q", "attn_1.q"),
    (r"attn_1\.to_k", "attn_1.k"),
    (r"attn_1\.to_v", "attn_1.v"),
    (r"attn_1\.to_out\.0", "attn_1.proj_out"),
)
# Its constructor is wrapped by a decorator without types.
_Autoencoder: Any = AutoencoderKL


def save_checkpoint(folder: Path) -> Path:
    """`folder/tiny.safetensors`; and `folder/tiny`, the same as diffusers saves it. Returns the file."""
    own = save_tiny(folder / "tiny")
    torch.manual_seed(8)
    vae = _Autoencoder(
        block_out_channels=(8, 8),
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        layers_per_block=1,
        norm_num_groups=4,
        latent_channels=4,
        sample_size=32,
    )
    for old in (own / "vae").iterdir():
        old.unlink()
    vae.save_pretrained(own / "vae")
    index = own / "model_index.json"
    index.write_text(index.read_text("utf-8").replace("AutoencoderTiny", "AutoencoderKL"), encoding="utf-8")
    found: dict[str, torch.Tensor] = {}
    for key, value in load_file(own / "unet" / "diffusion_pytorch_model.safetensors").items():
        name = _renamed(key, _UNET)
        if "resnets" in key:
            for ours, theirs in _RESNET:
                name = name.replace(f".{ours}.", f".{theirs}.")
        found[f"model.diffusion_model.{name}"] = value
    for key, value in load_file(own / "vae" / "diffusion_pytorch_model.safetensors").items():
        name = _renamed(key, _VAE)
        # Attention of the autoencoder was a convolution of one pixel.
        wide = value[..., None, None] if "attn_1" in name and value.ndim == 2 else value
        found[f"first_stage_model.{name}"] = wide.contiguous()
    for key, value in load_file(own / "text_encoder" / "model.safetensors").items():
        found[f"cond_stage_model.transformer.text_model.{key.removeprefix('text_model.')}"] = value
    file = folder / "tiny.safetensors"
    save_file(found, file)
    return file


def _renamed(key: str, names: tuple[tuple[str, str], ...]) -> str:
    for pattern, name in names:
        key = re.sub(pattern, name, key)
    return key
