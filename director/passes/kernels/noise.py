"""The noises of shaders/structure.glsl, and formulas of its patterns, of one pixel. Needs Numba."""

from typing import Any, Final

import numpy as np

from director.passes.kernels.numbers import (
    HALF,
    ONE,
    TWO,
    ZERO,
    clamped,
    floor,
    larger,
    part,
    smaller,
    smoothstep,
)

__all__ = [
    "BAND_TO",
    "SHARES",
    "band",
    "between",
    "box_share",
    "cell_hash",
    "cells",
    "corners",
    "first",
    "flat_corners",
    "flat_first",
    "flat_second",
    "flat_third",
    "mixed_share",
    "over",
    "second",
    "solid_first",
    "solid_second",
    "solid_third",
    "whole",
]

_f = np.float32


def over(x: float) -> Any:
    """One over a constant, as a compiler of GLSL has it."""
    return np.float32(1) / np.float32(x)


_THREE: Final = _f(3.0)
SHARES: Final = over(1023.0)
_ALONG_X, _ALONG_Y, _ALONG_Z = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)
_SEED_STEP: Final = np.uint32(0x27D4EB2F)
_TEN_BITS: Final = np.uint32(1023)


@part
def mixed(h: Any) -> Any:
    """uint32: three numbers of ten bits from the lowest on."""
    h = np.uint32(h ^ np.uint32(h >> np.uint32(16)))
    h = np.uint32(h * np.uint32(0x7FEB352D))
    h = np.uint32(h ^ np.uint32(h >> np.uint32(15)))
    h = np.uint32(h * np.uint32(0x846CA68B))
    return np.uint32(h ^ np.uint32(h >> np.uint32(16)))


@part
def mixed_share(h: Any) -> Any:
    """The first of the numbers that h is mixed into, 0..1."""
    return first(mixed(h)) * SHARES


@part
def first(h: Any) -> Any:
    return np.float32(np.int32(np.uint32(h & _TEN_BITS)))


@part
def second(h: Any) -> Any:
    return np.float32(np.int32(np.uint32(np.uint32(h >> np.uint32(10)) & _TEN_BITS)))


@part
def third(h: Any) -> Any:
    return np.float32(np.int32(np.uint32(np.uint32(h >> np.uint32(20)) & _TEN_BITS)))


@part
def whole(x: Any) -> Any:
    """uint32 of a whole float32, which may be below 0."""
    return np.uint32(np.int32(x))


@part
def between(x: Any, y: Any, share: Any) -> Any:
    return x + share * (y - x)


@part
def _eased(f: Any) -> Any:
    return f * f * (_THREE - TWO * f)


@part
def _within(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, x: Any, y: Any, z: Any) -> Any:
    """Between the corners of a cube, x running fastest; 0..1 of corners that are 0..1023."""
    low = between(between(a, b, x), between(c, d, x), y)
    high = between(between(e, f, x), between(g, h, x), y)
    return between(low, high, z) * SHARES


@part
def corners(x: Any, y: Any, z: Any, seed: Any) -> Any:
    """The eight hashes around a place, x running fastest, and where it is between them."""
    left, upper, near = floor(x), floor(y), floor(z)
    x0 = np.uint32(whole(left) * _ALONG_X)
    y0 = np.uint32(whole(upper) * _ALONG_Y)
    z0 = np.uint32(whole(near) * _ALONG_Z)
    x1, y1, z1 = np.uint32(x0 + _ALONG_X), np.uint32(y0 + _ALONG_Y), np.uint32(z0 + _ALONG_Z)
    s = np.uint32(seed * _SEED_STEP)
    return (
        mixed(np.uint32(np.uint32(np.uint32(x0 ^ y0) ^ z0) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x1 ^ y0) ^ z0) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x0 ^ y1) ^ z0) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x1 ^ y1) ^ z0) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x0 ^ y0) ^ z1) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x1 ^ y0) ^ z1) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x0 ^ y1) ^ z1) + s)),
        mixed(np.uint32(np.uint32(np.uint32(x1 ^ y1) ^ z1) + s)),
        _eased(x - left),
        _eased(y - upper),
        _eased(z - near),
    )


@part
def solid_first(n: Any) -> Any:
    """The first noise of the three between the corners as `corners` gives them."""
    a, b, c, d = first(n[0]), first(n[1]), first(n[2]), first(n[3])
    return _within(a, b, c, d, first(n[4]), first(n[5]), first(n[6]), first(n[7]), n[8], n[9], n[10])


