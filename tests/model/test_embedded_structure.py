"""The structured bank: it sticks to what it is on, fades with distance, and follows the seed."""

from collections.abc import Mapping
from typing import Any

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.camera.view import view_of
from director.math3d import look_rotation
from director.passes.gbuffer import GBuffer
from director.passes.maps.structure import CHANNELS, StructureMap, object_table
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.types import CameraState, Lens

_WIDTH, _HEIGHT = 160, 90
_PATTERNS = slice(0, CHANNELS.index("strokes"))


def _drawn(
    gl: moderngl.Context,
    at: tuple[float, float, float] = (0.0, 0.0, 0.0),
    eye: tuple[float, float, float] = (0.5, 1.2, 4.0),
    seed: int = 0,
    kind: Mapping[str, Any] | None = None,
) -> NDArray[np.uint8]:
    """uint8[h, w, 16] of one proxy at a place, seen from `eye` beside it, level and straight ahead."""
    proxy = kind or {"kind": "box", "size": [6.0, 4.0, 2.0]}
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": "one",
            "objects": [{**proxy, "class": "building", "name": "it", "position": list(at)}],
        }
    )
    state = CompiledScene(scene).at(0.0)
    place = (at[0] + eye[0], at[1] + eye[1], at[2] + eye[2])
    camera = CameraState(place, look_rotation((0.0, -0.05, -1.0)), Lens())
    view = view_of(camera, _WIDTH / _HEIGHT, 0.1, 1000.0, None)
    gbuffer = GBuffer(gl, _WIDTH, _HEIGHT)
    made = StructureMap(gl, _WIDTH, _HEIGHT)
    gbuffer.draw(state, None, view)
    made.draw(gbuffer, state, view, seed)
    bank = np.frombuffer(made.texture.read(), np.uint8).reshape(_HEIGHT, _WIDTH, len(CHANNELS)).copy()
    made.release()
    gbuffer.release()
    return bank


def test_sky_and_surfaces_are_as_where_one_program_draws_both(gl: moderngl.Context) -> None:
    wall = {"kind": "box", "class": "building", "name": "it", "size": [2.0, 1.5, 2.0]}
    scene = Scene.model_validate({"schema_version": 1, "name": "wall", "objects": [wall]})
    state = CompiledScene(scene).at(0.0)
    view = view_of(CameraState((0.5, 1.2, 5.0), (0.0, 0.0, 0.0, 1.0), Lens()), 16 / 9, 0.1, 1000.0, None)
    gbuffer, made = GBuffer(gl, _WIDTH, _HEIGHT), StructureMap(gl, _WIDTH, _HEIGHT, compiled=False)
    gbuffer.draw(state, None, view)
    ids = np.frombuffer(gbuffer.textures["object"].read(), np.uint16)
    assert 0.1 < (ids == 0).mean() < 0.9
    made.draw(gbuffer, state, view, 3)
    apart = np.frombuffer(made.texture.read(), np.uint8).copy()
    made.draw_from(gbuffer.textures, object_table(state), 3)
    together = np.frombuffer(made.texture.read(), np.uint8)
    np.testing.assert_array_equal(apart, together)
    made.release()
    gbuffer.release()


def test_it_moves_with_what_it_is_on(gl: moderngl.Context) -> None:
    here, there = _drawn(gl), _drawn(gl, at=(37.0, 3.0, -12.0))
    change = np.abs(here.astype(int) - there)[..., _PATTERNS]
    # Equal but for the rounding of larger coordinates.
    assert np.mean(change > 8) < 0.01


def test_it_stands_still_under_a_moving_camera(gl: moderngl.Context) -> None:
    # One pixel to the side on a wall 3 m away: the picture moves over by one column.
    step = 3.0 * 24.89 / 32.0 / _WIDTH
    before, after = _drawn(gl), _drawn(gl, eye=(0.5 + step, 1.2, 4.0))
    moved = np.abs(before[:, 1:].astype(int) - after[:, :-1])[..., _PATTERNS]
    stayed = np.abs(before.astype(int) - after)[..., _PATTERNS]
    assert moved.mean() < 0.25 * stayed.mean()


@pytest.mark.parametrize("name", CHANNELS[:9])
def test_every_pattern_is_there_near_by_and_fades_far_away(gl: moderngl.Context, name: str) -> None:
    channel = CHANNELS.index(name)
    near = _drawn(gl)[20:70, 40:120, channel]
    assert near.std() > 8
    wall = {"kind": "box", "size": [4000.0, 2000.0, 2.0]}
    far = _drawn(gl, eye=(0.5, 30.0, 900.0), kind=wall)[20:40, 40:120, channel].astype(int)
    assert np.abs(np.diff(far, axis=1)).mean() < 12
    assert far.std() < near.std()


def test_the_seed_moves_the_noise_and_not_the_bricks(gl: moderngl.Context) -> None:
    one, other, same = (_drawn(gl, seed=seed) for seed in (0, 1, 0))
    assert np.array_equal(one, same)
    for name in ("blotches", "leaves", "grain", "veins"):
        channel = CHANNELS.index(name)
        assert np.abs(one[..., channel].astype(int) - other[..., channel]).mean() > 4
    # A joint in one is never the middle of a brick in the other.
    assert np.mean((one[..., 0] < 30) & (other[..., 0] > 120)) < 0.002
    assert np.mean(one[..., 0] < 30) > 0.02
    for name in ("occlusion", "edge", "place_x", "place_y", "place_z"):
        channel = CHANNELS.index(name)
        assert np.array_equal(one[..., channel], other[..., channel])


def test_place_runs_over_the_box_and_edges_are_its_outline(gl: moderngl.Context) -> None:
    bank = _drawn(gl, eye=(0.0, 2.0, 9.0))
    on_box = bank[..., CHANNELS.index("occlusion")] > 0
    x = bank[45, :, CHANNELS.index("place_x")].astype(int)
    inside = np.flatnonzero(bank[45, :, CHANNELS.index("place_y")] > 0)
    assert on_box.any()
    assert x[inside[2]] < 20
    assert x[inside[-3]] > 235
    assert np.all(np.diff(x[inside[2:-2]]) >= 0)
    line = bank[45, :, CHANNELS.index("edge")]
    assert line[inside[0] - 1 : inside[0] + 2].max() == 255
    assert line[70:90].max() == 0
