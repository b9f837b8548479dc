"""OKLab: a colour space in which equal steps look about equally large.

Björn Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/, with the matrices of that page. A distance of 0.02 in it is about
what is just noticed (W3C, CSS Color Module Level 4, "Delta E OK").
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["JUST_NOTICED", "oklab", "srgb"]

JUST_NOTICED = 0.02

_CONES_FROM_LINEAR = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB_FROM_CONES = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

# sRGB's curve, IEC 61966-2-1, of each of the 256 values that a picture has.
_CODES = np.arange(256) / 255
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)


def oklab(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """float32[…, 3]: lightness 0..1, then a (green to red) and b (blue to yellow), of uint8[…, 3], sRGB."""
    cones = np.cbrt(_LINEAR[picture] @ _CONES_FROM_LINEAR.T)
    return np.asarray(cones @ _LAB_FROM_CONES.T, np.float32)


def srgb(lab: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """uint8[…, 3] of OKLab float[…, 3]; what a screen cannot show is clipped."""
    cones = (np.asarray(lab, np.float64) @ np.linalg.inv(_LAB_FROM_CONES).T) ** 3
    linear = np.clip(cones @ np.linalg.inv(_CONES_FROM_LINEAR).T, 0, 1)
    curved = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(curved * 255), np.uint8)
