"""A generated frame as the camera sees it now: generated.frag and overhang.frag as loops. Needs Numba.

Pictures are uint8[h, w, 4], the last the alpha that the shaders give. `eye` is as carry.eye_of has it;
`table` float32[n, 12] has for each id the rows x, y and w of clip_from_world then.
"""

from collections.abc import Callable
from typing import Any, Final

import numba
import numpy as np

from director.passes.kernels.numbers import HALF, ONE, ZERO, floor, kernel, larger, smaller

__all__ = ["BYTE", "between", "byte", "carried", "part", "place_then", "prepare", "same_depth", "splat"]

BYTE: Final = np.float32(1 / 255)

_WHITE: Final = np.float32(255.0)
_SAME_DEPTH, _SAME_DEPTH_M = np.float32(0.04), np.float32(0.02)
_MIXED, _FOUND, _NOTHING = np.float32(0.1), np.float32(0.02), np.float32(0.002)
_REACH: Final = 3
_MEAN, _LUMA = np.float32(0.15), (np.float32(0.2126), np.float32(0.7152), np.float32(0.0722))
_LEAST_SHADE, _MOST_SHADE, _SOFTER = np.float32(0.3), np.float32(2.0), np.float32(0.3)
_BEYOND: Final = np.float32(1e6)

_OVERHANGS: Final = np.uint8(2)

_FAST: Final = {"contract", "nsz"}
_Decorator = Callable[[Callable[..., Any]], Any]
# Typed for want of these options in Numba's own types.
_njit: Any = numba.njit
# Without Numba's counts of who holds an array, which take longer than all the sums: these keep none.
part: _Decorator = _njit(forceinline=True, fastmath=_FAST, error_model="numpy", boundscheck=False, _nrt=False)
step: _Decorator = _njit(fastmath=_FAST, error_model="numpy", boundscheck=False, _nrt=False)
# By one thread: of points that lie over each other the last is seen.
alone: _Decorator = _njit(cache=True, error_model="numpy", boundscheck=False)


@part
def same_depth(there: Any, expected: Any) -> Any:
    return abs(there - expected) <= _SAME_DEPTH * expected + _SAME_DEPTH_M


@part
def byte(x: Any) -> Any:
    return np.uint8(smaller(larger(x, ZERO), ONE) * _WHITE + HALF)


@part
def between(at: int, size: int) -> Any:
    """The place, or the nearest there is: one without a sign, which is looked up without a question."""
    return np.uint64(min(max(at, 0), size - 1))


@part
def place_then(table: Any, eye: Any, id_: Any, u: Any, v: Any, away: Any) -> Any:
    """uv then, and how many metres away, of what an id shows at uv and `away` now; 0 metres: nowhere."""
    x = eye[3] + eye[6] * u + eye[9] * v
    y = eye[4] + eye[7] * u + eye[10] * v
    z = eye[5] + eye[8] * u + eye[11] * v
    one = ZERO
    if id_ != 0:
        x, y, z, one = eye[0] + x * away, eye[1] + y * away, eye[2] + z * away, ONE
    w = table[id_, 8] * x + table[id_, 9] * y + table[id_, 10] * z + table[id_, 11] * one
    if not w > ZERO:
        return ZERO, ZERO, ZERO
    half = HALF / w
    across = HALF + half * (table[id_, 0] * x + table[id_, 1] * y + table[id_, 2] * z + table[id_, 3] * one)
    down = HALF - half * (table[id_, 4] * x + table[id_, 5] * y + table[id_, 6] * z + table[id_, 7] * one)
    # What lies far outside is of no use, and its place might be no whole number.
    if not (abs(across) < _BEYOND and abs(down) < _BEYOND):
        return ZERO, ZERO, ZERO
    return across, down, w


@part
def _tap(
    x: Any, y: Any, weight: Any, id_: Any, expected: Any, image: Any, key: Any, ids: Any, over: Any
) -> Any:
    """A texel of the image, weighted; nothing if it does not show this surface."""
    row, column = np.uint64(over[0, y]), np.uint64(over[1, x])
    if ids[row, column] != id_ or not (id_ == 0 or same_depth(key[row, column], expected)):
        return ZERO, ZERO, ZERO, ZERO
    weight *= np.float32(image[y, x, 3]) * BYTE
    share = weight * BYTE
    return (
        share * np.float32(image[y, x, 0]),
        share * np.float32(image[y, x, 1]),
        share * np.float32(image[y, x, 2]),
        weight,
    )


