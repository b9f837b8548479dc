"""Meshes to build finished things from: metres, in the thing's own object space, as many as are needed.

Everything gives a `Mesh` with outward faces; `merged` makes one of many, which is far quicker to draw.
Boxes are given by their lowest and highest corner, so that pieces line up without arithmetic in the head.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from director.scene import shapes
from director.scene.mesh import Mesh

__all__ = [
    "blob",
    "bump_box",
    "cushion",
    "disc",
    "extruded",
    "lathe",
    "merged",
    "moved",
    "plain_mesh",
    "ring_skin",
    "slab",
    "tube",
    "turned",
]

Floats = NDArray[Any]


def moved(mesh: Mesh, matrix: ArrayLike) -> Mesh:
    """The mesh under an affine map [4, 4]; a mirroring one keeps its faces outwards."""
    m = np.asarray(matrix, np.float64)
    positions = mesh.positions @ m[:3, :3].T + m[:3, 3]
    normals = mesh.normals @ np.linalg.inv(m[:3, :3])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    triangles = mesh.triangles if np.linalg.det(m[:3, :3]) > 0 else mesh.triangles[:, ::-1]
    return plain_mesh(positions, normals, triangles)


def turned(
    mesh: Mesh, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0, at: ArrayLike = (0, 0, 0)
) -> Mesh:
    """Turned about its own origin (radians: roll about z first, then pitch about x, yaw about y), then put
    at a place."""
    (cy, sy), (cp, sp), (cr, sr) = ((math.cos(a), math.sin(a)) for a in (yaw, pitch, roll))
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = about_y @ about_x @ about_z
    matrix[:3, 3] = np.asarray(at, np.float64)
    return moved(mesh, matrix)


def merged(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of many. Raises ValueError for none."""
    many = list(meshes)
    if not many:
        raise ValueError("nothing to merge")
    starts = np.cumsum([0, *(len(mesh.positions) for mesh in many[:-1])])
    return plain_mesh(
        np.concatenate([mesh.positions for mesh in many]),
        np.concatenate([mesh.normals for mesh in many]),
        np.concatenate([mesh.triangles + start for mesh, start in zip(many, starts, strict=True)]),
    )


def slab(low: Sequence[float], high: Sequence[float]) -> Mesh:
    """A box with hard edges between two corners."""
    low_, high_ = np.minimum(low, high), np.maximum(low, high)
    size = np.maximum(high_ - low_, 1e-4)
    matrix = np.diag([*size, 1.0])
    matrix[:3, 3] = [(low_[0] + high_[0]) / 2, low_[1], (low_[2] + high_[2]) / 2]
    return moved(shapes.box(), matrix)


def bump_box(low: Sequence[float], high: Sequence[float], radius: float) -> Mesh:
    """A box with rounded edges between two corners; the radius shrinks to fit."""
    low_, high_ = np.minimum(low, high), np.maximum(low, high)
    x, y, z = (max(float(v), 1e-3) for v in high_ - low_)
    mesh = shapes.rounded_box((x, y, z), min(radius, 0.49 * min(x, y, z)))
    return turned(mesh, at=((low_[0] + high_[0]) / 2, low_[1], (low_[2] + high_[2]) / 2))


def cushion(low: Sequence[float], high: Sequence[float], fullness: float = 0.5) -> Mesh:
    """A superellipsoid between two corners: 0 nearly a box, 1 an egg."""
    low_, high_ = np.minimum(low, high), np.maximum(low, high)
    power = 0.16 + 0.84 * fullness
    u = np.linspace(-math.pi, math.pi, 25)
    v = np.linspace(-math.pi / 2, math.pi / 2, 13)
    cu, su, cv, sv = (
        _signed_power(f(a), power) for a, f in ((u, np.cos), (u, np.sin), (v, np.cos), (v, np.sin))
    )
    rings = np.stack(
        [cv[:, None] * su[None], np.broadcast_to(sv[:, None], (13, 25)), cv[:, None] * cu[None]], -1
    )
    return _grid((rings * 0.5 + 0.5) * (high_ - low_) + low_)


