"""Patterns that stay where they are on the screen, as on a pane before the lens: what frame-wise streams draw
from. The baseline of tools.train.steadiness is a network trained on them."""

import json
from pathlib import Path
from typing import Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import parse_scene
from director.types import CameraState, Direction, Lens, Tick

__all__ = ["on_pane", "pane"]

_PATTERNS: Final = 11
"""So many channels of the structured bank are patterns; the others are shade, lines and places."""


def pane(context: moderngl.Context, size: tuple[int, int]) -> NDArray[np.uint8]:
    """uint8[h, w, 16]: the structured bank of a wall that stands square before a camera, four metres away."""
    wall = {
        "schema_version": 1,
        "name": "pane",
        "objects": [
            {"kind": "box", "name": "pane", "class": "wall", "size": [40, 40, 0.2], "position": [0, -20, 0]}
        ],
    }
    compiled = CompiledScene(parse_scene(json.dumps(wall), file="pane", folder=Path()))
    conditioner = Conditioner(context, compiled, *size, frozenset({"structure"}))
    conditioner.draw(
        Tick(0, 0.0, 0.0), CameraState((0.0, 0.0, 4.1), (0.0, 0.0, 0.0, 1.0), Lens()), Direction()
    )
    taken = conditioner.take()
    conditioner.release()
    assert taken is not None
    bank: NDArray[np.uint8] = taken.maps["structure"].copy()
    return bank


def on_pane(bank: NDArray[np.uint8], patterns: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A bank uint8[…, h, w, 16] with the patterns of a pane of its size in place of its own."""
    made = bank.copy()
    made[..., :_PATTERNS] = patterns[..., :_PATTERNS]
    return made
