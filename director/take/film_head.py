"""What a film is, told without decoding it: how many pictures of which size."""

import re
from dataclasses import dataclass
from pathlib import Path

from director.errors import RecordingError
from director.take import ffmpeg

__all__ = ["FilmHead", "film_head"]

_MEND = "shoot the take again"
# A table of samples may tell of any number of them: more than a day has are not listed.
_MOST_FRAMES = 24 * 3600 * 60
_DIMENSIONS = re.compile(rb"#dimensions \d+: (\d+)x(\d+)")


@dataclass(frozen=True, slots=True)
class FilmHead:
    """A film has `frames` pictures of `width` × `height`; a film cut short has as many as there still are."""

    frames: int
    width: int
    height: int


def film_head(video: Path) -> FilmHead:
    """Of a take's film. Raises RecordingError for what is no MP4, whatever else ffmpeg might take it for."""
    listing = ["-map", "0:v:0", "-c", "copy", "-frames:v", str(_MOST_FRAMES), "-f", "framecrc", "-"]
    told = ffmpeg.run([*ffmpeg.film_input(video), *listing], video, mend=_MEND, failed="cannot be read")
    found = _DIMENSIONS.search(told)
    if found is None:
        raise RecordingError("holds no pictures", subject=str(video), mend=_MEND)
    frames = sum(1 for line in told.splitlines() if line.strip() and not line.startswith(b"#"))
    return FilmHead(frames, int(found[1]), int(found[2]))
