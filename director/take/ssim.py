"""How alike two pictures are to the eye: structural similarity."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d

__all__ = ["ssim"]

_LUMA = np.array((0.2126, 0.7152, 0.0722))
_REACH_PX, _SIGMA_PX = 5, 1.5
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def ssim(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """The mean SSIM index of the luma (Rec. 709's weights) of two pictures uint8[h, w, 3], sRGB: 1 where they
    are equal.

    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, "Image Quality Assessment: From Error Visibility to
    Structural Similarity", IEEE Transactions on Image Processing 13 (4), 2004, equation 13: a Gaussian window
    of 11 × 11 with σ = 1.5 px, K₁ = 0.01, K₂ = 0.03, and only where the whole window lies within. Raises
    ValueError for pictures of different sizes, or smaller than the window.
    """
    if first.shape != second.shape:
        raise ValueError(f"pictures of different sizes, {first.shape} and {second.shape}")
    if min(first.shape[:2]) <= 2 * _REACH_PX:
        raise ValueError(f"a picture of {first.shape[:2]} is smaller than the window")
    x, y = first @ _LUMA, second @ _LUMA
    mean_x, mean_y = _mean(x), _mean(y)
    variance_x = _mean(x * x) - mean_x**2
    variance_y = _mean(y * y) - mean_y**2
    covariance = _mean(x * y) - mean_x * mean_y
    index = ((2 * mean_x * mean_y + _C1) * (2 * covariance + _C2)) / (
        (mean_x**2 + mean_y**2 + _C1) * (variance_x + variance_y + _C2)
    )
    return float(index.mean())


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    offsets = np.arange(-_REACH_PX, _REACH_PX + 1)
    window = np.exp(-0.5 * (offsets / _SIGMA_PX) ** 2)
    window /= window.sum()
    whole = correlate1d(correlate1d(values, window, axis=0), window, axis=1)
    return np.asarray(whole[_REACH_PX:-_REACH_PX, _REACH_PX:-_REACH_PX])
