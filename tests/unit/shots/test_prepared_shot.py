from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from director.camera.angles import angles_from_orientation
from director.camera.stages.noise.recorded import Recorded
from director.direction.ease import Ease
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.shots.evaluate import PreparedShot
from director.shots.recorded import RecordedCamera
from director.types import CameraState, Correction, Direction
from tests.unit.shots.conftest import SCENE, shot

_COMPILED = CompiledScene(Scene.model_validate(SCENE))


def _keys(*pairs: tuple[float, Any], **more: Any) -> dict[str, Any]:
    return {"keys": [{"time_s": time, "value": value, **more} for time, value in pairs]}


def _id(name: str) -> int:
    return next(thing.id for thing in _COMPILED.objects if thing.name == name)


def test_a_still_camera_stands_with_the_scenes_own_prompt() -> None:
    prepared = PreparedShot(shot(), _COMPILED)
    state = prepared.at(1.0)
    assert prepared.at(4.2) == state
    assert state.camera.position == (0.0, 2.0, 8.0)
    assert angles_from_orientation(state.camera.orientation) == pytest.approx((10, -5, 0))
    assert state.direction.prompt == "a yard at noon"
    assert state.direction.object_prompts == {_id("crate"): "pine"}


def test_a_move_begins_with_the_shot_but_looks_at_what_is_there_then() -> None:
    move = _COMPILED.move("push")
    late = PreparedShot(shot(camera={"kind": "move", "move": "push"}), _COMPILED)
    assert late.camera(1.0).position == (0, 2, 9)
    assert late.camera(5.0).position == (0, 2, 5)
    car, _ = _COMPILED.locate("car", 3.0)
    away = tuple(a - b for a, b in zip((car[0], car[1] + 1, car[2]), late.camera(3.0).position, strict=True))
    assert late.camera(3.0).lens.focus_distance_m == pytest.approx(sum(x * x for x in away) ** 0.5)
    fixed = PreparedShot(shot(camera={"kind": "move", "move": "push", "begins_s": 0}), _COMPILED)
    assert fixed.camera(2.0) == move.camera_at(2.0, _COMPILED.locate)


def test_keys_lie_over_camera_and_lens() -> None:
    made = shot(
        camera={"kind": "move", "move": "push"},
        lens={"focal_length_mm": 50, "f_number": 2},
        timeline={
            "rotation_deg": _keys((1, [0, 0, 0]), (3, [720, 0, 0]), interpolation="linear"),
            "focus_distance_m": _keys((1, 4), (3, 2), interpolation="linear"),
            "f_number": _keys((1, 1000)),
        },
    )
    prepared = PreparedShot(made, _COMPILED)
    camera = prepared.camera(1.5)
    assert camera.position == _COMPILED.move("push").camera_at(0.5, _COMPILED.locate).position
    assert prepared.angles_deg(1.5) == (180, 0, 0)
    assert abs(camera.orientation[1]) == pytest.approx(1)
    assert (camera.lens.focal_length_mm, camera.lens.focus_distance_m) == (50, 3.5)
    # No lens has f/1000.
    assert camera.lens.f_number == 64


def test_the_depth_range_is_locked_by_the_shot() -> None:
    assert PreparedShot(shot(near_m=1, far_m=20), _COMPILED).camera(2).depth_range_m == (1, 20)
    assert PreparedShot(shot(), _COMPILED).camera(2).depth_range_m is None


def test_a_recorded_camera_is_followed_later() -> None:
    cameras = [CameraState((float(x), 0.0, 0.0), (0, 0, 0, 1)) for x in range(4)]
    recorded = RecordedCamera.from_samples((float(i), camera) for i, camera in enumerate(cameras))
    made = shot(camera={"kind": "recorded", "take": "yard/flown_T001", "offset_s": 1.0})
    assert PreparedShot(made, _COMPILED, recorded).camera(2.5).position == (1.5, 0, 0)
    with pytest.raises(UsageError, match="yard/flown_T001"):
        PreparedShot(made, _COMPILED)


