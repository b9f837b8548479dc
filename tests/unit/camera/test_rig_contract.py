"""What every rig and every stage must do, alone and together, run on the examples that their files give."""

import math
from dataclasses import replace
from functools import cache
from typing import Any, cast

import pytest

from director.camera.fly import NO_INTENT, FlyIntent
from director.camera.rig import Rig, RigState
from director.camera.rigs import mount_rig, rig_names
from director.camera.stage import Aim, Body, Finalize, Noise, Stage
from director.camera.stages import example_stage, stage_names
from director.errors import UsageError
from director.math3d import quaternion_angle
from tests.unit.camera.rig_shots import CAMERA, RATES, driven, shot, still, walking

FAMILIES = ("body", "aim", "noise", "finalize")
BODIES, AIMS, FINALIZES = stage_names("body"), stage_names("aim"), stage_names("finalize")


def finalized(*names: str) -> tuple[Finalize[Any], ...]:
    return tuple(cast(Finalize[Any], example_stage("finalize", name)) for name in names)


def composed(body: str, aim: str, *finalize: str) -> Rig:
    return Rig(
        cast(Body[Any], example_stage("body", body)),
        cast(Aim[Any], example_stage("aim", aim)),
        cast(Noise, example_stage("noise", "handheld")),
        finalized(*finalize),
    )


def check_rates(rig: Rig) -> None:
    """The same shot at every rate ends within 1 % of the way that was gone, turned and zoomed."""
    reference = shot(rig, RATES[-1])
    end = rig.camera(reference)
    begin = CAMERA
    metres = max(1.0, math.dist(begin.position, end.position))
    turned = max(0.3, quaternion_angle(begin.orientation, end.orientation))
    for rate in RATES[:-1]:
        state = shot(rig, rate)
        camera = rig.camera(state)
        assert state.time_s == pytest.approx(reference.time_s)
        assert math.dist(camera.position, end.position) < 0.01 * metres, rate
        assert quaternion_angle(camera.orientation, end.orientation) < 0.01 * turned, rate
        assert camera.lens.focal_length_mm == pytest.approx(end.lens.focal_length_mm, rel=0.01), rate
        assert camera.lens.focus_distance_m == pytest.approx(end.lens.focus_distance_m, rel=0.01), rate


def test_the_families_are_those_there_are() -> None:
    assert set(BODIES) >= {"crane", "fly", "follow", "orbit", "rail", "steadicam", "walk"}
    assert set(AIMS) >= {"free", "group", "look-at", "none"}
    assert set(FINALIZES) >= {"collide", "dolly-zoom", "focus", "lock", "stabilise"}
    assert set(rig_names()) >= set(BODIES)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_stage_is_of_its_family_and_frozen(family: str) -> None:
    kind = {"body": Body, "aim": Aim, "noise": Noise, "finalize": Finalize}[family]
    for name in stage_names(family):
        stage = example_stage(family, name)
        assert isinstance(stage, kind)
        assert type(stage).__doc__
        assert type(stage).__dict__["__dataclass_params__"].frozen
    with pytest.raises(UsageError, match=r"no .* is called 'quite-other'"):
        example_stage(family, "quite-other")


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("body", BODIES)
def test_body_and_aim_go_alike_at_every_tick_rate(body: str, aim: str) -> None:
    check_rates(composed(body, aim))


@pytest.mark.parametrize("aim", AIMS)
@pytest.mark.parametrize("body", BODIES)
def test_all_finalizers_go_alike_at_every_tick_rate(body: str, aim: str) -> None:
    check_rates(composed(body, aim, *FINALIZES))


@pytest.mark.parametrize("finalize", FINALIZES)
@pytest.mark.parametrize("body", BODIES)
def test_each_finalizer_goes_alike_at_every_tick_rate(body: str, finalize: str) -> None:
    check_rates(composed(body, "look-at", finalize))


@pytest.mark.parametrize("subject", ["subject", None])
@pytest.mark.parametrize("name", rig_names())
def test_every_rig_goes_alike_at_every_tick_rate(name: str, subject: str | None) -> None:
    if name == "follow" and subject is None:
        with pytest.raises(UsageError, match="nothing to follow"):
            mount_rig(name, CAMERA, subject)
        return
    check_rates(mount_rig(name, CAMERA, subject))


@pytest.mark.parametrize("subject", ["subject", None])
@pytest.mark.parametrize("name", rig_names())
def test_every_rig_takes_over_without_a_jump(name: str, subject: str | None) -> None:
    if name == "follow" and subject is None:
        return
    rig = mount_rig(name, CAMERA, subject)
    camera = rig.camera(rig.step(rig.take_over(CAMERA, still(0)), NO_INTENT, still(0), 1 / 60))
    assert math.dist(camera.position, CAMERA.position) < 0.1
    assert quaternion_angle(camera.orientation, CAMERA.orientation) < 0.05
    assert camera.lens == CAMERA.lens


