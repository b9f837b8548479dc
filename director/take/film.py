"""video.mp4, written while the camera rolls: playable up to the last second whatever gets killed.

Pictures go through a bounded queue to a thread that feeds ffmpeg. While it is written the film is a
fragmented MP4, half a second to a fragment; when it is closed well it is remuxed, without a loss, to a
plain one whose index comes first. sRGB pictures are converted to BT.709, limited range, and tagged so.
"""

import contextlib
import queue
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.errors import RecordingError
from director.take import ffmpeg
from director.take.folder import whole_file

__all__ = ["Film"]

_END_S = 60.0
"""How long ffmpeg may take to finish what it was given, or to take the next picture."""


class Film:
    """A film being written, `width` × `height` (both even) at `fps` frames a second.

    `frames` counts what was given to ffmpeg or waits to be, `repeated` those that had to repeat the
    picture before because ffmpeg could not keep up. Raises RecordingError where ffmpeg cannot start; when
    it dies later the next call raises, and what was written stays.
    """

    def __init__(self, path: Path, width: int, height: int, fps: Fraction) -> None:
        self._path = path
        self._shape = (height, width, 3)
        self.frames = 0
        self.repeated = 0
        self._owed = 0
        self._closed = False
        self._error: RecordingError | None = None
        self._complaint = b""
        # A quarter of a second may be lost here when the program is killed, and half of one in ffmpeg.
        self._queue: queue.Queue[tuple[int, NDArray[np.uint8], int] | None] = queue.Queue(
            max(2, round(fps / 4))
        )
        try:
            self._ffmpeg = subprocess.Popen(
                [ffmpeg.command(), *_arguments(path, width, height, fps)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                # Ctrl-C in the terminal must not end it before the last picture has reached it.
                start_new_session=sys.platform != "win32",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise RecordingError(
                f"ffmpeg did not start: {error.strerror}", subject=str(path), mend="director doctor"
            ) from error
        self._listener = threading.Thread(target=self._listen, name="film complaints", daemon=True)
        self._feeder = threading.Thread(target=self._feed, name="film", daemon=True)
        self._listener.start()
        self._feeder.start()

    @property
    def pid(self) -> int:
        """The process id of ffmpeg."""
        return self._ffmpeg.pid

    @property
    def error(self) -> RecordingError | None:
        """Why nothing more can be written, or None."""
        return self._error

    def write(self, image: NDArray[np.uint8], count: int = 1) -> None:
        """Append `count` frames of a picture, waiting for room. The array must not change afterwards."""
        self._put((0, self._checked(image), count))
        self.frames += count

    def offer(self, image: NDArray[np.uint8], count: int = 1) -> bool:
        """Append `count` frames of a picture without ever waiting. Where there is no room the film will
        repeat the picture before in their place, so that time stays right, and this returns False."""
        try:
            self._queue.put_nowait((self._owed, self._checked(image), count))
        except queue.Full:
            self._owed += count
            self.repeated += count
            return False
        self.frames += self._owed + count
        self._owed = 0
        return True

    def close(self) -> None:
        """Write what waits, end ffmpeg and make the film a plain MP4; idempotent.

        Raises RecordingError where the film could not be finished; what was written stays playable.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._put((self._owed, np.zeros(self._shape, np.uint8), 0))
            self._put(None)
            self.frames += self._owed
        finally:
            self._end()
        self._raise_error()
        self._remux()

    def _put(self, item: tuple[int, NDArray[np.uint8], int] | None) -> None:
        end_s = now_s() + _END_S
        while True:
            self._raise_error()
            try:
                self._queue.put(item, timeout=0.2)
            except queue.Full:
                if now_s() > end_s:
                    # It takes nothing any more; the feeder, which hangs in its pipe, then says so.
                    self._ffmpeg.kill()
                continue
            return

    def _end(self) -> None:
        self._feeder.join(_END_S)
        if self._feeder.is_alive():
            self._ffmpeg.kill()
            # Interrupted before it said that there is no more, the feeder waits for more.
            with contextlib.suppress(queue.Empty):
                while True:
                    self._queue.get_nowait()
            with contextlib.suppress(queue.Full):
                self._queue.put_nowait(None)
            self._feeder.join()
        self._listener.join()

    def _checked(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        self._raise_error()
        if image.shape != self._shape or image.dtype != np.uint8:
            raise ValueError(f"a picture uint8{list(self._shape)} is wanted, not {image.dtype}{image.shape}")
        return np.ascontiguousarray(image)

    def _raise_error(self) -> None:
        if self._error is not None:
            raise self._error

    def _feed(self) -> None:
        # Runs until `close` says that there is no more, or ffmpeg has died.
        pipe = self._ffmpeg.stdin
        assert pipe is not None
        before = np.zeros(self._shape, np.uint8)
        try:
            while (item := self._queue.get()) is not None:
                owed, image, count = item
                for _ in range(owed):
                    pipe.write(before.data)
                for _ in range(count):
                    pipe.write(image.data)
                if count:
                    before = image
            pipe.close()
            status = self._ffmpeg.wait()
        except OSError:
            # ffmpeg has closed its end: it is about to say why.
            with contextlib.suppress(OSError):
                pipe.close()
            status = self._ffmpeg.wait() or 1
        if status != 0:
            self._listener.join()
            self._error = self._failure(status)

    def _listen(self) -> None:
        pipe = self._ffmpeg.stderr
        assert pipe is not None
        with pipe:
            for line in pipe:
                # The first is the cause, the others follow from it.
                self._complaint = self._complaint or line

    def _failure(self, status: int) -> RecordingError:
        lacks = ffmpeg.lacking(self._complaint)
        if lacks:
            return RecordingError(
                f"there is no film: this ffmpeg lacks {lacks}, which it takes",
                subject=str(self._path),
                mend=ffmpeg.REINSTALL,
            )
        told = ffmpeg.complaint(self._complaint) or ffmpeg.ending(status)
        return RecordingError(
            f"the film ends here, ffmpeg failed: {told}",
            subject=str(self._path),
            mend="what was recorded stays; is the disk full?",
        )

    def _remux(self) -> None:
        if self.frames == 0 or not self._path.exists():
            return
        with whole_file(self._path) as plain:
            options = ["-map", "0", "-c", "copy", "-movflags", "+faststart"]
            ffmpeg.run(["-y", *ffmpeg.film_input(self._path), *options, str(plain.absolute())], self._path)


def _arguments(path: Path, width: int, height: int, fps: Fraction) -> list[str]:
    return [
        *("-hide_banner", "-loglevel", "error", "-y"),
        *ffmpeg.raw_input((width, height), fps),
        *("-vf", f"{ffmpeg.TO_BT709},{ffmpeg.AS_BT709}"),
        *("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "15"),
        # Without the tuning and the flushing a killed ffmpeg leaves 28 bytes.
        *("-tune", "zerolatency", "-g", str(max(1, round(fps / 2))), "-flush_packets", "1"),
        *("-movflags", "+frag_keyframe+empty_moov+default_base_moof", str(path.absolute())),
    ]
