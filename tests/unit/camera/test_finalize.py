"""Finalize stages: what they hold, they hold."""

import math
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.camera.box import Box, distance_m, pushed_out
from director.camera.fly import NO_INTENT, FlyIntent
from director.camera.rig import Rig, RigState
from director.camera.stage import Body
from director.camera.stages import example_stage, stage_names
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.aim.none import NO_AIM
from director.camera.stages.body.fly import FlyBody
from director.camera.stages.body.rail import RailBody
from director.camera.stages.body.steadicam import SteadicamBody
from director.camera.stages.finalize.collide import Collide
from director.camera.stages.finalize.dolly_zoom import DollyZoom
from director.camera.stages.finalize.focus import Focus, Pull, snapped
from director.camera.stages.finalize.lock import Lock
from director.camera.stages.finalize.stabilise import Stabilise
from director.camera.subject import Subject, point_on
from director.camera.view import view_of
from director.errors import UsageError
from director.math3d import IDENTITY, look_rotation, quaternion_from_euler
from director.types import CameraState, Vector
from tests.unit.camera.rig_shots import CAMERA, RATES, driven, still

AHEAD = FlyIntent(move=(0, 0, 1))
SUBJECT = still(0)["subject"]
FACING = replace(CAMERA, orientation=look_rotation(np.subtract(point_on(SUBJECT, 0.5), CAMERA.position)))


def height_in_picture(state: RigState, subject: Subject) -> float:
    """As a share of the picture's height, through the matrices that pictures are drawn with."""
    matrix = view_of(state.pose.camera(), 16 / 9, 0.01, 1000, None).clip_from_world
    feet, head = (matrix @ [*point_on(subject, share), 1.0] for share in (0.0, 1.0))
    return abs(float(head[1] / head[3] - feet[1] / feet[3])) / 2


@pytest.mark.parametrize("rate", RATES[:3])
def test_a_dolly_zoom_keeps_the_subject_s_height(rate: int) -> None:
    track = RailBody(((-1.0, 1.6, 6.0), (-0.5, 2.2, 4.0), (0.2, 1.4, 1.5)), speed_m_s=1.0)
    rig = Rig(track, LookAt("subject", height_share=0.5), finalize=(DollyZoom("subject"),))
    state = rig.start(FACING, still(0))
    held = height_in_picture(state, SUBJECT)
    focal = state.pose.lens.focal_length_mm
    for _ in range(4 * rate):
        state = rig.step(state, AHEAD, still(0), 1 / rate)
        assert height_in_picture(state, SUBJECT) == pytest.approx(held, rel=0.01)
    assert state.pose.lens.focal_length_mm < 0.6 * focal, "it came much closer"


def test_a_dolly_zoom_ends_where_the_lens_does() -> None:
    rig = Rig(FlyBody(), finalize=(DollyZoom("subject", focal_range_mm=(25.0, 40.0)),))
    state = driven(rig, rig.start(FACING, still(0)), 2.0, 24, AHEAD, move=0)
    assert state.pose.lens.focal_length_mm == 25.0
    away = replace(CAMERA, orientation=look_rotation((0, 0, 1)))
    with pytest.raises(UsageError, match="not before the camera"):
        rig.start(away, still(0))


def test_locked_axes_stay_and_the_others_go() -> None:
    rig = Rig(FlyBody(), finalize=(Lock(y=True, x=True, pan=True, roll=True),))
    state = rig.start(FACING, {})
    moved = driven(rig, state, 1.0, 24, FlyIntent(move=(1, 1, 1), look_rate=(1, 0.4), roll=1))
    assert moved.pose.position[:2] == CAMERA.position[:2]
    assert (moved.pose.pan, moved.pose.roll) == (state.pose.pan, state.pose.roll)
    assert moved.pose.position[2] < CAMERA.position[2] - 0.5
    assert moved.pose.tilt > state.pose.tilt + 0.3
    # What was pushed against a lock is not saved up: it does not jump when the lock is taken off.
    freed = replace(rig, finalize=(Lock(),))
    after = freed.step(moved, NO_INTENT, {}, 0.1)
    assert after.pose.position[0] == pytest.approx(CAMERA.position[0], abs=1e-6)
    assert after.pose.pan == pytest.approx(state.pose.pan, abs=1e-6)


