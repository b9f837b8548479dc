"""What every kind of camera move must do, run on the example that each kind's file gives."""

import json
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from director.camera.moves import Locate, Move, move_kinds, parse_move
from director.math3d import quaternion_angle, rotate
from director.types import CameraState, Vector

STEP_S = 1 / 240
EXAMPLES: list[dict[str, Any]] = [
    raw for kind in move_kinds().values() for raw in kind.model_json_schema()["examples"]
]


def standing(name: str, time_s: float) -> tuple[Vector, float]:
    return (0.0, 0.0, 0.0), 0.4


def walking(name: str, time_s: float) -> tuple[Vector, float]:
    return (0.3 * time_s, 0.0, 1.2 * time_s), 0.0


def circling(name: str, time_s: float) -> tuple[Vector, float]:
    """Round a corner again and again; the heading jumps from π to −π, as atan2 gives it."""
    angle = 0.9 * time_s
    heading = math.atan2(math.sin(angle + math.pi / 2), math.cos(angle + math.pi / 2))
    return (3 * math.sin(angle), 0.1 * math.sin(time_s), 3 * math.cos(angle)), heading


def stop_and_go(name: str, time_s: float) -> tuple[Vector, float]:
    """Starts at full speed at 1 s and stops dead at 3 s."""
    return (2.0 * min(max(time_s - 1, 0), 2), 0.0, 0.0), math.pi / 2


LOCATORS = (standing, walking, circling, stop_and_go)


