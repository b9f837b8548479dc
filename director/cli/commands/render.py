"""`director render`: a take again, from what it stored."""

import argparse
import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from director.cli.command import Command, Outcome
from director.cli.options import add_json, add_samples, folder, picture_size
from director.cli.progress import ProgressLine, unheard
from director.errors import UsageError

if TYPE_CHECKING:
    from director.generate.protocol import Progress
    from director.generate.remote.workers import Workers
    from director.take.render import Rendered
    from director.take.render_plan import RenderPlan

__all__ = ["COMMAND"]

_MOST_STEPS = 200
_MOST_WORKERS = 4096
_GENERATING = 4.0
"""How much longer than composing a picture generating it takes, where that is done apart: for the bar."""


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "takes", metavar="TAKE", nargs="+", type=Path, help="the folder of a take; any number"
    )
    parser.add_argument("--out", metavar="DIR", type=folder, required=True, help="takes are made in here")
    parser.add_argument(
        "--generator", metavar="NAME", help="what draws the pictures (default the take's own)"
    )
    add_samples(parser)
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
    parser.add_argument(
        "--ray",
        metavar="ADDRESS",
        help="on a Ray cluster: HOST:PORT, ray://HOST:PORT, or local for as many workers as there are cores"
        " or GPUs here",
    )
    parser.add_argument(
        "--workers", metavar="N", type=_workers, help="with --ray: so many at the most (default all)"
    )
    parser.add_argument(
        "--seam",
        metavar="LEVELS",
        type=_levels,
        help="with --ray: cut long shots of a generator with a history into parts, which may be apart by so"
        " many levels of 255 where they meet (default: such shots stay whole)",
    )
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.render import render
    from director.take.render_ahead import DrawnAhead, render_ahead
    from director.take.render_plan import RenderRequest, plan_render

    for name in ("workers", "seam"):
        if getattr(arguments, name) is not None and arguments.ray is None:
            raise UsageError("is for workers of a Ray cluster", subject=f"--{name}", mend="add --ray ADDRESS")
    options: dict[str, float | str] = {} if arguments.steps is None else {"steps": arguments.steps}
    if arguments.samples is not None:
        options["samples"] = arguments.samples
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
    plans = [plan_render(request) for request in requests]
    line = ProgressLine()

    def tell_of(subject: object) -> Callable[[str], None]:
        def tell(note: str) -> None:
            line.clear()
            print(f"director: {subject}: {note}", file=sys.stderr, flush=True)

        return tell

    made: list[Rendered] = []
    try:
        with contextlib.ExitStack() as stack:
            workers = None
            ahead: Sequence[DrawnAhead | None] = [None] * len(requests)
            first, *bars = _bars(plans, line, is_apart=arguments.ray is not None)
            if arguments.ray is not None:
                workers = stack.enter_context(_joined(arguments, tell_of))
                ahead = render_ahead(requests, workers, first, tell_of("render"))
            for request, bar, drawn in zip(requests, bars, ahead, strict=True):
                made.append(render(request, bar, tell_of(request.take), workers, drawn))
                line.clear()
    finally:
        line.clear()
    told = [_data(one, request.take) for one, request in zip(made, requests, strict=True)]
    text = "\n\n".join(_text(one) for one in made)
    return Outcome(text, told[0] if len(told) == 1 else {"takes": told})


def _joined(arguments: argparse.Namespace, tell_of: Callable[[object], Callable[[str], None]]) -> "Workers":
    from director.generate.remote.address import cluster_address
    from director.generate.remote.cluster import Cluster
    from director.generate.remote.workers import Workers
    from director.take.drawing import cores

    address = cluster_address(arguments.ray)
    cluster = Cluster(address, cores())
    tell = tell_of(cluster)
    if cluster.is_open:
        tell("asks for no token: who reaches it can run programs on it (start it with RAY_AUTH_MODE=token)")
    return Workers(cluster, arguments.workers, arguments.seam, tell)


def _bars(plans: "Sequence[RenderPlan]", line: ProgressLine, *, is_apart: bool) -> "list[Progress]":
    """What generating ahead, where that `is_apart`, and then each render, fill of one bar."""
    from director.take.drawing import drawing_of

    frames = [len(plan.lines) for plan in plans]
    ahead = sum(
        _GENERATING * count
        for plan, count in zip(plans, frames, strict=True)
        if is_apart and not drawing_of(plan.generator, plan.settings, plan.size).is_independent
    )
    total = max(1.0, ahead + sum(frames))
    bars: list[Progress] = []
    begin = 0.0
    for length in (ahead, *frames):
        bars.append(_within(line, begin / total, length / total))
        begin += length
    return bars


def _within(line: ProgressLine, begin: float, length: float) -> "Progress":
    return lambda share, words: line(begin + share * length, words)


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
        "seams": [dict(seam) for seam in made.seams],
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
    if made.seams:
        most = max(float(str(seam["most"])) for seam in made.seams)
        rows.append(f"{len(made.seams)} seams between parts, apart by {most:g} levels of 255 at the most")
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


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of workers from 1 to {_MOST_WORKERS}")
    return int(text)


def _levels(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of levels") from error
    if not 0 <= value <= 255:
        raise argparse.ArgumentTypeError(f"{text} is no number of levels from 0 to 255")
    return value


COMMAND = Command("render", "a take again from what it stored, or better", _declare, _run)
