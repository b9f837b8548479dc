"""The closed forms: nearest camera that holds all points, and the aim that puts one anywhere."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.setups.fit import Region, aim, fit, projected
from director.math3d import quaternion_from_euler, rotate
from director.types import Vector

coordinate = st.floats(-5, 5)
point = st.tuples(coordinate, coordinate, coordinate)
share = st.floats(-0.8, 0.8)
angle = st.floats(-1.4, 1.4)


@given(st.lists(point, min_size=2, max_size=8), st.floats(-3, 3), angle, angle, point, share)
def test_the_fit_holds_every_point_and_touches_the_region(
    points: list[Vector], yaw: float, pitch: float, roll: float, balance: Vector, at: float
) -> None:
    tangents = (0.4, 0.225)
    region = Region(-0.9, 0.9, -1.0, 0.8)
    turned = quaternion_from_euler(yaw, pitch, roll)
    found = fit(points, turned, tangents, region, (balance, at), least_depth_m=0.5)
    seen = projected(points, found.position, turned, tangents)
    assert (seen[:, 2] >= 0.0499).all()
    assert seen[:, 0].min() >= region.left - 1e-6
    assert seen[:, 0].max() <= region.right + 1e-6
    assert seen[:, 1].min() >= region.bottom - 1e-6
    assert seen[:, 1].max() <= region.top + 1e-6
    if found.bound_by == "height":
        assert seen[:, 1].max() == pytest.approx(region.top, abs=1e-6)
        assert seen[:, 1].min() == pytest.approx(region.bottom, abs=1e-6)
    if found.bound_by == "width":
        assert seen[:, 0].max() == pytest.approx(region.right, abs=1e-6)
        assert seen[:, 0].min() == pytest.approx(region.left, abs=1e-6)


@given(st.lists(point, min_size=3, max_size=6, unique=True), st.floats(-3, 3), angle)
def test_no_nearer_camera_holds_them(points: list[Vector], yaw: float, pitch: float) -> None:
    tangents, region = (0.4, 0.3), Region()
    turned = quaternion_from_euler(yaw, pitch, 0.0)
    found = fit(points, turned, tangents, region, (points[0], 0.0))
    if found.bound_by == "distance":
        return
    nearer = np.asarray(found.position) + rotate(turned, (0.0, 0.0, -0.01))
    axis = 1 if found.bound_by == "height" else 0
    seen = projected(points, (nearer[0], nearer[1], nearer[2]), turned, tangents)
    # Whatever is gained by sliding, the spread is more than the region holds.
    assert (seen[:, 2] <= 0.0401).any() or np.ptp(seen[:, axis]) > 2 - 1e-9


@given(point, point, share, share)
def test_aim_puts_a_point_where_it_is_wanted(position: Vector, target: Vector, x: float, y: float) -> None:
    way = np.subtract(target, position)
    # Near the zenith no level camera can have it so far off its axis.
    if np.linalg.norm(way) < 0.1 or abs(way[1]) > 0.8 * np.linalg.norm(way):
        return
    tangents = (0.5, 0.28)
    turned = aim(position, target, (x, y), tangents)
    seen = projected([target], position, turned, tangents)[0]
    assert seen[0] == pytest.approx(x, abs=1e-6)
    assert seen[1] == pytest.approx(y, abs=1e-6)
    right = rotate(turned, (1.0, 0.0, 0.0))
    assert math.isclose(right[1], 0.0, abs_tol=1e-9)
