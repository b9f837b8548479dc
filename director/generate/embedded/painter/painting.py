"""The painter at work: one picture's light from a conditioning, on every core there is.

A picture is cut into bands of rows, and each is worked on by a thread of its own, one operation after
another: what is done pixel by pixel is hundreds of small operations, and sharing out each of them would cost
more than it saves. Only the U-Net, which sees the whole picture, shares out its layers.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Barrier
from typing import Any, Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from director.clock import now_s
from director.generate.embedded.direction_look import Directed
from director.generate.embedded.indoors import with_weather_outside
from director.generate.embedded.inputs import MAPS, MULTIPLE, SHELTER, view_rays
from director.generate.embedded.painter.atlas import Pages, known_objects
from director.generate.embedded.painter.behind import behind, gathered, widened
from director.generate.embedded.painter.features import SHRINK, Sight, sight
from director.generate.embedded.painter.network import Painter
from director.generate.embedded.painter.places import place_in_box
from director.generate.embedded.painter.shading import Surfaces, completed, shaded
from director.types import Conditioning

__all__ = ["Painting", "pool_of"]

# Rows that a band sees beyond its own, for the convolutions after the U-Net.
_MARGIN: Final = 4

_T = TypeVar("_T")


class Painting:
    """A network ready to draw. Used by one thread at a time."""

    def __init__(self, network: Painter, device: torch.device, dtype: torch.dtype, threads: int) -> None:
        self._network = network.to(device).eval().requires_grad_(False).halve(dtype)
        self._device, self._dtype = device, dtype
        self._bands = threads if device.type == "cpu" else 1
        self._pool: ThreadPoolExecutor | None = None
        if self._bands > 1:
            self._pool = pool_of(self._bands + 1)
        self.spent: dict[str, float] = {}
        """Seconds that each stage of the last picture took."""
        self._known_as: bytes = b""
        self._known = self._boxes = torch.zeros(0)
        self._pages = Pages(torch.zeros(0), torch.zeros(0), torch.zeros(0))

    def light(
        self,
        conditioning: Conditioning,
        directed: Directed,
        mirror: Callable[[], Tensor | None],
        history: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Light float32[3, h, w] and Drawn's `steady` [1, 1, h / 4, w / 4], both of the size of the maps made
        up to a multiple of 16. `mirror` gives the mirrored pixels (mirror.py) of that size; `history` is
        Painter.forward's. Call it in inference mode."""
        self.spent = {}
        started = now_s()
        maps = {name: self._padded(name, conditioning.maps[name]) for name in MAPS}
        self._learn(conditioning)
        rays = self._given(view_rays(conditioning.view))[None]
        # They are told per height and width of the view: the rows and columns added lie beyond.
        for axis, size in (
            (2, conditioning.maps["depth"].shape[0]),
            (1, conditioning.maps["depth"].shape[1]),
        ):
            rays[:, axis] *= (size + -size % MULTIPLE) / size
        sun = self._given(np.array([conditioning.sun_direction], np.float32))
        look = self._given(with_weather_outside(directed.look, conditioning.maps))[None]
        overhead = conditioning.maps.get(SHELTER)
        shelter = None if overhead is None else self._padded(SHELTER, overhead)
        rows = torch.zeros(1, len(directed.rows) + 1, directed.rows.shape[1], device=self._device)
        rows[0, 1:] = self._given(directed.rows)
        network = self._network
        tables = network.tables(self._known, rows, look, sun, self._dtype)
        height = maps["depth"].shape[1]
        bands = self.bands(height)

        whole = torch.empty(
            (1, network.near.out_channels, height, maps["depth"].shape[2]),
            dtype=self._dtype,
            device=self._device,
            memory_format=torch.channels_last,
        )

        def front(first: int, end: int) -> tuple[Sight, Tensor, Tensor]:
            part = {name: values[:, first:end] for name, values in maps.items()}
            seen = sight(
                part["depth"],
                part["normal"],
                part["shadow"],
                part["lamplight"],
                part["structure"],
                place_in_box(part["anchor"], part["object"], self._boxes),
                part["object"],
                self._boxes,
                rays,
                sun,
                self._dtype,
                first,
                height,
            )
            x, start, told = network.front(seen, tables, self._pages)
            whole[:, :, first:end] = x
            return seen.rows(0, end - first), start, told

        started = self._spend("tables", started)
        waiting = None if self._pool is None else self._pool.submit(_inferred, mirror)
        fronts = self.each(front, bands)
        started = self._spend("pixels", started)
        start = torch.cat([start for _, start, _ in fronts], 2)
        around, steady = network.surroundings(start, torch.cat([look, sun], -1), history)
        started = self._spend("surroundings", started)
        mirrored = waiting.result() if waiting is not None else mirror()
        started = self._spend("mirror", started)
        light = torch.empty(1, 3, *maps["depth"].shape[1:], device=self._device)

        def back(first: int, end: int) -> tuple[Surfaces, Tensor, Tensor]:
            seen, _, told = fronts[bands.index((first, end))]
            upper, lower = first - min(_MARGIN, first), end + min(_MARGIN, height - end)
            near = around[:, :, upper // SHRINK : lower // SHRINK]
            said = network.back(whole[:, :, upper:lower], near, told, first - upper, end - first)
            band_mirror = None if mirrored is None else mirrored[:, first:end]
            sheltered = None if shelter is None else shelter[:, first:end]
            made = shaded(said, seen, network.palette, rows, look, sun, band_mirror, sheltered)
            light[:, :, first:end] = made.light
            return made, *gathered(made.light, made.through, seen.lit.distance)

        backs = self.each(back, bands)
        started = self._spend("shading", started)
        coarse = behind(*(torch.cat(part, 2) for part in list(zip(*backs, strict=True))[1:]))
        drawn = torch.empty_like(light)

        def over(first: int, end: int) -> None:
            band = bands.index((first, end))
            drawn[:, :, first:end] = completed(
                backs[band][0],
                widened(coarse, first, end - first),
                fronts[band][0].lit.sky,
                maps["structure"][:, first:end],
                look,
                None if mirrored is None else mirrored[:, first:end],
                light,
            )

        self.each(over, bands)
        self._spend("style", started)
        return drawn[0], steady

    def _spend(self, stage: str, started: float) -> float:
        now = now_s()
        self.spent[stage] = now - started
        return now

    def bands(self, height: int) -> list[tuple[int, int]]:
        """(first row, end) of as many bands as there are threads."""
        return _bands(height, self._bands)

    def _learn(self, conditioning: Conditioning) -> None:
        """Work out the objects' pages, once for as long as they stay what they are."""
        classes, boxes = known_objects(conditioning.objects, conditioning.direction.seed)
        known_as = classes.tobytes() + boxes.tobytes()
        if known_as == self._known_as:
            return
        self._boxes = self._given(boxes)[None]
        kinds = self._given(classes)[None]
        self._known = self._network.objects(kinds, self._boxes)
        pages = self._network.atlas.known(kinds, self._boxes)
        self._pages = replace(pages, texels=pages.texels.to(self._dtype))
        self._known_as = known_as

    def each(self, work: Callable[[int, int], _T], bands: Sequence[tuple[int, int]]) -> list[_T]:
        """Do work(first row, end) for every band, each in a thread of its own; results in order."""
        if self._pool is None or len(bands) == 1:
            return [work(first, end) for first, end in bands]

        return list(self._pool.map(lambda band: _inferred(lambda: work(*band)), bands))

    def _given(self, array: NDArray[Any]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(array)).to(self._device)

    def _padded(self, name: str, array: NDArray[Any]) -> Tensor:
        """[1, h, w, …] with its last row and column repeated up to the network's multiple."""
        if name == "object":
            array = array.astype(np.int32)
        beyond = [-size % MULTIPLE for size in array.shape[:2]]
        if any(beyond):
            array = np.pad(array, [(0, more) for more in beyond] + [(0, 0)] * (array.ndim - 2), mode="edge")
        return self._given(array)[None]


def pool_of(count: int) -> ThreadPoolExecutor:
    """So many threads, all started, of which none shares out an operation."""
    own = torch.get_num_threads()
    pool = ThreadPoolExecutor(count, "band", _work_alone)
    ready = Barrier(count + 1)
    for _ in range(count):
        pool.submit(ready.wait)
    ready.wait()
    # The last number said holds for every thread that torch meets later.
    torch.set_num_threads(own)
    return pool


def _work_alone() -> None:
    # A thread takes up the number of all when torch first meets it, which asking makes it do: only then does
    # what it says for itself hold.
    torch.get_num_threads()
    torch.set_num_threads(1)


def _inferred(work: Callable[[], _T]) -> _T:
    # The mode belongs to the thread.
    with torch.inference_mode():
        return work()


def _bands(height: int, count: int) -> list[tuple[int, int]]:
    """(first row, end) of up to so many bands of about one height, in 16ths."""
    cells = height // MULTIPLE
    edges = sorted({round(i * cells / count) * MULTIPLE for i in range(count + 1)})
    return list(pairwise(edges))
