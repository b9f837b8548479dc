"""A take's film in place of the live picture, or two in one: decoded by a thread, shown as it comes."""

import threading
from dataclasses import dataclass
from fractions import Fraction

import moderngl
import numpy as np
import pygame
from numpy.typing import NDArray

from director.app.notices import Notices
from director.composite.rectangle import Rectangle, fitted
from director.errors import DirectorError, TakeError
from director.passes.shader import load_program
from director.take.compare import WAYS, Comparison
from director.take.library import TakeEntry
from director.take.playback import FilmReader
from director.take.timecode import frame_at, timecode

__all__ = ["Playing"]

_SURROUND = (0.035, 0.036, 0.040, 1.0)
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A frame by its number, and how two films are laid together."""

    frame: int
    way: str
    amount: float


class _Decoder:
    """A thread that reads films: what was wanted last is decoded, and what came between is skipped."""

    def __init__(self, takes: tuple[TakeEntry, ...]) -> None:
        self.fps: Fraction | None = None
        self.frames = 0
        """Known once `fps` is."""
        self.error = ""
        self._takes = takes
        self._wanted: _Wanted | None = None
        self._made: tuple[_Wanted, Picture] | None = None
        self._is_closing = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="take's film").start()

    def want(self, wanted: _Wanted) -> None:
        """Ask for a picture."""
        with self._changed:
            if wanted != self._wanted:
                self._wanted = wanted
                self._changed.notify()

    @property
    def made(self) -> tuple[_Wanted, Picture] | None:
        """The newest picture, and what it answers."""
        return self._made

    def close(self) -> None:
        """Let the thread end, after the frame that it is at: nobody waits for it."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()

    def _run(self) -> None:
        readers: list[FilmReader] = []
        try:
            for take in self._takes:
                readers.append(FilmReader.of_take(take))
            both = Comparison(readers[0], readers[1]) if len(readers) > 1 else None
            first = readers[0]
            duration_s = both.duration_s if both is not None else first.duration_s
            self.frames = max(1, frame_at(duration_s, first.fps))
            if not first.frames:
                raise TakeError("its film has no frames", subject=str(first.video), mend="choose another")
            self.fps = first.fps
            while (wanted := self._next()) is not None:
                time_s = float(wanted.frame / first.fps)
                laid = None if both is None else both.at(time_s, wanted.way, wanted.amount)
                self._made = (wanted, first.at(time_s) if laid is None else laid)
        except DirectorError as error:
            self.error = str(error)
        except (OSError, ValueError) as error:
            # A folder that went away meanwhile, a film that is none: else its place would stay black.
            self.error = f"{self._takes[0].folder}: its film cannot be read: {error}"
        finally:
            for reader in readers:
                reader.close()

    def _next(self) -> _Wanted | None:
        with self._changed:
            while not self._is_closing and (
                self._wanted is None or (self._made is not None and self._made[0] == self._wanted)
            ):
                self._changed.wait()
            return None if self._is_closing else self._wanted


