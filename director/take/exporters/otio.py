"""OpenTimelineIO's own JSON: the takes in order, with films, reels, timecode, marks and slates."""

from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take.exporters._cutlist import cut_list
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source
from director.take.exporters._timeline import timeline_of
from director.take.folder import whole_file

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    text = timeline_of(cut_list(takes, options)).to_json_string(indent=1)
    with whole_file(out) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8", newline="\n")
    progress(1.0, f"wrote {out.name}")


EXPORTER = Exporter(
    "otio",
    "a cut list, OpenTimelineIO",
    (".otio",),
    _export,
    extra="cutlist",
    packages=("opentimelineio",),
    takes_many=True,
    heeds=frozenset({"timecode", "handles"}),
)
