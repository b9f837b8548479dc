"""Triangles held ready for the rows to come: what each corner has of a pixel, and what is told of corners.
Needs Numba."""

from typing import Any, Final

import numpy as np

from director.passes.kernels.exact import BACK, CLIPPED, ONE, RUN, step

__all__ = ["HELD", "NORMAL", "PLACE", "REST", "SHARES", "TOLD", "find", "hold"]

HELD: Final = 512
"""So many are held, by a multiplicative hash of their names."""
SHARES: Final = 12
"""Numbers of what corners have of a pixel, but for a factor they share: x · s₀ + y · s₁ + s₂, and then the
corner's depth; corner after corner."""
NORMAL, REST, PLACE = 0, 3, 6
"""What is told of each corner: the normal in the world, where it is in its mesh at rest, and where now."""
TOLD: Final = 9

_SPREAD, _SHIFT = np.uint32(2654435769), np.uint32(23)


@step
def find(name: Any) -> Any:
    """Where a triangle is held, if it is."""
    return np.uint64(np.uint32(np.uint32(name) * _SPREAD) >> _SHIFT)


@step
def hold(
    name: Any, slot: Any, shapes: Any, sources: Any, blocks: Any, corners: Any, vertices: Any, turns: Any,
    tells_normal: bool, tells_rest: bool, tells_place: bool, items: Any, shares: Any, told: Any,
) -> None:  # fmt: skip
    """Hold a triangle of those that surfaces.painted is given: its instance in items uint64[HELD], what is of
    its corners in shares float64[HELD, SHARES] and told float32[HELD, 3, TOLD]."""
    # Arrays come one by one: to take tuples apart is to count who uses them, in memory that threads share.
    triangle, flags = np.uint64(sources[name, 0]), sources[name, 1]
    item = np.uint64(flags >> np.uint32(2))
    items[slot] = item
    _share_out(shapes, name, (flags & CLIPPED) != 0, shares, slot)
    if tells_normal:
        facing = -ONE if flags & BACK else ONE
        _tell_normals(triangle, item, facing, corners, vertices, turns, told, slot)
    if tells_rest:
        _tell_rests(triangle, corners, vertices, told, slot)
    if tells_place:
        _tell_places(triangle, blocks, told, slot)


@step
def _share_out(shapes: Any, name: Any, is_clipped: bool, shares: Any, slot: Any) -> None:
    x0, y0, i0 = np.float64(shapes[name, 0]), np.float64(shapes[name, 1]), np.float64(shapes[name, 2])
    x1, y1, i1 = np.float64(shapes[name, 3]), np.float64(shapes[name, 4]), np.float64(shapes[name, 5])
    x2, y2, i2 = np.float64(shapes[name, 6]), np.float64(shapes[name, 7]), np.float64(shapes[name, 8])
    if is_clipped:
        a0, a1, a2 = y1 * i2 - y2 * i1, i1 * x2 - i2 * x1, x1 * y2 - x2 * y1
        b0, b1, b2 = y2 * i0 - y0 * i2, i2 * x0 - i0 * x2, x2 * y0 - x0 * y2
        c0, c1, c2 = y0 * i1 - y1 * i0, i0 * x1 - i1 * x0, x0 * y1 - x1 * y0
        sign = -1.0 if x0 * a0 + y0 * a1 + i0 * a2 < 0.0 else 1.0
        a0, a1, a2 = sign * a0, sign * a1, sign * a2
        b0, b1, b2 = sign * b0, sign * b1, sign * b2
        c0, c1, c2 = sign * c0, sign * c1, sign * c2
        w0, w1, w2 = i0, i1, i2
    else:
        sign = 1.0 if (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0) > 0.0 else -1.0
        w0, w1, w2 = 1.0 / i0, 1.0 / i1, 1.0 / i2
        i0, i1, i2 = i0 * sign, i1 * sign, i2 * sign
        a0, a1 = (y1 - y2) * i0, (x2 - x1) * i0
        b0, b1 = (y2 - y0) * i1, (x0 - x2) * i1
        c0, c1 = (y0 - y1) * i2, (x1 - x0) * i2
        a2, b2, c2 = -(a0 * x1 + a1 * y1), -(b0 * x0 + b1 * y0), -(c0 * x0 + c1 * y0)
    shares[slot, 0], shares[slot, 1], shares[slot, 2], shares[slot, 3] = a0, a1, a2, w0
    shares[slot, 4], shares[slot, 5], shares[slot, 6], shares[slot, 7] = b0, b1, b2, w1
    shares[slot, 8], shares[slot, 9], shares[slot, 10], shares[slot, 11] = c0, c1, c2, w2


@step
def _tell_normals(
    triangle: Any, item: Any, facing: Any, corners: Any, vertices: Any, turns: Any, told: Any, slot: Any
) -> None:
    for corner in range(3):
        vertex = corners[triangle, corner]
        x, y, z = vertices[vertex, 3] * facing, vertices[vertex, 4] * facing, vertices[vertex, 5] * facing
        for axis in range(3):
            told[slot, corner, NORMAL + axis] = (
                turns[item, 4 * axis] * x + turns[item, 4 * axis + 1] * y + turns[item, 4 * axis + 2] * z
            )


@step
def _tell_rests(triangle: Any, corners: Any, vertices: Any, told: Any, slot: Any) -> None:
    for corner in range(3):
        vertex = corners[triangle, corner]
        for axis in range(3):
            told[slot, corner, REST + axis] = vertices[vertex, axis]


@step
def _tell_places(triangle: Any, blocks: Any, told: Any, slot: Any) -> None:
    run = triangle // np.uint64(RUN)
    first = run * np.uint64(9 * RUN) + (triangle - run * np.uint64(RUN))
    for corner in range(3):
        for axis in range(3):
            told[slot, corner, PLACE + axis] = blocks[first + np.uint64((3 * corner + axis) * RUN)]
