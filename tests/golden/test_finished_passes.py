"""Passes of the finished scene: the maps asked for, ids that are pieces, things where they were blocked."""

import time
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import UsageError
from director.passes.conditioner import Conditioner
from director.passes.finished import Finisher
from director.passes.geometry import Geometry
from director.passes.maps.structure import CHANNELS
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FINISHED, PIECE_NUMBERS, PIECES
from director.scene.finish.stuff import STUFF_NAMES
from director.scene.load import load_scene, scene_names
from director.types import CameraState, Conditioning, Direction, Tick
from tests.golden.blocking_sets import TestSet, Thing, camera, pixel_rays

SIZE = (192, 108)
TOLD = frozenset({"depth", "object", "normal", "anchor", "structure", "shadow", "lamplight", "shelter"})
FINISHED_TOLD = frozenset(FINISHED + name for name in TOLD)
PLACE = camera((0.6, 2.2, 8.0), 0.05, -0.1)
WALK = [{"time_s": 0, "position": [-1.2, 0.0, 1.0]}, {"time_s": 4, "position": [2.4, 0.0, 1.0]}]
YARD: tuple[dict[str, Any], ...] = (
    {"kind": "plane", "class": "road", "name": "ground", "size": [30.0, 30.0]},
    {"kind": "box", "class": "house", "name": "house", "size": [6.0, 4.0, 4.0],
     "position": [-3.0, 0.0, -4.0]},
    {"kind": "box", "class": "car", "name": "car", "size": [1.8, 1.4, 4.4], "position": [3.0, 0.0, -1.0],
     "rotation_deg": [35.0, 0.0, 0.0]},
    {"kind": "mannequin", "class": "person", "name": "walker", "pose": "walk", "keys": WALK},
    {"kind": "box", "class": "lamp", "name": "lamp", "size": [0.5, 0.8, 0.5], "position": [0.9, 0.9, 4.6],
     "light": {"colour": "#ffb060", "strength": 2.0}},
    {"kind": "box", "class": "sky", "name": "block", "size": [1.2, 1.2, 1.2], "position": [-1.4, 0.0, 3.6],
     "rotation_deg": [30.0, 0.0, 0.0]},
)  # fmt: skip


def yard(**changed: Mapping[str, Any]) -> CompiledScene:
    """The yard, with fields of the objects so named put otherwise."""
    objects = [{**each, **changed.get(each["name"], {})} for each in YARD]
    return CompiledScene(Scene.model_validate({"schema_version": 1, "name": "yard", "objects": objects}))


def id_of(name: str) -> int:
    return next(i + 1 for i, each in enumerate(YARD) if each["name"] == name)


def drawn(
    conditioner: Conditioner, time_s: float = 1.0, place: CameraState = PLACE, seed: int = 0
) -> Conditioning:
    conditioner.draw(Tick(0, time_s, 0.0), place, Direction(seed=seed))
    (taken,) = conditioner.drain()
    return taken


@pytest.fixture
def finisher(gl: Any) -> Iterator[Finisher]:
    made = Finisher(gl)
    yield made
    made.release()


def shot(
    gl: Any,
    scene: CompiledScene,
    maps: frozenset[str],
    finisher: Finisher | None = None,
    size: tuple[int, int] = SIZE,
    **of: Any,
) -> Conditioning:
    conditioner = Conditioner(gl, scene, *size, maps, finisher=finisher)
    taken = drawn(conditioner, **of)
    conditioner.release()
    return taken


