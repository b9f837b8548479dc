"""Figures that look: at the thing where a neck can, never further, and without a jump."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.errors import SceneError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.figure_body import JOINTS
from director.scene.figure_look import EYES, GAZE_LIMITS_DEG, looking
from director.scene.figure_pose import part_numbers, posed, walking
from director.scene.poses import pose_names

Document = dict[str, Any]
Parse = Callable[[Document], Scene]
CHEST, HEAD = (part_numbers(joint)[0] for joint in ("chest", "head"))


def gaze(before: Any, after: Any) -> tuple[float, float]:
    """Degrees to the left and up, of the head against the chest as the pose had it."""
    x, y, z = before[CHEST, :3, :3].T @ after[HEAD, :3, 2]
    return math.degrees(math.atan2(x, z)), math.degrees(math.asin(max(-1.0, min(1.0, y))))


def off_target(after: Any, target: Any) -> float:
    """Degrees between the head's +Z and the way from the eyes to the target."""
    way = target - (after[HEAD, :3, :3] @ EYES + after[HEAD, :3, 3])
    cos = float(after[HEAD, :3, 2] @ way / np.linalg.norm(way))
    return math.degrees(math.acos(max(-1.0, min(1.0, cos))))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(pose_names()),
    st.floats(-62, 62),
    st.floats(-30, 40),
    st.floats(0.6, 30),
    st.booleans(),
)
def test_the_head_points_at_it_within_limits(
    name: str, aside: float, up: float, far: float, with_chest: bool
) -> None:
    before = posed(name)
    yaw, pitch = math.radians(aside), math.radians(up)
    way = np.array([math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)])
    eyes = before[HEAD, :3, :3] @ EYES + before[HEAD, :3, 3]
    target = eyes + before[CHEST, :3, :3] @ way * far
    assert off_target(looking(before, target, with_chest), target) < 2


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(pose_names()), st.tuples(*[st.floats(-3, 3)] * 3), st.booleans())
def test_never_beyond_limits_and_nothing_comes_apart(name: str, target: Any, with_chest: bool) -> None:
    before = posed(name)
    after = looking(before, np.array(target), with_chest)
    aside, up = gaze(before, after)
    assert abs(aside) <= GAZE_LIMITS_DEG["aside"] + 1e-6
    assert -GAZE_LIMITS_DEG["down"] - 1e-6 <= up <= GAZE_LIMITS_DEG["up"] + 1e-6
    turns = after[:, :3, :3]
    np.testing.assert_allclose(
        turns @ turns.transpose(0, 2, 1), np.tile(np.eye(3), (len(turns), 1, 1)), atol=1e-9
    )
    for joint, parent in (
        ("neck", "chest"),
        ("head", "neck"),
        ("shoulder_l", "chest"),
        ("elbow_r", "shoulder_r"),
    ):
        a, b = part_numbers(joint)[0], part_numbers(parent)[0]
        offset = before[b, :3, :3].T @ (before[a, :3, 3] - before[b, :3, 3])
        if joint in ("neck", "head"):
            offset = np.subtract(JOINTS[joint], JOINTS[parent])
        np.testing.assert_allclose(after[b, :3, :3] @ offset + after[b, :3, 3], after[a, :3, 3], atol=1e-9)
    hips = part_numbers("pelvis")[0]
    np.testing.assert_array_equal(after[hips], before[hips])
    if not with_chest:
        np.testing.assert_array_equal(after[part_numbers("shoulder_l")], before[part_numbers("shoulder_l")])


@pytest.mark.parametrize("height", [0.2, 0.9, 1.05, 2.5])
@pytest.mark.parametrize("radius", [0.05, 0.4, 2.0])
def test_the_head_does_not_jump_whatever_goes_round_it(height: float, radius: float) -> None:
    before = posed("stand")
    turns = [
        looking(before, np.array([radius * math.sin(a), height, radius * math.cos(a)]), True)[HEAD, :3, :3]
        for a in np.linspace(-math.pi, math.pi, 1441)
    ]
    # A quarter of a degree of way a step.
    assert max(float(np.abs(a - b).max()) for a, b in pairwise([*turns, turns[0]])) < 0.03


def test_nor_when_it_goes_through_the_head_or_over_it() -> None:
    before = posed("stand")
    for path in (
        [np.array([s, 0.93, 0.3 * s]) for s in np.linspace(-1, 1, 2001)],
        [np.array([0.02, 2.0, s]) for s in np.linspace(-1, 1, 2001)],
    ):
        turns = [looking(before, target, True)[HEAD, :3, :3] for target in path]
        assert max(float(np.abs(a - b).max()) for a, b in pairwise(turns)) < 0.03


def test_a_walkers_gaze_stays_on_it() -> None:
    target = np.array([1.5, 0.8, 3.0])
    for phase in np.linspace(0, 1, 25):
        assert off_target(looking(walking(float(phase), 1.0), target, True), target) < 2


