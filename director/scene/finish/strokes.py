"""Strokes of letters as solids: flat ribbons with mitred corners, and round tubes with caps.

Both come in a plane to read: x to the reader's right, y up, z towards the reader.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.finish.forms import plain_mesh
from director.scene.mesh import Mesh
from director.scene.shapes import smooth_mesh

__all__ = ["ribbon", "tube_of_glass"]

Floats = NDArray[np.float64]
# A sharp corner's tip reaches this many half widths out, and no further.
_LONGEST_MITRE: Final = 2.4
# Ends that run this steeply are level with the letters' foot or top.
_STEEP: Final = 0.5
# A tube's cap: how far it reaches and how wide it is there, in radii.
_CAP, _CAP_WIDE = 0.7, 0.68


def ribbon(
    path: Floats, weight: float, foot: float, top: float, sides: tuple[float, float], z: tuple[float, float]
) -> Mesh:
    """A stroke along float64[n, 2], `weight` wide, its flat front at z[1], its back narrowing to an edge at
    z[0]: what a board hides needs no faces. Ends on `foot` and `top` are cut level half a weight beyond
    them, level ends on one of `sides` run on by as much; a path that comes back to its start is closed."""
    closed = len(path) > 2 and np.allclose(path[0], path[-1], atol=1e-9)
    points = path[:-1] if closed else path.copy()
    half = weight / 2
    if not closed:
        _extend(points, 0, 1, half, foot, top, sides)
        _extend(points, -1, -2, half, foot, top, sides)
    ahead, mitre = _mitres(points, closed)
    mitre *= half
    if not closed:
        for end in (0, -1):
            on_level = min(abs(points[end, 1] - (foot - half)), abs(points[end, 1] - (top + half))) < 1e-9
            rise = ahead[end, 1]
            if on_level and abs(rise) >= _STEEP:
                mitre[end] = (-half / rise, 0.0)
    near, far, back = (
        np.column_stack([at, np.full(len(at), depth)])
        for at, depth in ((points + mitre, z[1]), (points - mitre, z[1]), (points, z[0]))
    )
    here = np.arange(len(ahead))
    on = (here + 1) % len(points)
    quads = np.concatenate(
        [
            np.stack([far[here], far[on], near[on], near[here]], 1),
            np.stack([near[here], near[on], back[on], back[here]], 1),
            np.stack([back[here], back[on], far[on], far[here]], 1),
        ]
    )
    ends = np.zeros((0, 3, 3))
    if not closed:
        ends = np.stack([[near[0], back[0], far[0]], [far[-1], back[-1], near[-1]]])
    first = 4 * np.arange(len(quads))[:, None]
    last = 4 * len(quads) + 3 * np.arange(len(ends))[:, None]
    return plain_mesh(
        np.concatenate([quads.reshape(-1, 3), ends.reshape(-1, 3)]),
        np.concatenate([np.repeat(_facing(quads), 4, 0), np.repeat(_facing(ends), 3, 0)]),
        np.concatenate([np.add(first, (0, 1, 2)), np.add(first, (0, 2, 3)), np.add(last, (0, 1, 2))]),
    )


def _facing(corners: Floats) -> Floats:
    """Unit normals, float64[n, 3], of flat faces [n, 3 or 4, 3]."""
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    return np.asarray(across / np.linalg.norm(across, axis=1, keepdims=True))


def _extend(
    points: Floats, end: int, inner: int, half: float, foot: float, top: float, sides: tuple[float, float]
) -> None:
    """Move an end of a stroke to where its square end is."""
    along = points[end] - points[inner]
    along /= np.linalg.norm(along)
    for level, ink in ((foot, foot - half), (top, top + half)):
        if abs(points[end, 1] - level) < 1e-9 and abs(along[1]) >= _STEEP:
            points[end, 1] = ink
    if abs(along[1]) < 1e-9 and min(abs(points[end, 0] - side) for side in sides) < 1e-9:
        points[end, 0] += half * np.sign(along[0])


def _mitres(points: Floats, closed: bool) -> tuple[Floats, Floats]:
    """Directions of a path's pieces, float64[pieces, 2], and, for each of its points, how far to the left of
    it a line one to the left of the path has its corner, float64[n, 2]."""
    ahead = np.diff(np.concatenate([points, points[:1]]) if closed else points, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    left = np.stack([-ahead[:, 1], ahead[:, 0]], -1)
    before = np.roll(left, 1, axis=0) if closed else np.concatenate([left[:1], left])
    after = left if closed else np.concatenate([left, left[-1:]])
    mitre = before + after
    mitre /= np.maximum(np.linalg.norm(mitre, axis=1, keepdims=True), 1e-9)
    sharp = np.maximum((mitre * after).sum(1, keepdims=True), 1e-9)
    return ahead, mitre * np.minimum(1 / sharp, _LONGEST_MITRE)


def tube_of_glass(path: Floats, radius: float, z: float, sides: int = 5) -> Mesh:
    """A round tube along float64[n, 2] at a height z, smooth, with rounded caps; a path that comes back to
    its start is a ring."""
    closed = len(path) > 2 and np.allclose(path[0], path[-1], atol=1e-9)
    points = path[:-1] if closed else path
    ahead, mitre = _mitres(points, closed)
    # One edge towards the reader: as wide to the left as to the right.
    turn = np.pi / 2 + np.arange(sides) * (2 * np.pi / sides)
    rings = np.zeros((len(points), sides, 3))
    rings[..., :2] = points[:, None] + radius * np.cos(turn)[None, :, None] * mitre[:, None]
    rings[..., 2] = z + radius * np.sin(turn)[None]
    count = len(points)
    i, j = np.meshgrid(np.arange(len(ahead)), np.arange(sides), indexing="ij")
    low, low_next = i * sides + j, i * sides + (j + 1) % sides
    high, high_next = (i + 1) % count * sides + j, (i + 1) % count * sides + (j + 1) % sides
    triangles = [
        np.stack([low, low_next, high_next], -1).reshape(-1, 3),
        np.stack([low, high_next, high], -1).reshape(-1, 3),
    ]
    positions = [rings.reshape(-1, 3)]
    if not closed:
        for end, out, first in ((0, -ahead[0], 0), (-1, ahead[-1], (count - 1) * sides)):
            cap = rings[end].copy()
            cap[:, :2] = points[end] + _CAP_WIDE * (cap[:, :2] - points[end]) + _CAP * radius * out
            cap[:, 2] = z + _CAP_WIDE * (cap[:, 2] - z)
            start = sum(len(each) for each in positions)
            rim, tip = first + np.arange(sides), start + np.arange(sides)
            shut = np.stack([np.full(sides - 2, start), tip[1:-1], tip[2:]], -1)
            made = np.concatenate(
                [
                    np.stack([rim, np.roll(rim, -1), np.roll(tip, -1)], -1),
                    np.stack([rim, np.roll(tip, -1), tip], -1),
                    shut,
                ]
            )
            positions.append(cap)
            triangles.append(made if end else made[:, ::-1])
    return smooth_mesh(np.concatenate(positions), np.concatenate(triangles))
