"""The hand that draws: flat light, brush, paper and ink, on the network's light and before the grade.

The same formulas as in shaders/teacher/finish.frag. Strokes follow the structure map's, which stick to
surfaces, and lines its edges, so a drawing is as steady and as sharp as the passes are.
"""

import torch
from torch import Tensor

from director.generate.embedded.look import SCENE

__all__ = ["styled"]

_FLAT, _BRUSH, _PAPER, _INK = (SCENE.index(name) for name in ("flat", "brush", "paper", "ink"))
_BLOTCHES, _STROKES, _EDGE = 5, 10, 12  # channels of the structure map
_LEAST = 0.003
_LUMA = (0.2126, 0.7152, 0.0722)
_WARM = (0.30, 0.02, -0.30)
_SHEET = (3.0, 2.9, 2.7)
_INK_LIGHT = 0.006


def styled(
    light: Tensor, structure: Tensor, sky: Tensor, look: Tensor, edges: Tensor | None = None
) -> Tensor:
    """Light float32[b, 3, h, w] as drawn; structure uint8[b, h, w, 16], sky 1 or 0 float32[b, h, w], look
    float32[b, len(SCENE)]; `edges` float32[b, h, w], where a draughtsman would put a line, are those of the
    structure map if not given. What no picture of the batch asks for is not computed."""
    strength = {index: look[:, index, None, None, None] for index in (_FLAT, _BRUSH, _PAPER, _INK)}
    wanted = {index for index, value in strength.items() if float(value.max()) > _LEAST}
    if not wanted:
        return light

    def channel(index: int) -> Tensor:
        return structure[..., index].to(torch.float32)[:, None] * (1 / 255)

    edge = channel(_EDGE) if edges is None else edges[:, None]
    line = _smooth(edge, 0.15, 0.75) if wanted & {_PAPER, _INK} else light
    brightness = _luma(light)
    colour = light
    if _FLAT in wanted:
        colour = torch.lerp(colour, _flat(colour, brightness), strength[_FLAT])
    if _BRUSH in wanted:
        stroke = channel(_STROKES) - 0.5
        laid = colour * torch.exp2(stroke)
        laid = laid * (
            1.0 + light.new_tensor(_WARM)[:, None, None] * (stroke + 0.5 * (channel(_BLOTCHES) - 0.5))
        )
        grey = _luma(laid)
        laid = (grey + 1.2 * (laid - grey)).clamp_min(0.0)
        colour = torch.lerp(colour, laid, strength[_BRUSH])
    if _PAPER in wanted:
        paper = strength[_PAPER]
        grain = 0.6 * channel(_STROKES) + 0.4 * channel(_BLOTCHES)
        covered = (1.15 - paper * (0.56 + 0.32 * grain + 0.15 * sky[:, None])).clamp(0.0, 1.0)
        pigment = colour / (0.35 + brightness) * (0.55 + 0.45 * brightness.clamp_max(1.0))
        pigment = torch.log((pigment * (1.0 - 0.25 * edge) * 1.1).clamp_min(0.01))
        sheet = torch.log(light.new_tensor(_SHEET))[:, None, None]
        washed = torch.exp(sheet + 0.85 * covered * (pigment - sheet))
        colour = torch.lerp(colour, washed, _smooth(paper, 0.0, 0.35))
    if _INK in wanted:
        colour = colour + strength[_INK] * line * (_INK_LIGHT - colour)
    return colour


def _flat(colour: Tensor, brightness: Tensor) -> Tensor:
    """Light in few steps with narrow soft borders, a little more colourful."""
    least = brightness.clamp_min(1e-3)
    tone = torch.log2(least + 0.02) * 1.1
    whole = torch.floor(tone)
    level = torch.exp2((whole + _smooth(tone - whole, 0.40, 0.60)) / 1.1) - 0.02
    stepped = colour / least * level.clamp_min(0.004)
    grey = _luma(stepped)
    return (grey + 1.25 * (stepped - grey)).clamp_min(0.0)


def _luma(colour: Tensor) -> Tensor:
    red, green, blue = _LUMA
    return red * colour[:, :1] + green * colour[:, 1:2] + blue * colour[:, 2:]


def _smooth(value: Tensor, low: float, high: float) -> Tensor:
    share = ((value - low) / (high - low)).clamp(0.0, 1.0)
    return share * share * (3.0 - 2.0 * share)
