"""Which of the triangles kept each pixel shows: the nearest at its centre, as in OpenGL. Needs Numba.

Edges that two triangles share belong to one: no pixel on them is left out, and none is given to both.
"""

from typing import Any, Final

import numpy as np

from director.passes.kernels.exact import (
    CLIPPED,
    FAR_OUT,
    ONE,
    SHAPE,
    TO_CENTRE,
    larger,
    least,
    most,
    part,
    smaller,
    snapped,
    step,
)

__all__ = ["BAND", "covered"]

BAND: Final = 16
"""Rows that one thread draws; the next ones are another's."""

_DEPTHS: Final = 2.0**24 - 1
# A box of pixels so wide is tested one by one; of wider ones each row's ends are worked out.
_NARROW: Final = 12
# A box of so many pixels is looked at first: all that it may hold is often hidden.
_SMALL: Final = 24
# What five planes cut has eight corners; half as many again each time, if rounding has made it crooked.
_MOST_CORNERS: Final = 20


@part
def _bias(across: Any, down: Any) -> Any:
    """0 where a pixel's centre on this edge belongs to the triangle: on its top and on its left."""
    return 0 if down < 0 or (down == 0 and across > 0) else -1


@part
def _share(more: Any) -> Any:
    return 1.0 / np.float64(more) if more != 0 else 0.0


@part
def _narrowed(at: Any, more: Any, share: Any, begin: Any, end: Any) -> Any:
    """The part of begin … end where at + n · more is 0 or above; `share` is 1 / more, rounded."""
    if more == 0:
        return begin, end if at >= 0 else begin
    n = np.int64(np.floor(-np.float64(at) * share))
    if more > 0:
        # The first n; rounding may have missed it by one.
        n += 1 if at + n * more < 0 else 0
        n -= 1 if at + (n - 1) * more >= 0 else 0
        return larger(begin, n), end
    n += 1 if at + (n + 1) * more >= 0 else 0
    n -= 1 if at + n * more < 0 else 0
    return begin, smaller(end, n + 1)


@step
def _is_hidden(front: Any, left: int, right: int, top: int, bottom: int, width: int, nearest: Any) -> bool:
    """Whether nothing that is no nearer than `front` would show in a box of pixels."""
    for row in range(top, bottom + 1):
        for place in range(row * width + left, row * width + right + 1):
            if nearest[place] < front:
                return False
    return True


