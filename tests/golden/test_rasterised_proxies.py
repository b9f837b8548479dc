"""The proxies' G-buffer by kernels against OpenGL's: all six targets of shipped sets and of what is hard to
draw, moving and deformed; and who has them drawn so."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.app.picture import LivePicture
from director.camera.view import view_of
from director.composite.lens_effects import LensSettings
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import TARGETS, GBuffer
from director.passes.geometry import Geometry
from director.passes.kernels import drawn_by_kernels
from director.scene.bent import call_bent
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.scene.mesh import Mesh
from director.scene.state import SceneState
from director.types import CameraState, Direction, Tick, View
from tests.golden.blocking_sets import TestSet, Thing, ball_mesh, pixel_rays, random_set
from tests.golden.drawn_alike import HARD, ODD, SIZE, compare, drawn, hard_set, of, view_from

pytest.importorskip("numba", reason="Numba has no wheels for Intel Macs, where shaders draw this")

from director.passes.rasterised import RasterisedGBuffer, new_gbuffer

Pair = tuple[GBuffer, RasterisedGBuffer]


@pytest.fixture
def geometry(gl: moderngl.Context) -> Iterator[Geometry]:
    made = Geometry(gl)
    yield made
    made.release()


@pytest.fixture(params=[SIZE, ODD], ids=["wide", "odd"])
def pair(gl: moderngl.Context, geometry: Geometry, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """By OpenGL, and by kernels; all targets, of one geometry."""
    size: tuple[int, int] = request.param
    made = GBuffer(gl, *size, TARGETS, geometry), RasterisedGBuffer(gl, *size, TARGETS, geometry)
    yield made
    for each in made:
        each.release()


def alike(
    pair: Pair, state: SceneState, previous: SceneState | None, view: View, otherwise: float = 0.001
) -> None:
    theirs, ours = (drawn(each, state, view, previous) for each in pair)
    compare(theirs, ours, otherwise)


@pytest.mark.parametrize("name", scene_names())
def test_shipped_sets_are_drawn_as_opengl_draws_them(pair: Pair, name: str) -> None:
    compiled = CompiledScene(load_scene(name))
    depths, aspect = compiled.scene, pair[0].width / pair[0].height
    for move in compiled.scene.moves[:3]:
        before: tuple[SceneState | None, View | None] = None, None
        # The first stands alone; then cameras and whoever walks there have moved since the one before.
        for time_s in (0.5, 0.54, 2.5):
            camera = move.camera_at(time_s, compiled.locate)
            view = view_of(camera, aspect, depths.near_m, depths.far_m, before[1])
            state = compiled.at(time_s)
            # In a small picture single pixels count for much.
            alike(pair, state, before[0], view, otherwise=0.001 if pair[0].width == SIZE[0] else 0.002)
            before = state, view
        assert len(np.unique(pair[1].pixels("object"))) > 4
        assert np.abs(pair[1].pixels("motion")).max() > 0.001


@pytest.mark.parametrize("culls", [True, False])
@pytest.mark.parametrize("case", HARD)
def test_what_is_hard_to_draw_is_drawn_as_opengl_draws_it(pair: Pair, case: str, culls: bool) -> None:
    things, (x, y, z), yaw, pitch = HARD[case]
    size = pair[0].width, pair[0].height
    for each in pair:
        each.culls = culls
    before = view_from((x + 0.02, y + 0.01, z + 0.05), yaw - 0.02, pitch + 0.01, size)
    view = view_from((x, y, z), yaw, pitch, size, before=before)
    subject = hard_set([replace(thing, velocity=(0.3, 0.1, -0.2), spin=0.5) for thing in things])
    alike(pair, subject.at(0.0), subject.at(-0.04), view, otherwise=0.002)


@pytest.mark.parametrize("seed", range(3))
def test_scaled_mirrored_and_squashed_things_are_lit_as_opengl_lights_them(pair: Pair, seed: int) -> None:
    things = random_set(seed, 24).things
    things += [
        Thing("ball", (2, 1, 1), (-1.5, 1, 1), colour=(0.9, 0.1, 0.2)),
        Thing("box", (-2, 1, 2), (1, 1, -0.4), 0.3, 0.4, colour=(0.0, 1.0, 0.03)),
        Thing("sheet", (-1, 2, 4), (2, 1, 2), 0.4, 1.2, colour=(0.04, 0.05, 0.9)),
        Thing("ball", (0, 1, 5), (0.001, 2, 2), 0.6),
    ]
    size = pair[0].width, pair[0].height
    for position, yaw, pitch in (((0.4, 1.8, 9.0), 0.1, -0.1), ((-6.0, 4.0, 5.0), -0.8, -0.35)):
        view = view_from(position, yaw, pitch, size)
        for sun in ((0.48, 0.76, 0.44), (-0.9, -0.3, 0.1)):
            alike(pair, TestSet(things, sun=sun).at(0.3), TestSet(things).at(0.26), view, otherwise=0.002)


def test_the_sky_is_opengls_above_and_below_the_horizon(pair: Pair) -> None:
    size = pair[0].width, pair[0].height
    nothing = TestSet([]).at(0.0)
    for pitch in (1.2, 0.3, 0.02, -0.05, -0.9):
        before = view_from((5, 1, 2), 0.3, pitch + 0.02, size)
        alike(pair, nothing, nothing, view_from((0, 1, 0), 0.33, pitch, size, before=before))
    # What was behind the camera comes from outside of the picture.
    turned = view_from((0, 1, 0), 2.0, 0.0, size)
    alike(pair, nothing, nothing, view_from((0, 1, 0), 0.0, 0.0, size, before=turned))
    assert (np.abs(pair[1].pixels("motion")) == 8).any()


def test_what_is_bent_is_drawn_as_it_is_now(pair: Pair) -> None:
    """Of things that are scaled anchors are told from the shape of now, as OpenGL tells them."""
    rest = ball_mesh(24, 16)
    size = pair[0].width, pair[0].height
    view = view_from((0, 0.8, 3.5), 0.0, -0.1, size)
    seen = []
    for bend in (0.0, 0.3, -0.2):
        x, y, z = rest.positions.T
        positions = np.stack([x + bend * y * y, y, z + bend * x], -1).astype(np.float32)
        shape = rest if bend == 0 else Mesh(positions, rest.normals, rest.triangles)
        if bend:
            call_bent(shape, rest)
        subject = of([Thing("bent", (0, 0, 0), (1.5, 1.2, 1.0), velocity=(1, 0, 0))], bent=shape)
        alike(pair, subject.at(0.0), subject.at(-0.1), view)
        seen.append(pair[1].pixels("anchor").copy())
    assert not np.array_equal(seen[0], seen[1])
    assert pair[1].geometry.layout == 1


def test_motion_is_right_to_a_half_even_where_corners_lie_far_off(pair: Pair) -> None:
    ours, size = pair[1], (pair[0].width, pair[0].height)
    floor = Thing("vast", (0.0, 0.0, 0.0), velocity=(0.3, 0.1, -0.2), spin=0.5)
    before = view_from((1.02, 0.41, 2.05), 0.68, 0.06, size)
    view = view_from((1.0, 0.4, 2.0), 0.7, 0.05, size, before=before)
    subject = hard_set([floor])
    motion = drawn(ours, subject.at(0.0), view, subject.at(-0.04))["motion"]
    eye, rays = pixel_rays(view, *size)
    here = eye - rays * eye[1] / rays[..., 1:2]
    mesh_from_world = np.linalg.inv(floor.world_from_mesh(0.0))
    there = _carried(floor.world_from_mesh(-0.04) @ mesh_from_world, here)
    now, then = _carried(view.clip_from_world, here), _carried(view.previous_clip_from_world, there)
    expected = (now[..., :2] / now[..., 3:] - then[..., :2] / then[..., 3:]) * (0.5, -0.5)
    shown = (ours.pixels("object") == 1) & (then[..., 3] > 0.05)
    assert shown.mean() > 0.3
    np.testing.assert_allclose(motion[shown], expected[shown], rtol=6e-4, atol=2e-6)


def _carried(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    whole = np.concatenate([points[..., :3], np.ones((*points.shape[:-1], 1))], -1)
    return np.asarray(whole @ matrix.T, np.float64)


def test_what_stands_still_does_not_move_at_all(pair: Pair) -> None:
    ours, size = pair[1], (pair[0].width, pair[0].height)
    still = TestSet([replace(thing, velocity=(0.0, 0.0, 0.0), spin=0.0) for thing in random_set(3).things])
    before = view_from((0.4, 1.8, 9.0), 0.1, -0.1, size)
    view = view_from((0.4, 1.8, 9.0), 0.1, -0.1, size, before=before)
    assert not drawn(ours, still.at(0.5), view, still.at(0.0))["motion"].any()
    assert not drawn(ours, still.at(0.5), before)["motion"].any()
    moving = random_set(3)
    motion = drawn(ours, moving.at(0.5), view, moving.at(0.4))["motion"]
    assert motion[
        np.isin(ours.pixels("object"), [i + 1 for i, t in enumerate(moving.things) if t.spin])
    ].any()
    assert not motion[ours.pixels("object") == 0].any()


def test_the_same_bytes_whoever_asks_for_whatever(gl: moderngl.Context, geometry: Geometry) -> None:
    subject = random_set(7, 30)
    before = view_from((0.3, 1.8, 9.0), 0.1, -0.1, SIZE)
    view = view_from((0.4, 1.8, 9.0), 0.12, -0.1, SIZE, before=before)
    whole = RasterisedGBuffer(gl, *SIZE, TARGETS, geometry, parts=2)
    expected = drawn(whole, subject.at(0.3), view, subject.at(0.2))
    assert expected.keys() == TARGETS.keys()
    asked = (("base",), ("anchor",), ("motion", "normal"), ("depth",), ("base", "motion"), tuple(TARGETS))
    for parts, names in enumerate(asked, start=1):
        some = RasterisedGBuffer(gl, *SIZE, names, geometry, parts=parts)
        pixels = drawn(some, subject.at(0.3), view, subject.at(0.2))
        assert pixels.keys() == {"depth", "object", *names}
        for name, array in pixels.items():
            assert array.tobytes() == expected[name].tobytes(), (names, name)
        some.release()
    whole.release()


def test_pixels_do_not_depend_on_what_was_drawn_before(gl: moderngl.Context, geometry: Geometry) -> None:
    first, second = random_set(5), random_set(6, 30)
    view = view_from((0.4, 1.8, 9.0), 0.1, -0.1, ODD)
    kept = RasterisedGBuffer(gl, *ODD, TARGETS, geometry)
    for subject, time_s in ((first, 0.0), (first, 0.4), (second, 0.2), (first, 0.0)):
        pixels = drawn(kept, subject.at(time_s), view, subject.at(time_s - 0.1))
        fresh = RasterisedGBuffer(gl, *ODD)
        for name, array in drawn(fresh, subject.at(time_s), view, subject.at(time_s - 0.1)).items():
            assert array.tobytes() == pixels[name].tobytes(), name
        fresh.release()
    kept.release()


def test_textures_hold_what_the_arrays_hold(gl: moderngl.Context, geometry: Geometry) -> None:
    subject = random_set(7, 12)
    ours = RasterisedGBuffer(gl, *ODD, TARGETS, geometry)
    for time_s in (0.0, 0.3):
        ours.draw(subject.at(time_s), subject.at(time_s - 0.1), view_from((0.4, 1.8, 9.0), 0.1, -0.1, ODD))
        for name in TARGETS:
            read = GBuffer.pixels(ours, name)
            assert (read.dtype, read.shape) == (ours.pixels(name).dtype, ours.pixels(name).shape)
            assert read.tobytes() == ours.pixels(name).tobytes(), name
            assert not ours.pixels(name).flags.writeable
            assert np.shares_memory(ours.at_hand[name], ours.pixels(name))
            assert len(np.unique(ours.pixels(name))) > 2, name
    ours.release()


def test_nothing_is_left_to_be_compiled_whatever_is_asked_for(gl: moderngl.Context) -> None:
    makers = [RasterisedGBuffer(gl, *ODD, names) for names in (("base",), tuple(TARGETS))]
    from director.passes.kernels import carried, surfaces

    view = view_from((0.4, 1.8, 9.0), 0.1, -0.1, ODD)
    for subject in (random_set(7, 12), TestSet([])):
        for each in makers:
            each.draw(subject.at(0.0), None, view)
    assert [len(each.signatures) for each in (carried.seen, surfaces.painted)] == [1, 1]
    for each in makers:
        each.release()


# Who has them drawn so.


def camera_at(scene: CompiledScene, time_s: float, is_cut: bool = False) -> CameraState:
    return replace(scene.move("dolly-in").camera_at(time_s, scene.locate), is_cut=is_cut)


@pytest.fixture
def live(gl: moderngl.Context) -> Iterator[LivePicture]:
    """Of a size that nobody else draws at."""
    scene = CompiledScene(load_scene("living_room"))
    runner = InlineRunner(generator("proxy")(GeneratorSettings()))
    made = LivePicture(gl, scene, runner, frozenset({"base"}), (64, 36), (128, 72), is_software=True)
    yield made
    made.release()


def bytes_of(textures: Mapping[str, moderngl.Texture]) -> dict[str, bytes]:
    return {name: texture.read(alignment=1) for name, texture in textures.items()}


def test_kernels_draw_where_opengl_is_software(gl: moderngl.Context) -> None:
    made = new_gbuffer(gl, *ODD, ("base",))
    assert type(made) is (RasterisedGBuffer if drawn_by_kernels(gl) else GBuffer)
    assert made.textures.keys() == {"depth", "object", "base"}
    assert (made.at_hand is not None) is drawn_by_kernels(gl)
    made.release()
    with pytest.raises(ValueError, match="0×54"):
        new_gbuffer(gl, 0, 54)


def test_the_viewport_shows_what_is_drawn_offline(gl: moderngl.Context, live: LivePicture) -> None:
    scene = CompiledScene(load_scene("living_room"))
    offline = Conditioner(gl, scene, 128, 72, frozenset(TARGETS))
    for i in range(3):
        tick, camera = Tick(i, i / 10, 0.1), camera_at(scene, i / 10, is_cut=i == 0)
        live.tick(tick, camera, Direction(), "generated")
        offline.draw(tick, camera, Direction())
        expected = bytes_of(offline.gbuffer.textures)
        shown = bytes_of(live.passes)
        assert shown.keys() == {"depth", "object", "base"}
        assert all(shown[name] == expected[name] for name in shown)
        live.tick(replace(tick, dt_s=0.0), replace(camera, is_cut=False), Direction(), "motion")
        assert live.passes.keys() == TARGETS.keys()
    offline.release()


@pytest.mark.parametrize("view", ["normal", "motion", "anchor", "shadow", "structure", "lamplight", "noise"])
def test_a_view_has_the_targets_that_it_needs(live: LivePicture, gl: moderngl.Context, view: str) -> None:
    scene = CompiledScene(load_scene("living_room"))
    window = gl.simple_framebuffer((160, 90))
    pictures = []
    for i, shown in enumerate(("generated", view, "generated", view)):
        # The camera moves from one to the other in the first turn, faster in the second.
        time_s = 0.1 * i * i
        live.tick(Tick(i, time_s, 0.1), camera_at(scene, time_s, is_cut=i == 0), Direction(), shown)
        live.show(window, (160, 90), shown, 0.0)
        pictures.append(window.read(components=3))
    assert len(set(pictures)) == 4
    seen = live.seen()
    assert seen is not None
    before = seen.depth.copy()
    live.tick(Tick(4, 1.0, 0.1), camera_at(scene, 1.0), Direction(), "generated")
    np.testing.assert_array_equal(seen.depth, before)
    assert not np.array_equal(live.seen().depth, before)  # type: ignore[union-attr]
    window.release()


def test_a_lens_that_blurs_what_moves_has_motion(live: LivePicture) -> None:
    scene = CompiledScene(load_scene("living_room"))
    sharp = []
    for i in range(4):
        live.lens = LensSettings(shutter_angle_deg=180.0 if i > 1 else 0.0)
        live.tick(Tick(i, 0.5 * i, 0.04), camera_at(scene, 0.5 * i, is_cut=i == 0), Direction(), "generated")
        sharp.append("motion" not in live.passes)
    assert sharp == [True, True, False, False]
    assert np.frombuffer(live.passes["motion"].read(alignment=1), np.float16).any()
