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
from director.generate.embedded.inputs import view_rays
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import ROW, material_rows
from director.generate.embedded.painter.atlas import known_objects
from director.generate.embedded.painter.features import SHRINK
from director.generate.embedded.painter.history import Past, reprojected
from director.math3d import inverse_rigid, quaternion_from_euler, rotation_matrix
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import View
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher, TeacherInputs
from tools.teacher.sets import RandomSet, random_set
from tools.teacher.views import random_view
from tools.text.sample import class_material, sample_material, sample_scene_look
from tools.train.shards import ABOUT, MOST_IDS

__all__ = ["HELD_OUT_SEED", "MOST_OBJECTS", "Views", "main", "view_fields"]

_LOOKS = 3
MOST_OBJECTS = MOST_IDS - 1
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
        "depth": (picture, np.float16),  # metres; sky = inf
        "object": (picture, np.uint8),
        "normal": ((*picture, 3), np.int8),  # times 127
        "shadow": (picture, np.uint8),
        "lamplight": ((*picture, 3), np.float16),
        "structure": ((*picture, 16), np.uint8),
        "place": ((*picture, 3), np.uint16),  # in the object's own box, times 65535
        "owner": (picture, np.uint8),  # the object that the finished scene shows there
        "stuff": (picture, np.uint8),  # 0 the sky, else 1 + the place in finish.stuff.STUFFS
        "finished_normal": ((*picture, 3), np.int8),  # times 127
        # How much farther along the view axis the finished surface lies, metres; 0 where another object is.
        "deeper": (picture, np.float16),
        "target": ((looks, *picture, 3), np.uint8),
        "look": ((looks, len(SCENE)), np.float32),
        "materials": ((looks, MOST_OBJECTS + 1, ROW), np.float16),  # row 0 is the sky
        "classes": ((MOST_OBJECTS + 1,), np.uint16),  # class and variant
        "boxes": ((MOST_OBJECTS + 1, 4), np.float16),
        # The moment before in the first look, re-projected, and how far it can be trusted, times 255.
        "before": ((height // SHRINK, width // SHRINK, 4), np.uint8),
        "rays": ((4, 3), np.float32),  # through uv (0, 0), per u, per v; the camera's place
        "sun": ((3,), np.float32),
    }


class Views:
    """Renders views by their seeds, `a_set` of one set after another, with so many `looks` each."""

    def __init__(self, teacher: Teacher, looks: int = _LOOKS, a_set: int = _VIEWS_A_SET) -> None:
        self._teacher, self._looks, self._a_set = teacher, looks, a_set
        self._set: tuple[int, RandomSet, CompiledScene, FinishedScene] | None = None

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
                self._set = number, *_a_set(number)
            for name, value in _render(
                teacher, seed, _noise_seed(number), self._looks, *self._set[1:]
            ).items():
                arrays[name][i] = value
        return arrays


def _noise_seed(number: int) -> int:
    return int(np.random.default_rng([number, 12]).integers(0, 1000))


def _a_set(number: int) -> tuple[RandomSet, CompiledScene, FinishedScene]:
    chosen = random_set(number)
    compiled = CompiledScene(chosen.scene)
    if len(compiled.objects) > MOST_OBJECTS:
        raise ValueError(f"set {number} has {len(compiled.objects)} objects; {MOST_OBJECTS} fit in a byte")
    return chosen, compiled, FinishedScene(compiled, seed=_noise_seed(number))


def _render(
    teacher: Teacher,
    seed: int,
    noise_seed: int,
    looks_count: int,
    chosen: RandomSet,
    compiled: CompiledScene,
    finished: FinishedScene,
) -> Arrays:
    random = np.random.default_rng([seed, 11])
    time_s = float(random.uniform(_BEFORE_S, 4.0))
    state = compiled.at(time_s)
    aspect = teacher.width / teacher.height
    for _ in range(12):
        view = random_view(chosen, aspect, random)
        maps = teacher.rough(state, view, noise_seed)
        if _worth_drawing(maps):
            break
    looks = [_look(state, random) for _ in range(looks_count)]
    # The one before first: what was looked at last is what pictures are drawn of.
    past = None
    if seed % _BEFORE_EVERY == 0:
        before = _moved(view, random)
        earlier = compiled.at(time_s - _BEFORE_S)
        seen = teacher.look_at(earlier, before, noise_seed, finished.at(earlier))
        past = _past(teacher.picture(*looks[0]), seen.maps, before)
    seen = teacher.look_at(state, view, noise_seed, finished.at(state))
    maps = seen.maps
    classes, boxes = known_objects(state.objects, noise_seed)
    kept: Arrays = {
        "depth": np.minimum(maps["depth"], np.where(np.isinf(maps["depth"]), np.inf, 60000.0)),
        "object": maps["object"],
        "normal": np.round(maps["normal"].astype(np.float32) * 127),
        "finished_normal": np.round(seen.finished_normal.astype(np.float32) * 127),
        "stuff": seen.stuff,
        "deeper": _deeper(maps, seen),
        "owner": seen.owner,
        "place": _place(maps, boxes),
        "classes": np.pad(classes, (0, MOST_OBJECTS + 1 - len(classes))),
        "boxes": np.pad(boxes, ((0, MOST_OBJECTS + 1 - len(boxes)), (0, 0)), constant_values=1.0),
        "rays": _rays(view),
        "sun": np.asarray(state.sun_direction),
        **{name: maps[name] for name in ("shadow", "lamplight", "structure")},
    }
    if past is not None:
        kept["before"] = _before(past, maps, view)
    kept["target"] = np.stack([teacher.picture(*look) for look in looks])
    kept["look"] = np.stack([look for look, _ in looks])
    kept["materials"] = np.stack([_padded(rows) for _, rows in looks])
    return kept


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


def _place(maps: Any, boxes: NDArray[np.float32]) -> NDArray[np.float32]:
    sizes = np.maximum(boxes[:, :3], 1e-3)[maps["object"]]
    place = maps["anchor"] / sizes + np.array([0.5, 0.0, 0.5], np.float32)
    return np.asarray(np.round(np.clip(place, 0.0, 1.0) * 65535), np.float32)


def _deeper(maps: Any, seen: TeacherInputs) -> NDArray[np.float32]:
    same = (seen.owner == maps["object"]) & np.isfinite(maps["depth"]) & np.isfinite(seen.finished_depth)
    with np.errstate(invalid="ignore"):
        return np.where(same, np.clip(seen.finished_depth - maps["depth"], -100.0, 100.0), 0.0)


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
    padded = np.zeros((MOST_OBJECTS + 1, ROW), np.float32)
    padded[1 : len(rows) + 1] = rows
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
