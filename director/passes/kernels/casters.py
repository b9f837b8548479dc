"""Triangles that cast shadows, drawn as the sun sees them: how far from it the nearest lie. Needs Numba.

The sun sees no perspective: over its map how far a triangle lies is a plane, and as in OpenGL it is moved
away from the sun by what a texel covers of it. Rows of the map go upwards. A texel on an edge that two
triangles share belongs to one of them.
"""

from typing import Any, Final

import numba
import numpy as np

from director.passes.kernels import compiler
from director.passes.kernels.exact import (
    ONE,
    RUN,
    SHAPE,
    TO_CENTRE,
    ZERO,
    kernel,
    larger,
    least,
    most,
    part,
    smaller,
    snapped,
    step,
)

__all__ = ["TILE", "carried", "drawn", "prepare", "restored"]

TILE: Final = 32
"""Texels each way: what was drawn over is told so finely, and so many rows are one thread's at a time."""

# OpenGL's polygon offset: so many times what a texel covers, and so many steps of 24 bits.
_SLOPES, _UNITS = 1.5, 2.0 / 2**24
_INTO_TEXELS: Final = 1 / 256
_SHARE = np.float32(_INTO_TEXELS)
_BLOCK: Final = np.uint64(3 * 3 * RUN)
_BOXES: Final = _BLOCK
_KEEPS: Final = np.uint64(13 * RUN)
_CORNER, _AXIS = np.uint64(3 * RUN), np.uint64(RUN)


@step
def _carry(blocks: Any, base: Any, m: Any, scratch: Any, place: Any) -> None:
    """The corners from `base` on as x, y in texels and how far they lie, 0 … 1 within the map's box."""
    m0, m1, m2, m3, m4, m5, m6, m7 = m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
    m8, m9, m10, m11 = m[8], m[9], m[10], m[11]
    for each in range(RUN):
        k = np.uint64(each)
        x, y, z = blocks[base + k], blocks[base + _AXIS + k], blocks[base + _AXIS + _AXIS + k]
        scratch[place + k] = m0 * x + m1 * y + m2 * z + m3
        scratch[place + _AXIS + k] = m4 * x + m5 * y + m6 * z + m7
        scratch[place + _AXIS + _AXIS + k] = m8 * x + m9 * y + m10 * z + m11


@step
def _judge(scratch: Any, size: Any, culls: bool) -> None:
    """For each triangle the box of texels whose centres it may cover, and whether it is to be kept."""
    for each in range(RUN):
        k = np.uint64(each)
        x0, y0 = snapped(scratch[k]), snapped(scratch[_AXIS + k])
        k1 = _CORNER + k
        x1, y1 = snapped(scratch[k1]), snapped(scratch[_AXIS + k1])
        k2 = _CORNER + k1
        x2, y2 = snapped(scratch[k2]), snapped(scratch[_AXIS + k2])
        half = np.float32(TO_CENTRE)
        left = larger(np.ceil((least(x0, x1, x2) - half) * _SHARE), ZERO)
        right = smaller(np.ceil((most(x0, x1, x2) - half) * _SHARE), size) - ONE
        low = larger(np.ceil((least(y0, y1, y2) - half) * _SHARE), ZERO)
        high = smaller(np.ceil((most(y0, y1, y2) - half) * _SHARE), size) - ONE
        at = _BOXES + k
        scratch[at], scratch[at + _AXIS] = left, right
        scratch[at + _AXIS + _AXIS], scratch[at + _CORNER] = low, high
        area = np.float64(x1 - x0) * np.float64(y2 - y0) - np.float64(x2 - x0) * np.float64(y1 - y0)
        shows = area > 0.0 if culls else area != 0.0
        scratch[_KEEPS + k] = ONE if (left <= right) & (low <= high) & shows else ZERO


