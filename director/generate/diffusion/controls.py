"""Control pictures from passes, as the ControlNets were taught to read them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.conditioning.control import control_depth, normal_picture, segmentation_picture
from director.errors import GeneratorError
from director.types import Conditioning

__all__ = ["CONTROL_MAPS", "control_picture"]

CONTROL_MAPS: Final[Mapping[str, str]] = {
    "depth": "depth",
    "segmentation": "object",
    "normal": "normal",
}
"""Control → the map that it is made from."""


def control_picture(name: str, conditioning: Conditioning) -> NDArray[np.float32]:
    """float32[h, w, 3], 0..1. Raises GeneratorError for a control there is not, or a map that is missing."""
    if name not in _MADE:
        raise GeneratorError(
            f"there is no control {name!r}", subject="controls", mend=f"one of {', '.join(_MADE)}"
        )
    needed = CONTROL_MAPS[name]
    if needed not in conditioning.maps:
        raise GeneratorError(
            f"the conditioning lacks {needed}", subject=f"control {name}", mend="draw the declared maps"
        )
    values = conditioning.maps[needed]
    size = conditioning.maps["depth"].shape
    if values.shape[:2] != size:
        raise GeneratorError(
            f"is made from {needed} of {values.shape[1]}×{values.shape[0]}, depth is {size[1]}×{size[0]}",
            subject=f"control {name}",
            mend="draw all maps at one size",
        )
    if np.isnan(values).any():
        raise GeneratorError(
            f"is made from {needed}, which holds no numbers in places",
            subject=f"control {name}",
            mend="check the passes",
        )
    try:
        return _MADE[name](conditioning)
    except ValueError as error:
        raise GeneratorError(
            str(error), subject=f"control {name}", mend="give the objects of the passes"
        ) from error


def _depth(conditioning: Conditioning) -> NDArray[np.float32]:
    view = conditioning.view
    near = control_depth(conditioning.maps["depth"], view.near_m, view.far_m)
    return np.repeat(near[..., None], 3, -1)


def _segmentation(conditioning: Conditioning) -> NDArray[np.float32]:
    return _unit(segmentation_picture(conditioning.maps["object"], conditioning.objects))


def _normal(conditioning: Conditioning) -> NDArray[np.float32]:
    # In camera space, which is what estimators of normals give, and so what ControlNets were taught with.
    return _unit(normal_picture(conditioning.maps["normal"], conditioning.view.view_from_world))


def _unit(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(picture, np.float32) / np.float32(255)


_MADE: Mapping[str, Callable[[Conditioning], NDArray[Any]]] = {
    "depth": _depth,
    "segmentation": _segmentation,
    "normal": _normal,
}
