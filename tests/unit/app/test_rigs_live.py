"""Rigs, cameras, focus and setups as a session's flight drives them."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.app.flight import CAMERAS, Flight
from director.app.mount import Mount
from director.app.surroundings import Surroundings
from director.camera.framing import seen
from director.camera.lens import FILM_BACKS
from director.camera.rigs import rig_names
from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.camera.stage import pose_of
from director.errors import UsageError
from director.math3d import quaternion_angle, quaternion_from_euler, rotate
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import Rename, RenameCameraMove
from director.types import CameraState, Lens

DT = 1 / 30
AHEAD = FlyIntent(move=(0.0, 0.0, 1.0))
ASIDE = FlyIntent(move=(1.0, 0.0, 0.3), look_rate=(0.4, 0.1))


def scene(*, has_ben: bool = True) -> CompiledScene:
    people = [
        {"kind": "mannequin", "name": "anna", "class": "person", "position": [0, 0, 0]},
        {"kind": "mannequin", "name": "ben", "class": "person", "position": [1.5, 0, 0.5]},
    ]
    return CompiledScene(
        Scene.model_validate(
            {
                "schema_version": 1,
                "name": "two",
                "objects": [
                    *people[: 2 if has_ben else 1],
                    {
                        "kind": "box",
                        "name": "wall",
                        "class": "wall",
                        "size": [6, 3, 0.2],
                        "position": [0, 0, 3],
                    },
                ],
                "moves": [
                    {
                        "kind": "dolly-in",
                        "name": "in",
                        "start": [0, 1.6, 8],
                        "end": [0, 1.6, 5],
                        "look_at": {"object": "anna", "offset": [0, 1.4, 0]},
                    }
                ],
            }
        )
    )


@pytest.fixture
def flight() -> Flight:
    made = Flight(scene())
    made.tick(NO_INTENT, 0.0, 0.0)
    return made


def flown(flight: Flight, intent: FlyIntent, seconds: float) -> CameraState:
    camera = flight.camera
    for _ in range(round(seconds / DT)):
        camera = flight.tick(intent, 0.0, DT)
    return camera


def jump(before: CameraState, after: CameraState) -> tuple[float, float, float]:
    """Metres, radians, and the ratio of focal lengths."""
    zoom = abs(math.log(after.lens.focal_length_mm / before.lens.focal_length_mm))
    turn = quaternion_angle(before.orientation, after.orientation)
    return math.dist(before.position, after.position), turn, zoom


mounts = st.builds(
    Mount,
    rig=st.sampled_from(rig_names()),
    subject=st.sampled_from(("anna", "ben")),
    aim=st.sampled_from(("rig", "hands", "look at", "group")),
    group=st.just(("anna", "ben")),
    zooms=st.booleans(),
    shake=st.just("none"),
    steady=st.sampled_from((0.0, 0.7)),
    locks=st.sampled_from((frozenset[str](), frozenset({"y"}), frozenset({"x", "roll"}))),
    inertia=st.sampled_from((1.0, 3.0)),
)


@settings(max_examples=25, deadline=None)
@given(mounts, mounts)
def test_no_change_of_rig_jumps_or_cuts(first: Mount, second: Mount) -> None:
    flight = Flight(scene())
    # From a canted camera in mid-air, which no rig would have chosen.
    orientation = quaternion_from_euler(0.3, -0.2, 0.25)
    flight.place(CameraState((1.0, 2.2, 6.0), orientation, Lens(focal_length_mm=32.0)))
    flight.tick(NO_INTENT, 0.0, DT)
    for mount in (first, second):
        before = flown(flight, ASIDE, 0.1)
        flight.carry(mount)
        for _ in range(3):
            after = flight.tick(ASIDE, 0.0, 1e-3)
            assert not after.is_cut
            metres, turn, zoom = jump(before, after)
            # No more than hands can fly, turn and zoom in a thousandth of a second.
            assert metres < 0.015
            assert turn < math.radians(0.5)
            assert zoom < 0.01
            before = after


@pytest.mark.parametrize("rig", rig_names())
def test_every_rig_answers_the_hands_live(flight: Flight, rig: str) -> None:
    flight.live.take_over()
    flight.carry(Mount(rig=rig, subject="anna"))
    start = flight.tick(NO_INTENT, 0.0, DT)
    moved = flown(flight, AHEAD, 1.0)
    assert math.dist(start.position, moved.position) > 0.2
    assert flight.tick(NO_INTENT, 0.0, DT).is_cut is False


def test_an_orbit_keeps_its_distance_and_its_subject_in_the_middle(flight: Flight) -> None:
    flight.carry(Mount(rig="orbit", subject="anna"))
    flown(flight, NO_INTENT, 2.0)
    before = flight.camera
    after = flown(flight, FlyIntent(move=(1.0, 0.0, 0.0)), 1.0)
    after = flown(flight, NO_INTENT, 2.0)
    assert math.hypot(*after.position[::2]) == pytest.approx(math.hypot(*before.position[::2]), rel=1e-2)
    assert math.dist(before.position, after.position) > 1.0
    pose = pose_of(after)
    x, y, z = (s - p for s, p in zip((0.0, 1.02, 0.0), after.position, strict=True))
    right, up, depth = seen((x, y, z), pose.pan, pose.tilt)
    assert abs(right / depth) < 0.02
    assert abs(up / depth) < 0.1


def test_following_without_a_subject_changes_nothing(flight: Flight) -> None:
    with pytest.raises(UsageError, match="nothing to follow"):
        flight.carry(Mount(rig="follow"))
    assert flight.mount == Mount()
    assert flight.riding is not None
    with pytest.raises(UsageError):
        flight.carry(Mount(rig="barrow"))


def test_a_dolly_zoom_holds_the_height_while_flying_and_on_a_move(flight: Flight) -> None:
    def height(camera: CameraState) -> float:
        pose = pose_of(camera)
        x, y, z = (s - p for s, p in zip((0.0, 0.0, 0.0), camera.position, strict=True))
        _, low, near = seen((x, y, z), pose.pan, pose.tilt)
        _, high, far = seen((x, y + 1.75, z), pose.pan, pose.tilt)
        return camera.lens.focal_length_mm * (high / far - low / near)

    flight.carry(replace(flight.mount, subject="anna", dolly_zoom=True))
    assert flight.riding is not None, "a dolly zoom does not take the camera off its move"
    start = flight.tick(NO_INTENT, 0.0, DT)
    ridden = flight.tick(NO_INTENT, 6.0, DT)
    assert ridden.lens.focal_length_mm < 0.8 * start.lens.focal_length_mm
    assert height(ridden) == pytest.approx(height(start), rel=0.02)
    flight.carry(replace(flight.mount, aim="hands"))
    flown(flight, NO_INTENT, 1.0)
    before = flight.camera
    after = flown(flight, FlyIntent(move=(0.0, 0.0, -1.0)), 1.0)
    assert after.lens.focal_length_mm > 1.2 * before.lens.focal_length_mm
    assert height(after) == pytest.approx(height(before), rel=0.02)
    flight.carry(replace(flight.mount, dolly_zoom=False))
    off = flight.tick(NO_INTENT, 0.0, DT)
    assert off.lens.focal_length_mm == pytest.approx(after.lens.focal_length_mm, rel=1e-3)
    flight.live.zoom(50.0)
    assert flown(flight, NO_INTENT, 0.5).lens.focal_length_mm == pytest.approx(50.0)


def test_solid_walls_stop_a_flight_and_are_left_alone_elsewhere(flight: Flight) -> None:
    flight.carry(Mount(aim="hands", collides=True))
    flown(flight, AHEAD, 6.0)
    # The wall's near side lies at 3.1 m, the camera is a ball of 0.15 m.
    assert flight.camera.position[2] == pytest.approx(3.25, abs=0.02)
    flight.carry(Mount())
    assert flown(flight, AHEAD, 3.0).position[2] < 2.0


def test_locks_hold_their_axes(flight: Flight) -> None:
    flight.carry(Mount(locks=frozenset({"y", "pan"})))
    before = flight.tick(NO_INTENT, 0.0, DT)
    after = flown(flight, FlyIntent(move=(1.0, 1.0, 0.0), look_rate=(1.0, 0.3)), 1.0)
    assert after.position[1] == pytest.approx(before.position[1])
    assert pose_of(after).pan == pytest.approx(pose_of(before).pan)
    assert pose_of(after).tilt > pose_of(before).tilt + 0.1
    assert after.position[0] > before.position[0] + 0.5


def test_shake_is_a_correction_and_rides_along(flight: Flight) -> None:
    flight.carry(Mount(shake="run"))
    ridden = flight.tick(NO_INTENT, 2.0, DT)
    assert flight.riding is not None
    assert math.hypot(*ridden.correction.position) > 0
    assert ridden.position == flight.riding.camera_at(2.0, flight._scene.locate).position
    again = flight.tick(NO_INTENT, 2.0, DT)
    assert again.correction == ridden.correction, "of the scene's time alone"


def test_speed_and_inertia(flight: Flight) -> None:
    flight.carry(Mount(inertia=5.0))
    flight.live.take_over()
    flight.live.ask_speed(8.0)
    flown(flight, NO_INTENT, 0.1)
    assert flight.speed_m_s == pytest.approx(8.0)
    heavy = flown(flight, AHEAD, 0.3)
    other = Flight(scene())
    other.tick(NO_INTENT, 0.0, 0.0)
    other.live.take_over()
    other.live.ask_speed(8.0)
    flown(other, NO_INTENT, 0.1)
    light = flown(other, AHEAD, 0.3)
    assert heavy.position[2] > light.position[2] + 0.5


def test_cameras_keep_what_is_theirs_and_a_cut_is_exact(flight: Flight) -> None:
    a = flight.tick(NO_INTENT, 1.0, DT)
    assert flight.cut_to("B", 1.0)
    first = flight.tick(NO_INTENT, 1.0, DT)
    assert first.is_cut
    assert first.position == a.position
    assert not flight.tick(NO_INTENT, 1.0, DT).is_cut
    flight.live.zoom(85.0)
    flight.set_film_back("full-frame")
    flight.carry(Mount(rig="orbit", subject="ben"))
    b = flown(flight, AHEAD, 0.5)
    assert (b.lens.focal_length_mm, b.lens.film_back_width_mm) == (85.0, FILM_BACKS["full-frame"][0])
    assert not flight.cut_to("A", 1.0)
    back = flight.tick(NO_INTENT, 1.0, DT)
    assert back.is_cut
    assert (back.position, back.lens) == (a.position, a.lens)
    assert flight.mount == Mount()
    assert flight.riding is not None
    assert not flight.cut_to("A", 1.0), "to where one is already is no cut"
    assert not flight.tick(NO_INTENT, 1.0, DT).is_cut
    assert [camera.name for camera in flight.cameras] == ["A", "B"]
    assert (flight.next_name(1), flight.next_name(-1)) == ("B", "B")
    assert flight.strike("B")
    assert not flight.strike("A")
    with pytest.raises(KeyError):
        flight.cut_to("E", 0.0)
    assert flight.next_name(1) == CAMERAS[1]


def test_focus_is_pulled_and_goes_with_somebody(flight: Flight) -> None:
    flight.live.take_over()
    start = flight.tick(NO_INTENT, 0.0, DT).lens.focus_distance_m
    flight.focus_at(2.0, 1.0)
    half = flown(flight, NO_INTENT, 0.5).lens.focus_distance_m
    assert 2.0 < half < start
    assert flown(flight, NO_INTENT, 0.6).lens.focus_distance_m == pytest.approx(2.0)
    flight.track_focus("anna")
    camera = flown(flight, AHEAD, 1.0)
    assert camera.lens.focus_distance_m == pytest.approx(camera.position[2], rel=0.02)
    assert flight.live.puller.tracked == "anna"
    flight.track_focus(None)
    held = flight.camera.lens.focus_distance_m
    assert flown(flight, AHEAD, 0.5).lens.focus_distance_m == pytest.approx(held)


def test_a_shot_is_taken_by_a_cut_or_on_an_eased_way(flight: Flight) -> None:
    goal = CameraState((3.0, 1.2, 4.0), quaternion_from_euler(0.7, -0.1, 0.0), Lens(focal_length_mm=75.0))
    flight.place(goal)
    there = flight.tick(NO_INTENT, 0.0, DT)
    assert there.is_cut
    assert there.position == goal.position
    assert there.lens == goal.lens
    assert rotate(there.orientation, (0, 0, -1)) == pytest.approx(rotate(goal.orientation, (0, 0, -1)))
    other = replace(goal, position=(-2.0, 1.6, 5.0), lens=Lens(focal_length_mm=32.0))
    flight.place(other, 1.0)
    before = flight.camera
    for _ in range(29):
        camera = flight.tick(NO_INTENT, 0.0, DT)
        assert not camera.is_cut
        assert math.dist(before.position, camera.position) < 0.4
        before = camera
    arrived = flown(flight, NO_INTENT, 0.2)
    assert arrived.position == pytest.approx(other.position)
    assert arrived.lens == other.lens
    flight.place(goal, 2.0)
    flight.tick(NO_INTENT, 0.0, DT)
    flown(flight, AHEAD, 0.5)
    left = flown(flight, NO_INTENT, 3.0)
    assert math.dist(left.position, goal.position) > 0.5, "hands end the way"


def test_who_is_no_more_in_the_scene_is_let_go_of(flight: Flight) -> None:
    flight.carry(Mount(rig="follow", subject="ben"))
    flight.track_focus("ben")
    before = flight.tick(NO_INTENT, 0.0, DT)
    flight.replace_scene(scene(has_ben=False))
    after = flight.tick(NO_INTENT, 0.0, DT)
    assert math.dist(before.position, after.position) < 0.05
    assert (flight.mount.rig, flight.mount.subject, flight.live.puller.tracked) == ("fly", None, None)


def test_a_carried_camera_keeps_its_look(flight: Flight) -> None:
    before = flight.camera
    flight.shift((1.0, 2.0, 3.0))
    after = flight.tick(NO_INTENT, 0.0, DT)
    assert not after.is_cut
    assert after.position == pytest.approx((1.0, 2.0, 3.0))
    assert quaternion_angle(before.orientation, after.orientation) < 1e-6


def test_boxes_around_a_place_and_not_those_it_is_within() -> None:
    around = Surroundings(scene())
    near = around.boxes((0.0, 1.6, 3.6), 0.0)
    assert any(box.half_size == pytest.approx((3.0, 1.5, 0.1)) for box in near)
    assert all(box.half_size != pytest.approx((3.0, 1.5, 0.1)) for box in around.boxes((0.0, 1.5, 3.0), 0.0))
    assert around.boxes((0.0, 1.6, 40.0), 0.0) == ()
    subject = around.subjects(frozenset({"ben", "nobody"}), 0.0)
    assert list(subject) == ["ben"]
    assert subject["ben"].position == pytest.approx((1.5, 0.0, 0.5))
    assert 1.5 < subject["ben"].height_m < 2.0


def test_who_is_renamed_is_followed_on(flight: Flight) -> None:
    flight.carry(Mount(rig="follow", subject="ben", group=("anna", "ben")))
    flight.track_focus("ben")
    before = flown(flight, NO_INTENT, 1.0)
    edited = Rename("ben", "bert").apply(scene().scene)
    flight.replace_scene(CompiledScene(edited), {"ben": "bert"})
    after = flight.tick(NO_INTENT, 0.0, DT)
    assert not after.is_cut
    assert math.dist(before.position, after.position) < 0.05
    assert after.lens.focus_distance_m == pytest.approx(before.lens.focus_distance_m, rel=0.02)
    mount = flight.mount
    assert (mount.rig, mount.subject, mount.group) == ("follow", "bert", ("anna", "bert"))
    assert flight.live.puller.tracked == "bert"


def test_one_who_is_out_of_sight_may_be_renamed(flight: Flight) -> None:
    flight.carry(replace(flight.mount, subject="anna", dolly_zoom=True, aim="hands"))
    # Past her, so that she is behind: her height in the picture is none.
    past = flown(flight, AHEAD, 8.0)
    assert past.position[2] < -0.5
    assert flight.mount.dolly_zoom
    edited = Rename("anna", "eve").apply(scene().scene)
    flight.replace_scene(CompiledScene(edited), {"anna": "eve"})
    assert (flight.mount.subject, flight.mount.dolly_zoom) == ("eve", False)


def test_a_move_is_ridden_on_under_another_name(flight: Flight) -> None:
    assert flight.riding is not None
    edited = RenameCameraMove("in", "closer").apply(scene().scene)
    flight.replace_scene(CompiledScene(edited))
    assert flight.riding.name == "closer"
