"""How much to spend on each picture so that pictures come at the rate that was asked for.

What is spent is the size that the generator draws at, in five steps. A dial sets the largest of them; where
a rate is asked, a scheduler goes below that for as long as pictures would be late, and no further. With the
size goes how much the picture is steadied: what is generated coarser boils more when it is enlarged. Every
step is enlarged along the full-size edges: plain scaling would spare the composite little, and the generator
nothing.

Nothing here reads a clock: what a picture cost comes in, the size of the next one is read.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from director.errors import UsageError

__all__ = ["QUALITIES", "CostShape", "DeadlineScheduler", "Rung", "Size", "Spending", "rungs_of"]

Size = tuple[int, int]
"""(width, height) in pixels."""

_SHARES = (1.0, 0.75, 0.5, 0.375, 0.25)
QUALITIES: tuple[str, ...] = ("finest", "finer", "balanced", "faster", "fastest")
"""The dial's notches: each lets the generator draw at the size of the same place in the steps, or below."""

_STEADYING = (0.5, 0.5, 0.55, 0.65, 0.8)
"""Stabiliser at each of the shares: by these a move through the living room flickers about alike at every
size (measured at eight generated pictures a second; in the alley the smaller sizes flicker less)."""

_SMALLEST = 16
_WARM_UP = 2
"""Pictures after a change of size that say nothing of it: torch prepares itself for a size with its first."""
_WINDOW = 100
_FORGIVEN = 2
"""Late pictures in a window that change nothing: p99 of a hundred is the second-largest."""
_SUDDEN = 8
"""So many late ones more within as few pictures as this are a slower machine, whatever the cause."""
_RECENT = 5
_FITS = 0.9
"""Share of the deadline that the p99 of a larger size must be predicted to keep."""
_LANDS = 0.8
"""Share of the deadline that the typical cost of a smaller size is to take."""
_HOLD_S = 4.0
_LONGEST_HOLD_S = 60.0
_TRIAL_S = 20.0
_PROVEN_S = 40.0
_SHOWN = 240
_PUNCTUAL = 0.95
"""Share of the pictures that are to have come when they are shown."""
_HELD = 0.8
"""Share of the deadline that a picture is held back for at the most."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A size to generate at; `share` is that of each side, about, before rounding."""

    share: float
    size: Size

    @property
    def pixels(self) -> int:
        """How many."""
        return self.size[0] * self.size[1]

    @property
    def stabiliser(self) -> float:
        """Share of the picture before that is kept where one of this size is shown, 0..1."""
        return next(
            (kept for share, kept in zip(_SHARES, _STEADYING, strict=True) if self.share >= share),
            _STEADYING[-1],
        )


def rungs_of(full: Size, size_for: Callable[[int, int], Size] | None = None) -> tuple[Rung, ...]:
    """The steps below `full`, the size that the generator wants for the picture, largest first. Sides are
    even and at least 16; `size_for` is the generator's own, which may round them further. Steps that this
    makes no smaller than the one before are left out."""
    rungs = [Rung(1.0, full)]
    for share in _SHARES[1:]:
        width, height = (max(_SMALLEST, round(side * share / 2) * 2) for side in full)
        size = (width, height) if size_for is None else size_for(width, height)
        rung = Rung(share, size)
        # Two at a time in memory of the largest: neither side may be larger either.
        if rung.pixels < rungs[-1].pixels and all(a <= b for a, b in zip(size, full, strict=True)):
            rungs.append(rung)
    return tuple(rungs)


class CostShape:
    """How cost grows with pixels: a part that is the same for every size, and one for each pixel.

    Only their ratio is kept, and learnt where the same moment's cost is known at two sizes: how fast the
    machine is just now is told by the last pictures.
    """

    def __init__(self, full_pixels: int, fixed: float = 0.25) -> None:
        """`fixed` is the first guess at the share of the full size's cost that every size has."""
        self._full = full_pixels
        self.fixed = fixed

    def ratio(self, pixels: int, to_pixels: int) -> float:
        """By what to multiply the cost of one size for that of another."""
        return self._cost(to_pixels) / self._cost(pixels)

    def learn(self, pixels: int, seconds: float, other_pixels: int, other_seconds: float) -> None:
        """Two sizes' costs, one measured right after the other."""
        a, b, r = pixels / self._full, other_pixels / self._full, other_seconds / max(seconds, 1e-9)
        # (f + (1 − f) b) / (f + (1 − f) a) = r, solved for f. Where it has no answer the size made no
        # difference, and everything is fixed.
        below = (1 - b) - r * (1 - a)
        found = (r * a - b) / below if abs(below) > 1e-6 else 0.9
        if (r > 1) != (b > a):
            found = 0.9
        self.fixed += 0.5 * (min(0.9, max(0.0, found)) - self.fixed)

    def _cost(self, pixels: int) -> float:
        return self.fixed + (1 - self.fixed) * pixels / self._full


