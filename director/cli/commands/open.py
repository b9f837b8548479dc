"""`director open`: the viewport."""

import argparse

from director.cli.command import Command, Outcome
from director.cli.options import add_generator, add_quality, add_size

__all__ = ["COMMAND"]

_SAMPLE = "night_alley"
_UNTITLED = "untitled"


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "scene",
        metavar="SCENE",
        nargs="?",
        help="a shipped scene's name or a file; of --template, the new scene's name",
    )
    parser.add_argument(
        "--template",
        metavar="NAME",
        default="",
        help="begin a new scene: dialogue, empty_stage, room, street_corner",
    )
    add_generator(parser)
    add_size(parser)
    add_quality(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.app import run

    width, height = arguments.size
    return Outcome(
        status=run(
            arguments.scene or (_UNTITLED if arguments.template else _SAMPLE),
            arguments.generator,
            width,
            height,
            rate=arguments.rate,
            quality=arguments.quality,
            template=arguments.template,
        )
    )


COMMAND = Command("open", "open the viewport on a scene", _declare, _run)
