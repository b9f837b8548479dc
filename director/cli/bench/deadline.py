"""The live loop where a rate of generated pictures is asked for: whether it is kept, and what it is bought
with. Where a machine cannot keep one, the smallest size and most pictures late are the answer."""

from director.cli.bench import Figures, Suite, spread
from director.cli.bench.loop import await_loaded, turns
from director.errors import GeneratorError
from director.generate import generator
from director.generate.deadline import DeadlineScheduler, Size, rungs_of
from director.generate.process import ProcessRunner
from director.generate.protocol import GeneratorSettings, Progress

__all__ = ["SUITE"]

_SIZE = (512, 288)
_RATES = (24.0, 12.0, 5.0)
# It begins with the largest size: until it has found the one that fits, it does not govern.
_FINDING_S = 5.0
_MEASURED_S = 20.0


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
    for turn in turns(name, runner, _SIZE, _FINDING_S + _MEASURED_S, scheduler):
        if turn.since_s < _FINDING_S:
            before, found_changes, first_s = len(scheduler.told), scheduler.changes, turn.since_s
        elif turn.source is not None:
            shown.add(turn.source)
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