@kernel
def carried(
    blocks: Any,
    runs: Any,
    matrices: Any,
    culls: Any,
    size: int,
    parts: int,
    shapes: Any,
    boxes: Any,
    kept: Any,
) -> None:
    """Carry the triangles of all runs before the sun and keep those that may cover a texel, in order.

    blocks    float32[n · 9 · RUN]
    runs      int64[r, 4]: whose it is, its first block, how many, and the first place to keep triangles in
    matrices  float32[i, 12]: rows that make x and y in texels, and how far, of what a mesh's corners are
    culls     bool[i]: whether backs need not be drawn
    shapes    float32[t, SHAPE]: three corners, each x, y and how far; boxes int16[t, 4]: the first and the
              last column, and row; kept int64[r]: how many of each run
    """
    wide = np.float32(size)
    flat = shapes.reshape(-1)
    for mine in numba.prange(parts):
        scratch = np.empty(14 * RUN, np.float32)
        for r in range(mine, runs.shape[0], parts):
            item, place = runs[r, 0], runs[r, 3]
            m, hides = matrices[item], culls[item]
            for block in range(runs[r, 1], runs[r, 1] + runs[r, 2]):
                base = np.uint64(block) * _BLOCK
                for corner in range(3):
                    offset = np.uint64(corner) * _CORNER
                    _carry(blocks, base + offset, m, scratch, offset)
                _judge(scratch, wide, hides)
                for each in range(RUN):
                    k = np.uint64(each)
                    if scratch[_KEEPS + k] == ZERO:
                        continue
                    to = np.uint64(place) * np.uint64(SHAPE)
                    for n in range(SHAPE):
                        flat[to + np.uint64(n)] = scratch[np.uint64(n * RUN) + k]
                    for n in range(4):
                        boxes[place, n] = np.int16(scratch[_BOXES + np.uint64(n * RUN) + k])
                    place += 1
            kept[r] = place - runs[r, 3]


@part
def _placed(x: Any) -> Any:
    """Where a corner lies in texels, of which the middles are whole."""
    return (np.float64(snapped(x)) - TO_CENTRE) * _INTO_TEXELS


@part
def _edge(x: Any, y: Any, to_x: Any, to_y: Any) -> Any:
    """An edge from its lower end on: of triangles that share it both have the same numbers. Its end, and how
    much it goes to the right in a row."""
    upwards = to_y > y
    x, y, to_x, to_y = (x, y, to_x, to_y) if upwards else (to_x, to_y, x, y)
    up = to_y - y
    return x, y, (to_x - x) / (up if up != 0.0 else 1.0)


@part
def _put(start: Any, more: Any, front: Any, row: Any, begin: Any, end: Any, nearest: Any) -> None:
    """How far it lies, from that in one column on and what each adds; no less than `front`."""
    start, more = np.float32(start), np.float32(more)
    first = np.uint64(row) + np.uint64(begin)
    for each in range(np.int64(end) - np.int64(begin)):
        n = first + np.uint64(each)
        here = larger(start + more * np.float32(np.int32(each)), front)
        nearest[n] = smaller(here, nearest[n])


