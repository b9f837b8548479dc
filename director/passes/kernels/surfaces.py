"""What is told of each pixel's surface, from the triangle that it shows. Needs Numba."""

from typing import Any, Final

import numba
import numpy as np

from director.passes.kernels import compiler
from director.passes.kernels.carried import seen
from director.passes.kernels.exact import BACK, CLIPPED, ONE, kernel, step
from director.passes.kernels.raster import BAND, covered

__all__ = ["painted", "prepare"]

_HALVES, _LEAST = np.float32(16777216.0), np.float32(2.0**-14)
_ONE: Final = np.uint16(0x3C00)


@step
def _half(x: Any) -> Any:
    """The bits of the nearest float16 of a number of −1..1; of two as near, of the even one."""
    bits = np.float32(x).view(np.uint32)
    sign = np.uint32(np.uint32(bits >> np.uint32(16)) & np.uint32(0x8000))
    if abs(x) < _LEAST:
        return np.uint16(sign | np.uint32(np.rint(abs(x) * _HALVES)))
    odd = np.uint32(np.uint32(bits >> np.uint32(13)) & np.uint32(1))
    bits = np.uint32(np.uint32(bits & np.uint32(0x7FFFFFFF)) + np.uint32(np.uint32(0xFFF) + odd))
    return np.uint16(sign | np.uint32(np.uint32(bits >> np.uint32(13)) - np.uint32(112 << 10)))


@step
def _planes(shape: Any, is_clipped: bool, planes: Any) -> None:
    """What each of a triangle's corners has of a pixel, but for a factor they share: x · p₀ + y · p₁ + p₂, of
    planes float64[3, 4]; p₃ is the corner's depth."""
    x0, y0, i0 = np.float64(shape[0]), np.float64(shape[1]), np.float64(shape[2])
    x1, y1, i1 = np.float64(shape[3]), np.float64(shape[4]), np.float64(shape[5])
    x2, y2, i2 = np.float64(shape[6]), np.float64(shape[7]), np.float64(shape[8])
    if is_clipped:
        planes[0, 3], planes[1, 3], planes[2, 3] = i0, i1, i2
        planes[0, 0], planes[0, 1], planes[0, 2] = y1 * i2 - y2 * i1, i1 * x2 - i2 * x1, x1 * y2 - x2 * y1
        planes[1, 0], planes[1, 1], planes[1, 2] = y2 * i0 - y0 * i2, i2 * x0 - i0 * x2, x2 * y0 - x0 * y2
        planes[2, 0], planes[2, 1], planes[2, 2] = y0 * i1 - y1 * i0, i0 * x1 - i1 * x0, x0 * y1 - x1 * y0
        sign = 1.0
        if x0 * planes[0, 0] + y0 * planes[0, 1] + i0 * planes[0, 2] < 0.0:
            sign = -1.0
        for corner in range(3):
            for axis in range(3):
                planes[corner, axis] *= sign
        return
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    sign = 1.0 if area > 0.0 else -1.0
    planes[0, 3], planes[1, 3], planes[2, 3] = 1.0 / i0, 1.0 / i1, 1.0 / i2
    i0, i1, i2 = i0 * sign, i1 * sign, i2 * sign
    planes[1, 0], planes[1, 1] = (y2 - y0) * i1, (x0 - x2) * i1
    planes[1, 2] = -(planes[1, 0] * x0 + planes[1, 1] * y0)
    planes[2, 0], planes[2, 1] = (y0 - y1) * i2, (x1 - x0) * i2
    planes[2, 2] = -(planes[2, 0] * x0 + planes[2, 1] * y0)
    planes[0, 0], planes[0, 1] = (y1 - y2) * i0, (x2 - x1) * i0
    planes[0, 2] = -(planes[0, 0] * x1 + planes[0, 1] * y1)


