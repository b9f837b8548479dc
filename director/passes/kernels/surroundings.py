"""What lies around a pixel, of shaders/structure.frag: edges and occlusion, in loops. Needs Numba."""

import math
from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from director.passes.kernels.blocks import (
    COLUMN,
    DEPTH,
    FACING,
    OCCLUSION,
    RAY,
    SECOND,
    SPARE,
    TAP,
    THIRD,
    plane,
)
from director.passes.kernels.numbers import (
    HALF,
    LANES,
    ONE,
    TWO,
    ZERO,
    clamped,
    kernel,
    larger,
    part,
    rounded,
    smaller,
    smoothstep,
    sqrt,
    step,
    widened,
)

__all__ = [
    "DEPTHS",
    "NORMALS_X",
    "NORMALS_Y",
    "NORMALS_Z",
    "ORIGIN",
    "PER_U",
    "PER_V",
    "PICTURE",
    "SURROUNDINGS",
    "dot",
    "draw_edges",
    "occlusion",
    "surroundings",
]

SURROUNDINGS: Final = 5
"""So many planes: depth, ids as numbers, and the three of the normal."""
DEPTHS, IDS, NORMALS_X, NORMALS_Y, NORMALS_Z = (np.uint64(k) for k in range(SURROUNDINGS))

# In the uniform block View, as gbuffer.view_block gives it.
ORIGIN, PER_U, PER_V, PICTURE = 36, 40, 44, 56

_f = np.float32
_FARTHEST_M: Final = _f(1e6)
_NONE, _NEXT = np.uint64(0), np.uint64(1)
_SECOND, _THIRD = np.uint32(16), np.uint64(32)

_REACHES: Final = (0.25, 0.7, 1.8)
_ANGLES: Final = [[1.25664 * k + 0.84 * ring + 0.3 for k in range(5)] for ring in range(len(_REACHES))]
_ACROSS: Final = np.array([[math.cos(angle) for angle in ring] for ring in _ANGLES], np.float32)
_DOWN: Final = np.array([[math.sin(angle) for angle in ring] for ring in _ANGLES], np.float32)
_A_METRE, _HIDDEN, _THERE_X, _THERE_Y, _THERE_DEPTH = (np.uint64(SPARE + plane(k)) for k in range(5))


@part
def dot(a: Any, b: Any, c: Any, x: Any, y: Any, z: Any) -> Any:
    return a * x + b * y + c * z


@kernel
def surroundings(depth: NDArray[Any], ids: NDArray[Any], normal: NDArray[Any], planes: NDArray[Any]) -> None:
    """Into planes float32[SURROUNDINGS, h + 2, w + 2], with what is outermost twice.

    depth is float32[h, w], ids uint16[h, w], normal uint64[h, w]: four float16s, which are read at once.
    """
    height, width = depth.shape
    for padded in numba.prange(height + 2):
        y, to = np.uint64(min(max(padded - 1, 0), height - 1)), np.uint64(padded)
        for column in range(width):
            x = np.uint64(column)
            planes[DEPTHS, to, x + _NEXT] = smaller(depth[y, x], _FARTHEST_M)
        for column in range(width):
            x = np.uint64(column)
            planes[IDS, to, x + _NEXT] = np.float32(np.int32(ids[y, x]))
        for column in range(width):
            x = np.uint64(column)
            halves = normal[y, x]
            two = np.uint32(halves)
            planes[NORMALS_X, to, x + _NEXT] = widened(two)
            planes[NORMALS_Y, to, x + _NEXT] = widened(np.uint32(two >> _SECOND))
            planes[NORMALS_Z, to, x + _NEXT] = widened(np.uint32(halves >> _THIRD))
        last = np.uint64(width)
        for k in range(SURROUNDINGS):
            planes[np.uint64(k), to, _NONE] = planes[np.uint64(k), to, _NEXT]
            planes[np.uint64(k), to, last + _NEXT] = planes[np.uint64(k), to, last]


@part
def _line(
    own: Any, one: Any, other: Any, before: Any, after: Any, depth: Any, turned_before: Any, turned_after: Any
) -> Any:
    """How much of a line between two neighbours that lie opposite one another: of ids, depths and cosines."""
    # On a plane, 1 / depth is linear.
    bend = abs(ONE / before + ONE / after - TWO / depth) * depth
    step_in_depth = smoothstep(_f(0.04), _f(0.12), bend)
    fold = smoothstep(_f(0.25), _f(0.6), ONE - smaller(turned_before, turned_after))
    line = larger(step_in_depth, _f(0.8) * fold) if own > ZERO else ZERO
    return ONE if (one != own) | (other != own) else line


@part
def _cosine(planes: Any, y: Any, x: Any, n_x: Any, n_y: Any, n_z: Any) -> Any:
    """Between a normal and that of a pixel."""
    return dot(planes[NORMALS_X, y, x], planes[NORMALS_Y, y, x], planes[NORMALS_Z, y, x], n_x, n_y, n_z)


