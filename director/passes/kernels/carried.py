"""Triangles carried into the picture: those that may show are kept. Needs Numba."""

from typing import Any, Final

import numba
import numpy as np

from director.passes.kernels.exact import (
    BACK,
    CLIPPED,
    FAR_OUT,
    ONE,
    RUN,
    SHAPE,
    STEPS,
    TO_CENTRE,
    ZERO,
    kernel,
    larger,
    least,
    most,
    smaller,
    snapped,
    step,
)

__all__ = ["seen"]

_INTO_PIXELS: Final = np.float32(1 / 256)
_BLOCK: Final = np.uint64(3 * 3 * RUN)
_CODES: Final = _BLOCK
_BOXES: Final = np.uint64(10 * RUN)
_GONE, _FRONT, _BACK, _CUT = (np.float32(code) for code in range(4))
_CORNER, _AXIS = np.uint64(3 * RUN), np.uint64(RUN)


@step
def _carry(blocks: Any, base: Any, m: Any, near: Any, scratch: Any, place: Any) -> None:
    """The corners from `base` on as x, y in pixels and 1 / depth; −1 for that if they are before `near`."""
    m0, m1, m2, m3, m4, m5, m6, m7 = m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
    m8, m9, m10, m11 = m[8], m[9], m[10], m[11]
    for each in range(RUN):
        k = np.uint64(each)
        x, y, z = blocks[base + k], blocks[base + _AXIS + k], blocks[base + _AXIS + _AXIS + k]
        w = m8 * x + m9 * y + m10 * z + m11
        ahead = w >= near
        inverse = ONE / (w if ahead else near)
        scratch[place + k] = (m0 * x + m1 * y + m2 * z + m3) * inverse
        scratch[place + _AXIS + k] = (m4 * x + m5 * y + m6 * z + m7) * inverse
        scratch[place + _AXIS + _AXIS + k] = inverse if ahead else -ONE


@step
def _judge(scratch: Any, width: Any, height: Any, culls: bool) -> None:
    """For each triangle whether it is gone, shows its front or its back, or must be cut; the box of pixels
    whose centres it may cover, and 1 / depth where it is nearest."""
    for each in range(RUN):
        k = np.uint64(each)
        x0, y0, i0 = scratch[k], scratch[_AXIS + k], scratch[_AXIS + _AXIS + k]
        k1 = _CORNER + k
        x1, y1, i1 = scratch[k1], scratch[_AXIS + k1], scratch[_AXIS + _AXIS + k1]
        k2 = _CORNER + k1
        x2, y2, i2 = scratch[k2], scratch[_AXIS + k2], scratch[_AXIS + _AXIS + k2]
        nearest, farthest = most(i0, i1, i2), least(i0, i1, i2)
        x0, x1, x2, y0, y1, y2 = (
            snapped(x0), snapped(x1), snapped(x2), snapped(y0), snapped(y1), snapped(y2)
        )  # fmt: skip
        left, right, top, bottom = (
            least(x0, x1, x2),
            most(x0, x1, x2),
            least(y0, y1, y2),
            most(y0, y1, y2),
        )
        # The pixels whose centres lie in the box.
        half = np.float32(TO_CENTRE)
        first, last = np.ceil((left - half) * _INTO_PIXELS), np.floor((right - half) * _INTO_PIXELS)
        upper, lower = np.ceil((top - half) * _INTO_PIXELS), np.floor((bottom - half) * _INTO_PIXELS)
        first, upper = larger(first, ZERO), larger(upper, ZERO)
        last, lower = smaller(last, width - ONE), smaller(lower, height - ONE)
        at = _BOXES + k
        scratch[at], scratch[at + _AXIS] = first, last
        scratch[at + _AXIS + _AXIS], scratch[at + _CORNER] = upper, lower
        scratch[at + _CORNER + _AXIS] = nearest
        covers = (first <= last) & (upper <= lower)
        far = FAR_OUT * STEPS
        fits = (left >= -far) & (right <= far) & (top >= -far) & (bottom <= far)
        area = np.float64(x1 - x0) * np.float64(y2 - y0) - np.float64(x2 - x0) * np.float64(y1 - y0)
        faces = _FRONT if area < 0.0 else (_GONE if culls else _BACK)
        whole = faces if covers & (area != 0.0) else _GONE
        cut = _CUT if nearest > ZERO else _GONE
        scratch[_CODES + k] = whole if (farthest > ZERO) & fits else cut