def test_no_stabilisation_changes_nothing_and_more_steadies_more() -> None:
    def unrest(amount: float | None) -> float:
        stages = () if amount is None else (Stabilise(amount),)
        rig = Rig(FlyBody(), finalize=stages)
        state, z = rig.start(CAMERA, {}), []
        for tick in range(120):
            push = 1.0 if tick % 20 < 10 else -1.0
            state = rig.step(state, FlyIntent(move=(0, 0, push)), {}, 1 / 40)
            z.append(state.pose.position[2])
        return float(np.abs(np.diff(z, 2)).max())

    plain = unrest(None)
    assert unrest(0.0) == pytest.approx(plain)
    assert unrest(1.0) < unrest(0.3) < 0.8 * plain


def test_a_focus_pull_eases_evenly_in_dioptres() -> None:
    rig = Rig(FlyBody(), finalize=(Focus((Pull(1.0, 1.0, 2.0),)),))
    state = rig.start(replace(CAMERA, lens=replace(CAMERA.lens, focus_distance_m=4.0)), {})
    dioptres = {}
    for tick in range(1, 41):
        state = rig.step(state, NO_INTENT, {}, 0.1)
        dioptres[tick] = 1 / state.pose.lens.focus_distance_m
    assert dioptres[10] == pytest.approx(0.25)
    assert dioptres[20] == pytest.approx((0.25 + 1.0) / 2), "half-way in dioptres at half the time"
    assert dioptres[15] == pytest.approx(0.25 + 0.75 * (3 / 16 - 2 / 64))
    assert dioptres[30] == dioptres[40] == 1.0


def test_a_pull_begins_from_where_the_last_one_was() -> None:
    focus = Focus((Pull(0.0, 1.0, 2.0),))
    rig = Rig(FlyBody(), finalize=(focus,))
    state = driven(rig, rig.start(CAMERA, {}), 1.0, 24)
    halfway = state.pose.lens.focus_distance_m
    turned = replace(rig, finalize=(focus.pulled(1.0, 10.0, 0.5),))
    next_state = turned.step(state, NO_INTENT, {}, 0.001)
    assert next_state.pose.lens.focus_distance_m == pytest.approx(halfway, rel=0.01)
    done = driven(turned, next_state, 1.0, 24)
    assert done.pose.lens.focus_distance_m == pytest.approx(10.0)


def test_tracked_focus_stays_on_its_subject() -> None:
    rig = Rig(FlyBody(), finalize=(Focus((Pull(0.0, "subject", 0.0),), height_share=0.5),))
    state = rig.start(FACING, still(0))
    for _ in range(24):
        state = rig.step(state, FlyIntent(move=(0.3, 0, 1)), still(0), 1 / 24)
        view = view_of(state.pose.camera(), 1.5, 0.1, 100, None).view_from_world
        depth = -float((view @ [*point_on(SUBJECT, 0.5), 1.0])[2])
        assert state.pose.lens.focus_distance_m == pytest.approx(depth)
    past = driven(rig, state, 4.0, 24, FlyIntent(move=(0, 0, 1), boost=True), move=0)
    assert past.pose.lens.focus_distance_m < depth, "behind the camera it waits where it was last"


def test_focus_snaps_to_marks() -> None:
    marks = (1.5, 3.0, 6.0)
    assert snapped(2.9, marks) == 3.0
    assert snapped(2.2, marks) == 2.2
    assert snapped(7.0, marks) == 6.0, "far away the marks reach farther: dioptres"
    assert snapped(2.0, ()) == 2.0


