"""What is told of each pixel, from the triangle that it shows or the sky behind. Needs Numba.

Rows are worked on in chunks, cut into planes as in blocks.py: what lies between a triangle's corners is
spread over the pixels that show it, then each target is written from planes.
"""

from typing import Any, Final

import numba
import numpy as np

from director.passes.kernels import compiler
from director.passes.kernels.blocking import (
    ACROSS,
    BLUE,
    CHUNK,
    DEPTH,
    GREEN,
    PLANES,
    RED,
    X,
    Y,
    Z,
    plane,
    shade,
    shade_sky,
)
from director.passes.kernels.carried import seen
from director.passes.kernels.exact import ONE, SHAPE, ZERO, kernel, larger, part, smaller, step
from director.passes.kernels.held import HELD, NORMAL, PLACE, REST, SHARES, TOLD, find, hold
from director.passes.kernels.raster import BAND, covered

__all__ = ["ROWS", "painted", "prepare"]

ROWS: Final = 12
"""Numbers of an affine matrix: three rows of four."""

_SECOND, _THIRD = plane(1), plane(2)
# Beside those of blocking.py: the shares of three corners, where in its mesh a surface is, the anchor, and
# now and before u · depth, v · depth and depth.
_SHARE, _PLACE, _ANCHOR, _NOW, _BEFORE = (plane(PLANES + 3 * n) for n in range(5))
_NUMBERS: Final = (PLANES + 15) * CHUNK

_HALF, _FAR_OFF, _TINY = np.float32(0.5), np.float32(np.inf), np.float32(1e-30)
_HALVES, _LEAST = np.float32(16777216.0), np.float32(2.0**-14)
# A float16 of 1 in the upper half.
_FOURTH: Final = np.uint32(0x3C000000)
# As in shaders/motion.glsl.
_BEHIND, _OUT = np.float32(1e-4), np.float32(8.0)


@part
def _half(x: Any) -> Any:
    """The bits of the nearest float16 of a number that one can hold; of two as near, of the even one."""
    bits = np.float32(x).view(np.uint32)
    sign = np.uint32(np.uint32(bits >> np.uint32(16)) & np.uint32(0x8000))
    small = np.uint32(np.int32(np.rint(smaller(abs(x), _LEAST) * _HALVES)))
    odd = np.uint32(np.uint32(bits >> np.uint32(13)) & np.uint32(1))
    bits = np.uint32(np.uint32(bits & np.uint32(0x7FFFFFFF)) + np.uint32(np.uint32(0xFFF) + odd))
    large = np.uint32(np.uint32(bits >> np.uint32(13)) - np.uint32(112 << 10))
    return np.uint32(sign | (small if abs(x) < _LEAST else large))


@part
def _moved(now: Any, depth: Any, before: Any, depth_before: Any) -> Any:
    """How far a share of the picture, as shaders/motion.glsl has it."""
    moved = now / depth - before / larger(depth_before, _BEHIND)
    moved = smaller(larger(moved, -_OUT), _OUT)
    return _OUT if depth_before <= _BEHIND else moved


@step
def _spread_shares(s: Any, begin: int, end: int, row: int, column: int, shares: Any, slot: Any) -> None:
    """What each corner has of the pixels begin … end, and how deep they are."""
    y = row + 0.5
    a0, a2, a3 = shares[slot, 0], shares[slot, 1] * y + shares[slot, 2], shares[slot, 3]
    b0, b2, b3 = shares[slot, 4], shares[slot, 5] * y + shares[slot, 6], shares[slot, 7]
    c0, c2, c3 = shares[slot, 8], shares[slot, 9] * y + shares[slot, 10], shares[slot, 11]
    first, middle = np.uint64(begin), column + begin + 0.5
    for n in range(end - begin):
        at, x = first + np.uint64(n), middle + n
        # A centre that only rounding has let in has nothing of a corner rather than less.
        a, b, c = larger(a0 * x + a2, 0.0), larger(b0 * x + b2, 0.0), larger(c0 * x + c2, 0.0)
        share = 1.0 / (a + b + c)
        s[DEPTH + at] = np.float32((a * a3 + b * b3 + c * c3) * share)
        s[_SHARE + at] = np.float32(a * share)
        s[_SHARE + _SECOND + at] = np.float32(b * share)
        s[_SHARE + _THIRD + at] = np.float32(c * share)