def owners(maps: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
    """int64[h, w]: the id of the object whose piece a pixel shows; sky 0."""
    table = np.concatenate([[0], maps[PIECES][:, 0]])
    return np.asarray(table[maps["finished-object"]], np.int64)


def test_the_maps_of_both_come_by_the_names_asked_for(gl: Any) -> None:
    asked = frozenset({"depth", "object", "structure", "base", *FINISHED_TOLD, PIECES})
    taken = shot(gl, yard(), asked)
    assert taken.maps.keys() == asked
    for name in asked - {PIECES, "base"}:
        plain = taken.maps.get(name.removeprefix(FINISHED))
        assert taken.maps[name].shape[:2] == (SIZE[1], SIZE[0])
        if plain is not None:
            assert (plain.dtype, plain.shape) == (taken.maps[name].dtype, taken.maps[name].shape)
    # What is blocked and what it stands for are two pictures.
    assert (taken.maps["depth"] != taken.maps["finished-depth"]).mean() > 0.05
    assert [item.id for item in taken.objects] == list(range(1, len(YARD) + 1))


@pytest.mark.parametrize("only", [{PIECES}, {FINISHED + "depth"}, {FINISHED + "lamplight", "shadow"}])
def test_any_of_them_may_be_asked_for_alone(gl: Any, only: set[str]) -> None:
    taken = shot(gl, yard(), frozenset(only))
    assert taken.maps.keys() == only
    whole = shot(gl, yard(), frozenset({*FINISHED_TOLD, "shadow", PIECES}))
    for name in only:
        assert np.array_equal(taken.maps[name], whole.maps[name])


@pytest.mark.parametrize(
    ("asked", "shown", "draws"),
    [
        ({FINISHED + "depth", PIECES}, set(), False),
        ({FINISHED + "depth"}, {"base"}, True),
        ({FINISHED + "depth", "shadow"}, set(), True),
        ({PIECES}, set(), True),
    ],
)
def test_the_blocking_is_drawn_where_somebody_looks_at_it(
    gl: Any, asked: set[str], shown: set[str], draws: bool
) -> None:
    conditioner = Conditioner(gl, yard(), *SIZE, frozenset(asked), shown=frozenset(shown))
    drawn(conditioner)
    assert (conditioner.gbuffer.uploads > 0) == draws
    conditioner.release()


def test_a_map_there_is_not_is_refused(gl: Any) -> None:
    with pytest.raises(UsageError, match=r"'smell'.*structure"):
        Conditioner(gl, yard(), *SIZE, frozenset({"finished-smell"}))


@pytest.mark.parametrize("name", scene_names())
def test_things_are_where_they_were_blocked(gl: Any, name: str) -> None:
    compiled = CompiledScene(load_scene(name))
    maps = frozenset({"object", "finished-object", "finished-depth", PIECES})
    conditioner = Conditioner(gl, compiled, *SIZE, maps)
    agreeing: list[float] = []
    for move in compiled.scene.moves:
        taken = drawn(conditioner, 0.5, move.camera_at(0.5, compiled.locate)).maps
        ids, pieces = taken["finished-object"], taken[PIECES]
        assert pieces.shape == (len(pieces), PIECE_NUMBERS)
        assert ids.max() <= len(pieces)
        assert np.array_equal(ids == 0, np.isinf(taken["finished-depth"]))
        same = owners(taken) == taken["object"]
        assert same.mean() > 0.9, move.name
        for i in np.unique(taken["object"]):
            on = taken["object"] == i
            # Of what is tiny hardly a pixel is not on an edge.
            if i and on.sum() > 400:
                agreeing.append(float(same[on].mean()))
    conditioner.release()
    assert len(agreeing) > 15
    assert np.mean(np.array(agreeing) > 0.6) > 0.95
    assert np.median(agreeing) > 0.9


def test_what_moves_is_drawn_where_it_is_at_that_time(gl: Any) -> None:
    scene = yard()
    maps = frozenset({"object", "finished-object", PIECES})
    conditioner = Conditioner(gl, scene, *SIZE, maps)
    seen = [drawn(conditioner, time_s).maps for time_s in (0.0, 4.0, 1.5)]
    conditioner.release()
    places = []
    for taken in seen:
        blocked, finished = taken["object"] == id_of("walker"), owners(taken) == id_of("walker")
        assert blocked.sum() > 100
        # The figure is finished upon its own limbs.
        assert (blocked & finished).sum() > 0.6 * (blocked | finished).sum()
        places.append(np.flatnonzero(finished.any(0)).mean())
    assert places[0] < places[2] - 10 < places[1] - 30


def test_in_the_background_it_is_ready_in_the_end_and_draws_the_same(gl: Any, finisher: Finisher) -> None:
    # Sizes that nothing else has, so that nothing has been made of them yet.
    scene = yard(
        house={"size": [6.0, 4.03, 4.0]}, car={"size": [1.83, 1.4, 4.41]}, lamp={"size": [0.5, 0.83, 0.5]}
    )
    maps = frozenset({*FINISHED_TOLD, PIECES})
    waiting = Finisher(gl, in_background=True)
    conditioner = Conditioner(gl, scene, *SIZE, maps, finisher=waiting)
    assert not conditioner.is_ready(Direction())
    deadline = time.monotonic() + 120
    while not conditioner.is_ready(Direction()):
        assert time.monotonic() < deadline, "the thread has come to nothing"
        time.sleep(0.02)
    # Ready stays ready; of a scene that is as good as made it need not be waited for.
    assert conditioner.is_ready(Direction())
    behind = drawn(conditioner)
    assert waiting.is_ready(
        yard(house={"size": [6.0, 4.03, 4.0], "position": [-3.0, 0.0, -5.0]}), Direction()
    )
    at_once = shot(gl, scene, maps, finisher)
    for name in maps:
        assert np.array_equal(behind.maps[name], at_once.maps[name]), name
    conditioner.release()
    waiting.release()


def test_one_who_does_not_ask_whether_it_is_ready_waits(gl: Any, finisher: Finisher) -> None:
    scene = yard(
        house={"size": [6.0, 4.07, 4.0]}, car={"size": [1.87, 1.4, 4.41]}, lamp={"size": [0.5, 0.87, 0.5]}
    )
    waiting = Finisher(gl, in_background=True)
    assert not waiting.is_ready(scene, Direction())
    conditioner = Conditioner(gl, scene, *SIZE, frozenset({"finished-object", PIECES}), finisher=waiting)
    soon = drawn(conditioner)
    then = shot(gl, scene, frozenset({"finished-object", PIECES}), finisher)
    assert np.array_equal(soon.maps["finished-object"], then.maps["finished-object"])
    assert waiting.is_ready(scene, Direction())
    conditioner.release()
    waiting.release()


def test_without_background_it_is_always_ready(gl: Any, finisher: Finisher) -> None:
    assert finisher.is_ready(
        yard(house={"size": [6.0, 4.11, 4.0]}, car={"size": [1.91, 1.4, 4.41]}), Direction()
    )
    conditioner = Conditioner(gl, yard(), *SIZE, frozenset({"object"}))
    assert conditioner.is_ready(Direction())
    conditioner.release()


@pytest.mark.parametrize("name", scene_names())
def test_culling_and_levels_of_detail_change_few_pixels(gl: Any, name: str) -> None:
    compiled = CompiledScene(load_scene(name))
    place = compiled.scene.moves[0].camera_at(1.0, compiled.locate)
    maps = frozenset({"finished-object", "finished-depth", "finished-normal"})
    seen: dict[tuple[bool, bool], Mapping[str, NDArray[Any]]] = {}
    counts = {}
    for has_levels in (True, False):
        finisher = Finisher(gl)
        if not has_levels:
            finisher.geometry.release()
            finisher.geometry = Geometry(gl)
        for culls in (True, False):
            conditioner = Conditioner(gl, compiled, 512, 288, maps, finisher=finisher)
            assert conditioner._finished is not None
            conditioner._finished.gbuffer.culls = culls
            seen[has_levels, culls] = drawn(conditioner, place=place).maps
            conditioner.release()
        counts[has_levels] = sum(len(buffers.indices) for buffers in finisher.geometry.buffers)
        finisher.release()
    assert counts[True] > 2 * counts[False]
    # Faces that coincide, of which one is turned away.
    assert changed(seen[False, True], seen[False, False]) < 0.0005
    # Where joined vertices leave a seam, culled backs do not close it.
    assert changed(seen[True, True], seen[True, False]) < 0.004
    assert changed(seen[True, True], seen[False, True]) < 0.012


def changed(one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]]) -> float:
    """Share of pixels that show another piece, another distance by 2 %, or another side."""
    near, far = (np.minimum(maps["finished-depth"], 1e4) for maps in (one, other))
    turned = (one["finished-normal"].astype(np.float32) * other["finished-normal"]).sum(-1)
    differs = one["finished-object"] != other["finished-object"]
    differs |= np.abs(near - far) > 0.02 * far
    differs |= (turned < 0.7) & (one["finished-object"] > 0)
    return float(differs.mean())


