"""The structured bank by loops against the same by shaders: pixel for pixel, but for rounding."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.direction.seeds import Seeds
from director.passes.context import describe
from director.passes.finished import Finisher
from director.passes.gbuffer import GBuffer
from director.passes.geometry import Geometry
from director.passes.kernels import compiler
from director.passes.maps.structure import CHANNELS, StructureMap
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.scene.state import SceneState
from director.types import CameraState, Direction, View
from tests.golden.blocking_sets import TestSet, Thing, camera, random_set

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("numba") is None,
    reason="Numba has no wheels for Intel Macs, where shaders draw this",
)

Bank = NDArray[np.int16]
ONE_SEED: Seeds = ((7, 1.0),)
CHANNEL = {name: k for k, name in enumerate(CHANNELS)}


class Both:
    """A G-buffer of one size, and the bank drawn of it by shaders and by loops."""

    def __init__(self, gl: Any, size: tuple[int, int], geometry: Geometry | None = None) -> None:
        self.gbuffer = GBuffer(gl, *size, {"normal", "anchor"}, geometry)
        self.maps = [StructureMap(gl, *size, compiled=compiled) for compiled in (False, True)]
        self.size = size

    def draw(self, state: SceneState, place: CameraState, seeds: Seeds = ONE_SEED) -> tuple[Bank, Bank]:
        """int16[h, w, 16] of shaders and of loops."""
        view = self.view(place)
        self.gbuffer.draw(state, None, view)
        shaded, looped = (self._drawn(each, state, view, seeds) for each in self.maps)
        return shaded, looped

    def view(self, place: CameraState) -> View:
        return view_of(place, self.size[0] / self.size[1], 0.05, 500.0, None)

    def _drawn(self, bank: StructureMap, state: SceneState, view: View, seeds: Seeds) -> Bank:
        bank.draw_between(self.gbuffer, state, view, seeds)
        raw = np.frombuffer(bank.texture.read(alignment=1), np.uint8)
        return raw.reshape(self.size[1], self.size[0], len(CHANNELS)).astype(np.int16)

    def release(self) -> None:
        for each in self.maps:
            each.release()
        self.gbuffer.release()


@pytest.fixture
def both(gl: Any, request: pytest.FixtureRequest) -> Iterator[Both]:
    made = Both(gl, getattr(request, "param", (192, 108)))
    yield made
    made.release()


def check(shaded: Bank, looped: Bank) -> None:
    apart = np.abs(shaded - looped)
    worst = {name: float((apart[..., k] > 2).mean()) for name, k in CHANNEL.items()}
    assert (apart > 2).mean() < 0.001, worst
    assert apart.mean() < 0.05
    # No channel may hide behind the fifteen others.
    assert max(worst.values()) < 0.002, worst


@pytest.mark.parametrize("name", scene_names())
def test_finished_sets_are_drawn_alike(gl: Any, name: str) -> None:
    compiled, finisher = CompiledScene(load_scene(name)), Finisher(gl)
    finished = finisher.finished(compiled, Direction())
    both = Both(gl, (512, 288), finisher.geometry)
    for move, time_s in zip(compiled.scene.moves[:2], (0.6, 1.5), strict=True):
        state = finished.at(compiled.at(time_s))
        shaded, looped = both.draw(state, move.camera_at(time_s, compiled.locate))
        check(shaded, looped)
        used = [name for name, k in CHANNEL.items() if shaded[..., k].std() > 1]
        assert len(used) > 13, used
    both.release()
    finisher.release()


@pytest.mark.parametrize("both", [(101, 57), (16, 9), (67, 1), (1, 5)], indirect=True)
def test_any_size_will_do(both: Both) -> None:
    state = random_set(3).at(0.4)
    check(*both.draw(state, camera((0.3, 1.7, 8.0), 0.1, -0.1)))


@pytest.mark.parametrize("pitch", [0.9, 0.25])
def test_a_sky_alone_has_clouds_strokes_and_stars(both: Both, pitch: float) -> None:
    shaded, looped = both.draw(TestSet([]).at(0.0), camera((0.0, 2.0, 0.0), 0.7, pitch))
    check(shaded, looped)
    assert looped[..., CHANNEL["blotches"]].std() > 10
    assert looped[..., CHANNEL["strokes"]].std() > 10
    assert looped[..., CHANNEL["grain"]].max() > 100
    assert (looped[..., CHANNEL["occlusion"]] == 255).all()
    # A single picture hardly holds enough stars for a share of it to tell.
    assert np.abs(shaded - looped)[..., CHANNEL["grain"]].max() <= 2


def test_each_object_goes_over_from_seed_to_seed_as_by_shaders(both: Both) -> None:
    state, place = random_set(9, 30).at(0.0), camera((0.0, 3.0, 9.0), 0.0, -0.2)
    ends = [both.draw(state, place, ((seed, 1.0),))[1] for seed in (21, 22)]
    shaded, looped = both.draw(state, place, ((22, 0.5), (21, 1.0)))
    check(shaded, looped)
    ids = both.gbuffer.pixels("object")
    gone = [(looped[ids == i] == ends[1][ids == i]).all() for i in np.unique(ids)]
    stayed = [(looped[ids == i] == ends[0][ids == i]).all() for i in np.unique(ids)]
    assert all(a or b for a, b in zip(gone, stayed, strict=True))
    assert 3 < sum(gone) < len(gone) - 3
    check(*both.draw(state, place, ((4, 0.3), (3, 0.3), (2**32 - 1, 0.5), (-1, 1.0))))


def test_pieces_are_hashed_as_their_owners(both: Both) -> None:
    things = [Thing("box", (x, 0.0, 0.0), (1.4, 2.5, 1.4)) for x in (-3.0, 0.0, 3.0)]
    state, place = TestSet(things).at(0.0), camera((0.0, 1.5, 8.0), 0.0, 0.0)
    alone, (shaded, looped) = (
        both.draw(state, place)[1],
        both.draw(replace(state, owners=np.array([2, 2, 3], np.intp)), place),
    )
    check(shaded, looped)
    ids = both.gbuffer.pixels("object")
    changed = (alone != looped).any(-1)
    assert changed[ids == 1].mean() > 0.5
    assert not changed[ids != 1].any()


def test_hard_surfaces(both: Both) -> None:
    """Grazed ground far below any band, a wall before the lens, tiny things, a thin one and a slope."""
    things = [
        Thing("box", (0, -0.4, 0), (400, 0.4, 400)),
        Thing("box", (1.2, 0.0, 7.2), (0.4, 3.0, 1.5), yaw=0.3),
        Thing("ball", (-0.2, 1.0, 7.7), (0.06, 0.06, 0.06)),
        Thing("box", (-1.0, 0.3, 6.0), (1e-4, 0.8, 0.8), yaw=0.5, pitch=0.7),
        Thing("sheet", (-2.5, 0.6, 2.0), (3.0, 1.0, 2.0), yaw=1.0, pitch=-0.785),
        Thing("box", (40.0, 0.0, -160.0), (30.0, 60.0, 30.0), yaw=0.4),
    ]
    for place in (camera((0.0, 1.4, 8.3), 0.0, 0.0), camera((0.0, 0.08, 8.3), 0.1, 0.02)):
        check(*both.draw(TestSet(things).at(0.0), place))


def test_threads_do_not_change_a_byte(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    state, place = random_set(4).at(0.0), camera((0.0, 2.0, 9.0), 0.0, -0.1)
    _, first = both.draw(state, place)
    monkeypatch.setattr(compiler(), "threads", 1)
    _, second = both.draw(state, place)
    assert np.array_equal(first, second)


def test_loops_draw_where_opengl_is_software(gl: Any) -> None:
    chosen = StructureMap(gl, 8, 8)
    shaded = StructureMap(gl, 8, 8, compiled=False)
    assert (type(chosen._drawn) is not type(shaded._drawn)) == describe(gl).is_software
    chosen.release()
    shaded.release()
