"""How much of what comes from above reaches each surface, from maps of depths that `casters` draws: the sun
as shaders/shadow.frag has it, shelter as shaders/shelter.frag. Needs Numba.

A lookup compares with the four texels about a place and weighs what it finds, as OpenGL's filter does.
"""

import math
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from director.passes.kernels import compiler
from director.passes.kernels.blocks import SECOND, THIRD, plane
from director.passes.kernels.numbers import (
    BLOCK,
    HALF,
    ONE,
    TWO,
    ZERO,
    clamped,
    floor,
    kept_still,
    kernel,
    larger,
    part,
    smaller,
    smoothstep,
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
from director.passes.kernels.surroundings import dot

__all__ = ["prepare", "sheltered", "sunlit"]

_f = np.float32
# Over the world's place comes that in the map: x and y in texels, and how far.
_X, _Y, _Z = WORLD_X, WORLD_Y, WORLD_Z
_COSINE, _OPEN, _PART_X, _PART_Y = (plane(SPARE + k) for k in range(4))
_TEXELS: Final = SPARE + 4
_NUMBERS: Final = (_TEXELS + 9) * BLOCK
# Rows of three texels, which take three planes, one after the other.
_BELOW, _LEVEL, _ABOVE = (plane(_TEXELS + 3 * k) for k in range(3))
_NEXT: Final = np.uint64(1)
_LEVELS: Final = _f(255.0)
# In the uniform block View, as gbuffer.view_block gives it.
_SUN: Final = 48
_DRIFT_M: Final = _f(0.45)
_TAPS: Final = 6
_ACROSS = np.array([math.cos(math.tau * k / _TAPS) for k in range(_TAPS)], np.float32)
_DOWN = np.array([math.sin(math.tau * k / _TAPS) for k in range(_TAPS)], np.float32)


@step
def _leave(s: Any, light: Any, texel_m: Any, size: Any, l_x: Any, l_y: Any, l_z: Any, upwards: Any) -> None:
    """Off the surface along its normal, and `upwards` in metres, and on into the map; the cosine towards the
    light (l_x, l_y, l_z)."""
    half = HALF * size
    m0, m1, m2, m3 = light[0, 0] * half, light[0, 1] * half, light[0, 2] * half, light[0, 3] * half + half
    m4, m5, m6, m7 = light[1, 0] * half, light[1, 1] * half, light[1, 2] * half, light[1, 3] * half + half
    m8, m9, m10, m11 = light[2, 0] * HALF, light[2, 1] * HALF, light[2, 2] * HALF, light[2, 3] * HALF + HALF
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        n_x, n_y, n_z = s[NORMAL_X + c], s[NORMAL_Y + c], s[NORMAL_Z + c]
        cosine = dot(n_x, n_y, n_z, l_x, l_y, l_z)
        sine = sqrt(larger(ONE - cosine * cosine, ZERO))
        away = texel_m * (HALF + TWO * sine)
        x = s[WORLD_X + c] + n_x * away
        y = s[WORLD_Y + c] + n_y * away + upwards
        z = s[WORLD_Z + c] + n_z * away
        s[_X + c] = dot(m0, m1, m2, x, y, z) + m3
        s[_Y + c] = dot(m4, m5, m6, x, y, z) + m7
        s[_Z + c] = clamped(dot(m8, m9, m10, x, y, z) + m11)
        s[_COSINE + c], s[_OPEN + c] = cosine, ZERO


@step
def _aim(s: Any, q: Any, size: Any, across: Any, up: Any, border: Any) -> None:
    """The texel that a place so far off lies in, and how far into it; at the least `border` from the map's
    lower rims, and not in its last column or row."""
    most, a_row = size - ONE, np.uint32(np.int32(size))
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        x = smaller(larger(s[_X + c] + across, border), most)
        y = smaller(larger(s[_Y + c] + up, border), most)
        column, row = smaller(floor(x), most - ONE), smaller(floor(y), most - ONE)
        s[_PART_X + c], s[_PART_Y + c] = x - column, y - row
        q[c] = np.uint32(np.uint32(np.uint32(np.int32(row)) * a_row) + np.uint32(np.int32(column)))


@part
def _fetch_three(s: Any, place: Any, map_: Any, at: Any) -> None:
    s[place], s[place + SECOND], s[place + THIRD] = map_[at - _NEXT], map_[at], map_[at + _NEXT]


@step
def _fetch_nine(s: Any, q: Any, map_: Any, size: Any) -> None:
    """The depths of the texels about each place."""
    a_row = np.uint64(np.int32(size))
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        at = np.uint64(q[c])
        _fetch_three(s, _LEVEL + c, map_, at)
        _fetch_three(s, _BELOW + c, map_, at - a_row)
        _fetch_three(s, _ABOVE + c, map_, at + a_row)


@part
def _three(far: Any, inwards: Any, before: Any, at: Any, after: Any) -> Any:
    """What two lookups a texel apart make of three texels: their weights are 1 − p, 1 and p."""
    lit = ONE if far <= at else ZERO
    lit += ONE - inwards if far <= before else ZERO
    return lit + (inwards if far <= after else ZERO)


@part
def _byte(share: Any) -> Any:
    return np.uint8(np.int32(share * _LEVELS + HALF))


@step
def _store_lit(s: Any, row: Any, first: int, size: Any, out: Any) -> None:
    most = size - TWO
    for pixel in range(min(BLOCK, out.shape[1] - first)):
        c = np.uint64(pixel)
        far, p, q = s[_Z + c], s[_PART_X + c], s[_PART_Y + c]
        lit = _three(far, p, s[_LEVEL + c], s[_LEVEL + SECOND + c], s[_LEVEL + THIRD + c])
        lit += (ONE - q) * _three(far, p, s[_BELOW + c], s[_BELOW + SECOND + c], s[_BELOW + THIRD + c])
        lit += q * _three(far, p, s[_ABOVE + c], s[_ABOVE + SECOND + c], s[_ABOVE + THIRD + c])
        # A faceted ball would shadow its own facets where the light only grazes them.
        share = _f(0.25) * lit * smoothstep(ZERO, _f(0.06), s[_COSINE + c])
        x, y = s[_X + c], s[_Y + c]
        is_within = (x >= TWO) & (x <= most) & (y >= TWO) & (y <= most)
        share = share if is_within else ONE
        share = share if s[_COSINE + c] > ZERO else ZERO
        out[row, np.uint64(first) + c] = _byte(share if s[DEPTH + c] < FARTHEST_M else ONE)


@kernel
def sunlit(
    depth: NDArray[Any],
    normal: NDArray[Any],
    view: NDArray[Any],
    light: NDArray[Any],
    texel_m: Any,
    map_: NDArray[Any],
    out: NDArray[Any],
) -> None:
    """Into out uint8[h, w]: the share of the sun that reaches each surface; 255 in the sky.

    depth float32[h, w], normal uint64[h, w] (four float16s); view float32[60] as gbuffer.view_block gives it;
    light float32[4, 4] as fit_sun gives it, of map_ float32[n, n] with texels so wide.
    """
    height, width = depth.shape
    size, texels = np.float32(map_.shape[0]), map_.reshape(-1)
    apart = stride(height)
    for turn in numba.prange(height):
        row = np.uint64(turn * apart % height)
        s, q = np.empty(_NUMBERS, np.float32), np.empty(BLOCK, np.uint32)
        for first in range(0, width, BLOCK):
            if laid(s, depth, normal, row, first):
                meet(s, view, row, first)
                _leave(s, light, texel_m, size, view[_SUN], view[_SUN + 1], view[_SUN + 2], ZERO)
                _aim(s, q, size, ZERO, ZERO, ONE)
                _fetch_nine(s, q, texels, size)
                _store_lit(s, row, first, size, out)
            else:
                for column in range(first, min(first + BLOCK, width)):
                    out[row, np.uint64(column)] = np.uint8(255)


@step
def _fetch_four(s: Any, q: Any, map_: Any, size: Any) -> None:
    a_row = np.uint64(np.int32(size))
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        at = np.uint64(q[c])
        s[_BELOW + c], s[_BELOW + SECOND + c] = map_[at], map_[at + _NEXT]
        s[_ABOVE + c], s[_ABOVE + SECOND + c] = map_[at + a_row], map_[at + a_row + _NEXT]


@step
def _look(s: Any, weight: Any) -> None:
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        far, p = s[_Z + c], s[_PART_X + c]
        below = ONE if far <= s[_BELOW + c] else ZERO
        below += ((ONE if far <= s[_BELOW + SECOND + c] else ZERO) - below) * p
        above = ONE if far <= s[_ABOVE + c] else ZERO
        above += ((ONE if far <= s[_ABOVE + SECOND + c] else ZERO) - above) * p
        s[_OPEN + c] += weight * (below + (above - below) * s[_PART_Y + c])


@step
def _store_sheltered(s: Any, row: Any, first: int, size: Any, drift: Any, out: Any) -> None:
    most = size - drift
    for pixel in range(min(BLOCK, out.shape[1] - first)):
        c = np.uint64(pixel)
        x, y = s[_X + c], s[_Y + c]
        is_within = (x >= drift) & (x <= most) & (y >= drift) & (y <= most) & (s[DEPTH + c] < FARTHEST_M)
        share = ONE - s[_OPEN + c] * _f(0.125)
        out[row, np.uint64(first) + c] = _byte(share if is_within else ZERO)


@kernel
def sheltered(
    depth: NDArray[Any],
    normal: NDArray[Any],
    view: NDArray[Any],
    light: NDArray[Any],
    texel_m: Any,
    map_: NDArray[Any],
    out: NDArray[Any],
) -> None:
    """Into out uint8[h, w]: how far each surface is sheltered from what falls from the sky; 0 in the sky.

    As `sunlit`, with a map seen from straight above.
    """
    height, width = depth.shape
    size, texels = np.float32(map_.shape[0]), map_.reshape(-1)
    drift = larger(_DRIFT_M / texel_m, ONE)
    apart = stride(height)
    for turn in numba.prange(height):
        row = np.uint64(turn * apart % height)
        s, q = np.empty(_NUMBERS, np.float32), np.empty(BLOCK, np.uint32)
        for first in range(0, width, BLOCK):
            if laid(s, depth, normal, row, first):
                meet(s, view, row, first)
                _leave(s, light, texel_m, size, ZERO, ONE, ZERO, _f(0.02))
                _aim(s, q, size, -HALF, -HALF, ZERO)
                _fetch_four(s, q, texels, size)
                _look(s, TWO)
                for tap in range(_TAPS):
                    _aim(s, q, size, drift * _ACROSS[tap] - HALF, drift * _DOWN[tap] - HALF, ZERO)
                    _fetch_four(s, q, texels, size)
                    _look(s, ONE)
                _store_sheltered(s, row, first, size, drift, out)
            else:
                for column in range(first, min(first + BLOCK, width)):
                    out[row, np.uint64(column)] = np.uint8(0)


def prepare() -> None:
    """Compile both, or find them compiled."""
    depth, normal = kept_still(np.ones((1, 1), np.float32)), kept_still(np.zeros((1, 1), np.uint64))
    map_ = kept_still(np.ones((4, 4), np.float32))
    view, light, out = np.ones(60, np.float32), np.eye(4, dtype=np.float32), np.zeros((1, 1), np.uint8)
    for each in (sunlit, sheltered):
        compiler().run(each, depth, normal, view, light, np.float32(1), map_, out)
