"""How steady a moving picture is: shots of held-out sets, drawn by the teacher and by the network.

Warp error is the mean of |I now − I before, moved by the exact motion| over what is seen in both pictures;
the sky is left out. Pictures show finished things, so the motion is that of the finished surfaces, and seen
in both is what shows the same piece at the same depth. `director measure`, which knows only the proxies,
moves pictures by theirs: warp errors along those are given beside. A blurred picture is steady too, so the
high-frequency energy is to be read with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
from director.passes.geometry import Geometry
from director.passes.readback import Readback, Source
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FINISHED, PIECES, FinishedScene
from director.scene.state import SceneState
from director.types import Conditioning, Direction, Tick, View
from tools.teacher.finished import FinishedScene as TeachersScene
from tools.teacher.render import Finished, Teacher
from tools.teacher.sets import RandomSet, random_set
from tools.teacher.views import random_view, worth_drawing
from tools.text.sample import class_material, sample_scene_look
from tools.train.dataset import HELD_OUT_SEED
from tools.train.losses import detail

__all__ = ["SIZE", "Scenery", "detail_energy", "shot_figures", "view_of", "warp_error"]

SIZE: Final = (256, 144)
_FPS: Final = 24
_SEED: Final = 0
_NEAR_ENOUGH: Final = 0.02
_DRIFT_EVERY: Final = 100
_FIRST_SHOT: Final = HELD_OUT_SEED + 500
_DRIFT_SHOT: Final = HELD_OUT_SEED + 900
_DRAWN: Final = ("network", "with_history", "teacher")

Picture = NDArray[np.uint8]
Maps = Mapping[str, NDArray[Any]]


def warp_error(pictures: Sequence[Picture], motions: Sequence[Maps]) -> float:
    """Mean over a shot, 0..1. `motions` are each frame's maps: depth, object and motion as GBufferArrays has
    them. Pairs of frames that show nothing in common are left out; NaN if there are no others."""
    errors = []
    for before, now, seen_before, seen in zip(pictures, pictures[1:], motions, motions[1:], strict=False):
        moved, valid = _moved(before, seen_before, seen)
        gap = (torch.from_numpy(now).float() / 255 - moved).abs().mean(-1)
        if bool(valid.any()):
            errors.append(float(gap[valid].mean()))
    return float(np.mean(errors)) if errors else float("nan")


def detail_energy(pictures: Sequence[Picture]) -> float:
    """High-frequency energy, mean over a shot: of losses.detail, squared."""
    stacked = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255
    return float(detail(stacked).square().mean())


def _moved(before: Picture, seen_before: Maps, seen: Maps) -> tuple[Tensor, Tensor]:
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


class _Motion:
    """Depth, ids and motion of the states of one scene, drawn in their order."""

    def __init__(
        self, context: moderngl.Context, size: tuple[int, int], geometry: Geometry | None = None
    ) -> None:
        self._gbuffer = GBuffer(context, *size, {"motion"}, geometry)
        textures = self._gbuffer.textures
        self._readback = Readback(
            context,
            {
                "depth": Source(textures["depth"], 1, np.float32),
                "object": Source(textures["object"], 1, np.uint16),
                "motion": Source(textures["motion"], 2, np.float16),
            },
        )
        self._before: SceneState | None = None

    def draw(self, state: SceneState, view: View) -> Maps:
        """Of a state against the one before; `view` knows where the camera was."""
        self._gbuffer.draw(state, self._before, view)
        self._before = state
        self._readback.start()
        return self._readback.finish()

    def cut(self) -> None:
        self._before = None

    def release(self) -> None:
        self._readback.release()
        self._gbuffer.release()


class Scenery:
    """A set as it is blocked, and finished for the network and for the teacher; `state` is its first."""

    def __init__(self, compiled: CompiledScene, seed: int) -> None:
        self.compiled: Final = compiled
        self.state: Final = compiled.at(0.0)
        self.of_network: Final = FinishedScene(compiled, seed)
        self.of_teacher: Final = TeachersScene(compiled, seed=seed)

    def conditioning(self, index: int, view: View, state: SceneState, network: Finished) -> Conditioning:
        """What the generator is given of a state."""
        seen = network.maps(self.of_network.at(state), view, _SEED)
        maps = {FINISHED + name: values for name, values in seen.items()}
        return Conditioning(
            Tick(index, index / _FPS, 1 / _FPS),
            view,
            {**maps, PIECES: self.of_network.pieces},
            Direction(seed=_SEED),
            state.objects,
            state.sun_direction,
            state.lamps,
        )


def view_of(teacher: Teacher, chosen: RandomSet, state: SceneState, random: np.random.Generator) -> View:
    """A view that shows enough of a set: neither mostly sky nor a thing before the lens, if it has any."""
    for _ in range(12):
        view = random_view(chosen, teacher.width / teacher.height, random)
        rough = teacher.rough(state, view, _SEED)
        depth = rough["depth"]
        if worth_drawing(rough) and np.mean(np.isinf(depth)) < 0.5 and np.mean(depth < 1.0) < 0.1:
            break
    return view


@dataclass(frozen=True, slots=True, eq=False)
class _Shot:
    """A held-out set, its camera and its look."""

    scenery: Scenery
    first: View
    step: View
    directed: Directed


class _Stage:
    """All that draws shots."""

    def __init__(self, context: moderngl.Context, weights: Path, size: tuple[int, int], threads: int) -> None:
        self._teacher = Teacher(context, *size)
        self._network = Finished(context, *size)
        self._plain = Runtime(weights, "cpu", "float32", threads)
        self._steadied = Runtime(weights, "cpu", "float32", threads, with_history=True)
        self._rigid = Geometry(context, is_rigid=True)
        self._along = {
            "finished": _Motion(context, size, self._rigid),
            "proxies": _Motion(context, size),
        }

    def release(self) -> None:
        for motion in self._along.values():
            motion.release()
        self._rigid.release()

    def shot(self, seed: int, frames: int, file: Path) -> dict[str, float]:
        """Warp errors as "finished network" …, and energies as "detail network" …; a strip of the frames."""
        shot = self._start(seed)
        scenery = shot.scenery
        self._steadied.forget()
        drawn: dict[str, list[Picture]] = {name: [] for name in _DRAWN}
        seen: dict[str, list[Maps]] = {name: [] for name in self._along}
        for motion in self._along.values():
            motion.cut()
        for index, view in enumerate(_views(shot.first, shot.step, frames)):
            state = scenery.compiled.at(index / _FPS)
            asked = scenery.conditioning(index, view, state, self._network)
            seen["finished"].append(self._along["finished"].draw(scenery.of_network.at(state), view))
            seen["proxies"].append(self._along["proxies"].draw(state, view))
            drawn["network"].append(self._plain.draw(asked, shot.directed))
            drawn["with_history"].append(self._steadied.draw(asked, shot.directed))
            self._teacher.look_at(state, view, _SEED, scenery.of_teacher.at(state))
            drawn["teacher"].append(self._teacher.picture(shot.directed.look, shot.directed.rows))
        strip = [np.concatenate(row[:: max(1, frames // 4)], 1) for row in drawn.values()]
        Image.fromarray(np.concatenate(strip)).save(file)
        errors = {
            f"{along} {name}": warp_error(pictures, motions)
            for along, motions in seen.items()
            for name, pictures in drawn.items()
        }
        return errors | {f"detail {name}": detail_energy(pictures) for name, pictures in drawn.items()}

    def drift(self, frames: int) -> dict[str, float]:
        """A camera that sways on the spot: thousands of frames later a picture must be the first round's."""
        shot = self._start(_DRIFT_SHOT)
        scenery = shot.scenery
        sway = _views(shot.first, shot.step, 12)
        asked = [scenery.conditioning(0, view, scenery.state, self._network) for view in sway + sway[::-1]]
        self._steadied.forget()
        gaps = []
        for index in range(frames):
            given = replace(asked[index % len(asked)], tick=Tick(index, index / _FPS, 1 / _FPS))
            picture = self._steadied.draw(given, shot.directed).astype(np.float32) / 255
            if index % _DRIFT_EVERY == _DRIFT_EVERY - 1 or index == min(len(asked), frames - 1):
                alone = self._plain.draw(given, shot.directed).astype(np.float32) / 255
                gaps.append(np.abs(picture - alone).mean())
        return {
            "drift_first": float(gaps[0]),
            "drift_last": float(gaps[-1]),
            "drift_most": float(max(gaps)),
        }

    def _start(self, seed: int) -> _Shot:
        chosen = random_set(seed)
        random = np.random.default_rng([seed, 21])
        scenery = Scenery(CompiledScene(chosen.scene), _SEED)
        state = scenery.state
        view = view_of(self._teacher, chosen, state, random)
        look = sample_scene_look(random)
        materials = [class_material(item.class_name) for item in state.objects]
        rows = material_rows(state.objects, materials, [True] * len(materials), state.lamps, look)
        directed = Directed(look, rows, ())
        return _Shot(scenery, view, _glide(view, random), directed)


