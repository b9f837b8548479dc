"""From maps and a view to what the painter's network reads of every pixel, in torch.

Everything a pixel can know by itself: how it faces the sun and the camera, how far it is, what its patterns
are, and where on its object it lies. All cheap, and nothing the network would have to spend layers on. What
changes slowly from pixel to pixel is given at a quarter of the resolution only.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from director.generate.embedded.painter.places import PLACE_FEATURES, Spots, places

__all__ = ["COARSE", "FEATURES", "SHRINK", "Lit", "Sight", "sight"]

_STRUCTURE: Final = 16
_OPEN: Final = 11  # the structure map's occlusion
_GEOMETRY: Final = 12
FEATURES: Final = _STRUCTURE + _GEOMETRY + PLACE_FEATURES
COARSE: Final = 24
SHRINK: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """Planes float32[b, h, w] that light is worked out from: the sun's shadow (0: none of it, and in the
    sky), how open the surface is, distance in metres, how high the sky (0: no sky), 1 for the sky, the world
    normal, how it faces the camera, how high a mirrored ray goes; and lamp light float32[b, 3, h, w]."""

    sun: Tensor
    open_share: Tensor
    distance: Tensor
    sky_up: Tensor
    sky: Tensor
    normal: tuple[Tensor, Tensor, Tensor]
    facing: Tensor
    mirrored_up: Tensor
    lamps: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What is seen of a batch of views.

    features   [b, h, w, FEATURES], the type of the network
    coarse     [b, COARSE, h / 4, w / 4], likewise
    structure  uint8[b, h, w, 16]
    ids        int32[b, h, w], numbered through the batch: rows of a flattened table
    spots      where on the pages of its object each pixel looks (places.py)
    """

    features: Tensor
    coarse: Tensor
    lit: Lit
    structure: Tensor
    ids: Tensor
    spots: Spots | None

    def rows(self, first: int, end: int) -> "Sight":
        """Without rows at the top and the bottom; features and spots, which the first layer has read, are
        left out. A view, for a batch of one."""

        def cut(plane: Tensor) -> Tensor:
            return plane[..., first:end, :]

        lit = self.lit
        normal_x, normal_y, normal_z = (cut(plane) for plane in lit.normal)
        kept = Lit(
            cut(lit.sun),
            cut(lit.open_share),
            cut(lit.distance),
            cut(lit.sky_up),
            cut(lit.sky),
            (normal_x, normal_y, normal_z),
            cut(lit.facing),
            cut(lit.mirrored_up),
            cut(lit.lamps),
        )
        empty = self.features[:0]
        return Sight(empty, empty, kept, self.structure[:, first:end], cut(self.ids), None)


