"""A small scene that shots are taken of."""

from typing import Any

import pytest

from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.shots import Shot

SCENE: dict[str, Any] = {
    "schema_version": 1,
    "name": "yard",
    "prompt": "a yard at noon",
    "groups": [{"name": "cart", "position": [1, 0, 2]}],
    "objects": [
        {"kind": "plane", "name": "ground", "class": "earth", "size": [20, 20]},
        {"kind": "box", "name": "crate", "class": "box", "parent": "cart", "prompt": "pine"},
        {
            "kind": "box",
            "name": "car",
            "class": "car",
            "keys": [
                {"time_s": 0, "position": [0, 0, 0], "rotation_deg": [0, 0, 0]},
                {"time_s": 4, "position": [4, 0, 0], "rotation_deg": [400, 0, 0]},
            ],
        },
    ],
    "moves": [
        {
            "kind": "dolly-in",
            "name": "push",
            "duration_s": 4,
            "start": [0, 2, 9],
            "end": [0, 2, 5],
            "look_at": {"object": "car", "offset": [0, 1, 0]},
        }
    ],
}


@pytest.fixture
def scene() -> Scene:
    return Scene.model_validate(SCENE)


@pytest.fixture
def compiled(scene: Scene) -> CompiledScene:
    return CompiledScene(scene)


def shot(**fields: Any) -> Shot:
    """A shot from 1 s to 5 s of a camera that stands, with other fields as given."""
    still = {"kind": "still", "position": [0, 2, 8], "rotation_deg": [10, -5, 0]}
    return Shot.model_validate({"name": "wide", "camera": still, "start_s": 1, "end_s": 5, **fields})
