"""The network of the embedded generator: one step from passes and looks to light.

Three parts. A small perceptron turns each object's material, with the scene's look, into what the pixels of
that object are scaled and shifted by; so the patterns of a surface meet its material in the first layer, at
full resolution, for the price of a table look-up. A U-Net at a quarter of the resolution sees the
surroundings: shade, bounce, what light is near. A second full-resolution path puts both together and says how
much of everything that is known of the scene is seen at a pixel; light.py adds it up.

The grade (grade.py) makes a picture of that. Plain torch, so that loading is quick; model.py gives the same
network as a diffusers model.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded.features import FEATURES
from director.generate.embedded.fused import convolved
from director.generate.embedded.light import SAYS, light_from
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import ROW

__all__ = ["HISTORY", "Block", "Drawn", "Network", "numbered", "object_inputs"]

_SUN = 3
HISTORY = 4
"""Planes of a history: sRGB 0..1 and how far it can be trusted."""
_MOST_HISTORY = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """What the network gives.

    light   float32[b, 3, h, w], linear
    steady  [b, 1, h / 4, w / 4], how much of the smooth part of its history the picture takes; None where
            there was no history
    """

    light: Tensor
    steady: Tensor | None


def numbered(ids: Tensor, count: int) -> Tensor:
    """int32, rows of a table [b, count, …] flattened."""
    first = torch.arange(len(ids), dtype=torch.int32, device=ids.device) * count
    return ids.to(torch.int32) + first[:, None, None]


def object_inputs(rows: Tensor, look: Tensor, sun: Tensor) -> Tensor:
    """[b, objects + 1, ROW + 1 + len(SCENE) + 3]: a row an object id, 0 the sky, with look and sun beside.

    `rows` are float32[b, objects + 1, PIECE], row 0 zeros; that something is a pane is left to light.py.
    """
    rows = rows[..., :ROW]
    batch, count, _ = rows.shape
    sky = torch.zeros(batch, count, 1, dtype=rows.dtype, device=rows.device)
    sky[:, 0] = 1.0
    scene = torch.cat([look, sun], -1)[:, None].expand(batch, count, len(SCENE) + _SUN)
    return torch.cat([rows, sky, scene], -1)


def _looked_up(ids: Tensor, table: Tensor) -> Tensor:
    """[b, h, w, c] from rows [b, n, c] numbered through."""
    return functional.embedding(ids, table.flatten(0, 1))


class Block(nn.Module):
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


class Network(nn.Module):
    """See the module. Widths: `pixel` and `late` of the full-resolution paths before and
    after the U-Net, `widths` of the U-Net at a quarter, an eighth and a sixteenth, `up` of what it hands
    back to each pixel, `table` and `scene` of the perceptrons."""

    def __init__(
        self,
        pixel_width: int = 40,
        widths: tuple[int, int, int] = (48, 96, 128),
        up_width: int = 16,
        late_width: int = 32,
        table_width: int = 128,
        scene_width: int = 96,
    ) -> None:
        super().__init__()
        a, b, c = widths
        self.scene = nn.Sequential(
            nn.Linear(len(SCENE) + _SUN, scene_width),
            nn.SiLU(),
            nn.Linear(scene_width, scene_width),
            nn.SiLU(),
        )
        self.table = nn.Sequential(
            nn.Linear(ROW + 1 + len(SCENE) + _SUN, table_width),
            nn.SiLU(),
            nn.Linear(table_width, table_width),
            nn.SiLU(),
            nn.Linear(table_width, 2 * pixel_width),
        )
        self.look_up = nn.Conv2d(FEATURES, pixel_width, 1)
        self.near = nn.Conv2d(pixel_width, pixel_width, 1)
        self.stem = nn.Conv2d(pixel_width, a, 4, stride=4)
        self.down_a = Block(a, scene_width)
        self.to_b = nn.Conv2d(a, b, 2, stride=2)
        self.down_b = nn.ModuleList([Block(b, scene_width), Block(b, scene_width)])
        self.to_c = nn.Conv2d(b, c, 2, stride=2)
        self.middle = nn.ModuleList([Block(c, scene_width), Block(c, scene_width), Block(c, scene_width)])
        self.from_c = nn.Conv2d(c, b, 1)
        self.up_b = Block(b, scene_width)
        self.from_b = nn.Conv2d(b, a, 1)
        self.up_a = Block(a, scene_width)
        self.spread = nn.Conv2d(a, 16 * up_width, 1)
        self.before = nn.Conv2d(HISTORY, a, 1, bias=False)
        self.steady = nn.Conv2d(a, 1, 1)
        self.meet = nn.Conv2d(pixel_width + up_width, late_width, 1)
        self.detail = nn.Conv2d(late_width, late_width, 3, padding=1)
        self.head = nn.Conv2d(late_width, SAYS, 1)
        nn.init.zeros_(self.before.weight)
        nn.init.normal_(self.head.weight, std=0.02)
        self.head.bias = nn.Parameter(torch.zeros(SAYS))

    def halve(self, dtype: torch.dtype) -> "Network":
        """The convolutions in a shorter type, for inference; what is computed once an object or a picture
        stays in float32, where it costs nothing."""
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                module.to(dtype)
                module.weight.data = module.weight.data.contiguous(memory_format=torch.channels_last)
        return self

    @property
    def widths(self) -> tuple[int, int]:
        """Channels of a pixel before the U-Net and after it."""
        return self.near.out_channels, self.meet.out_channels

    def forward(
        self,
        features: Tensor,
        lit: Tensor,
        structure: Tensor,
        ids: Tensor,
        rows: Tensor,
        look: Tensor,
        sun: Tensor,
        mirror: Tensor | None = None,
        shelter: Tensor | None = None,
        history: Tensor | None = None,
    ) -> Drawn:
        """What is drawn of a batch of views.

        From features [b, h, w, FEATURES] and lit float32[b, h, w, LIT] (features.py), the structure map
        uint8[b, h, w, 16], ids int[b, h, w], rows float32[b, n, PIECE], look float32[b, len(SCENE)] and sun
        float32[b, 3]. Height and width in 16ths. `mirror` (mirror.py) int64[1, h, w] is for a batch of one,
        `shelter` uint8[b, h, w] where something lies overhead. `history` float32[b, HISTORY, h / 4, w / 4]:
        the previous picture, re-projected, and how far it can be trusted (history.py).
        """
        ids = numbered(ids, rows.shape[1])
        said, steady = self.says(features, ids, rows, look, sun, history)
        return Drawn(light_from(said, features, lit, structure, ids, rows, look, mirror, shelter), steady)

    def says(
        self,
        features: Tensor,
        ids: Tensor,
        rows: Tensor,
        look: Tensor,
        sun: Tensor,
        history: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """float32[b, SAYS, h, w], what light is made of, and Drawn's `steady`; ids as `numbered` has them."""
        *tables, scene = self.tells(rows, look, sun)
        scale, shift = (_looked_up(ids, part.to(features.dtype)).permute(0, 3, 1, 2) for part in tables)
        x = self.look_up(features.permute(0, 3, 1, 2))
        x = functional.relu(torch.addcmul(shift, x, scale), inplace=True)
        x = convolved(self.near, x)
        spread, steady = self._surroundings(x, scene, history)
        x = convolved(self.meet, torch.cat([x, functional.pixel_shuffle(spread, 4)], 1))
        x = x + convolved(self.detail, x)
        said = self.said(x).float() + self.head_bias[:, None]
        return said.view(SAYS, len(x), *x.shape[2:]).transpose(0, 1), steady

    def tells(self, rows: Tensor, look: Tensor, sun: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What no pixel has a part in: by how much pixels of objects are scaled and shifted,
        float32[b, n, width] both, and the scene for the blocks of the U-Net."""
        scale, shift = self.table(object_inputs(rows, look, sun)).chunk(2, -1)
        return scale, shift, self.scene(torch.cat([look, sun], -1))

    @property
    def head_bias(self) -> Tensor:
        """float32[SAYS]."""
        if self.head.bias is None:
            return torch.zeros(SAYS, device=self.head.weight.device)
        return self.head.bias.float()

    def said(self, x: Tensor) -> Tensor:
        """[SAYS, b · h · w]: the head, a 1×1 convolution, as a product whose result lies plane by plane."""
        pixels = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
        return self.head.weight.view(SAYS, -1) @ pixels.t()

    def _surroundings(self, x: Tensor, scene: Tensor, history: Tensor | None) -> tuple[Tensor, Tensor | None]:
        """What the pixels of each four by four are told of what is about them, [b, 16 · up, h / 4, w / 4]."""
        start = self.stem(x)
        if history is not None:
            start = start + self.remembered(history)
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
        a = functional.relu(self.up_a(a, scene))
        spread = self.spread(a)
        if history is None:
            return spread, None
        return spread, self.steadied(a, history)

    def remembered(self, history: Tensor) -> Tensor:
        """What is added to the U-Net's start, [b, a, h / 4, w / 4] in the type of the convolutions."""
        return torch.as_tensor(self.before((history * history[:, 3:]).to(self.before.weight.dtype)))

    def steadied(self, a: Tensor, history: Tensor) -> Tensor:
        """Drawn's `steady`, from the U-Net's end and a history."""
        return _MOST_HISTORY * torch.sigmoid(self.steady(a).float()) * history[:, 3:]
