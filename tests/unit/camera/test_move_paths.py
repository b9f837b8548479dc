"""What each kind of move does, beyond what every move must do."""

import math
from itertools import pairwise
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from director.camera.move import Ease, between, eased
from director.camera.moves import Move, parse_move
from director.camera.points import ObjectPoint, in_heading_frame, place
from director.math3d import rotate
from director.types import CameraState, Vector


def nowhere(name: str, time_s: float) -> tuple[Vector, float]:
    raise AssertionError(f"{name} was asked for")


def at(position: Vector, heading: float = 0.0) -> Any:
    return lambda name, time_s: (position, heading)


def driving(name: str, time_s: float) -> tuple[Vector, float]:
    """Along +X at 10 m/s, facing that way."""
    return (10 * time_s, 0.0, 0.0), math.pi / 2


def made(kind: str, **fields: Any) -> Move:
    return parse_move({"kind": kind, "name": "test", "duration_s": 4.0, **fields})


def assert_looks_at(camera: CameraState, target: Vector) -> None:
    offset = np.subtract(target, camera.position)
    np.testing.assert_allclose(
        rotate(camera.orientation, (0, 0, -1)), offset / np.linalg.norm(offset), atol=1e-9
    )


@pytest.mark.parametrize("ease", get_args(Ease))
def test_an_ease_goes_all_the_way_without_turning_back(ease: Ease) -> None:
    shares = [eased(share, ease) for share in np.linspace(0, 1, 2001)]
    assert shares[0] == 0
    assert shares[-1] == 1
    steps = np.diff(shares)
    assert (steps >= 0).all()
    # The speed is continuous and nowhere far above the mean.
    assert steps.max() * 2000 < 1.6
    assert np.abs(np.diff(steps)).max() * 2000 < 0.01
    assert eased(-3, ease) == 0
    assert eased(7, ease) == 1


def test_which_end_an_ease_softens() -> None:
    def speed(ease: Ease, share: float) -> float:
        return (eased(share + 1e-4, ease) - eased(share - 1e-4, ease)) / 2e-4

    for share, soft in ((0.001, ("smooth", "in")), (0.999, ("smooth", "out"))):
        for ease in get_args(Ease):
            assert (speed(ease, share) < 0.05) == (ease in soft)
    assert eased(0.5, "smooth") == pytest.approx(0.5)
    assert eased(0.3, "linear") == pytest.approx(0.3)


@given(st.floats(-10, 10), st.tuples(*[st.floats(-100, 100)] * 3), st.tuples(*[st.floats(-100, 100)] * 3))
def test_a_heading_frame_keeps_lengths_and_height(heading: float, base: Vector, offset: Vector) -> None:
    point = in_heading_frame(base, heading, offset)
    assert math.dist(point, base) == pytest.approx(math.hypot(*offset), abs=1e-6)
    assert point[1] - base[1] == pytest.approx(offset[1], abs=1e-9)


def test_a_point_tied_to_an_object_turns_with_it() -> None:
    # Facing +X: a metre ahead is +X, and the object's own +x (its left) is −Z.
    turned = at((5, 1, 2), math.pi / 2)
    assert place(ObjectPoint(object="car", offset=(0, 0, 1)), 0.0, turned) == pytest.approx((6, 1, 2))
    assert place(ObjectPoint(object="car", offset=(1, 0.5, 0)), 0.0, turned) == pytest.approx((5, 1.5, 1))
    assert place((1, 2, 3), 0.0, nowhere) == (1, 2, 3)


def test_a_hold_stands_and_pans() -> None:
    move = made("hold", position=[0, 1.6, 10], look_at={"object": "car", "offset": [0, 1, 0]})
    for time_s in (0.0, 1.0, 20.0):
        camera = move.camera_at(time_s, driving)
        assert camera.position == pytest.approx((0, 1.6, 10))
        assert_looks_at(camera, (10 * time_s, 1, 0))


def test_a_dolly_goes_from_start_to_end_on_a_line() -> None:
    move = made("dolly-in", start=[0, 1, 8], end=[2, 2, 4], look_at=[0, 1, 0])
    assert move.camera_at(0, nowhere).position == (0, 1, 8)
    assert move.camera_at(4, nowhere).position == pytest.approx((2, 2, 4))
    assert move.camera_at(2, nowhere).position == pytest.approx((1, 1.5, 6))
    for time_s in (0, 1, 3):
        camera = move.camera_at(time_s, nowhere)
        # On the line: the way there and the way on add up to the whole.
        there, on = math.dist((0, 1, 8), camera.position), math.dist(camera.position, (2, 2, 4))
        assert there + on == pytest.approx(math.sqrt(21))
        assert_looks_at(camera, (0, 1, 0))


