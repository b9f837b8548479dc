"""Pictures of our own fed to ffmpeg, which makes a film of them."""

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.take import ffmpeg
from director.take.folder import whole_file

__all__ = ["feed"]


def feed(pictures: Iterable[NDArray[np.uint8]], arguments: Sequence[str], out: Path) -> int:
    """Give pictures to an ffmpeg that reads them from its input, and return how many they were. `arguments`
    are all but the output. Whole or not at all. Raises RecordingError."""
    count = 0
    with whole_file(out) as temporary, tempfile.TemporaryFile() as complaints:
        command = [ffmpeg.command(), "-hide_banner", "-loglevel", "error", "-y", *arguments, str(temporary)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints
        ) as writer:
            assert writer.stdin is not None
            try:
                for picture in pictures:
                    writer.stdin.write(np.ascontiguousarray(picture).data)
                    count += 1
                writer.stdin.close()
            except BrokenPipeError:
                # It has ended, and is about to say why.
                pass
            except BaseException:
                writer.kill()
                raise
            status = writer.wait()
        complaints.seek(0)
        words = complaints.read()
        if status != 0:
            raise ffmpeg.failure(words, status, out, "make room or choose another --out")
    return count
