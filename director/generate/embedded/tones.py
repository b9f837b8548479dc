"""What all of the light shares: a soft step, how bright a light is, how far it is night, and how large a
picture is."""

import math
from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.look import SCENE

__all__ = ["LUMA", "enlarged", "luminance", "nightness", "soft_step"]

LUMA: Final = (0.2126, 0.7152, 0.0722)
"""Shares of linear red, green and blue, ITU-R BT.709."""

_SKY_STRENGTH: Final = SCENE.index("sky_strength")


def soft_step(share: Tensor) -> Tensor:
    """0 below 0, 1 above 1, and between them without a corner: GLSL's smoothstep."""
    share = share.clamp(0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def luminance(light: Tensor) -> Tensor:
    """[b, 1, h, w] of linear light [b, 3, h, w]. Plane by plane: a product would be rounded where autocast
    halves it."""
    red, green, blue = light.unbind(1)
    return torch.add(red * LUMA[0] + green * LUMA[1], blue, alpha=LUMA[2])[:, None]


def nightness(look: Tensor) -> Tensor:
    """[…] of looks […, len(SCENE)]: 1 is night, when eyes and film are opened wide."""
    return 1.0 - soft_step((look[..., _SKY_STRENGTH] - 0.08) / 0.34)


def enlarged(height: int) -> int:
    """1, 2 or 4: by how much lengths in pixels grow in a picture so high, against one of 288."""
    return int(2 ** min(max(round(math.log2(height / 288)), 0), 2))
