"""Renders what the tiny latent model learns from: views of random sets under a few prompts.

    python -m tools.train.latent.pictures --out runs/latent/pictures --views 1600

Each view has its controls (inverse depth, segmentation) and two of the teacher's pictures, of different
prompts. Everything follows from seeds; a shard is written whole or not at all, and the same command goes on
where it stopped.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.conditioning.control import control_depth, segmentation_picture
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.teacher.set_prompts import prompt_for
from tools.teacher.sets import RandomSet, random_set
from tools.teacher.views import random_view
from tools.train.latent.prompts import PROMPTS

__all__ = ["SIZE", "main", "view_of"]

SIZE: Final = (256, 144)
_LOOKS: Final = 2
_VIEWS_A_SET: Final = 3
_FIRST_SET: Final = 500_000

Arrays = dict[str, NDArray[Any]]


def view_of(
    teacher: Teacher,
    seed: int,
    chosen: RandomSet,
    compiled: CompiledScene,
    finished: FinishedScene,
) -> Arrays:
    """depth uint8[h, w] (inverse, near white), segmentation uint8[h, w, 3], pictures uint8[2, h, w, 3] and
    the numbers of their prompts, uint8[2]."""
    random = np.random.default_rng([seed, 31])
    state = compiled.at(float(random.uniform(0.0, 4.0)))
    for _ in range(12):
        view = random_view(chosen, teacher.width / teacher.height, random)
        rough = teacher.rough(state, view, 0)
        depth, ids = rough["depth"], rough["object"]
        if np.mean(depth < 0.7) < 0.3 and np.mean(np.isinf(depth)) < 0.7 and len(np.unique(ids)) >= 4:
            break
    seen = teacher.look_at(state, view, 0, finished.at(state))
    prompts = random.choice(len(PROMPTS), _LOOKS, replace=False)
    own = _own_prompts(state, random)
    pictures = []
    for number in prompts:
        asked = directed(state, view, PROMPTS[number], own)
        pictures.append(teacher.picture(asked.look, asked.rows))
    near = control_depth(seen.maps["depth"], view.near_m, view.far_m)
    return {
        "depth": np.round(near * 255).astype(np.uint8),
        "segmentation": segmentation_picture(seen.maps["object"], state.objects),
        "pictures": np.stack(pictures),
        "prompts": prompts.astype(np.uint8),
    }


def _own_prompts(state: SceneState, random: np.random.Generator) -> Mapping[int, str]:
    by_class: dict[str, str] = {}
    found = {}
    for item in state.objects:
        if item.class_name not in by_class or random.random() < 0.5:
            by_class[item.class_name] = prompt_for(item.class_name, random)
        found[item.id] = by_class[item.class_name]
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.latent.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/latent/pictures"))
    parser.add_argument("--views", type=int, default=1600)
    parser.add_argument("--shard", type=int, default=24, help="views a shard")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    firsts = [
        first for first in range(0, chosen.views, chosen.shard) if not _file(chosen.out, first).exists()
    ]
    context = headless_context()
    teacher = Teacher(context, *SIZE)
    started = now_s()
    for done, first in enumerate(firsts, start=1):
        views: list[Arrays] = []
        for seed in range(first, min(first + chosen.shard, chosen.views)):
            number = _FIRST_SET + seed // _VIEWS_A_SET
            if seed % _VIEWS_A_SET == 0 or not views:
                drawn = random_set(number)
                compiled = CompiledScene(drawn.scene)
                finished = FinishedScene(compiled, seed=number)
            views.append(view_of(teacher, seed, drawn, compiled, finished))
        part = _file(chosen.out, first).with_suffix(".part")
        with part.open("wb") as file:
            stacked: Any = {name: np.stack([view[name] for view in views]) for name in views[0]}
            np.savez(file, **stacked)
        part.replace(_file(chosen.out, first))
        left = (now_s() - started) / done * (len(firsts) - done)
        print(f"{first + len(views)} of {chosen.views} views, {left / 60:.1f} min left", flush=True)
    return 0


def _file(folder: Path, first: int) -> Path:
    return folder / f"views-{first:05d}.npz"


if __name__ == "__main__":
    sys.exit(main())
