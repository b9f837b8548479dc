"""Over the shoulder of one on another, so that both reverses cut together.

The line of action runs from one pair of eyes to the other; the camera stays on one side of it (the
180-degree rule: R. Thompson and C. J. Bowen, *Grammar of the Shot*, 2nd ed., 2009, ch. 4). The near one
fills the near third, the far face lies on the opposite third.
"""

import math
from functools import partial

import numpy as np

from director.camera.lens import PRIMES_MM
from director.camera.setups.body import Body
from director.camera.setups.crossing import crossing
from director.camera.setups.figures import LOWEST_M
from director.camera.setups.fit import aim, projected
from director.camera.setups.shot import Framing, Picture, made
from director.errors import UsageError
from director.types import Vector

__all__ = ["FAR_FACE_X", "NEAR_EDGE_X", "frame_over_shoulder", "side_of_line"]

FAR_FACE_X = 1 / 3
"""Where the far eyes are, −1..1: on the line of the far third."""
NEAR_EDGE_X = 1 / 3
"""Where the edge of the near head is, on the other side: it stays in its own third."""

_FAR_EYES_Y = 0.28
_NEAR_SHOULDER_Y = -0.60
# The near head is about so wide in the picture, as a share of its width.
_NEAR_HEAD = 0.26
# Half the breadth of a head from behind, as a share of its height.
_HALF_HEAD = 0.40
# The picture is so high at the far face where the lens is free: a medium close-up to a medium shot.
_FAR_HEIGHT_M = 0.75
_FREE_MM = (32.0, 85.0)
_ROUNDS = 20
_CLOSEST_M = 0.3
# From further round it is no longer over a shoulder.
_FURTHEST_ASIDE = math.radians(75)


def side_of_line(one: Body, other: Body) -> Vector:
    """The unit horizontal vector across the line of action, to the side that the faces are turned to.

    The same whoever is named first; where the faces prefer none, the side towards +X, else +Z.
    Raises UsageError for two whose eyes are in one place.
    """
    along = np.subtract(other.eyes, one.eyes)[[0, 2]]
    length = float(np.linalg.norm(along))
    if length < _CLOSEST_M:
        raise UsageError(
            f"{one.name} and {other.name} stand in one place",
            subject="over shoulder",
            mend="move them apart, or ask for a two-shot",
        )
    across = np.array([-along[1], along[0]]) / length
    faces = sum(np.array([math.sin(b.face_heading), math.cos(b.face_heading)]) for b in (one, other))
    lean = float(np.dot(faces, across))
    if abs(lean) < 1e-3:
        lean = 1.0 if (round(float(across[0]), 6), float(across[1])) > (0.0, 0.0) else -1.0
    across = across * math.copysign(1.0, lean)
    return (float(across[0]), 0.0, float(across[1]))


def frame_over_shoulder(
    near: Body,
    far: Body,
    picture: Picture,
    focal_length_mm: float | None = None,
    shoulder: str | None = None,
) -> Framing:
    """Over the near one's shoulder on the far one's face. `shoulder` of None keeps to `side_of_line`.

    The far eyes lie exactly on their third, the near head's edge exactly on its own; the camera's height
    brings the near shoulder into the lower half as far as the near one's own height allows.
    Raises UsageError for two whose eyes are in one place.
    """
    across = np.asarray(side_of_line(near, far))
    line = np.subtract(far.eyes, near.eyes) * (1.0, 0.0, 1.0)
    line = line / np.linalg.norm(line)
    # Left of someone who looks along the line.
    left = np.array([line[2], 0.0, -line[0]])
    if shoulder is not None:
        across = left if shoulder == "left" else -left
    over_left = float(across @ left) > 0
    # From over the left shoulder, the near one is on the right of the picture.
    near_sign = 1.0 if over_left else -1.0
    if focal_length_mm is None:
        focal_length_mm = _prime(near, far, picture)
    tangents = picture.tangents(focal_length_mm)
    behind_m = _behind_m(near, tangents[0])
    half_m = _HALF_HEAD * near.head_height_m
    near_shoulder = near.shoulder_left if over_left else near.shoulder_right
    lowest = max(near.chin[1] - 0.6 * near.head_height_m, near.ground[1] + LOWEST_M)
    highest = near.eyes[1] + 1.0 * near.head_height_m

    def position(aside: float, height_m: float) -> Vector:
        way = across * math.sin(aside) - line * math.cos(aside)
        x, _, z = np.asarray(near.head_centre) + way * behind_m
        return (float(x), height_m, float(z))

    def edge_short(height_m: float, aside: float) -> float:
        """How far the near head's inner edge is past its line, towards the middle."""
        at = position(aside, height_m)
        turned = aim(at, far.eyes, (-near_sign * FAR_FACE_X, _FAR_EYES_Y), tangents)
        x, _, depth = projected([near.head_centre], at, turned, tangents)[0]
        return NEAR_EDGE_X - float(near_sign * x - half_m / (tangents[0] * depth))

    def shoulder_over(aside: float, height_m: float) -> float:
        """How far the near shoulder is above where it should be."""
        at = position(aside, height_m)
        turned = aim(at, far.eyes, (-near_sign * FAR_FACE_X, _FAR_EYES_Y), tangents)
        return float(projected([near_shoulder], at, turned, tangents)[0, 1]) - _NEAR_SHOULDER_Y

    aside, height_m = 0.2, near.chin[1]
    for _ in range(_ROUNDS):
        before = aside
        # The higher the camera, the lower the shoulder; the further aside, the further apart the two.
        height_m = crossing(partial(shoulder_over, aside), lowest, highest)
        aside = crossing(partial(edge_short, height_m), 0.0, _FURTHEST_ASIDE)
        if abs(aside - before) < 1e-10:
            break
    at = position(aside, height_m)
    turned = aim(at, far.eyes, (-near_sign * FAR_FACE_X, _FAR_EYES_Y), tangents)
    depth = float(projected([far.eyes], at, turned, tangents)[0, 2])
    notes: list[str] = []
    if aside > _FURTHEST_ASIDE - 1e-6:
        notes.append(f"{near.name} and {far.name} are too near one another to lie on opposite thirds")
    if float(np.dot(far.gaze, np.subtract(at, far.eyes))) < 0:
        notes.append(f"{far.name} looks away from the camera")
    return made(at, turned, picture.lens(focal_length_mm), far.eyes, depth, notes=tuple(notes))


def _behind_m(near: Body, half_width: float) -> float:
    """How far from the near head the camera is, for the near head to be as wide as it should."""
    return 2 * _HALF_HEAD * near.head_height_m / (_NEAR_HEAD * 2 * half_width)


def _prime(near: Body, far: Body, picture: Picture) -> float:
    apart_m = math.dist(near.eyes, far.eyes)

    def height_m(focal_length_mm: float) -> float:
        across, up = picture.tangents(focal_length_mm)
        return 2 * up * (apart_m + _behind_m(near, across))

    kit = [prime for prime in PRIMES_MM if _FREE_MM[0] <= prime <= _FREE_MM[1]]
    return min(kit, key=lambda prime: abs(math.log(height_m(prime) / _FAR_HEIGHT_M)))
