"""`director still`: one frame, and its passes as files."""

import argparse

from director.cli.command import Command, Outcome
from director.cli.options import folder, png_file, time
from director.cli.progress import ProgressLine, unheard
from director.cli.shot import add_shot, framed, requested
from director.errors import UsageError

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="FILE.png", type=png_file, required=True, help="the picture")
    parser.add_argument(
        "--time", metavar="S", type=time, default=0.0, help="seconds into the move (default 0)"
    )
    parser.add_argument(
        "--shot", metavar="WORDS", help='in the place of a move, such as "close-up of anna, low angle"'
    )
    parser.add_argument("--passes", metavar="DIR", type=folder, help="write the passes as files in here")
    add_shot(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.still import still

    request = requested(arguments)
    if arguments.shot is not None:
        if arguments.move is not None:
            raise UsageError("cannot be had with --move", subject="--shot", mend="leave one of them out")
        request = framed(request, arguments.shot, arguments.time)
    progress = ProgressLine()
    try:
        made = still(request, arguments.out, arguments.time, arguments.passes, progress)
    finally:
        progress.clear()
    rows = [f"picture  {made.file}", *(f"{name:<12} {path}" for name, path in made.passes.items())]
    text = "\n".join(rows) + unheard(made.not_understood)
    data = {
        "file": str(made.file),
        "sha256": made.sha256,
        "ms": round(made.milliseconds, 3),
        "objects": made.objects,
        "passes": {name: str(path) for name, path in made.passes.items()},
        "not_understood": list(made.not_understood),
    }
    return Outcome(text, data)


COMMAND = Command("still", "draw one frame, and its passes as files", _declare, _run)
