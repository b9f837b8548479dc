"""Every object's atlas of learned features: mixed, for its class and size, from a common stock, and unfolded.

An object is known by its class, its variant and how large it is. A small perceptron turns that into the
shares of a stock of atlases; so a van, a lorry and a car have pages of their own and yet teach each other.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded.painter.palette import GROUPS
from director.generate.embedded.painter.places import INSETS, PAGES, SIDE, Spots, met, taps
from director.generate.embedded.variants import VARIANTS, variants
from director.scene.ade20k import CLASSES
from director.types import SceneObject

__all__ = ["KNOWN", "TOLD", "Atlas", "Objects", "Pages", "known_objects"]

KNOWN: Final = len(CLASSES) + 2
"""Classes that an object can have: 0 the sky, then CLASSES, and last whatever else. Each has VARIANTS kinds,
numbered through."""
TOLD: Final = len(GROUPS) + 1
"""What pages tell of a pixel: substances, and how much shows through."""
_PLACE: Final = {name: i + 1 for i, name in enumerate(CLASSES)}
_MEASURES: Final = 8
# A coarse page has so many texels along and features a texel; the layers that unfold it are so wide.
_COARSE: Final = SIDE // 4
_DEEP: Final = 24
_UNFOLDED: Final = (48, 32)
_BUILT: Final = frozenset({"building", "house", "skyscraper", "hovel", "booth", "tower"})


def known_objects(objects: Sequence[SceneObject], seed: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kinds int64[objects + 1] and boxes float32[objects + 1, 4]: sizes in metres, and 1 where the upright
    faces are rows of bays, −1 for people, whose heads have pages. Row 0 is the sky."""
    classes = np.array([0] + [_PLACE.get(item.class_name, KNOWN - 1) for item in objects], np.int64)
    classes *= VARIANTS
    classes[1:] += variants(len(objects), seed)
    boxes = [(1.0, 1.0, 1.0, 0.0)] + [(*item.size_m, _repeats(item)) for item in objects]
    return classes, np.array(boxes, np.float32)


def _repeats(item: SceneObject) -> float:
    if item.class_name == "person":
        return -1.0
    wide, high, deep = item.size_m
    has_bays = item.class_name in _BUILT and high >= 1.9 and max(wide, deep) >= 1.8 and min(wide, deep) >= 0.3
    return float(has_bays)


