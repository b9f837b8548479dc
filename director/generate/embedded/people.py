"""What people are clothed in, by place on the figure: the prior of shaders/teacher/surface.glsl in torch.

Proportions are those of scene/figure_body.py, as shares of the figure's height.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.embedded.look import MATERIAL

__all__ = ["HAIRS", "SKINS", "complexion", "dressed", "tone_colour"]

_SKIN, _HAIR = MATERIAL.index("skin"), MATERIAL.index("hair")
_WEAVE, _GRAIN, _X, _Y, _Z = 3, 8, 13, 14, 15  # channels of the structure map
_WIDE, _DEEP = 0.285, 0.165
# By tone, 0..1: colours in linear light.
SKINS = ((0.0, 0.55, 1.0), ((0.66, 0.40, 0.30), (0.40, 0.20, 0.11), (0.065, 0.030, 0.018)))
HAIRS = (
    (0.0, 0.3, 0.65, 1.0),
    ((0.012, 0.010, 0.010), (0.085, 0.040, 0.020), (0.46, 0.28, 0.11), (0.75, 0.74, 0.72)),
)


def complexion(rows: Tensor) -> Tensor:
    """[b, n, 6]: skin and hair in linear light, from rows [b, n, ROW]."""
    return torch.cat(
        [
            _ramp(rows[..., _SKIN, None], *SKINS),
            _ramp(rows[..., _HAIR, None], *HAIRS),
        ],
        -1,
    )


def dressed(top: Tensor, legs: Tensor, complexions: Tensor, structure: Tensor) -> Tensor:
    """Colours [n, 3] of n pixels of people: of what is worn above and below the waist [n, 3] each, of
    `complexion` [n, 6], and of the structure map uint8[n, 16]."""
    bank = structure.to(torch.float32) * (1 / 255)
    weave, y = bank[:, _WEAVE], bank[:, _Y]
    side = (bank[:, _X] - 0.5) * _WIDE
    x = side.abs()
    z = (bank[:, _Z] - 0.5) * _DEEP
    skin, hair = complexions[:, :3], complexions[:, 3:]
    arm = x > 0.1005
    head = y > 0.853
    upper = (y > 0.545) | (arm & (y > 0.4))
    colour = torch.where(
        upper[:, None], top * (0.75 + 0.5 * weave)[:, None], legs * (0.8 + 0.4 * weave)[:, None]
    )
    belt = (y > 0.535) & (y < 0.553) & (x < 0.1)
    colour = torch.where(belt[:, None], colour.new_tensor([0.03, 0.025, 0.02]), colour)
    colour = torch.where((y < 0.048)[:, None], 0.15 * legs + colour.new_tensor([0.035, 0.03, 0.028]), colour)
    placket = (y > 0.6) & (y < 0.83) & (z > 0.03) & (x < 0.006)
    colour = colour * torch.where(placket, 0.45, 1.0)[:, None]
    bare = head | (arm & (y > 0.36) & (y < 0.487)) | ((y > 0.828) & (x < 0.034))
    bare |= (y > 0.80) & (z > 0.012) & (x < 0.035 - 0.9 * (0.853 - y))
    colour = torch.where(bare[:, None], skin * (0.94 + 0.12 * bank[:, _GRAIN])[:, None], colour)
    colour = torch.where((head & (z > 0.02))[:, None], _face(colour, hair, side, y), colour)
    under_hair = head & (y > 0.906 + 0.46 * (z + 0.03).clamp_min(0.0))
    return torch.where(under_hair[:, None], hair * (0.6 + 0.8 * weave)[:, None], colour)


def _face(skin: Tensor, hair: Tensor, side: Tensor, y: Tensor) -> Tensor:
    x = side.abs()
    eye = _beyond(x - 0.0165, y - 0.927, 0.0085, 0.0048)
    face = skin * (0.25 + 0.75 * eye)[:, None]
    brow = _beyond(x - 0.0170, y - 0.9375, 0.0125, 0.0034)[:, None]
    face = torch.lerp(0.65 * hair + 0.35 * face, face, brow)
    mouth = _beyond(side, y - 0.892, 0.0150, 0.0045)[:, None]
    return torch.lerp(face * face.new_tensor([0.75, 0.38, 0.36]), face, mouth)


def _beyond(x: Tensor, y: Tensor, wide: float, high: float) -> Tensor:
    """0 inside an ellipse, 1 outside, soft between."""
    share = ((torch.hypot(x / wide, y / high) - 0.6) / 0.6).clamp(0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)


def _ramp(tone: Tensor, stops: tuple[float, ...], colours: tuple[tuple[float, ...], ...]) -> Tensor:
    colour = tone.new_tensor(colours[0]).expand(*tone.shape[:-1], 3)
    for low, high, after in zip(stops, stops[1:], colours[1:], strict=False):
        share = ((tone - low) / (high - low)).clamp(0.0, 1.0)
        colour = torch.lerp(colour, tone.new_tensor(after), share * share * (3.0 - 2.0 * share))
    return colour


def tone_colour(
    tone: NDArray[np.float32], colours: tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]
) -> NDArray[np.float32]:
    """float32[n, 3], sRGB, of tones float32[n] on SKINS or HAIRS."""
    stops, stages = colours
    linear = _ramp(torch.from_numpy(np.ascontiguousarray(tone))[:, None], stops, stages).numpy()
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(srgb, np.float32)
