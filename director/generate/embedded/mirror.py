"""Which pixel a wet floor mirrors: the reflection that a small network cannot trace.

A scatter: every pixel above the floor is turned over about it and projected again; where it lands, the floor
shows it. One level floor a picture, the one that most of the pixels that face up belong to. The idea is
that of pixel-projected reflections (Cichocki, "Optimized pixel-projected reflections for planar
reflectors", SIGGRAPH 2017 course notes), here with one plane.
"""

import torch
from torch import Tensor

from director.generate.embedded.tones import enlarged

__all__ = [
    "COARSE",
    "FARTHEST_M",
    "LEAVES",
    "LEVEL",
    "RIPPLE_PX",
    "THICK_M",
    "floor_level",
    "mirrored_pixels",
]

LEAVES = 7  # channel of the structure map that ripples the water
LEVEL = 0.95
THICK_M = 0.12
RIPPLE_PX = 5.0
_FEWEST = 16
_SAMPLED = 4
COARSE = 2
FARTHEST_M = 1e5


def mirrored_pixels(
    depth: Tensor, up: Tensor, rays: Tensor, camera: Tensor, clip_from_world: Tensor, structure: Tensor
) -> Tensor | None:
    """int64[h, w]: the index of the pixel that is mirrored there, or −1; None where no floor is in sight.

    depth float32[h, w] metres (sky: inf), up float[h, w] the normal's height, rays float32[3, 3]
    (inputs.view_rays), camera float32[3] its place, clip_from_world float32[4, 4], structure
    uint8[h, w, 16].
    """
    height, width = depth.shape
    across = ((torch.arange(width, device=depth.device) + 0.5) / width)[None, :]
    down = ((torch.arange(height, device=depth.device) + 0.5) / height)[:, None]

    def places(coarse: int, axis: int) -> Tensor:
        """World coordinates along an axis of every pixel, or of every `coarse`-th."""
        ray = rays[0, axis] + rays[1, axis] * across[:, ::coarse] + rays[2, axis] * down[::coarse]
        return camera[axis] + ray * depth[::coarse, ::coarse]

    level = floor_level(depth, up, rays, camera)
    if level is None:
        return None
    high = places(1, 1)
    floor = (up > LEVEL) & (depth < FARTHEST_M)
    # Water ripples: what it mirrors is traced at half the size.
    rough = high[::COARSE, ::COARSE]
    rows, columns = rough.shape
    seen = ((rough > level + 0.02) & (depth[::COARSE, ::COARSE] < FARTHEST_M)).flatten()
    above = seen.nonzero().squeeze(1)
    x, y, z = (places(COARSE, axis).flatten()[above] for axis in range(3))
    clip = clip_from_world @ torch.stack([x, 2.0 * level - y, z, torch.ones_like(x)])
    w = clip[3].clamp_min(1e-3)
    column = torch.floor((0.5 + 0.5 * clip[0] / w) * columns).to(torch.int64)
    row = torch.floor((0.5 - 0.5 * clip[1] / w) * rows).to(torch.int64)
    inside = (clip[3] > 0.05) & (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    landed = row[inside] * columns + column[inside]
    # The nearest wins, and of equals the first: the same picture whatever the order of the threads.
    order = (w[inside] * 256).to(torch.int64) * (rows * columns) + above[inside]
    empty = torch.iinfo(torch.int64).max
    found = torch.full((rows * columns,), empty, dtype=torch.int64, device=depth.device)
    found = found.scatter_reduce(0, landed, order, "amin").view(rows, columns)
    for step in (1, 1):
        found = _filled(found, empty, step)
    source = found % (rows * columns)
    source = torch.div(source, columns, rounding_mode="floor") * (COARSE * width) + source % columns * COARSE
    source = torch.where(found == empty, -1, source)
    at = ((floor & ((high - level).abs() < THICK_M)).flatten()).nonzero().squeeze(1)
    ripple = (structure[..., LEAVES].flatten()[at].to(torch.float32) / 255 - 0.5) * (
        RIPPLE_PX * enlarged(height)
    )
    row = torch.div(at, width, rounding_mode="floor") + ripple.round().to(torch.int64)
    row = torch.div(row.clamp(0, height - 1), COARSE, rounding_mode="floor")
    column = torch.div(at % width, COARSE, rounding_mode="floor")
    mirrored = torch.full((height * width,), -1, dtype=torch.int64, device=depth.device)
    return mirrored.index_copy_(0, at, source[row, column]).view(height, width)


def floor_level(depth: Tensor, up: Tensor, rays: Tensor, camera: Tensor) -> Tensor | None:
    """float32[], metres: how high the floor lies; None where none is in sight. Arguments as of
    `mirrored_pixels`."""
    height, width = depth.shape
    across = ((torch.arange(0, width, _SAMPLED, device=depth.device) + 0.5) / width)[None, :]
    down = ((torch.arange(0, height, _SAMPLED, device=depth.device) + 0.5) / height)[:, None]
    depth, up = depth[::_SAMPLED, ::_SAMPLED], up[::_SAMPLED, ::_SAMPLED]
    high = camera[1] + (rays[0, 1] + rays[1, 1] * across + rays[2, 1] * down) * depth
    heights = high[(up > LEVEL) & (depth < FARTHEST_M)]
    if len(heights) < _FEWEST:
        return None
    level = heights.median()
    return None if float(level) >= float(camera[1]) else level


def _filled(found: Tensor, empty: int, step: int) -> Tensor:
    """With holes filled from above and below."""
    padded = torch.nn.functional.pad(found, (0, 0, step, step), value=empty)
    upper, lower = padded[: -2 * step], padded[2 * step :]
    return torch.where(found == empty, torch.minimum(upper, lower), found)
