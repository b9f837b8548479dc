"""The teacher: draws finished pictures from the same passes that a generator is given.

Four passes over the G-buffer at twice the size: direct light, what surfaces send each other and haze, the
hand that draws and the grade, and at last the mean of every four pixels. See shaders/teacher.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, SCENE
from director.passes.gbuffer import GBuffer, plain_state
from director.passes.maps import DemandMap, map_class
from director.passes.readback import Readback, Source
from director.passes.shader import load_program
from director.scene.state import SceneState
from director.types import View

__all__ = ["INPUT_MAPS", "Teacher", "TeacherInputs"]

INPUT_MAPS: tuple[str, ...] = ("shadow", "lamplight", "structure")
_TARGETS: Mapping[str, tuple[int, type[np.generic]]] = {
    "depth": (1, np.float32),
    "object": (1, np.uint16),
    "normal": (3, np.float16),
}
_SCALE = 2
_DEFINES = {
    **{f"LOOK_{name.upper()}": str(i) for i, name in enumerate(SCENE)},
    **{f"MATERIAL_{name.upper()}": str(i) for i, name in enumerate(MATERIAL)},
    "LOOK_COUNT": str(len(SCENE)),
    "MATERIAL_COUNT": str(len(MATERIAL)),
}


@dataclass(frozen=True, slots=True, eq=False)
class TeacherInputs:
    """What a generator would be given for the picture: the maps, at the picture's size."""

    maps: Mapping[str, NDArray[Any]]


class _Layer:
    """The G-buffer and the maps on demand at one size."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self.gbuffer = GBuffer(context, width, height)
        self.maps: dict[str, DemandMap] = {
            name: map_class(name)(context, width, height) for name in INPUT_MAPS
        }

    def draw(self, state: SceneState, view: View, seed: int) -> None:
        self.gbuffer.draw(state, None, view)
        for made in self.maps.values():
            made.draw(self.gbuffer, state, view, seed)

    def texture(self, name: str) -> moderngl.Texture:
        return self.maps[name].texture if name in self.maps else self.gbuffer.textures[name]


class Teacher:
    """Draws one view with any number of looks: `look_at` first, then `picture` for each."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._context = context
        self.width, self.height = width, height
        self._inputs = _Layer(context, width, height)
        self._fine = _Layer(context, _SCALE * width, _SCALE * height)
        sources = {
            **{name: Source(self._inputs.texture(name), *kind) for name, kind in _TARGETS.items()},
            **{
                name: Source(made.texture, made.channels, made.dtype)
                for name, made in self._inputs.maps.items()
            },
        }
        self._readback = Readback(context, sources)
        size = (_SCALE * width, _SCALE * height)
        self._textures = {
            name: context.texture(size, 4, dtype="f1" if name == "picture" else "f2")
            for name in ("direct", "mirror", "shape", "albedo", "whole", "picture")
        }
        for texture in self._textures.values():
            texture.repeat_x = texture.repeat_y = False
        self._passes = [
            _Pass(
                context,
                "teacher/shade.frag",
                [self._textures[n] for n in ("direct", "mirror", "shape", "albedo")],
            ),
            _Pass(context, "teacher/indirect.frag", [self._textures["whole"]]),
            _Pass(context, "teacher/finish.frag", [self._textures["picture"]]),
        ]

    def look_at(self, state: SceneState, view: View, seed: int) -> TeacherInputs:
        """Draw the passes of a view, and give those that a generator reads."""
        self._inputs.draw(state, view, seed)
        self._readback.start()
        maps = self._readback.finish()
        self._fine.draw(state, view, seed)
        return TeacherInputs(maps)

    def picture(self, look: NDArray[np.float32], materials: NDArray[np.float32]) -> NDArray[np.uint8]:
        """uint8[h, w, 3]: the view as a look float32[len(SCENE)] and the objects' materials
        float32[objects, len(MATERIAL) + 1] have it; the last column tells people."""
        rows, columns = len(materials), -(-materials.shape[1] // 4)
        padded = np.zeros((rows, 4 * columns), np.float32)
        padded[:, : materials.shape[1]] = materials
        table = self._context.texture((columns, rows), 4, padded.tobytes(), dtype="f4")
        table.filter = (moderngl.NEAREST, moderngl.NEAREST)
        sampled: dict[str, moderngl.Texture] = {
            f"{name}_map": self._fine.texture(name)
            for name in ("depth", "object", "normal", "anchor", "structure", "shadow", "lamplight")
        }
        sampled["material_table"] = table
        shade, indirect, finish = self._passes
        plain_state(self._context)
        shade.draw(sampled, look)
        self._mipped("direct")
        sampled |= {f"{name}_map": self._textures[name] for name in ("mirror", "shape", "albedo")}
        indirect.draw({**sampled, "radiance_map": self._textures["direct"]}, look)
        self._mipped("whole")
        finish.draw({**sampled, "radiance_map": self._textures["whole"]}, look, halo_level=3.0)
        picture = self._textures["picture"]
        picture.build_mipmaps(0, 1)
        raw = np.frombuffer(picture.read(level=1), np.uint8).reshape(self.height, self.width, 4)
        table.release()
        return raw[..., :3].copy()

    def _mipped(self, name: str) -> None:
        texture = self._textures[name]
        texture.build_mipmaps()
        texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)


class _Pass:
    def __init__(self, context: moderngl.Context, fragment: str, targets: list[moderngl.Texture]) -> None:
        self._program = load_program(context, "whole.vert", fragment, _DEFINES)
        self._framebuffer = context.framebuffer(targets)
        self._whole = context.vertex_array(self._program, [])

    def draw(
        self, sampled: Mapping[str, moderngl.Texture], look: NDArray[np.float32], **numbers: float
    ) -> None:
        # A compiler drops what a shader does not use.
        for unit, (name, texture) in enumerate(sampled.items()):
            if name in self._program:
                texture.use(unit)
                self._program[name] = unit
        uniform = self._program.get("look", None)
        if isinstance(uniform, moderngl.Uniform):
            # The compiler cut it off after the last value that the shader reads.
            uniform.write(np.asarray(look[: uniform.array_length], np.float32).tobytes())
        for name, value in numbers.items():
            self._program[name] = value
        self._framebuffer.use()
        self._whole.render(moderngl.TRIANGLES, vertices=3)
