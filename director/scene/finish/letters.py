"""Writing on faces: letters in paint or in tubes that spell what was asked for, or else some name."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.scene.finish.blocks import Face, Pile
from director.scene.finish.forms import moved
from director.scene.finish.glyphs import GLYPHS, glyph_of, width_of
from director.scene.finish.strokes import ribbon, tube_of_glass
from director.scene.mesh import Mesh

__all__ = ["BRUSH", "TUBE", "in_tubes", "inscribed", "lettering", "name_for", "onto", "unit_of"]

Floats = NDArray[np.float64]

BRUSH: Final = 0.17
"""How wide painted strokes are, in heights of their middle lines."""
TUBE: Final = 0.15
"""How thick tubes are, in the same."""

# Letters are drawn so much narrower or wider, at most, to be as high as there is room for.
_NARROWEST, _WIDEST = 0.78, 1.1
# What tubes are held off their board, in radii and in metres.
_OFF, _OFF_M = 0.5, 0.012

# What is written where nobody said what: names that may stand on a crate, over a shop or on a wall.
_NAMES: Final = (
    "A1",
    "N7",
    "24",
    "B&R",
    "NOVA",
    "LUNA",
    "ASTOR",
    "ATLAS",
    "DELTA",
    "ORION",
    "ROYAL",
    "HARPER",
    "MILLER",
    "WINSTON",
    "STERLING",
    "MERIDIAN",
    "WEST & SONS",
    "HARPER & CO",
    "MILLER BROS.",
    "NORTH STAR LINE",
    "STERLING & SONS",
)


def name_for(wide: float, high: float, seed: int) -> str:
    """One of a few names: of those that fit a line `wide` by `high` in letters as high as that, one that
    fills it well; "" where not even the shortest fits."""
    random = np.random.default_rng([seed, 31])
    room = wide * (1 + BRUSH) / max(high, 1e-6) / _NARROWEST
    lengths = np.array([width_of(name) for name in _NAMES])
    fits = np.flatnonzero(lengths <= room)
    if not len(fits):
        return ""
    good = fits[lengths[fits] >= 0.5 * lengths[fits].max()]
    return _NAMES[int(random.choice(good))]


def lettering(
    pile: Pile,
    face: Face,
    stuff: str,
    u: tuple[float, float],
    v: tuple[float, float],
    w: tuple[float, float],
    seed: int,
) -> None:
    """Some name in one line in the middle of a span `u`, as high as `v`, from and to `w` out of the face."""
    if v[1] - v[0] >= 0.01:
        inscribed(pile, face, stuff, name_for(u[1] - u[0], v[1] - v[0], seed), u, v, w)


def unit_of(
    advance: float, wide: float, high: float, weight: float, widest: float = _WIDEST
) -> tuple[float, float]:
    """How many metres a glyph's unit is, across and up, for a line of that advance to be as large as it fits
    `wide` by `high` metres with strokes of a weight (BRUSH, TUBE)."""
    up = high / (1 + weight)
    stretch = float(np.clip(wide / max(advance * up, 1e-9), _NARROWEST, widest))
    up = min(up, wide / max(advance * stretch, 1e-9))
    return stretch * up, up


def inscribed(
    pile: Pile,
    face: Face,
    stuff: str,
    text: str,
    u: tuple[float, float],
    v: tuple[float, float],
    w: tuple[float, float],
    unit: tuple[float, float] | None = None,
) -> None:
    """One line of text (of glyphs.GLYPHS) in flat strokes in the middle of a span `u` by `v`, as large as it
    fits or of a given unit (`unit_of`), from and to `w` out of the face."""
    across, up = unit or unit_of(width_of(text), u[1] - u[0], v[1] - v[0], BRUSH)

    def drawn(stroke: Floats, left: float, right: float) -> Mesh:
        return ribbon(stroke, BRUSH * up, 0.0, up, (left, right), w)

    _line(pile, face, stuff, text, u, v, (across, up), drawn)


def in_tubes(
    pile: Pile,
    face: Face,
    stuff: str,
    text: str,
    u: tuple[float, float],
    v: tuple[float, float],
    board: float,
    unit: tuple[float, float] | None = None,
) -> None:
    """As `inscribed`, in round tubes that stand a little off what lies `board` out of the face."""
    across, up = unit or unit_of(width_of(text), u[1] - u[0], v[1] - v[0], TUBE)
    radius = TUBE * up / 2
    middle = board + _OFF_M + (1 + _OFF) * radius

    def drawn(stroke: Floats, left: float, right: float) -> Mesh:
        return tube_of_glass(stroke, radius, middle)

    _line(pile, face, stuff, text, u, v, (across, up), drawn)


def onto(face: Face, middle: float, foot: float) -> Floats:
    """float64[4, 4]: from a plane to read (x to the reader's right, y up, z towards the reader) with its
    origin at u = `middle`, v = `foot` of a face to object space."""
    # Seen from before, u runs to the left on two of the four faces.
    right = -1.0 if (face.sign < 0) == face.along_x else 1.0
    matrix = np.eye(4)
    start = face.points([(middle, foot, 0.0)])[0]
    ends = face.points([(middle + right, foot, 0.0), (middle, foot + 1, 0.0), (middle, foot, 1.0)])
    matrix[:3, :3] = (ends - start).T
    matrix[:3, 3] = start
    return matrix


def _line(
    pile: Pile,
    face: Face,
    stuff: str,
    text: str,
    u: tuple[float, float],
    v: tuple[float, float],
    unit: tuple[float, float],
    drawn: Callable[[Floats, float, float], Mesh],
) -> None:
    """Letters in the middle of a span, each of its strokes as `drawn` makes it, which is given how far left
    and right the letter's middle lines reach."""
    across, up = unit
    matrix = onto(face, (u[0] + u[1]) / 2, (v[0] + v[1]) / 2 - up / 2)
    at = -width_of(text) / 2
    for letter in text:
        glyph = GLYPHS[letter]
        left = (at + glyph.left) * across
        for stroke in glyph_of(letter):
            path = (stroke + np.array([at, 0.0])) * (across, up)
            pile.add(stuff, moved(drawn(path, left, left + glyph.wide * across), matrix))
        at += glyph.advance
