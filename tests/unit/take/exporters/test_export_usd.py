"""OpenUSD, read back by pxr."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pxr import Usd, UsdGeom

from director.camera.lens import vertical_fov
from director.math3d import compose
from director.scene.compile import CompiledScene
from director.take.stored import open_take
from director.types import CameraState
from tests.unit.take.exporters.shooting import FRAMES, NOTE, export, recorded


@pytest.fixture(scope="module")
def path(take: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export("usd", [take], tmp_path_factory.mktemp("usd") / "сцена 1.usda", first_frame=101)[0]


def test_the_stage_is_in_metres_and_counts_the_film_s_frames(path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    assert UsdGeom.GetStageMetersPerUnit(stage) == 1.0
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    assert stage.GetTimeCodesPerSecond() == 24
    assert (stage.GetStartTimeCode(), stage.GetEndTimeCode()) == (101, 100 + FRAMES)
    about = stage.GetDefaultPrim().GetCustomDataByKey("director")
    assert about["comment"] == NOTE
    assert about["seed"] == "7"


def test_the_camera_flies_as_the_take_s_with_its_lens(take: Path, path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/take/camera"))
    for k, line in enumerate(open_take(take).lines):
        lens = line.camera.lens
        found = camera.GetCamera(101 + k)
        world = np.array(found.transform).T
        assert np.allclose(world, compose(line.camera.position, line.camera.orientation), atol=1e-4)
        # Tenths of a scene unit: of a metre, here.
        assert found.focalLength == pytest.approx(lens.focal_length_mm / 100, abs=1e-6)
        assert found.horizontalAperture == pytest.approx(0.2489, abs=1e-6)
        assert found.verticalAperture == pytest.approx(0.2489 * 36 / 64, abs=1e-6)
        assert found.focusDistance == pytest.approx(lens.focus_distance_m, abs=1e-4)
        assert found.fStop == pytest.approx(lens.f_number, abs=1e-4)
        fov = math.radians(found.GetFieldOfView(found.FOVVertical))
        assert fov == pytest.approx(vertical_fov(lens, 64 / 36), abs=1e-4)


def test_proxies_lie_where_they_are_drawn_at_any_frame(take: Path, path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    compiled = CompiledScene(open_take(take).scene)
    for k in (0, FRAMES - 1):
        cache = UsdGeom.BBoxCache(101 + k, [UsdGeom.Tokens.default_])
        box = cache.ComputeWorldBound(stage.GetPrimAtPath("/take/cart_1")).ComputeAlignedRange()
        state = compiled.at(k / 24)
        (key,) = [key for key, batch in state.batches.items() if 3 in batch.object_id]
        row = list(state.batches[key].object_id).index(3)
        points = state.meshes[key].positions @ state.batches[key].world_from_mesh[row, :3, :3].T
        points = points + state.batches[key].world_from_mesh[row, :3, 3]
        assert np.allclose(box.GetMin(), points.min(axis=0), atol=1e-4)
        assert np.allclose(box.GetMax(), points.max(axis=0), atol=1e-4)
        whole = cache.ComputeWorldBound(stage.GetDefaultPrim()).ComputeAlignedRange()
        low, high = compiled.bounds(k / 24)
        # A box about turned boxes holds them with room to spare.
        assert np.all(np.array(whole.GetMin()) <= np.array(low) + 1e-4)
        assert np.all(np.array(whole.GetMax()) >= np.array(high) - 1e-4)


def test_who_walks_moves_limb_by_limb(take: Path, path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    compiled = CompiledScene(open_take(take).scene)
    limbs = stage.GetPrimAtPath("/take/ben").GetChildren()
    assert len(limbs) > 10
    for k in (0, 4, FRAMES - 1):
        drawn = [
            matrix
            for batch in compiled.at(k / 24).batches.values()
            for matrix, object_id in zip(batch.world_from_mesh, batch.object_id, strict=True)
            if object_id == 4
        ]
        found = [np.array(UsdGeom.Xformable(limb).ComputeLocalToWorldTransform(101 + k)).T for limb in limbs]
        assert len(found) == len(drawn)
        for matrix in drawn:
            assert min(np.abs(matrix - one).max() for one in found) < 1e-4


def test_objects_have_names_and_colours(path: Path) -> None:
    stage = Usd.Stage.Open(str(path))
    cart = stage.GetPrimAtPath("/take/cart_1")
    assert cart.GetDisplayName() == "cart 1"
    assert cart.GetCustomDataByKey("director")["object_id"] == 3
    (part,) = cart.GetChildren()
    mesh = UsdGeom.Mesh(part)
    assert len(mesh.GetPointsAttr().Get()) > 0
    assert mesh.GetDisplayColorAttr().Get()[0] == pytest.approx((1.0, 0.2158605, 0.0), abs=1e-4)
    assert not UsdGeom.Xform(stage.GetPrimAtPath("/take/ground")).TransformMightBeTimeVarying()


@pytest.mark.parametrize("name", ["a.usd", "a.usdc"])
def test_other_endings_hold_the_same(name: str, take: Path, tmp_path: Path) -> None:
    (path,) = export("usd", [take], tmp_path / name)
    stage = Usd.Stage.Open(str(path))
    assert stage.GetPrimAtPath("/take/camera").IsValid()
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_what_is_before_a_cut_is_held_up_to_it(tmp_path: Path) -> None:
    here, there = CameraState((0, 1, 0), (0, 0, 0, 1)), CameraState((9, 1, 0), (0, 0, 0, 1))
    cameras = [(1 / 24, k / 24, here if k < 2 else there) for k in range(4)]
    cameras[2] = (1 / 24, 2 / 24, replace(there, is_cut=True))
    (path,) = export("usd", [recorded(tmp_path / "takes", cameras)], tmp_path / "cut.usda", first_frame=1)
    stage = Usd.Stage.Open(str(path))
    camera = UsdGeom.Camera(stage.GetPrimAtPath("/take/camera"))
    found = [camera.GetCamera(code).transform.ExtractTranslation()[0] for code in (1, 2, 2.9, 3, 4)]
    assert found == pytest.approx([0, 0, 0, 9, 9])
