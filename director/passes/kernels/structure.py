"""The structured bank as shaders/structure.frag has it, in loops. Needs Numba.

`surroundings` lays out what is asked of a pixel's neighbours, with a border. `bank` goes row by row: edges,
then block by block the surfaces, then the sky, so that neither is worked out for the other's pixels.
"""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from director.passes.kernels import compiler
from director.passes.kernels.blocks import (
    ANCHOR,
    BANK,
    COLUMN,
    DEPTH,
    EDGE,
    FACING,
    FOOTPRINT,
    ID,
    NORMAL,
    NUMBERS,
    OCCLUSION,
    PLACE,
    RAY,
    SECOND,
    SEED,
    SIZE,
    THIRD,
    TURN,
    WHOLE_NUMBERS,
    WORDS,
    plane,
)
from director.passes.kernels.noise import mixed_share
from director.passes.kernels.numbers import (
    BLOCK,
    HALF,
    LANES,
    ONE,
    ZERO,
    clamped,
    kept_still,
    kernel,
    larger,
    part,
    smaller,
    sqrt,
    step,
    stride,
)
from director.passes.kernels.patterns import patterns
from director.passes.kernels.sky import sky
from director.passes.kernels.surroundings import (
    DEPTHS,
    NORMALS_X,
    NORMALS_Y,
    NORMALS_Z,
    ORIGIN,
    PER_U,
    PER_V,
    PICTURE,
    SURROUNDINGS,
    dot,
    draw_edges,
    occlusion,
    surroundings,
)

__all__ = ["SURROUNDINGS", "bank", "kept_still", "prepare", "surroundings"]

_f = np.float32
_NONE, _NEXT, _FOURTH = np.uint64(0), np.uint64(1), plane(3)
_SECOND_ROW, _THIRD_ROW = np.uint64(TURN + plane(3)), np.uint64(TURN + plane(6))
_EIGHT, _SIXTEEN, _TWENTY_FOUR = np.uint32(8), np.uint32(16), np.uint32(24)
_LEVELS: Final = _f(255.0)


@step
def _hashes(objects: Any, seeds: Any, arrived: Any) -> Any:
    """uint32[n + 1]: what everything of an object is hashed from, by its id; the sky's first. Each goes over
    to a new seed at a moment of its own."""
    found = np.empty(len(objects) + 1, np.uint32)
    for place in range(len(found)):
        own = np.uint32(place)
        if place > 0 and objects[place - 1, 0, 3] > HALF:
            own = np.uint32(objects[place - 1, 0, 3])
        chance = mixed_share(np.uint32(np.uint32(own * np.uint32(0x9E3779B1)) + np.uint32(1)))
        k = 0
        while k < len(seeds) - 1 and chance >= arrived[k]:
            k += 1
        found[place] = np.uint32(np.uint32(seeds[k] * np.uint32(2654435761)) + np.uint32(own * np.uint32(97)))
    return found


@step
def _surfaces_first(ids: Any, row: Any, columns: Any) -> Any:
    """The columns of a row, those of surfaces first; how many these are."""
    found, width = np.uint64(0), np.uint64(len(columns))
    for column in range(width):
        x = np.uint64(column)
        columns[found] = np.uint32(x)
        found += _NEXT if ids[row, x] > 0 else _NONE
    others = found
    for column in range(width):
        x = np.uint64(column)
        if ids[row, x] == 0:
            columns[others] = np.uint32(x)
            others += _NEXT
    return np.int64(found)


@step
def _lay(
    s: Any, q: Any, columns: Any, row: Any, ids: Any, anchor: Any, edges: Any, hashes: Any, groups: int
) -> None:
    """What both surfaces and the sky need; where fewer columns are given than make whole groups, the last one
    comes again."""
    last = np.uint64(len(columns)) - _NEXT
    most = np.uint64(len(hashes)) - _NEXT
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x = np.uint64(columns[c if c < last else last])
        s[ANCHOR + c] = anchor[row, x, 0]
        s[ANCHOR + SECOND + c] = anchor[row, x, 1]
        s[ANCHOR + THIRD + c] = anchor[row, x, 2]
        s[EDGE + c] = edges[x]
        s[COLUMN + c] = np.float32(x)
        own = np.uint64(ids[row, x])
        own = own if own < most else most
        q[ID + c] = np.uint32(own)
        q[SEED + c] = hashes[own]


