"""A finished scene: whose its pieces are, that they go where their objects go, and what stays the same."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish import finished as finished_module
from director.scene.finish.finished import PIECE_NUMBERS, FinishedScene, missing_pieces
from director.scene.finish.stuff import STUFF_NAMES, stuff_index
from director.scene.finish.told import Told
from director.scene.finish.variants import VARIANTS, variants
from director.scene.mesh import Mesh
from director.scene.state import SceneState

_WALK = [
    {"time_s": 0, "position": [0.0, 0.0, 0.0]},
    {"time_s": 4, "position": [0.0, 0.0, 4.0], "rotation_deg": [40.0, 0.0, 0.0]},
]
_DRIVE = [{"time_s": 0, "position": [3.0, 0.0, -5.0]}, {"time_s": 5, "position": [3.0, 0.0, 9.0]}]
_OBJECTS: tuple[dict[str, Any], ...] = (
    {"kind": "plane", "class": "road", "name": "ground", "size": [30.0, 30.0]},
    {"kind": "box", "class": "car", "name": "drives", "size": [1.8, 1.4, 4.4], "keys": _DRIVE},
    {"kind": "mannequin", "class": "person", "name": "walks", "pose": "walk", "keys": _WALK,
     "interpolation": "linear"},
    {"kind": "box", "class": "house", "name": "house", "size": [6.0, 4.0, 5.0], "position": [-8.0, 0.0, 0.0]},
    {"kind": "box", "class": "car", "name": "parks", "size": [1.8, 1.4, 4.4], "position": [7.0, 0.0, 1.0],
     "rotation_deg": [25.0, 0.0, 0.0]},
    {"kind": "mannequin", "class": "person", "name": "stands", "position": [2.0, 0.0, 2.0]},
    {"kind": "box", "class": "sky", "name": "block", "size": [1.0, 1.0, 1.0], "position": [5.0, 0.0, 5.0]},
)  # fmt: skip


def _compiled(**changed: Mapping[str, Any]) -> CompiledScene:
    """The scene, with fields of the objects so named put otherwise."""
    objects = [{**each, **changed.get(each["name"], {})} for each in _OBJECTS]
    return CompiledScene(Scene.model_validate({"schema_version": 1, "name": "few", "objects": objects}))


@pytest.fixture(scope="module")
def compiled() -> CompiledScene:
    return _compiled()


@pytest.fixture(scope="module")
def made(compiled: CompiledScene) -> FinishedScene:
    return FinishedScene(compiled)


def _owner(name: str) -> int:
    return next(i + 1 for i, each in enumerate(_OBJECTS) if each["name"] == name)


def _points(made: FinishedScene, state: SceneState, name: str) -> np.ndarray[Any, Any]:
    """float64[n, 3]: every vertex of an object's pieces in the world, in the order of the batches."""
    at = made.at(state)
    assert at.owners is not None
    mine = np.flatnonzero(at.owners == _owner(name)) + 1
    found = []
    for key, batch in at.batches.items():
        for id_, world in zip(batch.object_id, batch.world_from_mesh.astype(np.float64), strict=True):
            if id_ in mine:
                found.append(at.meshes[key].positions @ world[:3, :3].T + world[:3, 3])
    return np.concatenate([np.zeros((0, 3)), *found])


def _anchors(made: FinishedScene, state: SceneState, name: str) -> np.ndarray[Any, Any]:
    """The same vertices at rest, in their object's space."""
    at = made.at(state)
    assert at.owners is not None
    mine = np.flatnonzero(at.owners == _owner(name)) + 1
    rest = [
        at.meshes[key].positions @ own[:3, :3].T + own[:3, 3]
        for key, batch in at.batches.items()
        for id_, own in zip(batch.object_id, batch.object_from_mesh, strict=True)
        if id_ in mine
    ]
    return np.concatenate([np.zeros((0, 3)), *rest])


