"""The G-buffer of a finished scene, from one list of triangles: drawn once a view, at the teacher's size."""

from collections.abc import Mapping
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.gbuffer import plain_state, view_block
from director.passes.instances import frustum_planes
from director.passes.maps.structure import StructureMap, object_table
from director.passes.shader import VIEW_BINDING, load_program
from director.types import View
from tools.teacher.finished import FinishedState, Occluders

__all__ = ["Fine", "Triangles"]

_TARGETS: Final[Mapping[str, tuple[int, str]]] = {
    "depth": (1, "f4"),
    "object": (1, "u2"),
    "normal": (4, "f2"),
    "anchor": (4, "f4"),
}
_REST = np.dtype([("normal", np.float32, 3), ("anchor", np.float32, 3), ("id", np.uint32)])


class Triangles:
    """The triangles of a finished state on the graphics side: `choose` some, then `draw` them any number of
    times. State and uniforms are the caller's."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._buffers: list[moderngl.Buffer] = []
        self._arrays: dict[int, moderngl.VertexArray] = {}
        self._shown: FinishedState | Occluders | None = None
        self._count = 0

    def show(self, state: FinishedState | Occluders) -> None:
        """Take over a state, or its occluders alone, which have nothing but positions; the same again costs
        nothing."""
        if self._shown is state:
            return
        self.release()
        self._shown = state
        # No buffer may be empty.
        self._buffers = [
            self._context.buffer(state.positions.tobytes() or bytes(12)),
            self._context.buffer(reserve=max(12, state.triangles.nbytes), dynamic=True),
        ]
        if isinstance(state, FinishedState):
            rest = np.empty(len(state.ids), _REST)
            rest["normal"], rest["anchor"], rest["id"] = state.normals, state.anchors, state.ids
            self._buffers.append(self._context.buffer(rest.tobytes() or bytes(_REST.itemsize)))

    def choose(self, chunks: NDArray[np.bool_]) -> None:
        """Draw these chunks from now on, bool[c]."""
        if self._shown is None:
            raise RuntimeError("show a state first")
        runs = [self._shown.triangles[a:b] for a, b, _ in self._shown.chunks[chunks]]
        self._count = sum(len(run) for run in runs)
        if self._count:
            self._buffers[1].write(np.concatenate(runs).tobytes())

    def draw(self, program: moderngl.Program) -> None:
        """Draw what was chosen into the bound framebuffer."""
        if not self._count:
            return
        if program.glo not in self._arrays:
            positions, indices, *rest = self._buffers
            content: list[tuple[moderngl.Buffer, str, *tuple[str, ...]]] = [(positions, "3f4", "position")]
            if "id" in program:
                content.append((rest[0], "3f4 3f4 1u4", "normal", "anchor", "id"))
            self._arrays[program.glo] = self._context.vertex_array(program, content, indices, 4)
        self._arrays[program.glo].render(moderngl.TRIANGLES, vertices=3 * self._count)

    def release(self) -> None:
        """Free the buffers."""
        for array in self._arrays.values():
            array.release()
        for buffer in self._buffers:
            buffer.release()
        self._arrays, self._buffers = {}, []
        self._shown, self._count = None, 0


class Fine:
    """Depth, rows + 1, normals and anchors of a finished scene, and the structure map drawn from them with
    the objects' own hashes. `textures` has them by name; the uniform block View stays bound."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        self._context = context
        self.width, self.height = width, height
        self.textures: dict[str, moderngl.Texture] = {}
        for name, (components, dtype) in _TARGETS.items():
            texture = context.texture((width, height), components, dtype=dtype, alignment=1)
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
            texture.repeat_x = texture.repeat_y = False
            self.textures[name] = texture
        depth = context.depth_texture((width, height), alignment=1)
        self._framebuffer = context.framebuffer(list(self.textures.values()), depth)
        # Clearing all attachments at once would clear each as if it held floats; the sky writes them all.
        self._depth_only = context.framebuffer([], depth)
        self._view_buffer = context.buffer(reserve=4 * 60, dynamic=True)
        self._program = load_program(context, "teacher/fine.vert", "teacher/fine.frag")
        self._sky_program = load_program(context, "whole.vert", "teacher/fine_sky.frag")
        self._sky = context.vertex_array(self._sky_program, [])
        self._structure = StructureMap(context, width, height)
        self.textures["structure"] = self._structure.texture
        self.triangles = Triangles(context)

    def draw(self, state: FinishedState, view: View, seed: int) -> None:
        """Draw a finished scene as a camera sees it."""
        self._view_buffer.write(view_block(view, state.state.sun_direction, self.width, self.height))
        self.bind_view()
        self.triangles.show(state)
        self.triangles.choose(state.within(frustum_planes(view.clip_from_world)))
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._depth_only.clear(depth=1.0)
        self._framebuffer.use()
        self._context.depth_func = "<"
        self.triangles.draw(self._program)
        self._context.depth_func = "<="
        self._sky.render(moderngl.TRIANGLES, vertices=3)
        self._structure.draw_from(self.textures, object_table(state.state, state.owners + 1), seed)

    def bind_view(self) -> None:
        """Make the view last drawn that of every program, whatever has been drawn since."""
        self._view_buffer.bind_to_uniform_block(VIEW_BINDING)