class Playing:
    """Shows a film while `is_on`. One thread uses it: the one with the context."""

    def __init__(self, context: moderngl.Context, notices: Notices) -> None:
        self._context = context
        self._notices = notices
        self._decoder: _Decoder | None = None
        self._texture: moderngl.Texture | None = None
        self._lay: tuple[moderngl.Program, moderngl.VertexArray] | None = None
        self._shown: _Wanted | None = None
        self._time_s = 0.0
        self.takes: tuple[TakeEntry, ...] = ()
        """What is played: one take, or the two that are compared."""
        self.is_running = False
        """Whether time goes by in it."""
        self.way = WAYS[0]
        """How two are laid together, one of take.compare's WAYS."""
        self.amount = 0.5
        """Where the wipe stands, or the share of the blend."""

    @property
    def is_on(self) -> bool:
        """Whether a film stands in for the live picture."""
        return self._decoder is not None

    @property
    def frame(self) -> int:
        """The frame that is to be shown, from 0."""
        decoder = self._decoder
        if decoder is None or decoder.fps is None:
            return 0
        return min(frame_at(self._time_s, decoder.fps), decoder.frames - 1)

    @property
    def shown_frame(self) -> int | None:
        """The frame that is shown; None before the first."""
        return None if self._shown is None else self._shown.frame

    @property
    def frames(self) -> int:
        """How many there are; 0 until that is known."""
        return 0 if self._decoder is None else self._decoder.frames

    @property
    def clock(self) -> tuple[str, str]:
        """Timecode of the frame and of the end."""
        decoder = self._decoder
        if decoder is None or decoder.fps is None:
            return "--:--:--:--", "--:--:--:--"
        return timecode(self.frame, decoder.fps), timecode(decoder.frames, decoder.fps)

    @property
    def title(self) -> str:
        """What is played, in words."""
        names = [f"{take.shot} {take.number}" for take in self.takes]
        return "  |  ".join(names)

    def play(self, take: TakeEntry, against: TakeEntry | None = None) -> None:
        """Play a take from its beginning, or two of them in one picture."""
        self.stop()
        self.takes = (take,) if against is None else (take, against)
        self._decoder = _Decoder(self.takes)
        self._time_s = 0.0
        self.is_running = True

    def stop(self) -> None:
        """Back to the live picture."""
        if self._decoder is not None:
            self._decoder.close()
        self._decoder = self._shown = None
        self.takes = ()
        self.is_running = False
        if self._texture is not None:
            self._texture.release()
            self._texture = None

    def toggle(self) -> None:
        """Run or pause; at the end, from the beginning."""
        if not self.is_running and self.frame >= self.frames - 1:
            self._time_s = 0.0
        self.is_running = not self.is_running

    def go_to(self, frame: int) -> None:
        """Pause at a frame, or the nearest that there is."""
        decoder = self._decoder
        if decoder is None or decoder.fps is None:
            return
        self.is_running = False
        self._time_s = float(min(max(0, frame), decoder.frames - 1) / decoder.fps)

    def takes_key(self, event: pygame.event.Event) -> bool:
        """Whether a key that went down is for the film: arrows step, Home and End go to its ends."""
        if not self.is_on or event.type != pygame.KEYDOWN or getattr(event, "mod", 0) & _CHORDS:
            return False
        steps = {pygame.K_LEFT: self.frame - 1, pygame.K_RIGHT: self.frame + 1}
        steps |= {pygame.K_HOME: 0, pygame.K_END: self.frames - 1}
        if event.key not in steps:
            return False
        self.go_to(steps[event.key])
        return True

    def tick(self, dt_s: float) -> None:
        """Let time go by, and take in what was decoded."""
        decoder = self._decoder
        if decoder is None:
            return
        if decoder.error:
            self._notices.add(decoder.error, is_problem=True)
            self.stop()
            return
        if decoder.fps is None:
            return
        # The first frame may take its time: the clock waits for it.
        if self.is_running and self._shown is not None:
            self._time_s += dt_s
            if self.frame >= decoder.frames - 1:
                self.is_running = False
        decoder.want(_Wanted(self.frame, self.way, round(self.amount, 3)))
        made = decoder.made
        if made is not None and made[0] != self._shown:
            self._shown = made[0]
            self._upload(made[1])

    def show(
        self, target: moderngl.Framebuffer, size: tuple[int, int], within: Rectangle | None, aspect: float
    ) -> Rectangle:
        """Lay the film into a window of this size in pixels, or a part of it; returns where it lies. `aspect`
        is that of what it stands in for, until its first frame is there."""
        whole = within or Rectangle(0.0, 0.0, float(size[0]), float(size[1]))
        target.use()
        target.viewport = (0, 0, *size)
        target.clear(*_SURROUND)
        if self._texture is None:
            return fitted(whole, aspect)
        place = fitted(whole, self._texture.width / self._texture.height)
        if self._lay is None:
            program = load_program(
                self._context, "display/rectangle.vert", "display/compare.frag", {"ONE": "1"}
            )
            self._lay = program, self._context.vertex_array(program, [])
        program, strip = self._lay
        self._context.disable(moderngl.DEPTH_TEST | moderngl.CULL_FACE | moderngl.BLEND)
        program["top_left"], program["bottom_right"] = place.corners(*size)
        program["first"] = 0
        self._texture.use(0)
        strip.render(moderngl.TRIANGLE_STRIP, vertices=4)
        return place

    def close(self) -> None:
        """Free what OpenGL holds, and let the thread end."""
        self.stop()
        if self._lay is not None:
            program, strip = self._lay
            strip.release()
            program.release()
            self._lay = None

    def _upload(self, picture: Picture) -> None:
        height, width = picture.shape[:2]
        if self._texture is None or self._texture.size != (width, height):
            if self._texture is not None:
                self._texture.release()
            self._texture = self._context.texture((width, height), 3, alignment=1)
            self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
            self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.write(np.ascontiguousarray(picture), alignment=1)


_CHORDS = pygame.KMOD_CTRL | pygame.KMOD_ALT | pygame.KMOD_META
