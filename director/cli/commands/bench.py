"""`director bench`: measures this machine."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from director.cli.command import Command, Outcome
from director.cli.options import add_generator, add_json
from director.cli.progress import ProgressLine
from director.errors import UsageError

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "suite",
        metavar="SUITE",
        nargs="?",
        help="default all that are done in minutes; `soak` takes ten, `stream` some",
    )
    parser.add_argument(
        "--peer",
        type=Path,
        metavar="PATH",
        help="stream: run the StreamDiffusion of this checkout beside ours",
    )
    parser.add_argument(
        "--real", action="store_true", help="stream: the published architectures without a CUDA device too"
    )
    add_generator(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.cli.bench import Beside, Figures, suite, suite_names
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
    beside = Beside(arguments.peer, arguments.real)
    if beside != Beside() and any(suite(name).run_beside is None for name in names):
        able = [name for name in every if suite(name).run_beside is not None]
        raise UsageError(
            "--peer and --real are not for every suite",
            subject="bench",
            mend=f"name one of {', '.join(able)}",
        )
    generator(arguments.generator)
    progress = ProgressLine()
    found: dict[str, Figures] = {}
    try:
        for name in names:
            asked = suite(name)
            if asked.run_beside is None:
                found[name] = asked.run(arguments.generator, progress)
            else:
                found[name] = asked.run_beside(arguments.generator, progress, beside)
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
