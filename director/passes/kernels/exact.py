"""What the kernels that draw triangles share. Needs Numba.

No sum may be reordered or contracted: a corner that two triangles share has to be the same number in both.
Corners are rounded to 1/256 of a pixel before a pixel is said to be in or out.
"""

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np

__all__ = [
    "BACK",
    "CLIPPED",
    "FAR_OUT",
    "ONE",
    "RUN",
    "SHAPE",
    "STEPS",
    "TO_CENTRE",
    "ZERO",
    "kernel",
    "larger",
    "least",
    "most",
    "part",
    "smaller",
    "snapped",
    "step",
]

RUN: Final = 64
"""So many triangles are carried at a time: pools hold blocks of float32[3 corners, 3 axes, RUN]."""
SHAPE: Final = 9
"""A triangle kept: three corners, each x, y in pixels and 1 / depth; of those CLIPPED x · depth, y · depth
and depth."""
BACK: Final = np.uint32(1)
CLIPPED: Final = np.uint32(2)
"""Flags of a triangle kept: its back shows; it reaches beyond the near plane or FAR_OUT."""
FAR_OUT: Final = np.float32(32768.0)
"""Whatever lies farther out, in pixels, is clipped: its corners would not fit into the steps."""
STEPS: Final = np.float32(256.0)
"""Of a pixel."""
TO_CENTRE: Final = 128
"""Steps from a pixel's corner to its centre."""
ZERO: Final = np.float32(0.0)
ONE: Final = np.float32(1.0)

_HALF: Final = np.float32(0.5)
_Decorator = Callable[[Callable[..., Any]], Any]

part: _Decorator = numba.njit(forceinline=True, error_model="numpy", boundscheck=False)
step: _Decorator = numba.njit(error_model="numpy", boundscheck=False)
kernel: _Decorator = numba.njit(parallel=True, cache=True, error_model="numpy", boundscheck=False)


@part
def snapped(x: Any) -> Any:
    """In steps of 1/256 of a pixel, as a float32 that is whole."""
    return np.floor(x * STEPS + _HALF)


@part
def smaller(a: Any, b: Any) -> Any:
    return a if a < b else b


@part
def larger(a: Any, b: Any) -> Any:
    return a if a > b else b


@part
def least(a: Any, b: Any, c: Any) -> Any:
    return smaller(smaller(a, b), c)


@part
def most(a: Any, b: Any, c: Any) -> Any:
    return larger(larger(a, b), c)
