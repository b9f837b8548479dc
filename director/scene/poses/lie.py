"""On the back, hips over the figure's place, feet ahead: as one lies who faced +Z and lay down."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x

__all__ = ["POSE"]


def _lie(_: Setting) -> Pose:
    # Shaped upright, with the floor behind the back, then laid down.
    pose = standing()
    pose.attitude = x(-np.pi / 2)[0]
    pose.turns |= {"neck": x(-0.06), "head": x(0.06)}
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.ankles[side] = np.array([[0.085 * out, 0.048, -0.036]])
        pose.toes_up[side] = np.array([-0.35])
        pose.splay[side] = np.array([0.35])
        pose.hands[side] = np.array([[0.200 * out, 0.500, -0.052]])
        pose.elbows[side] = np.array([[1.0 * out, 0.1, -0.25]])
    return pose


POSE = PoseKind(_lie)