@step
def _fill(shape: Any, left: Any, right: Any, low: Any, high: Any, size: int, nearest: Any) -> None:
    """Where a triangle is nearer than what is there, in some rows: put how far it lies."""
    x0, y0, z0 = np.float64(shape[0]), np.float64(shape[1]), np.float64(shape[2])
    x1, y1, z1 = np.float64(shape[3]), np.float64(shape[4]), np.float64(shape[5])
    x2, y2, z2 = np.float64(shape[6]), np.float64(shape[7]), np.float64(shape[8])
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if area == 0.0:
        return
    share = 1.0 / area
    right_more = ((z1 - z0) * (y2 - y0) - (z2 - z0) * (y1 - y0)) * share
    up_more = ((z2 - z0) * (x1 - x0) - (z1 - z0) * (x2 - x0)) * share
    value = z0 + _SLOPES * larger(abs(right_more), abs(up_more)) + _UNITS
    value += right_more * (0.5 - x0) + up_more * (low + 0.5 - y0)
    # What lies before the map's box casts into it, and no sliver lies before its corners.
    front = np.float32(larger(least(z0, z1, z2), 0.0))
    x0, y0 = _placed(shape[0]), _placed(shape[1])
    x1, y1 = _placed(shape[3]), _placed(shape[4])
    x2, y2 = _placed(shape[6]), _placed(shape[7])
    if (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) < 0.0:
        x1, y1, x2, y2 = x2, y2, x1, y1
    # What lies on the left of an edge that goes up is within.
    a_ends, b_ends, c_ends = y1 > y0, y2 > y1, y0 > y2
    a_begins, b_begins, c_begins = y1 < y0, y2 < y1, y0 < y2
    a_x, a_y, a_more = _edge(x0, y0, x1, y1)
    b_x, b_y, b_more = _edge(x1, y1, x2, y2)
    c_x, c_y, c_more = _edge(x2, y2, x0, y0)
    first, beyond = np.float64(left), np.float64(right + 1)
    for row in range(low, high + 1):
        up = np.float64(row)
        a, b, c = a_x + (up - a_y) * a_more, b_x + (up - b_y) * b_more, c_x + (up - c_y) * c_more
        begin = larger(
            most(a if a_begins else first, b if b_begins else first, c if c_begins else first), first
        )
        end = smaller(
            least(a if a_ends else beyond, b if b_ends else beyond, c if c_ends else beyond), beyond
        )
        begin, end = np.ceil(begin), np.ceil(end)
        if begin < end:
            _put(value + right_more * begin, right_more, front, row * size, begin, end, nearest)
        value += up_more


@kernel
def drawn(
    runs: Any, shapes: Any, boxes: Any, kept: Any, size: int, parts: int, nearest: Any, touched: Any
) -> None:
    """Draw what `carried` has kept into nearest float32[size · size], 1 where nothing is; which tiles may
    have changed is marked in touched uint8[size / TILE, size / TILE]."""
    for mine in numba.prange(parts):
        for r in range(runs.shape[0]):
            for place in range(runs[r, 3], runs[r, 3] + kept[r]):
                left, right = np.int64(boxes[place, 0]), np.int64(boxes[place, 1])
                low, high = np.int64(boxes[place, 2]), np.int64(boxes[place, 3])
                for band in range(low // TILE, high // TILE + 1):
                    if band % parts != mine:
                        continue
                    for tile in range(left // TILE, right // TILE + 1):
                        touched[band, tile] = 1
                    first, last = max(low, band * TILE), min(high, band * TILE + TILE - 1)
                    _fill(shapes[place], left, right, first, last, size, nearest)


@kernel
def restored(under: Any, size: int, nearest: Any, touched: Any) -> None:
    """Make the tiles of `nearest` that were touched what they are in `under`, and none touched any more."""
    for band in numba.prange(touched.shape[0]):
        for tile in range(touched.shape[1]):
            if touched[band, tile]:
                touched[band, tile] = 0
                for row in range(band * TILE, (band + 1) * TILE):
                    first = np.uint64(row * size + tile * TILE)
                    for each in range(TILE):
                        n = first + np.uint64(each)
                        nearest[n] = under[n]


def prepare() -> None:
    """Compile all of it, or find it compiled."""
    run, floats, bytes_ = compiler().run, np.zeros(0, np.float32), np.zeros((1, 1), np.uint8)
    runs, kept, rows = np.zeros((0, 4), np.int64), np.zeros(0, np.int64), np.zeros((0, 12), np.float32)
    shapes, boxes = rows[:, :SHAPE].copy(), np.zeros((0, 4), np.int16)
    run(carried, floats, runs, rows, np.zeros(0, np.bool_), 1, 1, shapes, boxes, kept)
    run(drawn, runs, shapes, boxes, kept, 1, 1, floats, bytes_)
    run(restored, floats, 1, floats, bytes_)
