"""The trial's network, to measure against, on the present data.

    python -m tools.train.train --trial --data runs/data --out runs/trial --minutes 45

A stride-4 U-Net (64/128/192) with FiLM from the look everywhere, pixel-shuffle, then 1×1 layers of width 32
at full resolution and one 3×3; what is said is a mixture of the object's two colours, times light, plus a
rest. It reads what the trial read, the passes of the proxies: distance, normal, view ray, cosines, the sun's
shadow, the anchored bank, and sixteen features of every object's material. No finished things, no known
light, no known grade.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.materials import ROW
from tools.train.shards import Batch

__all__ = ["Trial"]

_SPLAT, _BANK = 16, 16
_PIXEL = 1 + 1 + 3 + 3 + 3 + 1 + _BANK + _SPLAT
_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")
_SATURATION = SCENE.index("saturation")


class _Block(nn.Module):
    def __init__(self, width: int, scene: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.film = nn.Linear(scene, 2 * width)
        nn.init.zeros_(self.film.weight)
        nn.init.zeros_(self.film.bias)

    def forward(self, x: Tensor, scene: Tensor) -> Tensor:
        scale, shift = self.film(scene)[:, :, None, None].chunk(2, 1)
        h = functional.relu(self.first(x)) * (1 + scale) + shift
        return torch.add(x, self.second(functional.relu(h)))


class Trial(nn.Module):
    """Draws sRGB float32[b, 3, h, w] from a Batch."""

    def __init__(self, widths: tuple[int, int, int] = (64, 128, 192), up: int = 16, late: int = 32) -> None:
        super().__init__()
        a, b, c = widths
        self.objects = nn.Sequential(nn.Linear(ROW, 96), nn.SiLU(), nn.Linear(96, _SPLAT))
        self.scene = nn.Sequential(nn.Linear(len(SCENE) + 3, 96), nn.SiLU(), nn.Linear(96, 96), nn.SiLU())
        self.stem = nn.Conv2d(_PIXEL, a, 4, stride=4)
        self.down_a = _Block(a, 96)
        self.to_b = nn.Conv2d(a, b, 2, stride=2)
        self.down_b = nn.ModuleList([_Block(b, 96) for _ in range(2)])
        self.to_c = nn.Conv2d(b, c, 2, stride=2)
        self.middle = nn.ModuleList([_Block(c, 96) for _ in range(3)])
        self.from_c = nn.Conv2d(c, b, 1)
        self.up_b = _Block(b, 96)
        self.from_b = nn.Conv2d(b, a, 1)
        self.up_a = _Block(a, 96)
        self.spread = nn.Conv2d(a, 16 * up, 1)
        self.late = nn.ModuleList(
            [nn.Conv2d(_PIXEL + up, late, 1), nn.Conv2d(late, late, 1), nn.Conv2d(late, late, 3, padding=1)]
        )
        self.head = nn.Conv2d(late, 1 + 3 + 3, 1)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, batch: Batch) -> Tensor:
        pixels = self._pixels(batch)
        scene = self.scene(torch.cat([batch.look, batch.sun], -1))
        a = self.down_a(self.stem(pixels), scene)
        b = self.to_b(functional.relu(a))
        for block in self.down_b:
            b = block(b, scene)
        c = self.to_c(functional.relu(b))
        for block in self.middle:
            c = block(c, scene)
        b = self.up_b(b + functional.interpolate(self.from_c(c), scale_factor=2.0), scene)
        a = self.up_a(a + functional.interpolate(self.from_b(b), scale_factor=2.0), scene)
        x = torch.cat([pixels, functional.pixel_shuffle(self.spread(functional.relu(a)), 4)], 1)
        for layer in self.late:
            x = functional.relu(layer(x))
        said = self.head(x).float()
        rows = _looked_up(batch.rough.rows, batch.rough.ids)
        share = torch.sigmoid(said[:, :1])
        first = rows[..., _FIRST : _FIRST + 3].permute(0, 3, 1, 2)
        second = rows[..., _SECOND : _SECOND + 3].permute(0, 3, 1, 2)
        colour = share * first + (1 - share) * second
        picture = colour * torch.exp(said[:, 1:4].clamp(-6, 3)) + said[:, 4:]
        grey = picture.mean(1, keepdim=True)
        # The trial's way with monochrome: saturation by the look's own number.
        kept = (2.0 * batch.look[:, _SATURATION]).clamp_max(1.0)[:, None, None, None]
        drawn: Tensor = (grey + kept * (picture - grey)).clamp(-0.05, 1.05)
        return drawn

    def _pixels(self, batch: Batch) -> Tensor:
        """[b, _PIXEL, h, w]."""
        rough = batch.rough
        _, height, width = rough.depth.shape
        u = ((torch.arange(width, device=rough.depth.device) + 0.5) / width)[None, None, None, :]
        v = ((torch.arange(height, device=rough.depth.device) + 0.5) / height)[None, None, :, None]
        o, across, down = (batch.rays[:, k, :, None, None] for k in range(3))
        ray = functional.normalize(o + across * u + down * v, dim=1)
        normal = rough.normal.permute(0, 3, 1, 2)
        sun = batch.sun[:, :, None, None]
        cosines = [-(normal * ray).sum(1), (normal * sun).sum(1), (ray * sun).sum(1)]
        near = [1.0 / rough.depth.clamp_min(0.25), torch.exp(rough.depth / -20.0)]
        splat = _looked_up(self.objects(rough.rows), rough.ids).permute(0, 3, 1, 2)
        bank = rough.structure.permute(0, 3, 1, 2).float() / 255
        planes = torch.stack([*near, *cosines, rough.shadow], 1)
        made: Tensor = torch.cat([planes, normal, ray, bank, splat.float()], 1)
        return made


def _looked_up(rows: Tensor, ids: Tensor) -> Tensor:
    """[b, h, w, c] from rows [b, n, c] by ids int64[b, h, w]."""
    first = torch.arange(len(rows), device=rows.device)[:, None, None] * rows.shape[1]
    return rows.flatten(0, 1)[ids + first]
