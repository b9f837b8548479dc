"""The disc that a point out of focus becomes, against depth-of-field tables as photographers compute them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.lens import FILM_BACKS, circle_of_confusion_mm
from director.types import Lens


def lens(focal_length_mm: float, f_number: float, focus_m: float) -> Lens:
    return Lens(*FILM_BACKS["full-frame"], focal_length_mm, f_number, focus_m)


# H = f² / (N · c) + f, in metres: 50 mm at f/8 with 0.03 mm is 10.4667 m, 24 mm at f/11 is 1.7695 m.
@pytest.mark.parametrize(("focal_mm", "f_number", "hyperfocal_m"), [(50, 8, 10.46667), (24, 11, 1.76945)])
def test_focused_at_the_hyperfocal_distance_infinity_is_just_sharp(
    focal_mm: float, f_number: float, hyperfocal_m: float
) -> None:
    focused = lens(focal_mm, f_number, hyperfocal_m)
    assert circle_of_confusion_mm(focused, math.inf) == pytest.approx(0.03, rel=1e-4)
    # And so is half of that distance.
    assert circle_of_confusion_mm(focused, hyperfocal_m / 2) == pytest.approx(-0.03, rel=1e-4)


def test_the_limits_of_a_depth_of_field_table_are_just_sharp() -> None:
    # 50 mm at f/2.8, focused at 3 m, 0.03 mm: H is 29.8119 m, sharp from s(H − f)/(H + s − 2f) = 2.72946 m to
    # s(H − f)/(H − s) = 3.33008 m.
    focused = lens(50, 2.8, 3)
    assert circle_of_confusion_mm(focused, 2.72946) == pytest.approx(-0.03, rel=1e-4)
    assert circle_of_confusion_mm(focused, 3.33008) == pytest.approx(0.03, rel=1e-4)


def test_by_hand() -> None:
    # Aperture 50 / 2 = 25 mm, magnification 50 / (2000 − 50); at 4 m half the limit, at 1 m as much before.
    focused = lens(50, 2, 2)
    limit = 25 * 50 / 1950
    assert circle_of_confusion_mm(focused, math.inf) == pytest.approx(limit)
    assert circle_of_confusion_mm(focused, 4) == pytest.approx(limit / 2)
    assert circle_of_confusion_mm(focused, 1) == pytest.approx(-limit)
    assert circle_of_confusion_mm(focused, 2) == 0


@given(st.floats(0.05, 1e5), st.floats(0.05, 1e5))
def test_what_is_farther_from_focus_on_one_side_is_blurred_more(a: float, b: float) -> None:
    near, far = sorted((a, b))
    focused = lens(85, 1.4, 3)
    assert circle_of_confusion_mm(focused, near) <= circle_of_confusion_mm(focused, far)
    assert circle_of_confusion_mm(focused, far) <= circle_of_confusion_mm(focused, math.inf)


def test_stopping_down_by_two_halves_the_disc() -> None:
    wide, narrow = lens(32, 2, 4), lens(32, 4, 4)
    assert circle_of_confusion_mm(wide, 9) == pytest.approx(2 * circle_of_confusion_mm(narrow, 9))


@pytest.mark.parametrize("focus_m", [0.05, 0.02, 0.0, -1.0, math.nan])
def test_no_lens_is_focused_within_its_focal_length(focus_m: float) -> None:
    with pytest.raises(ValueError, match="cannot be focused"):
        circle_of_confusion_mm(lens(50, 2, focus_m), 3)


def test_what_is_not_before_the_lens_has_no_picture() -> None:
    with pytest.raises(ValueError, match="not before the lens"):
        circle_of_confusion_mm(lens(50, 2, 3), 0)
    with pytest.raises(ValueError, match="no aperture"):
        circle_of_confusion_mm(lens(50, 0, 3), 2)
