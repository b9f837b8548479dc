"""From ticks, which vary, to the frames of a film, which do not: frame k shows the newest picture at its
time, k/fps."""

import math
from collections.abc import Iterable
from fractions import Fraction

__all__ = ["SLACK_S", "Resampler", "first_frame", "shown_ticks"]

SLACK_S = 1e-5
"""A tick that comes so little after a frame's time is at it: below the length of any tick, above the rounding
of adding an hour of them up."""


def first_frame(time_s: float, fps: Fraction) -> int:
    """The first frame of the film that a picture of this time, from the first tick on, can be on."""
    return math.ceil((time_s - SLACK_S) * float(fps)) if time_s > SLACK_S else 0


def shown_ticks(steps_s: Iterable[float], fps: Fraction) -> tuple[int, ...]:
    """For each frame of the film the number of the tick whose picture it shows. `steps_s` are the ticks'
    seconds since the one before."""
    resampler = Resampler(fps)
    shown: list[int] = []
    count = 0
    for count, dt_s in enumerate(steps_s, start=1):
        shown += [count - 2] * resampler.tick(dt_s)
    return (*shown, *[count - 1] * resampler.end())


class Resampler:
    """Says how often each tick's picture goes onto the film. Time 0 is the first tick."""

    def __init__(self, fps: Fraction) -> None:
        self._fps, self._rate = float(fps), fps
        self._time_s: float | None = None
        self._given = 0

    def tick(self, dt_s: float) -> int:
        """A tick came `dt_s` after the one before (of no meaning at the first): the number of frames that
        the picture of the tick before still fills."""
        if self._time_s is None:
            self._time_s = 0.0
            return 0
        self._time_s += max(0.0, dt_s)
        return self._give(first_frame(self._time_s, self._rate))

    def end(self) -> int:
        """There is no further tick: the number of frames that the last picture fills, 0 or 1."""
        if self._time_s is None:
            return 0
        return self._give(math.floor((self._time_s + SLACK_S) * self._fps) + 1)

    def _give(self, due: int) -> int:
        count = max(0, due - self._given)
        self._given += count
        return count
