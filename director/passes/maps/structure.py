"""The structured bank: patterns and noise that stick to surfaces, and what else a network likes to be told.

Sixteen channels, uint8, packed into one texture:

    0 brick, 1 planks, 2 tiles, 3 weave, 4 stripes, 5 blotches, 6 veins, 7 leaves, 8 grain, 9 windows
    10 strokes of a brush
    11 occlusion: how open a surface lies, from the depth buffer; 255 = open
    12 edge: where a draughtsman would put a line
    13 14 15: place in the object's own box: x, y, z

In the sky 5 holds clouds and 8 stars. What each pattern looks like is in shaders/structure.glsl. Where OpenGL
runs on the processor, and Numba is installed, director/passes/kernels draws the same in about half the time.
"""

from collections.abc import Mapping
from types import ModuleType
from typing import ClassVar

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.direction.seeds import MOST_SEEDS, Seeds
from director.passes.context import release_framebuffer
from director.passes.gbuffer import GBuffer, plain_state, view_block
from director.passes.kernels import compiler, drawn_by_kernels
from director.passes.looped import surfaces_of
from director.passes.shader import load_program
from director.passes.whole import WholePicture
from director.scene.state import SceneState
from director.types import View

__all__ = ["CHANNELS", "MAP", "StructureMap", "object_table"]

CHANNELS: tuple[str, ...] = (
    "brick",
    "planks",
    "tiles",
    "weave",
    "stripes",
    "blotches",
    "veins",
    "leaves",
    "grain",
    "windows",
    "strokes",
    "occlusion",
    "edge",
    "place_x",
    "place_y",
    "place_z",
)

_SAMPLED = ("depth", "object", "normal", "anchor")
_OBJECTS_A_ROW = 256


class StructureMap:
    """Draws the bank from depth, ids, normals and anchors; the seed shifts every hash.

    On the way from one seed to another each object goes over whole, one after another: two patterns laid over
    each other would be neither, and no network has learnt what to draw of them.
    """

    name: ClassVar[str] = "structure"
    reads: ClassVar[frozenset[str]] = frozenset(_SAMPLED)
    channels: ClassVar[int] = len(CHANNELS)
    dtype: ClassVar[type[np.generic]] = np.uint8

    def __init__(
        self, context: moderngl.Context, width: int, height: int, *, compiled: bool | None = None
    ) -> None:
        """`compiled`: whether loops on the processor draw instead of shaders, which needs Numba; None: as
        `drawn_by_kernels`.

        Raises GraphicsError if the shader does not compile.
        """
        self._context = context
        self._whole = WholePicture(context, (width, height), "structure.frag", _SAMPLED, 4, "u4")
        self._whole.program["object_table"] = len(_SAMPLED)
        self.texture = self._whole.texture
        if compiled is None:
            compiled = drawn_by_kernels(context)
        self._drawn: _Loops | _Parts = _Loops(self.texture) if compiled else _Parts(context, self.texture)
        self._table: moderngl.Texture | None = None

    def draw(self, gbuffer: GBuffer, state: SceneState, view: View, seed: int) -> None:
        """Draw from what the G-buffer has just drawn of this state and view."""
        self.draw_between(gbuffer, state, view, ((seed, 1.0),))

    def draw_between(self, gbuffer: GBuffer, state: SceneState, view: View, seeds: Seeds) -> None:
        """Draw on the way from one seed to another, from what the G-buffer has just drawn."""
        table = object_table(state)
        if isinstance(self._drawn, _Loops):
            block = view_block(view, state.sun_direction, gbuffer.width, gbuffer.height)
            self._drawn.draw(gbuffer, table, block, seeds)
        else:
            self._object_table(table).use(len(_SAMPLED))
            for program in self._drawn.programs:
                _seed(program, seeds)
            self._drawn.draw(gbuffer)

    def draw_from(
        self, targets: Mapping[str, moderngl.Texture], table: NDArray[np.float32], seed: int
    ) -> None:
        """Draw from targets that were not drawn by a G-buffer; `table` as object_table gives it."""
        self._object_table(table).use(len(_SAMPLED))
        _seed(self._whole.program, ((seed, 1.0),))
        self._whole.draw(targets)

    def release(self) -> None:
        """Free everything on the graphics side."""
        if self._table is not None:
            self._table.release()
        if isinstance(self._drawn, _Parts):
            self._drawn.release()
        self._whole.release()

    def _object_table(self, values: NDArray[np.float32]) -> moderngl.Texture:
        size = (values.shape[1], values.shape[0])
        if self._table is None or self._table.size != size:
            if self._table is not None:
                self._table.release()
            self._table = self._context.texture(size, 4, dtype="f4", alignment=1)
            self._table.filter = (moderngl.NEAREST, moderngl.NEAREST)
        self._table.write(values.tobytes())
        return self._table


