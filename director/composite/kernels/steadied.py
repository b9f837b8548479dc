"""The picture steadied along exact motion, and made crisper: steady.frag and crisper.frag as loops. Needs
Numba."""

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np

from director.composite.kernels.carried import BYTE, between, byte, part, place_then, same_depth
from director.passes.kernels.numbers import HALF, ONE, ZERO, floor, kernel, larger, smaller, smoothstep

__all__ = ["NOWHERE", "crisped", "prepare", "steadied"]

NOWHERE: Final = np.uint16(0xFFFF)
"""The id of no object: what was not seen before has it."""

_LASTS, _AS_GOOD, _QUARTER = np.float32(0.985), np.float32(0.01), np.float32(0.25)
_KNOWN, _SEEN, _SEEN_THEN = np.float32(0.9), np.float32(0.1), np.float32(0.1)
_LOST, _FEW, _MANY = np.float32(0.8), np.float32(0.3), np.float32(0.9)
_OVERHANGS, _NEAR = np.float32(2 / 255), np.float32(0.002)
_BEYOND: Final = np.float32(0.15)


@part
def _overhangs(known: Any) -> Any:
    return abs(known - _OVERHANGS) < _NEAR


@part
def _tap(x: Any, y: Any, weight: Any, id_: Any, expected: Any, before: Any, depth: Any, ids: Any) -> Any:
    """The picture before in a texel, weighted, and its weight; nothing if it does not show this surface."""
    if ids[y, x] != id_ or not (id_ == 0 or same_depth(depth[y, x], expected)):
        return ZERO, ZERO, ZERO, ZERO, ZERO
    known = before[y, x, 3]
    if _overhangs(known):
        return ZERO, ZERO, ZERO, ZERO, ZERO
    return (
        weight * before[y, x, 0],
        weight * before[y, x, 1],
        weight * before[y, x, 2],
        weight * known,
        weight,
    )


@part
def _surface_before(
    across: Any, down: Any, id_: Any, expected: Any, before: Any, depth: Any, ids: Any
) -> Any:
    height, width = ids.shape
    if across < -HALF or down < -HALF or across > width + HALF or down > height + HALF:
        return ZERO, ZERO, ZERO, ZERO, ZERO
    left, top = floor(across - HALF), floor(down - HALF)
    f, g = across - HALF - left, down - HALF - top
    x0, x1 = between(int(left), width), between(int(left) + 1, width)
    y0, y1 = between(int(top), height), between(int(top) + 1, height)
    r0, g0, b0, a0, w0 = _tap(x0, y0, (ONE - f) * (ONE - g), id_, expected, before, depth, ids)
    r1, g1, b1, a1, w1 = _tap(x1, y0, f * (ONE - g), id_, expected, before, depth, ids)
    r2, g2, b2, a2, w2 = _tap(x0, y1, (ONE - f) * g, id_, expected, before, depth, ids)
    r3, g3, b3, a3, w3 = _tap(x1, y1, f * g, id_, expected, before, depth, ids)
    seen = w0 + w1 + w2 + w3
    share = ONE / seen if seen > ZERO else ZERO
    red, green, blue = (r0 + r1 + r2 + r3) * share, (g0 + g1 + g2 + g3) * share, (b0 + b1 + b2 + b3) * share
    return red, green, blue, (a0 + a1 + a2 + a3) * share, seen


@part
def _kept(
    then: Any, own: Any, left: Any, right: Any, above: Any, below: Any, bend_x: Any, bend_y: Any
) -> Any:
    """What was, without what sampling it has lost, within the range of the neighbourhood of now."""
    least = smaller(smaller(smaller(own, left), smaller(right, above)), below)
    most = larger(larger(larger(own, left), larger(right, above)), below)
    return smaller(larger(then - bend_x - bend_y, least), most)


