"""The live loop where a rate of generated pictures is asked for: whether it is kept, and what it is bought
with. Where a machine cannot keep one, the smallest size and most pictures late are the answer."""

from director.cli.bench import Figures, Suite, spread
from director.cli.bench.loop import Turn, await_loaded, turns
from director.errors import GeneratorError
from director.generate import generator
from director.generate.deadline import DeadlineScheduler, Size, rungs_of
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress

__all__ = ["SUITE", "Deliveries"]

_SIZE = (512, 288)
_RATES = (24.0, 12.0, 5.0)
# It begins with the largest size: until it has found the one that fits, it does not govern.
_FINDING_S = 5.0
_MEASURED_S = 20.0


class Deliveries:
    """When generated pictures are first shown: what of them a director sees.

    `shown` is how long that is after the turn began whose input a picture answers; `interval` is from one
    picture's first display to the next one's. Pictures that come early are held back (DeadlineScheduler's
    `hold_s`), which makes the usual one later and both more even; what they cost is told by `answer`.
    """

    def __init__(self) -> None:
        self._began_s: list[float] = []
        self._source: int | None = None
        self._before_s: float | None = None
        self.shown_ms: list[float] = []
        self.intervals_ms: list[float] = []

    def turn(self, turn: Turn, *, counts: bool) -> None:
        """One turn of the loop, in order; `counts` says whether it is of the figures."""
        self._began_s.append(turn.begun_s)
        if turn.source is None or turn.source == self._source:
            return
        self._source = turn.source
        if counts:
            self.shown_ms.append((turn.finished_s - self._began_s[turn.source]) * 1000)
            if self._before_s is not None:
                self.intervals_ms.append((turn.finished_s - self._before_s) * 1000)
        self._before_s = turn.finished_s

    def figures(self, rate: float) -> dict[str, float]:
        """At this rate asked for, `shown_miss` is the share that is shown later than 1 / rate after its turn
        began. Nothing where fewer than two were shown."""
        if not self.intervals_ms:
            return {}
        shown = spread("shown", "ms", self.shown_ms, (50, 95, 99))
        interval = spread("interval", "ms", self.intervals_ms, (50, 95, 99))
        return {
            **shown,
            "shown_p99_over_p50": round(shown["shown_p99_ms"] / shown["shown_p50_ms"], 3),
            "shown_miss": round(sum(ms * rate > 1000 for ms in self.shown_ms) / len(self.shown_ms), 4),
            **interval,
            "interval_p99_over_p50": round(interval["interval_p99_ms"] / interval["interval_p50_ms"], 3),
        }


class _Noting(DeadlineScheduler):
    """Notes what it is told."""

    def __init__(self, rate: float, size_full: Size, name: str) -> None:
        backend = generator(name)(GeneratorSettings())
        self.told: list[tuple[Size, float]] = []
        super().__init__(rungs_of(size_full, backend.size_for), rate)

    def answered(self, size: Size, seconds: float, waited_s: float = 0.0) -> None:
        """As told."""
        self.told.append((size, seconds))
        super().answered(size, seconds, waited_s)


def _run(name: str, progress: Progress) -> Figures:
    full = generator(name)(GeneratorSettings()).size_for(*_SIZE)
    found: dict[str, dict[str, float]] = {}
    for index, rate in enumerate(_RATES):
        progress(index / len(_RATES), f"deadline: {name}, {rate:g} pictures a second asked")
        runner = ProcessRunner(name, GeneratorSettings(), full)
        try:
            await_loaded(runner)
            found[f"{name}, {rate:g} asked"] = _figures(name, runner, _Noting(rate, full, name), rate)
        finally:
            runner.close()
    return found


def _figures(name: str, runner: ProcessRunner, scheduler: _Noting, rate: float) -> dict[str, float]:
    before, shown, first_s, last_s = 0, set[int](), 0.0, 0.0
    found_changes = 0
    deliveries = Deliveries()
    for turn in turns(name, runner, _SIZE, _FINDING_S + _MEASURED_S, scheduler):
        if turn.since_s < _FINDING_S:
            before, found_changes, first_s = len(scheduler.told), scheduler.changes, turn.since_s
        elif turn.source is not None:
            shown.add(turn.source)
        deliveries.turn(turn, counts=turn.since_s >= _FINDING_S)
        last_s = turn.since_s
    told = scheduler.told[before:]
    if not told:
        raise GeneratorError(
            runner.state.message or "no picture came", subject="bench deadline", mend="director doctor"
        )
    costs = [seconds * 1000 for _, seconds in told]
    return {
        # From asking (drawing what the generator reads) to the picture's arrival.
        **(answers := spread("answer", "ms", costs, (50, 95, 99))),
        "answer_p99_over_p50": round(answers["answer_p99_ms"] / answers["answer_p50_ms"], 3),
        **deliveries.figures(rate),
        "deadline_ms": round(1000 / rate, 3),
        "deadline_miss": round(sum(ms * rate > 1000 for ms in costs) / len(costs), 4),
        "generated_per_s": round(len(shown) / (last_s - first_s), 2),
        # Of each side, on the average, against the full size.
        "size_used": round(
            sum((size[0] * size[1]) ** 0.5 for size, _ in told)
            / len(told)
            / (scheduler.full[0] * scheduler.full[1]) ** 0.5,
            3,
        ),
        "changes_to_find": float(found_changes),
        "changes": float(scheduler.changes - found_changes),
    }


SUITE = Suite("whether asked-for picture rates are kept, and at which size", _run)