def blob(
    centre: Sequence[float], size: Sequence[float], roughness: float, seed: int, detail: int = 18
) -> Mesh:
    """An egg with a lumpy skin: rocks, hair, clumps of leaves. `roughness` is a share of the radius."""
    random = np.random.default_rng([seed, 77])
    u = np.linspace(-math.pi, math.pi, detail + 1)
    v = np.linspace(-math.pi / 2, math.pi / 2, detail // 2 + 1)
    skin = np.stack(
        [
            np.cos(v)[:, None] * np.sin(u)[None],
            np.broadcast_to(np.sin(v)[:, None], (len(v), len(u))),
            np.cos(v)[:, None] * np.cos(u)[None],
        ],
        -1,
    )
    lumps = np.zeros(skin.shape[:2])
    for frequency, amount in ((1.6, 0.55), (3.3, 0.3), (6.7, 0.15)):
        for direction in random.normal(size=(4, 3)):
            lumps += amount / 2 * np.sin(skin @ (direction * frequency) + random.uniform(0, 6.3))
    return _grid(skin * (1 + roughness * lumps[..., None]) * np.asarray(size) / 2 + np.asarray(centre))


def lathe(
    profile: Sequence[tuple[float, float]], sides: int = 20, at: Sequence[float] = (0.0, 0.0, 0.0)
) -> Mesh:
    """A solid of revolution about y: (radius, height) from the lowest point up; closed at both ends.
    Corners are hard where the profile turns by more than about 40°."""
    turn = np.linspace(0, 2 * math.pi, sides + 1)
    points = [(0.0, profile[0][1]), *profile, (0.0, profile[-1][1])]
    meshes = []
    run = [points[0]]
    for i in range(1, len(points)):
        run.append(points[i])
        if i + 1 < len(points) and _angle(points[i - 1], points[i], points[i + 1]) < 0.7:
            continue
        rings = np.array([[(r * math.sin(a), y, r * math.cos(a)) for a in turn] for r, y in run], np.float64)
        meshes.append(_grid(rings + np.asarray(at)))
        run = [points[i]]
    return merged(meshes)


def tube(path: ArrayLike, radius: float | Sequence[float], sides: int = 10) -> Mesh:
    """A round rod along points [n, 3]; a radius for all or one for each. Closed at both ends."""
    points = np.asarray(path, np.float64)
    radii = np.broadcast_to(np.asarray(radius, np.float64), (len(points),))
    ahead = np.gradient(points, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    helper = np.array([0.0, 1.0, 0.0]) if abs(ahead[0, 1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    turn = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    rings = []
    for point, along, r in zip(points, ahead, radii, strict=True):
        side = np.cross(helper, along)
        side /= max(float(np.linalg.norm(side)), 1e-9)
        up = np.cross(along, side)
        helper = up
        rings.append(point + r * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * up))
    return ring_skin(np.array(rings))


def ring_skin(rings: ArrayLike) -> Mesh:
    """A smooth closed skin over rings [k, sides, 3], each counter-clockwise seen from the last towards the
    first."""
    return shapes.ring_mesh(np.asarray(rings, np.float64))


def disc(centre: Sequence[float], radius: float, thickness: float, axis: str = "x", sides: int = 24) -> Mesh:
    """A flat cylinder about an axis: wheels, plates, clocks."""
    mesh = lathe([(radius, -thickness / 2), (radius, thickness / 2)], sides)
    roll, pitch = (math.pi / 2, 0.0) if axis == "x" else (0.0, math.pi / 2 if axis == "z" else 0.0)
    return turned(mesh, 0.0, pitch, roll, centre)


def extruded(outline: ArrayLike, low: float, high: float, axis: str = "x") -> Mesh:
    """A prism over a simple outline [n, 2] (either sense), from `low` to `high` along an axis. The
    outline's coordinates are (z, y) for x, (x, z) for y, (x, y) for z."""
    points = np.asarray(outline, np.float64)
    if _area(points) < 0:
        points = points[::-1]
    caps = _ears(points)
    corners = []
    for level in (low, high):
        fixed = np.full(len(points), level)
        corners.append(
            {
                "x": np.stack([fixed, points[:, 1], points[:, 0]], 1),
                "y": np.stack([points[:, 0], fixed, points[:, 1]], 1),
                "z": np.stack([points[:, 0], points[:, 1], fixed], 1),
            }[axis]
        )
    near, far = corners
    faces: list[Floats] = [far[list(ear)] for ear in caps] + [near[list(ear)][::-1] for ear in caps]
    for i in range(len(points)):
        j = (i + 1) % len(points)
        faces.append(np.array([near[i], near[j], far[j], far[i]]))
    mesh = shapes.flat_mesh(faces)
    # (z, y) and (x, z) are left-handed in their plane.
    return mesh if axis == "z" else plain_mesh(mesh.positions, -mesh.normals, mesh.triangles[:, ::-1])


def _signed_power(values: Floats, power: float) -> Floats:
    return np.asarray(np.sign(values) * np.abs(values) ** power)


def _grid(points: Floats) -> Mesh:
    """A skin over points [rows, columns, 3] whose rows rise and whose columns run counter-clockwise about
    y from +z towards +x."""
    rows, columns, _ = points.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    triangles = np.concatenate(
        [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    )
    flat = points.reshape(-1, 3)
    across = np.cross(
        flat[triangles[:, 1]] - flat[triangles[:, 0]], flat[triangles[:, 2]] - flat[triangles[:, 0]]
    )
    kept = np.linalg.norm(across, axis=1) > 1e-12
    triangles, across = triangles[kept], across[kept]
    normals = np.zeros_like(flat)
    for k in range(3):
        np.add.at(normals, triangles[:, k], across)
    # The seam's two columns, and the vertices of a pole, are one place.
    folded = normals.reshape(rows, columns, 3)
    if np.allclose(points[:, 0], points[:, -1], atol=1e-9):
        folded[:, 0] = folded[:, -1] = folded[:, 0] + folded[:, -1]
    for pole in (0, -1):
        if np.allclose(points[pole], points[pole, :1], atol=1e-9):
            folded[pole] = folded[pole].sum(0)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return plain_mesh(flat, normals, triangles)


def _angle(a: Sequence[float], b: Sequence[float], c: Sequence[float]) -> float:
    one, two = np.subtract(b, a), np.subtract(c, b)
    length = float(np.linalg.norm(one) * np.linalg.norm(two))
    return math.pi if length < 1e-12 else math.acos(max(-1.0, min(1.0, float(one @ two) / length)))


def _area(points: Floats) -> float:
    x, y = points[:, 0], points[:, 1]
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _ears(points: Floats) -> list[tuple[int, int, int]]:
    """Triangles of a simple counter-clockwise polygon, by cutting off ears (Meisters, 1975)."""
    left = list(range(len(points)))
    found = []
    while len(left) > 3:
        for i in range(len(left)):
            a, b, c = left[i - 1], left[i], left[(i + 1) % len(left)]
            if _area(points[[a, b, c]]) <= 1e-12:
                continue
            if not any(_inside(points[p], points[[a, b, c]]) for p in left if p not in (a, b, c)):
                found.append((a, b, c))
                left.pop(i)
                break
        else:
            left.pop(0)  # what is left has no area
    found.append((left[0], left[1], left[2]))
    return found


def _inside(point: Floats, triangle: Floats) -> bool:
    return all(_area(np.array([triangle[k], triangle[(k + 1) % 3], point])) >= 0 for k in range(3))


def plain_mesh(positions: ArrayLike, normals: ArrayLike, triangles: ArrayLike) -> Mesh:
    """A mesh of arrays of any type."""
    return Mesh(
        np.ascontiguousarray(positions, np.float32),
        np.ascontiguousarray(normals, np.float32),
        np.ascontiguousarray(triangles, np.uint32),
    )
