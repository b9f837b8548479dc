"""Takes in order as a cut list has them: what is used of each, from which reel, and when.

Counted in frames. Each take is a reel of its own with its own timecode; the list itself begins at one hour,
as programmes do. A CMX 3600 reel has eight letters, and so has every format here: what one list calls a take,
all do.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from director.errors import TakeError, UsageError
from director.scene.shots import Mark
from director.take.exporters._camera import frame_cameras
from director.take.exporters._encode import start_timecode
from director.take.exporters._exporter import ExportOptions
from director.take.exporters._source import Source, one_line
from director.take.timecode import can_drop, frames_of, timecode

__all__ = ["Cut", "CutList", "Marked", "cut_list", "reel_of"]

_REEL = 8
_PROGRAMME = "01:00:00:00"


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked frame of a take, from the beginning of its film."""

    frame: int
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """A take in a list: `length` frames from `first` on of its film, whose first frame has the timecode
    `media_start`; shown from frame `record` of the list."""

    source: Source
    reel: str
    media_start: int
    first: int
    length: int
    record: int
    marks: tuple[Marked, ...]

    @property
    def source_in(self) -> int:
        """The timecode of the first frame used, in frames."""
        return self.media_start + self.first


@dataclass(frozen=True, slots=True, eq=False)
class CutList:
    """Takes of one rate in order. `start` is the timecode of the list's first frame, in frames; `drops`
    whether timecode counts drop-frame."""

    name: str
    fps: Fraction
    drops: bool
    start: int
    cuts: tuple[Cut, ...]

    @property
    def length(self) -> int:
        """In frames."""
        return sum(cut.length for cut in self.cuts)

    def timecode(self, frames: int) -> str:
        """As this list counts."""
        return timecode(frames, self.fps, self.drops)


def cut_list(takes: Sequence[Source], options: ExportOptions) -> CutList:
    """The list of some takes, whole but for the handles. Raises TakeError for takes of several rates,
    UsageError for handles that leave nothing or a timecode that is none."""
    first = takes[0]
    cuts: list[Cut] = []
    record, reels = 0, set[str]()
    for index, source in enumerate(takes, start=1):
        if source.fps != first.fps:
            raise TakeError(
                f"has {_rate(source)} frames a second, and {first.name} has {_rate(first)}",
                subject=source.name,
                mend="one list has one rate: export them apart",
            )
        length = source.frames - 2 * options.handles
        if length < 1:
            raise UsageError(
                f"leaves nothing of {source.name}, which has {source.frames} frames",
                subject=f"--handles {options.handles}",
                mend=f"give at most {(source.frames - 1) // 2}",
            )
        reel = reel_of(source)
        if reel in reels:
            reel = f"R{index:03d}{source.entry.number % 10000:04d}"[:_REEL]
        reels.add(reel)
        start = frames_of(start_timecode(options.timecode, source), source.fps)
        cuts.append(Cut(source, reel, start, options.handles, length, record, _marks(source)))
        record += length
    drops = can_drop(first.fps) if options.timecode is None else ";" in options.timecode
    begins = frames_of(_PROGRAMME[:-3] + (";00" if drops else ":00"), first.fps)
    name = first.name if len(takes) == 1 else first.entry.scene
    return CutList(name, first.fps, drops, begins, tuple(cuts))


def reel_of(source: Source) -> str:
    """What a take is called where there are eight letters: of its shot, and its number."""
    number = f"{source.entry.number:03d}"
    letters = re.sub(r"[^A-Z0-9]", "", source.entry.shot.upper()) or "TAKE"
    return f"{letters[: _REEL - len(number)]}{number}"


def _rate(source: Source) -> str:
    return f"{float(source.fps):.6g}"


def _marks(source: Source) -> tuple[Marked, ...]:
    """The marks of the shot that a take is of, at the frames that show their times."""
    marks: list[Mark] = []
    for shot in source.take.scene.shots:
        if source.entry.shot in (shot.name, shot.slate.shot):
            marks += shot.marks
    if not marks:
        return ()
    times = [frame.scene_time_s for frame in frame_cameras(source)]
    half_s = 0.5 / float(source.fps)
    found: list[Marked] = []
    for mark in marks:
        frame = min(range(len(times)), key=lambda k: abs(times[k] - mark.time_s))
        if abs(times[frame] - mark.time_s) <= half_s + 1e-6:
            found.append(Marked(frame, one_line(mark.note, 200) or "mark"))
    return tuple(sorted(found, key=lambda mark: mark.frame))
