"""Finished scenes: pieces stand where their proxies are, hold to their space, and take their materials."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from director.generate.embedded.look import MATERIAL
from director.generate.embedded.materials import ROW
from director.generate.embedded.pieces import piece_rows
from director.generate.embedded.stuffs import STUFFS
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FinishedScene as NetworksScene
from director.scene.finish.forms import moved, slab
from director.scene.finish.stuff import stuff_index
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.variants import VARIANTS, variants
from director.scene.mesh import Mesh
from director.scene.proxy import Part
from tools.teacher.finished import PIECE_ROW, FinishedScene, unfinished


def _car(thing: Thing) -> Sequence[Piece]:
    x, y, z = thing.size_m
    return [
        Piece(slab((-x / 2, 0, -z / 2), (x / 2, y / 2, z / 2)), "own"),
        Piece(slab((-x / 3, y / 2, -z / 4), (x / 3, y, 0.1)), "glass"),
        Piece(slab((-x / 3, y / 2, 0.2), (x / 3, y, z / 4)), "glass"),
    ]


def _person(thing: Thing) -> Sequence[Piece]:
    """Each part's own mesh at rest, carried by it: so what comes out must be the proxy."""
    return [
        Piece(_rested(part), "skin" if part.mesh_key.split("/")[1] in ("head", "neck") else "garment top", i)
        for i, part in enumerate(thing.parts)
    ]


def _rested(part: Part) -> Mesh:
    return moved(part.mesh, part.object_from_mesh)


def _house(thing: Thing) -> Sequence[Piece]:
    x, y, z = thing.size_m
    return [
        Piece(slab((-x / 2, 0, -z / 2), (x / 2, y, z / 2 - 0.1)), "own"),
        Piece(slab((-1, 1, z / 2 - 0.1), (1, 2, z / 2)), "pane"),
    ]


_FAMILIES = {"car": _car, "person": _person, "house": _house}


@pytest.fixture(scope="module")
def compiled() -> CompiledScene:
    walk = [
        {"time_s": 0, "position": [0, 0, 0]},
        {"time_s": 4, "position": [0, 0, 4], "rotation_deg": [40, 0, 0]},
    ]
    objects: list[dict[str, Any]] = [
        {"kind": "plane", "class": "road", "name": "ground", "size": [20.0, 20.0]},
        {"kind": "box", "class": "car", "name": "a", "size": [1.8, 1.4, 4.4], "position": [3, 0, 1],
         "rotation_deg": [30, 5, 0]},
        {"kind": "mannequin", "class": "person", "name": "p", "pose": "walk", "keys": walk},
        {"kind": "box", "class": "house", "name": "h", "size": [6.0, 4.0, 5.0], "position": [-6, 0, 0]},
        {"kind": "box", "class": "car", "name": "b", "size": [1.8, 1.4, 4.4], "position": [6, 0, 1]},
    ]  # fmt: skip
    return CompiledScene(Scene.model_validate({"schema_version": 1, "name": "few", "objects": objects}))


def test_rows_are_the_stuffs_of_each_object_in_order(compiled: CompiledScene) -> None:
    finished = FinishedScene(compiled, _FAMILIES).at(compiled.at(0.0))
    names = [(row.owner, STUFFS[row.stuff].name, row.finished) for row in finished.rows]
    assert names == [
        (0, "own", False), (1, "own", True), (1, "glass", True), (2, "garment top", True), (2, "skin", True),
        (3, "own", True), (3, "pane", True), (4, "own", True), (4, "glass", True),
    ]  # fmt: skip
    assert set(np.unique(finished.ids)) == set(range(1, len(finished.rows) + 1))
    assert [item.size_m for item in finished.state.objects] == [
        compiled.objects[row.owner].size_m for row in finished.rows
    ]
    # A chunk's triangles are of its row, and all triangles are in a chunk.
    for first, end, row in finished.chunks:
        assert (finished.ids[finished.triangles[first:end]] == row + 1).all()
    assert finished.chunks[0, 0] == 0
    assert finished.chunks[-1, 1] == len(finished.triangles)
    assert (finished.chunks[1:, 0] == finished.chunks[:-1, 1]).all()


def test_pieces_stand_in_the_proxys_space_and_move_with_it(compiled: CompiledScene) -> None:
    state = compiled.at(2.5)
    finished = FinishedScene(compiled, _FAMILIES).at(state)
    car = finished.owners[finished.ids - 1] == 1
    carried = finished.anchors[car] @ state.world_from_object[1, :3, :3].T + state.world_from_object[1, :3, 3]
    assert finished.positions[car] == pytest.approx(carried, abs=1e-4)
    size = np.array(compiled.objects[1].size_m)
    assert (np.abs(finished.anchors[car][:, [0, 2]]) <= size[[0, 2]] / 2 + 1e-4).all()
    assert np.linalg.norm(finished.normals[car], axis=1) == pytest.approx(1.0, abs=1e-3)


