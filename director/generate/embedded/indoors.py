"""How far a picture is one of indoors, and what that does to the weather in it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.inputs import SHELTER
from director.generate.embedded.look import SCENE

__all__ = ["indoor_share", "indoors", "with_weather_outside"]

_FOG = SCENE.index("fog_density")
# A street under awnings is outdoors, a room with a window is not.
_OUTDOORS, _INDOORS = 0.55, 0.9
# Shares of the picture: who sees so much of the sky from under a roof looks out, through a window less.
_WINDOW, _OPEN_SKY = 0.25, 0.5
# A room keeps a little haze: light shows in it.
_KEPT = 0.35


def with_weather_outside(look: NDArray[np.float32], maps: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
    """A scene look as a view's maps have it: unchanged where they tell of no shelter."""
    return indoors(look, indoor_share(maps[SHELTER], maps["object"])) if SHELTER in maps else look


def indoor_share(shelter: NDArray[np.uint8], ids: NDArray[np.uint16]) -> float:
    """0..1, from the shelter map uint8[h, w] and object ids [h, w], 0 the sky."""
    overhead = float(shelter.mean()) / 255
    sky = float((ids == 0).mean())
    return _ramp(overhead / max(1.0 - sky, 1e-3), _OUTDOORS, _INDOORS) * _ramp(sky, _OPEN_SKY, _WINDOW)


def indoors(look: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """A scene look with its fog kept out of a room, as far as this is one; fog that a room may have stays."""
    changed = look.copy()
    changed[_FOG] = min(look[_FOG], look[_FOG] * (1.0 - share) + _KEPT * share)
    return changed


def _ramp(value: float, low: float, high: float) -> float:
    """0 at low and 1 at high, which may be the lesser, softly."""
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)
