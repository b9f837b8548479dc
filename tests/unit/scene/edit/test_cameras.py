"""Camera moves and shots as edits, and figures that look at what is renamed or taken away."""

import json
from pathlib import Path

from director.camera.moves import parse_move
from director.scene.document import Scene
from director.scene.edit import (
    Delete,
    DeleteCameraMove,
    DeleteShot,
    Duplicate,
    PutCameraMove,
    PutShot,
    Rename,
    RenameCameraMove,
    SetFields,
)
from director.scene.edit.tree import named
from director.scene.load import parse_scene, scene_document
from director.scene.shots import Shot
from tests.unit.scene.edit.asked import refusal


def test_moves_are_put_renamed_and_taken_away(yard: Scene) -> None:
    move = parse_move({"kind": "hold", "name": "watch", "position": [0, 1, 5], "look_at": [0, 1, 0]})
    replaced = PutCameraMove(move).apply(yard)
    assert replaced.moves == (move, yard.moves[1])
    assert [it.name for it in PutCameraMove(move, fresh=True).apply(yard).moves] == [
        "watch",
        "behind",
        "watch 2",
    ]
    renamed = RenameCameraMove("watch", "wide").apply(yard)
    assert renamed.moves[0].name == "wide"
    assert renamed.shots[0].camera.model_dump()["move"] == "wide"
    assert RenameCameraMove("wide", "watch").apply(renamed) == yard
    assert "the shot 'one' uses it" in str(refusal(DeleteCameraMove("watch"), yard))
    gone = DeleteCameraMove("watch", drop_shots=True).apply(yard)
    assert [it.name for it in gone.moves] == ["behind"]
    assert gone.shots == ()
    assert refusal(DeleteCameraMove("none"), yard).mend == "moves: watch, behind"
    assert refusal(RenameCameraMove("watch", "behind"), yard).field == "moves[1].name"
    raw = {"kind": "hold", "name": "lost", "position": [0, 1, 5], "look_at": {"object": "nobody"}}
    assert "nobody" in str(refusal(PutCameraMove(parse_move(raw)), yard))


def test_shots_are_put_and_taken_away(yard: Scene) -> None:
    raw = {"name": "two", "camera": {"kind": "still", "position": [0, 1, 5]}, "end_s": 2}
    shot = Shot.model_validate(raw)
    both = PutShot(shot).apply(yard)
    assert [it.name for it in both.shots] == ["one", "two"]
    longer = shot.model_copy(update={"end_s": 5.0})
    assert PutShot(longer).apply(both).shots[1].end_s == 5
    assert DeleteShot("two").apply(both) == yard
    stray = Shot.model_validate({**raw, "directions": {"held": ["nobody"]}})
    assert refusal(PutShot(stray), yard).field == "shots[1]"


def test_a_look_follows_a_renaming_and_is_dropped_with_what_it_looks_at(yard: Scene) -> None:
    looking = SetFields(("anna",), {"look_at": {"object": "lamp", "offset": [0, 0.1, 0]}}).apply(yard)
    renamed = Rename("lamp", "lantern").apply(looking)
    assert named(renamed, "anna").references == (("look_at.object", "lantern"),)
    again = parse_scene(json.dumps(scene_document(renamed, Path())), file="yard", folder=Path())
    assert again == renamed
    assert "'anna' refers to it" in str(refusal(Delete(("lamp",)), looking))
    assert named(Delete(("lamp",), drop_users=True).apply(looking), "anna").references == ()
    both = Duplicate(("anna", "cart")).apply(looking)
    assert named(both, "anna 2").references == (("look_at.object", "lamp 2"),)
    assert refusal(SetFields(("anna",), {"look_at": "nobody"}), yard).field == "objects[4].look_at.object"
