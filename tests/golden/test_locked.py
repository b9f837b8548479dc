"""Held surfaces: what is locked stays as it was, whatever is generated and wherever the camera goes."""

from collections.abc import Iterator
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.composite.carry import Moment
from director.composite.display import Display
from director.composite.locked import LockedSurfaces
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import CameraState, GeneratedFrame, Tick

SIZE = (192, 108)
PROMPTS = ("sunny noon", "rainy neon night", "snowy dawn")


class Shown:
    """The living room, drawn tick by tick as the viewport does."""

    def __init__(self, gl: moderngl.Context) -> None:
        self.compiled = CompiledScene(load_scene("living_room"))
        backend = generator("embedded")(GeneratorSettings())
        maps = backend.maps | {"depth", "object"}
        self.conditioner = Conditioner(gl, self.compiled, *SIZE, maps, shown=frozenset({"base"}))
        self.runner = InlineRunner(backend)
        self.display = Display(gl, *SIZE)
        self.move = self.compiled.move("orbit")
        self.ticks = 0
        self.ids: NDArray[np.uint16] = np.zeros((1, 1), np.uint16)
        self.last: tuple[GeneratedFrame, Moment] | None = None

    def id_of(self, name: str) -> int:
        return next(thing.id for thing in self.compiled.objects if thing.name == name)

    def camera(self, time_s: float) -> CameraState:
        return self.move.camera_at(time_s, self.compiled.locate)

    def tick(self, prompt: str, camera: CameraState, locks: frozenset[int]) -> NDArray[np.float32]:
        direction = direction_at(prompt, {}, self.compiled.objects, 0, 0.0)
        self.conditioner.draw(Tick(self.ticks, 0.0, 0.0), camera, direction)
        self.ticks += 1
        conditioning = self.conditioner.take()
        assert conditioning is not None
        assert self.conditioner.state is not None
        self.runner.submit(conditioning)
        frame = self.runner.newest()
        assert frame is not None
        now = Moment(conditioning.view, self.conditioner.state.world_from_object)
        self.display.hold(locks, *(self.last or (frame, now)))
        self.display.draw(frame, self.conditioner.gbuffer.textures, now, now, 0.0)
        self.last = (frame, now)
        self.ids = conditioning.maps["object"]
        return self.display.read().astype(np.float32)

    def close(self) -> None:
        self.runner.close()
        self.display.release()
        self.conditioner.release()


@pytest.fixture
def shown(gl: moderngl.Context) -> Iterator[Shown]:
    made = Shown(gl)
    yield made
    made.close()


def test_a_locked_object_stays_while_everything_else_is_prompted_anew(shown: Shown) -> None:
    camera = shown.camera(0.0)
    sofa = frozenset({shown.id_of("sofa base"), shown.id_of("sofa back"), shown.id_of("seat cushion 2")})
    before = shown.tick(PROMPTS[0], camera, frozenset())
    mine = np.isin(shown.ids, list(sofa))
    assert mine.sum() > 200
    for prompt in PROMPTS[1:]:
        after = shown.tick(prompt, camera, sofa)
        assert np.abs(after - before)[mine].mean() < 2
        assert np.abs(after - before)[~mine].mean() > 8
    free = shown.tick(PROMPTS[1], camera, frozenset())
    assert np.abs(free - before)[mine].mean() > 8


def test_it_is_the_same_after_the_camera_has_been_round(shown: Shown) -> None:
    sofa = frozenset({shown.id_of("sofa base"), shown.id_of("sofa back")})
    before = shown.tick(PROMPTS[0], shown.camera(0.0), frozenset())
    mine = np.isin(shown.ids, list(sofa))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0, 0.6, 0.3):
        there = shown.tick(PROMPTS[1], shown.camera(share * shown.move.duration_s), sofa)
    assert there.shape == before.shape
    after = shown.tick(PROMPTS[1], shown.camera(0.0), sofa)
    assert np.abs(after - before)[mine].mean() < 2


