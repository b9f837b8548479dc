"""Burn-in: slate, timecode, lens and frame number written into a picture, as dailies have them.

Small light letters on dark plates in the four corners, inside the title-safe area: legible over anything,
and nothing that calls for attention. Letters are Roboto, which ships with imgui-bundle; its figures are all
of one width, so that a running timecode stands still.
"""

import importlib.util
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError
from director.types import Lens

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["BurnIn", "burnt_in", "lens_words"]

# 5 % on each side: title safe, as SMPTE ST 2046-1 has it for 16:9.
_MARGIN = 0.05
_LETTER = 1 / 26
_SMALLEST_PX, _LARGEST_PX = 9, 60
_PLATE = 0.62
_INK = (236, 236, 232)


@dataclass(frozen=True, slots=True)
class BurnIn:
    """What is written; what is empty is left out. Top left scene, shot and take, top right the lens, bottom
    left the timecode, bottom right the frame; `note` stands in the middle at the foot."""

    timecode: str = ""
    scene: str = ""
    shot: str = ""
    take: int | None = None
    lens: str = ""
    frame: int | None = None
    note: str = ""

    @property
    def slate(self) -> str:
        """Scene, shot and take in one line."""
        words = [self.scene, self.shot, "" if self.take is None else f"take {self.take}"]
        return "  ·  ".join(word for word in words if word)


def lens_words(lens: Lens) -> str:
    """Focal length, stop and focus of a lens, as an assistant writes them."""
    return f"{lens.focal_length_mm:.4g} mm  f/{lens.f_number:.2g}  {lens.focus_distance_m:.2f} m"


def burnt_in(picture: NDArray[np.uint8], words: BurnIn) -> NDArray[np.uint8]:
    """uint8[h, w, 3]: a copy of a picture of this form with the words written into it; the same bytes for the
    same picture and words. Lines too long for their place end in an ellipsis.

    Raises RecordingError where the font is not there.
    """
    height, width = picture.shape[:2]
    size = min(_LARGEST_PX, max(_SMALLEST_PX, round(height * _LETTER)))
    made = picture.copy()
    left, top = round(width * _MARGIN), round(height * _MARGIN)
    # Two lines share the width, three at the foot where there is a note.
    across = width - 2 * left
    half = (across - size) // 2
    foot = (across - 2 * size) // 3 if words.note else half
    frame = "" if words.frame is None else f"{words.frame:05d}"
    places = (
        (words.slate, 0.0, top, half, False),
        (words.lens, 1.0, top, half, False),
        (words.timecode, 0.0, height - top, foot, True),
        (words.note, 0.5, height - top, foot, True),
        (frame, 1.0, height - top, foot, True),
    )
    for text, along, y, most, is_foot in places:
        plate = _plate(_one_line(text), size, most)
        if plate is None:
            continue
        high, wide = plate.shape
        x = left + round((across - wide) * along)
        _lay(made, plate, x, y - high if is_foot else y)
    return made


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _plate(text: str, size: int, most: int) -> NDArray[np.float32] | None:
    """float32[h, w]: how much ink there is on the plate of a line, None where there is nothing to write."""
    if not text or most < 2 * size:
        return None
    from PIL import Image, ImageDraw

    font = _font(size)
    pad_x, pad_y = round(size * 0.45), round(size * 0.28)
    while font.getlength(text) > most - 2 * pad_x and len(text) > 1:
        text = text[:-2].rstrip() + "…"
    ascent, descent = font.getmetrics()
    mask = Image.new("L", (math.ceil(font.getlength(text)) + 2 * pad_x, ascent + descent + 2 * pad_y))
    ImageDraw.Draw(mask).text((pad_x, pad_y), text, font=font, fill=255)
    return np.asarray(mask, np.float32) / np.float32(255)


def _lay(picture: NDArray[np.uint8], ink: NDArray[np.float32], x: int, y: int) -> None:
    """Darken a rectangle of a picture and write on it, in place; what lies outside is cut off."""
    height, width = picture.shape[:2]
    x, y = max(0, x), max(0, y)
    ink = ink[: height - y, : width - x, None]
    part = picture[y : y + ink.shape[0], x : x + ink.shape[1]]
    dark = part.astype(np.float32) * np.float32(1 - _PLATE)
    written = dark + (np.array(_INK, np.float32) - dark) * ink
    part[:] = np.rint(written).astype(np.uint8)


@cache
def _font(size: int) -> "FreeTypeFont":
    from PIL import ImageFont

    found = importlib.util.find_spec("imgui_bundle")
    folders = [] if found is None else list(found.submodule_search_locations or ())
    for folder in folders:
        path = Path(folder) / "assets" / "fonts" / "Roboto" / "Roboto-Regular.ttf"
        if path.is_file():
            # The basic layout is the same everywhere; the other depends on libraries that may be missing.
            return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)
    raise RecordingError(
        "the font Roboto is not there", subject="burn-in", mend="pip install --force-reinstall imgui-bundle"
    )
