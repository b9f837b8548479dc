"""The right arm stretched out ahead."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, y

__all__ = ["POSE"]


def _point(_: Setting) -> Pose:
    pose = standing()
    pose.turns |= {"chest": y(0.22), "neck": y(-0.1), "head": y(-0.12)}
    pose.turns["shoulder_r"] = y(0.08) @ x(-1.50)
    pose.turns["elbow_r"] = x(-0.06)
    pose.ankles["l"] = np.array([[0.062, 0.046, 0.040]])
    pose.ankles["r"] = np.array([[-0.066, 0.046, -0.050]])
    pose.pelvis = np.array([[0.0, -0.008, 0.0]])
    return pose


POSE = PoseKind(_point, hands_busy=True, legs_free=True)
