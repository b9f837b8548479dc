"""The command `director`: reads arguments, runs a command, and says in one line what went wrong."""

import argparse
import importlib
import io
import json
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from types import TracebackType
from typing import NoReturn

from director import __version__
from director.cli import commands
from director.cli.command import Command, Outcome
from director.errors import DirectorError, UsageError
from director.family import member_names

__all__ = ["main"]

_DEFAULT_COMMAND = "open"
_INTERRUPTED = 130
_TRACEBACK = "DIRECTOR_TRACEBACK"
_FIRST_STEPS = """\
first steps:
  director                                    the viewport on the sample scene; F1 shows its keys
  director list scenes                        what else there is to open
  director shoot night_alley --out takes      a film of a scene, without a window
  director still night_alley --out still.png --prompt "snowy morning"
  director doctor                             if something does not work
  director COMMAND --help                     what a command takes
"""


class _Parser(argparse.ArgumentParser):
    """Raises UsageError for what argparse would print with a page of usage."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, mend=f"{self.prog} --help")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status: 0 done, 1 failed, 2 wrong usage or bad input, 130
    interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Names may hold letters that a terminal's encoding lacks: rather a mark than a failure.
        sys.stdout.reconfigure(errors="replace")
    if arguments is None and not os.environ.get(_TRACEBACK):
        sys.excepthook = _in_one_line
    try:
        outcome = _run(given)
        sys.stdout.flush()
    except DirectorError as error:
        print(f"director: {error}", file=sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("director: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; Python must not complain about it while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"director: {error}", file=sys.stderr)
        return 1
    return outcome.status


def _in_one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is said of a mistake in the program itself, in the place of a traceback."""
    told = " ".join(f"{kind.__name__}: {error}".split())
    print(
        f"director: a mistake in the program, {told} (please report it, with what {_TRACEBACK}=1 shows)",
        file=sys.stderr,
    )


def _run(given: list[str]) -> Outcome:
    found = _commands()
    parser = _parser(found)
    if not given or (given[0].startswith("-") and given[0] not in ("-h", "--help", "--version")):
        given = [_DEFAULT_COMMAND, *given]
    elif given[0] == "help":
        given = [*given[1:2], "--help"]
    if not given[0].startswith("-"):
        _check_command(given[0], [command.name for command in found])
    parsed = parser.parse_args(given)
    command: Command = parsed.command
    outcome = command.run(parsed)
    if getattr(parsed, "json", False):
        print(json.dumps(outcome.data, allow_nan=False))
    elif outcome.text:
        print(outcome.text)
    return outcome


def _check_command(name: str, names: Sequence[str]) -> None:
    if name in names:
        return
    # Imported here: commands that are there need not wait for it.
    from director.scene.load import scene_names

    if name.endswith(".json") or name in scene_names():
        raise UsageError(f"{name} is a scene, not a command", mend=f"director open {name}")
    near = get_close_matches(name, names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    raise UsageError(f"there is no command {name!r}", mend=f"{meant}; director --help")


def _commands() -> list[Command]:
    names = member_names(commands.__path__)
    modules = [importlib.import_module(f"{commands.__name__}.{name.replace('-', '_')}") for name in names]
    return [module.COMMAND for module in modules]


def _parser(found: Sequence[Command]) -> _Parser:
    parser = _Parser(
        prog="director",
        description="Block a scene, fly a camera through it, see a generated picture that follows both.",
        epilog=_FIRST_STEPS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"director {__version__}")
    family = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    for command in found:
        own = family.add_parser(
            command.name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        command.declare(own)
        own.set_defaults(command=command)
    return parser
