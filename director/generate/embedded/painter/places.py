"""Where on its object a pixel lies: the coordinates that drawn-in detail sits at.

Every object has a small atlas of learned features (atlas.py): a page for each face of its box (left and
right share one, mirrored); for facades pages of one bay, the cell that they repeat as panes() in
shaders/structure.glsl lays it out: on the ground, under the roof, and between; for people pages of the head,
which would be a few texels of a face of the box. A pixel reads four texels of one page.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

__all__ = [
    "BAY",
    "BAY_M",
    "GROUND",
    "HEAD_BACK",
    "HEAD_DEEP",
    "HEAD_FROM",
    "HEAD_FRONT",
    "HEAD_SIDES",
    "HEAD_WIDE",
    "INSETS",
    "PAGES",
    "PAGE_LAYERS",
    "PLACE_FEATURES",
    "REACH_M",
    "SIDE",
    "TAPS",
    "UNDER_ROOF",
    "Places",
    "Spots",
    "met",
    "numbered",
    "place_in_box",
    "places",
    "planes",
    "taps",
]

SIDE: Final = 40
"""Texels along a page."""
PAGES: Final = 8
"""Sides, top, base, front, back; then three of a facade or of a person."""
PAGE_LAYERS: Final = 5
"""What texels tell beside substances: what shows through, a normal, an inset (tools.teacher.pages)."""
BAY, GROUND, UNDER_ROOF = 5, 6, 7
"""A bay of a facade, one on the ground, one under the roof."""
HEAD_FRONT, HEAD_SIDES, HEAD_BACK = 5, 6, 7
HEAD_FROM: Final = 0.845
"""Where a head begins, as a share of a person's box at rest (scene/figure_body.py has its proportions)."""
HEAD_WIDE, HEAD_DEEP = 0.42, 0.94
"""What of the box's width and depth the pages of a head show, about its middle."""
REACH_M: Final = 1.6
"""Insets are told as shares of the box's depth or of this, whichever is less."""
INSETS = (-0.25, 1.25)
"""The least and the largest share that is told."""
BAY_M: Final = (1.9, 3.0)
"""About how wide and high a bay is."""
TAPS: Final = 4
PLACE_FEATURES: Final = 12
# A ray goes aside by no more than so many metres for each that it goes deeper, and looks so often.
_STEEPEST: Final = 3.0
_LOOKS: Final = 2
# A pixel this large, in metres, sees no more of a bay.
_BAY_LOST_M: Final = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Where on the pages pixels look, float32[b, h, w] but for `first`.

    first    int32, the page's first texel among its object's
    u, v     along the page, 0..1
    slide_u, slide_v  how far along it a ray goes while it goes a metre deeper
    own_m    how far behind the face of the box the proxy's own surface lies, metres
    reach_m  what insets are shares of
    kept     how much of the page is still to be told apart, 0..1
    """

    first: Tensor
    u: Tensor
    v: Tensor
    slide_u: Tensor
    slide_v: Tensor
    own_m: Tensor
    reach_m: Tensor
    kept: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """`features`: planes [b, h, w]; the rest as in features.Sight."""

    features: tuple[Tensor, ...]
    ids: Tensor
    spots: Spots


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
    storeys = (high * (1 / BAY_M[1])).round_().clamp_min_(1.0)
    columns = (wide * (1 / BAY_M[0])).round_().clamp_min_(1.0)
    column = u * columns
    row = v * storeys
    bay_u, bay_v = column - column.floor(), row - row.floor()
    in_bays = (repeats > 0) & ~level
    fading = (1.5 - pixel_m * (1.5 / _BAY_LOST_M)).clamp_(0.0, 1.0)
    # Left and right change where one walks about the object.
    turned = torch.where(on_x, middle_x.neg(), middle_z).sign_()
    edge_u = torch.minimum(u, 1.0 - u).mul_(wide)
    edge_v = torch.minimum(v, 1.0 - v).mul_(high)
    right = torch.where(level, 0.0, slide * turned).clamp_(-_STEEPEST, _STEEPEST)
    up = torch.where(level, 0.0, rise).clamp_(-_STEEPEST, _STEEPEST)
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
    storey = BAY + (row < 1.0).float() + 2.0 * (row >= (storeys - 1.0).clamp_min_(1.0)).float()
    page = torch.where(in_bays, storey, face)
    page_u, page_v = torch.where(in_bays, bay_u, u), torch.where(in_bays, bay_v, v)
    # How wide and high what a page shows is.
    across = wide / torch.where(in_bays, columns, 1.0)
    along = high / torch.where(in_bays, storeys, 1.0)
    deep = torch.where(on_x, size_x, torch.where(level, size_y, size_z))
    out = torch.where(on_x, out_x, torch.where(level, out_y, out_z))
    on_head = (repeats < 0) & (y > HEAD_FROM)
    if bool(on_head.any()):
        head_x, head_z = middle_x * (1.0 / HEAD_WIDE), middle_z * (1.0 / HEAD_DEEP)
        on_side = head_x.abs() >= head_z.abs()
        front = torch.where(head_z > 0, float(HEAD_FRONT), float(HEAD_BACK))
        page = torch.where(on_head, torch.where(on_side, float(HEAD_SIDES), front), page)
        head_u = torch.where(on_side, head_z, head_x).mul_(0.5).add_(0.5).clamp_(0.0, 1.0)
        page_u = torch.where(on_head, head_u, page_u)
        page_v = torch.where(on_head, (y - HEAD_FROM) * (1.0 / (1.0 - HEAD_FROM)), page_v)
        # A head is as it was blocked but for centimetres.
        right, up = torch.where(on_head, 0.0, right), torch.where(on_head, 0.0, up)
    spots = Spots(
        (page * (SIDE * SIDE)).to(torch.int32),
        page_u,
        page_v,
        right.div_(across.clamp_min_(1e-3)),
        up.div_(along.clamp_min_(1e-3)),
        (1.0 - out).mul_(0.5 * deep),
        deep.clamp_max(REACH_M),
        # A page's features fade with what they are too fine for: the network reads that as weights below 1.
        torch.where(in_bays, fading, 1.0),
    )
    return Places(features, at, spots)


def met(insets: Tensor, spots: Spots) -> tuple[Tensor, Tensor]:
    """Where on its page a ray meets the finished thing, u and v, from `insets` float32[texels], shares of
    `reach_m`: parallax mapping (Kaneko et al., "Detailed shape representation with parallax mapping", ICAT
    2001), looked up a second time where the first look led."""
    u, v = spots.u, spots.v
    deeper = torch.zeros_like(u)
    for look in range(_LOOKS):
        column, line = u.mul(SIDE - 1).round_(), v.mul(SIDE - 1).round_()
        texel = spots.first + line.mul_(SIDE).add_(column).to(torch.int32)
        found = insets.index_select(0, texel.flatten()).view(u.shape)
        found = found.mul_(spots.reach_m).sub_(spots.own_m)
        # Half way on the second look: a steep ray would go to and fro.
        deeper = found if look == 0 else deeper.add_(found).mul_(0.5)
        u = torch.addcmul(spots.u, spots.slide_u, deeper).clamp_(0.0, 1.0)
        v = torch.addcmul(spots.v, spots.slide_v, deeper).clamp_(0.0, 1.0)
    return u, v


def taps(spots: Spots, u: Tensor, v: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """int32[pixels, TAPS] and weights [pixels, TAPS]: the four texels about a place on a page."""
    across, down = u * (SIDE - 1), v * (SIDE - 1)
    left, upper = across.floor().clamp_max_(SIDE - 2), down.floor().clamp_max_(SIDE - 2)
    a, b = across.sub_(left), down.sub_(upper)
    first = spots.first + upper.mul_(SIDE).add_(left).to(torch.int32)
    side = torch.tensor([0, 1, SIDE, SIDE + 1], dtype=torch.int32, device=u.device)
    lower = b * spots.kept
    kept = spots.kept - lower
    weights = torch.empty(a.numel(), TAPS, dtype=dtype, device=u.device)
    for k, value in enumerate((kept - a * kept, a * kept, lower - a * lower, a * lower)):
        weights[:, k] = value.flatten()
    return first.view(-1, 1) + side, weights