def test_objects_stand_where_their_keys_say() -> None:
    made = shot(
        timeline={
            "objects": {"cart": {"position": _keys((1, [0, 0, 0]), (3, [4, 0, 0]), interpolation="linear")}}
        }
    )
    placement = PreparedShot(made, _COMPILED).at(2.0).objects["cart"]
    assert placement.position == (2.0, 0.0, 0.0)
    assert placement.rotation_deg is None


def test_strengths_follow_their_curves_within_0_and_1() -> None:
    made = shot(
        directions={"strengths": {"scene": 0.5, "car": 0.1}},
        timeline={"strengths": {"car": _keys((1, 0), (3, 2), interpolation="linear")}},
    )
    prepared = PreparedShot(made, _COMPILED)
    assert prepared.direction(1.5).strengths == {0: 0.5, _id("car"): 0.5}
    assert prepared.direction(2.5).strengths[_id("car")] == 1


@given(
    changes=st.lists(
        st.tuples(st.integers(1, 6), st.sampled_from(["a", "b", "c", "d"])), min_size=1, max_size=6
    ),
    ease=st.sampled_from([0.0, 0.5, 1.5]),
)
def test_words_ease_as_they_do_live(changes: list[tuple[int, str]], ease: float) -> None:
    keys: list[tuple[float, str]] = [(0.0, "start")]
    for gap, word in changes:
        keys.append((keys[-1][0] + gap / 4, word))
    line = {"prompt": _keys(*keys, ease_s=ease)}
    prepared = PreparedShot(shot(start_s=0, timeline=line), _COMPILED)
    live = Ease(prepared.direction(0.0), ease)
    for tick in range(1, 80):
        time_s = tick / 8
        now = live.advance(0.125)
        for key_s, word in keys[1:]:
            if key_s == time_s and word != live.wanted.prompt:
                live.to(replace(live.wanted, prompt=word))
                now = live.now
        assert _words(prepared.direction(time_s)) == _words(now)


def _words(direction: Direction) -> list[tuple[str, float]]:
    chain = [(direction.prompt, round(direction.arrived, 9))]
    while direction.leaving is not None:
        direction = direction.leaving
        chain.append((direction.prompt, round(direction.arrived, 9)))
    return chain


def test_words_of_an_object_change_in_one_with_those_of_the_scene() -> None:
    line = {
        "prompt": _keys((1, "noon"), (2, "night"), ease_s=1),
        "object_prompts": {"car": _keys((1, "red"), (2, "blue"), ease_s=2)},
        "strengths": {"car": _keys((2, 0), (4, 1), interpolation="linear")},
    }
    prepared = PreparedShot(shot(timeline=line), _COMPILED)
    halfway = prepared.direction(3.0)
    assert halfway.arrived == 0.5
    assert halfway.leaving is not None
    assert (halfway.prompt, halfway.leaving.prompt) == ("night", "noon")
    assert halfway.object_prompts[_id("car")] == "blue"
    assert halfway.leaving.object_prompts[_id("car")] == "red"
    # Numbers are not eased twice.
    assert halfway.strengths == halfway.leaving.strengths == {_id("car"): 0.5}
    assert prepared.direction(4.0).leaving is None


def test_a_shake_is_the_shot_s_own_by_scene_time() -> None:
    plain = PreparedShot(shot(), _COMPILED)
    shaken = PreparedShot(shot(shake={"kind": "walk", "amount": 0.5}), _COMPILED)
    assert shaken.camera(1.0).correction == Recorded("walk", 0.5).correction_at(1.0)
    assert replace(shaken.camera(1.0), correction=Correction()) == plain.camera(1.0)
    assert plain.camera(1.0).correction == Correction()
    with pytest.raises(ValidationError, match="no shake 'dizzy'"):
        shot(shake={"kind": "dizzy"})
