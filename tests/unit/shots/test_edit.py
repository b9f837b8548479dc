"""Channels, objects and edits of shots."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from director.curves import ScalarCurve, ScalarKey, TextCurve, TextKey, VectorCurve, VectorKey
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.shots import Timeline
from director.shots.channels import channels, with_channel
from director.shots.edit import free_name, with_shot, with_shots, without_shot
from director.shots.objects import scene_of_shot
from tests.unit.shots.conftest import SCENE, shot

_NUMBER = ScalarCurve(keys=(ScalarKey(time_s=0, value=0.5),))
_VECTOR = VectorCurve(keys=(VectorKey(time_s=1, value=(0, 0, 0)), VectorKey(time_s=5, value=(0, 0, 8))))
_WORDS = TextCurve(keys=(TextKey(time_s=0, value="rain"),))


def test_channels_are_listed_set_and_taken_away() -> None:
    paths: dict[tuple[str, ...], Any] = {
        ("rotation_deg",): _VECTOR,
        ("f_number",): _NUMBER,
        ("objects", "car", "position"): _VECTOR,
        ("objects", "car", "rotation_deg"): _VECTOR,
        ("prompt",): _WORDS,
        ("object_prompts", "car"): _WORDS,
        ("strengths", "scene"): _NUMBER,
    }
    timeline = Timeline()
    for path, curve in reversed(paths.items()):
        timeline = with_channel(timeline, path, curve)
    assert {channel.path: channel.curve for channel in channels(timeline)} == paths
    assert [channel.path for channel in channels(timeline)] == list(paths)
    assert Timeline.model_validate_json(timeline.model_dump_json()) == timeline
    for path in paths:
        timeline = with_channel(timeline, path, None)
    assert timeline == Timeline()


@pytest.mark.parametrize(
    "path", [("look",), ("objects", "car"), ("objects", "car", "size"), (), ("prompt", "car")]
)
def test_channels_that_there_are_not(path: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="no such channel"):
        with_channel(Timeline(), path, None)


def test_a_curve_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="holds a ScalarCurve, not a TextCurve"):
        with_channel(Timeline(), ("f_number",), _WORDS)


def test_a_keyed_object_is_where_its_keys_say_at_every_frame(scene: Scene) -> None:
    line = with_channel(Timeline(), ("objects", "cart", "position"), _VECTOR)
    line = with_channel(line, ("objects", "car", "position"), _VECTOR)
    made = shot(timeline=line)
    fps = Fraction(24000, 1001)
    shown, plain = CompiledScene(scene_of_shot(scene, made, fps)), CompiledScene(scene)
    for frame in (0, 1, 40, 95):
        time_s = 1 + float(frame / fps)
        assert shown.locate("cart", time_s)[0] == pytest.approx(_VECTOR.at(time_s), abs=1e-9)
        # The car keeps the turn that the scene gives it: 400 degrees, more than once around.
        turned, kept = shown.at(time_s).world_from_object[2], plain.at(time_s).world_from_object[2]
        assert np.allclose(turned[:3, :3], kept[:3, :3], atol=1e-6)
    assert shown.locate("cart", 5.0)[0] == (0, 0, 8)
    assert plain.locate("cart", 5.0)[0] == (1, 0, 2)


def test_where_nothing_is_keyed_the_scene_is_the_same(scene: Scene) -> None:
    assert scene_of_shot(scene, shot(), Fraction(24)) is scene


def test_shots_come_into_a_scene_and_leave_it(scene: Scene) -> None:
    two = with_shot(with_shot(scene, shot()), shot(name="close"))
    assert [made.name for made in two.shots] == ["wide", "close"]
    changed = with_shot(two, shot(name="long", end_s=9), replacing="wide")
    assert [(made.name, made.end_s) for made in changed.shots] == [("long", 9), ("close", 5)]
    assert [made.name for made in without_shot(changed, "long").shots] == ["close"]
    assert free_name(two, "wide") == "wide 2"
    assert free_name(with_shot(two, shot(name="wide 2")), "wide") == "wide 3"
    with pytest.raises(UsageError, match="two shots"):
        with_shots(scene, [shot(), shot()])
    with pytest.raises(UsageError, match="'cat'"):
        with_shot(scene, shot(directions={"held": ["cat"]}))


def test_what_a_route_gives_stays_where_the_other_channel_is_keyed() -> None:
    route = {"points": [[0, 0, 0], [8, 0, 0]], "duration_s": 8}
    scene = Scene.model_validate(
        {**SCENE, "groups": [{"name": "cart", "route": route}], "shots": [], "moves": []}
    )
    plain = CompiledScene(scene)
    turned = VectorCurve(keys=(VectorKey(time_s=0, value=(30, 0, 0)),))
    timeline = with_channel(Timeline(), ("objects", "cart", "rotation_deg"), turned)
    shown = CompiledScene(scene_of_shot(scene, shot(timeline=timeline), Fraction(24)))
    assert shown.locate("cart", 3.0)[0] == pytest.approx(plain.locate("cart", 3.0)[0], abs=1e-6)
    raised = VectorCurve(keys=(VectorKey(time_s=0, value=(0, 2, 0)),))
    timeline = with_channel(Timeline(), ("objects", "cart", "position"), raised)
    shown = CompiledScene(scene_of_shot(scene, shot(timeline=timeline), Fraction(24)))
    place, heading = shown.locate("cart", 3.0)
    assert place == pytest.approx((0, 2, 0))
    assert heading == pytest.approx(plain.locate("cart", 3.0)[1])
