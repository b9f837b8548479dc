"""The conditioner: exactly the maps asked for, the right previous tick, live and offline alike."""

from typing import Any

import numpy as np
import pytest

from director.camera.view import view_of
from director.errors import UsageError
from director.passes.conditioner import Conditioner
from director.passes.gbuffer import TARGETS
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.types import Conditioning, Direction, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera, cut_to, random_set

SIZE = (64, 36)
MAPS = frozenset({"depth", "object", "motion", "base", "noise"})


def tick(i: int) -> Tick:
    return Tick(i, i * 0.04, 0.04 if i else 0.0)


def same(a: Conditioning, b: Conditioning) -> bool:
    return a.maps.keys() == b.maps.keys() and all(
        np.array_equal(a.maps[name], b.maps[name]) for name in a.maps
    )


def test_a_conditioning_holds_what_was_asked_for_and_nothing_else(gl: Any) -> None:
    subject = random_set(1)
    conditioner = Conditioner(gl, subject, *SIZE, MAPS)
    direction = Direction(prompt="rain", seed=3)
    conditioner.draw(tick(4), camera((0, 2, 9)), direction)
    taken = conditioner.take()
    assert taken is not None
    assert conditioner.take() is None
    assert taken.maps.keys() == MAPS
    assert all(array.shape[:2] == (36, 64) for array in taken.maps.values())
    assert (taken.tick, taken.direction) == (tick(4), direction)
    assert taken.objects == subject.objects
    assert taken.sun_direction == subject.sun
    assert (taken.view.near_m, taken.view.far_m) == (0.3, 60.0)
    conditioner.release()


def test_an_unknown_map_is_refused_with_those_there_are(gl: Any) -> None:
    with pytest.raises(UsageError, match=r"'smell'.*noise.*shadow"):
        Conditioner(gl, random_set(1), *SIZE, frozenset({"depth", "smell"}))


@pytest.mark.parametrize("ring", [2, 3])
def test_a_ring_gives_the_same_ticks_later(gl: Any, ring: int) -> None:
    subject = random_set(2)
    results = {}
    for length in (1, ring):
        conditioner = Conditioner(gl, subject, *SIZE, MAPS, length)
        taken = []
        for i in range(6):
            conditioner.draw(tick(i), camera((0.1 * i, 2, 9)), Direction(seed=i))
            late = conditioner.take()
            assert (late is None) == (i < length - 1)
            if late is not None:
                assert late.tick.index == i - length + 1
                taken.append(late)
        taken += conditioner.drain()
        assert conditioner.drain() == []
        assert [t.tick.index for t in taken] == list(range(6))
        results[length] = taken
        conditioner.release()
    assert all(same(a, b) for a, b in zip(results[1], results[ring], strict=True))


def test_what_was_never_taken_makes_room_for_the_newest(gl: Any) -> None:
    conditioner = Conditioner(gl, random_set(2), *SIZE, MAPS, 2)
    for i in range(5):
        conditioner.draw(tick(i), camera((0, 2, 9)), Direction())
    assert [t.tick.index for t in conditioner.drain()] == [3, 4]
    conditioner.release()


def test_cuts_and_other_scenes_start_from_nothing(gl: Any) -> None:
    first, second = random_set(5), TestSet([Thing("box", (0, 0, 0), spin=2.0)])
    conditioner = Conditioner(gl, first, *SIZE, MAPS)
    places = [camera((0, 2, 9)), camera((1, 2, 8), 0.1)]

    def shot(subject: TestSet, prepare: str) -> Conditioning:
        conditioner.reset_scene(first)
        conditioner.draw(tick(0), places[0], Direction())
        conditioner.take()
        place = places[1]
        if prepare == "cut":
            conditioner.cut()
        elif prepare == "scene":
            conditioner.reset_scene(subject)
        elif prepare == "camera":
            place = cut_to(place)
        conditioner.draw(tick(1), place, Direction())
        taken = conditioner.take()
        assert taken is not None
        return taken

    assert shot(first, "nothing").maps["motion"].any()
    for prepare, subject in (("cut", first), ("camera", first), ("scene", second)):
        taken = shot(subject, prepare)
        assert not taken.maps["motion"].any(), prepare
        fresh = Conditioner(gl, subject, *SIZE, MAPS)
        fresh.draw(tick(1), places[1], Direction())
        expected = fresh.take()
        assert expected is not None
        assert same(taken, expected), prepare
        fresh.release()
    conditioner.release()


def test_another_scene_drops_what_was_under_way(gl: Any) -> None:
    conditioner = Conditioner(gl, random_set(5), *SIZE, MAPS, 3)
    conditioner.draw(tick(0), camera((0, 2, 9)), Direction())
    conditioner.reset_scene(random_set(6))
    assert conditioner.drain() == []
    conditioner.release()


def test_the_previous_matrix_is_the_last_drawn(gl: Any) -> None:
    conditioner = Conditioner(gl, random_set(5), *SIZE, frozenset({"depth"}))
    conditioner.draw(tick(0), camera((0, 2, 9)), Direction())
    conditioner.draw(tick(1), camera((1, 2, 9)), Direction())
    assert conditioner.view is not None
    expected = view_of(camera((0, 2, 9)), 64 / 36, 0.3, 60.0, None).clip_from_world
    np.testing.assert_array_equal(conditioner.view.previous_clip_from_world, expected)
    conditioner.release()


@pytest.mark.parametrize("name", scene_names())
def test_shipped_sets_fill_the_picture_from_every_move(gl: Any, name: str) -> None:
    compiled = CompiledScene(load_scene(name))
    conditioner = Conditioner(gl, compiled, *SIZE, frozenset(TARGETS))
    for move in compiled.scene.moves:
        conditioner.cut()
        for i, time_s in enumerate((0.0, 0.04)):
            conditioner.draw(tick(i), move.camera_at(time_s, compiled.locate), Direction())
            taken = conditioner.take()
        assert taken is not None
        ids = taken.maps["object"]
        assert len(np.unique(ids)) > 4, move.name
        assert (ids > 0).mean() > 0.2, move.name
        assert ids.max() <= len(compiled.objects)
        depth = taken.maps["depth"]
        assert depth.min() >= compiled.scene.near_m * 0.99
        assert np.array_equal(np.isinf(depth), ids == 0)
        assert np.isfinite(taken.maps["motion"].astype(np.float32)).all()
    conditioner.release()
