"""A cut list as OpenTimelineIO has it."""

from typing import TYPE_CHECKING

from director.take.exporters._cutlist import Cut, CutList
from director.take.exporters._encode import metadata_of

if TYPE_CHECKING:
    from opentimelineio.opentime import RationalTime, TimeRange
    from opentimelineio.schema import Clip, Timeline

__all__ = ["timeline_of"]


def timeline_of(cuts: CutList) -> "Timeline":
    """A timeline of one picture track; films by their file addresses, reels under `cmx_3600` as its
    adapters have it, what the takes were made of under `director`."""
    import opentimelineio as otio

    timeline = otio.schema.Timeline(cuts.name, global_start_time=_at(cuts, cuts.start))
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    timeline.tracks.append(track)
    for cut in cuts.cuts:
        track.append(_clip(cuts, cut))
    return timeline


def _clip(cuts: CutList, cut: Cut) -> "Clip":
    import opentimelineio as otio

    source = cut.source
    about = {**metadata_of(source), "size": f"{source.take.width}x{source.take.height}", "reel": cut.reel}
    media = otio.schema.ExternalReference(
        source.video.as_uri(), _range(cuts, cut.media_start, source.frames), metadata={"director": about}
    )
    media.name = source.name
    clip = otio.schema.Clip(
        source.name,
        media,
        _range(cuts, cut.source_in, cut.length),
        metadata={"director": about, "cmx_3600": {"reel": cut.reel}},
    )
    for mark in cut.marks:
        clip.markers.append(
            otio.schema.Marker(
                mark.note,
                _range(cuts, cut.media_start + mark.frame, 1),
                color=otio.schema.MarkerColor.RED,
            )
        )
    return clip


def _at(cuts: CutList, frames: int) -> "RationalTime":
    import opentimelineio as otio

    return otio.opentime.RationalTime(frames, float(cuts.fps))


def _range(cuts: CutList, start: int, length: int) -> "TimeRange":
    import opentimelineio as otio

    return otio.opentime.TimeRange(_at(cuts, start), _at(cuts, length))
