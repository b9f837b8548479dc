"""Shadows against rays, lamp light against its formula, noise by its statistics."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.passes.conditioner import Conditioner
from director.passes.maps.lamplight import MOST_LAMPS, brightest_lamps
from director.passes.maps.shadow import ShadowMap, fit_sun
from director.types import CameraState, Conditioning, Direction, Lamp, Tick, Vector
from tests.golden.blocking_sets import TestSet, Thing, camera, cast, inner, pixel_rays, random_set

WIDTH, HEIGHT = 160, 90
FLOOR = Thing("box", (0, -0.4, 0), (24, 0.4, 24), colour=(0.5, 0.5, 0.5))
PLACE = camera((1.0, 3.2, 9.0), 0.1, -0.3)


def shoot(
    gl: Any, subject: TestSet, places: list[CameraState], maps: set[str], seed: int = 0, dt_s: float = 0.0
) -> list[Conditioning]:
    conditioner = Conditioner(gl, subject, WIDTH, HEIGHT, frozenset(maps))
    taken = []
    for i, place in enumerate(places):
        conditioner.draw(Tick(i, i * dt_s, dt_s), place, Direction(seed=seed))
        shot = conditioner.take()
        assert shot is not None
        taken.append(shot)
    conditioner.release()
    return taken


@pytest.mark.parametrize("sun", [(0.5, 0.8, 0.4), (-0.9, 0.45, 0.3), (0.0, 1.0, 0.0)])
def test_shadows_fall_where_rays_to_the_sun_are_blocked(gl: Any, sun: Vector) -> None:
    things = [
        FLOOR,
        Thing("box", (0, 0, 0), (1.2, 2.4, 1.2), 0.5),
        Thing("box", (3, 1.5, 1), (2, 0.2, 2)),
        Thing("sheet", (-3, 1.2, 1), (1.5, 1, 1.5), 0.3, 0.4),
        Thing("box", (-1.5, 0, 3), (0.5, 0.5, 0.5)),
    ]
    subject = TestSet(things, sun=sun)
    shot = shoot(gl, subject, [PLACE], {"shadow"})[0]
    eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    hits = cast(subject, 0.0, eye, rays, near=0.3)
    surface = hits.object_id > 0
    towards = np.asarray(shot.sun_direction)
    blocked = cast(subject, 0.0, hits.world + 1e-4 * hits.normal, np.broadcast_to(towards, rays.shape), 1e-4)
    cosine = hits.normal @ towards
    lit = surface & (blocked.object_id == 0) & (cosine > 0.1)
    dark = surface & ((blocked.object_id > 0) | (cosine < 0))
    # Within two pixels of an edge the kernel, the bias and the rasteriser's own edge may disagree.
    clear = inner(np.where(lit, 1, np.where(dark, 2, 0)) * 1000 + hits.object_id, 2)
    assert (clear & lit).sum() > 2000
    assert (clear & dark).sum() > 250
    share = shot.maps["shadow"]
    # Neither acne on what is lit nor light leaking under what stands on the floor.
    assert (share[clear & lit] > 200).mean() > 0.998
    assert (share[clear & dark] < 60).mean() > 0.99
    assert (share[~surface & inner(surface)] == 255).all()


def test_shadows_do_not_swim_with_the_camera() -> None:
    rng = np.random.default_rng(4)
    # Too large a set to be held whole: the map must follow the camera.
    centre = rng.uniform(-200, 200, (50, 3)).astype(np.float32)
    radius = np.full(50, 5.0, np.float32)
    sun = (0.5, 0.7, 0.3)
    previous, across = None, 0.0
    moved = 0
    for i in range(120):
        view = view_of(camera((i * 0.35, 2.0, 1.0), i * 0.02), 16 / 9, 0.5, 60.0, None)
        matrix, width = fit_sun(view, sun, centre, radius)
        if previous is not None and width == across and not np.array_equal(previous, matrix):
            moved += 1
            texels = (matrix - previous)[:2, 3] * 1536 / 2
            np.testing.assert_allclose(texels, np.round(texels), atol=1e-6)
            np.testing.assert_array_equal(matrix[:3, :3], previous[:3, :3])
        # All that is seen within reach lies inside.
        corners = np.array([*itertools.product((-1, 1), (-1, 1)), (0, 0)], np.float64)
        inverse = np.linalg.inv(view.clip_from_view @ view.view_from_world)
        ends = np.array([inverse @ (x, y, 1.0, 1.0) for x, y in corners])
        ends = ends[:, :3] / ends[:, 3:]
        inside = np.array([(matrix @ (*end, 1.0))[:2] for end in ends])
        assert np.abs(inside).max() <= 1.0
        previous, across = matrix, width
    assert 3 < moved < 60


def test_what_stood_still_is_kept_to_the_last_bit(gl: Any) -> None:
    subject = random_set(11)
    # Time stands at first, runs, stands and runs again; the camera goes far enough for the sun's map to step.
    times = (0.0, 0.0, 0.1, 0.2, 0.2, 0.2, 0.3, 0.4, 0.5, 0.5)
    kept = Conditioner(gl, subject, WIDTH, HEIGHT, frozenset({"shadow"}))
    sun = kept.demanded["shadow"].sun  # type: ignore[attr-defined]
    wholes = []
    for i, time_s in enumerate(times):
        place = camera((1.0 + 0.7 * i, 3.2, 9.0), 0.1, -0.3)
        depths, shares = [], []
        for conditioner in (kept, fresh := Conditioner(gl, subject, WIDTH, HEIGHT, frozenset({"shadow"}))):
            conditioner.draw(Tick(i, time_s, 0.0), place, Direction())
            shot = conditioner.take()
            assert shot is not None
            shares.append(shot.maps["shadow"])
            depths.append(conditioner.demanded["shadow"].sun.pixels().tobytes())  # type: ignore[attr-defined]
        fresh.release()
        assert np.array_equal(shares[0], shares[1]), i
        assert depths[0] == depths[1], i
        wholes.append(sun.redraws)
    assert sun.moves >= 4
    assert wholes[-1] < len(times)
    kept.release()


def test_the_sun_is_drawn_again_only_when_something_changed(gl: Any) -> None:
    still, moving = (
        TestSet([FLOOR, Thing("box", (0, 0, 0))]),
        TestSet([FLOOR, Thing("box", (0, 0, 0), spin=1.0)]),
    )
    # What turns is found out at the second tick; from then on it is drawn alone.
    for subject, whole, parts in ((still, 1, 0), (moving, 2, 4)):
        conditioner = Conditioner(gl, subject, WIDTH, HEIGHT, frozenset({"shadow"}))
        for i in range(5):
            place = camera((1.0 + 0.05 * i, 3.2, 9.0), 0.1, -0.3)
            conditioner.draw(Tick(i, i / 24, 1 / 24), place, Direction())
        shadow = conditioner.demanded["shadow"]
        assert isinstance(shadow, ShadowMap)
        assert (shadow.sun.redraws, shadow.sun.moves) == (whole, parts)
        conditioner.release()


def lamps(count: int) -> tuple[Lamp, ...]:
    rng = np.random.default_rng(count)
    return tuple(
        Lamp(
            2 + i % 2,
            (float(rng.uniform(-5, 5)), float(rng.uniform(0.5, 3)), float(rng.uniform(-5, 5))),
            (1.0, float(rng.uniform(0.2, 1)), float(rng.uniform(0.1, 1))),
            float(rng.uniform(0.2, 3)),
        )
        for i in range(count)
    )


@pytest.mark.parametrize("count", [0, 1, 40])
def test_lamps_light_by_the_inverse_square_and_the_cosine(gl: Any, count: int) -> None:
    things = [FLOOR, Thing("box", (0, 0, 0), (1, 2, 1), 0.4), Thing("box", (2.5, 0, 1), (1, 1, 1))]
    subject = TestSet(things, lamps(count))
    shot = shoot(gl, subject, [PLACE], {"lamplight"})[0]
    assert shot.lamps == subject.lamps
    eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    hits = cast(subject, 0.0, eye, rays, near=0.3)
    expected = np.zeros(rays.shape)
    for lamp in brightest_lamps(subject.lamps, shot.view):
        towards = np.asarray(lamp.position) - hits.world
        squared = (towards**2).sum(axis=-1)
        cosine = (hits.normal * towards).sum(axis=-1) / np.sqrt(squared)
        own = hits.object_id == lamp.object_id
        cosine = np.where(own, np.abs(cosine), np.maximum(cosine, 0))
        light = cosine * (1 + 0.25**2) / (squared + 0.25**2) * lamp.strength
        expected += light[..., None] * np.asarray(lamp.colour)
    clear = inner(hits.object_id * 100 + np.round(hits.normal @ (1.0, 3.0, 9.0)).astype(np.int64))
    clear &= hits.object_id > 0
    np.testing.assert_allclose(shot.maps["lamplight"][clear], expected[clear], rtol=0.02, atol=0.003)
    assert not shot.maps["lamplight"][inner(hits.object_id) & (hits.object_id == 0)].any()
    if count:
        assert expected[clear].max() > 0.1


def test_more_lamps_than_there_is_room_for_leave_the_weakest_out() -> None:
    view = view_of(PLACE, 16 / 9, 0.3, 60.0, None)
    many = lamps(50)
    kept = brightest_lamps(many, view)
    assert len(kept) == MOST_LAMPS

    def weight(lamp: Lamp) -> float:
        return lamp.strength / max(1.0, float(((np.asarray(lamp.position) - (1.0, 3.2, 9.0)) ** 2).sum()))

    left_out = [lamp for lamp in many if lamp not in kept]
    assert min(map(weight, kept)) >= max(map(weight, left_out))


NOISY = TestSet(
    [
        FLOOR,
        Thing("box", (0, 0, -2), (6, 4, 0.5)),
        Thing("ball", (2.5, 0, 2), (2, 2, 2), velocity=(-1.5, 0, 0)),
        Thing("box", (-2.5, 0, 2), (1.5, 1.5, 1.5), 0.4),
    ]
)


def correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    return float(np.corrcoef(a.ravel().astype(np.float64), b.ravel().astype(np.float64))[0, 1])


@pytest.mark.parametrize("distance", [5.0, 9.0, 17.0])
def test_noise_is_unit_gaussian_and_white_everywhere(gl: Any, distance: float) -> None:
    place = camera((0, 2, distance), 0.1, -0.1)
    shots = [shoot(gl, NOISY, [place], {"noise", "object"}, seed)[0] for seed in (1, 2, 3)]
    noise = np.stack([shot.maps["noise"].astype(np.float64) for shot in shots])
    ids = shots[0].maps["object"]
    for which in (ids >= 0, ids == 0, ids == 1, ids == 2):
        assert which.sum() > 300
        part = noise[:, which]
        # About 0.25 pixels are independent of each other at the least.
        tolerance = 4 / np.sqrt(0.25 * part[..., 0].size)
        assert np.abs(part.mean(axis=(0, 1))).max() < tolerance
        assert np.abs(part.var(axis=(0, 1)) - 1).max() < 2 * tolerance
    # A Gaussian's fourth moment is 3.
    assert abs((noise**4).mean() - 3) < 0.25
    for a, b in itertools.combinations(range(4), 2):
        assert abs(correlation(noise[..., a], noise[..., b])) < 0.03
    assert abs(correlation(noise[0], noise[1])) < 0.03
    assert correlation(noise[:, :, 1:], noise[:, :, :-1]) < 0.35
    assert correlation(noise[:, 1:], noise[:, :-1]) < 0.35
    assert abs(correlation(noise[:, :, 4:], noise[:, :, :-4])) < 0.04


def test_noise_sticks_to_what_moves(gl: Any) -> None:
    places = [camera((0.1 * i, 2.0, 9.0), 0.1 - 0.012 * i, -0.1) for i in range(4)]
    shots = shoot(gl, NOISY, places, {"noise", "motion", "object"}, 7, dt_s=0.04)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    for before, now in itertools.pairwise(shots):
        motion = now.maps["motion"].astype(np.float64)
        from_x = np.rint(x - motion[..., 0] * WIDTH).astype(int)
        from_y = np.rint(y - motion[..., 1] * HEIGHT).astype(int)
        inside = (from_x >= 0) & (from_x < WIDTH) & (from_y >= 0) & (from_y < HEIGHT)
        from_x, from_y = np.clip(from_x, 0, WIDTH - 1), np.clip(from_y, 0, HEIGHT - 1)
        same = inside & (before.maps["object"][from_y, from_x] == now.maps["object"])
        warped = before.maps["noise"][from_y, from_x]
        for item in (0, 1, 2, 3, 4):
            which = same & (now.maps["object"] == item)
            assert which.sum() > 100
            # Motion rounded to whole pixels: up to half a pixel of error, in cells of less than a pixel. What
            # moves by a whole pixel sticks, as tested below; this tells surfaces from the screen.
            assert correlation(warped[which], now.maps["noise"][which]) > 0.2, item
            on_screen = correlation(before.maps["noise"][which], now.maps["noise"][which])
            assert on_screen < 0.3, item


def test_noise_changes_smoothly_as_the_camera_nears(gl: Any) -> None:
    wall = TestSet([Thing("box", (0, -10, -1), (40, 20, 1))])
    # From afar to near through more than two octaves of a pixel's size, by 1 % a step.
    distances = [12 * 0.99**i for i in range(150)]
    shots = shoot(gl, wall, [camera((0, 0, d)) for d in distances], {"noise"})
    middle = (slice(40, 50), slice(70, 90))
    seen = [shot.maps["noise"][middle] for shot in shots]
    apart = [correlation(a, b) for a, b in itertools.pairwise(seen)]
    assert min(apart) > 0.5
    assert abs(correlation(shots[0].maps["noise"], shots[-1].maps["noise"])) < 0.05


def test_a_seed_of_any_length_counts(gl: Any) -> None:
    seeds = [0, 1, 2**31, 2**32, 2**63 - 1]
    seen = {shoot(gl, NOISY, [PLACE], {"noise"}, seed)[0].maps["noise"].tobytes() for seed in seeds}
    assert len(seen) == len(seeds)


WALL = TestSet([Thing("box", (0, -40, -1), (400, 80, 1))])


@pytest.mark.parametrize("degrees", [0, 30, 45, 60])
def test_neighbours_are_independent_up_to_sixty_degrees(gl: Any, degrees: float) -> None:
    for distance in (5.0, 7.3, 9.9, 13.1):
        place = camera((0, 0, distance), math.radians(degrees), 0.0)
        noise = shoot(gl, WALL, [place], {"noise"}, 3)[0].maps["noise"].astype(np.float64)
        for a, b in ((noise[:, 1:], noise[:, :-1]), (noise[1:], noise[:-1])):
            assert abs(correlation(a, b)) <= 0.1
        # Kolmogorov and Smirnov's distance from a Gaussian, of pixels too far apart to share a cell.
        sparse = np.sort(noise[::4, ::4].ravel())
        normal = np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in sparse])
        steps = np.arange(len(sparse) + 1) / len(sparse)
        apart = max(np.abs(steps[1:] - normal).max(), np.abs(steps[:-1] - normal).max())
        assert apart < 1.95 / math.sqrt(len(sparse)), "0.1 % of Gaussian samples lie farther off"


@pytest.mark.parametrize("distance", [5.0, 7.3, 13.1])
def test_noise_sticks_at_one_pixel_a_tick(gl: Any, distance: float) -> None:
    first = shoot(gl, WALL, [camera((0, 0, distance))], {"depth"})[0]
    away = float(first.maps["depth"][HEIGHT // 2, WIDTH // 2])
    step = 2 * away / (float(first.view.clip_from_view[0, 0]) * WIDTH)
    shots = shoot(gl, WALL, [camera((i * step, 0, distance)) for i in range(4)], {"noise"}, 3)
    for before, now in itertools.pairwise(shot.maps["noise"] for shot in shots):
        assert correlation(now[:, :-1], before[:, 1:]) >= 0.7
        assert correlation(now, before) < 0.1
