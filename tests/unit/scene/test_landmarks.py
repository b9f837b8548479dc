"""Landmarks of posed mannequins, boxes of everything, and shots of them in their poses."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.camera.setups.fit import projected
from director.camera.setups.phrase import shot_from
from director.camera.setups.shot import Picture
from director.camera.setups.sizes import ANGLES, SIZES
from director.camera.setups.solve import solve
from director.camera.setups.suggest import suggest
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.landmarks import blocking_at, box_of, landmarks
from director.scene.load import load_scene, parse_scene

POSES = ("stand", "sit", "walk", "lean", "point")


def compiled(*objects: dict[str, Any]) -> CompiledScene:
    raw = {"schema_version": 1, "name": "yard", "objects": list(objects)}
    return CompiledScene(parse_scene(json.dumps(raw), file="yard.json", folder=Path()))


def figure(name: str, pose: str = "stand", **fields: Any) -> dict[str, Any]:
    return {"kind": "mannequin", "name": name, "class": "person", "pose": pose, **fields}


@pytest.fixture(scope="module")
def poses() -> CompiledScene:
    return compiled(
        *(figure(pose, pose, position=[4 * i, 0, 0], rotation_deg=[30, 0, 0]) for i, pose in enumerate(POSES))
    )


def test_a_standing_figure_has_the_proportions_of_the_canon() -> None:
    body = landmarks(compiled(figure("anna", height_m=1.8)), "anna", 0.0)
    heights = [
        getattr(body, name)[1] / 1.8
        for name in ("top_of_head", "eyes", "chin", "chest", "waist", "hips", "mid_thigh", "knees", "ankles")
    ]
    assert heights == sorted(heights, reverse=True)
    assert heights == pytest.approx([1.0, 0.93, 0.866, 0.72, 0.61, 0.515, 0.40, 0.28, 0.046], abs=0.02)
    assert body.ground[1] == pytest.approx(0, abs=1e-3)
    assert body.gaze == pytest.approx((0, 0, 1), abs=1e-6)
    # Its left is +X.
    assert body.shoulder_left[0] > 0.2
    assert body.shoulder_right[0] == pytest.approx(-body.shoulder_left[0], abs=1e-4)


def test_landmarks_follow_the_pose_the_heading_and_the_walk() -> None:
    keys = [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 4, "position": [0, 0, 6]}]
    scene = compiled(
        figure("sat", "sit", position=[3, 0.5, 0], rotation_deg=[90, 0, 0], seat_m=0.5),
        figure("walker", "walk", interpolation="linear", keys=keys),
    )
    sat = landmarks(scene, "sat", 0.0)
    assert sat.heading == pytest.approx(math.pi / 2, abs=1e-5)
    assert sat.knees[0] > sat.hips[0] + 0.3
    assert sat.ground[1] == pytest.approx(0.5, abs=0.01)
    assert 0.95 < sat.hips[1] < 1.15
    one, other = (landmarks(scene, "walker", time_s) for time_s in (1.0, 3.0))
    assert other.eyes[2] - one.eyes[2] == pytest.approx(3, abs=0.05)
    assert one.outline != other.outline


def test_every_vertex_of_a_figure_is_near_its_box(poses: CompiledScene) -> None:
    state = poses.at(0.0)
    for index, thing in enumerate(state.objects):
        box = box_of(poses, thing.name, 0.0)
        for key, batch in state.batches.items():
            for row in np.flatnonzero(batch.object_id == index + 1):
                matrix = batch.world_from_mesh[row]
                world = state.meshes[key].positions @ matrix[:3, :3].T + matrix[:3, 3]
                own = (world - box.centre) @ np.asarray(box.axes).T
                assert (np.abs(own) <= np.asarray(box.size_m) / 2 + 0.14).all()


def test_things_have_their_boxes_and_hidden_ones_none() -> None:
    crate = {"kind": "box", "name": "crate", "class": "box", "size": [1, 2, 3]}
    scene = compiled({**crate, "position": [5, 0, 1], "rotation_deg": [90, 0, 0]})
    box = box_of(scene, "crate", 0.0)
    assert box.size_m == pytest.approx((1, 2, 3))
    assert box.centre == pytest.approx((5, 1, 1))
    assert box.heading == pytest.approx(math.pi / 2, abs=1e-6)
    spread = np.ptp(np.array(box.corners()), axis=0)
    assert spread == pytest.approx((3, 2, 1), abs=1e-5)
    body = landmarks(scene, "crate", 0.0)
    assert body.top_of_head == pytest.approx((5, 2, 1))
    assert body.gaze == pytest.approx((1, 0, 0), abs=1e-6)
    blocking = blocking_at(scene, 0.0)
    assert blocking.names == ("crate",)
    assert blocking.obstacles.holding((6.4, 1, 1), 0.0) == "crate"
    assert blocking.obstacles.holding((5, 1, 2), 0.0) is None
    with pytest.raises(UsageError, match="no object named 'box'"):
        landmarks(scene, "box", 0.0)


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("size", SIZES)
def test_every_size_from_every_angle_shows_the_figure_in_its_pose(
    poses: CompiledScene, size: str, pose: str
) -> None:
    blocking, picture = blocking_at(poses, 0.0), Picture()
    for angle in ANGLES:
        framing = solve(shot_from(f"{size} of {pose}, {angle}", blocking.names), blocking, picture)
        camera, body = framing.camera, blocking.bodies[pose]
        points = [point for name in SIZES[size].landmarks for point in body.points(name)]
        tangents = picture.tangents(camera.lens.focal_length_mm)
        seen = projected(points, camera.position, camera.orientation, tangents)
        top, bottom = 1 - 2 * SIZES[size].headroom, 2 * SIZES[size].footroom - 1
        assert seen[:, 2].min() > 0
        assert np.abs(seen[:, 0]).max() < 1
        assert seen[:, 1].max() <= top + 1e-6
        assert seen[:, 1].min() >= bottom - 1e-6
        if framing.bound_by == "height":
            assert np.ptp(seen[:, 1]) == pytest.approx(top - bottom, abs=1e-6)
        if angle == "eye level":
            assert framing.bound_by == "height"
        assert camera.position[1] > 0.1


@pytest.mark.parametrize("scene", ["night_alley", "living_room", "desert_road"])
def test_the_shipped_scenes_have_their_shots(scene: str) -> None:
    blocking = blocking_at(CompiledScene(load_scene(scene)), 2.0)
    found = suggest(blocking)
    assert 8 <= len(found) <= 12
    assert len({made.phrase for made in found}) == len(found)
    for made in found:
        assert shot_from(made.phrase, blocking.names) == made.shot
