"""`director render`: a take again, from what it stored."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from director.cli.command import Command, Outcome
from director.cli.options import add_json, folder, picture_size
from director.cli.progress import ProgressLine, unheard

if TYPE_CHECKING:
    from director.take.render import Rendered

__all__ = ["COMMAND"]

_MOST_STEPS = 200


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "takes", metavar="TAKE", nargs="+", type=Path, help="the folder of a take; any number"
    )
    parser.add_argument("--out", metavar="DIR", type=folder, required=True, help="takes are made in here")
    parser.add_argument(
        "--generator", metavar="NAME", help="what draws the pictures (default the take's own)"
    )
    parser.add_argument("--steps", metavar="N", type=_steps, help="steps, where the generator makes several")
    parser.add_argument("--size", metavar="WxH", type=picture_size, help="pixels (default the take's own)")
    parser.add_argument(
        "--as-seen",
        action="store_true",
        help="of a live take: the pictures that were generated then, shown when they were shown",
    )
    parser.add_argument(
        "--clean",
        metavar="STEP,…",
        type=_cleanings,
        default=frozenset(),
        help="clean up: deflicker (along exact motion), match (every shot has the first one's colour)",
    )
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.render import render
    from director.take.render_plan import RenderRequest, plan_render

    options: dict[str, float | str] = {} if arguments.steps is None else {"steps": arguments.steps}
    requests = [
        RenderRequest(
            take,
            arguments.out,
            arguments.generator,
            options,
            arguments.size,
            arguments.as_seen,
            arguments.clean,
        )
        for take in arguments.takes
    ]
    # Before the first is rendered, for that may take an hour.
    for request in requests:
        plan_render(request)
    made: list[Rendered] = []
    for request in requests:
        progress = ProgressLine()

        def tell(note: str, request: RenderRequest = request, progress: ProgressLine = progress) -> None:
            progress.clear()
            print(f"director: {request.take}: {note}", file=sys.stderr, flush=True)

        try:
            made.append(render(request, progress, tell))
        finally:
            progress.clear()
    told = [_data(one, request.take) for one, request in zip(made, requests, strict=True)]
    text = "\n\n".join(_text(one) for one in made)
    return Outcome(text, told[0] if len(told) == 1 else {"takes": told})


def _data(made: "Rendered", source: Path) -> dict[str, object]:
    return {
        "take": str(made.take.folder),
        "video": str(made.take.video),
        "frames": made.frames,
        "fps": round(made.fps, 3),
        "sha256_frames": made.sha256_frames,
        "not_understood": list(made.not_understood),
        "rendered_from": str(source),
        "same_frames": made.same_frames,
        "pictures": {
            "generated": made.pictures,
            "kept": made.kept,
            "known": made.known,
            "identical": made.identical,
        },
        "parity": made.parity,
        "cleaned": made.cleaned,
        "notes": list(made.notes),
    }


def _text(made: "Rendered") -> str:
    rows = [
        f"take       {made.take.folder}",
        f"film       {made.take.video}",
        f"{made.frames} frames of {made.pictures} generated pictures"
        + (f", {made.kept} of them from an earlier run" if made.kept else ""),
    ]
    if made.same_frames is not None:
        rows.append(
            "the frames are " + ("" if made.same_frames else "not ") + "those of the take, byte for byte"
        )
    if made.known:
        rows.append(f"{made.identical} of {made.known} generated pictures identical to those of the take")
    if made.parity is not None:
        rows.append(f"SSIM to what was seen {made.parity['ssim']:.3f}; see {made.take.folder / 'parity.png'}")
    for name, told in (made.cleaned or {}).items():
        rows.append(f"{name:<10} {told['before'] or 0:.5f} before cleaning, {told['after'] or 0:.5f} after")
    return "\n".join(rows) + unheard(made.not_understood)


def _cleanings(text: str) -> frozenset[str]:
    from director.take.render_plan import CLEANINGS

    steps = frozenset(part.strip() for part in text.split(","))
    if not steps <= frozenset(CLEANINGS):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of {', '.join(CLEANINGS)}")
    return steps


def _steps(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_STEPS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of steps from 1 to {_MOST_STEPS}")
    return int(text)


COMMAND = Command("render", "a take again from what it stored, or better", _declare, _run)
