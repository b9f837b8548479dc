"""Two takes in one picture: side by side, with a wipe, blended, or what differs; aligned by time."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.take.letterbox import letterboxed
from director.take.playback import FilmReader
from director.take.stored import StoredTake

__all__ = ["WAYS", "Comparison", "blend", "difference", "scene_offset_s", "side_by_side", "wipe"]

Picture = NDArray[np.uint8]

WAYS: Final = ("side by side", "wipe", "blend", "difference")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two films. What `first` shows at a time since its beginning, `second` shows `offset_s` later in its
    own; the shorter one stands at its end. The second is brought to the size of the first."""

    first: FilmReader
    second: FilmReader
    offset_s: float = 0.0

    @property
    def duration_s(self) -> float:
        """Until both have ended."""
        return max(self.first.duration_s, self.second.duration_s - self.offset_s)

    def pair(self, time_s: float) -> tuple[Picture, Picture]:
        """uint8[h, w, 3] twice: what both show. Raises RecordingError."""
        first = self.first.at(time_s)
        second = self.second.at(time_s + self.offset_s)
        return first, letterboxed(second, (self.first.width, self.first.height))

    def at(self, time_s: float, way: str = "wipe", amount: float = 0.5) -> Picture:
        """uint8[h, w, 3] of the first one's size, in one of the WAYS. Raises ValueError for another."""
        if way not in WAYS:
            raise ValueError(f"there is no comparison {way!r}; there are {', '.join(WAYS)}")
        first, second = self.pair(time_s)
        if way == "side by side":
            return side_by_side(first, second)
        if way == "wipe":
            return wipe(first, second, amount)
        if way == "blend":
            return blend(first, second, amount)
        return difference(first, second)


def scene_offset_s(first: StoredTake, second: StoredTake) -> float:
    """The offset by which two takes show the same moment of the scene, where the scene played in both: the
    scene time at which the first began less that of the second."""
    return first.lines[0].tick.time_s - second.lines[0].tick.time_s


def side_by_side(first: Picture, second: Picture) -> Picture:
    """uint8[h, w, 3]: the middle halves of two pictures of one size, with a thin line between them."""
    width = first.shape[1]
    left, quarter = width // 2, width // 4
    made = np.empty_like(first)
    made[:, :left] = first[:, quarter : quarter + left]
    made[:, left:] = second[:, quarter : quarter + width - left]
    return _line(made, left)


def wipe(first: Picture, second: Picture, share: float) -> Picture:
    """uint8[h, w, 3]: the first left of `share` of the width, the second right of it."""
    at = round(min(1.0, max(0.0, share)) * first.shape[1])
    made = second.copy()
    made[:, :at] = first[:, :at]
    return _line(made, at)


def blend(first: Picture, second: Picture, share: float) -> Picture:
    """uint8[h, w, 3]: 0 is the first, 1 the second."""
    share = min(1.0, max(0.0, share))
    mixed = first.astype(np.float32) * (1 - share) + second.astype(np.float32) * share
    return np.rint(mixed).astype(np.uint8)


def difference(first: Picture, second: Picture, gain: float = 4.0) -> Picture:
    """uint8[h, w, 3]: how far they are apart, `gain` times as bright; black where they are equal."""
    apart = np.abs(first.astype(np.int16) - second.astype(np.int16)).astype(np.float32)
    made: Picture = np.minimum(255.0, apart * gain).astype(np.uint8)
    return made


def _line(picture: Picture, at: int) -> Picture:
    if 0 < at < picture.shape[1]:
        picture[:, at] = 235
    return picture
