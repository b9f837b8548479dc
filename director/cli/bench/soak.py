"""Ten minutes of the live loop: whether colours drift, memory grows or deadlines slip."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from director.app.picture import LivePicture
from director.cli.bench import Figures, Suite, spread
from director.cli.bench.deadline import Deliveries
from director.cli.bench.loop import await_loaded, turns
from director.errors import GeneratorError
from director.generate import generator
from director.generate.deadline import DeadlineScheduler, Rung, rungs_of
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress
from director.meters.colour import contrast, saturation, unit_range
from director.scene.load import load_scene

__all__ = ["SUITE"]

_SIZE = (512, 288)
_SCENE = "night_alley"
_RATE = 5.0
_SECONDS = 600.0
_FINDING_S = 10.0
# Of memory: the first minute fills caches.
_SETTLED_S = 60.0
_EVERY_S = 0.25


def _run(name: str, progress: Progress) -> Figures:
    backend = generator(name)(GeneratorSettings())
    full = backend.size_for(*_SIZE)
    scheduler = _Noting(rungs_of(full, backend.size_for), _RATE)
    runner = ProcessRunner(name, GeneratorSettings(), full)
    try:
        await_loaded(runner)
        deliveries = Deliveries()
        watched = _Watched(load_scene(_SCENE).moves[0].duration_s)
        last_s = 0.0
        for turn in turns(name, runner, _SIZE, _SECONDS, scheduler, watched.look):
            watched.since_s = last_s = turn.since_s
            scheduler.since_s = turn.since_s
            watched.memory(runner.state.pid)
            deliveries.turn(turn, counts=turn.since_s > _FINDING_S)
            progress(min(1.0, turn.since_s / _SECONDS), f"soak: {name} for {_SECONDS / 60:g} minutes")
        figures = {**watched.figures(), **scheduler.figures(), **deliveries.figures(_RATE)}
        return {f"{name}, {last_s / 60:.0f} minutes": figures}
    finally:
        runner.close()


class _Noting(DeadlineScheduler):
    """Notes what pictures cost, once the size was found."""

    def __init__(self, rungs: Sequence[Rung], rate: float) -> None:
        super().__init__(rungs, rate)
        self.since_s = 0.0
        self.costs_ms: list[float] = []

    def answered(self, size: tuple[int, int], seconds: float, waited_s: float = 0.0) -> None:
        """As told."""
        if self.since_s > _FINDING_S:
            self.costs_ms.append(seconds * 1000)
        super().answered(size, seconds, waited_s)

    def figures(self) -> dict[str, float]:
        """Raises GeneratorError where no picture came."""
        costs = self.costs_ms
        if not costs:
            raise GeneratorError("no picture came", subject="bench soak", mend="director doctor")
        answers = spread("answer", "ms", costs, (50, 95, 99))
        return {
            **answers,
            "answer_p99_over_p50": round(answers["answer_p99_ms"] / answers["answer_p50_ms"], 3),
            "deadline_miss": round(sum(ms > 1000 / _RATE for ms in costs) / len(costs), 4),
            "changes": float(self.changes),
        }


class _Watched:
    """Colours and memory over time. The camera goes round the same move: rounds are compared with rounds."""

    def __init__(self, round_s: float) -> None:
        self._round_s = round_s
        self.since_s = 0.0
        self._looked_s = -1.0
        self._colours: list[tuple[float, float, float]] = []
        self._memory: list[tuple[float, float]] = []

    def look(self, picture: LivePicture) -> None:
        """At the displayed picture, a few times a second."""
        if picture.frame is None or self.since_s - self._looked_s < _EVERY_S:
            return
        self._looked_s = self.since_s
        seen = unit_range(picture.display.read())
        self._colours.append((self.since_s, saturation(seen), contrast(seen)))

    def memory(self, pid: int | None) -> None:
        """Of this process and the generator's, in MB; where there is no /proc, nothing."""
        if self._memory and self.since_s - self._memory[-1][0] < 1:
            return
        files = [Path(f"/proc/{one}/statm") for one in ("self", pid) if one is not None]
        if all(file.exists() for file in files):
            pages = sum(int(file.read_text().split()[1]) for file in files)
            self._memory.append((self.since_s, pages * 4096 / 1e6))

    def figures(self) -> dict[str, float]:
        # The first whole round after the size was found, and the last.
        begin_s = -(-_FINDING_S // self._round_s) * self._round_s
        rounds = int((self.since_s - begin_s) // self._round_s)
        if rounds < 2:
            return {}
        first = self._mean(begin_s, begin_s + self._round_s)
        end_s = begin_s + rounds * self._round_s
        last = self._mean(end_s - self._round_s, end_s)
        found = {
            "saturation_drift": round(float(abs(last[0] / first[0] - 1)), 4),
            "contrast_drift": round(float(abs(last[1] / first[1] - 1)), 4),
        }
        settled = [megabytes for at, megabytes in self._memory if at > min(_SETTLED_S, self.since_s / 2)]
        if settled:
            fifth = max(1, len(settled) // 5)
            found["memory_mb"] = round(float(np.mean(settled[-fifth:])), 1)
            found["memory_growth"] = round(float(np.mean(settled[-fifth:]) / np.mean(settled[:fifth]) - 1), 4)
        return found

    def _mean(self, from_s: float, to_s: float) -> tuple[float, float]:
        seen = [(colour, grey) for at, colour, grey in self._colours if from_s <= at < to_s]
        return tuple(np.mean(seen, 0)) if seen else (1.0, 1.0)


SUITE = Suite("ten minutes of the live loop: drift, memory, deadlines", _run, is_long=True)
