"""Drawing the instances that a camera (or the sun) can see: one instanced draw a mesh.

OpenGL 3.3 cannot start at a base instance, so what is visible is moved to the front of each mesh's rows.
That order is kept, and nothing sent, until something new comes into sight or far too much has left it.
"""

from bisect import bisect_right

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.geometry import FIXED, PLACED_FLOATS, Geometry
from director.passes.shader import attributes

__all__ = ["InstanceStream", "boxes_visible", "frustum_planes", "levels_shown"]

# name, class, format, byte offset: in the rows that move, then in those that never do. Bytes reach the
# shader as 0..255.
_PLACED = tuple(
    (f"{which}_row_{axis}", "f", "4f", 48 * i + 16 * j)
    for i, which in enumerate(("world", "previous"))
    for j, axis in enumerate("xyz")
)
_FIXED = (
    *((f"object_row_{axis}", "f", "4f", 16 * j) for j, axis in enumerate("xyz")),
    ("colour", "f", "4f1", 48),
    ("object_id", "i", "1u", 52),
)


def frustum_planes(clip_from_world: NDArray[np.float64]) -> NDArray[np.float64]:
    """float64[6, 4]: inward planes, unit normals; p is inside where every plane · (p, 1) ≥ 0.

    G. Gribb and K. Hartmann, "Fast Extraction of Viewing Frustum Planes from the World-View-Projection
    Matrix", 2001.
    """
    rows = clip_from_world
    planes = np.vstack([rows[3] + rows[:3], rows[3] - rows[:3]])
    return np.asarray(planes / np.linalg.norm(planes[:, :3], axis=1, keepdims=True), np.float64)


def boxes_visible(planes: NDArray[np.float64], geometry: Geometry) -> NDArray[np.bool_]:
    """bool[n]: instances whose boxes touch the inside of every plane."""
    normals = planes[:, :3].astype(np.float32)
    # How far each box reaches towards each plane.
    reach = np.abs(normals @ geometry.half_axes).sum(axis=2)
    # float32 rounding of far-off centres must not cut away what shows: a millimetre, and a thousandth.
    slack = reach * np.float32(1.001) + np.float32(1e-3)
    slack += np.abs(geometry.centre).sum(axis=1)[:, None] * np.float32(1e-6)
    above = geometry.centre @ normals.T + planes[:, 3].astype(np.float32)
    return np.asarray((above >= -slack).all(axis=1), np.bool_)


def levels_shown(
    geometry: Geometry, seen: NDArray[np.bool_], pixels_m: NDArray[np.float32] | None
) -> list[int]:
    """Of each mesh the level of detail that the nearest of its instances that are `seen`, bool[n], asks for;
    −1 where none is. `pixels_m`, float32[n], is what a pixel covers of each, metres; None: the finest."""
    starts = [where.start for where in geometry.slices]
    if not starts:
        return []
    pixels = np.zeros(len(seen), np.float32) if pixels_m is None else pixels_m
    # Every mesh has instances: no slice is empty.
    finest: list[float] = np.minimum.reduceat(np.where(seen, pixels, np.float32(np.inf)), starts).tolist()
    return [
        -1 if pixel_m == np.inf else bisect_right(mesh.cells_m, pixel_m) - 1
        for mesh, pixel_m in zip(geometry.buffers, finest, strict=True)
    ]


