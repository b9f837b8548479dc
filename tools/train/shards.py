"""Reading the data set: whatever shards are there, more as they are written."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.generate.embedded.features import pixel_features
from director.generate.embedded.pieces import PIECE, piece_rows
from tools.train.screen import on_pane

__all__ = ["ABOUT", "Batch", "Rough", "Shards"]

ABOUT = "about.json"
"""What a data set says of itself."""

_PER_LOOK = ("target", "look", "materials")
_HISTORY_LOOK = 0


@dataclass(frozen=True, slots=True, eq=False)
class Rough:
    """The passes of the proxies, and their objects' rows: what the trial's network has.

    depth float32[b, h, w] metres (sky: inf), ids int64[b, h, w], normal float32[b, h, w, 3], shadow
    float32[b, h, w] 0..1, structure uint8[b, h, w, 16], rows float32[b, n, ROW], row 0 the sky.
    """

    depth: Tensor
    ids: Tensor
    normal: Tensor
    shadow: Tensor
    structure: Tensor
    rows: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What Network.forward takes, and what it is held to.

    rays     float32[b, 3, 3] (inputs.view_rays)
    history  float32[b, 4, h / 4, w / 4]; trusted nowhere where there is none
    target   float32[b, 3, h, w], sRGB 0..1
    """

    features: Tensor
    lit: Tensor
    structure: Tensor
    ids: Tensor
    rows: Tensor
    look: Tensor
    sun: Tensor
    shelter: Tensor
    rays: Tensor
    history: Tensor
    target: Tensor
    rough: Rough

    @property
    def inputs(self) -> tuple[Any, ...]:
        """The arguments of the network, without a history."""
        return (
            self.features,
            self.lit,
            self.structure,
            self.ids,
            self.rows,
            self.look,
            self.sun,
            None,
            self.shelter,
        )


class Shards:
    """The views of one kind ("train" or "held") under a folder. Raises FileNotFoundError if none is there."""

    def __init__(
        self, folder: Path, kind: str, device: str = "cpu", pane: NDArray[np.uint8] | None = None
    ) -> None:
        """`pane`, uint8[h, w, 16]: views have its patterns in place of their own (screen.py)."""
        self._folder, self._kind, self._device, self._pane = folder, kind, device, pane
        self._open: dict[Path, dict[str, Any]] = {}
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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the views."""
        path, _ = self._places[0]
        _, height, width, _ = self._open[path]["structure"].shape
        return int(width), int(height)

    def random(self, count: int, random: np.random.Generator, dtype: torch.dtype) -> Batch:
        """So many views drawn at random, each with one of its looks."""
        chosen = [
            (int(random.integers(len(self._places))), int(random.integers(self.looks))) for _ in range(count)
        ]
        return self.batch(chosen, dtype)

    def batch(self, chosen: list[tuple[int, int]], dtype: torch.dtype) -> Batch:
        """The views and looks named by (index of the view, look)."""
        found = self._found(chosen)
        tables = [
            _in_sight(ids, piece_rows(rows.astype(np.float32), pieces))
            for ids, rows, pieces in zip(found["object"], found["materials"], found["pieces"], strict=True)
        ]
        most = max(len(rows) for _, rows in tables)
        rows = np.zeros((len(tables), most, PIECE), np.float32)
        for table, (_, own) in zip(rows, tables, strict=True):
            table[: len(own)] = own
        given = {
            name: torch.from_numpy(array).to(self._device)
            for name, array in found.items()
            if array.dtype not in (np.uint16, np.int32)
        }
        first_looks = torch.tensor([look == _HISTORY_LOOK for _, look in chosen], device=self._device)
        before = given["before"].permute(0, 3, 1, 2).float() / 255 * first_looks[:, None, None, None]
        features, lit = pixel_features(
            given["depth"].float(),
            given["normal"].float() / 127,
            given["shadow"],
            given["lamplight"],
            given["structure"],
            given["rays"][:, :3],
            given["sun"],
            dtype,
        )
        return Batch(
            features,
            lit,
            given["structure"],
            torch.from_numpy(np.stack([ids for ids, _ in tables])).to(self._device),
            torch.from_numpy(rows).to(self._device),
            given["look"],
            given["sun"],
            given["shelter"],
            given["rays"][:, :3],
            before,
            given["target"].permute(0, 3, 1, 2).float() / 255,
            _rough(given),
        )

    def _found(self, chosen: list[tuple[int, int]]) -> dict[str, NDArray[Any]]:
        """Every field of the views, stacked, in the one look of each."""
        views = []
        for index, look in chosen:
            path, i = self._places[index]
            views.append(
                {
                    name: np.asarray(array[i, look] if name in _PER_LOOK else array[i])
                    for name, array in self._open[path].items()
                }
            )
        found = {name: np.stack([view[name] for view in views]) for name in views[0]}
        if self._pane is not None:
            found["structure"] = on_pane(found["structure"], self._pane)
        return found


def _in_sight(
    ids: NDArray[np.uint16], rows: NDArray[np.float32]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Ids numbered through the pieces in sight, and the rows of those alone: what is worked out once a piece
    then costs a fraction. 0 stays the sky."""
    present, numbered = np.unique(np.append(0, ids.ravel()), return_inverse=True)
    sky = np.zeros((1, rows.shape[1]), np.float32)
    table = np.concatenate([sky, rows])[present]
    return numbered.reshape(-1)[1:].reshape(ids.shape).astype(np.int32), table


def _rough(given: dict[str, Tensor]) -> Rough:
    materials = given["materials"].float()
    return Rough(
        given["rough_depth"].float(),
        given["rough_object"].long(),
        given["rough_normal"].float() / 127,
        given["rough_shadow"].float() / 255,
        given["rough_structure"],
        torch.cat([torch.zeros_like(materials[:, :1]), materials], 1),
    )
