"""Renders what the tiny latent model learns from: views of sets under a few prompts.

    python -m tools.train.latent.pictures --out runs/latent/pictures --views 1600
    python -m tools.train.latent.pictures --of shipped --out runs/latent/shipped --views 480

Each view has its controls (inverse depth, segmentation) and two of the teacher's pictures, of different
prompts. The views are of random sets, or of the shipped ones about the ways of their moves: a model that
needs to know only three places learns them in an hour or two of two cores, which is enough to measure with.
Everything follows from seeds; a shard is written whole or not at all, and the same command goes on where it
stopped.
"""

import argparse
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from director.camera.view import view_of as camera_view
from director.clock import now_s
from director.conditioning.control import control_depth, segmentation_picture
from director.math3d import quaternion_from_euler, quaternion_multiply
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.scene.state import SceneState
from director.types import View
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.teacher.set_prompts import prompt_for
from tools.teacher.sets import RandomSet, random_set
from tools.teacher.views import random_view
from tools.train.latent.prompts import PROMPTS

__all__ = ["SIZE", "main", "shipped_view", "view_of"]

SIZE: Final = (256, 144)
_LOOKS: Final = 2
_VIEWS_A_SET: Final = 3
_FIRST_SET: Final = 500_000
_TURNS_DEG: Final = (5.0, 8.0, 1.5)
_STRAYS_M: Final = (0.4, 0.12, 0.4)

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
    prompts = random.choice(len(PROMPTS), _LOOKS, replace=False)
    return _drawn(teacher, state, view, finished, prompts, _own_prompts(state, random))


def shipped_view(teacher: Teacher, seed: int, compiled: CompiledScene, finished: FinishedScene) -> Arrays:
    """As `view_of`, near where one of the scene's moves has its camera; the first look is the scene's own."""
    random = np.random.default_rng([seed, 37])
    moves = compiled.scene.moves
    move = compiled.move(moves[int(random.integers(len(moves)))].name)
    time_s = float(random.uniform(0.0, move.duration_s))
    state, camera = compiled.at(time_s), move.camera_at(time_s, compiled.locate)
    turn = quaternion_from_euler(*(math.radians(most) * float(random.normal()) for most in _TURNS_DEG))
    place = np.asarray(camera.position) + random.normal(0, _STRAYS_M, 3)
    lens = replace(camera.lens, focal_length_mm=camera.lens.focal_length_mm * float(random.uniform(0.8, 1.5)))
    strayed = replace(
        camera,
        position=(float(place[0]), float(place[1]), float(place[2])),
        orientation=quaternion_multiply(camera.orientation, turn),
        lens=lens,
        is_cut=False,
    )
    scene = compiled.scene
    view = camera_view(strayed, teacher.width / teacher.height, scene.near_m, scene.far_m, None)
    own = PROMPTS.index(scene.prompt)
    other = int(random.integers(len(PROMPTS) - 1))
    prompts = np.array([own, other + (other >= own)])
    return _drawn(teacher, state, view, finished, prompts, None)


def _drawn(
    teacher: Teacher,
    state: SceneState,
    view: View,
    finished: FinishedScene,
    prompts: NDArray[np.int64],
    own: Mapping[int, str] | None,
) -> Arrays:
    seen = teacher.look_at(state, view, 0, finished.at(state))
    pictures = []
    for number in prompts:
        asked = directed(state, view, PROMPTS[number], *([] if own is None else [own]))
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


def _random_views(teacher: Teacher) -> Callable[[int], Arrays]:
    drawn: dict[int, tuple[RandomSet, CompiledScene, FinishedScene]] = {}

    def one(seed: int) -> Arrays:
        number = _FIRST_SET + seed // _VIEWS_A_SET
        if number not in drawn:
            drawn.clear()
            chosen = random_set(number)
            compiled = CompiledScene(chosen.scene)
            drawn[number] = (chosen, compiled, FinishedScene(compiled, seed=number))
        return view_of(teacher, seed, *drawn[number])

    return one


def _shipped_views(teacher: Teacher) -> Callable[[int], Arrays]:
    scenes = [CompiledScene(load_scene(name)) for name in scene_names()]
    finished = [FinishedScene(compiled) for compiled in scenes]

    def one(seed: int) -> Arrays:
        number = seed % len(scenes)
        return shipped_view(teacher, seed, scenes[number], finished[number])

    return one


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.latent.pictures", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/latent/pictures"))
    parser.add_argument("--of", choices=("random", "shipped"), default="random", help="sets")
    parser.add_argument("--views", type=int, default=1600)
    parser.add_argument("--shard", type=int, default=24, help="views a shard")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    firsts = [
        first for first in range(0, chosen.views, chosen.shard) if not _file(chosen.out, first).exists()
    ]
    teacher = Teacher(headless_context(), *SIZE)
    view = _random_views(teacher) if chosen.of == "random" else _shipped_views(teacher)
    started = now_s()
    for done, first in enumerate(firsts, start=1):
        last = min(first + chosen.shard, chosen.views)
        views = [view(seed) for seed in range(first, last)]
        part = _file(chosen.out, first).with_suffix(".part")
        with part.open("wb") as file:
            stacked: Any = {name: np.stack([view[name] for view in views]) for name in views[0]}
            np.savez(file, **stacked)
        part.replace(_file(chosen.out, first))
        left = (now_s() - started) / done * (len(firsts) - done)
        print(f"{last} of {chosen.views} views, {left / 60:.1f} min left", flush=True)
    return 0


def _file(folder: Path, first: int) -> Path:
    return folder / f"views-{first:05d}.npz"


if __name__ == "__main__":
    sys.exit(main())
