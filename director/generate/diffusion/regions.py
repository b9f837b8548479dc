"""Prompts of objects, each heard only where its object is seen: cross-attention with a mask from the id pass.

The tokens of the scene's prompt come first and are heard everywhere. Behind them lie those of the objects'
own prompts, each added to what the pixels of its objects attend to; the logarithm of a strength is laid over
its logits, so that 0 is not heard at all and 1 as loudly as the scene.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from director.types import Conditioning

__all__ = ["MOST_REGIONS", "RegionPrompts", "Regions", "region_prompts"]

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
    last = max((thing.id for thing in conditioning.objects), default=0)
    seen = np.bincount(ids.ravel(), minlength=last + 1)
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


class Regions:
    """Masks of a picture's regions for every resolution that a U-Net attends at."""

    def __init__(self, prompts: RegionPrompts, latent: tuple[int, int], tokens: int, slots: int = 0) -> None:
        """`latent` is (height, width) of the latents, `tokens` the length of one prompt. There is room for
        `slots` prompts, if there are fewer."""
        self._slots = max(slots, len(prompts.prompts))
        self._strengths = prompts.strengths
        self._tokens = tokens
        regions = torch.from_numpy(prompts.regions.astype(np.float32))[None, None]
        # A latent belongs to the region of its middle.
        self._regions = functional.interpolate(regions, latent, mode="nearest-exact")[0, 0].to(torch.int64)

    def masks(self, levels: int, device: torch.device, dtype: torch.dtype) -> dict[int, Tensor]:
        """[2, 1, pixels, tokens] to be added to logits, by pixels; the first of the two is for a negative
        prompt, which hears nothing but itself."""
        found = {}
        regions = self._regions
        for _ in range(levels):
            found[regions.numel()] = self._mask(regions).to(device, dtype)
            height, width = (math.ceil(side / 2) for side in regions.shape)
            regions = functional.interpolate(
                regions[None, None].float(), (height, width), mode="nearest-exact"
            )[0, 0].to(torch.int64)
        return found

    def _mask(self, regions: Tensor) -> Tensor:
        flat = regions.flatten()
        heard = torch.full((len(flat), 1 + self._slots), -math.inf)
        heard[:, 0] = 0.0
        for place, strength in enumerate(self._strengths, start=1):
            heard[:, place] = torch.where(flat == place, math.log(strength), -math.inf)
        own = heard.repeat_interleave(self._tokens, 1)
        alone = torch.full_like(own, -math.inf)
        alone[:, : self._tokens] = 0.0
        return torch.stack([alone, own])[:, None]
