"""Renders the data set: random views of random sets, each with several looks, in shards on disk.

    python -m tools.train.dataset --out runs/data --views 1600 --workers 2

A graphics card draws looks in no time, and finishing a set takes most of what is left: there, more of both
pay (`--looks 6 --a-set 6`).

Everything follows from seeds. A shard is written whole or not at all, so that a run that was broken off
goes on where it stopped when the same command is given again, with any number of workers.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.multiprocessing.spawn import spawn

from director.clock import now_s
from director.generate.embedded.history import SHRINK, Past, reprojected
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import ROW, material_rows
from director.math3d import inverse_rigid, quaternion_from_euler, rotation_matrix
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.finish.finished import PIECE_NUMBERS, FinishedScene
from director.scene.state import SceneState
from director.types import View
from tools.teacher.finished import FinishedScene as TeachersScene
from tools.teacher.render import Finished, Teacher
from tools.teacher.sets import random_set
from tools.teacher.views import random_view
from tools.text.sample import class_material, sample_material, sample_scene_look
from tools.train.shards import ABOUT

__all__ = ["HELD_OUT_SEED", "MOST_OBJECTS", "MOST_PIECES", "Views", "main", "view_fields"]

_LOOKS = 3
MOST_OBJECTS, MOST_PIECES = 255, 1536
HELD_OUT_SEED = 1_000_000
"""Views from this seed on are never trained on."""
_VIEWS_A_SET = 2
# Every so many views the moment before is drawn too, seen by a camera that has moved this much since.
_BEFORE_EVERY = 3
_BEFORE_S = 1 / 12
_BEFORE_M, _BEFORE_RAD = 0.06, 0.02

Arrays = dict[str, NDArray[Any]]


def view_fields(width: int, height: int, looks: int) -> dict[str, tuple[tuple[int, ...], type[np.generic]]]:
    """Name → shape and type of what is kept of one view."""
    picture = (height, width)
    return {
        # Of the finished scene, as a generator reads it.
        "depth": (picture, np.float16),  # metres; sky = inf
        "object": (picture, np.uint16),  # pieces
        "normal": ((*picture, 3), np.int8),  # times 127
        "shadow": (picture, np.uint8),
        "lamplight": ((*picture, 3), np.float16),
        "structure": ((*picture, 16), np.uint8),
        "shelter": (picture, np.uint8),
        "pieces": ((MOST_PIECES, PIECE_NUMBERS), np.int32),
        # Of the proxies, for the trial's network, which sees nothing else.
        "rough_depth": (picture, np.float16),
        "rough_object": (picture, np.uint8),
        "rough_normal": ((*picture, 3), np.int8),
        "rough_shadow": (picture, np.uint8),
        "rough_structure": ((*picture, 16), np.uint8),
        "target": ((looks, *picture, 3), np.uint8),
        "look": ((looks, len(SCENE)), np.float32),
        "materials": ((looks, MOST_OBJECTS, ROW), np.float16),
        # The moment before in the first look, re-projected, and how far it can be trusted, times 255.
        "before": ((height // SHRINK, width // SHRINK, 4), np.uint8),
        "rays": ((4, 3), np.float32),  # through uv (0, 0), per u, per v; the camera's place
        "clip": ((4, 4), np.float32),  # clip from world
        "sun": ((3,), np.float32),
    }


class Views:
    """Renders views by their seeds, `a_set` of one set after another, with so many `looks` each."""

    def __init__(self, teacher: Teacher, looks: int = _LOOKS, a_set: int = _VIEWS_A_SET) -> None:
        self._teacher, self._looks, self._a_set = teacher, looks, a_set
        self._finished = Finished(teacher.context, teacher.width, teacher.height)
        self._set: tuple[int, _Set] | None = None

    def shard(self, seeds: Sequence[int]) -> Arrays:
        """The views of these seeds, stacked field by field."""
        teacher = self._teacher
        fields = view_fields(teacher.width, teacher.height, self._looks)
        arrays: Arrays = {
            name: np.zeros((len(seeds), *shape), kind) for name, (shape, kind) in fields.items()
        }
        for i, seed in enumerate(seeds):
            number = seed // self._a_set
            if self._set is None or self._set[0] != number:
                self._set = number, _Set(number)
            kept = _render(teacher, self._finished, seed, self._looks, self._set[1])
            for name, value in kept.items():
                arrays[name][i] = value
        return arrays


def _noise_seed(number: int) -> int:
    return int(np.random.default_rng([number, 12]).integers(0, 1000))


class _Set:
    """A random set, finished for the teacher and for the network."""

    def __init__(self, number: int) -> None:
        self.chosen = random_set(number)
        self.seed = _noise_seed(number)
        self.compiled = CompiledScene(self.chosen.scene)
        self.of_teacher = TeachersScene(self.compiled, seed=self.seed)
        self.of_network = FinishedScene(self.compiled, self.seed)
        for count, most, what in (
            (len(self.compiled.objects), MOST_OBJECTS, "objects"),
            (len(self.of_network.pieces), MOST_PIECES, "pieces"),
        ):
            if count > most:
                raise ValueError(f"set {number} has {count} {what}; {most} fit")


def _render(teacher: Teacher, network: Finished, seed: int, looks_count: int, of: _Set) -> Arrays:
    random = np.random.default_rng([seed, 11])
    time_s = float(random.uniform(_BEFORE_S, 4.0))
    state = of.compiled.at(time_s)
    aspect = teacher.width / teacher.height
    for _ in range(12):
        view = random_view(of.chosen, aspect, random)
        rough = teacher.rough(state, view, of.seed)
        if _worth_drawing(rough):
            break
    looks = [_look(state, random) for _ in range(looks_count)]
    # The one before first: what was looked at last is what pictures are drawn of.
    past = None
    if seed % _BEFORE_EVERY == 0:
        before = _moved(view, random)
        earlier = of.compiled.at(time_s - _BEFORE_S)
        teacher.look_at(earlier, before, of.seed, of.of_teacher.at(earlier))
        seen = network.maps(of.of_network.at(earlier), before, of.seed)
        past = _past(teacher.picture(*looks[0]), seen, before)
    rough = dict(teacher.look_at(state, view, of.seed, of.of_teacher.at(state)).maps)
    maps = network.maps(of.of_network.at(state), view, of.seed)
    pieces = of.of_network.pieces
    kept: Arrays = {
        **{name: maps[name] for name in ("object", "shadow", "lamplight", "structure", "shelter")},
        **_told(maps),
        **{f"rough_{name}": rough[name] for name in ("object", "shadow", "structure")},
        **{f"rough_{name}": values for name, values in _told(rough).items()},
        "pieces": np.pad(pieces, ((0, MOST_PIECES - len(pieces)), (0, 0))),
        "rays": _rays(view),
        "clip": view.clip_from_world,
        "sun": np.asarray(state.sun_direction),
    }
    if past is not None:
        kept["before"] = _before(past, maps, view)
    kept["target"] = np.stack([teacher.picture(*look) for look in looks])
    kept["look"] = np.stack([look for look, _ in looks])
    kept["materials"] = np.stack([_padded(rows) for _, rows in looks])
    return kept


def _told(maps: Any) -> Arrays:
    """Depth and normals as they are kept."""
    return {
        "depth": np.minimum(maps["depth"], np.where(np.isinf(maps["depth"]), np.inf, 60000.0)),
        "normal": np.round(maps["normal"].astype(np.float32) * 127),
    }


def _moved(view: View, random: np.random.Generator) -> View:
    """Where the camera was a moment ago."""
    yaw, pitch, roll = (float(value) for value in random.normal(0.0, _BEFORE_RAD, 3))
    step = rotation_matrix(quaternion_from_euler(yaw, 0.5 * pitch, 0.2 * roll))
    step[:3, 3] = random.normal(0.0, _BEFORE_M, 3)
    moved = step @ view.view_from_world
    return View(moved, view.clip_from_view, view.clip_from_view @ moved, view.near_m, view.far_m)


def _past(picture: NDArray[np.uint8], maps: Any, view: View) -> Past:
    return Past.of(
        torch.from_numpy(picture).permute(2, 0, 1).float() / 255,
        torch.from_numpy(maps["depth"].copy()),
        torch.from_numpy(maps["object"].astype(np.int32)),
        torch.from_numpy(view.clip_from_world.astype(np.float32)),
        picture.shape[:2],
    )


def _before(past: Past, maps: Any, view: View) -> NDArray[np.uint8]:
    rays = torch.from_numpy(_rays(view))
    found = reprojected(
        past,
        torch.from_numpy(maps["depth"].copy()),
        torch.from_numpy(maps["object"].astype(np.int32)),
        rays[:3],
        rays[3],
        maps["depth"].shape,
    )
    return np.asarray((found.permute(1, 2, 0) * 255 + 0.5).to(torch.uint8).numpy(), np.uint8)


def _worth_drawing(maps: Any) -> bool:
    depth = maps["depth"]
    return bool(
        np.mean(depth < 0.7) < 0.3 and np.mean(np.isinf(depth)) < 0.8 and len(np.unique(maps["object"])) >= 4
    )


def _look(state: SceneState, random: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A look of the scene, and the objects' rows."""
    look = sample_scene_look(random)
    by_class: dict[str, NDArray[np.float32]] = {}
    materials, named = [], []
    for item in state.objects:
        name = item.class_name
        if name not in by_class or random.random() < 0.45:
            by_class[name] = class_material(name) if random.random() < 0.3 else sample_material(random, name)
        materials.append(by_class[name])
        named.append(bool(random.random() < 0.6))
    return look, material_rows(state.objects, materials, named, state.lamps, look)