def test_limbs_carry_their_pieces_as_they_carry_their_proxies(compiled: CompiledScene) -> None:
    for time in (0.0, 1.7):
        state = compiled.at(time)
        finished, rough = FinishedScene(compiled, _FAMILIES).at(state), unfinished(state)
        made = finished.positions[finished.owners[finished.ids - 1] == 2]
        blocked = rough.positions[rough.ids == 3]
        assert _shape(made) == pytest.approx(_shape(blocked), abs=1e-3)
        anchors = finished.anchors[finished.owners[finished.ids - 1] == 2]
        assert _shape(anchors) == pytest.approx(_shape(rough.anchors[rough.ids == 3]), abs=1e-3)


def _shape(points: Any) -> Any:
    """What of a cloud of points does not depend on their order."""
    return np.concatenate([points.mean(0), points.min(0), points.max(0), np.square(points).mean(0)])


def test_the_same_scene_is_finished_the_same_by_the_variants_that_a_network_is_told(
    compiled: CompiledScene,
) -> None:
    seeds: list[int] = []

    def noting(thing: Thing) -> Sequence[Piece]:
        seeds.append(thing.seed)
        return _car(thing)

    state = compiled.at(1.0)
    first, again = (FinishedScene(compiled, {**_FAMILIES, "car": noting}).at(state) for _ in range(2))
    assert np.array_equal(first.positions, again.positions)
    assert np.array_equal(first.triangles, again.triangles)
    assert seeds[:2] == seeds[2:]
    dealt = {int(seed) for seed in range(20) for seed in variants(len(compiled.objects), seed)}
    assert set(seeds) <= dealt == set(range(VARIANTS))


def test_panes_keep_the_objects_windows_and_its_other_pieces_lose_them(compiled: CompiledScene) -> None:
    finished = FinishedScene(compiled, _FAMILIES).at(compiled.at(0.0))
    materials = np.full((5, ROW), 0.5, np.float32)
    materials[2, -1] = 1.0
    rows = finished.piece_rows(materials)
    assert rows.shape == (len(finished.rows), PIECE_ROW)
    windows, weave = MATERIAL.index("windows"), MATERIAL.index("weave")
    by_name = {
        (row.owner, STUFFS[row.stuff].name): values for row, values in zip(finished.rows, rows, strict=True)
    }
    assert by_name[3, "pane"][windows] == 0.5
    assert by_name[3, "own"][windows] == 0.0
    assert by_name[0, "own"][windows] == 0.5
    assert by_name[0, "own"][-1] == -1.0
    assert by_name[1, "glass"][-1] == stuff_index("glass")
    # What a person wears has its patterns; skin has none. Both are still a person's.
    assert by_name[2, "garment top"][weave] == 0.5
    assert by_name[2, "skin"][weave] == 0.0
    assert by_name[2, "skin"][-2] == 1.0


def test_a_network_is_told_of_the_same_pieces_and_materials(compiled: CompiledScene) -> None:
    """By scene.finish.finished and generate.embedded.pieces, which number and colour them for themselves."""
    finished = FinishedScene(compiled, seed=3).at(compiled.at(0.0))
    pieces = NetworksScene(compiled, 3).pieces
    rows = [(row.owner + 1, row.stuff, row.finished) for row in finished.rows]
    assert len(rows) > 20
    assert np.array_equal(rows, pieces)
    materials = np.random.default_rng(0).random((len(compiled.objects), ROW)).astype(np.float32)
    materials[:, -1] = [item.class_name == "person" for item in compiled.objects]
    told, ours = piece_rows(materials, pieces), finished.piece_rows(materials)
    # The teacher dresses people in its shaders; everything else is what its row says.
    plain = materials[pieces[:, 0] - 1, -1] == 0
    assert told[plain][:, :ROW] == pytest.approx(ours[plain][:, :ROW], abs=1e-6)
    assert np.array_equal(told[:, -1] == 1, ours[:, -1] == stuff_index("pane"))


def test_occluders_are_fewer_and_near(compiled: CompiledScene) -> None:
    finished = FinishedScene(compiled, _FAMILIES).at(compiled.at(0.0))
    coarse = finished.occluders
    person = finished.owners[finished.chunks[:, 2]] == 2
    count = [
        sum(end - first for first, end, _ in chunks[person]) for chunks in (finished.chunks, coarse.chunks)
    ]
    assert 0 < count[1] < 0.3 * count[0]
    for fine_chunk, coarse_chunk in zip(finished.chunks, coarse.chunks, strict=True):
        if coarse_chunk[1] == coarse_chunk[0]:
            continue
        fine = finished.positions[finished.triangles[fine_chunk[0] : fine_chunk[1]].ravel()]
        rough = coarse.positions[coarse.triangles[coarse_chunk[0] : coarse_chunk[1]].ravel()]
        assert (rough.min(0) >= fine.min(0) - 0.01).all()
        assert (rough.max(0) <= fine.max(0) + 0.01).all()


def test_a_scene_without_finishers_is_the_blocking(compiled: CompiledScene) -> None:
    state = compiled.at(0.7)
    kept, rough = FinishedScene(compiled, {}).at(state), unfinished(state)
    assert len(kept.triangles) == len(rough.triangles)
    assert len(kept.rows) == len(rough.rows) == 5
    for row in range(5):
        assert _shape(kept.positions[kept.ids == row + 1]) == pytest.approx(
            _shape(rough.positions[rough.ids == row + 1]), abs=1e-3
        )
