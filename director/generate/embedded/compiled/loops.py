"""What kernels are made of, and those that no formula is made into. Needs Numba.

Arrays of 16 bits without a sign are bfloat16s, which Numba does not know: read by `number`, written by
`kept`. All numbers are float32 and all places unsigned: that is what lets the compiler take many pixels at
once.
"""

from collections.abc import Callable
from typing import Any, Final

import numba
import numba.extending
import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.silhouettes import EDGE, LEAST, STRENGTH

__all__ = [
    "FAST",
    "NONE",
    "ONE",
    "ZERO",
    "added",
    "exp",
    "floor",
    "graded",
    "lay",
    "lay_between",
    "lay_from",
    "lay_looked_up",
    "log",
    "met",
    "modulated",
    "none_above",
    "number",
    "smoothed",
    "sqrt",
    "store",
]

FAST: Final = {"contract", "nsz"}
"""What the compiler may do to sums: infinities stay what they are, and so does the order."""
ZERO: Final = np.float32(0.0)

_HALF, _ONE, _TWO = np.float32(0.5), np.float32(1.0), np.float32(2.0)
_TO_BASE_2, _LEAST, _MOST = np.float32(1.4426950408889634), np.float32(-126.0), np.float32(126.0)
_E1, _E2, _E3, _E4, _E5 = (
    np.float32(x) for x in (0.69314718056, 0.24022650696, 0.05550410866, 0.00961812911, 0.00133335581)
)
_ROOT_2, _LN_2, _TINY = np.float32(1.4142135623730951), np.float32(0.6931471805599453), np.float32(1.2e-38)
_L3, _L5, _L7, _L9 = (np.float32(2.0 / n) for n in (3, 5, 7, 9))
_SMOOTHING, _A_SIXTEENTH = np.float32(STRENGTH / 255), np.float32(1 / 16)
_THREE, _FOUR, _SIXTEEN = np.uint64(3), np.uint64(4), np.uint64(16)

_Decorator = Callable[[Callable[..., Any]], Any]

NONE: Final = np.uint64(0)
ONE: Final = np.uint64(1)

_part: _Decorator = numba.njit(forceinline=True, fastmath=FAST)
_step: _Decorator = numba.njit(fastmath=FAST, error_model="numpy", boundscheck=False)
_kernel: _Decorator = numba.njit(
    parallel=True, cache=True, fastmath=FAST, error_model="numpy", boundscheck=False
)


@_part
def exp(x: Any) -> Any:
    """2^n · 2^f with f in −½..½, the second by Taylor's series: within 3e-6 of it."""
    y = x * _TO_BASE_2
    y = y if y > _LEAST else _LEAST
    y = y if y < _MOST else _MOST
    n = np.floor(y + _HALF)
    f = y - n
    p = _ONE + f * (_E1 + f * (_E2 + f * (_E3 + f * (_E4 + f * _E5))))
    return p * np.int32(np.int32(np.int32(n) + np.int32(127)) << np.int32(23)).view(np.float32)


@_part
def log(x: Any) -> Any:
    """n · ln 2 + ln m with m in √½..√2, the second by the series of artanh: within 1e-6."""
    bits = np.float32(x if x > _TINY else _TINY).view(np.int32)
    n = np.float32(np.int32(np.int32(bits >> np.int32(23)) - np.int32(127)))
    m = np.int32(np.int32(bits & np.int32(0x7FFFFF)) | np.int32(0x3F800000)).view(np.float32)
    n = n + _ONE if m > _ROOT_2 else n
    m = m * _HALF if m > _ROOT_2 else m
    s = (m - _ONE) / (m + _ONE)
    q = s * s
    return n * _LN_2 + s * (_TWO + q * (_L3 + q * (_L5 + q * (_L7 + q * _L9))))


@_part
def floor(x: Any) -> Any:
    return np.floor(x)


@_part
def sqrt(x: Any) -> Any:
    return np.sqrt(x)


@_part
def widened(bits: Any) -> Any:
    """float32 of the bits of a bfloat16."""
    return np.uint32(np.uint32(bits) << np.uint32(16)).view(np.float32)


@_part
def halved(x: Any) -> Any:
    """The bits of the nearest bfloat16; of two as near, of the even one."""
    bits = np.float32(x).view(np.uint32)
    odd = np.uint32(np.uint32(bits >> np.uint32(16)) & np.uint32(1))
    return np.uint16(np.uint32(np.uint32(bits + np.uint32(0x7FFF)) + odd) >> np.uint32(16))


