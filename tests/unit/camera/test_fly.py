"""The fly rig: frame-rate independent, level, within its stops."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.rigs.fly import EYE_HEIGHT_M, NO_INTENT, FlyIntent, FlyRig, FlyState
from director.math3d import look_rotation, quaternion_angle, quaternion_from_euler, rotate
from director.types import CameraState, Lens

RATES = (10, 24, 60, 1000)
RIG = FlyRig()
REST = RIG.start(CameraState((0.0, 2.0, 0.0), look_rotation((0, 0, -1))))


def run(
    state: FlyState, seconds: float, rate: int, intent: FlyIntent, rig: FlyRig = RIG, mouse: float = 0.0
) -> FlyState:
    """`mouse` is a yaw in rad per second, dragged evenly."""
    for _ in range(round(seconds * rate)):
        drag = FlyIntent(look_rad=(mouse / rate, mouse / rate / 4))
        state = rig.step(state, intent + drag, 1 / rate)
    return state


def a_shot(rate: int) -> FlyState:
    """Run up, turn while running, look up by mouse, boost sideways, roll, let go and settle."""
    state = run(REST, 1.0, rate, FlyIntent(move=(0, 0, 1)))
    state = run(state, 1.5, rate, FlyIntent(move=(0, 0.3, 1), look_rate=(0.6, 0.1)))
    state = run(state, 1.0, rate, FlyIntent(move=(1, 0, 0), boost=True), mouse=0.8)
    state = run(state, 0.5, rate, FlyIntent(roll=1))
    return run(state, 2.0, rate, NO_INTENT)


def test_the_same_shot_ends_alike_at_every_tick_rate() -> None:
    reference = a_shot(1000)
    travelled = math.dist(reference.position, REST.position)
    assert travelled > 3, "the shot goes somewhere"
    for rate in RATES:
        end = a_shot(rate)
        assert math.dist(end.position, reference.position) < 0.01 * travelled
        angle = quaternion_angle(
            RIG.camera(end, Lens()).orientation, RIG.camera(reference, Lens()).orientation
        )
        assert angle < 0.01 * abs(reference.yaw)
        assert math.hypot(*end.velocity) < 0.01


@pytest.mark.parametrize("rate", RATES)
def test_a_fast_curve_hardly_depends_on_the_tick_rate(rate: int) -> None:
    def curve(ticks: int) -> FlyState:
        state = run(REST, 2.0, ticks, FlyIntent(move=(0, 0, 1), look_rate=(1, 0.2), boost=True))
        return run(state, 2.0, ticks, NO_INTENT)

    reference = curve(2000)
    way = math.dist(reference.position, REST.position)
    assert math.dist(curve(rate).position, reference.position) < 1e-4 * way


@pytest.mark.parametrize("rate", RATES)
def test_straight_flight_is_exact(rate: int) -> None:
    end = run(REST, 2.0, rate, FlyIntent(move=(0, 0, 1)))
    tau = RIG.move_time_constant_s
    way = REST.speed_m_s * (2.0 - tau * (1 - math.exp(-2.0 / tau)))
    assert end.position == pytest.approx((0, 2, -way), abs=1e-9)


@pytest.mark.parametrize(
    ("move", "towards"),
    [((1, 0, 0), (1, 0, 0)), ((0, 1, 0), (0, 1, 0)), ((0, 0, 1), (0, 0, -1)), ((-1, 0, 0), (-1, 0, 0))],
)
def test_directions(move: tuple[float, float, float], towards: tuple[float, float, float]) -> None:
    end = run(REST, 1.0, 60, FlyIntent(move=move))
    gone = np.subtract(end.position, REST.position)
    np.testing.assert_allclose(gone / np.linalg.norm(gone), towards, atol=1e-9)


def test_flies_where_it_looks() -> None:
    state = RIG.start(CameraState((0, 0, 0), look_rotation((1, 1, 0))))
    end = run(state, 1.0, 60, FlyIntent(move=(0, 0, 1)))
    assert end.position[0] == pytest.approx(end.position[1])
    assert end.position[2] == pytest.approx(0, abs=1e-9)
    assert end.position[0] > 0.5


def test_a_diagonal_is_no_faster() -> None:
    straight = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 1)))
    diagonal = run(REST, 1.0, 60, FlyIntent(move=(1, 0, 1)))
    assert math.dist(diagonal.position, REST.position) == pytest.approx(
        math.dist(straight.position, REST.position)
    )
    gentle = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 0.5)))
    assert math.dist(gentle.position, REST.position) == pytest.approx(
        math.dist(straight.position, REST.position) / 2
    )


def test_it_coasts_to_rest() -> None:
    moving = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 1)))
    a_tick_later = RIG.step(moving, NO_INTENT, 1 / 60)
    assert math.dist(a_tick_later.position, moving.position) > 0.02
    at_rest = run(moving, 2.0, 60, NO_INTENT)
    assert at_rest.velocity == pytest.approx((0, 0, 0), abs=1e-4)


def test_the_look_follows_the_mouse_and_then_holds() -> None:
    turned = RIG.step(REST, FlyIntent(look_rad=(0.5, 0.2)), 1 / 60)
    assert 0 < turned.yaw < 0.5
    settled = run(turned, 1.0, 60, NO_INTENT)
    assert (settled.yaw, settled.pitch) == pytest.approx((0.5, 0.2), abs=1e-5)
    forward = rotate(RIG.camera(settled, Lens()).orientation, (0, 0, -1))
    assert forward[0] < 0, "a positive yaw looks left"
    assert forward[1] > 0, "a positive pitch looks up"


@given(st.lists(st.tuples(st.floats(-4, 4), st.floats(-1, 1), st.floats(-1, 1)), max_size=20))
def test_stops_are_never_passed(asked: list[tuple[float, float, float]]) -> None:
    state = REST
    for drag, rate, roll in asked:
        intent = FlyIntent(look_rad=(0, drag), look_rate=(0, rate), roll=roll)
        state = run(RIG.step(state, intent, 0.05), 0.5, 10, FlyIntent(look_rate=(0, rate), roll=roll))
        assert abs(state.pitch) <= RIG.max_pitch + 1e-12
        assert abs(state.aim_pitch) <= RIG.max_pitch
        assert abs(state.roll) <= RIG.max_roll + 1e-12
        assert math.hypot(*RIG.camera(state, Lens()).orientation) == pytest.approx(1)


def test_the_horizon_rolls_and_comes_level_again() -> None:
    rolled = run(REST, 1.0, 60, FlyIntent(roll=1))
    assert rolled.roll == pytest.approx(RIG.roll_rate, rel=0.1)
    right = rotate(RIG.camera(rolled, Lens()).orientation, (1, 0, 0))
    assert right[1] > 0, "rolled to the left, the camera's right side is up"
    level = run(RIG.level(rolled), 1.0, 60, NO_INTENT)
    assert level.roll == pytest.approx(0, abs=1e-5)


def test_the_wheel_sets_the_speed_within_limits() -> None:
    faster = RIG.step(REST, FlyIntent(speed_steps=1), 1 / 60)
    assert faster.speed_m_s == pytest.approx(REST.speed_m_s * RIG.notch_factor)
    back = RIG.step(faster, FlyIntent(speed_steps=-1), 1 / 60)
    assert back.speed_m_s == pytest.approx(REST.speed_m_s)
    assert RIG.step(REST, FlyIntent(speed_steps=500), 0).speed_m_s == RIG.max_speed_m_s
    assert RIG.step(REST, FlyIntent(speed_steps=-500), 0).speed_m_s == RIG.min_speed_m_s


def test_boost_is_faster() -> None:
    plain = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 1)))
    boosted = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 1), boost=True))
    assert boosted.position[2] == pytest.approx(RIG.boost_factor * plain.position[2])


@pytest.mark.parametrize("rate", RATES)
def test_walking_keeps_the_eye_at_its_height(rate: int) -> None:
    rig = FlyRig(ground_m=0.5)
    state = rig.walk(rig.start(CameraState((0, 9, 0), look_rotation((0, -1, -1)))), True)
    end = run(state, 3.0, rate, FlyIntent(move=(0, 1, 1)), rig)
    assert end.position[1] == pytest.approx(0.5 + EYE_HEIGHT_M, abs=1e-4)
    # Looking down does not slow the walk.
    assert end.position[2] == pytest.approx(-REST.speed_m_s * (3 - rig.move_time_constant_s), rel=1e-3)
    flying = run(rig.walk(end, False), 1.0, rate, FlyIntent(move=(0, 1, 0)), rig)
    assert flying.position[1] > end.position[1] + 1


@given(
    st.floats(-3.1, 3.1),
    st.floats(math.radians(-88), math.radians(88)),
    st.floats(math.radians(-59), math.radians(59)),
)
def test_starts_from_any_camera_as_it_stands(yaw: float, pitch: float, roll: float) -> None:
    camera = CameraState((1, 2, 3), quaternion_from_euler(yaw, pitch, roll), Lens(focal_length_mm=50))
    state = RIG.start(camera)
    again = RIG.camera(state, camera.lens)
    assert quaternion_angle(again.orientation, camera.orientation) < 1e-6
    assert again.position == camera.position
    assert again.lens == camera.lens
    assert RIG.step(state, NO_INTENT, 1 / 24).position == camera.position


@pytest.mark.parametrize("pitch", [math.pi / 2, -math.pi / 2])
def test_starts_from_a_camera_that_looks_straight_up_or_down(pitch: float) -> None:
    state = RIG.start(CameraState((0, 5, 0), quaternion_from_euler(0.7, pitch, 0.0)))
    assert state.yaw == pytest.approx(0.7)
    assert state.pitch == pytest.approx(math.copysign(RIG.max_pitch, pitch))
    assert state.roll == pytest.approx(0, abs=1e-6)


def test_no_time_is_no_motion() -> None:
    moving = run(REST, 1.0, 60, FlyIntent(move=(0, 0, 1)))
    assert RIG.step(moving, FlyIntent(move=(1, 0, 0)), 0.0) == moving


def test_two_hands_are_no_stronger_than_one() -> None:
    keys = FlyIntent(move=(1, 0, 1), look_rad=(0.1, 0), look_rate=(1, 0), speed_steps=1)
    pad = FlyIntent(move=(1, 0, -1), look_rad=(0.1, 0), look_rate=(0.5, -0.5), roll=1, boost=True)
    both = keys + pad
    assert both == FlyIntent((1, 0, 0), (0.2, 0), (1, -0.5), 1, 1, True)
    assert keys + NO_INTENT == keys
