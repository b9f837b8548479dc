"""The ffmpeg that imageio-ffmpeg ships: where it is, and one run of it."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from director.errors import RecordingError

__all__ = ["FROM_BT709", "command", "run"]

# Left to itself ffmpeg takes BT.601's matrix for a film of this size, whatever its tags say.
FROM_BT709 = "scale=in_color_matrix=bt709:in_range=limited:flags=bicubic+accurate_rnd+full_chroma_int"
"""The filter that gives a film's pictures back as the sRGB they were."""


def command() -> str:
    """Its path. Raises RecordingError where there is none."""
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise RecordingError(
            "there is no ffmpeg", subject="film", mend="pip install --force-reinstall imageio-ffmpeg"
        ) from error


def run(arguments: Sequence[str], subject: Path, timeout_s: float = 600.0) -> bytes:
    """Run it to its end and return what it printed. Raises RecordingError with its last complaint."""
    try:
        done = subprocess.run(
            [command(), "-hide_banner", "-loglevel", "error", "-nostdin", *arguments],
            capture_output=True,
            check=False,
            timeout=timeout_s,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RecordingError(f"ffmpeg did not run: {error}", subject=str(subject)) from error
    if done.returncode != 0:
        complaint = done.stderr.decode(errors="replace").strip().splitlines()
        raise RecordingError(
            f"ffmpeg failed: {complaint[-1] if complaint else f'status {done.returncode}'}",
            subject=str(subject),
            mend="is the disk full?",
        )
    return done.stdout
