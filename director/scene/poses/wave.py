"""The right hand raised beside the head, the forearm going to and fro."""

import numpy as np

from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x, y, z

__all__ = ["POSE"]


def _wave(setting: Setting) -> Pose:
    pose = standing()
    swing = float(np.sin(2 * np.pi * setting.phase))
    pose.turns |= {"waist": z(0.02), "chest": z(0.03), "head": z(0.03)}
    elbow = np.array([-0.240, 0.800 + 0.006 * swing, 0.050])
    # Forearm and hand stay in the plane that faces who is waved at.
    across = 0.10 + 0.36 * swing
    pose.hands["r"] = (elbow + 0.146 * np.array([-np.sin(across), np.cos(across), 0.10]))[None]
    pose.elbows["r"] = np.array([[-1.0, -0.7, 0.2]])
    pose.grips["r"] = z(across * 1.15 - 0.02) @ x(-np.pi) @ y(np.pi / 2)
    return pose


POSE = PoseKind(_wave, hands_busy=True, legs_free=True, period_s=0.95)