def test_a_dolly_tied_to_a_car_rides_beside_it() -> None:
    beside = {"object": "car", "offset": [3, 1, 0]}
    ahead = {"object": "car", "offset": [3, 1, 2]}
    move = made("dolly-in", start=beside, end=ahead, look_at={"object": "car", "offset": [0, 1, 0]})
    assert move.camera_at(0, driving).position == pytest.approx((0, 1, -3))
    # Still rides on after its end.
    assert move.camera_at(6, driving).position == pytest.approx((62, 1, -3))
    assert move.object_names == {"car"}


def test_focus_is_pulled_on_what_is_looked_at_unless_it_is_given() -> None:
    fields: dict[str, Any] = {"start": [0, 1, 8], "end": [0, 1, 4], "look_at": [0, 1, 0]}
    pulled, fixed = made("dolly-in", **fields), made("dolly-in", **fields, focus_distance_m=2.5)
    assert pulled.camera_at(0, nowhere).lens.focus_distance_m == 8
    assert pulled.camera_at(4, nowhere).lens.focus_distance_m == pytest.approx(4)
    assert fixed.camera_at(4, nowhere).lens.focus_distance_m == 2.5


def test_the_lens_is_the_one_asked_for() -> None:
    move = made(
        "hold", position=[0, 1, 5], look_at=[0, 1, 0], film_back="academy", focal_length_mm=75, f_number=4
    )
    lens = move.camera_at(0, nowhere).lens
    assert (lens.film_back_width_mm, lens.film_back_height_mm) == (21.95, 16.0)
    assert (lens.focal_length_mm, lens.f_number) == (75, 4)


def test_an_orbit_stays_on_its_circle() -> None:
    move = made("orbit", centre=[1, 1, 1], radius_m=3, height_m=2, start_deg=0, end_deg=90)
    for time_s in np.linspace(0, 4, 9):
        camera = move.camera_at(float(time_s), nowhere)
        assert math.hypot(camera.position[0] - 1, camera.position[2] - 1) == pytest.approx(3)
        assert camera.position[1] == pytest.approx(3)
        assert_looks_at(camera, (1, 1, 1))
    assert move.camera_at(0, nowhere).position == pytest.approx((1, 3, 4))
    assert move.camera_at(4, nowhere).position == pytest.approx((4, 3, 1))


def test_a_full_orbit_ends_where_it_began() -> None:
    move = made("orbit", centre=[0, 1, 0], radius_m=3)
    assert move.camera_at(4, nowhere).position == pytest.approx(move.camera_at(0, nowhere).position)
    assert move.camera_at(2, nowhere).position == pytest.approx((0, 1, -3))


def test_an_orbit_can_be_a_spiral_and_look_elsewhere() -> None:
    move = made(
        "orbit", centre=[0, 0, 0], radius_m=2, end_radius_m=5, height_m=1, end_height_m=4, look_at=[0, 9, 0]
    )
    assert move.camera_at(0, nowhere).position == pytest.approx((0, 1, 2))
    assert move.camera_at(4, nowhere).position == pytest.approx((0, 4, 5))
    assert_looks_at(move.camera_at(1.5, nowhere), (0, 9, 0))


def test_an_orbit_travels_with_its_object() -> None:
    move = made("orbit", centre={"object": "car", "offset": [0, 1, 0]}, radius_m=6, end_deg=0)
    assert move.camera_at(3, driving).position == pytest.approx((30, 1, 6))


def test_a_crane_rises_straight_up() -> None:
    move = made("crane-up", start=[2, 1, 6], rise_m=5, look_at=[0, 1, 0])
    heights = []
    for time_s in np.linspace(0, 4, 9):
        camera = move.camera_at(float(time_s), nowhere)
        assert (camera.position[0], camera.position[2]) == pytest.approx((2, 6))
        assert_looks_at(camera, (0, 1, 0))
        heights.append(camera.position[1])
    assert heights[0] == pytest.approx(1)
    assert heights[-1] == pytest.approx(6)
    assert all(a < b for a, b in pairwise(heights))


def test_a_crane_swings_and_draws_back_about_its_target() -> None:
    move = made("crane-up", start=[0, 1, 4], rise_m=3, pull_back_m=2, arc_deg=90, look_at=[0, 1, 0])
    assert move.camera_at(0, nowhere).position == pytest.approx((0, 1, 4))
    assert move.camera_at(2, nowhere).position == pytest.approx((5 / math.sqrt(2), 2.5, 5 / math.sqrt(2)))
    assert move.camera_at(4, nowhere).position == pytest.approx((6, 4, 0))


