"""An edit decision list as CMX 3600 has it: one event a take, straight cuts, picture only.

Written here and not by a library: lists begin at one hour and say how their timecode counts. Layout after
SMPTE 258M and the CMX 3600 manual: number, reel, track, transition, source in and out, record in and out.
"""

from collections.abc import Sequence
from pathlib import Path

from director.errors import TakeError
from director.generate.protocol import Progress
from director.take.exporters._cutlist import Cut, CutList, cut_list
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source, one_line
from director.take.folder import whole_file

__all__ = ["EXPORTER"]

_MOST_EVENTS = 999


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    cuts = cut_list(takes, options)
    if len(cuts.cuts) > _MOST_EVENTS:
        raise TakeError(
            f"{len(cuts.cuts)} takes are more than the {_MOST_EVENTS} that a list numbers",
            subject=str(out),
            mend="use --to otio, or fewer takes",
        )
    lines = [
        f"TITLE: {one_line(cuts.name, 70)}",
        f"FCM: {'DROP FRAME' if cuts.drops else 'NON-DROP FRAME'}",
        "",
    ]
    for number, cut in enumerate(cuts.cuts, start=1):
        lines += [*_event(cuts, cut, number), ""]
    with whole_file(out) as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8", newline="\r\n")
    progress(1.0, f"wrote {out.name}")


def _event(cuts: CutList, cut: Cut, number: int) -> list[str]:
    source, entry = cut.source, cut.source.entry
    begin = cuts.start + cut.record
    times = (cut.source_in, cut.source_in + cut.length, begin, begin + cut.length)
    told = " ".join(cuts.timecode(frames) for frames in times)
    lines = [
        f"{number:03d}  {cut.reel:<8} V     C        {told}",
        f"* FROM CLIP NAME:  {source.name}",
        f"* SOURCE FILE: {source.video.as_uri()}",
        f"* SCENE: {entry.scene}  SHOT: {entry.shot}  TAKE: {entry.number}",
    ]
    if entry.note:
        lines.append(f"* COMMENT: {one_line(entry.note, 200)}")
    for mark in cut.marks:
        if cut.first <= mark.frame < cut.first + cut.length:
            at = cuts.timecode(begin + mark.frame - cut.first)
            lines.append(f"* LOC: {at} RED     {mark.note}")
    return lines


EXPORTER = Exporter(
    "edl",
    "a cut list, CMX 3600",
    (".edl",),
    _export,
    takes_many=True,
    heeds=frozenset({"timecode", "handles"}),
)
