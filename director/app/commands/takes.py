"""The scene's takes, to be played."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.take.library import TakeEntry

__all__ = ["SOURCE", "takes"]


def takes(desk: Desk) -> Iterator[Command]:
    """Play each take that is known to the browser and can be played."""
    for take in desk.shelf.shown:
        if take.state in ("complete", "short"):
            yield Command(f"Play take {take.shot} {take.number}", "Takes", _playing(desk, take))


def _playing(desk: Desk, take: TakeEntry) -> Callable[[], object]:
    return lambda: desk.play_take(take)


SOURCE = takes
