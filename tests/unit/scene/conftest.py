"""A small document that every scene test may change."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.scene.document import Scene
from director.scene.load import parse_scene

Parse = Callable[[dict[str, Any]], Scene]

DOCUMENT: dict[str, Any] = {
    "schema_version": 1,
    "name": "small",
    "prompt": "a yard at noon",
    "near_m": 0.5,
    "far_m": 50,
    "groups": [{"name": "cart", "position": [1, 0, 2], "rotation_deg": [90, 0, 0]}],
    "objects": [
        {"kind": "plane", "name": "ground", "class": "earth", "size": [20, 20]},
        {
            "kind": "box",
            "name": "crate",
            "class": "box",
            "parent": "cart",
            "size": [1, 2, 3],
            "position": [0, 0, 1],
        },
        {
            "kind": "sphere",
            "name": "lamp",
            "class": "lamp",
            "parent": "crate",
            "position": [0, 2, 0],
            "size": [0.2, 0.4, 0.2],
            "light": {"colour": "#ff0000", "strength": 2},
        },
        {
            "kind": "mannequin",
            "name": "walker",
            "class": "person",
            "pose": "walk",
            "interpolation": "linear",
            "keys": [{"time_s": 0, "position": [0, 0, 0]}, {"time_s": 4, "position": [0, 0, 6]}],
        },
    ],
    "moves": [
        {
            "kind": "hold",
            "name": "watch",
            "position": [0, 2, 9],
            "look_at": {"object": "walker", "offset": [0, 1, 0]},
        }
    ],
}


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(DOCUMENT)


@pytest.fixture
def parse() -> Parse:
    return lambda raw: parse_scene(json.dumps(raw), file="yard.json", folder=Path())
