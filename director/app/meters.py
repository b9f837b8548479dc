"""Meters of the picture while it is live: switched on by hand, and of no cost until then."""

import math
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from director.meters.glimpse import MOST_TICKS, Figures, Glimpse, figures_of, mean_of
from director.meters.surfaces import Seen
from director.types import Direction, GeneratedFrame, Tick

__all__ = ["LiveMeters", "Measured", "Readings"]

_EVERY_S = 0.5
_REST = 3.0
"""From one look to the next, so many times what it took to work out: a machine that is busy with pictures is
not to be kept from them."""
_KEPT = 8
"""Looks in a mean: one may or may not meet with a new generated frame."""
_LATENCIES = 200
_QUANTILES = (50, 95, 99)
_SETTLED_S = 1.0
"""So long after a cut or change of direction a picture becomes what drift is told from."""


class _Reads(Protocol):
    def read(self) -> NDArray[np.uint8]: ...


class Measured(Protocol):
    """What is measured: a LivePicture, or what stands for one."""

    @property
    def display(self) -> _Reads:
        """Reads the displayed picture, uint8[h, w, 3], sRGB, top row first."""

    @property
    def frame(self) -> GeneratedFrame | None:
        """The newest generated frame."""

    @property
    def age_s(self) -> float | None:
        """How long ago the tick was drawn that it answers."""

    def seen(self) -> Seen | None:
        """What the passes of the last tick showed, of the picture's size."""


@dataclass(frozen=True, slots=True)
class Readings:
    """`figures` are means of the last eight looks; `latency_ms` is how long after its tick was drawn a
    generated frame was shown: p50, p95 and p99 of the last 200, None before the first."""

    figures: Figures
    latency_ms: tuple[float, float, float] | None


class LiveMeters:
    """Looks at up to three ticks in a row, twice a second, while the picture changes. What they tell is
    worked out on a thread of its own, one look at a time, for that takes several ticks' time; where it takes
    long, looks are rarer.

    Where nothing changes the readings stay. A cut begins them again, but for latencies, which belong to the
    machine and not to the shot.
    """

    def __init__(self) -> None:
        self.is_on = False
        self._thread: ThreadPoolExecutor | None = None
        self._job: Future[Figures] | None = None
        self._is_stale = False
        self._look: list[Glimpse] = []
        self._figures: deque[Figures] = deque(maxlen=_KEPT)
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES)
        self._frame: GeneratedFrame | None = None
        self._direction: Direction | None = None
        self._reference: Glimpse | None = None
        self._waited_s = self._since_s = 0.0
        self._due_s = _EVERY_S
        self._is_first = False

    def toggle(self) -> bool:
        """Switch on, from nothing, or off. Returns whether they are on."""
        self.is_on = not self.is_on
        self._begin_again()
        self._latencies_ms.clear()
        self._is_first = True
        return self.is_on

    @property
    def readings(self) -> Readings:
        """What is known by now."""
        return Readings(mean_of(self._figures), _quantiles(self._latencies_ms))

    def tick(self, picture: Measured, tick: Tick, *, is_new: bool, is_cut: bool) -> None:
        """Once the tick is drawn. `is_new` says whether its picture differs from the one before, `is_cut`
        that it does not continue it. Reads OpenGL's textures in some ticks; without being on does nothing."""
        if not self.is_on:
            return
        self._pick_up()
        if is_cut:
            self._begin_again()
        self._waited_s += tick.dt_s
        self._since_s += tick.dt_s
        self._heed(picture)
        frame = self._frame
        if frame is None:
            # The blocking is shown, of which there is nothing to say.
            self._look.clear()
            return
        is_time = self._job is None and self._waited_s >= self._due_s
        if is_new and (self._look or is_time):
            # Read at once on a graphics card too, which makes this thread wait for it: whoever switches
            # meters on by hand wants figures of these very ticks.
            seen = picture.seen()
            if seen is not None:
                self._look.append(Glimpse(picture.display.read(), seen))
        if self._look and (not is_new or len(self._look) == MOST_TICKS):
            self._measure(frame, tick.index)

    def close(self) -> None:
        """Switch off; waits for what is being worked out."""
        self.is_on = False
        if self._thread is not None:
            self._thread.shutdown()

    def _heed(self, picture: Measured) -> None:
        frame = picture.frame
        if frame is not None and frame is not self._frame:
            age_s = picture.age_s
            # What was there when meters were switched on was shown long ago.
            if age_s is not None and not self._is_first:
                self._latencies_ms.append(age_s * 1000)
            direction = frame.conditioning.direction.unlocked
            if direction != self._direction:
                self._direction = direction
                self._reference, self._since_s = None, 0.0
        self._frame, self._is_first = frame, False

    def _measure(self, frame: GeneratedFrame, seed: int) -> None:
        if self._reference is None and self._since_s >= _SETTLED_S:
            self._reference = self._look[-1]
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "meters")
        self._job = self._thread.submit(figures_of, tuple(self._look), frame, self._reference, seed)
        self._is_stale = False
        self._look.clear()
        self._waited_s, self._due_s = 0.0, _EVERY_S

    def _pick_up(self) -> None:
        if self._job is None or not self._job.done():
            return
        figures, self._job = self._job.result(), None
        if not self._is_stale:
            self._figures.append(figures)
            self._due_s = max(_EVERY_S, _REST * self._waited_s)

    def _begin_again(self) -> None:
        # What is being worked out is of the shot before.
        self._is_stale = True
        self._look.clear()
        self._figures.clear()
        self._frame = self._direction = self._reference = None
        self._waited_s, self._since_s, self._due_s = _EVERY_S, 0.0, _EVERY_S


def _quantiles(values: Sequence[float] | deque[float]) -> tuple[float, float, float] | None:
    if not values:
        return None
    known = sorted(values)
    p50, p95, p99 = (known[max(0, math.ceil(len(known) * q / 100) - 1)] for q in _QUANTILES)
    return p50, p95, p99
