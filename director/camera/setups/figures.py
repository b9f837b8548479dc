"""One figure or several, framed to a size from an angle and a side."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from director.camera.lens import PRIMES_MM
from director.camera.setups.body import Body
from director.camera.setups.crossing import crossing
from director.camera.setups.fit import Fit, Region, fit, projected
from director.camera.setups.shot import Framing, Picture, made
from director.camera.setups.sizes import SIDES, Angle, Size
from director.math3d import quaternion_from_euler, rotate
from director.types import Quaternion, Vector

__all__ = [
    "LOWEST_M",
    "SIDE_ROOM",
    "View",
    "frame_figures",
    "group_heading",
    "heading_from",
    "pitch_at",
    "region_of",
]

SIDE_ROOM = 0.05
"""The least room at either side, as a share of the picture's width."""

LOWEST_M = 0.15
"""As near to the floor as a camera is put."""

# A figure seen end on would be framed from a hand's breadth: it counts as at least this share of its length.
_FORESHORTENED = 0.6
_LOOSEST_PITCH, _STEEPEST_PITCH = math.radians(-75), math.radians(75)
# Closer than this a free lens gives way to a longer one, for faces swell.
_LEAST_EYES_M = 0.75
# From the ground a wide view looks up at more than sky.
_FROM_THE_GROUND_MM = 25.0


@dataclass(frozen=True, slots=True)
class View:
    """How to look: `heading` is the direction from the subject to the camera, radians about Y."""

    size: Size
    angle: Angle
    heading: float
    focal_length_mm: float | None = None
    dutch_deg: float = 0.0


def frame_figures(bodies: Sequence[Body], view: View, picture: Picture) -> Framing:
    """Frame figures together, each cut as the size says.

    The topmost landmark lies on the headroom's line and the lowest on the footroom's; where the figures
    are broader than high they fill the width instead, and where they are seen end on the camera keeps its
    distance (`Framing.bound_by` tells). Looking aside gives lead room. Deterministic.
    """
    free = view.focal_length_mm is None
    focal_length_mm = view.size.focal_length_mm if view.focal_length_mm is None else view.focal_length_mm
    if free and view.angle.level_with == "ground":
        focal_length_mm = min(focal_length_mm, _FROM_THE_GROUND_MM)
    while True:
        framing = _framed(bodies, view, focal_length_mm, picture)
        longer = [prime for prime in PRIMES_MM if prime > focal_length_mm]
        if not free or not longer or framing.camera.lens.focus_distance_m >= _LEAST_EYES_M:
            return framing
        focal_length_mm = longer[0]


def group_heading(bodies: Sequence[Body]) -> float:
    """From where several are seen best, radians about Y from them to the camera: across the line they
    stand on, on the side that their faces are turned to, or before them where they look one way."""
    if len(bodies) == 1:
        return bodies[0].face_heading
    eyes = np.array([body.eyes for body in bodies])
    spread = (eyes - eyes.mean(axis=0))[:, [0, 2]]
    # The direction in which they are furthest apart: the larger eigenvector of their scatter.
    line = np.linalg.eigh(spread.T @ spread)[1][:, -1]
    across = np.array([-line[1], line[0]])
    faces = np.array([[math.sin(body.face_heading), math.cos(body.face_heading)] for body in bodies])
    towards = faces.mean(axis=0)
    lean = float(towards @ across)
    if abs(lean) < 1e-3:
        # Face to face: either side is as good. The one that over-shoulders and singles keep to.
        lean = 1.0 if (round(float(across[0]), 6), float(across[1])) > (0.0, 0.0) else -1.0
    across = across * math.copysign(1.0, lean)
    # Turned towards their faces, but never so far that one hides another.
    along = float(towards @ line)
    offset = math.atan2(along, abs(lean)) if np.linalg.norm(towards) > 0.6 else 0.0
    offset = max(-math.radians(35), min(math.radians(35), offset))
    direction = across * math.cos(offset) + line * math.sin(offset)
    return math.atan2(float(direction[0]), float(direction[1]))


def heading_from(body: Body, side: str, size: Size) -> float:
    """The heading from a figure to a camera at one of `SIDES`."""
    front = body.face_heading if size.follows_face else body.heading
    return front + math.radians(SIDES[side])


def region_of(size: Size) -> Region:
    """The part of the picture that a size's landmarks lie in."""
    side = 1 - 2 * SIDE_ROOM
    return Region(-side, side, 2 * size.footroom - 1, 1 - 2 * size.headroom)


def _framed(bodies: Sequence[Body], view: View, focal_length_mm: float, picture: Picture) -> Framing:
    size, angle = view.size, view.angle
    tangents = picture.tangents(focal_length_mm)
    points = [point for body in bodies for name in size.landmarks for point in body.points(name)]
    eyes = _middle([body.eyes for body in bodies])
    # A face is balanced between its front and the middle of the head.
    faces = [point for body in bodies for point in (body.eyes, body.head_centre)]
    balance = _middle(faces if size.follows_face else [body.hips for body in bodies])
    # Longest of the bodies: how high the picture must be where they are, were they seen in full.
    length = max(_length(body, size) for body in bodies)
    share = 1.0 if angle.pitch_deg == -90 else _FORESHORTENED
    least_m = share * length / (size.fill * 2 * tangents[1])

    def orientation(pitch: float) -> Quaternion:
        return quaternion_from_euler(view.heading, pitch, math.radians(view.dutch_deg))

    def at(pitch: float) -> Fit:
        turned = orientation(pitch)
        gaze = np.mean([rotate((-turned[0], -turned[1], -turned[2], turned[3]), b.gaze)[0] for b in bodies])
        return fit(points, turned, tangents, region_of(size), (balance, -size.lead * float(gaze)), least_m)

    ground = min(body.ground[1] for body in bodies)
    notes: tuple[str, ...] = ()
    pitch = math.radians(angle.pitch_deg)
    if angle.level_with == "eyes":
        pitch = pitch_at(at, max(eyes[1], ground + LOWEST_M), _LOOSEST_PITCH, _STEEPEST_PITCH)
    elif angle.level_with == "ground":
        pitch = pitch_at(at, ground + LOWEST_M, _LOOSEST_PITCH, pitch)
    found = at(pitch)
    if found.position[1] < ground + LOWEST_M - 1e-6:
        pitch = pitch_at(at, ground + LOWEST_M, _LOOSEST_PITCH, pitch)
        found = at(pitch)
        notes = (f"as low as the floor allows: {math.degrees(pitch):.0f}° up, not {angle.pitch_deg:.0f}°",)
    depth = float(projected([eyes], found.position, orientation(pitch), tangents)[0, 2])
    lens = picture.lens(focal_length_mm)
    framing = made(found.position, orientation(pitch), lens, eyes, depth, found.bound_by)
    return replace(framing, notes=notes)


def pitch_at(at: Callable[[float], Fit], height_m: float, low: float, high: float) -> float:
    """The pitch from which the fitted camera is so high; the higher it looks up, the lower it stands."""
    return crossing(lambda pitch: at(pitch).position[1] - height_m, low, high)


def _length(body: Body, size: Size) -> float:
    """The greatest distance between landmarks that the size cuts at or shows, metres; limbs left out."""
    shown = [name for name in size.landmarks if name not in ("outline", "head", "shoulders")]
    points = np.array([point for name in shown for point in body.points(name)])
    return float(np.linalg.norm(points[:, None] - points[None, :], axis=-1).max())


def _middle(points: Sequence[Vector]) -> Vector:
    x, y, z = np.mean(np.asarray(points), axis=0)
    return (float(x), float(y), float(z))
