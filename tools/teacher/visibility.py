"""What sun and sky see of a finished scene: depth maps from the sun and from all over the sky."""

import math
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.passes.gbuffer import plain_state
from director.passes.instances import frustum_planes
from director.passes.maps.shadow import fit_sun
from director.passes.shader import load_program, set_matrix
from director.types import View
from tools.teacher.fine import Fine, Triangles
from tools.teacher.finished import FinishedState

__all__ = ["SKY_COUNT", "Visibility", "sky_directions"]

SKY_COUNT: Final = 20
_A_ROW: Final = 5
_SKY_TEXELS: Final = 512
_SUN_TEXELS: Final = 2048
_DEPTH_CLAMP: Final = 0x864F
# The sky's maps reach so far from what they are about; beyond, everything counts as open.
_SKY_REACH_M: Final = 34.0
_SUN_HALF_ANGLE: Final = math.radians(0.6)


def sky_directions(count: int) -> NDArray[np.float64]:
    """float64[count, 3]: unit vectors that share the upper half of the sphere evenly, by a golden spiral."""
    k = np.arange(count) + 0.5
    y = 1 - k / count * 0.985
    level, turn = np.sqrt(1 - y * y), k * math.pi * (3 - math.sqrt(5))
    return np.stack([level * np.cos(turn), y, level * np.sin(turn)], 1)


