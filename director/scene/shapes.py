"""Meshes of simple solids, unit-sized where a matrix can give them their size.

Unit meshes run from −0.5 to 0.5 in x and z and from 0 to 1 in y. All are closed (but the plane) and
counter-clockwise seen from outside.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from director.scene.mesh import Mesh

__all__ = [
    "box",
    "cone",
    "cylinder",
    "flat_mesh",
    "plane",
    "ramp",
    "ring_mesh",
    "rounded_box",
    "smooth_mesh",
    "sphere",
]

# Below this many sides a round solid is meant to be faceted.
_SMOOTH_SIDES = 12


def flat_mesh(faces: Sequence[ArrayLike]) -> Mesh:
    """A mesh of flat convex polygons, each given by its corners counter-clockwise from outside."""
    positions, normals, triangles = [], [], []
    count = 0
    for face in faces:
        corners = np.asarray(face, np.float64)
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
        positions.append(corners)
        normals.append(np.tile(normal / np.linalg.norm(normal), (len(corners), 1)))
        triangles += [(count, count + i, count + i + 1) for i in range(1, len(corners) - 1)]
        count += len(corners)
    return _mesh(np.concatenate(positions), np.concatenate(normals), np.asarray(triangles))


def smooth_mesh(positions: NDArray[np.float64], triangles: NDArray[np.int64]) -> Mesh:
    """A mesh with one normal a vertex: the mean of its triangles' normals, weighted by their areas."""
    corner = positions[triangles]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    kept = np.linalg.norm(across, axis=1) > 1e-12
    triangles, across = triangles[kept], across[kept]
    normals = np.zeros_like(positions)
    for column in range(3):
        np.add.at(normals, triangles[:, column], across)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    return _mesh(positions, normals / np.maximum(lengths, 1e-12), triangles)


def ring_mesh(rings: NDArray[np.float64]) -> Mesh:
    """A smooth closed skin over rings, float64[k, sides, 3], from the first to the last.

    Each ring runs counter-clockwise seen against the direction of the rings (from the last looking at the
    first); both ends are closed by a point at their middle.
    """
    k, sides, _ = rings.shape
    positions = np.concatenate([rings.reshape(-1, 3), rings[:1].mean(axis=1), rings[-1:].mean(axis=1)])
    i, j = np.meshgrid(np.arange(k - 1), np.arange(sides), indexing="ij")
    low, low_next = i * sides + j, i * sides + (j + 1) % sides
    high, high_next = low + sides, low_next + sides
    around = np.arange(sides)
    following = (around + 1) % sides
    start, end = np.full(sides, k * sides), np.full(sides, k * sides + 1)
    top = (k - 1) * sides
    triangles = np.concatenate(
        [
            np.stack([low, low_next, high_next], -1).reshape(-1, 3),
            np.stack([low, high_next, high], -1).reshape(-1, 3),
            np.stack([start, following, around], -1),
            np.stack([end, top + around, top + following], -1),
        ]
    )
    return smooth_mesh(positions, triangles)


@lru_cache
def box() -> Mesh:
    """The unit cube, with hard edges."""
    a, b = -0.5, 0.5
    return flat_mesh(
        [
            [(a, 0, b), (b, 0, b), (b, 1, b), (a, 1, b)],
            [(b, 0, a), (a, 0, a), (a, 1, a), (b, 1, a)],
            [(b, 0, b), (b, 0, a), (b, 1, a), (b, 1, b)],
            [(a, 0, a), (a, 0, b), (a, 1, b), (a, 1, a)],
            [(a, 1, b), (b, 1, b), (b, 1, a), (a, 1, a)],
            [(a, 0, a), (b, 0, a), (b, 0, b), (a, 0, b)],
        ]
    )


@lru_cache
def plane() -> Mesh:
    """The unit square on the ground, facing up."""
    return flat_mesh([[(-0.5, 0, 0.5), (0.5, 0, 0.5), (0.5, 0, -0.5), (-0.5, 0, -0.5)]])


@lru_cache
def ramp() -> Mesh:
    """A wedge in the unit cube, rising towards −Z."""
    a, b = -0.5, 0.5
    return flat_mesh(
        [
            [(a, 0, b), (b, 0, b), (b, 1, a), (a, 1, a)],
            [(b, 0, a), (a, 0, a), (a, 1, a), (b, 1, a)],
            [(b, 0, b), (b, 0, a), (b, 1, a)],
            [(a, 0, a), (a, 0, b), (a, 1, a)],
            [(a, 0, a), (b, 0, a), (b, 0, b), (a, 0, b)],
        ]
    )


def cylinder(sides: int = 32) -> Mesh:
    """An upright cylinder of diameter 1 and height 1."""
    return cone(1.0, sides)