def test_a_crane_is_not_dragged_along_by_its_target() -> None:
    move = made("crane-up", start=[0, 1, 4], rise_m=3, pull_back_m=1, arc_deg=30, look_at={"object": "car"})
    still = made("crane-up", start=[0, 1, 4], rise_m=3, pull_back_m=1, arc_deg=30, look_at=[0, 0, 0])
    assert move.camera_at(3, driving).position == pytest.approx(still.camera_at(3, nowhere).position)
    assert_looks_at(move.camera_at(3, driving), (30, 0, 0))


@pytest.mark.parametrize("smoothing_s", [0, 0.5, 2])
def test_a_follow_keeps_its_distance_in_steady_travel(smoothing_s: float) -> None:
    move = made("follow", object="car", offset=[0, 2, -6], look_offset=[0, 1, 0], smoothing_s=smoothing_s)
    for time_s in (0.0, 1.7, 9.0):
        camera = move.camera_at(time_s, driving)
        assert camera.position == pytest.approx((10 * time_s - 6, 2, 0))
        assert_looks_at(camera, (10 * time_s, 1, 0))


def test_a_follow_starts_softly_where_its_object_starts_hard() -> None:
    def dashing(name: str, time_s: float) -> tuple[Vector, float]:
        return (0.0, 0.0, 4 * max(time_s, 0.0)), 0.0

    def acceleration(move: Move) -> float:
        z = [move.camera_at(float(t), dashing).position[2] for t in np.arange(-1, 1, 1 / 60)]
        return float(np.abs(np.diff(z, 2)).max()) * 60**2

    hard = made("follow", object="woman", smoothing_s=0)
    soft = made("follow", object="woman", smoothing_s=0.5)
    assert acceleration(hard) == pytest.approx(4 * 60)
    assert acceleration(soft) < 40


def test_a_follow_goes_round_an_about_turn_one_way() -> None:
    """Heading flips by exactly half a turn: rounding must not choose the side from tick to tick."""

    def pacing(name: str, time_s: float) -> tuple[Vector, float]:
        # Turns about during a tenth of a second, given in −π..π.
        turned = math.pi * min(max((time_s - 1) / 0.1, 0), 1)
        return (0.0, 0.0, 0.0), math.atan2(math.sin(turned), math.cos(turned))

    move = made("follow", object="woman", offset=[0, 1.7, -3], smoothing_s=0.6)
    sides = [move.camera_at(float(t), pacing).position[0] for t in np.arange(0, 2, 1 / 60)]
    assert min(sides) > -1e-6 or max(sides) < 1e-6
    assert max(map(abs, sides)) > 2.5, "it swings round, at its distance"


def test_a_follow_may_keep_to_the_worlds_axes() -> None:
    move = made("follow", object="car", offset=[0, 2, 5], turn_with_object=False)
    assert move.camera_at(1, driving).position == pytest.approx((10, 2, 5))


def test_a_target_at_the_camera_does_not_break_the_move() -> None:
    move = made("hold", position=[0, 1, 0], look_at={"object": "car", "offset": [0, 1, 0]})
    camera = move.camera_at(0, driving)
    assert camera.lens.focus_distance_m > 0
    assert_looks_at(camera, (0, 1, -1))


@pytest.mark.parametrize(
    ("kind", "fields", "says"),
    [
        ("hold", {"position": [0, 1, 0], "look_at": [0, 1, 0.01]}, "look_at lies on the camera's way"),
        ("dolly-in", {"start": [0, 1, 5], "end": [0, 1, -5], "look_at": [0, 1, 0]}, "look_at lies on"),
        ("crane-up", {"start": [0, 0, 0], "rise_m": 5, "look_at": [0, 3, 0]}, "look_at lies on"),
        (
            "crane-up",
            {"start": [0, 0, 4], "rise_m": 5, "pull_back_m": -4, "look_at": [0, 0, 0]},
            "pull_back_m",
        ),
        ("orbit", {"centre": [0, 0, 0], "radius_m": 0}, "radius_m"),
        ("follow", {"object": "", "offset": [0, 1, 1]}, "object"),
        ("hold", {"position": [0, 1], "look_at": [0, 0, 0]}, "position"),
        ("hold", {"position": [0, 1, float("inf")], "look_at": [0, 0, 0]}, "position"),
        ("hold", {"position": [0, 1, 1e300], "look_at": [0, 0, 0]}, "position"),
        ("hold", {"position": {"object": "car", "ofset": [0, 0, 0]}, "look_at": [0, 0, 0]}, "ofset"),
        ("hold", {"position": "car", "look_at": [0, 0, 0]}, "position"),
    ],
)
def test_refuses_moves_that_cannot_be_shot(kind: str, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(kind, **fields)
    assert says in str(caught.value)


def test_a_dolly_may_pass_by_its_target() -> None:
    assert made("dolly-in", start=[0, 1, 5], end=[0, 1, -5], look_at=[1, 1, 0])
    assert between((0, 0, 0), (2, 4, 6), 0.5) == (1, 2, 3)
