"""Reading the data set: whatever shards are there, more as they are written."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.embedded.painter.features import Sight, sight
from tools.train.substances import group_of_stuff

__all__ = ["ABOUT", "MOST_IDS", "Batch", "Shards"]

ABOUT = "about.json"
"""What a data set says of itself."""

_PER_LOOK = ("target", "look", "materials")
_PER_OBJECT = ("materials", "classes", "boxes")
_HISTORY_LOOK = 0
MOST_IDS = 256
"""Objects of a view, and the sky: their ids fit in a byte."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What Painter.forward takes, and what it is held to.

    rays     float32[b, 3, 3] (inputs.view_rays)
    target   float32[b, 3, h, w], sRGB 0..1
    solid    bool[b, h, w]: the finished scene shows the same object as the proxies there, or the sky
    groups   int64[b, h, w]: the substance of each pixel (painter.palette), −1 where that is not so
    lines    float32[b, h, w]: 1 where a draughtsman would draw the finished scene a line
    normal   float32[b, 3, h, w]: the finished surface's, less the proxy's; 0 likewise
    history  float32[b, 4, h / 4, w / 4]; trusted nowhere where there is none
    """

    sight: Sight
    classes: Tensor
    boxes: Tensor
    rows: Tensor
    look: Tensor
    sun: Tensor
    rays: Tensor
    history: Tensor
    target: Tensor
    solid: Tensor
    groups: Tensor
    lines: Tensor
    normal: Tensor

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The arguments of the network, without a history."""
        return self.sight, self.classes, self.boxes, self.rows, self.look, self.sun


class Shards:
    """The views of one kind ("train" or "held") under a folder. Raises FileNotFoundError if none is there.

    On a graphics card they are all kept in its memory, 2 MB a view: there the reading of files would take
    longer than the training.
    """

    def __init__(self, folder: Path, kind: str, device: str = "cpu") -> None:
        self._folder, self._kind, self._device = folder, kind, device
        self._is_kept = device != "cpu"
        self._open: dict[Path, dict[str, Any]] = {}
        self._places: list[tuple[Path, int]] = []
        self._kept: dict[str, Tensor] = {}
        self._groups = torch.from_numpy(group_of_stuff()).to(device)
        self.look_again()
        if not self._places:
            raise FileNotFoundError(
                f"no {kind} shard in {folder}: render some with python -m tools.train.dataset"
            )

    def look_again(self) -> None:
        """Take in shards that were written since."""
        for path in sorted(self._folder.glob(f"{self._kind}-*")):
            if path.suffix == ".part" or path in self._open:
                continue
            arrays = {file.stem: np.load(file, mmap_mode="r") for file in sorted(path.glob("*.npy"))}
            count = len(arrays["sun"])
            if self._is_kept:
                self._keep(arrays, len(self._places))
            self._open[path] = arrays
            self._places += [(path, i) for i in range(count)]

    def _keep(self, arrays: dict[str, NDArray[Any]], first: int) -> None:
        """Take a shard's views over into the device's memory, from the place `first` on."""
        for name, array in arrays.items():
            given = _known_to_torch(np.array(array))
            kept = self._kept.get(name)
            if kept is None or len(kept) < first + len(given):
                grown = torch.empty(
                    max(64, 2 * (first + len(given))),
                    *given.shape[1:],
                    dtype=given.dtype,
                    device=self._device,
                )
                if kept is not None:
                    grown[:first] = kept[:first]
                self._kept[name] = kept = grown
            kept[first : first + len(given)] = given.to(self._device)

    def _expected(self) -> int:
        """How many views there will be once all are rendered, as far as the data set says; else 0."""
        file = self._folder / ABOUT
        if not file.exists():
            return 0
        return int(json.loads(file.read_text())["views" if self._kind == "train" else "held_out"])

    def __len__(self) -> int:
        """Views; each has several looks."""
        return len(self._places)

    @property
    def looks(self) -> int:
        """How many looks each view has."""
        path, _ = self._places[0]
        return int(self._open[path]["look"].shape[1])

    def random(self, count: int, random: np.random.Generator, dtype: torch.dtype) -> Batch:
        """So many views drawn at random, each with one of its looks."""
        chosen = [
            (int(random.integers(len(self._places))), int(random.integers(self.looks))) for _ in range(count)
        ]
        return self.batch(chosen, dtype)

    def batch(self, chosen: list[tuple[int, int]], dtype: torch.dtype) -> Batch:
        """The views and looks named by (index of the view, look)."""
        found = self._found(chosen)
        first_looks = torch.tensor([look == _HISTORY_LOOK for _, look in chosen], device=self._device)
        before = found["before"].permute(0, 3, 1, 2).float() / 255 * first_looks[:, None, None, None]
        ids, owner, tables = _in_sight(found)
        boxes = tables["boxes"].float()
        normal = found["normal"].float() / 127
        seen = sight(
            found["depth"].float(),
            normal,
            found["shadow"],
            found["lamplight"].float(),
            found["structure"],
            # torch knows no unsigned numbers of sixteen bits in sums.
            (found["place"].int() & 0xFFFF).permute(3, 0, 1, 2).float() / 65535,
            ids,
            boxes,
            found["rays"][:, :3],
            found["sun"],
            dtype,
        )
        solid = owner == ids
        shown = solid & (ids > 0)
        turned = (found["finished_normal"].float() / 127 - normal) * shown[..., None]
        return Batch(
            seen,
            tables["classes"].long(),
            boxes,
            tables["materials"].float(),
            found["look"],
            found["sun"],
            found["rays"][:, :3],
            before,
            found["target"].permute(0, 3, 1, 2).float() / 255,
            solid,
            torch.where(shown, self._groups[found["stuff"].long()], -1),
            _lines(owner * 256 + found["stuff"], found["finished_normal"].float() / 127),
            turned.permute(0, 3, 1, 2),
        )

    def _found(self, chosen: list[tuple[int, int]]) -> dict[str, Tensor]:
        """Every field of the views, stacked, in the one look of each."""
        if self._is_kept:
            at, look = torch.tensor(chosen, device=self._device).unbind(1)
            return {
                name: kept[at, look] if name in _PER_LOOK else kept[at] for name, kept in self._kept.items()
            }
        views = []
        for index, look_at in chosen:
            path, i = self._places[index]
            views.append(
                {
                    name: np.asarray(array[i, look_at] if name in _PER_LOOK else array[i])
                    for name, array in self._open[path].items()
                }
            )
        return {name: _known_to_torch(np.stack([view[name] for view in views])) for name in views[0]}