def test_two_sizes_share_one_geometry(gl: Any, finisher: Finisher) -> None:
    scene = yard()
    maps = frozenset({"finished-object", "finished-depth"})
    sizes = (SIZE, (64, 36))
    conditioners = [Conditioner(gl, scene, *size, maps, finisher=finisher) for size in sizes]
    geometry = finisher.geometry
    drawn(conditioners[0])
    layout, buffers = geometry.layout, list(geometry.buffers)
    assert len(buffers) > 10
    together = [drawn(conditioner, 2.0) for conditioner in (*conditioners, conditioners[0])]
    # Nothing was sent twice.
    assert geometry.layout == layout
    assert all(a is b for a, b in zip(geometry.buffers, buffers, strict=True))
    conditioners[0].release()
    # It is its owner's: one who drew from it may go.
    last = drawn(conditioners[1], 2.0)
    conditioners[1].release()
    for size, taken in (*zip(sizes, together, strict=False), (sizes[0], together[2]), (sizes[1], last)):
        alone = shot(gl, scene, maps, size=size, time_s=2.0)
        for name in maps:
            assert np.array_equal(alone.maps[name], taken.maps[name])


def test_another_seed_and_another_scene_have_pieces_of_their_own(gl: Any, finisher: Finisher) -> None:
    maps = frozenset({"finished-object", "finished-depth", PIECES})
    conditioner = Conditioner(gl, yard(), *SIZE, maps, finisher=finisher)
    one, other, again = (drawn(conditioner, seed=seed) for seed in (0, 5, 0))
    assert not np.array_equal(one.maps["finished-depth"], other.maps["finished-depth"])
    for name in maps:
        assert np.array_equal(one.maps[name], again.maps[name])
    conditioner.reset_scene(yard(house={"hidden": True}))
    bare = drawn(conditioner)
    conditioner.release()
    assert id_of("house") not in bare.maps[PIECES][:, 0]
    assert id_of("house") in one.maps[PIECES][:, 0]
    assert (owners(one.maps) == id_of("house")).mean() > 0.05
    assert bare.maps["finished-object"].max() <= len(bare.maps[PIECES])


