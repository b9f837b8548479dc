"""Adding, taking away, naming, grouping, hanging and copying."""

import pytest

from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import (
    AddGroup,
    AddProxy,
    Delete,
    Duplicate,
    DuplicateInRows,
    GroupTogether,
    HangFrom,
    Rename,
    Turn,
    Ungroup,
)
from director.scene.edit.tree import fresh_name, named
from director.scene.proxies import proxy_kinds
from tests.unit.scene.edit.asked import box, place, proxy, refusal, scene_of, stays


@pytest.mark.parametrize("kind", sorted(set(proxy_kinds()) - {"mesh"}))
def test_adds_every_kind_under_a_name_of_its_own(yard: Scene, kind: str) -> None:
    once = AddProxy(kind, (1.23456789, 0, -2)).apply(yard)
    twice = AddProxy(kind, parent="cart").apply(once)
    assert [it.name for it in twice.objects[-2:]] == [kind, f"{kind} 2"]
    assert list(twice.objects[-2].position) == [1.234568, 0, -2]
    assert twice.objects[:-2] == yard.objects
    assert twice.objects[0] is yard.objects[0]
    CompiledScene(twice)
    assert AddProxy(kind).label == f"Add {kind}"


def test_adding_refuses_what_is_not_there(yard: Scene) -> None:
    assert "box" in refusal(AddProxy("castle"), yard).mend
    assert refusal(AddProxy("box", fields={"size": [0, 1, 1]}), yard).field == "objects[5].size[0]"
    assert "did you mean crate" in refusal(AddProxy("box", parent="crat"), yard).mend
    assert refusal(AddProxy("box", fields={"class": "castel"}), yard).field == "objects[5].class"
    assert refusal(AddProxy("box", position=(1e9, 0, 0)), yard).field == "objects[5].position[0]"
    assert refusal(AddProxy("mesh", fields={"path": "gone.glb"}), yard).field == "objects[5].path"


def test_adds_a_group(yard: Scene) -> None:
    added = AddGroup("cart", (0, 1, 0)).apply(yard)
    assert [group.name for group in added.groups] == ["cart", "cart 2"]
    assert refusal(AddGroup("?"), yard).field == "groups[1].name"


def test_fresh_names() -> None:
    assert fresh_name("a", ["b"]) == "a"
    assert fresh_name("a", ["a", "a 2"]) == "a 3"
    assert fresh_name("a 2", ["a", "a 2"]) == "a 3"
    counted: dict[str, int] = {}
    assert fresh_name("a", {"a", "a 3"}, counted) == "a 2"
    assert fresh_name("a", {"a", "a 2", "a 3"}, counted) == "a 4"
    long = "x" * 80
    assert len(fresh_name(long, [long])) == 80


def test_deletes_with_children(yard: Scene) -> None:
    lone = Delete(("crate",), drop_users=True).apply(yard)
    assert [it.name for it in lone.objects] == ["ground", "walker", "anna"]
    assert lone.shots[0].directions.object_prompts == {"walker": "a postman"}
    assert lone.shots[0].directions.held == ()
    assert lone.moves == yard.moves


def test_deleting_what_is_referred_to_is_refused_by_name(yard: Scene) -> None:
    error = refusal(Delete(("walker",)), yard)
    assert "the move 'watch' refers to it" in str(error)
    assert error.field == "moves[0]"
    gone = Delete(("walker",), drop_users=True).apply(yard)
    assert gone.moves == ()
    assert gone.shots == ()  # its camera was the move
    assert "the shot 'one'" in str(refusal(Delete(("crate",)), yard))


def test_deleting_can_leave_children_where_they_stand(yard: Scene) -> None:
    after = Delete(("cart",), keep_children=True).apply(yard)
    assert not after.groups
    assert proxy(after, "crate").parent is None
    assert stays(yard, after, ["crate", "lamp"])
    both = Delete(("cart", "crate"), keep_children=True, drop_users=True).apply(yard)
    assert proxy(both, "lamp").parent is None
    assert stays(yard, both, ["lamp"])


def test_renaming_takes_every_reference_along(yard: Scene) -> None:
    after = Rename("crate", "chest").apply(Rename("walker", "postman").apply(yard))
    assert proxy(after, "lamp").parent == "chest"
    assert after.moves[0].object_names == after.moves[1].object_names == {"postman"}
    directions = after.shots[0].directions
    assert directions.object_prompts == {"postman": "a postman", "chest": "a tea chest"}
    assert directions.strengths == {"scene": 0.5, "postman": 0.8}
    assert directions.held == ("chest",)
    back = Rename("chest", "crate").apply(Rename("postman", "walker").apply(after))
    assert back == yard
    assert proxy(Rename("cart", "barrow").apply(yard), "crate").parent == "barrow"


