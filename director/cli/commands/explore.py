"""`director explore`: one variable changed: before, after, what held."""

import argparse

from director.cli.command import Command, Outcome
from director.cli.options import folder, prompt, time
from director.cli.progress import ProgressLine, unheard
from director.cli.shot import add_shot, requested

__all__ = ["COMMAND"]

_KEYS = """\
what can be changed (NAME is an object's or a group's):
  prompt=TEXT                the scene's words: light, weather, mood
  object:NAME=TEXT           what an object is to be
  background=TEXT            the mountains and hills, else the buildings, else the walls
  sun=AZIMUTH,ELEVATION      where the light comes from, degrees
  seed=N                     another throw of the dice
  time=S                     another moment of the move
  move=NAME                  another camera move
  camera=X,Y,Z               the camera put right, up and back, metres
  lens=MM                    another focal length
  hide=NAME                  an object taken away
  move-object:NAME=X,Y,Z     an object moved along the world's axes, metres
"""


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _KEYS
    parser.add_argument(
        "--change",
        metavar="KEY=VALUE",
        dest="changes",
        type=prompt,
        action="append",
        required=True,
        help='what to change, such as "prompt=snow at dusk"; any number, each a step of its own',
    )
    parser.add_argument("--out", metavar="DIR", type=folder, required=True, help="the folder for it all")
    parser.add_argument(
        "--time", metavar="S", type=time, default=0.0, help="seconds into the move (default 0)"
    )
    parser.add_argument(
        "--keep", action="store_true", help="each step keeps the changes of the steps before it"
    )
    add_shot(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.take.explore import explore, figures

    request = requested(arguments)
    progress = ProgressLine()
    try:
        made = explore(request, arguments.changes, arguments.out, arguments.time, arguments.keep, progress)
    finally:
        progress.clear()
    rows = []
    not_understood: dict[str, None] = {}
    for step in made.steps:
        rows.append(f"{step.change}\n  {step.remark}\n  {step.files['sheet']}")
        not_understood.update(dict.fromkeys(step.not_understood))
    rows += [f"{name:<8} {path}" for name, path in made.files.items() if name != "before"]
    data = {
        "out": str(made.folder),
        "files": {name: str(path) for name, path in made.files.items()},
        "steps": [figures(step) for step in made.steps],
    }
    return Outcome("\n".join(rows) + unheard(tuple(not_understood)), data)


COMMAND = Command("explore", "change one variable: before, after, what held", _declare, _run)
