"""How fast pictures come: what a runner says in its state."""

from collections import deque

from director.clock import now_s

__all__ = ["Pace"]

_WINDOW_S = 2.0


class Pace:
    """Pictures a second over the last two seconds, or of the last two pictures; 0 until two have come."""

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=256)

    def count(self) -> None:
        """A picture came now."""
        self._times.append(now_s())

    @property
    def per_second(self) -> float:
        """Of the intervals between pictures; slows down as soon as the next one is late."""
        now = now_s()
        # Copied in one step: another thread may be counting.
        known = tuple(self._times)
        if len(known) < 2:
            return 0.0
        times = [time for time in known if now - time <= _WINDOW_S]
        if len(times) < 2:
            times = list(known[-2:])
        mean = (times[-1] - times[0]) / (len(times) - 1)
        return 1.0 / max(mean, (now - times[0]) / len(times), 1e-6)