@cache
def a_rig(name: str) -> Rig:
    return replace(mount_rig(name, CAMERA, "subject"), finalize=finalized(*FINALIZES))


@pytest.mark.parametrize("name", rig_names())
def test_the_same_inputs_give_the_same_states(name: str) -> None:
    rig = a_rig(name)
    begin = rig.start(CAMERA, walking(0))
    once = driven(rig, begin, 0.5, 24, FlyIntent(move=(1, 0, 1)))
    again = driven(rig, begin, 0.5, 24, FlyIntent(move=(1, 0, 1)))
    assert once == again
    assert rig.camera(once) == rig.camera(again)
    assert begin == rig.start(CAMERA, walking(0)), "a step changes nothing that it is given"


@pytest.mark.parametrize("name", rig_names())
def test_the_hands_have_a_say(name: str) -> None:
    rig = mount_rig(name, CAMERA, "subject")
    begin = rig.start(CAMERA, still(0))
    moved = driven(rig, begin, 1.0, 24, FlyIntent(move=(0, 0, 1)), move=0)
    left = driven(rig, begin, 1.0, 24, NO_INTENT, move=0)
    assert math.dist(moved.pose.position, left.pose.position) > 0.3


@pytest.mark.parametrize("name", rig_names())
def test_noise_never_feeds_back(name: str) -> None:
    quiet = replace(mount_rig(name, CAMERA, "subject"), noise=None)
    shaken = replace(quiet, noise=cast(Noise, example_stage("noise", "handheld")))
    assert shot(shaken, 24) == shot(quiet, 24)
    camera = shaken.camera(shot(shaken, 24))
    assert camera.correction.position != (0, 0, 0)
    assert replace(camera, correction=quiet.camera(shot(quiet, 24)).correction) == quiet.camera(
        shot(quiet, 24)
    )


@pytest.mark.parametrize("name", rig_names())
def test_cuts_are_told_once(name: str) -> None:
    rig = a_rig(name)
    first = rig.step(rig.start(CAMERA, walking(0)), NO_INTENT, walking(0.1), 0.1)
    assert rig.camera(first).is_cut
    second = rig.step(first, NO_INTENT, walking(0.2), 0.1)
    assert not rig.camera(second).is_cut
    taken = rig.take_over(CAMERA, walking(0))
    assert not rig.camera(rig.step(taken, NO_INTENT, walking(0.1), 0.1)).is_cut
    jumped = rig.teleport(second, still(0))
    assert rig.camera(rig.step(jumped, NO_INTENT, still(0), 0.1)).is_cut


@pytest.mark.parametrize("name", rig_names())
def test_after_a_teleport_the_rig_is_at_rest(name: str) -> None:
    rig = mount_rig(name, CAMERA, "subject")
    moving = driven(rig, rig.start(CAMERA, walking(0)), 1.0, 24, FlyIntent(move=(0, 0, 1)))
    far = {name: replace(it, position=(30.0, 0.0, -20.0), heading=2.0) for name, it in still(0).items()}
    settled = rig.teleport(moving, far)
    later = rig.step(settled, NO_INTENT, far, 0.5)
    assert math.dist(settled.pose.position, later.pose.position) < 1e-3
    assert quaternion_angle(settled.pose.camera().orientation, later.pose.camera().orientation) < 1e-3


@pytest.mark.parametrize("name", rig_names())
def test_a_tick_of_no_length_moves_nothing_and_loses_no_drag(name: str) -> None:
    rig = replace(mount_rig(name, CAMERA, "subject"), aim=cast(Aim[Any], example_stage("aim", "free")))
    begin = driven(rig, rig.start(CAMERA, still(0)), 0.5, 24, move=0)
    drag = FlyIntent(look_rad=(0.2, 0.05))
    waited = rig.step(begin, drag, still(0), 0.0)
    assert waited.pose == begin.pose
    late = rig.step(waited, NO_INTENT, still(0), 0.1)
    assert late == rig.step(begin, drag, still(0), 0.1)
    assert late.pose.pan > begin.pose.pan + 0.1


@pytest.mark.parametrize(("family", "name"), [(f, n) for f in FAMILIES for n in stage_names(f)])
def test_a_missing_subject_is_told_by_its_name(family: str, name: str) -> None:
    stage = example_stage(family, name)
    named = "subject" in repr(stage)
    if isinstance(stage, Stage) and named:
        with pytest.raises(UsageError, match="no subject is called"):
            stage.start(shot_pose(), {})


def shot_pose() -> Any:
    rig = mount_rig("fly", CAMERA)
    return rig.start(CAMERA, {}).pose


def test_a_rig_keeps_the_depth_range_of_its_shot() -> None:
    rig = mount_rig("fly", CAMERA)
    state: RigState = rig.start(replace(CAMERA, depth_range_m=(0.5, 40.0)), {})
    assert rig.camera(rig.step(state, NO_INTENT, {}, 0.1)).depth_range_m == (0.5, 40.0)
    with pytest.raises(UsageError, match="no rig is called"):
        mount_rig("pogo", CAMERA)
