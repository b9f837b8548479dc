"""From the picture into the set and back."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.app.desk.aim import ground_ahead, projected, surface_at, yaw_to_camera
from director.app.desk.dragging import level_axes
from director.camera.view import view_of
from director.math3d import look_rotation
from director.meters.surfaces import Seen
from director.types import CameraState, View


def view(eye: tuple[float, float, float], towards: tuple[float, float, float]) -> View:
    return view_of(CameraState(eye, look_rotation(towards)), 16 / 9, 0.1, 100.0, None)


def seen_ground(made: View, width: int = 64, height: int = 36) -> Seen:
    """What a camera sees of the ground plane, drawn by the projection itself."""
    rows, columns = np.mgrid[0:height, 0:width]
    depth = np.full((height, width), np.inf, np.float32)
    for row, column in zip(rows.ravel(), columns.ravel(), strict=True):
        u, v = (column + 0.5) / width, (row + 0.5) / height
        x, y, z = ground_ahead(made, u, v)
        (spot,), (away,) = projected(made, np.array([[x, y, z]]))
        if abs(spot[0] - u) < 0.02 and abs(spot[1] - v) < 0.02:
            depth[row, column] = away
    return Seen(
        depth, np.where(np.isfinite(depth), 1, 0).astype(np.uint16), made, np.eye(4, dtype=np.float32)[None]
    )


@given(
    yaw=st.floats(-math.pi, math.pi),
    down=st.floats(0.15, 1.2),
    high=st.floats(0.5, 6.0),
    u=st.floats(0.1, 0.9),
    v=st.floats(0.5, 0.9),
)
def test_a_ray_to_the_ground_comes_back_to_where_it_was_aimed(
    yaw: float, down: float, high: float, u: float, v: float
) -> None:
    made = view((3.0, high, -2.0), (math.sin(yaw), -math.tan(down), math.cos(yaw)))
    place = ground_ahead(made, u, v)
    assert place[1] == 0.0
    (spot,), (away,) = projected(made, np.array([place]))
    # It was rounded to the centimetre.
    if away < 40:
        assert spot == pytest.approx((u, v), abs=0.02 / high + 0.01)
        assert away > 0


def test_above_the_horizon_it_is_a_few_metres_ahead_on_the_ground() -> None:
    made = view((0.0, 1.6, 0.0), (0.0, 0.0, -1.0))
    assert ground_ahead(made, 0.5, 0.1) == (0.0, 0.0, -5.0)
    assert ground_ahead(made, 0.5, 0.5) == (0.0, 0.0, -5.0)


def test_a_surface_has_its_place_and_faces_the_camera() -> None:
    made = view((0.0, 2.0, 4.0), (0.0, -0.5, -1.0))
    seen = seen_ground(made)
    found = surface_at(seen, 0.5, 0.6)
    assert found is not None
    place, normal = found
    assert place[1] == pytest.approx(0.0, abs=0.02)
    assert normal == pytest.approx((0, 1, 0), abs=0.05)
    seen.object[:] = 0
    assert surface_at(seen, 0.5, 0.6) is None


def test_a_single_pixel_of_something_faces_the_camera() -> None:
    made = view((0.0, 2.0, 4.0), (0.0, -0.5, -1.0))
    seen = seen_ground(made)
    seen.object[20, 32] = 7
    found = surface_at(seen, 32.5 / 64, 20.5 / 36)
    assert found is not None
    place, normal = found
    assert normal @ (np.array([0.0, 2.0, 4.0]) - place) > 0
    assert np.linalg.norm(normal) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("eye", "yaw"), [((0, 1, 5), 0.0), ((5, 1, 0), 90.0), ((0, 1, -5), 180.0), ((-5, 1, 0), -90.0)]
)
def test_what_has_a_front_faces_the_camera(eye: tuple[float, float, float], yaw: float) -> None:
    made = view(eye, (-eye[0], -0.1, -eye[2]))
    assert math.cos(math.radians(yaw_to_camera(made, (0.0, 0.0, 0.0)) - yaw)) == pytest.approx(1.0)


@given(yaw=st.floats(-math.pi, math.pi), down=st.floats(-1.5, 1.5))
def test_nudges_go_as_the_camera_looks(yaw: float, down: float) -> None:
    looks = (math.sin(yaw) * math.cos(down), -math.sin(down), math.cos(yaw) * math.cos(down))
    made = view((0.0, 1.0, 0.0), looks)
    right, away = level_axes(made)
    turn = made.view_from_world[:3, :3]
    assert sorted(map(abs, right)) == sorted(map(abs, away)) == [0.0, 0.0, 1.0]
    assert np.dot(right, away) == 0.0
    assert np.dot(right, turn[0]) >= math.sqrt(0.5) - 1e-9
    # Upright it looks away from itself, however far it is tilted.
    assert np.dot(away, looks) >= -1e-9
