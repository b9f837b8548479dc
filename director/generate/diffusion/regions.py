"""Prompts of objects, each heard only where its object is seen: cross-attention with a mask from the id pass.

The tokens of the scene's prompt come first and are heard everywhere. Behind them lie those of the objects'
own prompts, each added to what the pixels of its objects attend to; the logarithm of a strength is laid over
its logits, so that 0 is not heard at all and 1 as loudly as the scene.
"""

import inspect
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from director.types import Conditioning

__all__ = [
    "MOST_REGIONS",
    "Heard",
    "RegionAttention",
    "RegionPrompts",
    "Regions",
    "hear_regions",
    "region_prompts",
]

MOST_REGIONS: Final = 6
"""Prompts of objects in one picture: each adds the tokens of a prompt to every cross-attention. Those that
are seen most are heard."""
_LEAST_PIXELS: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class RegionPrompts:
    """The prompts of what is seen, most of it first, and where: `regions` uint8[h, w], 0 none, else the place
    of the prompt from 1; `strengths` 0..1, one a prompt."""

    prompts: tuple[str, ...]
    strengths: tuple[float, ...]
    regions: NDArray[np.uint8]


def region_prompts(conditioning: Conditioning) -> RegionPrompts:
    """Of the objects of a conditioning; as directed, where they are directed."""
    direction = conditioning.direction
    ids = conditioning.maps["object"]
    seen = np.bincount(ids.ravel(), minlength=len(conditioning.objects) + 1)
    by_prompt: dict[tuple[str, float], list[int]] = {}
    for thing in conditioning.objects:
        prompt = direction.object_prompts.get(thing.id, thing.prompt).strip()
        strength = float(direction.strengths.get(thing.id, 1.0))
        if prompt and strength > 0.0 and seen[thing.id] > 0:
            by_prompt.setdefault((prompt, strength), []).append(thing.id)
    areas = {key: int(sum(seen[id_] for id_ in found)) for key, found in by_prompt.items()}
    chosen = sorted(
        (key for key in by_prompt if areas[key] >= _LEAST_PIXELS), key=lambda key: (-areas[key], key)
    )
    table = np.zeros(len(seen), np.uint8)
    for place, key in enumerate(chosen[:MOST_REGIONS], start=1):
        table[by_prompt[key]] = place
    heard = chosen[:MOST_REGIONS]
    return RegionPrompts(tuple(p for p, _ in heard), tuple(s for _, s in heard), table[ids])


@dataclass(eq=False)
class Heard:
    """What the attention of one model hears just now: its masks by the number of pixels they are for."""

    masks: Mapping[int, Tensor] | None = None


class Regions:
    """Masks of a picture's regions for every resolution that a U-Net attends at."""

    def __init__(self, prompts: RegionPrompts, latent: tuple[int, int], tokens: int) -> None:
        """`latent` is (height, width) of the latents, `tokens` the length of one prompt."""
        self._strengths = prompts.strengths
        self._tokens = tokens
        regions = torch.from_numpy(prompts.regions.astype(np.float32))[None, None]
        # A latent belongs to the region of its middle.
        self._regions = functional.interpolate(regions, latent, mode="nearest-exact")[0, 0].to(torch.int64)

    def masks(self, levels: int, guides: bool, device: torch.device, dtype: torch.dtype) -> dict[int, Tensor]:
        """[1 or 2, 1, pixels, tokens] to be added to logits, by pixels. `guides` adds the row of a negative
        prompt, first, which hears nothing but itself."""
        found = {}
        regions = self._regions
        for _ in range(levels):
            found[regions.numel()] = self._mask(regions, guides).to(device, dtype)
            height, width = (math.ceil(side / 2) for side in regions.shape)
            regions = functional.interpolate(
                regions[None, None].float(), (height, width), mode="nearest-exact"
            )[0, 0].to(torch.int64)
        return found

    def _mask(self, regions: Tensor, guides: bool) -> Tensor:
        flat = regions.flatten()
        heard = torch.zeros(len(flat), 1 + len(self._strengths))
        for place, strength in enumerate(self._strengths, start=1):
            heard[:, place] = torch.where(flat == place, math.log(strength), -math.inf)
        rows = [heard.repeat_interleave(self._tokens, 1)]
        if guides:
            alone = torch.full_like(rows[0], -math.inf)
            alone[:, : self._tokens] = 0.0
            rows.insert(0, alone)
        return torch.stack(rows)[:, None]


class RegionAttention:
    """A cross-attention of diffusers that heeds the masks of `heard`; without any, as diffusers' own."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard

    def __call__(
        self,
        attn: Any,
        hidden_states: Tensor,
        encoder_hidden_states: Tensor | None = None,
        attention_mask: Tensor | None = None,
        temb: Tensor | None = None,
    ) -> Tensor:
        batch, pixels, _ = hidden_states.shape
        source = hidden_states if encoder_hidden_states is None else encoder_hidden_states
        if attn.norm_cross and encoder_hidden_states is not None:
            source = attn.norm_encoder_hidden_states(source)
        query, key, value = attn.to_q(hidden_states), attn.to_k(source), attn.to_v(source)
        width = key.shape[-1] // attn.heads
        query, key, value = (
            it.view(batch, -1, attn.heads, width).transpose(1, 2) for it in (query, key, value)
        )
        mask = None if self.heard.masks is None else self.heard.masks[pixels]
        if mask is not None and mask.shape[-1] != key.shape[-2]:
            mask = None
        attended = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(batch, pixels, -1).to(query.dtype)
        out: Tensor = attn.to_out[1](attn.to_out[0](attended)) / attn.rescale_output_factor
        return out


# diffusers asks for it at every call, and working it out takes longer than the attention of a small picture.
setattr(RegionAttention.__call__, "__signature__", inspect.signature(RegionAttention.__call__))  # noqa: B010


def hear_regions(unet: Any) -> Heard:
    """Let all cross-attentions of a U-Net heed masks; returns what they will hear."""
    heard = Heard()
    unet.set_attn_processor(
        {
            name: RegionAttention(heard) if name.endswith("attn2.processor") else processor
            for name, processor in unet.attn_processors.items()
        }
    )
    return heard