@part
def _pixel(
    column: int,
    row: int,
    current: Any,
    depth: Any,
    object_: Any,
    before: Any,
    before_depth: Any,
    before_ids: Any,
    table: Any,
    eye: Any,
    amount: Any,
    soften: Any,
    out: Any,
) -> None:
    height, width = depth.shape
    x, y = np.uint64(column), np.uint64(row)
    left, right = between(column - 1, width), between(column + 1, width)
    above, below = between(row - 1, height), between(row + 1, height)
    id_, away = np.uint64(object_[y, x]), depth[y, x]
    own_left, own_right = object_[y, left] == id_, object_[y, right] == id_
    own_above, own_below = object_[above, x] == id_, object_[below, x] == id_
    softer = ZERO if own_left and own_right and own_above and own_below else soften
    known_now = np.float32(current[y, x, 3]) * BYTE
    u, v = (np.float32(column) + HALF) / np.float32(width), (np.float32(row) + HALF) / np.float32(height)
    red = green = blue = known = seen = across = down = ZERO
    if not _overhangs(known_now):
        across, down, expected = place_then(table, eye, id_, u, v, away)
        across, down = across * np.float32(width), down * np.float32(height)
        if expected > ZERO:
            red, green, blue, known, seen = _surface_before(
                across, down, id_, expected, before, before_depth, before_ids
            )
    is_there = seen >= _SEEN and known >= _SEEN_THEN
    if is_there and known_now < _KNOWN and known > known_now + _AS_GOOD:
        out[y, x, 0], out[y, x, 1], out[y, x, 2], out[y, x, 3] = red, green, blue, known * _LASTS
        return
    share = amount * smoothstep(_FEW, _MANY, seen) if is_there and known_now >= _KNOWN else ZERO
    f, g = across - HALF - floor(across - HALF), down - HALF - floor(down - HALF)
    lost_x, lost_y = _LOST * f * (ONE - f), _LOST * g * (ONE - g)
    for k in range(3):
        channel = np.uint64(k)
        own = np.float32(current[y, x, channel]) * BYTE
        one, two = np.float32(current[y, left, channel]), np.float32(current[y, right, channel])
        three, four = np.float32(current[above, x, channel]), np.float32(current[below, x, channel])
        one, two, three, four = one * BYTE, two * BYTE, three * BYTE, four * BYTE
        now = own + softer * (_QUARTER * (one + two + three + four) - own)
        if share > ZERO:
            bend_x = (one - own if own_left else ZERO) + (two - own if own_right else ZERO)
            bend_y = (three - own if own_above else ZERO) + (four - own if own_below else ZERO)
            then = red if k == 0 else (green if k == 1 else blue)
            kept = _kept(then, own, one, two, three, four, lost_x * bend_x, lost_y * bend_y)
            now += share * (kept - now)
        out[y, x, channel] = now
    out[y, x, 3] = known_now


@kernel
def steadied(
    current: Any,
    depth: Any,
    object_: Any,
    before: Any,
    before_depth: Any,
    before_ids: Any,
    table: Any,
    eye: Any,
    amount: Any,
    soften: Any,
    out: Any,
) -> None:
    """Steady a picture.

    current  uint8[h, w, 4], depth float32[h, w], object_ uint16[h, w]: of now
    before   float32[h, w, 4], sRGB 0..1 and how far it was known; before_depth and before_ids alike: of the
             tick before
    amount   float32, how much of what was before is kept; soften, how much silhouettes are softened
    out      float32[h, w, 4]
    """
    height, width = depth.shape
    for y in numba.prange(height):
        for x in range(width):
            _pixel(
                x, y, current, depth, object_, before, before_depth, before_ids, table, eye, amount, soften,
                out,
            )  # fmt: skip


@kernel
def crisped(picture: Any, amount: Any, out: Any) -> None:
    """out uint8[h, w, 4] of a picture float32[h, w, 4], a little crisper by `amount`, or as it is by 0."""
    height, width = picture.shape[0], picture.shape[1]
    for y in numba.prange(height):
        above, below = max(y - 1, 0), min(y + 1, height - 1)
        for x in range(width):
            left, right = max(x - 1, 0), min(x + 1, width - 1)
            for k in range(3):
                own = picture[y, x, k]
                one, two = picture[y, left, k], picture[y, right, k]
                three, four = picture[above, x, k], picture[below, x, k]
                least = smaller(smaller(smaller(own, one), smaller(two, three)), four)
                most = larger(larger(larger(own, one), larger(two, three)), four)
                crisp = own + amount * (own - _QUARTER * (one + two + three + four))
                room = _BEYOND * (most - least)
                out[y, x, k] = byte(smaller(larger(crisp, least - room), most + room))
            out[y, x, 3] = byte(picture[y, x, 3])


def prepare(run: Callable[..., Any], still: Callable[[Any], Any]) -> None:
    """Compile both, or find them compiled; `run` is the compiler's, `still` that of the kernels."""
    whole, ids = np.ones((1, 1), np.float32), np.zeros((1, 1), np.uint16)
    picture, before = np.zeros((1, 1, 4), np.uint8), np.zeros((1, 1, 4), np.float32)
    table, eye, amount = np.zeros((1, 12), np.float32), np.zeros(12, np.float32), np.float32(0.5)
    now = still(whole), still(ids)
    run(steadied, picture, *now, before, whole, ids, table, eye, amount, amount, before.copy())
    run(crisped, before, amount, picture.copy())
