import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from director.curves import ScalarCurve, ScalarKey, TextCurve, TextKey, VectorCurve, VectorKey

_KINDS = st.sampled_from(["hold", "linear", "smooth", "bezier"])
_VALUES = st.integers(-1000, 1000).map(lambda n: n / 8)


@st.composite
def _curves(draw: st.DrawFn, kinds: st.SearchStrategy[str] = _KINDS) -> ScalarCurve:
    times = sorted(draw(st.sets(st.integers(0, 80), min_size=1, max_size=7)))
    return ScalarCurve.model_validate(
        {
            "keys": [
                {"time_s": time / 8, "value": draw(_VALUES), "interpolation": draw(kinds)} for time in times
            ]
        }
    )


def _curve(kind: str, *keys: tuple[float, float], **ends: Any) -> ScalarCurve:
    made = [{"time_s": time, "value": value, "interpolation": kind} for time, value in keys]
    made[0].update({key: value for key, value in ends.items() if key == "slope_out"})
    made[-1].update({key: value for key, value in ends.items() if key == "slope_in"})
    return ScalarCurve.model_validate({"keys": made})


@given(_curves())
def test_every_key_is_met_exactly_and_the_ends_hold(curve: ScalarCurve) -> None:
    for key in curve.keys:
        assert curve.at(key.time_s) == key.value
    assert curve.at(curve.start_s - 1) == curve.keys[0].value
    assert curve.at(curve.end_s + 1) == curve.keys[-1].value


@given(_curves(st.sampled_from(["linear", "smooth", "bezier"])), st.floats(0, 10))
def test_what_does_not_hold_has_no_jump(curve: ScalarCurve, time_s: float) -> None:
    assert curve.at(time_s + 1e-9) == pytest.approx(curve.at(time_s), abs=1e-3)


@given(_curves(st.sampled_from(["hold", "linear", "bezier"])), st.floats(0, 10))
def test_a_bezier_of_its_own_never_swings_past_its_keys(curve: ScalarCurve, time_s: float) -> None:
    before = max(
        (key for key in curve.keys if key.time_s <= time_s), default=curve.keys[0], key=lambda k: k.time_s
    )
    after = min(
        (key for key in curve.keys if key.time_s > time_s), default=curve.keys[-1], key=lambda k: k.time_s
    )
    low, high = sorted((before.value, after.value))
    assert low - 1e-9 <= curve.at(time_s) <= high + 1e-9


@pytest.mark.parametrize("kind", ["smooth", "bezier"])
def test_slopes_agree_on_both_sides_of_a_key(kind: str) -> None:
    curve = _curve(kind, (0, 0), (1, 1), (3, 4), (4, 5))
    step = 1e-6
    for time in (1.0, 3.0):
        before = (curve.at(time) - curve.at(time - step)) / step
        after = (curve.at(time + step) - curve.at(time)) / step
        assert before == pytest.approx(after, abs=1e-3)
        assert after > 0.5
    assert curve.at(step) / step == pytest.approx(0, abs=1e-3)


def test_the_kinds_differ_as_they_should() -> None:
    keys = ((0.0, 0.0), (1.0, 10.0), (2.0, 10.0))
    assert _curve("hold", *keys).at(0.99) == 0
    assert _curve("linear", *keys).at(0.25) == 2.5
    assert _curve("smooth", *keys).at(1.3) > 10
    assert _curve("bezier", *keys).at(1.3) == 10
    assert _curve("smooth", (0.0, 0.0), (1.0, 8.0)).at(0.25) == 8 * (3 / 16 - 2 / 64)


def test_own_slopes_are_those_of_the_curve() -> None:
    curve = _curve("bezier", (0, 0), (2, 0), slope_out=3.0, slope_in=-3.0)
    assert curve.at(1e-7) / 1e-7 == pytest.approx(3, abs=1e-4)
    assert (curve.at(2) - curve.at(2 - 1e-7)) / 1e-7 == pytest.approx(-3, abs=1e-4)
    # A cubic Bézier whose inner points lie at a third of the way along the slopes: 3/4 of their height.
    assert curve.at(1) == pytest.approx(0.75 * 2)


