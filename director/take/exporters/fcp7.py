"""Final Cut Pro 7's XML, which Premiere and Resolve read, by OpenTimelineIO's adapter."""

from collections.abc import Sequence
from pathlib import Path

from director.errors import TakeError
from director.generate.protocol import Progress
from director.take.exporters._cutlist import CutList, cut_list
from director.take.exporters._exporter import Exporter, ExportOptions
from director.take.exporters._source import Source
from director.take.exporters._timeline import timeline_of
from director.take.folder import whole_file

__all__ = ["EXPORTER"]


def _export(takes: Sequence[Source], out: Path, options: ExportOptions, progress: Progress) -> None:
    import opentimelineio as otio

    cuts = cut_list(takes, options)
    timeline = timeline_of(cuts)
    first = cuts.cuts[0].source.take
    timeline.metadata["fcp_xml"] = {"media": {"video": {"format": _format(first.width, first.height, cuts)}}}
    for clip, cut in zip(timeline.find_clips(), cuts.cuts, strict=True):
        address = cut.source.video.as_uri()
        # What made this format wants a host.
        clip.media_reference.target_url = address.replace("file:///", "file://localhost/", 1)
        clip.media_reference.metadata["fcp_xml"] = {
            "timecode": {"reel": {"name": cut.reel}},
            # Told, or a sound is taken to be there that is not.
            "media": {"video": _format(cut.source.take.width, cut.source.take.height, cuts)},
        }
        if cut.source.entry.note:
            clip.metadata["fcp_xml"] = {"comments": {"mastercomment1": cut.source.entry.note}}
        for mark in clip.markers:
            # Marks are counted from the beginning of the film there, like in and out.
            start = mark.marked_range.start_time - clip.media_reference.available_range.start_time
            mark.marked_range = otio.opentime.TimeRange(start, mark.marked_range.duration)
    try:
        text = otio.adapters.write_to_string(timeline, "fcp_xml")
    except ValueError as error:
        raise TakeError(
            f"this format has no timecode at {float(cuts.fps):g} frames a second: {error}",
            subject=cuts.cuts[0].source.name,
            mend="use --to edl or otio",
        ) from error
    with whole_file(out) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    progress(1.0, f"wrote {out.name}")


def _format(width: int, height: int, cuts: CutList) -> dict[str, object]:
    is_ntsc = cuts.fps.denominator == 1001
    rate = {"timebase": str(round(cuts.fps)), "ntsc": "TRUE" if is_ntsc else "FALSE"}
    size = {"width": str(width), "height": str(height)}
    return {"samplecharacteristics": {**size, "pixelaspectratio": "square", "rate": rate}}


EXPORTER = Exporter(
    "fcp7",
    "a cut list for Final Cut Pro 7, Premiere and Resolve",
    (".xml",),
    _export,
    extra="cutlist",
    packages=("opentimelineio", "otio_fcp_adapter"),
    takes_many=True,
    heeds=frozenset({"timecode", "handles"}),
)
