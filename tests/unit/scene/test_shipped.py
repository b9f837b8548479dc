"""The shipped sets: enough in them, every class known, and moves that a camera operator would shoot."""

import math
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from director.camera.view import view_of
from director.math3d import transform_point
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names

ASPECT = 16 / 9
SHOTS = [(name, move.name) for name in scene_names() for move in load_scene(name).moves]
# The camera's body: nothing comes nearer to the lens than this.
_CLEARANCE_M = 0.25


@cache
def compiled(name: str) -> CompiledScene:
    return CompiledScene(load_scene(name))


@pytest.mark.parametrize("name", scene_names())
def test_a_set_gives_a_generator_much_to_draw(name: str) -> None:
    scene = load_scene(name)
    assert 60 <= len(scene.objects) <= 150
    assert scene.prompt
    assert len({proxy.class_name for proxy in scene.objects}) >= 15
    prompted = [proxy for proxy in scene.objects if proxy.prompt]
    assert len(prompted) >= 0.9 * len(scene.objects)
    assert len({proxy.prompt for proxy in prompted}) >= 30
    people = [proxy for proxy in scene.objects if proxy.kind == "mannequin"]
    assert len(people) >= 2
    assert any(proxy.keys and proxy.walks for proxy in people)
    assert sum(proxy.light is not None for proxy in scene.objects) >= 3


@pytest.mark.parametrize("name", scene_names())
def test_a_set_has_the_four_moves(name: str) -> None:
    moves = {move.name: move for move in load_scene(name).moves}
    for kind in ("dolly-in", "orbit", "crane-up", "follow"):
        assert moves[kind].kind == kind
        assert moves[kind].duration_s == 6


def test_sets_have_what_they_are_named_after() -> None:
    kinds = {name: {proxy.class_name for proxy in load_scene(name).objects} for name in scene_names()}
    assert {"building", "stairs", "signboard", "water", "streetlight", "car"} <= kinds["night_alley"]
    assert {"sofa", "windowpane", "bookcase", "armchair", "curtain", "lamp"} <= kinds["living_room"]
    assert {"road", "mountain", "car", "pole", "plant", "rock"} <= kinds["desert_road"]


@pytest.mark.parametrize(("name", "move_name"), SHOTS)
def test_the_camera_never_touches_anything(name: str, move_name: str) -> None:
    scene = compiled(name)
    move = scene.move(move_name)
    for time_s in np.linspace(0, move.duration_s, 49):
        state = scene.at(float(time_s))
        at = np.array(move.camera_at(float(time_s), scene.locate).position)
        for key, batch in state.batches.items():
            positions = state.meshes[key].positions
            low, high = positions.min(axis=0), positions.max(axis=0)
            world = batch.world_from_mesh.astype(np.float64)
            scale = np.linalg.norm(world[:, :3, :3], axis=1)
            # The camera in each instance's own box, and how far outside it is, in metres.
            local = np.linalg.solve(world[:, :3, :3], (at - world[:, :3, 3])[:, :, None])[:, :, 0]
            outside = np.maximum(np.maximum(low - local, local - high), 0) * scale
            nearest = int(np.linalg.norm(outside, axis=1).argmin())
            owner = state.objects[batch.object_id[nearest] - 1].name
            assert np.linalg.norm(outside[nearest]) > _CLEARANCE_M, f"{owner} at {time_s:.2f} s"


@pytest.mark.parametrize(("name", "move_name"), SHOTS)
def test_the_move_moves_and_keeps_its_subject_in_frame(name: str, move_name: str) -> None:
    scene = compiled(name)
    move = scene.move(move_name)
    cameras = [move.camera_at(float(time_s), scene.locate) for time_s in np.linspace(0, 6, 25)]
    travel = sum(math.dist(a.position, b.position) for a, b in pairwise(cameras))
    assert travel > 1.5 or move.kind == "hold"
    for time_s, camera in zip(np.linspace(0, 6, 25), cameras, strict=True):
        view = view_of(camera, ASPECT, scene.scene.near_m, scene.scene.far_m, None)
        for subject in move.object_names:
            base, _ = scene.locate(subject, float(time_s))
            x, y, depth = transform_point(view.view_from_world, (base[0], base[1] + 1.0, base[2]))
            clip = view.clip_from_view
            assert depth < 0, f"{subject} is behind the camera at {time_s:.2f} s"
            assert abs(clip[0, 0] * x / depth) < 0.85, f"{subject} leaves the frame at {time_s:.2f} s"
            assert abs(clip[1, 1] * y / depth) < 0.85


@pytest.mark.parametrize("name", scene_names())
def test_far_holds_the_set_and_near_leaves_room(name: str) -> None:
    scene = compiled(name)
    assert scene.scene.near_m <= 1.0
    assert 20 <= scene.scene.far_m <= 500
