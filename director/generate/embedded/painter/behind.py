"""What stands behind a thing that is smaller than its proxy: a smooth guess, from what is seen about it.

The light of what is solid and far, from as near as there is any: a pyramid, pushed down and pulled up
(Gortler et al., "The Lumigraph", SIGGRAPH 1996).
"""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.painter.features import SHRINK

__all__ = ["behind", "gathered", "widened"]

_LEVELS: Final = 5
_FARTHEST_M: Final = 60.0
_ENOUGH, _LEAST_WEIGHT = 0.3, 1e-4


def gathered(light: Tensor, through: Tensor, distance: Tensor) -> tuple[Tensor, Tensor]:
    """Weighted sums of light [b, 3, h / 4, w / 4] and their weights [b, 1, h / 4, w / 4], from light
    float32[b, 3, h, w], how much shows `through` and distance in metres, float32[b, h, w]."""
    far = ((1.0 - through.detach()) * distance.clamp_max(_FARTHEST_M).square())[:, None]
    return functional.avg_pool2d(light * far, SHRINK), functional.avg_pool2d(far, SHRINK)


def behind(sums: Tensor, weight: Tensor) -> Tensor:
    """Light float32[b, 3, h / 4, w / 4] from what was `gathered`."""
    levels = [(sums, weight)]
    while min(weight.shape[2:]) > 2 and len(levels) < _LEVELS:
        sums, weight = (functional.avg_pool2d(x, 2, ceil_mode=True) for x in levels[-1])
        levels.append((sums, weight))
    found = levels[-1][0] / levels[-1][1].clamp_min(_LEAST_WEIGHT)
    about = levels[-1][1]
    for sums, weight in reversed(levels[:-1]):
        size = (int(weight.shape[2]), int(weight.shape[3]))
        found, about = (functional.interpolate(x, size, mode="bilinear") for x in (found, about))
        known = (weight / (_ENOUGH * about).clamp_min(_LEAST_WEIGHT)).clamp_max(1.0)
        found = torch.lerp(found, sums / weight.clamp_min(_LEAST_WEIGHT), known)
        about = weight
    return found


def widened(coarse: Tensor, first: int = 0, rows: int = 0) -> Tensor:
    """[b, 3, rows, w]: `behind` at full size; so many rows from the first on, both in fours, or all."""
    count = coarse.shape[2]
    upper, lower = first // SHRINK, (first + rows) // SHRINK if rows else count
    low, high = max(0, upper - 1), min(count, lower + 1)
    size = ((high - low) * SHRINK, coarse.shape[3] * SHRINK)
    wide = functional.interpolate(coarse[:, :, low:high], size, mode="bilinear")
    return wide[:, :, (upper - low) * SHRINK : (lower - low) * SHRINK]
