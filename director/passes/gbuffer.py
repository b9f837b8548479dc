"""The G-buffer: what every pixel of the proxies is, where it was, and how it looks while blocking."""

import math
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid, normalised
from director.passes.context import release_framebuffer
from director.passes.geometry import Geometry
from director.passes.instances import InstanceStream, frustum_planes
from director.passes.shader import VIEW_BINDING, load_program
from director.scene.state import SceneState
from director.types import Vector, View

__all__ = ["TARGETS", "GBuffer", "plain_state", "view_block"]

# name → components and moderngl's type of the texture; three-component targets carry a fourth because
# OpenGL 3.3 need not draw into three-component textures.
TARGETS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "depth": (1, "f4"),
        "object": (1, "u2"),
        "normal": (4, "f2"),
        "anchor": (4, "f4"),
        "motion": (2, "f2"),
        "base": (4, "f1"),
    }
)

_NUMBERS: Mapping[str, type[np.generic]] = {
    "f1": np.uint8,
    "f2": np.float16,
    "f4": np.float32,
    "u2": np.uint16,
}

# Drawn in any case; the others are dear to shade or to write, and drawn only where they are wanted.
_ALWAYS = ("depth", "object")
_DITHER, _FRAMEBUFFER_SRGB = 0x0BD0, 0x8DB9
# Levels of detail are as fine as so many pixels: stripes a few pixels wide are kept apart.
_FINER = 0.85
_UPSIDE_DOWN = np.diag([1.0, -1.0, 1.0, 1.0])


class GBuffer:
    """Owns the targets of one size and draws scenes into them.

    `textures` are named as the maps of `GBufferArrays`; row 0 is the top of the picture, so that texture
    coordinates are our uv. `geometry` and `view_buffer` (the uniform block View) are there for the maps
    that are drawn afterwards.
    """

    def __init__(
        self,
        context: moderngl.Context,
        width: int,
        height: int,
        targets: Collection[str] = TARGETS,
        geometry: Geometry | None = None,
    ) -> None:
        """Depth and ids are drawn in any case, the others only if `targets` names them. A `geometry` that
        is given is shared, and its owner's to release.

        Raises ValueError for a picture without pixels, GraphicsError if a shader does not compile.
        """
        if width < 1 or height < 1:
            raise ValueError(f"a picture of {width}×{height} has no pixels")
        self.context = context
        self.width, self.height = width, height
        self.textures: dict[str, moderngl.Texture] = {}
        drawn = {name: kind for name, kind in TARGETS.items() if name in _ALWAYS or name in targets}
        for name, (components, dtype) in drawn.items():
            texture = context.texture((width, height), components, dtype=dtype, alignment=1)
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
            texture.repeat_x = texture.repeat_y = False
            self.textures[name] = texture
        self._depth = context.depth_texture((width, height), alignment=1)
        self._framebuffer = context.framebuffer(list(self.textures.values()), self._depth)
        # Clearing all attachments at once would clear each as if it held floats; the sky writes them all.
        self._depth_only = context.framebuffer([], self._depth)
        self.view_buffer = context.buffer(reserve=_VIEW_BYTES, dynamic=True)
        self.geometry = Geometry(context) if geometry is None else geometry
        self._owns_geometry = geometry is None
        places = {f"{name.upper()}_AT": str(i) for i, name in enumerate(drawn) if name not in _ALWAYS}
        rigid = {"RIGID": "1"} if self.geometry.is_rigid else {}
        self._program = load_program(context, "gbuffer.vert", "gbuffer.frag", places | rigid)
        self._instances = InstanceStream(context, self._program, self.geometry)
        self._sky_program = load_program(context, "whole.vert", "sky.frag", places)
        self._sky = context.vertex_array(self._sky_program, [])
        self.culls = True
        """Whether to leave out what cannot show; pixels are the same without, but at coarse seams."""

    def draw(self, state: SceneState, previous: SceneState | None, view: View) -> None:
        """Draw a scene; `previous` is the same scene at the previous tick (None: it stood still)."""
        self.geometry.update(state, previous)
        self.view_buffer.write(view_block(view, state.sun_direction, self.width, self.height))
        self.view_buffer.bind_to_uniform_block(VIEW_BINDING)
        plain_state(self.context)
        self.context.enable_only(moderngl.DEPTH_TEST)
        self._depth_only.clear(depth=1.0)
        self._framebuffer.use()
        self.context.depth_func = "<"
        eye = inverse_rigid(view.view_from_world)[:3, 3]
        pixels_m = self._pixels_m(eye, view) if self.geometry.is_rigid else None
        if self.culls:
            # y is turned over, and with it what OpenGL calls the front.
            self.context.cull_face = "front"
            across, up = view.clip_from_view[0, 0], view.clip_from_view[1, 1]
            reach_m = view.near_m * math.hypot(1, 1 / across, 1 / up)
            self._instances.draw(
                frustum_planes(view.clip_from_world),
                self.geometry.hides_its_back(eye, reach_m),
                pixels_m=pixels_m,
            )
        else:
            self._instances.draw(None, pixels_m=pixels_m)
        self.context.depth_func = "<="
        self._sky.render(moderngl.TRIANGLES, vertices=3)

    def _pixels_m(self, eye: NDArray[np.float64], view: View) -> NDArray[np.float32]:
        """float32[n]: what a pixel covers of each instance where it is nearest, metres."""
        away = self.geometry.distances_m(eye)
        a_metre = 2 / (view.clip_from_view[1, 1] * self.height)
        return np.asarray(_FINER * a_metre * np.maximum(away, view.near_m), np.float32)

    @property
    def depth_buffer(self) -> moderngl.Texture:
        """OpenGL's own depth as last drawn: 1 in the sky, less elsewhere. To test against, not to write."""
        return self._depth

    def pixels(self, name: str) -> NDArray[Any]:
        """A target as last drawn, as it lies in memory: [h, w] or [h, w, c] with the components and the type
        of TARGETS. Waits for OpenGL: for what is computed on the processor."""
        components, dtype = TARGETS[name]
        raw = np.frombuffer(self.textures[name].read(alignment=1), _NUMBERS[dtype])
        shape = (self.height, self.width) if components == 1 else (self.height, self.width, components)
        return raw.reshape(shape)

    @property
    def at_hand(self) -> Mapping[str, NDArray[Any]] | None:
        """All targets as `pixels` has them, where that waits for nothing; None elsewhere."""
        return None

    @property
    def uploads(self) -> int:
        """How many draws had to send instances; standing still sends none."""
        return self._instances.changes

    def release(self) -> None:
        """Free everything on the graphics side."""
        self._instances.release()
        if self._owns_geometry:
            self.geometry.release()
        self._sky.release()
        self._sky_program.release()
        self._program.release()
        release_framebuffer(self._framebuffer)
        release_framebuffer(self._depth_only)
        self._depth.release()
        self.view_buffer.release()
        for texture in self.textures.values():
            texture.release()


