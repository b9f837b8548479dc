"""Cameras for random sets: mostly human framing, over the lenses that a director would choose."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.camera.view import view_of
from director.math3d import look_rotation, quaternion_from_euler, quaternion_multiply
from director.types import CameraState, Lens, View
from tools.teacher.sets import RandomSet

__all__ = ["WINDOW_SHARE", "random_view", "worth_drawing"]

_FOCAL_MM = (18.0, 21.0, 25.0, 25.0, 32.0, 32.0, 40.0, 50.0, 65.0)
WINDOW_SHARE = 0.7
"""How many pictures at twice the size are cut into windows, against whole ones at the size itself: the
network has to hold at both."""
_FACES, _DETAILS, _MASTERS = 0.16, 0.14, 0.12


def random_view(
    chosen: RandomSet, aspect: float, random: np.random.Generator, window_share: float = WINDOW_SHARE
) -> View:
    """A view into the set: one in six is of a face, some of details, some from high up; most are between.
    The share given are a quarter cut from a picture of twice the width and height."""
    windowed = random.random() < window_share
    kind = random.random()
    if chosen.faces and kind < _FACES:
        eye, target, focal = _of_face(chosen, random)
    elif chosen.details and kind < _FACES + _DETAILS:
        eye, target, focal = _of_detail(chosen, random)
    else:
        eye, target, focal = _of_place(chosen, random, kind > 1 - _MASTERS)
    if windowed:
        focal = min(focal, 50.0)
    eye[1] = max(eye[1], 0.25)
    orientation = look_rotation(target - eye)
    if random.random() < 0.08:
        tilt = quaternion_from_euler(0.0, 0.0, float(random.uniform(-0.25, 0.25)))
        orientation = quaternion_multiply(orientation, tilt)
    lens = Lens(focal_length_mm=focal)
    place = (float(eye[0]), float(eye[1]), float(eye[2]))
    view = view_of(CameraState(place, orientation, lens), aspect, 0.1, 800.0, None)
    if not windowed:
        return view
    window = np.eye(4)
    window[0, 0] = window[1, 1] = 2.0
    window[:2, 3] = random.uniform(-1.0, 1.0, 2)
    projection: NDArray[np.float64] = window @ view.clip_from_view
    return View(view.view_from_world, projection, projection @ view.view_from_world, view.near_m, view.far_m)


_Framing = tuple[NDArray[np.float64], NDArray[np.float64], float]


def _of_face(chosen: RandomSet, random: np.random.Generator) -> _Framing:
    """From before a face: a close-up, or head and shoulders."""
    at, heading = chosen.faces[random.integers(len(chosen.faces))]
    turn = math.radians(heading) + random.normal(0.0, 0.7)
    far = random.uniform(0.6, 2.4)
    face = np.asarray(at)
    eye = face + far * np.array([math.sin(turn), 0.0, math.cos(turn)])
    eye[1] += random.normal(0.0, 0.12 * far)
    # A face stands beside the middle of the picture as often as in it.
    target = face + np.array([*random.normal(0.0, 0.09, 2), 0.0]) * far
    return eye, target, float(random.choice([25.0, 32.0, 40.0, 50.0]))


def _of_detail(chosen: RandomSet, random: np.random.Generator) -> _Framing:
    at, reach = chosen.details[random.integers(len(chosen.details))]
    towards = np.asarray(chosen.eyes[random.integers(len(chosen.eyes))]) - np.asarray(at)
    turn = math.atan2(towards[0], towards[2]) + random.normal(0.0, 0.6)
    far = reach * random.uniform(1.3, 3.0) + 0.3
    eye = np.asarray(at) + far * np.array([math.sin(turn), random.uniform(-0.1, 0.45), math.cos(turn)])
    target = np.asarray(at) + random.normal(0.0, 0.15, 3) * reach
    return eye, target, float(random.choice([25.0, 32.0, 40.0]))


def _of_place(chosen: RandomSet, random: np.random.Generator, wide: bool) -> _Framing:
    eyes, targets = chosen.eyes, chosen.targets or chosen.eyes
    eye = np.asarray(eyes[random.integers(len(eyes))], np.float64)
    target = np.asarray(targets[random.integers(len(targets))], np.float64)
    if wide:
        # The whole of it, as a master shot has.
        eye = np.asarray(max(eyes, key=lambda e: e[1]), np.float64)
        return eye, target, float(random.choice([18.0, 21.0, 25.0]))
    if np.linalg.norm(target - eye) < 0.8:
        target = eye + np.array([0.0, -0.1, -3.0])
    elif random.random() < 0.35:
        # Nearer: the framing of one figure or thing.
        eye = target + (eye - target) * random.uniform(0.3, 0.7)
    return eye, target, float(random.choice(_FOCAL_MM))


def worth_drawing(maps: Mapping[str, NDArray[Any]]) -> bool:
    """Whether a view shows something, by its maps of depth and ids: no wall before the lens, no empty sky."""
    depth = maps["depth"]
    return bool(
        np.mean(depth < 0.45) < 0.25
        and np.mean(np.isinf(depth)) < 0.8
        and len(np.unique(maps["object"])) >= 4
    )
