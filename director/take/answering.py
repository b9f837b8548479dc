"""What the viewport shows between generated pictures, worked out without a window: frame by frame, beside
what the generator would have drawn of that very frame.

The generator is imagined at a fixed rate: it takes up the newest frame when it is free, and its picture is
there one period later. So the shown picture is one to two periods old, as live.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.carry import Moment
from director.composite.display import Display
from director.generate.inline import InlineRunner
from director.generate.protocol import Generator
from director.meters.surfaces import Seen
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take.finish import moment_of
from director.types import CameraState, Direction, GeneratedFrame, Tick

__all__ = ["Answered", "answers"]

_PASSES = frozenset({"depth", "object"})

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """One displayed frame, uint8[h, w, 3] each: `generated` from this very tick; `held`, the newest picture
    as it came; `carried`, that picture re-projected; `steadied`, with the stabiliser too. `seen` is what
    the passes showed, `age` how many frames old the newest picture is."""

    tick: Tick
    generated: Picture
    held: Picture
    carried: Picture
    steadied: Picture
    seen: Seen
    age: int


def answers(
    context: moderngl.Context,
    compiled: CompiledScene,
    backend: Generator,
    camera_at: Callable[[float], CameraState],
    direction: Direction,
    size: tuple[int, int],
    frames: int,
    *,
    fps: Fraction = Fraction(24),
    generated_fps: Fraction | None = Fraction(5),
    stabiliser: float = 0.5,
) -> Iterator[Answered]:
    """Frames of a move as they would be displayed at `fps` over a generator of `generated_fps`; None is one
    that draws every frame at once, as in a take without a window. The backend must draw pictures of that
    size, and is loaded here."""
    runner = InlineRunner(backend)
    conditioner = Conditioner(context, compiled, *size, backend.maps | _PASSES, shown=frozenset({"base"}))
    plain, steady = Display(context, *size), Display(context, *size)
    known: list[tuple[GeneratedFrame, Moment]] = []
    period = 1 if generated_fps is None else max(1, round(fps / generated_fps))
    lag = 0 if generated_fps is None else 1
    try:
        for index in range(frames):
            tick = Tick(index, float(index / fps), 0.0 if index == 0 else float(1 / fps))
            conditioner.draw(tick, camera_at(tick.time_s), direction)
            conditioning = conditioner.take()
            assert conditioning is not None
            now = moment_of(conditioner)
            runner.submit(conditioning)
            newest = runner.newest()
            assert newest is not None
            known.append((newest, now))
            # Asked at the last period that has wholly gone by; the first picture is waited for.
            at = max(0, (index // period - lag) * period)
            frame, source = known[at]
            passes = conditioner.gbuffer.textures
            plain.draw(frame, passes, now, source)
            steady.draw(frame, passes, now, source, stabiliser, conditioner.gbuffer.at_hand)
            maps = conditioning.maps
            yield Answered(
                tick=tick,
                generated=newest.image,
                held=frame.image,
                carried=plain.read(),
                steadied=steady.read(),
                seen=Seen(maps["depth"], maps["object"], conditioning.view, now.world_from_object),
                age=index - at,
            )
    finally:
        runner.close()
        plain.release()
        steady.release()
        conditioner.release()