class InstanceStream:
    """The instances of a geometry as one program draws them."""

    def __init__(self, context: moderngl.Context, program: moderngl.Program, geometry: Geometry) -> None:
        self._context = context
        self._program = program
        self._geometry = geometry
        self._layout = -1
        self._sent = np.zeros(0, np.bool_)
        self._order = np.zeros(0, np.intp)
        self._counts: list[int] = []
        self._versions: list[int] = []
        self._arrays: list[tuple[moderngl.VertexArray, ...]] = []
        self._placed: moderngl.Buffer | None = None
        self._fixed: moderngl.Buffer | None = None
        self.changes = 0
        """Counts the draws before which something had to be sent."""

    def draw(
        self,
        planes: NDArray[np.float64] | None,
        hidden_backs: list[bool] | None = None,
        among: NDArray[np.bool_] | None = None,
        pixels_m: NDArray[np.float32] | None = None,
    ) -> None:
        """Draw what touches the inside of the planes (None: everything) into the bound framebuffer.

        `hidden_backs[i]`: mesh i needs no faces that are turned away; `cull_face` says which way that is.
        `among`, bool[n], names the instances outside of which none may be drawn. `pixels_m`, float32[n], is
        what a pixel covers of each where it is nearest, metres: what that is too coarse for is left out
        (None: all is drawn as finely as there is).
        """
        geometry = self._geometry
        if self._layout != geometry.layout:
            self._lay_out()
        count = len(geometry.radius)
        seen = np.ones(count, np.bool_) if planes is None else boxes_visible(planes, geometry)
        if among is not None:
            seen &= among
        may_stay = among is None or not bool((self._sent & ~among).any())
        if may_stay and self._is_enough(seen):
            self._send_changes()
        else:
            self._send_all(seen)
        culls = False
        # What was sent and has left the picture since need not be drawn, where all of a mesh has.
        shown = levels_shown(geometry, seen, pixels_m)
        for i, (levels, instances) in enumerate(zip(self._arrays, self._counts, strict=True)):
            if not instances or shown[i] < 0:
                continue
            if culls != (hidden_backs is not None and hidden_backs[i]):
                culls = not culls
                (self._context.enable if culls else self._context.disable)(moderngl.CULL_FACE)
            levels[shown[i]].render(moderngl.TRIANGLES, instances=instances)
        self._context.disable(moderngl.CULL_FACE)

    def release(self) -> None:
        """Free buffers and vertex arrays; the program belongs to the caller."""
        for levels in self._arrays:
            for array in levels:
                array.release()
        self._arrays = []
        for buffer in (self._placed, self._fixed):
            if buffer is not None:
                buffer.release()
        self._placed = self._fixed = None
        self._layout = -1

    def _is_enough(self, seen: NDArray[np.bool_]) -> bool:
        if len(self._versions) == 0 or bool((seen & ~self._sent).any()):
            return False
        return int(self._sent.sum()) <= 1.25 * int(seen.sum()) + 16

    def _lay_out(self) -> None:
        self.release()
        geometry = self._geometry
        self._layout = geometry.layout
        self._versions = []
        self._sent = np.zeros(len(geometry.radius), np.bool_)
        self._order = np.arange(len(geometry.radius))
        self._counts = [0] * len(geometry.buffers)
        if not geometry.buffers:
            return
        placed_bytes = PLACED_FLOATS * 4
        rows = max(1, len(geometry.radius))
        self._placed = self._context.buffer(reserve=rows * placed_bytes, dynamic=True)
        self._fixed = self._context.buffer(reserve=rows * FIXED.itemsize, dynamic=True)
        wanted = attributes(self._program)
        for mesh, where in geometry:
            layout = ["3f" if "position" in wanted else "12x", "3f" if "normal" in wanted else "12x"]
            names = [name for name in ("position", "normal") if name in wanted]
            arrays = []
            for indices in mesh.indices:
                content = [(mesh.vertices, " ".join(layout), *names)]
                if "rest" in wanted:
                    content.append((mesh.rest, "3f 12x", "rest"))
                array = self._context.vertex_array(self._program, content, indices, 4)
                for table, buffer, stride in (
                    (_PLACED, self._placed, placed_bytes),
                    (_FIXED, self._fixed, FIXED.itemsize),
                ):
                    for name, kind, form, offset in table:
                        if name in wanted:
                            location = wanted[name]
                            begin = where.start * stride + offset
                            array.bind(location, kind, buffer, form, begin, stride, 1)
                arrays.append(array)
            self._arrays.append(tuple(arrays))

    def _send_all(self, seen: NDArray[np.bool_]) -> None:
        geometry = self._geometry
        self._sent = seen
        for i, where in enumerate(geometry.slices):
            mine = seen[where]
            self._order[where] = np.argsort(~mine, kind="stable") + where.start
            self._counts[i] = int(mine.sum())
            self._send(i, where)
        self._versions = geometry.versions
        self.changes += 1

    def _send_changes(self) -> None:
        versions = self._geometry.versions
        if versions == self._versions:
            return
        for i, (old, new) in enumerate(zip(self._versions, versions, strict=True)):
            if old != new:
                self._send(i, self._geometry.slices[i])
        self._versions = versions
        self.changes += 1

    def _send(self, i: int, where: slice) -> None:
        count = self._counts[i]
        if not count or self._placed is None or self._fixed is None:
            return
        rows = self._order[where.start : where.start + count]
        # An order that is the identity needs no gathering.
        in_order = count == where.stop - where.start
        placed = self._geometry.placed[where] if in_order else self._geometry.placed[rows]
        fixed = self._geometry.fixed[where] if in_order else self._geometry.fixed[rows]
        self._placed.write(placed, offset=where.start * PLACED_FLOATS * 4)
        self._fixed.write(fixed.view(np.uint8), offset=where.start * FIXED.itemsize)
