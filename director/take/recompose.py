"""From generated pictures to those of a take: as `shoot` finishes each frame, or as the viewport composed
each tick. Settings are those of each line of the track."""

from collections.abc import Mapping, Sequence
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.display import Display
from director.composite.generated import Moment
from director.composite.lens_effects import LensEffects, LensSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.finish import moment_of
from director.take.track import TrackLine
from director.types import GeneratedFrame

__all__ = ["FrameComposer", "TickComposer"]

# As the viewport: so many ticks does a picture take to settle, and over the last of them what is kept fades.
_SETTLING_TICKS, _FADING_TICKS = 9, 5


class FrameComposer:
    """Each frame has a picture of its own, generated from its very tick. The bytes are those of `shoot`."""

    def __init__(
        self,
        context: moderngl.Context,
        compiled: CompiledScene,
        size: tuple[int, int],
        lines: Sequence[TrackLine],
    ) -> None:
        self._passes = _Passes(context, compiled, size, lines)
        self._display = Display(context, *size)
        self._effects = LensEffects(context, *size)
        self._size = size
        self._is_steadied = any(line.picture.stabiliser > 0 or line.direction.locks for line in lines)
        self._is_plain = not self._is_steadied and not any(line.picture.has_lens_effects for line in lines)
        self._has_begun = False

    def picture(
        self, line: TrackLine, after: TrackLine | None, frame: GeneratedFrame, source: Moment
    ) -> NDArray[np.uint8]:
        """uint8[h, w, 3] of the next frame. `after` is the frame after it, by which motion is told where
        nothing was before."""
        if self._is_plain and frame.image.shape[:2] == (self._size[1], self._size[0]):
            return np.ascontiguousarray(frame.image)
        lens = _lens(line)
        if not self._has_begun and after is not None and "motion" in lens.passes:
            # A streak has no direction: the frame after it tells as well.
            self._passes.draw(after)
        self._has_begun = True
        now = self._passes.draw(line)
        textures = self._passes.textures
        if line.camera.is_cut:
            self._display.cut()
        self._display.hold(line.direction.locks, frame, source)
        steadied = line.picture.stabiliser if self._is_steadied else None
        drawn = self._display.draw(frame, textures, now, source, steadied, self._passes.at_hand)
        seen = self._effects.draw(drawn, textures, line.camera.lens, lens)
        return self._display.read() if seen is drawn else _read(seen)

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._effects.release()
        self._display.release()
        self._passes.release()


class TickComposer:
    """Each tick shows the newest picture that there was, carried to it. `fps` is the film's."""

    def __init__(
        self,
        context: moderngl.Context,
        compiled: CompiledScene,
        size: tuple[int, int],
        lines: Sequence[TrackLine],
        fps: float,
        *,
        is_sharp: bool,
    ) -> None:
        """`is_sharp` as for Display: whether OpenGL ran on a graphics card."""
        self._passes = _Passes(context, compiled, size, lines)
        self._display = Display(context, *size, sharp=is_sharp)
        self._fps = fps
        self._composed: object = None
        self._settling = 0

    def picture(
        self, line: TrackLine, frame: GeneratedFrame | None, source: Moment | None
    ) -> NDArray[np.uint8] | None:
        """uint8[h, w, 3] of the next tick; None where it is still that of the tick before."""
        camera, made_by, locks = line.camera, line.picture, line.direction.locks
        if camera.is_cut:
            self._display.cut()
        now = self._passes.draw(line)
        still = (camera.position, camera.orientation, camera.lens, camera.correction, line.tick.time_s)
        composed = (still, frame, made_by.stabiliser, _lens(line), locks)
        if self._composed != composed or camera.is_cut:
            self._composed = composed
            self._settling = _SETTLING_TICKS if made_by.stabiliser > 0 else 1
        if not self._settling:
            return None
        self._settling -= 1
        dt_s = line.tick.dt_s
        frame_share = 1 / (self._fps * dt_s) if dt_s > 0 and not camera.is_cut else 0.0
        share = made_by.stabiliser * min(1.0, self._settling / _FADING_TICKS)
        textures = self._passes.textures
        self._display.hold(locks, frame, source)
        self._display.draw(frame, textures, now, source, share, self._passes.at_hand)
        self._display.look_through(camera.lens, _lens(line), textures, frame_share)
        return self._display.read()

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._display.release()
        self._passes.release()


class _Passes:
    """The passes at the picture's size, with all that any line of the take needs."""

    def __init__(
        self,
        context: moderngl.Context,
        compiled: CompiledScene,
        size: tuple[int, int],
        lines: Sequence[TrackLine],
    ) -> None:
        shown = frozenset({"base", "depth", "object"}).union(*(_lens(line).passes for line in lines))
        self._conditioner = Conditioner(context, compiled, *size, frozenset(), shown=shown)

    @property
    def textures(self) -> dict[str, moderngl.Texture]:
        return dict(self._conditioner.gbuffer.textures)

    @property
    def at_hand(self) -> Mapping[str, NDArray[Any]] | None:
        return self._conditioner.gbuffer.at_hand

    def draw(self, line: TrackLine) -> Moment:
        self._conditioner.draw(line.tick, line.camera, line.direction)
        return moment_of(self._conditioner)

    def release(self) -> None:
        self._conditioner.release()


def _lens(line: TrackLine) -> LensSettings:
    return LensSettings(line.picture.depth_of_field, line.picture.shutter_angle_deg)


def _read(texture: moderngl.Texture) -> NDArray[np.uint8]:
    width, height = texture.size
    rgba = np.frombuffer(texture.read(alignment=1), np.uint8).reshape(height, width, 4)
    return np.ascontiguousarray(rgba[..., :3])
