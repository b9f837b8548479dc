"""The published architectures as data, and small ones of the same kind, built with random weights.

A stream of random weights takes as long as one of trained weights: enough to measure with, and nothing to
download. Sizes are those of the models' own `config.json` files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderTiny,
    ControlNetModel,
    EulerDiscreteScheduler,
    LCMScheduler,
    UNet2DConditionModel,
)
from diffusers.utils import logging as diffusers_logging
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from director.generate.diffusion.parts import Parts

__all__ = ["MID", "PUBLISHED", "TINY", "Built", "ByteTokens", "random_parts"]

# Their constructors are wrapped by decorators without types.
_Autoencoder: Any = AutoencoderTiny
_Unet: Any = UNet2DConditionModel
_Control: Any = ControlNetModel
_SCHEDULERS: Final[dict[str, Any]] = {"lcm": LCMScheduler, "euler": EulerDiscreteScheduler}
_NOISE: Final = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012}


@dataclass(frozen=True, slots=True)
class Built:
    """What an architecture differs in from the defaults of diffusers' and transformers' classes.

    `texts` are of one encoder, or of SDXL's two, of which the second is projected. `control` is what its
    ControlNets have besides what they share with the U-Net.
    """

    unet: Mapping[str, Any]
    texts: tuple[Mapping[str, Any], ...]
    vae: Mapping[str, Any] = field(default_factory=dict)
    control: Mapping[str, Any] = field(default_factory=dict)

    def make_unet(self) -> Any:
        """On torch's default device: "meta" takes no memory."""
        return _Unet(**self.unet)

    def make_control(self, unet: Any) -> Any:
        """A ControlNet of a U-Net's size."""
        return _Control.from_unet(
            unet,
            conditioning_embedding_out_channels=self.control.get("widths", (16, 32, 96, 256)),
            load_weights_from_unet=False,
        )

    def make_vae(self) -> Any:
        """The small autoencoder that goes with it."""
        return _Autoencoder(**self.vae)

    def make_texts(self) -> tuple[Any, ...]:
        """Its text encoders in their order."""
        kinds = (CLIPTextModel, CLIPTextModelWithProjection)
        # The pairs end with the texts that there are.
        return tuple(kind(CLIPTextConfig(**said)) for kind, said in zip(kinds, self.texts, strict=False))


def _text(width: int, layers: int, heads: int, **own: Any) -> dict[str, Any]:
    return {
        "vocab_size": 49408,
        "hidden_size": width,
        "intermediate_size": 4 * width,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "bos_token_id": 49406,
        "eos_token_id": 49407,
        **own,
    }


_VIT_L: Final = _text(768, 12, 12)

PUBLISHED: Final[Mapping[str, Built]] = {
    "sd-1.5": Built({"sample_size": 64, "cross_attention_dim": 768, "attention_head_dim": 8}, (_VIT_L,)),
    "sd-2.1": Built(
        {
            "sample_size": 64,
            "cross_attention_dim": 1024,
            # Heads, in spite of the name: a known slip of diffusers that all configurations keep to.
            "attention_head_dim": (5, 10, 20, 20),
            "use_linear_projection": True,
        },
        (_text(1024, 23, 16, hidden_act="gelu"),),
    ),
    "sdxl": Built(
        {
            "sample_size": 64,
            "cross_attention_dim": 2048,
            "attention_head_dim": (5, 10, 20),
            "use_linear_projection": True,
            "block_out_channels": (320, 640, 1280),
            "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
            "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
            "transformer_layers_per_block": (1, 2, 10),
            "addition_embed_type": "text_time",
            "addition_time_embed_dim": 256,
            "projection_class_embeddings_input_dim": 2816,
        },
        (_VIT_L, _text(1280, 32, 20, hidden_act="gelu", projection_dim=1280)),
    ),
}
"""Stable Diffusion 1.5; 2.1, which is SD-Turbo's too; and XL, which is SDXL-Turbo's too (that one's
`sample_size` is 64)."""

TINY: Final = Built(
    {
        "sample_size": 32,
        "block_out_channels": (8, 16),
        "layers_per_block": 1,
        "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
        "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
        "cross_attention_dim": 16,
        "attention_head_dim": 2,
        "norm_num_groups": 4,
    },
    (_text(16, 2, 2, intermediate_size=32),),
    {
        "encoder_block_out_channels": (8, 8),
        "decoder_block_out_channels": (8, 8),
        "num_encoder_blocks": (1, 1),
        "num_decoder_blocks": (1, 1),
    },
    {"widths": (4, 8)},
)
"""Of two pixels a latent: as small as the classes go. What it takes is mostly what is around the layers."""

MID: Final = Built(
    {
        "sample_size": 32,
        "cross_attention_dim": 256,
        "attention_head_dim": 8,
        "block_out_channels": (64, 128, 256, 256),
    },
    (_text(256, 6, 4),),
)
"""35 million parameters in SD 1.5's shape, a fifth as wide: for processors."""


@dataclass(frozen=True, slots=True)
class _Ids:
    input_ids: Tensor


@dataclass(frozen=True, slots=True)
class ByteTokens:
    """In the place of a tokenizer: a token a byte, so that there is no vocabulary to download."""

    begin: int
    end: int
    model_max_length: int = 77

    def __call__(
        self, prompt: str, *, padding: str, max_length: int, truncation: bool, return_tensors: str
    ) -> _Ids:
        """int64[1, max_length]: always padded and cut, as streams ask for it."""
        assert padding == "max_length"
        assert truncation
        assert return_tensors == "pt"
        said = [self.begin, *prompt.encode()][: max_length - 1]
        return _Ids(torch.tensor([said + [self.end] * (max_length - len(said))]))


def random_parts(
    built: Built,
    controls: Iterable[str],
    scheduler: str,
    device: torch.device,
    dtype: torch.dtype,
    seed: int = 0,
) -> Parts:
    """All parts with weights of a seed; `scheduler` is lcm or euler. The generator of torch stays as it was.

    ControlNets begin by adding nothing, which takes as long as adding something.
    """
    # It warns of nothing at each change of dtype.
    diffusers_logging.set_verbosity_error()
    with torch.random.fork_rng(enabled=True), torch.device(device):
        torch.manual_seed(seed)
        unet = built.make_unet()
        nets = {name: built.make_control(unet) for name in controls}
        vae, texts = built.make_vae(), built.make_texts()
    for model in (unet, vae, *nets.values(), *texts):
        model.eval().requires_grad_(False).to(dtype)
    for model in (unet, vae, *nets.values()):
        model.to(memory_format=torch.channels_last)
    spacing = {"timestep_spacing": "trailing"} if scheduler == "euler" else {}
    return Parts(
        unet,
        vae,
        nets,
        tuple(ByteTokens(said["bos_token_id"], said["eos_token_id"]) for said in built.texts),
        texts,
        _SCHEDULERS[scheduler](**_NOISE, **spacing),
        device,
        dtype,
    )
