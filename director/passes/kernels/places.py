"""Where surfaces lie in the world and how they are turned, block by block. Needs Numba.

A block is one array of float32, cut into planes of BLOCK numbers as in blocks.py. In a block that the row
does not fill the last pixel comes again.
"""

from typing import Any, Final

import numpy as np

from director.passes.kernels.blocks import plane
from director.passes.kernels.numbers import BLOCK, HALF, smaller, step, widened
from director.passes.kernels.surroundings import ORIGIN, PER_U, PER_V, PICTURE

__all__ = [
    "DEPTH",
    "FARTHEST_M",
    "NORMAL_X",
    "NORMAL_Y",
    "NORMAL_Z",
    "SPARE",
    "WORLD_X",
    "WORLD_Y",
    "WORLD_Z",
    "laid",
    "meet",
]

DEPTH: Final = plane(0)
NORMAL_X, NORMAL_Y, NORMAL_Z = (plane(k) for k in (1, 2, 3))
WORLD_X, WORLD_Y, WORLD_Z = (plane(k) for k in (4, 5, 6))
SPARE: Final = 7
"""The first plane of those a formula keeps for itself."""
FARTHEST_M: Final = np.float32(1e6)
"""Depth of the sky in a block."""

# In the uniform block View, as gbuffer.view_block gives it.
_CAMERA: Final = 32
_NEXT: Final = np.uint64(1)
_SECOND, _THIRD = np.uint32(16), np.uint64(32)


@step
def laid(s: Any, depth: Any, normal: Any, row: Any, first: int) -> Any:
    """Lay out depth and normal from the column `first` on; whether any of it is a surface. `normal` is
    uint64[h, w]: four float16s, which are read at once."""
    last = np.uint64(depth.shape[1]) - _NEXT
    found = np.uint32(0)
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        x = np.uint64(first) + c
        x = x if x < last else last
        s[DEPTH + c] = smaller(depth[row, x], FARTHEST_M)
        found |= np.uint32(1) if s[DEPTH + c] < FARTHEST_M else np.uint32(0)
        halves = normal[row, x]
        two = np.uint32(halves)
        s[NORMAL_X + c] = widened(two)
        s[NORMAL_Y + c] = widened(np.uint32(two >> _SECOND))
        s[NORMAL_Z + c] = widened(np.uint32(halves >> _THIRD))
    return found > np.uint32(0)


@step
def meet(s: Any, view: Any, row: Any, first: int) -> None:
    """Where the rays through the pixels meet their surfaces."""
    a_column, v = view[PICTURE + 2], (np.float32(row) + HALF) * view[PICTURE + 3]
    o_x = view[ORIGIN] + view[PER_V] * v
    o_y = view[ORIGIN + 1] + view[PER_V + 1] * v
    o_z = view[ORIGIN + 2] + view[PER_V + 2] * v
    u_x, u_y, u_z = view[PER_U], view[PER_U + 1], view[PER_U + 2]
    c_x, c_y, c_z = view[_CAMERA], view[_CAMERA + 1], view[_CAMERA + 2]
    for pixel in range(BLOCK):
        c = np.uint64(pixel)
        u = (np.float32(np.int32(first) + np.int32(pixel)) + HALF) * a_column
        depth = s[DEPTH + c]
        s[WORLD_X + c] = c_x + (o_x + u_x * u) * depth
        s[WORLD_Y + c] = c_y + (o_y + u_y * u) * depth
        s[WORLD_Z + c] = c_z + (o_z + u_z * u) * depth