@dataclass(frozen=True, slots=True)
class Spending:
    """What is spent just now. `rate` in pictures a second, None where none is asked; `late` is the share
    (0..1) of the last pictures that came after the deadline, `p99_s` of those at this size, None before
    there are any; `stabiliser` is what the size is steadied by."""

    quality: str
    rate: float | None
    size: Size
    stabiliser: float
    late: float
    p99_s: float | None


class DeadlineScheduler:
    """Chooses the size of the next picture from what the last ones cost.

    A picture is late that takes longer than 1 / rate from asking to answer. Down at the third late one of
    the last hundred, to the size that is predicted to fit; fewer are outliers. Up by one step, once for four
    seconds' pictures the p99 of that size is predicted to fit with a margin. A step up that has to be taken
    back doubles that time, up to a minute, so that it does not hunt. Everything is counted in pictures: while
    none are asked for, nothing changes.

    Pictures that come early are held back a little (`hold_s`), so that they are shown at an even pace.
    """

    def __init__(
        self,
        rungs: Sequence[Rung],
        rate: float | None = None,
        quality: str = QUALITIES[0],
        still: Size | None = None,
    ) -> None:
        """`rungs`, largest first; `still` is the size of pictures of what rests, at the dial's first notch,
        where it is another than that of the first rung. Raises UsageError for a rate that is not positive,
        or no such quality."""
        self._rungs = tuple(rungs)
        self._still = still
        self._shape = CostShape(self._rungs[0].pixels)
        self._at = self._top = 0
        self._costs: deque[float] = deque(maxlen=_WINDOW)
        self._answers: deque[float] = deque(maxlen=_WINDOW)
        self._lates: deque[bool] = deque(maxlen=_SHOWN)
        self._before: tuple[int, float] | None = None
        self._warm_up = 0
        self._since = 0
        self._hold_s = _HOLD_S
        self._climbed = False
        self.changes = 0
        """How often the size was changed, but for changes of dial and rate."""
        self.quality = QUALITIES[0]
        self.rate: float | None = None
        self.turn(quality)
        self.ask(rate)

    def ask(self, rate: float | None) -> None:
        """Ask for pictures at this rate a second, or with None for the dial's size at any. Raises
        UsageError for a rate that is not positive."""
        if rate is not None and not rate > 0:
            raise UsageError(f"{rate:g} pictures a second cannot be asked for", subject="--rate")
        self.rate = rate
        self._begin_again()

    def turn(self, quality: str) -> None:
        """Turn the dial to one of QUALITIES. Raises UsageError for another."""
        if quality not in QUALITIES:
            raise UsageError(
                f"{quality!r} is no quality", subject="--quality", mend=f"one of {', '.join(QUALITIES)}"
            )
        self.quality = quality
        most = _SHARES[QUALITIES.index(quality)]
        fitting = [i for i, rung in enumerate(self._rungs) if rung.share <= most]
        self._top = fitting[0] if fitting else len(self._rungs) - 1
        self._begin_again()

    @property
    def full(self) -> Size:
        """The largest size of all."""
        return self._rungs[0].size

    @property
    def size(self) -> Size:
        """Of the next picture of what moves."""
        return self._rungs[self._at].size

    @property
    def dial_size(self) -> Size:
        """The largest that the dial lets what moves be drawn at."""
        return self._rungs[self._top].size

    @property
    def still_size(self) -> Size:
        """Of the last picture of what has come to rest, which nothing waits for: the dial's, or that of the
        display."""
        return self._still if self._still is not None and self._top == 0 else self.dial_size

    @property
    def stabiliser(self) -> float:
        """Share of the picture before that is to be kept, 0..1: what suits the size of the next picture."""
        return self._rung.stabiliser

    @property
    def hold_s(self) -> float:
        """So long after it was asked for a picture is shown at the earliest: by then nineteen of twenty have
        come, and are shown evenly; the others as soon as they come. 0 where no rate is asked, and while too
        little is known of this size. Costs what the usual picture is older by; four fifths of the deadline at
        the most.
        """
        if self.rate is None or len(self._answers) < _SUDDEN:
            return 0.0
        ordered = sorted(self._answers)
        return min(_HELD / self.rate, ordered[min(len(ordered) - 2, int(_PUNCTUAL * len(ordered)))])

    @property
    def spending(self) -> Spending:
        """What is spent just now."""
        late = sum(self._lates) / len(self._lates) if self._lates else 0.0
        p99_s = _p99_of(self._costs) if len(self._costs) > _RECENT else None
        return Spending(self.quality, self.rate, self.size, self.stabiliser, late, p99_s)

    def answered(self, size: Size, seconds: float, waited_s: float = 0.0) -> None:
        """A picture of this size has come, so long after it was asked for; for `waited_s` of that it waited
        for the one before, which is no cost of its own. Without a rate of no effect."""
        if self.rate is None:
            return
        self._lates.append(seconds * self.rate > 1)
        if size != self.size:
            return
        if self._warm_up:
            self._warm_up -= 1
            return
        self._costs.append(seconds - waited_s)
        self._answers.append(seconds)
        self._since += 1
        if self._before is not None and self._since == _SUDDEN:
            self._shape.learn(*self._before, self._rung.pixels, median(self._costs))
            self._before = None
        if self._since == round(_PROVEN_S * self.rate):
            self._hold_s = max(_HOLD_S, self._hold_s / 2)
        if self._at < len(self._rungs) - 1 and (too_slow := self._too_slow(self.rate)):
            is_on_trial = self._climbed and self._since <= _TRIAL_S * self.rate
            if is_on_trial or too_slow == "often":
                self._hold_s = min(_LONGEST_HOLD_S, 2 * self._hold_s)
            self._climbed = False
            self._go_down(self.rate)
        elif self._can_rise(self.rate):
            self._change(self._at - 1)
            self._climbed = True

    @property
    def _rung(self) -> Rung:
        return self._rungs[self._at]

    def _too_slow(self, rate: float) -> str:
        # "suddenly", "often", or "" if it is not.
        late = [seconds * rate > 1 for seconds in self._costs]
        if sum(late[-_SUDDEN:]) > _FORGIVEN:
            return "suddenly"
        # Where the usual picture takes no more than half the time, hitches of another cause make the late
        # ones; a smaller size would cost quality and mend nothing.
        return "often" if sum(late) > _FORGIVEN and median(self._costs) * rate > 0.5 else ""

    def _can_rise(self, rate: float) -> bool:
        held = max(_SUDDEN, round(self._hold_s * rate))
        if self._at == self._top or self._since < held:
            return False
        larger = self._rungs[self._at - 1]
        costs = list(self._costs)[-held:]
        usual_s = median(costs)
        # What makes the worst ones worse than the usual is for the most part the rest of the machine: it was
        # measured to be much the same milliseconds at every size.
        more_s = usual_s * (self._shape.ratio(self._rung.pixels, larger.pixels) - 1)
        return (_p99_of(costs) + more_s) * rate <= _FITS

    def _go_down(self, rate: float) -> None:
        cost_s, pixels = self._recent_s, self._rung.pixels
        at = self._at + 1
        while (
            at < len(self._rungs) - 1
            and cost_s * self._shape.ratio(pixels, self._rungs[at].pixels) * rate > _LANDS
        ):
            at += 1
        self._change(at)

    @property
    def _recent_s(self) -> float:
        return median(list(self._costs)[-_RECENT:])

    def _change(self, at: int) -> None:
        before = self._rung.pixels, self._recent_s
        self._settle_at(at)
        self._before = before
        self.changes += 1

    def _begin_again(self) -> None:
        # Dial or rate were changed by hand: from the best on, and nothing is held against it.
        self._hold_s, self._climbed = _HOLD_S, False
        self._lates.clear()
        self._settle_at(self._top)

    def _settle_at(self, at: int) -> None:
        self._at = at
        self._costs.clear()
        self._answers.clear()
        self._before = None
        self._warm_up, self._since = _WARM_UP, 0


def _p99_of(costs: Sequence[float]) -> float:
    # Of fewer than a hundred too, one outlier is left out: it is no reason for anything.
    return sorted(costs)[-2]