def test_renaming_refuses_a_name_that_is_taken_or_none(yard: Scene) -> None:
    assert refusal(Rename("crate", "lamp"), yard).field == "objects[1].name"
    assert refusal(Rename("crate", "/"), yard).field == "objects[1].name"
    assert Rename("crate", "crate").apply(yard) is yard


def test_a_name_like_the_scenes_own_strength_is_no_reference() -> None:
    scene = scene_of(
        box("scene"),
        shots=[
            {
                "name": "one",
                "camera": {"kind": "still", "position": [0, 1, 5]},
                "end_s": 1,
                "directions": {"strengths": {"scene": 0.5}},
            }
        ],
    )
    assert Rename("scene", "crate").apply(scene).shots[0].directions.strengths == {"scene": 0.5}
    assert Delete(("scene",)).apply(scene).shots == scene.shots


def test_duplicates_with_children_under_new_names(yard: Scene) -> None:
    after = Duplicate(("cart", "lamp"), (0, 0, 5)).apply(yard)
    assert [it.name for it in after.groups] == ["cart", "cart 2"]
    assert proxy(after, "crate 2").parent == "cart 2"
    assert proxy(after, "lamp 2").parent == "crate 2"
    moved = place(yard, "lamp").copy()
    moved[2, 3] += 5
    assert place(after, "lamp 2") == pytest.approx(moved, abs=1e-5)
    assert after.objects[: len(yard.objects)] == yard.objects


def test_duplicates_in_rows(yard: Scene) -> None:
    after = DuplicateInRows(("anna",), (3, 1, 2), (1.5, 0, -2)).apply(yard)
    people = [it.position for it in after.objects if it.name.startswith("anna")]
    assert len(people) == 6
    assert (people[-1][0], people[-1][2]) == (0, -1)
    assert refusal(DuplicateInRows(("anna",), (0, 1, 1), (1, 1, 1)), yard).field == "counts"
    assert "array" in refusal(DuplicateInRows(("anna",), (500, 500, 1), (1, 1, 1)), yard).mend


def test_grouping_and_ungrouping_keep_places(yard: Scene) -> None:
    names = ["crate", "lamp", "anna", "walker"]
    times = (0.0, 1.3, 4.0)
    grouped = GroupTogether(("crate", "anna", "walker"), "players").apply(yard)
    assert proxy(grouped, "crate").parent == proxy(grouped, "anna").parent == "players"
    assert stays(yard, grouped, names, times)
    x, y, z = named(grouped, "players").position
    assert (x, y, z) == pytest.approx((-1, 0, 1), abs=1e-6)
    turned = Turn(("players",), (33, 0, 0)).apply(grouped)
    loose = Ungroup(("players",)).apply(turned)
    assert len(loose.groups) == 1
    assert stays(turned, loose, names, times)
    assert "not a group" in str(refusal(Ungroup(("crate",)), yard))
    assert GroupTogether(("lamp",)).apply(yard).groups[-1].parent == "crate"


def test_ungrouping_what_a_move_follows_is_refused(yard: Scene) -> None:
    scene = Rename("cart", "cart").apply(yard)
    moved = scene.moves[1].model_copy(update={"object": "cart"})
    scene = scene.model_copy(update={"moves": (scene.moves[0], moved)})
    assert "the move 'behind' refers to it" in str(refusal(Ungroup(("cart",)), scene))


def test_hanging_keeps_the_place_and_refuses_rings(yard: Scene) -> None:
    after = HangFrom(("lamp", "anna"), "cart").apply(yard)
    assert proxy(after, "lamp").parent == "cart"
    assert stays(yard, after, ["lamp", "anna"])
    assert stays(yard, HangFrom(("lamp",), None).apply(yard), ["lamp"])
    assert refusal(HangFrom(("crate",), "lamp"), yard).field == "objects[1].parent"
    assert "itself" in str(refusal(HangFrom(("crate",), "crate"), yard))
    onto_walker = HangFrom(("anna",), "walker", time_s=2.0).apply(yard)
    assert stays(yard, onto_walker, ["anna"], (2.0,))
