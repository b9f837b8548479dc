"""The clock of a range, and one channel recorded again."""

import math

import pytest

from director.app.redo import Redo
from director.app.transport import Transport
from director.camera.angles import angles_from_orientation, orientation_from_angles
from director.camera.rigs.fly import NO_INTENT, FlyIntent
from director.take.track import TrackLine
from director.types import CameraState, Direction, Lens, Tick

_TICK_S = 0.05


def test_a_range_goes_round_and_round() -> None:
    clock = Transport(10.0)
    clock.set_range(2.0, 4.0)
    clock.loops = True
    clock.seek(1.0)
    assert clock.toggle(), "outside the range it begins at its start"
    assert clock.time_s == 2.0
    assert not clock.advance(1.5)
    assert clock.advance(1.0), "the way back is a cut"
    assert (clock.time_s, clock.is_playing) == (2.0, True)
    clock.loops = False
    assert not clock.advance(9.0)
    assert (clock.time_s, clock.is_playing) == (4.0, False)


def test_seeking_stops_and_may_leave_the_range() -> None:
    clock = Transport(3.0)
    clock.toggle()
    clock.seek(7.5)
    assert (clock.time_s, clock.is_playing) == (7.5, False)
    clock.seek(-1.0)
    assert clock.time_s == 0.0
    with pytest.raises(ValueError, match="no range"):
        clock.set_range(2.0, 2.0)


def _earlier() -> list[TrackLine]:
    lines = []
    for i in range(61):
        time_s = 1.0 + i * _TICK_S
        camera = CameraState(
            (i * 0.1, 2.0, 8.0), orientation_from_angles((i * 0.5, 5.0, 0.0)), Lens(focus_distance_m=4.0)
        )
        lines.append(TrackLine(Tick(i, time_s, _TICK_S), camera, Direction("noon")))
    return lines


def _run(redo: Redo, intent: FlyIntent, ticks: int = 60) -> list[TrackLine]:
    live = []
    for i in range(ticks + 1):
        time_s = 1.0 + i * _TICK_S
        redo.step(intent if i else NO_INTENT, time_s, _TICK_S if i else 0.0)
        live.append(TrackLine(Tick(100 + i, time_s, _TICK_S), redo.camera, Direction("noon")))
    return live


def test_the_hand_drives_focus_and_nothing_else() -> None:
    redo = Redo("wide", _earlier(), frozenset({"focus"}))
    live = _run(redo, FlyIntent(move=(0.0, 0.0, 1.0)))
    assert live[0].camera.lens.focus_distance_m == 4.0
    assert live[-1].camera.lens.focus_distance_m == pytest.approx(4.0 * math.exp(0.9 * 3.0))
    for old, new in zip(_earlier(), live, strict=True):
        assert new.camera.position == pytest.approx(old.camera.position)
        assert new.camera.orientation == pytest.approx(old.camera.orientation)
    merged = redo.merged(live)
    assert [line.camera.lens.focus_distance_m for line in merged] == pytest.approx(
        [line.camera.lens.focus_distance_m for line in live]
    )
    assert [line.tick for line in merged] == [line.tick for line in _earlier()]


def test_the_hand_pans_while_the_rest_goes_its_way() -> None:
    redo = Redo("wide", _earlier(), frozenset({"pan"}))
    live = _run(redo, FlyIntent(look_rate=(0.2, 1.0), move=(1.0, 0.0, 0.0)))
    yaw, pitch, _ = angles_from_orientation(live[-1].camera.orientation)
    # From where the pass began, at a fifth of 110 degrees a second for 3 s; the rig is a little behind.
    assert yaw == pytest.approx(66, abs=3)
    assert pitch == pytest.approx(5.0)
    assert live[-1].camera.position == pytest.approx((6.0, 2.0, 8.0))


def test_a_hand_that_rests_holds_the_channel() -> None:
    redo = Redo("wide", _earlier(), frozenset({"position"}))
    live = _run(redo, NO_INTENT)
    assert {line.camera.position for line in live} == {(0.0, 2.0, 8.0)}
    yaw, _, _ = angles_from_orientation(live[-1].camera.orientation)
    assert yaw == pytest.approx(30.0)