def add_people(document: Document) -> Document:
    document["objects"] += [
        {"kind": "mannequin", "name": "anna", "class": "person", "position": [1, 0, -2], "height_m": 1.6,
         "look_at": "walker"},
        {"kind": "mannequin", "name": "bob", "class": "person", "parent": "cart", "pose": "sit",
         "rotation_deg": [-60, 0, 0], "look_at": {"object": "crate", "offset": [0, 0.2, 0]}},
        {"kind": "mannequin", "name": "carl", "class": "person", "position": [4, 0, -2],
         "look_at": [5, 1, 9]},
    ]  # fmt: skip
    return document


def world_of(compiled: CompiledScene, name: str, part: str, time_s: float) -> Any:
    state = compiled.at(time_s)
    number = next(thing.id for thing in state.objects if thing.name == name)
    batch = state.batches[f"mannequin/{part}/0.5"]
    return batch.world_from_mesh[batch.object_id == number][0].astype(float)


def eyes_of(compiled: CompiledScene, name: str, time_s: float) -> tuple[Any, Any]:
    head = world_of(compiled, name, "head", time_s)
    return head[:3, :3] @ EYES + head[:3, 3], head[:3, 2] / np.linalg.norm(head[:3, 2])


@pytest.mark.parametrize("time_s", [0.0, 0.9, 1.7, 4.0])
def test_looks_at_every_time_though_both_move(document: Document, parse: Parse, time_s: float) -> None:
    compiled = CompiledScene(parse(add_people(document)))
    eyes, forward = eyes_of(compiled, "anna", time_s)
    base, _ = compiled.locate("walker", time_s)
    # At a walker's own eyes, as tall as it walks: some centimetres lower or higher.
    way = np.add(base, (0, 1.6, 0.1)) - eyes
    cos = float(forward @ way / np.linalg.norm(way))
    assert math.degrees(math.acos(cos)) < 5
    eyes, forward = eyes_of(compiled, "carl", time_s)
    way = np.array([5, 1, 9]) - eyes
    assert math.degrees(math.acos(min(1.0, float(forward @ way / np.linalg.norm(way))))) < 2


def test_only_who_looks_at_something_is_posed_each_tick(document: Document, parse: Parse) -> None:
    document["objects"] = [each for each in document["objects"] if each["name"] != "walker"]
    document["moves"] = []
    document["objects"] += [
        {"kind": "mannequin", "name": f"extra {i}", "class": "person", "pose": pose, "build": 0.3}
        for i, pose in enumerate(("stand", "carry", "lie", "walk"))
    ]
    document["objects"].append({"kind": "mannequin", "name": "anna", "class": "person", "look_at": "crate"})
    compiled = CompiledScene(parse(document))
    one, other = compiled.at(0.0), compiled.at(1.0)
    assert one.batches["mannequin/head/0.3"] is other.batches["mannequin/head/0.3"]
    assert one.batches["mannequin/head/0.5"] is not other.batches["mannequin/head/0.5"]
    np.testing.assert_array_equal(
        one.batches["mannequin/head/0.5"].world_from_mesh, other.batches["mannequin/head/0.5"].world_from_mesh
    )


def test_who_is_frozen_in_a_stride_stays_so_while_it_looks(document: Document, parse: Parse) -> None:
    person = {"kind": "mannequin", "class": "person", "pose": "walk", "phase": 0.1, "build": 0.3}
    document["objects"] += [{**person, "name": "anna"}, {**person, "name": "bob", "look_at": [0, 1, 9]}]
    feet = CompiledScene(parse(document)).at(1.0).batches["mannequin/foot/0.3"].world_from_mesh
    np.testing.assert_allclose(feet[:2], feet[2:], atol=1e-6)
    assert np.ptp(feet[:, 2, 3]) > 0.3


def test_a_wave_goes_on_where_nothing_else_moves(document: Document, parse: Parse) -> None:
    document["objects"].append(
        {"kind": "mannequin", "name": "anna", "class": "person", "pose": "wave", "build": 0.3}
    )
    compiled = CompiledScene(parse(document))
    hands = [compiled.at(time_s).batches["mannequin/hand/0.3"].world_from_mesh for time_s in (0.0, 0.25)]
    assert np.abs(hands[0] - hands[1]).max() > 0.02


@pytest.mark.parametrize(
    ("goal", "field", "told"),
    [
        ("walkr", "look_at.object", "did you mean walker"),
        ({"object": "cratt"}, "look_at.object", "did you mean crate"),
        ("anna", "look_at.object", "refers to itself"),
        ([1, 2], "look_at[2]", "missing"),
        ({"object": "crate", "offset": "up"}, "look_at.offset", "up"),
    ],
)
def test_says_what_cannot_be_looked_at(
    document: Document, parse: Parse, goal: Any, field: str, told: str
) -> None:
    document["objects"].append({"kind": "mannequin", "name": "anna", "class": "person", "look_at": goal})
    with pytest.raises(SceneError, match=told) as caught:
        parse(document)
    assert caught.value.field == f"objects[4].{field}"


def test_tells_whom_it_refers_to(document: Document, parse: Parse) -> None:
    scene = parse(add_people(document))
    references = {placed.name: placed.references for _, placed in scene.placed()}
    assert references["anna"] == (("look_at.object", "walker"),)
    assert references["bob"] == (("parent", "cart"), ("look_at.object", "crate"))
    assert references["crate"] == (("parent", "cart"),)
    assert references["carl"] == references["cart"] == ()
