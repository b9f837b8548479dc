"""The camera between moves and hands, the scene's clock, and notices."""

import math

import pytest

from director.app.flight import Flight
from director.app.notices import Notices
from director.app.transport import Transport
from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.math3d import rotate
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import load_scene

FORWARD = FlyIntent(move=(0.0, 0.0, 1.0))


@pytest.fixture
def flight() -> Flight:
    return Flight(CompiledScene(load_scene("night_alley")))


def test_it_begins_on_the_first_move_with_a_cut(flight: Flight) -> None:
    assert flight.riding is not None
    first = flight.tick(NO_INTENT, 0.0, 0.0)
    assert first.is_cut
    second = flight.tick(NO_INTENT, 1.0, 1.0)
    assert not second.is_cut
    assert second.position == flight.riding.camera_at(1.0, flight._scene.locate).position


def test_hands_take_over_without_a_jump(flight: Flight) -> None:
    ridden = flight.tick(NO_INTENT, 2.0, 0.1)
    flown = flight.tick(FORWARD, 2.0, 1e-4)
    assert flight.riding is None
    assert not flown.is_cut
    assert math.dist(ridden.position, flown.position) < 1e-3
    assert rotate(flown.orientation, (0, 0, -1)) == pytest.approx(rotate(ridden.orientation, (0, 0, -1)))
    assert flown.lens == ridden.lens
    for _ in range(20):
        later = flight.tick(FORWARD, 2.0, 0.05)
    ahead = rotate(ridden.orientation, (0, 0, -1))
    way = [b - a for a, b in zip(ridden.position, later.position, strict=True)]
    assert sum(a * b for a, b in zip(ahead, way, strict=True)) > 1.0


def test_the_wheel_alone_does_not_take_over(flight: Flight) -> None:
    before = flight.speed_m_s
    flight.tick(FlyIntent(speed_steps=2.0), 0.0, 0.03)
    assert flight.riding is not None
    assert flight.speed_m_s > before


def test_moves_go_round_and_cut(flight: Flight) -> None:
    names = [move.name for move in flight._moves]
    flight.tick(FORWARD, 0.0, 0.1)
    seen = [flight.ride(1) for _ in names]
    assert [move.name for move in seen if move is not None] == [*names[1:], names[0]]
    assert flight.tick(NO_INTENT, 0.0, 0.1).is_cut
    assert not flight.tick(NO_INTENT, 0.0, 0.1).is_cut


def test_a_prime_stays_on_until_another_move_is_ridden(flight: Flight) -> None:
    of_move = flight.tick(NO_INTENT, 0.0, 0.0).lens.focal_length_mm
    longer = flight.change_prime(1)
    assert longer > of_move
    assert flight.tick(NO_INTENT, 0.0, 0.1).lens.focal_length_mm == longer
    assert flight.tick(FORWARD, 0.0, 0.1).lens.focal_length_mm == longer
    flight.ride(0)
    assert flight.tick(NO_INTENT, 0.0, 0.1).lens.focal_length_mm == of_move


def test_walking_ends_at_eye_height(flight: Flight) -> None:
    assert flight.toggle_walk()
    for _ in range(60):
        camera = flight.tick(NO_INTENT, 0.0, 0.05)
    assert camera.position[1] == pytest.approx(1.6, abs=1e-3)
    assert flight.is_walking


def test_a_scene_without_moves_is_seen_whole() -> None:
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": "bare",
            "objects": [
                {"kind": "box", "name": "crate", "class": "box", "size": [2, 2, 2], "position": [5, 0, 0]}
            ],
        }
    )
    flight = Flight(CompiledScene(scene))
    assert flight.riding is None
    camera = flight.tick(NO_INTENT, 0.0, 0.0)
    ahead = rotate(camera.orientation, (0, 0, -1))
    way = [b - a for a, b in zip(camera.position, (5.0, 1.0, 0.0), strict=True)]
    assert sum(a * b for a, b in zip(ahead, way, strict=True)) == pytest.approx(math.hypot(*way), rel=1e-3)
    assert flight.ride(1) is None


def test_the_clock_stops_at_the_end_and_starts_again() -> None:
    clock = Transport(2.0)
    clock.advance(1.0)
    assert clock.time_s == 0.0
    assert not clock.toggle()
    clock.advance(1.5)
    assert clock.time_s == 1.5
    clock.advance(1.0)
    assert (clock.time_s, clock.is_playing) == (2.0, False)
    assert clock.toggle(), "the jump back is a cut"
    assert (clock.time_s, clock.is_playing) == (0.0, True)
    assert not clock.toggle()
    assert not clock.is_playing


def test_notices_fade_and_are_not_doubled() -> None:
    notices = Notices()
    notices.add("one")
    notices.pass_time(4.0)
    notices.add("two", is_problem=True)
    notices.add("one")
    assert [notice.text for notice in notices.shown] == ["two", "one"]
    notices.pass_time(4.9)
    assert len(notices.shown) == 2
    notices.pass_time(0.2)
    assert [notice.text for notice in notices.shown] == ["two"]
    for i in range(9):
        notices.add(str(i))
    assert [notice.text for notice in notices.shown] == ["5", "6", "7", "8"]


def test_keys_of_one_tick_go_on_from_each_other() -> None:
    flight = Flight(CompiledScene(load_scene("night_alley")))
    flight.tick(FlyIntent(), 0.0, 0.03)
    start = flight.camera.lens
    primes = [flight.change_prime(1) for _ in range(3)]
    stops = [flight.change_stop(-1) for _ in range(2)]
    assert primes == sorted(set(primes))
    assert stops == sorted(set(stops), reverse=True)
    lens = flight.tick(FlyIntent(), 0.0, 0.03).lens
    assert (lens.focal_length_mm, lens.f_number) == (primes[-1], stops[-1])
    assert lens.focal_length_mm > start.focal_length_mm
    assert lens.f_number < start.f_number
    flight.focus_at(3.5)
    assert flight.tick(FlyIntent(), 0.0, 0.03).lens.focus_distance_m == 3.5
    flight.ride(0)
    assert flight.tick(FlyIntent(), 0.0, 0.03).lens == start
