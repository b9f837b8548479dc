"""MP4: the take's film as it is, H.264 in BT.709, with timecode and with what the take was made of.

The pictures are copied bit by bit; only a burn-in encodes them anew.
"""

from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take import ffmpeg
from director.take.exporters._encode import (
    H264,
    encode,
    raw_input,
    start_timecode,
    tagging,
)
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._feed import feed
from director.take.exporters._pictures import pictures
from director.take.exporters._source import Source, check_film

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    (source,) = takes
    start = start_timecode(options.timecode, source)
    progress(0.0, f"checking {source.name}")
    check_film(source)
    progress(0.3, f"writing {out.name}")
    tags = tagging(source, start)
    if options.burn_in:
        made = ["-vf", f"{ffmpeg.TO_BT709},{ffmpeg.AS_BT709}", *H264]
        feed(pictures(source, start, burn_in=True), [*raw_input(source), *made, *tags], out)
        return
    copied = ["-c:v", "copy", "-frames:v", str(source.frames)]
    encode([*source.take.film_input, *copied, *tags], out)


EXPORTER = Exporter(
    "mp4", "H.264 film with timecode and tags", (".mp4",), _export, heeds=frozenset({"timecode", "burn_in"})
)
