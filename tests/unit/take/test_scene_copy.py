"""A take's scene stands by itself: moved elsewhere, with its sources gone, it compiles to the same meshes."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import trimesh

from director.errors import RecordingError
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, parse_scene
from director.take.folder import read_json
from director.take.recorder import Plan, Recorder
from director.take.scene_copy import SceneCopy, plan_copy


@pytest.mark.parametrize("name", ["night_alley", "living_room", "desert_road"])
def test_a_shipped_scene_comes_back_from_a_take(name: str, tmp_path: Path) -> None:
    scene = load_scene(name)
    recorder = Recorder(Plan(tmp_path, scene, "still", 64, 36), waits=True)
    take = recorder.stop()
    document = read_json(take.folder / "take.json")
    again = parse_scene(json.dumps(document["scene"]), file="take.json", folder=take.folder)
    assert again.model_dump() == scene.model_dump()


@pytest.mark.parametrize("suffix", [".glb", ".gltf", ".ply"])
def test_mesh_files_come_along(suffix: str, tmp_path: Path) -> None:
    source = tmp_path / "set"
    (source / "models").mkdir(parents=True)
    shape = trimesh.creation.icosphere(subdivisions=2)
    shape.export(source / "models" / f"ball{suffix}")
    raw = {
        "schema_version": 1,
        "name": "mesh",
        "objects": [
            {"kind": "mesh", "name": f"ball {i}", "class": "sculpture", "path": f"models/ball{suffix}"}
            for i in range(2)
        ],
    }
    (source / "scene.json").write_text(json.dumps(raw))
    scene = load_scene(source / "scene.json")
    before = CompiledScene(scene).at(0.0)
    take = tmp_path / "takes" / "T001"
    take.mkdir(parents=True)
    copy = plan_copy(scene, take)
    copy.write(take)
    shutil.rmtree(source)
    moved = tmp_path / "elsewhere"
    take.rename(moved)
    again = parse_scene(json.dumps(copy.document), file="take.json", folder=moved)
    after = CompiledScene(again).at(0.0)
    assert len(copy.files) == 1
    (one,), (two,) = before.meshes.values(), after.meshes.values()
    assert np.array_equal(one.positions, two.positions)
    assert np.array_equal(one.triangles, two.triangles)


@pytest.mark.parametrize("images", [None, [7], [{"uri": None}]])
def test_a_gltf_of_the_wrong_form_is_told(images: object, tmp_path: Path) -> None:
    (tmp_path / "ball.gltf").write_text(json.dumps({"asset": {"version": "2.0"}, "images": images}))
    copy = SceneCopy({}, {"meshes/ball.gltf": tmp_path / "ball.gltf"})
    with pytest.raises(RecordingError, match=r"ball\.gltf: cannot be copied"):
        copy.write(tmp_path / "take")


def test_a_mesh_that_is_gone_is_told(tmp_path: Path) -> None:
    trimesh.creation.box().export(tmp_path / "box.ply")
    raw = {
        "schema_version": 1,
        "name": "mesh",
        "objects": [{"kind": "mesh", "name": "b", "class": "box", "path": "box.ply"}],
    }
    scene = parse_scene(json.dumps(raw), file="scene.json", folder=tmp_path)
    (tmp_path / "box.ply").unlink()
    with pytest.raises(RecordingError, match=r"box\.ply: cannot be copied"):
        plan_copy(scene, tmp_path / "take").write(tmp_path / "take")
