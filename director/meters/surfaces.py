"""Which pixel of one picture shows the surface that another shows here: exact, from depth and transforms.

Rows run top-first and uv (0, 0) is the picture's upper left corner, as in all our arrays.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from director.math3d import inverse_rigid
from director.types import View

__all__ = ["Match", "Seen", "match"]

_SAME_DEPTH = 0.02
# Rounding of depths near the camera; far below anything that is seen.
_SLACK_M = 1e-3
_RIM = 0.01

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a tick's passes showed: depth float32[h, w] metres along the view axis (sky +inf), object
    uint16[h, w] (0 = sky), the view, and world_from_object float32[n, 4, 4], rigid, for ids 1 … n."""

    depth: Floats
    object: NDArray[np.uint16]
    view: View
    world_from_object: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """Where the surface of each pixel lay in another picture: its column and row there in texels (the
    middle of the first is 0), float32[h, w], and whether it was seen there, bool[h, w]."""

    column: Floats
    row: Floats
    visible: NDArray[np.bool_]

    def warped(self, picture: Floats) -> Floats:
        """float32[h, w, …]: the other picture as it looks from here, bilinear; nothing of meaning where it
        is not visible."""
        height, width = picture.shape[:2]
        column, row = np.clip(self.column, 0, width - 1), np.clip(self.row, 0, height - 1)
        left, top = np.floor(column).astype(np.intp), np.floor(row).astype(np.intp)
        right, foot = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
        extra = (1,) * (picture.ndim - 2)
        x = (column - left).astype(np.float32).reshape(*column.shape, *extra)
        y = (row - top).astype(np.float32).reshape(*row.shape, *extra)
        upper = picture[top, left] * (1 - x) + picture[top, right] * x
        lower = picture[foot, left] * (1 - x) + picture[foot, right] * x
        return np.asarray(upper * (1 - y) + lower * y, np.float32)


def match(here: Seen, there: Seen) -> Match:
    """Match every pixel of `here` with `there`.

    Visible is a surface whose four texels there all show the same object with its depth right within 2 %.
    The sky matches nothing. The depth of a texel beside the point is that of its own place, so each of the
    four is compared with the point's depth within 2 % and the slope that the four of them have.
    """
    ids = here.object
    is_sky = ids == 0
    depth = np.where(is_sky, 1.0, here.depth).astype(np.float64)
    world = _world(depth, here.view)
    count = max(len(here.world_from_object), int(ids.max(initial=0))) + 1
    carry = _carries(here, there, count)
    clip = np.einsum("hwij,hwj->hwi", carry[ids], world)
    away = clip[..., 3]
    in_front = away > 1e-6
    scale = 1 / np.where(in_front, away, 1.0)
    there_height, there_width = there.depth.shape
    column = (0.5 + 0.5 * clip[..., 0] * scale) * there_width - 0.5
    row = (0.5 - 0.5 * clip[..., 1] * scale) * there_height - 0.5
    # A hundredth of a texel for rounding: what stands still must not fall out at the rim.
    inside = (
        (column > -_RIM) & (column < there_width - 1 + _RIM) & (row > -_RIM) & (row < there_height - 1 + _RIM)
    )
    visible = in_front & inside & ~is_sky
    left = np.clip(np.floor(np.where(visible, column, 0)).astype(np.intp), 0, there_width - 1)
    top = np.clip(np.floor(np.where(visible, row, 0)).astype(np.intp), 0, there_height - 1)
    right, foot = np.minimum(left + 1, there_width - 1), np.minimum(top + 1, there_height - 1)
    taps = [(top, left), (top, right), (foot, left), (foot, right)]
    found = np.stack([np.where(np.isinf(tap := there.depth[at]), 1e9, tap) for at in taps])
    for at in taps:
        visible &= there.object[at] == ids
    # Surfaces seen at a glance change their depth from one texel to the next.
    mean = found.mean(0)
    visible &= np.abs(mean - away) <= _SAME_DEPTH * away + _SLACK_M + 0.5 * np.minimum(
        np.ptp(found, 0), 0.1 * away
    )
    visible &= np.ptp(found, 0) <= 0.1 * away
    return Match(column.astype(np.float32), row.astype(np.float32), visible)


def _world(depth: NDArray[np.float64], view: View) -> NDArray[np.float64]:
    """float64[h, w, 4]: where in the world each pixel's surface lies."""
    height, width = depth.shape
    x = ((np.arange(width) + 0.5) / width * 2 - 1 + view.clip_from_view[0, 2]) / view.clip_from_view[0, 0]
    y = (1 - (np.arange(height) + 0.5) / height * 2 + view.clip_from_view[1, 2]) / view.clip_from_view[1, 1]
    in_view = np.empty((height, width, 4))
    in_view[..., 0] = x[None, :] * depth
    in_view[..., 1] = y[:, None] * depth
    in_view[..., 2] = -depth
    in_view[..., 3] = 1.0
    return np.asarray(in_view @ inverse_rigid(view.view_from_world).T)


def _carries(here: Seen, there: Seen, count: int) -> NDArray[np.float64]:
    """float64[count, 4, 4]: for each id, clip there from world here, its own move included."""
    carry = np.tile(there.view.clip_from_world, (count, 1, 1))
    both = min(len(here.world_from_object), len(there.world_from_object))
    now = here.world_from_object[:both].astype(np.float64)
    then = there.world_from_object[:both].astype(np.float64)
    for index in np.flatnonzero((now != then).any(axis=(1, 2))):
        carry[index + 1] = there.view.clip_from_world @ then[index] @ inverse_rigid(now[index])
    return carry
