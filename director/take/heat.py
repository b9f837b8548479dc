"""Heat maps: how far two pictures are apart at each pixel, as colours whose lightness rises evenly."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.meters.oklab import JUST_NOTICED, oklab, srgb

__all__ = ["NOTHING", "TICKS", "TOP", "heat", "heat_map"]

TOP: Final = 0.3
"""The OKLab distance at and above which the map is at its lightest."""

TICKS: Final = ((JUST_NOTICED, "just seen"), (0.1, "plain"), (0.2, "strong"), (TOP, "another look"))
"""Distances, and words for how large they look."""

NOTHING: Final = (58, 66, 76)
"""The colour of what there is nothing to compare with."""

# Black over violet, crimson and orange to pale yellow.
_ANCHORS = ((9, 8, 20), (66, 20, 104), (150, 38, 103), (221, 81, 58), (251, 165, 10), (252, 252, 190))


def heat(share: NDArray[np.floating[Any]]) -> NDArray[np.uint8]:
    """uint8[…, 3], sRGB, of shares 0..1 of the scale; what lies outside is clipped.

    Each anchor stands at its own lightness, so that OKLab's L rises evenly with the share.
    """
    lab = oklab(np.array(_ANCHORS, np.uint8)).astype(np.float64)
    places = (lab[:, 0] - lab[0, 0]) / (lab[-1, 0] - lab[0, 0])
    mixed = np.stack([np.interp(share, places, lab[:, i]) for i in range(3)], axis=-1)
    return srgb(mixed)


def heat_map(distance: NDArray[np.float32], compared: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """uint8[h, w, 3] of OKLab distances float32[h, w]; grey where they were not `compared`."""
    picture = heat(distance / TOP)
    picture[~compared] = NOTHING
    return picture
