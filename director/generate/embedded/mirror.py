"""Which pixel a wet floor mirrors: the reflection that a small network cannot trace.

A scatter: every pixel above the floor is turned over about it and projected again; where it lands, the floor
shows it. One level floor a picture, the one that most of the pixels that face up belong to. The idea is
that of pixel-projected reflections (Cichocki, "Optimized pixel-projected reflections for planar
reflectors", SIGGRAPH 2017 course notes), here with one plane.
"""

import torch
from torch import Tensor

__all__ = ["mirrored_pixels"]

_LEAVES = 7  # channel of the structure map that ripples the water
_LEVEL = 0.95
_THICK_M = 0.12
_RIPPLE_PX = 5.0
_FEWEST = 64


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
    solid = torch.isfinite(depth)
    reach = torch.where(solid, depth, 0.0)
    x, y, z = (camera[k] + (rays[0, k] + rays[1, k] * across + rays[2, k] * down) * reach for k in range(3))
    floor = solid & (up > _LEVEL)
    heights = y[floor]
    if len(heights) < _FEWEST:
        return None
    level = heights[:: max(1, len(heights) // 4096)].median()
    if float(level) >= float(camera[1]):
        return None
    above = (solid & (y > level + 0.02)).flatten().nonzero().squeeze(1)
    turned = torch.stack(
        [
            x.flatten()[above],
            2.0 * level - y.flatten()[above],
            z.flatten()[above],
            torch.ones_like(above, dtype=x.dtype),
        ]
    )
    clip = clip_from_world @ turned
    w = clip[3].clamp_min(1e-3)
    column = torch.floor((0.5 + 0.5 * clip[0] / w) * width).to(torch.int64)
    row = torch.floor((0.5 - 0.5 * clip[1] / w) * height).to(torch.int64)
    inside = (clip[3] > 0.05) & (column >= 0) & (column < width) & (row >= 0) & (row < height)
    landed = row[inside] * width + column[inside]
    # The nearest wins, and of equals the first: the same picture whatever the order of the threads.
    order = (w[inside] * 256).to(torch.int64) * (height * width) + above[inside]
    empty = torch.iinfo(torch.int64).max
    found = torch.full((height * width,), empty, dtype=torch.int64, device=depth.device)
    found = found.scatter_reduce(0, landed, order, "amin").view(height, width)
    for step in (1, 1, 2):
        found = _filled(found, empty, step)
    ripple = ((structure[..., _LEAVES].to(torch.float32) / 255 - 0.5) * _RIPPLE_PX).round().to(torch.int64)
    rows = (torch.arange(height, device=depth.device)[:, None] + ripple).clamp(0, height - 1)
    found = found.gather(0, rows)
    shown = floor & ((y - level).abs() < _THICK_M) & (found != empty)
    return torch.where(shown, found % (height * width), -1)


def _filled(found: Tensor, empty: int, step: int) -> Tensor:
    """With holes filled from above and below."""
    padded = torch.nn.functional.pad(found, (0, 0, step, step), value=empty)
    upper, lower = padded[: -2 * step], padded[2 * step :]
    return torch.where(found == empty, torch.minimum(upper, lower), found)