@step
def _spread(s: Any, into: Any, begin: int, end: int, told: Any, slot: Any, what: int) -> None:
    """What lies between three vectors that are told of corners, into three planes."""
    x0, y0, z0 = told[slot, 0, what], told[slot, 0, what + 1], told[slot, 0, what + 2]
    x1, y1, z1 = told[slot, 1, what], told[slot, 1, what + 1], told[slot, 1, what + 2]
    x2, y2, z2 = told[slot, 2, what], told[slot, 2, what + 1], told[slot, 2, what + 2]
    first = np.uint64(begin)
    for n in range(end - begin):
        at = first + np.uint64(n)
        p, q, r = s[_SHARE + at], s[_SHARE + _SECOND + at], s[_SHARE + _THIRD + at]
        s[into + at] = p * x0 + q * x1 + r * x2
        s[into + _SECOND + at] = p * y0 + q * y1 + r * y2
        s[into + _THIRD + at] = p * z0 + q * z1 + r * z2


@step
def _carry(s: Any, into: Any, begin: int, end: int, matrices: Any, item: Any, row: int) -> None:
    """What three rows of an instance's matrices, from one on, make of places in its mesh."""
    # Of single pixels, not of corners, which may lie a thousand times farther away.
    a, b, c = 4 * row, 4 * row + 4, 4 * row + 8
    a0, a1, a2, a3 = matrices[item, a], matrices[item, a + 1], matrices[item, a + 2], matrices[item, a + 3]
    b0, b1, b2, b3 = matrices[item, b], matrices[item, b + 1], matrices[item, b + 2], matrices[item, b + 3]
    c0, c1, c2, c3 = matrices[item, c], matrices[item, c + 1], matrices[item, c + 2], matrices[item, c + 3]
    first = np.uint64(begin)
    for n in range(end - begin):
        at = first + np.uint64(n)
        x, y, z = s[_PLACE + at], s[_PLACE + _SECOND + at], s[_PLACE + _THIRD + at]
        s[into + at] = a0 * x + a1 * y + a2 * z + a3
        s[into + _SECOND + at] = b0 * x + b1 * y + b2 * z + b3
        s[into + _THIRD + at] = c0 * x + c1 * y + c2 * z + c3


@step
def _spread_colour(s: Any, begin: int, end: int, colours: Any, item: Any) -> None:
    red, green, blue = colours[item, 0], colours[item, 1], colours[item, 2]
    for pixel in range(begin, end):
        c = np.uint64(pixel)
        s[RED + c], s[GREEN + c], s[BLUE + c] = red, green, blue


@step
def _put_surfaces(
    first: Any, count: int, row: int, column: int, kept: Any, shown: Any, pool: Any, items: Any,
    tells_normal: bool, tells_rest: bool, objects: Any, held: Any, s: Any,
) -> Any:  # fmt: skip
    """What a chunk shows of triangles, into planes and objects. Gives how many pixels that is."""
    shapes, _, _, sources, _ = kept
    blocks, corners, vertices = pool
    turns, rests, moves, ids, colours = items
    names, held_items, shares, told = held
    tells_place = len(moves) > 0 or (tells_rest and len(rests) > 0)
    spreads_rest = tells_rest and len(rests) == 0
    begin, showing = 0, 0
    while begin < count:
        name = shown[first + np.uint64(begin)]
        end = begin + 1
        while end < count and shown[first + np.uint64(end)] == name:
            end += 1
        object_id = np.uint16(0)
        if name >= 0:
            showing += end - begin
            slot = find(name)
            if names[slot] != name:
                names[slot] = name
                hold(
                    np.uint64(name), slot, shapes, sources, blocks, corners, vertices, turns, tells_normal,
                    spreads_rest, tells_place, held_items, shares, told,
                )  # fmt: skip
            item = held_items[slot]
            object_id = ids[item]
            _spread_shares(s, begin, end, row, column, shares, slot)
            if tells_normal:
                _spread(s, X, begin, end, told, slot, NORMAL)
            if spreads_rest:
                _spread(s, _ANCHOR, begin, end, told, slot, REST)
            if tells_place:
                _spread(s, _PLACE, begin, end, told, slot, PLACE)
            if tells_rest and len(rests) > 0:
                _carry(s, _ANCHOR, begin, end, rests, item, 0)
            if len(moves) > 0:
                _carry(s, _NOW, begin, end, moves, item, 0)
                _carry(s, _BEFORE, begin, end, moves, item, 3)
            if len(colours) > 0:
                _spread_colour(s, begin, end, colours, item)
        else:
            for pixel in range(begin, end):
                s[DEPTH + np.uint64(pixel)] = ZERO
        for pixel in range(begin, end):
            objects[first + np.uint64(pixel)] = object_id
        begin = end
    return showing


