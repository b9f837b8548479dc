"""ProRes 422 HQ in a QuickTime film, 10 bit, BT.709, with timecode and tags: for the editing table."""

from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take import ffmpeg
from director.take.exporters._cutlist import reel_of
from director.take.exporters._encode import (
    PRORES_422_HQ,
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

# From the film's own planes, not by way of RGB, which would round twice.
_WIDENED = (
    "scale=in_color_matrix=bt709:out_color_matrix=bt709:in_range=limited:out_range=limited"
    ":flags=bicubic+accurate_rnd"
)


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    (source,) = takes
    start = start_timecode(options.timecode, source)
    progress(0.0, f"checking {source.name}")
    check_film(source)
    progress(0.3, f"writing {out.name}")
    # By its reel a cut list finds it.
    tags = ["-metadata:s:v:0", f"reel_name={reel_of(source)}", *tagging(source, start)]
    if options.burn_in:
        made = [*raw_input(source), "-vf", f"{ffmpeg.TO_BT709},{ffmpeg.AS_BT709}", *PRORES_422_HQ]
        feed(pictures(source, start, burn_in=True), [*made, *tags], out)
        return
    reading = [*source.take.film_input, "-frames:v", str(source.frames)]
    encode([*reading, "-vf", f"{_WIDENED},{ffmpeg.AS_BT709}", *PRORES_422_HQ, *tags], out)


EXPORTER = Exporter(
    "prores",
    "ProRes 422 HQ film with timecode and tags",
    (".mov",),
    _export,
    heeds=frozenset({"timecode", "burn_in"}),
)
