"""The bank of the sky, as shaders/structure.frag has it, over blocks of pixels. Needs Numba."""

from typing import Any

import numpy as np

from director.passes.kernels.blocks import (
    ANCHOR,
    BANK,
    BLOTCHES,
    FINE,
    GRAIN,
    SECOND,
    SEED,
    THIRD,
    U,
    V,
)
from director.passes.kernels.brush import strokes
from director.passes.kernels.noise import (
    SHARES,
    cell_hash,
    corners,
    first,
    second,
    solid_first,
    whole,
)
from director.passes.kernels.numbers import (
    BLOCK,
    HALF,
    LANES,
    ONE,
    ZERO,
    clamped,
    floor,
    larger,
    smoothstep,
    sqrt,
    step,
)

__all__ = ["sky"]

_f = np.float32


@step
def _laid_above(s: Any, groups: int) -> None:
    """The sheet of clouds, high above, where it is seen in directions ANCHOR; these as unit vectors."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c]
        by = ONE / sqrt(x * x + y * y + z * z)
        x, y, z = x * by, y * by, z * by
        high = ONE / (larger(y, ZERO) + _f(0.12))
        s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c] = x, y, z
        s[U + c], s[V + c] = x * high, z * high
        s[BLOTCHES + c] = ZERO


@step
def _cloud(s: Any, q: Any, octave: Any, frequency: Any, share: Any, groups: int) -> None:
    shift = _f(31.7) * np.float32(octave)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        u, v = s[U + c] * frequency + shift, s[V + c] * frequency + shift
        s[BLOTCHES + c] += share * solid_first(corners(u, v, shift, np.uint32(q[SEED + c] + octave)))


@step
def _stars(s: Any, q: Any, groups: int) -> None:
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = (
            s[ANCHOR + c] * _f(90.0),
            s[ANCHOR + SECOND + c] * _f(90.0),
            s[ANCHOR + THIRD + c] * _f(90.0),
        )
        left, upper, near = floor(x), floor(y), floor(z)
        chance = cell_hash(left, upper, whole(near), np.uint32(q[SEED + c] + np.uint32(9)))
        x, y, z = x - left - HALF, y - upper - HALF, z - near - HALF
        away = sqrt(x * x + y * y + z * z)
        star = ONE - smoothstep(_f(0.1), _f(0.45), away)
        star = star * (_f(0.3) + _f(0.7) * (second(chance) * SHARES))
        s[GRAIN + c] = star if first(chance) * SHARES > _f(0.985) else ZERO


@step
def sky(s: Any, q: Any, groups: int) -> None:
    """The first eleven of the bank from ANCHOR and SEED of the sky; ANCHOR is overwritten."""
    for place in range(np.uint64(11 * BLOCK)):
        s[BANK + np.uint64(place)] = ZERO
    _laid_above(s, groups)
    frequency, share = _f(0.9), HALF
    for octave in range(5):
        _cloud(s, q, np.uint32(octave), frequency, share, groups)
        frequency, share = frequency * _f(2.0), share * _f(0.52)
    _stars(s, q, groups)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[BLOTCHES + c] = clamped((s[BLOTCHES + c] - HALF) * _f(1.7) + HALF)
        s[U + c], s[V + c], s[FINE + c] = _f(2.0) * s[U + c], _f(2.0) * s[V + c], _f(0.011)
    strokes(s, q, np.uint32(0), groups)
