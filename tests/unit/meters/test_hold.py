"""Hold, where what it must be is known: pictures painted here, and a textured plane seen by two cameras."""

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.meters.hold import Hold, hold_per_object, matched, share_of_change
from director.meters.oklab import oklab, srgb
from director.meters.surfaces import Seen
from director.types import CameraState, Lens, Vector

_WIDTH, _HEIGHT = 160, 90
_PLANE_M = 4.0


def painted(seed: int = 3) -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """A grey texture all over, and ids: 1 on the left half, 2 on the right."""
    noise = np.random.default_rng(seed).integers(90, 160, (_HEIGHT, _WIDTH, 1))
    ids = np.ones((_HEIGHT, _WIDTH), np.uint16)
    ids[:, _WIDTH // 2 :] = 2
    return np.repeat(noise, 3, axis=2).astype(np.uint8), ids


def held(before: NDArray[np.uint8], after: NDArray[np.uint8], ids: NDArray[np.uint16]) -> dict[int, Hold]:
    return hold_per_object(before, after, ids, ids)


def test_what_did_not_change_held_whole() -> None:
    picture, ids = painted()
    assert set(held(picture, picture, ids)) == {1, 2}
    for hold in held(picture, picture, ids).values():
        assert (hold.hold, hold.colour, hold.detail, hold.coverage) == pytest.approx((1, 1, 1, 1), abs=1e-9)
        assert hold.change_255 == 0
        assert hold.pixels == _HEIGHT * _WIDTH // 2


def test_another_colour_loses_colour_and_keeps_detail_of_that_object_alone() -> None:
    picture, ids = painted()
    after = picture.copy()
    after[ids == 1] = (after[ids == 1] * (1.0, 0.3, 0.3)).astype(np.uint8)
    found = held(picture, after, ids)
    assert found[1].colour < 0.3
    assert found[1].detail > 0.95
    assert found[1].hold == pytest.approx((found[1].colour * found[1].detail) ** 0.5)
    assert found[2].hold == pytest.approx(1)
    assert found[2].change_255 == 0


def test_a_scrambled_texture_loses_detail_and_keeps_colour() -> None:
    picture, ids = painted()
    after = picture.copy()
    after[ids == 1] = np.random.default_rng(5).permutation(after[ids == 1])
    found = held(picture, after, ids)
    assert found[1].colour > 0.99
    assert found[1].detail < 0.1
    assert found[2].detail == pytest.approx(1)


def test_detail_that_vanished_is_lost_and_where_there_was_none_none_is() -> None:
    picture, ids = painted()
    flat = np.full_like(picture, 125)
    assert held(picture, flat, ids)[1].detail < 0.1
    assert held(flat, picture, ids)[1].detail < 0.1
    assert held(flat, flat + np.uint8(1), ids)[1].detail == pytest.approx(1)


def test_less_light_keeps_detail() -> None:
    picture, ids = painted()
    dimmed = held(picture, (picture * 0.6).astype(np.uint8), ids)[1]
    assert dimmed.detail > 0.97
    assert dimmed.colour < 0.5


def test_a_colour_just_noticed_hardly_counts_and_five_times_that_is_half() -> None:
    base = np.array([0.6, 0.0, 0.0])
    ids = np.ones((40, 40), np.uint16)
    pictures = [np.tile(srgb(base + np.array([0, apart, 0])), (40, 40, 1)) for apart in (0.0, 0.02, 0.1)]
    assert held(pictures[0], pictures[1], ids)[1].colour == pytest.approx(0.97, abs=0.01)
    assert held(pictures[0], pictures[2], ids)[1].colour == pytest.approx(0.5, abs=0.03)


def test_what_only_one_picture_shows_is_absent() -> None:
    picture, ids = painted()
    gone = np.where(ids == 2, 1, ids).astype(np.uint16)
    found = hold_per_object(picture, picture, ids, gone)
    assert set(found) == {1}
    # Of the wider surface after, half was seen before.
    assert found[1].coverage == pytest.approx(0.5)


def seen(
    x_m: float, z_m: float = 0.0, focal_mm: float = 32.0, finest: float = 6.0
) -> tuple[NDArray[np.uint8], Seen]:
    """A textured wall 4 m away, from `x_m` to the right and `z_m` back: waves of every direction, the
    finest so many a metre, each faded as pixels as large as here would blur it."""
    camera = CameraState((x_m, 0.0, z_m), (0.0, 0.0, 0.0, 1.0), Lens(focal_length_mm=focal_mm))
    view = view_of(camera, _WIDTH / _HEIGHT, 0.5, 50.0, None)
    depth_m = _PLANE_M + z_m
    across = np.linalg.inv(view.clip_from_view)
    u = ((np.arange(_WIDTH) + 0.5) / _WIDTH * 2 - 1) * across[0, 0] * depth_m + x_m
    v = (1 - (np.arange(_HEIGHT) + 0.5) / _HEIGHT * 2) * across[1, 1] * depth_m
    rng = np.random.default_rng(1)
    grey = np.full((_HEIGHT, _WIDTH), 120.0)
    pixel_m = abs(u[1] - u[0])
    for _ in range(48):
        angle, phase = rng.uniform(0, np.pi), rng.uniform(0, 2 * np.pi)
        per_m = rng.uniform(2, finest)
        turns, faded = 2 * np.pi * per_m, np.exp(-6 * (per_m * pixel_m) ** 2)
        grey += 6 * faded * np.sin(turns * (np.cos(angle) * u[None] + np.sin(angle) * v[:, None]) + phase)
    picture = np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    depth = np.full((_HEIGHT, _WIDTH), depth_m, np.float32)
    ids = np.ones((_HEIGHT, _WIDTH), np.uint16)
    return picture, Seen(depth, ids, view, np.eye(4, dtype=np.float32)[None])


@pytest.mark.parametrize("there", [(0.37, 0.0, 32.0), (0.0, 0.9, 32.0), (0.1, -0.7, 32.0), (0.0, 0.0, 50.0)])
def test_a_wall_holds_when_the_camera_or_the_lens_moves(there: tuple[float, float, float]) -> None:
    (before, first), (after, second) = seen(0.0), seen(*there)
    back, onward = matched(second, first), matched(first, second)
    found = hold_per_object(before, after, first.object, second.object, back, onward)[1]
    assert found.colour > 0.99
    assert found.detail > 0.97
    assert 0.3 < found.coverage < 0.98
    in_place = hold_per_object(before, after, first.object, second.object)[1]
    assert in_place.detail < 0.5


@pytest.mark.parametrize("lenses_mm", [(25.0, 60.0), (60.0, 25.0)])
def test_a_longer_lens_shows_more_and_what_was_seen_before_still_holds(
    lenses_mm: tuple[float, float],
) -> None:
    (before, first), (after, second) = (seen(0.0, focal_mm=mm, finest=80) for mm in lenses_mm)
    back, onward = matched(second, first), matched(first, second)
    assert hold_per_object(before, after, first.object, second.object, back, onward)[1].detail > 0.93


def test_an_object_that_moved_is_compared_on_its_surface_and_the_rest_in_place() -> None:
    (picture, first), (moved, _) = seen(0.0), seen(-0.25)
    right = np.arange(_WIDTH) >= _WIDTH // 2
    ids = np.where(np.tile(right, (_HEIGHT, 1)), 2, 1).astype(np.uint16)
    ids[:5] = 0
    depth = np.where(ids == 0, np.inf, first.depth).astype(np.float32)
    after = np.where((ids == 2)[..., None], moved, picture)
    still = np.tile(np.eye(4, dtype=np.float32), (2, 1, 1))
    shifted = still.copy()
    shifted[1, 0, 3] = 0.25
    one, two = Seen(depth, ids, first.view, still), Seen(depth, ids, first.view, shifted)
    back, onward = matched(two, one), matched(one, two)
    assert np.array_equal(back.visible & (ids != 2), ids != 2)
    found = hold_per_object(picture, after, ids, ids, back, onward)
    assert found[0].hold == pytest.approx(1)
    assert found[1].hold == pytest.approx(1)
    assert found[1].coverage == 1
    assert found[2].detail > 0.97
    assert found[2].coverage < 0.95


def test_two_sizes_are_refused() -> None:
    (_, one), (_, two) = seen(0.0), seen(0.0)
    small = Seen(two.depth[:-1], two.object[:-1], two.view, two.world_from_object)
    with pytest.raises(ValueError, match="two sizes"):
        matched(one, small)


def test_the_share_of_a_change_that_lies_on_an_object() -> None:
    before = np.zeros((4, 4, 3), np.uint8)
    after = before.copy()
    after[0, 0], after[1, 1], after[3, 3] = 90, 10, 100
    upon, aside = np.zeros((4, 4), np.bool_), np.zeros((4, 4), np.bool_)
    upon[0, 0] = aside[3, 3] = aside[0, 0] = True
    assert share_of_change(before, after, upon) == pytest.approx(0.45)
    assert share_of_change(before, after, upon, aside) == pytest.approx(0.9)
    assert share_of_change(before, before, upon) is None


@pytest.mark.parametrize(
    ("colour", "lab"),
    # What the CSS Color 4 sample code gives.
    [
        ((255, 255, 255), (1.0, 0.0, 0.0)),
        ((255, 0, 0), (0.6280, 0.2249, 0.1258)),
        ((0, 0, 255), (0.4520, -0.0325, -0.3115)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
    ],
)
def test_oklab_is_the_published_one_and_comes_back(colour: Vector, lab: Vector) -> None:
    made = oklab(np.array(colour, np.uint8))
    assert made == pytest.approx(lab, abs=2e-3)
    assert tuple(srgb(made)) == colour
