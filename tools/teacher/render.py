"""The teacher: draws finished scenes slowly and well, the pictures that the network is taught by.

At twice the size: the finished scene's own G-buffer, what sun, sky and lamps see of it (once a view), then
for every look direct light, what surfaces send each other and haze, the hand that draws and the grade, and
at last the mean of every four pixels. See shaders/teacher.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.stuffs import STUFFS
from director.passes.finished import FinishedPasses
from director.passes.gbuffer import GBuffer, plain_state
from director.passes.geometry import Geometry
from director.passes.maps import DemandMap, map_class
from director.passes.readback import Readback, Source
from director.passes.shader import load_program
from director.scene.state import SceneState
from director.types import Direction, View
from tools.teacher.fine import Fine
from tools.teacher.finished import PIECE_ROW, FinishedState, unfinished
from tools.teacher.lamps import Lamplight
from tools.teacher.visibility import Visibility

__all__ = ["FINISHED_MAPS", "INPUT_MAPS", "Finished", "Teacher", "TeacherInputs"]

INPUT_MAPS: tuple[str, ...] = ("shadow", "lamplight", "structure")
"""Maps on demand of the proxies, for who reads those."""
FINISHED_MAPS: tuple[str, ...] = ("lamplight", "shadow", "shelter", "structure")
_TARGETS: Mapping[str, tuple[int, type[np.generic]]] = {
    "depth": (1, np.float32),
    "object": (1, np.uint16),
    "normal": (3, np.float16),
    "anchor": (3, np.float32),
}
_SCALE = 2
# The table of rows is folded: so many rows lie side by side.
_FOLD = 1024
# After a piece's own numbers: its object's size, three numbers, and the id that it is hashed from.
_NUMBERS = PIECE_ROW + 4
_COLUMNS = -(-_NUMBERS // 4)
_DEFINES = {
    **{f"LOOK_{name.upper()}": str(i) for i, name in enumerate(SCENE)},
    **{f"MATERIAL_{name.upper()}": str(i) for i, name in enumerate(MATERIAL)},
    **{f"STUFF_{stuff.name.upper().replace(' ', '_')}": str(i) for i, stuff in enumerate(STUFFS)},
    "LOOK_COUNT": str(len(SCENE)),
    "MATERIAL_COUNT": str(len(MATERIAL)),
    "MATERIAL_STUFF": str(len(MATERIAL) + 1),
    "MATERIAL_SIZE": str(PIECE_ROW),
    "MATERIAL_HASHED": str(PIECE_ROW + 3),
    "TABLE_FOLD": str(_FOLD),
    "TABLE_COLUMNS": str(_COLUMNS),
}


@dataclass(frozen=True, slots=True, eq=False)
class TeacherInputs:
    """What the proxies' passes show of a view, and what the teacher has drawn there.

    maps             those of the rough proxies, at the picture's size
    stuff            uint8[h, w]: 0 = sky, else 1 + the place in finish.stuff.STUFFS of what is seen of
                     the finished scene, at one point of the pixel
    owner            uint16[h, w]: the object that is seen there, by its id; 0 = sky. Where it is not the
                     object that the proxies show, the finished thing is smaller than its proxy
    finished_normal  float16[h, w, 3]: the finished surface's normal at the same point, world, unit; sky 0
    finished_depth   float32[h, w]: its distance along the view axis, metres; sky inf
    """

    maps: Mapping[str, NDArray[Any]]
    stuff: NDArray[np.uint8]
    owner: NDArray[np.uint16]
    finished_normal: NDArray[np.float16]
    finished_depth: NDArray[np.float32]


class _Rough:
    """What the network sees: the G-buffer of the proxies and the maps on demand, read back."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._gbuffer = GBuffer(context, width, height)
        self._maps: dict[str, DemandMap] = {
            name: map_class(name)(context, width, height) for name in INPUT_MAPS
        }
        self._readback = Readback(
            context,
            {
                **{name: Source(self._gbuffer.textures[name], *kind) for name, kind in _TARGETS.items()},
                **{
                    name: Source(made.texture, made.channels, made.dtype) for name, made in self._maps.items()
                },
            },
        )

    def maps(self, state: SceneState, view: View, seed: int) -> Mapping[str, NDArray[Any]]:
        self._gbuffer.draw(state, None, view)
        for made in self._maps.values():
            made.draw(self._gbuffer, state, view, seed)
        self._readback.start()
        return self._readback.finish()


class Finished:
    """What the network sees: the passes of a finished scene at a generator's size, read back."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self._geometry = Geometry(context, is_rigid=True)
        self._passes = FinishedPasses(
            context, width, height, frozenset({*_TARGETS, *FINISHED_MAPS}), self._geometry
        )
        textures, demanded = self._passes.gbuffer.textures, self._passes.demanded
        self._readback = Readback(
            context,
            {
                **{name: Source(textures[name], *kind) for name, kind in _TARGETS.items()},
                **{name: Source(made.texture, made.channels, made.dtype) for name, made in demanded.items()},
            },
        )

    def maps(self, state: SceneState, view: View, seed: int) -> Mapping[str, NDArray[Any]]:
        """Of a state as scene.finish.finished gives it, by the names that the proxies' maps have."""
        self._passes.draw(state, view, Direction(seed=seed))
        self._readback.start()
        return self._readback.finish()


