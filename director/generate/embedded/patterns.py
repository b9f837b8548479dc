"""What a material's patterns make of its two colours, as a plain renderer would have it.

Near to shaders/teacher/surface.glsl, with straight ramps for its soft steps: a start that the network
corrects. The constants are in the order of the structure map's first nine channels, which is look.MATERIAL's.
"""

from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.look import MATERIAL, SCENE

__all__ = ["SURFACE", "Patterns", "surface_rows"]

# pattern: where the second colour begins and is whole, how much of it there is, mean, and how much the
# pattern darkens and lightens.
_RAMPS: Final[dict[str, tuple[float, float, float, float, float]]] = {
    "brick": (0.30, 0.08, 1.0, 0.66, 1.1),
    "planks": (0.62, 0.12, 0.7, 0.62, 1.3),
    "tiles": (0.30, 0.08, 1.0, 0.66, 0.5),
    "weave": (0.0, 1.0, 0.0, 0.5, 0.9),
    "stripes": (0.0, 1.0, 1.0, 0.5, 0.0),
    "blotches": (0.48, 0.74, 0.85, 0.5, 0.4),
    "veins": (0.0, 1.0, 0.9, 0.5, 0.0),
    "leaves": (0.57, 0.35, 0.8, 0.5, 1.6),
    "grain": (0.0, 1.0, 0.0, 0.5, 1.5),
}
_COUNT: Final = len(_RAMPS)
_START = MATERIAL.index("brick")
assert MATERIAL[_START : _START + _COUNT] == tuple(_RAMPS)
# No two bricks, boards or leaves are burnt, sawn or grown alike: how much warmer the lighter ones are.
_WARMTHS: Final[dict[str, float]] = {
    "brick": 0.9,
    "planks": 0.5,
    "tiles": 0.5,
    "weave": 0.0,
    "stripes": 0.0,
    "blotches": 0.25,
    "veins": 0.0,
    "leaves": 0.7,
    "grain": 0.0,
}
assert tuple(_WARMTHS) == tuple(_RAMPS)
_WARM: Final = (0.38, 0.04, -0.34)
_AT: Final = {name: MATERIAL.index(name) for name in ("windows", "lit", "emission", "wear")}
_PLACE = SCENE.index("place_amount")
_WINDOWS_CHANNEL = 9

SURFACE: Final = 3 * _COUNT + 8
"""Numbers an object that `Patterns` needs at each of its pixels."""


def surface_rows(rows: Tensor, look: Tensor) -> Tensor:
    """float32[b, n, SURFACE] from rows [b, n, PIECE] and looks [b, len(SCENE)]."""
    weights = rows[..., _START : _START + _COUNT]
    amount, mean, slope = (weights.new_tensor([ramp[k] for ramp in _RAMPS.values()]) for k in (2, 3, 4))
    shades = weights * slope
    warmths = weights * weights.new_tensor(list(_WARMTHS.values()))
    person, built = rows[..., -2, None], rows[..., -1, None]
    windows = rows[..., _AT["windows"], None]
    lit = rows[..., _AT["lit"], None]
    glow = rows[..., _AT["emission"], None] * (1.0 - 0.7 * person)
    place = look[:, None, _PLACE, None] * (1.0 - 0.65 * person)
    return torch.cat(
        [
            weights * amount,
            shades / 255,
            1.0 - (shades * mean).sum(-1, keepdim=True),
            windows * (windows > 0.05),
            torch.where(lit > 0.02, lit, -1.0),
            glow,
            place,
            built,
            warmths / 255,
            -(warmths * mean).sum(-1, keepdim=True),
            rows[..., _AT["wear"], None],
        ],
        -1,
    )


class Patterns:
    """At each pixel, float32[b, h, w]: `first` share of the first colour, `shade` to multiply colour by,
    `pane` share of glass, `lit` share of a lit room, `glow`, `place` and `wear` as given for the object;
    `tint` float32[b, 3, h, w] to multiply colour by, beside.

    From the structure map uint8[b, h, w, 16] and planes [b, SURFACE, h, w] of `surface_rows`.
    """

    __slots__ = ("first", "glow", "lit", "pane", "place", "shade", "tint", "wear")

    def __init__(self, structure: Tensor, surface: Tensor) -> None:
        bank = structure.permute(0, 3, 1, 2)[:, :_COUNT].to(
            torch.float32, memory_format=torch.contiguous_format
        )
        starts = bank.new_tensor([ramp[0] for ramp in _RAMPS.values()])[:, None, None]
        steps = bank.new_tensor([1 / (255 * (ramp[1] - ramp[0])) for ramp in _RAMPS.values()])[:, None, None]
        ramps = (bank * steps).sub_(starts * 255 * steps).clamp_(0.0, 1.0)
        kept = ramps.mul_(surface[:, :_COUNT]).neg_().add_(1.0)
        first = kept[:, 0] * kept[:, 1]
        for k in range(2, _COUNT):
            first.mul_(kept[:, k])
        self.first = first
        last = 2 * _COUNT + 6
        warm = (bank * surface[:, last : last + _COUNT]).sum(1).add_(surface[:, last + _COUNT])
        self.tint = 1.0 + warm[:, None] * bank.new_tensor(_WARM)[:, None, None]
        self.wear = surface[:, last + _COUNT + 1]
        shade = bank.mul_(surface[:, _COUNT : 2 * _COUNT]).sum(1).add_(surface[:, 2 * _COUNT])
        self.shade = shade.clamp_(0.12, 2.2)
        pane = structure[..., _WINDOWS_CHANNEL].to(torch.float32).mul_(1 / 255)
        chance = (pane - 0.3) * (1 / 0.7)
        # Where panes are built, all of one is glass.
        glass = pane + surface[:, 2 * _COUNT + 5]
        self.pane = ((glass - 0.08) * 5.0).clamp_(0.0, 1.0).mul_(surface[:, 2 * _COUNT + 1])
        self.lit = ((chance - 1.0 + surface[:, 2 * _COUNT + 2]) * 12.5 + 0.5).clamp_(0.0, 1.0)
        self.glow = surface[:, 2 * _COUNT + 3]
        self.place = surface[:, 2 * _COUNT + 4]
