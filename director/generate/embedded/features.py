"""From maps and a view to what the network's first layer reads, in torch.

Everything a pixel can know by itself is worked out here: how it faces the sun and the camera, how far it
is, what its patterns are. All cheap, and nothing the network would have to spend layers on.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = [
    "FACING",
    "FEATURES",
    "HALF_FOURTH",
    "LIT",
    "MIRRORED_UP",
    "OPEN",
    "STRUCTURE",
    "UP",
    "middles",
    "of_pixels",
    "pixel_features",
]

FEATURES = 40
LIT = 9
# Places of some of the features: the normal's height, how it faces the camera, how near it is to mirroring
# the sun (to the fourth power), how high a mirrored ray goes.
UP, FACING, HALF_FOURTH, MIRRORED_UP = 21, 23, 27, 28
STRUCTURE = 16
OPEN = 11  # the structure map's occlusion


def pixel_features(
    depth: Tensor,
    normal: Tensor,
    shadow: Tensor,
    lamplight: Tensor,
    structure: Tensor,
    rays: Tensor,
    sun: Tensor,
    dtype: torch.dtype,
    size: tuple[int, int] | None = None,
) -> tuple[Tensor, Tensor]:
    """[b, h, w, FEATURES] of `dtype`, and what light needs exactly, float32[b, h, w, LIT]: sun on the
    surface, how open it is, distance in metres, how high the sky (0: no sky), lamp light, 1 for the
    sky, how near the ray goes to the sun (a cosine).

    From maps as `types.Conditioning` has them:

    depth float32[b, h, w] (sky: inf), normal float32[b, h, w, 3], shadow uint8[b, h, w], lamplight
    float[b, h, w, 3], structure uint8[b, h, w, 16], rays float32[b, 3, 3] (inputs.view_rays), sun
    float32[b, 3]. Maps may be padded: `size` is the picture's height and width, if not theirs.
    """
    batch, height, width = depth.shape
    down, across = (
        middles(full, of, depth.device)
        for full, of in zip((height, width), size or (height, width), strict=True)
    )
    values, planes = of_pixels(
        depth,
        # Planes first: three channels side by side are what a processor reads slowest.
        [normal[..., k].to(torch.float32) for k in range(3)],
        shadow.to(torch.float32),
        [lamplight[..., k].to(torch.float32) for k in range(3)],
        structure[..., OPEN].to(torch.float32),
        rays[..., None, None],
        sun[..., None, None],
        across[None, None, :],
        down[None, :, None],
    )
    # Plane by plane in memory, whatever its shape says: light.py reads it so.
    lit = torch.empty(batch, LIT, height, width, device=depth.device)
    for k, plane in enumerate(planes):
        lit[:, k] = plane
    out = torch.empty(batch, height, width, FEATURES, dtype=dtype, device=depth.device)
    patterns = out[..., :STRUCTURE]
    patterns.copy_(structure)
    patterns.mul_(1 / 255)
    for k, value in enumerate(values):
        out[..., STRUCTURE + k].copy_(value)
    return out, lit.permute(0, 2, 3, 1)


def middles(full: int, of: int, device: torch.device) -> Tensor:
    """float32[full]: where the middles of `of` pixels lie, 0..1; the last again for those beyond."""
    return (torch.arange(full, device=device).clamp_max(of - 1) + 0.5) / of


def of_pixels(
    depth: Tensor,
    normal: Sequence[Tensor],
    shadow: Tensor,
    lamps: Sequence[Tensor],
    is_open: Tensor,
    rays: Tensor,
    sun: Tensor,
    u: Tensor,
    v: Tensor,
) -> tuple[list[Tensor], list[Tensor]]:
    """The features after those of the structure map, and what light needs exactly: planes [b, h, w] both.

    From planes: depth, the three of the normal, the sun's share and how open it is (0..255), the three of
    lamp light; rays [b, 3, 3, 1, 1], sun [b, 3, 1, 1], and where a pixel lies across and down, 0..1.
    """
    normal_x, normal_y, normal_z = normal
    sun_x, sun_y, sun_z = sun.unbind(1)
    sun_share = shadow * (1 / 255)
    # The ray through a pixel: linear in u and v.
    x, y, z = (rays[:, 0, k] + rays[:, 1, k] * u + rays[:, 2, k] * v for k in range(3))
    inverse = torch.rsqrt(x * x + y * y + z * z)
    ray_up = y * inverse
    ray_sun = (sun_x * x + sun_y * y + sun_z * z) * inverse
    facing = -((normal_x * x + normal_y * y + normal_z * z) * inverse)
    on_sun = normal_x * sun_x + normal_y * sun_y + normal_z * sun_z
    half = (on_sun + facing) * torch.rsqrt((2.0 - 2.0 * ray_sun).clamp_min(1e-3))
    is_sky = torch.isinf(depth)
    sky = torch.where(is_sky, 1.0, 0.0)
    # The sky's haze is as deep as the air along its ray.
    distance = torch.where(is_sky, 14.0 / (ray_up.clamp_min(0.0) + 0.05), depth / inverse)
    sunlit = on_sun.clamp_min(0.0) * sun_share
    lit = [
        torch.where(is_sky, 0.0, sunlit),
        is_open * ((0.5 + 0.5 * normal_y) * (1 / 255)),
        distance,
        torch.where(is_sky, ray_up.clamp(0.0, 1.0) ** 0.55, 0.0),
        *lamps,
        sky,
        ray_sun,
    ]
    slow = torch.exp(distance * -0.025)
    medium = _fourth(slow)
    features = [
        sun_share,
        *(plane.clamp(0.0, 4.0).sqrt() for plane in lamps),
        normal_x,
        normal_y,
        normal_z,
        facing,
        on_sun,
        ray_up,
        ray_sun,
        _fourth(half.clamp_min(0.0)),
        ray_up + 2.0 * facing * normal_y,  # the mirrored ray: how high it goes
        ray_sun + 2.0 * facing * on_sun,  # and how near the sun
        _fourth(medium),
        medium,
        slow,
        torch.exp(distance * -0.006),
        0.5 / depth.clamp_min(0.25),
        _fourth(ray_sun.clamp_min(0.0)).square(),
        _fourth(1.0 - facing.clamp(0.0, 1.0)),
        sunlit,
        sky,
        torch.log1p(distance) * 0.25,
    ]
    return features, lit


def _fourth(value: Tensor) -> Tensor:
    squared = value * value
    return squared * squared