def _known_to_torch(array: NDArray[Any]) -> Tensor:
    return torch.from_numpy(array.view(np.int16) if array.dtype == np.uint16 else array)


def _in_sight(found: dict[str, Tensor]) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
    """Ids and owners int32[b, h, w] numbered through the objects in sight, and the tables of those alone:
    what is worked out once an object then costs half. What is shown where a proxy is not filled may be out of
    the proxies' sight: then its owner is −1."""
    ids = found["object"].long().flatten(1)
    present = torch.zeros(len(ids), MOST_IDS, dtype=torch.int32, device=ids.device)
    present.scatter_(1, ids, 1)
    present[:, 0] = 1
    numbers = present.cumsum(1, dtype=torch.int32) - 1
    order = torch.where(present > 0, numbers, -1)
    most = int(numbers[:, -1].max()) + 1
    # The objects in sight first, each by its number; then, as filling, others.
    chosen = present.argsort(dim=1, descending=True, stable=True)[:, :most]
    tables = {
        name: found[name].gather(
            1,
            chosen.view(*chosen.shape, *[1] * (found[name].dim() - 2)).expand(
                *chosen.shape, *found[name].shape[2:]
            ),
        )
        for name in _PER_OBJECT
    }
    shape = found["object"].shape
    owner = order.gather(1, found["owner"].long().flatten(1)).view(shape)
    return order.gather(1, ids).view(shape), owner, tables


def _lines(parts: Tensor, normal: Tensor) -> Tensor:
    """float32[b, h, w]: where a part integer[b, h, w] borders on another or a surface folds, by the rule of
    shaders/structure.frag."""
    lines = torch.zeros(parts.shape, device=parts.device)
    for axis in (1, 2):
        count = parts.shape[axis] - 1
        near, far = parts.narrow(axis, 0, count), parts.narrow(axis, 1, count)
        fold = 1.0 - (normal.narrow(axis, 0, count) * normal.narrow(axis, 1, count)).sum(-1)
        step = torch.maximum((near != far).float(), 0.8 * ((fold - 0.25) / 0.35).clamp(0.0, 1.0))
        for first in (0, 1):
            place = lines.narrow(axis, first, count)
            place.copy_(torch.maximum(place, step))
    return lines
