"""Cloth that is hung anew each tick: drawn as if for the first time, and nothing is laid out again for it."""

from typing import Any

import moderngl
import numpy as np

from director.camera.view import view_of
from director.passes.finished import FinishedPasses
from director.passes.geometry import Geometry
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FinishedScene
from director.scene.state import SceneState
from director.types import Direction
from tests.golden.blocking_sets import camera

_SIZE = (144, 108)
_NAMES = frozenset({"depth", "object", "normal", "anchor", "shadow"})
_KEYS = [{"time_s": 0, "position": [-1.2, 0.0, 1.0]}, {"time_s": 4, "position": [2.4, 0.0, 1.0]}]
_OBJECTS: tuple[dict[str, Any], ...] = (
    {"kind": "plane", "class": "floor", "name": "ground", "size": [30.0, 30.0]},
    {"kind": "mannequin", "class": "person", "name": "walker", "pose": "walk", "keys": _KEYS,
     "interpolation": "linear", "prompt": "woman in a long red dress"},
    {"kind": "mannequin", "class": "person", "name": "other", "position": [0.5, 0.0, 0.0], "pose": "sit",
     "prompt": "woman in a skirt"},
)  # fmt: skip


def _made() -> tuple[CompiledScene, FinishedScene]:
    scene = {"schema_version": 1, "name": "few", "objects": list(_OBJECTS)}
    compiled = CompiledScene(Scene.model_validate(scene))
    return compiled, FinishedScene(compiled)


def _drawn(passes: FinishedPasses, state: SceneState) -> dict[str, np.ndarray[Any, Any]]:
    view = view_of(camera((0.6, 1.4, 4.5), 0.05, -0.1), _SIZE[0] / _SIZE[1], 0.1, 100.0, None)
    passes.draw(state, view, Direction())
    textures = passes.gbuffer.textures | {name: drawn.texture for name, drawn in passes.demanded.items()}
    kinds = {"f1": np.uint8, "f2": np.float16, "f4": np.float32, "u2": np.uint16}
    return {
        name: np.frombuffer(texture.read(), kinds[texture.dtype]).reshape(_SIZE[1], _SIZE[0], -1)
        for name, texture in textures.items()
    }


def test_cloth_that_moved_is_drawn_as_if_for_the_first_time(gl: moderngl.Context) -> None:
    compiled, made = _made()
    kept, fresh = Geometry(gl, is_rigid=True), Geometry(gl, is_rigid=True)
    passes, anew = (FinishedPasses(gl, *_SIZE, _NAMES, each) for each in (kept, fresh))
    first = _drawn(passes, made.at(compiled.at(0.5)))
    assert kept.layout == 1
    then = _drawn(passes, made.at(compiled.at(0.8)))
    # Nothing was laid out again for it.
    assert kept.layout == 1
    alone = _drawn(anew, made.at(compiled.at(0.8)))
    for name in then:
        np.testing.assert_array_equal(then[name], alone[name], err_msg=name)
    assert not np.array_equal(then["depth"], first["depth"])
    for each in (passes, anew, kept, fresh):
        each.release()


def test_what_sticks_to_cloth_moves_with_it(gl: moderngl.Context) -> None:
    compiled, made = _made()
    geometry = Geometry(gl, is_rigid=True)
    passes = FinishedPasses(gl, *_SIZE, _NAMES, geometry)
    seen = _drawn(passes, made.at(compiled.at(0.9)))
    owner = np.concatenate([[0], made.pieces[:, 0]])[seen["object"][..., 0]]
    # Anchors of the one who sits are those of her skirt as it hangs when she stands: none lies on a lap.
    sits = seen["anchor"][..., :3][owner == 3]
    assert len(sits) > 200
    assert sits[:, 2].max() < 0.25
    passes.release()
    geometry.release()
