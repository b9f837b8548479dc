"""What is drawn: a scene's meshes and instances as OpenGL buffers, sent again only where they changed."""

from collections.abc import Iterator
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.scene.bent import rest_of
from director.scene.detail import levels_of
from director.scene.mesh import Mesh
from director.scene.solid import is_solid
from director.scene.state import InstanceBatch, SceneState

__all__ = ["FIXED", "PLACED_FLOATS", "Geometry", "MeshBuffers"]

# What of an instance never moves, as it lies in memory.
FIXED = np.dtype([("object_from_mesh", np.float32, 12), ("colour", np.uint8, 4), ("id", np.uint32)])
# What moves: three rows of world_from_mesh, then three of where it was at the previous tick.
PLACED_FLOATS = 24


@dataclass(frozen=True, slots=True, eq=False)
class MeshBuffers:
    """One mesh on the graphics side: interleaved positions and normals, and for each level of detail, from
    fine to coarse, its indices (and the same as uint32[t, 3]) and the pixel, in metres, from which on it will
    do. `rest` has the vertices as they are where nothing bends them: what sticks to surfaces is told from
    there."""

    vertices: moderngl.Buffer
    indices: tuple[moderngl.Buffer, ...]
    cells_m: tuple[float, ...]
    rest: moderngl.Buffer
    triangles: tuple[NDArray[np.uint32], ...]


class _Rows:
    """The rows [first, last) of all instances that show one mesh, and what they were last filled from."""

    def __init__(self, mesh: Mesh, first: int, batch: InstanceBatch) -> None:
        self.slice = slice(first, first + len(batch.object_id))
        self.is_solid = is_solid(mesh)
        self.is_mirrored = False
        self.version = 0
        self.filled_from: tuple[object, object] = (None, None)
        self.fixed_from: tuple[object, object, object] = (None, None, None)
        # The batch last shown, and whether it stood still then.
        self.shown: tuple[InstanceBatch | None, bool] = (None, False)
        self.bend_to(mesh)

    def bend_to(self, mesh: Mesh) -> None:
        """Take over the mesh, or the same one in a new shape."""
        self.mesh = mesh
        # What is told of its box must be told anew, even where its instances stand still.
        self.is_bent = True
        self.shown, self.filled_from = (None, False), (None, None)
        low, high = mesh.positions.min(axis=0), mesh.positions.max(axis=0)
        self.centre = np.append((low + high) / 2, 1).astype(np.float32)
        x, y, z = (high - low) / 2
        # One of each pair of opposite corners; the farthest of them bounds the box under any affine map.
        self.corners = np.array([[x, y, z], [-x, y, z], [x, -y, z], [x, y, -z]], np.float32)
        self.half = np.asarray((high - low) / 2, np.float32)


def _interleaved(mesh: Mesh) -> bytes:
    return np.hstack([mesh.positions, mesh.normals]).astype(np.float32).tobytes()


def _release(buffers: MeshBuffers) -> None:
    buffers.vertices.release()
    if buffers.rest is not buffers.vertices:
        buffers.rest.release()
    for indices in buffers.indices:
        indices.release()


