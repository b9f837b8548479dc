"""The grade: how light becomes a picture. The same formula as at the end of shaders/teacher/finish.frag.

Because it is known, the network does not have to learn it: it predicts light, and the look's exposure,
contrast, saturation, split toning and age are applied exactly. Saturation 0 is grey, whatever it predicts.
"""

import torch
from torch import Tensor

from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import LUMA, nightness

__all__ = ["KEY", "grade", "grade_curves", "saturation_matrix"]

KEY = 0.50
"""What light is multiplied by at neutral exposure."""
_AT_NIGHT = 0.35
"""How much longer film is exposed at night."""

_EXPOSURE, _CONTRAST, _SATURATION, _AGE = (
    SCENE.index(name) for name in ("exposure", "contrast", "saturation", "age")
)
_SHADOW = SCENE.index("shadow_red")
_LIGHT = SCENE.index("light_red")
_AGED_FLOOR, _AGED_SLOPE = (0.10, 0.085, 0.06), (0.84, 0.80, 0.70)


def saturation_matrix(look: Tensor) -> Tensor:
    """float32[b, 3, 3], from looks [b, len(SCENE)]: exposure and saturation, both linear in light."""
    luma = look.new_tensor(LUMA).expand(3, 3)
    amount = (2.0 * look[:, _SATURATION])[:, None, None]
    mixed = luma + amount * (torch.eye(3, dtype=look.dtype, device=look.device) - luma)
    exposure = KEY * torch.exp2(4.0 * (look[:, _EXPOSURE] - 0.5)) * (1.0 + _AT_NIGHT * nightness(look))
    return mixed * exposure[:, None, None]


def grade_curves(light: Tensor, look: Tensor) -> Tensor:
    """sRGB 0..1 from exposed light [b, 3, …], a curve a channel: tone, contrast, split toning, age.

    The tone curve is Narkowicz's fit, "ACES Filmic Tone Mapping Curve", 2016.
    """
    shape = (-1, 3) + (1,) * (light.dim() - 2)
    x = light.clamp_min(0.0)
    x = (x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14)).clamp(0.0, 1.0)
    v = torch.where(x < 0.0031308, 12.92 * x, 1.055 * x.clamp_min(1e-6).pow(1 / 2.4) - 0.055)
    slope = torch.exp2(2.0 * (look[:, _CONTRAST] - 0.5)).reshape((-1, 1) + (1,) * (light.dim() - 2))
    below = 0.5 * (2.0 * v).clamp_min(1e-4) ** slope
    above = 1.0 - 0.5 * (2.0 - 2.0 * v).clamp_min(1e-4) ** slope
    v = torch.where(v < 0.5, below, above)
    shadow = (look[:, _SHADOW : _SHADOW + 3] - 0.5).reshape(shape)
    bright = (look[:, _LIGHT : _LIGHT + 3] - 0.5).reshape(shape)
    toe = ((v + 0.04) / 0.12).clamp(0.0, 1.0)
    toe = toe * toe * (3.0 - 2.0 * toe)
    v = v + 0.5 * shadow * (1.0 - v).square() * toe + 0.5 * bright * v * (1.0 - 0.35 * v)
    aged = v.new_tensor(_AGED_FLOOR).reshape(shape) + v * v.new_tensor(_AGED_SLOPE).reshape(shape)
    age = look[:, _AGE].reshape((-1, 1) + (1,) * (light.dim() - 2))
    return (v + age * (aged - v)).clamp(0.0, 1.0)


def grade(light: Tensor, look: Tensor) -> Tensor:
    """sRGB [b, 3, h, w] from light [b, 3, h, w] and looks [b, len(SCENE)], all float32."""
    exposed = torch.einsum("bij,bjhw->bihw", saturation_matrix(look), light)
    return grade_curves(exposed, look)
