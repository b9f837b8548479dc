"""Every object's atlas of learned features: mixed, for its class and size, from a common stock.

An object is known by its class, its variant and how large it is. A small perceptron turns that into the
shares of a stock of atlases; so a van, a lorry and a car have pages of their own and yet teach each other.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from director.generate.embedded.painter.places import PAGES, SIDE
from director.generate.embedded.variants import VARIANTS, variants
from director.scene.ade20k import CLASSES
from director.types import SceneObject

__all__ = ["KNOWN", "Atlas", "Objects", "known_objects"]

KNOWN: Final = len(CLASSES) + 2
"""Classes that an object can have: 0 the sky, then CLASSES, and last whatever else. Each has VARIANTS kinds,
numbered through."""
_PLACE: Final = {name: i + 1 for i, name in enumerate(CLASSES)}
_MEASURES: Final = 8
_BUILT: Final = frozenset({"building", "house", "skyscraper", "hovel", "booth", "tower"})


def known_objects(objects: Sequence[SceneObject], seed: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kinds int64[objects + 1] and boxes float32[objects + 1, 4]: sizes in metres, and 1 where the upright
    faces are rows of bays. Row 0 is the sky."""
    classes = np.array([0] + [_PLACE.get(item.class_name, KNOWN - 1) for item in objects], np.int64)
    classes *= VARIANTS
    classes[1:] += variants(len(objects), seed)
    boxes = [(1.0, 1.0, 1.0, 0.0)] + [(*item.size_m, float(_has_bays(item))) for item in objects]
    return classes, np.array(boxes, np.float32)


def _has_bays(item: SceneObject) -> bool:
    wide, high, deep = item.size_m
    return item.class_name in _BUILT and high >= 1.9 and max(wide, deep) >= 1.8 and min(wide, deep) >= 0.3


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


class Atlas(nn.Module):
    """The pages of every object: `width` features a texel, mixed from a `stock` of atlases."""

    def __init__(self, object_width: int, stock: int, width: int, out_width: int) -> None:
        super().__init__()
        self.width = width
        self.shares = nn.Sequential(
            nn.Linear(object_width, 64),
            nn.SiLU(),
            nn.Linear(64, stock),
        )
        self.stock = nn.Parameter(torch.randn(stock, PAGES * SIDE * SIDE * width) * (0.5 / math.sqrt(stock)))
        self.out = nn.Linear(width, out_width, bias=False)

    def pages(self, known: Tensor) -> Tensor:
        """float32[b · n · PAGES · SIDE², width] of objects [b, n, object_width]."""
        shares: Tensor = self.shares(known)
        return (shares.flatten(0, 1) @ self.stock).view(-1, self.width)

    def read(self, pages: Tensor, taps: Tensor, weights: Tensor) -> Tensor:
        """[pixels, out_width], from `pages` and the taps of a Sight."""
        # In full precision, with whole numbers of 64 bits: the gradient of a bag knows no other fast way.
        bag = functional.embedding_bag(
            taps.long(), pages.float(), mode="sum", per_sample_weights=weights.float()
        )
        added: Tensor = self.out(bag)
        return added

    def baked(self, known: Tensor) -> Tensor:
        """Pages for `read_baked`: what a texel adds to a pixel, worked out once an object."""
        added: Tensor = self.out(self.pages(known))
        return added

    @staticmethod
    def read_baked(baked: Tensor, taps: Tensor, weights: Tensor) -> Tensor:
        """As `read`."""
        return functional.embedding_bag(taps, baked, mode="sum", per_sample_weights=weights)
