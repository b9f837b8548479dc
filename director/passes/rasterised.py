"""The G-buffer drawn by kernels instead of OpenGL: where OpenGL runs on the processor, it is the slower way.

What is drawn is what gbuffer.vert and gbuffer.frag draw of surfaces, and sky.frag of the sky.
"""

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import TARGETS, GBuffer, plain_state, view_block
from director.passes.geometry import Geometry
from director.passes.instances import boxes_visible, frustum_planes
from director.passes.kernels import compiler, drawn_by_kernels
from director.passes.shader import VIEW_BINDING
from director.passes.triangles import pool_of, shown_of
from director.scene.state import SceneState
from director.types import View

__all__ = ["RASTERISED", "RasterisedGBuffer", "new_gbuffer"]

RASTERISED: Final = frozenset(TARGETS)
"""The targets that kernels draw."""

# What of the uniform block View is told the kernels.
_LOOKS: Final = slice(36, 60)
# Of each target the type and the components of a pixel, and as what surfaces.painted writes them.
_KINDS: Final[Mapping[str, tuple[type[np.generic], tuple[int, ...], type[np.generic]]]] = MappingProxyType(
    {
        "depth": (np.float32, (), np.float32),
        "object": (np.uint16, (), np.uint16),
        "normal": (np.float16, (4,), np.uint64),
        "anchor": (np.float32, (4,), np.float32),
        "motion": (np.float16, (2,), np.uint32),
        "base": (np.uint8, (4,), np.uint32),
    }
)
_NEXT, _LAST = (1, 2, 0), (2, 0, 1)


def new_gbuffer(
    context: moderngl.Context,
    width: int,
    height: int,
    targets: Collection[str] = TARGETS,
    geometry: Geometry | None = None,
) -> GBuffer:
    """One that is drawn by kernels where those draw, else by OpenGL. Raises as a GBuffer does."""
    kind = RasterisedGBuffer if drawn_by_kernels(context) else GBuffer
    return kind(context, width, height, targets, geometry)


