"""The parts of the tiny latent model: diffusers' and transformers' own classes, at small sizes."""

from pathlib import Path
from typing import Any, Final

import torch
from diffusers import AutoencoderTiny, ControlNetModel, DDIMScheduler, UNet2DConditionModel
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import nn
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from tools.train.latent.prompts import PROMPTS

__all__ = [
    "CONTROLS",
    "autoencoder",
    "controlnet",
    "saved_autoencoder",
    "scheduler",
    "text_encoder",
    "tokenizer",
    "unet",
]

CONTROLS: Final = ("depth", "segmentation")
# Their constructors are wrapped by decorators without types.
_Autoencoder: Any = AutoencoderTiny
_Unet: Any = UNet2DConditionModel
_Scheduler: Any = DDIMScheduler
_TEXT_WIDTH: Final = 64
_TOKENS: Final = 16


def autoencoder() -> Any:
    """Four pixels across and down a latent of four channels."""
    return _Autoencoder(
        encoder_block_out_channels=(32, 32, 32),
        decoder_block_out_channels=(32, 32, 32),
        num_encoder_blocks=(1, 1, 2),
        num_decoder_blocks=(2, 1, 1),
        latent_channels=4,
    )


def saved_autoencoder(folder: Path) -> Any:
    """The one that a folder holds."""
    return _Autoencoder.from_pretrained(folder).eval().requires_grad_(False)


def unet() -> Any:
    """Under three million parameters; attention at a half and a quarter of the latent's size."""
    return _Unet(
        sample_size=64,
        block_out_channels=(32, 64, 96),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=_TEXT_WIDTH,
        attention_head_dim=4,
        norm_num_groups=8,
    )


def controlnet(of: Any) -> Any:
    """A ControlNet of a U-Net, for pictures of four times the latent's size."""
    made: Any = ControlNetModel.from_unet(of, conditioning_embedding_out_channels=(16, 32, 48))
    # Made to be added to a finished U-Net it begins silent, and its picture comes in at a twentieth of what
    # the latents are. Learnt with one from nothing it would stay unheard (measured: after 1,200 steps a wrong
    # control changed nothing).
    for conv in (made.controlnet_mid_block, *made.controlnet_down_blocks):
        conv.reset_parameters()
    for layer in made.controlnet_cond_embedding.modules():
        if isinstance(layer, nn.Conv2d):
            # SiLU halves what is small, once a layer.
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            with torch.no_grad():
                layer.weight.mul_(1.6)
    return made


def scheduler() -> Any:
    """Velocity, and no signal left at the last timestep, so that few steps suffice (Lin et al., 2023,
    arXiv:2305.08891)."""
    return _Scheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
        clip_sample=False,
        set_alpha_to_one=True,
        steps_offset=0,
    )


def tokenizer(folder: Path) -> Any:
    """CLIP's, with a vocabulary of the prompts; written to a folder and read back."""
    made = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    alphabet = list("abcdefghijklmnopqrstuvwxyz0123456789")
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=["<|startoftext|>", "<|endoftext|>"],
        initial_alphabet=alphabet,
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    # Every letter alone too, as the end of a word: so that any word can be spelled.
    made.train_from_iterator([*PROMPTS, *alphabet], trainer)
    folder.mkdir(parents=True, exist_ok=True)
    made.model.save(str(folder))
    finished = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=_TOKENS)
    finished.save_pretrained(folder)
    return finished


def text_encoder(vocabulary: int, end: int) -> Any:
    """Two layers."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=vocabulary,
            hidden_size=_TEXT_WIDTH,
            intermediate_size=2 * _TEXT_WIDTH,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=_TOKENS,
            projection_dim=_TEXT_WIDTH,
            eos_token_id=end,
            bos_token_id=end - 1,
            pad_token_id=end,
        )
    )
