"""Inserts of things by their boxes, and what someone sees with their own eyes."""

import math

import numpy as np

from director.camera.lens import PRIMES_MM
from director.camera.setups.body import Body, Box
from director.camera.setups.figures import LOWEST_M, pitch_at
from director.camera.setups.fit import Fit, Region, aim, fit, projected
from director.camera.setups.shot import Framing, Picture, made
from director.camera.setups.sizes import SIDES
from director.math3d import quaternion_from_euler
from director.types import Vector

__all__ = ["INSERT_MARGIN", "frame_insert", "frame_point_of_view"]

INSERT_MARGIN = 0.10
"""Room around a thing, as a share of the picture on each side."""

_INSERT_MM = 65.0
_INSERT_SIDE = "three-quarter left"
_INSERT_DEG = -20.0
_PITCHES_DEG = {
    "eye level": 0.0,
    "high angle": -35.0,
    "low angle": 20.0,
    "bird's eye": -90.0,
    "worm's eye": 40.0,
}
_LEAST_M = 0.6
_VIEW_MM = 32.0
# The camera is before the eyes, not in the head.
_BEFORE_EYES_M = 0.04
_LOOK_M = 5.0


def frame_insert(
    box: Box,
    picture: Picture,
    angle: str | None = None,
    side: str | None = None,
    focal_length_mm: float | None = None,
    dutch_deg: float = 0.0,
) -> Framing:
    """A thing alone, as large as its box allows. Without an angle, looked down on by 20 degrees.

    All corners of the box keep `INSERT_MARGIN`; two opposite sides of it are touched.
    """
    heading = box.heading + math.radians(SIDES[side or _INSERT_SIDE])
    pitch = math.radians(_INSERT_DEG if angle is None else _PITCHES_DEG[angle])
    corners = list(box.corners())
    floor = min(corner[1] for corner in corners) + LOWEST_M
    room = 1 - 2 * INSERT_MARGIN
    focal = focal_length_mm or _INSERT_MM
    while True:
        tangents = picture.tangents(focal)

        def at(tilt: float, tangents: tuple[float, float] = tangents) -> Fit:
            turned = quaternion_from_euler(heading, tilt, math.radians(dutch_deg))
            return fit(corners, turned, tangents, Region(-room, room, -room, room), (box.centre, 0.0))

        tilt = pitch
        if at(tilt).position[1] < floor:
            tilt = pitch_at(at, floor, math.radians(-75), pitch)
        found = at(tilt)
        turned = quaternion_from_euler(heading, tilt, math.radians(dutch_deg))
        nearest = float(projected(corners, found.position, turned, tangents)[:, 2].min())
        longer = [prime for prime in PRIMES_MM if prime > focal]
        if focal_length_mm is not None or nearest >= _LEAST_M or not longer:
            break
        focal = longer[0]
    depth = float(projected([box.centre], found.position, turned, tangents)[0, 2])
    return made(found.position, turned, picture.lens(focal), box.centre, depth, found.bound_by)


def frame_point_of_view(
    viewer: Body,
    target: Vector | None,
    picture: Picture,
    focal_length_mm: float | None = None,
    dutch_deg: float = 0.0,
) -> Framing:
    """From the viewer's eyes on a point, in the middle of the picture; without one, along the gaze."""
    gaze = np.asarray(viewer.gaze)
    look = np.asarray(viewer.eyes) + gaze * _LOOK_M if target is None else np.asarray(target)
    # Where the eyes would be, were the head turned there.
    middle = np.asarray(viewer.head_centre)
    away = look - middle
    length = float(np.linalg.norm(away))
    reach = math.dist(viewer.eyes, viewer.head_centre) + _BEFORE_EYES_M
    x, y, z = middle + (away * (min(reach, length / 2) / length) if length > 1e-9 else gaze * reach)
    at = (float(x), float(y), float(z))
    focus = (float(look[0]), float(look[1]), float(look[2]))
    lens = picture.lens(focal_length_mm or _VIEW_MM)
    turned = aim(at, focus, (0.0, 0.0), (1.0, 1.0))
    if dutch_deg:
        direction = np.subtract(focus, at)
        yaw = math.atan2(-direction[0], -direction[2])
        tilt = math.atan2(direction[1], math.hypot(direction[0], direction[2]))
        turned = quaternion_from_euler(yaw, tilt, math.radians(dutch_deg))
    notes: tuple[str, ...] = ()
    if target is not None and float(gaze @ away) < 0:
        notes = (f"{viewer.name} does not look there",)
    return made(at, turned, lens, focus, math.dist(at, focus), notes=notes)
