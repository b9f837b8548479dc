"""What a change of the prompt does to the frames about it: the stream goes on, and they are timed.

Each change asks for words that were never heard of. Of the frames that follow it the first few are counted as
its own, for as long as new words may be in the making; the others are quiet. What else a machine does comes
and goes, so that a frame is compared with the quiet frames about it, and quiet frames tell how far that goes.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Protocol

from director.cli.bench import spread
from director.clock import now_s
from director.types import Conditioning

__all__ = ["prompt_changes"]

_OWN, _QUIET = 3, 3
_WARM_UP = 3
_WORDS = ("blizzard", "heat wave", "thunderstorm", "carnival", "power cut", "sandstorm", "flood", "parade")


class _Draws(Protocol):
    def generate(self, conditioning: Conditioning) -> object: ...


def prompt_changes(
    backend: _Draws, asked: Sequence[Conditioning], name: str, changes: int
) -> dict[str, float]:
    """Milliseconds of the frames of so many changes, and the worst of them over the median of the quiet ones
    about it: `<name>_p50_ms`, `_p99_ms`, `_worst_ms`, `_worst_over_median`; and the same of quiet frames."""
    frames = iter(range(_WARM_UP + changes * (_OWN + _QUIET) + _QUIET))

    def timed(prompt: str) -> float:
        conditioning = asked[next(frames) % len(asked)]
        told = replace(conditioning, direction=replace(conditioning.direction, prompt=prompt))
        start_s = now_s()
        backend.generate(told)
        return now_s() - start_s

    prompt = asked[0].direction.prompt
    for _ in range(_WARM_UP):
        timed(prompt)
    quiet = [[timed(prompt) for _ in range(_QUIET)]]
    own: list[list[float]] = []
    for index in range(changes):
        prompt = f"a {_WORDS[index % len(_WORDS)]} at {1 + index // len(_WORDS)} o'clock, film noir"
        own.append([timed(prompt) for _ in range(_OWN)])
        quiet.append([timed(prompt) for _ in range(_QUIET)])
    about = [median(before + after) for before, after in pairwise(quiet)]
    figures: dict[str, float] = {}
    for said, stretches in ((name, own), (f"{name}_quiet", quiet[1:])):
        times = [1000 * time for stretch in stretches for time in stretch]
        figures |= spread(said, "ms", times, (50, 99))
        figures[f"{said}_worst_ms"] = round(max(times), 3)
        worst = max(max(stretch) / usual for stretch, usual in zip(stretches, about, strict=True))
        figures[f"{said}_worst_over_median"] = round(worst, 3)
    return figures