@step
def _lay_surfaces(s: Any, q: Any, columns: Any, row: Any, planes: Any, objects: Any, groups: int) -> None:
    """What surfaces need besides."""
    last = np.uint64(len(columns)) - _NEXT
    y = row + _NEXT
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x = np.uint64(columns[c if c < last else last]) + _NEXT
        s[DEPTH + c] = planes[DEPTHS, y, x]
        s[FACING + c] = planes[NORMALS_X, y, x]
        s[FACING + SECOND + c] = planes[NORMALS_Y, y, x]
        s[FACING + THIRD + c] = planes[NORMALS_Z, y, x]
        own = np.uint64(q[ID + c]) - _NEXT
        s[SIZE + c] = objects[own, 0, 0]
        s[SIZE + SECOND + c] = objects[own, 0, 1]
        s[SIZE + THIRD + c] = objects[own, 0, 2]
        s[TURN + c] = objects[own, 1, 0]
        s[TURN + SECOND + c] = objects[own, 1, 1]
        s[TURN + THIRD + c] = objects[own, 1, 2]
        s[_SECOND_ROW + c] = objects[own, 2, 0]
        s[_SECOND_ROW + SECOND + c] = objects[own, 2, 1]
        s[_SECOND_ROW + THIRD + c] = objects[own, 2, 2]
        s[_THIRD_ROW + c] = objects[own, 3, 0]
        s[_THIRD_ROW + SECOND + c] = objects[own, 3, 1]
        s[_THIRD_ROW + THIRD + c] = objects[own, 3, 2]


@part
def _covered(t_x: Any, t_y: Any, t_z: Any, x: Any, y: Any, z: Any, u: Any, v: Any, w: Any) -> Any:
    """What a pixel covers of an axis t, whose sides are x, y, z and u, v, w."""
    return abs(dot(t_x, t_y, t_z, x, y, z)) + abs(dot(t_x, t_y, t_z, u, v, w))


@step
def _meet(s: Any, view: Any, row: Any, groups: int) -> None:
    """The ray through each pixel; what it covers of the object's space, by the rays of its right and lower
    neighbours, met with the surface's plane; and the place in the object's box."""
    o_x, o_y, o_z = view[ORIGIN], view[ORIGIN + 1], view[ORIGIN + 2]
    u_x, u_y, u_z = view[PER_U], view[PER_U + 1], view[PER_U + 2]
    v_x, v_y, v_z = view[PER_V], view[PER_V + 1], view[PER_V + 2]
    a_column, a_row = view[PICTURE + 2], view[PICTURE + 3]
    right_x, right_y, right_z = u_x * a_column, u_y * a_column, u_z * a_column
    down_x, down_y, down_z = v_x * a_row, v_y * a_row, v_z * a_row
    v = (np.float32(row) + HALF) * a_row
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        u = (s[COLUMN + c] + HALF) * a_column
        x, y, z = o_x + u_x * u + v_x * v, o_y + u_y * u + v_y * v, o_z + u_z * u + v_z * v
        s[RAY + c], s[RAY + SECOND + c], s[RAY + THIRD + c] = x, y, z
        n_x, n_y, n_z = s[FACING + c], s[FACING + SECOND + c], s[FACING + THIRD + c]
        over = ONE / smaller(dot(n_x, n_y, n_z, x, y, z), _f(-0.04) * sqrt(dot(x, y, z, x, y, z)))
        depth = s[DEPTH + c]
        along = dot(n_x, n_y, n_z, right_x, right_y, right_z) * over
        a_x = depth * (right_x - x * along)
        a_y = depth * (right_y - y * along)
        a_z = depth * (right_z - z * along)
        along = dot(n_x, n_y, n_z, down_x, down_y, down_z) * over
        b_x = depth * (down_x - x * along)
        b_y = depth * (down_y - y * along)
        b_z = depth * (down_z - z * along)
        t_x, t_y, t_z = s[TURN + c], s[TURN + SECOND + c], s[TURN + THIRD + c]
        s[NORMAL + c] = dot(t_x, t_y, t_z, n_x, n_y, n_z)
        s[FOOTPRINT + c] = _covered(t_x, t_y, t_z, a_x, a_y, a_z, b_x, b_y, b_z)
        t_x, t_y, t_z = s[_SECOND_ROW + c], s[_SECOND_ROW + SECOND + c], s[_SECOND_ROW + THIRD + c]
        s[NORMAL + SECOND + c] = dot(t_x, t_y, t_z, n_x, n_y, n_z)
        s[FOOTPRINT + SECOND + c] = _covered(t_x, t_y, t_z, a_x, a_y, a_z, b_x, b_y, b_z)
        t_x, t_y, t_z = s[_THIRD_ROW + c], s[_THIRD_ROW + SECOND + c], s[_THIRD_ROW + THIRD + c]
        s[NORMAL + THIRD + c] = dot(t_x, t_y, t_z, n_x, n_y, n_z)
        s[FOOTPRINT + THIRD + c] = _covered(t_x, t_y, t_z, a_x, a_y, a_z, b_x, b_y, b_z)
        s[PLACE + c] = s[ANCHOR + c] / larger(s[SIZE + c], _f(1e-3)) + HALF
        s[PLACE + SECOND + c] = s[ANCHOR + SECOND + c] / larger(s[SIZE + SECOND + c], _f(1e-3))
        s[PLACE + THIRD + c] = s[ANCHOR + THIRD + c] / larger(s[SIZE + THIRD + c], _f(1e-3)) + HALF


