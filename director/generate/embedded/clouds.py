"""The sky as it is seen: clouds with lit edges, the discs of sun and moon, stars (shaders/teacher/sky.glsl).

Worked out where there is sky alone; the colour of a clear sky is not said here.
"""

from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.atmosphere import Atmosphere, linear_from_srgb
from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import LUMA, nightness, soft_step

__all__ = ["with_clouds"]

_AT: Final = {name: i for i, name in enumerate(SCENE)}
_NOISE, _STARS = 5, 8  # channels of the structure map, in the sky
_UP, _IS_SKY, _TO_SUN = 3, 7, 8  # planes of what is lit
# How far towards the sun it is looked for what is thinner, in pixels of a picture 288 high, and how much that
# counts.
_STEPS: Final = ((5.0, 1.0), (12.0, 0.8), (26.0, 0.6))
_HEIGHT: Final = 288


def with_clouds(
    light: Tensor, structure: Tensor, lit: Tensor, hidden: Tensor, look: Tensor, air: Atmosphere
) -> Tensor:
    """Light float32[b, 3, h, w] with what is in the sky, by the structure map uint8[b, h, w, 16], planes
    [b, LIT, h, w] (features.py), how much haze hides [b, h, w], and looks [b, len(SCENE)]."""
    at = (lit[:, _IS_SKY].flatten() > 0.5).nonzero().squeeze(1)
    if not len(at):
        return light
    batch, _, height, width = light.shape
    of = torch.div(at, height * width, rounding_mode="floor")
    place = at - of * (height * width)
    row, column = torch.div(place, width, rounding_mode="floor"), place % width

    def value(name: str) -> Tensor:
        return look[of, _AT[name]]

    def colour(name: str) -> Tensor:
        return linear_from_srgb(look[:, _AT[name] : _AT[name] + 3])[of]

    bank = structure[..., _NOISE].flatten()
    noise = bank[at].float() * (1 / 255)
    up = lit[:, _UP].flatten()[at] ** (1 / 0.55)
    toward_sun = lit[:, _TO_SUN]
    near_sun = toward_sun.flatten()[at].clamp_min(0.0)

    amount = value("clouds")
    cover = _between(noise, 0.92 - 0.85 * amount, 1.12 - 0.62 * amount)
    cover = cover * soft_step(amount / 0.08) * soft_step((up + 0.02) / 0.12) * 0.94

    # Where the sun lies in the picture: up the slope of how near it is.
    way_x, way_y = _slope(toward_sun, of, row, column)
    length = torch.hypot(way_x, way_y).clamp_min(1e-6) / (height / _HEIGHT)
    is_sky = lit[:, _IS_SKY].flatten()
    slope = torch.zeros_like(noise)
    for far, share in _STEPS:
        there_row = (row + (way_y / length * far).round().long()).clamp(0, height - 1)
        there_column = (column + (way_x / length * far).round().long()).clamp(0, width - 1)
        there = of * (height * width) + there_row * width + there_column
        found = torch.where(is_sky[there] > 0.5, bank[there].float() * (1 / 255), noise)
        slope = slope + share * (noise - found)
    edge = (0.5 + 3.2 * slope).clamp(0.0, 1.0)

    sun, mean_sky = air.lights[of, 0], air.lights[of, 1]
    around = torch.lerp(colour("horizon_red"), colour("zenith_red"), 0.35)
    grey = torch.lerp(
        around, (around * around.new_tensor(LUMA)).sum(-1, keepdim=True).expand_as(around), 0.45
    )
    thick = soft_step((noise - 0.42) / 0.53)
    heavy = soft_step((amount - 0.55) / 0.45)
    base = grey * (1.15 - 0.53 * thick * (0.55 + 0.45 * heavy))[:, None] + 0.04 * mean_sky
    rim = (0.10 + 0.22 * edge * edge) * (1.0 - 0.7 * heavy) * (1.15 - 0.6 * thick)
    rim = rim + 0.55 * near_sun**10 * (1.0 - thick) * (1.0 - 0.6 * heavy)
    cloud = base * (0.82 + 0.36 * edge)[:, None] + sun * rim[:, None]

    night = nightness(look)[of]
    disc = soft_step((near_sun - 0.99935) / 0.0002)
    moon = soft_step((near_sun - 0.9990) / 0.00015)
    glow = near_sun**900 * 0.5 + near_sun**120 * 0.15
    silver, pale = sun.new_tensor([1.5, 1.45, 1.3]), sun.new_tensor([0.5, 0.55, 0.65])
    by_night = (moon * (0.55 + 0.6 * noise))[:, None] * silver + glow[:, None] * pale
    body = torch.lerp(disc[:, None] * sun * 6.0, by_night, night[:, None])
    aureole = (0.10 * near_sun**6 + 0.25 * near_sun**60) * (0.3 + 0.7 * value("sky_strength"))
    stars = structure[..., _STARS].flatten()[at].float() * (1 / 255)
    twinkle = value("stars") * stars * 2.6 * soft_step((up + 0.02) / 0.22)
    tint = torch.lerp(
        sun.new_tensor([1.0, 0.82, 0.66]).expand_as(sun),
        sun.new_tensor([0.74, 0.84, 1.0]).expand_as(sun),
        torch.frac(stars * 37.0)[:, None],
    )
    clear = (1.0 - hidden.flatten()[at])[:, None]
    above = (1.0 - cover)[:, None] * (body + twinkle[:, None] * tint) + sun * aureole[:, None]

    pixels = light.transpose(0, 1).reshape(3, -1)
    own = pixels[:, at].t()
    seen = torch.lerp(own + above * clear, cloud * clear + own * (1.0 - clear), cover[:, None])
    return pixels.index_copy(1, at, seen.t()).view(3, batch, height, width).transpose(0, 1)


def _slope(plane: Tensor, of: Tensor, row: Tensor, column: Tensor) -> tuple[Tensor, Tensor]:
    """How a plane [b, h, w] grows to the right and down at these pixels."""
    _, height, width = plane.shape
    right = plane[of, row, (column + 1).clamp_max(width - 1)]
    left = plane[of, row, (column - 1).clamp_min(0)]
    lower = plane[of, (row + 1).clamp_max(height - 1), column]
    upper = plane[of, (row - 1).clamp_min(0), column]
    return right - left, lower - upper


def _between(value: Tensor, low: Tensor, high: Tensor) -> Tensor:
    return soft_step((value - low) / (high - low))
