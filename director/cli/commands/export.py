"""`director export`: takes as files for other programs."""

import argparse
from pathlib import Path

from director.cli.command import Command, Outcome
from director.cli.options import add_json
from director.cli.progress import ProgressLine

__all__ = ["COMMAND"]

_MOST_FRAMES = 10_000_000


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "takes",
        metavar="TAKE",
        nargs="+",
        type=Path,
        help="folders of takes; a folder that holds takes stands for its circled ones",
    )
    parser.add_argument(
        "--to", metavar="FORMAT", dest="format", required=True, help="director list exporters"
    )
    parser.add_argument(
        "--out",
        metavar="PATH",
        type=Path,
        required=True,
        help="the file to write; a folder for picture sequences, and for several takes",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace what is there")
    parser.add_argument(
        "--timecode",
        metavar="HH:MM:SS:FF",
        help="of a take's first frame; a semicolon before the frames counts drop-frame (default 0)",
    )
    parser.add_argument(
        "--first-frame",
        metavar="N",
        type=_frame_number,
        default=1001,
        help="the number of the first frame in sequences and tracks (default 1001)",
    )
    parser.add_argument(
        "--handles",
        metavar="FRAMES",
        type=_frame_number,
        default=0,
        help="frames that a cut list leaves out at both ends of a take, to draw on (default 0)",
    )
    parser.add_argument("--burn-in", action="store_true", help="write slate, lens and timecode into pictures")
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.exporters import ExportOptions, export_takes, exporter

    options = ExportOptions(
        overwrite=arguments.overwrite,
        timecode=arguments.timecode,
        first_frame=arguments.first_frame,
        handles=arguments.handles,
        burn_in=arguments.burn_in,
    )
    progress = ProgressLine()
    try:
        made = export_takes(exporter(arguments.format), arguments.takes, arguments.out, options, progress)
    finally:
        progress.clear()
    files = [str(path) for path in made]
    return Outcome("\n".join(files), {"format": arguments.format, "files": files})


def _frame_number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 8 or int(text) > _MOST_FRAMES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to {_MOST_FRAMES}")
    return int(text)


COMMAND = Command("export", "takes as files for other programs", _declare, _run)
