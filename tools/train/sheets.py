"""Contact sheets of the shipped sets, drawn through the generator as the program uses it."""

from collections.abc import Mapping
from dataclasses import replace

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from director.generate.backends.embedded import Embedded
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Conditioning, Direction, Tick

__all__ = ["OBJECT_PROMPTS", "SCENE_PROMPTS", "object_sheet", "scene_sheet"]

Picture = NDArray[np.uint8]

SCENE_PROMPTS = (
    "sunny afternoon",
    "golden hour",
    "rainy neon street at night",
    "snowy dawn",
    "foggy morning",
    "moonlit night",
    "black and white film noir",
    "watercolour painting",
    "oil painting at sunset",
    "comic book",
    "pencil sketch",
    "underwater ruins",
)
OBJECT_PROMPTS = (
    "red brick",
    "blue cloth",
    "wooden planks",
    "grass",
    "pink marble",
    "polished gold",
    "black and white tiles",
    "glowing green neon",
    "rusty iron",
    "yellow stripes",
    "concrete",
    "snow",
    "mossy stone",
    "dark glass",
    "sand",
    "old facade with lit windows",
)
_SIZE = (512, 288)


def _conditioning(
    context: moderngl.Context, made: Embedded, name: str, move: int, time_s: float
) -> Conditioning:
    compiled = CompiledScene(load_scene(name))
    conditioner = Conditioner(context, compiled, *_SIZE, made.maps)
    chosen = compiled.scene.moves[move % len(compiled.scene.moves)]
    camera = chosen.camera_at(time_s, compiled.locate)
    conditioner.draw(Tick(0, time_s, 0.0), camera, Direction(prompt=compiled.scene.prompt))
    found = conditioner.take()
    conditioner.release()
    if found is None:
        raise RuntimeError("a ring of one gives what was just drawn")
    return found


def _drawn(made: Embedded, seen: Conditioning, direction: Direction) -> Picture:
    return made.generate(replace(seen, direction=direction)).image


def scene_sheet(
    context: moderngl.Context, made: Embedded, name: str, move: int = 0, time_s: float = 1.0
) -> Image.Image:
    """A set, first with its own prompt, then with each of SCENE_PROMPTS."""
    seen = _conditioning(context, made, name, move, time_s)
    pictures = {seen.direction.prompt: _drawn(made, seen, seen.direction)}
    for prompt in SCENE_PROMPTS:
        pictures[prompt] = _drawn(made, seen, Direction(prompt=prompt))
    return _sheet(pictures)


def object_sheet(context: moderngl.Context, made: Embedded, name: str, target: str) -> Image.Image:
    """A set in which the objects of class or name `target` get each of OBJECT_PROMPTS."""
    seen = _conditioning(context, made, name, 0, 1.0)
    chosen = [item.id for item in seen.objects if target in (item.name, item.class_name)]
    pictures = {
        prompt: _drawn(made, seen, Direction("sunny afternoon", dict.fromkeys(chosen, prompt)))
        for prompt in OBJECT_PROMPTS
    }
    return _sheet(pictures)


def _sheet(pictures: Mapping[str, Picture], columns: int = 4) -> Image.Image:
    width, height = _SIZE
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * width, rows * height))
    for i, (title, picture) in enumerate(pictures.items()):
        at = (width * (i % columns), height * (i // columns))
        sheet.paste(Image.fromarray(picture), at)
        ImageDraw.Draw(sheet).text(
            (at[0] + 5, at[1] + 3), title, fill="white", stroke_width=2, stroke_fill="black"
        )
    return sheet