@part
def _beside(
    across: Any, down: Any, id_: Any, expected: Any, image: Any, key: Any, ids: Any, over: Any
) -> Any:
    height, width = image.shape[0], image.shape[1]
    if across < -HALF or down < -HALF or across > width + HALF or down > height + HALF:
        return ZERO, ZERO, ZERO, ZERO
    left, top = floor(across - HALF), floor(down - HALF)
    f, g = across - HALF - left, down - HALF - top
    x0, x1 = between(int(left), width), between(int(left) + 1, width)
    y0, y1 = between(int(top), height), between(int(top) + 1, height)
    r0, g0, b0, w0 = _tap(x0, y0, (ONE - f) * (ONE - g), id_, expected, image, key, ids, over)
    r1, g1, b1, w1 = _tap(x1, y0, f * (ONE - g), id_, expected, image, key, ids, over)
    r2, g2, b2, w2 = _tap(x0, y1, (ONE - f) * g, id_, expected, image, key, ids, over)
    r3, g3, b3, w3 = _tap(x1, y1, f * g, id_, expected, image, key, ids, over)
    return r0 + r1 + r2 + r3, g0 + g1 + g2 + g3, b0 + b1 + b2 + b3, w0 + w1 + w2 + w3


@step
def _gather(
    across: Any, down: Any, id_: Any, expected: Any, image: Any, key: Any, ids: Any, over: Any
) -> Any:
    height, width = image.shape[0], image.shape[1]
    red = green = blue = sum_ = ZERO
    if across < -_REACH or down < -_REACH or across > width + _REACH or down > height + _REACH:
        return red, green, blue, sum_
    left, top = int(floor(across - HALF)) - (_REACH - 1), int(floor(down - HALF)) - (_REACH - 1)
    for y in range(max(top, 0), min(top + 2 * _REACH, height)):
        for x in range(max(left, 0), min(left + 2 * _REACH, width)):
            near_x = ONE - abs(np.float32(x) + HALF - across) / np.float32(_REACH)
            near_y = ONE - abs(np.float32(y) + HALF - down) / np.float32(_REACH)
            if near_x > ZERO and near_y > ZERO:
                weight = near_x * near_y
                r, g, b, w = _tap(np.uint64(x), np.uint64(y), weight, id_, expected, image, key, ids, over)
                red, green, blue, sum_ = red + r, green + g, blue + b, sum_ + w
    return red, green, blue, sum_


@step
def _about(across: Any, down: Any, id_: Any, image: Any, ids: Any, over: Any, spots: Any) -> Any:
    height, width = image.shape[0], image.shape[1]
    red = green = blue = sum_ = ZERO
    for k in range(spots.shape[0]):
        x_at, y_at = floor(across + spots[k, 0]), floor(down + spots[k, 1])
        if x_at < ZERO or y_at < ZERO or x_at >= width or y_at >= height:
            continue
        x, y = np.uint64(x_at), np.uint64(y_at)
        if ids[np.uint64(over[0, y]), np.uint64(over[1, x])] != id_:
            continue
        weight = np.float32(image[y, x, 3]) * BYTE * spots[k, 2]
        red += weight * BYTE * np.float32(image[y, x, 0])
        green += weight * BYTE * np.float32(image[y, x, 1])
        blue += weight * BYTE * np.float32(image[y, x, 2])
        sum_ += weight
    return red, green, blue, sum_


@step
def _stands_in(x: Any, y: Any, id_: Any, objects: Any, base: Any, about: Any, out: Any) -> None:
    """What is told where the surface itself was not generated; `about` is what was found about it."""
    blocked_red = np.float32(base[y, x, 0]) * BYTE
    blocked_green, blocked_blue = np.float32(base[y, x, 1]) * BYTE, np.float32(base[y, x, 2]) * BYTE
    if objects[id_, 3] > ZERO:
        shade = (_LUMA[0] * blocked_red + _LUMA[1] * blocked_green + _LUMA[2] * blocked_blue) / objects[
            id_, 3
        ]
        shade = _MEAN * smaller(larger(shade, _LEAST_SHADE), _MOST_SHADE) ** _SOFTER
        red, green, blue, sum_ = about
        share = ONE / (sum_ + _MEAN)
        out[y, x, 0] = byte((red + shade * objects[id_, 0]) * share)
        out[y, x, 1] = byte((green + shade * objects[id_, 1]) * share)
        out[y, x, 2] = byte((blue + shade * objects[id_, 2]) * share)
        out[y, x, 3] = np.uint8(128)
    else:
        out[y, x, 0] = byte(blocked_red * objects[id_, 0])
        out[y, x, 1] = byte(blocked_green * objects[id_, 1])
        out[y, x, 2] = byte(blocked_blue * objects[id_, 2])
        out[y, x, 3] = np.uint8(0)


