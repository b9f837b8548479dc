"""How steady pictures are, and how much of their detail is left, by what they start from.

    python -m tools.train.steadiness --out runs/steadiness/embedded
    python -m tools.train.steadiness --generator runs/latent/model --out runs/steadiness/latent

Three shipped sets, four moves each, every frame generated. Per move the warp error along the exact motion of
the proxies (1/255, the sky left out), as `director measure` has it, and the high-frequency energy on
surfaces, of
  ours      noise anchored to surfaces; what was before carried along exact motion (the embedded generator:
            by the stabiliser, a latent model: as its history)
  anchored  anchored noise alone
  screen    (a) noise that stays where it is on the screen, no history: what streams of today do; of the
            embedded generator with --screen-weights, fine-tuned on such noise
  fresh     other noise in every picture, no history (a latent model)
  feedback  (b) the picture before fed back without motion, noise on the screen
  teacher   (c) the renderer that the network was trained on: the floor
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import moderngl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from director.composite.carry import Moment
from director.composite.display import Display
from director.generate import generator
from director.generate.protocol import Generator, GeneratorSettings
from director.meters.colour import unit_range
from director.meters.detail import high_energy
from director.meters.steadiness import warp_error
from director.meters.surfaces import Seen, match
from director.passes.conditioner import POSES, Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.finish.finished import FINISHED
from director.scene.load import load_scene, scene_names
from director.take.finish import moment_of
from director.types import Conditioning, Direction, GeneratedFrame, Tick
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.render import Teacher
from tools.train.latent.pictures import SIZE
from tools.train.screen import on_pane, pane

__all__ = ["main"]

_FPS: Final = 24
_MOVES: Final = 4
_STABILISER: Final = 0.6
_FED_BACK: Final = 0.5
_BANK: Final = FINISHED + "structure"
_LATENT: Final[Mapping[str, Mapping[str, float | str]]] = {
    "ours": {"noise": "anchored", "history": "carried"},
    "anchored": {"noise": "anchored", "history": "none"},
    "screen": {"noise": "screen", "history": "none"},
    "fresh": {"noise": "fresh", "history": "none"},
    "feedback": {"noise": "screen", "history": "unmoved"},
}

Picture = NDArray[np.uint8]
Drawn = Callable[[Conditioning, Conditioner], Picture]
"""A picture of a conditioning that the conditioner has drawn last."""


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


class _Steadied:
    """The pictures as the viewport shows them: the stabiliser keeps what was, along exact motion."""

    def __init__(self, context: moderngl.Context, backend: Generator) -> None:
        self._backend = backend
        self._display = Display(context, *SIZE)

    def __call__(self, asked: Conditioning, conditioner: Conditioner) -> Picture:
        frame = self._backend.generate(asked)
        moment: Moment = moment_of(conditioner)
        self._display.draw(frame, conditioner.gbuffer.textures, moment, moment, _STABILISER)
        return self._display.read()

    def reset(self) -> None:
        self._display.cut()


class _OnScreen:
    """The generator given patterns that stay where they are on the screen, as on a pane before the lens."""

    def __init__(self, context: moderngl.Context, backend: Generator) -> None:
        self._backend = backend
        self._pane = pane(context, SIZE)

    def __call__(self, asked: Conditioning, conditioner: Conditioner) -> Picture:
        bank = on_pane(asked.maps[_BANK], self._pane)
        return self._backend.generate(replace(asked, maps={**asked.maps, _BANK: bank})).image


class _FedBack:
    """Half of the picture before, where it was on the screen."""

    def __init__(self, drawn: Drawn) -> None:
        self._drawn = drawn
        self._before: NDArray[np.float32] | None = None

    def __call__(self, asked: Conditioning, conditioner: Conditioner) -> Picture:
        now = self._drawn(asked, conditioner).astype(np.float32)
        made = now if self._before is None else (1 - _FED_BACK) * now + _FED_BACK * self._before
        self._before = made
        return np.asarray(np.round(made), np.uint8)

    def reset(self) -> None:
        self._before = None


def _embedded(
    context: moderngl.Context, screen_weights: Path | None
) -> tuple[dict[str, Drawn], frozenset[str]]:
    backend = generator("embedded")(GeneratorSettings(threads=1))
    backend.load(lambda share, words: None)
    on_screen = _OnScreen(context, backend)
    if screen_weights is not None:
        options: Mapping[str, float | str] = {"weights": str(screen_weights)}
        tuned = generator("embedded")(GeneratorSettings(threads=1, options=options))
        tuned.load(lambda share, words: None)
        on_screen = _OnScreen(context, tuned)
    plain: Drawn = lambda asked, conditioner: backend.generate(asked).image  # noqa: E731
    drawn: dict[str, Drawn] = {
        "ours": _Steadied(context, backend),
        "anchored": plain,
        "screen": on_screen,
        "feedback": _FedBack(on_screen),
    }
    return drawn, backend.maps


def _latent(name: str, steps: int, strength: float) -> tuple[dict[str, Drawn], frozenset[str]]:
    kind = generator(name)
    return {
        variant: _Variant(
            kind(
                GeneratorSettings(
                    threads=1, options={"steps": steps, "strength": strength, "regions": 0, **options}
                )
            )
        )
        for variant, options in _LATENT.items()
    }, kind.maps


class _Variant:
    def __init__(self, backend: Generator) -> None:
        self._backend = backend
        backend.load(lambda share, words: None)

    def __call__(self, asked: Conditioning, conditioner: Conditioner) -> Picture:
        frame: GeneratedFrame = self._backend.generate(asked)
        return frame.image

    def reset(self) -> None:
        self._backend.reset()


def _shot(
    conditioner: Conditioner,
    teacher: Teacher,
    drawn: Mapping[str, Drawn],
    compiled: CompiledScene,
    move_name: str,
    frames: int,
    prompt: str,
    sheet: Path,
) -> dict[str, dict[str, float]]:
    finished = FinishedScene(compiled)
    move = compiled.move(move_name)
    counted = {name: _Counted() for name in (*drawn, "teacher")}
    kept: dict[str, list[Picture]] = {name: [] for name in counted}
    for one in drawn.values():
        if hasattr(one, "reset"):
            one.reset()
    # From a third of the move on: it has gathered speed by then.
    start_s = move.duration_s / 3
    for index in range(frames):
        tick = Tick(index, start_s + index / _FPS, 1 / _FPS if index else 0.0)
        conditioner.draw(tick, move.camera_at(tick.time_s, compiled.locate), Direction(prompt))
        asked = conditioner.take()
        assert asked is not None
        seen = Seen(asked.maps["depth"], asked.maps["object"], asked.view, asked.maps[POSES])
        pictures: dict[str, Any] = {name: one(asked, conditioner) for name, one in drawn.items()}
        state = compiled.at(tick.time_s)
        teacher.look_at(state, asked.view, 0, finished.at(state))
        look = directed(state, asked.view, prompt)
        pictures["teacher"] = teacher.picture(look.look, look.rows)
        for name, picture in pictures.items():
            counted[name].add(seen, picture)
            if index in (0, frames // 2, frames - 1):
                kept[name].append(picture)
    rows = [np.concatenate(pictures, 1) for pictures in kept.values()]
    Image.fromarray(np.concatenate(rows)).save(sheet)
    return {name: one.figures for name, one in counted.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="tools.train.steadiness", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--generator", default="embedded", help="embedded, or a folder of a latent model")
    parser.add_argument("--out", type=Path, default=Path("runs/steadiness"))
    parser.add_argument("--frames", type=int, default=16)
    parser.add_argument("--strength", type=float, default=0.5, help="of a latent model's history")
    parser.add_argument("--steps", type=int, default=4, help="of a latent model")
    parser.add_argument(
        "--screen-weights",
        type=Path,
        help="of the embedded network fine-tuned with tools.train.train --screen",
    )
    parser.add_argument("--prompt", default="", help="the scene's own, if none is given")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    context = headless_context()
    teacher = Teacher(context, *SIZE)
    if chosen.generator == "embedded":
        drawn, maps = _embedded(context, chosen.screen_weights)
    else:
        drawn, maps = _latent(chosen.generator, chosen.steps, chosen.strength)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for scene in scene_names():
        compiled = CompiledScene(load_scene(scene))
        conditioner = Conditioner(
            context, compiled, *SIZE, maps | {"depth", "object", POSES}, shown=frozenset({"base"})
        )
        for move in compiled.scene.moves[:_MOVES]:
            conditioner.cut()
            shot = _shot(
                conditioner,
                teacher,
                drawn,
                compiled,
                move.name,
                chosen.frames,
                chosen.prompt or compiled.scene.prompt,
                chosen.out / f"{scene}-{move.name}.png",
            )
            found[f"{scene}, {move.name}"] = shot
            line = ", ".join(f"{name} {figures['warp_error_255']:.2f}" for name, figures in shot.items())
            print(f"{scene}, {move.name}: {line}", flush=True)
        conditioner.release()
    means = {
        name: {
            figure: round(float(np.mean([shot[name][figure] for shot in found.values()])), 6)
            for figure in ("warp_error_255", "energy")
        }
        for name in (*drawn, "teacher")
    }
    (chosen.out / "figures.json").write_text(json.dumps({**found, "mean": means}, indent=1) + "\n")
    print(json.dumps(means))
    return 0


if __name__ == "__main__":
    sys.exit(main())
