"""The back against a wall, the right sole flat on it."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, y, z

__all__ = ["POSE"]


def _lean(_: Setting) -> Pose:
    pose = standing()
    pose.pelvis = np.array([[0.006, -0.016, -0.060]])
    pose.turns |= {"pelvis": x(-0.05), "waist": x(-0.02), "chest": x(0.06), "neck": x(0.10), "head": y(0.3)}
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.turns[f"shoulder_{side}"] = z(0.20 * out) @ x(0.12)
        pose.turns[f"elbow_{side}"] = y(-0.5 * out) @ x(-0.75)
    pose.ankles["l"] = np.array([[0.050, 0.046, 0.085]])
    pose.ankles["r"] = np.array([[-0.060, 0.200, -0.060]])
    pose.toes_up["r"] = np.array([-0.95])
    return pose


POSE = PoseKind(_lean, hands_busy=True)
