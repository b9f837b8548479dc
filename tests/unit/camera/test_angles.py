import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.angles import angles_from_orientation, nearest_turn, orientation_from_angles, unwrapped
from director.math3d import quaternion_angle

_angles = st.tuples(st.floats(-179, 179), st.floats(-89.9, 89.9), st.floats(-179, 179))


@given(_angles)
def test_angles_come_back(angles: tuple[float, float, float]) -> None:
    found = angles_from_orientation(orientation_from_angles(angles))
    assert found == pytest.approx(angles, abs=1e-5)


@given(st.floats(-180, 180), st.sampled_from([90.0, -90.0]), st.floats(-180, 180))
def test_straight_up_and_down_the_orientation_is_the_same_with_no_roll(
    yaw: float, pitch: float, roll: float
) -> None:
    orientation = orientation_from_angles((yaw, pitch, roll))
    found = angles_from_orientation(orientation)
    assert found[2] == 0
    assert quaternion_angle(orientation, orientation_from_angles(found)) < 1e-5


@given(st.floats(-3000, 3000), st.floats(-3000, 3000))
def test_the_nearest_turn_is_near_and_the_same_direction(angle: float, to: float) -> None:
    found = nearest_turn(angle, to)
    assert abs(found - to) <= 180 + 1e-6
    assert math.remainder(found - angle, 360) == pytest.approx(0, abs=1e-6)


def test_a_pan_across_the_seam_is_short() -> None:
    assert unwrapped((-170.0, 5.0, 0.0), (170.0, 4.0, 0.0)) == (190.0, 5.0, 0.0)
