"""How near a render comes to what the director saw: SSIM by frame and second, and a sheet to look at."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from director.errors import RecordingError
from director.take.ssim import ssim
from director.take.stored import StoredTake
from director.take.thumbnail import save_picture

__all__ = ["Parity"]

_WORST = 3
_SHEET_WIDTH_PX = 320
_LINE_PX = 16

Picture = NDArray[np.uint8]


@dataclass(slots=True, eq=False)
class Parity:
    """Compares frames with those of a take's film while they come, and keeps the worst. The film is
    compressed: equal pictures come to about 0.98. Another size is brought to the film's."""

    take: StoredTake
    frames: list[float] = field(default_factory=list)
    problem: str = ""
    _worst: list[tuple[float, int, Picture, Picture]] = field(default_factory=list)
    _typical: tuple[float, int, Picture, Picture] | None = None
    _film: Iterator[Picture] | None = None

    def add(self, picture: Picture) -> None:
        """The next frame of the render, uint8[h, w, 3]. Where the film ends, or cannot be read, comparing
        ends, and `problem` tells."""
        if self.problem:
            return
        if self._film is None:
            self._film = self.take.pictures()
        try:
            seen = next(self._film, None)
        except RecordingError as error:
            self.problem = str(error)
            return
        if seen is None:
            self.problem = f"the film of the take ends after {len(self.frames)} frames"
            return
        try:
            found = ssim(seen, _fitted(picture, seen))
        except ValueError as error:
            self.problem = f"the film of the take cannot be compared with: {error}"
            return
        one = (found, len(self.frames), seen, picture)
        self.frames.append(found)
        self._worst = sorted([*self._worst, one], key=lambda item: item[:2])[:_WORST]
        # Good enough to look at: the frame that was nearest to the mean of those before it.
        mean = self.mean
        if self._typical is None or abs(found - mean) <= abs(self._typical[0] - mean):
            self._typical = one

    @property
    def mean(self) -> float:
        """Over all frames; NaN where there are none."""
        return float(np.mean(self.frames)) if self.frames else math.nan

    def seconds(self, fps: Fraction) -> list[float]:
        """The mean of each second of the film."""
        last = int(Fraction(max(0, len(self.frames) - 1)) / fps)
        return [
            float(np.mean([found for k, found in enumerate(self.frames) if int(k / fps) == second]))
            for second in range(last + 1 if self.frames else 0)
        ]

    def told(self, fps: Fraction) -> dict[str, object] | None:
        """The figures as JSON; None where nothing could be compared."""
        if not self.frames:
            return None
        worst = [{"frame": number, "ssim": round(found, 4)} for found, number, _, _ in self._worst]
        return {
            "ssim": round(self.mean, 4),
            "worst": worst,
            "seconds": [round(found, 4) for found in self.seconds(fps)],
            "frames": len(self.frames),
        }

    def save_sheet(self, path: Path) -> bool:
        """Write a PNG: what was seen, the render and their difference, times four, of a frame near the mean
        and of the worst. False where there is nothing to show. Raises RecordingError."""
        if self._typical is None:
            return False
        rows = [("typical", *self._typical), *(("worst", *one) for one in self._worst)]
        save_picture(np.vstack([_row(*row) for row in rows]), path)
        return True

    def close(self) -> None:
        """End the reading of the film."""
        close = getattr(self._film, "close", None)
        if close is not None:
            close()


def _row(word: str, found: float, number: int, seen: Picture, picture: Picture) -> Picture:
    picture = _fitted(picture, seen)
    gap = np.abs(seen.astype(np.int16) - picture)
    height = max(1, round(seen.shape[0] * _SHEET_WIDTH_PX / seen.shape[1]))
    parts: Sequence[Picture] = [seen, picture, np.minimum(gap * 4, 255).astype(np.uint8)]
    small = [np.asarray(Image.fromarray(part).resize((_SHEET_WIDTH_PX, height))) for part in parts]
    strip = Image.new("RGB", (_SHEET_WIDTH_PX * len(parts), _LINE_PX), (24, 24, 26))
    told = f"frame {number}, {word}, SSIM {found:.3f}: as seen | rendered | difference x4"
    ImageDraw.Draw(strip).text((4, 2), told, fill=(230, 230, 230))
    return np.vstack([np.asarray(strip), np.hstack(small)])


def _fitted(picture: Picture, like: Picture) -> Picture:
    if picture.shape == like.shape:
        return picture
    height, width = like.shape[:2]
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.BOX))
