"""Aim stages: where subjects come to lie in the picture."""

import math
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.fly import NO_INTENT, FlyIntent
from director.camera.framing import Frame, forward, heading_of, seen, turn_to
from director.camera.rig import Rig, RigState
from director.camera.stage import MAX_TILT, Pose
from director.camera.stages.aim.free import FreeLook
from director.camera.stages.aim.group import GroupFraming
from director.camera.stages.aim.look_at import LookAt, Zone
from director.camera.stages.body.crane import CraneBody
from director.camera.stages.body.fly import FlyBody
from director.camera.subject import Subject, Subjects, point_on
from director.camera.view import view_of
from director.errors import UsageError
from director.math3d import look_rotation, quaternion_from_euler, rotate
from director.types import CameraState, Vector
from tests.unit.camera.rig_shots import CAMERA, driven, still

ASPECT = 16 / 9
POINTS = st.tuples(st.floats(-20, 20), st.floats(-5, 5), st.floats(-20, 20))


def uv_of(pose: Pose, point: Vector) -> tuple[float, float]:
    """Through the matrices that pictures are drawn with."""
    clip = view_of(pose.camera(), ASPECT, 0.01, 1000, None).clip_from_world @ [*point, 1.0]
    return 0.5 + 0.5 * float(clip[0] / clip[3]), 0.5 - 0.5 * float(clip[1] / clip[3])


@given(POINTS, st.floats(-7, 7), st.floats(-1.5, 1.5))
def test_seen_is_what_the_matrices_see(point: Vector, pan: float, tilt: float) -> None:
    right, up, depth = seen(point, pan, tilt)
    np.testing.assert_allclose(
        rotate(quaternion_from_euler(pan, tilt, 0.0), (right, up, -depth)), point, atol=1e-9
    )
    np.testing.assert_allclose(
        forward(pan, tilt), rotate(quaternion_from_euler(pan, tilt, 0.0), (0, 0, -1)), atol=1e-12
    )


@given(POINTS, st.floats(-0.5, 0.5), st.floats(-0.4, 0.4))
def test_turn_to_places_a_point_where_it_is_wanted(point: Vector, right: float, up: float) -> None:
    _, rise = heading_of(point)
    if math.hypot(*point) < 0.1 or abs(rise) > 1.0:
        return
    pan, tilt = turn_to(point, (right, up))
    x, y, depth = seen(point, pan, tilt)
    assert depth > 0
    assert (x / depth, y / depth) == pytest.approx((right, up), abs=1e-9)


@pytest.mark.parametrize("screen", [(0.5, 0.5), (0.33, 0.4)])
def test_a_still_target_settles_in_its_dead_zone(screen: tuple[float, float]) -> None:
    aim = LookAt("subject", screen=screen, dead=Zone(0.08, 0.12))
    rig = Rig(FlyBody(), aim)
    turned = replace(CAMERA, orientation=look_rotation((-0.6, 0.2, -1.0)))
    state = driven(rig, rig.start(turned, still(0)), 4.0, 24, move=0)
    u, v = uv_of(state.pose, aim.target(still(0)))
    assert abs(u - screen[0]) <= 0.04 + 1e-4
    assert abs(v - screen[1]) <= 0.06 + 1e-4
    assert max(abs(u - screen[0]) / 0.04, abs(v - screen[1]) / 0.06) > 0.9, "no more than it must"


def test_within_the_dead_zone_the_head_holds_still() -> None:
    rig = Rig(FlyBody(), LookAt("subject", dead=Zone(0.3, 0.3)))
    aimed = replace(CAMERA, orientation=look_rotation(np.subtract((0.6, 1.5, 0.0), CAMERA.position)))
    state = rig.start(aimed, still(0))
    # Half a metre aside at six metres: well within three tenths of the picture.
    moved = {"subject": Subject((0.8, 0.0, 0.0)), "other": Subject((0.0, 0.0, 0.0))}
    later = rig.step(state, NO_INTENT, moved, 1.0)
    assert (later.pose.pan, later.pose.tilt) == (state.pose.pan, state.pose.tilt)


@pytest.mark.parametrize("rate", [10, 24, 60])
def test_a_fast_target_never_leaves_the_soft_zone(rate: int) -> None:
    aim = LookAt("subject", dead=Zone(0.05, 0.05), soft=Zone(0.4, 0.5), pan_time_constant_s=1.0)
    rig = Rig(FlyBody(), aim)

    def running(time_s: float) -> Subjects:
        return {"subject": Subject((6 * math.sin(2 * time_s), 0.5 * math.sin(5 * time_s), 0.0))}

    start = aim.target(running(0))
    aimed = replace(CAMERA, orientation=look_rotation(np.subtract(start, CAMERA.position)))
    state = rig.start(aimed, running(0))
    widest = 0.0
    for tick in range(1, 3 * rate):
        state = rig.step(state, FlyIntent(move=(1, 0, 0)), running(tick / rate), 1 / rate)
        u, v = uv_of(state.pose, aim.target(running(tick / rate)))
        assert abs(u - 0.5) <= 0.2 + 1e-9
        assert abs(v - 0.5) <= 0.25 + 1e-9
        widest = max(widest, abs(u - 0.5))
    assert widest > 0.19, "it was held by the soft zone"


