"""Capital letters, figures and a few signs as single strokes, drawn for this project.

A glyph lies on the middle lines of its strokes: y from 0 at the foot to 1 at the top, x from 0 at the left.
Strokes of lines and arcs serve brushes, stencils and bent tubes alike (strokes.py).
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["GLYPHS", "Glyph", "glyph_of", "width_of"]

Floats = NDArray[np.float64]
# A point; or an arc: middle, half width, half height, and from which to which angle in degrees.
Step = tuple[float, float] | tuple[float, float, float, float, float, float]

# Room beside a stroke's middle line: upright strokes need the most, slanting ones the least.
_UPRIGHT: Final = 0.19
_ROUND: Final = 0.15
_OPEN: Final = 0.13
_SLANTED: Final = 0.12
# An arc turns so many degrees from one point to the next, at most.
_TURN_DEG: Final = 21.0
_DOT: Final = ((0.0, 0.0), (0.0, 0.085))


@dataclass(frozen=True, slots=True)
class Glyph:
    """As drawn: how wide its middle lines are, the room to their left and right, and its strokes. Ends of
    upright and level strokes on the box's border stand for square ends, all others are hidden in a stroke
    or free."""

    wide: float
    left: float
    right: float
    strokes: tuple[tuple[Step, ...], ...]

    @property
    def advance(self) -> float:
        """From where it begins to where the next one does, in heights of its middle lines."""
        return self.left + self.wide + self.right


def _round(x: float, y: float, rx: float, ry: float) -> tuple[Step, ...]:
    return ((x, y, rx, ry, 90.0, 450.0),)


def _stem(x: float) -> tuple[Step, ...]:
    return ((x, 0.0), (x, 1.0))


GLYPHS: Final[dict[str, Glyph]] = {
    "A": Glyph(
        0.80,
        _SLANTED,
        _SLANTED,
        (((0, 0), (0.4, 1)), ((0.8, 0), (0.4, 1)), ((0.13, 0.29), (0.67, 0.29))),
    ),
    "B": Glyph(
        0.61,
        _UPRIGHT,
        _ROUND,
        (
            _stem(0),
            ((0, 1), (0.31, 1), (0.31, 0.765, 0.25, 0.235, 90, -90), (0, 0.53)),
            ((0, 0.53), (0.335, 0.53), (0.335, 0.265, 0.275, 0.265, 90, -90), (0, 0)),
        ),
    ),
    "C": Glyph(0.73, _ROUND, _OPEN, (((0.43, 0.5, 0.43, 0.5, 47, 313),),)),
    "D": Glyph(
        0.73, _UPRIGHT, _ROUND, (_stem(0), ((0, 1), (0.27, 1), (0.27, 0.5, 0.46, 0.5, 90, -90), (0, 0)))
    ),
    "E": Glyph(0.53, _UPRIGHT, _OPEN, (((0.53, 1), (0, 1), (0, 0), (0.53, 0)), ((0, 0.515), (0.47, 0.515)))),
    "F": Glyph(0.51, _UPRIGHT, _SLANTED, (((0.51, 1), (0, 1), (0, 0)), ((0, 0.485), (0.44, 0.485)))),
    "G": Glyph(0.84, _ROUND, _ROUND, (((0.43, 0.5, 0.43, 0.5, 47, 352),), ((0.48, 0.445), (0.84, 0.445)))),
    "H": Glyph(0.66, _UPRIGHT, _UPRIGHT, (_stem(0), _stem(0.66), ((0, 0.51), (0.66, 0.51)))),
    "I": Glyph(0.0, _UPRIGHT, _UPRIGHT, (_stem(0),)),
    "J": Glyph(0.45, _OPEN, _UPRIGHT, (((0.45, 1), (0.45, 0.27), (0.225, 0.27, 0.225, 0.27, 0, -162)),)),
    "K": Glyph(0.68, _UPRIGHT, _SLANTED, (_stem(0), ((0.65, 1), (0, 0.34)), ((0.235, 0.579), (0.68, 0)))),
    "L": Glyph(0.51, _UPRIGHT, _SLANTED, (((0, 1), (0, 0), (0.51, 0)),)),
    "M": Glyph(0.88, _UPRIGHT, _UPRIGHT, (_stem(0), _stem(0.88), ((0.01, 0.99), (0.44, 0.2), (0.87, 0.99)))),
    "N": Glyph(0.70, _UPRIGHT, _UPRIGHT, (_stem(0), _stem(0.7), ((0.01, 0.99), (0.69, 0.01)))),
    "O": Glyph(0.86, _ROUND, _ROUND, (_round(0.43, 0.5, 0.43, 0.5),)),
    "P": Glyph(
        0.58, _UPRIGHT, _OPEN, (_stem(0), ((0, 1), (0.3, 1), (0.3, 0.725, 0.28, 0.275, 90, -90), (0, 0.45)))
    ),
    "Q": Glyph(0.86, _ROUND, _ROUND, (_round(0.43, 0.5, 0.43, 0.5), ((0.52, 0.3), (0.84, 0)))),
    "R": Glyph(
        0.62,
        _UPRIGHT,
        _SLANTED,
        (
            _stem(0),
            ((0, 1), (0.31, 1), (0.31, 0.74, 0.28, 0.26, 90, -90), (0, 0.48)),
            ((0.27, 0.48), (0.62, 0)),
        ),
    ),
    "S": Glyph(
        0.62,
        _ROUND,
        _ROUND,
        (((0.315, 0.77, 0.275, 0.23, 24, 238), (0.31, 0.23, 0.31, 0.23, 58, -154)),),
    ),
    "T": Glyph(0.66, _SLANTED, _SLANTED, (((0, 1), (0.66, 1)), _stem(0.33))),
    "U": Glyph(
        0.68, _UPRIGHT, _UPRIGHT, (((0, 1), (0, 0.33), (0.34, 0.33, 0.34, 0.33, 180, 360), (0.68, 1)),)
    ),
    "V": Glyph(0.76, _SLANTED, _SLANTED, (((0, 1), (0.38, 0)), ((0.76, 1), (0.38, 0)))),
    "W": Glyph(
        1.12,
        _SLANTED,
        _SLANTED,
        (
            ((0, 1), (0.29, 0)),
            ((0.56, 1), (0.29, 0)),
            ((0.56, 1), (0.83, 0)),
            ((1.12, 1), (0.83, 0)),
        ),
    ),
    "X": Glyph(0.70, _SLANTED, _SLANTED, (((0, 0), (0.7, 1)), ((0, 1), (0.7, 0)))),
    "Y": Glyph(
        0.74,
        _SLANTED,
        _SLANTED,
        (((0, 1), (0.37, 0.44)), ((0.74, 1), (0.37, 0.44)), ((0.37, 0), (0.37, 0.44))),
    ),
    "Z": Glyph(0.62, _OPEN, _OPEN, (((0, 1), (0.62, 1)), ((0.61, 0.99), (0.01, 0.01)), ((0, 0), (0.62, 0)))),
    "0": Glyph(0.62, _ROUND, _ROUND, (_round(0.31, 0.5, 0.31, 0.5),)),
    "1": Glyph(0.25, _OPEN, _UPRIGHT, (_stem(0.25), ((0.0, 0.77), (0.24, 0.985)))),
    "2": Glyph(
        0.64,
        _OPEN,
        _OPEN,
        (((0.32, 0.7, 0.31, 0.3, 162, -46), (0.01, 0.01)), ((0, 0), (0.64, 0))),
    ),
    "3": Glyph(
        0.61,
        _OPEN,
        _ROUND,
        (
            ((0.3, 0.765, 0.26, 0.235, 152, -90), (0.2, 0.53)),
            ((0.2, 0.53), (0.3, 0.265, 0.31, 0.265, 90, -152)),
        ),
    ),
    "4": Glyph(0.68, _OPEN, _OPEN, (_stem(0.48), ((0.47, 0.99), (0.01, 0.265)), ((0, 0.26), (0.68, 0.26)))),
    "5": Glyph(
        0.61,
        _OPEN,
        _ROUND,
        (
            ((0.55, 1), (0.09, 1), (0.06, 0.53)),
            ((0.29, 0.315, 0.32, 0.315, 136, -152),),
        ),
    ),
    "6": Glyph(
        0.63, _ROUND, _ROUND, (_round(0.315, 0.315, 0.315, 0.315), ((0.54, 0.315, 0.54, 0.685, 180, 98),))
    ),
    "7": Glyph(0.60, _OPEN, _SLANTED, (((0, 1), (0.6, 1)), ((0.59, 0.99), (0.18, 0)))),
    "8": Glyph(0.64, _ROUND, _ROUND, (_round(0.32, 0.765, 0.265, 0.235), _round(0.32, 0.265, 0.32, 0.265))),
    "9": Glyph(
        0.63, _ROUND, _ROUND, (_round(0.315, 0.685, 0.315, 0.315), ((0.09, 0.685, 0.54, 0.685, 0, -82),))
    ),
    "&": Glyph(
        0.76,
        _ROUND,
        _SLANTED,
        (
            (
                (0.76, 0),
                (0.33, 0.79, 0.2, 0.21, 222, -65),
                (0.28, 0.27, 0.28, 0.27, 115, 330),
                (0.73, 0.46),
            ),
        ),
    ),
    "!": Glyph(0.0, _UPRIGHT, _UPRIGHT, (((0, 0.3), (0, 1)), _DOT)),
    "?": Glyph(
        0.56,
        _OPEN,
        _OPEN,
        (((0.28, 0.73, 0.28, 0.27, 162, -52), (0.29, 0.4), (0.28, 0.29)), ((0.28, 0), (0.28, 0.085))),
    ),
    "-": Glyph(0.30, _OPEN, _OPEN, (((0, 0.45), (0.3, 0.45)),)),
    "+": Glyph(0.48, _OPEN, _OPEN, (((0, 0.46), (0.48, 0.46)), ((0.24, 0.135), (0.24, 0.785)))),
    ".": Glyph(0.0, _OPEN, _OPEN, (_DOT,)),
    "'": Glyph(0.09, _OPEN, _OPEN, (((0.09, 1), (0.0, 0.86, 0.09, 0.2, 0, -72)),)),
    ":": Glyph(0.0, _OPEN, _OPEN, (((0, 0.08), (0, 0.25)), ((0, 0.52), (0, 0.69)))),
    "/": Glyph(0.42, _SLANTED, _SLANTED, (((0, 0), (0.42, 1)),)),
    "$": Glyph(
        0.62,
        _ROUND,
        _ROUND,
        (
            ((0.315, 0.7, 0.275, 0.19, 22, 244), (0.31, 0.3, 0.31, 0.19, 64, -154)),
            _stem(0.3125),
        ),
    ),
    " ": Glyph(0.34, 0.0, 0.0, ()),
}


@cache
def glyph_of(letter: str) -> tuple[Floats, ...]:
    """The strokes of a letter, float64[n, 2] each, from the left of its box; arcs as points in a row. A
    stroke whose last point is its first is closed. Raises KeyError for a letter that there is not."""
    glyph = GLYPHS[letter]
    made = []
    for stroke in glyph.strokes:
        points = np.concatenate([_points(step) for step in stroke])
        # Where an arc begins at the point before it, one is enough.
        apart = np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6
        points = points[np.concatenate([[True], apart])] + np.array([glyph.left, 0.0])
        points.setflags(write=False)
        made.append(points)
    return tuple(made)


def width_of(text: str) -> float:
    """The sum of the letters' advances, in heights of their middle lines. Raises KeyError as `glyph_of`."""
    return sum(GLYPHS[letter].advance for letter in text)


def _points(step: Step) -> Floats:
    if len(step) == 2:
        return np.array([step], np.float64)
    x, y, rx, ry, start, end = step
    angles = np.radians(np.linspace(start, end, max(round(abs(end - start) / _TURN_DEG), 1) + 1))
    return np.stack([x + rx * np.cos(angles), y + ry * np.sin(angles)], -1)
