"""The picture of a take, and the window's ways of looking at it and at the passes.

`draw` makes the picture, at the size of the take: that is what is recorded. `show` lays it, or a pass, or
both side by side, into a window. Rows of every texture here run from the top of the picture down.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.answer import can_carry
from director.composite.carry import Moment
from director.composite.compiled import CompiledPicture
from director.composite.generated import GeneratedPicture
from director.composite.lens_effects import LensEffects, LensSettings
from director.composite.locked import LockedSurfaces
from director.composite.rectangle import Rectangle, fitted
from director.composite.steady import SteadyPicture
from director.passes.kernels import drawn_by_kernels
from director.passes.shader import load_program
from director.types import GeneratedFrame, Lens

__all__ = ["COMPARISONS", "PASS_VIEWS", "VIEWS", "Display"]

PASS_VIEWS: tuple[str, ...] = (
    *("depth", "segmentation", "normal", "motion", "anchor", "shadow", "noise"),
    *("object", "lamplight", "structure"),
)
COMPARISONS: tuple[str, ...] = ("side-by-side", "wipe", "blend")
VIEWS: tuple[str, ...] = ("generated", "proxy", *COMPARISONS, *PASS_VIEWS)
"""In the order in which a key goes through them."""

_MAP_OF_VIEW = {"segmentation": "object"}
_IDS_PER_ROW = 256
# Measured: with this much, pictures carried along have as much fine detail as generated ones.
_SOFTEN = 0.3
# Measured: with this share of the stabiliser's amount pictures have as much fine detail as unsteadied ones.
_CRISPER = 0.22
_SURROUND = (0.035, 0.036, 0.040, 1.0)


class Display:
    """Draws pictures of `width` × `height` and shows them. `sharp` magnifies with Catmull-Rom instead of
    bilinearly: dear on software OpenGL.

    Raises GraphicsError where a shader does not compile.
    """

    def __init__(
        self,
        context: moderngl.Context,
        width: int,
        height: int,
        *,
        sharp: bool = False,
        compiled: bool | None = None,
    ) -> None:
        self.width = width
        self.height = height
        self._context = context
        self.picture = self._target()
        self._framebuffer = context.framebuffer([self.picture])
        self._generated = GeneratedPicture(context)
        self._loops: CompiledPicture | None = None
        if drawn_by_kernels(context) if compiled is None else compiled:
            self._loops = CompiledPicture(width, height)
        self._steady: SteadyPicture | None = None
        self._locks: LockedSurfaces | None = None
        self._lens: LensEffects | None = None
        self._current: moderngl.Texture | None = None
        self._current_framebuffer: moderngl.Framebuffer | None = None
        defines = {"SHARP": "1"} if sharp else {}
        self._compare = {
            name: self._program("compare", {**defines, define: "1"})
            for name, define in (("one", "ONE"), ("wipe", "WIPE"), ("blend", "BLEND"))
        }
        self._crisper = self._program("crisper", {})
        self._passes: dict[str, tuple[moderngl.Program, moderngl.VertexArray]] = {}
        self._pass_picture: moderngl.Texture | None = None
        self._pass_framebuffer: moderngl.Framebuffer | None = None
        self._palette: moderngl.Texture | None = None

    def draw(
        self,
        frame: GeneratedFrame | None,
        passes: Mapping[str, moderngl.Texture],
        now: Moment | None = None,
        source: Moment | None = None,
        steadied: float | None = None,
        pixels: Mapping[str, NDArray[Any]] | None = None,
    ) -> moderngl.Texture:
        """Draw the picture, and return its texture: the generated frame, or without one the proxy.

        `passes` are the G-buffer's textures of now. With both moments (`source` is the tick that the frame
        answers), a frame that is older or smaller than the picture is carried to the camera of now along
        depth and objects, provided that `passes` have the picture's size and the frame's conditioning holds
        depth and object maps; otherwise it is scaled.

        With `steadied`, 0..1, that share of the picture drawn before is kept, carried along, and what
        averaging softens is made up for; what the frame does not show yet is filled from before. Without,
        pictures do not depend on those before.

        Compiled loops draw it if they may and `pixels`, the same passes as arrays, are at hand: all but what
        is held, from which on shaders draw until the next cut.
        """
        if frame is None or now is None or steadied is None or not self._fits(passes):
            self.cut()
            self._draw(self._framebuffer, frame, passes, now, source)
            return self.picture
        if (
            self._loops is not None
            and pixels is not None
            and source is not None
            and can_carry(frame)
            and not self._is_by_shaders
        ):
            drawn = self._loops.draw(frame, pixels, now, source, steadied, _SOFTEN, _CRISPER)
            self.picture.write(drawn)
            return self.picture
        if self._steady is None or self._current is None or self._current_framebuffer is None:
            self._steady = SteadyPicture(self._context, self.width, self.height)
            self._current = self._target()
            self._current_framebuffer = self._context.framebuffer([self._current])
        if self._loops is not None and self._loops.before is not None:
            self._steady.go_on(self._loops.before)
            self._loops.before = None
        is_carried = self._draw(self._current_framebuffer, frame, passes, now, source)
        # Under a camera that stands, silhouettes are as soft as they were generated.
        if self._locks is not None and self._locks.kept:
            self._current_framebuffer.use()
            self._locks.draw(now, passes)
        has_moved = source is not None and not now.has_view_of(source)
        soften = _SOFTEN if is_carried and has_moved else 0.0
        is_averaged = steadied > 0 and self._steady.knows
        made = self._steady.draw(self._current, passes, now, steadied, soften)
        self._framebuffer.use()
        if is_averaged:
            self._draw_crisper(made, _CRISPER * steadied)
        else:
            self._draw_one(made)
        return self.picture

    def hold(self, ids: frozenset[int], frame: GeneratedFrame | None, source: Moment | None) -> None:
        """Hold the surfaces of these objects, and of no others, as the newest frame shows them, which answers
        `source`; what comes into sight later joins. Held surfaces are drawn in steadied pictures."""
        if self._locks is None:
            if not ids:
                return
            self._locks = LockedSurfaces(self._context)
        self._locks.hold(ids, frame, source)

    def look_through(
        self,
        lens: Lens,
        settings: LensSettings,
        passes: Mapping[str, moderngl.Texture],
        frame_share: float,
    ) -> None:
        """Give the picture that was drawn last the lens's depth of field and shutter blur, as LensEffects
        has them. Passes of another size than the picture's leave it as it is."""
        if not settings.is_on or any(passes[name].size != self.picture.size for name in settings.passes):
            return
        if self._lens is None:
            self._lens = LensEffects(self._context, self.width, self.height)
        seen = self._lens.draw(self.picture, passes, lens, settings, frame_share)
        self._framebuffer.use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        if seen is not self.picture:
            self._draw_one(seen)

    def cut(self) -> None:
        """What is drawn next does not continue what was."""
        if self._steady is not None:
            self._steady.forget()
        if self._loops is not None:
            self._loops.before = None

    @property
    def _is_by_shaders(self) -> bool:
        holds = self._locks is not None and self._locks.kept > 0
        return holds or (self._steady is not None and self._steady.knows)

    def _draw(
        self,
        target: moderngl.Framebuffer,
        frame: GeneratedFrame | None,
        passes: Mapping[str, moderngl.Texture],
        now: Moment | None,
        source: Moment | None,
    ) -> bool:
        """Returns whether the frame was carried, and not only copied or scaled."""
        target.use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        if frame is None:
            self._draw_one(passes["base"])
            return False
        self._generated.upload(frame, now, source)
        same_size = (frame.image.shape[1], frame.image.shape[0]) == (self.width, self.height)
        still = now is None or source is None or now.is_same(source)
        if (still and same_size) or not self._carries(frame, passes, now, source):
            self._draw_one(self._generated.image)
            if now is not None and still and same_size and self._fits(passes):
                self._generated.draw_overhang(now, passes)
            return False
        assert now is not None
        assert source is not None
        self._generated.draw(now, source, passes)
        return True

    def read(self) -> NDArray[np.uint8]:
        """The picture as uint8[h, w, 3], top row first. Waits for OpenGL: for offline work."""
        raw = self._framebuffer.read(components=3, alignment=1)
        return np.frombuffer(raw, np.uint8).reshape(self.height, self.width, 3)

    def set_palette(self, colours: Sequence[Sequence[int]]) -> None:
        """Colours of the segmentation view by object id, 0..255 sRGB; the first is the sky's."""
        rows = -(-len(colours) // _IDS_PER_ROW)
        table = np.zeros((rows * _IDS_PER_ROW, 3), np.uint8)
        table[: len(colours)] = np.asarray(colours, np.uint8).reshape(-1, 3)
        if self._palette is not None:
            self._palette.release()
        self._palette = self._context.texture((_IDS_PER_ROW, rows), 3, table.tobytes(), alignment=1)
        self._palette.filter = (moderngl.NEAREST, moderngl.NEAREST)

    def show(
        self,
        target: moderngl.Framebuffer,
        size: tuple[int, int],
        view: str,
        amount: float,
        passes: Mapping[str, moderngl.Texture],
        near_far_m: tuple[float, float],
        within: Rectangle | None = None,
    ) -> Rectangle:
        """Show a view in a window of this size, letterboxed, and return where it lies: in the whole of it, or
        within a part.

        `amount` (0..1) is where the wipe stands, or the proxy's share of the blend. `passes` hold the
        texture that the view is of. Raises KeyError for no such view, or a pass that is not in `passes`.
        """
        width, height = size
        aspect = self.width / self.height
        whole = within or Rectangle(0.0, 0.0, float(width), float(height))
        second = self.picture if view == "generated" else self._pass(view, passes, near_far_m)
        target.use()
        target.viewport = (0, 0, width, height)
        target.clear(*_SURROUND)
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        if view == "side-by-side":
            left, right = _halves(whole, aspect)
            self._lay("one", left, size, self.picture)
            self._lay("one", right, size, second)
            return Rectangle(left.left, left.top, right.left + right.width - left.left, left.height)
        place = fitted(whole, aspect)
        if view in ("wipe", "blend"):
            program = self._compare[view][0]
            second.use(1)
            program["second"] = 1
            program["amount"] = amount
            self._lay(view, place, size, self.picture)
        else:
            self._lay("one", place, size, second)
        return place

    def release(self) -> None:
        """Free what OpenGL holds."""
        # A framebuffer that is deleted while bound would make moderngl's next one an error.
        self._context.detect_framebuffer(0).use()
        for program, strip in (*self._compare.values(), *self._passes.values(), self._crisper):
            strip.release()
            program.release()
        self._generated.release()
        if self._steady is not None:
            self._steady.release()
        if self._locks is not None:
            self._locks.release()
        if self._lens is not None:
            self._lens.release()
        if self._current_framebuffer is not None and self._current is not None:
            self._current_framebuffer.release()
            self._current.release()
        self._framebuffer.release()
        self.picture.release()
        if self._pass_framebuffer is not None:
            self._pass_framebuffer.release()
        for texture in (self._pass_picture, self._palette):
            if texture is not None:
                texture.release()

    def _carries(
        self,
        frame: GeneratedFrame,
        passes: Mapping[str, moderngl.Texture],
        now: Moment | None,
        source: Moment | None,
    ) -> bool:
        known = now is not None and source is not None
        return known and self._fits(passes) and can_carry(frame)

    def _fits(self, passes: Mapping[str, moderngl.Texture]) -> bool:
        return all(passes[name].size == self.picture.size for name in ("depth", "object", "base"))

    def _draw_one(self, texture: moderngl.Texture) -> None:
        program, strip = self._compare["one"]
        program["top_left"] = (-1.0, -1.0)
        program["bottom_right"] = (1.0, 1.0)
        program["first"] = 0
        texture.use(0)
        strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _draw_crisper(self, texture: moderngl.Texture, amount: float) -> None:
        program, strip = self._crisper
        program["top_left"] = (-1.0, -1.0)
        program["bottom_right"] = (1.0, 1.0)
        program["picture"] = 0
        program["amount"] = amount
        texture.use(0)
        strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _lay(self, name: str, place: Rectangle, size: tuple[int, int], texture: moderngl.Texture) -> None:
        program, strip = self._compare[name]
        program["top_left"], program["bottom_right"] = place.corners(*size)
        program["first"] = 0
        texture.use(0)
        strip.render(moderngl.TRIANGLE_STRIP, vertices=4)

    def _pass(
        self, view: str, passes: Mapping[str, moderngl.Texture], near_far_m: tuple[float, float]
    ) -> moderngl.Texture:
        # Passes are sampled to the nearest: drawn at the picture's size first, they can then be scaled.
        texture = passes[_MAP_OF_VIEW.get(view, "base" if view not in PASS_VIEWS else view)]
        if self._pass_picture is None or self._pass_framebuffer is None:
            self._pass_picture = self._target()
            self._pass_framebuffer = self._context.framebuffer([self._pass_picture])
        self._pass_framebuffer.use()
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        if view not in PASS_VIEWS:
            self._draw_one(texture)
            return self._pass_picture
        if view not in self._passes:
            self._passes[view] = self._program(view, {})
        program, strip = self._passes[view]
        if view == "segmentation":
            if self._palette is None:
                self.set_palette([(0, 0, 0)])
            assert self._palette is not None
            self._palette.use(1)
            program["palette"] = 1
        elif view == "depth":
            program["near_m"], program["far_m"] = near_far_m
        elif view == "motion":
            program["aspect"] = self.width / self.height
        program["top_left"] = (-1.0, -1.0)
        program["bottom_right"] = (1.0, 1.0)
        program["map"] = 0
        texture.use(0)
        strip.render(moderngl.TRIANGLE_STRIP, vertices=4)
        return self._pass_picture

    def _program(
        self, name: str, defines: Mapping[str, str]
    ) -> tuple[moderngl.Program, moderngl.VertexArray]:
        program = load_program(self._context, "display/rectangle.vert", f"display/{name}.frag", defines)
        return program, self._context.vertex_array(program, [])

    def _target(self) -> moderngl.Texture:
        texture = self._context.texture((self.width, self.height), 4)
        texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        return texture


def _halves(whole: Rectangle, aspect: float) -> tuple[Rectangle, Rectangle]:
    # A narrow gap between them; one above the other would make them larger only in a tall window.
    gap = 4.0
    half = max(1.0, (whole.width - gap) / 2)
    left = fitted(Rectangle(whole.left, whole.top, half, whole.height), aspect)
    return left, Rectangle(left.left + half + gap, left.top, left.width, left.height)