@step
def _paint_row(
    row: int,
    shapes: Any,
    sources: Any,
    corners: Any,
    vertices: Any,
    turns: Any,
    ids: Any,
    rays: Any,
    width: int,
    height: int,
    shown: Any,
    depth: Any,
    objects: Any,
    normal: Any,
    anchor: Any,
    planes: Any,
    told: Any,
) -> None:
    last = np.int32(-1)
    item = np.int64(0)
    for column in range(width):
        place = np.uint64(row * width + column)
        name = shown[place]
        if name < 0:
            depth[place] = np.float32(np.inf)
            objects[place] = 0
            if normal.shape[0]:
                for axis in range(4):
                    normal[place, axis] = 0
            if anchor.shape[0]:
                u = (np.float32(column) + np.float32(0.5)) / np.float32(width)
                v = (np.float32(row) + np.float32(0.5)) / np.float32(height)
                x = rays[0] + rays[4] * u + rays[8] * v
                y = rays[1] + rays[5] * u + rays[9] * v
                z = rays[2] + rays[6] * u + rays[10] * v
                shorter = ONE / np.sqrt(x * x + y * y + z * z)
                anchor[place, 0], anchor[place, 1], anchor[place, 2] = x * shorter, y * shorter, z * shorter
                anchor[place, 3] = np.float32(0.0)
            continue
        if name != last:
            last = name
            flags = sources[name, 1]
            item = np.int64(flags >> np.uint32(2))
            _planes(shapes[name], (flags & CLIPPED) != 0, planes)
            facing = np.float32(-1.0) if flags & BACK else ONE
            triangle = sources[name, 0]
            for corner in range(3):
                vertex = corners[triangle, corner]
                for axis in range(3):
                    told[corner, axis] = vertices[vertex, axis]
                    told[corner, 3 + axis] = vertices[vertex, 3 + axis] * facing
        objects[place] = ids[item]
        x, y = column + 0.5, row + 0.5
        a = max(planes[0, 0] * x + planes[0, 1] * y + planes[0, 2], 0.0)
        b = max(planes[1, 0] * x + planes[1, 1] * y + planes[1, 2], 0.0)
        c = max(planes[2, 0] * x + planes[2, 1] * y + planes[2, 2], 0.0)
        share = 1.0 / (a + b + c)
        depth[place] = np.float32((a * planes[0, 3] + b * planes[1, 3] + c * planes[2, 3]) * share)
        p, q, r = np.float32(a * share), np.float32(b * share), np.float32(c * share)
        if anchor.shape[0]:
            for axis in range(3):
                anchor[place, axis] = p * told[0, axis] + q * told[1, axis] + r * told[2, axis]
            anchor[place, 3] = ONE
        if normal.shape[0]:
            x = p * told[0, 3] + q * told[1, 3] + r * told[2, 3]
            y = p * told[0, 4] + q * told[1, 4] + r * told[2, 4]
            z = p * told[0, 5] + q * told[1, 5] + r * told[2, 5]
            t = turns[item]
            i = t[0] * x + t[1] * y + t[2] * z
            j = t[4] * x + t[5] * y + t[6] * z
            k = t[8] * x + t[9] * y + t[10] * z
            shorter = ONE / np.sqrt(i * i + j * j + k * k)
            normal[place, 0], normal[place, 1] = _half(i * shorter), _half(j * shorter)
            normal[place, 2], normal[place, 3] = _half(k * shorter), _ONE


@kernel
def painted(
    runs: Any,
    shapes: Any,
    boxes: Any,
    fronts: Any,
    sources: Any,
    kept: Any,
    corners: Any,
    vertices: Any,
    turns: Any,
    ids: Any,
    rays: Any,
    near: Any,
    far: Any,
    width: int,
    height: int,
    parts: int,
    nearest: Any,
    shown: Any,
    depth: Any,
    objects: Any,
    normal: Any,
    anchor: Any,
) -> None:
    """Draw what carried.seen has kept.

    corners  uint32[t, 3]: each triangle's vertices, of vertices float32[v, 6]: place at rest, and normal
    turns    float32[i, 12]: rows of world_from_mesh, ids uint16[i]
    rays     float32[12]: the world's direction through (0, 0), and what a width and a height add; four each
    depth    float32[h · w], objects uint16[h · w], normal uint16[h · w, 4] (the bits of float16), anchor
             float32[h · w, 4]; the last two may be empty. nearest and shown, float32 and int32[h · w], are
             room.
    """
    for part in numba.prange(parts):
        covered(
            part, parts, runs, shapes, boxes, fronts, sources, kept, near, far, width, height, nearest, shown
        )
        planes, told = np.empty((3, 4), np.float64), np.empty((3, 6), np.float32)
        for band in range(part, (height + BAND - 1) // BAND, parts):
            for row in range(band * BAND, min((band + 1) * BAND, height)):
                _paint_row(
                    row, shapes, sources, corners, vertices, turns, ids, rays, width, height, shown,
                    depth, objects, normal, anchor, planes, told,
                )  # fmt: skip


def prepare() -> None:
    """Compile `seen` and `painted`, or find them compiled."""
    run, blocks = compiler().run, np.zeros(0, np.float32)
    runs, kept, rows = np.zeros((0, 4), np.int64), np.zeros(0, np.int64), np.zeros((0, 12), np.float32)
    shapes, boxes, fronts = rows[:, :9].copy(), np.zeros((0, 4), np.int16), blocks.copy()
    sources = np.zeros((0, 2), np.uint32)
    near, far, whose = np.float32(1), np.float32(2), np.zeros(0, np.uint16)
    run(seen, blocks, runs, rows, np.zeros(0, np.bool_), near, 1, 1, 1, shapes, boxes, fronts, sources, kept)
    corners, vertices, rays = (
        np.zeros((0, 3), np.uint32),
        np.zeros((0, 6), np.float32),
        np.ones(12, np.float32),
    )
    depth, ids, halves, four = rays[:1], np.zeros(1, np.uint16), np.zeros((1, 4), np.uint16), rays[:4]
    run(
        painted, runs, shapes, boxes, fronts, sources, kept, corners, vertices, rows, whose, rays,
        near, far, 1, 1, 1, depth.copy(), np.zeros(1, np.int32),
        depth.copy(), ids, halves, four.reshape(1, 4),
    )  # fmt: skip
