"""What the palette finds: commands, and the family of those who offer them (`director/app/commands/`)."""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from director.app import commands
from director.family import member_names

if TYPE_CHECKING:
    from director.app.desk.desk import Desk

__all__ = ["Command", "Source", "command_sources"]


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done just now. `text` says what, `keys` how else it is done, "" by no key."""

    text: str
    group: str
    do: Callable[[], object]
    keys: str = ""


Source = Callable[["Desk"], Iterable[Command]]
"""A module of the family defines `SOURCE`: what it offers, asked anew each time the palette opens."""


@cache
def command_sources() -> tuple[Source, ...]:
    """Every source: that of the table of actions first, the others by name."""
    names = sorted(member_names(commands.__path__), key=lambda name: (name != "actions", name))
    return tuple(
        importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}").SOURCE for name in names
    )
