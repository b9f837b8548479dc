"""Tiny diffusion models of the real classes, with random weights, saved as diffusers saves them."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderTiny,
    ControlNetModel,
    DDIMScheduler,
    UNet2DConditionModel,
)
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
)

from tools.train.latent.parts import tokenizer

__all__ = ["CONTROLS", "save_control", "save_tiny"]

CONTROLS = ("depth", "segmentation")
"""Those that a tiny model has; `save_control` adds others."""
_TEXT = 16
# Their constructors are wrapped by decorators without types.
_Autoencoder: Any = AutoencoderTiny
_Unet: Any = UNet2DConditionModel
_Scheduler: Any = DDIMScheduler


def _unet(is_xl: bool) -> Any:
    torch.manual_seed(1)
    added: dict[str, Any] = {}
    width = _TEXT
    if is_xl:
        width = 2 * _TEXT
        added = {
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 8,
            "projection_class_embeddings_input_dim": 6 * 8 + _TEXT,
            "transformer_layers_per_block": (1, 1),
        }
    return _Unet(
        sample_size=16,
        block_out_channels=(8, 16),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=width,
        attention_head_dim=2,
        norm_num_groups=4,
        **added,
    )


def _control(unet: Any, seed: int) -> Any:
    torch.manual_seed(seed)
    made = ControlNetModel.from_unet(unet, conditioning_embedding_out_channels=(4, 8))
    # Fresh ControlNets add nothing: these must be heard.
    for block in (*made.controlnet_down_blocks, made.controlnet_mid_block):
        torch.nn.init.normal_(block.weight, std=0.2)
    torch.nn.init.normal_(made.controlnet_cond_embedding.conv_out.weight, std=0.2)
    return made


def _text(words: Any, seed: int, projected: bool = False) -> Any:
    torch.manual_seed(seed)
    config = CLIPTextConfig(
        vocab_size=len(words),
        hidden_size=_TEXT,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=16,
        projection_dim=_TEXT,
        eos_token_id=words.eos_token_id,
        bos_token_id=words.bos_token_id,
        pad_token_id=words.pad_token_id,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)


def save_control(folder: Path, name: str, seed: int) -> None:
    """One more ControlNet beside a saved model."""
    _control(_Unet.from_pretrained(folder / "unet"), seed).save_pretrained(folder / f"controlnet_{name}")


def save_tiny(folder: Path, *, is_xl: bool = False) -> Path:
    """A model of two pixels a latent, with two ControlNets beside it. Returns the folder."""
    unet = _unet(is_xl)
    unet.save_pretrained(folder / "unet")
    for seed, name in enumerate(CONTROLS, start=2):
        _control(unet, seed).save_pretrained(folder / f"controlnet_{name}")
    torch.manual_seed(4)
    vae = _Autoencoder(
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        num_encoder_blocks=(1, 1),
        num_decoder_blocks=(1, 1),
    )
    vae.register_to_config(scaling_factor=0.5)
    vae.save_pretrained(folder / "vae")
    words = tokenizer(folder / "tokenizer")
    _text(words, 5).save_pretrained(folder / "text_encoder")
    kinds: dict[str, Any] = {
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderTiny"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "scheduler": ["diffusers", "DDIMScheduler"],
    }
    if is_xl:
        tokenizer(folder / "tokenizer_2")
        _text(words, 6, projected=True).save_pretrained(folder / "text_encoder_2")
        kinds["tokenizer_2"] = kinds["tokenizer"]
        kinds["text_encoder_2"] = ["transformers", "CLIPTextModelWithProjection"]
    _Scheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    ).save_pretrained(folder / "scheduler")
    name = "StableDiffusionXLPipeline" if is_xl else "StableDiffusionPipeline"
    (folder / "model_index.json").write_text(json.dumps({"_class_name": name, **kinds}), encoding="utf-8")
    return folder
