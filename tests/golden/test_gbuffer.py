"""The G-buffer against a ray caster and against the mathematics of moving cameras and things."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import TARGETS, GBuffer
from director.types import CameraState, Conditioning, Direction, Lens, Tick, View
from tests.golden.blocking_sets import TestSet, Thing, camera, cast, cut_to, inner, pixel_rays, random_set

WIDTH, HEIGHT = 96, 54
ALL = frozenset(TARGETS)
CAMERAS = [camera((0.4, 1.8, 9.0), 0.1, -0.1), camera((-6.0, 4.0, 5.0), -0.8, -0.35, 0.2)]


def shoot(gl: Any, subject: TestSet, cameras: list[CameraState], times: list[float]) -> Conditioning:
    """Draw ticks one after another; the conditioning of the last."""
    conditioner = Conditioner(gl, subject, WIDTH, HEIGHT, ALL)
    for i, (state, time_s) in enumerate(zip(cameras, times, strict=True)):
        conditioner.draw(Tick(i, time_s, 0.04), state, Direction())
        taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    return taken


def uv_of(clip_from_world: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    clip = np.concatenate([points, np.ones((*points.shape[:-1], 1))], axis=-1) @ clip_from_world.T
    ndc = clip[..., :2] / clip[..., 3:]
    return np.stack([ndc[..., 0] / 2 + 0.5, 0.5 - ndc[..., 1] / 2], axis=-1)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("which", range(len(CAMERAS)))
def test_depth_ids_normals_and_anchors_are_those_of_a_ray_caster(gl: Any, seed: int, which: int) -> None:
    subject = random_set(seed)
    maps = (shot := shoot(gl, subject, [CAMERAS[which]], [0.3])).maps
    eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    hits = cast(subject, 0.3, eye, rays, near=shot.view.near_m)
    clear = inner(hits.object_id)
    assert clear.mean() > 0.5
    assert len(np.unique(hits.object_id[clear])) > 5
    np.testing.assert_array_equal(maps["object"][clear], hits.object_id[clear])
    surface = clear & (hits.object_id > 0)
    np.testing.assert_allclose(maps["depth"][surface], hits.depth[surface], rtol=1e-3)
    np.testing.assert_array_equal(np.isinf(maps["depth"]), maps["object"] == 0)
    sizes = np.array([(0, 0, 0), *(t.size for t in subject.things)])
    anchors = hits.mesh_point * sizes[hits.object_id]
    np.testing.assert_allclose(maps["anchor"][surface], anchors[surface], atol=4e-3)
    # Balls are shaded smooth, so only flat things have the triangle's own normal.
    flat = surface & np.array([False, *(t.mesh != "ball" for t in subject.things)])[hits.object_id]
    creases = inner(np.round(hits.normal @ (1.0, 10.0, 100.0), 3))
    assert (flat & creases).sum() > 500
    np.testing.assert_allclose(maps["normal"][flat & creases], hits.normal[flat & creases], atol=2e-3)
    lengths = np.linalg.norm(maps["normal"][surface].astype(np.float64), axis=1)
    np.testing.assert_allclose(lengths, 1, atol=2e-3)


@pytest.mark.parametrize("seed", range(3))
def test_motion_is_the_analytic_reprojection_of_camera_and_objects(gl: Any, seed: int) -> None:
    subject = random_set(seed + 20)
    before, now = camera((0.2, 1.7, 9.2), 0.05, -0.1), camera((0.5, 1.8, 8.9), 0.11, -0.13, 0.02)
    shot = shoot(gl, subject, [before, now], [0.2, 0.24])
    eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    hits = cast(subject, 0.24, eye, rays, near=shot.view.near_m)
    surface = inner(hits.object_id) & (hits.object_id > 0)
    earlier = np.zeros_like(hits.world)
    for row, thing in enumerate(subject.things):
        mine = hits.object_id == row + 1
        matrix = thing.world_from_mesh(0.2)
        earlier[mine] = hits.mesh_point[mine] @ matrix[:3, :3].T + matrix[:3, 3]
    expected = uv_of(shot.view.clip_from_world, hits.world) - uv_of(
        shot.view.previous_clip_from_world, earlier
    )
    moving = [row + 1 for row, thing in enumerate(subject.things) if thing.spin]
    assert np.isin(hits.object_id[surface], moving).sum() > 100
    assert np.abs(expected[surface]).max() > 0.02
    np.testing.assert_allclose(shot.maps["motion"][surface], expected[surface], rtol=2e-3, atol=1e-4)


def test_what_stands_still_has_no_motion_at_all(gl: Any) -> None:
    subject = TestSet([t for t in random_set(3).things if not t.spin])
    shot = shoot(gl, subject, [CAMERAS[0]] * 3, [0.0, 0.5, 1.0])
    assert not shot.maps["motion"].any()


def test_a_cut_has_no_motion(gl: Any) -> None:
    shot = shoot(gl, random_set(3), [CAMERAS[0], cut_to(CAMERAS[1])], [0.0, 0.04])
    assert not shot.maps["motion"].any()


def test_sky_writes_every_target(gl: Any) -> None:
    before, now = camera((0, 1, 0), 0.0, 0.2), camera((3, 2, 1), 0.04, 0.23, 0.01)
    shot = shoot(gl, TestSet([Thing("ball", (0, -50, 0))]), [before, now], [0.0, 0.04])
    maps = shot.maps
    assert np.isposinf(maps["depth"]).all()
    assert not maps["object"].any()
    assert not maps["normal"].any()
    _, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    unit = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    np.testing.assert_allclose(maps["anchor"], unit, atol=1e-5)
    # Points so far off that the camera's own step is nothing.
    expected = uv_of(shot.view.clip_from_world, unit * 1e9) - uv_of(
        shot.view.previous_clip_from_world, unit * 1e9
    )
    assert np.abs(expected).max() > 0.02
    np.testing.assert_allclose(maps["motion"], expected, rtol=2e-3, atol=1e-4)
    # Blocking skies are brighter at the horizon than overhead, and never black.
    assert maps["base"].min() > 40


def test_a_point_that_was_behind_the_camera_comes_from_outside_of_the_picture(gl: Any) -> None:
    subject = TestSet([Thing("box", (0, 0, -3), (2, 2, 2))])
    before, now = camera((0, 1, -20)), camera((0, 1, 4))
    shot = shoot(gl, subject, [before, now], [0.0, 0.04])
    where = shot.maps["object"] == 1
    assert where.any()
    assert (np.abs(shot.maps["motion"][where]) >= 1).any(axis=1).all()


def _bytes(gbuffer: GBuffer) -> dict[str, bytes]:
    return {name: texture.read() for name, texture in gbuffer.textures.items()}


def _view(state: CameraState) -> View:
    from director.camera.view import view_of

    return view_of(state, WIDTH / HEIGHT, 0.3, 60.0, None)


WANDERING = [
    *CAMERAS,
    camera((0, 1.5, 2.0), 2.4, 0.1),
    camera((0.0, 0.5, -0.02), 0.3, 0.0),  # inside the hollow box
    camera((4, 6, 0), 1.5, -1.3),
    camera((0, 1.5, 30), 3.1, 0.0),  # looking away
    CAMERAS[0],
]


def test_culling_never_changes_a_pixel(gl: Any) -> None:
    things = random_set(7, 40).things
    things += [
        Thing("box", (0, 0, 0), (3, 3, 3)),  # a room to look out of
        Thing("ball", (2, 1, 1), (-1.5, 1, 1)),  # mirrored
        Thing("sheet", (-2, 1, 1), (2, 1, 2), 0.0, 1.2),
        Thing("ball", (0, 1, 5), (0.001, 2, 2)),  # squashed flat
    ]
    state = TestSet(things).at(0.0)
    lazy, whole = GBuffer(gl, WIDTH, HEIGHT), GBuffer(gl, WIDTH, HEIGHT)
    whole.culls = False
    for place in WANDERING:
        lazy.draw(state, None, _view(place))
        whole.draw(state, None, _view(place))
        assert _bytes(lazy) == _bytes(whole), place
    lazy.release()
    whole.release()


def test_what_nobody_reads_is_not_drawn_and_the_rest_is_the_same(gl: Any) -> None:
    state = random_set(7, 12).at(0.0)
    whole = GBuffer(gl, WIDTH, HEIGHT)
    whole.draw(state, None, _view(WANDERING[0]))
    for asked in ((), ("normal",), ("anchor", "base")):
        some = GBuffer(gl, WIDTH, HEIGHT, asked)
        some.draw(state, None, _view(WANDERING[0]))
        assert set(some.textures) == {"depth", "object", *asked}
        for name, texture in some.textures.items():
            assert texture.read() == whole.textures[name].read(), (asked, name)
        some.release()
    whole.release()


def test_culling_leaves_the_inside_of_what_a_wide_lens_is_close_to(gl: Any) -> None:
    # The near plane's corner lies inside of the box, its middle and the camera far outside.
    state = TestSet([Thing("box", (-5.2, 1.0, -0.4), (4, 4, 4))]).at(0.0)
    camera = CameraState((0.0, 2.0, 0.0), (0.0, 0.0, 0.0, 1.0), Lens(focal_length_mm=4.0))
    view = view_of(camera, WIDTH / HEIGHT, 1.5, 60.0, None)
    lazy, whole = GBuffer(gl, WIDTH, HEIGHT), GBuffer(gl, WIDTH, HEIGHT)
    whole.culls = False
    lazy.draw(state, None, view)
    whole.draw(state, None, view)
    assert _bytes(lazy) == _bytes(whole)
    lazy.release()
    whole.release()


def test_pixels_do_not_depend_on_what_was_seen_before(gl: Any) -> None:
    state = random_set(8, 40).at(0.0)
    wandered, fresh = GBuffer(gl, WIDTH, HEIGHT), GBuffer(gl, WIDTH, HEIGHT)
    for place in WANDERING:
        wandered.draw(state, None, _view(place))
    fresh.draw(state, None, _view(WANDERING[-1]))
    assert _bytes(wandered) == _bytes(fresh)
    wandered.release()
    fresh.release()


def test_standing_still_sends_nothing_and_moving_sends_the_move(gl: Any) -> None:
    things = random_set(9, 30).things
    still = TestSet([t for t in things if not t.spin])
    gbuffer = GBuffer(gl, WIDTH, HEIGHT)
    # Fresh arrays of equal values are no change.
    for i in range(4):
        gbuffer.draw(still.at(i / 10), still.at((i - 1) / 10), _view(CAMERAS[0]))
    assert gbuffer.uploads == 1
    moving = TestSet(things)
    assert any(t.spin for t in things)
    for i in range(4):
        gbuffer.draw(moving.at(i / 10), moving.at((i - 1) / 10), _view(CAMERAS[0]))
    assert gbuffer.uploads == 5
    fresh = GBuffer(gl, WIDTH, HEIGHT)
    fresh.draw(moving.at(0.3), moving.at(0.2), _view(CAMERAS[0]))
    assert _bytes(gbuffer) == _bytes(fresh)
    gbuffer.release()
    fresh.release()


def test_ids_above_a_byte_survive(gl: Any) -> None:
    rng = np.random.default_rng(1)
    things = [
        Thing("box", (float(x), 0.0, float(z)), (0.6, float(rng.uniform(0.2, 1.5)), 0.6))
        for x in range(-15, 16)
        for z in range(-25, 0)
    ]
    shot = shoot(gl, TestSet(things), [camera((0, 9, 6), 0.0, -0.6)], [0.0])
    assert shot.maps["object"].max() > 500
    eye, rays = pixel_rays(shot.view, WIDTH, HEIGHT)
    rows = slice(20, 34)
    hits = cast(TestSet(things), 0.0, eye, rays[rows], near=0.3)
    clear = inner(hits.object_id)
    np.testing.assert_array_equal(shot.maps["object"][rows][clear], hits.object_id[clear])


def test_a_picture_without_pixels_is_refused(gl: Any) -> None:
    with pytest.raises(ValueError, match="0×54"):
        GBuffer(gl, 0, 54)
