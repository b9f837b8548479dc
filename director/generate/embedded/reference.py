"""The palette and the mood of a reference picture, as changes of a look.

No network: a picture's colours are counted. What is bright tells the light's colour and the sky's, what is
dark the shadow's; how far apart the two are tells the contrast, how far colours are from grey the
saturation, and the middle of it all the exposure. What things there are in the picture plays no part.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from director.generate.embedded.look import SCENE
from director.generate.reference_picture import reference_picture

__all__ = ["Mood", "looking_like", "mood_of"]

Look = NDArray[np.float32]
Mood = NDArray[np.float32]
"""float32[len(SCENE)]: a look; NaN where a picture says nothing."""

_SIZE: Final = 96
_LUMA: Final = np.array([0.2126, 0.7152, 0.0722], np.float32)
# What a plain picture of a plain day has: the mean of its brightness, its spread, and of its colourfulness.
_MIDDLE, _SPREAD, _COLOURFUL = 0.44, 0.21, 0.17
# How far things that nobody described take on the picture's middle tone.
_PLACE_AMOUNT: Final = 0.25
_SHARE: Final = 0.75
"""How far a reference moves a look that words have made."""


def mood_of(path: str) -> Mood:
    """Read a picture. Raises GeneratorError, with the mend, for a file that is none."""
    small = reference_picture(path).resize((_SIZE, _SIZE), Image.Resampling.BOX)
    return _mood(np.asarray(small, np.float32) / np.float32(255))


def _mood(picture: NDArray[np.float32]) -> Mood:
    """From sRGB float32[h, w, 3], 0..1."""
    pixels = picture.reshape(-1, 3)
    luma = pixels @ _LUMA
    order = np.argsort(luma, kind="stable")
    count = len(order)
    dark, middle, bright = (
        pixels[order[int(a * count) : int(b * count)]].mean(0)
        for a, b in ((0.0, 0.3), (0.3, 0.7), (0.7, 1.0))
    )
    above = picture[: len(picture) // 3].reshape(-1, 3).mean(0)
    found = dict.fromkeys(SCENE, np.float32(np.nan))
    found |= _three("shadow", 0.5 + 0.8 * (dark - dark.mean()))
    found |= _three("light", 0.5 + 0.6 * (bright - bright.mean()))
    found |= _three("sun", _hue(bright, 0.6))
    found |= _three("horizon", 0.5 * (above + middle))
    found |= _three("zenith", above)
    found |= _three("fog", 0.5 * (middle + bright))
    found |= _three("place", middle)
    found["place_amount"] = np.float32(_PLACE_AMOUNT)
    low, high = np.quantile(luma, (0.05, 0.95))
    colourful = float(np.ptp(pixels, axis=1).mean())
    found["exposure"] = np.float32(0.5 + 0.75 * (float(luma.mean()) - _MIDDLE))
    found["contrast"] = np.float32(0.5 + 0.6 * ((high - low) / 3.3 - _SPREAD))
    found["saturation"] = np.float32(0.5 * min(2.0, colourful / _COLOURFUL) ** 0.6)
    return np.clip(np.array(list(found.values()), np.float32), 0.0, 1.0)


def _three(name: str, colour: NDArray[np.float32]) -> dict[str, np.float32]:
    return {f"{name}_{part}": np.float32(value) for part, value in zip(_PARTS, colour, strict=True)}


_PARTS: Final = ("red", "green", "blue")


def _hue(colour: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """As bright as light is, with so much of the colour."""
    full = colour / max(float(colour.max()), 1e-3)
    return np.asarray(1.0 + share * (full - 1.0), np.float32)


@lru_cache(32)
def _read(path: str, mtime_ns: int, size: int) -> Mood:
    return mood_of(path)


def _read_again(path: str) -> Mood:
    """A picture's mood, read once for as long as its file stays as it is."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return mood_of(path)  # which says what is wrong with it
    return _read(path, found.st_mtime_ns, found.st_size)


def looking_like(look: Look, references: Sequence[str], strength: float = 1.0) -> Look:
    """float32[len(SCENE)]: a look moved towards the mean of the references' moods, by `strength` 0..1.

    Raises GeneratorError for a reference that cannot be read.
    """
    if not references:
        return look
    moods = np.stack([_read_again(path) for path in references])
    mood = moods.mean(0)
    share = np.float32(_SHARE * min(max(strength, 0.0), 1.0))
    moved = np.where(np.isnan(mood), look, look + share * (mood - look))
    return np.asarray(moved, np.float32)
