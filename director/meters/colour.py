"""How colourful and contrasty a picture is: what a long loop may drain or pile up."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["contrast", "saturation", "unit_range"]

_LUMA = np.array((0.2126, 0.7152, 0.0722), np.float32)


def unit_range(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """float32 of the same shape, 0..1: what meters read."""
    return np.asarray(picture, np.float32) * np.float32(1 / 255)


def saturation(picture: NDArray[np.float32]) -> float:
    """Mean of the greatest less the least channel (HSV's chroma) of float32[h, w, 3], sRGB 0..1."""
    return float((picture.max(-1) - picture.min(-1)).mean())


def contrast(picture: NDArray[np.float32]) -> float:
    """The standard deviation of luma (Rec. 709's weights) of float32[h, w, 3], sRGB 0..1."""
    return float((picture @ _LUMA).std())
