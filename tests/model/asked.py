"""A conditioning as small as can be, for tests of what runs generators."""

from typing import Any

import numpy as np

from director.types import Conditioning, Direction, SceneObject, Tick, View

__all__ = ["conditioning"]


def conditioning(
    index: int, size: tuple[int, int] = (64, 36), maps: tuple[str, ...] = ("base",)
) -> Conditioning:
    """A conditioning whose base map tells its index."""
    width, height = size
    all_maps: dict[str, Any] = {
        "base": np.full((height, width, 3), index % 251, np.uint8),
        "depth": np.ones((height, width), np.float32),
        "object": np.ones((height, width), np.uint16),
        "normal": np.ones((height, width, 3), np.float16),
        "motion": np.ones((height, width, 2), np.float16),
        "anchor": np.ones((height, width, 3), np.float32),
        "noise": np.ones((height, width, 4), np.float16),
    }
    eye = np.eye(4)
    return Conditioning(
        tick=Tick(index, index / 24, 1 / 24),
        view=View(eye, eye, eye, 0.1, 100.0),
        maps={name: all_maps[name] for name in maps},
        direction=Direction("rain", {1: "gold"}, seed=index),
        objects=(SceneObject(1, "box", "box", "", (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),),
        sun_direction=(0.0, 1.0, 0.0),
    )
