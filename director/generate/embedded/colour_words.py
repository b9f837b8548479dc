"""Colour words: tones (dark, pale, vivid), mixtures (blue-green) and hex names, worked out in Oklab.

Oklab: B. Ottosson, "A perceptual color space for image processing", 2020,
https://bottosson.github.io/posts/oklab/ (the matrices are from there).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["TONES", "hex_colour", "mixed", "oklab", "srgb", "toned"]

Colour = NDArray[np.float32]

_CONE: Final = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB: Final = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_CONE_BACK: Final = np.linalg.inv(_CONE)
_LAB_BACK: Final = np.linalg.inv(_LAB)

# word → (lightness it goes towards, how far, factor on chroma)
TONES: Final[dict[str, tuple[float, float, float]]] = {
    "dark": (0.0, 0.42, 0.85),
    "darker": (0.0, 0.32, 0.9),
    "darkest": (0.0, 0.6, 0.7),
    "deep": (0.0, 0.28, 1.1),
    "midnight": (0.0, 0.55, 0.8),
    "light": (1.0, 0.45, 0.7),
    "lighter": (1.0, 0.3, 0.8),
    "pale": (1.0, 0.6, 0.45),
    "pastel": (0.92, 0.65, 0.5),
    "soft": (0.8, 0.3, 0.65),
    "bright": (0.85, 0.25, 1.25),
    "vivid": (0.7, 0.1, 1.4),
    "vibrant": (0.7, 0.1, 1.4),
    "rich": (0.4, 0.15, 1.25),
    "strong": (0.6, 0.05, 1.25),
    "saturated": (0.6, 0.05, 1.35),
    "intense": (0.6, 0.05, 1.35),
    "electric": (0.75, 0.25, 1.45),
    "neon": (0.8, 0.35, 1.5),
    "fluorescent": (0.85, 0.4, 1.45),
    "muted": (0.6, 0.15, 0.5),
    "dull": (0.5, 0.2, 0.5),
    "dusty": (0.7, 0.25, 0.5),
    "dirty": (0.3, 0.3, 0.6),
    "faded": (0.8, 0.3, 0.5),
    "washed": (0.85, 0.4, 0.4),
    "desaturated": (0.6, 0.1, 0.4),
    "smoky": (0.4, 0.3, 0.4),
    "medium": (0.6, 0.0, 1.0),
    "pure": (0.6, 0.0, 1.15),
}


def hex_colour(text: str) -> Colour:
    """float32[3], sRGB, of "#rgb" or "#rrggbb"."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return np.frombuffer(bytes.fromhex(digits), np.uint8).astype(np.float32) / 255.0


def oklab(colour: Colour) -> NDArray[np.float64]:
    """float64[3] L, a, b of an sRGB colour 0..1."""
    values = np.asarray(colour, np.float64)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    lab: NDArray[np.float64] = _LAB @ np.cbrt(_CONE @ linear)
    return lab


def srgb(lab: NDArray[np.float64]) -> Colour:
    """float32[3], sRGB clipped to 0..1, of L, a, b."""
    linear = np.clip(_CONE_BACK @ (_LAB_BACK @ lab) ** 3, 0.0, 1.0)
    values = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1.0 / 2.4) - 0.055)
    return values.astype(np.float32)


def toned(colour: Colour, tone: str) -> Colour:
    """A colour made dark, pale, vivid …: `tone` is a key of TONES."""
    target, amount, chroma = TONES[tone]
    lab = oklab(colour)
    return srgb(np.array([lab[0] + amount * (target - lab[0]), lab[1] * chroma, lab[2] * chroma]))


def mixed(first: Colour, second: Colour, amount: float) -> Colour:
    """`first` mixed with `amount` of `second` as the eye sees it."""
    return srgb((1.0 - amount) * oklab(first) + amount * oklab(second))