def number(value: Any) -> Any:
    """float32 of what stands in an array: plain, or the 16 bits of a bfloat16."""
    return widened(value) if isinstance(value, np.uint16) else np.float32(value)


@numba.extending.overload(number, jit_options={"forceinline": True}, strict=False)
def _number(value: Any) -> Any:
    if value == numba.types.uint16:
        return lambda value: widened(value)
    return lambda value: np.float32(value)


def kept(x: Any, array: Any) -> Any:
    """A float32 as an array keeps it."""
    return halved(x) if array.dtype == np.uint16 else x


@numba.extending.overload(kept, jit_options={"forceinline": True}, strict=False)
def _kept(x: Any, array: Any) -> Any:
    if array.dtype == numba.types.uint16:
        return lambda x, array: halved(x)
    return lambda x, array: x


@_step
def lay(array: Any, first: Any, step: Any, scratch: Any, place: Any, count: int) -> None:
    """array[first], array[first + step], … one after the other from a place of the scratch array on."""
    for pixel in range(count):
        c = np.uint64(pixel)
        scratch[place + c] = number(array[first + c * step])


@_step
def lay_looked_up(row: Any, ids: Any, first: Any, scratch: Any, place: Any, count: int) -> None:
    """As `lay`, of what a row of a table has for the ids from `first` on."""
    for pixel in range(count):
        c = np.uint64(pixel)
        scratch[place + c] = row[np.uint64(ids[first + c])]


@_step
def lay_from(
    array: Any, step: Any, offset: Any, places: Any, first: Any, scratch: Any, place: Any, count: int
) -> None:
    """As `lay`, of array[offset + step · n] for the places n, float32, from `first` on."""
    for pixel in range(count):
        c = np.uint64(pixel)
        scratch[place + c] = number(array[offset + step * np.uint64(places[first + c])])


@_step
def lay_between(
    array: Any, channel: Any, y: Any, x: Any, height: int, width: int, scratch: Any, place: Any, count: int
) -> None:
    """As `lay`, of a channel of array[c, h, w] that is enlarged to height × width, between its pixels: those
    of a row from x on. As torch.nn.functional.interpolate has it, without aligned corners."""
    rows, columns = array.shape[1], array.shape[2]
    ratio = np.float32(columns) / np.float32(width)
    down = (np.float32(y) + _HALF) * (np.float32(rows) / np.float32(height)) - _HALF
    down = down if down > ZERO else ZERO
    upper = np.uint64(down)
    lower = upper + ONE if upper + ONE < np.uint64(rows) else upper
    share = down - np.float32(upper)
    for pixel in range(count):
        c = np.uint64(pixel)
        across = (np.float32(x + c) + _HALF) * ratio - _HALF
        across = across if across > ZERO else ZERO
        left = np.uint64(across)
        right = left + ONE if left + ONE < np.uint64(columns) else left
        beside = across - np.float32(left)
        above = array[channel, upper, left] * (_ONE - beside) + array[channel, upper, right] * beside
        below = array[channel, lower, left] * (_ONE - beside) + array[channel, lower, right] * beside
        scratch[place + c] = above * (_ONE - share) + below * share


@_step
def none_above(scratch: Any, place: Any, count: int) -> bool:
    """Whether no number from a place of the scratch array on is above a half."""
    found = False
    for pixel in range(count):
        found = found or scratch[place + np.uint64(pixel)] > _HALF
    return not found


@_step
def store(array: Any, first: Any, scratch: Any, place: Any, count: int) -> None:
    """From a place of the scratch array to array[first], array[first + 1] …"""
    for pixel in range(count):
        c = np.uint64(pixel)
        array[first + c] = kept(scratch[place + c], array)


