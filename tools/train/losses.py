"""What the network is held to, and how it is judged. Pictures are float32[b, 3, h, w], sRGB 0..1."""

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["chroma", "detail", "plain_loss", "psnr", "ssim"]

# A Gaussian of 1.5 pixels, as in `director measure`'s detail_kept.
_BLUR_PX, _REACH = 1.5, 4


def ssim(a: Tensor, b: Tensor) -> Tensor:
    """Mean structural similarity with a 7 × 7 box (Wang et al., IEEE TIP 13(4), 2004)."""
    stacked = torch.cat([a, b, a * a, b * b, a * b], 1)
    mean_a, mean_b, aa, bb, ab = functional.avg_pool2d(stacked, 7, 1).chunk(5, 1)
    variance_a, variance_b = aa - mean_a * mean_a, bb - mean_b * mean_b
    shared = ab - mean_a * mean_b
    c1, c2 = 0.01**2, 0.03**2
    top = (2 * mean_a * mean_b + c1) * (2 * shared + c2)
    bottom = (mean_a * mean_a + mean_b * mean_b + c1) * (variance_a + variance_b + c2)
    return (top / bottom).mean()


def psnr(a: Tensor, b: Tensor) -> float:
    """Decibels, of all the pictures given taken together."""
    return float(-10 * torch.log10((a - b).square().mean().clamp_min(1e-10)))


def chroma(a: Tensor) -> float:
    """How colourful: mean distance from grey."""
    return float((a - a.mean(1, keepdim=True)).square().sum(1).sqrt().mean())


def detail(a: Tensor) -> Tensor:
    """What a Gaussian of 1.5 pixels takes away; the borders are left out."""
    offset = torch.arange(-_REACH, _REACH + 1, device=a.device, dtype=a.dtype)
    bell = torch.exp(-0.5 * (offset / _BLUR_PX) ** 2)
    bell = bell / bell.sum()
    channels = a.shape[1]
    across = bell.expand(channels, 1, 1, -1).contiguous()
    smooth = functional.conv2d(a, across, groups=channels)
    smooth = functional.conv2d(smooth, across.transpose(2, 3).contiguous(), groups=channels)
    return a[..., _REACH:-_REACH, _REACH:-_REACH] - smooth


def plain_loss(a: Tensor, b: Tensor) -> Tensor:
    """Distance, and half as much the distance of gradients at three scales, and a little structure."""
    gap = a - b
    # In brightness alone: colour's is the same nearly everywhere, at three times the time.
    grey_a, grey_b = a.mean(1, keepdim=True), b.mean(1, keepdim=True)
    total = gap.abs().mean() + 0.15 * (1 - ssim(grey_a, grey_b))
    for scale in range(3):
        if scale:
            gap = functional.avg_pool2d(gap, 2)
        across = (gap[..., 1:] - gap[..., :-1]).abs().mean()
        down = (gap[..., 1:, :] - gap[..., :-1, :]).abs().mean()
        total = total + 0.25 * (across + down)
    return total
