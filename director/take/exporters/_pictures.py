"""The pictures of a take, one by one, with or without a burn-in."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from director.take.burn_in import BurnIn, burnt_in, lens_words
from director.take.exporters._camera import frame_cameras
from director.take.exporters._source import Source
from director.take.timecode import frames_of, timecode

__all__ = ["pictures"]


def pictures(source: Source, start: str, burn_in: bool) -> Iterator[NDArray[np.uint8]]:
    """uint8[h, w, 3], sRGB: each frame of the take, exactly `source.frames` of them. With `burn_in` slate,
    lens and timecode (from `start` on) are written into them. Raises RecordingError."""
    found = source.take.pictures()
    if not burn_in:
        yield from (picture for picture, _ in zip(found, range(source.frames), strict=False))
        return
    entry, first, drops = source.entry, frames_of(start, source.fps), ";" in start
    for picture, frame in zip(found, frame_cameras(source), strict=False):
        words = BurnIn(
            timecode=timecode(first + frame.index, source.fps, drops),
            scene=entry.scene,
            shot=entry.shot,
            take=entry.number,
            lens=lens_words(frame.camera.lens),
            frame=frame.index,
        )
        yield burnt_in(picture, words)
