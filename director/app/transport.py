"""The scene's clock: plays a range, once or round and round, pauses, and goes to any time."""

__all__ = ["Transport"]

_ROUNDING_S = 1e-6
"""Of adding up an hour of ticks: it comes to the end with the tick that is due there, not with the next."""


class Transport:
    """Scene time in seconds. It stands until it is played, and plays from `start_s` to `end_s`; where it
    `loops`, it then begins again, else it stops."""

    def __init__(self, end_s: float) -> None:
        self.time_s = 0.0
        self.start_s = 0.0
        self.end_s = end_s
        self.is_playing = False
        self.loops = False

    def advance(self, dt_s: float) -> bool:
        """Let `dt_s` go by, if the scene plays; returns whether time jumped back to the start."""
        if not self.is_playing:
            return False
        self.time_s += dt_s
        if self.time_s < self.end_s - _ROUNDING_S:
            return False
        self.time_s = self.end_s
        if self.loops and self.end_s > self.start_s:
            self.time_s = self.start_s
            return True
        self.is_playing = False
        return False

    def toggle(self) -> bool:
        """Play or pause. At the end, or outside the range, it plays from the start of the range; returns
        whether time jumped so."""
        if self.is_playing:
            self.is_playing = False
            return False
        jumps = self.time_s >= self.end_s or self.time_s < self.start_s
        if jumps:
            self.time_s = self.start_s
        self.is_playing = True
        return jumps

    def rewind(self) -> None:
        """Back to the start; it goes on playing if it played."""
        self.time_s = self.start_s

    def seek(self, time_s: float) -> None:
        """Go to a time, which may lie outside the range; it stops playing."""
        self.time_s = max(0.0, time_s)
        self.is_playing = False

    def set_range(self, start_s: float, end_s: float) -> None:
        """What is played from now on. Raises ValueError where that is no range."""
        if not 0 <= start_s < end_s:
            raise ValueError(f"{start_s:g} s to {end_s:g} s is no range")
        self.start_s, self.end_s = start_s, end_s