def shot_figures(
    context: moderngl.Context,
    weights: Path,
    out: Path,
    shots: int,
    frames: int,
    drift_frames: int,
    threads: int = 0,
    size: tuple[int, int] = SIZE,
) -> dict[str, float]:
    """Of so many shots, each of a set of its own; leaves frames as PNG (network, with history, teacher).

    warp_error, warp_error_with_history, warp_error_teacher   0..1, along the finished surfaces; their means
    warp_error_ratio, …_with_history                          network ÷ teacher, of the means
    proxies_warp_error_ratio, …_with_history                  the same along the proxies' motion
    detail_ratio, …_with_history                              high-frequency energy, network ÷ teacher
    drift_first, drift_last, drift_most                       how far a picture with a history strays from
                                                              one without, over `drift_frames` frames
    """
    stage = _Stage(context, weights, size, threads)
    each = [stage.shot(_FIRST_SHOT + shot, frames, out / f"shot-{shot:02d}.png") for shot in range(shots)]
    found: dict[str, float] = {}
    if each:
        mean = {name: float(np.nanmean([one[name] for one in each])) for name in each[0]}
        found = {
            "warp_error": mean["finished network"],
            "warp_error_with_history": mean["finished with_history"],
            "warp_error_teacher": mean["finished teacher"],
        }
        for figure, kind in (
            ("warp_error_ratio", "finished"),
            ("proxies_warp_error_ratio", "proxies"),
            ("detail_ratio", "detail"),
        ):
            found[figure] = mean[f"{kind} network"] / mean[f"{kind} teacher"]
            found[f"{figure}_with_history"] = mean[f"{kind} with_history"] / mean[f"{kind} teacher"]
    if drift_frames:
        found |= stage.drift(drift_frames)
    stage.release()
    return found
