"""How steady a generator's takes are, and what the stabiliser makes of them, over sets and moves.

Read warp error beside the detail that is kept: blur is no steadiness. `blended` is the plain way to calm a
picture down, half of the picture before without its motion, for comparison.
"""

import numpy as np
from numpy.typing import NDArray

from director.cli.bench import Figures, Suite
from director.direction.evaluate import direction_at
from director.generate import generator
from director.generate.protocol import GeneratorSettings, Progress
from director.meters.colour import unit_range
from director.meters.detail import high_energy
from director.meters.steadiness import warp_error
from director.meters.surfaces import Seen, match
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.take.answering import answers

__all__ = ["SUITE"]

_SIZE = (512, 288)
_FRAMES = 30
_MOVES = 4
_STABILISER = 0.6
_BLENDED = 0.5

Picture = NDArray[np.float32]


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    context = headless_context()
    try:
        cases = [(scene, move.name) for scene in scene_names() for move in load_scene(scene).moves[:_MOVES]]
        for index, (scene, move) in enumerate(cases):
            compiled = CompiledScene(load_scene(scene))
            direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
            chosen = compiled.move(move)
            backend = generator(name)(GeneratorSettings())
            counted = _Counted()
            # From a third of the move on: it has gathered speed by then.
            start_s = chosen.duration_s / 3
            for one in answers(
                context,
                compiled,
                backend,
                lambda time_s, chosen=chosen, compiled=compiled, start_s=start_s: chosen.camera_at(  # type: ignore[misc]
                    start_s + time_s, compiled.locate
                ),
                direction,
                _SIZE,
                _FRAMES,
                generated_fps=None,
                stabiliser=_STABILISER,
            ):
                share = (index + one.tick.index / _FRAMES) / len(cases)
                progress(share, f"steadiness: {scene}, {move}, frame {one.tick.index + 1} of {_FRAMES}")
                counted.add(one.seen, one.generated, one.steadied)
            found[f"{scene}, {move}"] = counted.figures()
    finally:
        context.release()
    return found


class _Counted:
    """Warp errors in 1/255 and high-frequency energies, as means over the frames."""

    def __init__(self) -> None:
        self._before: tuple[Seen, dict[str, Picture]] | None = None
        self._warps: dict[str, list[float]] = {}
        self._energies: dict[str, list[float]] = {}

    def add(self, seen: Seen, generated: NDArray[np.uint8], steadied: NDArray[np.uint8]) -> None:
        raw = unit_range(generated)
        blended = raw if self._before is None else self._before[1]["blended"]
        pictures = {
            "raw": raw,
            "steadied": unit_range(steadied),
            "blended": (1 - _BLENDED) * raw + _BLENDED * blended,
        }
        if self._before is not None:
            motion = match(seen, self._before[0])
            surface = seen.object > 0
            for name, picture in pictures.items():
                error = warp_error(picture, self._before[1][name], motion)
                self._warps.setdefault(name, []).append(float(np.nanmean(error)) * 255)
                self._energies.setdefault(name, []).append(float(high_energy(picture)[surface].mean()))
        self._before = (seen, pictures)

    def figures(self) -> dict[str, float]:
        found = {
            f"{name}_warp_error_255": round(float(np.mean(self._warps[name])), 3) for name in self._warps
        }
        for name in ("steadied", "blended"):
            kept = np.mean(self._energies[name]) / np.mean(self._energies["raw"])
            found[f"{name}_detail_kept"] = round(float(kept), 3)
        return found


SUITE = Suite("warp error and detail of takes, raw and stabilised, over sets and moves", _run)
