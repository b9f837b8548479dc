"""What goes wrong with a scene's files while it is open: it is told with the keys that help, and nothing is
lost or shown by halves."""

from pathlib import Path

import pytest

from director.scene.edit import Delete, ImportMesh, Move, OpenScene, SetScenePrompt
from director.scene.edit.journal import journal_path
from director.scene.edit.lease import holder_of, lease_path
from director.scene.load import load_scene, save_scene
from tests.unit.app.standing import editing_of

_TETRAHEDRON = "v 0 0 0\nv 1 0 0\nv 0 1 0\nv 0 0 1\nf 1 3 2\nf 1 2 4\nf 1 4 3\nf 2 3 4\n"


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    path = tmp_path / "room.json"
    save_scene(load_scene("living_room"), path)
    return path


def test_a_second_window_says_who_has_the_scene_and_takes_it_over(scene: Path) -> None:
    first, _ = editing_of(str(scene), scene.parent)
    second, session = editing_of(str(scene), scene.parent)
    for attempt in (lambda: None, lambda: second.do(SetScenePrompt("mine")), second.save, second.overwrite):
        attempt()
        assert "Read-only: room.json is open in process" in session.told
        assert "Ctrl+Shift+H takes it over, Ctrl+Shift+S saves under another name" in session.told
        session.notices.pass_time(60)
    assert second.path_to_save_as == scene.with_name("room-2.json")
    assert first.do(SetScenePrompt("saved there"))
    first.save()
    assert first.do(SetScenePrompt("not saved there"))
    second.take_over()
    assert session.document.prompt == second.scene.prompt == "saved there"
    assert "Taken over" in session.told
    assert "Ctrl+Shift+O takes them up again" in session.told
    second.recover()
    assert session.document.prompt == "not saved there"
    second.save()
    assert load_scene(scene).prompt == "not saved there"
    assert second.path_to_save_as == scene


def test_the_window_it_was_taken_from_says_so_and_may_take_it_back(scene: Path) -> None:
    first, told = editing_of(str(scene), scene.parent)
    second, _ = editing_of(str(scene), scene.parent)
    first.take_over()
    assert "Nobody else has this scene open" in told.told
    second.take_over()
    assert not first.do(SetScenePrompt("late"))
    assert "Read-only: room.json is open in process" in told.told
    assert first.scene.prompt == load_scene(scene).prompt
    first.take_over()
    assert first.do(SetScenePrompt("mine again"))
    assert not second.do(SetScenePrompt("late"))
    # Also before anything was refused.
    second.take_over()
    first.take_over()
    assert first.do(SetScenePrompt("and again"))


def test_a_scene_changed_on_disk_is_overwritten_only_when_that_is_asked(scene: Path) -> None:
    editing, session = editing_of(str(scene), scene.parent)
    assert editing.do(SetScenePrompt("mine"))
    save_scene(SetScenePrompt("theirs").apply(load_scene(scene)), scene)
    editing.save()
    assert "Not saved: room.json was changed by another program" in session.told
    assert "Ctrl+Shift+W overwrites it, Ctrl+Shift+S saves under another name" in session.told
    assert load_scene(scene).prompt == "theirs"
    assert editing.path_to_save_as == scene.with_name("room-2.json")
    editing.overwrite()
    assert (load_scene(scene).prompt, editing.is_dirty) == ("mine", False)


def test_a_journal_that_cannot_be_read_is_told_and_set_aside(scene: Path) -> None:
    journal_path(scene).write_bytes(b"\x00garbage\n")
    editing, session = editing_of(str(scene), scene.parent)
    assert "The journal .room.autosave.jsonl holds no scene that can be read" in session.told
    assert "Ctrl+Shift+O" not in session.told
    assert editing.do(SetScenePrompt("snow"))
    assert journal_path(scene).with_suffix(".kept").read_bytes() == b"\x00garbage\n"


def test_of_a_journal_with_a_broken_line_the_rest_is_told_and_recovered(scene: Path) -> None:
    crashed = OpenScene.open(scene)
    for prompt in ("rain", "snow", "hail"):
        crashed.do(SetScenePrompt(prompt))
    # As a kill leaves it: the journal stays, and the process of the lease is gone.
    lines = journal_path(scene).read_bytes().splitlines(keepends=True)
    journal_path(scene).write_bytes(b"".join(lines[:2]) + lines[2][:-9])
    lease_path(scene).unlink()
    editing, session = editing_of(str(scene), scene.parent)
    assert "1 further lines of the journal cannot be read and are lost" in session.told
    editing.recover()
    assert session.document.prompt == "snow"


def test_what_needs_a_mesh_that_is_gone_is_refused_whole(scene: Path) -> None:
    mesh = scene.with_name("rock.obj")
    mesh.write_text(_TETRAHEDRON)
    editing, session = editing_of(str(scene), scene.parent)
    assert editing.do(ImportMesh(mesh, folder=scene.parent, name="rock"))
    assert editing.do(Delete(("rock",)))
    mesh.write_text("v not a mesh")
    before, labels = editing.scene, list(editing.undo_labels)
    editing.undo()
    assert "rock.obj" in session.told
    assert editing.scene is before
    assert (list(editing.undo_labels), list(editing.redo_labels)) == (labels, [])
    # The next edit goes on from what is seen, and the mesh comes back once its file is mended.
    table = editing.scene.objects[0].name
    assert editing.do(Move((table,), (0.1, 0.0, 0.0)))
    mesh.write_text(_TETRAHEDRON)
    editing.undo()
    editing.undo()
    assert "rock" in {thing.name for thing in session.document.objects}


def test_an_edit_beside_a_mesh_that_is_gone_is_refused_and_leaves_no_line(scene: Path) -> None:
    mesh = scene.with_name("rock.obj")
    mesh.write_text(_TETRAHEDRON)
    editing, session = editing_of(str(scene), scene.parent)
    assert editing.do(ImportMesh(mesh, folder=scene.parent, name="rock"))
    mesh.unlink()
    table = editing.scene.objects[0].name
    for x in (0.1, 0.2):
        assert not editing.drag(Move((table,), (x, 0.0, 0.0)), "drag")
    assert "there is no mesh file" in session.told
    assert list(editing.undo_labels) == ["Import rock.obj"]
    assert editing.scene is session.document
    editing.save()
    assert not journal_path(scene).exists()


def test_a_scene_with_an_unreadable_mesh_is_not_gone_over_to(scene: Path) -> None:
    mesh = scene.with_name("rock.obj")
    mesh.write_text(_TETRAHEDRON)
    with_mesh, session = editing_of(str(scene), scene.parent)
    assert with_mesh.do(ImportMesh(mesh, folder=scene.parent, name="rock"))
    with_mesh.save()
    with_mesh.close()
    mesh.write_bytes(b"\x89\x00\xff" * 40)
    editing, session = editing_of("night_alley", scene.parent / "sets")
    assert not editing.open(str(scene))
    assert (session.opened, editing.scene.name) == (0, "night_alley")
    assert "room.json" in session.told
    assert "rock.obj" in session.told
    assert holder_of(scene) is None
