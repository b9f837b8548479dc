"""Control pictures: depth, segmentation and normals the way ControlNets were trained to read them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.scene.ade20k import PALETTE, class_index
from director.types import SceneObject

__all__ = ["control_depth", "normal_picture", "segmentation_picture"]


def control_depth(depth: NDArray[np.floating[Any]], near_m: float, far_m: float) -> NDArray[np.float32]:
    """float32[h, w]: inverse depth, 1 at `near_m` and nearer, 0 at `far_m`, beyond it and in the sky.

    near and far are the shot's, locked: normalised by each picture's own range the control would pump.
    Takes metres along the view axis. Raises ValueError if near and far are no range.
    """
    if not 0 < near_m < far_m:
        raise ValueError(f"no such range: {near_m=}, {far_m=}")
    inverse = np.float32(1) / np.maximum(np.asarray(depth, np.float32), np.float32(near_m))
    low, high = np.float32(1 / far_m), np.float32(1 / near_m)
    return np.clip((inverse - low) / (high - low), np.float32(0), np.float32(1))


def segmentation_picture(
    object_map: NDArray[np.unsignedinteger[Any]], objects: Sequence[SceneObject]
) -> NDArray[np.uint8]:
    """uint8[h, w, 3]: each pixel in the ADE20K colour of its object's class; id 0 is "sky".

    Ids come first and colour last: two classes of the palette share a colour, and blended colours are no
    class, so nothing may be resampled after this. Raises ValueError for an id that is no object's.
    """
    known = np.zeros(1 + max((item.id for item in objects), default=0), np.bool_)
    colours = np.zeros((len(known), 3), np.uint8)
    colours[0], known[0] = PALETTE[class_index("sky")], True
    for item in objects:
        colours[item.id], known[item.id] = PALETTE[class_index(item.class_name)], True
    highest = int(object_map.max(initial=0))
    if highest >= len(known) or not known[object_map].all():
        strays = [int(i) for i in np.unique(object_map) if i >= len(known) or not known[i]]
        raise ValueError(f"no object has the id {strays[0]}")
    return np.asarray(colours[object_map], np.uint8)


def normal_picture(
    normal: NDArray[np.floating[Any]], view_from_world: NDArray[np.float64] | None = None
) -> NDArray[np.uint8]:
    """uint8[h, w, 3]: −1..1 as 0..255, x as red, y as green, z as blue; sky (no normal) is middle grey.

    With `view_from_world` in camera space (x right, y up, z towards the camera), else in world space.
    """
    vectors = np.asarray(normal, np.float32)
    if view_from_world is not None:
        vectors = vectors @ np.asarray(view_from_world[:3, :3].T, np.float32)
    picture = np.rint(np.clip(vectors * np.float32(127.5) + np.float32(127.5), 0, 255))
    return np.asarray(picture, np.uint8)