class Teacher:
    """Draws one view with any number of looks: `look_at` first, then `picture` for each."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        self.context = self._context = context
        self.width, self.height = width, height
        self._rough = _Rough(context, width, height)
        size = (_SCALE * width, _SCALE * height)
        self._fine = Fine(context, *size)
        self._visibility = Visibility(context, *size)
        self._lamplight = Lamplight(context, *size)
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
        self._finished: FinishedState | None = None
        self._seed = 0

    def look_at(
        self, state: SceneState, view: View, seed: int, finished: FinishedState | None = None
    ) -> TeacherInputs:
        """Draw the passes of a view: those of the proxies, which a generator reads, and those of the
        finished scene, which pictures are made from. Without one, the proxies stay as they are."""
        maps = self._rough.maps(state, view, seed)
        if finished is None:
            finished = unfinished(state)
        self._finished, self._seed = finished, seed & 0xFFFFFFFF
        self._fine.draw(finished, view, seed)
        seen = self._seen(finished)
        self._visibility.draw(self._fine, finished, view)
        self._lamplight.draw(self._fine, finished, view)
        return TeacherInputs(maps, *seen)

    def rough(self, state: SceneState, view: View, seed: int) -> Mapping[str, NDArray[Any]]:
        """Only the passes of the proxies, as `look_at` gives them: to see whether a view is worth drawing."""
        return self._rough.maps(state, view, seed)

    def picture(self, look: NDArray[np.float32], materials: NDArray[np.float32]) -> NDArray[np.uint8]:
        """uint8[h, w, 3]: the view as a look float32[len(SCENE)] and the objects' materials
        float32[objects, len(MATERIAL) + 1] have it; the last column tells people.

        The materials are the proxies', one row an object; each piece of a finished thing takes its own from
        them. Raises RuntimeError before the first `look_at`.
        """
        if self._finished is None:
            raise RuntimeError("look at a scene first")
        table = self._table(self._finished, materials)
        sampled: dict[str, moderngl.Texture] = {
            **{
                f"{name}_map": self._fine.textures[name]
                for name in ("depth", "object", "normal", "anchor", "structure")
            },
            "seen_map": self._visibility.seen,
            "skylight_map": self._visibility.skylight,
            "lamplight_map": self._lamplight.light,
            "lamp_toward_map": self._lamplight.toward,
            "material_table": table,
        }
        shade, indirect, finish = self._passes
        self._fine.bind_view()
        plain_state(self._context)
        shade.draw(sampled, look, seed=self._seed)
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

    def clay(self) -> NDArray[np.uint8]:
        """uint8[h, w, 3]: the finished scene in grey under an even sky, to judge its shapes by."""
        size = (_SCALE * self.height, _SCALE * self.width)
        normal, light, seen = (
            np.frombuffer(texture.read(), kind).reshape(*size, 4).astype(np.float32)
            for texture, kind in (
                (self._fine.textures["normal"], np.float16),
                (self._visibility.skylight, np.float16),
                (self._visibility.seen, np.uint8),
            )
        )
        ids = np.frombuffer(self._fine.textures["object"].read(), np.uint16).reshape(size)
        key = normal[..., :3] @ np.array([0.35, 0.5, 0.6], np.float32)
        grey = 0.25 + 0.45 * light[..., :2].sum(-1) + 0.2 * key + 0.15 * seen[..., 0] / 255
        grey = np.where(ids == 0, 0.95, grey)
        small = grey.reshape(self.height, _SCALE, self.width, _SCALE).mean((1, 3))
        return np.repeat(np.clip(small * 215, 0, 255).astype(np.uint8)[..., None], 3, axis=-1)

    def _seen(
        self, finished: FinishedState
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint16], NDArray[np.float16], NDArray[np.float32]]:
        """As TeacherInputs has them, after the maps."""
        size = (_SCALE * self.height, _SCALE * self.width)
        ids = np.frombuffer(self._fine.textures["object"].read(), np.uint16).reshape(size)
        normals = np.frombuffer(self._fine.textures["normal"].read(), np.float16).reshape(*size, 4)
        depths = np.frombuffer(self._fine.textures["depth"].read(), np.float32).reshape(size)
        stuffs = np.concatenate([np.zeros(1, np.uint8), finished.stuffs + np.uint8(1)])
        owners = np.concatenate([[0], finished.owners + 1]).astype(np.uint16)
        rows = ids[::_SCALE, ::_SCALE]
        normal, depth = normals[::_SCALE, ::_SCALE, :3].copy(), depths[::_SCALE, ::_SCALE].copy()
        return stuffs[rows], owners[rows], normal, depth

    def _table(self, finished: FinishedState, materials: NDArray[np.float32]) -> moderngl.Texture:
        sizes = np.array([item.size_m for item in finished.state.objects], np.float32).reshape(-1, 3)
        rows = np.concatenate([finished.piece_rows(materials), sizes, finished.owners[:, None] + 1], 1)
        folds = -(-len(rows) // _FOLD)
        padded = np.zeros((folds * _FOLD, 4 * _COLUMNS), np.float32)
        padded[: len(rows), : rows.shape[1]] = rows
        # One row of the texture a column of the table, so that no texture grows too wide or too high.
        lying = padded.reshape(folds, _FOLD, _COLUMNS, 4).transpose(0, 2, 1, 3)
        table = self._context.texture(
            (_FOLD, folds * _COLUMNS), 4, np.ascontiguousarray(lying).tobytes(), dtype="f4"
        )
        table.filter = (moderngl.NEAREST, moderngl.NEAREST)
        return table

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
