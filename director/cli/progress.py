"""One line on stderr that tells how far something long is, and how long it will still take."""

import sys
from collections.abc import Sequence

from director.clock import now_s

__all__ = ["ProgressLine", "unheard"]

_TERMINAL_EVERY_S = 0.1
_FILE_EVERY_S = 5.0


class ProgressLine:
    """Rewrites its line on a terminal; elsewhere prints a new one every five seconds. Says nothing about
    what is over before that."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._start_s = self._shown_s = now_s()
        self._task = ""
        self._start_share = 0.0
        self._width = 0

    def __call__(self, share: float, words: str) -> None:
        """How far, 0..1, and with what; a share that falls back begins another task."""
        now = now_s()
        task = words.split(" ", 1)[0]
        if task != self._task:
            self._task, self._start_s, self._start_share = task, now, share
        every_s = _TERMINAL_EVERY_S if self._terminal else _FILE_EVERY_S
        if now - self._shown_s < every_s:
            return
        self._shown_s = now
        line = f"{share:4.0%} {words}{_left(share, share - self._start_share, now - self._start_s)}"
        if self._terminal:
            sys.stderr.write("\r" + line.ljust(self._width))
            self._width = len(line)
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Wipe the line: something else is to be printed."""
        if self._terminal and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0


def unheard(words: Sequence[str]) -> str:
    """A line about words of the prompts that changed nothing, "" if there are none."""
    return f"\nnot understood, changed nothing: {', '.join(words)}" if words else ""


def _left(share: float, done: float, taken_s: float) -> str:
    if taken_s < 1 or done <= 0.02 or share >= 1:
        return ""
    left_s = taken_s * (1 - share) / done
    return f", {left_s / 60:.0f} min left" if left_s >= 90 else f", {left_s:.0f} s left"