def test_what_comes_into_sight_joins_and_then_holds(gl: moderngl.Context, shown: Shown) -> None:
    wall = frozenset({shown.id_of("back wall"), shown.id_of("floor"), shown.id_of("rug")})
    shown.tick(PROMPTS[0], shown.camera(0.0), frozenset())
    shown.tick(PROMPTS[0], shown.camera(0.0), wall)
    far = shown.camera(shown.move.duration_s)
    shown.tick(PROMPTS[0], far, wall)
    first = shown.tick(PROMPTS[0], far, wall)
    mine = np.isin(shown.ids, list(wall))
    shown.tick(PROMPTS[1], far, wall)
    assert np.abs(shown.tick(PROMPTS[1], far, wall) - first)[mine].mean() < 3


def test_pictures_are_kept_only_for_what_is_new(gl: moderngl.Context, shown: Shown) -> None:
    surfaces = LockedSurfaces(gl)
    ids = frozenset({shown.id_of("sofa base")})
    kept = []
    for _ in range(3):
        shown.tick(PROMPTS[0], shown.camera(0.0), frozenset())
        assert shown.last is not None
        surfaces.hold(ids, *shown.last)
        kept.append(surfaces.kept)
    assert kept == [1, 1, 1]
    surfaces.hold(frozenset(), None, None)
    assert surfaces.kept == 0
    surfaces.release()


def test_nothing_is_held_without_maps(gl: moderngl.Context, shown: Shown) -> None:
    from dataclasses import replace

    shown.tick(PROMPTS[0], shown.camera(0.0), frozenset())
    assert shown.last is not None
    frame, moment = shown.last
    nothing: dict[str, Any] = {}
    bare = replace(frame, conditioning=replace(frame.conditioning, maps=nothing))
    surfaces = LockedSurfaces(gl)
    surfaces.hold(frozenset({1}), bare, moment)
    assert surfaces.kept == 0
    assert surfaces.locked == {1}
    surfaces.release()


def test_what_was_locked_small_becomes_whole_at_rest(gl: moderngl.Context, shown: Shown) -> None:
    from dataclasses import replace

    shown.tick(PROMPTS[0], shown.camera(0.0), frozenset())
    assert shown.last is not None
    frame, moment = shown.last
    small_maps = {name: values[::2, ::2] for name, values in frame.conditioning.maps.items()}
    small = replace(
        frame, image=frame.image[::2, ::2], conditioning=replace(frame.conditioning, maps=small_maps)
    )
    ids = frozenset({shown.id_of("sofa base"), shown.id_of("sofa back")})
    surfaces = LockedSurfaces(gl)
    surfaces.hold(ids, small, moment)
    assert surfaces.kept_sizes == [(SIZE[0] // 2, SIZE[1] // 2)]
    surfaces.hold(ids, frame, moment)
    assert surfaces.kept_sizes == [SIZE]
    other = replace(frame.conditioning.direction, prompt=PROMPTS[1])
    surfaces.hold(ids, replace(frame, conditioning=replace(frame.conditioning, direction=other)), moment)
    assert surfaces.kept_sizes == [SIZE], "another look never takes the place of what is held"
    surfaces.release()


def test_a_small_thing_in_a_large_hold_is_held_too(gl: moderngl.Context, shown: Shown) -> None:
    everything = frozenset(thing.id for thing in shown.compiled.objects)
    far = shown.camera(shown.move.duration_s)
    shown.tick(PROMPTS[0], shown.camera(0.0), everything)
    shown.tick(PROMPTS[0], far, everything)
    first = shown.tick(PROMPTS[0], far, everything)
    shown.tick(PROMPTS[1], far, everything)
    second = shown.tick(PROMPTS[1], far, everything)
    counts = np.bincount(shown.ids.ravel())
    for id_ in np.flatnonzero(counts > 400):
        if id_:
            mine = shown.ids == id_
            assert np.abs(second - first)[mine].mean() < 6, shown.compiled.objects[id_ - 1].name
