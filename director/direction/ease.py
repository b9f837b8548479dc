"""Changing one's mind without a jump: from one direction to another over a chosen time."""

from dataclasses import replace

from director.types import Direction

__all__ = ["Ease"]

_DEEPEST = 3
"""Changes under way at once; where a director changes their mind faster, the oldest counts as made, or where
it has hardly begun, as never begun."""


class Ease:
    """The direction at each tick, on its way to what was asked last.

    `seconds` is how long a whole change takes; 0 changes at once. What lies between two directions is the
    generator's to say: `Direction.leaving` and `arrived` tell it how far the way has been made, smoothly at
    both ends.
    """

    def __init__(self, direction: Direction, seconds: float) -> None:
        self.seconds = seconds
        self._wanted = direction
        self._leaving: Direction | None = None
        self._gone_s = 0.0
        # The length of the way under way: another choice counts from the next change on.
        self._way_s = seconds

    @property
    def wanted(self) -> Direction:
        """What was asked last."""
        return self._wanted

    @property
    def now(self) -> Direction:
        """What is asked for just now; once it has arrived, what was wanted itself."""
        if self._leaving is None:
            return self._wanted
        share = min(1.0, self._gone_s / self._way_s)
        arrived = share * share * (3 - 2 * share)
        return replace(self._wanted, leaving=self._leaving, arrived=arrived)

    def to(self, direction: Direction) -> None:
        """Ask for another direction, from wherever the last change has come to."""
        before = self.now
        self._wanted = direction
        self._gone_s, self._way_s = 0.0, self.seconds
        self._leaving = None if self.seconds <= 0 else _shortened(before, _DEEPEST - 1)

    def amend(self, direction: Direction) -> None:
        """What was asked last is this, without a new way to go: for what is not to be eased."""
        self._wanted = direction

    def cut(self) -> None:
        """Be there at once: another shot begins."""
        self._leaving = None

    def advance(self, dt_s: float) -> Direction:
        """Let time pass, and return `now`."""
        if self._leaving is not None:
            self._gone_s += max(0.0, dt_s)
            if self._gone_s >= self._way_s:
                self._leaving = None
        return self.now


def _shortened(direction: Direction, depth: int) -> Direction:
    if direction.leaving is None:
        return direction
    if depth <= 1:
        # Whichever is nearer: the picture is to jump as little as it can.
        if direction.arrived < 0.5:
            return _shortened(direction.leaving, depth)
        return replace(direction, leaving=None, arrived=1.0)
    return replace(direction, leaving=_shortened(direction.leaving, depth - 1))
