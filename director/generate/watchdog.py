"""Notices a generator that lives and does nothing: how long an answer may take, from how long others took."""

from collections import deque
from dataclasses import dataclass
from statistics import median

__all__ = ["Patience", "Watch"]

_STEP_S = 1.0
"""What is waited at a time. Longer sleeps (a computer that was shut, a stopped program) count as one step."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a sign of life, in seconds.

    `silent_s` while it loads, and for the first `first` pictures of a size: compiling for a graphics card
    takes minutes, and every word about progress begins the wait anew. Afterwards `times` the median of the
    last pictures, at least `least_s`.
    """

    silent_s: float = 300.0
    first: int = 3
    times: float = 20.0
    least_s: float = 10.0


class Watch:
    """Over one life of a process, from its start: it owes first that it loads, then what is asked."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._owed = "while it was loading"
        self._waited_s = 0.0
        self._size: object = None
        self._took: deque[float] = deque(maxlen=30)
        self.pictures = 0
        """How many it has drawn."""

    @property
    def step_s(self) -> float | None:
        """How long to wait now; None, for ever, while nothing is owed."""
        return max(0.0, min(_STEP_S, self.limit_s - self._waited_s)) if self._owed else None

    @property
    def limit_s(self) -> float:
        """How long the silence may last."""
        patience = self._patience
        if len(self._took) < patience.first:
            return patience.silent_s
        # The first ones of a size are not like those after them.
        return max(patience.least_s, patience.times * median(self._took))

    @property
    def verdict(self) -> str:
        """What to say of a process that has been silent for too long; "" of all others."""
        if not self._owed or self._waited_s < self.limit_s:
            return ""
        return f"no sign of life for {self._waited_s:.0f} s {self._owed}; its process was ended"

    def asks(self, size: object) -> None:
        """A picture is asked for, from maps of this size: another size than before may be compiled anew."""
        if size != self._size:
            self._size = size
            self._took.clear()
        self._owed, self._waited_s = "while it drew a picture", 0.0

    def waits(self, seconds: float) -> None:
        """So long nothing was heard."""
        self._waited_s += min(seconds, 2 * _STEP_S)

    def hears(self) -> None:
        """It told how far it is."""
        self._waited_s = 0.0

    def is_answered(self, seconds: float | None = None) -> None:
        """Nothing is owed any more; a picture took so long, None where it was none."""
        self._owed, self._waited_s = "", 0.0
        if seconds is not None:
            self._took.append(seconds)
            self.pictures += 1