def test_taking_over_a_camera_that_looks_elsewhere_is_no_jump() -> None:
    rig = Rig(FlyBody(), LookAt("subject"))
    away = replace(CAMERA, orientation=look_rotation((0.3, 0.0, 1.0)))
    state = rig.start(away, still(0))
    turns = []
    for _ in range(240):
        later = rig.step(state, NO_INTENT, still(0), 1 / 60)
        turns.append(abs(later.pose.pan - state.pose.pan))
        state = later
    # The damped start of half a turn, and never faster.
    assert max(turns) <= math.pi * (1 - math.exp(-1 / 60 / 0.25)) + 1e-6
    u, v = uv_of(state.pose, LookAt("subject").target(still(0)))
    assert (u, v) == pytest.approx((0.5, 0.5), abs=0.051)


def test_lookahead_leads_a_walker() -> None:
    def at(time_s: float) -> Subjects:
        return {"subject": Subject((-4 + 1.5 * time_s, 0.0, 0.0))}

    def end(lookahead_s: float) -> float:
        point = Zone(0.0, 0.0)
        aim = LookAt("subject", dead=point, soft=Zone(0.9, 0.9), lookahead_s=lookahead_s)
        rig = Rig(FlyBody(), aim)
        state = rig.start(CAMERA, at(0))
        for tick in range(1, 73):
            state = rig.step(state, NO_INTENT, at(tick / 24), 1 / 24)
        return uv_of(state.pose, point_on(at(3.0)["subject"], 0.85))[0] - 0.5

    assert end(0.0) > 0.02, "the head trails, the walker is ahead"
    assert abs(end(0.25)) < 0.25 * end(0.0), "looking ahead by the damping's time makes up for it"
    assert end(0.8) < -0.02, "still farther ahead, the walker has room before them"


def test_free_look_turns_a_camera_on_any_body() -> None:
    rig = Rig(CraneBody((0.0, 1.0, 9.0)), FreeLook())
    begin = rig.start(CAMERA, {})
    looked = driven(rig, begin, 1.0, 24, FlyIntent(look_rad=(0.5, 0.2)))
    settled = driven(rig, looked, 1.0, 24)
    assert settled.pose.pan - begin.pose.pan == pytest.approx(0.5, abs=1e-4)
    assert settled.pose.tilt - begin.pose.tilt == pytest.approx(0.2, abs=1e-4)
    up = driven(rig, looked, 3.0, 24, FlyIntent(look_rate=(0.0, 1.0)))
    assert up.pose.tilt <= MAX_TILT + 1e-9


def group_shot(by: Literal["distance", "focal-length"], people: Subjects) -> RigState:
    rig = Rig(FlyBody(), GroupFraming(("a", "b"), by=by, margin=0.15))
    camera = CameraState((1.0, 1.8, 8.0), look_rotation((0, 0, -1)))
    state = rig.start(camera, people)
    for _ in range(80):
        state = rig.step(state, NO_INTENT, people, 0.1)
    return state


@pytest.mark.parametrize("by", ["distance", "focal-length"])
@pytest.mark.parametrize("apart", [1.5, 5.0])
def test_a_group_fits_with_its_margin(by: Literal["distance", "focal-length"], apart: float) -> None:
    people = {"a": Subject((-apart / 2, 0.0, 0.0)), "b": Subject((apart / 2, 0.3, -1.0), 0.0, 1.9)}
    state = group_shot(by, people)
    inside = []
    for subject in people.values():
        for share in (0.0, 1.0):
            u, v = uv_of(state.pose, point_on(subject, share))
            inside += [min(u, 1 - u), min(v, 1 - v)]
    assert min(inside) == pytest.approx(0.15, abs=0.002), "the tightest side has just the margin"
    if by == "distance":
        assert state.pose.lens.focal_length_mm == CAMERA.lens.focal_length_mm
        assert state.body.position == (1.0, 1.8, 8.0), "the body is not told"
    else:
        assert state.pose.position == (1.0, 1.8, 8.0)


def test_a_group_has_somebody_and_room() -> None:
    with pytest.raises(UsageError, match="nobody to frame"):
        GroupFraming(())
    with pytest.raises(UsageError, match="leaves no picture"):
        GroupFraming(("a",), margin=0.5)


def test_a_zoom_stops_at_the_lens_s_ends() -> None:
    far = {"a": Subject((0.0, 0.0, -300.0)), "b": Subject((1.0, 0.0, -300.0))}
    assert group_shot("focal-length", far).pose.lens.focal_length_mm == pytest.approx(135.0)
    wide = {"a": Subject((-40.0, 0.0, 0.0)), "b": Subject((40.0, 0.0, 0.0))}
    assert group_shot("focal-length", wide).pose.lens.focal_length_mm == pytest.approx(12.0)


@given(st.floats(5, 200), st.floats(0, 1), st.floats(0, 1))
def test_frames_turn_uv_into_tangents_and_back(focal_mm: float, u: float, v: float) -> None:
    frame = Frame.of(replace(CAMERA.lens, focal_length_mm=focal_mm), ASPECT)
    assert frame.uv(frame.tangents((u, v))) == pytest.approx((u, v))