def plain_state(context: moderngl.Context) -> None:
    """Undo whatever a window, its toolkit or another pass left switched on."""
    context.enable_only(moderngl.NOTHING)
    context.disable_direct(_DITHER)
    context.disable_direct(_FRAMEBUFFER_SRGB)
    context.wireframe = False
    context.polygon_offset = (0.0, 0.0)
    context.front_face = "ccw"


_VIEW_BYTES = 4 * (2 * 16 + 7 * 4)


def view_block(view: View, sun_direction: Vector, width: int, height: int) -> NDArray[np.float32]:
    """float32[60]: the uniform block View of shaders/view.glsl, std140."""
    world_from_view = inverse_rigid(view.view_from_world)
    projection = view.clip_from_view
    turn, position = world_from_view[:3, :3], world_from_view[:3, 3]

    def ray(u: float, v: float) -> NDArray[np.float64]:
        x = (2 * u - 1 + projection[0, 2]) / projection[0, 0]
        y = (1 - 2 * v + projection[1, 2]) / projection[1, 1]
        return np.asarray(turn @ (x, y, -1.0), np.float64)

    origin = ray(0, 0)
    pixel = 2 / (projection[1, 1] * height)
    vectors: list[list[float]] = [
        [*position, view.near_m],
        [*origin, view.far_m],
        [*(ray(1, 0) - origin), pixel],
        [*(ray(0, 1) - origin), 0.0],
        [*sun_direction, 0.0],
        [*_blocking_key(sun_direction), 0.0],
        [width, height, 1 / width, 1 / height],
    ]
    # GLSL stores matrices by columns.
    matrices = [
        (_UPSIDE_DOWN @ view.clip_from_world).T,
        (_UPSIDE_DOWN @ view.previous_clip_from_world).T,
    ]
    return np.concatenate([*(np.ravel(part) for part in matrices), np.ravel(vectors)]).astype(np.float32)


def _blocking_key(sun_direction: Vector) -> NDArray[np.float64]:
    # A scene's sun may stand low or be the moon below the horizon; blocking is lit from above all the same.
    x, y, z = sun_direction
    return normalised((x, max(abs(y), 0.35), z))
