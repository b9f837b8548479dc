"""The strokes of a brush, as shaders/structure.glsl has them, over blocks of pixels. Needs Numba."""

from typing import Any

import numpy as np

from director.passes.kernels.blocks import (
    FINE,
    SEED,
    STROKES,
    U,
    V,
)
from director.passes.kernels.noise import (
    between,
    flat_corners,
    flat_first,
    flat_second,
    flat_third,
)
from director.passes.kernels.numbers import (
    HALF,
    LANES,
    ONE,
    clamped,
    floor,
    larger,
    log2,
    part,
    smoothstep,
    step,
    two_to,
)

__all__ = ["strokes"]

_f = np.float32


@part
def _laid(u: Any, v: Any, n: Any, seed: Any) -> Any:
    """A layer of strokes of the size 2 to the power of n, int32."""
    over = two_to(np.int32(-n))
    u, v = u * over, v * over
    layer = np.uint32(np.uint32(seed + np.uint32(13)) + np.uint32(np.int32(n + np.int32(40))))
    drift = flat_corners(u * _f(0.45), v * _f(0.45), layer)
    u, v = u + _f(1.4) * (flat_first(drift) - HALF), v + _f(1.4) * (flat_second(drift) - HALF)
    one = flat_corners(
        (_f(0.92) * u + _f(0.39) * v) * _f(0.30),
        (_f(-0.39) * u + _f(0.92) * v) * _f(1.25),
        np.uint32(layer + np.uint32(1)),
    )
    other = flat_corners(
        (_f(0.34) * u - _f(0.94) * v) * _f(0.30),
        (_f(0.94) * u + _f(0.34) * v) * _f(1.25),
        np.uint32(layer + np.uint32(2)),
    )
    choice = smoothstep(_f(0.46), _f(0.54), flat_third(drift))
    return between(flat_second(one), flat_second(other), choice)


@step
def strokes(s: Any, q: Any, layer: Any, groups: int) -> None:
    """The strokes of a brush, from U, V and FINE."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        level = log2(larger(s[FINE + c], _f(1e-5)) * _f(9.0))
        whole = floor(level)
        blend = level - whole
        n, seed = np.int32(whole), np.uint32(q[SEED + c] + layer)
        lower = _laid(s[U + c], s[V + c], n, seed)
        upper = _laid(s[U + c], s[V + c], np.int32(n + np.int32(1)), seed)
        s[STROKES + c] = clamped((lower * (ONE - blend) + upper * blend - HALF) * _f(1.6) + HALF)
