"""Writing: bars in the shape of letters that spell what was asked for, or, as far-off fronts do, nothing."""

import numpy as np
from numpy.typing import NDArray

from director.scene.finish.blocks import Face, Pile
from director.scene.finish.glyphs import WIDE, strokes_of

__all__ = ["inscribed", "lettering"]

# Strokes within a letter, as shares of its width and height: left, right, top, middle, foot, low right.
_STROKES = np.array(
    [
        (0.0, 0.24, 0.0, 1.0),
        (0.62, 0.86, 0.0, 1.0),
        (0.0, 0.86, 0.82, 1.0),
        (0.0, 0.86, 0.42, 0.58),
        (0.0, 0.86, 0.0, 0.18),
        (0.62, 0.86, 0.0, 0.58),
    ]
)
_LETTERS = (
    (0, 2, 3),
    (0, 1, 2, 3),
    (0, 2, 3, 4),
    (0, 1, 2, 4),
    (0, 4),
    (0, 1, 3),
    (0, 1, 4),
    (0,),
    (0, 2),
    (0, 3, 4, 5),
)


def lettering(
    pile: Pile,
    face: Face,
    stuff: str,
    u: tuple[float, float],
    v: tuple[float, float],
    w: tuple[float, float],
    seed: int,
) -> None:
    """One line of letters in the middle of a span `u`, as high as `v`, from and to `w` out of the face.

    Words run to the left of the one who reads on faces whose u runs that way too, so they read aright.
    """
    random = np.random.default_rng([seed, 31])
    high = v[1] - v[0]
    advance = 0.78 * high
    places = min(int((u[1] - u[0]) / advance), 14)
    if places < 1 or high < 0.01:
        return
    count = int(random.integers(max(places // 2, 1), places + 1))
    start = (u[0] + u[1]) / 2 - (count - 0.14) * advance / 2
    boxes = []
    for i in range(count):
        if 2 < i < count - 2 and random.random() < 0.15:
            continue
        for k in _LETTERS[int(random.integers(len(_LETTERS)))]:
            a, b, c, d = _STROKES[k]
            boxes.append(
                (start + (i + a) * advance, start + (i + b) * advance, v[0] + c * high, v[0] + d * high)
            )
    _raised(pile, face, stuff, np.array(boxes), u, w)


def inscribed(
    pile: Pile,
    face: Face,
    stuff: str,
    text: str,
    u: tuple[float, float],
    v: tuple[float, float],
    w: tuple[float, float],
) -> None:
    """One line of text (of glyphs.GLYPHS) in the middle of a span `u` by `v`, as large as it fits, from and
    to `w` out of the face."""
    # Letters are five cells wide and seven high, with a cell between them.
    cell = min((u[1] - u[0]) / max((WIDE + 1) * len(text) - 1, 1), (v[1] - v[0]) / 7)
    wide, high = WIDE * cell, 7 * cell
    start = (u[0] + u[1]) / 2 - ((WIDE + 1) * len(text) - 1) * cell / 2
    foot = (v[0] + v[1]) / 2 - high / 2
    boxes = []
    for i, letter in enumerate(text):
        bars = strokes_of(letter) * (wide, wide, high, high)
        left = start + i * (wide + cell)
        boxes.append(bars + np.array([left, left, foot, foot]))
    made = np.concatenate(boxes) if boxes else np.zeros((0, 4))
    if len(made):
        _raised(pile, face, stuff, made, u, w)


def _raised(
    pile: Pile,
    face: Face,
    stuff: str,
    made: NDArray[np.float64],
    u: tuple[float, float],
    w: tuple[float, float],
) -> None:
    """Bars float64[n, 4] (left, right, foot, top) out of a face."""
    # Seen from before, u runs to the left on two of the four faces.
    if (face.sign < 0) == face.along_x:
        made[:, :2] = u[0] + u[1] - made[:, 1::-1]
    pile.on(face, stuff, (made[:, 0], made[:, 1]), (made[:, 2], made[:, 3]), w)
