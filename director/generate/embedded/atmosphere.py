"""The light of a look: colours and strengths as the teacher has them (shaders/teacher/common.glsl).

The network is handed these instead of having to learn them: it weighs known lights at every pixel, so a
purple dusk is exactly as purple as the words made it, from the first hour of training.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import luminance, nightness, soft_step

__all__ = ["Atmosphere", "atmosphere", "linear_from_srgb"]

_AT = {name: i for i, name in enumerate(SCENE)}


@dataclass(frozen=True, slots=True, eq=False)
class Atmosphere:
    """Of a batch of looks. Colours in linear light.

    lights  float32[b, 2, 3]  sun, mean sky: what falls on surfaces
    fill    float32[b, 3, 1, 1]  what a film set at night is lit by besides, in the open
    seen    float32[b, 5, 3]  haze, zenith, horizon, sun, a lit room: what is seen beside surfaces
    place   float32[b, 3, 1, 1]
    lamps   float32[b, 1, 1]  what lamp light is multiplied by
    rooms   float32[b, 1, 1]  how bright a lit room is
    glare   float32[b, 1, 1, 1]  how bright what glows is
    haze    float32[b, 1, 1]  extinction, 1/m
    """

    lights: Tensor
    fill: Tensor
    seen: Tensor
    place: Tensor
    lamps: Tensor
    rooms: Tensor
    glare: Tensor
    haze: Tensor


def linear_from_srgb(srgb: Tensor) -> Tensor:
    """sRGB's decoding curve, IEC 61966-2-1."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb.clamp_min(0.0) + 0.055) / 1.055) ** 2.4)


def atmosphere(look: Tensor) -> Atmosphere:
    """From looks float32[b, len(SCENE)]."""

    def colour(first: str) -> Tensor:
        return linear_from_srgb(look[:, _AT[first] : _AT[first] + 3])

    def value(name: str) -> Tensor:
        return look[:, _AT[name], None]

    sun = colour("sun_red") * (4.2 * value("sun_strength").clamp_min(0.0) ** 1.3)
    zenith, horizon = colour("zenith_red"), colour("horizon_red")
    blend = horizon + 0.45 * (zenith - horizon)
    strongest = blend.amax(1, keepdim=True).clamp_min(0.002)
    sky = (blend / strongest) ** 0.62 * (1.2 * value("sky_strength").clamp_min(0.0) ** 0.75 + 0.006)
    planes = sky[:, :, None, None]
    room = look.new_tensor([1.0, 0.65, 0.34]).expand_as(sun)
    lamps = value("lamps")
    rooms = 0.10 + 0.6 * lamps + 1.7 * lamps.square()
    day = soft_step((value("sky_strength") - 0.25) / 0.45)
    return Atmosphere(
        lights=torch.stack([sun, sky], 1),
        fill=planes / luminance(planes).clamp_min(1e-3) * nightness(look)[:, None, None, None],
        seen=torch.stack([1.05 * colour("fog_red"), 1.15 * zenith, 1.15 * horizon, sun, room], 1),
        place=colour("place_red")[:, :, None, None],
        lamps=(5.0 * value("lamps"))[:, None],
        rooms=(rooms * (1.0 - 0.65 * day))[:, None],
        glare=(0.6 + 2.4 * value("lamps"))[:, None, None],
        haze=(0.30 * value("fog_density").clamp_min(0.0) ** 2.6)[:, None],
    )
