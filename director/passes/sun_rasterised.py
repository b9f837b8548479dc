"""The depth seen from the sun, drawn by kernels instead of OpenGL."""

import numpy as np
from numpy.typing import NDArray

from director.passes.geometry import Geometry
from director.passes.instances import boxes_visible
from director.passes.kernels import compiler
from director.passes.sun_depth import SunDepth, SunView
from director.passes.triangles import pool_of, shown_of

__all__ = ["RasterisedSunDepth"]


class RasterisedSunDepth(SunDepth):
    """As OpenGL draws it, within rounding, in an array."""

    def __init__(self, size: int, *, parts: int = 0) -> None:
        """Compiles the kernels, or loads them. `parts` is among how many threads a map is shared out, 0 for
        as many as there are: it changes no texel. Raises ValueError for a size that is not whole tiles."""
        super().__init__(size)
        self._compiler = compiler()
        from director.passes.kernels import casters, exact, numbers

        if size % casters.TILE:
            raise ValueError(f"a map of {size} texels has no whole tiles of {casters.TILE}")
        self._kernels, self._kept_still = casters, numbers.kept_still
        self._parts = parts or self._compiler.threads
        self._still, self._all = (np.ones(size * size, np.float32) for _ in range(2))
        self._touched = np.zeros((size // casters.TILE,) * 2, np.uint8)
        self._shapes, self._boxes = np.empty((0, exact.SHAPE), np.float32), np.empty((0, 4), np.int16)
        casters.prepare()

    def pixels(self) -> NDArray[np.float32]:
        """As SunDepth has them. Waits for nothing."""
        shown = self._all if self._moving.any() else self._still
        return self._kept_still(shown.reshape(self.size, self.size))

    def release(self) -> None:
        """There is nothing on the graphics side."""

    def _draw_still(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        self._still.fill(1.0)
        self._draw(self._still, geometry, seen, boxes_visible(seen.planes, geometry) & among)
        # Whatever was copied of it is no longer so.
        self._touched.fill(1)

    def _draw_moving(self, geometry: Geometry, seen: SunView, among: NDArray[np.bool_]) -> None:
        self._compiler.run(self._kernels.restored, self._still, self.size, self._all, self._touched)
        # They are few: to carry those beside the map costs less than to tell which they are.
        self._draw(self._all, geometry, seen, among)

    def _draw(
        self, nearest: NDArray[np.float32], geometry: Geometry, seen: SunView, which: NDArray[np.bool_]
    ) -> None:
        shown = shown_of(geometry, which, seen.pixels_m(geometry))
        self._fit(shown.triangles)
        matrices = self._matrices(geometry.placed[shown.instances, :12], seen)
        hides = np.array(geometry.hides_its_back(None, 0.0), np.bool_)[shown.meshes]
        kept = np.zeros(len(shown.runs), np.int64)
        room = self._shapes, self._boxes, kept
        blocks, run = pool_of(geometry).blocks, self._compiler.run
        run(self._kernels.carried, blocks, shown.runs, matrices, hides, self.size, self._parts, *room)
        run(self._kernels.drawn, shown.runs, *room, self.size, self._parts, nearest, self._touched)

    def _fit(self, triangles: int) -> None:
        """Have room for so many."""
        if triangles > len(self._shapes):
            more = triangles + triangles // 4
            self._shapes = np.empty((more, self._shapes.shape[1]), np.float32)
            self._boxes = np.empty((more, 4), np.int16)

    def _matrices(self, turns: NDArray[np.float32], seen: SunView) -> NDArray[np.float32]:
        """float32[i, 12]: rows that give x and y in texels and how far, 0 … 1, of what the rows of
        world_from_mesh, float32[i, 12], carry into the world."""
        half = np.array([self.size / 2, self.size / 2, 0.5])[:, None]
        rows = seen.light_from_world[:3] * half
        made: NDArray[np.float64] = rows[:, :3] @ turns.reshape(-1, 3, 4).astype(np.float64)
        made[:, :, 3] += rows[:, 3] + half[:, 0]
        return made.reshape(-1, 12).astype(np.float32)
