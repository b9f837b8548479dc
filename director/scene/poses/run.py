"""A run: each foot carries for less than a third of the stride, and twice in it both are off the ground.

Proportions are those of running analysis: toe-off before 40 % of the cycle, the pelvis lowest in the middle
of the stance and highest in the flight, elbows near a right angle (Novacheck, The biomechanics of running,
Gait & Posture 7, 1998).
"""

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import JOINTS
from director.scene.figure_gait import Footfall, foot
from director.scene.figure_rig import Pose, PoseKind, Setting, about_x, about_y, about_z, standing

__all__ = ["POSE", "RUN_STRIDE", "run_cycle"]

RUN_STRIDE = 1.40
"""Ground covered by two steps of a full run, as a share of the height."""

_STANCE = 0.31
_FEET = Footfall(
    stride=RUN_STRIDE,
    stance=_STANCE,
    ahead=0.160,
    strike=0.10,
    off=0.82,
    lift=0.175,
    early=0.72,
    droop=0.85,
    leave=0.45,
)


def run_cycle(phases: NDArray[np.float64], gait: float) -> Pose:
    """Poses at phases 0..1 of the stride, the left foot striking at 0; `gait` from 0, standing, to 1."""
    n = len(phases)
    turn = 2 * np.pi * phases
    swing = np.cos(turn - 0.15) * gait  # 1 about when the left foot strikes
    low = 2 * np.pi * _STANCE / 2  # where the left foot is in the middle of its stance
    pose = standing(n)
    pose.pelvis = np.stack(
        [
            0.006 * gait * np.cos(turn - low),
            gait * (-0.040 - 0.020 * np.cos(2 * (turn - low))),
            np.full(n, 0.012 * gait),
        ],
        -1,
    )
    pose.turns["pelvis"] = about_x(np.full(n, 0.10 * gait)) @ about_y(-0.14 * swing)
    pose.turns["waist"] = about_x(np.full(n, 0.05 * gait)) @ about_y(0.14 * swing)
    pose.turns["chest"] = about_x(np.full(n, 0.05 * gait)) @ about_y(0.20 * swing)
    pose.turns["neck"] = about_x(np.full(n, -0.06 * gait)) @ about_y(-0.10 * swing)
    pose.turns["head"] = about_x(np.full(n, -0.08 * gait)) @ about_y(-0.10 * swing)
    for side, out, sign in (("l", 1.0, 1.0), ("r", -1.0, -1.0)):
        ahead = -sign * swing  # of the arm: against its own leg
        outward = about_z(np.full(n, (0.09 + 0.10 * gait) * out))
        pose.turns[f"shoulder_{side}"] = outward @ about_x(0.22 * gait - 0.70 * ahead)
        inward = about_y(np.full(n, -0.30 * gait * out))
        pose.turns[f"elbow_{side}"] = inward @ about_x(-0.10 - gait * (1.45 + 0.25 * ahead))
        own = phases if side == "l" else (phases + 0.5) % 1.0
        pose.ankles[side], pose.toes_up[side] = foot(own, gait, JOINTS[f"ankle_{side}"], _FEET)
    return pose


def _run(setting: Setting) -> Pose:
    return run_cycle(np.array([setting.phase]), 1.0)


POSE = PoseKind(_run, legs_free=True)
