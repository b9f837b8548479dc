"""A conditioning as small as can be, for tests of what runs generators."""

from collections.abc import Callable
from typing import Any

import numpy as np

from director.scene.figure_skeleton import LIMB_COLOURS, POINT_COLOURS
from director.types import Conditioning, Direction, SceneObject, Tick, View

__all__ = ["AlongAMove", "conditioning", "shown"]

AlongAMove = Callable[[str, tuple[int, int], int], list[Conditioning]]
"""The fixture: for (set, size, count) what `embedded` is asked for along the set's first move."""


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


def shown(size: tuple[int, int] = (48, 32), seed: int = 1) -> Conditioning:
    """A conditioning without OpenGL, with all that a diffusion model reads: a box before a wall, and sky."""
    width, height = size
    ids = np.ones((height, width), np.uint16)
    ids[height // 3 :, : width // 2] = 2
    ids[: height // 4] = 0
    depth = np.choose(ids, [np.inf, 6.0, 3.0]).astype(np.float32)
    normal = np.zeros((height, width, 3), np.float16)
    normal[ids > 0] = (0.0, 0.0, 1.0)
    normal[ids == 2] = (0.6, 0.0, 0.8)
    random = np.random.default_rng(seed)
    maps: dict[str, Any] = {
        "depth": depth,
        "object": ids,
        "normal": normal,
        "latent-noise": random.standard_normal((height, width, 4)).astype(np.float16),
        "poses": np.stack([np.eye(4, dtype=np.float32)] * 2),
        "edges": np.where(np.diff(ids, axis=1, prepend=ids[:, :1]) != 0, 255, 0).astype(np.uint8),
        "pose": np.zeros((height, width, 3), np.uint8),
    }
    maps["pose"][height // 2 : height // 2 + 3, width // 4 : width // 2] = LIMB_COLOURS[2]
    maps["pose"][height // 2 + 1, width // 4] = POINT_COLOURS[2]
    eye = np.eye(4)
    return Conditioning(
        tick=Tick(0, 0.0, 0.0),
        view=View(eye, eye, eye, 0.5, 20.0),
        maps=maps,
        direction=Direction("golden hour", seed=seed),
        objects=(
            SceneObject(1, "wall", "wall", "", (0.5, 0.5, 0.5), (6.0, 3.0, 0.2)),
            SceneObject(2, "box", "box", "", (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
        ),
        sun_direction=(0.0, 1.0, 0.0),
    )
