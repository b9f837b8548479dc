"""Joints of a figure turned by hand, over whatever pose it has, within what a body can do."""

import difflib
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import create_model, model_validator

from director.math3d import quaternion_from_euler, rotation_matrix
from director.scene.figure_body import JOINTS
from director.scene.figure_pose import part_numbers
from director.scene.proxy import Document, Rotation

__all__ = ["JOINT_LIMITS_DEG", "Joints", "overlaid", "turned_joints"]

Array = NDArray[np.float64]
Turns = tuple[tuple[str, Rotation], ...]
Range = tuple[float, float]

# Of the left side; the right mirrors yaw and roll.
_SIDED: dict[str, tuple[Range, Range, Range]] = {
    "shoulder": ((-90, 90), (-180, 60), (-50, 180)),
    "elbow": ((-90, 90), (-150, 150), (-10, 10)),
    "wrist": ((-90, 90), (-40, 40), (-80, 80)),
    "hip": ((-45, 60), (-125, 35), (-30, 60)),
    "knee": ((-25, 25), (-150, 150), (-8, 8)),
    "ankle": ((-25, 25), (-30, 50), (-25, 25)),
}
JOINT_LIMITS_DEG: dict[str, tuple[Range, Range, Range]] = {
    "pelvis": ((-360, 360), (-90, 90), (-90, 90)),
    "waist": ((-40, 40), (-25, 60), (-30, 30)),
    "chest": ((-30, 30), (-20, 35), (-20, 20)),
    "neck": ((-45, 45), (-35, 35), (-25, 25)),
    "head": ((-45, 45), (-35, 35), (-25, 25)),
    **{f"{joint}_l": limits for joint, limits in _SIDED.items()},
    **{
        f"{joint}_r": ((-yaw[1], -yaw[0]), pitch, (-roll[1], -roll[0]))
        for joint, (yaw, pitch, roll) in _SIDED.items()
    },
}
"""Yaw, pitch and roll that each joint may be turned by, from its pose: joint → three of (lowest, highest)."""

# (flexion at its straightest and its most bent, radians about X) of the hinges
_HINGES = {"elbow": (-2.70, 0.05), "knee": (-0.05, 2.70)}


class _Joints(Document):
    """Turns in degrees by joint, laid over the pose: yaw to the figure's left, pitch forwards and down
    (a limb back, a knee bent), roll to its left side up. Those out of a joint's range are refused; elbows
    and knees, which are hinges, stop at straight and at fully bent."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, raw: Any) -> Any:
        for name in raw if isinstance(raw, dict) else ():
            if name not in JOINT_LIMITS_DEG:
                close = difflib.get_close_matches(str(name), JOINT_LIMITS_DEG, n=3, cutoff=0.4)
                told = ", ".join(close or JOINT_LIMITS_DEG)
                raise ValueError(f"there is no joint {name!r:.40}; did you mean {told}?")
        return raw

    @model_validator(mode="after")
    def _within_limits(self) -> "_Joints":
        for joint, turn in turned_joints(self):
            for angle, (low, high), word in zip(
                turn, JOINT_LIMITS_DEG[joint], ("yaw", "pitch", "roll"), strict=True
            ):
                if not low <= angle <= high:
                    raise ValueError(
                        f"a {word} of {angle:g} degrees is more than {joint} turns: {low:g} to {high:g}"
                    )
        return self


if TYPE_CHECKING:
    Joints = _Joints
else:
    # A field for each joint, so that the schema lists them.
    Joints = create_model(
        "Joints",
        __base__=_Joints,
        __module__=__name__,
        __doc__=_Joints.__doc__,
        **dict.fromkeys(JOINTS, (Rotation | None, None)),
    )


def turned_joints(joints: _Joints) -> Turns:
    """(joint, (yaw, pitch, roll) in degrees) of those that are turned at all, from the pelvis outwards."""
    turns = ((joint, getattr(joints, joint)) for joint in JOINTS)
    return tuple((joint, turn) for joint, turn in turns if turn is not None)


def overlaid(matrices: Array, turns: Turns) -> Array:
    """float64[parts, 4, 4]: a pose's figure_from_mesh with its joints turned further, parents first."""
    out = matrices.copy()
    for joint, turn in turns:
        parts = part_numbers(joint)
        pivot = out[parts[0]].copy()
        own = _turn(turn)
        hinge = _HINGES.get(joint[:-2])
        if hinge is not None:
            own = _hinged(out, joint, turn, hinge)
        turned = pivot[:3, :3] @ own @ pivot[:3, :3].T
        out[parts, :3, :3] = turned @ out[parts, :3, :3]
        out[parts, :3, 3] = (out[parts, :3, 3] - pivot[:3, 3]) @ turned.T + pivot[:3, 3]
    return out


def _hinged(matrices: Array, joint: str, turn: Rotation, limits: Range) -> Array:
    parent = {"elbow": "shoulder", "knee": "hip"}[joint[:-2]] + joint[-2:]
    upper, lower = matrices[part_numbers(parent)[0]], matrices[part_numbers(joint)[0]]
    between = upper[:3, :3].T @ lower[:3, :3]
    bent = math.atan2(between[2, 1], between[1, 1])
    pitch = min(max(bent + math.radians(turn[1]), limits[0]), limits[1]) - bent
    return _turn((turn[0], math.degrees(pitch), turn[2]))


@lru_cache(maxsize=4096)
def _turn(turn: Rotation) -> Array:
    yaw, pitch, roll = (math.radians(angle) for angle in turn)
    return rotation_matrix(quaternion_from_euler(yaw, pitch, roll))[:3, :3]
