"""Down on both feet, elbows by the knees, looking ahead."""

import numpy as np

from director.scene.figure_body import JOINTS
from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x

__all__ = ["POSE"]


def _crouch(_: Setting) -> Pose:
    pose = standing()
    pose.pelvis = np.array([[0.0, 0.275 - JOINTS["pelvis"][1], -0.095]])
    pose.turns |= {"pelvis": x(0.30), "waist": x(0.24), "chest": x(0.22), "neck": x(-0.34), "head": x(-0.30)}
    for side, out, ahead in (("l", 1.0, 0.030), ("r", -1.0, -0.010)):
        pose.ankles[side] = np.array([[0.085 * out, 0.046, ahead]])
        pose.splay[side] = np.array([0.30])
        pose.hands[side] = np.array([[0.045 * out, 0.300, 0.225]])
        pose.elbows[side] = np.array([[1.0 * out, -0.55, -0.2]])
    return pose


POSE = PoseKind(_crouch, hands_busy=True)