def test_pieces_tell_whose_they_are_and_of_what(compiled: CompiledScene, made: FinishedScene) -> None:
    pieces = made.pieces
    assert pieces.dtype == np.int32
    assert pieces.shape == (len(pieces), PIECE_NUMBERS)
    owners, stuffs, finished = pieces.T
    assert (np.diff(owners) >= 0).all()
    assert set(owners) == set(range(1, len(_OBJECTS) + 1))
    # Of one object each stuff is one piece.
    assert len(np.unique(pieces[:, :2], axis=0)) == len(pieces)
    assert (stuffs >= 0).all()
    assert (stuffs < len(STUFF_NAMES)).all()
    assert set(owners[finished == 0]) == {_owner("block")}
    assert {STUFF_NAMES[s] for s in stuffs[owners == _owner("house")]} >= {"own", "pane"}
    assert {STUFF_NAMES[s] for s in stuffs[owners == _owner("walks")]} >= {"skin", "hair", "garment top"}
    (block,) = stuffs[owners == _owner("block")]
    assert block == stuff_index("own")


def test_a_state_has_the_pieces_for_objects(compiled: CompiledScene, made: FinishedScene) -> None:
    state = compiled.at(1.3)
    at = made.at(state)
    assert at.owners is not None
    np.testing.assert_array_equal(at.owners, made.pieces[:, 0])
    assert [item.id for item in at.objects] == list(range(1, len(made.pieces) + 1))
    for item, owner in zip(at.objects, at.owners, strict=True):
        own = compiled.objects[owner - 1]
        assert (item.name, item.class_name, item.size_m) == (own.name, own.class_name, own.size_m)
    np.testing.assert_array_equal(at.world_from_object, state.world_from_object[at.owners - 1])
    assert (at.time_s, at.sun_direction, at.lamps) == (state.time_s, state.sun_direction, state.lamps)
    # Every piece is drawn, and nothing that is none.
    drawn = np.concatenate([batch.object_id for batch in at.batches.values()])
    assert set(drawn) == set(range(1, len(made.pieces) + 1))
    assert at.batches.keys() == at.meshes.keys()


def test_pieces_of_a_moving_object_move_with_it(compiled: CompiledScene, made: FinishedScene) -> None:
    for name in ("drives", "parks", "house"):
        index = _owner(name) - 1
        for time_s in (0.0, 2.0, 4.7):
            state = compiled.at(time_s)
            world = state.world_from_object[index].astype(np.float64)
            there = _anchors(made, state, name) @ world[:3, :3].T + world[:3, 3]
            np.testing.assert_allclose(_points(made, state, name), there, atol=1e-5)
    starts, ends = (_points(made, compiled.at(time_s), "drives") for time_s in (0.0, 5.0))
    np.testing.assert_allclose(ends - starts, np.broadcast_to([0.0, 0.0, 14.0], starts.shape), atol=1e-4)


def test_limbs_of_one_who_walks_carry_their_pieces(compiled: CompiledScene, made: FinishedScene) -> None:
    farthest = []
    for time_s in (0.9, 1.1, 1.3, 1.5):
        state = compiled.at(time_s)
        walks, anchors = _points(made, state, "walks"), _anchors(made, state, "walks")
        world = state.world_from_object[_owner("walks") - 1].astype(np.float64)
        apart = np.linalg.norm(walks - (anchors @ world[:3, :3].T + world[:3, 3]), axis=1)
        high = anchors[:, 1] / anchors[:, 1].max()
        farthest.append(apart[high < 0.1].max())
        # A head stays about where it is at rest; feet do not.
        assert apart[high > 0.95].max() < 0.08
        # All in all the pieces reach as far as the limbs as blocked do.
        blocked = _blocked(state, _owner("walks"))
        np.testing.assert_allclose(walks.min(0), blocked.min(0), atol=0.06)
        np.testing.assert_allclose(walks.max(0), blocked.max(0), atol=0.06)
    assert max(farthest) > 0.25


def test_one_who_stands_is_at_rest(compiled: CompiledScene, made: FinishedScene) -> None:
    state = compiled.at(0.5)
    world = state.world_from_object[_owner("stands") - 1].astype(np.float64)
    there = _anchors(made, state, "stands") @ world[:3, :3].T + world[:3, 3]
    np.testing.assert_allclose(_points(made, state, "stands"), there, atol=1e-5)


