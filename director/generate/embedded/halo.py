"""The halo about what is bright: light spread by lens and air, as shaders/teacher/finish.frag has it."""

from typing import Final

from torch import Tensor
from torch.nn import functional

from director.generate.embedded.look import SCENE
from director.generate.embedded.tones import enlarged, luminance, soft_step

__all__ = ["halo", "with_halo"]

_GLOW: Final = SCENE.index("glow")
# How far it is spread, as averages over so many pixels each way of a picture 288 high, and each one's share.
_FINEST: Final = 4
_SHARES: Final = (0.3, 0.3, 0.2, 0.2)
_LEAST: Final = 0.02


def with_halo(light: Tensor, look: Tensor) -> Tensor:
    """Light float32[b, 3, h, w], height and width in 16ths, with its halo, by looks [b, len(SCENE)]."""
    added = halo(light, look)
    if added is None:
        return light
    return light + functional.interpolate(added, size=light.shape[-2:], mode="bilinear", align_corners=False)


def halo(light: Tensor, look: Tensor) -> Tensor | None:
    """What is added about what is bright, at a quarter of the size, where nothing of it is lost; None where
    no look has any. Arguments as of `with_halo`."""
    glow = look[:, _GLOW, None, None, None]
    if float(glow.max()) < _LEAST:
        return None
    level = coarse = functional.avg_pool2d(light, _FINEST * enlarged(light.shape[-2]))
    size = level.shape[-2:]
    spread = _SHARES[0] * _softened(level)
    for share in _SHARES[1:]:
        level = functional.avg_pool2d(level, 2, ceil_mode=True)
        wide = functional.interpolate(_softened(level), size=size, mode="bilinear", align_corners=False)
        spread = spread + share * wide
    strong = glow * glow * 0.55 * soft_step((luminance(spread) - 0.4) / 2.1)
    # Of what is bright itself half is taken off.
    return strong * (spread - 0.5 * coarse).clamp_min(0.0) + 0.06 * glow * spread


def _softened(level: Tensor) -> Tensor:
    """With its neighbours, in a tent of three by three."""
    padded = functional.pad(level, (1, 1, 1, 1), mode="replicate")
    across = padded[..., :-2] + 2.0 * padded[..., 1:-1] + padded[..., 2:]
    return (across[..., :-2, :] + 2.0 * across[..., 1:-1, :] + across[..., 2:, :]) * (1 / 16)
