"""What polished surfaces reflect: the sky where they see it, else the light about them, and the sun.

Only of pixels that shine: metal, glass, glaze. As shaders/teacher has it, with what is about a surface taken
from a very coarse picture instead of being looked for along the ray.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.atmosphere import Atmosphere
from director.generate.embedded.features import FACING, HALF_FOURTH, MIRRORED_UP
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.tones import enlarged, soft_step

__all__ = [
    "Reflecting",
    "less_scattered",
    "light_around",
    "reflected",
    "scattered_less",
    "shining",
    "with_shine",
]

_GLOSS: Final = MATERIAL.index("gloss")
_METAL: Final = MATERIAL.index("metal")
# Duller dielectrics reflect so little that it is left to the network.
_LEAST_GLOSS: Final = 0.45
_LEAST_METAL: Final = 0.05
_ZENITH, _HORIZON = 1, 2  # of Atmosphere.seen
_SUN, _OPEN = 0, 1  # of what is lit
_AROUND_PX: Final = 32


def scattered_less(rows: Tensor) -> Tensor:
    """[b, n], from rows [b, n, PIECE]: how metallic what is polished is; 0 of all else."""
    gloss, metal = rows[..., _GLOSS], rows[..., _METAL]
    return torch.where(_polished(gloss, metal), metal, 0.0)


def less_scattered(colour: Tensor, metal: Tensor, pane: Tensor) -> Tensor:
    """Colours [b, 3, h, w] without what metals, [b, h, w] as of `scattered_less`, do not scatter."""
    return colour * (1.0 - 0.95 * metal * (1.0 - pane))[:, None]


def _polished(gloss: Tensor, metal: Tensor) -> Tensor:
    return (gloss > _LEAST_GLOSS) | (metal > _LEAST_METAL)


@dataclass(frozen=True, slots=True, eq=False)
class Reflecting:
    """Of pixels in a row, [n] or [3, n]: what their objects are (`gloss`, `metal`), their share of glass, how
    they face the camera, how high a ray goes that they mirror and how near it comes to the sun (to the
    fourth power), sun on them, how open they are, how much air lets through, their colour and the light
    about them."""

    gloss: Tensor
    metal: Tensor
    glass: Tensor
    facing: Tensor
    up: Tensor
    half: Tensor
    sun: Tensor
    is_open: Tensor
    clear: Tensor
    colour: Tensor
    around: Tensor


def reflected(of: Reflecting, seen: Tensor, lights: Tensor) -> Tensor:
    """Light [3, n] that surfaces reflect towards the camera, by their pictures' Atmosphere: `seen`
    [5, 3, n or 1] and `lights` [2, 3, n or 1]."""
    metal = of.metal * (1.0 - of.glass)
    smooth = of.gloss + (0.94 - of.gloss) * of.glass
    is_open = (of.is_open * 1.6).clamp_max(1.0)
    plain = 0.045 * soft_step(smooth * 2.0)
    specular = plain + (of.colour - plain) * metal
    strongest = specular.amax(0)
    grazing = (smooth - specular).clamp_min(0.0) * (1.0 - of.facing.clamp(0.0, 1.0)) ** 5
    share = specular + grazing * soft_step((strongest - 0.02) / 0.025)
    high = of.up.clamp(0.0, 1.0).sqrt()
    sky = torch.lerp(seen[_HORIZON], seen[_ZENITH], high)
    around = of.around.clamp_max(3.0) * (0.8 + 0.35 * soft_step((of.up + 0.5) / 1.3))
    env = torch.lerp(around, sky, is_open * soft_step((of.up + 0.25) / 0.3))
    rough = 1.0 - smooth
    mean = lights[1] * (0.5 + 0.5 * is_open)
    env = torch.lerp(env, 0.5 * (sky + mean), 0.6 * soft_step((rough - 0.5) / 0.4))
    power = 2.0 / (rough**4).clamp_min(0.02)
    lobe = ((power + 8.0) / 25.0 * of.half.clamp_min(1e-4) ** (0.25 * power)).clamp_max(30.0)
    glint = specular * (lobe * of.sun) * lights[0]
    return (share * env + glint) * of.clear


def light_around(light: Tensor) -> Tensor:
    """What is about each pixel of light [b, 3, h, w], very coarsely: to be enlarged to its size."""
    return functional.avg_pool2d(light.detach(), _AROUND_PX * enlarged(light.shape[-2]), ceil_mode=True)


def shining(rows: Tensor) -> Tensor:
    """[b, n, 3], from rows [b, n, PIECE]: gloss, metal, and 1 for what reflects enough to be worked out."""
    gloss, metal = rows[..., _GLOSS], rows[..., _METAL]
    return torch.stack([gloss, metal, torch.where(_polished(gloss, metal), 1.0, 0.0)], -1)


def with_shine(
    light: Tensor,
    colour: Tensor,
    rows: Tensor,
    ids: Tensor,
    pane: Tensor,
    features: Tensor,
    lit: Tensor,
    clear: Tensor,
    air: Atmosphere,
) -> Tensor:
    """Light [b, 3, h, w] with what polished surfaces reflect: of colours [b, 3, h, w], by rows [b, n, PIECE],
    ids numbered through, lit planes [b, LIT, h, w] and planes [b, h, w]."""
    batch, _, height, width = light.shape
    gloss, metal, polished = shining(rows).flatten(0, 1).unbind(-1)
    flat, glass = ids.flatten(), pane.flatten()
    at = ((polished[flat] > 0.5) | (glass > 0.5)).nonzero().squeeze(1)
    if not len(at):
        return light
    number = torch.div(at, height * width, rounding_mode="floor")

    def plane(values: Tensor) -> Tensor:
        return values.flatten()[at].float()

    def planes(values: Tensor) -> Tensor:
        return values.transpose(0, 1).flatten(1)[:, at]

    of = Reflecting(
        gloss[flat[at]],
        metal[flat[at]],
        glass[at],
        plane(features[..., FACING]),
        plane(features[..., MIRRORED_UP]),
        plane(features[..., HALF_FOURTH]),
        plane(lit[:, _SUN]),
        plane(lit[:, _OPEN]),
        plane(clear),
        planes(colour),
        planes(
            functional.interpolate(
                light_around(light), size=(height, width), mode="bilinear", align_corners=False
            )
        ),
    )
    seen, lights = (values[number].permute(1, 2, 0) for values in (air.seen, air.lights))
    pixels = light.transpose(0, 1).flatten(1).index_add(1, at, reflected(of, seen, lights))
    return pixels.view(3, batch, height, width).transpose(0, 1)
