"""Mesh files: read, centred, smoothed, or refused in a line."""

import importlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.errors import SceneError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import load_scene, save_scene

# Typed in part only: as a module of any it is called without casts.
trimesh: Any = importlib.import_module("trimesh")


def scene_with(folder: Path, **fields: Any) -> Scene:
    raw = {"kind": "mesh", "name": "thing", "class": "sculpture", **fields}
    (folder / "scene.json").write_text(json.dumps({"schema_version": 1, "name": "one", "objects": [raw]}))
    return load_scene(folder / "scene.json")


@pytest.mark.parametrize("kind", ["glb", "gltf", "obj", "ply", "stl", "off"])
def test_reads_what_trimesh_writes(tmp_path: Path, kind: str) -> None:
    shape = trimesh.creation.box((1, 2, 4))
    shape.apply_translation((10, 20, 30))
    if kind == "gltf":
        for name, data in trimesh.exchange.gltf.export_gltf(shape.scene()).items():
            (tmp_path / ("thing.gltf" if name == "model.gltf" else name)).write_bytes(data)
    else:
        shape.export(tmp_path / f"thing.{kind}")
    proxy = scene_with(tmp_path, path=f"thing.{kind}").objects[0]
    assert proxy.size_m == pytest.approx((1, 2, 4))
    (part,) = proxy.parts()
    assert part.mesh.positions.min(axis=0) == pytest.approx((-0.5, 0, -2), abs=1e-5)
    # A cube's edges are hard, whatever the file says of its normals: three normals at a corner.
    assert len(part.mesh.positions) == 24
    assert np.abs(part.mesh.normals).max(axis=1) == pytest.approx(np.ones(24))


def test_what_is_flat_has_no_height_to_scale(tmp_path: Path) -> None:
    (tmp_path / "sheet.obj").write_text("v 0 0 0\nv 1 0 0\nv 1 0 1\nf 3 2 1\n")
    assert scene_with(tmp_path, path="sheet.obj", scale=2.0).objects[0].size_m == pytest.approx((2, 0, 2))
    with pytest.raises(SceneError, match=r"objects\[0\]\.height_m: sheet\.obj is flat"):
        scene_with(tmp_path, path="sheet.obj", height_m=2.0)


def test_a_scene_on_another_drive_names_its_mesh_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: object, start: object) -> str:
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    trimesh.creation.box().export(tmp_path / "box.ply")
    proxy = scene_with(tmp_path, path="box.ply").objects[0]
    monkeypatch.setattr("os.path.relpath", refuse)
    assert proxy.references_from(tmp_path / "take") == {"path": (tmp_path / "box.ply").resolve().as_posix()}


def test_a_ball_is_smooth(tmp_path: Path) -> None:
    trimesh.creation.icosphere(subdivisions=3, radius=2).export(tmp_path / "ball.ply")
    (part,) = scene_with(tmp_path, path="ball.ply").objects[0].parts()
    assert len(part.mesh.positions) < 700
    outward = (part.mesh.positions - [0, 2, 0]) / 2
    assert (outward * part.mesh.normals).sum(axis=1).min() > 0.99


def test_nodes_are_placed_and_mirrors_turned_out(tmp_path: Path) -> None:
    scene = trimesh.Scene()
    box = trimesh.creation.box((1, 1, 1))
    mirror = np.diag([-1.0, 1, 1, 1])
    mirror[0, 3] = 5
    scene.add_geometry(box, geom_name="box", node_name="one")
    scene.graph.update("two", matrix=mirror, geometry="box")
    scene.export(tmp_path / "two.glb")
    (part,) = scene_with(tmp_path, path="two.glb").objects[0].parts()
    corner = part.mesh.positions[part.mesh.triangles].astype(np.float64)
    assert np.ptp(part.mesh.positions[:, 0]) == pytest.approx(6)
    volume = (corner[:, 0] * np.cross(corner[:, 1], corner[:, 2])).sum() / 6
    assert volume == pytest.approx(2)


