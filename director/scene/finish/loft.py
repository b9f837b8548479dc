"""Skins lofted through sections: what bodies, garments and coachwork have in common.

A ring goes round y from the front (+Z) over +X, so that rings given from the lowest up have outward faces.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from director.scene.mesh import Mesh
from director.scene.shapes import ring_mesh, smooth_mesh

__all__ = [
    "Floats",
    "around",
    "bell",
    "both",
    "curve",
    "mirrored",
    "ring_solid",
    "rings_about",
    "sandwich",
    "scale",
    "smooth",
    "tubes",
]

Floats = NDArray[np.float64]


def curve(at: ArrayLike, values: ArrayLike, where: ArrayLike) -> Floats:
    """float64[n, …]: values [k, …] at rising places [k], passed through smoothly and read at `where` [n].

    A cubic between each two, its slopes those of their neighbours (Catmull and Rom, 1974)."""
    t, v, w = (np.asarray(a, np.float64) for a in (at, values, where))
    slopes = np.gradient(v, t, axis=0)
    i = np.clip(np.searchsorted(t, w) - 1, 0, len(t) - 2)
    span = t[i + 1] - t[i]
    s = np.clip((w - t[i]) / span, 0.0, 1.0)
    shape = (-1,) + (1,) * (v.ndim - 1)
    s, span = s.reshape(shape), span.reshape(shape)
    s2, s3 = s * s, s * s * s
    return np.asarray(
        (2 * s3 - 3 * s2 + 1) * v[i]
        + (s3 - 2 * s2 + s) * span * slopes[i]
        + (3 * s2 - 2 * s3) * v[i + 1]
        + (s3 - s2) * span * slopes[i + 1]
    )


def smooth(low: float, high: float, value: ArrayLike) -> Floats:
    """0 below, 1 above, soft between (also falling, where low > high)."""
    s: Floats = np.clip((np.asarray(value, np.float64) - low) / (high - low), 0.0, 1.0)
    return np.asarray(s * s * (3 - 2 * s))


def bell(value: ArrayLike, middle: ArrayLike, wide: ArrayLike) -> Floats:
    """1 in the middle, 0.37 at `wide` from it."""
    v, m, w = (np.asarray(a, np.float64) for a in (value, middle, wide))
    return np.asarray(np.exp(-(((v - m) / w) ** 2)))


def around(sides: int, front: float = 1.0) -> Floats:
    """float64[sides]: angles from the front; with `front` > 1 they lie so much closer there than behind."""
    even = np.arange(sides) * (2 * np.pi / sides)
    squeeze = (front - 1) / (front + 1)
    return np.asarray(even - squeeze * np.sin(even))


def rings_about(
    levels: ArrayLike,
    wide: ArrayLike,
    front: ArrayLike,
    back: ArrayLike,
    angles: Floats,
    power: ArrayLike = 2.0,
    middle: ArrayLike = 0.0,
) -> Floats:
    """float64[k, sides, 3]: superellipses at heights [k]; half widths, and how far z goes to the front and
    to the back, [k] each; they are widest at z = `middle`. `power` 2 is an ellipse, more is squarer."""
    y, w, f, b, p, m = (
        np.broadcast_to(np.asarray(a, np.float64), np.shape(levels))[:, None]
        for a in (levels, wide, front, back, power, middle)
    )
    sin, cos = np.sin(angles)[None], np.cos(angles)[None]
    x = w * np.sign(sin) * np.abs(sin) ** (2 / p)
    z = m + np.where(cos > 0, f - m, m - b) * np.sign(cos) * np.abs(cos) ** (2 / p)
    return np.stack([x, np.broadcast_to(y, x.shape), z], -1)


def ring_solid(rings: ArrayLike) -> Mesh:
    """A closed smooth skin over rings [k, sides, 3], lowest first."""
    return ring_mesh(np.asarray(rings, np.float64))


def sandwich(outer: ArrayLike, inner: ArrayLike) -> Mesh:
    """A closed plate between two grids [rows, columns, 3]. Seen from outside, columns run to the right
    where rows run up."""
    a, b = np.asarray(outer, np.float64), np.asarray(inner, np.float64)
    rows, columns, _ = a.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    other = index + rows * columns
    faces = [_quads(index), _quads(other)[:, ::-1]]
    # The rim, once round: along the bottom, up the right, back along the top, down the left.
    turn = np.concatenate([index[0], index[1:, -1], index[-1, -2::-1], index[-2:0:-1, 0]])
    back = turn + rows * columns
    following, back_following = np.roll(turn, -1), np.roll(back, -1)
    faces.append(np.stack([turn, back, back_following], -1))
    faces.append(np.stack([turn, back_following, following], -1))
    return smooth_mesh(np.concatenate([a.reshape(-1, 3), b.reshape(-1, 3)]), np.concatenate(faces))


def scale(outer: ArrayLike, root: ArrayLike) -> Mesh:
    """A closed piece lying on something: a grid [rows, columns, 3] as for `sandwich`, whose rim runs back
    to one point hidden in what it lies on. Half the faces of a sandwich."""
    a = np.asarray(outer, np.float64)
    rows, columns, _ = a.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    turn = np.concatenate([index[0], index[1:, -1], index[-1, -2::-1], index[-2:0:-1, 0]])
    # The rim's corners are doubled, so that the piece's face does not darken towards its edge.
    first = rows * columns
    rim = first + np.arange(len(turn))
    fan = np.stack([rim, np.full(len(turn), first + len(turn)), np.roll(rim, -1)], -1)
    points = np.concatenate([a.reshape(-1, 3), a.reshape(-1, 3)[turn], [np.asarray(root, np.float64)]])
    return smooth_mesh(points, np.concatenate([_quads(index), fan]))


def tubes(path: ArrayLike, radius: ArrayLike, sides: int = 8) -> Mesh:
    """A closed round rod along points [n, 3], with a radius for all or for each; cheaper than forms.tube."""
    points = np.asarray(path, np.float64)
    radii = np.broadcast_to(np.asarray(radius, np.float64), (len(points),))
    ahead = np.gradient(points, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    whole = points[-1] - points[0]
    helper = np.eye(3)[int(np.argmin(np.abs(whole)))]
    side = np.cross(helper, ahead)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    up = np.cross(ahead, side)
    turn = np.arange(sides) * (2 * np.pi / sides)
    rings = points[:, None] + radii[:, None, None] * (
        np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * up[:, None]
    )
    return ring_mesh(rings)


def mirrored(mesh: Mesh) -> Mesh:
    """The mesh with left and right exchanged."""
    flip = np.array([-1, 1, 1], np.float32)
    return Mesh(mesh.positions * flip, mesh.normals * flip, np.ascontiguousarray(mesh.triangles[:, ::-1]))


def both(meshes: Sequence[Mesh]) -> list[Mesh]:
    """Each mesh and its mirror image."""
    return [side for mesh in meshes for side in (mesh, mirrored(mesh))]


def _quads(index: NDArray[Any]) -> NDArray[Any]:
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
