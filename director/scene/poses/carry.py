"""Both hands in front, palms on the sides of a box."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x

__all__ = ["POSE"]

# From the middle of a hand to its palm.
_PALM = 0.0145


def _carry(setting: Setting) -> Pose:
    pose = standing()
    pose.turns |= {"pelvis": x(-0.03), "waist": x(-0.05), "chest": x(-0.02), "neck": x(0.06), "head": x(0.05)}
    for side, out in (("l", 1.0), ("r", -1.0)):
        across = setting.hold / 2 + _PALM
        pose.hands[side] = np.array([[across * out, 0.585, 0.130]])
        pose.elbows[side] = np.array([[0.55 * out, -0.6, -0.7]])
        pose.grips[side] = x(-np.pi / 2 - 0.05)
    return pose


POSE = PoseKind(_carry, hands_busy=True, legs_free=True)