@step
def _put_sky(count: int, row: int, looks: Any, s: Any) -> None:
    """Where the sky is: its direction for an anchor, and where it is now and was before."""
    view, turned = looks
    v = (np.float32(row) + _HALF) * view[23]
    x0, y0, z0 = view[0] + view[8] * v, view[1] + view[9] * v, view[2] + view[10] * v
    for pixel in range(count):
        c = np.uint64(pixel)
        if s[DEPTH + c] > ZERO:
            continue
        u = s[ACROSS + c]
        x, y, z = x0 + view[4] * u, y0 + view[5] * u, z0 + view[6] * u
        shorter = ONE / np.sqrt(x * x + y * y + z * z)
        x, y, z = x * shorter, y * shorter, z * shorter
        s[_ANCHOR + c], s[_ANCHOR + _SECOND + c], s[_ANCHOR + _THIRD + c] = x, y, z
        for row_of in range(6):
            r = 4 * row_of
            made = turned[r] * x + turned[r + 1] * y + turned[r + 2] * z
            s[_NOW + np.uint64(row_of * CHUNK) + c] = made


@step
def _shorten(count: int, s: Any) -> None:
    """Make normals unit vectors."""
    for pixel in range(count):
        c = np.uint64(pixel)
        x, y, z = s[X + c], s[Y + c], s[Z + c]
        shorter = ONE / np.sqrt(larger(x * x + y * y + z * z, _TINY))
        s[X + c], s[Y + c], s[Z + c] = x * shorter, y * shorter, z * shorter


@step
def _write_depths(first: Any, count: int, s: Any, depths: Any) -> None:
    for pixel in range(count):
        c = np.uint64(pixel)
        depth = s[DEPTH + c]
        depths[first + c] = depth if depth > ZERO else _FAR_OFF


@step
def _write_normals(first: Any, count: int, s: Any, normals: Any) -> None:
    for pixel in range(count):
        c = np.uint64(pixel)
        x, y = _half(s[X + c]), np.uint32(_half(s[Y + c]) << np.uint32(16))
        z = np.uint32(_half(s[Z + c]) | _FOURTH)
        made = np.uint64(np.uint32(x | y)) | (np.uint64(z) << np.uint64(32))
        normals[first + c] = made if s[DEPTH + c] > ZERO else np.uint64(0)


@step
def _write_anchors(first: Any, count: int, s: Any, anchors: Any) -> None:
    for pixel in range(count):
        c = np.uint64(pixel)
        place = np.uint64(4) * (first + c)
        anchors[place], anchors[place + np.uint64(1)] = s[_ANCHOR + c], s[_ANCHOR + _SECOND + c]
        anchors[place + np.uint64(2)] = s[_ANCHOR + _THIRD + c]
        anchors[place + np.uint64(3)] = ONE if s[DEPTH + c] > ZERO else ZERO


@step
def _write_motion(first: Any, count: int, s: Any, motions: Any) -> None:
    for pixel in range(count):
        c = np.uint64(pixel)
        now, before = s[_NOW + _THIRD + c], s[_BEFORE + _THIRD + c]
        u = _half(_moved(s[_NOW + c], now, s[_BEFORE + c], before))
        v = _half(_moved(s[_NOW + _SECOND + c], now, s[_BEFORE + _SECOND + c], before))
        motions[first + c] = np.uint32(u | np.uint32(v << np.uint32(16)))