@step
def _corner(blocks: Any, base: Any, m: Any, shapes: Any, place: Any) -> None:
    """One corner as x · depth, y · depth, depth."""
    x, y, z = blocks[base], blocks[base + _AXIS], blocks[base + _AXIS + _AXIS]
    shapes[place] = m[0] * x + m[1] * y + m[2] * z + m[3]
    shapes[place + np.uint64(1)] = m[4] * x + m[5] * y + m[6] * z + m[7]
    shapes[place + np.uint64(2)] = m[8] * x + m[9] * y + m[10] * z + m[11]


@step
def _turn(shapes: Any, place: Any) -> Any:
    """Six times the volume that the eye and a triangle of x · depth, y · depth, depth span: below 0 if its
    front shows."""
    p = np.uint64(place)
    x0, y0, w0 = np.float64(shapes[p]), np.float64(shapes[p + 1]), np.float64(shapes[p + 2])
    x1, y1, w1 = np.float64(shapes[p + 3]), np.float64(shapes[p + 4]), np.float64(shapes[p + 5])
    x2, y2, w2 = np.float64(shapes[p + 6]), np.float64(shapes[p + 7]), np.float64(shapes[p + 8])
    return x0 * (y1 * w2 - y2 * w1) - y0 * (x1 * w2 - x2 * w1) + w0 * (x1 * y2 - x2 * y1)


@step
def _is_beside(shapes: Any, place: Any, width: Any, height: Any) -> bool:
    """Whether a triangle of x · depth, y · depth, depth lies beyond one side of the picture."""
    left = right = top = bottom = True
    for corner in range(3):
        p = place + np.uint64(3 * corner)
        x, y, w = shapes[p], shapes[p + np.uint64(1)], shapes[p + np.uint64(2)]
        left, right = left and x < ZERO, right and x > width * w
        top, bottom = top and y < ZERO, bottom and y > height * w
    return left or right or top or bottom


@kernel
def seen(
    blocks: Any,
    runs: Any,
    matrices: Any,
    culls: Any,
    near: Any,
    width: int,
    height: int,
    parts: int,
    shapes: Any,
    boxes: Any,
    fronts: Any,
    sources: Any,
    kept: Any,
) -> None:
    """Carry the triangles of all runs into the picture and keep those that may show, in order.

    blocks    float32[n · 9 · RUN]
    runs      int64[r, 4]: whose it is, its first block, how many, and the first place to keep triangles in
    matrices  float32[i, 12]: rows that make x · depth, y · depth, depth of what a mesh's corners are
    culls     bool[i]: whether backs never show
    shapes    float32[t, SHAPE], boxes int16[t, 4] (the first and the last column, and row), fronts float32[t]
              (1 / depth where it is nearest), sources uint32[t, 2] (the triangle in the pool; whose it is · 4
              with BACK and CLIPPED), kept int64[r]: how many of each run
    """
    wide, high = np.float32(width), np.float32(height)
    flat = shapes.reshape(-1)
    for part in numba.prange(parts):
        scratch = np.empty(15 * RUN, np.float32)
        for r in range(part, runs.shape[0], parts):
            item, place = runs[r, 0], runs[r, 3]
            m, hides = matrices[item], culls[item]
            for block in range(runs[r, 1], runs[r, 1] + runs[r, 2]):
                base = np.uint64(block) * _BLOCK
                for corner in range(3):
                    offset = np.uint64(corner) * _CORNER
                    _carry(blocks, base + offset, m, near, scratch, offset)
                _judge(scratch, wide, high, hides)
                for each in range(RUN):
                    k = np.uint64(each)
                    code = scratch[_CODES + k]
                    if code == _GONE:
                        continue
                    to = np.uint64(place) * np.uint64(SHAPE)
                    flags = np.uint32(0)
                    if code == _CUT:
                        for corner in range(3):
                            offset = np.uint64(corner) * _CORNER
                            _corner(blocks, base + offset + k, m, flat, to + np.uint64(3 * corner))
                        turn = _turn(flat, to)
                        if turn == 0.0 or (turn > 0.0 and hides) or _is_beside(flat, to, wide, high):
                            continue
                        flags = CLIPPED | (BACK if turn > 0.0 else flags)
                        boxes[place, 0], boxes[place, 1] = 0, width - 1
                        boxes[place, 2], boxes[place, 3] = 0, height - 1
                        fronts[place] = ONE / near
                    else:
                        for n in range(SHAPE):
                            flat[to + np.uint64(n)] = scratch[np.uint64(n * RUN) + k]
                        for n in range(4):
                            boxes[place, n] = np.int16(scratch[_BOXES + np.uint64(n * RUN) + k])
                        fronts[place] = scratch[_BOXES + _CORNER + _AXIS + k]
                        flags = BACK if code == _BACK else flags
                    sources[place, 0] = np.uint32(block * RUN + each)
                    sources[place, 1] = np.uint32(item << 2) | flags
                    place += 1
            kept[r] = place - runs[r, 3]
