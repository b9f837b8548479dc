"""Bringing mesh files in: what they leave unsaid is asked, and paths are right wherever it is saved."""

import importlib
from pathlib import Path
from typing import Any

import pytest

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit import History, ImportMesh, Move, OpenScene, Rename, Scale, inspect_mesh
from director.scene.edit.journal import journal_path
from director.scene.edit.recovery import read_journal
from director.scene.load import load_scene, save_scene

trimesh: Any = importlib.import_module("trimesh")


def exported(path: Path, size: tuple[float, float, float]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    trimesh.creation.box(size).export(path)
    return path


def test_gltf_of_a_usual_size_leaves_nothing_open(tmp_path: Path) -> None:
    found = inspect_mesh(exported(tmp_path / "chair.glb", (0.5, 1, 0.5)))
    assert found.questions == ()
    assert (found.unit, found.scale, found.up) == ("m", 1, "y")
    assert found.triangles == 12


def test_gltf_of_an_odd_size_is_asked_about(tmp_path: Path) -> None:
    found = inspect_mesh(exported(tmp_path / "chair.glb", (50, 100, 50)))
    assert len(found.questions) == 1
    assert "really in cm" in found.questions[0]
    assert found.unit == "m", "the standard's word stands until somebody says otherwise"


@pytest.mark.parametrize(("height", "unit"), [(1.8, "m"), (180, "cm"), (1800, "mm"), (0.9, "m"), (9, "m")])
@pytest.mark.parametrize("kind", ["obj", "ply", "stl"])
def test_units_are_guessed_by_size(tmp_path: Path, height: float, unit: str, kind: str) -> None:
    found = inspect_mesh(exported(tmp_path / f"man.{kind}", (height / 4, height, height / 5)))
    assert found.unit == unit
    assert any("unit" in question for question in found.questions)
    assert max(found.size_m(found.unit, found.up)) == pytest.approx(height * found.scale)


@pytest.mark.parametrize("up", ["y", "z"])
def test_up_is_where_it_can_stand(tmp_path: Path, up: str) -> None:
    cone = trimesh.creation.cone(radius=0.5, height=2)  # its base lies in z
    if up == "y":
        cone.apply_transform(trimesh.transformations.rotation_matrix(-1.5707963267948966, (1, 0, 0)))
    cone.export(tmp_path / "cone.obj")
    found = inspect_mesh(tmp_path / "cone.obj")
    assert found.up == up
    assert not any("up" in question for question in found.questions)
    assert found.size_m("m", found.up)[1] == pytest.approx(2, abs=1e-3)


def test_what_cannot_be_read_is_refused(tmp_path: Path, yard: Scene) -> None:
    (tmp_path / "no.obj").write_text("hello")
    for name in ("no.obj", "none.glb", "no.txt"):
        with pytest.raises(SceneError):
            inspect_mesh(tmp_path / name)
        with pytest.raises(SceneError) as caught:
            ImportMesh(tmp_path / name).apply(yard)
        assert caught.value.field == "objects[5].path"


def test_imports_and_edits_and_saves_it_with_its_path(tmp_path: Path, yard: Scene) -> None:
    mesh = exported(tmp_path / "meshes" / "tea pot.ply", (20, 20, 30))
    sets = tmp_path / "sets"
    sets.mkdir()
    edit = ImportMesh(mesh, (1, 0, 0), scale=0.01, up="z", folder=sets)
    assert edit.label == "Import tea pot.ply"
    history = History(edit.apply(yard))
    assert history.scene.objects[-1].model_dump()["path"] == "../meshes/tea pot.ply"
    assert history.scene.objects[-1].size_m == pytest.approx((0.2, 0.3, 0.2))
    for step in (Move(("tea pot",), (0, 1, 0)), Rename("tea pot", "pot"), Scale(("pot",), (2, 2, 2))):
        history.do(step)
    assert history.scene.objects[-1].size_m == pytest.approx((0.4, 0.6, 0.4))
    save_scene(history.scene, sets / "yard.json")
    save_scene(history.scene, tmp_path / "elsewhere" / "deep" / "yard.json")
    assert load_scene(sets / "yard.json") == history.scene
    deep = load_scene(tmp_path / "elsewhere" / "deep" / "yard.json").objects[-1]
    assert deep.size_m == pytest.approx((0.4, 0.6, 0.4))


def test_a_scene_without_a_file_saves_and_recovers_what_it_imported(tmp_path: Path, yard: Scene) -> None:
    mesh = exported(tmp_path / "meshes" / "box.obj", (1, 1, 1))
    opened = OpenScene.new(yard, tmp_path / "sets")
    opened.do(Move(("anna",), (1, 0, 0)))
    opened.do(ImportMesh(mesh))
    opened.do(ImportMesh(mesh))
    assert [it.name for it in opened.scene.objects[-2:]] == ["box", "box 2"]
    found = read_journal(journal_path(opened.path))
    assert found.scene is not None
    assert found.scene.objects[-1].size_m == pytest.approx((1, 1, 1))
    opened.save_as(tmp_path / "other" / "yard.json")
    opened.close()
    assert load_scene(tmp_path / "other" / "yard.json").objects[-1].size_m == pytest.approx((1, 1, 1))
