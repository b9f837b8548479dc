"""How steady a moving picture is: shots of held-out sets, drawn by the teacher and by the network.

Warp error is as `director measure` has it: the mean of |I now − I before, moved by the exact motion| over
what is seen in both pictures; the sky is left out. A blurred picture is steady too: detail is judged
elsewhere.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import moderngl
import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.direction_look import Directed
from director.generate.embedded.materials import material_rows
from director.generate.embedded.runtime import Runtime
from director.math3d import quaternion_from_euler, rotation_matrix
from director.passes.gbuffer import GBuffer
from director.passes.readback import Readback, Source
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import Conditioning, Direction, Tick, View
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.teacher.sets import random_set
from tools.teacher.views import random_view
from tools.text.sample import class_material, sample_scene_look
from tools.train.dataset import HELD_OUT_SEED

__all__ = ["shot_figures", "warp_error"]

_SIZE: Final = (256, 144)
_FPS: Final = 24
_NEAR_ENOUGH: Final = 0.02
_DRIFT_EVERY: Final = 100

Picture = NDArray[np.uint8]


def warp_error(pictures: Sequence[Picture], motions: Sequence[Any]) -> float:
    """Mean over a shot, 0..1. `motions` are each frame's maps: depth, object and motion as GBufferArrays has
    them."""
    errors = []
    for before, now, seen_before, seen in zip(pictures, pictures[1:], motions, motions[1:], strict=False):
        moved, valid = _moved(before, seen_before, seen)
        gap = (torch.from_numpy(now).float() / 255 - moved).abs().mean(-1)
        errors.append(float(gap[valid].mean()))
    return float(np.mean(errors))


def _moved(before: Picture, seen_before: Any, seen: Any) -> tuple[Tensor, Tensor]:
    """The picture before where its surfaces are now, float32[h, w, 3] 0..1, and where both see them."""
    height, width = seen["depth"].shape
    motion = torch.from_numpy(seen["motion"].astype(np.float32))
    u = ((torch.arange(width) + 0.5) / width)[None, :] - motion[..., 0]
    v = ((torch.arange(height) + 0.5) / height)[:, None] - motion[..., 1]
    grid = torch.stack([2 * u - 1, 2 * v - 1], -1)[None]

    def sampled(planes: Tensor, mode: str) -> Tensor:
        return functional.grid_sample(planes[None], grid, mode=mode, align_corners=False)[0]

    moved = sampled(torch.from_numpy(before).permute(2, 0, 1).float() / 255, "bilinear").permute(1, 2, 0)
    known = np.stack([np.minimum(seen_before["depth"], 1e4), seen_before["object"].astype(np.float32)])
    depth, ids = sampled(torch.from_numpy(known), "nearest")
    now = torch.from_numpy(seen["depth"].copy())
    valid = (grid[0].abs() < 1).all(-1) & (now < 1e4)
    valid &= ids == torch.from_numpy(seen["object"].astype(np.float32))
    # Where a camera walks, depths differ by its step: a little more than from pixel to pixel.
    return moved, valid & ((depth - now).abs() < (_NEAR_ENOUGH + 0.03) * now)


def _glide(view: View, random: np.random.Generator) -> View:
    """The next view of a hand that moves evenly: a step and a turn that stay the same all through a shot."""
    yaw, pitch = random.normal(0.0, 0.006, 2)
    step = rotation_matrix(quaternion_from_euler(float(yaw), float(0.4 * pitch), 0.0))
    step[:3, 3] = random.normal(0.0, 0.02, 3)
    return View(step, view.clip_from_view, view.clip_from_view, view.near_m, view.far_m)


def _views(first: View, step: View, count: int) -> list[View]:
    views, place = [], first.view_from_world
    before = first.clip_from_world
    for _ in range(count):
        views.append(View(place, first.clip_from_view, before, first.near_m, first.far_m))
        before = views[-1].clip_from_world
        place = step.view_from_world @ place
    return views


def _conditioning(index: int, view: View, maps: Any, state: SceneState) -> Conditioning:
    return Conditioning(
        Tick(index, index / _FPS, 1 / _FPS),
        view,
        maps,
        Direction(),
        state.objects,
        state.sun_direction,
        state.lamps,
    )


def shot_figures(
    context: moderngl.Context,
    weights: Path,
    out: Path,
    shots: int,
    frames: int,
    drift_frames: int,
    threads: int = 0,
) -> dict[str, float]:
    """Warp errors of network, network with history, and teacher over so many shots; and how far
    a picture with a history strays from one without over `drift_frames` frames. Leaves frames as PNG."""
    teacher = Teacher(context, *_SIZE)
    plain = Runtime(weights, "cpu", "float32", threads)
    steadied = Runtime(weights, "cpu", "float32", threads, with_history=True)
    errors: list[tuple[float, float, float]] = []
    motion = _Motion(context)
    for shot in range(shots):
        file = out / f"shot-{shot:02d}.png"
        errors.append(_shot(teacher, motion, plain, steadied, HELD_OUT_SEED + 500 + shot, frames, file))
    motion.release()
    found: dict[str, float] = {}
    if errors:
        network, with_history, of_teacher = (float(value) for value in np.mean(errors, 0))
        found |= {
            "warp_error": network,
            "warp_error_with_history": with_history,
            "warp_error_teacher": of_teacher,
            "warp_error_ratio": network / of_teacher,
        }
    if drift_frames:
        found |= _drift(teacher, plain, steadied, drift_frames)
    return found


class _Motion:
    """The motion pass, which nothing that draws pictures here reads."""

    def __init__(self, context: moderngl.Context) -> None:
        self._gbuffer = GBuffer(context, *_SIZE)
        self._readback = Readback(
            context, {"motion": Source(self._gbuffer.textures["motion"], 2, np.float16)}
        )

    def draw(self, state: SceneState, before: SceneState | None, view: View) -> NDArray[np.float16]:
        self._gbuffer.draw(state, before, view)
        self._readback.start()
        found: NDArray[np.float16] = self._readback.finish()["motion"]
        return found.copy()

    def release(self) -> None:
        self._readback.release()
        self._gbuffer.release()


def _start(teacher: Teacher, seed: int) -> tuple[CompiledScene, View, View, Directed]:
    chosen = random_set(seed)
    random = np.random.default_rng([seed, 21])
    compiled = CompiledScene(chosen.scene)
    state = compiled.at(0.0)
    for _ in range(12):
        view = random_view(chosen, teacher.width / teacher.height, random)
        depth = teacher.rough(state, view, 0)["depth"]
        if np.mean(np.isinf(depth)) < 0.5 and np.mean(depth < 1.0) < 0.1:
            break
    look = sample_scene_look(random)
    materials = [class_material(item.class_name) for item in state.objects]
    rows = material_rows(state.objects, materials, [True] * len(materials), state.lamps, look)
    return compiled, view, _glide(view, random), Directed(look, rows, ())


def _shot(
    teacher: Teacher,
    motion: _Motion,
    plain: Runtime,
    steadied: Runtime,
    seed: int,
    frames: int,
    file: Path,
) -> tuple[float, float, float]:
    compiled, first, step, directed = _start(teacher, seed)
    finished = FinishedScene(compiled)
    steadied.forget()
    drawn: list[list[Picture]] = [[], [], []]
    seen = []
    before: SceneState | None = None
    for index, view in enumerate(_views(first, step, frames)):
        state = compiled.at(index / _FPS)
        maps = dict(teacher.look_at(state, view, 0, finished.at(state)).maps)
        maps["motion"] = motion.draw(state, before, view)
        before = state
        seen.append(maps)
        conditioning = _conditioning(index, view, maps, state)
        drawn[0].append(plain.draw(conditioning, directed))
        drawn[1].append(steadied.draw(conditioning, directed))
        drawn[2].append(teacher.picture(directed.look, directed.rows))
    strip = np.concatenate([np.concatenate(row[:: max(1, frames // 4)], 1) for row in drawn])
    Image.fromarray(strip).save(file)
    one, two, three = (warp_error(pictures, seen) for pictures in drawn)
    return one, two, three


def _drift(teacher: Teacher, plain: Runtime, steadied: Runtime, frames: int) -> dict[str, float]:
    """A camera that sways on the spot: thousands of frames later a picture must be the first round's."""
    compiled, first, step, directed = _start(teacher, HELD_OUT_SEED + 900)
    state = compiled.at(0.0)
    sway = _views(first, step, 12)
    views = sway + sway[::-1]
    seen = [dict(teacher.rough(state, view, 0)) for view in views]
    steadied.forget()
    gaps = []
    for index in range(frames):
        at = index % len(views)
        conditioning = _conditioning(index, views[at], seen[at], state)
        picture = steadied.draw(conditioning, directed).astype(np.float32) / 255
        if index % _DRIFT_EVERY == _DRIFT_EVERY - 1 or index == min(len(views), frames - 1):
            alone = plain.draw(conditioning, directed).astype(np.float32) / 255
            gaps.append(np.abs(picture - alone).mean())
    return {"drift_first": float(gaps[0]), "drift_last": float(gaps[-1]), "drift_most": float(max(gaps))}
