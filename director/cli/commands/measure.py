"""`director measure`: how steady, sharp and faithful a take is."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from director.cli.command import Command, Outcome
from director.cli.options import add_json, png_file
from director.cli.progress import ProgressLine
from director.errors import RecordingError

if TYPE_CHECKING:
    from director.take.measure import Measures

__all__ = ["COMMAND"]

_WORDS = {
    "warp_error": "mean change along exact motion, 0..1",
    "flicker": "of it what does not change steadily",
    "detail_kept": "fine detail against the raw generator's, 1 = all",
    "edge_recall": "share of the scene's edges that the picture has",
    "edge_offset_px": "median distance of those, pixels",
    "drift": "change of saturation or contrast, last second",
}
_MOST_OBJECTS = 12


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("take", metavar="TAKE", type=Path, help="the folder of a take")
    parser.add_argument(
        "--quick", action="store_true", help="without detail kept and drift, which generate the take again"
    )
    parser.add_argument("--plot", metavar="FILE.png", type=png_file, help="draw the figures over time")
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.measure import measure
    from director.take.plot import save_plot

    if arguments.plot is not None and not os.access(arguments.plot.absolute().parent, os.W_OK):
        # Before the take is measured, which may take an hour.
        raise RecordingError(
            "cannot be written: there is no such folder, or it may not be written to",
            subject=str(arguments.plot),
            mend="choose another --plot",
        )
    progress = ProgressLine()
    try:
        found = measure(arguments.take, progress, arguments.quick)
        if arguments.plot is not None:
            save_plot(found, arguments.take.name, arguments.plot)
    finally:
        progress.clear()
    data = {
        **found.figures,
        "objects": found.objects,
        "seconds": found.seconds,
        "latency_ms": found.latency_ms,
        "deadline_miss": found.deadline_miss,
        "frames": found.frames,
        "notes": list(found.notes),
    }
    return Outcome(_told(found), data)


def _told(found: "Measures") -> str:
    rows = [f"{name:<15} {_number(found.figures.get(name)):>8}   {words}" for name, words in _WORDS.items()]
    if found.latency_ms is not None:
        spread = "  ".join(f"{name} {value:.0f}" for name, value in found.latency_ms.items())
        rows.append(f"{'latency_ms':<15} {spread}")
    if found.deadline_miss is not None:
        rows.append(f"{'deadline_miss':<15} {found.deadline_miss:>8.2%}")
    worst = sorted(found.objects, key=lambda name: -(found.objects[name]["warp_error"] or 0.0))
    if worst:
        rows.append("")
        rows.append(f"{'least steady':<28} warp_error  flicker  detail_kept  edge_recall")
    for name in worst[:_MOST_OBJECTS]:
        one = found.objects[name]
        rows.append(
            f"{name[:28]:<28} {_number(one['warp_error']):>10} {_number(one['flicker']):>8}"
            f" {_number(one['detail_kept']):>12} {_number(one['edge_recall']):>12}"
        )
    return "\n".join([*rows, *found.notes])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


COMMAND = Command("measure", "how steady, sharp and faithful a take is", _declare, _run)
