"""Contact sheets: stills side by side under their captions, to judge sets, moves, prompts and generators.

    python tools/contact_sheet.py moves    --out sheet.png [SCENE …]
    python tools/contact_sheet.py prompts  --out sheet.png [SCENE …] --prompt TEXT …
    python tools/contact_sheet.py objects  --out sheet.png SCENE --object NAME --prompt TEXT …

`moves` draws every move of each scene at four times, `prompts` each scene with each prompt, and `objects`
one scene with each prompt for one object. Without scenes, the shipped ones.
"""

import argparse
import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from director.errors import DirectorError
from director.scene.load import load_scene, scene_names
from director.take.stage import Request, Stage
from director.types import Tick

_TIMES = (0.0, 0.33, 0.66, 1.0)
_CAPTION = 18
_GAP = 4

Cell = tuple[str, NDArray[np.uint8]]


def main() -> int:
    arguments = _parser().parse_intermixed_args()
    try:
        cells = list(_CELLS[arguments.what](arguments))
    except DirectorError as error:
        raise SystemExit(str(error)) from None
    columns = arguments.columns or (len(_TIMES) if arguments.what == "moves" else 4)
    _sheet(cells, columns).save(arguments.out)
    print(f"{arguments.out}: {len(cells)} pictures")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("what", choices=sorted(_CELLS))
    parser.add_argument("scenes", nargs="*", default=scene_names(), metavar="SCENE")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--prompt", action="append", default=[], metavar="TEXT")
    parser.add_argument("--object", metavar="NAME")
    parser.add_argument("--move", help="for prompts and objects; the first of the scene by default")
    parser.add_argument(
        "--time", type=float, default=2.0, help="seconds into the move, for prompts and objects"
    )
    parser.add_argument("--generator", default="embedded")
    parser.add_argument("--size", default="512x288", metavar="WxH")
    parser.add_argument("--columns", type=int)
    return parser


def _request(arguments: argparse.Namespace, scene: str) -> Request:
    width, height = (int(part) for part in arguments.size.split("x"))
    return Request(
        load_scene(scene), move=arguments.move, width=width, height=height, generator=arguments.generator
    )


def _drawn(request: Request, times_s: list[float]) -> Iterator[NDArray[np.uint8]]:
    with Stage(request, lambda share, words: None) as stage:
        for index, time_s in enumerate(times_s):
            yield stage.frame(Tick(index, time_s, 1 / 24 if index else 0.0)).picture.copy()


def _moves(arguments: argparse.Namespace) -> Iterator[Cell]:
    for scene in arguments.scenes:
        document = load_scene(scene)
        for move in document.moves:
            arguments.move = move.name
            # The last frame of the move, not the one after it.
            end_s = move.duration_s - float(1 / Fraction(24))
            times_s = [share * end_s for share in _TIMES]
            for time_s, picture in zip(times_s, _drawn(_request(arguments, scene), times_s), strict=True):
                yield f"{scene}  {move.name}  {time_s:.1f} s", picture


def _prompts(arguments: argparse.Namespace) -> Iterator[Cell]:
    for scene in arguments.scenes:
        request = _request(arguments, scene)
        for prompt in arguments.prompt or [request.scene.prompt]:
            wanted = replace(request, prompt=prompt)
            yield prompt, next(_drawn(wanted, [arguments.time]))


def _objects(arguments: argparse.Namespace) -> Iterator[Cell]:
    for scene in arguments.scenes:
        request = _request(arguments, scene)
        for prompt in arguments.prompt:
            wanted = replace(request, object_prompts={arguments.object: prompt})
            yield prompt, next(_drawn(wanted, [arguments.time]))


_CELLS = {"moves": _moves, "prompts": _prompts, "objects": _objects}


def _sheet(cells: list[Cell], columns: int) -> Image.Image:
    height, width, _ = cells[0][1].shape
    rows = math.ceil(len(cells) / columns)
    step_x, step_y = width + _GAP, height + _CAPTION + _GAP
    sheet = Image.new("RGB", (columns * step_x - _GAP, rows * step_y - _GAP), (16, 16, 18))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for index, (caption, picture) in enumerate(cells):
        x, y = index % columns * step_x, index // columns * step_y
        sheet.paste(Image.fromarray(picture), (x, y))
        draw.text((x + 4, y + height + 1), caption, font=font, fill=(220, 220, 215))
    return sheet


if __name__ == "__main__":
    raise SystemExit(main())
