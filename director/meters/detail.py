"""How much fine detail a picture has: what is left of it once its blur is taken away."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["blurred", "high_energy"]

Floats = NDArray[np.float32]

_SIGMA_PX = 1.5


def blurred(picture: Floats, sigma_px: float = _SIGMA_PX) -> Floats:
    """float32[h, w, …]: with a Gaussian of that width, edges repeated outwards."""
    reach = max(1, round(3 * sigma_px))
    offsets = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (offsets / sigma_px) ** 2).astype(np.float32)
    kernel /= kernel.sum()
    for axis in (0, 1):
        size = picture.shape[axis]
        index = np.clip(np.arange(-reach, size + reach), 0, size - 1)
        padded = picture.take(index, axis)
        rows = [padded.take(range(k, k + size), axis) * kernel[k] for k in range(2 * reach + 1)]
        picture = np.sum(rows, axis=0, dtype=np.float32)
    return picture


def high_energy(picture: Floats) -> Floats:
    """float32[h, w]: the energy of I − gaussian(I, 1.5 px), the mean over the colours.

    `picture` is float32[h, w, 3], sRGB 0..1.
    """
    return np.asarray(np.square(picture - blurred(picture)).mean(-1), np.float32)
