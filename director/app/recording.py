"""The take that is being recorded, from the viewport's side: pictures read back without waiting."""

from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.generate.protocol import GeneratorIdentity
from director.passes.readback import Readback, Source
from director.take.burn_in import BurnIn, burnt_in, lens_words
from director.take.recorder import Plan, Recorder, Take
from director.take.resample import first_frame
from director.take.timecode import frame_at, timecode
from director.take.track import TrackLine

__all__ = ["Recording"]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A tick whose picture is on its way; `has_picture` is False where nothing was drawn anew."""

    line: TrackLine
    has_picture: bool
    number: int
    seconds: float


class Recording:
    """Feeds a Recorder with each tick's line and picture. `texture` is the picture, RGBA8, of the plan's
    size; `ring` as for Readback: 1 reads at once, n reads n − 1 ticks later without waiting for the GPU.
    With `burns_in` the film has slate, lens, timecode and frame written into it.

    Raises RecordingError where the take cannot be begun.
    """

    def __init__(
        self,
        context: moderngl.Context,
        texture: moderngl.Texture,
        plan: Plan,
        ring: int,
        *,
        burns_in: bool = False,
    ) -> None:
        self.recorder = Recorder(plan)
        self._slate = (plan.scene.name, plan.shot) if burns_in else None
        self._picture: NDArray[np.uint8] | None = None
        self._readback = Readback(context, {"picture": Source(texture, 3, np.uint8)}, ring)
        self._waiting: deque[_Waiting] = deque()
        self._ticks = 0
        self._fps = plan.fps
        self.seconds = 0.0
        self.has_begun = False
        """Whether it has a first picture."""

    @property
    def timecode(self) -> str:
        """Of the film's frame that is recorded just now, drop-frame where the rate is for it."""
        return timecode(frame_at(self.seconds, self._fps), self._fps)

    def tick(self, line: TrackLine, drawn_anew: bool) -> None:
        """The line of a tick, and whether its picture differs from the tick's before.

        Raises RecordingError where nothing more can be recorded; `stop` then keeps what there is.
        """
        self.seconds += line.tick.dt_s if self.has_begun else 0.0
        if drawn_anew or not self.has_begun:
            self._readback.start()
        self._ticks += 1
        self._waiting.append(_Waiting(line, drawn_anew or not self.has_begun, self._ticks, self.seconds))
        self.has_begun = True
        while self._waiting and self._has_arrived(self._waiting[0]):
            self._hand_over()

    def stop(self, identity: GeneratorIdentity | None) -> "Future[Take]":
        """End the take in the background: ffmpeg ends its work there. The future's error is a
        RecordingError."""
        try:
            while self._waiting:
                self._hand_over()
        except RecordingError:
            # The recorder knows why, and its take says so.
            self._waiting.clear()
        self._readback.release()
        return self.recorder.stop_in_background(identity)

    def _has_arrived(self, waiting: _Waiting) -> bool:
        # By age also: a picture that stands still is followed by no other that would push it on.
        age = self._ticks - waiting.number
        return not waiting.has_picture or self._readback.is_ready or age >= self._readback.ring - 1

    def _hand_over(self) -> None:
        waiting = self._waiting.popleft()
        picture = None
        if waiting.has_picture:
            picture = np.ascontiguousarray(self._readback.finish()["picture"])
        if self._slate is not None:
            # The timecode goes on where the picture stands still.
            self._picture = self._picture if picture is None else picture
            picture = None if self._picture is None else self._burnt(self._picture, waiting, *self._slate)
        self.recorder.tick(waiting.line, picture)

    def _burnt(
        self, picture: NDArray[np.uint8], waiting: _Waiting, scene: str, shot: str
    ) -> NDArray[np.uint8]:
        # That of the first frame of the film which this picture can be on.
        frame = first_frame(waiting.seconds, self._fps)
        words = BurnIn(
            timecode=timecode(frame, self._fps),
            scene=scene,
            shot=shot,
            take=self.recorder.number,
            lens=lens_words(waiting.line.camera.lens),
            frame=frame,
        )
        return burnt_in(picture, words)