@step
def draw_edges(planes: Any, row: Any, out: Any) -> None:
    """Where a draughtsman would put a line in a row: another object, a step in depth, a fold."""
    y = row + _NEXT
    above, below = row, y + _NEXT
    for column in range(len(out)):
        left = np.uint64(column)
        x, right = left + _NEXT, left + _NEXT + _NEXT
        own, depth = planes[IDS, y, x], planes[DEPTHS, y, x]
        n_x, n_y, n_z = planes[NORMALS_X, y, x], planes[NORMALS_Y, y, x], planes[NORMALS_Z, y, x]
        across = _line(
            own,
            planes[IDS, y, left],
            planes[IDS, y, right],
            planes[DEPTHS, y, left],
            planes[DEPTHS, y, right],
            depth,
            _cosine(planes, y, left, n_x, n_y, n_z),
            _cosine(planes, y, right, n_x, n_y, n_z),
        )
        down = _line(
            own,
            planes[IDS, above, x],
            planes[IDS, below, x],
            planes[DEPTHS, above, x],
            planes[DEPTHS, below, x],
            depth,
            _cosine(planes, above, x, n_x, n_y, n_z),
            _cosine(planes, below, x, n_x, n_y, n_z),
        )
        out[left] = larger(across, down)


@step
def _aim(s: Any, q: Any, view: Any, row: Any, reach: Any, across: Any, down: Any, groups: int) -> None:
    """Where a tap so far away in the direction (across, down) lands, and its place in a plane of
    SURROUNDINGS."""
    right, lower, most = view[PICTURE] - ONE, view[PICTURE + 1] - ONE, _f(0.16) * view[PICTURE + 1]
    own_row, own_reach = np.float32(row), _f(0.55) * reach
    a_row = np.uint32(np.int32(view[PICTURE] + TWO))
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        radius = smaller(larger(own_reach * s[_A_METRE + c], _f(1.5)), most)
        x = smaller(larger(s[COLUMN + c] + rounded(radius * across), ZERO), right)
        y = smaller(larger(own_row + rounded(radius * down), ZERO), lower)
        s[_THERE_X + c], s[_THERE_Y + c] = x, y
        place = np.uint32(np.uint32(np.uint32(np.int32(y)) + np.uint32(1)) * a_row)
        q[TAP + c] = np.uint32(place + np.uint32(np.uint32(np.int32(x)) + np.uint32(1)))


@step
def _fetch(s: Any, q: Any, depths: Any, groups: int) -> None:
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[_THERE_DEPTH + c] = depths[np.uint64(q[TAP + c])]


@step
def _hide(s: Any, view: Any, reach: Any, groups: int) -> None:
    """How much a tap hides."""
    o_x, o_y, o_z = view[ORIGIN], view[ORIGIN + 1], view[ORIGIN + 2]
    u_x, u_y, u_z = view[PER_U], view[PER_U + 1], view[PER_U + 2]
    v_x, v_y, v_z = view[PER_V], view[PER_V + 1], view[PER_V + 2]
    a_column, a_row = view[PICTURE + 2], view[PICTURE + 3]
    over_reach = ONE / (_f(1.5) * reach)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        u, v = (s[_THERE_X + c] + HALF) * a_column, (s[_THERE_Y + c] + HALF) * a_row
        depth, there = s[DEPTH + c], s[_THERE_DEPTH + c]
        x = (o_x + u_x * u + v_x * v) * there - s[RAY + c] * depth
        y = (o_y + u_y * u + v_y * v) * there - s[RAY + SECOND + c] * depth
        z = (o_z + u_z * u + v_z * v) * there - s[RAY + THIRD + c] * depth
        away = sqrt(dot(x, y, z, x, y, z) + _f(1e-4))
        towards = dot(x, y, z, s[FACING + c], s[FACING + SECOND + c], s[FACING + THIRD + c])
        cosine = larger(towards / away - _f(0.06), ZERO)
        kept = clamped(_f(1.25) - away * over_reach)
        s[_HIDDEN + c] += cosine * kept * kept


@step
def occlusion(s: Any, q: Any, depths: Any, view: Any, row: Any, groups: int) -> None:
    """How open surfaces lie: fifteen taps into the depths around, which are one after the other."""
    a_metre = view[PER_U + 3]
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[_A_METRE + c], s[_HIDDEN + c] = ONE / (a_metre * s[DEPTH + c]), ZERO
    for ring in range(len(_REACHES)):
        for k in range(5):
            reach = _f(_REACHES[ring])
            _aim(s, q, view, row, reach, _ACROSS[ring, k], _DOWN[ring, k], groups)
            _fetch(s, q, depths, groups)
            _hide(s, view, reach, groups)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[OCCLUSION + c] = ONE - s[_HIDDEN + c] * (ONE / _f(7.0))
