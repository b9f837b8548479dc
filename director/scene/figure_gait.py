"""Where a foot is through its own stride: planted while it carries, then swung to where it falls again.

A stride is two steps; it begins as the heel strikes. Lengths are shares of the figure's height, measured
from the ankle's place at rest: along the way, and up.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Footfall", "foot", "smooth"]

Array = NDArray[np.float64]

_HEEL, _TOE = -0.034, 0.104  # of the foot, along from the ankle
_SOLE = -0.046


@dataclass(frozen=True, slots=True)
class Footfall:
    """What tells one gait's feet from another's.

    `stride`: ground covered by two steps; `stance`: the share of it in which a foot carries; `ahead`: the
    ankle's lead on the hips as the heel strikes. Angles in radians: toes up at the strike, heel up at
    toe-off, how much more the toes hang in swing. `lift` is how far the swing rises, `early` < 1 when.
    """

    stride: float
    stance: float
    ahead: float
    strike: float
    off: float
    lift: float
    early: float = 1.0
    droop: float = 0.0
    leave: float = 0.6


def foot(phases: Array, gait: float, rest: tuple[float, float, float], fall: Footfall) -> tuple[Array, Array]:
    """Where an ankle is, float64[n, 3], and how far the toes are up, float64[n], at phases 0..1 of its own
    stride. `gait` 0..1 scales it all down to standing."""
    stance = np.minimum(phases / fall.stance, 1.0)
    # Heel strike on the heel, flat, then off over the toes: each keeps its place on the ground.
    strike = fall.strike * gait * np.clip(1 - stance / 0.18, 0, 1) ** 1.5
    off = fall.off * gait * smooth((stance - 0.58) / 0.42)
    planted = gait * (fall.ahead - fall.stride * fall.stance * stance)
    on_heel = _about(_HEEL, strike)
    on_toe = _about(_TOE, -off)
    grounded = np.where((strike > 0)[:, None], _pair(planted, on_heel), _pair(planted, on_toe))
    # The swing leaves where stance ended and comes back to where it begins, at the ground's own speed.
    share = np.clip((phases - fall.stance) / (1 - fall.stance), 0, 1)
    start = _pair(
        np.array([gait * (fall.ahead - fall.stride * fall.stance)]),
        _about(_TOE, np.array([-fall.off * gait])),
    )
    end = _pair(np.array([gait * fall.ahead]), _about(_HEEL, np.array([fall.strike * gait])))
    drift = np.array([-fall.stride * (1 - fall.stance) * gait, 0.0])
    s = share[:, None]
    flying = (
        (2 * s**3 - 3 * s**2 + 1) * start
        + (s**3 - 2 * s**2 + s) * drift * fall.leave
        + (3 * s**2 - 2 * s**3) * end
        + (s**3 - s**2) * drift
    )
    flying[:, 1] += fall.lift * gait * np.sin(np.pi * share**fall.early) ** 1.2 * (1 - 0.35 * share)
    hang = fall.droop * np.sin(np.pi * share**fall.early)
    swinging = gait * (-fall.off + (fall.strike + fall.off) * smooth(share / 0.9) - hang)
    in_stance = phases < fall.stance
    along_up = np.where(in_stance[:, None], grounded, flying)
    ankle = np.stack([np.full(len(phases), rest[0]), rest[1] + along_up[:, 1], rest[2] + along_up[:, 0]], -1)
    return ankle, np.where(in_stance, strike - off, swinging)


def _about(pivot: float, toes_up: Array) -> Array:
    """float64[n, 2]: how far (along, up) the ankle goes as the foot turns about a point of its sole."""
    along, up = -pivot, -_SOLE
    cos, sin = np.cos(toes_up), np.sin(toes_up)
    return np.stack([along * cos - up * sin - along, along * sin + up * cos - up], -1)


def _pair(planted: Array, offset: Array) -> Array:
    return offset + np.stack([planted, np.zeros_like(planted)], -1)


def smooth(share: Array) -> Array:
    """0..1 with no speed at either end; clamped outside."""
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)
