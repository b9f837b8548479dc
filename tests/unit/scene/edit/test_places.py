"""Moving, turning, scaling, snapping, dropping."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.math3d import rotation_matrix
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import (
    DropToGround,
    Move,
    MoveTo,
    Scale,
    SnapToGrid,
    Turn,
    TurnTo,
    boxes_of,
    snapped,
    snapped_offset,
)
from director.scene.edit.places import angles_of, turn_matrix, world_place
from director.scene.edit.tree import named
from director.scene.keys import euler_quaternion
from tests.unit.scene.edit.asked import box, place, proxy, refusal, scene_of


def test_moves_in_the_world_and_a_child_with_its_parent_once(yard: Scene) -> None:
    after = Move(("lamp", "crate"), (1, 2, 3)).apply(yard)
    assert place(after, "crate")[:3, 3] == pytest.approx(place(yard, "crate")[:3, 3] + (1, 2, 3))
    assert place(after, "lamp")[:3, 3] == pytest.approx(place(yard, "lamp")[:3, 3] + (1, 2, 3))
    assert named(after, "lamp") is named(yard, "lamp")
    assert Move(("lamp", "crate"), (1, 2, 3)).label == "Move 2 objects"
    assert Move(("lamp",), (1, 2, 3)).label == "Move lamp"


def test_moving_carries_the_whole_path(yard: Scene) -> None:
    after = Move(("walker",), (1, 0, -2)).apply(yard)
    for time_s in (0.0, 1.5, 4.0):
        was, now = place(yard, "walker", time_s), place(after, "walker", time_s)
        assert now[:3, 3] == pytest.approx(was[:3, 3] + (1, 0, -2), abs=1e-5)
        assert now[:3, :3] == pytest.approx(was[:3, :3], abs=1e-6)
    there = MoveTo("walker", (5, 0, 5), time_s=2.0).apply(yard)
    assert place(there, "walker", 2.0)[:3, 3] == pytest.approx((5, 0, 5), abs=1e-5)
    assert MoveTo("anna", (1, 2, 3)).apply(yard).objects[-1].position == (1, 2, 3)


def test_moving_carries_a_route() -> None:
    route = {"points": [[0, 0, 0], [0, 0, 4], [3, 0, 6]]}
    scene = scene_of(box("cart", route=route))
    after = Move(("cart",), (2, 0, 1)).apply(scene)
    assert place(after, "cart", 1.7)[:3, 3] == pytest.approx(
        place(scene, "cart", 1.7)[:3, 3] + (2, 0, 1), abs=1e-4
    )
    turned = Turn(("cart",), (90, 0, 0), about=(0, 0, 0)).apply(scene)
    whole = turn_matrix((90, 0, 0)) @ place(scene, "cart", 1.7)
    assert place(turned, "cart", 1.7) == pytest.approx(whole, abs=1e-3)


def test_turning_about_the_vertical_adds_to_the_yaw_and_keeps_written_turns(yard: Scene) -> None:
    after = Turn(("walker",), (30, 0, 0)).apply(yard)
    assert [key.rotation_deg for key in named(after, "walker").keys] == [(30, 0, 0), (750, 0, 0)]
    assert [key.position for key in named(after, "walker").keys] == [(0, 0, 0), (0, 0, 6)]
    assert TurnTo("walker", (10, 0, 0), time_s=0).apply(yard).objects[3].keys[1].rotation_deg == (730, 0, 0)
    assert TurnTo("anna", (10, 5, 0)).apply(yard).objects[4].rotation_deg == (10, 5, 0)


def test_turning_about_the_middle_swings_places(yard: Scene) -> None:
    two = scene_of(box("a", position=[-1, 0, 0]), box("b", position=[3, 0, 0]))
    after = Turn(("a", "b"), (90, 0, 0), about="middle").apply(two)
    assert place(after, "a")[:3, 3] == pytest.approx((1, 0, 2), abs=1e-5)
    assert place(after, "b")[:3, 3] == pytest.approx((1, 0, -2), abs=1e-5)
    assert after.objects[0].rotation_deg == (90, 0, 0)


@given(
    turn=st.tuples(*[st.integers(-180, 180)] * 3),
    start=st.tuples(*[st.integers(-180, 180)] * 3),
    parent=st.tuples(*[st.integers(-180, 180)] * 3),
    own=st.booleans(),
)
def test_any_turn_is_that_turn(
    turn: tuple[int, int, int], start: tuple[int, int, int], parent: tuple[int, int, int], own: bool
) -> None:
    raw = box("a", parent="g", position=[1, 2, 3], rotation_deg=list(start))
    scene = scene_of(raw, groups=[{"name": "g", "rotation_deg": list(parent), "position": [0, 1, 0]}])
    before = world_place(scene, "a")
    after = world_place(Turn(("a",), turn, own_axes=own).apply(scene), "a")
    amount = turn_matrix(turn)[:3, :3]
    wanted = before[:3, :3] @ amount if own else amount @ before[:3, :3]
    assert after[:3, :3] == pytest.approx(wanted, abs=1e-6)
    assert after[:3, 3] == pytest.approx(before[:3, 3], abs=1e-9)


@given(angles=st.tuples(*[st.integers(-720, 720)] * 3))
def test_angles_of_a_rotation_come_back_as_they_were_written(angles: tuple[int, int, int]) -> None:
    found = angles_of(turn_matrix(angles), angles)
    assert turn_matrix(found) == pytest.approx(rotation_matrix(euler_quaternion(angles)), abs=1e-6)
    if abs(math.cos(math.radians(angles[1]))) > 0.01:
        assert found == pytest.approx(angles, abs=1e-5)


def test_scaling_changes_sizes_and_takes_children_along(yard: Scene) -> None:
    after = Scale(("crate",), (2, 3, 4)).apply(yard)
    assert proxy(after, "crate").size == (2, 6, 12)
    assert proxy(after, "lamp").position == (0, 6, 2)
    assert proxy(after, "lamp").size == pytest.approx((0.4, 1.2, 0.8))
    grown = Scale(("cart",), (2, 2, 2)).apply(yard)
    assert proxy(grown, "crate").size == (2, 4, 6)
    assert named(grown, "cart").position == (1, 0, 2)


def test_scaling_each_kind() -> None:
    scene = scene_of(
        {"kind": "plane", "name": "floor", "class": "floor", "size": [2, 3]},
        {"kind": "mannequin", "name": "anna", "class": "person", "height_m": 1.5},
        {
            "kind": "wall",
            "name": "wall",
            "class": "wall",
            "openings": [{"x": 1, "y": 0, "width": 1, "height": 2}],
        },
        {"kind": "array", "name": "posts", "class": "fence", "size": [1, 1, 1], "spacing": [2, 2, 2]},
    )
    after = Scale(("floor", "wall", "posts"), (2, 1, 0.5)).apply(scene)
    assert proxy(after, "floor").size == (4, 1.5)
    assert proxy(after, "wall").openings[0].model_dump() == {"x": 2, "y": 0, "width": 2, "height": 2}
    assert proxy(after, "posts").spacing == (4, 2, 1)
    assert proxy(Scale(("anna",), (1, 1.2, 1)).apply(scene), "anna").height_m == pytest.approx(1.8)
    assert refusal(Scale(("anna",), (3, 3, 3)), scene).field == "objects[1].height_m"
    assert refusal(Scale(("anna",), (0, 1, 1)), scene).field == "size"
    assert refusal(Scale(("anna",), (math.nan, 1, 1)), scene).field == "size"


def test_scaling_about_a_point_moves_places_in_the_world() -> None:
    scene = scene_of(
        box("a", position=[-1, 0, 0], rotation_deg=[90, 0, 0], size=[1, 1, 4]), box("b", position=[3, 0, 0])
    )
    after = Scale(("a", "b"), (2, 1, 1), about="middle").apply(scene)
    assert proxy(after, "a").position == (-3, 0, 0)
    assert proxy(after, "b").position == (5, 0, 0)
    # Turned by a right angle, its own depth lies along the world's x.
    assert proxy(after, "a").size == pytest.approx((1, 1, 8))


def test_snapping() -> None:
    assert snapped(0.74, 0.5) == 0.5
    assert snapped(0.1 * 3, 0.1) == 0.3
    assert snapped(47, 15) == 45
    assert snapped(0.74, 0) == 0.74
    assert snapped_offset((0.2, 0.3, 0), (0.5, 0, 0), 0.25) == pytest.approx((0.55, 0, 0))
    scene = scene_of(box("a", position=[0.6, 0.3, -0.9]))
    assert SnapToGrid(("a",), 0.5).apply(scene).objects[0].position == (0.5, 0.3, -1)


def test_dropping_finds_the_highest_surface_under_it() -> None:
    scene = scene_of(
        box("table", size=[2, 0.8, 2]),
        box("roof", size=[9, 0.1, 9], position=[0, 3, 0]),
        box("cup", size=[0.1, 0.1, 0.1], position=[0.5, 2, 0.5]),
        box("far", size=[1, 1, 1], position=[20, 5, 0]),
        box("sunk", size=[1, 1, 1], position=[-20, -0.3, 0]),
        box("beside", size=[1, 1, 1], position=[1.5, 2, 0]),
    )
    boxes = boxes_of(CompiledScene(scene))
    after = DropToGround(("cup", "far", "sunk", "beside"), boxes).apply(scene)
    heights = {it.name: it.position[1] for it in after.objects}
    assert heights["cup"] == pytest.approx(0.8, abs=1e-5)
    assert heights["far"] == heights["sunk"] == 0
    assert heights["beside"] == 0, "it only touches the table"


def test_dropping_a_pile_and_a_group() -> None:
    scene = scene_of(
        box("low", position=[0, 2, 0]),
        box("high", position=[0.2, 4, 0]),
        box("part", position=[0, 1, 0], parent="g"),
        groups=[{"name": "g", "position": [9, 3, 0]}],
    )
    after = DropToGround(("high", "low", "g"), boxes_of(CompiledScene(scene))).apply(scene)
    assert place(after, "low")[1, 3] == pytest.approx(0)
    assert place(after, "high")[1, 3] == pytest.approx(1, abs=1e-5)
    assert place(after, "part")[1, 3] == pytest.approx(0)
    assert named(after, "g").position[1] == -1
