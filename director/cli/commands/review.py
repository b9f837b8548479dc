"""`director review`: a page to show and compare takes in a browser, and the notes that come back from it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from director.cli.command import Command, Outcome
from director.cli.options import add_json, prompt
from director.cli.progress import ProgressLine
from director.errors import UsageError

if TYPE_CHECKING:
    from director.take.review import Imported, Review

__all__ = ["COMMAND"]

_TAKES = Path("takes")


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = "bring notes back:  director review takes --import review-notes.json"
    parser.add_argument(
        "takes",
        metavar="TAKES",
        nargs="*",
        type=Path,
        help="takes, or folders of takes: all that lie in them (default takes)",
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="the folder to write; one that is a review is written anew"
    )
    parser.add_argument(
        "--import",
        metavar="FILE",
        dest="notes",
        type=Path,
        help="write ratings, circles and notes that were saved from a review into the takes",
    )
    parser.add_argument("--title", metavar="TEXT", type=prompt, default="", help="what stands at its head")
    parser.add_argument(
        "--no-proxies", action="store_true", help="without a film of the blocking beside each"
    )
    parser.add_argument("--measure", action="store_true", help="tell how steady, sharp and faithful they are")
    parser.add_argument(
        "--quick", action="store_true", help="measure without what needs takes to be generated again"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="of notes: also where a take has changed since"
    )
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.review import ReviewOptions, import_notes, make_review

    takes = arguments.takes or [_TAKES]
    if not arguments.takes and not _TAKES.is_dir():
        raise UsageError("no takes are named", mend="director review TAKES --out DIR")
    if arguments.notes is not None:
        _refuse(arguments, "--import", ("out", "title", "no_proxies", "measure", "quick"))
        return _imported(import_notes(arguments.notes, takes, arguments.overwrite), arguments.notes)
    if arguments.out is None:
        raise UsageError("no folder to write to is named", mend="add --out DIR, or --import FILE")
    _refuse(arguments, "--out", ("overwrite",))
    options = ReviewOptions(
        title=arguments.title,
        proxies=not arguments.no_proxies,
        measure=arguments.measure or arguments.quick,
        quick=arguments.quick,
    )
    progress = ProgressLine()
    try:
        made = make_review(takes, arguments.out, options, progress)
    finally:
        progress.clear()
    return _made(made)


def _refuse(arguments: argparse.Namespace, beside: str, names: tuple[str, ...]) -> None:
    for name in names:
        if getattr(arguments, name):
            raise UsageError(
                f"does nothing beside {beside}", subject=f"--{name.replace('_', '-')}", mend="leave it out"
            )


def _made(made: "Review") -> Outcome:
    for label, why in made.broken:
        print(f"director: {label}: {why}", file=sys.stderr)
    data = {
        "out": str(made.folder),
        "page": str(made.page),
        "takes": made.takes,
        "proxies": made.proxies,
        "measured": made.measured,
        "kept": made.kept,
        "bytes": made.bytes,
        "broken": [{"take": label, "problem": why} for label, why in made.broken],
    }
    count = f"{made.takes} take{'' if made.takes == 1 else 's'}, {made.bytes / 1e6:.1f} MB"
    return Outcome(f"{made.page}\n{count}: open it in any browser, or send the folder", data)


def _imported(found: "Imported", file: Path) -> Outcome:
    for line in found.problems:
        print(f"director: {line}", file=sys.stderr)
    data = {
        "file": str(file),
        "written": list(found.written),
        "unchanged": list(found.unchanged),
        "not_found": [label for label, _ in found.not_found],
        "changed": [{"take": label, "problem": why} for label, why in found.changed],
        "failed": [{"take": label, "problem": why} for label, why in found.failed],
    }
    rows = [*(f"{label}: written" for label in found.written)]
    rows += [f"{label}: as it was" for label in found.unchanged]
    # What was written stays; that something was left is no success.
    return Outcome("\n".join(rows), data, 1 if found.problems else 0)


COMMAND = Command("review", "a page to show and compare takes in a browser", _declare, _run)
