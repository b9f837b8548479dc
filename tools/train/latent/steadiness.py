"""How steady pictures are, and how much of their detail is left, by what they start from.

    python -m tools.train.latent.steadiness --model runs/latent/model --out runs/latent/steadiness.json

Three shipped sets, four moves each. Per move the warp error along exact motion (1/255, the sky left out) and
the high-frequency energy on surfaces, of
  ours      noise anchored to surfaces, history carried along exact motion
  noise     anchored noise alone
  screen    (a) noise that stays on the screen, no history: what streams of today do
  fresh     other noise in every picture, no history
  feedback  (b) the picture before fed back without motion, noise on the screen
  teacher   (c) the renderer that it was trained on: the floor
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from director.generate import generator
from director.generate.inline import InlineRunner
from director.generate.protocol import GeneratorSettings
from director.meters.colour import unit_range
from director.meters.detail import high_energy
from director.meters.steadiness import warp_error
from director.meters.surfaces import Seen, match
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene, scene_names
from director.types import Direction, Tick
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.train.latent.pictures import SIZE

__all__ = ["main"]

VARIANTS: Final[Mapping[str, Mapping[str, float | str]]] = {
    "ours": {"noise": "anchored", "history": "carried"},
    "noise": {"noise": "anchored", "history": "none"},
    "screen": {"noise": "screen", "history": "none"},
    "fresh": {"noise": "fresh", "history": "none"},
    "feedback": {"noise": "screen", "history": "unmoved"},
}
_FPS: Final = 24
_MOVES: Final = 4

Picture = NDArray[np.uint8]


class _Counted:
    """Means over the frames of a shot."""

    def __init__(self) -> None:
        self._before: tuple[Seen, Picture] | None = None
        self._warps: list[float] = []
        self._energies: list[float] = []

    def add(self, seen: Seen, picture: Picture) -> None:
        now = unit_range(picture)
        if self._before is not None:
            motion = match(seen, self._before[0])
            error = warp_error(now, unit_range(self._before[1]), motion)
            self._warps.append(float(np.nanmean(error)) * 255)
            self._energies.append(float(high_energy(now)[seen.object > 0].mean()))
        self._before = (seen, picture)

    @property
    def figures(self) -> dict[str, float]:
        return {"warp_error_255": float(np.mean(self._warps)), "energy": float(np.mean(self._energies))}


def _shot(
    context: moderngl.Context,
    teacher: Teacher,
    runners: Mapping[str, InlineRunner],
    maps: frozenset[str],
    scene: str,
    move_name: str,
    frames: int,
    prompt: str,
    sheet: Path,
) -> dict[str, dict[str, float]]:
    compiled = CompiledScene(load_scene(scene))
    finished = FinishedScene(compiled)
    move = compiled.move(move_name)
    direction = Direction(prompt)
    conditioner = Conditioner(context, compiled, *SIZE, maps)
    counted = {name: _Counted() for name in (*runners, "teacher")}
    kept: dict[str, list[Picture]] = {name: [] for name in counted}
    for runner in runners.values():
        runner.flush()
    # From a third of the move on: it has gathered speed by then.
    start_s = move.duration_s / 3
    for index in range(frames):
        tick = Tick(index, start_s + index / _FPS, 1 / _FPS if index else 0.0)
        camera = move.camera_at(tick.time_s, compiled.locate)
        conditioner.draw(tick, camera, direction)
        conditioning = conditioner.take()
        assert conditioning is not None
        seen = Seen(
            conditioning.maps["depth"],
            conditioning.maps["object"],
            conditioning.view,
            conditioning.maps["poses"],
        )
        pictures: dict[str, Any] = {}
        for name, runner in runners.items():
            runner.submit(conditioning)
            made = runner.newest()
            assert made is not None
            pictures[name] = made.image
        state = compiled.at(tick.time_s)
        teacher.look_at(state, conditioning.view, 0, finished.at(state))
        asked = directed(state, conditioning.view, prompt)
        pictures["teacher"] = teacher.picture(asked.look, asked.rows)
        for name, picture in pictures.items():
            counted[name].add(seen, picture)
            if index in (0, frames // 2, frames - 1):
                kept[name].append(picture)
    conditioner.release()
    rows = [np.concatenate(pictures, 1) for pictures in kept.values()]
    Image.fromarray(np.concatenate(rows)).save(sheet)
    return {name: one.figures for name, one in counted.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tools.train.latent.steadiness", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--model", type=Path, default=Path("runs/latent/model"))
    parser.add_argument("--out", type=Path, default=Path("runs/latent/steadiness"))
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--strength", type=float, default=0.5)
    parser.add_argument("--steps", type=int, default=4)
    parser.add_argument("--prompt", default="bright summer noon")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    context = headless_context()
    teacher = Teacher(context, *SIZE)
    kind = generator(str(chosen.model))
    runners = {
        name: InlineRunner(
            kind(
                GeneratorSettings(
                    threads=1,
                    options={"steps": chosen.steps, "strength": chosen.strength, **options},
                )
            )
        )
        for name, options in VARIANTS.items()
    }
    found: dict[str, dict[str, dict[str, float]]] = {}
    for scene in scene_names():
        for move in load_scene(scene).moves[:_MOVES]:
            sheet = chosen.out / f"{scene}-{move.name}.png"
            shot = _shot(
                context,
                teacher,
                runners,
                kind.maps,
                scene,
                move.name,
                chosen.frames,
                chosen.prompt,
                sheet,
            )
            found[f"{scene}, {move.name}"] = shot
            line = ", ".join(f"{name} {figures['warp_error_255']:.2f}" for name, figures in shot.items())
            print(f"{scene}, {move.name}: {line}", flush=True)
    means = {
        name: {
            figure: float(np.mean([shot[name][figure] for shot in found.values()]))
            for figure in ("warp_error_255", "energy")
        }
        for name in (*VARIANTS, "teacher")
    }
    found["mean"] = means
    (chosen.out / "figures.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(means))
    return 0


if __name__ == "__main__":
    sys.exit(main())