def test_a_scene_without_proxies_is_itself(gl: Any) -> None:
    # Things of the size of their mesh, as finished ones are: they are only turned and moved.
    subject = TestSet([Thing("box", (0, 0, 0), yaw=0.5), Thing("sheet", (-1, 1.5, 1), yaw=0.2, pitch=0.3)])
    names = frozenset({*TOLD, "base"})
    asked = names | {FINISHED + name for name in names} | {PIECES}
    conditioner = Conditioner(gl, subject, *SIZE, asked)
    assert conditioner.is_ready(Direction())
    taken = drawn(conditioner, place=camera((0.0, 1.6, 4.0), 0.0, -0.15)).maps
    conditioner.release()
    assert set(np.unique(taken["object"])) == {0, 1, 2}
    for name in names:
        plain, finished = (
            np.nan_to_num(taken[which].astype(np.float64)) for which in (name, FINISHED + name)
        )
        # Rounded otherwise, at the most.
        slack = 2 if np.issubdtype(taken[name].dtype, np.integer) else 0.002
        assert (np.abs(plain - finished) > slack).mean() < 0.002, name
    np.testing.assert_array_equal(taken[PIECES], [[1, 0, 0], [2, 0, 0]])


def test_a_lamp_shines_through_every_piece_of_its_own_object(gl: Any) -> None:
    maps = shot(gl, yard(), frozenset({*FINISHED_TOLD, PIECES}), size=(384, 216))
    (lamp,) = maps.lamps
    pieces, ids = maps.maps[PIECES], maps.maps["finished-object"]
    eye, rays = pixel_rays(maps.view, 384, 216)
    there = ids > 0
    world = eye + rays * np.where(there, maps.maps["finished-depth"], 1.0)[..., None]
    towards = np.asarray(lamp.position) - world
    squared = (towards**2).sum(-1)
    facing = (maps.maps["finished-normal"].astype(np.float64) * towards).sum(-1) / np.sqrt(squared)
    own = owners(maps.maps) == lamp.object_id

    def lit(cosine: NDArray[np.float64]) -> NDArray[np.float64]:
        light = cosine * (1 + 0.25**2) / (squared + 0.25**2) * lamp.strength
        return np.asarray(light[..., None] * np.asarray(lamp.colour) * there[..., None], np.float64)

    expected = lit(np.where(own, np.abs(facing), np.maximum(facing, 0)))
    found = maps.maps["finished-lamplight"].astype(np.float64)
    np.testing.assert_allclose(found, expected, rtol=0.02, atol=0.02)
    # Several pieces turn their backs on it, and are lit all the same; of nothing else does it light the back.
    from_behind = own & (facing < -0.2)
    assert len({int(i) for i in ids[from_behind]}) >= 2
    assert len({STUFF_NAMES[s] for s in pieces[pieces[:, 0] == lamp.object_id, 1]}) >= 2
    assert found[from_behind].max(-1).min() > 0.1
    assert (there & ~own & (facing < -0.1)).sum() > 50
    assert not found[there & ~own & (facing < -0.1)].any()


