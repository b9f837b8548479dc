"""Which pixel a wet floor mirrors, as embedded/mirror.py has it, in loops. Needs Numba."""

from typing import Any, Final

import numba
import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.mirror import COARSE, FARTHEST_M, LEAVES, LEVEL, RIPPLE_PX, THICK_M

__all__ = ["mirrored"]

_EMPTY: Final = np.int64(np.iinfo(np.int64).max)
_HALF, _ONE, _TWO = np.float32(0.5), np.float32(1.0), np.float32(2.0)
_ABOVE_M, _NEAREST_M, _LEAST_M = np.float32(0.02), np.float32(0.05), np.float32(1e-3)
_LEVEL, _THICK_M, _FARTHEST_M = np.float32(LEVEL), np.float32(THICK_M), np.float32(FARTHEST_M)
_RIPPLE_PX, _A_LEVEL = np.float32(RIPPLE_PX), np.float32(1 / 255)
_STEPS: Final = np.float32(256.0)


@numba.njit(cache=True, error_model="numpy")
def _landed(
    depth: NDArray[Any], rays: NDArray[Any], camera: NDArray[Any], clip: NDArray[Any], level: Any
) -> NDArray[Any]:
    """int64[rows, columns] of a picture of half the size: which pixel lands on each, below its distance."""
    height, width = depth.shape
    rows, columns = (height + COARSE - 1) // COARSE, (width + COARSE - 1) // COARSE
    found = np.full((rows, columns), _EMPTY, np.int64)
    ray, place = np.empty(3, np.float32), np.empty(3, np.float32)
    for row in range(rows):
        v = (np.float32(row * COARSE) + _HALF) / np.float32(height)
        for column in range(columns):
            u = (np.float32(column * COARSE) + _HALF) / np.float32(width)
            far = depth[row * COARSE, column * COARSE]
            for k in range(3):
                ray[k] = rays[0, k] + rays[1, k] * u + rays[2, k] * v
                place[k] = camera[k] + ray[k] * far
            if not (place[1] > level + _ABOVE_M and far < _FARTHEST_M):
                continue
            x, y, z = place[0], _TWO * level - place[1], place[2]
            w = clip[3, 0] * x + clip[3, 1] * y + clip[3, 2] * z + clip[3, 3]
            if w <= _NEAREST_M:
                continue
            by = w if w > _LEAST_M else _LEAST_M
            across = (clip[0, 0] * x + clip[0, 1] * y + clip[0, 2] * z + clip[0, 3]) / by
            down = (clip[1, 0] * x + clip[1, 1] * y + clip[1, 2] * z + clip[1, 3]) / by
            there_column = np.int64(np.floor((_HALF + _HALF * across) * np.float32(columns)))
            there_row = np.int64(np.floor((_HALF - _HALF * down) * np.float32(rows)))
            if 0 <= there_column < columns and 0 <= there_row < rows:
                order = np.int64(by * _STEPS) * (rows * columns) + row * columns + column
                found[there_row, there_column] = min(found[there_row, there_column], order)
    return found


@numba.njit(parallel=True, cache=True, error_model="numpy")
def mirrored(
    depth: NDArray[Any],
    up: NDArray[Any],
    rays: NDArray[Any],
    camera: NDArray[Any],
    clip: NDArray[Any],
    structure: NDArray[Any],
    level: Any,
    larger: Any,
    out: NDArray[Any],
) -> None:
    """mirror.mirrored_pixels, given the floor's level float32 and `larger`, by how much ripples grow; out
    int64[h, w], whose places count the columns of `out`, which may have more rows and columns than depth."""
    height, width = depth.shape
    full = out.shape[1]
    found = _landed(depth, rays, camera, clip, level)
    rows, columns = found.shape
    for _ in range(2):
        before = found.copy()
        for row in range(rows):
            for column in range(columns):
                if before[row, column] == _EMPTY:
                    upper = before[row - 1, column] if row > 0 else _EMPTY
                    lower = before[row + 1, column] if row < rows - 1 else _EMPTY
                    found[row, column] = min(upper, lower)
    for row in numba.prange(out.shape[0]):
        y = min(np.int64(row), np.int64(height - 1))
        v = (np.float32(y) + _HALF) / np.float32(height)
        for column in range(full):
            x = min(np.int64(column), np.int64(width - 1))
            u = (np.float32(x) + _HALF) / np.float32(width)
            out[row, column] = -1
            far = depth[y, x]
            if not (up[y, x] > _LEVEL and far < _FARTHEST_M):
                continue
            high = camera[1] + (rays[0, 1] + rays[1, 1] * u + rays[2, 1] * v) * far
            if abs(high - level) >= _THICK_M:
                continue
            ripple = (np.float32(structure[y, x, LEAVES]) / np.float32(255.0) - _HALF) * (_RIPPLE_PX * larger)
            there = min(max(y + np.int64(np.rint(ripple)), 0), height - 1) // COARSE
            landed = found[there, x // COARSE]
            if landed != _EMPTY:
                source = landed % (rows * columns)
                out[row, column] = source // columns * COARSE * full + source % columns * COARSE
