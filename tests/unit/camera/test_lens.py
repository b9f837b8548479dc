"""Lenses against textbook angles of view."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.lens import (
    DEFAULT_FILM_BACK,
    FILM_BACKS,
    PRIMES_MM,
    clip_from_view,
    horizontal_fov,
    nearest_prime_mm,
    next_prime_mm,
    vertical_aperture_mm,
    vertical_fov,
)
from director.types import Lens


def on(film_back: str, focal_length_mm: float) -> Lens:
    width, height = FILM_BACKS[film_back]
    return Lens(width, height, focal_length_mm)


@pytest.mark.parametrize(
    ("focal_length_mm", "horizontal_deg", "vertical_deg"),
    # Angles of view of the 24 × 36 format as lens makers print them (the usual table of 35 mm photography).
    [
        (14, 104.3, 81.2),
        (24, 73.7, 53.1),
        (35, 54.4, 37.8),
        (50, 39.6, 27.0),
        (85, 23.9, 16.1),
        (200, 10.3, 6.9),
    ],
)
def test_full_frame_angles_of_view(
    focal_length_mm: float, horizontal_deg: float, vertical_deg: float
) -> None:
    lens = on("full-frame", focal_length_mm)
    assert math.degrees(horizontal_fov(lens)) == pytest.approx(horizontal_deg, abs=0.06)
    assert math.degrees(vertical_fov(lens, 36 / 24)) == pytest.approx(vertical_deg, abs=0.06)


def test_half_the_film_back_as_focal_length_sees_a_right_angle() -> None:
    for name in FILM_BACKS:
        lens = on(name, FILM_BACKS[name][0] / 2)
        assert horizontal_fov(lens) == pytest.approx(math.pi / 2)


def test_the_fit_is_horizontal() -> None:
    lens = on("super-35-4-perf", 32)
    for aspect in (4 / 3, 16 / 9, 2.39):
        matrix = clip_from_view(lens, aspect, 0.1, 100)
        assert matrix[0, 0] == pytest.approx(1 / math.tan(horizontal_fov(lens) / 2))
        assert matrix[1, 1] == pytest.approx(1 / math.tan(vertical_fov(lens, aspect) / 2))
        assert vertical_aperture_mm(lens, aspect) * aspect == pytest.approx(24.89)


def test_a_point_at_the_edge_of_view_is_at_the_edge_of_the_picture() -> None:
    lens = on(DEFAULT_FILM_BACK, 40)
    matrix = clip_from_view(lens, 16 / 9, 0.5, 50)
    # Similar triangles: at 10 m a 40 mm lens sees 10 m × back / 40 mm across.
    across = 10 * lens.film_back_width_mm / 40
    clip = matrix @ [across / 2, across / 2 / (16 / 9), -10, 1]
    np.testing.assert_allclose(clip[:2] / clip[3], [1, 1])


def test_near_and_far_are_the_ends_of_the_depth_range() -> None:
    matrix = clip_from_view(Lens(), 1.5, 0.2, 70)
    for distance, expected in ((0.2, -1), (70, 1)):
        clip = matrix @ [0, 0, -distance, 1]
        assert clip[2] / clip[3] == pytest.approx(expected)
    with pytest.raises(ValueError, match="frustum"):
        clip_from_view(Lens(), 1.5, 5, 5)


def test_the_default_lens_is_on_the_default_film_back() -> None:
    assert (Lens().film_back_width_mm, Lens().film_back_height_mm) == FILM_BACKS[DEFAULT_FILM_BACK]
    assert Lens().focal_length_mm in PRIMES_MM


@given(st.floats(4, 1200))
def test_stepping_through_primes(focal_length_mm: float) -> None:
    longer, shorter = next_prime_mm(focal_length_mm, 1), next_prime_mm(focal_length_mm, -1)
    assert {longer, shorter, nearest_prime_mm(focal_length_mm)} <= set(PRIMES_MM)
    assert longer > focal_length_mm or longer == PRIMES_MM[-1]
    assert shorter < focal_length_mm or shorter == PRIMES_MM[0]
    assert not any(shorter < prime < longer for prime in PRIMES_MM if abs(prime - focal_length_mm) > 1e-6)


def test_stepping_there_and_back_through_the_kit() -> None:
    walked = [PRIMES_MM[0]]
    while next_prime_mm(walked[-1], 1) != walked[-1]:
        walked.append(next_prime_mm(walked[-1], 1))
    assert tuple(walked) == PRIMES_MM
    assert next_prime_mm(50, -1) == 40
    assert nearest_prime_mm(36) == 40
    assert nearest_prime_mm(35) == 32
