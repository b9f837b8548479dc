"""Means of a figure over a whole film, for each object and for each second of it."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tally"]


class Tally:
    """Adds up a figure of pixels. `objects` is how many ids there are besides the sky's 0."""

    def __init__(self, objects: int) -> None:
        self._bins = objects + 1
        self._sums: dict[int, NDArray[np.float64]] = {}
        self._counts: dict[int, NDArray[np.float64]] = {}

    def add(self, second: int, ids: NDArray[np.uint16], values: NDArray[np.float32]) -> None:
        """Add the values at pixels of these ids, arrays of one shape, to a second; NaN says nothing."""
        known = ~np.isnan(values)
        at = ids[known].astype(np.intp)
        sums = np.asarray(np.bincount(at, values[known].astype(np.float64), self._bins), np.float64)
        counts = np.asarray(np.bincount(at, minlength=self._bins), np.float64)
        if second in self._sums:
            self._sums[second] += sums
            self._counts[second] += counts
        else:
            self._sums[second], self._counts[second] = sums, counts

    @property
    def mean(self) -> float | None:
        """Over everything; None where nothing was added."""
        return _ratio(sum(s.sum() for s in self._sums.values()), sum(c.sum() for c in self._counts.values()))

    def of_object(self, id_: int) -> float | None:
        """The mean of one object."""
        return _ratio(sum(s[id_] for s in self._sums.values()), sum(c[id_] for c in self._counts.values()))

    def of_second(self, second: int) -> float | None:
        """The mean of one second."""
        if second not in self._sums:
            return None
        return _ratio(self._sums[second].sum(), self._counts[second].sum())


def _ratio(total: float, count: float) -> float | None:
    return float(total / count) if count else None
