"""thumbnail.png: what a take looks like, small enough for lists of takes."""

from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.take import ffmpeg
from director.take.folder import whole_file

__all__ = ["save_picture", "save_thumbnail"]


def save_picture(picture: NDArray[np.uint8] | NDArray[np.uint16], path: Path) -> None:
    """Write uint8[h, w, 3], sRGB, or uint16[h, w], as a PNG file, whole or not at all. Raises
    RecordingError."""
    from PIL import Image

    with whole_file(path) as temporary:
        Image.fromarray(picture).save(temporary, format="PNG")


def save_thumbnail(video: Path, time_s: Fraction, path: Path) -> None:
    """Write the picture of a film at a time as PNG. Raises RecordingError."""
    if not video.exists():
        return
    at = f"{float(time_s):.6f}"
    with whole_file(path) as temporary:
        # One file of that very name: in others a % would stand for a number.
        what = ["-frames:v", "1", "-vf", ffmpeg.FROM_BT709, "-pix_fmt", "rgb24", "-update", "1"]
        place = str(temporary.absolute())
        ffmpeg.run(["-y", *ffmpeg.film_input(video, ["-ss", at]), *what, place], video)
