"""Shots in scene files."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from director.camera.angles import orientation_from_angles
from director.errors import SceneError
from director.math3d import quaternion_angle
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import load_scene, parse_scene, save_scene
from director.scene.shots import Shot
from director.shots.evaluate import PreparedShot
from director.take.scene_copy import plan_copy
from director.types import CameraState, Direction, Lens
from tests.unit.shots.conftest import SCENE, shot

_FULL: dict[str, Any] = {
    "name": "Über die Gasse 追う",
    "number": "12A",
    "camera": {"kind": "move", "move": "push", "begins_s": 1.5},
    "lens": {"focal_length_mm": 50, "film_back_mm": [36, 24]},
    "start_s": 2,
    "end_s": 5.5,
    "directions": {
        "prompt": "night",
        "object_prompts": {"crate": "gold"},
        "strengths": {"car": 0.5, "scene": 0.25},
        "look": {"wet": 0.7},
        "held": ["ground"],
        "seed": 7,
    },
    "near_m": 1,
    "far_m": 30,
    "marks": [{"time_s": 3, "note": "she turns"}],
    "slate": {"scene": "4", "shot": "12A", "take": 3, "note": "wind"},
    "timeline": {
        "focus_distance_m": {
            "keys": [{"time_s": 2, "value": 4}, {"time_s": 4, "value": 2, "interpolation": "bezier"}]
        },
        "objects": {"cart": {"position": {"keys": [{"time_s": 0, "value": [0, 0, 0]}]}}},
        "prompt": {"keys": [{"time_s": 2, "value": "night"}, {"time_s": 3, "value": "dawn", "ease_s": 2}]},
    },
}


def _parse(*shots: dict[str, Any]) -> Scene:
    return parse_scene(json.dumps({**SCENE, "shots": list(shots)}), file="yard.json", folder=Path())


def _changed(**fields: Any) -> dict[str, Any]:
    return {**_FULL, **fields}


def test_a_scene_file_carries_its_shots(tmp_path: Path) -> None:
    scene = _parse(_FULL, _changed(name="2", camera={"kind": "recorded", "take": "yard/push_T002"}))
    save_scene(scene, tmp_path / "yard.json")
    assert load_scene(tmp_path / "yard.json") == scene
    assert scene.shots[0].camera.kind == "move"


def test_a_take_carries_the_shots_of_its_scene(tmp_path: Path) -> None:
    scene = _parse(_FULL)
    copied = json.dumps(plan_copy(scene, tmp_path).document)
    assert parse_scene(copied, file="take.json", folder=tmp_path) == scene


def test_scenes_without_shots_are_as_before() -> None:
    assert Scene.model_validate(SCENE).shots == ()


@pytest.mark.parametrize(
    ("shots", "field", "problem"),
    [
        ((_FULL, _FULL), "shots[1].name", "two shots"),
        (
            (_changed(camera={"kind": "move", "move": "pull"}),),
            "shots[0].camera.move",
            "no move named 'pull'",
        ),
        ((_changed(directions={"strengths": {"cat": 1}}),), "shots[0]", "'cat'"),
        # A group can be moved, but it has no look.
        ((_changed(directions={"object_prompts": {"cart": "oak"}}),), "shots[0]", "'cart'"),
        ((_changed(end_s=2),), "shots[0]", "does not come after"),
        ((_changed(near_m=None),), "shots[0]", "belong together"),
        ((_changed(near_m=30),), "shots[0]", "not nearer"),
        ((_changed(name=" "),), "shots[0]", "one line"),
        ((_changed(camera={"kind": "crane"}),), "shots[0].camera", "crane"),
        ((_changed(camera={"kind": "recorded", "take": "../x"}),), "shots[0].camera.take", "under that of"),
        ((_changed(lens={"focal_length_mm": True}),), "shots[0].lens.focal_length_mm", "True"),
        (
            (
                _changed(
                    timeline={"f_number": {"keys": [{"time_s": 1, "value": 2}, {"time_s": 1, "value": 4}]}}
                ),
            ),
            "shots[0].timeline.f_number.keys",
            "does not come after",
        ),
    ],
)
def test_a_mistake_is_told_with_its_field(shots: tuple[dict[str, Any]], field: str, problem: str) -> None:
    with pytest.raises(SceneError) as caught:
        _parse(*shots)
    assert caught.value.field == field
    assert problem in str(caught.value)
    assert caught.value.mend


def test_a_framing_becomes_a_shot_that_gives_it_back(compiled: CompiledScene) -> None:
    ids = {thing.name: thing.id for thing in compiled.objects}
    camera = CameraState(
        (1.0, 2.0, 3.0),
        orientation_from_angles((200, -20, 3)),
        Lens(36, 24, 85, 2, 7),
        depth_range_m=(1.0, 40.0),
    )
    direction = Direction(
        prompt="snow",
        object_prompts={ids["crate"]: "pine", ids["car"]: "red"},
        seed=5,
        strengths={0: 0.5, ids["car"]: 0.25},
        locks=frozenset({ids["ground"]}),
        look={"wet": 0.5},
    )
    made = Shot.from_framing("close", camera, direction, (2.0, 6.0), compiled.objects)
    assert made.directions.object_prompts == {"car": "red"}
    state = PreparedShot(made, compiled).at(4.0)
    assert quaternion_angle(state.camera.orientation, camera.orientation) < 1e-7
    assert (state.camera.position, state.camera.lens) == (camera.position, camera.lens)
    assert state.camera.depth_range_m == (1.0, 40.0)
    assert state.direction == direction


def test_a_prompt_that_was_taken_away_stays_away(compiled: CompiledScene) -> None:
    camera = CameraState((0, 0, 0), (0, 0, 0, 1))
    made = Shot.from_framing("bare", camera, Direction("snow"), (0.0, 1.0), compiled.objects)
    assert made.directions.object_prompts == {"crate": ""}
    crate = next(thing.id for thing in compiled.objects if thing.name == "crate")
    assert not PreparedShot(made, compiled).at(0.0).direction.object_prompts.get(crate)


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not come after"):
        shot(start_s=3, end_s=3)
