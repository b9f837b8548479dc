"""A small yard to edit: a cart that is turned, what hangs on it, somebody who walks, a move and a shot."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from director.scene.document import Scene
from director.scene.load import parse_scene

YARD: dict[str, Any] = {
    "schema_version": 1,
    "name": "yard",
    "prompt": "a yard at noon",
    "groups": [{"name": "cart", "position": [1, 0, 2], "rotation_deg": [90, 0, 0]}],
    "objects": [
        {"kind": "plane", "name": "ground", "class": "earth", "size": [20, 20]},
        {"kind": "box", "name": "crate", "class": "box", "parent": "cart", "size": [1, 2, 3]},
        {
            "kind": "sphere",
            "name": "lamp",
            "class": "lamp",
            "parent": "crate",
            "position": [0, 2, 0.5],
            "size": [0.2, 0.4, 0.2],
            "light": {"colour": "#ff0000", "strength": 2},
        },
        {
            "kind": "mannequin",
            "name": "walker",
            "class": "person",
            "pose": "walk",
            "interpolation": "linear",
            "keys": [
                {"time_s": 0, "position": [0, 0, 0], "rotation_deg": [0, 0, 0]},
                {"time_s": 4, "position": [0, 0, 6], "rotation_deg": [720, 0, 0]},
            ],
        },
        {"kind": "mannequin", "name": "anna", "class": "person", "position": [-3, 0, 1]},
    ],
    "moves": [
        {
            "kind": "hold",
            "name": "watch",
            "position": [0, 2, 9],
            "look_at": {"object": "walker", "offset": [0, 1, 0]},
        },
        {"kind": "follow", "name": "behind", "object": "walker"},
    ],
    "shots": [
        {
            "name": "one",
            "camera": {"kind": "move", "move": "watch"},
            "end_s": 3,
            "directions": {
                "object_prompts": {"walker": "a postman", "crate": "a tea chest"},
                "strengths": {"scene": 0.5, "walker": 0.8},
                "held": ["crate"],
            },
        }
    ],
}


@pytest.fixture
def yard() -> Scene:
    return parse_scene(json.dumps(copy.deepcopy(YARD)), file="yard.json", folder=Path())
