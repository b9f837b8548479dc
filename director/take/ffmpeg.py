"""The ffmpeg that imageio-ffmpeg ships: where it is, one run of it, and how it reads the film of a take."""

import re
import signal
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from director.errors import RecordingError

__all__ = [
    "AS_BT709",
    "FROM_BT709",
    "REINSTALL",
    "TO_BT709",
    "command",
    "complaint",
    "ending",
    "failure",
    "film_input",
    "lacking",
    "raw_input",
    "run",
]

REINSTALL = "pip install --force-reinstall imageio-ffmpeg, and leave IMAGEIO_FFMPEG_EXE unset"
"""The mend for an ffmpeg that does not do."""

_LACKS = re.compile(
    r"(?:Unknown (?:encoder|decoder)|No such filter:?|Requested output format|Unknown input format:?)"
    r" '([^']{1,60})'"
)
_SPEAKER = re.compile(r"^(\[[^\]]*\] ?)+")

_EXACT = "flags=bicubic+accurate_rnd+full_chroma_int"

# Left to itself ffmpeg takes BT.601's matrix for a film of this size, whatever its tags say.
FROM_BT709 = f"scale=in_color_matrix=bt709:in_range=limited:{_EXACT}"
"""The filter that gives a film's pictures back as the sRGB they were."""

TO_BT709 = f"scale=out_color_matrix=bt709:out_range=limited:{_EXACT}"
"""The filter that converts sRGB pictures."""

AS_BT709 = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=limited"
"""The filter that tags frames: an encoder's own options are overruled by what the frames say."""


def command() -> str:
    """Its path. Raises RecordingError where there is none."""
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise RecordingError(
            "there is no ffmpeg", subject="film", mend="pip install --force-reinstall imageio-ffmpeg"
        ) from error


def film_input(video: Path, before: Sequence[str] = ()) -> list[str]:
    """Its arguments for reading a take's film, an MP4 and nothing else: left to itself it would take a list
    of files, or of addresses, for a film. `before` are further options of the input."""
    # Absolute: it would take the beginning of "a:b/video.mp4" for a protocol.
    return ["-protocol_whitelist", "file", "-f", "mov", *before, "-i", str(video.absolute())]


def raw_input(size: tuple[int, int], fps: Fraction) -> list[str]:
    """Its arguments for pictures uint8[h, w, 3] of `size` (width, height) that come as bytes at a rate."""
    (width, height), rate = size, f"{fps.numerator}/{fps.denominator}"
    return ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", rate, "-i", "pipe:0"]


def run(
    arguments: Sequence[str],
    subject: Path,
    timeout_s: float = 600.0,
    mend: str = "is the disk full?",
    failed: str = "ffmpeg failed",
) -> bytes:
    """Run it to its end and return what it printed. Raises RecordingError with its last complaint, which
    follows upon `failed`."""
    program = command()
    try:
        done = subprocess.run(
            [program, "-hide_banner", "-loglevel", "error", "-nostdin", *arguments],
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
    except OSError as error:
        raise RecordingError(
            f"ffmpeg did not run: {error.strerror or error}", subject=program, mend=REINSTALL
        ) from error
    except subprocess.TimeoutExpired as error:
        raise RecordingError(
            f"ffmpeg did not end within {timeout_s:.0f} s", subject=str(subject), mend="try it once more"
        ) from error
    if done.returncode != 0:
        raise failure(done.stderr, done.returncode, subject, mend, failed)
    return done.stdout


def failure(
    told: bytes, status: int, subject: Path, mend: str, failed: str = "ffmpeg failed"
) -> RecordingError:
    """What to raise where ffmpeg ended with a status and had told why; a codec or a filter that this one
    lacks is named, with what helps then."""
    problem, lacks = f"{failed}: {complaint(told) or ending(status)}", lacking(told)
    if lacks:
        problem, mend = f"this ffmpeg lacks {lacks}, which it takes", REINSTALL
    return RecordingError(problem, subject=str(subject), mend=mend)


def complaint(told: bytes) -> str:
    """The last of what ffmpeg said, without the name of the part that said it; "" where it said nothing."""
    lines = told.decode(errors="replace").strip().splitlines()
    return _SPEAKER.sub("", lines[-1]) if lines else ""


def lacking(told: bytes) -> str:
    """The codec, format or filter that this ffmpeg says it has not, "" where it says nothing of the kind."""
    found = _LACKS.search(told.decode(errors="replace"))
    return found[1] if found else ""


def ending(status: int) -> str:
    """What is to be said of an ffmpeg that ended with a status and said nothing itself."""
    # A signal ended it: that of a file which may get no larger, say.
    words = signal.strsignal(-status) if status < 0 else None
    return words or f"it ended with status {status}"
