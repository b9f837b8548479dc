"""`director bench`: measures this machine."""

import argparse
import sys
from collections.abc import Mapping

from director.cli.command import Command, Outcome
from director.cli.options import add_generator, add_json
from director.cli.progress import ProgressLine
from director.errors import UsageError

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "suite", metavar="SUITE", nargs="?", help="default all that are done in minutes; `soak` takes ten"
    )
    add_generator(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.cli.bench import Figures, suite, suite_names
    from director.cli.checks import run_apart
    from director.generate import generator

    every = suite_names()
    names = tuple(name for name in every if not suite(name).is_long)
    if arguments.suite is not None:
        if arguments.suite not in every:
            raise UsageError(
                f"there is no suite {arguments.suite!r}", subject="bench", mend=f"one of {', '.join(every)}"
            )
        names = (arguments.suite,)
    elif any(suite(name).needs_display for name in names):
        finding = run_apart("display")
        if not finding.ok:
            left_out = [name for name in names if suite(name).needs_display]
            names = tuple(name for name in names if name not in left_out)
            print(f"left out, {', '.join(left_out)}: {finding.found} ({finding.mend})", file=sys.stderr)
    generator(arguments.generator)
    progress = ProgressLine()
    found: dict[str, Figures] = {}
    try:
        for name in names:
            found[name] = suite(name).run(arguments.generator, progress)
    finally:
        progress.clear()
    return Outcome(_text(found), found)


def _text(found: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    rows: list[str] = []
    for name, cases in found.items():
        rows.append(name)
        for case, figures in cases.items():
            told = "  ".join(f"{figure} {value:g}" for figure, value in figures.items())
            rows.append(f"  {case:<36} {told}")
    return "\n".join(rows)


COMMAND = Command("bench", "measure this machine: passes, generator, composite, loop", _declare, _run)
