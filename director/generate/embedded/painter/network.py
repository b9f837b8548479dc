"""The painter's network: one step from the passes of rough proxies to the light of finished things.

Three parts. Small perceptrons turn each object's class, size and material, with the scene's look, into an
atlas of features and into what its pixels are scaled and shifted by; so what is to be drawn on a surface
meets it in the first layer, at full resolution, for the price of a table look-up. A U-Net at a quarter of
the resolution sees the surroundings: shade, bounce, halo, what other things there are. A second
full-resolution path puts both together and says what a pixel is made of, how it is turned and how it is
lit; shading.py makes light of that.

Plain torch, so that loading is quick; model.py gives the same network as a diffusers model.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded.atmosphere import linear_from_srgb
from director.generate.embedded.fused import convolved
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import ROW
from director.generate.embedded.painter.atlas import Atlas, Objects, Pages
from director.generate.embedded.painter.behind import behind, gathered, widened
from director.generate.embedded.painter.features import COARSE, FEATURES, Sight
from director.generate.embedded.painter.palette import GROUPS
from director.generate.embedded.painter.places import PAGE_LAYERS
from director.generate.embedded.painter.shading import SAYS, Said, completed, shaded

__all__ = ["HISTORY", "Drawn", "Painter"]

_SUN = 3
HISTORY = 4
"""Planes of a history: sRGB 0..1 and how far it can be trusted."""
_MOST_HISTORY = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What the network gives.

    light   float32[b, 3, h, w], linear
    groups  [b, len(GROUPS), h, w], substances, before softmax
    normal  [b, 3, h, w], what is added to the normal
    through [b, h, w], before a sigmoid, how much of what lies behind shows
    line    [b, h, w], before a sigmoid, where a draughtsman would put a line
    steady  [b, 1, h / 4, w / 4], how much of the smooth part of its history the picture takes; None where
            there was no history
    """

    light: Tensor
    groups: Tensor
    normal: Tensor
    through: Tensor
    line: Tensor
    steady: Tensor | None


