"""The desk's panels, to be brought to the front."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk

__all__ = ["SOURCE", "panels"]


def panels(desk: Desk) -> Iterator[Command]:
    """Bring up each of them."""
    for panel in desk.panels:
        yield Command(f"Bring up panel {panel.title}", "Desk", _bringing(desk, panel.title))


def _bringing(desk: Desk, title: str) -> Callable[[], object]:
    return lambda: desk.bring_up(title)


SOURCE = panels
