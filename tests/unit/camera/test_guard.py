"""The guard: motion of the picture as geometry has it, and warnings that neither flash nor flicker."""

import math
from dataclasses import replace

import pytest

from director.camera.guard import Guard, GuardState, Limits, picture_motion
from director.math3d import IDENTITY, quaternion_from_axis_angle
from director.types import CameraState, Correction, Lens

HERE = CameraState((0.0, 0.0, 0.0), IDENTITY, Lens(film_back_width_mm=24.0, focal_length_mm=24.0))


def moved(x: float = 0.0, z: float = 0.0, yaw: float = 0.0) -> CameraState:
    return replace(HERE, position=(x, 0.0, z), orientation=quaternion_from_axis_angle((0, 1, 0), yaw))


def test_trucking_moves_the_picture_by_similar_triangles() -> None:
    # A 24 mm lens on 24 mm sees 5 m across at 5 m; half a metre in half a second is a fifth of it a second.
    motion = picture_motion(HERE, moved(x=0.5), 0.5, 5.0)
    assert motion.share_per_s == pytest.approx(0.2)
    assert motion.turn_rate == 0
    assert motion.pixels_per_s(512) == pytest.approx(102.4)
    assert picture_motion(HERE, moved(x=0.5), 0.5, 10.0).share_per_s == pytest.approx(0.1)
    assert picture_motion(HERE, moved(x=0.5), 0.5, math.inf).share_per_s == pytest.approx(0)


def test_panning_moves_all_depths_alike() -> None:
    near, far = (picture_motion(HERE, moved(yaw=0.02), 0.1, depth_m) for depth_m in (2.0, math.inf))
    assert near == far
    assert near.turn_rate == pytest.approx(0.2)
    # In the middle the picture moves by tan 0.02 of the focal length, here of its width; more at the sides.
    assert 0.2 < near.share_per_s < 0.27


def test_dollying_zooming_and_shaking_are_seen() -> None:
    assert picture_motion(HERE, moved(z=-1.0), 1.0, 5.0).share_per_s > 0.03
    zoomed = replace(HERE, lens=replace(HERE.lens, focal_length_mm=30.0))
    assert picture_motion(HERE, zoomed, 1.0, 5.0).share_per_s > 0.03
    shaken = replace(HERE, correction=Correction((0.5, 0.0, 0.0)))
    assert picture_motion(HERE, shaken, 0.5, 5.0) == picture_motion(HERE, moved(x=0.5), 0.5, 5.0)
    about = picture_motion(HERE, moved(yaw=math.pi), 1.0, 5.0)
    assert about.turn_rate == pytest.approx(math.pi)
    assert about.share_per_s == 1.0
    for bad in (0.0, -1.0):
        with pytest.raises(ValueError, match="not before"):
            picture_motion(HERE, HERE, 0.1, bad)


def test_cuts_and_no_time_are_no_motion() -> None:
    assert picture_motion(HERE, replace(moved(x=9.0), is_cut=True), 0.1, 2.0).share_per_s == 0
    assert picture_motion(HERE, moved(x=9.0), 0.0, 2.0).share_per_s == 0


def test_limits_grow_with_the_generator_s_rate() -> None:
    slow, fast = Limits.for_generator(4), Limits.for_generator(20)
    assert fast.share_per_s == pytest.approx(5 * slow.share_per_s)
    assert fast.turn_rate == pytest.approx(math.radians(120))
    with pytest.raises(ValueError, match="no rate"):
        Limits.for_generator(0)


def trucked(guard: Guard, state: GuardState, speed: float, seconds: float, rate: int) -> GuardState:
    for _ in range(round(seconds * rate)):
        state = guard.step(state, HERE, moved(x=speed / rate), 1 / rate, 5.0)
    return state


@pytest.mark.parametrize("rate", [10, 24, 60])
def test_warns_after_its_patience_and_is_silent_after_calm(rate: int) -> None:
    # Limit: half a width a second, 2.5 m/s at 5 m.
    guard = Guard(Limits.for_generator(5))
    assert trucked(guard, GuardState(), 2.4, 3.0, rate).warning is None
    assert trucked(guard, GuardState(), 5.0, 0.2, rate).warning is None, "a jerk is no reason"
    warned = trucked(guard, GuardState(), 5.0, 1.0, rate)
    assert warned.warning is not None
    assert "(50 % of its width a second)" in warned.warning
    assert trucked(guard, warned, 2.3, 3.0, rate).warning == warned.warning, "just below is not yet calm"
    slowing = trucked(guard, warned, 1.0, 0.4, rate)
    assert slowing.warning == warned.warning
    assert trucked(guard, slowing, 1.0, 1.0, rate).warning is None


def test_turning_has_a_warning_of_its_own_and_a_cut_begins_afresh() -> None:
    guard, state = Guard(Limits.for_generator(5, share_per_picture=10.0)), GuardState()
    for _ in range(48):
        state = guard.step(state, HERE, moved(yaw=math.radians(90) / 24), 1 / 24, 5.0)
    assert state.warning == "turning faster than the generator holds (30° a second): turn slower"
    assert guard.step(state, HERE, HERE, 0.0, 5.0) == state
    assert guard.step(state, HERE, replace(HERE, is_cut=True), 1 / 24, 5.0) == GuardState()
