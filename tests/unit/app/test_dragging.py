"""From matrices of the gizmo to edits, and keys that edits of places go to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.app.desk.dragging import HandlePlaces, Mode, at_key, handle_place, motion_edit, movable
from director.app.desk.keying import angles_now, key_here, key_time, placed_edit, route_on
from director.app.desk.outline import EDGES, Outlines, box_corners, clipped_lines
from director.app.desk.tree_rows import TreeRows, parents_of
from director.errors import SceneError
from director.math3d import translation_matrix
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import (
    AddPiece,
    AddProxy,
    GroupTogether,
    HangFrom,
    Hide,
    Lock,
    Move,
    Turn,
    load_template,
)
from director.scene.edit.places import local_place, turn_matrix, world_place
from director.scene.edit.tree import named
from director.scene.proxy import Key

metres = st.floats(-20, 20).map(lambda value: round(value, 3))


def stage() -> Scene:
    scene = load_template("empty_stage")
    for name, at in (("a", (1.0, 0.0, 0.0)), ("b", (-1.0, 0.0, 2.0))):
        scene = AddProxy("box", at, {"name": name, "size": (1.0, 2.0, 0.5)}).apply(scene)
    return Turn(("a",), (30.0, 0.0, 0.0)).apply(scene)


def dragged(scene: Scene, mode: Mode, names: tuple[str, ...], motion: np.ndarray, **more: object) -> Scene:
    start = handle_place(scene, names, 0.0)
    edit = motion_edit(mode, names, start, motion @ start, 0.0, **more)  # type: ignore[arg-type]
    assert edit is not None
    return edit.apply(scene)


@given(x=metres, y=metres, z=metres)
def test_a_drag_moves_by_what_the_handle_was_moved(x: float, y: float, z: float) -> None:
    scene = stage()
    if (x, y, z) == (0, 0, 0):
        start = handle_place(scene, ("a",), 0.0)
        assert motion_edit("move", ("a",), start, start, 0.0) is None
        return
    after = dragged(scene, "move", ("a", "b"), translation_matrix((x, y, z)))
    for name in ("a", "b"):
        moved = world_place(after, name)[:3, 3] - world_place(scene, name)[:3, 3]
        assert moved == pytest.approx((x, y, z), abs=1e-4)


def test_on_the_grid_a_thing_comes_to_lie_on_it_along_the_axes_that_it_moved_in() -> None:
    scene = dragged(stage(), "move", ("a",), translation_matrix((0.13, 0.0, 0.0)), grid_m=0.25)
    assert named(scene, "a").position == pytest.approx((1.25, 0.0, 0.0))
    scene = dragged(stage(), "move", ("a",), translation_matrix((0.4, 0.0, 0.0)), grid_m=0.25, own_axes=True)
    along = turn_matrix((30.0, 0.0, 0.0))[:3, :3].T @ np.subtract(named(scene, "a").position, (1.0, 0.0, 0.0))
    assert along / 0.25 == pytest.approx(np.round(along / 0.25), abs=1e-5)


def test_one_turns_where_it_stands_and_several_about_their_middle() -> None:
    scene = stage()
    start = handle_place(scene, ("a",), 0.0)
    now = start.copy()
    now[:3, :3] = turn_matrix((45.0, 0.0, 0.0))[:3, :3] @ start[:3, :3]
    edit = motion_edit("turn", ("a",), start, now, 0.0)
    assert edit is not None
    after = named(edit.apply(scene), "a")
    assert after.position == named(scene, "a").position
    assert after.rotation_deg == pytest.approx((75.0, 0.0, 0.0), abs=1e-3)
    both = dragged(scene, "turn", ("a", "b"), about_middle(scene, 180.0))
    assert world_place(both, "a")[:3, 3] == pytest.approx(world_place(scene, "b")[:3, 3], abs=1e-3)


def about_middle(scene: Scene, yaw_deg: float) -> np.ndarray:
    middle = handle_place(scene, ("a", "b"), 0.0)[:3, 3]
    turned: np.ndarray = (
        translation_matrix(middle) @ turn_matrix((yaw_deg, 0.0, 0.0)) @ translation_matrix(-middle)
    )
    return turned


def test_a_stretch_is_along_its_own_axes() -> None:
    scene = stage()
    start = handle_place(scene, ("a",), 0.0)
    edit = motion_edit("scale", ("a",), start, start @ np.diag([2.0, 1.0, 1.0, 1.0]), 0.0)
    assert edit is not None
    assert named(edit.apply(scene), "a").size == (2.0, 2.0, 0.5)  # type: ignore[attr-defined]
    assert motion_edit("scale", ("a",), start, start, 0.0) is None


def test_what_is_locked_or_hangs_on_the_rest_is_not_dragged() -> None:
    scene = HangFrom(("b",), "a").apply(stage())
    assert movable(scene, ("a", "b", "gone")) == ("a",)
    assert movable(Lock(("a",)).apply(scene), ("a", "b")) == ()
    assert movable(Lock(("b",)).apply(scene), ("a", "b")) == ("a",)


def test_an_edit_of_a_place_goes_to_the_key_at_that_time_and_else_to_the_way() -> None:
    scene = key_here(stage(), "a", 1.0).apply(stage())
    scene = placed_edit(scene, "a", 3.0, position=(1.0, 0.0, 0.0)).apply(scene)
    scene = key_here(scene, "a", 3.0).apply(scene)
    scene = placed_edit(scene, "a", 3.01, position=(5.0, 0.0, 0.0)).apply(scene)
    assert [key.position for key in named(scene, "a").keys] == [(1.0, 0.0, 0.0), (5.0, 0.0, 0.0)]
    assert key_time(named(scene, "a"), 2.99) == 3.0
    assert key_time(named(scene, "a"), 2.0004) == 2.0
    carried = placed_edit(scene, "a", 2.0, position=(3.0, 1.0, 0.0)).apply(scene)
    assert [key.position for key in named(carried, "a").keys] == [(1.0, 1.0, 0.0), (5.0, 1.0, 0.0)]
    turned = placed_edit(scene, "a", 1.0, rotation_deg=(90.0, 0.0, 0.0)).apply(scene)
    assert angles_now(named(turned, "a"), 1.0) == pytest.approx((90.0, 0.0, 0.0))
    assert angles_now(named(turned, "a"), 3.0) == pytest.approx((30.0, 0.0, 0.0))


def test_at_a_key_a_drag_moves_and_turns_that_key_alone() -> None:
    scene = HangFrom(("a",), "b").apply(Turn(("b",), (90.0, 0.0, 0.0)).apply(stage()))
    for time_s in (0.0, 2.0):
        scene = key_here(scene, "a", time_s).apply(scene)
    before = world_place(scene, "a", 2.0)
    moved = at_key(scene, Move(("a",), (1.0, 2.0, 3.0), 2.0), 2.0).apply(scene)
    assert world_place(moved, "a", 2.0)[:3, 3] - before[:3, 3] == pytest.approx((1, 2, 3), abs=1e-5)
    assert world_place(moved, "a", 0.0) == pytest.approx(world_place(scene, "a", 0.0))
    turned = at_key(scene, Turn(("a",), (40.0, 0.0, 0.0)), 2.0).apply(scene)
    after = turn_matrix((40.0, 0.0, 0.0))[:3, :3] @ before[:3, :3]
    assert world_place(turned, "a", 2.0)[:3, :3] == pytest.approx(after, abs=1e-5)
    assert world_place(turned, "a", 0.0) == pytest.approx(world_place(scene, "a", 0.0))
    whole = Move(("a",), (1.0, 0.0, 0.0), 1.0)
    assert at_key(scene, whole, 1.0) is whole
    assert at_key(scene, Move(("b",), (1.0, 0.0, 0.0)), 2.0).apply(scene) is not scene


def test_a_route_begins_where_a_thing_stands_and_goes_on() -> None:
    scene = HangFrom(("a",), "b").apply(stage())
    scene = route_on(scene, "a", (4.0, 0.0, 4.0), 0.0).apply(scene)
    scene = route_on(scene, "a", (8.0, 0.0, 4.0), 0.0).apply(scene)
    route = named(scene, "a").route
    assert route is not None
    below = world_place(scene, "b")
    world = [tuple(np.round(below[:3, :3] @ point + below[:3, 3], 6)) for point in route.points]
    assert world == [(1.0, 0.0, 0.0), (4.0, 0.0, 4.0), (8.0, 0.0, 4.0)]
    keyed = key_here(stage(), "a", 0.0).apply(stage())
    with pytest.raises(SceneError, match="delete its keys"):
        route_on(keyed, "a", (4.0, 0.0, 4.0), 0.0)


def test_the_box_of_a_thing_holds_what_is_drawn_of_it_and_no_more() -> None:
    scene = GroupTogether(("a", "b")).apply(stage())
    boxes = Outlines().of(CompiledScene(scene), 0.0, ("a", "group", "nobody"))
    assert set(boxes) == {"a", "group"}
    lengths = sorted({round(float(np.linalg.norm(boxes["a"][i] - boxes["a"][j])), 4) for i, j in EDGES})
    assert lengths == [0.5, 1.0, 2.0]
    assert boxes["a"].mean(axis=0) == pytest.approx((1.0, 1.0, 0.0), abs=1e-5)
    assert boxes["group"][:, 1].min() == pytest.approx(0.0, abs=1e-5)
    assert Outlines().of(CompiledScene(Hide(("a",)).apply(scene)), 0.0, ("a",)) == {}


def test_the_box_of_one_who_lies_is_low() -> None:
    scene = AddPiece("lie").apply(load_template("empty_stage"))
    outlines = Outlines()
    (box,) = outlines.of(CompiledScene(scene), 0.0, ("figure",)).values()
    across = box.max(axis=0) - box.min(axis=0)
    assert across[1] < 0.6 < 1.4 < across[2]


def test_lines_end_before_the_camera() -> None:
    ahead, behind = np.array([0.0, 0.0, 0.0, 2.0]), np.array([4.0, 0.0, 0.0, -2.0])
    starts, ends = np.stack([ahead, behind, behind, ahead]), np.stack([behind, behind, ahead, ahead])
    a, b = clipped_lines(starts, ends)
    assert [tuple(point) for point in a[[0, 2]]] == [tuple(ahead)] * 2
    assert tuple(b[1]) == tuple(b[2]) == tuple(ahead)
    assert [b[0, 3], a[1, 3]] == pytest.approx([1e-3] * 2)
    # Where it meets the plane just before the camera.
    assert b[0, 0] == a[1, 0] == pytest.approx(2.0, abs=1e-2)
    assert len(a) == len(b) == 3
    assert len(box_corners(np.zeros(3), np.ones(3))) == 8


def with_keys(scene: Scene) -> Scene:
    """ "a" goes 4 m along x in 4 s."""
    keys = tuple(Key(time_s=at, position=(at, 0.0, 0.0), rotation_deg=None) for at in (0.0, 4.0))
    made = (it.model_copy(update={"keys": keys}) if it.name == "a" else it for it in scene.objects)
    return scene.model_copy(update={"objects": tuple(made)})


@pytest.mark.parametrize("names", [("a",), ("b",), ("a", "b"), ("floor", "a", "b")])
def test_handles_go_with_what_moves(names: tuple[str, ...]) -> None:
    for scene in (stage(), with_keys(stage())):
        places = HandlePlaces(scene, names)
        for time_s in (0.0, 1.5, 4.0, 0.5):
            assert places.at(time_s) == pytest.approx(handle_place(scene, names, time_s))


def test_boxes_follow_what_moves_and_stand_where_nothing_does() -> None:
    outlines, still = Outlines(), CompiledScene(stage())
    first = outlines.of(still, 0.0, ("b", "a"))
    assert outlines.of(still, 3.0, ("b", "a")) is first
    assert list(first) == ["b", "a"]
    compiled = CompiledScene(with_keys(stage()))
    before, after = (outlines.of(compiled, at, ("a",))["a"].mean(axis=0)[0] for at in (0.0, 4.0))
    assert after - before == pytest.approx(4.0)
    # The same as of each alone.
    alone = Outlines().of(compiled, 4.0, ("b",))["b"]
    assert outlines.of(compiled, 4.0, ("a", "b"))["b"] == pytest.approx(alone)


def test_rows_are_a_tree_that_folds_and_a_search_that_finds() -> None:
    scene = GroupTogether(("a", "b"), "pair").apply(stage())
    rows = TreeRows()
    found = [(row.placed.name, row.depth) for row in rows.of(scene, "", set())]
    assert found == [("pair", 0), ("a", 1), ("b", 1), ("floor", 0)]
    assert [row.placed.name for row in rows.of(scene, "", {"pair"})] == ["pair", "floor"]
    assert [row.placed.name for row in rows.of(scene, "Smooth floor", {"pair"})] == ["floor"]
    assert [row.placed.name for row in rows.of(scene, "group", set())] == ["pair"]
    assert parents_of(scene, "a") == ["pair"]
    assert local_place(named(scene, "pair")).shape == (4, 4)
