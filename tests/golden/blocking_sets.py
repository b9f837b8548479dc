"""Small scenes of boxes and balls, and a ray caster that knows nothing of OpenGL, to judge the passes by."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.math3d import compose, normalised, quaternion_from_euler, scaling_matrix
from director.scene.mesh import Mesh
from director.scene.state import InstanceBatch, SceneState
from director.types import CameraState, Lamp, SceneObject, Vector, View

Matrices = NDArray[np.float64]

SUN: Vector = (0.48, 0.76, 0.44)


def box_mesh() -> Mesh:
    """A cube of 1 m, centred on its base."""
    positions: list[Any] = []
    normals: list[Any] = []
    triangles: list[list[int]] = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            n, u = np.zeros(3), np.zeros(3)
            n[axis], u[(axis + 1) % 3] = sign, 1.0
            v = np.cross(n, u)
            first = len(positions)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                positions.append((n + a * u + b * v) / 2 + (0, 0.5, 0))
                normals.append(n)
            triangles += [[first, first + 1, first + 2], [first, first + 2, first + 3]]
    return _mesh(positions, normals, triangles)


def ball_mesh(around: int = 16, along: int = 10) -> Mesh:
    """A ball of 1 m across that touches the ground at the origin."""
    positions, triangles = [], []
    for i in range(along + 1):
        for j in range(around + 1):
            polar, turn = math.pi * i / along, 2 * math.pi * j / around
            positions.append(
                (math.sin(polar) * math.cos(turn), math.cos(polar), math.sin(polar) * math.sin(turn))
            )
    for i in range(along):
        for j in range(around):
            a = i * (around + 1) + j
            b = a + around + 1
            triangles += [[a, a + 1, b], [a + 1, b + 1, b]]
    normals = np.array(positions)
    return _mesh(normals / 2 + (0, 0.5, 0), normals, triangles)


def sheet_mesh() -> Mesh:
    """A square of 1 m that faces up: not solid, and to be seen from both sides."""
    corners = [(-0.5, 0, -0.5), (-0.5, 0, 0.5), (0.5, 0, 0.5), (0.5, 0, -0.5)]
    return _mesh(corners, [(0, 1, 0)] * 4, [[0, 1, 2], [0, 2, 3]])


def _mesh(positions: Any, normals: Any, triangles: Any) -> Mesh:
    return Mesh(
        np.asarray(positions, np.float32), np.asarray(normals, np.float32), np.asarray(triangles, np.uint32)
    )


@dataclass(frozen=True)
class Thing:
    """One object of a test scene; it drifts by `velocity` and turns about Y by `spin` (radians a second)."""

    mesh: str
    position: Vector
    size: Vector = (1.0, 1.0, 1.0)
    yaw: float = 0.0
    pitch: float = 0.0
    colour: Vector = (0.6, 0.6, 0.6)
    velocity: Vector = (0.0, 0.0, 0.0)
    spin: float = 0.0
    class_name: str = "box"

    def world_from_mesh(self, time_s: float) -> Matrices:
        position = np.add(self.position, np.multiply(self.velocity, time_s))
        turn = quaternion_from_euler(self.yaw + self.spin * time_s, self.pitch, 0.0)
        return compose(position, turn, self.size)


@dataclass(frozen=True)
class Range:
    near_m: float = 0.3
    far_m: float = 60.0


class TestSet:
    """Things made ready for drawing: what a compiled scene is to the conditioner."""

    __test__ = False

    def __init__(self, things: list[Thing], lamps: tuple[Lamp, ...] = (), sun: Vector = SUN) -> None:
        self.things = things
        self.lamps = lamps
        self.sun = vector_of(normalised(sun))
        self.scene = Range()
        self.meshes = {"box": box_mesh(), "ball": ball_mesh(), "sheet": sheet_mesh()}
        self.objects = tuple(
            SceneObject(i + 1, f"thing {i + 1}", t.class_name, "", t.colour, t.size)
            for i, t in enumerate(things)
        )

    def at(self, time_s: float) -> SceneState:
        batches = {}
        for key in self.meshes:
            mine = [(i, t) for i, t in enumerate(self.things) if t.mesh == key]
            if mine:
                batches[key] = InstanceBatch(
                    np.array([i + 1 for i, _ in mine], np.uint16),
                    np.array([t.world_from_mesh(time_s) for _, t in mine], np.float32),
                    np.array([scaling_matrix(t.size) for _, t in mine], np.float32),
                    np.array([t.colour for _, t in mine], np.float32),
                )
        world = np.array([t.world_from_mesh(time_s) for t in self.things], np.float32)
        return SceneState(time_s, self.meshes, batches, self.objects, world, self.sun, self.lamps)


def random_set(seed: int, count: int = 14) -> TestSet:
    """A floor and `count` things about the origin, some of them moving."""
    rng = np.random.default_rng(seed)
    things = [Thing("box", (0, -0.4, 0), (30, 0.4, 30), colour=(0.5, 0.5, 0.48))]
    for _ in range(count):
        x, y, z = rng.uniform(-5, 5), rng.uniform(0, 2), rng.uniform(-6, 4)
        moves = rng.random() < 0.4
        things.append(
            Thing(
                str(rng.choice(["box", "ball", "sheet"])),
                (x, y, z),
                vector_of(rng.uniform(0.5, 2.2, 3)),
                rng.uniform(0, 6.3),
                rng.uniform(-1, 1),
                vector_of(rng.uniform(0.2, 0.9, 3)),
                vector_of(rng.uniform(-2, 2, 3)) if moves else (0.0, 0.0, 0.0),
                rng.uniform(-2, 2) if moves else 0.0,
            )
        )
    return TestSet(things)


def camera(position: Vector, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0) -> CameraState:
    return CameraState(position, quaternion_from_euler(yaw, pitch, roll))


def cut_to(state: CameraState) -> CameraState:
    return replace(state, is_cut=True)


def vector_of(values: Any) -> Vector:
    x, y, z = values
    return (float(x), float(y), float(z))


@dataclass(frozen=True)
class Hits:
    """What rays met, float64: object id (0 nothing), depth along the view axis, the point in the world and in
    the space of its mesh, the triangle's normal towards the ray, and the row of `TestSet.things`."""

    object_id: NDArray[np.int64]
    depth: Matrices
    world: Matrices
    mesh_point: Matrices
    normal: Matrices


