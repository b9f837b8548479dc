"""The live loop without a window: what a tick costs while a generator runs beside it, and how old the
displayed picture is."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from director.app.picture import LivePicture
from director.cli.bench import Figures, Suite, spread
from director.clock import now_s
from director.direction.evaluate import direction_at
from director.errors import GeneratorError
from director.generate import generator
from director.generate.deadline import DeadlineScheduler
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.context import describe, headless_context
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from director.types import Tick

__all__ = ["SUITE", "Turn", "await_loaded", "turns"]

_SCENE = "night_alley"
_SIZE = (512, 288)
_WINDOW = (1280, 720)
_WARM_UP_S = 1.0
_MEASURED_S = 8.0
_LOADING_S = 60.0


def _run(name: str, progress: Progress) -> Figures:
    found: dict[str, dict[str, float]] = {}
    # The proxy beside it tells what the loop costs by itself.
    names = list(dict.fromkeys(["proxy", name]))
    for index, one in enumerate(names):
        progress(index / len(names), f"loop: {one} at {_SIZE[0]}x{_SIZE[1]}")
        runner = ProcessRunner(one, GeneratorSettings(), _SIZE)
        try:
            await_loaded(runner)
            found[f"{one}, {_SIZE[0]}x{_SIZE[1]}"] = _figures(one, runner)
        finally:
            runner.close()
    return found


def await_loaded(runner: ProcessRunner) -> None:
    """Wait until a generator is ready. Raises GeneratorError where it does not get so."""
    end_s = now_s() + _LOADING_S
    while (state := runner.state).phase != "running":
        if state.phase == "failed" or now_s() > end_s:
            raise GeneratorError(state.message or "it does not load", subject="bench", mend="director doctor")
        time.sleep(0.01)


def _figures(name: str, runner: ProcessRunner) -> dict[str, float]:
    noted = _Noted(runner)
    # What is blocked is finished in the background first; until a picture came there is no loop to measure.
    first_s: float | None = None
    for turn in turns(name, runner, _SIZE, _LOADING_S):
        if first_s is None and turn.source is not None:
            first_s = turn.since_s
        since_s = 0.0 if first_s is None else turn.since_s - first_s
        if since_s > _WARM_UP_S + _MEASURED_S:
            break
        noted.displayed(turn, counts=since_s >= _WARM_UP_S)
    return noted.figures()


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of the loop: which tick, when it began, from the loop's begin and by the clock, when its
    picture was finished, and which tick that was generated from, None for the proxy."""

    index: int
    since_s: float
    begun_s: float
    finished_s: float
    source: int | None


def turns(
    name: str,
    runner: ProcessRunner,
    size: tuple[int, int],
    seconds: float,
    scheduler: DeadlineScheduler | None = None,
    watch: Callable[[LivePicture], None] = lambda picture: None,
) -> Iterator[Turn]:
    """Run the live loop of a scene whose camera moves on and on, for so long, with a generator that has
    loaded. `watch` is shown the picture of each turn, outside of what is timed."""
    backend = generator(name)(GeneratorSettings())
    compiled = CompiledScene(load_scene(_SCENE))
    move = compiled.scene.moves[0]
    direction = direction_at(compiled.scene.prompt, {}, compiled.objects, 0, 0.0)
    context = headless_context()
    try:
        software = describe(context).is_software
        tick_s = 1 / 30 if software else 1 / 60
        window = context.simple_framebuffer(_WINDOW)
        maps, map_size = backend.maps, backend.size_for(*size)
        picture = LivePicture(
            context, compiled, runner, maps, map_size, size, is_software=software, scheduler=scheduler
        )
        start_s = now_s()
        for index in count():
            now = now_s()
            if now >= start_s + seconds:
                return
            tick = Tick(index, (now - start_s) % move.duration_s, tick_s)
            picture.tick(tick, move.camera_at(tick.time_s, compiled.locate), direction, "generated")
            picture.show(window, _WINDOW, "generated", 0.0)
            # As the window's flip does: the tick is over when its picture is there.
            context.finish()
            source = None if picture.frame is None else picture.frame.conditioning.tick.index
            turn = Turn(index, now - start_s, now, now_s(), source)
            watch(picture)
            yield turn
            time.sleep(max(0.0, now + tick_s - now_s()))
    finally:
        context.release()


class _Noted:
    """What is noted while the loop runs, in milliseconds."""

    def __init__(self, runner: ProcessRunner) -> None:
        self._runner = runner
        self._inputs: list[float] = []
        self._shown: int | None = None
        self._ticks: list[float] = []
        self._ages: list[float] = []
        self._answers: list[float] = []
        self._intervals: list[float] = []
        self._before_s: float | None = None

    def displayed(self, turn: Turn, counts: bool) -> None:
        """A tick's picture is finished. What moves the camera was read as the tick began."""
        self._inputs.append(turn.begun_s)
        is_new = turn.source is not None and turn.source != self._shown
        self._shown = turn.source
        if counts:
            self._ticks.append((turn.finished_s - turn.begun_s) * 1000)
            if self._before_s is not None:
                self._intervals.append(turn.begun_s - self._before_s)
            if turn.source is not None:
                age = (turn.finished_s - self._inputs[turn.source]) * 1000
                self._ages.append(age)
                if is_new:
                    self._answers.append(age)
        self._before_s = turn.begun_s

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