def unit(values: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    length = math.hypot(*values)
    if length < 0.1:
        return IDENTITY
    x, y, z, w = (value / length for value in values)
    return (x, y, z, w)


TURNS = st.tuples(*[st.floats(-1, 1)] * 4).map(unit)
SPOTS = st.tuples(st.floats(-3, 3), st.floats(-1, 3), st.floats(-3, 3))
SIZES = st.tuples(*[st.floats(0.02, 2.0)] * 3)
BOXES = st.lists(st.builds(Box, SPOTS, SIZES, TURNS), min_size=1, max_size=5)


@given(st.builds(Box, SPOTS, SIZES, TURNS), SPOTS)
def test_distance_to_a_box(box: Box, point: Vector) -> None:
    np.testing.assert_allclose(box.world(box.local(point)), point, atol=1e-9)
    grid = np.linspace(-1, 1, 9)
    corners = [
        box.world((a * box.half_size[0], b * box.half_size[1], c * box.half_size[2]))
        for a in grid
        for b in grid
        for c in grid
    ]
    nearest = min(math.dist(point, corner) for corner in corners)
    if distance_m(point, box) > 0:
        # The nearest point of a grid is no nearer than the box, and off by half a cell at most.
        assert nearest - math.hypot(*box.half_size) / 8 - 1e-9 <= distance_m(point, box) <= nearest + 1e-9
    else:
        assert all(abs(p) <= half for p, half in zip(box.local(point), box.half_size, strict=True))


@settings(deadline=None)
@given(BOXES, SPOTS, SPOTS, st.floats(0.02, 0.5))
def test_nothing_is_pushed_into_a_box(boxes: list[Box], start: Vector, end: Vector, radius_m: float) -> None:
    out = pushed_out(end, radius_m, boxes, start)
    assert min(distance_m(out, box) for box in boxes) >= radius_m - 1e-6


@settings(max_examples=40, deadline=None)
@given(BOXES, st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1)), max_size=6))
def test_the_camera_never_ends_inside_a_box(boxes: list[Box], moves: list[Vector]) -> None:
    for body in (FlyBody(speed_m_s=5.0), SteadicamBody(speed_m_s=5.0)):
        collide = Collide(tuple(boxes), 0.2)
        rig = Rig(body, finalize=(Stabilise(0.3), collide))
        state = rig.start(CameraState((0.0, 1.0, 0.0), look_rotation((0, 0, -1))), {})
        for move in moves:
            state = rig.step(state, FlyIntent(move=move, look_rate=(0.3, 0)), {}, 0.1)
            assert min(distance_m(state.pose.position, box) for box in boxes) >= 0.2 - 1e-6


WALL = Box((0.0, 1.5, 4.0), (500.0, 3.0, 0.05), quaternion_from_euler(0.5, 0.0, 0.0))


def test_a_wall_is_slid_along_and_never_passed() -> None:
    rig = Rig(FlyBody(speed_m_s=60.0), finalize=(Collide((WALL,), 0.2),))
    begin = replace(CAMERA, orientation=look_rotation((0, 0, -1)))
    state = rig.start(begin, {})
    for _ in range(20):
        state = rig.step(state, AHEAD, {}, 0.1)
        assert WALL.local(state.pose.position)[2] >= 0.25 - 1e-6, "a thin wall is not jumped"
    along = abs(WALL.local(state.pose.position)[0] - WALL.local(CAMERA.position)[0])
    assert along > 10, "it slid"
    back = driven(rig, state, 0.5, 24, FlyIntent(move=(0, 0, -1)))
    assert back.pose.position[2] > state.pose.position[2] + 5, "and comes off at once"


@pytest.mark.parametrize("steered", [False, True])
@pytest.mark.parametrize("body", stage_names("body"))
def test_sliding_goes_alike_at_every_tick_rate(body: str, steered: bool) -> None:
    carrier = cast(Body[Any], example_stage("body", body))
    aim = LookAt("subject") if steered else NO_AIM
    rig = Rig(carrier, aim, finalize=(Collide((WALL,), 0.2),))

    def end(rate: int) -> Vector:
        state = driven(rig, rig.start(FACING, still(0)), 2.5, rate, AHEAD, move=0)
        if body in ("fly", "walk", "steadicam"):
            assert distance_m(state.pose.position, WALL) < 0.21
        return state.pose.position

    reference = end(1000)
    for rate in RATES[:3]:
        assert math.dist(end(rate), reference) < 0.01 * max(1.0, math.dist(reference, CAMERA.position))


def test_a_camera_that_begins_in_a_box_is_let_out() -> None:
    box = Box(CAMERA.position, (1.0, 0.4, 1.0))
    rig = Rig(FlyBody(), finalize=(Collide((box,), 0.1),))
    state = rig.step(rig.start(CAMERA, {}), NO_INTENT, {}, 0.1)
    assert distance_m(state.pose.position, box) == pytest.approx(0.1)
