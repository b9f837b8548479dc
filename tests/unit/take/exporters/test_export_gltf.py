"""glTF, read back by trimesh and by pygltflib, and by hand where both are lenient."""

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pygltflib
import pytest
import trimesh
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from director.camera.lens import vertical_fov
from director.math3d import compose
from director.scene.compile import CompiledScene
from director.take.exporters._blocking import decomposed
from director.take.stored import open_take
from director.types import CameraState
from tests.unit.take.exporters.shooting import FRAMES, export, recorded


def keys(gltf: Any, blob: bytes, node: str, path: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Times and values of a channel."""

    def array(accessor: int) -> NDArray[np.float32]:
        found = gltf.accessors[accessor]
        view = gltf.bufferViews[found.bufferView]
        wide = {"SCALAR": 1, "VEC3": 3, "VEC4": 4}[found.type]
        return np.frombuffer(blob, np.float32, found.count * wide, view.byteOffset).reshape(-1, wide)

    (animation,) = gltf.animations
    (channel,) = [
        one
        for one in animation.channels
        if gltf.nodes[one.target.node].name == node and one.target.path == path
    ]
    sampler = animation.samplers[channel.sampler]
    return array(sampler.input)[:, 0], array(sampler.output)


@pytest.fixture(scope="module")
def file(take: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export("gltf", [take], tmp_path_factory.mktemp("gltf") / "сцена 1.glb")[0]


def test_the_camera_flies_as_the_take_s(take: Path, file: Path) -> None:
    gltf = pygltflib.GLTF2().load_binary(str(file))
    lines = open_take(take).lines
    times, places = keys(gltf, gltf.binary_blob(), "camera", "translation")
    _, turns = keys(gltf, gltf.binary_blob(), "camera", "rotation")
    assert times == pytest.approx([k / 24 for k in range(FRAMES)], abs=1e-6)
    for place, turn, line in zip(places, turns, lines, strict=True):
        assert place == pytest.approx(line.camera.position, abs=1e-4)
        wanted = compose((0, 0, 0), line.camera.orientation)[:3, :3]
        assert np.allclose(Rotation.from_quat(turn).as_matrix(), wanted, atol=1e-4)


def test_the_lens_stands_in_extras_and_the_angle_in_the_camera(take: Path, file: Path) -> None:
    gltf = pygltflib.GLTF2().load_binary(str(file))
    (camera,) = gltf.cameras
    lens = open_take(take).lines[0].camera.lens
    assert camera.perspective.yfov == pytest.approx(vertical_fov(lens, 64 / 36), abs=1e-6)
    assert camera.perspective.aspectRatio == pytest.approx(64 / 36)
    assert camera.extras["focal_length_mm"] == pytest.approx([lens.focal_length_mm] * FRAMES)
    assert camera.extras["focus_distance_m"][0] == pytest.approx(lens.focus_distance_m)
    assert camera.extras["picture_height_mm"][0] == pytest.approx(24.89 * 36 / 64)


def test_proxies_lie_where_they_are_drawn(take: Path, file: Path) -> None:
    scene = trimesh.load_scene(file)
    state = CompiledScene(open_take(take).scene).at(0.0)
    drawn = np.concatenate(
        [
            state.meshes[key].positions @ matrix[:3, :3].T + matrix[:3, 3]
            for key, batch in state.batches.items()
            for matrix in batch.world_from_mesh
        ]
    )
    assert np.allclose(scene.bounds, [drawn.min(axis=0), drawn.max(axis=0)], atol=1e-4)


def test_objects_have_names_colours_and_move(take: Path, file: Path) -> None:
    gltf = pygltflib.GLTF2().load_binary(str(file))
    names = [node.name for node in gltf.nodes]
    assert {"camera", "ground", "anna", "cart 1"} <= set(names)
    cart = gltf.nodes[names.index("cart 1")]
    assert cart.extras["object_id"] == 3
    assert cart.extras["class"] == "car"
    (part,) = cart.children
    primitive = gltf.meshes[gltf.nodes[part].mesh].primitives[0]
    colour = gltf.materials[primitive.material].pbrMetallicRoughness.baseColorFactor
    assert colour == pytest.approx([1.0, 0.2158605, 0.0, 1.0], abs=1e-4)
    _, places = keys(gltf, gltf.binary_blob(), "cart 1", "translation")
    _, turns = keys(gltf, gltf.binary_blob(), "cart 1", "rotation")
    compiled = CompiledScene(open_take(take).scene)
    for k, (place, turn) in enumerate(zip(places, turns, strict=True)):
        world = compiled.at(k / 24).world_from_object[2]
        assert place == pytest.approx(world[:3, 3], abs=1e-4)
        assert np.allclose(Rotation.from_quat(turn).as_matrix(), world[:3, :3], atol=1e-4)
    moving = {gltf.nodes[one.target.node].name for one in gltf.animations[0].channels}
    assert "ground" not in moving
    # Who walks moves as a whole, and limb by limb; who stands does not.
    assert {"ben", "ben 2"} <= moving
    assert not any(name.startswith("anna") for name in moving)


def test_accessors_tell_their_bounds_and_lie_in_the_buffer(file: Path) -> None:
    gltf = pygltflib.GLTF2().load_binary(str(file))
    blob = gltf.binary_blob()
    for mesh in gltf.meshes:
        for primitive in mesh.primitives:
            found = gltf.accessors[primitive.attributes.POSITION]
            view = gltf.bufferViews[found.bufferView]
            assert view.byteOffset % 4 == 0
            points = np.frombuffer(blob, np.float32, found.count * 3, view.byteOffset).reshape(-1, 3)
            assert points.min(axis=0) == pytest.approx(found.min, abs=1e-6)
            assert points.max(axis=0) == pytest.approx(found.max, abs=1e-6)
            triangles = gltf.accessors[primitive.indices]
            view = gltf.bufferViews[triangles.bufferView]
            assert np.frombuffer(blob, np.uint32, triangles.count, view.byteOffset).max() < found.count


def test_a_gltf_file_holds_everything_itself(take: Path, tmp_path: Path) -> None:
    (path,) = export("gltf", [take], tmp_path / "a.gltf")
    assert [one.name for one in tmp_path.iterdir()] == ["a.gltf"]
    assert trimesh.load_scene(path).bounds is not None
    gltf = pygltflib.GLTF2().load_json(str(path))
    assert gltf.buffers[0].uri.startswith("data:")


def test_what_is_before_a_cut_is_held_up_to_it(tmp_path: Path) -> None:
    here, there = CameraState((0, 1, 0), (0, 0, 0, 1)), CameraState((9, 1, 0), (0, 0, 0, 1))
    cameras = [(1 / 24, k / 24, here if k < 2 else there) for k in range(4)]
    cameras[2] = (1 / 24, 2 / 24, replace(there, is_cut=True))
    (path,) = export("gltf", [recorded(tmp_path / "takes", cameras, Fraction(24))], tmp_path / "cut.glb")
    gltf = pygltflib.GLTF2().load_binary(str(path))
    times, places = keys(gltf, gltf.binary_blob(), "camera", "translation")
    assert places[:, 0] == pytest.approx([0, 0, 0, 9, 9])
    assert 1 / 24 < times[2] < times[3]
    assert times[3] == pytest.approx(2 / 24)
    # Further apart than Blender takes keys for one, and well within a frame.
    assert 0.015 / 24 < times[3] - times[2] < 0.03 / 24


def test_matrices_come_apart_into_place_turn_and_scale_also_where_they_are_flat() -> None:
    turn = (math.sin(0.4), 0.0, 0.0, math.cos(0.4))
    for scale in ((1.0, 2.0, 3.0), (2.0, 0.0, 1.0), (-1.0, 1.0, 2.0)):
        matrix = compose((1, 2, 3), turn, scale)
        places, turns, scales = decomposed(matrix[None])
        again = compose(places[0], tuple(turns[0]), scales[0])
        assert np.allclose(again, matrix, atol=1e-9)