class Geometry:
    """All instances of a scene in rows, grouped by mesh, in an order that lasts while the scene does.

    placed   float32[n, 24]  world_from_mesh and its previous, three rows each
    fixed    FIXED[n]
    centre, radius  float32[n, 3], float32[n]: world spheres that hold each instance
    half_axes float32[n, 3, 3]: in columns, from `centre` to the middles of three faces of its mesh's box
    unit_from_world float32[n, 3, 4]: that box becomes −1..1
    `layout` counts new scenes, `versions[i]` the changes of the rows of mesh i.
    """

    def __init__(self, context: moderngl.Context, is_rigid: bool = False) -> None:
        """`is_rigid` where meshes lie in their objects' own space (object_from_mesh is the identity), and are
        only turned and moved: they then have coarser levels too, to be drawn where they are far away."""
        self._context = context
        self.is_rigid = is_rigid
        self._rows: list[_Rows] = []
        self._keys: tuple[str, ...] = ()
        self.slices: list[slice] = []
        """The rows of each mesh, in order."""
        self.buffers: list[MeshBuffers] = []
        self.layout = 0
        self._allocate(0)

    def _allocate(self, count: int) -> None:
        self.placed = np.empty((count, PLACED_FLOATS), np.float32)
        self.fixed = np.empty(count, FIXED)
        self.centre = np.empty((count, 3), np.float32)
        self.radius = np.empty(count, np.float32)
        self.half_axes = np.empty((count, 3, 3), np.float32)
        self.unit_from_world = np.empty((count, 3, 4), np.float32)

    def hides_its_back(self, eye: NDArray[np.float64] | None, reach_m: float) -> list[bool]:
        """Of each mesh: whether every instance is solid and seen from outside, so that faces turned away
        never show and need not be drawn. `eye` is the camera in the world, None the sun: outside of all;
        `reach_m` is how far the corners of its near plane are."""
        may = [rows.is_solid and not rows.is_mirrored for rows in self._rows]
        if eye is None or not may:
            return may
        turn = self.unit_from_world[:, :, :3]
        at = turn @ np.asarray(eye, np.float32) + self.unit_from_world[:, :, 3]
        reach = 1 + 1.1 * reach_m * np.sqrt(np.square(turn).sum(axis=2))
        held = (np.abs(at) <= reach).all(axis=1)
        # Every mesh has instances: no slice is empty.
        holds = np.logical_or.reduceat(held, [where.start for where in self.slices])
        hides: list[bool] = (np.array(may) & ~holds).tolist()
        return hides

    def distances_m(self, eye: NDArray[np.float64]) -> NDArray[np.float32]:
        """float32[n]: from the camera to each instance's box; 0 inside. Of rigid geometry only."""
        at = np.asarray(eye, np.float32)
        unit = self.unit_from_world[:, :, :3] @ at + self.unit_from_world[:, :, 3]
        nearest = np.clip(unit, -1, 1)[:, None, :] * self.half_axes
        away = self.centre + nearest.sum(axis=2) - at
        return np.asarray(np.sqrt(np.square(away).sum(axis=1)), np.float32)

    @property
    def meshes(self) -> list[Mesh]:
        """Each mesh as it is now: bent, where something bends it."""
        return [rows.mesh for rows in self._rows]

    @property
    def versions(self) -> list[int]:
        """Of each mesh's rows; a number that grows when any of them changes."""
        return [rows.version for rows in self._rows]

    def update(self, state: SceneState, previous: SceneState | None) -> None:
        """Take over a scene at a time, and where its instances were before (None: where they are now)."""
        if not self._fits(state):
            self._lay_out(state)
        for key, rows, buffers in zip(self._keys, self._rows, self.buffers, strict=True):
            batch, mesh = state.batches[key], state.meshes[key]
            if mesh is not rows.mesh:
                rows.bend_to(mesh)
                buffers.vertices.write(_interleaved(mesh))
            before = previous.batches.get(key) if previous is not None else None
            if rows.shown[0] is batch and (before is None or before is batch) and rows.shown[1]:
                continue
            if before is None or len(before.object_id) != len(batch.object_id):
                before = batch
            self._place(rows, batch.world_from_mesh, before.world_from_mesh)
            self._fix(rows, batch)
            rows.shown = batch, before is batch

    def release(self) -> None:
        """Free the meshes' buffers."""
        for buffers in self.buffers:
            _release(buffers)
        self.buffers = []
        self.slices, self._rows, self._keys = [], [], ()

    def _fits(self, state: SceneState) -> bool:
        if tuple(state.batches) != self._keys:
            return False
        return all(
            rest_of(state.meshes[key]) is rest_of(rows.mesh)
            and len(state.batches[key].object_id) == rows.slice.stop - rows.slice.start
            for key, rows in zip(self._keys, self._rows, strict=True)
        )

    def _lay_out(self, state: SceneState) -> None:
        # Of an edited scene most meshes are those of before.
        before = {rest_of(rows.mesh): buffers for rows, buffers in zip(self._rows, self.buffers, strict=True)}
        self.buffers, self._rows = [], []
        self._keys = tuple(state.batches)
        first = 0
        for key in self._keys:
            mesh = state.meshes[key]
            rows = _Rows(mesh, first, state.batches[key])
            first = rows.slice.stop
            self._rows.append(rows)
            rest = rest_of(mesh)
            kept = before.pop(rest, None)
            if kept is not None and (rest is mesh) is (kept.rest is kept.vertices):
                if rest is not mesh:
                    kept.vertices.write(_interleaved(mesh))
                self.buffers.append(kept)
                continue
            if kept is not None:
                _release(kept)
            lists, cells_m = [np.ascontiguousarray(mesh.triangles, np.uint32)], [0.0]
            if self.is_rigid:
                levels = levels_of(mesh)
                # Of a mesh that vanishes altogether the last level that shows anything stays.
                levels = tuple(level for level in levels if len(level.triangles)) or levels[:1]
                lists, cells_m = [level.triangles for level in levels], [level.cell_m for level in levels]
            vertices = self._context.buffer(_interleaved(mesh))
            self.buffers.append(
                MeshBuffers(
                    vertices,
                    tuple(self._context.buffer(triangles.tobytes()) for triangles in lists),
                    tuple(cells_m),
                    vertices if rest is mesh else self._context.buffer(_interleaved(rest)),
                    tuple(lists),
                )
            )
        for buffers in before.values():
            _release(buffers)
        self.slices = [rows.slice for rows in self._rows]
        self._allocate(first)
        self.layout += 1

    def _place(self, rows: _Rows, world: NDArray[np.float32], before: NDArray[np.float32]) -> None:
        sources = (world, before)
        if rows.filled_from[0] is world and rows.filled_from[1] is before:
            return
        count = len(world)
        now, then = world[:, :3].reshape(count, 12), before[:, :3].reshape(count, 12)
        stored = self.placed[rows.slice]
        stands = not rows.is_bent and np.array_equal(stored[:, :12], now)
        if stands and np.array_equal(stored[:, 12:], then):
            rows.filled_from = sources
            return
        stored[:, :12], stored[:, 12:] = now, then
        if not stands:
            np.matmul(world[:, :3], rows.centre, out=self.centre[rows.slice])
            spread = rows.corners @ world[:, :3, :3].transpose(0, 2, 1)
            self.radius[rows.slice] = np.sqrt(np.square(spread).sum(axis=2).max(axis=1))
            np.multiply(world[:, :3, :3], rows.half, out=self.half_axes[rows.slice])
            self._invert(rows, world)
        rows.is_bent = False
        rows.version += 1
        rows.filled_from = sources

    def _invert(self, rows: _Rows, world: NDArray[np.float32]) -> None:
        half = np.maximum(rows.half, 1e-6)[:, None]
        if self.is_rigid:
            # What is only turned is turned back by its transpose.
            inverse = world[:, :3, :3].transpose(0, 2, 1) / half
        else:
            turn = world[:, :3, :3].astype(np.float64)
            determinant = np.linalg.det(turn)
            rows.is_mirrored = bool((determinant <= 0).any())
            # What is squashed flat holds no camera: any matrix will do.
            turn[np.abs(determinant) < 1e-12] = np.eye(3)
            inverse = np.linalg.inv(turn) / half
        made = self.unit_from_world[rows.slice]
        made[:, :, :3] = inverse
        made[:, :, 3] = -(inverse @ self.centre[rows.slice][:, :, None])[:, :, 0]

    def _fix(self, rows: _Rows, batch: InstanceBatch) -> None:
        sources = (batch.object_id, batch.object_from_mesh, batch.colour)
        if all(old is new for old, new in zip(rows.fixed_from, sources, strict=True)):
            return
        count = len(batch.object_id)
        made = np.zeros(count, FIXED)
        made["object_from_mesh"] = batch.object_from_mesh[:, :3].reshape(count, 12)
        made["colour"][:, :3] = np.rint(np.clip(batch.colour, 0, 1) * 255)
        made["colour"][:, 3] = 255
        made["id"] = batch.object_id
        if rows.fixed_from[0] is None or not np.array_equal(self.fixed[rows.slice], made):
            self.fixed[rows.slice] = made
            rows.version += 1
        rows.fixed_from = sources

    def __iter__(self) -> Iterator[tuple[MeshBuffers, slice]]:
        return iter(zip(self.buffers, self.slices, strict=True))
