"""The G-buffer drawn by kernels instead of OpenGL: where OpenGL runs on the processor, it is the slower way.

What is drawn is what gbuffer.vert and gbuffer.frag draw of rigid geometry, and sky.frag of the sky.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import TARGETS, GBuffer, view_block
from director.passes.geometry import Geometry
from director.passes.instances import boxes_visible, frustum_planes, levels_shown
from director.passes.kernels import compiler
from director.passes.shader import VIEW_BINDING
from director.passes.triangles import BLOCK, pool_of
from director.scene.state import SceneState
from director.types import View

__all__ = ["RASTERISED", "RasterisedGBuffer"]

RASTERISED: Final = frozenset({"depth", "object", "normal", "anchor"})
"""The targets that kernels draw."""

# So many blocks of triangles are one thread's at a time.
_BLOCKS_AT_ONCE: Final = 8
_RAYS: Final = slice(36, 48)


class RasterisedGBuffer(GBuffer):
    """As a GBuffer of rigid geometry: the same targets, within rounding, in arrays and in its textures."""

    def __init__(
        self,
        context: moderngl.Context,
        width: int,
        height: int,
        targets: Collection[str],
        geometry: Geometry,
        *,
        parts: int = 0,
    ) -> None:
        """Compiles the kernels, or loads them. `parts` is among how many threads a picture is shared out, 0
        for as many as there are: it changes no pixel. Raises as a GBuffer does, and ValueError for a target
        that is not RASTERISED or geometry that is not rigid."""
        if not set(targets) & TARGETS.keys() <= RASTERISED or not geometry.is_rigid:
            raise ValueError("kernels draw rigid geometry's depth, ids, normals and anchors, nothing else")
        super().__init__(context, width, height, targets, geometry)
        self._compiler = compiler()
        from director.passes.kernels import carried, surfaces

        self._seen, self._painted = carried.seen, surfaces.painted
        self._room = _Room()
        pixels = width * height
        self._nearest, self._name = np.empty(pixels, np.float32), np.empty(pixels, np.int32)
        self._arrays: dict[str, NDArray[Any]] = {
            "depth": np.empty(pixels, np.float32),
            "object": np.empty(pixels, np.uint16),
            "normal": np.empty((pixels if "normal" in self.textures else 0, 4), np.float16),
            "anchor": np.empty((pixels if "anchor" in self.textures else 0, 4), np.float32),
        }
        self._is_depth_written = False
        self._parts = parts or self._compiler.threads
        surfaces.prepare()

    def draw(self, state: SceneState, previous: SceneState | None, view: View) -> None:
        """Draw a scene. Nothing of it depends on `previous`."""
        self.geometry.update(state, previous)
        block = view_block(view, state.sun_direction, self.width, self.height)
        self.view_buffer.write(block)
        self.view_buffer.bind_to_uniform_block(VIEW_BINDING)
        self._rasterise(view, block[_RAYS])
        for name, texture in self.textures.items():
            texture.write(self._arrays[name])
        self._is_depth_written = False

    def pixels(self, name: str) -> NDArray[Any]:
        """As GBuffer has them; good until the next draw. Waits for nothing."""
        array = self._arrays[name]
        shown = array.reshape(self.height, self.width, *array.shape[1:])
        shown.flags.writeable = False
        return shown

    @property
    def depth_buffer(self) -> moderngl.Texture:
        """As GBuffer has it: 1 in the sky, and 0 elsewhere."""
        if not self._is_depth_written:
            self._depth.write(np.isinf(self._arrays["depth"]).astype(np.float32))
            self._is_depth_written = True
        return self._depth

    def _rasterise(self, view: View, rays: NDArray[np.float32]) -> None:
        geometry, pool = self.geometry, pool_of(self.geometry)
        pool.tidy(geometry)
        eye = inverse_rigid(view.view_from_world)[:3, 3]
        pixels_m = self._pixels_m(eye, view)
        count = len(geometry.radius)
        if self.culls:
            across, up = view.clip_from_view[0, 0], view.clip_from_view[1, 1]
            reach_m = view.near_m * math.hypot(1, 1 / across, 1 / up)
            visible = boxes_visible(frustum_planes(view.clip_from_world), geometry)
            hides = geometry.hides_its_back(eye, reach_m)
        else:
            visible, hides = np.ones(count, np.bool_), [False] * len(geometry.buffers)
        levels = levels_shown(geometry, visible, pixels_m)
        found = [
            (0, 0) if level < 0 else pool.find(mesh, buffers.triangles, level)
            for mesh, buffers, level in zip(geometry.meshes, geometry.buffers, levels, strict=True)
        ]
        instances = np.flatnonzero(visible)
        sizes = [where.stop - where.start for where in geometry.slices]
        meshes = np.repeat(np.arange(len(sizes)), sizes)[instances]
        turns = np.ascontiguousarray(geometry.placed[instances, :12])
        shown = _Shown(
            places=np.array(found, np.int64).reshape(-1, 2)[meshes],
            matrices=_matrices(turns, view, self.width, self.height),
            turns=turns,
            ids=geometry.fixed["id"][instances].astype(np.uint16),
            hides=np.array(hides, np.bool_)[meshes],
        )
        self._run(shown, rays, view.near_m, view.far_m)

    def _run(self, shown: "_Shown", rays: NDArray[np.float32], near_m: float, far_m: float) -> None:
        pool, room, arrays = pool_of(self.geometry), self._room, self._arrays
        room.fit(int(shown.places[:, 1].sum()) * BLOCK)
        runs = _runs(shown.places)
        kept = np.zeros(len(runs), np.int64)
        near, far = np.float32(near_m), np.float32(far_m)
        size = (self.width, self.height, self._parts)
        self._compiler.run(
            self._seen, pool.blocks, runs, shown.matrices, shown.hides, near, *size,
            room.shapes, room.boxes, room.fronts, room.sources, kept,
        )  # fmt: skip
        self._compiler.run(
            self._painted, runs, room.shapes, room.boxes, room.fronts, room.sources, kept,
            pool.corners, pool.vertices, shown.turns, shown.ids, rays, near, far, *size,
            self._nearest, self._name, arrays["depth"], arrays["object"],
            arrays["normal"].view(np.uint16), arrays["anchor"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """The instances that are drawn: of each its triangles' first block and number of blocks, its matrix as
    carried.seen has it, the rows of world_from_mesh, its id, and whether its backs never show."""

    places: NDArray[np.int64]
    matrices: NDArray[np.float32]
    turns: NDArray[np.float32]
    ids: NDArray[np.uint16]
    hides: NDArray[np.bool_]


class _Room:
    """Where the triangles that may show are kept, as carried.seen has them; it lasts, and grows."""

    def __init__(self) -> None:
        self._make(0)

    def fit(self, triangles: int) -> None:
        """Have room for so many."""
        if triangles > len(self.shapes):
            self._make(triangles + triangles // 4)

    def _make(self, triangles: int) -> None:
        self.shapes = np.empty((triangles, 9), np.float32)
        self.boxes = np.empty((triangles, 4), np.int16)
        self.fronts = np.empty(triangles, np.float32)
        self.sources = np.empty((triangles, 2), np.uint32)


def _runs(places: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64[r, 4] as carried.seen has them, of each one's first block and number of blocks, int64[i, 2]."""
    first, blocks = places[:, 0], places[:, 1]
    runs = -(-blocks // _BLOCKS_AT_ONCE)
    item = np.repeat(np.arange(len(places)), runs)
    before = _BLOCKS_AT_ONCE * (np.arange(len(item)) - np.repeat(np.cumsum(runs) - runs, runs))
    here = np.minimum(blocks[item] - before, _BLOCKS_AT_ONCE)
    return np.stack([item, first[item] + before, here, (np.cumsum(here) - here) * BLOCK], 1)


def _matrices(turns: NDArray[np.float32], view: View, width: int, height: int) -> NDArray[np.float32]:
    """float32[i, 12]: rows that give x · depth and y · depth, in pixels from the top left, and depth, metres,
    of what the rows of world_from_mesh, float32[i, 12], carry into the world."""
    x, y, _, w = view.clip_from_world
    rows = np.stack([(w + x) * (width / 2), (w - y) * (height / 2), w])
    made = rows[:, :3] @ turns.reshape(-1, 3, 4).astype(np.float64)
    made[:, :, 3] += rows[:, 3]
    return made.reshape(-1, 12).astype(np.float32)