class _Parts:
    """The bank of the sky and that of surfaces, each by a program of its own into the same texture: software
    OpenGL would work out both for every pixel. Depth tells which is which."""

    def __init__(self, context: moderngl.Context, texture: moderngl.Texture) -> None:
        self._context, self._texture = context, texture
        self.programs = [
            load_program(context, "whole.vert", "structure.frag", {part: "1"})
            for part in ("ONLY_SURFACES", "ONLY_SKY")
        ]
        for program in self.programs:
            for unit, name in enumerate((*(f"{name}_map" for name in _SAMPLED), "object_table")):
                if name in program:
                    program[name] = unit
        self._vertices = [context.vertex_array(program, []) for program in self.programs]
        self._depth: moderngl.Texture | None = None
        self._framebuffer: moderngl.Framebuffer | None = None

    def draw(self, gbuffer: GBuffer) -> None:
        plain_state(self._context)
        for unit, name in enumerate(_SAMPLED):
            gbuffer.textures[name].use(unit)
        self._over(gbuffer.depth_buffer).use()
        self._context.enable_only(moderngl.DEPTH_TEST)
        # The triangle lies as far away as anything can.
        for vertices, test in zip(self._vertices, (">", "<="), strict=True):
            self._context.depth_func = test
            vertices.render(moderngl.TRIANGLES, vertices=3)

    def release(self) -> None:
        for vertices in self._vertices:
            vertices.release()
        for program in self.programs:
            program.release()
        self._let_go()

    def _over(self, depth: moderngl.Texture) -> moderngl.Framebuffer:
        if self._framebuffer is None or self._depth is not depth:
            self._let_go()
            self._framebuffer = self._context.framebuffer([self._texture], depth)
            self._framebuffer.depth_mask = False
            self._depth = depth
        return self._framebuffer

    def _let_go(self) -> None:
        if self._framebuffer is not None:
            release_framebuffer(self._framebuffer)
        self._framebuffer = self._depth = None


class _Loops:
    """The bank by loops on the processor, from what the G-buffer holds, into a texture."""

    def __init__(self, texture: moderngl.Texture) -> None:
        self._texture = texture
        width, height = texture.size
        self._run = compiler().run
        # Numba must know first where to keep what it compiles.
        from director.passes.kernels import structure

        self._kernels: ModuleType = structure
        # Fresh memory for every picture would cost as much as filling it.
        self._planes = np.empty((structure.SURROUNDINGS, height + 2, width + 2), np.float32)
        self._pixels = np.empty((height, width, len(CHANNELS) // 4), np.uint32)

    def draw(
        self, gbuffer: GBuffer, table: NDArray[np.float32], view: NDArray[np.float32], seeds: Seeds
    ) -> None:
        depth, normal = surfaces_of(gbuffer)
        ids, anchor = (self._kernels.kept_still(gbuffer.pixels(name)) for name in ("object", "anchor"))
        self._run(self._kernels.surroundings, depth, ids, normal, self._planes)
        numbers = np.array([seed & 0xFFFFFFFF for seed, _ in seeds], np.uint32)
        arrived = np.array([share for _, share in seeds], np.float32)
        objects = table.reshape(-1, 4, 4)
        given = self._planes, ids, anchor, objects, numbers, arrived, view
        self._run(self._kernels.bank, *given, self._pixels)
        self._texture.write(self._pixels)


def _seed(program: moderngl.Program, seeds: Seeds) -> None:
    unused = MOST_SEEDS - len(seeds)
    program["seed_count"] = len(seeds)
    program["seeds"] = (*(seed & 0xFFFFFFFF for seed, _ in seeds), *[0] * unused)
    program["arrived"] = (*(share for _, share in seeds), *[1.0] * unused)


def object_table(state: SceneState, hashed_as: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
    """float32[rows, 4 · 256, 4]: each object's size in metres and the columns of world_from_object's turn.

    `hashed_as` gives each object the id that its patterns are hashed from; its owner's, or its own, if None.
    """
    hashed_as = state.owners if hashed_as is None else hashed_as
    rows = max(1, -(-len(state.objects) // _OBJECTS_A_ROW))
    table = np.zeros((rows * _OBJECTS_A_ROW, 4, 4), np.float32)
    if state.objects:
        table[: len(state.objects), 0, :3] = [item.size_m for item in state.objects]
        if hashed_as is not None:
            table[: len(state.objects), 0, 3] = hashed_as
        turns = np.asarray(state.world_from_object, np.float32)[:, :3, :3]
        table[: len(state.objects), 1:, :3] = turns.transpose(0, 2, 1)
    return table.reshape(rows, 4 * _OBJECTS_A_ROW, 4)


MAP = StructureMap
