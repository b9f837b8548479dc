"""The patterns of surfaces, as shaders/structure.glsl has them, over blocks of pixels. Needs Numba."""

from typing import Any, Final

import numpy as np

from director.passes.kernels.blocks import (
    ANCHOR,
    BLOTCHES,
    BRICK,
    FINE,
    FOOTPRINT,
    GRAIN,
    LEAVES,
    NORMAL,
    PLANKS,
    SECOND,
    SEED,
    SIZE,
    SPARE,
    STRIPES,
    THIRD,
    TILES,
    VEINS,
    WEAVE,
    WINDOWS,
    U,
    V,
    any_below,
    plane,
)
from director.passes.kernels.brush import strokes
from director.passes.kernels.noise import (
    BAND_TO,
    SHARES,
    band,
    between,
    box_share,
    cell_hash,
    cells,
    corners,
    first,
    flat_corners,
    flat_first,
    over,
    second,
    solid_first,
    solid_second,
    solid_third,
)
from director.passes.kernels.numbers import (
    HALF,
    LANES,
    ONE,
    TWO,
    ZERO,
    clamped,
    floor,
    larger,
    rounded,
    smaller,
    step,
)

__all__ = ["patterns"]

_f = np.float32
_WIDTH_U, _WIDTH_V, _EXTENT_U, _EXTENT_V, _PIXEL, _LEVEL, _BOARD, _STREAK, _FOLD = (
    np.uint64(SPARE + plane(k)) for k in range(9)
)
_THREE: Final = _f(3.0)


