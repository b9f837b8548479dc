"""Films of what the viewport shows over a slow generator, side by side, to judge re-projection by eye.

    python tools/answer_film.py --out films [--rate 5] [--seconds 4] [SCENE/MOVE …]

Left the newest generated picture as it came, in the middle the viewport's picture (carried along, steadied,
its gaps filled), right what the generator would have drawn of every frame. A move may also be `pan`, or
`figures` for a camera that stands. Without names, the cases of `director bench reprojection`.
"""

import argparse
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from director.cli.bench.reprojection import CASES, camera_of
from director.direction.evaluate import direction_at
from director.errors import DirectorError
from director.generate import generator
from director.generate.protocol import GeneratorSettings
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take.answering import Answered, answers
from director.take.film import Film
from director.take.folder import make_root

_SIZE = (512, 288)
_CAPTION = 24
_FPS = Fraction(24)


def main() -> int:
    arguments = _parser().parse_args()
    cases = [tuple(name.split("/", 1)) for name in arguments.cases] or list(CASES)
    try:
        make_root(arguments.out)
        for case in cases:
            if len(case) != 2:
                raise SystemExit(f"{case[0]}: write SCENE/MOVE, such as living_room/pan")
            path = arguments.out / f"{case[0]}_{case[1]}_{arguments.rate:g}.mp4"
            _film(path, case[0], case[1], arguments)
            print(path)
    except DirectorError as error:
        raise SystemExit(str(error)) from None
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="SCENE/MOVE")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--rate", type=float, default=5.0, help="generated pictures a second")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--generator", default="embedded")
    return parser


def _film(path: Path, scene: str, move: str, arguments: argparse.Namespace) -> None:
    compiled = CompiledScene(load_scene(scene))
    direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
    backend = generator(arguments.generator)(GeneratorSettings())
    frames = round(arguments.seconds * _FPS)
    context = headless_context()
    path.unlink(missing_ok=True)
    film = Film(path, 3 * _SIZE[0], _SIZE[1] + _CAPTION, _FPS)
    try:
        for one in answers(
            context,
            compiled,
            backend,
            camera_of(compiled, move),
            direction,
            _SIZE,
            frames,
            generated_fps=Fraction(arguments.rate).limit_denominator(100),
        ):
            film.write(_laid_out(one, arguments.rate))
    finally:
        film.close()
        context.release()


def _laid_out(one: Answered, rate: float) -> np.ndarray:
    width, height = _SIZE
    sheet = Image.new("RGB", (3 * width, height + _CAPTION), (16, 16, 18))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(13)
    pictures = (
        (f"newest of {rate:g} pictures a second, {one.age} frames old", one.held),
        ("in the viewport", one.steadied),
        ("every frame generated", one.generated),
    )
    for index, (caption, picture) in enumerate(pictures):
        sheet.paste(Image.fromarray(picture), (index * width, _CAPTION))
        draw.text((index * width + 8, 5), caption, font=font, fill=(220, 220, 215))
    return np.asarray(sheet)


if __name__ == "__main__":
    raise SystemExit(main())
