"""The drawn track: through its points, measured by its length."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from director.camera.spline import spline_through
from director.errors import UsageError
from director.types import Vector

POINT = st.tuples(st.floats(-10, 10), st.floats(-3, 3), st.floats(-10, 10))
DRAWN = st.lists(POINT, min_size=2, max_size=7)


def apart(points: list[Vector]) -> bool:
    return all(math.dist(a, b) > 0.05 for a, b in pairwise(points))


@settings(deadline=None)
@given(DRAWN)
def test_goes_through_its_points(points: list[Vector]) -> None:
    assume(apart(points))
    spline = spline_through(points)
    assert spline.position(0) == pytest.approx(points[0], abs=1e-9)
    assert spline.position(spline.length_m) == pytest.approx(points[-1], abs=1e-6)
    assert spline.position(-5) == spline.position(0)
    assert spline.position(1e9) == spline.position(spline.length_m)
    knots = [spline.lengths_m[16 * i] for i in range(len(points))]
    for knot_m, point in zip(knots, points, strict=True):
        assert spline.position(knot_m) == pytest.approx(point, abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(DRAWN)
def test_metres_along_it_are_metres(points: list[Vector]) -> None:
    assume(apart(points))
    spline = spline_through(points)
    steps = np.linspace(0, spline.length_m, 400)
    places = np.array([spline.position(float(along_m)) for along_m in steps])
    chords = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert (chords <= steps[1] * (1 + 1e-3)).all()
    assert chords.sum() == pytest.approx(spline.length_m, rel=0.01)
    assert spline.length_m >= sum(math.dist(a, b) for a, b in pairwise(points)) - 1e-6


def test_a_straight_track_is_straight_and_a_round_one_has_its_length() -> None:
    straight = spline_through([(0, 0, 0), (1, 0, 0), (5, 0, 0), (6, 0, 0)])
    assert straight.length_m == pytest.approx(6)
    assert straight.position(2.5) == pytest.approx((2.5, 0, 0))
    assert straight.tangent(4.0) == pytest.approx((1, 0, 0))
    circle = [(math.sin(a), 0.0, math.cos(a)) for a in np.linspace(0, math.pi, 25)]
    assert spline_through(circle).length_m == pytest.approx(math.pi, rel=1e-3)


@given(st.floats(0, 1))
def test_the_nearest_place_is_found_again(share: float) -> None:
    spline = spline_through([(0, 0, 0), (1, 0, -2), (4, 1, -2)])
    along_m = share * spline.length_m
    assert spline.nearest(spline.position(along_m)) == pytest.approx(along_m, abs=1e-3)


@given(st.floats(0.01, 0.99))
def test_the_tangent_is_the_direction_of_travel(share: float) -> None:
    spline = spline_through([(0, 0, 0), (1, 0, -2), (4, 1, -2), (4, 0, 3)])
    along_m = share * spline.length_m
    ahead = np.subtract(spline.position(along_m + 1e-4), spline.position(along_m - 1e-4)) / 2e-4
    np.testing.assert_allclose(spline.tangent(along_m), ahead, atol=1e-3)


def test_points_upon_each_other_count_once() -> None:
    twice = spline_through([(0, 0, 0), (0, 0, 0), (2, 0, 0), (2, 0, 1e-5)])
    assert twice.length_m == pytest.approx(2)
    with pytest.raises(UsageError, match="two points apart"):
        spline_through([(1, 1, 1)])
