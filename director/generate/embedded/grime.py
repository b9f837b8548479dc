"""What lies on surfaces: dust and moss of the place, in stains, and dirt in hollows (shaders/teacher)."""

from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.tones import soft_step

__all__ = ["dirty", "dusty"]

_BLOTCHES, _LEAVES, _GRAIN, _OPEN, _PLACE_Y = 5, 7, 8, 11, 14  # channels of the structure map
_DIRT: Final = (0.42, 0.36, 0.30)
_LEAST: Final = 0.02


def dusty(colour: Tensor, structure: Tensor, up: Tensor, amount: Tensor, place: Tensor) -> Tensor:
    """Colours [b, 3, h, w] under what the place strews: by how far surfaces face up [b, h, w], how much there
    is at each pixel, 0..1, [b, h, w], and the place's colour [b, 3, 1, 1]."""
    if float(amount.detach().max()) < _LEAST:
        return colour
    blotches, leaves, grain = (_bank(structure, k) for k in (_BLOTCHES, _LEAVES, _GRAIN))
    # It gathers in stains with borders, so that what lies under it still tells what it is.
    gathers = (
        soft_step((up - 0.1) / 0.8).mul_(0.45).add_(blotches, alpha=1.1).add_(leaves, alpha=0.35).sub_(0.425)
    )
    start = 0.62 - 0.62 * amount
    dust = soft_step((gathers + 0.35 * amount - start) / (0.38 + 0.17 * amount)).mul_(amount).mul_(0.85)
    strewn = place * ((0.75 + 0.5 * grain) * (0.85 + 0.3 * leaves))[:, None]
    return torch.lerp(colour, strewn, dust[:, None])


def dirty(colour: Tensor, structure: Tensor, wear: Tensor) -> Tensor:
    """Colours [b, 3, h, w] with dirt where surfaces are worn [b, h, w]: in hollows and towards the ground."""
    if float(wear.detach().max()) < _LEAST:
        return colour
    blotches, is_open, high = (_bank(structure, k) for k in (_BLOTCHES, _OPEN, _PLACE_Y))
    dirt = soft_step((blotches - 0.35 * high - 0.6 * is_open + 0.35) * 2.0).mul_(wear).mul_(0.75)
    taken = colour.new_tensor([1.0 - share for share in _DIRT])[:, None, None]
    return colour * (1.0 - dirt[:, None] * taken)


def _bank(structure: Tensor, channel: int) -> Tensor:
    return structure[..., channel].to(torch.float32).mul_(1 / 255)