def _padded(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    padded = np.zeros((MOST_OBJECTS, ROW), np.float32)
    padded[: len(rows)] = rows
    return padded


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
    parser.add_argument("--views", type=int, default=3000, help="each has several looks")
    parser.add_argument("--held-out", type=int, default=96, help="views kept for judging")
    parser.add_argument("--looks", type=int, default=_LOOKS, help="pictures of each view")
    parser.add_argument("--a-set", type=int, default=_VIEWS_A_SET, help="views of each set")
    parser.add_argument("--size", default="256x144")
    parser.add_argument("--shard", type=int, default=16, help="views a shard")
    parser.add_argument("--workers", type=int, default=1, help="processes that share the work")
    chosen = parser.parse_args(arguments)
    width, height = (int(value) for value in chosen.size.split("x"))
    about = {
        "size": [width, height],
        "shard": chosen.shard,
        "views": chosen.views,
        "held_out": chosen.held_out,
        "looks": chosen.looks,
        "a_set": chosen.a_set,
    }
    unlike = _unlike(chosen.out / ABOUT, about)
    if unlike:
        parser.exit(2, f"{parser.prog}: {chosen.out} holds another data set: {unlike}; give another --out\n")
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / ABOUT).write_text(json.dumps(about))
    jobs = [
        (
            chosen.out / f"{kind}-{first // chosen.shard:05d}",
            range(base + step * first, base + step * min(first + chosen.shard, count), step),
        )
        # What judges comes from as many sets as it can.
        for kind, base, step, count in (
            ("held", HELD_OUT_SEED, chosen.a_set, chosen.held_out),
            ("train", 0, 1, chosen.views),
        )
        for first in range(0, count, chosen.shard)
    ]
    waiting = [(folder, seeds) for folder, seeds in jobs if not folder.is_dir()]
    print(f"{len(jobs) - len(waiting)} of {len(jobs)} shards are there", flush=True)
    workers = min(chosen.workers, len(waiting))
    if workers > 1:
        spawn(_work, (waiting, workers, about), nprocs=workers)  # type: ignore[no-untyped-call]
    elif waiting:
        _work(0, waiting, 1, about)
    return 0


def _unlike(file: Path, about: Mapping[str, Any]) -> str:
    """Why a data set that a file tells of cannot go on as `about`; "" where it can, or there is none."""
    if not file.exists():
        return ""
    there = json.loads(file.read_text())
    for name in ("size", "shard", "looks", "a_set"):
        if there.get(name, about[name]) != about[name]:
            return f"its {name} is {there[name]}"
    for name in ("views", "held_out"):
        if there[name] > about[name]:
            return f"it has more {name}, {there[name]}"
    return ""


def _work(rank: int, waiting: Sequence[tuple[Path, range]], workers: int, about: Mapping[str, Any]) -> None:
    """Render every `workers`-th of the shards that wait, from the `rank`-th on."""
    mine = waiting[rank::workers]
    torch.set_num_threads(1)
    context = headless_context()
    views = Views(Teacher(context, *about["size"]), about["looks"], about["a_set"])
    started = now_s()
    for done, (folder, seeds) in enumerate(mine, start=1):
        _write(folder, views.shard(seeds))
        left = (now_s() - started) / done * (len(mine) - done)
        print(f"{folder.name}: {done}/{len(mine)}, {left / 60:.1f} min left", flush=True)


if __name__ == "__main__":
    sys.exit(main())
