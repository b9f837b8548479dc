"""Solids to finish one by one: a thing is one of them, or an array of equal ones.

A builder of furniture or trees sees only a `Solid`; `each` carries it over the copies of an array, and
gathers what was built into one mesh a stuff.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from director.scene.finish.forms import lathe, merged, moved, plain_mesh, turned
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.types import Vector

__all__ = [
    "Build",
    "Floats",
    "Heap",
    "Profile",
    "Solid",
    "copies",
    "each",
    "skin",
    "waves",
    "wheel_turned",
]

Floats = NDArray[Any]
Profile = list[tuple[float, float]]

_VARIANTS = 6
_ARRAY_TRIANGLES = 24_000


@dataclass(frozen=True, slots=True)
class Solid:
    """One solid as blocked, base in the origin: x ±size/2, y 0..size, z ±size/2, metres.

    `top` is the share of its width left at the top (cones), `round_m` the rounding of a box's edges and
    `budget` about how many triangles it may become.
    """

    shape: str
    size: Vector
    seed: int
    budget: int = 6000
    top: float = 1.0
    sides: int = 32
    round_m: float = 0.0

    @property
    def random(self) -> np.random.Generator:
        """A fresh generator, the same at every call."""
        return np.random.default_rng([self.seed, 41])

    @property
    def low(self) -> Vector:
        return (-self.size[0] / 2, 0.0, -self.size[2] / 2)

    @property
    def high(self) -> Vector:
        return (self.size[0] / 2, self.size[1], self.size[2] / 2)


class Heap:
    """Meshes by stuff."""

    def __init__(self) -> None:
        self._meshes: dict[str, list[Mesh]] = defaultdict(list)

    def add(self, stuff: str, *meshes: Mesh) -> None:
        """Lay meshes on the heap of a stuff."""
        self._meshes[stuff] += meshes

    def take(self, other: "Heap", at: Sequence[float] = (0.0, 0.0, 0.0), yaw: float = 0.0) -> None:
        """Lay another heap on this one, turned about y (radians) and put at a place."""
        for stuff, mesh in other.joined().items():
            self.add(stuff, turned(mesh, yaw, at=at))

    def joined(self) -> dict[str, Mesh]:
        """One mesh a stuff."""
        return {stuff: merged(meshes) for stuff, meshes in self._meshes.items() if meshes}


Build = Callable[[Solid], Heap | None]


def each(build: Build, up_to_m: float = math.inf) -> Callable[[Thing], Sequence[Piece] | None]:
    """What finishes a thing by building each solid it consists of. Figures, meshes of files, walls and
    stairs stay as they are, as does what `build` answers None to and what is longer than `up_to_m`: a sofa
    of fifty metres is a building."""

    def finish(thing: Thing) -> Sequence[Piece] | None:
        if max(getattr(thing.proxy, "size", thing.size_m)) > up_to_m:
            return None
        if thing.kind == "array":
            return _array(thing, build)
        solid = _solid(thing)
        heap = build(solid) if solid is not None else None
        if heap is None:
            return None
        return [Piece(mesh, stuff) for stuff, mesh in heap.joined().items()]

    return finish


def _solid(thing: Thing) -> Solid | None:
    if thing.kind not in ("box", "sphere", "cylinder", "cone", "plane", "ramp"):
        return None
    return Solid(
        thing.kind,
        thing.size_m,
        thing.seed,
        top=float(getattr(thing.proxy, "top_share", 1.0)),
        sides=int(getattr(thing.proxy, "sides", 32)),
        round_m=float(getattr(thing.proxy, "round_m", 0.0)),
    )


def _array(thing: Thing, build: Build) -> Sequence[Piece] | None:
    """A few variants at the items' size, each scaled to its items: they vary in size, not in shape."""
    shape = str(getattr(thing.proxy, "shape", "box"))
    size: Vector = getattr(thing.proxy, "size", thing.size_m)
    matrices = np.stack([part.object_from_mesh for part in thing.parts])
    matrices = matrices @ np.diag([1 / size[0], 1 / size[1], 1 / size[2], 1.0])
    which = np.random.default_rng([thing.seed, 43]).integers(0, _VARIANTS, len(matrices))
    budget = max(40, min(6000, _ARRAY_TRIANGLES // len(matrices)))
    found: dict[str, list[Mesh]] = defaultdict(list)
    for variant in np.unique(which):
        heap = build(
            Solid(
                shape,
                size,
                thing.seed * _VARIANTS + int(variant),
                budget,
                top=0.0 if shape == "cone" else 1.0,
                sides=16,
            )
        )
        if heap is None:
            return None
        for stuff, mesh in heap.joined().items():
            found[stuff].append(copies(mesh, matrices[which == variant]))
    return [Piece(merged(meshes), stuff) for stuff, meshes in found.items()]


def copies(mesh: Mesh, matrices: ArrayLike) -> Mesh:
    """One mesh of a mesh under many affine maps [n, 4, 4] that do not mirror."""
    m = np.asarray(matrices, np.float64).reshape(-1, 4, 4)
    positions = np.einsum("nij,vj->nvi", m[:, :3, :3], mesh.positions) + m[:, None, :3, 3]
    normals = np.einsum("nji,vj->nvi", np.linalg.inv(m[:, :3, :3]), mesh.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    count = len(mesh.positions)
    triangles = mesh.triangles[None].astype(np.int64) + count * np.arange(len(m))[:, None, None]
    return plain_mesh(positions.reshape(-1, 3), normals.reshape(-1, 3), triangles.reshape(-1, 3))


def skin(points: Floats, closed: bool = False) -> Mesh:
    """A smooth sheet over points [rows, columns, 3]; outside is where rows × columns turn right-handed:
    with rows going up and columns going counter-clockwise (seen from above), outwards. `closed` joins the
    last column to the first."""
    rows, columns, _ = points.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        index = np.concatenate([index, index[:, :1]], 1)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    triangles = np.concatenate(
        [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    )
    flat = points.reshape(-1, 3)
    corner = flat[triangles]
    across = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    normals = np.stack(
        [
            sum(np.bincount(triangles[:, k], across[:, axis], len(flat)) for k in range(3))
            for axis in range(3)
        ],
        -1,
    )
    kept = np.linalg.norm(across, axis=1) > 1e-14
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return plain_mesh(flat, normals, triangles[kept])


def waves(points: Floats, seed: int, length: float, octaves: int = 4) -> Floats:
    """Smooth noise of unit spread at points [..., n], from sines in random directions: `length` metres is
    its longest wave, and every octave halves the wave and the height."""
    random = np.random.default_rng([seed, 47])
    total = np.zeros(points.shape[:-1])
    weight = 0.0
    for octave in range(octaves):
        share = 0.5**octave
        for direction in random.normal(size=(4, points.shape[-1])):
            direction *= 2 * np.pi * 2**octave / (length * np.linalg.norm(direction))
            total += share * np.sin(points @ direction + random.uniform(0, 6.3))
        weight += 2 * share**2
    return np.asarray(total / np.sqrt(weight))


def wheel_turned(s: Solid, profile: Profile, sides: int = 28) -> Mesh:
    """A solid of revolution scaled to the box: radii up to 0.5, heights up to 1."""
    sides = sides if s.budget > 800 else 12
    return moved(lathe(profile, sides), np.diag([*s.size, 1.0]))