@step
def _around_nothing(s: Any, groups: int) -> None:
    """What the sky has of occlusion and place."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[OCCLUSION + c] = ONE
        s[PLACE + c], s[PLACE + SECOND + c], s[PLACE + THIRD + c] = ZERO, ZERO, ZERO


@part
def _byte(x: Any) -> Any:
    return np.uint32(np.int32(clamped(x) * _LEVELS + HALF))


@step
def _pack(s: Any, q: Any, bank: Any, word: Any, groups: int) -> None:
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        low = np.uint32(_byte(s[bank + c]) | np.uint32(_byte(s[bank + SECOND + c]) << _EIGHT))
        high = np.uint32(
            np.uint32(_byte(s[bank + THIRD + c]) << _SIXTEEN)
            | np.uint32(_byte(s[bank + _FOURTH + c]) << _TWENTY_FOUR)
        )
        q[word + c] = np.uint32(low | high)


@step
def _store(s: Any, q: Any, columns: Any, row: Any, out: Any, groups: int) -> None:
    for word in range(4):
        k = np.uint64(word) * SECOND
        _pack(s, q, BANK + np.uint64(4) * k, WORDS + k, groups)
    for pixel in range(len(columns)):
        c = np.uint64(pixel)
        x = np.uint64(columns[c])
        out[row, x, 0] = q[WORDS + c]
        out[row, x, 1] = q[WORDS + SECOND + c]
        out[row, x, 2] = q[WORDS + THIRD + c]
        out[row, x, 3] = q[WORDS + _FOURTH + c]


@kernel
def bank(
    planes: NDArray[Any],
    ids: NDArray[Any],
    anchor: NDArray[Any],
    objects: NDArray[Any],
    seeds: NDArray[Any],
    arrived: NDArray[Any],
    view: NDArray[Any],
    out: NDArray[Any],
) -> None:
    """Into out uint32[h, w, 4]: the sixteen channels, the first in the lowest byte.

    planes as `surroundings` fills them, ids uint16[h, w], anchor float32[h, w, 4]; objects float32[n, 4, 4]
    with the texels of object_table, n ≥ 1; seeds uint32[k] and arrived float32[k], the newest first; view
    float32[60] as gbuffer.view_block gives it.
    """
    height, width, _ = anchor.shape
    hashes = _hashes(objects, seeds, arrived)
    apart = stride(height)
    depths = planes[0].reshape(-1)
    for turn in numba.prange(height):
        row = np.uint64(turn * apart % height)
        s, q = np.empty(NUMBERS, np.float32), np.empty(WHOLE_NUMBERS, np.uint32)
        columns, edges = np.empty(width, np.uint32), np.empty(width, np.float32)
        draw_edges(planes, row, edges)
        surfaces = _surfaces_first(ids, row, columns)
        for first in range(0, surfaces, BLOCK):
            own = columns[first : min(first + BLOCK, surfaces)]
            groups = (len(own) + LANES - 1) // LANES
            _lay(s, q, own, row, ids, anchor, edges, hashes, groups)
            _lay_surfaces(s, q, own, row, planes, objects, groups)
            _meet(s, view, row, groups)
            patterns(s, q, groups)
            occlusion(s, q, depths, view, row, groups)
            _store(s, q, own, row, out, groups)
        for first in range(surfaces, width, BLOCK):
            own = columns[first : min(first + BLOCK, width)]
            groups = (len(own) + LANES - 1) // LANES
            _lay(s, q, own, row, ids, anchor, edges, hashes, groups)
            sky(s, q, groups)
            _around_nothing(s, groups)
            _store(s, q, own, row, out, groups)


def prepare() -> None:
    """Compile all of it, or find it compiled."""
    run, planes = compiler().run, np.ones((SURROUNDINGS, 3, 3), np.float32)
    depth, ids = kept_still(np.ones((1, 1), np.float32)), kept_still(np.ones((1, 1), np.uint16))
    normal, anchor = kept_still(np.zeros((1, 1), np.uint64)), kept_still(np.zeros((1, 1, 4), np.float32))
    run(surroundings, depth, ids, normal, planes)
    seeds, arrived, view = np.zeros(1, np.uint32), np.ones(1, np.float32), np.ones(60, np.float32)
    objects, out = np.zeros((1, 4, 4), np.float32), np.zeros((1, 1, 4), np.uint32)
    run(bank, planes, ids, anchor, objects, seeds, arrived, view, out)
