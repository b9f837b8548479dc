"""Final Cut Pro's XML, version 1.8: a project of the takes in order, each with its film as an asset.

Times are exact fractions of a second, as Apple's FCPXML reference asks for. Written here, for what a library
writes has no frame duration and is refused by the program itself.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from director.generate.protocol import Progress
from director.take.exporters._cutlist import CutList, cut_list
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source
from director.take.folder import whole_file

__all__ = ["EXPORTER"]

_STUDIO = "com.apple.proapps.studio"


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    cuts = cut_list(takes, options)
    root = ET.Element("fcpxml", version="1.8")
    resources = ET.SubElement(root, "resources")
    formats = _add_formats(resources, cuts)
    _add_assets(resources, cuts, formats)
    _add_project(root, cuts, formats)
    ET.indent(root)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n\n' + ET.tostring(root, "unicode") + "\n"
    )
    with whole_file(out) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    progress(1.0, f"wrote {out.name}")


def _add_formats(resources: ET.Element, cuts: CutList) -> dict[tuple[int, int], str]:
    """One for each size of picture, by which the assets name it."""
    formats: dict[tuple[int, int], str] = {}
    for cut in cuts.cuts:
        size = (cut.source.take.width, cut.source.take.height)
        if size not in formats:
            formats[size] = f"f{len(formats) + 1}"
            ET.SubElement(
                resources,
                "format",
                id=formats[size],
                frameDuration=_time(cuts, 1),
                width=str(size[0]),
                height=str(size[1]),
                colorSpace="1-1-1 (Rec. 709)",
            )
    return formats


def _add_assets(resources: ET.Element, cuts: CutList, formats: dict[tuple[int, int], str]) -> None:
    for number, cut in enumerate(cuts.cuts, start=1):
        source, entry = cut.source, cut.source.entry
        asset = ET.SubElement(
            resources,
            "asset",
            id=f"a{number}",
            name=source.name,
            src=source.video.as_uri(),
            start=_time(cuts, cut.media_start),
            duration=_time(cuts, source.frames),
            hasVideo="1",
            format=formats[source.take.width, source.take.height],
        )
        about = ET.SubElement(asset, "metadata")
        for key, value in (
            (f"{_STUDIO}.reel", cut.reel),
            (f"{_STUDIO}.scene", entry.scene),
            (f"{_STUDIO}.shot", f"{entry.shot} take {entry.number}"),
        ):
            ET.SubElement(about, "md", key=key, value=value)


def _add_project(root: ET.Element, cuts: CutList, formats: dict[tuple[int, int], str]) -> None:
    first = cuts.cuts[0].source.take
    count = "DF" if cuts.drops else "NDF"
    event = ET.SubElement(ET.SubElement(root, "library"), "event", name=cuts.name)
    sequence = ET.SubElement(
        ET.SubElement(event, "project", name=cuts.name),
        "sequence",
        format=formats[first.width, first.height],
        duration=_time(cuts, cuts.length),
        tcStart=_time(cuts, cuts.start),
        tcFormat=count,
    )
    spine = ET.SubElement(sequence, "spine")
    for number, cut in enumerate(cuts.cuts, start=1):
        clip = ET.SubElement(
            spine,
            "asset-clip",
            ref=f"a{number}",
            name=cut.source.name,
            # Within a spine offsets are the sequence's own time, which begins at its timecode.
            offset=_time(cuts, cuts.start + cut.record),
            start=_time(cuts, cut.source_in),
            duration=_time(cuts, cut.length),
            tcFormat=count,
        )
        if cut.source.entry.note:
            ET.SubElement(clip, "note").text = cut.source.entry.note
        for mark in cut.marks:
            if cut.first <= mark.frame < cut.first + cut.length:
                at = _time(cuts, cut.media_start + mark.frame)
                ET.SubElement(clip, "marker", start=at, duration=_time(cuts, 1), value=mark.note)


def _time(cuts: CutList, frames: int) -> str:
    """Seconds of some frames as a fraction over the rate's own numerator."""
    return f"{frames * cuts.fps.denominator}/{cuts.fps.numerator}s" if frames else "0s"


EXPORTER = Exporter(
    "fcpxml",
    "a cut list for Final Cut Pro",
    (".fcpxml",),
    _export,
    takes_many=True,
    heeds=frozenset({"timecode", "handles"}),
)
