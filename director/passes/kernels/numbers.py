"""What kernels of the passes are made of: how they are compiled, and plain functions of GLSL. Needs Numba.

All numbers are float32 and all places unsigned: that is what lets the compiler take many pixels at once.
"""

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

__all__ = [
    "BLOCK",
    "HALF",
    "LANES",
    "ONE",
    "TWO",
    "ZERO",
    "clamped",
    "floor",
    "kept_still",
    "kernel",
    "larger",
    "log2",
    "part",
    "rounded",
    "smaller",
    "smoothstep",
    "sqrt",
    "step",
    "stride",
    "two_to",
    "widened",
]

BLOCK: Final = 64
"""So many pixels are worked on at a time."""
LANES: Final = 16
"""Blocks are cut into whole groups of so many: the compiler need not think of fewer."""

ZERO: Final = np.float32(0.0)
HALF: Final = np.float32(0.5)
ONE: Final = np.float32(1.0)
TWO: Final = np.float32(2.0)

_THREE: Final = np.float32(3.0)
_ROOT_2, _LOG2_E = np.float32(1.4142135623730951), np.float32(1.4426950408889634)
_L3, _L5, _L7, _L9 = (np.float32(2.0 / n) for n in (3, 5, 7, 9))
_FAST: Final = {"contract", "nsz"}
_SIGN, _SIZE, _SHIFT, _TO_FLOAT = np.uint32(0x8000), np.uint32(0x7FFF), np.uint32(13), np.float32(2.0**112)

_Decorator = Callable[[Callable[..., Any]], Any]

# Typed for want of these options in Numba's own types.
_njit: Any = numba.njit

part: _Decorator = _njit(
    forceinline=True, fastmath=_FAST, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""A formula of one pixel; like a step, to be called by what is compiled alone."""
step: _Decorator = _njit(
    fastmath=_FAST, error_model="numpy", boundscheck=False, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""A loop over the pixels of a block."""
kernel: _Decorator = _njit(
    parallel=True,
    cache=True,
    fastmath=_FAST,
    error_model="numpy",
    boundscheck=False,
    no_cfunc_wrapper=True,
)
"""A loop over a picture that threads share."""


@part
def floor(x: Any) -> Any:
    return np.floor(x)


@part
def sqrt(x: Any) -> Any:
    return np.sqrt(x)


@part
def smaller(x: Any, y: Any) -> Any:
    return x if x < y else y


@part
def larger(x: Any, y: Any) -> Any:
    return x if x > y else y


@part
def clamped(x: Any) -> Any:
    """Within 0 and 1."""
    return smaller(larger(x, ZERO), ONE)


@part
def rounded(x: Any) -> Any:
    """To the nearest whole number; of two as near, to the even one."""
    return np.rint(x)


@part
def smoothstep(low: Any, high: Any, x: Any) -> Any:
    t = clamped((x - low) * (ONE / (high - low)))
    return t * t * (_THREE - TWO * t)


@part
def log2(x: Any) -> Any:
    """n + log2 m with m in √½..√2, of normal x: within 1e-6. By the series of artanh."""
    bits = np.float32(x).view(np.int32)
    n = np.float32(np.int32(np.int32(bits >> np.int32(23)) - np.int32(127)))
    m = np.int32(np.int32(bits & np.int32(0x7FFFFF)) | np.int32(0x3F800000)).view(np.float32)
    n = n + ONE if m > _ROOT_2 else n
    m = m * HALF if m > _ROOT_2 else m
    s = (m - ONE) / (m + ONE)
    q = s * s
    return n + s * _LOG2_E * (TWO + q * (_L3 + q * (_L5 + q * (_L7 + q * _L9))))


@part
def two_to(n: Any) -> Any:
    """2 to the power of a whole number int32, which must not be below −126 or above 127."""
    return np.int32(np.int32(n + np.int32(127)) << np.int32(23)).view(np.float32)


@part
def widened(bits: Any) -> Any:
    """float32 of the finite float16 that the lower half of a uint32 holds."""
    size = np.uint32(np.uint32(bits & _SIZE) << _SHIFT).view(np.float32) * _TO_FLOAT
    return -size if np.uint32(bits & _SIGN) else size


@step
def stride(height: Any) -> Any:
    """A step through the rows that meets each once, and any few neighbours all over the picture: threads get
    rows that come one after the other, and the sky is cheaper than the ground."""
    apart = np.int64(height * 0.618)
    while apart > 1:
        a, b = np.int64(height), apart
        while b > 0:
            a, b = b, a % b
        if a == 1:
            return apart
        apart -= 1
    return np.int64(1)


def kept_still(array: NDArray[Any]) -> NDArray[Any]:
    """The same numbers, not to be written to: Numba compiles anew for what may be and for what may not."""
    view = array.view()
    view.flags.writeable = False
    return view