@step
def _fill(
    shape: Any,
    name: Any,
    near: Any,
    far: Any,
    first_row: int,
    last_row: int,
    width: int,
    nearest: Any,
    shown: Any,
) -> None:
    """Where a triangle is nearer than what is there, in some rows: put how near it is and its name."""
    x0, y0, i0 = np.float64(shape[0]), np.float64(shape[1]), np.float64(shape[2])
    x1, y1, i1 = np.float64(shape[3]), np.float64(shape[4]), np.float64(shape[5])
    x2, y2, i2 = np.float64(shape[6]), np.float64(shape[7]), np.float64(shape[8])
    ax, ay = np.int64(snapped(shape[0])), np.int64(snapped(shape[1]))
    bx, by = np.int64(snapped(shape[3])), np.int64(snapped(shape[4]))
    cx, cy = np.int64(snapped(shape[6])), np.int64(snapped(shape[7]))
    if (bx - ax) * (cy - ay) - (cx - ax) * (by - ay) < 0:
        bx, by, cx, cy = cx, cy, bx, by
    left = larger((least(ax, bx, cx) + TO_CENTRE - 1) >> 8, 0)
    right = smaller((most(ax, bx, cx) - TO_CENTRE) >> 8, width - 1)
    top = larger((least(ay, by, cy) + TO_CENTRE - 1) >> 8, first_row)
    bottom = smaller((most(ay, by, cy) - TO_CENTRE) >> 8, last_row)
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    if left > right or top > bottom or area == 0.0:
        return
    # What OpenGL keeps in 24 bits is, like 1 / depth, a plane over the picture. A centre that only rounding
    # has let in gets no more than the corners have.
    a_whole = _DEPTHS * far / (far - near)
    i0, i1, i2 = a_whole * (near * i0 - 1.0), a_whole * (near * i1 - 1.0), a_whole * (near * i2 - 1.0)
    front, rear = most(i0, i1, i2), least(i0, i1, i2)
    right_more = ((i1 - i0) * (y2 - y0) - (i2 - i0) * (y1 - y0)) / area
    down_more = ((i2 - i0) * (x1 - x0) - (i1 - i0) * (x2 - x0)) / area
    x, y = (left << 8) + TO_CENTRE, (top << 8) + TO_CENTRE
    a = (bx - ax) * (y - ay) - (by - ay) * (x - ax) + _bias(bx - ax, by - ay)
    b = (cx - bx) * (y - by) - (cy - by) * (x - bx) + _bias(cx - bx, cy - by)
    c = (ax - cx) * (y - cy) - (ay - cy) * (x - cx) + _bias(ax - cx, ay - cy)
    a_right, b_right, c_right = (ay - by) << 8, (by - cy) << 8, (cy - ay) << 8
    a_down, b_down, c_down = (bx - ax) << 8, (cx - bx) << 8, (ax - cx) << 8
    value = i0 + right_more * (left + 0.5 - x0) + down_more * (top + 0.5 - y0)
    wide = right - left + 1
    a_share, b_share, c_share = 0.0, 0.0, 0.0
    if wide > _NARROW:
        a_share, b_share, c_share = _share(a_right), _share(b_right), _share(c_right)
    for row in range(top, bottom + 1):
        place = row * width + left
        if wide <= _NARROW:
            a_here, b_here, c_here = a, b, c
            for n in range(wide):
                if (a_here | b_here | c_here) >= 0:
                    exact = smaller(larger(value + right_more * n, rear), front)
                    here = np.float32(np.rint(exact))
                    if here > nearest[place + n]:
                        nearest[place + n] = here
                        shown[place + n] = name
                a_here += a_right
                b_here += b_right
                c_here += c_right
        else:
            begin, end = _narrowed(a, a_right, a_share, 0, wide)
            begin, end = _narrowed(b, b_right, b_share, begin, end)
            begin, end = _narrowed(c, c_right, c_share, begin, end)
            _put(value, right_more, rear, front, name, place, begin, end, nearest, shown)
        a += a_down
        b += b_down
        c += c_down
        value += down_more


@step
def _put(
    value: Any,
    more: Any,
    rear: Any,
    front: Any,
    name: Any,
    place: Any,
    begin: int,
    end: int,
    nearest: Any,
    shown: Any,
) -> None:
    first = np.uint64(place + begin)
    start = value + more * begin
    for each in range(max(end - begin, 0)):
        n = np.uint64(each)
        exact = smaller(larger(start + more * np.float64(each), rear), front)
        here = np.float32(np.rint(exact))
        before, other = nearest[first + n], shown[first + n]
        is_nearer = here > before
        nearest[first + n] = here if is_nearer else before
        shown[first + n] = name if is_nearer else other


@step
def _cut(corners: Any, count: int, cut: Any, x: float, y: float, w: float, rest: float) -> int:
    """Corners float64[n, 3] where x · c₀ + y · c₁ + w · c₂ ≥ rest, of a polygon; gives how many."""
    made = 0
    for n in range(count):
        m = n + 1 if n + 1 < count else 0
        here = corners[n, 0] * x + corners[n, 1] * y + corners[n, 2] * w - rest
        there = corners[m, 0] * x + corners[m, 1] * y + corners[m, 2] * w - rest
        if here >= 0:
            for axis in range(3):
                cut[made, axis] = corners[n, axis]
            made += 1
        if (here >= 0) != (there >= 0):
            # From the inside on: of triangles that share the edge both find the same corner.
            inside, outside = (n, m) if here >= 0 else (m, n)
            share = here / (here - there) if here >= 0 else there / (there - here)
            for axis in range(3):
                from_here = corners[inside, axis]
                cut[made, axis] = np.float32(from_here + share * (corners[outside, axis] - from_here))
            made += 1
    return made


