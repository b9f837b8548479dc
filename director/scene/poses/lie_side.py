"""On the right side, knees drawn up, the head on the lower arm; hips over the figure's place."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, z

__all__ = ["POSE"]


def _lie_side(_: Setting) -> Pose:
    # Shaped upright, with the floor at its right, then laid down.
    pose = standing()
    pose.attitude = (z(np.pi / 2) @ x(-np.pi / 2) @ z(-0.13))[0]
    pose.turns |= {"waist": x(0.10), "chest": x(0.12), "neck": z(0.12), "head": z(0.10) @ x(0.10)}
    pose.ankles["l"] = np.array([[0.010, 0.250, -0.010]])
    pose.ankles["r"] = np.array([[-0.015, 0.180, -0.070]])
    for side in "lr":
        pose.toes_up[side] = np.array([-0.9])
    pose.hands["l"] = np.array([[-0.022, 0.690, 0.205]])
    pose.elbows["l"] = np.array([[0.6, -0.6, 0.5]])
    pose.hands["r"] = np.array([[-0.085, 0.860, 0.095]])
    pose.elbows["r"] = np.array([[0.45, 0.2, 1.0]])
    return pose


POSE = PoseKind(_lie_side, hands_busy=True)