def sight(
    depth: Tensor,
    normal: Tensor,
    shadow: Tensor,
    lamplight: Tensor,
    structure: Tensor,
    place: Tensor,
    ids: Tensor,
    boxes: Tensor,
    rays: Tensor,
    sun: Tensor,
    dtype: torch.dtype,
    first_row: int = 0,
    whole_rows: int = 0,
) -> Sight:
    """From maps as `types.Conditioning` has them, height and width in fours:

    depth float32[b, h, w] (sky: inf), normal float[b, h, w, 3], shadow uint8[b, h, w], lamplight
    float[b, h, w, 3], structure uint8[b, h, w, 16], place float32[3, b, h, w] (places.place_in_box), ids
    integer[b, h, w] into boxes float32[b, n, 4] (atlas.known_objects), rays float32[b, 3, 3]
    (inputs.view_rays), sun float32[b, 3]. The maps may be some rows of a picture of `whole_rows`, from the
    `first_row` on.
    """
    batch, height, width = depth.shape
    # Planes first: three channels side by side are what a processor reads slowest.
    normal_x, normal_y, normal_z = (normal[..., k].to(torch.float32) for k in range(3))
    lamps = torch.stack([lamplight[..., k].to(torch.float32) for k in range(3)], 1)
    sun_share = shadow.to(torch.float32).mul_(1 / 255)

    u = ((torch.arange(width, device=depth.device) + 0.5) / width)[None, None, :]
    lines = torch.arange(first_row, first_row + height, device=depth.device)
    v = ((lines + 0.5) / (whole_rows or height))[None, :, None]

    def along(axis: Tensor) -> Tensor:
        """axis · ray, for an axis [b, 3]: linear in u and v."""
        o, a, c = (rays * axis[:, None]).sum(-1).unbind(1)
        return (o[:, None, None] + c[:, None, None] * v) + a[:, None, None] * u

    x, y, z = (along(axis.expand(batch, 3)) for axis in torch.eye(3, device=depth.device))
    inverse = torch.rsqrt((x * x).addcmul_(y, y).addcmul_(z, z))
    ray_up = y * inverse
    ray_sun = along(sun).mul_(inverse)
    facing = (normal_x * x).addcmul_(normal_y, y).addcmul_(normal_z, z).mul_(inverse).neg_()
    sun_x, sun_y, sun_z = sun[:, :, None, None].unbind(1)
    on_sun = normal_x * sun_x + normal_y * sun_y + normal_z * sun_z
    half = (on_sun + facing).mul_(torch.rsqrt((2.0 - 2.0 * ray_sun).clamp_min_(1e-3)))
    shine = _fourth(half.clamp_min_(0.0))
    is_sky = torch.isinf(depth).to(torch.float32)
    # The sky's haze is as deep as the air along its ray.
    above = ray_up.clamp_min(0.0)
    distance = torch.where(is_sky > 0, 14.0 / (above + 0.05), depth / inverse)
    mirrored_up = torch.addcmul(ray_up, facing, normal_y, value=2.0)
    sunlit = on_sun.clamp_min(0.0).mul_(sun_share)
    slow = torch.exp(distance * -0.025)
    disc = _fourth(ray_sun.clamp_min(0.0)).square_()
    lit = Lit(
        sun_share * (1.0 - is_sky),
        structure[..., _OPEN].to(torch.float32).mul_(1 / 255),
        distance,
        (above**0.55).mul_(is_sky),
        is_sky,
        (normal_x, normal_y, normal_z),
        facing,
        mirrored_up,
        lamps,
    )
    # How far a ray slides to the right and up, for one who faces the surface, while it goes 1 m deeper.
    deeper = torch.reciprocal(facing.clamp_min(0.2)).mul_(inverse)
    found = places(
        place,
        ids,
        boxes,
        pixel_m=depth.clamp_max(1e4) * (rays[:, 1].norm(dim=-1)[:, None, None] / width),
        slide=(normal_z * x - normal_x * z) * deeper,
        rise=y * deeper,
    )
    values = (
        sun_share,
        lamps.sum(1).clamp_(0.0, 12.0).mul_(1 / 3).sqrt_(),
        normal_x,
        normal_y,
        normal_z,
        facing,
        sunlit,
        shine,
        mirrored_up,
        slow,
        is_sky,
        disc,
        *found.features,
    )
    out = torch.empty(batch, height, width, FEATURES, dtype=dtype, device=depth.device)
    patterns = out[..., :_STRUCTURE]
    patterns.copy_(structure)
    patterns.mul_(1 / 255)
    for k, value in enumerate(values):
        out[..., _STRUCTURE + k].copy_(value)

    def sparse(plane: Tensor) -> Tensor:
        return plane[..., 1::SHRINK, 1::SHRINK]

    coarse_sun, coarse_facing, coarse_ray = sparse(on_sun), sparse(facing), sparse(ray_sun)
    coarse_slow, coarse_distance = sparse(slow), sparse(distance)
    coarse = torch.stack(
        [
            *sparse(lamps).clamp(0.0, 4.0).sqrt().unbind(1),
            *(sparse(plane) for plane in (normal_x, normal_y, normal_z)),
            coarse_facing,
            coarse_sun,
            sparse(ray_up),
            coarse_ray,
            sparse(shine),
            sparse(mirrored_up),
            coarse_ray + 2.0 * coarse_facing * coarse_sun,  # how near the sun a mirrored ray goes
            _fourth(_fourth(coarse_slow)),
            _fourth(coarse_slow),
            coarse_slow,
            torch.exp(coarse_distance * -0.006),
            0.5 / sparse(depth).clamp_min(0.25),
            sparse(disc),
            _fourth(1.0 - coarse_facing.clamp(0.0, 1.0)),
            sparse(sunlit),
            sparse(is_sky),
            torch.log1p(coarse_distance) * 0.25,
            sparse(lit.open_share),
        ],
        1,
    ).to(dtype)
    return Sight(out, coarse, lit, structure, found.ids, found.spots)


def _fourth(value: Tensor) -> Tensor:
    squared = value * value
    return squared * squared