@lru_cache
def cone(top: float = 0.0, sides: int = 32) -> Mesh:
    """An upright cone of base diameter 1 and height 1, cut off where its diameter is `top`."""
    turn = np.arange(sides) * (2 * np.pi / sides)
    # Counter-clockwise seen from above: +X to −Z.
    x, z = _spread(np.cos(turn)), _spread(-np.sin(turn))
    base = np.stack([x, np.zeros(sides), z], -1)
    head = np.stack([x * top, np.ones(sides), z * top], -1)
    caps = [base[::-1], head] if top > 0 else [base[::-1]]
    ends = flat_mesh(caps)
    following = (np.arange(sides) + 1) % sides
    if sides < _SMOOTH_SIDES:
        faces = [
            [base[i], base[j], head[j], head[i]] if top > 0 else [base[i], base[j], head[i]]
            for i, j in enumerate(following)
        ]
        return _joined(flat_mesh(faces), ends)
    # The slope of the side: half the base shrinks to half the top over a height of 1.
    rise = 0.5 * (1 - top)
    outward = np.stack([2 * x, np.full(sides, rise), 2 * z], -1)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    around = np.arange(sides)
    triangles = [np.stack([around, following, following + sides], -1)]
    if top > 0:
        triangles.append(np.stack([around, following + sides, around + sides], -1))
    else:
        triangles = [np.stack([around, following, around + sides], -1)]
    side = _mesh(np.concatenate([base, head]), np.concatenate([outward, outward]), np.concatenate(triangles))
    return _joined(side, ends)


@lru_cache
def sphere(sides: int = 24, bands: int = 14) -> Mesh:
    """A ball of diameter 1 standing on the ground."""
    polar = np.linspace(0, np.pi, bands + 1)[1:-1]
    turn = np.arange(sides) * (2 * np.pi / sides)
    height = np.repeat(-np.cos(polar)[:, None], sides, 1)
    rings = np.stack(
        [np.sin(polar)[:, None] * np.cos(turn), height, -np.sin(polar)[:, None] * np.sin(turn)], -1
    )
    mesh = ring_mesh(rings * 0.5 + (0, 0.5, 0))
    # ring_mesh closes with flat points; a ball's are its poles, and its normals are known exactly.
    positions = mesh.positions.astype(np.float64)
    positions[-2:] = ((0, 0, 0), (0, 1, 0))
    return _mesh(positions, (positions - (0, 0.5, 0)) * 2, mesh.triangles.astype(np.int64))


def rounded_box(size: tuple[float, float, float], radius: float, steps: int = 3) -> Mesh:
    """A box of `size` (metres, base on the ground) whose edges are rounded by `radius` metres."""
    half = np.asarray(size, np.float64) / 2
    radius = min(radius, float(half.min()) * 0.999)
    inner = half - radius
    # Each face is a grid: fine over the rounded rims, one quad over the flat middle.
    rim = np.tan(np.linspace(0, np.pi / 4, steps + 1))
    positions, normals, triangles = [], [], []
    count = 0
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for sign in (1.0, -1.0):
            line_u, line_v = (_rim_line(inner[w], rim) for w in (u, v))
            lean_u, lean_v = (np.concatenate([-rim[::-1], rim]) for _ in (u, v))
            gu, gv = np.meshgrid(line_u, line_v, indexing="ij")
            nu, nv = np.meshgrid(lean_u, lean_v, indexing="ij")
            outward = np.zeros((*gu.shape, 3))
            outward[..., axis], outward[..., u], outward[..., v] = sign, nu, nv
            outward /= np.linalg.norm(outward, axis=-1, keepdims=True)
            core = np.zeros_like(outward)
            core[..., axis], core[..., u], core[..., v] = sign * inner[axis], gu, gv
            n = gu.shape[0]
            index = np.arange(n * n).reshape(n, n) + count
            a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
            quads = np.stack([a, b, c, a, c, d] if sign > 0 else [a, c, b, a, d, c], -1)
            positions.append((core + outward * radius).reshape(-1, 3))
            normals.append(outward.reshape(-1, 3))
            triangles.append(quads.reshape(-1, 3))
            count += n * n
    standing = np.concatenate(positions) + np.array((0, half[1], 0))
    return _mesh(standing, np.concatenate(normals), np.concatenate(triangles))


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # From −0.5 to 0.5: the corners of a pentagon alone would not reach the sides of its box.
    low, high = values.min(), values.max()
    spread: NDArray[np.float64] = (values - low) / (high - low) - 0.5
    return spread


def _rim_line(inner: float, rim: NDArray[np.float64]) -> NDArray[np.float64]:
    # Where the rounded rim's vertices hang: at the two ends of the flat middle.
    return np.concatenate([np.full(len(rim), -inner), np.full(len(rim), inner)])


def _joined(one: Mesh, other: Mesh) -> Mesh:
    return _mesh(
        np.concatenate([one.positions, other.positions]),
        np.concatenate([one.normals, other.normals]),
        np.concatenate([one.triangles, other.triangles + np.uint32(len(one.positions))]),
    )


def _mesh(positions: ArrayLike, normals: ArrayLike, triangles: ArrayLike) -> Mesh:
    arrays = (
        np.ascontiguousarray(positions, np.float32),
        np.ascontiguousarray(normals, np.float32),
        np.ascontiguousarray(triangles, np.uint32),
    )
    # Shared between every instance and scene: nobody may write to them.
    for array in arrays:
        array.setflags(write=False)
    return Mesh(*arrays)
