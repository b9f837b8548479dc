"""Renders the data set: random views of random sets, each with several looks, in shards on disk.

    python -m tools.train.dataset --out runs/data --views 3000

Everything follows from seeds. A shard is written whole or not at all, so that a run that was broken off
goes on where it stopped when the same command is given again.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.clock import now_s
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import ROW, material_rows
from director.math3d import inverse_rigid
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import View
from tools.teacher.render import Teacher
from tools.teacher.sets import random_set
from tools.teacher.views import random_view
from tools.text.sample import class_material, sample_material, sample_scene_look

__all__ = ["HELD_OUT_SEED", "MOST_OBJECTS", "main", "render_shard", "view_fields"]

LOOKS = 3
MOST_OBJECTS = 255
HELD_OUT_SEED = 1_000_000
"""Views from this seed on are never trained on."""

Arrays = dict[str, NDArray[Any]]


def view_fields(width: int, height: int) -> dict[str, tuple[tuple[int, ...], type[np.generic]]]:
    """Name → shape and type of what is kept of one view."""
    picture = (height, width)
    return {
        "depth": (picture, np.float16),  # metres; sky = inf
        "object": (picture, np.uint8),
        "normal": ((*picture, 3), np.int8),  # times 127
        "shadow": (picture, np.uint8),
        "lamplight": ((*picture, 3), np.float16),
        "structure": ((*picture, 16), np.uint8),
        "target": ((LOOKS, *picture, 3), np.uint8),
        "look": ((LOOKS, len(SCENE)), np.float32),
        "materials": ((LOOKS, MOST_OBJECTS + 1, ROW), np.float16),  # row 0 is the sky
        "rays": ((4, 3), np.float32),  # through uv (0, 0), per u, per v; the camera's place
        "sun": ((3,), np.float32),
    }


def render_shard(teacher: Teacher, seeds: Sequence[int]) -> Arrays:
    """The views of these seeds, stacked field by field."""
    fields = view_fields(teacher.width, teacher.height)
    arrays: Arrays = {name: np.zeros((len(seeds), *shape), kind) for name, (shape, kind) in fields.items()}
    for i, seed in enumerate(seeds):
        for name, value in _render(teacher, seed).items():
            arrays[name][i] = value
    return arrays


def _render(teacher: Teacher, seed: int) -> Arrays:
    chosen = random_set(seed // 2)
    random = np.random.default_rng([seed, 11])
    state = CompiledScene(chosen.scene).at(float(random.uniform(0.0, 4.0)))
    if len(state.objects) > MOST_OBJECTS:
        raise ValueError(f"set {seed // 2} has {len(state.objects)} objects; {MOST_OBJECTS} fit in a byte")
    noise_seed = int(random.integers(0, 1000))
    for _ in range(12):
        view = random_view(chosen, teacher.width / teacher.height, random)
        maps = teacher.look_at(state, view, noise_seed).maps
        if _worth_drawing(maps):
            break
    kept: Arrays = {
        "depth": np.minimum(maps["depth"], np.where(np.isinf(maps["depth"]), np.inf, 60000.0)),
        "object": maps["object"],
        "normal": np.round(maps["normal"].astype(np.float32) * 127),
        "rays": _rays(view),
        "sun": np.asarray(state.sun_direction),
        **{name: maps[name] for name in ("shadow", "lamplight", "structure")},
    }
    drawn = [_draw(teacher, state, random) for _ in range(LOOKS)]
    for k, name in enumerate(("target", "look", "materials")):
        kept[name] = np.stack([item[k] for item in drawn])
    return kept


def _worth_drawing(maps: Any) -> bool:
    depth = maps["depth"]
    return bool(
        np.mean(depth < 0.7) < 0.3 and np.mean(np.isinf(depth)) < 0.8 and len(np.unique(maps["object"])) >= 4
    )


def _draw(teacher: Teacher, state: SceneState, random: np.random.Generator) -> tuple[NDArray[Any], ...]:
    look = sample_scene_look(random)
    by_class: dict[str, NDArray[np.float32]] = {}
    materials, named = [], []
    for item in state.objects:
        name = item.class_name
        if name not in by_class or random.random() < 0.45:
            by_class[name] = class_material(name) if random.random() < 0.3 else sample_material(random, name)
        materials.append(by_class[name])
        named.append(bool(random.random() < 0.6))
    rows = material_rows(state.objects, materials, named, state.lamps, look)
    padded = np.zeros((MOST_OBJECTS + 1, ROW), np.float32)
    padded[1 : len(rows) + 1] = rows
    return teacher.picture(look, rows), look, padded


def _rays(view: View) -> NDArray[np.float32]:
    """float32[4, 3]: as in shaders/view.glsl, and the camera's place."""
    return np.concatenate([view_rays(view), inverse_rigid(view.view_from_world)[None, :3, 3]]).astype(
        np.float32
    )


def _write(folder: Path, arrays: Arrays) -> None:
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, values in arrays.items():
        np.save(part / f"{name}.npy", values)
    part.rename(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.dataset", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/data"))
    parser.add_argument("--views", type=int, default=3000, help=f"each has {LOOKS} looks")
    parser.add_argument("--held-out", type=int, default=96, help="views kept for judging")
    parser.add_argument("--size", default="256x144")
    parser.add_argument("--shard", type=int, default=48, help="views a shard")
    chosen = parser.parse_args(arguments)
    width, height = (int(value) for value in chosen.size.split("x"))
    jobs = [
        (
            chosen.out / f"{kind}-{first // chosen.shard:05d}",
            range(base + first, base + min(first + chosen.shard, count)),
        )
        for kind, base, count in (("held", HELD_OUT_SEED, chosen.held_out), ("train", 0, chosen.views))
        for first in range(0, count, chosen.shard)
    ]
    waiting = [(folder, seeds) for folder, seeds in jobs if not folder.is_dir()]
    print(f"{len(jobs) - len(waiting)} of {len(jobs)} shards are there", flush=True)
    teacher: Teacher | None = None
    context: moderngl.Context | None = None
    started = now_s()
    for done, (folder, seeds) in enumerate(waiting, start=1):
        if teacher is None:
            context = headless_context()
            teacher = Teacher(context, width, height)
        _write(folder, render_shard(teacher, seeds))
        left = (now_s() - started) / done * (len(waiting) - done)
        print(f"{folder.name}: {done}/{len(waiting)}, {left / 60:.1f} min left", flush=True)
    (chosen.out / "about.json").write_text(
        json.dumps(
            {"size": [width, height], "views": chosen.views, "held_out": chosen.held_out, "looks": LOOKS}
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
