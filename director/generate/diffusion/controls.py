"""Control pictures from passes, as the ControlNets were taught to read them. No torch here.

A map that is not what it claims to be is refused: a ControlNet draws on from anything, and nobody would know.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.conditioning.control import control_depth, normal_picture, segmentation_picture
from director.errors import GeneratorError
from director.generate.diffusion.preset import Preset
from director.scene.figure_skeleton import LIMB_COLOURS, POINT_COLOURS
from director.types import Conditioning

__all__ = ["CONTROL_MAPS", "control_picture", "maps_for"]

CONTROL_MAPS: Final[Mapping[str, str]] = {
    "depth": "depth",
    "segmentation": "object",
    "normal": "normal",
    "edges": "edges",
    "pose": "pose",
}
"""Control → the map that it is made from."""
_ALWAYS: Final = frozenset({"depth", "object", "latent-noise", "poses"})
_CHANNELS: Final[Mapping[str, tuple[int, ...]]] = {"normal": (3,), "pose": (3,)}
# Half floats round: a unit vector is so far from 1 long.
_UNIT_SLACK: Final = 0.02


def maps_for(chosen: Preset) -> frozenset[str]:
    """The maps that a model's pictures are drawn from, with the controls that are taken."""
    return _ALWAYS | {CONTROL_MAPS[name] for name in chosen.taken if name in CONTROL_MAPS}


def control_picture(name: str, conditioning: Conditioning) -> NDArray[np.float32]:
    """float32[h, w, 3], 0..1. Raises GeneratorError for a control there is not, for a map that is missing,
    and for one whose size, type, range or colours are not its own."""
    if name not in _MADE:
        raise GeneratorError(
            f"there is no control {name!r}", subject="controls", mend=f"one of {', '.join(_MADE)}"
        )
    needed = CONTROL_MAPS[name]
    for map_ in ("depth", needed):
        if map_ not in conditioning.maps:
            raise GeneratorError(
                f"the conditioning lacks {map_}", subject=f"control {name}", mend="draw the declared maps"
            )
    values = conditioning.maps[needed]
    size = conditioning.maps["depth"].shape
    if values.shape != (*size[:2], *_CHANNELS.get(needed, ())):
        told = "×".join(str(side) for side in (*values.shape[1::-1], *values.shape[2:]))
        raise GeneratorError(
            f"is made from {needed} of {told}, depth is {size[1]}×{size[0]}",
            subject=f"control {name}",
            mend="draw all maps at one size",
        )
    wrong = _WRONG[needed](values)
    if wrong:
        raise GeneratorError(
            f"is made from {needed}, {wrong}", subject=f"control {name}", mend="check the passes"
        )
    try:
        return _MADE[name](conditioning)
    except ValueError as error:
        raise GeneratorError(
            str(error), subject=f"control {name}", mend="give the objects of the passes"
        ) from error


def _wrong_depth(depth: NDArray[Any]) -> str:
    if np.isnan(depth).any():
        return "which holds no numbers in places"
    return "which holds places behind the camera" if (depth <= 0).any() else ""


def _wrong_ids(ids: NDArray[Any]) -> str:
    return "" if np.issubdtype(ids.dtype, np.unsignedinteger) else f"which holds {ids.dtype}, not ids"


def _wrong_normals(normal: NDArray[Any]) -> str:
    vectors = normal.astype(np.float32)
    if np.isnan(vectors).any():
        return "which holds no numbers in places"
    longest = float((vectors * vectors).sum(-1).max(initial=0.0)) ** 0.5
    return f"whose vectors are up to {longest:.2f} long, not 1" if longest > 1 + _UNIT_SLACK else ""


def _wrong_edges(edges: NDArray[Any]) -> str:
    if edges.dtype != np.uint8:
        return f"which holds {edges.dtype}, not bytes"
    return "" if ((edges == 0) | (edges == 255)).all() else "which holds greys: an edge is 255, all else 0"


def _wrong_pose(pose: NDArray[Any]) -> str:
    if pose.dtype != np.uint8:
        return f"which holds {pose.dtype}, not bytes"
    packed = _packed(pose)
    # Most of it is black.
    found = np.unique(packed[packed > 0])
    strays = found[~np.isin(found, _POSE_PALETTE)]
    if not len(strays):
        return ""
    colour = ", ".join(str(int(strays[0]) >> shift & 255) for shift in (16, 8, 0))
    return f"which holds ({colour}), no colour of a body's"


def _packed(colours: NDArray[np.uint8]) -> NDArray[np.uint32]:
    wide = colours.astype(np.uint32)
    return np.asarray(wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2], np.uint32)


_POSE_PALETTE: Final = _packed(np.concatenate([POINT_COLOURS, LIMB_COLOURS]))
_WRONG: Final[Mapping[str, Callable[[NDArray[Any]], str]]] = {
    "depth": _wrong_depth,
    "object": _wrong_ids,
    "normal": _wrong_normals,
    "edges": _wrong_edges,
    "pose": _wrong_pose,
}


def _depth(conditioning: Conditioning) -> NDArray[np.float32]:
    view = conditioning.view
    near = control_depth(conditioning.maps["depth"], view.near_m, view.far_m)
    return np.repeat(near[..., None], 3, -1)


def _segmentation(conditioning: Conditioning) -> NDArray[np.float32]:
    return _unit(segmentation_picture(conditioning.maps["object"], conditioning.objects))


def _normal(conditioning: Conditioning) -> NDArray[np.float32]:
    # In camera space, which is what estimators of normals give, and so what ControlNets were taught with.
    return _unit(normal_picture(conditioning.maps["normal"], conditioning.view.view_from_world))


def _edges(conditioning: Conditioning) -> NDArray[np.float32]:
    return np.repeat(_unit(conditioning.maps["edges"])[..., None], 3, -1)


def _pose(conditioning: Conditioning) -> NDArray[np.float32]:
    return _unit(conditioning.maps["pose"])


def _unit(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.asarray(picture, np.float32) / np.float32(255)


_MADE: Final[Mapping[str, Callable[[Conditioning], NDArray[Any]]]] = {
    "depth": _depth,
    "segmentation": _segmentation,
    "normal": _normal,
    "edges": _edges,
    "pose": _pose,
}
