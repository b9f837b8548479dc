"""What a film is, told without decoding it: how many pictures of which size."""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from director.errors import RecordingError
from director.take import ffmpeg

__all__ = ["FilmHead", "film_head"]

_MEND = "shoot the take again"
# A table of samples may tell of any number of them: more than a day has are not listed.
_MOST_FRAMES = 24 * 3600 * 60
_UNIT = re.compile(rb"#tb \d+: (\d+)/([1-9]\d*)")
_DIMENSIONS = re.compile(rb"#dimensions \d+: (\d+)x(\d+)")


@dataclass(frozen=True, slots=True)
class FilmHead:
    """A film has `frames` pictures of `width` × `height`, and `span_s` from the first to the last; a film cut
    short has as many as there still are."""

    frames: int
    width: int
    height: int
    span_s: Fraction


def film_head(video: Path) -> FilmHead:
    """Of a take's film. Raises RecordingError for what is no MP4, whatever else ffmpeg might take it for."""
    listing = ["-map", "0:v:0", "-c", "copy", "-frames:v", str(_MOST_FRAMES), "-f", "framecrc", "-"]
    told = ffmpeg.run([*ffmpeg.film_input(video), *listing], video, mend=_MEND, failed="cannot be read")
    size, unit = _DIMENSIONS.search(told), _UNIT.search(told)
    if size is None or unit is None:
        raise RecordingError("holds no pictures", subject=str(video), mend=_MEND)
    rows = [row for row in told.splitlines() if row.strip() and not row.startswith(b"#")]
    # Stream, time of decoding, time of showing, in units.
    times = [int(row.split(b",")[2]) for row in rows]
    second = Fraction(int(unit[1]), int(unit[2]))
    span = max(times) - min(times) if times else 0
    return FilmHead(len(rows), int(size[1]), int(size[2]), span * second)
