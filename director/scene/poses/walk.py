"""A walk: arms against legs, the pelvis lowest while both feet carry.

It follows the textbook gait cycle: 62 % stance from heel strike to toe-off, knee bent in swing (Perry &
Burnfield, Gait Analysis, 2010).
"""

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.figure_gait import Footfall, foot
from director.scene.figure_rig import Pose, PoseKind, Setting, about_x, about_y, about_z, standing

__all__ = ["POSE", "STRIDE", "walk_cycle"]

STRIDE = 0.78
"""Ground covered by two steps, as a share of the height."""

_FEET = Footfall(stride=STRIDE, stance=0.62, ahead=0.205, strike=0.36, off=0.70, lift=0.055)


def walk_cycle(phases: NDArray[np.float64], gait: float) -> Pose:
    """Poses at phases 0..1 of the stride, the left heel striking at 0; `gait` from 0, standing, to 1."""
    n = len(phases)
    turn = 2 * np.pi * phases
    swing = np.cos(turn) * gait  # 1 as the left heel strikes
    pose = standing(n)
    pose.pelvis = np.stack(
        [
            0.010 * gait * np.cos(turn - 2 * np.pi * 0.31),
            gait * (-0.026 + 0.011 * np.cos(2 * (turn - 2 * np.pi * 0.30))),
            np.full(n, 0.006 * gait),
        ],
        -1,
    )
    pose.turns["pelvis"] = about_y(-0.10 * swing) @ about_z(0.05 * gait * np.sin(turn - 0.4))
    pose.turns["waist"] = about_x(np.full(n, 0.04 * gait)) @ about_y(0.09 * swing)
    pose.turns["chest"] = about_x(np.full(n, 0.02 * gait)) @ about_y(0.12 * swing)
    pose.turns["neck"] = about_y(-0.06 * swing)
    pose.turns["head"] = about_x(np.full(n, -0.05 * gait)) @ about_y(-0.05 * swing)
    for side, out, sign in (("l", 1.0, 1.0), ("r", -1.0, -1.0)):
        ahead = -sign * swing  # of the arm: against its own leg
        pose.turns[f"shoulder_{side}"] = about_z(np.full(n, 0.09 * out)) @ about_x(0.06 * gait - 0.44 * ahead)
        pose.turns[f"elbow_{side}"] = about_x(-0.10 - gait * (0.24 + 0.20 * ahead))
        own = phases if side == "l" else (phases + 0.5) % 1.0
        pose.ankles[side], pose.toes_up[side] = foot(own, gait, JOINTS[f"ankle_{side}"], _FEET)
    return pose


def _walk(setting: Setting) -> Pose:
    return walk_cycle(np.array([setting.phase]), 1.0)


POSE = PoseKind(_walk, legs_free=True)
