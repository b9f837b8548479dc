"""The previous picture where the present one has its surfaces: steadiness for the smooth part of a picture.

At a quarter of the resolution only. What is fine in a picture sticks to surfaces by itself; what can waver is
what the network guesses of light and surroundings, and that is smooth. So a history can steady a picture
and never blur it.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["SHRINK", "Past", "reprojected", "steadied"]

SHRINK: Final = 4
"""How much smaller a history is than its picture."""
_FAR_M: Final = 1e4
_NEAR_ENOUGH: Final = 0.05
_STILL_M: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A picture that was, shrunk: `picture` float32[3, h, w], sRGB 0..1; `depth` float32[h, w] metres, sky
    inf; `ids` int32[h, w]; `clip_from_world` float32[4, 4]; `share` of all this that its view takes up,
    across and down: the rest was added to make it up to a multiple; `anchor` float32[h, w, 3] metres, where
    it is known."""

    picture: Tensor
    depth: Tensor
    ids: Tensor
    clip_from_world: Tensor
    share: tuple[float, float]
    anchor: Tensor | None = None

    @classmethod
    def of(
        cls,
        picture: Tensor,
        depth: Tensor,
        ids: Tensor,
        clip_from_world: Tensor,
        size: tuple[int, ...],
        anchor: Tensor | None = None,
    ) -> "Past":
        """From a picture float32[3, h, w] and its maps at full size, height and width in fours, of which
        the view takes up the upper left `size` (height, width)."""
        return cls(
            functional.avg_pool2d(picture[None], SHRINK)[0],
            depth[1::SHRINK, 1::SHRINK],
            ids[1::SHRINK, 1::SHRINK].to(torch.int32),
            clip_from_world,
            (size[1] / depth.shape[1], size[0] / depth.shape[0]),
            None if anchor is None else anchor[1::SHRINK, 1::SHRINK],
        )


def reprojected(
    past: Past,
    depth: Tensor,
    ids: Tensor,
    rays: Tensor,
    camera: Tensor,
    size: tuple[int, ...],
    anchor: Tensor | None = None,
) -> Tensor:
    """float32[4, h, w], shrunk: the past picture as now seen, and 1 where it can be trusted: where the same
    object was at about that depth. Only the camera's movement is followed. With the `anchor`
    float32[h', w', 3] of past and present an object that moved by itself by more than a shrunk pixel is not
    trusted; without, it is where it covers its former place, with what it showed there.

    `depth` float32[h', w'] and ids[h', w'] are of the present picture at full size, rays float32[3, 3]
    (inputs.view_rays), camera float32[3] its place; the view takes up their upper left `size`.
    """
    height, width = size
    near = depth[1::SHRINK, 1::SHRINK].clamp_max(_FAR_M)
    rows, columns = near.shape
    # A cell's middle, not its sample: the picture is a mean.
    u = ((torch.arange(columns, device=depth.device) + 0.5) * (SHRINK / width))[None, :, None]
    v = ((torch.arange(rows, device=depth.device) + 0.5) * (SHRINK / height))[:, None, None]
    points = camera + (rays[0] + rays[1] * u + rays[2] * v) * near[..., None]
    clip = torch.cat([points, torch.ones_like(points[..., :1])], -1) @ past.clip_from_world.t()
    w = clip[..., 3].clamp_min(1e-3)
    in_view = torch.stack([clip[..., 0] / w, -clip[..., 1] / w], -1)
    share = torch.tensor(past.share, device=depth.device)
    place = (in_view + 1.0) * share - 1.0
    found = functional.grid_sample(
        past.picture[None], place[None], mode="bilinear", padding_mode="border", align_corners=False
    )[0]
    known = torch.stack([past.depth.clamp_max(_FAR_M), past.ids.to(torch.float32)])
    there_depth, there_id = functional.grid_sample(
        known[None], place[None], mode="nearest", padding_mode="zeros", align_corners=False
    )[0]
    same = (there_depth - w).abs() < _NEAR_ENOUGH * w
    same &= there_id == ids[1::SHRINK, 1::SHRINK].to(torch.float32)
    same &= (clip[..., 3] > 0.05) & (in_view.abs() < 1.0).all(-1)
    if anchor is not None and past.anchor is not None:
        now = anchor[1::SHRINK, 1::SHRINK]
        there = functional.grid_sample(
            past.anchor.permute(2, 0, 1)[None], place[None], mode="nearest", align_corners=False
        )[0].permute(1, 2, 0)
        same &= (there - now).norm(dim=-1) < _across(now) + _STILL_M
    return torch.cat([found, same[None].to(torch.float32)])


def _across(anchor: Tensor) -> Tensor:
    """float32[h, w]: how much of its object each pixel of anchor [h, w, 3] spans, metres."""
    spans = [
        functional.pad(anchor.diff(dim=axis).norm(dim=-1)[None, None], pad, mode="replicate")[0, 0]
        for axis, pad in ((0, (0, 0, 0, 1)), (1, (0, 1, 0, 0)))
        if anchor.shape[axis] > 1
    ]
    return torch.stack(spans).sum(0) if spans else torch.zeros_like(anchor[..., 0])


def steadied(picture: Tensor, history: Tensor, share: Tensor) -> Tensor:
    """sRGB float32[b, 3, h, w] 0..1 with the smooth part moved towards `history` float32[b, 4, h / 4, w / 4]
    by `share` float32[b, 1, h / 4, w / 4]."""
    change = (history[:, :3] - functional.avg_pool2d(picture, SHRINK)) * share
    wide = functional.interpolate(change, scale_factor=float(SHRINK), mode="bilinear", align_corners=False)
    return (picture + wide).clamp(0.0, 1.0)
