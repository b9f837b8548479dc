"""The live loop without a window: what a tick costs while a generator runs beside it, and how old the
displayed picture is."""

import time

from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.composite.display import Display
from director.composite.generated import Moment
from director.direction.evaluate import direction_at
from director.errors import GeneratorError
from director.generate import generator
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Tick

__all__ = ["SUITE"]

_SCENE = "night_alley"
_SIZE = (512, 288)
_TICK_S = 1 / 60
_WARM_UP_S = 1.0
_MEASURED_S = 6.0
_LOADING_S = 60.0
_RING = 2


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    # The proxy beside it tells what the loop costs by itself.
    names = list(dict.fromkeys(["proxy", name]))
    for index, one in enumerate(names):
        progress(index / len(names), f"loop: {one} at {_SIZE[0]}x{_SIZE[1]}")
        runner = ProcessRunner(one, GeneratorSettings(), _SIZE)
        try:
            _await(runner)
            found[f"{one}, {_SIZE[0]}x{_SIZE[1]}"] = _figures(one, runner)
        finally:
            runner.close()
    return found


def _await(runner: ProcessRunner) -> None:
    end_s = now_s() + _LOADING_S
    while (state := runner.state).phase != "running":
        if state.phase == "failed" or now_s() > end_s:
            raise GeneratorError(
                state.message or "it does not load", subject="bench loop", mend="director doctor"
            )
        time.sleep(0.01)


def _figures(name: str, runner: ProcessRunner) -> dict[str, float]:
    backend = generator(name)(GeneratorSettings())
    width, height = _SIZE
    map_size = backend.size_for(width, height)
    compiled = CompiledScene(load_scene(_SCENE))
    move = compiled.scene.moves[0]
    direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
    context = headless_context()
    loop = _Loop(runner)
    try:
        small = Conditioner(context, compiled, *map_size, backend.maps | {"depth", "object"}, _RING)
        large = small if map_size == _SIZE else Conditioner(context, compiled, width, height, frozenset())
        display = Display(context, width, height)
        start_s = now_s()
        index = 0
        while (now := now_s()) < start_s + _WARM_UP_S + _MEASURED_S:
            tick = Tick(index, (now - start_s) % move.duration_s, _TICK_S)
            camera = move.camera_at(tick.time_s, compiled.locate)
            loop.input(index, now)
            small.draw(tick, camera, direction)
            if large is not small:
                large.draw(tick, camera, direction)
            assert small.view is not None
            assert small.state is not None
            loop.moments[index] = Moment(small.view, small.state.world_from_object)
            if (conditioning := small.take()) is not None:
                runner.submit(conditioning)
            frame = runner.newest()
            source = None if frame is None else loop.moments[frame.conditioning.tick.index]
            display.draw(frame, large.gbuffer.textures, loop.moments[index], source)
            context.finish()
            loop.displayed(frame.conditioning.tick.index if frame else None, now, now >= start_s + _WARM_UP_S)
            time.sleep(max(0.0, now + _TICK_S - now_s()))
            index += 1
        return loop.figures()
    finally:
        context.release()


class _Loop:
    """What is noted while the loop runs, in milliseconds."""

    def __init__(self, runner: ProcessRunner) -> None:
        self.moments: dict[int, Moment] = {}
        self._runner = runner
        self._inputs: dict[int, float] = {}
        self._shown: int | None = None
        self._ticks: list[float] = []
        self._ages: list[float] = []
        self._answers: list[float] = []
        self._intervals: list[float] = []
        self._before_s: float | None = None

    def input(self, index: int, now: float) -> None:
        """A tick begins: what moves the camera is read now."""
        self._inputs[index] = now

    def displayed(self, source: int | None, tick_start_s: float, counts: bool) -> None:
        """A tick's picture is finished; it was generated from the tick `source`."""
        now = now_s()
        is_new = source is not None and source != self._shown
        self._shown = source
        if counts:
            self._ticks.append((now - tick_start_s) * 1000)
            if self._before_s is not None:
                self._intervals.append(tick_start_s - self._before_s)
            if source is not None:
                age = (now - self._inputs[source]) * 1000
                self._ages.append(age)
                if is_new:
                    self._answers.append(age)
        self._before_s = tick_start_s

    def figures(self) -> dict[str, float]:
        """All of them. Raises GeneratorError if no picture came."""
        if not self._answers:
            raise GeneratorError(
                self._runner.state.message or "no picture came", subject="bench loop", mend="director doctor"
            )
        elapsed_s = sum(self._intervals)
        return {
            **spread("tick", "ms", self._ticks, (50, 95, 99)),
            # From a tick's input to the first display of the picture generated from it …
            **spread("input_to_display", "ms", self._answers, (50, 95, 99)),
            # … and how old the picture behind the display is at every tick.
            **spread("age", "ms", self._ages, (50, 95, 99)),
            "displayed_per_s": round(len(self._intervals) / elapsed_s, 2),
            "generated_per_s": round(len(self._answers) / elapsed_s, 2),
        }


SUITE = Suite("ms a tick of the live loop beside a generator, and the age of its pictures", _run)
