"""The sky as it is seen: clouds with lit edges, the discs of sun and moon, stars (shaders/teacher/sky.glsl).

Worked out where there is sky alone; the colour of a clear sky is not said here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.atmosphere import Atmosphere, linear_from_srgb
from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import LUMA, nightness, soft_step

__all__ = ["NOISE", "STARS", "STEPS", "Colours", "Sky", "sky_seen", "slopes", "towards_sun", "with_clouds"]

_AT: Final = {name: i for i, name in enumerate(SCENE)}
NOISE, STARS = 5, 8  # channels of the structure map, in the sky
_UP, _IS_SKY, _TO_SUN = 3, 7, 8  # planes of what is lit
# How far towards the sun it is looked for what is thinner, in pixels of a picture 288 high, and how much that
# counts.
_STEPS: Final = ((5.0, 1.0), (12.0, 0.8), (26.0, 0.6))
_HEIGHT: Final = 288
STEPS: Final = len(_STEPS)
_SILVER, _PALE = (1.5, 1.45, 1.3), (0.5, 0.55, 0.65)
_WARM_STAR, _COLD_STAR = (1.0, 0.82, 0.66), (0.74, 0.84, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Sky:
    """Of pixels of the sky in a row, [n]: the structure map's noise and stars, 0..1, how high the sky is
    there (features.py), how near the ray goes to the sun, how that grows to the right and down, how much
    haze hides, and the pixels' rows and columns."""

    noise: Tensor
    stars: Tensor
    up: Tensor
    near_sun: Tensor
    way_x: Tensor
    way_y: Tensor
    hidden: Tensor
    row: Tensor
    column: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """Of the pixels' looks, in linear light, [3, n or 1], and numbers [n or 1]."""

    zenith: Tensor
    horizon: Tensor
    sun: Tensor
    sky: Tensor
    amount: Tensor
    stars: Tensor
    strength: Tensor
    night: Tensor

    @classmethod
    def of(cls, look: Tensor, air: Atmosphere) -> "Colours":
        """Of looks [n, len(SCENE)] and their air."""

        def colour(name: str) -> Tensor:
            return linear_from_srgb(look[:, _AT[name] : _AT[name] + 3]).transpose(0, 1)

        def value(name: str) -> Tensor:
            return look[:, _AT[name]]

        return cls(
            colour("zenith_red"),
            colour("horizon_red"),
            air.lights[:, 0].transpose(0, 1),
            air.lights[:, 1].transpose(0, 1),
            value("clouds"),
            value("stars"),
            value("sky_strength"),
            nightness(look),
        )


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
    banks = {channel: structure[..., channel].flatten() for channel in (NOISE, STARS)}
    toward_sun, is_sky = lit[:, _TO_SUN], lit[:, _IS_SKY].flatten()

    way_x, way_y = slopes(toward_sun)
    sky = Sky(
        banks[NOISE][at] * (1 / 255),
        banks[STARS][at] * (1 / 255),
        lit[:, _UP].flatten()[at],
        toward_sun.flatten()[at],
        way_x.flatten()[at],
        way_y.flatten()[at],
        hidden.flatten()[at],
        row,
        column,
    )

    far = [first + of * (height * width) for first in towards_sun(sky, height, width)]
    found = [(banks[NOISE][there] * (1 / 255), is_sky[there]) for there in far]
    pixels = light.transpose(0, 1).reshape(3, -1)
    colours = Colours.of(look, air)
    colours = Colours(*(getattr(colours, field.name)[..., of] for field in fields(colours)))
    seen = sky_seen(sky, colours, pixels[:, at], found)
    return pixels.index_copy(1, at, seen).view(3, batch, height, width).transpose(0, 1)


def slopes(plane: Tensor) -> tuple[Tensor, Tensor]:
    """How a plane [b, h, w] grows to the right and down."""
    wide = functional.pad(plane, (1, 1, 1, 1), mode="replicate")
    return wide[:, 1:-1, 2:] - wide[:, 1:-1, :-2], wide[:, 2:, 1:-1] - wide[:, :-2, 1:-1]


