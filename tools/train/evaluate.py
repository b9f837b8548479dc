"""Judges a generator's weights: figures on held-out views and moving shots, and sheets of shipped sets.

    python -m tools.train.evaluate --data runs/data --out runs/evaluation
    python -m tools.train.evaluate --data runs/data --trial runs/trial/checkpoint.pt --no-sheets
    python -m tools.train.evaluate --no-sheets --phrases 145

The figures are against the teacher. With `--trial` the trial's network (baseline.py), trained on the same
data, is judged too, and how much better the generator is. The sheets go through the generator as the program
uses it: words, passes and all. The last line printed is one JSON object.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from director.cli.progress import ProgressLine
from director.errors import UsageError
from director.generate.backends.embedded import WEIGHTS, Embedded
from director.generate.embedded.model import EmbeddedModel
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.protocol import GeneratorSettings
from director.passes.context import headless_context
from director.scene.load import scene_names
from tools.train.baseline import Trial
from tools.train.losses import chroma, detail, psnr, ssim
from tools.train.phrases import phrase_figures
from tools.train.shards import Batch, Shards
from tools.train.sheets import object_sheet, scene_sheet
from tools.train.shots import shot_figures
from tools.train.train import picture_of

__all__ = ["figures", "main", "trial_figures"]

_COUNT = "held_out_pictures"


def figures(weights: Path, data: Path) -> dict[str, float]:
    """Of a folder of the generator's weights, over all held-out looks, against the teacher: PSNR and SSIM,
    means of pictures; chroma and high-frequency energy as shares of the teacher's."""
    model = EmbeddedModel.from_pretrained(weights / "network", torch_dtype=torch.float32).eval()

    def drawn(batch: Batch) -> Tensor:
        pictures = picture_of(model(*batch.inputs), batch).permute(0, 2, 3, 1).contiguous()
        # As the backend ends.
        return smooth_silhouettes(pictures, batch.structure).permute(0, 3, 1, 2)

    return _judged(drawn, data)


def trial_figures(checkpoint: Path, data: Path) -> dict[str, float]:
    """The same of a checkpoint that `tools.train.train --trial` left. Raises UsageError for one of another
    network."""
    trial = Trial()
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True).get("average", {})
    if kept.keys() != trial.state_dict().keys():
        raise UsageError(
            "is not of the trial's network", subject=str(checkpoint), mend="train one with --trial"
        )
    trial.load_state_dict(kept)
    trial.eval()
    return _judged(lambda batch: trial(batch).clamp(0.0, 1.0), data)


def _judged(drawn: Callable[[Batch], Tensor], data: Path) -> dict[str, float]:
    held = Shards(data, "held")
    rows: list[tuple[float, ...]] = []
    with torch.inference_mode():
        for index in range(len(held)):
            batch = held.batch([(index, look) for look in range(held.looks)], torch.float32)
            for a, b in zip(drawn(batch), batch.target, strict=True):
                pair = a[None], b[None]
                energies = (float(detail(one).square().mean()) for one in pair)
                colours = (chroma(one) for one in pair)
                rows.append((psnr(*pair), float(ssim(*pair)), *colours, *energies))
    found = np.array(rows)
    return {
        _COUNT: float(len(found)),
        "psnr": float(found[:, 0].mean()),
        "ssim": float(found[:, 1].mean()),
        "chroma_share": float(found[:, 2].sum() / found[:, 3].sum()),
        "detail_share": float(found[:, 4].sum() / found[:, 5].sum()),
    }


def _class_of(weights: Path) -> str:
    """The model that a folder of weights says it holds; "" where it says nothing."""
    file = weights / "network" / "config.json"
    return str(json.loads(file.read_text("utf-8")).get("_class_name", "")) if file.exists() else ""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.evaluate", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--data", type=Path, help="a data set with held-out views; without one, only sheets")
    parser.add_argument("--trial", type=Path, help="a checkpoint of the trial's network, to judge beside")
    parser.add_argument("--shots", type=int, default=0, help="moving shots of held-out sets to judge")
    parser.add_argument("--frames", type=int, default=16, help="frames a shot")
    parser.add_argument("--drift", type=int, default=0, help="frames to run a history for")
    parser.add_argument("--phrases", type=int, default=0, help="held-out phrases to judge as pictures")
    parser.add_argument("--sheets", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--out", type=Path, default=Path("runs/evaluation"))
    parser.add_argument("--threads", type=int, default=0)
    chosen = parser.parse_args(arguments)
    if _class_of(chosen.weights) != EmbeddedModel.__name__:
        parser.exit(2, f"{parser.prog}: {chosen.weights} holds no {EmbeddedModel.__name__}\n")
    if chosen.trial and not (chosen.data and chosen.trial.is_file()):
        missing = f"{chosen.trial} is no file" if chosen.data else "--trial is judged on --data"
        parser.exit(2, f"{parser.prog}: {missing}\n")
    chosen.out.mkdir(parents=True, exist_ok=True)
    found = _on_held_out(parser, chosen.weights, chosen.data, chosen.trial) if chosen.data else {}
    if chosen.shots or chosen.drift or chosen.phrases or chosen.sheets:
        context = headless_context()
    if chosen.shots or chosen.drift:
        found |= shot_figures(
            context, chosen.weights, chosen.out, chosen.shots, chosen.frames, chosen.drift, chosen.threads
        )
    if chosen.phrases:
        line = ProgressLine()
        found |= phrase_figures(context, chosen.weights, chosen.phrases, line, chosen.threads)
        line.clear()
    if chosen.sheets:
        made = Embedded(GeneratorSettings(threads=chosen.threads, options={"weights": str(chosen.weights)}))
        made.load(lambda share, words: None)
        for name in scene_names():
            scene_sheet(context, made, name).save(chosen.out / f"{name}.png")
            print(f"{chosen.out / name}.png", flush=True)
        object_sheet(context, made, "living_room", "wall").save(chosen.out / "objects.png")
    print(json.dumps(found))
    return 0


def _on_held_out(
    parser: argparse.ArgumentParser, weights: Path, data: Path, trial: Path | None
) -> dict[str, float]:
    """Figures of the generator, those of a trial with its name before them, and the gain in decibels."""
    try:
        found = figures(weights, data)
        if trial is not None:
            beside = trial_figures(trial, data)
            found |= {f"trial_{name}": value for name, value in beside.items() if name != _COUNT}
            found["psnr_gain"] = found["psnr"] - beside["psnr"]
    except (FileNotFoundError, UsageError) as error:
        parser.exit(2, f"{parser.prog}: {error}\n")
    return found


if __name__ == "__main__":
    sys.exit(main())