@part
def _is_silhouette(x: int, y: int, object_: Any) -> bool:
    height, width = object_.shape
    own = object_[np.uint64(y), np.uint64(x)]
    return bool(
        object_[np.uint64(y), between(x + 1, width)] != own
        or object_[np.uint64(y), between(x - 1, width)] != own
        or object_[between(y + 1, height), np.uint64(x)] != own
        or object_[between(y - 1, height), np.uint64(x)] != own
    )


@kernel
def carried(
    depth: Any,
    object_: Any,
    base: Any,
    image: Any,
    key: Any,
    ids: Any,
    over: Any,
    table: Any,
    objects: Any,
    eye: Any,
    spots: Any,
    out: Any,
) -> None:
    """Draw the frame as it is seen now.

    depth    float32[h, w], object_ uint16[h, w], base uint8[h, w, 4]: of now
    image    uint8[i, j, 4]: generated, alpha as Answer has it; key float32[m, n], ids uint16[m, n]: depth and
             object ids of the tick that it answers; over int32[2, ·]: which of their rows and columns belongs
             to a row, a column of the image
    objects  float32[·, 4], as object_colours has them
    spots    float32[24, 3]: where to look about a gap, in texels of the image, and for how much it counts
    out      uint8[h, w, 4]
    """
    height, width = depth.shape
    rows, columns = np.float32(image.shape[0]), np.float32(image.shape[1])
    for row in numba.prange(height):
        y = np.uint64(row)
        v = (np.float32(row) + HALF) / np.float32(height)
        for column in range(width):
            x = np.uint64(column)
            u = (np.float32(column) + HALF) / np.float32(width)
            id_ = np.uint64(object_[y, x])
            across, down, away = place_then(table, eye, id_, u, v, depth[y, x])
            across, down = across * columns, down * rows
            red = green = blue = known = ZERO
            if away > ZERO:
                red, green, blue, known = _beside(across, down, id_, away, image, key, ids, over)
                if known < _MIXED and (known < _FOUND or not _is_silhouette(column, row, object_)):
                    red, green, blue, known = _gather(across, down, id_, away, image, key, ids, over)
            if known > _NOTHING:
                share = ONE / known
                out[y, x, 0], out[y, x, 1] = byte(red * share), byte(green * share)
                out[y, x, 2], out[y, x, 3] = byte(blue * share), np.uint8(255)
                continue
            about = ZERO, ZERO, ZERO, ZERO
            if away > ZERO:
                about = _about(across, down, id_, image, ids, over, spots)
            _stands_in(x, y, id_, objects, base, about, out)


@alone
def splat(places: Any, shades: Any, sides: Any, owners: Any, depth: Any, object_: Any, out: Any) -> None:
    """Draw what hangs over, over what was carried: as points, the later ones over the earlier.

    places   float32[n, 3]: clip x and y, downwards, and metres; shades float32[n, 3], sRGB 0..1; sides
             float32[n], pixels; owners float32[n], ids
    """
    height, width = depth.shape
    for n in range(len(sides)):
        half = HALF * sides[n]
        x_at = (HALF + HALF * places[n, 0]) * np.float32(width)
        y_at = (HALF + HALF * places[n, 1]) * np.float32(height)
        if not (x_at >= ZERO and y_at >= ZERO and x_at < width and y_at < height):
            continue
        away, owner = places[n, 2], np.uint16(owners[n])
        # Pixels whose centres lie in the square.
        left, right = int(np.ceil(x_at - half - HALF)), int(np.ceil(x_at + half - HALF))
        top, bottom = int(np.ceil(y_at - half - HALF)), int(np.ceil(y_at + half - HALF))
        for y in range(max(top, 0), min(bottom, height)):
            for x in range(max(left, 0), min(right, width)):
                there = depth[y, x]
                if object_[y, x] == owner or (away > there and not same_depth(there, away)):
                    continue
                for k in range(3):
                    out[y, x, k] = byte(shades[n, k])
                out[y, x, 3] = _OVERHANGS


def prepare(run: Callable[..., Any], still: Callable[[Any], Any]) -> None:
    """Compile both, or find them compiled; `run` is the compiler's, `still` that of the kernels."""
    whole, ids = still(np.zeros((1, 1), np.float32)), still(np.zeros((1, 1), np.uint16))
    picture, over = np.zeros((1, 1, 4), np.uint8), np.zeros((2, 1), np.int32)
    table, objects = np.zeros((1, 12), np.float32), np.zeros((1, 4), np.float32)
    eye, spots = np.zeros(12, np.float32), np.zeros((1, 3), np.float32)
    looked_up = over, table, objects, eye, spots
    run(carried, whole, ids, still(picture), picture, whole, ids, *looked_up, picture.copy())
    three, one = np.zeros((1, 3), np.float32), np.zeros(1, np.float32)
    run(splat, three, three, one, one, whole, ids, picture)
