"""A boxer's guard: the left foot and fist ahead, knees soft, the chin behind the hands."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, y

__all__ = ["POSE"]


def _fight(_: Setting) -> Pose:
    pose = standing()
    pose.pelvis = np.array([[0.0, -0.050, 0.0]])
    pose.turns |= {
        "pelvis": y(-0.50) @ x(0.04),
        "waist": y(-0.05) @ x(0.07),
        "chest": y(0.04) @ x(0.10),
        "neck": y(0.24) @ x(0.06),
        "head": y(0.27) @ x(0.02),
    }
    pose.ankles["l"] = np.array([[0.060, 0.046, 0.150]])
    pose.ankles["r"] = np.array([[-0.100, 0.066, -0.150]])
    pose.toes_up["r"] = np.array([-0.19])
    pose.splay["l"], pose.splay["r"] = np.array([-0.15]), np.array([0.70])
    pose.hands["l"] = np.array([[0.060, 0.735, 0.245]])
    pose.hands["r"] = np.array([[-0.040, 0.715, 0.150]])
    pose.elbows["l"], pose.elbows["r"] = np.array([[0.35, -1.0, 0.0]]), np.array([[-0.45, -1.0, 0.0]])
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.turns[f"wrist_{side}"] = y(0.9 * out)
    return pose


POSE = PoseKind(_fight, hands_busy=True)
