"""A scene open for editing: saved whole, recovered after a crash, one window a file."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import trimesh

from director.errors import SceneError
from director.resources import scenes_folder
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.edit import (
    AddProxy,
    Move,
    OpenScene,
    SetScenePrompt,
    load_template,
    template_names,
)
from director.scene.edit.journal import journal_path
from director.scene.edit.lease import Holder, Lease, claim, lease_path
from director.scene.edit.recovery import leftovers, read_journal
from director.scene.load import load_scene, save_scene, scene_names


@pytest.fixture
def path(yard: Scene, tmp_path: Path) -> Path:
    save_scene(yard, tmp_path / "yard.json")
    return tmp_path / "yard.json"


def crashed(opened: OpenScene) -> None:
    """Leave everything as a killed process would; its lease then names a process that is gone."""
    opened._journal.close()
    lease = lease_path(opened.path)
    raw = json.loads(lease.read_text("utf-8"))
    # The number of a process that has ended.
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    lease.write_text(json.dumps(raw | {"pid": ended.pid}), "utf-8")


def dirty(opened: OpenScene) -> bool:
    """Asked anew each time: a type checker takes a property for what it was."""
    return opened.is_dirty


def read_only(opened: OpenScene) -> bool:
    return opened.read_only


def names_in(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def test_opens_edits_saves_and_leaves_nothing_behind(path: Path) -> None:
    opened = OpenScene.open(path)
    assert not dirty(opened)
    assert names_in(path.parent) == [".yard.open", "yard.json"]
    opened.do(SetScenePrompt("snow"))
    opened.drag(Move(("anna",), (1, 0, 0)), "drag")
    assert dirty(opened)
    assert names_in(path.parent) == [".yard.autosave.jsonl", ".yard.open", "yard.json"]
    opened.save()
    assert not dirty(opened)
    assert names_in(path.parent) == [".yard.open", "yard.json"]
    assert load_scene(path) == opened.scene
    opened.undo()
    assert dirty(opened)
    opened.redo()
    assert not dirty(opened)
    opened.close()
    assert names_in(path.parent) == ["yard.json"]
    assert load_scene(path).prompt == "snow"


def test_recovers_after_a_crash_and_recovery_can_be_undone(path: Path) -> None:
    first = OpenScene.open(path)
    first.do(SetScenePrompt("snow"))
    first.do(AddProxy("box"))
    first.undo()
    lost = first.scene
    crashed(first)
    again = OpenScene.open(path)
    assert again.holder is None
    assert again.recovery is not None
    assert "Undo: Add box" in again.recovery.message
    step = again.recover()
    assert step.scene == lost
    assert dirty(again)
    again.undo()
    assert again.scene == load_scene(path)
    again.redo()
    again.save()
    again.close()
    assert load_scene(path) == lost
    assert OpenScene.open(path).recovery is None


def test_recovery_waits_until_it_is_decided(path: Path) -> None:
    first = OpenScene.open(path)
    first.do(SetScenePrompt("snow"))
    crashed(first)
    OpenScene.open(path).close()
    again = OpenScene.open(path)
    assert again.recovery is not None, "looking and closing decides nothing"
    again.do(SetScenePrompt("rain"))
    assert ".yard.autosave.kept" in names_in(path.parent), "editing on sets it aside"
    again.save()
    again.close()
    third = OpenScene.open(path)
    assert third.recovery is None
    third.do(SetScenePrompt("fog"))
    crashed(third)
    fourth = OpenScene.open(path)
    fourth.dismiss_recovery()
    fourth.close()
    assert OpenScene.open(path).recovery is None


def test_an_end_between_saving_and_taking_the_journal_away_asks_nothing(path: Path) -> None:
    first = OpenScene.open(path)
    first.do(SetScenePrompt("snow"))
    journal = journal_path(path).read_bytes()
    first.save()
    journal_path(path).write_bytes(journal)
    crashed(first)
    again = OpenScene.open(path)
    assert again.recovery is None
    assert not journal_path(path).exists()
    again.close()


def test_a_corrupt_journal_is_told_and_does_not_hinder(path: Path) -> None:
    journal_path(path).write_bytes(b"\x00garbage")
    opened = OpenScene.open(path)
    assert opened.recovery is not None
    assert "nothing was recovered" in opened.recovery.message
    with pytest.raises(SceneError, match="nothing was recovered"):
        opened.recover()
    opened.do(SetScenePrompt("snow"))
    opened.save()


def test_two_windows_on_one_scene(path: Path) -> None:
    first = OpenScene.open(path)
    second = OpenScene.open(path)
    assert read_only(second)
    assert second.holder is not None
    assert (second.holder.pid, second.holder.host) == (os.getpid(), socket.gethostname())
    for attempt in (lambda: second.do(SetScenePrompt("x")), second.save, second.undo):
        with pytest.raises(SceneError, match=f"process {os.getpid()} on .* has it"):
            attempt()
    first.do(SetScenePrompt("snow"))
    first.save()
    first.do(SetScenePrompt("unsaved"))
    second.take_over()
    assert not read_only(second)
    assert second.scene.prompt == "snow", "it reads what was saved meanwhile"
    assert second.recovery is not None
    assert second.recover().scene.prompt == "unsaved"
    with pytest.raises(SceneError, match="taken over by process"):
        first.do(SetScenePrompt("late"))
    assert read_only(first)
    with pytest.raises(SceneError, match="read-only"):
        first.save()
    first.save_as(path.parent / "other.json")
    first.close()
    second.save()
    second.close()
    assert load_scene(path).prompt == "unsaved"
    assert load_scene(path.parent / "other.json").prompt == "unsaved"
    assert names_in(path.parent) == ["other.json", "yard.json"]


def test_saving_as_from_a_second_window_leaves_the_first_ones_edits_alone(path: Path) -> None:
    first = OpenScene.open(path)
    first.do(SetScenePrompt("unsaved"))
    second = OpenScene.open(path)
    assert read_only(second)
    second.save_as(path.parent / "other.json")
    first.do(SetScenePrompt("and later"))
    # As another window would find them, had this one been killed.
    second.close()
    found = read_journal(journal_path(path))
    assert found.scene is not None
    assert found.scene.prompt == "and later"
    first.close()


def test_what_was_set_aside_before_stays_too(path: Path) -> None:
    for words in ("first", "second"):
        window = OpenScene.open(path)
        window.do(SetScenePrompt(words))
        window.leave()
    again = OpenScene.open(path)
    again.do(SetScenePrompt("third"))
    kept = [name for name in names_in(path.parent) if name.endswith(".kept")]
    assert kept == [".yard.autosave.2.kept", ".yard.autosave.kept"]
    again.close()


def test_edits_that_a_missing_mesh_hides_are_not_lost(path: Path) -> None:
    mesh = path.parent / "crate.ply"
    trimesh.creation.box().export(mesh)
    window = OpenScene.open(path)
    window.do(SetScenePrompt("before"))
    fields = {"name": "crate", "class": "box", "path": mesh.name}
    window.do(AddProxy("mesh", fields=fields, folder=path.parent))
    window.do(SetScenePrompt("after"))
    window.leave()
    away = mesh.rename(path.parent / "away")
    again = OpenScene.open(path)
    assert again.recovery is not None
    assert "crate" in again.recovery.message
    again.recover()
    assert again.scene.prompt == "before"
    again.close()
    away.rename(mesh)
    (kept,) = path.parent.glob(".*.kept")
    found = read_journal(kept)
    assert found.scene is not None
    assert found.scene.prompt == "after"


def test_read_only_looks_and_leaves_no_trace(path: Path) -> None:
    looked = OpenScene.open(path, read_only=True)
    assert names_in(path.parent) == ["yard.json"]
    assert looked.read_only
    looked.close()


def test_leases_of_the_dead_and_of_other_machines(path: Path) -> None:
    lease = claim(path)
    assert isinstance(lease, Lease)
    raw = json.loads(lease_path(path).read_text("utf-8"))
    # Another process of that number, started at another time: the first is gone.
    if raw["started"]:
        lease_path(path).write_text(json.dumps(raw | {"started": "1"}), "utf-8")
        reused = claim(path)
        assert isinstance(reused, Lease)
        assert reused.replaced is not None
    lease_path(path).write_text(json.dumps(raw | {"host": "elsewhere"}), "utf-8")
    assert not lease.holds
    held = claim(path)
    assert isinstance(held, Holder)
    assert held.host == "elsewhere"
    lease.release()
    assert lease_path(path).exists(), "what another holds is not given up"
    assert isinstance(claim(path, take_over=True), Lease)
    for nonsense in ("", "[]", '{"pid": "x"}'):
        lease_path(path).write_text(nonsense, "utf-8")
        assert isinstance(claim(path), Lease)


def test_changed_on_disk_is_noticed_before_it_is_written_over(path: Path, yard: Scene) -> None:
    opened = OpenScene.open(path)
    opened.do(SetScenePrompt("mine"))
    path.touch()
    assert not opened.changed_on_disk()
    save_scene(SetScenePrompt("theirs").apply(yard), path)
    assert opened.changed_on_disk()
    with pytest.raises(SceneError, match="changed on disk"):
        opened.save()
    assert load_scene(path).prompt == "theirs"
    assert dirty(opened)
    opened.save(overwrite=True)
    assert load_scene(path).prompt == "mine"
    path.unlink()
    opened.save()
    assert path.exists()
    opened.close()


def test_a_recovery_tells_that_the_file_has_changed_since(path: Path, yard: Scene) -> None:
    first = OpenScene.open(path)
    first.do(SetScenePrompt("mine"))
    crashed(first)
    save_scene(SetScenePrompt("theirs").apply(yard), path)
    again = OpenScene.open(path)
    assert again.recovery is not None
    assert "the scene file has changed since" in again.recovery.message


def test_save_as_goes_on_with_the_other_file(path: Path) -> None:
    opened = OpenScene.open(path)
    opened.do(SetScenePrompt("snow"))
    with pytest.raises(SceneError, match="is there already"):
        opened.save_as(_taken(path.parent))
    opened.save_as(path.parent / "sets" / "winter")
    winter = path.parent / "sets" / "winter.json"
    assert opened.path == winter
    assert load_scene(winter).name == "winter", "a scene called as its file was"
    assert load_scene(path).prompt == "a yard at noon"
    assert not dirty(opened)
    opened.do(SetScenePrompt("thaw"))
    assert journal_path(winter).exists()
    assert ".yard.open" not in names_in(path.parent)
    other = OpenScene.open(path)
    with pytest.raises(SceneError, match="is open in process"):
        opened.save_as(path, overwrite=True)
    other.close()
    opened.close()


def _taken(folder: Path) -> Path:
    (folder / "taken.json").write_text("{}", "utf-8")
    return folder / "taken.json"


def test_what_cannot_be_saved_changes_nothing(path: Path) -> None:
    opened = OpenScene.open(path)
    opened.do(SetScenePrompt("snow"))
    path.unlink()
    path.mkdir()
    with pytest.raises(SceneError, match="cannot be written"):
        opened.save()
    assert dirty(opened)
    assert journal_path(path).exists()


def test_edits_go_on_where_they_cannot_be_kept_safe(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise SceneError("cannot be written: no space left on device", file="journal", mend="make room")

    opened = OpenScene.open(path)
    with monkeypatch.context() as patch:
        patch.setattr("director.scene.edit.journal.write_whole", full)
        opened.do(SetScenePrompt("snow"))
        assert "no space left" in opened.trouble
    opened.do(SetScenePrompt("rain"))
    assert opened.trouble == ""
    crashed(opened)
    again = OpenScene.open(path)
    assert again.recovery is not None
    assert again.recovery.scene == opened.scene


def test_a_new_scene_is_kept_safe_before_it_has_a_file(tmp_path: Path) -> None:
    first = OpenScene.new(load_template("room"), tmp_path)
    second = OpenScene.new(load_template("room"), tmp_path)
    assert (first.path.name, second.path.name) == ("untitled.json", "untitled-2.json")
    assert dirty(first)
    first.do(SetScenePrompt("snow"))
    assert leftovers(tmp_path) == [], "it is open"
    crashed(first)
    second.close()
    (journal,) = leftovers(tmp_path)
    again = OpenScene.reopen(journal)
    assert again.scene.prompt == "snow"
    assert dirty(again)
    again.save_as(tmp_path / "parlour.json")
    assert again.scene.name == "parlour"
    again.close()
    assert load_scene(tmp_path / "parlour.json").prompt == "snow"
    assert names_in(tmp_path) == ["parlour.json"]


@pytest.mark.parametrize("name", template_names())
def test_templates_are_scenes_to_begin_with(name: str) -> None:
    scene = load_template(name, "mine")
    assert (scene.name, scene.title) == ("mine", "")
    assert scene.prompt
    assert scene.moves
    assert all(it.prompt for it in scene.objects)
    compiled = CompiledScene(scene)
    for move in scene.moves:
        camera = move.camera_at(0.0, compiled.locate)
        assert camera.position[1] > 0.5


def test_templates_are_no_shipped_scenes() -> None:
    assert template_names() == ["dialogue", "empty_stage", "room", "street_corner"]
    assert not set(template_names()) & set(scene_names())
    assert (scenes_folder() / "templates").is_dir()
    with pytest.raises(SceneError, match="templates: dialogue, empty_stage"):
        load_template("castle")
    people = [it for it in load_template("dialogue").objects if it.kind == "mannequin"]
    assert len(people) == 2
