"""Vectors, quaternions and matrices against their definitions."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from director import math3d
from director.types import Quaternion, Vector

angles = st.floats(-3.1, 3.1)
coordinates = st.floats(-50, 50)
points = st.tuples(coordinates, coordinates, coordinates)
quaternions = st.builds(math3d.quaternion_from_euler, angles, angles, angles)


def same_rotation(a: Quaternion, b: Quaternion) -> bool:
    """Compared as matrices: an angle near 0 cannot be told better than 1e-8 from a cosine."""
    return bool(np.allclose(math3d.rotation_matrix(a), math3d.rotation_matrix(b), atol=1e-9))


@given(quaternions, quaternions)
def test_products_stay_unit_and_compose_as_matrices(a: Quaternion, b: Quaternion) -> None:
    product = math3d.quaternion_multiply(a, b)
    assert math.hypot(*product) == pytest.approx(1, abs=1e-12)
    np.testing.assert_allclose(
        math3d.rotation_matrix(product), math3d.rotation_matrix(a) @ math3d.rotation_matrix(b), atol=1e-12
    )


@given(quaternions, points)
def test_an_inverse_turns_back(q: Quaternion, point: Vector) -> None:
    there = math3d.rotate(q, point)
    assert np.linalg.norm(there) == pytest.approx(np.linalg.norm(point), abs=1e-9)
    np.testing.assert_allclose(math3d.rotate(math3d.quaternion_inverse(q), there), point, atol=1e-9)


@given(quaternions)
def test_a_rotation_matrix_is_a_rotation(q: Quaternion) -> None:
    matrix = math3d.rotation_matrix(q)
    np.testing.assert_allclose(matrix @ matrix.T, np.eye(4), atol=1e-12)
    assert np.linalg.det(matrix[:3, :3]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("axis", "before", "after"),
    [((0, 0, 1), (1, 0, 0), (0, 1, 0)), ((1, 0, 0), (0, 1, 0), (0, 0, 1)), ((0, 1, 0), (0, 0, 1), (1, 0, 0))],
)
def test_turns_are_counter_clockwise_seen_from_the_tip(axis: Vector, before: Vector, after: Vector) -> None:
    q = math3d.quaternion_from_axis_angle(axis, math.pi / 2)
    np.testing.assert_allclose(math3d.rotate(q, before), after, atol=1e-12)
    # The matrix, by itself, is for column vectors.
    np.testing.assert_allclose(math3d.rotation_matrix(q)[:3, :3] @ before, after, atol=1e-12)


def test_euler_angles_are_yaw_pitch_roll() -> None:
    left = math3d.quaternion_from_euler(math.pi / 2, 0, 0)
    np.testing.assert_allclose(math3d.rotate(left, (0, 0, -1)), (-1, 0, 0), atol=1e-12)
    up = math3d.quaternion_from_euler(0, math.pi / 4, 0)
    np.testing.assert_allclose(math3d.rotate(up, (0, 0, -1)), (0, 0.5**0.5, -(0.5**0.5)), atol=1e-12)
    rolled = math3d.quaternion_from_euler(0, 0, math.pi / 2)
    np.testing.assert_allclose(math3d.rotate(rolled, (1, 0, 0)), (0, 1, 0), atol=1e-12)


@given(angles, angles, angles)
def test_euler_angles_are_applied_roll_first(yaw: float, pitch: float, roll: float) -> None:
    by_hand = (
        math3d.rotation_matrix(math3d.quaternion_from_axis_angle((0, 1, 0), yaw))
        @ math3d.rotation_matrix(math3d.quaternion_from_axis_angle((1, 0, 0), pitch))
        @ math3d.rotation_matrix(math3d.quaternion_from_axis_angle((0, 0, 1), roll))
    )
    whole = math3d.rotation_matrix(math3d.quaternion_from_euler(yaw, pitch, roll))
    np.testing.assert_allclose(whole, by_hand, atol=1e-12)


@given(quaternions, quaternions, st.floats(0, 1))
def test_slerp_begins_at_a_ends_at_b_and_goes_evenly(a: Quaternion, b: Quaternion, share: float) -> None:
    assert same_rotation(math3d.quaternion_slerp(a, b, 0), a)
    assert same_rotation(math3d.quaternion_slerp(a, b, 1), b)
    between = math3d.quaternion_slerp(a, b, share)
    assert math.hypot(*between) == pytest.approx(1, abs=1e-12)
    whole = math3d.quaternion_angle(a, b)
    assert whole <= math.pi + 1e-9, "by the shorter arc"
    assert math3d.quaternion_angle(a, between) == pytest.approx(whole * share, abs=1e-6)


def test_slerp_between_nearly_equal_rotations_stays_unit() -> None:
    a = math3d.quaternion_from_euler(0.3, 0.2, 0.1)
    b = math3d.quaternion_from_euler(0.3 + 1e-9, 0.2, 0.1)
    assert math.hypot(*math3d.quaternion_slerp(a, b, 0.5)) == pytest.approx(1, abs=1e-15)


@given(points, points, quaternions)
def test_a_rigid_inverse_undoes_its_matrix(point: Vector, position: Vector, q: Quaternion) -> None:
    matrix = math3d.compose(position, q)
    there = math3d.transform_point(matrix, point)
    np.testing.assert_allclose(math3d.transform_point(math3d.inverse_rigid(matrix), there), point, atol=1e-9)
    np.testing.assert_allclose(math3d.inverse_rigid(matrix), np.linalg.inv(matrix), atol=1e-9)


@given(points, quaternions, st.tuples(*[st.floats(0.1, 5)] * 3))
def test_compose_scales_then_turns_then_moves(position: Vector, q: Quaternion, scale: Vector) -> None:
    by_hand = math3d.translation_matrix(position) @ math3d.rotation_matrix(q) @ math3d.scaling_matrix(scale)
    np.testing.assert_allclose(math3d.compose(position, q, scale), by_hand, atol=1e-12)


@given(points)
def test_look_rotation_looks_there_upright(direction: Vector) -> None:
    assume(math.hypot(*direction) > 1e-3)
    assume(math.hypot(direction[0], direction[2]) > 1e-6)
    q = math3d.look_rotation(direction)
    np.testing.assert_allclose(math3d.rotate(q, (0, 0, -1)), math3d.normalised(direction), atol=1e-9)
    assert math3d.rotate(q, (1, 0, 0))[1] == pytest.approx(0, abs=1e-9)
    assert math3d.rotate(q, (0, 1, 0))[1] >= 0


@pytest.mark.parametrize(("direction", "top"), [((0, -2, 0), (0, 0, -1)), ((0, 2, 0), (0, 0, 1))])
def test_look_rotation_straight_up_and_down(direction: Vector, top: Vector) -> None:
    q = math3d.look_rotation(direction)
    np.testing.assert_allclose(math3d.rotate(q, (0, 0, -1)), math3d.normalised(direction), atol=1e-12)
    np.testing.assert_allclose(math3d.rotate(q, (0, 1, 0)), top, atol=1e-12)


def test_nothing_has_no_direction() -> None:
    with pytest.raises(ValueError, match="length zero"):
        math3d.normalised((0, 0, 0))
    with pytest.raises(ValueError, match="length zero"):
        math3d.look_rotation((0, 0, 0))


@given(
    st.floats(0.1, 2.8),
    st.floats(0.4, 3),
    st.floats(0.01, 1),
    st.floats(2, 1000),
    st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1)),
)
def test_perspective_projects_by_similar_triangles(
    fov: float, aspect: float, near_m: float, far_m: float, place: Vector
) -> None:
    matrix = math3d.perspective(fov, aspect, near_m, far_m)
    distance = near_m + place[2] * (far_m - near_m)
    half_width = distance * math.tan(fov / 2)
    x, y = place[0] * half_width, place[1] * half_width / aspect
    clip = matrix @ [x, y, -distance, 1]
    assert clip[3] == pytest.approx(distance)
    np.testing.assert_allclose(clip[:2] / clip[3], place[:2], atol=1e-9)
    # Depth runs as a + b / distance from −1 at near to 1 at far.
    share = (1 / near_m - 1 / distance) / (1 / near_m - 1 / far_m)
    assert clip[2] / clip[3] == pytest.approx(2 * share - 1, abs=1e-6)


@pytest.mark.parametrize(
    ("fov", "aspect", "near_m", "far_m"),
    [
        (0, 1, 1, 2),
        (math.pi, 1, 1, 2),
        (1, 0, 1, 2),
        (1, 1, 0, 2),
        (1, 1, 2, 2),
        (1, 1, 3, 2),
        (1, 1, math.nan, 2),
    ],
)
def test_impossible_frusta_are_refused(fov: float, aspect: float, near_m: float, far_m: float) -> None:
    with pytest.raises(ValueError, match="no such frustum"):
        math3d.perspective(fov, aspect, near_m, far_m)


def test_vector_takes_anything_of_length_three() -> None:
    assert math3d.vector(np.array([1, 2, 3], np.int16)) == (1.0, 2.0, 3.0)
    with pytest.raises(ValueError, match="unpack"):
        math3d.vector([1, 2])
