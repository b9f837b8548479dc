"""Timecode: frames as HH:MM:SS:FF and back, as SMPTE ST 12-1 counts them.

Timecode counts whole frames at the nominal rate, 30 for 30000/1001. At such rates the count falls behind
the clock by 3.6 s an hour; drop-frame timecode skips the first numbers of each minute save every tenth (2 of
them at 29.97, 4 at 59.94) and so keeps within a tenth of a second over a day. No frame is dropped, only its
number. It is written with a semicolon before the frames.
"""

import re
from fractions import Fraction

from director.errors import UsageError

__all__ = ["can_drop", "frame_at", "frames_of", "timecode"]

_PATTERN = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})([:;])(\d{2,3})", re.ASCII)


def can_drop(fps: Fraction) -> bool:
    """Whether drop-frame timecode is for this rate: 30000/1001 and 60000/1001."""
    return fps in (Fraction(30000, 1001), Fraction(60000, 1001))


def timecode(frames: int, fps: Fraction, drop: bool | None = None) -> str:
    """The timecode of a frame, from 0; past 24 hours it begins again. `drop` left out is drop-frame where the
    rate is for it. Raises UsageError where it is not, and ValueError for a frame before the first."""
    if frames < 0:
        raise ValueError(f"frame {frames} comes before the first")
    nominal, drops = _counting(fps, drop)
    if drops:
        frames %= _in_minutes(24 * 60, nominal, drops)
        tens, rest = divmod(frames, _in_minutes(10, nominal, drops))
        # The first minute of ten is whole; the nine others lack their first numbers.
        minute = max(0, rest - drops) // (60 * nominal - drops)
        frames += drops * (9 * tens + minute)
    else:
        frames %= 24 * 3600 * nominal
    seconds, frame = divmod(frames, nominal)
    digits = 2 if nominal <= 100 else 3
    colon = ";" if drops else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{colon}{frame:0{digits}}"


def frames_of(text: str, fps: Fraction) -> int:
    """The frame of a timecode; a semicolon before the frames says drop-frame. Raises UsageError for what is
    no timecode at this rate, such as a number that drop-frame skips."""
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise UsageError("is not a timecode", subject=repr(text), mend="write HH:MM:SS:FF")
    hours, minutes, seconds, frame = (int(match[group]) for group in (1, 2, 3, 5))
    nominal, drops = _counting(fps, match[4] == ";")
    if hours > 23 or minutes > 59 or seconds > 59 or frame >= nominal:
        raise UsageError(
            f"is beyond 23:59:59 and {nominal - 1} frames", subject=repr(text), mend="give a lower number"
        )
    if drops and minutes % 10 and seconds == 0 and frame < drops:
        raise UsageError(
            "is a number that drop-frame timecode skips",
            subject=repr(text),
            mend=f"frames begin at {drops} there",
        )
    whole_minutes = hours * 60 + minutes
    return (whole_minutes * 60 + seconds) * nominal + frame - drops * (whole_minutes - whole_minutes // 10)


def frame_at(time_s: float, fps: Fraction) -> int:
    """The frame of a film that shows a time since its beginning; 0 before it."""
    # A time that was reckoned from a frame must give that frame, however it was rounded.
    return max(0, int(Fraction(time_s) * fps + Fraction(1, 10**6)))


def _counting(fps: Fraction, drop: bool | None) -> tuple[int, int]:
    """Frames to a counted second, and the numbers skipped a minute."""
    if fps <= 0:
        raise ValueError(f"there is no rate of {fps} frames a second")
    nominal = max(1, round(fps))
    if drop is None:
        drop = can_drop(fps)
    elif drop and not can_drop(fps):
        raise UsageError(
            "has no drop-frame timecode",
            subject=f"{float(fps):g} frames a second",
            mend="write a colon before the frames; drop-frame is for 29.97 and 59.94",
        )
    return nominal, nominal // 15 if drop else 0


def _in_minutes(minutes: int, nominal: int, drops: int) -> int:
    return minutes * 60 * nominal - drops * (minutes - minutes // 10)
