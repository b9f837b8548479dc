"""On a seat, hips over the figure's place, hands on the thighs."""

import numpy as np

from director.scene.figure_body import JOINTS
from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, y, z

__all__ = ["POSE"]


def _sit(setting: Setting) -> Pose:
    pose = standing()
    # The flesh of the hips reaches this far below the pelvis joint when sat on.
    pose.pelvis = np.array([[0.0, setting.seat + 0.060 - JOINTS["pelvis"][1], 0.0]])
    pose.turns |= {"pelvis": x(-0.16), "waist": x(0.02), "chest": x(0.10), "neck": x(0.08)}
    for side, out, ahead in (("l", 1.0, 0.262), ("r", -1.0, 0.235)):
        pose.turns[f"shoulder_{side}"] = z(0.12 * out) @ x(-0.42)
        pose.turns[f"elbow_{side}"] = y(-0.35 * out) @ x(-0.72)
        pose.ankles[side] = np.array([[0.072 * out, 0.046, ahead]])
    return pose


POSE = PoseKind(_sit, hands_busy=True)
