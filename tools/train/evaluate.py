"""Judges a generator's weights: figures on held-out views and moving shots, and sheets of shipped sets.

    python -m tools.train.evaluate --data runs/data --out runs/evaluation

The figures are against the teacher. The sheets go through the generator as the program uses it: words,
passes and all. The last line printed is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from director.generate.backends.embedded import WEIGHTS, Embedded
from director.generate.embedded.model import PainterModel
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.protocol import GeneratorSettings
from director.passes.context import headless_context
from director.scene.load import scene_names
from tools.train.losses import chroma, detail, psnr, ssim
from tools.train.shards import Shards
from tools.train.sheets import object_sheet, scene_sheet
from tools.train.shots import shot_figures
from tools.train.train import picture_of

__all__ = ["figures", "main"]


def figures(weights: Path, data: Path) -> dict[str, float]:
    """Over all held-out looks, against the teacher: PSNR and SSIM; chroma and fine detail as shares of the
    teacher's; how much of the picture is of the right substance."""
    model = PainterModel.from_pretrained(weights / "network", torch_dtype=torch.float32).eval()
    held = Shards(data, "held")
    rows: list[tuple[float, ...]] = []
    right: list[float] = []
    with torch.inference_mode():
        for index in range(len(held)):
            batch = held.batch([(index, look) for look in range(held.looks)], torch.float32)
            drawn = model(*batch.inputs)
            pictures = picture_of(drawn, batch).permute(0, 2, 3, 1).contiguous()
            pictures = smooth_silhouettes(pictures, batch.sight.structure).permute(0, 3, 1, 2)
            known = batch.groups >= 0
            # A view of the sky alone tells nothing of substances.
            if bool(known.any()):
                right.append(float((drawn.groups.argmax(1) == batch.groups)[known].float().mean()))
            for a, b in zip(pictures, batch.target, strict=True):
                pair = a[None], b[None]
                energies = (float(detail(one).square().mean()) for one in pair)
                colours = (chroma(one) for one in pair)
                rows.append((psnr(*pair), float(ssim(*pair)), *colours, *energies))
    found = np.array(rows)
    return {
        "held_out_pictures": float(len(found)),
        "psnr": float(found[:, 0].mean()),
        "ssim": float(found[:, 1].mean()),
        "chroma_share": float(found[:, 2].sum() / found[:, 3].sum()),
        "detail_share": float(found[:, 4].sum() / found[:, 5].sum()),
        "substances_right": float(np.mean(right)) if right else 0.0,
    }


def _class_of(weights: Path) -> str:
    """The model that a folder of weights says it holds; "" where it says nothing."""
    file = weights / "network" / "config.json"
    return str(json.loads(file.read_text("utf-8")).get("_class_name", "")) if file.exists() else ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.evaluate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--data", type=Path, help="a data set with held-out views; without one, only sheets")
    parser.add_argument("--shots", type=int, default=0, help="moving shots of held-out sets to judge")
    parser.add_argument("--frames", type=int, default=16, help="frames a shot")
    parser.add_argument("--drift", type=int, default=0, help="frames to run a history for")
    parser.add_argument("--sheets", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--out", type=Path, default=Path("runs/evaluation"))
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if chosen.data and _class_of(chosen.weights) != PainterModel.__name__:
        parser.exit(
            2, f"{parser.prog}: {chosen.weights} holds no {PainterModel.__name__}: leave out --data\n"
        )
    chosen.out.mkdir(parents=True, exist_ok=True)
    found = figures(chosen.weights, chosen.data) if chosen.data else {}
    context = headless_context()
    if chosen.shots or chosen.drift:
        found |= shot_figures(
            context, chosen.weights, chosen.out, chosen.shots, chosen.frames, chosen.drift, chosen.threads
        )
    if chosen.sheets:
        made = Embedded(GeneratorSettings(threads=chosen.threads, options={"weights": str(chosen.weights)}))
        made.load(lambda share, words: None)
        for name in scene_names():
            scene_sheet(context, made, name).save(chosen.out / f"{name}.png")
            print(f"{chosen.out / name}.png", flush=True)
        object_sheet(context, made, "living_room", "wall").save(chosen.out / "objects.png")
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
