"""ffmpeg, with the encoder that films need."""

import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np

from director.cli.checks import Finding
from director.errors import RecordingError

MEND = "pip install --force-reinstall imageio-ffmpeg"


def run() -> Finding:
    """Writes a film of two frames."""
    import imageio_ffmpeg

    from director.take.film import Film

    try:
        with tempfile.TemporaryDirectory() as folder:
            film = Film(Path(folder) / "try.mp4", 64, 36, Fraction(24))
            film.write(np.zeros((36, 64, 3), np.uint8), 2)
            film.close()
    except RecordingError as error:
        return Finding(False, str(error), MEND)
    return Finding(True, f"ffmpeg {imageio_ffmpeg.get_ffmpeg_version()} writes H.264")