def test_scales_and_stands_up(tmp_path: Path) -> None:
    trimesh.creation.box((1, 2, 4)).export(tmp_path / "thing.stl")
    assert scene_with(tmp_path, path="thing.stl", height_m=1).objects[0].size_m == pytest.approx((0.5, 1, 2))
    assert scene_with(tmp_path, path="thing.stl", scale=3).objects[0].size_m == pytest.approx((3, 6, 12))
    assert scene_with(tmp_path, path="thing.stl", up="z").objects[0].size_m == pytest.approx((1, 4, 2))


def test_a_saved_scene_finds_its_mesh_again(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    trimesh.creation.box((1, 1, 1)).export(tmp_path / "models" / "thing.obj")
    scene = scene_with(tmp_path, path="models/thing.obj")
    save_scene(scene, tmp_path / "elsewhere" / "deeper" / "copy.json")
    again = load_scene(tmp_path / "elsewhere" / "deeper" / "copy.json")
    assert CompiledScene(again).at(0).objects == CompiledScene(scene).at(0).objects


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    trimesh.creation.box((1, 1, 1)).export(tmp_path / "thing.obj")
    assert scene_with(tmp_path, path="thing.obj").objects[0].size_m[0] == pytest.approx(1)
    trimesh.creation.box((2.25, 1, 1)).export(tmp_path / "thing.obj")
    assert scene_with(tmp_path, path="thing.obj").objects[0].size_m[0] == pytest.approx(2.25)


BROKEN: dict[str, tuple[bytes, str]] = {
    "words.obj": (b"hello there\nf 1 2 3\n", "cannot be read|no triangles|not there"),
    "empty.obj": (b"", "cannot be read|no triangles"),
    "points.obj": (b"v 0 0 0\nv 1 0 0\n", "cannot be read|no triangles"),
    "outside.obj": (b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 9\n", "cannot be read|not there"),
    "nan.obj": (b"v 0 0 0\nv nan 0 0\nv 0 1 0\nf 1 2 3\n", "cannot be read|finite"),
    "point.obj": (b"v 1 1 1\nv 1 1 1\nv 1 1 1\nf 1 2 3\n", "no extent|no triangles"),
    "cut.glb": (b"glTF\x02\x00\x00\x00\xff\xff\x00\x00", "cannot be read"),
    "words.gltf": (b"{not json", "cannot be read"),
    "odd.gltf": (
        b'{"asset": {"version": "2.0"}, "buffers": 3, "scenes": [{"nodes": [7]}]}',
        "cannot be read",
    ),
    "cut.ply": (
        b"ply\nformat ascii 1.0\nelement vertex 99\nproperty float x\nend_header\n1\n",
        "cannot be read",
    ),
    "bytes.stl": (bytes(range(200)), "cannot be read|no triangles"),
    "thing.fbx": (b"Kaydara", ".glb, .gltf, .obj"),
    "thing": (b"", ".glb, .gltf, .obj"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_refuses_broken_files(tmp_path: Path, name: str) -> None:
    data, problem = BROKEN[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SceneError, match=problem) as caught:
        scene_with(tmp_path, path=name)
    assert caught.value.field == "objects[0].path"
    assert str(tmp_path / "scene.json") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.mend


def test_refuses_what_is_missing_or_huge_unread(tmp_path: Path) -> None:
    with pytest.raises(SceneError, match="there is no mesh file"):
        scene_with(tmp_path, path="absent.obj")
    (tmp_path / "folder.obj").mkdir()
    with pytest.raises(SceneError, match="not a file"):
        scene_with(tmp_path, path="folder.obj")
    for name in ("huge.obj", "buffer.bin"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(2 * 2**30)
    with pytest.raises(SceneError, match=r"2048 MB; the most is 512 MB.*decimate"):
        scene_with(tmp_path, path="huge.obj")
    (tmp_path / "small.gltf").write_text('{"asset": {"version": "2.0"}, "buffers": [{"uri": "buffer.bin"}]}')
    with pytest.raises(SceneError, match=r"buffer\.bin is 2048 MB"):
        scene_with(tmp_path, path="small.gltf")
