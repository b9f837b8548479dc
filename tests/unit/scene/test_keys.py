"""Keyed transforms: through the keys, without a jerk, and the way travelled."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.math3d import compose, quaternion_angle, quaternion_from_euler
from director.scene.document import Group
from director.scene.keys import Track, euler_quaternion, fast_compose


def track(keys: list[dict[str, Any]], **fields: Any) -> Track:
    return Track(Group.model_validate({"name": "it", "keys": keys, **fields}))


PATH = [
    {"time_s": 1, "position": [0, 0, 0]},
    {"time_s": 2, "position": [2, 0, 0]},
    {"time_s": 4, "position": [2, 1, 4]},
    {"time_s": 5, "position": [0, 1, 4]},
]


@pytest.mark.parametrize("interpolation", ["smooth", "linear"])
def test_goes_through_its_keys_and_holds_outside(interpolation: str) -> None:
    path = track(PATH, interpolation=interpolation)
    for key in PATH:
        assert path.position(float(str(key["time_s"]))) == pytest.approx(key["position"])
    assert path.position(0.0) == (0, 0, 0)
    assert path.position(99.0) == (0, 1, 4)
    assert path.speed(99.0) == 0


def test_linear_keeps_one_speed_between_keys() -> None:
    path = track(PATH, interpolation="linear")
    assert path.position(1.25) == pytest.approx((0.5, 0, 0))
    assert path.speed(1.5) == pytest.approx(2)
    assert path.distance(5.0) == pytest.approx(2 + math.sqrt(17) + 2)


def test_smooth_rests_at_its_ends_and_never_jerks() -> None:
    path = track(PATH)
    times = np.linspace(0.9, 5.1, 4201)
    velocity = np.diff([path.position(float(time)) for time in times], axis=0) / 0.001
    assert np.linalg.norm(velocity[[0, -1]], axis=1).max() == 0
    # At a key the speed is that of the chord between its neighbours.
    at_second = velocity[np.searchsorted(times, 2.0)]
    np.testing.assert_allclose(at_second, np.array([2, 1, 4]) / 3, atol=0.02)
    assert np.abs(np.diff(velocity, axis=0)).max() < 0.03


def test_distance_is_the_length_of_the_curve() -> None:
    path = track(PATH)
    points = [path.position(float(time)) for time in np.linspace(1, 5, 20001)]
    length = sum(math.dist(a, b) for a, b in pairwise(points))
    assert path.distance(5.0) == pytest.approx(length, rel=1e-3)
    times = np.linspace(0, 6, 200)
    assert (np.diff([path.distance(float(time)) for time in times]) >= 0).all()


def test_turns_as_far_as_is_written() -> None:
    wheel = track(
        [{"time_s": 0, "rotation_deg": [0, 0, 0]}, {"time_s": 4, "rotation_deg": [0, -720, 0]}],
        interpolation="linear",
    )
    for time_s, pitch in ((0.0, 0), (0.5, -90), (1.0, -180), (2.5, -450), (4.0, -720), (9.0, -720)):
        expected = quaternion_from_euler(0, math.radians(pitch), 0)
        assert quaternion_angle(wheel.rotation(time_s), expected) == pytest.approx(0, abs=1e-6)


def test_turns_without_travelling() -> None:
    path = track(
        [{"time_s": 0, "rotation_deg": [170, 0, 0]}, {"time_s": 2, "rotation_deg": [190, 0, 0]}],
        interpolation="linear",
        position=[1, 2, 3],
    )
    assert path.position(1.0) == (1, 2, 3)
    half = quaternion_from_euler(math.pi, 0, 0)
    assert quaternion_angle(path.rotation(1.0), half) == pytest.approx(0, abs=1e-6)
    assert not path.travels


def test_keys_may_leave_things_out() -> None:
    path = track(
        [
            {"time_s": 0, "position": [0, 0, 0]},
            {"time_s": 1, "rotation_deg": [90, 0, 0]},
            {"time_s": 2, "position": [4, 0, 0]},
        ],
        interpolation="linear",
    )
    assert path.position(1.0) == pytest.approx((2, 0, 0))
    assert path.rotation(0.0) == euler_quaternion((90, 0, 0))


angles = st.floats(-360, 360)


@given(st.tuples(angles, angles, angles), st.tuples(*[st.floats(-100, 100)] * 3))
def test_the_fast_matrix_is_the_same_matrix(turn: Any, position: Any) -> None:
    rotation = euler_quaternion(turn)
    np.testing.assert_allclose(fast_compose(position, rotation), compose(position, rotation), atol=1e-12)
