"""Takes in order as one film: cuts or dissolves between them, a burn-in where wanted, and a sound."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import TakeError, UsageError
from director.generate.protocol import Progress
from director.take import ffmpeg
from director.take.exporters._encode import H264, PRORES_422_HQ, raw_input, start_timecode
from director.take.exporters._feed import feed
from director.take.exporters._pictures import pictures
from director.take.exporters._run import take_folders
from director.take.exporters._source import Source, check_film, one_line, open_source
from director.take.exporters._writing import check_target
from director.take.letterbox import letterboxed
from director.take.timecode import can_drop

__all__ = ["CutFilm", "CutOptions", "cut_film"]

_VIDEO = {".mp4": H264, ".mov": PRORES_422_HQ}
_AUDIO = {".mp4": ("-c:a", "aac", "-b:a", "192k"), ".mov": ("-c:a", "pcm_s16le")}


@dataclass(frozen=True, slots=True)
class CutOptions:
    """`dissolve_s` is how long one take goes over into the next, 0 a cut; `audio` a sound that begins with
    the film and is cut off, or followed by silence, at its end."""

    dissolve_s: float = 0.0
    burn_in: bool = False
    audio: Path | None = None
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class CutFilm:
    """The film made: how many frames it has, and of how many takes."""

    path: Path
    frames: int
    takes: int


def cut_film(named: Sequence[Path], out: Path, options: CutOptions, progress: Progress) -> CutFilm:
    """Make one film of takes, or of the circled ones in a folder of takes. The first take gives rate
    and size; pictures of another size are fitted into it.

    Raises UsageError, TakeError, SceneError and RecordingError.
    """
    folders = take_folders(named)
    out = out.expanduser().absolute()
    check_target(out, tuple(_VIDEO), "", options.overwrite, folders)
    if options.audio is not None and not options.audio.is_file():
        raise UsageError(
            "there is no such sound file", subject=str(options.audio), mend="name a .wav or .mp3"
        )
    sources = [open_source(folder) for folder in folders]
    first = sources[0]
    for source in sources:
        if source.fps != first.fps:
            raise TakeError(
                f"has {float(source.fps):.6g} frames a second, and {first.name} has {float(first.fps):.6g}",
                subject=source.name,
                mend="one film has one rate: leave it out",
            )
    overlap = round(options.dissolve_s * first.fps)
    _check_dissolve(sources, overlap)
    for number, source in enumerate(sources):
        progress(0.3 * number / len(sources), f"checking {source.name}")
        check_film(source)
    count = sum(source.frames for source in sources) - overlap * (len(sources) - 1)
    arguments = _arguments(sources, out, options, count)
    shown = _told(
        _joined([_fitted(source, first, options.burn_in) for source in sources], overlap), count, progress
    )
    return CutFilm(out, feed(shown, arguments, out), len(sources))


def _check_dissolve(sources: Sequence[Source], overlap: int) -> None:
    if len(sources) < 2 or not overlap:
        return
    for number, source in enumerate(sources):
        # In the middle a take is gone into at its beginning and out of at its end.
        sides = 1 if number in (0, len(sources) - 1) else 2
        if source.frames < sides * overlap:
            longest = source.frames // sides / float(source.fps)
            raise UsageError(
                f"is too long for {source.name}, which has {source.frames} frames",
                subject="--dissolve",
                mend=f"give at most {longest:.3g}",
            )


def _arguments(sources: Sequence[Source], out: Path, options: CutOptions, count: int) -> list[str]:
    first, suffix = sources[0], out.suffix.lower()
    made = [*raw_input(first)]
    sound: list[str] = []
    if options.audio is not None:
        made += ["-protocol_whitelist", "file,pipe", "-i", str(options.audio.absolute())]
        length = f"{float(Fraction(count) / first.fps):.6f}"
        sound = ["-map", "1:a:0", "-af", "apad", "-t", length, *_AUDIO[suffix]]
    start = start_timecode("01:00:00;00" if can_drop(first.fps) else "01:00:00:00", first)
    named = ", ".join(source.name for source in sources)
    return [
        *made,
        *("-map", "0:v:0", "-vf", f"{ffmpeg.TO_BT709},{ffmpeg.AS_BT709}", *_VIDEO[suffix]),
        *sound,
        *("-map_metadata", "-1", "-timecode", start, "-fflags", "+bitexact"),
        *("-metadata", f"title={first.entry.scene}", "-metadata", f"comment={one_line(named)}"),
        *("-movflags", "+faststart+use_metadata_tags"),
    ]


def _fitted(source: Source, first: Source, burn_in: bool) -> Iterator[NDArray[np.uint8]]:
    """The pictures of a take in the size of the first take's, between black bars if need be."""
    size = first.take.width, first.take.height
    for picture in pictures(source, start_timecode(None, source), burn_in):
        yield letterboxed(picture, size)


def _joined(takes: Sequence[Iterator[NDArray[np.uint8]]], overlap: int) -> Iterator[NDArray[np.uint8]]:
    """The pictures of takes after one another; the last `overlap` of each are mixed with the first of
    the next."""
    going: list[NDArray[np.uint8]] = []
    for number, take in enumerate(takes):
        # The last pictures are held back until it is known that a take follows.
        held: deque[NDArray[np.uint8]] = deque()
        keeps = overlap if number < len(takes) - 1 else 0
        for index, picture in enumerate(take):
            shown = picture
            if index < len(going):
                share = np.float32((index + 1) / (overlap + 1))
                before = going[index].astype(np.float32)
                mixed = before + (picture.astype(np.float32) - before) * share
                shown = np.rint(mixed).astype(np.uint8)
            held.append(shown)
            if len(held) > keeps:
                yield held.popleft()
        going = list(held)
    yield from going


def _told(shown: Iterator[NDArray[np.uint8]], count: int, progress: Progress) -> Iterator[NDArray[np.uint8]]:
    for index, picture in enumerate(shown, start=1):
        yield picture
        progress(0.3 + 0.7 * index / count, f"writing frame {index} of {count}")