class Objects(nn.Module):
    """What an object is, as float32[b, n, width]: from kinds int[b, n] and boxes float32[b, n, 4]."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.classes = nn.Embedding(KNOWN, width)
        self.kinds = nn.Embedding(KNOWN * VARIANTS, width)
        nn.init.normal_(self.kinds.weight, std=0.3)
        self.first = nn.Linear(width + _MEASURES, 2 * width)
        self.second = nn.Linear(2 * width, width)

    def forward(self, classes: Tensor, boxes: Tensor) -> Tensor:
        x, y, z = boxes[..., :3].clamp_min(0.01).log().unbind(-1)
        wide = torch.maximum(x, z)
        measures = torch.stack(
            [x, y, z, y - wide, x - z, 0.5 * (x + y + z), torch.tanh(2.0 * (wide + y) - 1.0), boxes[..., 3]],
            -1,
        )
        kind = self.classes(torch.div(classes, VARIANTS, rounding_mode="floor")) + self.kinds(classes)
        hidden = functional.silu(self.first(torch.cat([kind, 0.5 * measures], -1)))
        return torch.add(kind, self.second(hidden))


@dataclass(frozen=True, slots=True, eq=False)
class Pages:
    """Pages of several sorts of objects.

    texels  [sorts · PAGES · SIDE², width]
    insets  float32[sorts · PAGES · SIDE²]: how far behind its face what a texel shows lies (places.INSETS)
    sorts   int32[b · n]: of every object which sort it is
    """

    texels: Tensor
    insets: Tensor
    sorts: Tensor


class Atlas(nn.Module):
    """The pages of every object: `width` features a texel, unfolded by convolutions from a coarse page that
    is mixed, for what the object is, from a `stock`. That is done once an object, so it may cost something.

    What its texels are is asked of them too (`tell`): tools.train.pages teaches it by that alone.
    """

    def __init__(self, object_width: int, stock: int, width: int, out_width: int, told: int) -> None:
        """`told` numbers are told of each texel, the last of which is its inset."""
        super().__init__()
        self.width = width
        self.objects = Objects(object_width)
        self.shares = nn.Sequential(
            nn.Linear(object_width, 64),
            nn.SiLU(),
            nn.Linear(64, stock),
        )
        self.stock = nn.Parameter(
            torch.randn(stock, PAGES * _COARSE * _COARSE * _DEEP) * (0.5 / math.sqrt(stock))
        )
        self.turned = nn.Linear(object_width, _UNFOLDED[0])
        self.page = nn.Parameter(torch.zeros(PAGES, _UNFOLDED[0]))
        self.first = nn.Conv2d(_DEEP, _UNFOLDED[0], 3, padding=1)
        self.second = nn.Conv2d(_UNFOLDED[0], _UNFOLDED[1], 3, padding=1)
        self.third = nn.Conv2d(_UNFOLDED[1], width, 3, padding=1)
        self.tell = nn.Linear(width, told)
        self.out = nn.Linear(width, out_width, bias=False)

    def pages(self, classes: Tensor, boxes: Tensor) -> Tensor:
        """float32[b · n · PAGES · SIDE², width] of objects by their kinds [b, n] and boxes [b, n, 4]."""
        known = self.objects(classes, boxes).flatten(0, 1)
        coarse = (self.shares(known) @ self.stock).view(-1, _COARSE, _COARSE, _DEEP).permute(0, 3, 1, 2)
        added = (self.turned(known)[:, None] + self.page).flatten(0, 1)
        x = functional.silu(self.first(coarse) + added[:, :, None, None])
        x = functional.silu(self.second(_doubled(x)))
        pages: Tensor = self.third(_doubled(x)).permute(0, 2, 3, 1).reshape(-1, self.width)
        return pages

    def known(self, classes: Tensor, boxes: Tensor, ids: Tensor | None = None) -> Pages:
        """The pages of all objects of these kinds [b, n] and boxes [b, n, 4]; of those alone that `ids`
        names, integers numbered through the batch, if given. Objects alike share theirs."""
        rows = torch.cat([classes[..., None].to(boxes.dtype), boxes], -1).flatten(0, 1)
        if ids is not None:
            unseen = torch.ones(len(rows), dtype=torch.bool, device=rows.device)
            unseen[ids.flatten().long()] = False
            rows = torch.where(unseen[:, None], rows[:1], rows)
        chosen, sorts = torch.unique(rows, dim=0, return_inverse=True)
        texels = self.pages(chosen[None, :, 0].long(), chosen[None, :, 1:])
        return Pages(texels, self._insets(texels), sorts.to(torch.int32))

    def _insets(self, texels: Tensor) -> Tensor:
        told = functional.linear(texels.detach(), self.tell.weight[-1:], self.tell.bias[-1:])[:, 0]
        low, high = INSETS
        return told.detach().float().clamp(0.0, 1.0) * (high - low) + low

    def read(self, pages: Pages, spots: Spots, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Where the rays of `spots` meet the finished things: what the pages add, [pixels, out_width], and
        what they tell of substances and of what shows through, [b, TOLD, h, w], before softmax. ids
        int32[b, h, w] are numbered through the batch."""
        first = pages.sorts.index_select(0, ids.flatten()).view(ids.shape)
        spots = replace(spots, first=spots.first.add(first, alpha=PAGES * SIDE * SIDE))
        u, v = met(pages.insets, spots)
        found, weights = taps(spots, u, v, pages.texels.dtype)
        if pages.texels.requires_grad:
            # The gradient of a bag knows no other fast way than whole numbers of 64 bits.
            found = found.long()
        bag = functional.embedding_bag(found, pages.texels, mode="sum", per_sample_weights=weights)
        added: Tensor = functional.linear(bag, self.out.weight.to(bag.dtype))
        # Plane by plane, as what the network says. A page too fine to be seen tells nothing.
        weight, bias = (value[:TOLD].to(bag.dtype) for value in (self.tell.weight, self.tell.bias))
        told = torch.addmm(bias[:, None] * spots.kept.flatten().to(bag.dtype), weight, bag.t())
        return added, told.view(TOLD, *ids.shape).transpose(0, 1)


def _doubled(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)