@pytest.fixture(params=EXAMPLES, ids=[raw["kind"] for raw in EXAMPLES])
def raw(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


@pytest.fixture
def move(raw: dict[str, Any]) -> Move:
    return parse_move(raw)


@pytest.fixture(params=LOCATORS, ids=[locate.__name__ for locate in LOCATORS])
def locate(request: pytest.FixtureRequest) -> Locate:
    found: Locate = request.param
    return found


def times(move: Move) -> list[float]:
    return list(np.arange(-0.5, move.duration_s + 1, STEP_S))


def test_every_kind_is_named_for_its_file_and_has_an_example() -> None:
    assert {"crane-up", "dolly-in", "follow", "hold", "orbit"} <= set(move_kinds())
    for name, kind in move_kinds().items():
        assert kind.__module__.rpartition(".")[2].replace("_", "-") == name
        assert kind.__doc__
        assert kind.model_json_schema()["examples"]


def test_is_a_function_of_time_alone(move: Move, locate: Locate) -> None:
    moments = [0.0, 2.5, 0.7, 2.5, 5.9, 0.0]
    forwards = [move.camera_at(time_s, locate) for time_s in moments]
    backwards = [move.camera_at(time_s, locate) for time_s in reversed(moments)]
    assert forwards == backwards[::-1]
    assert move == parse_move(move.model_dump())


def test_states_are_finite_unit_and_upright(move: Move, locate: Locate) -> None:
    for time_s in times(move)[::6]:
        camera = move.camera_at(time_s, locate)
        assert np.isfinite([*camera.position, *camera.orientation]).all()
        assert math.hypot(*camera.orientation) == pytest.approx(1, abs=1e-9)
        right = rotate(camera.orientation, (1, 0, 0))
        up = rotate(camera.orientation, (0, 1, 0))
        assert right[1] == pytest.approx(0, abs=1e-9), "the horizon is level"
        assert up[1] > 0
        assert camera.lens.focal_length_mm == move.focal_length_mm
        assert camera.lens.focus_distance_m > 0
        assert not camera.is_cut


def test_never_jumps(move: Move, locate: Locate) -> None:
    """Between steps of 1/240 s it moves little, and cutting the worst step finer makes it smaller."""
    assert _worst_step(move, locate, lambda a, b: math.dist(a.position, b.position)) < 0.1
    assert _worst_step(move, locate, lambda a, b: quaternion_angle(a.orientation, b.orientation)) < 0.1


def _worst_step(move: Move, locate: Locate, between: Callable[[CameraState, CameraState], float]) -> float:
    at = times(move)
    states = [move.camera_at(time_s, locate) for time_s in at]
    steps = [between(a, b) for a, b in pairwise(states)]
    worst = int(np.argmax(steps))
    finer = [move.camera_at(time_s, locate) for time_s in np.linspace(at[worst], at[worst + 1], 11)]
    fine_steps = [between(a, b) for a, b in pairwise(finer)]
    # A jump would stay as large however finely time is cut.
    assert max(fine_steps) < 0.3 * steps[worst] + 1e-5
    return steps[worst]


def test_stands_before_its_start_and_after_its_end(move: Move) -> None:
    first, last = move.camera_at(0.0, standing), move.camera_at(move.duration_s, standing)
    for early in (-10.0, -0.01):
        assert move.camera_at(early, standing) == first
    for late in (0.01, 100.0):
        assert move.camera_at(move.duration_s + late, standing) == last


def test_takes_its_whole_duration(raw: dict[str, Any]) -> None:
    quick, slow = parse_move({**raw, "duration_s": 2.0}), parse_move({**raw, "duration_s": 8.0})
    for share in (0.0, 0.2, 0.5, 0.9, 1.0):
        a, b = quick.camera_at(2 * share, standing), slow.camera_at(8 * share, standing)
        assert a.position == pytest.approx(b.position)
        assert a.orientation == pytest.approx(b.orientation)


def test_survives_json(move: Move, locate: Locate) -> None:
    again = parse_move(json.loads(json.dumps(move.model_dump(mode="json"))))
    assert again == move
    assert again.camera_at(1.3, locate) == move.camera_at(1.3, locate)


def test_asks_only_for_the_objects_that_it_names(move: Move) -> None:
    asked: set[str] = set()

    def note(name: str, time_s: float) -> tuple[Vector, float]:
        asked.add(name)
        return (0.0, 0.0, 0.0), 0.0

    move.camera_at(1.0, note)
    assert asked == move.object_names


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"wobble": 3}, "wobble"),
        ({"duration_s": 0}, "duration_s"),
        ({"duration_s": "6"}, "duration_s"),
        ({"focal_length_mm": True}, "focal_length_mm"),
        ({"duration_s": float("nan")}, "duration_s"),
        ({"duration_s": float("inf")}, "duration_s"),
        ({"name": ""}, "name"),
        ({"ease": "bouncy"}, "ease"),
        ({"film_back": "betamax"}, "film_back"),
        ({"focal_length_mm": 0}, "focal_length_mm"),
        ({"focus_distance_m": -1}, "focus_distance_m"),
    ],
)
def test_refuses_what_it_does_not_know(raw: dict[str, Any], change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        parse_move({**raw, **change})
    assert field in {str(part) for error in caught.value.errors() for part in error["loc"]}


def test_near_and_far_of_the_shot_reach_the_camera(raw: dict[str, Any]) -> None:
    assert parse_move(raw).camera_at(0.0, standing).depth_range_m is None
    ranged = parse_move({**raw, "near_m": 0.5, "far_m": 40.0})
    assert ranged.camera_at(1.0, standing).depth_range_m == (0.5, 40.0)
    for half in ({"near_m": 1.0}, {"far_m": 9.0}, {"near_m": 9.0, "far_m": 9.0}):
        with pytest.raises(ValidationError, match="near_m"):
            parse_move({**raw, **half})


def test_refuses_what_is_missing(raw: dict[str, Any]) -> None:
    kind = move_kinds()[raw["kind"]]
    required = [name for name, spec in kind.model_fields.items() if spec.is_required()]
    assert "name" in required
    for name in required:
        with pytest.raises(ValidationError):
            parse_move({key: value for key, value in raw.items() if key != name})


def test_cannot_be_changed(move: Move) -> None:
    with pytest.raises(ValidationError):
        move.duration_s = 1.0


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(ValidationError, match="dolly-in"):
        parse_move({"kind": "teleport", "name": "no"})
