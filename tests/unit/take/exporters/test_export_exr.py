"""OpenEXR, read back by OpenEXR, against what the take's camera sees."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import pytest

from director.camera.view import view_of
from director.take.stored import open_take
from tests.unit.take.exporters.shooting import FRAMES, SIZE, export


@pytest.fixture(scope="module")
def files(take: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    (folder,) = export("exr", [take], tmp_path_factory.mktemp("exr") / "кадры", timecode="01:02:03:04")
    return sorted(folder.iterdir())


def read(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and channels, each by its own name."""
    file = OpenEXR.File(str(path), separate_channels=True)
    return file.header(), {name: channel.pixels for name, channel in file.channels().items()}


def test_layers_have_their_types(files: list[Path]) -> None:
    assert [path.name for path in files] == [
        f"the-room_round_T001.{number}.exr" for number in range(1001, 1001 + FRAMES)
    ]
    _, layers = read(files[0])
    types = {name: pixels.dtype.name for name, pixels in layers.items()}
    assert types == {
        **dict.fromkeys(("R", "G", "B", "N.X", "N.Y", "N.Z", "motion.X", "motion.Y"), "float16"),
        "Z": "float32",
        "id": "uint32",
    }
    assert {pixels.shape for pixels in layers.values()} == {(SIZE[1], SIZE[0])}


def test_rgb_is_the_picture_in_linear_light(take: Path, files: list[Path]) -> None:
    for path, picture in zip(files, open_take(take).pictures(), strict=True):
        _, layers = read(path)
        linear = np.stack([layers[name] for name in "RGB"], axis=-1).astype(np.float64)
        back = np.where(
            linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055
        )
        assert np.abs(back * 255 - picture).max() < 0.5


def test_ids_are_named_and_depth_is_where_they_are(take: Path, files: list[Path]) -> None:
    header, layers = read(files[0])
    names = json.loads(header["objectManifest"])
    assert names == {"1": "ground", "2": "anna", "3": "cart 1", "4": "ben"}
    seen = set(np.unique(layers["id"]).tolist())
    assert {1, 2} <= seen <= {0, 1, 2, 3, 4}
    assert np.isinf(layers["Z"][layers["id"] == 0]).all()
    # The ground is y = 0: every pixel of it, carried back by depth and camera, must lie there.
    stored = open_take(take)
    camera = stored.lines[0].camera
    view = view_of(camera, SIZE[0] / SIZE[1], stored.scene.near_m, stored.scene.far_m, None)
    rows, columns = np.nonzero(layers["id"] == 1)
    z = layers["Z"][rows, columns].astype(np.float64)
    x = ((columns + 0.5) / SIZE[0] * 2 - 1) / view.clip_from_view[0, 0] * z
    y = (1 - (rows + 0.5) / SIZE[1] * 2) / view.clip_from_view[1, 1] * z
    eye = np.stack([x, y, -z, np.ones_like(z)])
    world_from_camera = np.linalg.inv(np.array(header["worldToCamera"], np.float64).T)
    assert np.abs((world_from_camera @ eye)[1]).max() < 1e-3
    normal = np.stack([layers[f"N.{axis}"][rows, columns] for axis in "XYZ"], axis=-1)
    assert np.allclose(normal, [0, 1, 0], atol=1e-3)


def test_motion_leads_back_to_the_frame_before(take: Path, files: list[Path]) -> None:
    _, first = read(files[0])
    assert not np.any(first["motion.X"])
    header, layers = read(files[5])
    before, _ = read(files[4])
    rows, columns = np.nonzero(layers["id"] == 1)
    stored = open_take(take)
    view = view_of(stored.lines[5].camera, SIZE[0] / SIZE[1], 0.1, 100, None)
    z = layers["Z"][rows, columns].astype(np.float64)
    scale = np.array([view.clip_from_view[0, 0], view.clip_from_view[1, 1]])
    u, v = columns + 0.5, rows + 0.5
    eye = np.stack(
        [(u / SIZE[0] * 2 - 1) / scale[0] * z, (1 - v / SIZE[1] * 2) / scale[1] * z, -z, z * 0 + 1]
    )
    old = np.array(before["worldToCamera"]).T @ np.linalg.inv(np.array(header["worldToCamera"]).T) @ eye
    u_old = (old[0] / -old[2] * scale[0] + 1) / 2 * SIZE[0]
    v_old = (1 - old[1] / -old[2] * scale[1]) / 2 * SIZE[1]
    assert np.allclose(layers["motion.X"][rows, columns], u - u_old, atol=0.05)
    assert np.allclose(layers["motion.Y"][rows, columns], v - v_old, atol=0.05)
    assert np.abs(u - u_old).max() > 0.05


def test_the_header_tells_camera_lens_and_slate(take: Path, files: list[Path]) -> None:
    for path, line in zip(files, open_take(take).lines, strict=True):
        header, _ = read(path)
        view = view_of(line.camera, SIZE[0] / SIZE[1], 0.1, 100, None)
        assert np.allclose(np.array(header["worldToCamera"]).T, view.view_from_world, atol=1e-4)
        assert header["effectiveFocalLength"] == pytest.approx(line.camera.lens.focal_length_mm, abs=1e-4)
        assert header["focus"] == pytest.approx(line.camera.lens.focus_distance_m, abs=1e-4)
        assert header["aperture"] == pytest.approx(line.camera.lens.f_number, abs=1e-4)
        assert header["sensorOverallDimensions"] == pytest.approx([24.89, 24.89 * 36 / 64], abs=1e-4)
        assert header["chromaticities"][:2] == pytest.approx((0.64, 0.33))
        assert header["director.shot"] == "round"
        assert Fraction(header["framesPerSecond"]) == 24
    assert header["imageCounter"] == 1000 + FRAMES
    assert header["director.timecode"] == "01:02:03:13"
    assert header["reelName"] == "ROUND001"
