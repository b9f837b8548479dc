"""`director cut`: takes in order as one film."""

import argparse
from pathlib import Path

from director.cli.command import Command, Outcome
from director.cli.options import add_json, seconds
from director.cli.progress import ProgressLine

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "takes",
        metavar="TAKES",
        nargs="+",
        type=Path,
        help="a folder of takes, for its circled ones, or the folders of takes in their order",
    )
    parser.add_argument("--out", metavar="FILE", type=Path, required=True, help="a .mp4, or .mov for ProRes")
    parser.add_argument(
        "--dissolve",
        metavar="SECONDS",
        type=seconds,
        default=0.0,
        help="how long one take goes over into the next (default: cuts)",
    )
    parser.add_argument("--burn-in", action="store_true", help="write slate, lens and timecode into it")
    parser.add_argument("--audio", metavar="FILE", type=Path, help="a sound that begins with the film")
    parser.add_argument("--overwrite", action="store_true", help="replace what is there")
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.exporters import CutOptions, cut_film

    options = CutOptions(arguments.dissolve, arguments.burn_in, arguments.audio, arguments.overwrite)
    progress = ProgressLine()
    try:
        film = cut_film(arguments.takes, arguments.out, options, progress)
    finally:
        progress.clear()
    data = {"file": str(film.path), "frames": film.frames, "takes": film.takes}
    return Outcome(f"{film.path}\n{film.frames} frames of {film.takes} takes", data)


COMMAND = Command("cut", "takes in order as one film", _declare, _run)
