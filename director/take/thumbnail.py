"""thumbnail.png: what a take looks like, small enough for lists of takes."""

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.take import ffmpeg

__all__ = ["save_picture", "save_thumbnail"]


def save_picture(picture: NDArray[np.uint8], path: Path) -> None:
    """Write uint8[h, w, 3], sRGB, as a PNG file, whole or not at all. Raises RecordingError."""
    from PIL import Image

    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        Image.fromarray(picture).save(temporary, format="PNG")
        temporary.replace(path)
    except OSError as error:
        raise RecordingError(f"cannot be written: {error}", subject=str(path), mend="make room") from error
    finally:
        temporary.unlink(missing_ok=True)


def save_thumbnail(video: Path, time_s: Fraction, path: Path) -> None:
    """Write the picture of a film at a time as PNG. Raises RecordingError."""
    if not video.exists():
        return
    temporary = path.with_name(f".{path.name}.film.png")
    try:
        ffmpeg.run(
            ["-y", "-ss", f"{float(time_s):.6f}", "-i", str(video), "-frames:v", "1", str(temporary)], video
        )
        temporary.replace(path)
    except OSError as error:
        raise RecordingError(f"cannot be written: {error}", subject=str(path), mend="make room") from error
    finally:
        temporary.unlink(missing_ok=True)
