"""`director list`: the names that other commands take."""

import argparse
import sys
from collections.abc import Sequence

from director.cli.command import Command, Outcome
from director.cli.options import add_json
from director.errors import UsageError

__all__ = ["COMMAND"]

_FAMILIES = ("scenes", "moves", "generators", "rigs", "exporters")


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("family", metavar="|".join(_FAMILIES), choices=_FAMILIES)
    parser.add_argument("scene", metavar="SCENE", nargs="?", help="whose moves; without it, kinds of move")
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    family: str = arguments.family
    if arguments.scene is not None and family != "moves":
        raise UsageError(f"{family} do not depend on a scene", subject="list", mend="leave SCENE out")
    names = list(_names(family, arguments.scene))
    if not names and not arguments.json:
        print(f"director: this version has no {family}", file=sys.stderr)
    return Outcome("\n".join(names), names)


def _names(family: str, scene: str | None) -> Sequence[str]:
    match family:
        case "scenes":
            from director.scene.load import scene_names

            return scene_names()
        case "moves":
            if scene is None:
                from director.camera.moves import move_kinds

                return list(move_kinds())
            from director.scene.load import load_scene

            return [move.name for move in load_scene(scene).moves]
        case "generators":
            from director.generate import generator_names

            return generator_names()
        case "rigs":
            from director.camera.rigs import rig_names

            return rig_names()
        case _:
            from director.take.exporters import exporter_names

            return exporter_names()


COMMAND = Command("list", "the scenes, moves, generators, rigs and exporters there are", _declare, _run)
