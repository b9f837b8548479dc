"""Looks, flags, keys and what belongs to the whole scene."""

from pathlib import Path

from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import (
    AddProxy,
    Delete,
    DeleteKey,
    Duplicate,
    Edit,
    HangFrom,
    Hide,
    Lock,
    Move,
    MoveKey,
    Rename,
    Scale,
    SetClass,
    SetColour,
    SetFields,
    SetKey,
    SetLight,
    SetPose,
    SetPrompt,
    SetScene,
    SetScenePrompt,
    SetSun,
    Turn,
)
from director.scene.edit.tree import is_hidden, is_locked, named
from director.scene.load import load_scene, save_scene
from tests.unit.scene.edit.asked import box, proxy, refusal, scene_of, stays


def test_hidden_things_are_drawn_nowhere_and_keep_their_ids(yard: Scene, tmp_path: Path) -> None:
    after = Hide(("cart",)).apply(yard)
    assert is_hidden(after, "lamp")
    assert not named(after, "lamp").hidden
    before, now = CompiledScene(yard).at(1.0), CompiledScene(after).at(1.0)
    assert now.objects == before.objects
    drawn = {int(i) for batch in now.batches.values() for i in batch.object_id}
    assert drawn == {1, 4, 5}
    assert now.lamps == ()
    assert len(before.lamps) == 1
    save_scene(after, tmp_path / "hidden.json")
    assert load_scene(tmp_path / "hidden.json") == after
    assert (tmp_path / "hidden.json").read_text().count("hidden") == 1
    assert Hide(("cart",), hidden=False).apply(after) == yard
    nothing = Hide(("cart", "ground", "walker", "anna")).apply(yard)
    assert CompiledScene(nothing).at(2.0).batches == {}
    CompiledScene(nothing).bounds(0.0)


def test_locked_things_refuse_edits_but_can_be_hidden(yard: Scene) -> None:
    locked = Lock(("cart",)).apply(yard)
    assert is_locked(locked, "lamp")
    error = refusal(Move(("lamp",), (1, 0, 0)), locked)
    assert "hangs on 'cart', which is locked" in str(error)
    assert error.field == "groups[0].locked"
    edits: list[Edit] = [
        Delete(("cart",), drop_users=True),
        Delete(("crate",)),
        Rename("cart", "barrow"),
        Turn(("crate",), (1, 0, 0)),
        Scale(("cart",), (2, 2, 2)),
        SetColour(("crate",), "#000000"),
        SetKey("lamp", 1, (0, 0, 0)),
        HangFrom(("anna",), "cart"),
        SetLight(("lamp",), off=True),
        AddProxy("box", parent="crate"),
    ]
    for edit in edits:
        assert "locked" in refusal(edit, locked).field
    assert Hide(("lamp",)).apply(locked) != locked
    assert Lock(("cart",), locked=False).apply(locked) == yard
    assert not proxy(Duplicate(("anna",)).apply(Lock(("anna",)).apply(yard)), "anna 2").locked


def test_looks(yard: Scene) -> None:
    names = ("crate", "anna")
    assert proxy(SetClass(("crate",), "chair").apply(yard), "crate").class_name == "chair"
    assert {it.prompt for it in SetPrompt(names, "old").apply(yard).objects if it.name in names} == {"old"}
    assert proxy(SetColour(names, "#123456").apply(yard), "anna").colour == "#123456"
    assert refusal(SetColour(names, "red"), yard).field == "objects[1].colour"
    assert refusal(SetClass(("crate",), "chai"), yard).field == "objects[1].class"
    assert refusal(SetPrompt(("cart",), "x"), yard).mend == "select the objects in it"
    assert SetColour(names, "#123456").label == "Set colour of 2 objects"


def test_lights(yard: Scene) -> None:
    lit = SetLight(("lamp", "crate"), strength=3).apply(yard)
    assert proxy(lit, "lamp").light.model_dump() == {"colour": "#ff0000", "strength": 3}
    assert proxy(lit, "crate").light.model_dump() == {"colour": "#ffffff", "strength": 3}
    assert proxy(SetLight(("lamp",), off=True).apply(yard), "lamp").light is None
    assert refusal(SetLight(("lamp",), strength=-1), yard).field == "objects[2].light.strength"


def test_poses(yard: Scene) -> None:
    sat = SetPose(("anna",), "sit", seat_m=0.4).apply(yard)
    assert proxy(sat, "anna").pose_name == "sit"
    assert proxy(sat, "anna").seat_m == 0.4
    assert refusal(SetPose(("anna",), "fly"), yard).field == "objects[4].pose"
    assert "a box" in str(refusal(SetPose(("crate",), "sit"), yard))


def test_any_field(yard: Scene) -> None:
    assert (
        proxy(SetFields(("crate",), {"size": (1, 1, 1), "round_m": 0.1}).apply(yard), "crate").round_m == 0.1
    )
    assert refusal(SetFields(("crate",), {"glitter": 1}), yard).field == "objects[1].glitter"
    assert refusal(SetFields(("crate",), {"size": (1, 1)}), yard).field.startswith("objects[1].size")
    assert refusal(SetFields(("crate",), {"name": "x"}), yard).mend == "rename it"


def test_the_scene_itself(yard: Scene) -> None:
    assert SetScenePrompt("snow").apply(yard).prompt == "snow"
    assert SetSun(azimuth_deg=10).apply(yard).sun.model_dump() == {"azimuth_deg": 10, "elevation_deg": 40}
    assert refusal(SetSun(elevation_deg=100), yard).field == "sun.elevation_deg"
    assert SetScene({"near_m": 1.0, "far_m": 9.0}).apply(yard).far_m == 9
    assert refusal(SetScene({"near_m": 1e4}), yard).field == "near_m"
    assert refusal(SetScene({"objects": ()}), yard).field == "objects"


def test_keys(yard: Scene) -> None:
    keyed = SetKey("walker", 2.0, position=(1, 0, 3)).apply(yard)
    assert [key.time_s for key in named(keyed, "walker").keys] == [0, 2, 4]
    again = SetKey("walker", 2.0, rotation_deg=(5, 0, 0)).apply(keyed)
    assert named(again, "walker").keys[1].position == (1, 0, 3)
    assert named(again, "walker").keys[1].rotation_deg == (5, 0, 0)
    assert DeleteKey("walker", 2.0).apply(keyed) == yard
    later = MoveKey("walker", 0.0, 5.0).apply(keyed)
    assert [key.time_s for key in named(later, "walker").keys] == [2, 4, 5]
    assert "already" in str(refusal(MoveKey("walker", 0.0, 2.0), keyed))
    assert "0, 4" in refusal(DeleteKey("walker", 3.0), yard).mend
    assert refusal(SetKey("walker", -1.0, position=(0, 0, 0)), yard).field == "objects[3].keys[0].time_s"
    assert "holds nothing" in str(refusal(SetKey("walker", 1.0), yard))


def test_the_last_key_leaves_the_thing_where_it_was() -> None:
    scene = scene_of(box("a", keys=[{"time_s": 1, "position": [1, 2, 3], "rotation_deg": [9, 0, 0]}]))
    after = DeleteKey("a", 1.0).apply(scene)
    assert not after.objects[0].keys
    assert stays(scene, after, ["a"])


def test_what_is_not_selected_is_shared(yard: Scene) -> None:
    after = Move(("anna",), (1, 0, 0)).apply(yard)
    assert after.groups is yard.groups
    assert after.moves is yard.moves
    assert all(a is b for a, b in zip(after.objects[:-1], yard.objects[:-1], strict=True))