def test_beside_a_straight_way_a_curve_sets_out_along_it() -> None:
    keys = [
        ScalarKey(time_s=0, value=0, interpolation="linear"),
        ScalarKey(time_s=1, value=2, interpolation="smooth"),
        ScalarKey(time_s=3, value=3),
    ]
    curve = ScalarCurve(keys=tuple(keys))
    assert (curve.at(1 + 1e-7) - 2) / 1e-7 == pytest.approx(2, abs=1e-4)


@given(_curves(), _curves(), _curves(), st.floats(0, 10))
def test_a_vector_is_its_three_numbers(x: ScalarCurve, y: ScalarCurve, z: ScalarCurve, time_s: float) -> None:
    count = min(len(x.keys), len(y.keys), len(z.keys))
    parts = [
        ScalarCurve(
            keys=tuple(
                ScalarKey(time_s=i, value=key.value, interpolation=x.keys[i].interpolation)
                for i, key in enumerate(curve.keys[:count])
            )
        )
        for curve in (x, y, z)
    ]
    vector = VectorCurve(
        keys=tuple(
            VectorKey(
                time_s=i,
                value=(parts[0].keys[i].value, parts[1].keys[i].value, parts[2].keys[i].value),
                interpolation=x.keys[i].interpolation,
            )
            for i in range(count)
        )
    )
    assert vector.at(time_s) == tuple(part.at(time_s) for part in parts)


@given(_curves(), st.integers(0, 80), _VALUES)
def test_edits_give_new_curves_in_order(curve: ScalarCurve, eighths: int, value: float) -> None:
    time_s = eighths / 8
    edited = curve.with_key(ScalarKey(time_s=time_s, value=value))
    assert edited.at(time_s) == value
    assert len(edited.keys) == len({key.time_s for key in (*curve.keys, *edited.keys)})
    moved = edited.moved(time_s, 20.5)
    assert moved.end_s == 20.5
    assert moved.keys[-1].value == value
    assert moved.moved(20.5, time_s) == edited
    if len(edited.keys) > 1:
        assert edited.without(time_s).key_at(time_s) is None
    assert curve.shifted(1.5).at(time_s + 1.5) == curve.at(time_s)
    assert ScalarCurve.model_validate_json(edited.model_dump_json()) == edited


def test_a_key_that_is_moved_takes_the_place_of_the_one_there() -> None:
    assert _curve("linear", (0, 1), (1, 2), (2, 3)).moved(0, 2) == _curve("linear", (1, 2), (2, 1))


def test_what_cannot_be_done_is_said() -> None:
    curve = _curve("linear", (0, 1))
    with pytest.raises(ValueError, match="at least one"):
        curve.without(0)
    with pytest.raises(ValueError, match=r"no key at 0\.5 s"):
        curve.moved(0.5, 1)
    with pytest.raises(ValueError, match="greater than or equal to 0"):
        curve.moved(0, -1)
    with pytest.raises(ValidationError, match="does not come after 1 s"):
        _curve("linear", (1, 1), (1, 2))
    with pytest.raises(ValidationError, match="at least 1 item"):
        ScalarCurve(keys=())
    for bad in ("3", True, math.nan):
        with pytest.raises(ValidationError):
            ScalarCurve.model_validate({"keys": [{"time_s": 0, "value": bad}]})


def test_words_hold_until_the_next_key_and_repeats_are_no_change() -> None:
    words = [(1.0, "rain"), (2.0, "rain"), (4.0, "snow")]
    curve = TextCurve(keys=tuple(TextKey(time_s=time, value=value) for time, value in words))
    assert [curve.at(time) for time in (0.0, 1.0, 3.9, 4.0, 9.0)] == ["rain", "rain", "rain", "snow", "snow"]
    assert [key.time_s for key in curve.changes()] == [4.0]
