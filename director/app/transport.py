"""The scene's clock: plays, pauses, and goes back to the start."""

__all__ = ["Transport"]


class Transport:
    """Scene time in seconds. It stands until it is played, and stops at `end_s`."""

    def __init__(self, end_s: float) -> None:
        self.time_s = 0.0
        self.end_s = end_s
        self.is_playing = False

    def advance(self, dt_s: float) -> None:
        """Let `dt_s` go by, if the scene plays."""
        if not self.is_playing:
            return
        self.time_s = min(self.end_s, self.time_s + dt_s)
        if self.time_s >= self.end_s:
            self.is_playing = False

    def toggle(self) -> bool:
        """Play or pause. At the end it plays from the start again; returns whether time jumped so."""
        if self.is_playing:
            self.is_playing = False
            return False
        jumps = self.time_s >= self.end_s
        if jumps:
            self.time_s = 0.0
        self.is_playing = True
        return jumps

    def rewind(self) -> None:
        """Back to the start; it goes on playing if it played."""
        self.time_s = 0.0
