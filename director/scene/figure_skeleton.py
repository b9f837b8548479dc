"""The points of a body that estimators of human poses tell, from the figures of a scene.

In the order of COCO's 18 (Cao et al., 2019, "OpenPose"), right and left as the figure itself has them.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import part_mesh_name
from director.scene.figure_look import EYES
from director.scene.state import InstanceBatch, SceneState

__all__ = ["LIMBS", "LIMB_COLOURS", "POINTS", "POINT_COLOURS", "Skeletons", "skeletons"]

POINTS: Final = (
    "nose",
    "neck",
    *("shoulder_r", "elbow_r", "wrist_r"),
    *("shoulder_l", "elbow_l", "wrist_l"),
    *("hip_r", "knee_r", "ankle_r"),
    *("hip_l", "knee_l", "ankle_l"),
    *("eye_r", "eye_l", "ear_r", "ear_l"),
)
_AT: Final = {name: i for i, name in enumerate(POINTS)}
LIMBS: Final = tuple(
    (_AT[a], _AT[b])
    for a, b in (
        ("neck", "shoulder_r"),
        ("neck", "shoulder_l"),
        ("shoulder_r", "elbow_r"),
        ("elbow_r", "wrist_r"),
        ("shoulder_l", "elbow_l"),
        ("elbow_l", "wrist_l"),
        ("neck", "hip_r"),
        ("hip_r", "knee_r"),
        ("knee_r", "ankle_r"),
        ("neck", "hip_l"),
        ("hip_l", "knee_l"),
        ("knee_l", "ankle_l"),
        ("neck", "nose"),
        ("nose", "eye_r"),
        ("eye_r", "ear_r"),
        ("nose", "eye_l"),
        ("eye_l", "ear_l"),
    )
)
"""Pairs of points that are joined, in the order in which they are drawn and coloured."""

POINT_COLOURS: Final = np.array(
    [
        *((255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0)),
        *((0, 255, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255)),
        *((0, 0, 255), (85, 0, 255), (170, 0, 255), (255, 0, 255), (255, 0, 170), (255, 0, 85)),
    ],
    np.uint8,
)
"""Of the points, round the circle of hues."""
LIMB_COLOURS: Final = np.asarray(POINT_COLOURS[: len(LIMBS)].astype(np.uint16) * 3 // 5, np.uint8)
"""Of the limbs: the same at 0.6."""

# The mesh whose origin a point is.
_SIDED: Final = {
    "upper_arm": "shoulder",
    "forearm": "elbow",
    "hand": "wrist",
    "thigh": "hip",
    "calf": "knee",
    "foot": "ankle",
}
_ASIDE, _EARS = 0.0155, (0.043, 0.062, -0.004)
# In the head's space, as shares of the height; its left is +X.
_FACE: Final = {
    "nose": (0.0, 0.056, 0.066),
    "eye_r": (-_ASIDE, EYES[1], EYES[2]),
    "eye_l": (_ASIDE, EYES[1], EYES[2]),
    "ear_r": (-_EARS[0], _EARS[1], _EARS[2]),
    "ear_l": _EARS,
}
# Which way each looks, and how far that may be turned away from whoever sees it: a far eye is lost in
# profile, both ears are seen from the front and from behind.
_FACING: Final = {
    "nose": ((0.0, 0.0, 1.0), -0.05),
    "eye_r": ((-0.5, 0.0, 0.87), 0.0),
    "eye_l": ((0.5, 0.0, 0.87), 0.0),
    "ear_r": ((-1.0, 0.0, 0.0), -0.4),
    "ear_l": ((1.0, 0.0, 0.0), -0.4),
}


@dataclass(frozen=True, slots=True, eq=False)
class Skeletons:
    """`ids` uint16[n] of the figures' objects, `points` float32[n, 18, 3] in the world, metres, and `facing`
    bool[n, 18]: whether a point is on the side of the body that is seen from where they were asked for."""

    ids: NDArray[np.uint16]
    points: NDArray[np.float32]
    facing: NDArray[np.bool_]


def skeletons(state: SceneState, eye: NDArray[np.floating]) -> Skeletons:
    """Of all figures of a scene, in the order of their ids, seen from `eye` float[3] in the world."""
    points = np.full((len(state.objects) + 1, len(POINTS), 3), np.nan, np.float32)
    facing = np.ones(points.shape[:2], np.bool_)
    for key, batch in state.batches.items():
        kind, _, rest = key.partition("/")
        part = rest.rpartition("/")[0]
        if kind != "mannequin":
            continue
        ids = batch.object_id
        if part in _SIDED:
            # Both sides are drawn from one mesh; at rest the left is on the figure's left, at +X.
            for side, of in (
                ("l", batch.object_from_mesh[:, 0, 3] > 0),
                ("r", batch.object_from_mesh[:, 0, 3] < 0),
            ):
                points[ids[of], _AT[f"{_SIDED[part]}_{side}"]] = batch.world_from_mesh[of, :3, 3]
        elif part == part_mesh_name("head"):
            _place_face(batch, points, facing, eye)
    points[:, _AT["neck"]] = (points[:, _AT["shoulder_l"]] + points[:, _AT["shoulder_r"]]) / 2
    whole = np.flatnonzero(np.isfinite(points).all((1, 2)))
    return Skeletons(whole.astype(np.uint16), points[whole], facing[whole])


def _place_face(
    batch: InstanceBatch, points: NDArray[np.float32], facing: NDArray[np.bool_], eye: NDArray[np.floating]
) -> None:
    matrices = batch.world_from_mesh
    towards = np.asarray(eye, np.float32) - matrices[:, :3, 3]
    towards /= np.maximum(np.linalg.norm(towards, axis=1, keepdims=True), 1e-6)
    for name, place in _FACE.items():
        points[batch.object_id, _AT[name]] = (
            matrices[:, :3, :3] @ np.asarray(place, np.float32) + matrices[:, :3, 3]
        )
        direction, least = _FACING[name]
        way = matrices[:, :3, :3] @ np.asarray(direction, np.float32)
        way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
        facing[batch.object_id, _AT[name]] = (way * towards).sum(1) > least
