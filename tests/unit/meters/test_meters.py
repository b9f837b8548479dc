"""The meters against what is known by hand: planes, checkers, edges and counts."""

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.math3d import look_rotation
from director.meters.colour import contrast, saturation
from director.meters.detail import blurred, high_energy
from director.meters.edges import find_edges, scene_edges
from director.meters.steadiness import flicker, warp_error
from director.meters.surfaces import Seen, match
from director.meters.tally import Tally
from director.types import CameraState

WIDTH, HEIGHT = 96, 54
WALL_M = 5.0


def looking(x: float, z: float = 0.0, wall_moved_m: float = 0.0) -> Seen:
    """A camera at (x, 0, z) that looks at a wall across the whole picture, `WALL_M` before the origin."""
    view = view_of(CameraState((x, 0.0, z), look_rotation((0, 0, -1))), WIDTH / HEIGHT, 0.1, 100.0, None)
    ids = np.ones((HEIGHT, WIDTH), np.uint16)
    ids[:4] = 0
    depth = np.full((HEIGHT, WIDTH), WALL_M + z, np.float32)
    depth[:4] = np.inf
    moved = np.eye(4, dtype=np.float32)
    moved[0, 3] = wall_moved_m
    return Seen(depth, ids, view, moved[None])


def pixels_of(metres: float, seen: Seen, away_m: float = WALL_M) -> float:
    """How many columns a step to the side is on the wall."""
    return float(metres / away_m * seen.view.clip_from_view[0, 0] * WIDTH / 2)


def stripes(shift_px: float) -> NDArray[np.float32]:
    """A picture of smooth stripes, shifted to the right."""
    wave = 0.5 + 0.4 * np.sin((np.arange(WIDTH) - shift_px) * 0.35)
    return np.repeat(np.tile(wave, (HEIGHT, 1))[..., None], 3, -1).astype(np.float32)


def test_a_step_to_the_side_is_matched_to_the_column() -> None:
    here, there = looking(0.4), looking(0.0)
    found = match(here, there)
    columns = np.arange(WIDTH)[None] + pixels_of(0.4, here)
    assert found.visible[10:, :60].all()
    assert not found.visible[:4].any()
    np.testing.assert_allclose(
        found.column[found.visible], np.broadcast_to(columns, (HEIGHT, WIDTH))[found.visible], atol=1e-3
    )
    # What came into the picture from the right was not seen before.
    assert not found.visible[:, columns[0] > WIDTH - 1].any()


def test_a_wall_that_moves_with_the_camera_stands_still_in_the_picture() -> None:
    found = match(looking(0.4, wall_moved_m=0.4), looking(0.0))
    assert found.visible[4:].all()
    np.testing.assert_allclose(found.column[10], np.arange(WIDTH), atol=1e-3)


def test_other_depths_and_other_objects_do_not_match() -> None:
    here, there = looking(0.0), looking(0.0)
    there.object[20:, :] = 2
    there.depth[:20] *= 1.2
    found = match(here, there)
    assert not found.visible[:19].any()
    assert not found.visible[20:].any()


def test_a_picture_that_sticks_has_no_warp_error_and_one_that_swims_has() -> None:
    here, there = looking(0.3), looking(0.0)
    shift = pixels_of(0.3, here)
    motion = match(here, there)
    sticks = warp_error(stripes(-shift), stripes(0.0), motion)
    swims = warp_error(stripes(0.0), stripes(0.0), motion)
    assert np.nanmean(sticks) < 0.006
    assert np.nanmean(swims) > 0.1
    assert np.isnan(sticks[:4]).all()


def test_light_that_fades_evenly_does_not_flicker() -> None:
    seen = looking(0.0)
    still = match(seen, seen)
    flat = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
    fading = flicker(flat, flat - 0.1, flat - 0.2, still, still)
    boiling = flicker(flat, flat - 0.1, flat, still, still)
    assert np.nanmax(fading) < 1e-6
    np.testing.assert_allclose(np.nanmean(boiling), 0.2, atol=1e-6)


