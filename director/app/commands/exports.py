"""Takes as files for other programs: the chosen one, or those that are circled."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.app.exporting import formats

__all__ = ["SOURCE", "exports"]


def exports(desk: Desk) -> Iterator[Command]:
    """The chosen take in each format of one, the circled ones in each format of several and as one film."""
    exporting, shelf = desk.exporting, desk.shelf
    if exporting.is_running:
        yield Command(f"Give up the export ({exporting.told})", "Takes", exporting.cancel)
        return
    chosen = shelf.entry(shelf.chosen)
    told = "a take" if chosen is None else f"take {chosen.shot} {chosen.number}"
    for name in formats(of_many=False):
        yield Command(f"Export {told} as {name}", "Takes", _one(desk, name))
    circled = [take for take in shelf.shown if take.circled]
    if circled:
        yield Command("Cut the circled takes together", "Takes", lambda: exporting.cut(circled))
        for name in formats(of_many=True):
            yield Command(f"Export the circled takes as {name}", "Takes", _circled(desk, name))


def _one(desk: Desk, name: str) -> Callable[[], object]:
    chosen = desk.shelf.entry(desk.shelf.chosen)
    if chosen is None:
        return lambda: desk.session.notices.add("Choose a take first: Ctrl+T, then Ctrl+Down or a click")
    return lambda: desk.exporting.export(name, [chosen])


def _circled(desk: Desk, name: str) -> Callable[[], object]:
    circled = [take for take in desk.shelf.shown if take.circled]
    return lambda: desk.exporting.export(name, circled)


SOURCE = exports
