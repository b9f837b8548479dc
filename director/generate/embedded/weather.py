"""What weather lays on surfaces, as shaders/teacher/surface.glsl has it: standing water and snow."""

import torch
from torch import Tensor

from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import soft_step

__all__ = ["SNOW_COLOUR", "dryness", "puddles", "snow_cover"]

SNOW_COLOUR = (0.80, 0.84, 0.90)

_DARKENS, _DRIPS = 0.45, 0.12
"""How much darker what is soaked is, and how much of the rain comes under a roof."""
_WET, _SNOW = SCENE.index("wet"), SCENE.index("snow")
_BLOTCHES, _LEAVES = 5, 7  # channels of the structure map


def puddles(up: Tensor, structure: Tensor, look: Tensor, shelter: Tensor | None = None) -> Tensor | None:
    """Share of standing water, [b, h, w], where surfaces face up by `up` [b, h, w] and are not sheltered,
    uint8[b, h, w]; None where all is dry."""
    wet = look[:, _WET, None, None]
    if float(wet.max()) < 0.15:
        return None
    hollow = 1.0 - structure[..., _BLOTCHES].to(torch.float32) * (1 / 255)
    edge = 0.62 - 0.42 * wet
    lies = soft_step((up - 0.85) / 0.13) * soft_step((hollow - edge) * 10.0) * soft_step((wet - 0.15) / 0.35)
    return _in_the_open(lies, shelter)


def dryness(up: Tensor, structure: Tensor, look: Tensor, shelter: Tensor) -> Tensor:
    """What to multiply colours by, [b, h, w], where rain is kept off, uint8[b, h, w]. The network darkens
    what is wet and does not know of roofs: this takes it back. Arguments as of `puddles`."""
    wet = look[:, _WET, None, None]
    soaked = wet * (0.55 + 0.45 * up + 0.5 * (0.5 - structure[..., _BLOTCHES].to(torch.float32) * (1 / 255)))
    soaked = soaked.clamp(0.0, 1.0)
    dry = (1.0 - _DARKENS * _DRIPS * soaked) / (1.0 - _DARKENS * soaked)
    return 1.0 + (dry - 1.0) * (shelter.to(torch.float32) * (1 / 255))


def snow_cover(up: Tensor, structure: Tensor, look: Tensor, shelter: Tensor | None = None) -> Tensor | None:
    """Share of snow, [b, h, w], as `puddles`; None where there is none."""
    amount = look[:, _SNOW, None, None]
    if float(amount.max()) < 0.03:
        return None
    bank = structure[..., [_BLOTCHES, _LEAVES]].to(torch.float32) * (1 / 255)
    lies = 0.78 * up + 0.06 + 0.22 * bank[..., 0] + 0.12 * (bank[..., 1] - 0.5)
    lies = soft_step((lies - 0.62 + 0.45 * amount) / 0.23) * soft_step((amount - 0.03) / 0.27)
    return _in_the_open(lies, shelter)


def _in_the_open(lies: Tensor, shelter: Tensor | None) -> Tensor:
    return lies if shelter is None else lies * (1.0 - shelter.to(torch.float32) * (1 / 255))