@step
def _laid_out(s: Any, groups: int) -> None:
    """The plane of the object's box that a surface lies in, and what a pixel covers of it; where all sums
    begin."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c]
        over_x, over_y, over_z = abs(s[NORMAL + c]), abs(s[NORMAL + SECOND + c]), abs(s[NORMAL + THIRD + c])
        w_x, w_y, w_z = s[FOOTPRINT + c], s[FOOTPRINT + SECOND + c], s[FOOTPRINT + THIRD + c]
        e_x, e_y, e_z = s[SIZE + c], s[SIZE + SECOND + c], s[SIZE + THIRD + c]
        level = over_y - larger(over_x, over_z)
        level = ONE if over_y > _f(0.7) else level
        is_level = level >= ZERO
        along_z = over_x > over_z
        width_u = w_x if is_level else (w_z if along_z else w_x)
        width_v = w_z if is_level else w_y
        s[U + c] = x if is_level else (z if along_z else x)
        s[V + c] = z if is_level else y
        s[_EXTENT_U + c] = e_x if is_level else (e_z if along_z else e_x)
        s[_EXTENT_V + c] = e_z if is_level else e_y
        s[_WIDTH_U + c], s[_WIDTH_V + c] = width_u, width_v
        s[_LEVEL + c] = ONE if is_level else ZERO
        pixel_m = larger(larger(w_x, w_y), larger(w_z, _f(1e-5)))
        s[_PIXEL + c] = pixel_m
        s[FINE + c] = HALF * pixel_m + HALF * smaller(width_u, width_v)
        s[WEAVE + c], s[BLOTCHES + c], s[VEINS + c] = ZERO, HALF, ZERO
        s[LEAVES + c], s[GRAIN + c] = HALF, HALF
        s[_STREAK + c], s[_FOLD + c], s[WINDOWS + c] = ZERO, ZERO, ZERO


@step
def _alone(s: Any, q: Any, octave: Any, frequency: Any, to: Any, share: Any, groups: int) -> None:
    """An octave of the solid noise, the first of its three: `share` of it is added to the plane `to`."""
    shift = _f(17.3) * np.float32(octave)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c]
        seed = np.uint32(q[SEED + c] + octave)
        n = corners(x * frequency + shift, y * frequency + shift, z * frequency + shift, seed)
        kept = band(s[FINE + c] * frequency)
        s[to + c] += share * ((solid_first(n) - HALF) * kept)


@step
def _broad(
    s: Any, q: Any, octave: Any, frequency: Any, blotch: Any, vein: Any, leaf: Any, groups: int
) -> None:
    """An octave, and how much of it goes where."""
    shift = _f(17.3) * np.float32(octave)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c]
        seed = np.uint32(q[SEED + c] + octave)
        n = corners(x * frequency + shift, y * frequency + shift, z * frequency + shift, seed)
        kept = band(s[FINE + c] * frequency)
        s[BLOTCHES + c] += blotch * ((solid_first(n) - HALF) * kept)
        s[VEINS + c] += vein * ((solid_second(n) - HALF) * kept)
        s[LEAVES + c] += leaf * ((solid_third(n) - HALF) * kept)


@step
def _narrow(
    s: Any,
    q: Any,
    octave: Any,
    frequency: Any,
    grain: Any,
    other_grain: Any,
    thread: Any,
    leaf: Any,
    groups: int,
) -> None:
    """As `_broad`."""
    shift = _f(17.3) * np.float32(octave)
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        x, y, z = s[ANCHOR + c], s[ANCHOR + SECOND + c], s[ANCHOR + THIRD + c]
        seed = np.uint32(q[SEED + c] + octave)
        n = corners(x * frequency + shift, y * frequency + shift, z * frequency + shift, seed)
        kept = band(s[FINE + c] * frequency)
        second = (solid_second(n) - HALF) * kept
        s[GRAIN + c] += grain * ((solid_first(n) - HALF) * kept) + other_grain * second
        s[WEAVE + c] += thread * second
        s[LEAVES + c] += leaf * ((solid_third(n) - HALF) * kept)


_FREQUENCIES: Final = np.array([0.45, 1.05, 2.4, 5.3, 11.7, 26.0, 57.0, 125.0], np.float32)
# Of what a pixel covers: beyond that, nothing is left of the octave.
_KEPT: Final = (BAND_TO / _FREQUENCIES).astype(np.float32)
_BLOTCH: Final = np.array([1.1, 0.8, 0.5, 0.35, 0.2], np.float32)
_VEIN: Final = np.array([0.0, 1.0, 0.55, 0.4, 0.2], np.float32)
_LEAF: Final = np.array([0.0, 0.0, 0.35, 0.7, 0.75, 0.7, 0.5], np.float32)


@step
def _octaves(s: Any, q: Any, groups: int) -> None:
    """The octaves of the solid noise that any pixel keeps."""
    if any_below(s, FINE, _KEPT[0], groups):
        _alone(s, q, np.uint32(0), _FREQUENCIES[0], BLOTCHES, _BLOTCH[0], groups)
    for k in range(1, 5):
        if any_below(s, FINE, _KEPT[k], groups):
            _broad(s, q, np.uint32(k), _FREQUENCIES[k], _BLOTCH[k], _VEIN[k], _LEAF[k], groups)
    for k in range(5, 7):
        if any_below(s, FINE, _KEPT[k], groups):
            grain, other_grain = (ZERO, _f(0.5)) if k == 5 else (_f(0.9), ZERO)
            thread = ZERO if k == 5 else _f(0.6)
            _narrow(s, q, np.uint32(k), _FREQUENCIES[k], grain, other_grain, thread, _LEAF[k], groups)
    if any_below(s, FINE, _KEPT[7], groups):
        _alone(s, q, np.uint32(7), _FREQUENCIES[7], GRAIN, _f(0.9), groups)


_BRICK_U, _BRICK_V, _BRICK_JOINT = over(0.34), over(0.12), _f(0.018)
_TILE, _TILE_JOINT, _STRIPE = over(0.5), _f(0.016), over(0.3)


@step
def _regular(s: Any, q: Any, groups: int) -> None:
    """Bricks, tiles and stripes."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        u, v, width_u, width_v, seed = s[U + c], s[V + c], s[_WIDTH_U + c], s[_WIDTH_V + c], q[SEED + c]
        s[BRICK + c] = cells(
            u, v, _BRICK_U, _BRICK_V, _BRICK_JOINT, HALF, width_u, width_v, np.uint32(seed + np.uint32(21))
        )
        s[TILES + c] = cells(
            u, v, _TILE, _TILE, _TILE_JOINT, ZERO, width_u, width_v, np.uint32(seed + np.uint32(25))
        )
        s[STRIPES + c] = box_share(u * _STRIPE, _f(0.25), _f(0.75), width_u * _STRIPE)


_BOARD_U, _BOARD_V, _BOARD_JOINT = over(2.3), over(0.15), _f(0.008)
_FINE_STREAK, _COARSE_STREAK, _FOLDED, _THREAD = over(0.03), over(0.08), over(0.15), over(0.025)


@step
def _boards(s: Any, q: Any, groups: int) -> None:
    """Where boards lie, and the joints between them."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        v, seed = s[V + c], q[SEED + c]
        chance = first(cell_hash(floor(v * _BOARD_V), ZERO, np.uint32(1), seed)) * SHARES
        u = s[U + c] + _f(1.7) * chance
        s[_BOARD + c] = u
        width_u, width_v = s[_WIDTH_U + c], s[_WIDTH_V + c]
        s[PLANKS + c] = cells(
            u, v, _BOARD_U, _BOARD_V, _BOARD_JOINT, ZERO, width_u, width_v, np.uint32(seed + np.uint32(22))
        )


@step
def _streak(
    s: Any, q: Any, layer: Any, along: Any, across: Any, over_wavelength: Any, share: Any, groups: int
) -> None:
    """Adds streaks of wood: of so many a metre along and across the boards."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        n = flat_corners(s[_BOARD + c] * along, s[V + c] * across, np.uint32(q[SEED + c] + layer))
        s[_STREAK + c] += share * (flat_first(n) - HALF) * band(s[_WIDTH_V + c] * over_wavelength)


