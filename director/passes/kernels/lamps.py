"""What lamps give to every surface, as shaders/lamplight.frag has it. Needs Numba."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from director.passes.kernels import compiler
from director.passes.kernels.blocks import plane
from director.passes.kernels.numbers import (
    BLOCK,
    ZERO,
    kept_still,
    kernel,
    larger,
    part,
    smaller,
    sqrt,
    step,
    stride,
)
from director.passes.kernels.places import (
    DEPTH,
    FARTHEST_M,
    NORMAL_X,
    NORMAL_Y,
    NORMAL_Z,
    SPARE,
    WORLD_X,
    WORLD_Y,
    WORLD_Z,
    laid,
    meet,
)

__all__ = ["lamplit", "prepare"]

_f = np.float32
_OBJECT, _RED, _GREEN, _BLUE = (plane(SPARE + k) for k in range(4))
_NUMBERS: Final = (SPARE + 4) * BLOCK
_NEXT: Final = np.uint64(1)
# A lamp is no point: within about this many metres of it, coming nearer adds little.
_SOFT: Final = _f(0.25**2)
_MOST: Final = _f(1000.0)
# Below the least normal float16 there are so many steps to 1.
_STEPS, _LEAST_NORMAL = _f(2.0**24), _f(2.0**-14)
_ONE_AND: Final = np.uint64(0x3C00 << 48)
_SKY: Final = _ONE_AND


@step
def _lay_objects(s: Any, ids: Any, row: Any, first: int) -> None:
    last = np.uint64(ids.shape[1]) - _NEXT
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        x = np.uint64(first) + c
        s[_OBJECT + c] = np.float32(np.int32(ids[row, x if x < last else last]))
        s[_RED + c], s[_GREEN + c], s[_BLUE + c] = ZERO, ZERO, ZERO


@step
def _add(s: Any, position: Any, light: Any) -> None:
    """The light of a lamp, which shines through the object that carries it: it sits inside."""
    l_x, l_y, l_z, first = position[0], position[1], position[2], position[3]
    # Scaled so that one metre away it is exactly the lamp's strength.
    scale = _f(1.0) + _SOFT
    red, green, blue, last = light[0] * scale, light[1] * scale, light[2] * scale, light[3]
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        x, y, z = l_x - s[WORLD_X + c], l_y - s[WORLD_Y + c], l_z - s[WORLD_Z + c]
        squared = x * x + y * y + z * z
        along = s[NORMAL_X + c] * x + s[NORMAL_Y + c] * y + s[NORMAL_Z + c] * z
        carries = (s[_OBJECT + c] >= first) & (s[_OBJECT + c] <= last)
        along = abs(along) if carries else larger(along, ZERO)
        share = along / (sqrt(larger(squared, _f(1e-8))) * (squared + _SOFT))
        s[_RED + c] += red * share
        s[_GREEN + c] += green * share
        s[_BLUE + c] += blue * share


@part
def _half(x: Any) -> Any:
    """The bits of the nearest float16 of a number of 0 … _MOST; of two as near, of the even one."""
    bits = np.float32(x).view(np.uint32)
    odd = np.uint32(np.uint32(bits >> np.uint32(13)) & np.uint32(1))
    rounded = np.uint32(np.uint32(bits + np.uint32(0xFFF)) + odd)
    normal = np.uint32(np.uint32(rounded >> np.uint32(13)) - np.uint32(112 << 10))
    small = np.uint32(np.int32(np.rint(smaller(x, _LEAST_NORMAL) * _STEPS)))
    return np.uint64(small if x < _LEAST_NORMAL else normal)


@step
def _store(s: Any, row: Any, first: int, out: Any) -> None:
    for pixel in range(min(BLOCK, out.shape[1] - first)):
        c = np.uint64(pixel)
        red = _half(smaller(s[_RED + c], _MOST))
        green = _half(smaller(s[_GREEN + c], _MOST))
        blue = _half(smaller(s[_BLUE + c], _MOST))
        lit = np.uint64(red | np.uint64(green << np.uint64(16))) | np.uint64(blue << np.uint64(32)) | _ONE_AND
        out[row, np.uint64(first) + c] = lit if s[DEPTH + c] < FARTHEST_M else _SKY


@kernel
def lamplit(
    depth: NDArray[Any],
    normal: NDArray[Any],
    ids: NDArray[Any],
    view: NDArray[Any],
    positions: NDArray[Any],
    lights: NDArray[Any],
    out: NDArray[Any],
) -> None:
    """Into out uint64[h, w]: four float16s, red, green, blue, 1.

    depth float32[h, w], normal uint64[h, w] (four float16s), ids uint16[h, w]; view float32[60] as
    gbuffer.view_block gives it; positions and lights float32[n, 4] as lamplight.frag has them.
    """
    height, width = depth.shape
    apart = stride(height)
    for turn in numba.prange(height):
        row, s = np.uint64(turn * apart % height), np.empty(_NUMBERS, np.float32)
        for first in range(0, width, BLOCK):
            if laid(s, depth, normal, row, first):
                meet(s, view, row, first)
                _lay_objects(s, ids, row, first)
                for lamp in range(len(positions)):
                    _add(s, positions[lamp], lights[lamp])
                _store(s, row, first, out)
            else:
                for column in range(first, min(first + BLOCK, width)):
                    out[row, np.uint64(column)] = _SKY


def prepare() -> None:
    """Compile it, or find it compiled."""
    depth, ids = kept_still(np.ones((1, 1), np.float32)), kept_still(np.ones((1, 1), np.uint16))
    normal, rows = kept_still(np.zeros((1, 1), np.uint64)), np.zeros((0, 4), np.float32)
    view, out = np.ones(60, np.float32), np.zeros((1, 1), np.uint64)
    compiler().run(lamplit, depth, normal, ids, view, rows, rows, out)
