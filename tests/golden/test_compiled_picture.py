"""The live picture by compiled loops is that by shaders: carried, steadied, filled, hung over, held."""

from collections.abc import Iterator

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.composite.carry import Moment
from director.composite.display import Display
from director.direction.evaluate import direction_at
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FINISHED, PIECES
from director.scene.load import load_scene
from director.types import GeneratedFrame, Tick

pytest.importorskip("numba", reason="Numba has no wheels for Intel Macs, where shaders draw this")

WIDTH, HEIGHT = 192, 108
EVERY = 4
"""Ticks to a generated picture."""
MAPS = frozenset({"depth", "object", "base", FINISHED + "object", FINISHED + "depth", PIECES})
TARGETS = {"depth": (np.float32, ()), "object": (np.uint16, ()), "base": (np.uint8, (4,))}


@pytest.fixture
def pair(gl: moderngl.Context) -> Iterator[tuple[Display, Display]]:
    made = Display(gl, WIDTH, HEIGHT, compiled=False), Display(gl, WIDTH, HEIGHT, compiled=True)
    yield made
    for display in made:
        display.release()


class Staged:
    """A move of a scene, tick by tick, and pictures of every fourth tick that come a tick late."""

    def __init__(self, gl: moderngl.Context, scene: str, move: int, size: tuple[int, int]) -> None:
        self.compiled = CompiledScene(load_scene(scene))
        self.move = self.compiled.scene.moves[move]
        self.direction = direction_at(self.compiled.scene.prompt, {}, self.compiled.objects, 0, 0.0)
        self.asked = Conditioner(gl, self.compiled, *size, MAPS)
        self.shown = Conditioner(gl, self.compiled, WIDTH, HEIGHT, frozenset({"depth", "object", "base"}))
        self.frame: GeneratedFrame | None = None
        self.source: Moment | None = None

    def tick(self, index: int) -> Moment:
        time_s = index / 12
        tick, camera = Tick(index, time_s, 1 / 12), self.move.camera_at(time_s, self.compiled.locate)
        if index % EVERY == 0:
            self.asked.draw(tick, camera, self.direction)
            conditioning = self.asked.drain()[0]
            noise = np.random.default_rng(index).integers(0, 60, conditioning.maps["base"].shape)
            image = np.clip(conditioning.maps["base"] * 0.75 + noise, 0, 255).astype(np.uint8)
            self.frame = GeneratedFrame(image, conditioning, 0.1)
            self.source = _moment(self.asked)
        self.shown.draw(tick, camera, self.direction)
        self.shown.drain()
        return _moment(self.shown)

    @property
    def pixels(self) -> dict[str, NDArray[np.generic]]:
        textures = self.shown.gbuffer.textures
        return {
            name: np.frombuffer(textures[name].read(alignment=1), kind).reshape(HEIGHT, WIDTH, *last)
            for name, (kind, last) in TARGETS.items()
        }

    def release(self) -> None:
        self.asked.release()
        self.shown.release()


def _moment(conditioner: Conditioner) -> Moment:
    assert conditioner.view is not None
    assert conditioner.state is not None
    return Moment(conditioner.view, conditioner.state.world_from_object)


def differing(pair: tuple[Display, Display], staged: Staged, ticks: int, steadied: float) -> list[float]:
    """Share of the pixels that differ by more than 3 of 255, tick by tick."""
    found = []
    for index in range(ticks):
        now = staged.tick(index)
        for display in pair:
            pixels = staged.pixels
            display.draw(staged.frame, staged.shown.gbuffer.textures, now, staged.source, steadied, pixels)
        found.append(off(pair))
    return found


def off(pair: tuple[Display, Display]) -> float:
    first, second = (display.read().astype(int) for display in pair)
    return float((np.abs(first - second).max(-1) > 3).mean())


@pytest.mark.parametrize("scene", ["night_alley", "living_room", "desert_road"])
@pytest.mark.parametrize("size", [(WIDTH, HEIGHT), (96, 54)])
def test_they_draw_alike(
    gl: moderngl.Context, pair: tuple[Display, Display], scene: str, size: tuple[int, int]
) -> None:
    staged = Staged(gl, scene, 0, size)
    found = differing(pair, staged, 9, 0.5)
    staged.release()
    assert max(found) < 0.002, found


def test_without_a_stabiliser_too(gl: moderngl.Context, pair: tuple[Display, Display]) -> None:
    staged = Staged(gl, "desert_road", 1, (WIDTH, HEIGHT))
    found = differing(pair, staged, 6, 0.0)
    staged.release()
    assert max(found) < 0.002, found


def test_loops_draw_only_where_there_are_pixels_to_draw_from(
    gl: moderngl.Context, pair: tuple[Display, Display]
) -> None:
    """By their pixels, not by the textures: what is told of a red thing is red."""
    staged = Staged(gl, "living_room", 0, (WIDTH, HEIGHT))
    now = staged.tick(0)
    shaders, loops = pair
    pixels = {**staged.pixels, "object": np.zeros((HEIGHT, WIDTH), np.uint16)}
    later = staged.tick(1)
    for display in pair:
        display.draw(staged.frame, staged.shown.gbuffer.textures, later, staged.source, 0.5, pixels)
    assert off(pair) > 0.2
    shaders.cut()
    loops.cut()
    for display in pair:
        display.draw(staged.frame, staged.shown.gbuffer.textures, later, staged.source, 0.5)
    assert off(pair) == 0.0
    assert now is not later
    staged.release()


def test_what_is_held_is_drawn_by_shaders_that_go_on_where_loops_were(
    gl: moderngl.Context, pair: tuple[Display, Display]
) -> None:
    staged = Staged(gl, "night_alley", 0, (WIDTH, HEIGHT))
    before = differing(pair, staged, 5, 0.7)
    ids = frozenset({int(np.bincount(staged.pixels["object"].ravel()).argmax())})
    for index in range(5, 8):
        now = staged.tick(index)
        for display in pair:
            display.hold(ids, staged.frame, staged.source)
            display.draw(staged.frame, staged.shown.gbuffer.textures, now, staged.source, 0.7, staged.pixels)
        # The stabiliser keeps seven tenths of what loops drew: it shows if they are not handed over.
        assert off(pair) < 0.002
    staged.release()
    assert max(before) < 0.002


def test_a_cut_forgets(gl: moderngl.Context, pair: tuple[Display, Display]) -> None:
    staged = Staged(gl, "living_room", 0, (WIDTH, HEIGHT))
    _, loops = pair
    differing(pair, staged, 3, 0.9)
    assert staged.frame is not None
    loops.cut()
    # A picture of now, after a cut, is as it was generated.
    now = staged.tick(4)
    loops.draw(staged.frame, staged.shown.gbuffer.textures, now, staged.source, 0.9, staged.pixels)
    np.testing.assert_array_equal(loops.read(), staged.frame.image)
    staged.release()