class RasterisedGBuffer(GBuffer):
    """As a GBuffer: the same targets, within rounding, in arrays and in its textures."""

    def __init__(
        self,
        context: moderngl.Context,
        width: int,
        height: int,
        targets: Collection[str] = TARGETS,
        geometry: Geometry | None = None,
        *,
        parts: int = 0,
    ) -> None:
        """Compiles the kernels, or loads them. `parts` is among how many threads a picture is shared out, 0
        for as many as there are: it changes no pixel. Raises as a GBuffer does."""
        super().__init__(context, width, height, targets, geometry)
        self._compiler = compiler()
        from director.passes.kernels import carried, surfaces

        self._seen, self._painted = carried.seen, surfaces.painted
        self._room = _Room()
        self._nearest = np.empty(width * height, np.float32)
        self._name = np.empty(width * height, np.int32)
        self._arrays = {
            name: np.empty((height, width, *_KINDS[name][1]), _KINDS[name][0]) for name in self.textures
        }
        self._words = tuple(
            self._arrays.get(name, np.empty(0, kind)).reshape(-1).view(word)
            for name, (kind, _, word) in _KINDS.items()
        )
        self._draws = 0
        self._is_depth_written = False
        self._parts = parts or self._compiler.threads
        surfaces.prepare()

    def draw(self, state: SceneState, previous: SceneState | None, view: View) -> None:
        """As GBuffer has it."""
        self.geometry.update(state, previous)
        block = view_block(view, state.sun_direction, self.width, self.height)
        self.view_buffer.write(block)
        self.view_buffer.bind_to_uniform_block(VIEW_BINDING)
        # What is drawn next may count on it after a G-buffer.
        plain_state(self.context)
        self._rasterise(view, block[_LOOKS])
        for name, texture in self.textures.items():
            texture.write(self._arrays[name])
        self._is_depth_written = False
        self._draws += 1

    def pixels(self, name: str) -> NDArray[Any]:
        """As GBuffer has them; good until the next draw. Waits for nothing."""
        shown = self._arrays[name].view()
        shown.flags.writeable = False
        return shown

    @property
    def at_hand(self) -> Mapping[str, NDArray[Any]]:
        """As GBuffer has it."""
        return {name: self.pixels(name) for name in self.textures}

    @property
    def depth_buffer(self) -> moderngl.Texture:
        """As GBuffer has it: 1 in the sky, and 0 elsewhere."""
        if not self._is_depth_written:
            self._depth.write(np.isinf(self._arrays["depth"]).astype(np.float32))
            self._is_depth_written = True
        return self._depth

    @property
    def uploads(self) -> int:
        """How many draws there were: each sends its pixels, and no instances."""
        return self._draws

    def _rasterise(self, view: View, looks: NDArray[np.float32]) -> None:
        geometry, room = self.geometry, self._room
        eye = inverse_rigid(view.view_from_world)[:3, 3]
        if self.culls:
            across, up = view.clip_from_view[0, 0], view.clip_from_view[1, 1]
            reach_m = view.near_m * math.hypot(1, 1 / across, 1 / up)
            visible = boxes_visible(frustum_planes(view.clip_from_world), geometry)
            hides = geometry.hides_its_back(eye, reach_m)
        else:
            visible, hides = np.ones(len(geometry.radius), np.bool_), [False] * len(geometry.buffers)
        pixels_m = self._pixels_m(eye, view) if geometry.is_rigid else None
        shown, pool = shown_of(geometry, visible, pixels_m), pool_of(geometry)
        placed = geometry.placed[shown.instances]
        matrices = _matrices(placed[:, :12], view.clip_from_world, self.width, self.height)
        culls = np.array(hides, np.bool_)[shown.meshes]
        room.fit(shown.triangles)
        kept = room.shapes, room.boxes, room.fronts, room.sources, np.zeros(len(shown.runs), np.int64)
        near, size = np.float32(view.near_m), (self.width, self.height, self._parts)
        items = self._items(view, placed, geometry.fixed[shown.instances])
        self._compiler.run(self._seen, pool.blocks, shown.runs, matrices, culls, near, *size, *kept)
        self._compiler.run(
            self._painted, shown.runs, kept, (pool.blocks, pool.corners, pool.vertices), items,
            (looks, _sky_rows(view)), near, *size, (self._nearest, self._name), self._words,
        )  # fmt: skip

    def _items(
        self, view: View, placed: NDArray[np.float32], fixed: NDArray[Any]
    ) -> tuple[NDArray[Any], ...]:
        """As surfaces.painted has them, of the targets there are."""
        wanted, is_rigid = self.textures.keys(), self.geometry.is_rigid
        turns = np.ascontiguousarray(placed[:, :12])
        rests = np.empty((0, 12), np.float32)
        moves, colours = np.empty((0, 24), np.float32), np.empty((0, 3), np.float32)
        if wanted & {"normal", "base"} and not is_rigid:
            turns = _cofactors(turns)
        if "anchor" in wanted and not is_rigid:
            rests = np.ascontiguousarray(fixed["object_from_mesh"])
        if "motion" in wanted:
            now = _matrices(placed[:, :12], view.clip_from_world, 1, 1)
            moves = np.hstack([now, _matrices(placed[:, 12:], view.previous_clip_from_world, 1, 1)])
        if "base" in wanted:
            colours = _linear(fixed["colour"][:, :3])
        return turns, rests, moves, fixed["id"].astype(np.uint16), colours


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


def _linear(colours: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Linear light of sRGB bytes."""
    c = colours.astype(np.float32) / np.float32(255)
    return np.where(c > 0.04045, ((c + 0.055) / 1.055) ** 2.4, c / 12.92).astype(np.float32)


def _matrices(
    turns: NDArray[np.float32], clip_from_world: NDArray[np.float64], width: int, height: int
) -> NDArray[np.float32]:
    """float32[i, 12]: rows that give x · depth and y · depth, in pixels from the top left of so large a
    picture, and depth, metres, of what the rows of world_from_mesh, float32[i, 12], carry into the world."""
    rows = _picture_rows(clip_from_world, width, height)
    made = rows[:, :3] @ turns.reshape(-1, 3, 4).astype(np.float64)
    made[:, :, 3] += rows[:, 3]
    return made.reshape(-1, 12).astype(np.float32)


def _picture_rows(clip_from_world: NDArray[np.float64], width: int, height: int) -> NDArray[np.float64]:
    x, y, _, w = clip_from_world
    return np.stack([(w + x) * (width / 2), (w - y) * (height / 2), w])


def _sky_rows(view: View) -> NDArray[np.float32]:
    """float32[24]: rows as those for motion, of directions in the world."""
    clips = view.clip_from_world, view.previous_clip_from_world
    return np.concatenate([_picture_rows(clip, 1, 1).ravel() for clip in clips]).astype(np.float32)


def _cofactors(turns: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows that carry normals through any scale and shear, as in gbuffer.vert."""
    made = np.zeros_like(turns)
    x, y, z = (turns[:, 4 * row : 4 * row + 3] for row in range(3))
    for row, (a, b) in enumerate(((y, z), (z, x), (x, y))):
        made[:, 4 * row : 4 * row + 3] = a[:, _NEXT] * b[:, _LAST] - a[:, _LAST] * b[:, _NEXT]
    return made
