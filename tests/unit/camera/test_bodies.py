"""Body stages: each goes where such a support can go, and as softly."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.camera.damping import Spring, spring_moving
from director.camera.fly import NO_INTENT, FlyIntent, FlyRig
from director.camera.points import in_heading_frame
from director.camera.rig import MAX_STEP_S, Rig, RigState
from director.camera.stages.aim.free import FreeLook
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.body.crane import CraneBody
from director.camera.stages.body.fly import FlyBody
from director.camera.stages.body.follow import FollowBody
from director.camera.stages.body.orbit import OrbitBody
from director.camera.stages.body.rail import RailBody
from director.camera.stages.body.steadicam import SteadicamBody
from director.camera.stages.body.walk import WalkBody
from director.camera.subject import Subject
from director.errors import UsageError
from director.math3d import rotate
from director.types import Vector
from tests.unit.camera.rig_shots import CAMERA, driven, still, walking

AHEAD = FlyIntent(move=(0, 0, 1))
HANDS = st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))


def history(rig: Rig, intents: list[FlyIntent], seconds: float = 0.5, rate: int = 24) -> list[RigState]:
    states = [rig.start(CAMERA, walking(0))]
    for intent in intents:
        for _ in range(round(seconds * rate)):
            time_s = states[-1].time_s + 1 / rate
            states.append(rig.step(states[-1], intent, walking(time_s), 1 / rate))
    return states


def test_flying_as_a_stage_is_the_fly_rig() -> None:
    rig, plain = Rig(FlyBody()), FlyRig()
    state, expected = rig.start(CAMERA, {}), plain.start(CAMERA)
    for intent in (AHEAD, FlyIntent(look_rate=(0.4, 0.1), move=(1, 0, 0)), NO_INTENT):
        for _ in range(60):
            state = rig.step(state, intent, {}, 2 * MAX_STEP_S)
            for _ in range(2):
                expected = plain.step(expected, intent, MAX_STEP_S)
    assert state.pose.position == pytest.approx(expected.position, abs=1e-9)
    assert (state.pose.pan, state.pose.tilt) == pytest.approx((expected.yaw, expected.pitch))


def test_the_wheel_sets_the_speed_of_flight() -> None:
    rig = Rig(FlyBody())
    faster = rig.step(rig.start(CAMERA, {}), FlyIntent(speed_steps=2), {}, 0.1)
    assert faster.body.speed_m_s == pytest.approx(2.0 * 1.2**2)


def test_with_an_aim_that_steers_flight_goes_where_the_camera_looks() -> None:
    rig = Rig(FlyBody(), LookAt("subject"))
    state = driven(rig, rig.start(CAMERA, still(0)), 3.0, 24, move=0)
    ahead = rotate(state.pose.camera().orientation, (0, 0, -1))
    moved = driven(rig, state, 0.5, 24, AHEAD, move=0)
    way = np.subtract(moved.pose.position, state.pose.position)
    assert float(way @ ahead) / np.linalg.norm(way) > 0.999


@settings(max_examples=15, deadline=None)
@given(st.lists(HANDS, max_size=4))
def test_walking_stays_at_eye_height(moves: list[Vector]) -> None:
    rig = Rig(WalkBody(ground_m=0.5, eye_height_m=1.75), FreeLook())
    camera = replace(CAMERA, position=(0.0, 2.25, 0.0))
    state = rig.start(camera, {})
    for move in moves:
        state = rig.step(state, FlyIntent(move=move, look_rate=(0.2, 0.5)), {}, 0.3)
        assert state.pose.position[1] == pytest.approx(2.25)


@settings(max_examples=15, deadline=None)
@given(st.lists(HANDS, min_size=1, max_size=4))
def test_orbit_keeps_its_distance(moves: list[Vector]) -> None:
    body = OrbitBody("subject", pivot_time_constant_s=0.0)
    intents = [FlyIntent(move=(x, y, 0.0), look_rate=(y, x)) for x, y, _ in moves]
    states = history(Rig(body), intents, rate=10)
    distance = states[0].body.distance_m
    for state in states[1:]:
        subject = walking(state.time_s)["subject"]
        x, y, z = subject.position
        pivot = (x, y + body.height_share * subject.height_m, z)
        assert math.dist(state.pose.position, pivot) == pytest.approx(distance, rel=1e-9)
        towards = rotate(state.pose.camera().orientation, (0, 0, -1))
        np.testing.assert_allclose(towards, np.subtract(pivot, state.pose.position) / distance, atol=1e-9)


def test_orbit_begins_where_the_camera_stands_and_goes_where_it_is_told() -> None:
    body = OrbitBody(centre=(0.0, 1.0, 0.0))
    rig = Rig(body)
    state = rig.start(CAMERA, {})
    first = rig.step(state, NO_INTENT, {}, 0.1)
    assert first.pose.position == pytest.approx(CAMERA.position)
    told = replace(first, body=body.at(first.body, math.pi / 2, 0.0, 3.0))
    there = driven(rig, told, 3.0, 24)
    assert there.pose.position == pytest.approx((3.0, 1.0, 0.0), abs=1e-4)
    closer = driven(rig, there, 0.5, 24, AHEAD)
    assert closer.body.distance_m < 2.5
    right = driven(rig, there, 0.5, 24, FlyIntent(move=(1, 0, 0)))
    assert right.pose.position[2] < -0.3, "from the +X side, looking to −X, right is −Z"


def test_the_hands_look_turns_an_orbit_unless_the_aim_takes_it() -> None:
    drag = FlyIntent(look_rad=(0.6, 0.0))
    for aim, turns in ((LookAt(None), True), (FreeLook(), False)):
        rig = Rig(OrbitBody(), aim)
        end = driven(rig, driven(rig, rig.start(CAMERA, {}), 1.0, 24, drag), 1.0, 24)
        assert (math.dist(end.pose.position, CAMERA.position) > 2) is turns
    fly = Rig(FlyBody(), LookAt("subject"))
    begin = fly.start(CAMERA, still(0))
    assert driven(fly, begin, 1.0, 24, drag, move=0).pose == driven(fly, begin, 1.0, 24, move=0).pose


TRACK = ((0.0, 1.5, 0.0), (1.0, 1.5, -2.0), (4.0, 1.8, -2.5), (5.0, 1.2, 1.0), (8.0, 1.2, 2.0))


def test_the_dolly_s_speed_along_the_track_is_constant() -> None:
    body = RailBody(TRACK, speed_m_s=1.2)
    states = history(Rig(body), [AHEAD] * 12)
    settled = [state for state in states if 3.5 < state.time_s < 6.0]
    assert len(settled) > 40
    for before, after in pairwise(settled):
        way = math.dist(before.pose.position, after.pose.position)
        # The chord of a curve is a little shorter than the curve.
        assert way * 24 == pytest.approx(1.2, rel=0.005)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(-1, 1), max_size=6), st.floats(0.05, 1.5))
def test_the_dolly_never_passes_its_track_s_ends(pushes: list[float], inertia_s: float) -> None:
    body = RailBody(TRACK, speed_m_s=6.0, inertia_s=inertia_s)
    for state in history(Rig(body), [FlyIntent(move=(0, 0, push)) for push in pushes], rate=10):
        assert -1e-9 <= state.body.dolly.value <= body.track.length_m + 1e-9


def test_the_dolly_has_inertia_and_soft_ends() -> None:
    body = RailBody(TRACK, speed_m_s=3.0)
    states = history(Rig(body), [AHEAD] * 18, rate=100)
    speeds = [math.dist(a.pose.position, b.pose.position) * 100 for a, b in pairwise(states[1:])]
    assert states[-1].pose.position == pytest.approx(TRACK[-1], abs=1e-3)
    # Full speed in no less than the inertia: from rest, and at the end, no jerk.
    assert max(abs(b - a) for a, b in pairwise(speeds)) * 100 < 3.0 / body.inertia_s
    assert max(speeds) == pytest.approx(3.0, rel=0.02)
    told = replace(states[-1], body=body.to(states[-1].body, 2.0))
    assert driven(Rig(body), told, 8.0, 24).body.dolly.value == pytest.approx(2.0, abs=1e-3)


def test_a_dolly_needs_a_track() -> None:
    with pytest.raises(UsageError, match="two points apart"):
        RailBody(((0.0, 0.0, 0.0), (0.0, 0.0, 1e-4)))


@settings(max_examples=15, deadline=None)
@given(st.lists(HANDS, min_size=1, max_size=4))
def test_the_crane_s_head_stays_level_and_its_arm_whole(moves: list[Vector]) -> None:
    body = CraneBody((0.0, 1.0, 9.0), min_length_m=3.0, max_length_m=6.0)
    for state in history(Rig(body), [FlyIntent(move=move) for move in moves], rate=10)[1:]:
        right = rotate(state.pose.camera().orientation, (1, 0, 0))
        ahead = rotate(state.pose.camera().orientation, (0, 0, -1))
        assert abs(right[1]) < 1e-12, "no roll"
        assert abs(ahead[1]) < 1e-12, "no tilt"
        assert 3.0 - 1e-9 <= math.dist(state.pose.position, body.base) <= 6.0 + 1e-9
        rise = math.asin((state.pose.position[1] - 1.0) / math.dist(state.pose.position, body.base))
        assert body.min_pitch - 1e-9 <= rise <= body.max_pitch + 1e-9


def test_the_crane_goes_where_it_is_pushed() -> None:
    rig = Rig(CraneBody((0.0, 1.0, 9.0)))
    start = driven(rig, rig.start(replace(CAMERA, position=(0.0, 1.0, 5.0)), {}), 0.1, 24)
    assert start.pose.position == pytest.approx((0.0, 1.0, 5.0))
    assert driven(rig, start, 1.0, 24, FlyIntent(move=(1, 0, 0))).pose.position[0] > 0.3
    assert driven(rig, start, 1.0, 24, FlyIntent(move=(0, 1, 0))).pose.position[1] > 1.3
    assert driven(rig, start, 1.0, 24, AHEAD).pose.position[2] < 4.6


def test_follow_comes_to_its_offset_and_trails_each_axis_by_its_own_time() -> None:
    taus = (0.2, 0.5, 0.8)
    body = FollowBody("subject", (1.0, 1.5, -3.0), taus, heading_time_constant_s=0.0)
    rig = Rig(body)
    velocity = (0.4, 0.3, 1.1)

    def there(time_s: float) -> dict[str, Subject]:
        x, y, z = (v * time_s for v in velocity)
        return {"subject": Subject(in_heading_frame((0, 0, 0), 0.7, (x, y, z)), 0.7)}

    state = rig.start(CAMERA, there(0))
    for tick in range(1, 201):
        state = rig.step(state, NO_INTENT, there(tick / 20), 1 / 20)
    base = there(10.0)["subject"].position
    lag = tuple(-v * tau for v, tau in zip(velocity, taus, strict=True))
    wanted = in_heading_frame(base, 0.7, (1.0 + lag[0], 1.5 + lag[1], -3.0 + lag[2]))
    assert state.pose.position == pytest.approx(wanted, abs=1e-3)


def test_follow_may_keep_its_height_and_the_world_s_axes() -> None:
    rig = Rig(FollowBody("subject", (0.0, 1.5, -3.0), turns_with_subject=False, holds_height=True))
    state = rig.start(CAMERA, {"subject": Subject((0, 0, 0))})
    hopped = {"subject": Subject((2.0, 0.7, 1.0), 2.0)}
    for _ in range(60):
        state = rig.step(state, NO_INTENT, hopped, 0.1)
    assert state.pose.position == pytest.approx((2.0, CAMERA.position[1], -2.0), abs=1e-4)


def test_follow_takes_over_without_a_jump() -> None:
    rig = Rig(FollowBody("subject"))
    first = rig.step(rig.start(CAMERA, walking(0)), NO_INTENT, walking(0.001), 0.001)
    assert math.dist(first.pose.position, CAMERA.position) < 0.05


def test_steadicam_floats_where_flight_jolts() -> None:
    hands = [FlyIntent(move=(0, 0, 1), roll=1), FlyIntent(move=(0, 0, -1), roll=-1)] * 2
    plain, soft = FlyBody(FlyRig(move_time_constant_s=0.25), 1.4), SteadicamBody()

    def jolts(rig: Rig) -> tuple[float, float]:
        poses = [state.pose for state in history(rig, hands, rate=60)]
        z, roll = np.array([pose.position[2] for pose in poses]), np.array([pose.roll for pose in poses])
        return float(np.abs(np.diff(z, 2)).max()), float(np.abs(np.diff(roll)).max())

    (push, rolled), (soft_push, soft_roll) = jolts(Rig(plain)), jolts(Rig(soft))
    assert soft_push < 0.5 * push
    assert soft_roll < 0.4 * rolled


def test_steadicam_trails_by_twice_its_time_constant_and_catches_up() -> None:
    body = SteadicamBody()
    rig = Rig(body)
    state = driven(rig, rig.start(CAMERA, {}), 4.0, 24, AHEAD)
    lag = math.dist(state.pose.position, state.body.operator.position)
    assert lag == pytest.approx(2 * body.position_time_constant_s * 1.4, rel=0.01)
    rest = driven(rig, state, 4.0, 24)
    assert rest.pose.position == pytest.approx(rest.body.operator.position, abs=1e-4)


@given(st.floats(-5, 5), st.floats(-3, 3), st.floats(0.01, 2), st.floats(0.01, 3))
def test_a_spring_towards_a_moving_target_may_be_cut_anywhere(
    target: float, rate: float, tau: float, dt_s: float
) -> None:
    begin = Spring(1.0, -0.5)
    once = spring_moving(begin, target, rate, tau, dt_s)
    half = spring_moving(begin, target, rate, tau, dt_s / 3)
    rest = spring_moving(half, target + rate * dt_s / 3, rate, tau, dt_s * 2 / 3)
    assert (rest.value, rest.rate) == pytest.approx((once.value, once.rate), abs=1e-9)
    late = spring_moving(begin, target, rate, tau, 60 * tau)
    assert late.value == pytest.approx(target + rate * 58 * tau, abs=1e-6)
    assert spring_moving(begin, target, rate, 0.0, dt_s) == Spring(target + rate * dt_s, rate)
