"""Judges a generator's weights: figures on held-out views, and contact sheets of the shipped sets.

    python -m tools.train.evaluate --data runs/data --out runs/evaluation

The figures are against the teacher. The sheets go through the generator as the program uses it: words,
passes and all. The last line printed is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import moderngl
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from director.generate.backends.embedded import WEIGHTS, Embedded
from director.generate.embedded.grade import grade
from director.generate.embedded.model import EmbeddedModel
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.protocol import GeneratorSettings
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.types import Conditioning, Direction, Tick
from tools.train.losses import chroma, psnr, ssim
from tools.train.shards import Shards

__all__ = ["OBJECT_PROMPTS", "SCENE_PROMPTS", "figures", "main", "object_sheet", "scene_sheet"]

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


def figures(weights: Path, data: Path) -> dict[str, float]:
    """PSNR and SSIM against the teacher, and chroma as a share of the teacher's, over all held-out looks."""
    model = EmbeddedModel.from_pretrained(weights / "network", torch_dtype=torch.float32).eval()
    held = Shards(data, "held")
    rows = []
    with torch.inference_mode():
        for index in range(len(held)):
            batch = held.batch([(index, look) for look in range(held.looks)], torch.float32)
            drawn = grade(model(*batch.inputs), batch.look).permute(0, 2, 3, 1)
            drawn = smooth_silhouettes(drawn.contiguous(), batch.structure).permute(0, 3, 1, 2)
            for a, b in zip(drawn, batch.target, strict=True):
                rows.append(
                    (psnr(a[None], b[None]), float(ssim(a[None], b[None])), chroma(a[None]), chroma(b[None]))
                )
    found = np.array(rows)
    return {
        "held_out_pictures": float(len(found)),
        "psnr": float(found[:, 0].mean()),
        "ssim": float(found[:, 1].mean()),
        "chroma_share": float(found[:, 2].sum() / found[:, 3].sum()),
    }


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


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.evaluate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--data", type=Path, help="a data set with held-out views; without one, only sheets")
    parser.add_argument("--out", type=Path, default=Path("runs/evaluation"))
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    made = Embedded(GeneratorSettings(threads=chosen.threads, options={"weights": str(chosen.weights)}))
    made.load(lambda share, words: None)
    context = headless_context()
    for name in scene_names():
        scene_sheet(context, made, name).save(chosen.out / f"{name}.png")
        print(f"{chosen.out / name}.png", flush=True)
    object_sheet(context, made, "living_room", "wall").save(chosen.out / "objects.png")
    found = figures(chosen.weights, chosen.data) if chosen.data else {}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