class Visibility:
    """Draws two textures of a `Fine`'s size: `seen` and `skylight`, as visible.frag says."""

    def __init__(self, context: moderngl.Context, width: int, height: int) -> None:
        """Raises GraphicsError if a shader does not compile."""
        self._context = context
        self.seen = context.texture((width, height), 4, dtype="f1")
        self.skylight = context.texture((width, height), 4, dtype="f2")
        for texture in (self.seen, self.skylight):
            texture.repeat_x = texture.repeat_y = False
        self._framebuffer = context.framebuffer([self.seen, self.skylight])
        self._sun = _depth(context, (_SUN_TEXELS, _SUN_TEXELS))
        rows = -(-SKY_COUNT // _A_ROW)
        self._sky = _depth(context, (_A_ROW * _SKY_TEXELS, rows * _SKY_TEXELS))
        self._sun_framebuffer = context.framebuffer([], self._sun)
        self._sky_framebuffer = context.framebuffer([], self._sky)
        self._casters = load_program(context, "teacher/light_depth.vert", "shadow_map.frag")
        self._program = load_program(
            context, "whole.vert", "teacher/visible.frag", {"SKY_COUNT": str(SKY_COUNT)}
        )
        self._whole = context.vertex_array(self._program, [])
        # One depth texture, read as numbers and by comparison.
        self._numbers = context.sampler(filter=(moderngl.NEAREST, moderngl.NEAREST))
        self._compare = context.sampler(filter=(moderngl.LINEAR, moderngl.LINEAR), compare_func="<=")
        for sampler in (self._numbers, self._compare):
            sampler.repeat_x = sampler.repeat_y = False
        self._occluders = Triangles(context)
        self._directions = sky_directions(SKY_COUNT)

    def draw(self, fine: Fine, state: FinishedState, view: View) -> None:
        """Draw from what `fine` has just drawn of this state and view; its uniform block View is bound."""
        centres, radii = state.spheres[:, :3], state.spheres[:, 3]
        sun, across = fit_sun(view, state.state.sun_direction, centres, radii)
        plain_state(self._context)
        self._context.enable_only(moderngl.DEPTH_TEST)
        self._context.depth_func = "<="
        self._context.enable_direct(_DEPTH_CLAMP)
        self._context.polygon_offset = (1.5, 2.0)
        self._sun_framebuffer.clear(depth=1.0)
        self._sun_framebuffer.use()
        self._cast(fine, state, sun)
        middle, reach = _near(view, state)
        skies = [_light_from_world(middle, reach, toward) for toward in self._directions]
        self._sky_framebuffer.clear(depth=1.0)
        self._sky_framebuffer.use()
        near = np.linalg.norm(centres - middle, axis=1) < radii + 1.5 * reach
        self._occluders.show(state.occluders)
        self._occluders.choose(near)
        for k, light in enumerate(skies):
            self._sky_framebuffer.viewport = (
                _SKY_TEXELS * (k % _A_ROW),
                _SKY_TEXELS * (k // _A_ROW),
                _SKY_TEXELS,
                _SKY_TEXELS,
            )
            set_matrix(self._casters, "light_from_world", light)
            self._occluders.draw(self._casters)
        self._context.disable_direct(_DEPTH_CLAMP)
        plain_state(self._context)
        self._resolve(fine, sun, across, skies, reach)

    def _cast(self, fine: Fine, state: FinishedState, light: NDArray[np.float64]) -> None:
        # Without the near plane: what stands between the sun and the map's box casts into it.
        planes = np.delete(frustum_planes(light), 2, axis=0)
        fine.triangles.choose(state.within(planes))
        set_matrix(self._casters, "light_from_world", light)
        fine.triangles.draw(self._casters)

    def _resolve(
        self,
        fine: Fine,
        sun: NDArray[np.float64],
        across: float,
        skies: list[NDArray[np.float64]],
        reach: float,
    ) -> None:
        program = self._program
        fine.textures["depth"].use(0)
        fine.textures["normal"].use(1)
        for unit, texture, sampler, name in (
            (2, self._sun, self._numbers, "sun_map"),
            (3, self._sun, self._compare, "sun_compare"),
            (4, self._sky, self._compare, "sky_map"),
        ):
            texture.use(unit)
            sampler.use(unit)
            program[name] = unit
        program["depth_map"], program["normal_map"] = 0, 1
        set_matrix(program, "sun_from_world", sun)
        # Its box is as deep as it is wide.
        program["sun_measure"] = (across, across, 1 / _SUN_TEXELS, math.tan(_SUN_HALF_ANGLE))
        program["sky_measure"] = (2 * reach, 2 * reach, 1 / _SKY_TEXELS, _A_ROW)
        program["seed"] = 1
        _write(program, "sky_from_world", np.stack(skies).transpose(0, 2, 1))
        _write(program, "sky_toward", self._directions)
        self._framebuffer.use()
        self._whole.render(moderngl.TRIANGLES, vertices=3)
        for unit in (2, 3, 4):
            self._context.clear_samplers(unit, unit + 1)


def _near(view: View, state: FinishedState) -> tuple[NDArray[np.float64], float]:
    """What the sky's maps are about: the nearer part of what the camera sees, or the whole of a small set."""
    world_from_view = inverse_rigid(view.view_from_world)
    centres, radii = state.spheres[:, :3], state.spheres[:, 3]
    reach = _SKY_REACH_M
    middle = np.asarray((world_from_view @ (0.0, 0.0, -0.8 * reach, 1.0))[:3], np.float64)
    small = radii < 4 * _SKY_REACH_M
    if small.any():
        low = (centres[small] - radii[small, None]).min(axis=0)
        high = (centres[small] + radii[small, None]).max(axis=0)
        whole = np.asarray((low + high) / 2, np.float64)
        held = float((np.linalg.norm(centres[small] - whole, axis=1) + radii[small]).max())
        if held < reach:
            middle, reach = whole, held
    return middle, reach


def _light_from_world(
    middle: NDArray[np.float64], reach: float, toward: NDArray[np.float64]
) -> NDArray[np.float64]:
    helper = np.array([0.0, 1.0, 0.0]) if abs(toward[1]) < 0.95 else np.array([1.0, 0.0, 0.0])
    right = np.cross(-toward, helper)
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(right, -toward), toward])
    light = np.eye(4)
    light[:3, :3] = turn
    light[:3, 3] = -turn @ middle
    return np.asarray(np.diag([1 / reach, 1 / reach, -1 / reach, 1.0]) @ light, np.float64)


def _depth(context: moderngl.Context, size: tuple[int, int]) -> moderngl.Texture:
    texture = context.depth_texture(size)
    texture.repeat_x = texture.repeat_y = False
    texture.compare_func = ""
    return texture


def _write(program: moderngl.Program, name: str, values: NDArray[np.float64]) -> None:
    member = program[name]
    if not isinstance(member, moderngl.Uniform):
        raise TypeError(f"{name} is no uniform")
    member.write(np.ascontiguousarray(values, np.float32).tobytes())
