"""The editing of an open scene, over files: names that stay selected, other scenes gone over to."""

import json
from pathlib import Path
from typing import Any

import pytest

from director.app.desk.editing import Editing
from director.scene.edit import AddPiece, Delete, Move, Rename, SetSun
from tests.unit.app.standing import editing_of


def names(editing: Editing) -> set[str]:
    return {placed.name for _, placed in editing.scene.placed()}


def test_what_is_renamed_stays_selected_there_and_back(tmp_path: Path) -> None:
    editing, _ = editing_of("living_room", tmp_path)
    first, second = (placed.name for placed in editing.scene.objects[:2])
    editing.select((first, second))
    assert editing.do(Rename(second, "the other"))
    assert editing.selection == (first, "the other")
    editing.undo()
    assert editing.selection == (first, second)
    editing.redo()
    assert editing.selection == (first, "the other")


def test_what_is_deleted_is_no_more_selected(tmp_path: Path) -> None:
    editing, _ = editing_of("living_room", tmp_path)
    assert editing.do(AddPiece("rock"))
    assert editing.do(AddPiece("bush"))
    editing.select(("rock", "bush"))
    assert editing.do(Delete(("rock",)))
    assert editing.selection == ("bush",)


def test_a_new_scene_is_edited_among_the_sets(tmp_path: Path) -> None:
    editing, session = editing_of("night_alley", tmp_path / "sets")
    editing.select((editing.scene.objects[0].name,))
    assert editing.new("empty_stage", "duel")
    assert (session.opened, editing.selection, editing.scene.name) == (1, (), "duel")
    assert editing.path == tmp_path / "sets" / "duel.json"
    assert editing.do(AddPiece("wave"))
    dirty = [editing.is_dirty]
    editing.save()
    dirty.append(editing.is_dirty)
    assert dirty == [True, False]
    assert "figure" in names(editing)
    assert not editing.new("empty_stage", "no/name")
    assert not editing.new("palace")
    assert "templates:" in session.told
    assert "figure" in names(editing), "nothing has happened"


def test_another_scene_is_gone_over_to_and_what_was_not_saved_waits(tmp_path: Path) -> None:
    editing, session = editing_of("night_alley", tmp_path)
    assert editing.new("room", "mine")
    editing.save()
    assert editing.do(AddPiece("crate"))
    mine = str(editing.path)
    assert editing.open("desert_road")
    assert "mine.json are kept" in session.told
    assert (editing.path, editing.is_dirty, editing.undo_labels) == (None, False, [])
    # Without its ending, as it is called.
    assert editing.open(mine.removesuffix(".json"))
    assert editing.has_recovery
    assert "crate" not in names(editing)
    editing.recover()
    assert "crate" in names(editing)
    editing.close()


@pytest.mark.parametrize("path", ["nowhere.json", "~nobody-there/x.json", "x" * 300, "bad.json", "a\0b"])
def test_what_is_no_scene_is_told_and_nothing_has_happened(path: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps({"schema_version": 1, "name": "bad name"}))
    editing, session = editing_of("living_room", tmp_path)
    before = editing.scene
    given = str(tmp_path / path) if path == "bad.json" else path
    assert not editing.open(given)
    assert editing.scene is before
    assert session.opened == 0
    assert len(session.told) > 5


def test_the_open_scene_is_not_opened_again_nor_one_while_a_take_is_recorded(tmp_path: Path) -> None:
    editing, session = editing_of("living_room", tmp_path)
    assert editing.new("room", "mine")
    editing.save()
    assert not editing.open(str(editing.path))
    assert "open already" in session.told
    session.recording = object()
    assert not editing.open("living_room")
    assert not editing.new("room")
    assert "stop it first" in session.told
    assert session.opened == 1


def test_a_drag_is_one_line_and_the_next_another(tmp_path: Path) -> None:
    editing, _ = editing_of("living_room", tmp_path)
    for to in (10.0, 20.0, 30.0):
        assert editing.drag(SetSun(azimuth_deg=to), "sun")
    editing.seal()
    assert editing.drag(SetSun(azimuth_deg=40.0), "sun")
    assert editing.undo_labels == ["Move the sun", "Move the sun"]
    editing.undo()
    assert editing.scene.sun.azimuth_deg == 30.0
    name = editing.scene.objects[0].name
    far: Any = (1e9, 0.0, 0.0)
    assert not editing.do(Move((name,), far))
    assert editing.redo_labels == ["Move the sun"], "what cannot be made changes nothing"
