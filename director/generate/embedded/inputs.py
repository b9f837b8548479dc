"""What the network reads: which maps, of which sizes, and what of a view besides."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.types import View

__all__ = ["MAPS", "MULTIPLE", "SHELTER", "view_rays"]

MAPS: Final = frozenset({"depth", "object", "normal", "anchor", "shadow", "lamplight", "structure"})
SHELTER: Final = "shelter"
"""The map that weather is kept off by, read beside."""
MULTIPLE: Final = 16
"""Height and width are made up to it: the U-Net halves its picture four times."""


def view_rays(view: View) -> NDArray[np.float32]:
    """float32[3, 3]: the world direction of the ray through uv (0, 0), of length 1 along the view axis, and
    what one picture width and one picture height add to it."""
    turn = inverse_rigid(view.view_from_world)[:3, :3]
    projection = view.clip_from_view

    def ray(u: float, v: float) -> NDArray[np.float64]:
        x = (2 * u - 1 + projection[0, 2]) / projection[0, 0]
        y = (1 - 2 * v + projection[1, 2]) / projection[1, 1]
        return np.asarray(turn @ (x, y, -1.0), np.float64)

    origin = ray(0, 0)
    return np.stack([origin, ray(1, 0) - origin, ray(0, 1) - origin]).astype(np.float32)