def test_what_stood_still_is_the_very_same_batch(compiled: CompiledScene) -> None:
    made = FinishedScene(compiled)
    first, second = made.at(compiled.at(1.0)), made.at(compiled.at(1.5))
    moving = {_owner("drives"), _owner("walks")}
    kept = 0
    for key, batch in first.batches.items():
        whose = {int(first.owners[id_ - 1]) for id_ in batch.object_id}  # type: ignore[index]
        if whose & moving:
            assert second.batches[key] is not batch
        else:
            assert second.batches[key] is batch
            kept += 1
    assert kept > 8
    assert first.meshes is second.meshes
    # Of the same state nothing is made again, and going back in time gives what there was.
    state = compiled.at(2.0)
    assert made.at(state) is made.at(state)
    again = made.at(compiled.at(1.0))
    for key, batch in first.batches.items():
        np.testing.assert_array_equal(again.batches[key].world_from_mesh, batch.world_from_mesh)


def test_two_of_one_shape_are_drawn_in_one_call() -> None:
    # Six cars of one size come in at most six variants: one of each makes seven cars.
    cars = [
        {"kind": "box", "class": "car", "name": f"c{i}", "size": [1.8, 1.4, 4.4], "position": [3.0 * i, 0, 0]}
        for i in range(VARIANTS + 1)
    ]
    scene = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "cars", "objects": cars}))
    at = FinishedScene(scene).at(scene.at(0.0))
    assert max(len(batch.object_id) for batch in at.batches.values()) >= 2
    assert at.owners is not None
    for batch in at.batches.values():
        whose = at.owners[batch.object_id - 1]
        assert len(set(whose)) == len(whose)
        np.testing.assert_allclose(batch.world_from_mesh[:, 0, 3], 3.0 * (whose - 1), atol=1e-6)


def test_hidden_objects_have_no_pieces_and_the_rest_keep_their_ids() -> None:
    hidden = FinishedScene(_compiled(house={"hidden": True}))
    assert set(hidden.pieces[:, 0]) == set(range(1, len(_OBJECTS) + 1)) - {_owner("house")}
    whole = FinishedScene(_compiled())
    rest = whole.pieces[whole.pieces[:, 0] != _owner("house")]
    np.testing.assert_array_equal(hidden.pieces, rest)


def test_hiding_one_figure_leaves_the_limbs_of_another() -> None:
    # Figures share their limbs' meshes: which instance is whose must be counted without the hidden one.
    compiled = _compiled(walks={"hidden": True}, stands={"pose": "wave"})
    whole = _compiled(stands={"pose": "wave"})
    alone, among = (_points(FinishedScene(scene), scene.at(0.4), "stands") for scene in (compiled, whole))
    np.testing.assert_allclose(alone, among, atol=1e-6)


def test_an_edited_scene_reuses_the_meshes(compiled: CompiledScene, made: FinishedScene) -> None:
    edited = _compiled(
        parks={"position": [7.0, 0.0, 3.5], "colour": "#102030"}, house={"size": [6.0, 5.0, 5.0]}
    )
    before = made.at(compiled.at(0.0))
    after_made = FinishedScene(edited)
    after = after_made.at(edited.at(0.0))
    known = set(before.meshes.values())
    new = {key for key, mesh in after.meshes.items() if mesh not in known}
    assert new
    assert after.owners is not None
    for key in new:
        assert set(after.owners[after.batches[key].object_id - 1]) == {_owner("house")}
    moved = _points(after_made, edited.at(0.0), "parks") - _points(made, compiled.at(0.0), "parks")
    np.testing.assert_allclose(moved, np.broadcast_to([0.0, 0.0, 2.5], moved.shape), atol=1e-5)


def test_only_what_is_new_is_missing(compiled: CompiledScene, made: FinishedScene) -> None:
    dealt = variants(len(_OBJECTS), 0)
    assert missing_pieces(compiled, dealt) == 0
    edited = _compiled(house={"size": [6.0, 5.17, 5.0]}, block={"size": [1.0, 1.3, 1.17]})
    assert missing_pieces(edited, dealt) == 2
    FinishedScene(edited)
    assert missing_pieces(edited, dealt) == 0
    # What is hidden need not be made.
    assert missing_pieces(_compiled(house={"size": [6.0, 5.29, 5.0], "hidden": True}), dealt) == 0


