"""At a wheel: seated, both hands on its rim as far ahead as it is, feet at the pedals."""

import numpy as np

from director.scene.figure_body import JOINTS
from director.scene.figure_rig import Pose, PoseKind, Setting, standing, x

__all__ = ["POSE"]

# The rim of a wheel of 37 cm across, and how high its middle is above the seat, for a grown person.
_RIM, _ABOVE_SEAT = 0.105, 0.215
# Arms are straighter than this only where the wheel is far off.
_REACH = 0.290


def _drive(setting: Setting) -> Pose:
    pose = standing()
    hips = setting.seat + 0.060
    pose.pelvis = np.array([[0.0, hips - JOINTS["pelvis"][1], 0.0]])
    wrist = np.array([_RIM, setting.seat + _ABOVE_SEAT + 0.02, setting.wheel - 0.045])
    lean = _lean_to(wrist, hips)
    pose.turns |= {"pelvis": x(0.5 * lean - 0.06), "waist": x(0.25 * lean), "chest": x(0.25 * lean + 0.06)}
    pose.turns |= {"neck": x(-0.45 * lean), "head": x(-0.45 * lean)}
    # Feet are as far ahead as bent legs bring them: the lower the seat, the farther.
    drop = hips - 0.015 - 0.055
    ahead = float(np.sqrt(max(0.425**2 - drop**2, 0.22**2)))
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.ankles[side] = np.array([[0.075 * out, 0.055, ahead]])
        pose.toes_up[side] = np.array([0.20])
        pose.hands[side] = wrist[None] * [out, 1.0, 1.0]
        pose.elbows[side] = np.array([[0.75 * out, -1.0, -0.1]])
        pose.grips[side] = x(-1.15)
    return pose


def _lean_to(wrist: np.ndarray[tuple[int], np.dtype[np.float64]], hips: float) -> float:
    """Radians by which the back leaves a comfortable recline so that the arms reach the wheel."""
    up, out = JOINTS["shoulder_l"][1] - JOINTS["pelvis"][1], JOINTS["shoulder_l"][0]
    for lean in np.linspace(-0.28, 0.55, 84):
        shoulder = np.array([out, hips + up * np.cos(lean), up * np.sin(lean)])
        if float(np.linalg.norm(wrist - shoulder)) <= _REACH:
            return float(lean)
    return 0.55


POSE = PoseKind(_drive, hands_busy=True)
