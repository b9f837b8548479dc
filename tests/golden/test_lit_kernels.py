"""Shadow, shelter and lamplight by kernels against the same by shaders, and the depth that the sun sees."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.passes.context import describe
from director.passes.finished import FinishedPasses, Finisher
from director.passes.gbuffer import GBuffer
from director.passes.geometry import Geometry
from director.passes.maps import DemandMap, shadow, shelter
from director.passes.maps.lamplight import MOST_LAMPS, LamplightMap
from director.passes.maps.shadow import ShadowMap, fit_sun
from director.passes.maps.shelter import ShelterMap
from director.passes.shares import share_of
from director.passes.sun_depth import ShadedSunDepth, SunView
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.scene.mesh import Mesh
from director.scene.state import SceneState
from director.types import CameraState, Direction, Lamp, Vector, View
from tests.golden.blocking_sets import TestSet, Thing, ball_mesh, camera, pixel_rays, random_set

pytest.importorskip("numba", reason="Numba has no wheels for Intel Macs, where shaders draw this")

from director.passes.kernels import compiler
from director.passes.sun_rasterised import RasterisedSunDepth

SIZE, ODD = (512, 288), (101, 57)
KINDS: Mapping[str, Any] = {"shadow": ShadowMap, "shelter": ShelterMap, "lamplight": LamplightMap}
SHARES = ("shadow", "shelter")

Pixels = NDArray[Any]


class Both:
    """Maps of one size, drawn of one G-buffer by shaders and by kernels."""

    def __init__(self, gl: moderngl.Context, gbuffer: GBuffer) -> None:
        self.gbuffer = gbuffer
        self.maps: dict[str, tuple[Any, Any]] = {
            name: (kind(gl, gbuffer.width, gbuffer.height, compiled=False),
                   kind(gl, gbuffer.width, gbuffer.height, compiled=True))
            for name, kind in KINDS.items()
        }  # fmt: skip

    def draw(self, state: SceneState, view: View, previous: SceneState | None = None) -> dict[str, Any]:
        """Of each map what shaders and what kernels draw."""
        self.gbuffer.draw(state, previous, view)
        return {
            name: tuple(self._drawn(each, state, view) for each in pair) for name, pair in self.maps.items()
        }

    def view(self, place: CameraState, far_m: float = 500.0) -> View:
        return view_of(place, self.gbuffer.width / self.gbuffer.height, 0.05, far_m, None)

    def _drawn(self, drawn: DemandMap, state: SceneState, view: View) -> Pixels:
        drawn.draw(self.gbuffer, state, view, 0)
        raw = np.frombuffer(drawn.texture.read(alignment=1), drawn.dtype)
        return raw.reshape(self.gbuffer.height, self.gbuffer.width, -1)

    def release(self) -> None:
        for pair in self.maps.values():
            for each in pair:
                each.release()


@pytest.fixture
def both(gl: moderngl.Context, request: pytest.FixtureRequest) -> Iterator[Both]:
    width, height = getattr(request, "param", (192, 108))
    gbuffer = GBuffer(gl, width, height, {"normal"})
    made = Both(gl, gbuffer)
    yield made
    made.release()
    gbuffer.release()


def check(drawn: Mapping[str, tuple[Pixels, Pixels]]) -> None:
    for name in SHARES:
        shaded, looped = drawn[name]
        apart = np.abs(shaded.astype(np.int16) - looped)
        # On the edge of a shadow a single texel decides; one pixel of a small picture is no share.
        assert (apart > 2).sum() <= max(1, 0.0005 * apart.size), name
        assert (apart > 0).sum() <= max(2, 0.005 * apart.size), name
    shaded, looped = (each.astype(np.float64) for each in drawn["lamplight"])
    # A float16 has eleven bits, and OpenGL may cut off what is less.
    np.testing.assert_allclose(looped, shaded, rtol=0.002, atol=2e-5)
    assert (np.abs(looped - shaded) > 0.001 * shaded + 1e-6).mean() < 0.001
    assert (looped[..., 3] == 1).all()


@pytest.mark.parametrize("name", scene_names())
def test_finished_sets_are_lit_alike(gl: moderngl.Context, name: str) -> None:
    compiled, finisher = CompiledScene(load_scene(name)), Finisher(gl)
    finished = finisher.finished(compiled, Direction())
    for size in (SIZE, ODD):
        passes = FinishedPasses(gl, *size, frozenset({"normal"}), finisher.geometry)
        both = Both(gl, passes.gbuffer)
        for move in compiled.scene.moves[:2]:
            # Whoever walks there does so between the first two; the third is another place of the camera's.
            for time_s in (0.5, 0.54, 2.5):
                view = both.view(move.camera_at(time_s, compiled.locate), compiled.scene.far_m)
                drawn = both.draw(finished.at(compiled.at(time_s)), view)
                check(drawn)
                for shaded, _ in drawn.values():
                    assert shaded.astype(np.float64).std() > 0.01
        shader, kernel = (each.sun for each in both.maps["shadow"])
        assert (shader.redraws, shader.moves) == (kernel.redraws, kernel.moves)
        assert kernel.moves > 1
        both.release()
        passes.release()
    finisher.release()


FLOOR = Thing("box", (0, -0.4, 0), (24, 0.4, 24))
WIDE = Thing("box", (0, -0.4, 0), (900, 0.4, 900))
TOWERS = [
    Thing("box", (x, 0, z), (5, 14, 5), 0.3 * x) for x in range(-90, 91, 20) for z in range(-130, 0, 26)
]
HERE = (1.0, 3.2, 9.0)
SUN = (0.5, 0.8, 0.4)
LIT: Mapping[str, tuple[list[Thing], Vector, CameraState]] = {
    "on and off": (
        [FLOOR, Thing("box", (0, 0, 0), (1.2, 2.4, 1.2), 0.5), Thing("ball", (2, 1, 1))],
        SUN, camera(HERE, 0.1, -0.3)),
    "the map's border runs over what is seen": ([WIDE, *TOWERS], SUN, camera((0, 22, 30), 0.0, -0.2)),
    "low sun": (
        [FLOOR, *TOWERS[:20], Thing("ball", (0, 0, 2), (3, 3, 3))], (0.9, 0.04, 0.3),
        camera(HERE, 0.1, -0.2)),
    "sun below the horizon": (
        [FLOOR, Thing("ball", (0, 1, 2))], (0.3, -0.5, 0.2), camera(HERE, 0.1, -0.2)),
    "straight above": (
        [FLOOR, Thing("sheet", (0, 2, 1), (4, 1, 3), 0.4, 0.2)], (0, 1, 0), camera(HERE, 0.1, -0.3)),
    "before the map's box": (
        [WIDE, Thing("box", (90, 160, 66), (30, 1, 30)), Thing("box", (0, 190, 0), (9, 2, 9))],
        SUN, camera((1, 9, 20), 0.1, -0.5)),
    "sheets have two sides": (
        [FLOOR, *(Thing("sheet", (x, 1.4, 2), (1.5, 1, 1.5), 0.4, x) for x in (-3, -1, 2))],
        SUN, camera(HERE, 0.1, -0.3)),
    "a roof and what stands under it": (
        [FLOOR, Thing("box", (2, 2.6, 0), (5, 0.2, 5)), Thing("box", (2, 0, 0), (0.3, 2.6, 0.3)),
         Thing("box", (-3, 0, 1), (0.1, 3, 4), 0.2)],
        SUN, camera((-3, 1.6, 8), -0.3, -0.05)),
    "so large that its corners lie far out": (
        [Thing("vast", (0, 0, 0)), Thing("box", (0, 0, -4), (6, 3, 1))],
        (-0.5, 0.8, -0.4), camera(HERE, 0.1, -0.4)),
    "slivers": (
        [FLOOR, *(Thing("box", (0.3 * k - 2, 0, 3), (0.002, 2, 1.5), 0.1 * k) for k in range(16))],
        SUN, camera(HERE, 0.0, -0.2)),
    "nothing at all": ([], SUN, camera(HERE, 0.3, 0.4)),
}  # fmt: skip


def lit(case: str) -> tuple[TestSet, CameraState]:
    things, sun, place = LIT[case]
    made = TestSet(things, sun=sun)
    corners = np.array([(-1, 0, -1), (-1, 0, 1), (1, 0, 1), (1, 0, -1)], np.float32) * 20_000
    normals = np.broadcast_to(np.array([0, 1, 0], np.float32), corners.shape).copy()
    made.meshes["vast"] = Mesh(corners, normals, np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
    made.meshes["ball"] = ball_mesh(60, 36)
    return made, place


def outside(gbuffer: GBuffer, view: View, towards: Vector) -> NDArray[np.bool_]:
    """bool[h, w]: surfaces that the map seen from there does not hold."""
    eye, rays = pixel_rays(view, gbuffer.width, gbuffer.height)
    depth = gbuffer.pixels("depth")
    world = eye + rays * np.where(np.isinf(depth), 1, depth)[..., None]
    light, _ = fit_sun(view, towards, gbuffer.geometry.centre, gbuffer.geometry.radius)
    at = world @ light[:2, :3].T + light[:2, 3]
    return np.asarray((np.abs(at) > 1).any(-1))


@pytest.mark.parametrize("case", LIT)
def test_what_is_hard_to_light_is_lit_as_by_shaders(both: Both, case: str) -> None:
    subject, place = lit(case)
    drawn = both.draw(subject.at(0.0), both.view(place))
    check(drawn)
    seen = both.gbuffer.pixels("object") > 0
    if case not in ("nothing at all", "sun below the horizon"):
        assert 0.005 < (drawn["shadow"][1][seen] < 50).mean() < 0.98
    if case == "the map's border runs over what is seen":
        level = seen & (both.gbuffer.pixels("normal")[..., 1] > 0.9)
        for name, towards, lies_beyond in (("shadow", SUN, 255), ("shelter", (0.0, 1.0, 0.0), 0)):
            beyond = level & outside(both.gbuffer, both.view(place), towards)
            assert beyond.sum() > 500
            assert (level & ~beyond).sum() > 500
            assert (drawn[name][1][beyond] == lies_beyond).all()
    assert (drawn["shadow"][1][~seen] == 255).all()
    assert not drawn["shelter"][1][~seen].any()
    assert not drawn["lamplight"][1][~seen][:, :3].any()


@pytest.mark.parametrize("name", SHARES)
def test_every_texel_counts_up_to_the_rim(gl: moderngl.Context, both: Both, name: str) -> None:
    lookup = {"shadow": shadow._LOOKUP, "shelter": shelter._LOOKUP}[name]
    texels, gbuffer = 64, both.gbuffer
    state = TestSet([FLOOR, Thing("ball", (1, 0, 3))], sun=SUN).at(0.0)
    view = both.view(camera((1.0, 4.0, 7.0), 0.0, -0.8))
    gbuffer.draw(state, None, view)
    # A map of a part of what is seen, in which nothing is like its neighbours.
    towards = SUN if name == "shadow" else (0.0, 1.0, 0.0)
    part = np.array([[1, 0, 3.2]], np.float32), np.array([1.2], np.float32)
    light, across = fit_sun(view, towards, *part)
    seen = SunView(light, across / texels)
    depths = np.random.default_rng(2).random((texels, texels), np.float32)
    drawn = []
    for compiled in (False, True):
        share = share_of(gl, (gbuffer.width, gbuffer.height), lookup, texels, compiled)
        share.draw(gbuffer, view, state.sun_direction, seen)
        if isinstance(share.depths, ShadedSunDepth):
            share.depths.texture.write(depths)
        elif isinstance(share.depths, RasterisedSunDepth):
            share.depths._still[:] = depths.reshape(-1)
        share.draw(gbuffer, view, state.sun_direction, seen)
        assert share.depths.redraws == 1
        drawn.append(np.frombuffer(share.texture.read(alignment=1), np.uint8).astype(np.int16))
        share.release()
    beyond = 255 if name == "shadow" else 0
    assert 0.2 < (drawn[0] == beyond).mean() < 0.9
    assert drawn[0].std() > 20
    assert (np.abs(drawn[0] - drawn[1]) > 2).mean() < 0.0005


@pytest.mark.parametrize("both", [(101, 57), (16, 9), (67, 1), (1, 5), (129, 40)], indirect=True)
def test_any_size_will_do(both: Both) -> None:
    subject = random_set(3)
    state = TestSet(subject.things, lamps(3)).at(0.4)
    check(both.draw(state, both.view(camera((0.3, 1.7, 8.0), 0.1, -0.1))))


def test_what_moves_casts_from_where_it_is(gl: moderngl.Context, both: Both) -> None:
    # Time stands at first, runs, stands and runs again; the camera goes far enough for the maps to step.
    times = (0.0, 0.0, 0.1, 0.2, 0.2, 0.3, 0.4, 0.5, 0.5)
    subject, kept = random_set(11), both.maps["shadow"][1].sun
    pictures = []
    for i, time_s in enumerate(times):
        view = both.view(camera((1.0 + 0.7 * i, 3.2, 9.0), 0.1, -0.3))
        drawn = both.draw(subject.at(time_s), view)
        check(drawn)
        pictures.append(drawn["shadow"][1].tobytes())
        fresh = ShadowMap(gl, both.gbuffer.width, both.gbuffer.height, compiled=True)
        fresh.draw(both.gbuffer, subject.at(time_s), view, 0)
        # A fresh one knows of nothing that moves, and draws all at once.
        assert np.array_equal(fresh.sun.pixels(), kept.pixels()), i
        assert fresh.texture.read(alignment=1) == pictures[-1]
        fresh.release()
    assert kept.moves >= 4
    assert kept.redraws < len(times)
    shader = both.maps["shadow"][0].sun
    assert (shader.redraws, shader.moves) == (kept.redraws, kept.moves)
    # Another scene, of which nothing moves.
    still = TestSet(subject.things[:6])
    for _ in range(2):
        check(both.draw(still.at(0.0), view))


@pytest.mark.parametrize("parts", [1, 2, 5, 40])
def test_the_sun_sees_what_opengl_shows_it(gl: moderngl.Context, parts: int) -> None:
    for case in LIT:
        subject, place = lit(case)
        state, view = subject.at(0.0), view_of(place, 16 / 9, 0.05, 500.0, None)
        for is_rigid in (False, True):
            geometry = Geometry(gl, is_rigid=is_rigid)
            geometry.update(state, None)
            light, across = fit_sun(view, state.sun_direction, geometry.centre, geometry.radius)
            shaded, looped = ShadedSunDepth(gl, 512), RasterisedSunDepth(512, parts=parts)
            for each in (shaded, looped):
                each.draw(geometry, SunView(light, across / 512))
            theirs, ours = shaded.pixels(), looped.pixels()
            assert ours.min() >= 0, case
            assert ((theirs < 1) == (ours < 1)).mean() > 0.9998, case
            assert (np.abs(theirs - ours) > 1e-5).mean() < 0.0005, case
            assert (case == "nothing at all") == (ours == 1).all()
            shaded.release()
            looped.release()
            geometry.release()


def test_a_wall_cut_into_many_has_no_hole(gl: moderngl.Context) -> None:
    ball = ball_mesh(150, 90)
    subject = TestSet([Thing("ball", (0, 0, 0), yaw=0.3, pitch=0.2)])
    subject.meshes["ball"] = Mesh(ball.positions * np.float32(30), ball.normals, ball.triangles)
    geometry = Geometry(gl)
    geometry.update(subject.at(0.0), None)
    nowhere = np.zeros((0, 3), np.float32), np.zeros(0, np.float32)
    for towards in ((0.3, 0.9, 0.1), (0.0, 1.0, 0.0)):
        # A map within the ball: of what a camera in its middle sees.
        view = view_of(camera((0.0, 15.0, 0.0)), 1.0, 0.1, 5.0, None)
        light, across = fit_sun(view, towards, *nowhere)
        looped = RasterisedSunDepth(1024)
        looped.draw(geometry, SunView(light, across / 1024))
        assert (looped.pixels() < 1).all()
    geometry.release()


def test_threads_do_not_change_a_byte(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = TestSet(random_set(4).things, lamps(5))
    view = both.view(camera((0.0, 2.0, 9.0), 0.0, -0.1))
    first = both.draw(subject.at(0.0), view)
    monkeypatch.setattr(compiler(), "threads", 1)
    second = both.draw(subject.at(0.0), view)
    for name in KINDS:
        assert first[name][1].tobytes() == second[name][1].tobytes()


def lamps(count: int, strength: float = 1.0) -> tuple[Lamp, ...]:
    rng = np.random.default_rng(count)
    return tuple(
        Lamp(
            1 + i % 4,
            (float(rng.uniform(-5, 5)), float(rng.uniform(0.0, 3)), float(rng.uniform(-5, 5))),
            (1.0, float(rng.uniform(0.2, 1)), float(rng.uniform(0.1, 1))),
            strength * float(rng.uniform(0.2, 3)),
        )
        for i in range(count)
    )


LAMPLIT = [
    FLOOR,
    Thing("box", (0, 0, 0), (1, 2, 1), 0.4),
    Thing("box", (2.5, 0, 1)),
    Thing("ball", (-2, 0, 3)),
]


@pytest.mark.parametrize(
    ("count", "strength"), [(0, 1.0), (1, 1.0), (13, 1.0), (40, 1.0), (4, 1e-4), (4, 1e5)]
)
def test_lamps_light_as_by_the_shader(both: Both, count: int, strength: float) -> None:
    subject = TestSet(LAMPLIT, lamps(count, strength))
    shaded, looped = (drawn := both.draw(subject.at(0.0), both.view(camera(HERE, 0.1, -0.3))))["lamplight"]
    check(drawn)
    assert (shaded[..., :3].max() > 0) == (count > 0)
    assert count <= MOST_LAMPS or len(subject.lamps) > MOST_LAMPS
    if strength > 1:
        assert looped.max() == 1000
    if count and strength < 1:
        least_normal = 2.0**-14
        assert ((looped > 0) & (looped < least_normal)).any()


@pytest.mark.parametrize(
    ("object_id", "owners", "shines"),
    [(2, None, True), (3, None, False), (2, [1, 2, 2, 3], True), (3, [1, 2, 2, 3], False), (1, [1, 1], True)],
)
def test_a_lamp_shines_through_what_carries_it(
    both: Both, object_id: int, owners: list[int] | None, shines: bool
) -> None:
    within = Lamp(object_id, (0.0, 1.0, 0.0), (1.0, 0.8, 0.5), 2.0)
    carried = None if owners is None else np.array(owners, np.intp)
    state = replace(TestSet(LAMPLIT).at(0.0), lamps=(within,), owners=carried)
    drawn = both.draw(state, both.view(camera((0.0, 1.4, 5.0), 0.0, -0.05)))
    check(drawn)
    box = drawn["lamplight"][1][both.gbuffer.pixels("object") == 2][:, :3].astype(np.float64)
    assert len(box) > 300
    assert (box.mean() > 0.2) == shines


def test_kernels_light_where_opengl_is_software(gl: moderngl.Context) -> None:
    is_software = describe(gl).is_software
    sunlit, sheltered, lamplit = ShadowMap(gl, 8, 8), ShelterMap(gl, 8, 8), LamplightMap(gl, 8, 8)
    assert isinstance(sunlit.sun, RasterisedSunDepth) == is_software
    shaded = ShelterMap(gl, 8, 8, compiled=False), LamplightMap(gl, 8, 8, compiled=False)
    assert (type(sheltered._share) is not type(shaded[0]._share)) == is_software
    assert (type(lamplit._drawn) is not type(shaded[1]._drawn)) == is_software
    for each in (sunlit, sheltered, lamplit, *shaded):
        each.release()


def test_nothing_is_left_to_be_compiled_for_the_first_picture(gl: moderngl.Context, both: Both) -> None:
    from director.passes.kernels import casters, lamps, shares

    kernels = (
        casters.carried,
        casters.drawn,
        casters.restored,
        shares.sunlit,
        shares.sheltered,
        lamps.lamplit,
    )
    before = [len(each.signatures) for each in kernels]
    things = [FLOOR, Thing("ball", (0, 0, 0), velocity=(1, 0, 0))]
    subject = TestSet(things, (Lamp(2, (0.0, 1.0, 0.0), (1.0, 1.0, 1.0), 1.0),))
    finisher = Finisher(gl)
    passes = FinishedPasses(gl, *ODD, frozenset(KINDS), finisher.geometry, compiled=True)
    for time_s in (0.0, 0.1, 0.2):
        view = both.view(camera(HERE, 0.1, -0.3))
        both.draw(subject.at(time_s), view)
        passes.draw(subject.at(time_s), view, Direction())
    assert [len(each.signatures) for each in kernels] == before == [1] * len(kernels)
    passes.release()
    finisher.release()


def test_a_map_is_whole_tiles() -> None:
    with pytest.raises(ValueError, match="whole tiles"):
        RasterisedSunDepth(100)
