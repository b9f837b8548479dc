"""Everything in the table of actions."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.input.actions import ACTIONS, Action, Kind, bindings_text

__all__ = ["SOURCE", "actions"]


def actions(desk: Desk) -> Iterator[Command]:
    """What is pressed is done; of what is held or moved it is told how."""
    pressed = [entry for entry in ACTIONS if entry.kind is Kind.PRESS and entry.name != "commands"]
    for entry in (*pressed, *(entry for entry in ACTIONS if entry.kind is not Kind.PRESS)):
        keys, pad = bindings_text(entry)
        yield Command(entry.description, entry.group, _doing(desk, entry), keys or pad)


def _doing(desk: Desk, entry: Action) -> Callable[[], object]:
    if entry.kind is Kind.PRESS:
        return lambda: desk.act(entry.name)
    keys, pad = bindings_text(entry)
    how = "hold" if entry.kind is Kind.HOLD else "by"
    return lambda: desk.session.notices.add(f"{entry.description}: {how} {keys or pad}")


SOURCE = actions
