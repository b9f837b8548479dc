"""Several samples a pixel: a picture drawn larger and brought down, as a renderer smooths its edges."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAMPLES", "averaged"]

SAMPLES: Final = {1: 1, 4: 2, 9: 3}
"""Samples a pixel that can be asked for, and how many of them lie in a row."""
_STEPS: Final = 8192


def averaged(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """uint8[h, w, 3], sRGB, each pixel the mean light of side × side of uint8[h · side, w · side, 3]."""
    if side == 1:
        return picture
    decode, encode = _tables()
    height, width = picture.shape[0] // side, picture.shape[1] // side
    light = np.zeros((height, width, 3), np.float32)
    for row in range(side):
        for column in range(side):
            light += decode[picture[row::side, column::side]]
    place = np.sqrt(light * np.float32(1 / side**2)) * (_STEPS - 1)
    return np.asarray(encode[np.rint(place).astype(np.int32)], np.uint8)


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """sRGB's curve, IEC 61966-2-1: light of each of 256 levels; and levels by the square root of light, whose
    steps are fine enough in the dark."""
    levels = np.arange(256) / 255
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    roots = np.linspace(0.0, 1.0, _STEPS) ** 2
    srgb = np.where(roots <= 0.0031308, 12.92 * roots, 1.055 * roots ** (1 / 2.4) - 0.055)
    return light.astype(np.float32), np.rint(255 * srgb).astype(np.uint8)
