"""What a command is: one file in `cli/commands/` with `COMMAND`, and what running one gives."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Command", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command found or made: `text` for people, `data` for `--json`, and its exit status."""

    text: str = ""
    data: object = None
    status: int = 0


@dataclass(frozen=True, slots=True)
class Command:
    """A subcommand. `declare` adds its arguments; `run` does the work and imports what that takes."""

    name: str
    summary: str
    declare: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], Outcome]