def modulated(width: int) -> Any:
    """A kernel for pixels of `width` channels: x[n · width] becomes relu(x · scale + shift), both
    float32[objects · width], by ids int32[n]; `rows` of pixels are shared out among threads."""
    channels = np.uint64(width)

    @_kernel
    def modulate(
        x: NDArray[Any], ids: NDArray[Any], scale: NDArray[Any], shift: NDArray[Any], rows: int
    ) -> None:
        a_row = np.uint64(len(ids) // rows)
        for row in numba.prange(rows):
            for column in range(a_row):
                pixel = np.uint64(row) * a_row + np.uint64(column)
                own = np.uint64(ids[pixel]) * channels
                place = pixel * channels
                for k in range(channels):
                    at = np.uint64(k)
                    y = number(x[place + at]) * scale[own + at] + shift[own + at]
                    x[place + at] = kept(y if y > ZERO else ZERO, x)

    return modulate


def met(width: int) -> Any:
    """A kernel for pixels of `width` channels: x[n · width] becomes relu(x + around), where `around`
    [n / 16 · 16 · width] has for each pixel of a quarter of the size its sixteen, row by row."""
    channels = np.uint64(width)

    @_kernel
    def meet(x: NDArray[Any], around: NDArray[Any], height: int, across: int) -> None:
        wide = np.uint64(across)
        for row in numba.prange(height):
            y = np.uint64(row)
            first = (y // _FOUR) * (wide // _FOUR) * _SIXTEEN + (y % _FOUR) * _FOUR
            for column in range(across):
                pixel = np.uint64(column)
                place = (y * wide + pixel) * channels
                there = (first + (pixel // _FOUR) * _SIXTEEN + pixel % _FOUR) * channels
                for k in range(channels):
                    at = np.uint64(k)
                    z = number(x[place + at]) + number(around[there + at])
                    x[place + at] = kept(z if z > ZERO else ZERO, x)

    return meet


@_kernel
def added(x: NDArray[Any], more: NDArray[Any], rows: int) -> None:
    """x + more, in place."""
    a_row = np.uint64(len(x) // rows)
    for row in numba.prange(rows):
        first = np.uint64(row) * a_row
        for column in range(a_row):
            place = first + np.uint64(column)
            x[place] = kept(number(x[place]) + number(more[place]), x)


@_kernel
def graded(
    light: NDArray[Any],
    matrix: NDArray[Any],
    table: NDArray[Any],
    bend: Any,
    out: NDArray[Any],
    rows: int,
) -> None:
    """out uint8[n · 3] of light float32[3 · n], by matrix float32[3, 3] and table uint8[3, steps]: light x is
    looked up at x / (x + bend)."""
    n = np.uint64(len(light) // 3)
    a_row = np.uint64(len(light) // 3 // rows)
    last = np.float32(table.shape[1] - 1)
    most = np.float32(1e4)
    for row in numba.prange(rows):
        for column in range(a_row):
            pixel = np.uint64(row) * a_row + np.uint64(column)
            red, green, blue = light[pixel], light[pixel + n], light[pixel + n + n]
            for k in range(3):
                x = matrix[k, 0] * red + matrix[k, 1] * green + matrix[k, 2] * blue
                x = x if x > ZERO else ZERO
                x = x if x < most else most
                place = np.uint64(x / (x + bend) * last + _HALF)
                out[pixel * _THREE + np.uint64(k)] = table[k, place]


@_kernel
def smoothed(picture: NDArray[Any], structure: NDArray[Any], out: NDArray[Any]) -> None:
    """silhouettes.smooth_silhouettes of uint8[h, w, 3], by structure uint8[h, w, 16]."""
    height, width, _ = picture.shape
    for y in numba.prange(height):
        above, below = max(y - 1, 0), min(y + 1, height - 1)
        for x in range(width):
            edge = structure[y, x, EDGE]
            for k in range(3):
                out[y, x, k] = picture[y, x, k]
            if edge > LEAST:
                share = np.float32(edge) * _SMOOTHING
                left, right = max(x - 1, 0), min(x + 1, width - 1)
                for k in range(3):
                    corners = (
                        np.int32(picture[above, left, k])
                        + np.int32(picture[above, right, k])
                        + np.int32(picture[below, left, k])
                        + np.int32(picture[below, right, k])
                    )
                    sides = (
                        np.int32(picture[above, x, k])
                        + np.int32(picture[below, x, k])
                        + np.int32(picture[y, left, k])
                        + np.int32(picture[y, right, k])
                    )
                    own = np.int32(picture[y, x, k])
                    mean = np.float32(corners + np.int32(2) * sides + np.int32(4) * own) * _A_SIXTEENTH
                    smooth = np.float32(own) + share * (mean - np.float32(own))
                    out[y, x, k] = np.uint8(np.rint(smooth))
