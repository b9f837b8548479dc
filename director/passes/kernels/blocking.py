"""How the proxies look while blocking, as shaders/blocking.glsl has it, over rows of pixels. Needs Numba.

A loop that touches little need not ask whether it overwrites what it still has to read: it takes many pixels
at once.
"""

from typing import Any, Final

import numpy as np

from director.passes.kernels.exact import ONE, ZERO, larger, part, smaller, step

__all__ = [
    "ACROSS",
    "BLUE",
    "CHUNK",
    "DEPTH",
    "GREEN",
    "PLANES",
    "RED",
    "X",
    "Y",
    "Z",
    "plane",
    "shade",
    "shade_sky",
]

CHUNK: Final = 256
"""So many pixels of a row are worked on at a time, at most."""


def plane(k: int) -> Any:
    """Where the plane k of a chunk begins."""
    return np.uint64(k * CHUNK)


X, Y, Z, RED, GREEN, BLUE, DEPTH, ACROSS = (plane(k) for k in range(8))
"""Of each pixel of a chunk: the surface's unit normal, its linear colour, its depth in metres (0 in the sky),
and u."""
PLANES: Final = 8

_f = np.float32
_HALF, _WHOLE, _OPAQUE = _f(0.5), _f(255.0), np.uint32(0xFF000000)
_ZENITH: Final = (_f(0.150), _f(0.215), _f(0.315))
_HORIZON: Final = (_f(0.480), _f(0.520), _f(0.555))
_BELOW: Final = (_f(0.100), _f(0.098), _f(0.096))
_UNLIT: Final = (_f(0.17), _f(0.165), _f(0.16))
_OPEN: Final = (_f(0.40), _f(0.435), _f(0.48))
_SUN: Final = (_f(0.88), _f(0.83), _f(0.75))
_HAZE, _SIDE = _f(0.45), _f(0.14)
_EDGE, _REST, _STEEP = _f(0.70), _f(0.30), _f(2.5)
_GROUND, _RISE, _TWO, _THREE = _f(0.75), _f(1 / 0.06), _f(2.0), _f(3.0)


@part
def _mixed(a: Any, b: Any, share: Any) -> Any:
    return a + (b - a) * share


@part
def _byte(c: Any) -> Any:
    """A byte of sRGB of linear light, as shaders/blocking.glsl fits it."""
    c = smaller(larger(c, ZERO), ONE)
    root = np.sqrt(c)
    shown = _f(1.298337) * root - _f(0.228868) * c - _f(0.076742) * np.sqrt(root)
    return np.uint32(np.int32(larger(shown, ZERO) * _WHOLE + _HALF))


@part
def _packed(red: Any, green: Any, blue: Any) -> Any:
    green, blue = _byte(green) << np.uint32(8), _byte(blue) << np.uint32(16)
    return np.uint32(np.uint32(_byte(red) | green) | np.uint32(blue | _OPAQUE))


@part
def _lit(colour: Any, channel: int, high: Any, direct: Any, side: Any, edge: Any, haze: Any) -> Any:
    light = _mixed(_UNLIT[channel], _OPEN[channel], high) + _SUN[channel] * direct + side
    return _mixed(colour * light * edge, _HORIZON[channel], haze)


@part
def _sky(channel: int, above: Any, under: Any) -> Any:
    ground = _mixed(_HORIZON[channel], _BELOW[channel], _GROUND)
    return _mixed(_mixed(_HORIZON[channel], _ZENITH[channel], above), ground, under)


@step
def shade(first: Any, count: int, row: int, seen: Any, told: Any, base: Any) -> None:
    """Put what surfaces look like into base uint32[h · w], red lowest, from `first` on; in the sky anything.

    seen  float32[24]: what shaders/view.glsl has from ray_origin on
    told  float32[PLANES · CHUNK], a chunk of a row
    """
    v = (_f(row) + _HALF) * seen[23]
    x0, y0, z0 = seen[0] + seen[8] * v, seen[1] + seen[9] * v, seen[2] + seen[10] * v
    across_x, across_y, across_z, far = seen[4], seen[5], seen[6], seen[3]
    sun_x, sun_y, sun_z = seen[16], seen[17], seen[18]
    for pixel in range(count):
        c = np.uint64(pixel)
        u, x, y, z = told[ACROSS + c], told[X + c], told[Y + c], told[Z + c]
        ray_x, ray_y, ray_z = x0 + across_x * u, y0 + across_y * u, z0 + across_z * u
        length = np.sqrt(ray_x * ray_x + ray_y * ray_y + ray_z * ray_z)
        facing = abs(x * ray_x + y * ray_y + z * ray_z) / length
        edge = _EDGE + _REST * smaller(_STEEP * facing, ONE)
        depth = told[DEPTH + c]
        haze = _HAZE * depth / (depth + far)
        direct = larger(x * sun_x + y * sun_y + z * sun_z, ZERO)
        side = _SIDE * larger(z * sun_x - x * sun_z, ZERO)
        high = _HALF + _HALF * y
        base[first + c] = _packed(
            _lit(told[RED + c], 0, high, direct, side, edge, haze),
            _lit(told[GREEN + c], 1, high, direct, side, edge, haze),
            _lit(told[BLUE + c], 2, high, direct, side, edge, haze),
        )


@step
def shade_sky(first: Any, count: int, row: int, seen: Any, told: Any, base: Any) -> None:
    """As `shade`, where the sky is; the rest stays as it was."""
    v = (_f(row) + _HALF) * seen[23]
    x0, y0, z0 = seen[0] + seen[8] * v, seen[1] + seen[9] * v, seen[2] + seen[10] * v
    across_x, across_y, across_z = seen[4], seen[5], seen[6]
    for pixel in range(count):
        c = np.uint64(pixel)
        u = told[ACROSS + c]
        x, y, z = x0 + across_x * u, y0 + across_y * u, z0 + across_z * u
        up = y / np.sqrt(x * x + y * y + z * z)
        above = np.sqrt(smaller(larger(up, ZERO), ONE))
        t = smaller(larger(-up * _RISE, ZERO), ONE)
        under = t * t * (_THREE - _TWO * t)
        made = _packed(_sky(0, above, under), _sky(1, above, under), _sky(2, above, under))
        base[first + c] = base[first + c] if told[DEPTH + c] > ZERO else made