class _Block(nn.Module):
    """Two 3×3 convolutions beside a straight path, scaled and shifted by the scene."""

    def __init__(self, width: int, scene_width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.scene = nn.Linear(scene_width, 2 * width)
        nn.init.zeros_(self.scene.weight)
        nn.init.zeros_(self.scene.bias)
        nn.init.normal_(self.second.weight, std=0.01)

    def forward(self, x: Tensor, scene: Tensor) -> Tensor:
        scale, shift = self.scene(scene).to(x.dtype)[:, :, None, None].chunk(2, 1)
        h = convolved(self.first, x)
        h = self.second(torch.addcmul(shift, h, 1.0 + scale))
        return torch.add(x, h)


class Painter(nn.Module):
    """See the module. Widths: `pixel` and `late` of the full-resolution paths before and after the U-Net,
    `widths` of the U-Net at a quarter, an eighth and a sixteenth, `table`, `scene` and `known` of the
    perceptrons; `stock` atlases of `atlas` features a texel."""

    def __init__(
        self,
        pixel_width: int = 32,
        widths: tuple[int, int, int] = (48, 96, 128),
        late_width: int = 32,
        table_width: int = 160,
        scene_width: int = 96,
        known_width: int = 32,
        stock: int = 96,
        atlas_width: int = 16,
    ) -> None:
        super().__init__()
        a, b, c = widths
        self.objects = Objects(known_width)
        self.atlas = Atlas(known_width, stock, atlas_width, pixel_width, len(GROUPS) + PAGE_LAYERS)
        self.scene = nn.Sequential(
            nn.Linear(len(SCENE) + _SUN, scene_width),
            nn.SiLU(),
            nn.Linear(scene_width, scene_width),
            nn.SiLU(),
        )
        self.table = nn.Sequential(
            nn.Linear(ROW + known_width + len(SCENE) + _SUN, table_width),
            nn.SiLU(),
            nn.Linear(table_width, table_width),
            nn.SiLU(),
            nn.Linear(table_width, 2 * pixel_width),
        )
        self.look_up = nn.Conv2d(FEATURES, pixel_width, 1)
        self.near = nn.Conv2d(pixel_width, pixel_width, 1)
        self.stem = nn.Conv2d(pixel_width, a, 4, stride=4)
        self.survey = nn.Conv2d(COARSE, a, 1)
        self.before = nn.Conv2d(HISTORY, a, 1, bias=False)
        self.down_a = _Block(a, scene_width)
        self.to_b = nn.Conv2d(a, b, 2, stride=2)
        self.down_b = nn.ModuleList([_Block(b, scene_width), _Block(b, scene_width)])
        self.to_c = nn.Conv2d(b, c, 2, stride=2)
        self.middle = nn.ModuleList([_Block(c, scene_width), _Block(c, scene_width), _Block(c, scene_width)])
        self.from_c = nn.Conv2d(c, b, 1)
        self.up_b = _Block(b, scene_width)
        self.from_b = nn.Conv2d(b, a, 1)
        self.up_a = _Block(a, scene_width)
        self.spread = nn.Conv2d(a, 16 * late_width, 1)
        self.steady = nn.Conv2d(a, 1, 1)
        self.meet = nn.Conv2d(pixel_width, late_width, 1)
        self.about = nn.Conv2d(late_width, late_width, 3, padding=1, groups=late_width)
        self.detail = nn.Conv2d(late_width, late_width, 1)
        self.head = nn.Conv2d(late_width, SAYS, 1)
        nn.init.zeros_(self.before.weight)
        nn.init.normal_(self.head.weight, std=0.02)
        self.head.bias = nn.Parameter(Said.start())
        colours = torch.tensor([group.colour for group in GROUPS])
        shares = torch.tensor([(group.first, group.second) for group in GROUPS])
        left = 1.0 - shares.sum(1, keepdim=True)
        left[[i for i, group in enumerate(GROUPS) if group.name in ("own", "skin", "hair")]] = 0.0
        self.palette = nn.Parameter(torch.cat([shares, left * linear_from_srgb(colours)], 1))

    def halve(self, dtype: torch.dtype) -> "Painter":
        """The convolutions in a shorter type, for inference; what is computed once an object or a picture
        stays in float32, where it costs nothing."""
        for name, module in self.named_modules():
            if isinstance(module, nn.Conv2d) and not name.startswith("atlas."):
                module.to(dtype)
                module.weight.data = module.weight.data.contiguous(memory_format=torch.channels_last)
        return self

    def forward(
        self,
        sight: Sight,
        classes: Tensor,
        boxes: Tensor,
        rows: Tensor,
        look: Tensor,
        sun: Tensor,
        history: Tensor | None = None,
    ) -> Drawn:
        """Sight as features.py has it, height and width in 16ths; classes int64[b, n] and boxes
        float32[b, n, 4] (atlas.known_objects), rows float32[b, n, ROW], look float32[b, len(SCENE)], sun
        float32[b, 3]. `history` float32[b, HISTORY, h / 4, w / 4]: the previous picture, re-projected, and
        how far it can be trusted."""
        known = self.objects(classes, boxes)
        tables = self.tables(known, rows, look, sun, sight.features.dtype)
        pages = self.atlas.known(classes, boxes, sight.ids)
        x, start, told = self.front(sight, tables, replace(pages, texels=pages.texels.float()))
        around, steady = self.surroundings(start, torch.cat([look, sun], -1), history)
        said = self.back(x, around, told)
        surfaces = shaded(said, sight, self.palette, rows, look, sun)
        coarse = behind(*gathered(surfaces.light, surfaces.through, sight.lit.distance))
        light = completed(surfaces, widened(coarse), sight.lit.sky, sight.structure, look)
        return Drawn(light, said.groups, said.normal, said.through[:, 0], said.line[:, 0], steady)

    def tables(
        self, known: Tensor, rows: Tensor, look: Tensor, sun: Tensor, dtype: torch.dtype
    ) -> tuple[Tensor, Tensor]:
        """What pixels of each object are scaled and shifted by, [b · n, pixel_width] each."""
        scene = torch.cat([look, sun], -1)[:, None].expand(*rows.shape[:2], len(SCENE) + _SUN)
        scale, shift = self.table(torch.cat([rows, known, scene], -1)).flatten(0, 1).to(dtype).chunk(2, -1)
        return scale.contiguous(), shift.contiguous()

    def front(
        self, sight: Sight, tables: tuple[Tensor, Tensor], pages: Pages
    ) -> tuple[Tensor, Tensor, Tensor]:
        """What each pixel is by itself [b, pixel_width, h, w], what the U-Net starts from, at a quarter of
        the size, and what the pages tell, [b, atlas.TOLD, h, w]. `pages` are the atlas's."""
        if sight.spots is None:
            raise ValueError("the first layer reads a whole sight, with its spots")
        scale, shift = (functional.embedding(sight.ids, table) for table in tables)
        x = self.look_up(sight.features.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
        placed, told = self.atlas.read(pages, sight.spots, sight.ids)
        placed = placed.view(x.shape).to(x.dtype) + shift
        x = functional.relu(torch.addcmul(placed, x, scale), inplace=True).permute(0, 3, 1, 2)
        x = convolved(self.near, x)
        coarse = self.survey(sight.coarse.contiguous(memory_format=torch.channels_last))
        return x, self.stem(x) + coarse, told

    def surroundings(
        self, start: Tensor, scene: Tensor, history: Tensor | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """The U-Net: features [b, widths[0], h / 4, w / 4], and Drawn's `steady`. `scene` is look and sun."""
        scene = self.scene(scene)
        if history is not None:
            start = start + self.before((history * history[:, 3:]).to(start.dtype))
        a = self.down_a(start, scene)
        b = self.to_b(functional.relu(a))
        for block in self.down_b:
            b = block(b, scene)
        c = self.to_c(functional.relu(b))
        for block in self.middle:
            c = block(c, scene)
        b = b + functional.interpolate(self.from_c(c), scale_factor=2.0, mode="nearest")
        b = self.up_b(b, scene)
        a = a + functional.interpolate(self.from_b(b), scale_factor=2.0, mode="nearest")
        a = functional.relu(self.up_a(a, scene), inplace=True)
        if history is None:
            return a, None
        return a, _MOST_HISTORY * torch.sigmoid(self.steady(a).float()) * history[:, 3:]

    def back(self, x: Tensor, around: Tensor, told: Tensor, first: int = 0, rows: int = 0) -> Said:
        """What is said of each pixel, with what the pages told of it; only of so many rows from the first
        on, if `rows` is given: `told` is of those."""
        x = convolved(self.meet, x, _unfolded(self.spread(around)))
        x = convolved(self.detail, self.about(x), x)
        said = Said.of(self._said(x[:, :, first : first + rows] if rows else x))
        return said.with_pages(told.to(x.dtype))

    def _said(self, x: Tensor) -> Tensor:
        """The head, a 1×1 convolution, as a product whose result lies plane by plane."""
        batch, width, height, across = x.shape
        pixels = x.permute(0, 2, 3, 1).reshape(-1, width)
        weight, bias = self.head.weight, self.head.bias
        said = weight.view(SAYS, width).to(pixels.dtype) @ pixels.t()
        if bias is not None:
            said = said + bias.to(said.dtype)[:, None]
        return said.view(SAYS, batch, height, across).transpose(0, 1)


def _unfolded(x: Tensor) -> Tensor:
    """[b, c, 4 h, 4 w] from [b, 16 c, h, w]; channels stay last in memory."""
    batch, wide, height, width = x.shape
    cells = x.permute(0, 2, 3, 1).reshape(batch, height, width, 4, 4, wide // 16)
    spread = cells.permute(0, 1, 3, 2, 4, 5).reshape(batch, 4 * height, 4 * width, wide // 16)
    return spread.permute(0, 3, 1, 2)
