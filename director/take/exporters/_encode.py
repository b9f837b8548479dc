"""One run of ffmpeg that makes a film of a take: its tags, its timecode, and what is said where it fails."""

from collections.abc import Sequence
from pathlib import Path

from director.take import ffmpeg
from director.take.burn_in import lens_words
from director.take.exporters._source import Source, one_line
from director.take.folder import whole_file
from director.take.timecode import frames_of, timecode

__all__ = [
    "H264",
    "PRORES_422_HQ",
    "encode",
    "metadata_of",
    "raw_input",
    "start_timecode",
    "tagging",
]

H264 = ("-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "medium", "-crf", "14")
"""Finer than a take's own film, so that encoding it anew costs nothing that one sees."""

# Profile 3 is 422 HQ; without the form of its pixels ffmpeg may take 4444.
PRORES_422_HQ = ("-pix_fmt", "yuv422p10le", "-c:v", "prores_ks", "-profile:v", "3", "-vendor", "apl0")
"""ProRes 422 HQ, ten bits."""

_ELSEWHERE = "make room or choose another --out"
_LONGEST_S = 6 * 3600.0


def start_timecode(text: str | None, source: Source) -> str:
    """The timecode of a take's first frame: that given, at the take's rate, else 0, counted drop-frame where
    the rate is for it. Raises UsageError for what is no timecode at that rate."""
    if text is None:
        return timecode(0, source.fps)
    return timecode(frames_of(text, source.fps), source.fps, drop=";" in text)


def metadata_of(source: Source) -> dict[str, str]:
    """What a film tells of itself; what is not known is left out."""
    first = source.take.lines[0]
    entry = source.entry
    told = {
        "title": f"{entry.scene} {entry.shot} take {entry.number}",
        "comment": entry.note,
        "scene": entry.scene,
        "shot": entry.shot,
        "take": str(entry.number),
        "lens": lens_words(first.camera.lens),
        "prompt": one_line(first.direction.prompt),
        "seed": str(source.seed),
        "generator": source.generator,
    }
    return {key: value for key, value in told.items() if value}


def tagging(source: Source, start: str) -> list[str]:
    """ffmpeg's arguments for the tags and the timecode track of a take."""
    made = ["-map_metadata", "-1", "-timecode", start, "-fflags", "+bitexact"]
    for key, value in metadata_of(source).items():
        made += ["-metadata", f"{key}={value}"]
    return [*made, "-movflags", "+faststart+use_metadata_tags"]


def raw_input(source: Source) -> list[str]:
    """ffmpeg's arguments for pictures of a take that come as bytes."""
    return ffmpeg.raw_input((source.take.width, source.take.height), source.fps)


def encode(arguments: Sequence[str], out: Path, subject: Path | None = None) -> None:
    """Run ffmpeg with `out` as its last argument, whole or not at all. Raises RecordingError, which tells of
    an encoder that this ffmpeg lacks, and names `subject`, or `out` where what is read is known to be
    sound."""
    with whole_file(out) as temporary:
        told = ["-y", *arguments, str(temporary)]
        ffmpeg.run(told, subject or out, timeout_s=_LONGEST_S, mend=_ELSEWHERE)