@step
def _fill_clipped(
    shape: Any,
    name: Any,
    near: Any,
    far: Any,
    first_row: int,
    last_row: int,
    width: int,
    nearest: Any,
    shown: Any,
    room: Any,
    piece: Any,
) -> None:
    """As _fill, of a triangle that is CLIPPED; `room` is float64[2, n, 3], `piece` float32[SHAPE]."""
    corners, cut = room[0], room[1]
    for n in range(SHAPE):
        corners[n // 3, n % 3] = shape[n]
    count = _cut(corners, 3, cut, 0.0, 0.0, 1.0, near)
    out = np.float64(FAR_OUT)
    count = _cut(cut, count, corners, 1.0, 0.0, out, 0.0)
    count = _cut(corners, count, cut, -1.0, 0.0, out, 0.0)
    count = _cut(cut, count, corners, 0.0, 1.0, out, 0.0)
    count = _cut(corners, count, cut, 0.0, -1.0, out, 0.0)
    for n in range(2, count):
        for corner in range(3):
            at = 0 if corner == 0 else n - 2 + corner
            inverse = ONE / np.float32(cut[at, 2])
            piece[3 * corner] = np.float32(cut[at, 0]) * inverse
            piece[3 * corner + 1] = np.float32(cut[at, 1]) * inverse
            piece[3 * corner + 2] = inverse
        _fill(piece, name, near, far, first_row, last_row, width, nearest, shown)


@step
def covered(
    part: int,
    parts: int,
    runs: Any,
    shapes: Any,
    boxes: Any,
    fronts: Any,
    sources: Any,
    kept: Any,
    near: Any,
    far: Any,
    width: int,
    height: int,
    nearest: Any,
    shown: Any,
) -> None:
    """The bands of rows that are `part`'s, of what `seen` kept: into nearest float32[h · w] how near it is,
    and into shown int32[h · w] which triangle; −1 where there is none within `far`. How near goes from 0 at
    `near` to −(2²⁴ − 1) at `far`, in whole steps: of what is equally near the first is shown."""
    room, piece = np.empty((2, _MOST_CORNERS, 3), np.float64), np.empty(SHAPE, np.float32)
    near, far = np.float64(near), np.float64(far)
    a_whole = _DEPTHS * far / (far - near)
    bands = (height + BAND - 1) // BAND
    is_mine = np.zeros(bands, np.uint8)
    for band in range(part, bands, parts):
        is_mine[band] = 1
        for place in range(band * BAND * width, min((band + 1) * BAND, height) * width):
            nearest[place] = -_DEPTHS
            shown[place] = -1
    for r in range(runs.shape[0]):
        for place in range(runs[r, 3], runs[r, 3] + kept[r]):
            left, right = np.int64(boxes[place, 0]), np.int64(boxes[place, 1])
            top, bottom = np.int64(boxes[place, 2]), np.int64(boxes[place, 3])
            is_small = (right - left + 1) * (bottom - top + 1) <= _SMALL
            front = np.float32(np.rint(a_whole * (near * np.float64(fronts[place]) - 1.0)))
            is_clipped = sources[place, 1] & CLIPPED
            for band in range(top // BAND, bottom // BAND + 1):
                if not is_mine[band]:
                    continue
                first, last = max(top, band * BAND), min(bottom, band * BAND + BAND - 1)
                if is_small and _is_hidden(front, left, right, first, last, width, nearest):
                    continue
                name = np.int32(place)
                if is_clipped:
                    _fill_clipped(
                        shapes[place], name, near, far, first, last, width, nearest, shown, room, piece
                    )
                else:
                    _fill(shapes[place], name, near, far, first, last, width, nearest, shown)
