"""What was generated while a live take was recorded: pictures, the ticks they answer, where each shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from director.take.replay import Wanted
from director.take.track import TrackLine

__all__ = ["SeenSchedule", "seen_schedule"]


@dataclass(frozen=True, slots=True)
class SeenSchedule:
    """`wanted` are the pictures in the order in which they were shown and `sha256` what is known of their
    bytes; `shown` tells for each line of the track the number of its picture, None where there was none yet.
    `guessed` are numbers of pictures of which the take does not tell what they were made from, `broken` of
    those that build upon one that was never shown, or came before the take."""

    wanted: tuple[Wanted, ...]
    sha256: tuple[str | None, ...]
    shown: tuple[int | None, ...]
    guessed: frozenset[int]
    broken: frozenset[int]


def seen_schedule(lines: Sequence[TrackLine], map_size: tuple[int, int]) -> SeenSchedule:
    """The schedule of a track; `map_size` stands for sizes that lines of earlier versions do not tell."""
    by_tick = {line.tick.index: line for line in lines}
    wanted: list[Wanted] = []
    hashes: list[str | None] = []
    shown: list[int | None] = []
    guessed, broken = set[int](), set[int]()
    numbers: dict[int, int] = {}
    for line in lines:
        tick = line.generated_tick
        if tick is None:
            shown.append(None)
            continue
        if tick not in numbers:
            number = numbers[tick] = len(wanted)
            source = line.generated_from or by_tick.get(tick)
            if source is None:
                guessed.add(number)
                source = line
            if line.history is not None and (number == 0 or wanted[-1].tick.index != line.history):
                broken.add(number)
            size = line.picture.generated_size or map_size
            begins = line.history is None
            wanted.append(Wanted(source.tick, source.camera, source.direction, size, begins))
            hashes.append(line.picture_sha256)
        shown.append(numbers[tick])
    return SeenSchedule(tuple(wanted), tuple(hashes), tuple(shown), frozenset(guessed), frozenset(broken))
