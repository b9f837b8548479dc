"""`director still`: one frame, and its passes as files."""

import argparse
from pathlib import Path

from director.cli.command import Command, Outcome
from director.cli.options import add_direction, add_generator, add_json, add_size, folder, time
from director.cli.progress import ProgressLine, unheard

__all__ = ["COMMAND"]


def _png(text: str) -> Path:
    path = Path(text).expanduser()
    if path.suffix.lower() != ".png" or path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a file name that ends in .png")
    return path


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scene", metavar="SCENE", help="a shipped scene's name or a file")
    parser.add_argument("--out", metavar="FILE.png", type=_png, required=True, help="the picture")
    parser.add_argument(
        "--time", metavar="S", type=time, default=0.0, help="seconds into the move (default 0)"
    )
    parser.add_argument("--move", metavar="NAME", help="a camera move of the scene (default its first)")
    add_size(parser)
    parser.add_argument("--passes", metavar="DIR", type=folder, help="write the passes as files in here")
    add_direction(parser)
    add_generator(parser)
    add_json(parser)


def _run(arguments: argparse.Namespace) -> Outcome:
    from director.generate import generator
    from director.scene.load import load_scene
    from director.take.stage import Request
    from director.take.still import still

    width, height = arguments.size
    scene = load_scene(arguments.scene)
    generator(arguments.generator)
    request = Request(
        scene=scene,
        move=arguments.move,
        width=width,
        height=height,
        prompt=arguments.prompt,
        object_prompts=dict(arguments.object_prompts),
        seed=arguments.seed,
        generator=arguments.generator,
    )
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
