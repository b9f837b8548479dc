"""Time laid out along a line: where a time is drawn, what time a place stands for, where strokes are due."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction

__all__ = ["Ruler", "Tick", "frame_time"]

_STEPS_S = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)
_CLOSEST, _WIDEST = 0.02, 4000.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A stroke of the ruler; those that are `labelled` tell their time."""

    time_s: float
    labelled: bool


@dataclass(frozen=True, slots=True)
class Ruler:
    """`start_s` is the time at `left`, and a second is `per_s` points wide."""

    start_s: float
    per_s: float
    left: float = 0.0

    @classmethod
    def over(cls, start_s: float, end_s: float, width: float, left: float = 0.0) -> "Ruler":
        """A ruler that shows a range over a width, with a little air at both ends."""
        span_s = max(end_s - start_s, 0.1)
        air_s = 0.03 * span_s
        return cls(start_s - air_s, _bounded(max(width, 1.0) / (span_s + 2 * air_s)), left)

    def x_of(self, time_s: float) -> float:
        """Where a time is drawn."""
        return self.left + (time_s - self.start_s) * self.per_s

    def time_at(self, x: float) -> float:
        """The time at a place; before the scene begins it is 0."""
        return max(0.0, self.start_s + (x - self.left) / self.per_s)

    def zoomed(self, factor: float, about_x: float) -> "Ruler":
        """So many times as wide; the time at `about_x` stays where it is."""
        per_s = _bounded(self.per_s * factor)
        time_s = self.start_s + (about_x - self.left) / self.per_s
        return replace(self, start_s=time_s - (about_x - self.left) / per_s, per_s=per_s)

    def panned(self, points: float) -> "Ruler":
        """Moved to the right by so many points."""
        return replace(self, start_s=self.start_s - points / self.per_s)

    def ticks(self, width: float, fps: Fraction, apart: float = 64.0) -> tuple[Tick, ...]:
        """The strokes within a width, labels at least `apart` points from each other. Zoomed in they stand on
        frames, else on seconds."""
        frame_s = float(1 / fps)
        nominal = max(1, round(fps))
        frames = [n for n in (1, 2, 4, 6, 12) if n < nominal]
        steps = [n * frame_s for n in frames] + list(_STEPS_S)
        wanted = next((step for step in steps if step * self.per_s >= apart), _STEPS_S[-1])
        parts = 4 if wanted >= 1 else max(1, round(wanted / frame_s))
        small = wanted / parts
        if small * self.per_s < 5:
            parts, small = 1, wanted
        first = max(0, math.ceil(self.start_s / small - 1e-9))
        last = math.floor((self.start_s + width / self.per_s) / small + 1e-9)
        return tuple(Tick(i * small, i % parts == 0) for i in range(first, last + 1))


def frame_time(time_s: float, fps: Fraction) -> float:
    """The time of the frame that is nearest, from 0 on."""
    return max(0.0, float(round(Fraction(time_s) * fps) / fps))


def _bounded(per_s: float) -> float:
    return min(_WIDEST, max(_CLOSEST, per_s))