def pixel_rays(view: View, width: int, height: int) -> tuple[Matrices, Matrices]:
    """Eye float64[3] and directions float64[h, w, 3] (1 long along the view axis) through pixels' middles,
    by inverting the whole projection."""
    x = (np.arange(width) + 0.5) / width * 2 - 1
    y = 1 - (np.arange(height) + 0.5) / height * 2
    ndc = np.stack(np.broadcast_arrays(x[None, :], y[:, None], 0.5, 1.0), axis=-1)
    world = ndc @ np.linalg.inv(view.clip_from_view @ view.view_from_world).T
    world = world[..., :3] / world[..., 3:]
    eye = np.linalg.inv(view.view_from_world)[:3, 3]
    direction = world - eye
    along: Matrices = -(direction @ view.view_from_world[2, :3])[..., None]
    return np.asarray(eye, np.float64), np.asarray(direction / along, np.float64)


def cast(subject: TestSet, time_s: float, origins: Matrices, directions: Matrices, near: float = 0.0) -> Hits:
    """The nearest triangle each ray meets farther than `near` (in lengths of the ray), by trying them all.

    T. Möller and B. Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection", 1997.
    """
    shape = np.broadcast_shapes(origins.shape, directions.shape)
    start = np.broadcast_to(origins, shape).reshape(-1, 3)
    rays = np.broadcast_to(directions, shape).reshape(-1, 3)
    best = np.full(len(rays), np.inf)
    ids = np.zeros(len(rays), np.int64)
    normal = np.zeros((len(rays), 3))
    for row, thing in enumerate(subject.things):
        matrix = thing.world_from_mesh(time_s)
        mesh = subject.meshes[thing.mesh]
        corners = mesh.positions.astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
        radius = np.linalg.norm(corners - middle, axis=1).max()
        # Only rays that pass the object's sphere are worth trying.
        unit = rays / np.linalg.norm(rays, axis=1, keepdims=True)
        apart = np.linalg.norm(np.cross(middle - start, unit), axis=1)
        near_by = np.flatnonzero(apart <= radius + 1e-9)
        for a, b, c in corners[mesh.triangles.astype(np.int64)]:
            ab, ac = b - a, c - a
            p = np.cross(rays[near_by], ac)
            determinant = p @ ab
            with np.errstate(divide="ignore", invalid="ignore"):
                s = start[near_by] - a
                u = np.einsum("ij,ij->i", s, p) / determinant
                q = np.cross(s, ab)
                v = np.einsum("ij,ij->i", rays[near_by], q) / determinant
                t = q @ ac / determinant
                met = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > near) & (t < best[near_by])
            which = near_by[met]
            best[which], ids[which] = t[met], row + 1
            n = np.cross(ab, ac)
            n = n / max(np.linalg.norm(n), 1e-12)
            normal[which] = np.where((rays[which] @ n > 0)[:, None], -n, n)
    world = start + rays * np.where(np.isfinite(best), best, 0)[:, None]
    point = np.zeros_like(world)
    for row, thing in enumerate(subject.things):
        mine = ids == row + 1
        inverse = np.linalg.inv(thing.world_from_mesh(time_s))
        point[mine] = world[mine] @ inverse[:3, :3].T + inverse[:3, 3]
    leading = shape[:-1]
    return Hits(
        ids.reshape(leading),
        best.reshape(leading),
        world.reshape(shape),
        point.reshape(shape),
        normal.reshape(shape),
    )


def inner(labels: NDArray[Any], reach: int = 1) -> NDArray[np.bool_]:
    """bool[h, w]: pixels whose whole neighbourhood holds one label; the picture's rim is left out."""
    same = np.zeros(labels.shape, np.bool_)
    height, width = labels.shape
    middle = labels[reach:-reach, reach:-reach]
    inside = np.ones(middle.shape, np.bool_)
    for dy in range(2 * reach + 1):
        for dx in range(2 * reach + 1):
            inside &= labels[dy : dy + height - 2 * reach, dx : dx + width - 2 * reach] == middle
    same[reach:-reach, reach:-reach] = inside
    return same