@step
def _paint(
    row: int, column: int, width: int, kept: Any, shown: Any, pool: Any, items: Any, looks: Any, targets: Any,
    held: Any, s: Any,
) -> None:  # fmt: skip
    """Paint the chunk of a row that begins at a column."""
    depths, objects, normals, anchors, motions, base = targets
    view = looks[0]
    tells_normal, tells_rest = len(normals) > 0 or len(base) > 0, len(anchors) > 0
    first, count = np.uint64(row * width + column), min(CHUNK, width - column)
    showing = _put_surfaces(
        first, count, row, column, kept, shown, pool, items, tells_normal, tells_rest, objects, held, s
    )
    _write_depths(first, count, s, depths)
    for pixel in range(count):
        s[ACROSS + np.uint64(pixel)] = (np.float32(column + pixel) + _HALF) * view[22]
    if showing < count and (tells_rest or len(motions) > 0):
        _put_sky(count, row, looks, s)
    if tells_normal and showing > 0:
        _shorten(count, s)
    if len(normals) > 0:
        _write_normals(first, count, s, normals)
    if tells_rest:
        _write_anchors(first, count, s, anchors)
    if len(motions) > 0:
        _write_motion(first, count, s, motions)
    if len(base) > 0 and showing > 0:
        shade(first, count, row, view, s, base)
    if len(base) > 0 and showing < count:
        shade_sky(first, count, row, view, s, base)


@kernel
def painted(
    runs: Any,
    kept: Any,
    pool: Any,
    items: Any,
    looks: Any,
    near: Any,
    width: int,
    height: int,
    parts: int,
    room: Any,
    targets: Any,
) -> None:
    """Draw what carried.seen has kept of the triangles of `runs`.

    kept     as carried.seen has them: shapes, boxes, fronts, sources and kept
    pool     blocks float32[n · 9 · RUN], as carried.seen has them; corners uint32[t, 3]: each triangle's
             vertices, of vertices float32[v, 6]: place at rest, and normal
    items    of each instance: rows that turn normals into the world, float32[i, ROWS]; rows of
             object_from_mesh, float32[i, ROWS], or none where vertices at rest are anchors; rows that make
             u · depth, v · depth and depth of a mesh's corners now, and before, float32[i, 2 · ROWS], if
             motion is told; ids uint16[i]; linear colours float32[i, 3], if base is told
    looks    float32[24]: what shaders/view.glsl has from ray_origin on; float32[2 · ROWS]: rows like those
             for motion, of directions in the world
    room     nearest float32[h · w] and shown int32[h · w]
    targets  depth float32[h · w], object uint16[h · w], normal uint64[h · w] (four float16), anchor
             float32[h · w · 4], motion uint32[h · w] (two float16), base uint32[h · w] (four bytes);
             depth and object are always told, of the others those that are not empty
    """
    for mine in numba.prange(parts):
        shapes, boxes, fronts, sources, counts = kept
        nearest, shown = room
        far = looks[0][3]
        covered(
            mine, parts, runs, shapes, boxes, fronts, sources, counts, near, far, width, height, nearest,
            shown,
        )  # fmt: skip
        held = (
            np.full(HELD, -1, np.int32), np.zeros(HELD, np.uint64), np.zeros((HELD, SHARES), np.float64),
            np.zeros((HELD, 3, TOLD), np.float32),
        )  # fmt: skip
        numbers = np.zeros(_NUMBERS, np.float32)
        for band in range(mine, (height + BAND - 1) // BAND, parts):
            for row in range(band * BAND, min((band + 1) * BAND, height)):
                for column in range(0, width, CHUNK):
                    _paint(row, column, width, kept, shown, pool, items, looks, targets, held, numbers)


def prepare() -> None:
    """Compile `seen` and `painted`, or find them compiled."""
    run, near, numbers = compiler().run, np.float32(1), np.ones(2 * ROWS, np.float32)
    ids, words = np.zeros(1, np.uint16), np.zeros(1, np.uint32)
    blocks, rows, moves = (np.zeros(shape, np.float32) for shape in (0, (0, ROWS), (0, 2 * ROWS)))
    runs = np.zeros((0, 4), np.int64)
    kept = (
        np.zeros((0, SHAPE), np.float32), np.zeros((0, 4), np.int16), blocks, np.zeros((0, 2), np.uint32),
        np.zeros(0, np.int64),
    )  # fmt: skip
    run(seen, blocks, runs, rows, np.zeros(0, np.bool_), near, 1, 1, 1, *kept)
    pool = blocks, np.zeros((0, 3), np.uint32), np.zeros((0, 6), np.float32)
    items = rows, rows, moves, ids[:0], np.zeros((0, 3), np.float32)
    targets = (
        np.zeros(1, np.float32), ids, np.zeros(1, np.uint64), np.zeros(4, np.float32), words,
        words.copy(),
    )  # fmt: skip
    room = np.zeros(1, np.float32), np.zeros(1, np.int32)
    run(painted, runs, kept, pool, items, (numbers, numbers), near, 1, 1, 1, room, targets)