def test_blur_takes_detail_and_leaves_what_is_flat() -> None:
    random = np.random.default_rng(3)
    noise = random.random((40, 40, 3), np.float32)
    assert high_energy(np.full((20, 20, 3), 0.3, np.float32)).max() < 1e-9
    assert high_energy(blurred(noise)).mean() < 0.1 * high_energy(noise).mean()
    # White noise of variance s² through 1 − g has s²·(1 − 2g₀ + Σg²), g₀ = 1/(2π·1.5²), Σg² = g₀/2.
    middle = 1 / (2 * np.pi * 1.5**2)
    expected = (1 / 12) * (1 - 2 * middle + middle / 2)
    np.testing.assert_allclose(high_energy(noise)[8:-8, 8:-8].mean(), expected, rtol=0.06)


def edged() -> tuple[NDArray[np.float32], NDArray[np.uint16]]:
    depth = np.full((HEIGHT, WIDTH), 8.0, np.float32)
    ids = np.ones((HEIGHT, WIDTH), np.uint16)
    ids[15:40, 30:70] = 2
    return depth, ids


def test_borders_lie_between_objects_and_at_steps_but_not_along_slopes() -> None:
    depth, ids = edged()
    borders = scene_edges(depth, ids)
    assert borders[0].sum() == 2 * 40
    assert borders[1].sum() == 2 * 25
    # A floor that runs away: 1/depth is linear, however steep.
    floor = np.repeat((1 / np.linspace(0.5, 0.01, HEIGHT))[:, None], WIDTH, 1).astype(np.float32)
    assert not scene_edges(floor, np.ones_like(ids)).any()
    step = depth.copy()
    step[:, 48:] = 4.0
    assert scene_edges(step, np.ones_like(ids))[1].sum() == HEIGHT


@pytest.mark.parametrize("shift", [0, 1, 4])
def test_edges_are_found_where_they_are_and_not_where_they_are_not(shift: int) -> None:
    depth, ids = edged()
    picture = np.repeat((0.2 + 0.5 * (np.roll(ids, shift, 1) == 2))[..., None], 3, -1).astype(np.float32)
    found = find_edges(picture, scene_edges(depth, ids))
    assert found is not None
    if shift == 0:
        assert found.recall > 0.98
        assert found.offset_px == 0.0
    elif shift == 1:
        assert found.recall > 0.9
        assert found.offset_px <= 1.0
    else:
        # Only the upper and the lower border still lie where they should.
        assert found.recall < 0.75


def test_noise_finds_no_more_edges_than_chance() -> None:
    depth, ids = edged()
    noise = np.random.default_rng(5).random((HEIGHT, WIDTH, 3), np.float32)
    found = find_edges(noise, scene_edges(depth, ids))
    assert found is not None
    assert abs(found.recall) < 0.35
    assert found.chance > 0.5
    assert find_edges(noise, np.zeros((2, HEIGHT, WIDTH), np.bool_)) is None


def test_tallies_tell_objects_and_seconds_apart() -> None:
    tally = Tally(2)
    ids = np.array([[0, 1], [1, 2]], np.uint16)
    tally.add(0, ids, np.array([[np.nan, 1.0], [3.0, 8.0]], np.float32))
    tally.add(4, ids, np.array([[np.nan, 5.0], [np.nan, np.nan]], np.float32))
    assert tally.mean == pytest.approx((1 + 3 + 8 + 5) / 4)
    assert tally.of_object(1) == pytest.approx(3.0)
    assert tally.of_object(0) is None
    assert tally.of_second(4) == pytest.approx(5.0)
    assert tally.of_second(1) is None


def test_saturation_and_contrast() -> None:
    grey = np.full((4, 4, 3), 0.4, np.float32)
    assert saturation(grey) == 0
    assert contrast(grey) == pytest.approx(0, abs=1e-6)
    red = grey.copy()
    red[..., 0] = 0.9
    assert saturation(red) == pytest.approx(0.5)
    half = grey.copy()
    half[:2] = 0.8
    assert contrast(half) == pytest.approx(0.2, abs=1e-6)
