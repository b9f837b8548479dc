"""The parts of a diffusion model, as a folder of diffusers has them, and what is to be known of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from director.generate.diffusion.lora import Loras
    from director.generate.diffusion.references import Adapter

__all__ = ["Parts", "vae_factor"]


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What a stream is made of: diffusers' and transformers' own objects, on one device, of one dtype.

    `controls` are ControlNets by the control picture that each reads; `text_encoders` go with `tokenizers`,
    one each, two for SDXL. `scheduler` is the stream's own: steps move it. `loras` are those that can be
    turned up in the weights, `adapter` is for reference pictures.
    """

    unet: Any
    vae: Any
    controls: Mapping[str, Any]
    tokenizers: tuple[Any, ...]
    text_encoders: tuple[Any, ...]
    scheduler: Any
    device: torch.device
    dtype: torch.dtype
    loras: "Loras | None" = None
    adapter: "Adapter | None" = None

    @property
    def is_xl(self) -> bool:
        """Whether the U-Net reads pooled text and sizes, as SDXL's does."""
        return bool(self.unet.config.addition_embed_type == "text_time")


def vae_factor(vae: Any) -> int:
    """Pixels a latent, across and down."""
    widths = getattr(vae.config, "block_out_channels", None) or vae.config.encoder_block_out_channels
    return int(2 ** (len(widths) - 1))
