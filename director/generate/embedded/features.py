"""From maps and a view to what the network's first layer reads, in torch.

Everything a pixel can know by itself is worked out here: how it faces the sun and the camera, how far it
is, what its patterns are. All cheap, and nothing the network would have to spend layers on.
"""

import torch
from torch import Tensor

__all__ = ["FACING", "FEATURES", "HALF_FOURTH", "LIT", "MIRRORED_UP", "UP", "pixel_features"]

FEATURES = 40
LIT = 9
# Places of some of the features: the normal's height, how it faces the camera, how near it is to mirroring
# the sun (to the fourth power), how high a mirrored ray goes.
UP, FACING, HALF_FOURTH, MIRRORED_UP = 21, 23, 27, 28
_STRUCTURE = 16
_OPEN = 11  # the structure map's occlusion


def pixel_features(
    depth: Tensor,
    normal: Tensor,
    shadow: Tensor,
    lamplight: Tensor,
    structure: Tensor,
    rays: Tensor,
    sun: Tensor,
    dtype: torch.dtype,
) -> tuple[Tensor, Tensor]:
    """[b, h, w, FEATURES] of `dtype`, and what light needs exactly, float32[b, h, w, LIT]: sun on the
    surface, how open it is, distance in metres, how high the sky (0: no sky), lamp light, 1 for the
    sky, how near the ray goes to the sun (a cosine).

    From maps as `types.Conditioning` has them:

    depth float32[b, h, w] (sky: inf), normal float32[b, h, w, 3], shadow uint8[b, h, w], lamplight
    float[b, h, w, 3], structure uint8[b, h, w, 16], rays float32[b, 3, 3] (inputs.view_rays), sun
    float32[b, 3].
    """
    batch, height, width = depth.shape
    # Planes first: three channels side by side are what a processor reads slowest.
    normal_x, normal_y, normal_z = (normal[..., k].to(torch.float32) for k in range(3))
    lamps = [lamplight[..., k].to(torch.float32) for k in range(3)]
    sun_share = shadow.to(torch.float32).mul_(1 / 255)

    u = ((torch.arange(width, device=depth.device) + 0.5) / width)[None, None, :]
    v = ((torch.arange(height, device=depth.device) + 0.5) / height)[None, :, None]

    def along(axis: Tensor) -> Tensor:
        """axis · ray, for an axis [b, 3]: linear in u and v."""
        o, a, c = (rays * axis[:, None]).sum(-1).unbind(1)
        return o[:, None, None] + a[:, None, None] * u + c[:, None, None] * v

    axes = torch.eye(3, device=depth.device)
    x, y, z = (along(axes[k].expand(batch, 3)) for k in range(3))
    inverse = torch.rsqrt(x * x + y * y + z * z)
    ray_up = y * inverse
    ray_sun = along(sun) * inverse
    facing = (normal_x * x + normal_y * y + normal_z * z).mul_(inverse).neg_()
    sun_x, sun_y, sun_z = sun[:, :, None, None].unbind(1)
    on_sun = normal_x * sun_x + normal_y * sun_y + normal_z * sun_z
    half = (on_sun + facing) * torch.rsqrt((2.0 - 2.0 * ray_sun).clamp_min(1e-3))
    is_sky = torch.isinf(depth)
    # The sky's haze is as deep as the air along its ray.
    distance = torch.where(is_sky, 14.0 / (ray_up.clamp_min(0.0) + 0.05), depth / inverse)
    sunlit = on_sun.clamp_min(0.0) * sun_share
    # Plane by plane in memory, whatever its shape says: light.py reads it so.
    lit = torch.empty(batch, LIT, height, width, device=depth.device)
    lit[:, 0] = torch.where(is_sky, 0.0, sunlit)
    lit[:, 1].copy_(structure[..., _OPEN]).mul_((0.5 + 0.5 * normal_y) * (1 / 255))
    lit[:, 2] = distance
    lit[:, 3] = torch.where(is_sky, ray_up.clamp(0.0, 1.0) ** 0.55, 0.0)
    for k, plane in enumerate(lamps):
        lit[:, 4 + k] = plane
    lit[:, 7] = is_sky
    lit[:, 8] = ray_sun
    slow = torch.exp(distance * -0.025)
    medium = _fourth(slow)
    values = (
        sun_share,
        *(plane.clamp(0.0, 4.0).sqrt_() for plane in lamps),
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
        is_sky,
        torch.log1p(distance) * 0.25,
    )
    out = torch.empty(batch, height, width, FEATURES, dtype=dtype, device=depth.device)
    patterns = out[..., :_STRUCTURE]
    patterns.copy_(structure)
    patterns.mul_(1 / 255)
    for k, value in enumerate(values):
        out[..., _STRUCTURE + k].copy_(value)
    return out, lit.permute(0, 2, 3, 1)


def _fourth(value: Tensor) -> Tensor:
    squared = value * value
    return squared * squared