def towards_sun(of: Sky, height: int, width: int) -> list[Tensor]:
    """Places of pixels a little nearer to the sun, [n] for each of a few steps, in a picture of this size."""
    # Where the sun lies in the picture: up the slope of how near it is.
    length = torch.hypot(of.way_x, of.way_y).clamp_min(1e-6) * (_HEIGHT / height)
    places = []
    for far, _ in _STEPS:
        row = torch.floor(of.row + of.way_y / length * far + 0.5).clamp(0, height - 1)
        column = torch.floor(of.column + of.way_x / length * far + 0.5).clamp(0, width - 1)
        places.append((row * width + column).to(torch.int64))
    return places


def sky_seen(of: Sky, looks: Colours, own: Tensor, found: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """Light [3, n] of pixels of the sky whose clear sky is `own` [3, n]. `found` is what noise there is at
    the places of `towards_sun`, and 1 where that is sky."""
    noise, up = of.noise, of.up ** (1 / 0.55)
    near_sun = of.near_sun.clamp_min(0.0)
    amount = looks.amount
    cover = _between(noise, 0.92 - 0.85 * amount, 1.12 - 0.62 * amount)
    cover = cover * soft_step(amount / 0.08) * soft_step((up + 0.02) / 0.12) * 0.94

    slope = 0.0 * noise
    for (_, share), (there, is_sky) in zip(_STEPS, found, strict=True):
        slope = slope + share * (noise - torch.where(is_sky > 0.5, there, noise))
    edge = (0.5 + 3.2 * slope).clamp(0.0, 1.0)

    around = torch.lerp(looks.horizon, looks.zenith, 0.35)
    grey = (around * around.new_tensor(LUMA)[:, None]).sum(0)
    grey = around + 0.45 * (grey - around)
    thick = soft_step((noise - 0.42) / 0.53)
    heavy = soft_step((amount - 0.55) / 0.45)
    base = grey * (1.15 - 0.53 * thick * (0.55 + 0.45 * heavy)) + 0.04 * looks.sky
    rim = (0.10 + 0.22 * edge * edge) * (1.0 - 0.7 * heavy) * (1.15 - 0.6 * thick)
    rim = rim + 0.55 * near_sun**10 * (1.0 - thick) * (1.0 - 0.6 * heavy)
    cloud = base * (0.82 + 0.36 * edge) + looks.sun * rim

    disc = soft_step((near_sun - 0.99935) / 0.0002)
    moon = soft_step((near_sun - 0.9990) / 0.00015)
    glow = near_sun**900.0 * 0.5 + near_sun**120.0 * 0.15
    silver, pale = (near_sun.new_tensor(colour)[:, None] for colour in (_SILVER, _PALE))
    by_night = moon * (0.55 + 0.6 * noise) * silver + glow * pale
    by_day = disc * looks.sun * 6.0
    body = by_day + looks.night * (by_night - by_day)
    aureole = (0.10 * near_sun**6 + 0.25 * near_sun**60.0) * (0.3 + 0.7 * looks.strength)
    twinkle = looks.stars * of.stars * 2.6 * soft_step((up + 0.02) / 0.22)
    hue = of.stars * 37.0
    warm, cold = (near_sun.new_tensor(colour)[:, None] for colour in (_WARM_STAR, _COLD_STAR))
    tint = warm + (hue - torch.floor(hue)) * (cold - warm)
    clear = 1.0 - of.hidden
    above = (1.0 - cover) * (body + twinkle * tint) + looks.sun * aureole
    return torch.lerp(own + above * clear, cloud * clear + own * (1.0 - clear), cover)


def _between(value: Tensor, low: Tensor, high: Tensor) -> Tensor:
    return soft_step((value - low) / (high - low))