def test_pieces_have_the_patterns_of_their_object(gl: Any) -> None:
    taken = shot(gl, yard(), FINISHED_TOLD | {"object", "depth", "normal", "structure", PIECES}).maps
    hashed = [CHANNELS.index(name) for name in ("blotches", "leaves", "grain", "veins")]
    block = (taken["object"] == id_of("block")) & (owners(taken) == id_of("block"))
    assert block.sum() > 300
    # The block is the last object, and its piece has a number of its own.
    assert int(taken["finished-object"][block][0]) > id_of("block")
    of_place = [*hashed, *(CHANNELS.index(name) for name in ("place_x", "place_y", "place_z"))]
    for channel in of_place:
        a, b = (taken[name][block][:, channel].astype(int) for name in ("structure", "finished-structure"))
        assert (np.abs(a - b) > 2).mean() < 0.01, CHANNELS[channel]
    # Of what was finished, where the finished surface is the one that was blocked.
    same = (owners(taken) == taken["object"]) & (taken["object"] > 0)
    depth = np.where(same, taken["depth"], 1.0)
    same &= np.abs(np.where(same, taken["finished-depth"], 1.0) - depth) < 1e-4 * depth
    same &= (taken["normal"].astype(np.float32) * taken["finished-normal"]).sum(-1) > 0.9999
    finished = np.concatenate([[0], taken[PIECES][:, 2]])[taken["finished-object"]] == 1
    assert (same & finished).sum() > 500
    apart = np.abs(taken["structure"].astype(int) - taken["finished-structure"])[same & finished]
    assert (apart[:, hashed] > 6).mean() < 0.01


def test_on_the_way_to_another_seed_things_go_over_with_their_patterns(gl: Any) -> None:
    maps = frozenset({"finished-object", "finished-depth", "finished-structure", PIECES})
    compiled = CompiledScene(load_scene("living_room"))
    place = compiled.scene.moves[0].camera_at(0.0, compiled.locate)
    conditioner = Conditioner(gl, compiled, *SIZE, maps)
    old, new = Direction(seed=11), Direction(seed=12)

    def of(direction: Direction) -> Mapping[str, NDArray[Any]]:
        conditioner.draw(Tick(0, 0.0, 0.0), place, direction)
        (taken,) = conditioner.drain()
        return taken.maps

    ends, between = (of(old), of(new)), of(Direction(seed=12, leaving=old, arrived=0.5))
    conditioner.release()
    hashed = [CHANNELS.index(name) for name in ("blotches", "grain", "veins")]
    counts = [0, 0]
    for i in np.unique(owners(between)):
        mine = [owners(maps) == i for maps in (*ends, between)]
        if i == 0 or min(on.sum() for on in mine) < 150:
            continue
        everywhere = mine[0] & mine[1] & mine[2]
        same = [
            (np.abs(end["finished-depth"][everywhere] - between["finished-depth"][everywhere]) < 1e-3).mean()
            + (end["finished-structure"][everywhere] == between["finished-structure"][everywhere])[
                :, hashed
            ].mean()
            for end in ends
        ]
        # Shape and pattern are both of one seed, and of the same.
        assert max(same) > 1.9, compiled.objects[i - 1].name
        counts[int(np.argmax(same))] += 1
    assert min(counts) > 4


def test_what_a_prompt_quotes_stands_on_its_sign_and_changes_nothing_else(gl: Any) -> None:
    sign = {
        "kind": "box",
        "class": "signboard",
        "name": "sign",
        "size": [2.6, 1.0, 0.1],
        "position": [0, 1, 4],
    }
    objects = [*YARD[:3], {**sign, "prompt": 'white sign "BAR"'}]
    scene = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "signs", "objects": objects}))
    maps = frozenset({"finished-object", "finished-depth", "finished-normal", PIECES})
    conditioner = Conditioner(gl, scene, *SIZE, maps)
    seen = []
    for prompts in ({}, {4: 'black sign "BAR"'}, {4: 'white sign "HOTEL"'}, {}):
        conditioner.draw(Tick(0, 0.0, 0.0), PLACE, Direction(object_prompts=prompts))
        seen += [taken.maps for taken in conditioner.drain()]
    conditioner.release()
    on_sign = owners(seen[0]) == 4
    assert on_sign.sum() > 500
    # Words that are not to be written are none of the shape.
    for same in (seen[1], seen[3]):
        assert all(np.array_equal(seen[0][name], same[name]) for name in maps)
    # Other letters are painted elsewhere.
    shown = [one[PIECES][one["finished-object"].astype(np.int64) - 1] for one in (seen[0], seen[2])]
    differs = (shown[0] != shown[1]).any(-1)
    assert differs[on_sign].sum() > 100
    assert not differs[~on_sign].any()
