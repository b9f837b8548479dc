"""Scenes at a time: transforms against a plain recursion, what is shared, lamps, and what is cheap."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.clock import now_s
from director.errors import UsageError
from director.math3d import compose
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.keys import Track, euler_quaternion
from director.scene.load import parse_scene

Document = dict[str, Any]
Parse = Callable[[Document], Scene]


def world_of(scene: Scene, name: str | None, time_s: float) -> Any:
    """The plain way: one matrix a parent, from the root down."""
    if name is None:
        return np.eye(4)
    node = next(placed for _, placed in scene.placed() if placed.name == name)
    if node.keys:
        track = Track(node)
        own = compose(track.position(time_s), track.rotation(time_s))
    else:
        own = compose(node.position, euler_quaternion(node.rotation_deg))
    return world_of(scene, node.parent, time_s) @ own


def nested(document: Document) -> Document:
    """Moving things on moving things on still ones."""
    document["groups"] += [
        {"name": "train", "parent": "cart", "keys": [
            {"time_s": 0, "position": [0, 0, 0], "rotation_deg": [0, 0, 0]},
            {"time_s": 3, "position": [5, 1, 0], "rotation_deg": [80, 10, 0]}]},
        {"name": "wagon", "parent": "train", "position": [0, 0, 3], "rotation_deg": [30, 0, 0]},
    ]  # fmt: skip
    document["objects"] += [
        {"kind": "box", "name": "load", "class": "box", "parent": "wagon", "position": [0, 1, 0]},
        {"kind": "box", "name": "flag", "class": "flag", "parent": "load", "keys": [
            {"time_s": 1, "rotation_deg": [0, 0, 0]}, {"time_s": 2, "rotation_deg": [0, 0, 90]}]},
        {"kind": "mannequin", "name": "driver", "class": "person", "parent": "flag", "pose": "sit"},
    ]  # fmt: skip
    return document


@pytest.mark.parametrize("time_s", [0.0, 0.7, 1.5, 2.9, 60.0])
def test_transforms_are_those_of_the_chain_of_parents(
    document: Document, parse: Parse, time_s: float
) -> None:
    scene = parse(nested(document))
    compiled = CompiledScene(scene)
    state = compiled.at(time_s)
    assert state.world_from_object.shape == (len(scene.objects), 4, 4)
    assert state.world_from_object.dtype == np.float32
    for proxy, world in zip(scene.objects, state.world_from_object, strict=True):
        expected = world_of(scene, proxy.name, time_s)
        np.testing.assert_allclose(world, expected, atol=1e-5)
        position, heading = compiled.locate(proxy.name, time_s)
        np.testing.assert_allclose(position, expected[:3, 3], atol=1e-9)
        front = expected[:3, 2]
        if math.hypot(front[0], front[2]) > 0.1:
            assert (math.sin(heading), math.cos(heading)) == pytest.approx(
                tuple(front[[0, 2]] / math.hypot(front[0], front[2])), abs=1e-6
            )


def test_instances_hang_on_their_objects(document: Document, parse: Parse) -> None:
    scene = parse(nested(document))
    state = CompiledScene(scene).at(1.4)
    counts = dict.fromkeys(range(1, len(scene.objects) + 1), 0)
    for key, batch in state.batches.items():
        n = len(batch.object_id)
        assert batch.object_id.dtype == np.uint16
        assert batch.world_from_mesh.shape == batch.object_from_mesh.shape == (n, 4, 4)
        assert batch.colour.shape == (n, 3)
        assert key in state.meshes
        for row, number in enumerate(batch.object_id.tolist()):
            counts[number] += 1
            if scene.objects[number - 1].kind != "mannequin":
                expected = state.world_from_object[number - 1] @ batch.object_from_mesh[row]
                np.testing.assert_allclose(batch.world_from_mesh[row], expected, atol=1e-4)
    assert [counts[i + 1] for i in range(len(scene.objects))] == [
        len(proxy.parts()) for proxy in scene.objects
    ]
    assert [item.id for item in state.objects] == list(range(1, len(scene.objects) + 1))


def test_what_stands_still_is_the_same_array(document: Document, parse: Parse) -> None:
    compiled = CompiledScene(parse(document))
    one, other = compiled.at(0.0), compiled.at(2.0)
    assert one.batches["plane"] is other.batches["plane"]
    assert one.batches["box"] is other.batches["box"]
    moved = next(key for key in one.batches if key.startswith("mannequin/foot"))
    assert one.batches[moved] is not other.batches[moved]
    assert one.batches[moved].object_id is other.batches[moved].object_id
    document["objects"].pop()
    document["moves"] = []
    still = CompiledScene(parse(document))
    assert still.at(0.0).world_from_object is still.at(9.0).world_from_object


def test_states_cannot_be_written_to(document: Document, parse: Parse) -> None:
    state = CompiledScene(parse(document)).at(1.0)
    arrays = [state.world_from_object, state.meshes["box"].positions]
    arrays += [batch.world_from_mesh for batch in state.batches.values()]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_the_same_time_gives_the_same_bytes(document: Document, parse: Parse) -> None:
    one, other = CompiledScene(parse(nested(document))), CompiledScene(parse(document))
    other.at(5.0)
    for time_s in (0.3, 2.2):
        a, b = one.at(time_s), other.at(time_s)
        assert a.batches.keys() == b.batches.keys()
        for key in a.batches:
            assert a.batches[key].world_from_mesh.tobytes() == b.batches[key].world_from_mesh.tobytes()


def test_lamps_are_carried(document: Document, parse: Parse) -> None:
    document["groups"][0]["keys"] = [
        {"time_s": 0, "position": [0, 0, 0]},
        {"time_s": 1, "position": [10, 0, 0]},
    ]
    document["groups"][0]["interpolation"] = "linear"
    scene = parse(document)
    compiled = CompiledScene(scene)
    for time_s in (0.0, 0.5, 3.0):
        (lamp,) = compiled.at(time_s).lamps
        expected = world_of(scene, "lamp", time_s) @ [0, 0.2, 0, 1]
        assert lamp.position == pytest.approx(tuple(expected[:3]), abs=1e-5)
        assert (lamp.object_id, lamp.colour, lamp.strength) == (3, (1, 0, 0), 2)


@pytest.mark.parametrize(
    ("azimuth", "elevation", "direction"),
    [(0, 0, (0, 0, -1)), (90, 0, (1, 0, 0)), (0, 90, (0, 1, 0)), (180, 45, (0, 0.70711, 0.70711))],
)
def test_sun_stands_where_it_is_said(
    document: Document, parse: Parse, azimuth: float, elevation: float, direction: tuple[float, ...]
) -> None:
    document["sun"] = {"azimuth_deg": azimuth, "elevation_deg": elevation}
    assert CompiledScene(parse(document)).at(0).sun_direction == pytest.approx(direction, abs=1e-4)


def test_bounds_hold_everything(document: Document, parse: Parse) -> None:
    compiled = CompiledScene(parse(document))
    low, high = compiled.bounds(4.0)
    assert low == pytest.approx((-10, 0, -10), abs=1e-2)
    assert high == pytest.approx((10, 2.4, 10), abs=1e-2)
    document["objects"], document["moves"] = [], []
    assert CompiledScene(parse(document)).bounds(0)[0][0] < CompiledScene(parse(document)).bounds(0)[1][0]


def test_names_what_is_not_there(document: Document, parse: Parse) -> None:
    compiled = CompiledScene(parse(document))
    assert compiled.move("watch").name == "watch"
    with pytest.raises(UsageError, match="watch"):
        compiled.move("orbit")
    with pytest.raises(UsageError, match="crate"):
        compiled.locate("crates", 0.0)


def boxes(count: int, keyed: int) -> CompiledScene:
    objects: list[Document] = [
        {"kind": "box", "name": f"b{i}", "class": "box", "position": [i % 141, 0, i // 141]}
        for i in range(count)
    ]
    for raw in objects[:keyed]:
        raw["keys"] = [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 9, "position": [0, 5, 0]}]
    document = {"schema_version": 1, "name": "many", "objects": objects}
    return CompiledScene(parse_scene(json.dumps(document), file="many", folder=Path()))


def test_twenty_thousand_boxes_are_one_batch_and_cheap() -> None:
    compiled = boxes(20_000, 10)
    assert list(compiled.at(0.0).batches) == ["box"]
    best = min(seconds(compiled, i) for i in range(30))
    # 0.2 ms where it was measured; ten times that says that it is no longer vectorised.
    assert best < 0.002


def seconds(compiled: CompiledScene, i: int) -> float:
    start = now_s()
    compiled.at(i * 0.1)
    return now_s() - start
