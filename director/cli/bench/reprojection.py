"""How near the viewport's answer between pictures comes to what the generator would have drawn."""

import math
from collections.abc import Callable

import numpy as np

from director.cli.bench import Figures, Suite
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.protocol import GeneratorSettings, Progress
from director.math3d import quaternion_from_euler
from director.meters.colour import unit_range
from director.meters.detail import high_energy
from director.meters.steadiness import warp_error
from director.meters.surfaces import Seen, match
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.take.answering import Answered, answers
from director.types import CameraState

__all__ = ["CASES", "SUITE", "camera_of"]

# Scene, and the move: one of the scene's, a pan, or a camera that stands while the figures move.
CASES: tuple[tuple[str, str], ...] = (
    ("living_room", "pan"),
    ("night_alley", "dolly-in"),
    ("living_room", "orbit"),
    ("desert_road", "figures"),
)
_SIZE = (512, 288)
_FRAMES = 60
_FROM = 10
"""The first frames show a picture that was waited for."""
_PAN_RAD_S = math.radians(18)


def camera_of(compiled: CompiledScene, move: str) -> Callable[[float], CameraState]:
    """The camera of a case, by seconds."""
    if move not in ("pan", "figures"):
        found = compiled.move(move)
        return lambda time_s: found.camera_at(time_s, compiled.locate)
    first = compiled.scene.moves[0]
    stands = first.camera_at(0.0, compiled.locate)
    if move == "figures":
        return lambda time_s: stands
    x, y, z, w = stands.orientation
    yaw = math.atan2(2 * (w * y + x * z), 1 - 2 * (y * y + x * x))
    return lambda time_s: CameraState(
        stands.position, quaternion_from_euler(yaw + _PAN_RAD_S * (time_s - 1.2), 0.0, 0.0), stands.lens
    )


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    context = headless_context()
    try:
        for index, (scene, move) in enumerate(CASES):
            compiled = CompiledScene(load_scene(scene))
            direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
            counted = _Counted()
            backend = generator(name)(GeneratorSettings())
            for one in answers(
                context, compiled, backend, camera_of(compiled, move), direction, _SIZE, _FRAMES
            ):
                share = (index + one.tick.index / _FRAMES) / len(CASES)
                progress(share, f"reprojection: {scene}, {move}, frame {one.tick.index + 1} of {_FRAMES}")
                if one.tick.index >= _FROM:
                    counted.add(one)
            found[f"{scene}, {move}, 5 pictures a second"] = counted.figures()
    finally:
        context.release()
    return found


class _Counted:
    """Error against what the generator draws of the same frame, and steadiness, each as a mean."""

    def __init__(self) -> None:
        self._errors: dict[str, list[float]] = {}
        self._warps: dict[str, list[float]] = {}
        self._energies: dict[str, list[float]] = {}
        self._before: tuple[Seen, dict[str, np.ndarray]] | None = None

    def add(self, one: Answered) -> None:
        pictures = {
            name: unit_range(image)
            for name, image in (
                ("generated", one.generated),
                ("held", one.held),
                ("carried", one.carried),
                ("steadied", one.steadied),
            )
        }
        motion = None if self._before is None else match(one.seen, self._before[0])
        for name, picture in pictures.items():
            error = float(np.abs(picture - pictures["generated"]).mean()) * 255
            self._errors.setdefault(name, []).append(error)
            self._energies.setdefault(name, []).append(float(high_energy(picture).mean()))
            if motion is not None and self._before is not None:
                changed = float(np.nanmean(warp_error(picture, self._before[1][name], motion)))
                self._warps.setdefault(name, []).append(changed * 255)
        self._before = (one.seen, pictures)

    def figures(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for name in ("held", "carried", "steadied"):
            found[f"{name}_error_255"] = round(float(np.mean(self._errors[name])), 3)
        for name in ("generated", "held", "carried", "steadied"):
            found[f"{name}_warp_error_255"] = round(float(np.mean(self._warps[name])), 3)
        for name in ("carried", "steadied"):
            kept = np.mean(self._energies[name]) / np.mean(self._energies["generated"])
            found[f"{name}_detail_kept"] = round(float(kept), 3)
        return found


SUITE = Suite("error of the picture carried along against one generated anew, at 5 a second", _run)
