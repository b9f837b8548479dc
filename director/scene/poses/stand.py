"""Upright, arms hanging."""

from director.scene.figure_rig import Pose, PoseKind, Setting, standing

__all__ = ["POSE"]


def _stand(_: Setting) -> Pose:
    return standing()


POSE = PoseKind(_stand, legs_free=True)
