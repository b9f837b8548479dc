"""Depth of field against the textbook's formulas worked by hand, and the tables of film backs and primes."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.lens import (
    FILM_BACKS,
    PRIMES_MM,
    acceptable_blur_mm,
    circle_of_confusion_mm,
    depth_of_field_m,
    hyperfocal_m,
)
from director.types import Lens

FULL = Lens(36.0, 24.0, 50.0, 2.8, 3.0)


# S. F. Ray, Applied Photographic Optics, "hyperfocal distance": H = f² / (N c) + f.
@pytest.mark.parametrize(
    ("focal_mm", "f_number", "hyperfocal"),
    [(50, 8, 10.46667), (24, 11, 1.76945), (50, 2.8, 29.81190), (135, 4, 152.01)],
)
def test_hyperfocal_distances(focal_mm: float, f_number: float, hyperfocal: float) -> None:
    lens = replace(FULL, focal_length_mm=focal_mm, f_number=f_number)
    assert hyperfocal_m(lens, 0.03) == pytest.approx(hyperfocal, rel=1e-5)


def test_limits_by_hand() -> None:
    near, far = depth_of_field_m(FULL, 0.03)
    assert near == pytest.approx(2.72946, abs=1e-5)
    assert far == pytest.approx(3.33008, abs=1e-5)
    beyond = replace(FULL, focus_distance_m=30.0)
    near, far = depth_of_field_m(beyond, 0.03)
    assert far == math.inf
    assert near == pytest.approx(30 * 29.7619 / (29.8119 + 29.9), rel=1e-4)


@given(st.floats(12, 200), st.floats(1, 22), st.floats(0.5, 100), st.floats(0.01, 0.05))
def test_at_the_limits_the_disc_is_just_the_one_that_passes(
    focal_mm: float, f_number: float, focus_m: float, blur_mm: float
) -> None:
    lens = Lens(36.0, 24.0, focal_mm, f_number, focus_m)
    near, far = depth_of_field_m(lens, blur_mm)
    assert near < focus_m < far
    assert circle_of_confusion_mm(lens, near) == pytest.approx(-blur_mm, rel=1e-6)
    if far < 1e6:
        assert circle_of_confusion_mm(lens, far) == pytest.approx(blur_mm, rel=1e-6)


def test_the_disc_that_passes_follows_the_film_back() -> None:
    assert acceptable_blur_mm(FULL) == pytest.approx(0.02884, abs=1e-5)
    small = Lens(*FILM_BACKS["super-16"])
    assert acceptable_blur_mm(small) < 0.4 * acceptable_blur_mm(FULL)
    assert hyperfocal_m(FULL) == hyperfocal_m(FULL, acceptable_blur_mm(FULL))


def test_what_has_no_depth_of_field() -> None:
    for bad in (replace(FULL, f_number=0.0), replace(FULL, focus_distance_m=0.04)):
        with pytest.raises(ValueError, match=r"no depth of field|cannot be focused"):
            depth_of_field_m(bad, 0.03)
    with pytest.raises(ValueError, match="no depth of field"):
        hyperfocal_m(FULL, 0.0)


def test_film_backs_and_primes_are_those_that_were_looked_up() -> None:
    assert dict(FILM_BACKS) == {
        "super-35-4-perf": (24.89, 18.66),
        "super-35-3-perf": (24.89, 14.00),
        "full-frame": (36.0, 24.0),
        "academy": (21.95, 16.00),
        "super-16": (12.52, 7.42),
        "vistavision": (37.72, 24.92),
        "imax": (70.41, 56.62),
        "alexa-35-open-gate": (28.0, 19.2),
        "alexa-lf-open-gate": (36.7, 25.54),
    }
    assert list(PRIMES_MM) == [12, 16, 18, 21, 25, 32, 40, 50, 65, 75, 85, 100, 135]
    # Inches, where the source gives those.
    for name, inches in {"super-35-4-perf": (0.98, 0.735), "academy": (0.864, 0.63)}.items():
        assert FILM_BACKS[name] == pytest.approx([25.4 * side for side in inches], abs=0.02)
