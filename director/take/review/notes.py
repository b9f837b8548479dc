"""What is thought of a take, and how notes at its frames stand in its one line of note.

A take's note is one text, which the viewport shows and every export carries. Notes at frames follow what is
said of the whole, each after a bar with the timecode of its frame: `good | 00:00:01:04 her hand is late`.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from director.errors import UsageError
from director.take.exporters._source import one_line
from director.take.library import TakeEntry
from director.take.timecode import frames_of, timecode

__all__ = ["FrameNote", "Opinion", "note_text", "opinion_of", "split_note"]

_TIMECODE = r"\d{1,2}:\d{2}:\d{2}[:;]\d{2,3}"
_BAR = re.compile(rf"\s*\|\s*(?={_TIMECODE}\s)", re.ASCII)
_AT_FRAME = re.compile(rf"(?P<timecode>{_TIMECODE})\s+(?P<text>\S.*)", re.ASCII)
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class FrameNote:
    """A note at a frame of the film, counted from 0."""

    frame: int
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is thought of a take: 0..5 stars, whether it is circled, a note, and notes at frames in their
    order."""

    rating: int = 0
    circled: bool = False
    note: str = ""
    frames: tuple[FrameNote, ...] = ()


def opinion_of(entry: TakeEntry, fps: Fraction, frames: int) -> Opinion:
    """What a take's slate says, for a film of so many frames at this rate."""
    note, at_frames = split_note(entry.note, fps, frames)
    return Opinion(entry.rating, entry.circled, note, at_frames)


def split_note(text: str, fps: Fraction, frames: int) -> tuple[str, tuple[FrameNote, ...]]:
    """What a note says of the whole take, and what of its frames. Timecodes that the film does not have stay
    in the text."""
    whole: list[str] = []
    found: list[FrameNote] = []
    for part in _BAR.split(one_line(text, _LONGEST)):
        at = _frame_note(part.strip(), fps, frames)
        if at is None:
            whole.append(part.strip())
        else:
            found.append(at)
    return " | ".join(part for part in whole if part), tuple(sorted(found, key=lambda it: it.frame))


def note_text(opinion: Opinion, fps: Fraction) -> str:
    """The one line that stands for a note and those at frames; `split_note` takes it apart again."""
    # A bar before a timecode would be taken for our own.
    parts = [_BAR.sub(" / ", one_line(opinion.note, _LONGEST))]
    for at in sorted(opinion.frames, key=lambda it: it.frame):
        words = _BAR.sub(" / ", one_line(at.text, _LONGEST))
        parts.append(f"{timecode(at.frame, fps)} {words}" if words else "")
    return " | ".join(part for part in parts if part)


def _frame_note(part: str, fps: Fraction, frames: int) -> FrameNote | None:
    match = _AT_FRAME.fullmatch(part)
    if match is None:
        return None
    try:
        frame = frames_of(match["timecode"], fps)
    except UsageError:
        return None
    return FrameNote(frame, match["text"]) if frame < frames else None
