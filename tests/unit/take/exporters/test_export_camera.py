"""chan and JSON: the camera's numbers, against the take's own."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.lens import vertical_fov
from director.camera.view import view_of
from director.math3d import compose, quaternion_from_euler
from director.take.exporters._camera import frame_cameras
from director.take.exporters._source import open_source
from director.take.stored import open_take
from director.types import CameraState, Correction, Lens
from tests.unit.take.exporters.shooting import FRAMES, NOTE, export, recorded


def turn(axis: str, degrees: float) -> NDArray[np.float64]:
    """float64[3, 3], written out here: the reader's own idea of an angle."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[i, i] = matrix[j, j] = cosine
    matrix[i, j], matrix[j, i] = -sine, sine
    return matrix


def test_chan_is_the_camera_in_the_order_zxy(take: Path, tmp_path: Path) -> None:
    (path,) = export("chan", [take], tmp_path / "camera.chan")
    rows = [[float(word) for word in line.split()] for line in path.read_text().splitlines()]
    lines = open_take(take).lines
    assert [row[0] for row in rows] == list(range(1001, 1001 + FRAMES))
    for row, line in zip(rows, lines, strict=True):
        _, *place, rx, ry, rz, fov = row
        assert place == pytest.approx(line.camera.position, abs=1e-4)
        world = turn("y", ry) @ turn("x", rx) @ turn("z", rz)
        assert np.allclose(world, compose((0, 0, 0), line.camera.orientation)[:3, :3], atol=1e-4)
        assert fov == pytest.approx(math.degrees(vertical_fov(line.camera.lens, 64 / 36)), abs=1e-4)


def test_json_tells_slate_matrices_and_lens(take: Path, tmp_path: Path) -> None:
    (path,) = export("json", [take], tmp_path / "camera.json", timecode="10:00:00:00", first_frame=1)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert told["slate"]["shot"] == "round"
    assert told["slate"]["note"] == NOTE
    assert told["slate"]["circled"] is True
    assert told["frame_rate"] == "24/1"
    assert [frame["frame"] for frame in told["frames"]] == list(range(1, FRAMES + 1))
    assert told["frames"][-1]["timecode"] == "10:00:00:09"
    stored = open_take(take)
    for frame, line in zip(told["frames"], stored.lines, strict=True):
        camera = line.camera
        view = view_of(camera, 64 / 36, stored.scene.near_m, stored.scene.far_m, None)
        assert frame["position_m"] == pytest.approx(camera.position, abs=1e-6)
        assert frame["orientation"] == pytest.approx(camera.orientation, abs=1e-6)
        assert np.allclose(frame["camera_from_world"], view.view_from_world, atol=1e-6)
        assert np.allclose(frame["projection"], view.clip_from_view, atol=1e-6)
        both = np.array(frame["camera_from_world"]) @ np.array(frame["world_from_camera"])
        assert np.allclose(both, np.eye(4), atol=1e-9)
        assert frame["lens"]["focal_length_mm"] == pytest.approx(camera.lens.focal_length_mm)
        assert frame["lens"]["picture_height_mm"] == pytest.approx(24.89 * 36 / 64)


def test_uneven_ticks_are_resampled_at_the_times_of_frames(tmp_path: Path) -> None:
    # 50 ticks a second, straight on at 1 m/s, zooming.
    cameras = [
        (0.02, i * 0.02, CameraState((i * 0.02, 1.5, 0.0), (0, 0, 0, 1), Lens(focal_length_mm=30 + i * 0.02)))
        for i in range(26)
    ]
    source = open_source(recorded(tmp_path, cameras))
    frames = frame_cameras(source)
    assert len(frames) == source.frames == 13
    for k, frame in enumerate(frames):
        assert frame.camera.position[0] == pytest.approx(k / 24, abs=1e-9)
        assert frame.scene_time_s == pytest.approx(k / 24, abs=1e-9)
        assert frame.camera.lens.focal_length_mm == pytest.approx(30 + k / 24, abs=1e-9)
        assert not frame.is_cut


def test_nothing_lies_between_the_sides_of_a_cut(tmp_path: Path) -> None:
    here, there = CameraState((0, 1, 0), (0, 0, 0, 1)), CameraState((9, 1, 0), (0, 1, 0, 0))
    cameras = [(0.03, i * 0.03, there if i >= 4 else here) for i in range(9)]
    cameras[4] = (0.03, 0.12, replace(there, is_cut=True))
    # A take may begin with a cut, which is none in its film.
    cameras[0] = (0.03, 0.0, replace(here, is_cut=True))
    frames = frame_cameras(open_source(recorded(tmp_path, cameras)))
    assert [frame.camera.position[0] for frame in frames] == [0, 0, 0, 9, 9, 9]
    assert [frame.is_cut for frame in frames] == [False, False, False, True, False, False]


def test_a_camera_that_moves_while_the_scene_is_paused_is_kept(tmp_path: Path) -> None:
    cameras = [(1 / 24, 2.0, CameraState((float(i), 1, 0), (0, 0, 0, 1))) for i in range(5)]
    frames = frame_cameras(open_source(recorded(tmp_path, cameras)))
    assert [frame.camera.position[0] for frame in frames] == pytest.approx([0, 1, 2, 3, 4])
    assert {frame.scene_time_s for frame in frames} == {2.0}


def test_shake_is_folded_into_the_camera_that_is_handed_on(tmp_path: Path) -> None:
    shaken = CameraState(
        (1, 2, 3),
        quaternion_from_euler(0.5, 0.2, 0.1),
        correction=Correction((0.1, -0.2, 0.05), quaternion_from_euler(0.05, -0.02, 0.03)),
    )
    (path,) = export("json", [recorded(tmp_path, [(1 / 24, 0, shaken)] * 2)], tmp_path / "shaken.json")
    view = view_of(shaken, 64 / 36, 0.1, 100, None)
    (frame, _) = json.loads(path.read_text(encoding="utf-8"))["frames"]
    assert np.allclose(frame["camera_from_world"], view.view_from_world, atol=1e-9)


def test_angles_in_chan_never_jump_by_a_turn(tmp_path: Path) -> None:
    cameras = [
        (1 / 24, i / 24, CameraState((0, 1, 0), quaternion_from_euler(math.radians(170 + 4 * i), 0.1, 0)))
        for i in range(8)
    ]
    (path,) = export("chan", [recorded(tmp_path, cameras)], tmp_path / "spun.chan")
    yaws = [float(line.split()[5]) for line in path.read_text().splitlines()]
    assert np.diff(yaws) == pytest.approx([4.0] * 7, abs=1e-6)
