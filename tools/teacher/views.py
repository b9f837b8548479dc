"""Cameras for random sets: mostly human framing, over the lenses that a director would choose."""

import numpy as np
from numpy.typing import NDArray

from director.camera.view import view_of
from director.math3d import look_rotation, quaternion_from_euler, quaternion_multiply
from director.types import CameraState, Lens, View
from tools.teacher.sets import RandomSet

__all__ = ["random_view"]

_FOCAL_MM = (18.0, 21.0, 25.0, 25.0, 32.0, 32.0, 40.0, 50.0, 65.0)
# How many pictures at twice the size are cut into windows, against whole ones at the size itself: the
# network has to hold at both.
_WINDOW_SHARE = 0.7


def random_view(chosen: RandomSet, aspect: float, random: np.random.Generator) -> View:
    """A view into the set. Seven in ten are a quarter cut from a picture of twice the width and height."""
    eye = np.asarray(chosen.eyes[random.integers(len(chosen.eyes))])
    target = np.asarray(chosen.targets[random.integers(len(chosen.targets))])
    if np.linalg.norm(target - eye) < 0.8:
        target = eye + np.array([0.0, -0.1, -3.0])
    elif random.random() < 0.35:
        # Nearer: the framing of one figure or thing.
        eye = target + (eye - target) * random.uniform(0.3, 0.7)
    eye[1] = max(eye[1], 0.25)
    orientation = look_rotation(target - eye)
    if random.random() < 0.1:
        tilt = quaternion_from_euler(0.0, 0.0, float(random.uniform(-0.3, 0.3)))
        orientation = quaternion_multiply(orientation, tilt)
    windowed = random.random() < _WINDOW_SHARE
    lens = Lens(focal_length_mm=float(random.choice(_FOCAL_MM[:7] if windowed else _FOCAL_MM)))
    place = (float(eye[0]), float(eye[1]), float(eye[2]))
    view = view_of(CameraState(place, orientation, lens), aspect, 0.1, 800.0, None)
    if not windowed:
        return view
    window = np.eye(4)
    window[0, 0] = window[1, 1] = 2.0
    window[:2, 3] = random.uniform(-1.0, 1.0, 2)
    projection: NDArray[np.float64] = window @ view.clip_from_view
    return View(view.view_from_world, projection, projection @ view.view_from_world, view.near_m, view.far_m)
