"""Keys as a timeline sets, drags and takes them away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from director.camera.angles import orientation_from_angles
from director.curves import ScalarCurve, ScalarKey, TextCurve, VectorCurve
from director.errors import SceneError
from director.scene.document import Scene
from director.scene.shots import Shot
from director.shots.edits import InsertShot, PutShotAs, ReorderShot
from director.shots.keying import (
    curve_of,
    key_of,
    lanes,
    marked,
    moved_keys,
    with_camera_keys,
    with_ease,
    with_interpolation,
    with_key,
    with_lens_keys,
    with_slope,
    without_keys,
)
from director.types import CameraState, Lens
from tests.unit.shots.conftest import shot

_FOCUS, _PLACE, _WORDS = ("focus_distance_m",), ("position",), ("prompt",)


def _keyed(*times: float) -> Shot:
    made = shot()
    for time_s in times:
        made = with_key(made, _FOCUS, time_s, 1.0 + time_s)
    return made


def _times(made: Shot, path: tuple[str, ...] = _FOCUS) -> list[float]:
    curve = curve_of(made, path)
    return [] if curve is None else [key.time_s for key in curve.keys]


def test_a_key_of_each_kind_comes_into_its_channel() -> None:
    made = with_key(
        with_key(with_key(shot(), _FOCUS, 2.0, 3.0), _PLACE, 1.0, (1.0, 2.0, 3.0)), _WORDS, 2.0, "fog"
    )
    assert isinstance(curve_of(made, _FOCUS), ScalarCurve)
    assert isinstance(curve_of(made, _PLACE), VectorCurve)
    assert isinstance(curve_of(made, _WORDS), TextCurve)
    assert Shot.model_validate_json(made.model_dump_json()) == made


def test_a_new_key_goes_on_as_the_one_before_and_an_old_one_stays_as_it_is() -> None:
    made = with_interpolation(_keyed(1.0, 3.0), {(_FOCUS, 1.0)}, "linear")
    made = with_key(made, _FOCUS, 2.0, 9.0)
    made = with_key(made, _FOCUS, 1.0, 7.0)
    curve = curve_of(made, _FOCUS)
    assert isinstance(curve, ScalarCurve)
    kinds = {key.time_s: (key.value, key.interpolation) for key in curve.keys}
    assert kinds == {1.0: (7.0, "linear"), 2.0: (9.0, "linear"), 3.0: (4.0, "smooth")}


def test_a_handle_gives_a_key_its_slope() -> None:
    made = with_interpolation(_keyed(1.0, 3.0, 4.0), {(_FOCUS, 1.0), (_FOCUS, 3.0)}, "bezier")
    made = with_slope(made, (_FOCUS, 3.0), -2.0, ("in", "out"))
    curve = curve_of(made, _FOCUS)
    assert isinstance(curve, ScalarCurve)
    for step_s in (-1e-5, 1e-5):
        assert (curve.at(3.0 + step_s) - curve.at(3.0)) / step_s == pytest.approx(-2.0, abs=1e-3)
    broken = key_of(with_slope(made, (_FOCUS, 3.0), 5.0, ("out",)), (_FOCUS, 3.0))
    assert (getattr(broken, "slope_in", None), getattr(broken, "slope_out", None)) == (-2.0, 5.0)


def test_words_keep_their_ease() -> None:
    made = with_ease(with_key(shot(), _WORDS, 2.0, "fog"), (_WORDS, 2.0), 3.5)
    made = with_key(made, _WORDS, 2.0, "rain")
    key = key_of(made, (_WORDS, 2.0))
    assert (getattr(key, "ease_s", None), getattr(key, "value", None)) == (3.5, "rain")


def test_the_last_key_takes_its_channel_along() -> None:
    made = without_keys(_keyed(1.0, 3.0), {(_FOCUS, 1.0)})
    assert _times(made) == [3.0]
    assert without_keys(made, {(_FOCUS, 3.0)}).timeline == shot().timeline


def test_dragged_keys_pass_their_neighbours_and_take_their_place() -> None:
    made = _keyed(1.0, 2.0, 3.0)
    past, told = moved_keys(made, {(_FOCUS, 1.0)}, 1.5)
    assert _times(past) == [2.0, 2.5, 3.0]
    assert told == {(_FOCUS, 2.5)}
    assert getattr(key_of(past, (_FOCUS, 2.5)), "value", None) == 2.0
    onto, _ = moved_keys(made, {(_FOCUS, 1.0)}, 1.0)
    assert _times(onto) == [2.0, 3.0]
    assert getattr(key_of(onto, (_FOCUS, 2.0)), "value", None) == 2.0


_CHOSEN = st.sets(st.integers(0, 9), min_size=1, max_size=6)


@given(_CHOSEN, _CHOSEN, st.floats(-20, 20))
def test_a_drag_keeps_chosen_keys_apart_and_none_before_0(
    all_: set[int], chosen: set[int], by_s: float
) -> None:
    times = sorted(float(time) for time in all_ | chosen)
    made = _keyed(*times)
    refs = {(_FOCUS, float(time)) for time in chosen}
    moved, told = moved_keys(made, refs, by_s)
    after = sorted(time for _, time in told)
    assert len(after) == len(refs)
    assert min(after) >= 0
    before = sorted(float(time) for time in chosen)
    assert [b - after[0] for b in after] == pytest.approx([b - before[0] for b in before], abs=1e-9)
    assert set(after) <= set(_times(moved))
    values = [getattr(key_of(moved, (_FOCUS, time)), "value", None) for time in after]
    assert values == [1.0 + time for time in before]


def test_a_drag_to_and_fro_changes_nothing() -> None:
    made = _keyed(1.0, 2.0, 3.0)
    assert moved_keys(made, {(_FOCUS, 2.0)}, 0.0)[0] == made
    assert moved_keys(made, frozenset(), 5.0) == (made, frozenset())


def test_the_first_camera_key_holds_the_start_too() -> None:
    start = CameraState((0.0, 2.0, 8.0), orientation_from_angles((170, 0, 0)))
    here = CameraState((4.0, 2.0, 8.0), orientation_from_angles((-170, 0, 0)))
    made = with_camera_keys(shot(), 3.0, here, start)
    assert _times(made, _PLACE) == [1.0, 3.0]
    turned = curve_of(made, ("rotation_deg",))
    assert isinstance(turned, VectorCurve)
    # Past 180 the short way: on to 190.
    assert [key.value[0] for key in turned.keys] == pytest.approx([170, 190])
    again = with_camera_keys(made, 4.0, here, start)
    assert _times(again, _PLACE) == [1.0, 3.0, 4.0]
    assert _times(with_camera_keys(shot(), 1.0, here, start), _PLACE) == [1.0]


def test_only_what_was_set_on_the_lens_is_keyed() -> None:
    start = CameraState((0.0, 2.0, 8.0), (0, 0, 0, 1), Lens(focal_length_mm=32, focus_distance_m=6))
    before = CameraState((0.0, 2.0, 8.0), (0, 0, 0, 1), Lens(focal_length_mm=40, focus_distance_m=5))
    here = CameraState((0.0, 0.0, 0.0), (0, 0, 0, 1), Lens(focal_length_mm=75, focus_distance_m=5))
    made = with_lens_keys(shot(), 3.0, here, before, start)
    zoom = curve_of(made, ("focal_length_mm",))
    assert isinstance(zoom, ScalarCurve)
    assert zoom.keys == (ScalarKey(time_s=1, value=32), ScalarKey(time_s=3, value=75))
    assert curve_of(made, _FOCUS) is None


def test_rows_are_the_camera_s_the_selected_and_what_is_keyed() -> None:
    made = with_key(shot(), ("strengths", "crate"), 2.0, 0.5)
    rows = [lane.path for lane in lanes(made.timeline, ["cart"], {"crate", "car"})]
    assert rows[:5] == [("position",), ("rotation_deg",), ("focal_length_mm",), _FOCUS, ("f_number",)]
    assert ("objects", "cart", "position") in rows
    # A group has no look.
    assert ("object_prompts", "cart") not in rows
    assert rows[-1] == ("strengths", "crate")
    assert len(set(rows)) == len(rows)


def test_marks_are_in_order_and_one_a_time() -> None:
    made = marked(marked(marked(shot(), 3.0, "door"), 2.0, ""), 3.0, "door opens")
    assert [(mark.time_s, mark.note) for mark in made.marks] == [(2.0, ""), (3.0, "door opens")]
    assert [mark.time_s for mark in marked(made, 2.0, None).marks] == [3.0]


def test_shots_are_put_between_renamed_and_reordered(scene: Scene) -> None:
    def names(of: Scene) -> list[str]:
        return [it.name for it in of.shots]

    for name, after in (("a", None), ("c", None), ("b", "a")):
        scene = InsertShot(shot(name=name), after).apply(scene)
    assert names(scene) == ["a", "b", "c"]
    assert names(ReorderShot("c", 0).apply(scene)) == ["c", "a", "b"]
    assert names(ReorderShot("a", 99).apply(scene)) == ["b", "c", "a"]
    renamed = PutShotAs("b", shot(name="close"), "Rename").apply(scene)
    assert names(renamed) == ["a", "close", "c"]
    with pytest.raises(SceneError, match="two shots"):
        PutShotAs("b", shot(name="a"), "Rename").apply(scene)
    with pytest.raises(SceneError, match="there is no 'd'"):
        ReorderShot("d", 0).apply(scene)


def test_a_time_or_a_value_that_no_key_has_is_refused() -> None:
    wrong: list[tuple[Any, ...]] = [
        (_FOCUS, -1.0, 2.0),
        (_FOCUS, 1.0, float("nan")),
        (_WORDS, 1.0, "x" * 1001),
    ]
    for path, time_s, value in wrong:
        with pytest.raises(ValidationError):
            with_key(shot(), path, time_s, value)
