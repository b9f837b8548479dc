"""A film's frames by their number, for scrubbing and playing: decoded by ffmpeg, the last ones kept.

Frames in order come from one ffmpeg that reads on; a jump starts another at the place. Films of takes have a
key frame every half second, so that a jump decodes few frames to throw away.
"""

import subprocess
import tempfile
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError, TakeError
from director.take import ffmpeg
from director.take.film_head import film_head
from director.take.library import TakeEntry
from director.take.timecode import frame_at

__all__ = ["FilmReader"]

_KEPT_BYTES = 96 * 2**20
# Reading on over so many frames costs less than starting ffmpeg anew.
_READ_ON = 24


class FilmReader:
    """The frames of a film, `width` × `height`, `frames` of them at `fps`. For one thread; close it, or use
    it in a `with`, to end its ffmpeg. `frame` waits while ffmpeg decodes: some milliseconds for the next one,
    a tenth of a second after a jump.
    """

    def __init__(
        self, video: Path, width: int, height: int, fps: Fraction, frames: int, kept_bytes: int = _KEPT_BYTES
    ) -> None:
        self.video = video
        self.width, self.height = width, height
        self.fps = fps
        self.frames = frames
        self._most = max(2, kept_bytes // max(1, width * height * 3))
        self._kept: OrderedDict[int, NDArray[np.uint8]] = OrderedDict()
        self._ffmpeg: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._next = 0
        self.starts = 0
        """How often ffmpeg was started: once to play a film through."""

    @classmethod
    def of_take(cls, take: TakeEntry) -> Self:
        """The reader of a take's film; where the take does not say how many frames it has, as after a kill,
        they are counted. Raises TakeError for a broken take, and RecordingError for a film that cannot be
        read."""
        if take.state == "broken" or take.size is None or take.fps is None:
            raise TakeError(take.error or "is broken", subject=str(take.folder), mend="choose another take")
        frames = film_head(take.video).frames if take.frames is None else take.frames
        return cls(take.video, *take.size, take.fps, frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def duration_s(self) -> float:
        """The length of the film."""
        return float(self.frames / self.fps)

    def at(self, time_s: float) -> NDArray[np.uint8]:
        """The picture at a time since the film's beginning; before it the first, after it the last."""
        return self.frame(min(frame_at(time_s, self.fps), self.frames - 1))

    def frame(self, index: int) -> NDArray[np.uint8]:
        """uint8[h, w, 3], sRGB, read-only: frame `index`, from 0.

        Raises IndexError outside the film, and RecordingError where the film cannot be decoded there.
        """
        if not 0 <= index < self.frames:
            raise IndexError(f"{self.video} has no frame {index}, it has {self.frames}")
        if index in self._kept:
            self._kept.move_to_end(index)
            return self._kept[index]
        if self._ffmpeg is None or not self._next <= index <= self._next + _READ_ON:
            self._start(index)
        while True:
            picture = self._read()
            if self._next > index:
                return picture

    def close(self) -> None:
        """End ffmpeg and forget what was kept; idempotent. The next frame begins anew."""
        self._end()
        self._kept.clear()

    def _start(self, index: int) -> None:
        self._end()
        # Half a frame early: between two frames no rounding of times can choose the wrong one.
        seek = ["-ss", f"{float((index - Fraction(1, 2)) / self.fps):.6f}"] if index else []
        command = [
            *(ffmpeg.command(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *(*ffmpeg.film_input(self.video, seek), "-map", "0:v:0", "-fps_mode", "passthrough"),
            *("-vf", ffmpeg.FROM_BT709, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"),
        ]
        # A damaged film makes ffmpeg complain at length: a pipe that nobody reads would block it.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self._ffmpeg = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self._complaints)
        except OSError as error:
            self._end()
            raise RecordingError(
                f"ffmpeg did not start: {error.strerror}", subject=str(self.video), mend="director doctor"
            ) from error
        self._next = index
        self.starts += 1

    def _read(self) -> NDArray[np.uint8]:
        assert self._ffmpeg is not None
        assert self._ffmpeg.stdout is not None
        size = self.width * self.height * 3
        raw = self._ffmpeg.stdout.read(size)
        if len(raw) != size:
            index = self._next
            told = self._complaint()
            self._end()
            raise RecordingError(
                f"frame {index} cannot be read: {told}", subject=str(self.video), mend="shoot the take again"
            )
        # Frames on the way are kept too: who scrubs comes back to them.
        picture = np.frombuffer(raw, np.uint8).reshape(self.height, self.width, 3)
        self._kept[self._next] = picture
        self._kept.move_to_end(self._next)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        self._next += 1
        return picture

    def _complaint(self) -> str:
        assert self._ffmpeg is not None
        assert self._complaints is not None
        status = self._ffmpeg.wait()
        self._complaints.seek(0)
        told = ffmpeg.complaint(self._complaints.read())
        if told:
            return told
        return ffmpeg.ending(status) if status else "the film ends before it"

    def _end(self) -> None:
        if self._ffmpeg is not None:
            self._ffmpeg.kill()
            assert self._ffmpeg.stdout is not None
            self._ffmpeg.stdout.close()
            self._ffmpeg.wait()
            self._ffmpeg = None
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None
