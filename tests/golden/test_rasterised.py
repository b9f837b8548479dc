"""The kernels' G-buffer against OpenGL's: the same picture of finished sets, and of what is hard to draw."""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest

from director.camera.view import view_of
from director.passes.context import describe
from director.passes.finished import FinishedPasses, Finisher
from director.passes.gbuffer import GBuffer
from director.passes.geometry import Geometry
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.scene.mesh import Mesh
from director.types import Direction
from tests.golden.blocking_sets import Thing, ball_mesh, pixel_rays
from tests.golden.drawn_alike import HARD, ODD, SIZE, compare, drawn, hard_set, of, sheet, view_from

pytest.importorskip("numba", reason="Numba has no wheels for Intel Macs, where shaders draw this")

from director.passes.kernels import compiler
from director.passes.rasterised import RasterisedGBuffer
from director.passes.triangles import BLOCK

TARGETS = ("depth", "object", "normal", "anchor")


@pytest.fixture
def geometry(gl: moderngl.Context) -> Iterator[Geometry]:
    made = Geometry(gl, is_rigid=True)
    yield made
    made.release()


def both(
    gl: moderngl.Context, geometry: Geometry, size: tuple[int, int]
) -> tuple[GBuffer, RasterisedGBuffer]:
    return GBuffer(gl, *size, TARGETS, geometry), RasterisedGBuffer(gl, *size, TARGETS, geometry)


@pytest.mark.parametrize("name", ["night_alley", "living_room", "desert_road"])
def test_shipped_sets_are_drawn_as_opengl_draws_them(gl: moderngl.Context, name: str) -> None:
    compiled = CompiledScene(load_scene(name))
    finisher = Finisher(gl)
    made = finisher.finished(compiled, Direction(prompt=compiled.scene.prompt))
    for size in (SIZE, ODD):
        theirs, ours = both(gl, finisher.geometry, size)
        for move in compiled.scene.moves[:3]:
            # Whoever walks there is bent anew at each of these times.
            for time_s in (0.5, 2.5):
                place = move.camera_at(time_s, compiled.locate)
                depths = compiled.scene
                view = view_of(place, size[0] / size[1], depths.near_m, depths.far_m, None)
                state = made.at(compiled.at(time_s))
                first = drawn(theirs, state, view)
                # In a small picture single pixels count for much.
                compare(first, drawn(ours, state, view), 0.001 if size == SIZE else 0.002)
                assert len(np.unique(first["object"])) > 30
        theirs.release()
        ours.release()
    finisher.release()


@pytest.mark.parametrize("culls", [True, False])
@pytest.mark.parametrize("case", HARD)
def test_what_is_hard_to_draw_is_drawn_as_opengl_draws_it(
    gl: moderngl.Context, geometry: Geometry, case: str, culls: bool
) -> None:
    things, position, yaw, pitch = HARD[case]
    subject = hard_set(things)
    for size in (SIZE, ODD):
        theirs, ours = both(gl, geometry, size)
        theirs.culls = ours.culls = culls
        view = view_from(position, yaw, pitch, size)
        compare(drawn(theirs, subject.at(0.0), view), drawn(ours, subject.at(0.0), view), 0.002)
        theirs.release()
        ours.release()


@pytest.mark.parametrize("case", HARD)
def test_a_picture_of_a_few_pixels_shows_the_same(
    gl: moderngl.Context, geometry: Geometry, case: str
) -> None:
    things, position, yaw, pitch = HARD[case]
    subject = hard_set(things)
    view = view_from(position, yaw, pitch, (4, 3))
    theirs, ours = both(gl, geometry, (4, 3))
    first, second = drawn(theirs, subject.at(0.0), view), drawn(ours, subject.at(0.0), view)
    np.testing.assert_array_equal(first["object"], second["object"])
    np.testing.assert_allclose(first["depth"], second["depth"], rtol=1e-3)
    theirs.release()
    ours.release()


