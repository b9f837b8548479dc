"""What the network reads: which maps, of which sizes, and what of a view besides."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.scene.finish.finished import FINISHED, PIECES
from director.types import View

__all__ = ["MAPS", "MULTIPLE", "SHELTER", "as_seen", "view_rays"]

_OF_THE_FINISHED: Final = ("depth", "object", "normal", "shadow", "lamplight", "structure", "shelter")
MAPS: Final = frozenset({*(FINISHED + name for name in _OF_THE_FINISHED), PIECES})
"""Of the finished scene, and what its pieces are."""
SHELTER: Final = "shelter"
"""The map that weather is kept off by."""
MULTIPLE: Final = 16
"""Height and width are made up to it: the U-Net halves its picture four times."""


def as_seen(maps: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The maps of the finished scene by the names that those of the proxies have."""
    return {name.removeprefix(FINISHED): array for name, array in maps.items() if name.startswith(FINISHED)}


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
