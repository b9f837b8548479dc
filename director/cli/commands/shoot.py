"""`director shoot`: a take without a window."""

import argparse
from dataclasses import replace

from director.cli.command import Command, Outcome
from director.cli.options import folder, frame_rate, prompt, seconds, share
from director.cli.progress import ProgressLine, unheard
from director.cli.shot import add_shot, requested

__all__ = ["COMMAND"]


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", metavar="DIR", type=folder, required=True, help="takes are made in here")
    parser.add_argument("--seconds", metavar="S", type=seconds, help="how long (default as the move)")
    parser.add_argument(
        "--fps", metavar="F", type=frame_rate, default=frame_rate("24"), help="frames a second (default 24)"
    )
    parser.add_argument(
        "--stabiliser",
        metavar="SHARE",
        type=share,
        default=0.0,
        help="how much of each frame is kept in the next, 0 to 0.95, along exact motion (default 0)",
    )
    parser.add_argument(
        "--hold",
        metavar="WHAT",
        dest="holds",
        type=prompt,
        action="extend",
        nargs="+",
        default=[],
        help="what stays as it is first generated: an object's name, class:NAME, or background",
    )
    add_shot(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.shoot import shoot

    request = replace(
        requested(arguments, arguments.fps), stabiliser=arguments.stabiliser, holds=tuple(arguments.holds)
    )
    progress = ProgressLine()
    try:
        shot = shoot(request, arguments.out, arguments.seconds, progress)
    finally:
        progress.clear()
    text = (
        f"take       {shot.take.folder}\n"
        f"film       {shot.take.video}\n"
        f"thumbnail  {shot.take.folder / 'thumbnail.png'}\n"
        f"{shot.frames} frames, {shot.fps:.1f} generated a second"
        f"{unheard(shot.not_understood)}"
    )
    data = {
        "take": str(shot.take.folder),
        "video": str(shot.take.video),
        "frames": shot.frames,
        "fps": round(shot.fps, 3),
        "sha256_frames": shot.sha256_frames,
        "not_understood": list(shot.not_understood),
    }
    return Outcome(text, data)


COMMAND = Command("shoot", "shoot a take without a window", _declare, _run)