def test_depth_and_anchor_of_a_cut_floor_are_those_of_rays(gl: moderngl.Context, geometry: Geometry) -> None:
    subject = of([Thing("plain", (0, 0, 0))], plain=sheet(1, 60.0))
    view = view_from((3.0, 1.2, 2.0), 0.4, -0.3, SIZE)
    ours = RasterisedGBuffer(gl, *SIZE, TARGETS, geometry)
    pixels = drawn(ours, subject.at(0.0), view)
    eye, rays = pixel_rays(view, *SIZE)
    shown = pixels["object"] == 1
    depth = -eye[1] / rays[..., 1]
    assert shown.mean() > 0.5
    np.testing.assert_allclose(pixels["depth"][shown], depth[shown], rtol=1e-4)
    there = eye + rays * depth[..., None]
    np.testing.assert_allclose(pixels["anchor"][shown][:, :3], there[shown], rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(
        pixels["normal"][shown][:, :3], np.broadcast_to([0, 1, 0], there[shown].shape)
    )
    ours.release()


@pytest.mark.parametrize("size", [SIZE, ODD, (1, 1)])
def test_what_fills_the_picture_has_no_hole(
    gl: moderngl.Context, geometry: Geometry, size: tuple[int, int]
) -> None:
    ball = ball_mesh(150, 90)
    inside = Mesh(ball.positions * np.float32(9), ball.normals, ball.triangles)
    subject = of([Thing("inside", (0, -4.5, 0), yaw=0.3, pitch=0.2)], inside=inside)
    flat = of([Thing("fine", (0, 0, -1.7), yaw=0.37, pitch=1.3)], fine=sheet(170, 40.0, 3))
    ours = RasterisedGBuffer(gl, *size, TARGETS, geometry)
    for each in (subject, flat):
        for yaw in (0.0, 0.41, 1.07):
            view = view_from((0.0, 0.2, 0.1), yaw * (each is subject), 0.0, size)
            assert (drawn(ours, each.at(0.0), view)["object"] == 1).all()
    ours.release()


@pytest.mark.parametrize("side", [3, 60])
def test_a_pixel_on_a_shared_edge_belongs_to_one_of_both(side: int) -> None:
    compiler()
    # Kernels are imported when the compiler is there.
    from director.passes.kernels import raster

    columns, lines = 10, 8
    width, height = (columns + 2) * side, (lines + 2) * side
    rng = np.random.default_rng(5)
    # Corners on pixels' centres, between them, and anywhere: many edges run through centres.
    x, y = (
        each * side + side + 0.5 for each in np.meshgrid(np.arange(columns + 1.0), np.arange(lines + 1.0))
    )
    rim = (x == x.min()) | (x == x.max()) | (y == y.min()) | (y == y.max())
    moved = rng.uniform(-side / 3, side / 3, (2, *x.shape))
    moved = np.where(rng.random(moved.shape) < 0.3, moved, np.rint(moved * 2) / 2)
    x, y = x + np.where(rim, 0, moved[0]), y + np.where(rim, 0, moved[1])
    covers = np.zeros((height, width), int)
    runs, kept = np.array([[0, 0, 1, 0]], np.int64), np.ones(1, np.int64)
    boxes, fronts = np.array([[0, width - 1, 0, height - 1]], np.int16), np.full(1, 0.5, np.float32)
    sources = np.zeros((1, 2), np.uint32)
    nearest, shown = np.empty(height * width, np.float32), np.empty(height * width, np.int32)
    for i in range(lines):
        for j in range(columns):
            a, b, c, d = ((x[p], y[p]) for p in ((i, j), (i, j + 1), (i + 1, j), (i + 1, j + 1)))
            for corners in ((a, c, b), (c, b, d)):
                shape = np.array([[*corners[0], 0.5, *corners[1], 0.5, *corners[2], 0.5]], np.float32)
                near, far = np.float32(0.1), np.float32(100)
                raster.covered(
                    0, 1, runs, shape, boxes, fronts, sources, kept, near, far, width, height, nearest, shown
                )
                covers += shown.reshape(height, width) == 0
    # The top and the left edge belong to what is within them, the bottom and the right one do not.
    expected = np.zeros_like(covers)
    expected[side:-side, side:-side] = 1
    np.testing.assert_array_equal(covers, expected)


def test_the_same_bytes_however_many_share_a_picture(gl: moderngl.Context, geometry: Geometry) -> None:
    things, position, yaw, pitch = HARD["one within another"]
    subject, view = of(things), view_from(position, yaw, pitch, SIZE)
    pictures = []
    for parts in (1, 2, 5, 40):
        ours = RasterisedGBuffer(gl, *SIZE, TARGETS, geometry, parts=parts)
        pictures.append({name: each.tobytes() for name, each in drawn(ours, subject.at(0.0), view).items()})
        ours.release()
    assert all(picture == pictures[0] for picture in pictures)


def test_what_was_drawn_before_changes_nothing(gl: moderngl.Context, geometry: Geometry) -> None:
    view = view_from((0, 1, 3), 0.0, -0.2, ODD)
    one = of([Thing("box", (0, 0, 0), spin=1.0), Thing("ball", (1, 0, 0), velocity=(0.4, 0, 0))])
    other = of([Thing("fine", (0, 0, 0)), Thing("ball", (-1, 0.5, 0))], fine=sheet(120, 20.0))
    ours = RasterisedGBuffer(gl, *ODD, TARGETS, geometry)
    states = [one.at(0.0), one.at(1.5), other.at(0.0), one.at(0.0)]
    pictures = [drawn(ours, state, view) for state in states]
    for state, picture in zip(states, pictures, strict=True):
        alone = Geometry(gl, is_rigid=True)
        fresh = RasterisedGBuffer(gl, *ODD, TARGETS, alone)
        for name, each in drawn(fresh, state, view).items():
            np.testing.assert_array_equal(picture[name], each)
        fresh.release()
        alone.release()
    assert not np.array_equal(pictures[0]["depth"], pictures[1]["depth"])
    np.testing.assert_array_equal(pictures[0]["anchor"], pictures[3]["anchor"])
    ours.release()


def test_textures_hold_what_the_arrays_hold(gl: moderngl.Context, geometry: Geometry) -> None:
    things, position, yaw, pitch = HARD["one within another"]
    ours = RasterisedGBuffer(gl, *ODD, TARGETS, geometry)
    for shown in (things, things[6:12]):
        ours.draw(of(shown).at(0.0), None, view_from(position, yaw, pitch, ODD))
        for name in TARGETS:
            read = GBuffer.pixels(ours, name)
            assert (read.dtype, read.shape) == (ours.pixels(name).dtype, ours.pixels(name).shape)
            assert read.tobytes() == ours.pixels(name).tobytes(), name
        depth = np.frombuffer(ours.depth_buffer.read(alignment=1), np.float32).reshape(ODD[1], ODD[0])
        np.testing.assert_array_equal(depth == 1, ours.pixels("object") == 0)
        assert 0 < (depth < 1).mean() < 1
    few = RasterisedGBuffer(gl, *ODD, ("depth",), geometry)
    few.draw(of(things[6:12]).at(0.0), None, view_from(position, yaw, pitch, ODD))
    assert set(few.textures) == {"depth", "object"}
    assert few.pixels("depth").tobytes() == ours.pixels("depth").tobytes()
    for each in (ours, few):
        each.release()


def test_nothing_is_left_to_be_compiled_for_the_first_picture(
    gl: moderngl.Context, geometry: Geometry
) -> None:
    ours = RasterisedGBuffer(gl, *ODD, ("depth",), geometry)
    from director.passes.kernels import carried, exact, surfaces

    assert exact.RUN == BLOCK
    drawn_by = (carried.seen, surfaces.painted)
    before = [len(each.signatures) for each in drawn_by]
    things, position, yaw, pitch = HARD["one within another"]
    ours.draw(of(things).at(0.0), None, view_from(position, yaw, pitch, ODD))
    assert [len(each.signatures) for each in drawn_by] == before == [1, 1]
    ours.release()


def test_passes_choose_kernels_for_what_kernels_draw(gl: moderngl.Context, geometry: Geometry) -> None:
    def kind(names: set[str], compiled: bool | None = None) -> type[GBuffer]:
        passes = FinishedPasses(gl, *ODD, frozenset(names), geometry, compiled=compiled)
        made = type(passes.gbuffer)
        passes.release()
        return made

    assert kind({"depth", "normal"}, compiled=True) is RasterisedGBuffer
    assert kind({"depth", "normal"}, compiled=False) is GBuffer
    if describe(gl).is_software:
        assert kind({"depth", "shadow"}) is RasterisedGBuffer


def test_maps_are_those_of_opengls_targets(gl: moderngl.Context, geometry: Geometry) -> None:
    things, position, yaw, pitch = HARD["one within another"]
    subject = of([*things, Thing("fine", (0, -0.4, -3))], fine=sheet(30, 12.0))
    view = view_from(position, yaw, pitch, SIZE)
    names = frozenset({"structure", "shadow", "shelter"})
    made = []
    for compiled in (True, False):
        passes = FinishedPasses(gl, *SIZE, names, geometry, compiled=compiled)
        passes.draw(subject.at(0.0), view, Direction())
        made.append(
            {name: np.frombuffer(each.texture.read(), np.uint8) for name, each in passes.demanded.items()}
        )
        passes.release()
    for name in names:
        apart = np.abs(made[0][name].astype(np.int16) - made[1][name])
        assert made[1][name].std() > 1, name
        assert (apart <= 3).mean() > 0.98, name
