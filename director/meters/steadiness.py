"""How much a picture boils: differences along exact motion, over what both pictures show.

`warp_error` alone rewards blur; it is to be read beside `detail.high_energy`.
"""

import numpy as np
from numpy.typing import NDArray

from director.meters.surfaces import Match

__all__ = ["flicker", "warp_error"]

Floats = NDArray[np.float32]


def warp_error(now: Floats, before: Floats, motion: Match) -> Floats:
    """float32[h, w]: |Iₜ − W(Iₜ₋₁)|, the mean over the colours; NaN where the surface was not seen before.

    Pictures float32[h, w, 3], sRGB 0..1; `motion` matches now with before.
    """
    error = np.abs(now - motion.warped(before)).mean(-1)
    return np.where(motion.visible, error, np.nan).astype(np.float32)


def flicker(now: Floats, before: Floats, first: Floats, motion: Match, longer: Match) -> Floats:
    """float32[h, w]: |Iₜ − 2W(Iₜ₋₁) + W²(Iₜ₋₂)|, as warp_error; `longer` matches now with `first`, which is
    two ticks ago. What changes steadily, as light that fades, does not flicker."""
    error = np.abs(now - 2 * motion.warped(before) + longer.warped(first)).mean(-1)
    return np.where(motion.visible & longer.visible, error, np.nan).astype(np.float32)
