"""Figures to frame, built from numbers: standing, seated, lying and crouching."""

import math
from collections.abc import Callable

import pytest

from director.camera.setups.body import Body
from director.math3d import quaternion_from_axis_angle, rotate
from director.types import Vector

Stand = Callable[..., Body]

# A standing figure 1.75 m high at the origin, facing +Z; its left is +X.
_STANDING: dict[str, Vector] = {
    "top_of_head": (0.0, 1.75, -0.01),
    "eyes": (0.0, 1.63, 0.09),
    "chin": (0.0, 1.515, 0.06),
    "shoulder_left": (0.236, 1.417, -0.02),
    "shoulder_right": (-0.236, 1.417, -0.02),
    "chest": (0.0, 1.263, 0.09),
    "waist": (0.0, 1.067, 0.035),
    "hips": (0.0, 0.90, 0.02),
    "mid_thigh": (0.0, 0.70, 0.0),
    "knees": (0.0, 0.49, 0.04),
    "ankles": (0.0, 0.08, -0.01),
    "ground": (0.0, 0.0, 0.0),
}
_OUTLINE: tuple[Vector, ...] = (
    (0.26, 0.67, 0.05),
    (-0.26, 0.67, 0.05),
    (0.09, 0.0, 0.19),
    (-0.09, 0.0, -0.08),
)
# How far down and forward sitting takes the trunk, and where the legs are then.
_SEATED: dict[str, Vector] = {
    "mid_thigh": (0.0, 0.51, 0.21),
    "knees": (0.0, 0.50, 0.44),
    "ankles": (0.0, 0.08, 0.43),
}
_SAT_DOWN_M = 0.37


def _stand(
    name: str = "anna",
    at: Vector = (0.0, 0.0, 0.0),
    heading: float = 0.0,
    pose: str = "stand",
) -> Body:
    points = dict(_STANDING)
    outline = _OUTLINE
    gaze: Vector = (0.0, 0.0, 1.0)
    if pose == "sit":
        low = {key: (x, y - _SAT_DOWN_M, z) for key, (x, y, z) in points.items() if y > 0.8}
        points |= low | _SEATED
        outline = ((0.14, 0.59, 0.47), (-0.14, 0.59, 0.47), (0.13, 0.0, 0.66), (-0.13, 0.0, 0.34))
    elif pose == "lie":
        # On the back: the crown away from +Z, the face up, a hand's breadth over the floor.
        points = {key: (x, 0.12 + z, 0.9 - y) for key, (x, y, z) in points.items()}
        outline = tuple((x, 0.12 + z, 0.9 - y) for x, y, z in outline)
        points["ground"] = (0.0, 0.0, 0.0)
        gaze = (0.0, 1.0, 0.0)
    turn = quaternion_from_axis_angle((0, 1, 0), heading)

    def placed(point: Vector) -> Vector:
        x, y, z = rotate(turn, point) + at
        return (float(x), float(y), float(z))

    gx, gy, gz = rotate(turn, gaze)
    return Body(
        name=name,
        heading=math.remainder(heading, 2 * math.pi),
        gaze=(float(gx), float(gy), float(gz)),
        outline=tuple(placed(point) for point in outline),
        **{key: placed(point) for key, point in points.items()},
    )


@pytest.fixture
def stand() -> Stand:
    """Makes a body: (name, at, heading in radians, pose: stand, sit or lie)."""
    return _stand
