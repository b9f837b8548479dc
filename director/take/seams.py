"""Long stretches of a history cut into parts that overlap until they agree.

A history forgets: drawn from an empty one, pictures after some come as they would have. A part begins a
little before the place where it is to be shown, and the one before it goes on a little beyond. The cut is
made at the first picture of which both tell the same, within a bound. Where none does, the two are drawn
again as one: the cut is then not made. Where the parts lie depends on nothing but the length, so that the
same generator gives the same bytes on any number of workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.take.kept_pictures import KeptPictures

__all__ = ["OVERLAP", "Part", "Parted", "Seam", "apart", "joined", "parts_of"]

_LENGTH = 96
OVERLAP = 12
"""Pictures by which a part is drawn beyond either end."""
_SHARE = 99.9

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Part:
    """Pictures `first` to `last` are to be its; drawn are those from `begin` up to `end`, which is not one of
    them."""

    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Seam:
    """Before picture `number` one part ends and another begins. Both have drawn the one before it, so far
    apart in levels of 255: on the `mean`, and at the `most` but for one value in a thousand."""

    number: int
    mean: float
    most: float


def parts_of(begin: int, end: int) -> tuple[Part, ...]:
    """Parts of pictures `begin` to `end` (which is not one of them); one if they are few."""
    count = max(1, round((end - begin) / _LENGTH))
    firsts = [begin + n * _LENGTH for n in range(count)]
    lasts = [*(first - 1 for first in firsts[1:]), end - 1]
    return tuple(
        Part(first, last, max(begin, first - OVERLAP), min(end, last + 1 + OVERLAP))
        for first, last in zip(firsts, lasts, strict=True)
    )


def joined(one: Part, other: Part) -> Part:
    """Two parts, drawn as one."""
    return Part(one.first, other.last, one.begin, other.end)


class Parted:
    """Pictures `begin` to `end` (which is not one of them) in parts, each kept in a folder of its own in
    `folder` until all fit together. A part that is there already, from an earlier run, is not `missing`."""

    def __init__(self, begin: int, end: int, folder: Path, bound: float) -> None:
        """`bound` as for Seam's `most`."""
        self._folder, self._bound = folder, bound
        self._parts = list(parts_of(begin, end))

    @property
    def count(self) -> int:
        """How many parts there are."""
        return len(self._parts)

    @property
    def missing(self) -> list[tuple[Part, KeptPictures]]:
        """Parts that are still to be drawn, and where they are to be kept."""
        kept = [(part, self._kept(part)) for part in self._parts]
        return [(part, place) for part, place in kept if not _is_whole(part, place)]

    def settle(self) -> list[Seam] | None:
        """Where the parts, once all are drawn, follow each other. None where some could not: they are joined
        now, and `missing`."""
        seams: list[Seam] = []
        parts = [self._parts[0]]
        is_drawn = True
        for other in self._parts[1:]:
            if not is_drawn:
                # Where the one before it goes over to it shows when that is drawn.
                parts.append(other)
                is_drawn = True
            elif (seam := self._between(parts[-1], other)) is not None:
                parts.append(other)
                seams.append(seam)
            else:
                parts[-1] = joined(parts[-1], other)
                is_drawn = False
        is_settled = len(parts) == len(self._parts)
        self._parts = parts
        return seams if is_settled else None

    def assemble(self, seams: Sequence[Seam], into: KeptPictures) -> None:
        """Keep every picture of the whole by its number. Raises RecordingError."""
        begins = [self._parts[0].first, *(seam.number for seam in seams)]
        ends = [*begins[1:], self._parts[-1].last + 1]
        for part, begin, end in zip(self._parts, begins, ends, strict=True):
            kept = self._kept(part)
            for number in range(begin, end):
                kept.copy(number, into)

    def _between(self, one: Part, other: Part) -> Seam | None:
        """The earliest of the pictures that both have drawn, but for the second's first, that is apart by no
        more than the bound."""
        mine, theirs = self._kept(one), self._kept(other)
        for number in range(other.begin + 1, one.end):
            first, second = mine.load(number), theirs.load(number)
            assert first is not None
            assert second is not None
            mean, most = apart(first[0], second[0])
            if most <= self._bound:
                return Seam(number + 1, mean, most)
        return None

    def _kept(self, part: Part) -> KeptPictures:
        return KeptPictures(self._folder / f"{part.begin:06d}-{part.end:06d}")


def _is_whole(part: Part, kept: KeptPictures) -> bool:
    return all(kept.has(number) for number in range(part.begin, part.end))


def apart(one: Picture, other: Picture) -> tuple[float, float]:
    """How far two pictures uint8[h, w, 3] are apart, as Seam tells it."""
    levels = np.abs(one.astype(np.int16) - other)
    return float(levels.mean()), float(np.percentile(levels, _SHARE, method="higher"))