def test_a_seed_deals_things_anew(compiled: CompiledScene, made: FinishedScene) -> None:
    count = len(_OBJECTS)
    others = [seed for seed in range(1, 40) if not made.deals_as(variants(count, seed))]
    assert len(others) > 35
    assert made.deals_as(variants(count, 0))
    other, same = (FinishedScene(compiled, seed) for seed in (others[0], 0))
    meshes = [set(each.at(compiled.at(0.0)).meshes.values()) for each in (made, same, other)]
    assert meshes[0] == meshes[1]
    assert meshes[0] != meshes[2]
    # Given what was dealt, the seed says nothing.
    dealt = FinishedScene(compiled, 0, variants(count, others[0]))
    assert set(dealt.at(compiled.at(0.0)).meshes.values()) == meshes[2]


def test_what_is_to_be_read_is_written_on_that_thing_alone() -> None:
    sign = {"kind": "box", "class": "signboard", "size": [2.4, 0.8, 0.1]}
    objects = [{**sign, "name": "one"}, {**sign, "name": "other", "prompt": 'a sign "BAR"'}]
    scene = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "signs", "objects": objects}))
    same = np.zeros(2, np.int64)
    plain, written = (FinishedScene(scene, dealt=same, told=said) for said in ({}, {1: Told("HOTEL")}))
    again = FinishedScene(scene, dealt=same, told={1: Told("BAR")})
    state = scene.at(0.0)

    def of(made: FinishedScene, owner: int) -> set[Mesh]:
        at = made.at(state)
        assert at.owners is not None
        return {
            at.meshes[key]
            for key, batch in at.batches.items()
            if (at.owners[batch.object_id.astype(int) - 1] == owner).any()
        }

    assert of(plain, 2) == of(written, 2)
    assert of(plain, 1) != of(written, 1)
    # With the same words on both they are the same thing.
    assert of(again, 1) == of(again, 2) == of(plain, 2)
    assert plain.deals_as(same)
    assert not plain.deals_as(same, {1: Told("HOTEL")})
    assert written.deals_as(same, {1: Told("HOTEL")})
    assert not written.deals_as(same)
    assert missing_pieces(scene, same, {1: Told("HOTEL")}) == 0
    assert missing_pieces(scene, same, {1: Told("NEVER SAID")}) == 1


@pytest.mark.parametrize("most", [8, 14, 30])
def test_where_ids_run_out_the_last_objects_are_as_blocked(
    compiled: CompiledScene, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(finished_module, "_MOST_PIECES", most)
    made = FinishedScene(compiled)
    assert len(made.pieces) <= most
    owners, stuffs, finished = made.pieces.T
    # None is lost.
    assert set(owners) == set(range(1, len(_OBJECTS) + 1))
    plain = finished == 0
    assert (stuffs[plain] == stuff_index("own")).all()
    assert plain.sum() > 1
    state = compiled.at(1.1)
    for name in (each["name"] for each in _OBJECTS if not finished[owners == _owner(each["name"])].any()):
        blocked = _blocked(state, _owner(name))
        drawn = _points(made, state, name)
        for extreme in (np.min, np.max):
            np.testing.assert_allclose(extreme(drawn, 0), extreme(blocked, 0), atol=1e-4)


def _blocked(state: SceneState, owner: int) -> np.ndarray[Any, Any]:
    return np.concatenate(
        [
            state.meshes[key].positions @ m[:3, :3].T + m[:3, 3]
            for key, batch in state.batches.items()
            for m, id_ in zip(batch.world_from_mesh.astype(np.float64), batch.object_id, strict=True)
            if id_ == owner
        ]
    )


def test_a_scene_of_nothing_has_no_pieces() -> None:
    empty = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "none", "objects": []}))
    made = FinishedScene(empty)
    assert made.pieces.shape == (0, PIECE_NUMBERS)
    at = made.at(empty.at(0.0))
    assert (len(at.objects), len(at.batches)) == (0, 0)
    assert at.world_from_object.shape == (0, 4, 4)
