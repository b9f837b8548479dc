"""Reading the data set: whatever shards are there, more as they are written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.embedded.painter.features import Sight, sight
from tools.train.substances import group_of_stuff

__all__ = ["Batch", "Shards"]

_PER_LOOK = ("target", "look", "materials")
_PER_OBJECT = ("materials", "classes", "boxes")
_HISTORY_LOOK = 0


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
    """The views of one kind ("train" or "held") under a folder. Raises FileNotFoundError if none is there."""

    def __init__(self, folder: Path, kind: str, device: str = "cpu") -> None:
        self._folder, self._kind, self._device = folder, kind, device
        self._open: dict[Path, dict[str, NDArray[Any]]] = {}
        self._places: list[tuple[Path, int]] = []
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
            self._open[path] = arrays
            self._places += [(path, i) for i in range(len(arrays["sun"]))]

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
        views = [self._view(index, look) for index, look in chosen]
        # Objects out of sight are left out: what is worked out once an object then costs half.
        most = max(len(view["classes"]) for view in views)
        for view in views:
            for name in _PER_OBJECT:
                missing = most - len(view[name])
                filling = 1.0 if name == "boxes" else 0.0
                view[name] = np.pad(
                    view[name],
                    ((0, missing), *([(0, 0)] * (view[name].ndim - 1))),
                    constant_values=filling,
                )
        found = {
            name: torch.from_numpy(np.stack([view[name] for view in views])).to(self._device)
            for name in views[0]
        }
        boxes = found["boxes"].float()
        normal = found["normal"].float() / 127
        seen = sight(
            found["depth"].float(),
            normal,
            found["shadow"],
            found["lamplight"].float(),
            found["structure"],
            found["place"].permute(3, 0, 1, 2).float() / 65535,
            found["object"],
            boxes,
            found["rays"][:, :3],
            found["sun"],
            dtype,
        )
        solid = found["owner"] == found["object"]
        shown = solid & (found["object"] > 0)
        turned = (found["finished_normal"].float() / 127 - normal) * shown[..., None]
        return Batch(
            seen,
            found["classes"].long(),
            boxes,
            found["materials"].float(),
            found["look"],
            found["sun"],
            found["rays"][:, :3],
            found["before"].permute(0, 3, 1, 2).float() / 255,
            found["target"].permute(0, 3, 1, 2).float() / 255,
            solid,
            torch.where(shown, self._groups[found["stuff"].long()], -1),
            _lines(found["owner"] * 256 + found["stuff"], found["finished_normal"].float() / 127),
            turned.permute(0, 3, 1, 2),
        )

    def _view(self, index: int, look: int) -> dict[str, NDArray[Any]]:
        """One view in one look, its objects numbered through those in sight."""
        path, i = self._places[index]
        arrays = self._open[path]
        view = {
            name: np.asarray(array[i, look] if name in _PER_LOOK else array[i])
            for name, array in arrays.items()
        }
        in_sight, numbers = np.unique(np.append(view["object"].ravel(), 0), return_inverse=True)
        # What is shown where a proxy is not filled may be out of the proxies' sight: then it is none of them.
        order = np.full(256, -1, np.int32)
        order[in_sight] = np.arange(len(in_sight))
        view["owner"] = order[view["owner"]]
        view["object"] = numbers[:-1].reshape(view["object"].shape).astype(np.int32)
        for name in _PER_OBJECT:
            view[name] = view[name][in_sight]
        # torch knows no unsigned numbers of sixteen bits in sums.
        view["place"] = view["place"].astype(np.int32)
        if look != _HISTORY_LOOK:
            view["before"] = np.zeros_like(view["before"])
        return view


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