_FINE_STREAK_KEPT, _COARSE_STREAK_KEPT, _FOLD_KEPT = _f(0.9 * 0.03), _f(0.9 * 0.08), _f(0.9 * 0.15)


@step
def _folded(s: Any, q: Any, groups: int) -> None:
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        seed = np.uint32(q[SEED + c] + np.uint32(26))
        n = flat_first(flat_corners(s[U + c] * _f(8.0), s[V + c] * _f(0.9), seed))
        s[_FOLD + c] = (n - HALF) * band(s[_WIDTH_U + c] * _FOLDED)


@step
def _summed(s: Any, groups: int) -> None:
    """What is made of sums of noises, once all are in."""
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        s[PLANKS + c] = clamped(s[PLANKS + c] * (ONE + _f(0.75) * s[_STREAK + c]))
        u, v = s[U + c] * _f(70.0), s[V + c] * _f(70.0)
        over = ONE if u - floor(u) >= HALF else ZERO
        under = ONE if v - floor(v) >= HALF else ZERO
        thread = (over + under - ONE) * band(s[_PIXEL + c] * _THREAD)
        s[WEAVE + c] = HALF + _f(0.95) * s[_FOLD + c] + _f(0.22) * thread + s[WEAVE + c]
        width = _f(0.035) + _f(1.2) * s[FINE + c]
        over_width = ONE / width
        t = clamped(abs(s[VEINS + c]) * over_width)
        vein = ONE - t * t * (_THREE - TWO * t)
        vein = vein * smaller(ONE, _f(0.1) * over_width + _f(0.25))
        s[VEINS + c] = _f(0.1) if width > HALF else vein


_OVER_BAY_U, _OVER_BAY_V = over(1.9), over(3.0)


@step
def _panes(s: Any, q: Any, groups: int) -> None:
    for pixel in range(groups * LANES):
        c = np.uint64(pixel)
        extent_u, extent_v = s[_EXTENT_U + c], s[_EXTENT_V + c]
        bay_u = larger(extent_u / larger(rounded(extent_u * _OVER_BAY_U), ONE), _f(1e-3))
        bay_v = larger(extent_v / larger(rounded(extent_v * _OVER_BAY_V), ONE), _f(1e-3))
        over_u, over_v = ONE / bay_u, ONE / bay_v
        u, v = (s[U + c] + HALF * extent_u) * over_u, s[V + c] * over_v
        width_u, width_v = s[_WIDTH_U + c] * over_u, s[_WIDTH_V + c] * over_v
        across = box_share(u, _f(0.22), _f(0.78), width_u)
        up = box_share(v, _f(0.28), _f(0.80), width_v)
        bar_u = box_share(u, _f(0.485), _f(0.515), width_u)
        bar_v = box_share(v, _f(0.60), _f(0.62), width_v)
        seed = np.uint32(q[SEED + c] + np.uint32(27))
        cell = second(cell_hash(floor(u), floor(v), np.uint32(7), seed)) * SHARES
        kept = band(width_v) * band(width_u)
        pane = across * up * (ONE - larger(bar_u, bar_v)) * (_f(0.3) + _f(0.7) * between(HALF, cell, kept))
        s[WINDOWS + c] = ZERO if s[_LEVEL + c] > HALF else pane


@step
def patterns(s: Any, q: Any, groups: int) -> None:
    """The first eleven of the bank from ANCHOR, NORMAL, FOOTPRINT, SIZE and SEED of surfaces."""
    _laid_out(s, groups)
    _octaves(s, q, groups)
    _regular(s, q, groups)
    _boards(s, q, groups)
    if any_below(s, _WIDTH_V, _FINE_STREAK_KEPT, groups):
        _streak(s, q, np.uint32(23), _f(2.2), _f(55.0), _FINE_STREAK, ONE, groups)
    if any_below(s, _WIDTH_V, _COARSE_STREAK_KEPT, groups):
        _streak(s, q, np.uint32(24), _f(0.9), _f(16.0), _COARSE_STREAK, _f(0.8), groups)
    if any_below(s, _WIDTH_U, _FOLD_KEPT, groups):
        _folded(s, q, groups)
    _summed(s, groups)
    if any_below(s, _LEVEL, HALF, groups):
        _panes(s, q, groups)
    strokes(s, q, np.uint32(31), groups)
