"""Scratch sound along scene time: loaded beside the loop, played in step with the scene."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pygame

from director.app.notices import Notices
from director.errors import DirectorError
from director.take.audio import RATE_HZ, ScratchAudio, read_audio

__all__ = ["ScratchSound"]

_STEP_S = 0.08
"""Time that goes further than this from where it is expected has jumped."""
_AHEAD_S = 30.0
"""How much is handed to the mixer at once: a whole hour would be copied for every jump."""


class ScratchSound:
    """What is heard while the scene plays. Call `tick` every turn.

    Where the machine has no sound it stays silent and says so once; the waveform is there all the same.
    """

    def __init__(self, notices: Notices) -> None:
        self._notices = notices
        self._reader = ThreadPoolExecutor(1, "scratch-sound")
        self._reading: Future[ScratchAudio] | None = None
        self._channel: pygame.mixer.Channel | None = None
        self._is_mute = False
        self._heard_from_s = 0.0
        self._expected_s = 0.0
        self.audio: ScratchAudio | None = None

    @property
    def is_loading(self) -> bool:
        """Whether a file is being read."""
        return self._reading is not None

    @property
    def is_heard(self) -> bool:
        """Whether it sounds just now."""
        return self._channel is not None and bool(self._channel.get_busy())

    def load(self, path: Path, offset_s: float = 0.0) -> None:
        """Read a sound file, to begin at scene time `offset_s`; what is wrong with it becomes a notice."""
        self._silence()
        self._reading = self._reader.submit(read_audio, path, offset_s)

    def clear(self) -> None:
        """No sound any more."""
        self._silence()
        self.audio = self._reading = None

    def tick(self, time_s: float, is_playing: bool, dt_s: float) -> None:
        """Be heard as the scene stands at `time_s`, `dt_s` real seconds after the call before."""
        self._finish_reading()
        jumps = abs(time_s - (self._expected_s + dt_s)) > _STEP_S
        self._expected_s = time_s
        if self.audio is None:
            return
        if not is_playing:
            self._silence()
        elif self._channel is None or jumps or time_s - self._heard_from_s > _AHEAD_S - 0.1:
            self._sound_from(time_s)

    def close(self) -> None:
        """End it; idempotent."""
        self._silence()
        self._reader.shutdown(wait=False, cancel_futures=True)

    def _finish_reading(self) -> None:
        if self._reading is None or not self._reading.done():
            return
        reading, self._reading = self._reading, None
        error = reading.exception()
        if error is None:
            self.audio = reading.result()
            self._notices.add(f"Sound: {self.audio.path.name}, {self.audio.duration_s:.1f} s")
        elif isinstance(error, DirectorError):
            self._notices.add(str(error), is_problem=True)
        else:
            raise error

    def _sound_from(self, time_s: float) -> None:
        self._silence()
        self._heard_from_s = time_s
        if self.audio is None or not self._has_device():
            return
        # Where it begins later, silence comes first.
        span = self.audio.span(time_s, min(time_s + _AHEAD_S, max(self.audio.end_s, time_s)))
        if len(span):
            samples = (np.clip(span, -1, 1) * 32767).astype("<i2")
            self._channel = pygame.mixer.Sound(buffer=samples.tobytes()).play()

    def _silence(self) -> None:
        if self._channel is not None:
            self._channel.stop()
            self._channel = None

    def _has_device(self) -> bool:
        if self._is_mute:
            return False
        if pygame.mixer.get_init() is None:
            try:
                pygame.mixer.init(RATE_HZ, -16, 1, 512, allowedchanges=0)
            except pygame.error as error:
                self._is_mute = True
                words = f"No sound is heard: {error}. Plug in an audio device and open the scene again"
                self._notices.add(words, is_problem=True)
                return False
        return True
