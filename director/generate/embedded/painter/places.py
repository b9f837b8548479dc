"""Where on its object a pixel lies: the coordinates that drawn-in detail sits at.

Every object has a small atlas of learned features (atlas.py): a page for each face of its box (left and
right share one, mirrored), and for facades pages of one bay, the cell that they repeat as panes() in
shaders/structure.glsl lays it out: on the ground, under the roof, and between. A pixel reads four texels of
one page.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

__all__ = [
    "PAGES",
    "PLACE_FEATURES",
    "SIDE",
    "TAPS",
    "Places",
    "numbered",
    "place_in_box",
    "places",
    "planes",
]

SIDE: Final = 20
"""Texels along a page."""
PAGES: Final = 8
"""Sides, top, base, front, back; a bay, one on the ground, one under the roof."""
TAPS: Final = 4
PLACE_FEATURES: Final = 12
_BAY, _GROUND, _UNDER_ROOF = 5, 6, 7
_BAY_M: Final = (1.9, 3.0)
# A pixel this large, in metres, sees no more of a bay.
_BAY_LOST_M: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """`features`: planes [b, h, w]; the rest as in features.Sight."""

    features: tuple[Tensor, ...]
    ids: Tensor
    taps: Tensor
    weights: Tensor


def place_in_box(anchor: Tensor, ids: Tensor, boxes: Tensor) -> Tensor:
    """float32[3, b, h, w], 0..1 along each axis of the object's box, from its anchor float32[b, h, w, 3]."""
    across = torch.reciprocal(planes(boxes[..., :3], numbered(ids, boxes.shape[1])).clamp_min_(1e-3))
    place = torch.stack([anchor[..., k] for k in range(3)]).mul_(across)
    place[0] += 0.5
    place[2] += 0.5
    return place


def numbered(ids: Tensor, count: int) -> Tensor:
    """int32, rows of a table [b, count, …] flattened."""
    first = torch.arange(len(ids), dtype=torch.int32, device=ids.device) * count
    return ids.to(torch.int32) + first[:, None, None]


def planes(table: Tensor, ids: Tensor) -> Tensor:
    """[c, b, h, w] from a table [b, n, c] by `numbered` ids."""
    return table.flatten(0, 1).t().contiguous().index_select(1, ids.flatten()).view(-1, *ids.shape)


def places(
    place: Tensor,
    ids: Tensor,
    boxes: Tensor,
    pixel_m: Tensor,
    slide: Tensor,
    rise: Tensor,
    dtype: torch.dtype,
) -> Places:
    """From `place_in_box`, ids integer[b, h, w] into boxes float32[b, n, 4]; `pixel_m` is what a pixel
    covers, `slide` and `rise` how far to the right and up a ray goes while it goes a metre deeper."""
    at = numbered(ids, boxes.shape[1])
    size_x, size_y, size_z, repeats = planes(boxes, at)
    x, y, z = place.clamp(0.0, 1.0)
    middle_x, middle_y, middle_z = (2.0 * p - 1.0 for p in (x, y, z))
    out_x, out_y, out_z = middle_x.abs(), middle_y.abs(), middle_z.abs()
    on_x = (out_x >= out_y) & (out_x >= out_z)
    level = (out_y >= out_z) & ~on_x
    u, v = torch.where(on_x, z, x), torch.where(level, z, y)
    wide, high = torch.where(on_x, size_z, size_x), torch.where(level, size_z, size_y)
    storeys = (high * (1 / _BAY_M[1])).round_().clamp_min_(1.0)
    column = u * (wide * (1 / _BAY_M[0])).round_().clamp_min_(1.0)
    row = v * storeys
    bay_u, bay_v = column.frac(), row.frac()
    in_bays = (repeats > 0) & ~level
    fading = (1.5 - pixel_m * (1.5 / _BAY_LOST_M)).clamp_(0.0, 1.0)
    # Left and right change where one walks about the object.
    turned = torch.where(on_x, middle_x.neg(), middle_z).sign_()
    edge_u = torch.minimum(u, 1.0 - u).mul_(wide)
    edge_v = torch.minimum(v, 1.0 - v).mul_(high)
    features = (
        middle_x,
        middle_y,
        middle_z,
        (2.0 * bay_u - 1.0).mul_(fading),
        (2.0 * bay_v - 1.0).mul_(fading),
        slide.mul_(turned).clamp_(-2.0, 2.0).mul_(0.5),
        rise.clamp_(-2.0, 2.0).mul_(0.5),
        torch.exp(edge_u * -18.0),
        torch.exp(edge_u * -4.0),
        torch.exp(edge_v * -18.0),
        torch.exp(edge_v * -4.0),
        torch.exp((y * size_y) * -1.6),  # how near its base
    )
    face = torch.where(
        on_x, 0.0, torch.where(level, 1.5 - 0.5 * middle_y.sign(), 3.5 - 0.5 * middle_z.sign())
    )
    storey = _BAY + (row < 1.0).float() + 2.0 * (row >= (storeys - 1.0).clamp_min_(1.0)).float()
    page = torch.where(in_bays, storey, face)
    across = torch.where(in_bays, bay_u, u).mul_(SIDE - 1)
    down = torch.where(in_bays, bay_v, v).mul_(SIDE - 1)
    left, upper = across.floor().clamp_max_(SIDE - 2), down.floor().clamp_max_(SIDE - 2)
    a, b = across - left, down - upper
    first = (page * (SIDE * SIDE) + upper * SIDE + left).to(torch.int32).add_(at, alpha=PAGES * SIDE * SIDE)
    side = torch.tensor([0, 1, SIDE, SIDE + 1], dtype=torch.int32, device=ids.device)
    taps = first.view(-1, 1) + side
    # A page's features fade with what they are too fine for: the network reads that as weights below 1.
    kept = torch.where(in_bays, fading, 1.0)
    lower = b * kept
    kept -= lower
    weights = torch.empty(a.numel(), TAPS, dtype=dtype, device=ids.device)
    for k, value in enumerate((kept - a * kept, a * kept, lower - a * lower, a * lower)):
        weights[:, k] = value.flatten()
    return Places(features, at, taps, weights)
