"""Scratch sound: a recording that lies along scene time, its waveform to look at and its place to play from.

Anything that ffmpeg reads. It is decoded to mono at one rate, so that a sample's number is its time.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError, UsageError
from director.take import ffmpeg

__all__ = ["RATE_HZ", "ScratchAudio", "envelope", "read_audio"]

RATE_HZ = 48000
"""Samples a second after decoding."""

_LONGEST_S = 3600
_MEND = "give a sound file, such as a .wav or .mp3"


@dataclass(frozen=True, slots=True, eq=False)
class ScratchAudio:
    """A sound that begins at scene time `offset_s` (before 0: its beginning is never heard).

    `samples` is float32[n], −1..1, mono, at `rate_hz`, read-only.
    """

    path: Path
    samples: NDArray[np.float32]
    rate_hz: int = RATE_HZ
    offset_s: float = 0.0

    @property
    def duration_s(self) -> float:
        """Its length."""
        return len(self.samples) / self.rate_hz

    @property
    def end_s(self) -> float:
        """The scene time at which it ends."""
        return self.offset_s + self.duration_s

    def position(self, time_s: float) -> int | None:
        """The sample that is heard at a scene time, to the nearest; None where it is not."""
        index = round((time_s - self.offset_s) * self.rate_hz)
        return index if 0 <= index < len(self.samples) else None

    def time_s(self, position: int) -> float:
        """The scene time of a sample."""
        return self.offset_s + position / self.rate_hz

    def span(self, start_s: float, end_s: float) -> NDArray[np.float32]:
        """float32[n]: what is heard from one scene time to another; silence where the sound is not."""
        first, last = (round((time - self.offset_s) * self.rate_hz) for time in (start_s, end_s))
        made = np.zeros(max(0, last - first), np.float32)
        begin, end = max(first, 0), min(last, len(self.samples))
        if begin < end:
            made[begin - first : end - first] = self.samples[begin:end]
        return made

    def envelope(self, start_s: float, end_s: float, bins: int) -> NDArray[np.float32]:
        """float32[bins, 2]: lowest and highest value in each of `bins` equal parts of a range of scene time;
        0 where the sound is not. Raises ValueError for a range or a number of bins that is none."""
        if not end_s > start_s:
            raise ValueError(f"{start_s:g} s to {end_s:g} s is no range")
        begin = (start_s - self.offset_s) * self.rate_hz
        end = (end_s - self.offset_s) * self.rate_hz
        return envelope(self.samples, begin, end, bins)


def read_audio(path: Path, offset_s: float = 0.0) -> ScratchAudio:
    """Read a sound file. Raises UsageError for what is none, is empty or is longer than an hour, and
    RecordingError where there is no ffmpeg."""
    if not path.is_file():
        raise UsageError("there is no such file", subject=str(path), mend=_MEND)
    # RecordingError where there is no ffmpeg, and so what is raised below is the file's own fault.
    ffmpeg.command()
    # Left to itself the mix of two channels is 1.4 times as loud as either.
    mono = f"aresample={RATE_HZ}:rematrix_maxval=1,aformat=channel_layouts=mono"
    what = ["-map", "0:a:0", "-af", mono, "-ac", "1", "-f", "f32le", "-"]
    try:
        # A sound and nothing that it names elsewhere; by its whole path, whose beginning is no protocol.
        sound = ["-protocol_whitelist", "file", "-t", str(_LONGEST_S + 1), "-i", str(path.absolute())]
        raw = ffmpeg.run([*sound, *what], path)
    except RecordingError as error:
        raise UsageError(f"cannot be heard: {error.problem}", subject=str(path), mend=_MEND) from error
    samples = np.frombuffer(raw, "<f4").astype(np.float32, copy=False)
    if not len(samples):
        raise UsageError("holds no sound", subject=str(path), mend=_MEND)
    if len(samples) > _LONGEST_S * RATE_HZ:
        raise UsageError(
            "is longer than an hour", subject=str(path), mend="cut out the part that belongs to the scene"
        )
    return ScratchAudio(path, samples, RATE_HZ, offset_s)


def envelope(samples: NDArray[np.float32], begin: float, end: float, bins: int) -> NDArray[np.float32]:
    """float32[bins, 2]: lowest and highest sample in each of `bins` equal parts from sample `begin` to `end`,
    which may lie outside. Each part holds at least the sample at its beginning. Raises ValueError for fewer
    than one bin."""
    if bins < 1:
        raise ValueError(f"{bins} bins show nothing")
    made = np.zeros((bins, 2), np.float32)
    edges = np.floor(np.linspace(begin, end, bins + 1)).astype(np.int64)
    starts, ends = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
    inside = (ends > 0) & (starts < len(samples))
    if not inside.any():
        return made
    starts, ends = np.maximum(starts[inside], 0), np.minimum(ends[inside], len(samples))
    # Pairs of (start, end): reduceat then gives each part at the even places. An end at the very end of the
    # samples is no index, hence one more sample that no part reads.
    padded = np.append(samples[starts[0] : ends[-1]], np.float32(0))
    pairs = np.stack([starts, ends], 1).reshape(-1) - starts[0]
    made[inside, 0] = np.minimum.reduceat(padded, pairs)[::2]
    made[inside, 1] = np.maximum.reduceat(padded, pairs)[::2]
    return made
