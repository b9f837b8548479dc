"""Reading the data set: whatever shards are there, more as they are written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.embedded.features import pixel_features

__all__ = ["Batch", "Shards"]

_PER_LOOK = ("target", "look", "materials")


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Inputs as Network.forward takes them; target float32[b, 3, h, w], sRGB 0..1."""

    features: Tensor
    lit: Tensor
    structure: Tensor
    ids: Tensor
    rows: Tensor
    look: Tensor
    sun: Tensor
    target: Tensor

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        """The arguments of the network."""
        return self.features, self.lit, self.structure, self.ids, self.rows, self.look, self.sun


class Shards:
    """The views of one kind ("train" or "held") under a folder. Raises FileNotFoundError if none is there."""

    def __init__(self, folder: Path, kind: str, device: str = "cpu") -> None:
        self._folder, self._kind, self._device = folder, kind, device
        self._open: dict[Path, dict[str, NDArray[Any]]] = {}
        self._places: list[tuple[Path, int]] = []
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
        picked: dict[str, list[NDArray[Any]]] = {}
        for index, look in chosen:
            path, i = self._places[index]
            for name, array in self._open[path].items():
                value = array[i, look] if name in _PER_LOOK else array[i]
                picked.setdefault(name, []).append(np.asarray(value))
        found = {name: torch.from_numpy(np.stack(values)).to(self._device) for name, values in picked.items()}
        features, lit = pixel_features(
            found["depth"].float(),
            found["normal"].float() / 127,
            found["shadow"],
            found["lamplight"].float(),
            found["structure"],
            found["rays"][:, :3],
            found["sun"],
            dtype,
        )
        return Batch(
            features,
            lit,
            found["structure"],
            found["object"].long(),
            found["materials"].float(),
            found["look"],
            found["sun"],
            found["target"].permute(0, 3, 1, 2).float() / 255,
        )
