"""Short messages that come and go by themselves."""

from dataclasses import dataclass

__all__ = ["Notice", "Notices"]

_SHOWN_S = 5.0
_MOST = 4


@dataclass(frozen=True, slots=True)
class Notice:
    """One message; `left_s` is how long it will still be shown."""

    text: str
    left_s: float
    is_problem: bool = False


class Notices:
    """The messages that are shown just now, oldest first. A message said again is shown anew, not twice."""

    def __init__(self) -> None:
        self._shown: list[Notice] = []

    @property
    def shown(self) -> tuple[Notice, ...]:
        """What the screen has room for: the newest."""
        return tuple(self._shown[-_MOST:])

    def add(self, text: str, *, is_problem: bool = False) -> None:
        """Show a message; problems stay twice as long."""
        self._shown = [notice for notice in self._shown if notice.text != text]
        self._shown.append(Notice(text, _SHOWN_S * (2 if is_problem else 1), is_problem))

    def pass_time(self, dt_s: float) -> None:
        """Let `dt_s` go by."""
        self._shown = [
            Notice(notice.text, notice.left_s - dt_s, notice.is_problem)
            for notice in self._shown
            if notice.left_s > dt_s
        ]