@part
def solid_second(n: Any) -> Any:
    a, b, c, d = second(n[0]), second(n[1]), second(n[2]), second(n[3])
    return _within(a, b, c, d, second(n[4]), second(n[5]), second(n[6]), second(n[7]), n[8], n[9], n[10])


@part
def solid_third(n: Any) -> Any:
    a, b, c, d = third(n[0]), third(n[1]), third(n[2]), third(n[3])
    return _within(a, b, c, d, third(n[4]), third(n[5]), third(n[6]), third(n[7]), n[8], n[9], n[10])


@part
def flat_corners(x: Any, y: Any, seed: Any) -> Any:
    """As `corners`, in the plane: four."""
    left, upper = floor(x), floor(y)
    x0 = np.uint32(whole(left) * _ALONG_X)
    y0 = np.uint32(whole(upper) * _ALONG_Y)
    x1, y1 = np.uint32(x0 + _ALONG_X), np.uint32(y0 + _ALONG_Y)
    s = np.uint32(seed * _SEED_STEP)
    return (
        mixed(np.uint32(np.uint32(x0 ^ y0) + s)),
        mixed(np.uint32(np.uint32(x1 ^ y0) + s)),
        mixed(np.uint32(np.uint32(x0 ^ y1) + s)),
        mixed(np.uint32(np.uint32(x1 ^ y1) + s)),
        _eased(x - left),
        _eased(y - upper),
    )


@part
def _within_flat(a: Any, b: Any, c: Any, d: Any, x: Any, y: Any) -> Any:
    return between(between(a, b, x), between(c, d, x), y) * SHARES


@part
def flat_first(n: Any) -> Any:
    """The first noise of the three between the corners as `flat_corners` gives them."""
    return _within_flat(first(n[0]), first(n[1]), first(n[2]), first(n[3]), n[4], n[5])


@part
def flat_second(n: Any) -> Any:
    return _within_flat(second(n[0]), second(n[1]), second(n[2]), second(n[3]), n[4], n[5])


@part
def flat_third(n: Any) -> Any:
    return _within_flat(third(n[0]), third(n[1]), third(n[2]), third(n[3]), n[4], n[5])


@part
def cell_hash(x: Any, y: Any, z: Any, seed: Any) -> Any:
    """The hash of a cell: x and y whole float32s, z uint32."""
    at = np.uint32(np.uint32(whole(x) * _ALONG_X) ^ np.uint32(whole(y) * _ALONG_Y))
    at = np.uint32(at ^ np.uint32(z * _ALONG_Z))
    return mixed(np.uint32(at + np.uint32(seed * _SEED_STEP)))


_BAND_FROM, BAND_TO = _f(0.35), _f(0.9)


@part
def band(waves: Any) -> Any:
    """How much survives of a band of which a pixel covers so many waves."""
    return ONE - smoothstep(_BAND_FROM, BAND_TO, waves)


@part
def box_share(x: Any, low: Any, high: Any, width: Any) -> Any:
    """The share of a pixel within low and high along a coordinate of period 1."""
    width = larger(width, _f(1e-4))
    a, b = x - HALF * width, x + HALF * width
    inside = high - low
    whole_a, whole_b = floor(a), floor(b)
    until_a = whole_a * inside + smaller(larger((a - whole_a) - low, ZERO), inside)
    until_b = whole_b * inside + smaller(larger((b - whole_b) - low, ZERO), inside)
    return clamped((until_b - until_a) / width)


@part
def cells(
    x: Any, y: Any, over_x: Any, over_y: Any, joint: Any, shift: Any, width_x: Any, width_y: Any, seed: Any
) -> Any:
    """Courses of cells of 1 / over_x by 1 / over_y metres."""
    q_x, q_y = x * over_x, y * over_y
    w_x, w_y = width_x * over_x, width_y * over_y
    row = floor(q_y)
    q_x = q_x + shift * (row - TWO * floor(row * HALF))
    joint_x, joint_y = HALF * joint * over_x, HALF * joint * over_y
    inside = box_share(q_x, joint_x, ONE - joint_x, w_x) * box_share(q_y, joint_y, ONE - joint_y, w_y)
    cell = first(cell_hash(floor(q_x), row, np.uint32(3), seed)) * SHARES
    kept = band(w_y) * band(w_x)
    return inside * (_f(0.35) + _f(0.65) * between(HALF, cell, kept))
