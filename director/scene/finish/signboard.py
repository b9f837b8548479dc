"""Signboards: lit tubes before a dark board, letters before a lit panel, or paint on a plain board."""

from typing import Final

import numpy as np

from director.scene.finish.blocks import Face, Floats, Pile, each_item, large_faces
from director.scene.finish.forms import bump_box, moved
from director.scene.finish.glyphs import GLYPHS, width_of
from director.scene.finish.letters import BRUSH, TUBE, in_tubes, inscribed, name_for, onto, unit_of
from director.scene.finish.strokes import ribbon, tube_of_glass
from director.scene.finish.thing import Piece, Thing
from director.scene.proxies.box import Box

__all__ = ["framed", "signboard"]

_INKS: Final = ("paint white", "paint yellow", "dark trim")
# Between lines, and between letters one above another, in heights of letters' middle lines; of a space.
_BETWEEN_LINES, _BETWEEN_LETTERS, _SPACE_BELOW = 0.42, 0.22, 0.35
# Letters one above another may be drawn so wide.
_WIDEST_STACKED: Final = 1.3
# Paint is thrown into relief by a shade below it and to its right, so far off.
_SHADE: Final = 0.055
_CORNER = 5  # points about a corner of a border


def framed(pile: Pile, face: Face, stuff: str, rim: float, w: tuple[float, float]) -> None:
    """Four bars along the edges of a face, `rim` wide, from and to `w` out of it."""
    half, high = face.wide / 2, face.high
    pile.on(face, stuff, ([-half, half - rim], [-half + rim, half]), (0.0, high), w)
    pile.on(face, stuff, (-half, half), ([0.0, high - rim], [rim, high]), w)


def signboard(thing: Thing) -> list[Piece] | None:
    """A thin box's board with what is written on both of its sides. A lamp makes it a neon sign, unless it
    is told that it is a panel; what is told to be neon has its tubes without a lamp too."""
    if thing.kind == "array":
        return each_item(thing, signboard)
    wide, high, deep = thing.size_m
    face, other = large_faces(thing.size_m)
    if thing.kind != "box" or min(face.wide, high) < 0.25 or 2 * face.reach > 0.6:
        return None
    random = np.random.default_rng([thing.seed, 109])
    lit = thing.proxy.light is not None
    tubes = "neon" in thing.told.traits or (lit and "panel" not in thing.told.traits)
    ground = "enamel" if tubes else "own"
    pile = Pile()
    thick = 2 * face.reach
    half = face.wide / 2
    rim = min(0.06, 0.1 * min(face.wide, high))
    edge = min(0.02, 0.3 * thick)
    round_m = thing.proxy.round_m if isinstance(thing.proxy, Box) else 0.0
    if round_m > 0:
        pile.add(ground, bump_box((-wide / 2, 0, -deep / 2), (wide / 2, high, deep / 2), round_m))
        board = 0.0
    else:
        pile.on(face, ground, (-half + 0.004, half - 0.004), (0.004, high - 0.004), (-thick + edge, -edge))
        framed(pile, face, "iron", rim, (-thick, 0.0))
        board = -edge
    style = int(random.integers(3))
    for side in (face, other):
        if tubes:
            _in_tubes(pile, side, thing, rim, round_m, board)
        else:
            dark = lit or "dark" in thing.told.traits
            ink = ("iron" if lit else "dark trim") if dark else _INKS[style]
            _in_paint(pile, side, thing, rim, round_m, board, ink)
    if not (lit or tubes) and high > 0.35 and face.wide > 0.8 and thick < 0.3:
        _brackets(pile, face, thick)
    return pile.pieces()


def _in_tubes(pile: Pile, side: Face, thing: Thing, rim: float, round_m: float, board: float) -> None:
    radius = 0.32 * rim
    path = _border(side, 1.25 * rim, round_m)
    pile.add("neon", moved(tube_of_glass(path, radius, board + 0.012 + radius), onto(side, 0.0, 0.0)))
    for text, u, v, unit in _layout(side, thing, rim, TUBE):
        in_tubes(pile, side, "neon", text, u, v, board, unit)


def _in_paint(
    pile: Pile, side: Face, thing: Thing, rim: float, round_m: float, board: float, ink: str
) -> None:
    line = 0.35 * rim
    path = _border(side, 1.25 * rim, round_m)
    flat = ribbon(path, line, 0.0, side.high, (0.0, 0.0), (board - 0.01, board + 0.006))
    pile.add(ink, moved(flat, onto(side, 0.0, 0.0)))
    right = onto(side, 0.0, 0.0)[2 * (not side.along_x), 0]
    for text, u, v, unit in _layout(side, thing, rim, BRUSH):
        if ink.startswith("paint"):
            off = _SHADE * unit[1]
            a, b = (tuple(np.add(span, shift)) for span, shift in ((u, right * off), (v, -off)))
            inscribed(pile, side, "iron", text, a, b, (board - 0.02, board + 0.006), unit)
        inscribed(pile, side, ink, text, u, v, (board - 0.02, board + 0.02), unit)


Line = tuple[str, tuple[float, float], tuple[float, float], tuple[float, float]]
"""A text, the spans u and v in whose middle it stands, and its unit (letters.unit_of)."""


def _layout(side: Face, thing: Thing, rim: float, weight: float) -> list[Line]:
    """What is to be read, in lines or letter above letter: as its letters are largest."""
    margin = max(2.1 * rim, 0.11 * min(side.wide, side.high))
    inner, tall = side.wide - 2 * margin, side.high - 2 * margin
    if min(inner, tall) < 0.08:
        return []
    text = thing.told.writing
    if not text:
        # As long as it reads well this way up.
        text = name_for(max(inner, 0.8 * tall), min(0.8 * tall, max(inner, 0.4 * tall)), thing.seed)
    if not text:
        # No name is as short as that.
        return []
    lines, line_unit = _in_lines(text.split(), inner, tall, weight)
    if tall > inner:
        many = len(text.replace(" ", ""))
        gaps = _BETWEEN_LETTERS * (many - 1) + _SPACE_BELOW * text.count(" ")
        up = tall / (many * (1 + weight) + gaps)
        widest = max(GLYPHS[letter].advance for letter in text)
        unit = unit_of(widest, inner, up * (1 + weight), weight, _WIDEST_STACKED)
        if unit[1] > line_unit[1]:
            return _stacked(text, side, margin, weight, unit)
    pitch = (1 + weight + _BETWEEN_LINES) * line_unit[1]
    first = side.high / 2 + (len(lines) - 1) * pitch / 2
    u = (-inner / 2, inner / 2)
    return [(line, u, (first - k * pitch, first - k * pitch), line_unit) for k, line in enumerate(lines)]


def _stacked(text: str, side: Face, margin: float, weight: float, unit: tuple[float, float]) -> list[Line]:
    inner = side.wide / 2 - margin
    steps = [(1 + weight + _BETWEEN_LETTERS) if letter != " " else _SPACE_BELOW for letter in text]
    at = side.high / 2 + (sum(steps) - _BETWEEN_LETTERS) * unit[1] / 2
    made: list[Line] = []
    for letter, step in zip(text, steps, strict=True):
        if letter != " ":
            level = at - (1 + weight) * unit[1] / 2
            made.append((letter, (-inner, inner), (level, level), unit))
        at -= step * unit[1]
    return made


def _in_lines(
    words: list[str], wide: float, high: float, weight: float
) -> tuple[list[str], tuple[float, float]]:
    """Text in as many lines as make its letters largest, and their unit."""
    best: tuple[list[str], tuple[float, float]] = ([], (0.0, 0.0))
    for count in range(1, len(words) + 1):
        lines = _shared_out(words, count)
        longest = max(width_of(line) for line in lines)
        up = high / (len(lines) * (1 + weight) + (len(lines) - 1) * _BETWEEN_LINES)
        unit = unit_of(longest, wide, up * (1 + weight), weight)
        if unit[1] > best[1][1] * 1.0001:
            best = lines, unit
    return best


def _shared_out(words: list[str], count: int) -> list[str]:
    """Words in so many lines, each about as long as the others."""
    share = len(" ".join(words)) / count
    lines: list[str] = []
    for word in words:
        room = len(lines) < count
        if not lines or (room and len(lines[-1]) + len(word) / 2 >= share):
            lines.append(word)
        else:
            lines[-1] += " " + word
    return lines


def _border(side: Face, inset: float, round_m: float) -> Floats:
    """float64[n, 2]: once round the face at a distance from its edge, back to the start, corners rounded."""
    x, y = side.wide / 2 - inset, side.high / 2 - inset
    radius = min(max(round_m, 0.09 * min(side.wide, side.high)), 0.9 * x, 0.9 * y)
    turn = np.linspace(0, np.pi / 2, _CORNER)
    corner = radius * np.stack([np.cos(turn), np.sin(turn)], -1)
    points = []
    for k, (a, b) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        c, s = np.cos(k * np.pi / 2), np.sin(k * np.pi / 2)
        points.append(corner @ np.array([[c, s], [-s, c]]) + (a * (x - radius), b * (y - radius)))
    path = np.concatenate([*points, points[0][:1]])
    return np.asarray(path + np.array([0.0, side.high / 2]), np.float64)


def _brackets(pile: Pile, face: Face, thick: float) -> None:
    half, high = face.wide / 2, face.high
    middle = -thick / 2
    for u in (-0.55 * half, 0.55 * half):
        pile.on(
            face, "iron", (u - 0.02, u + 0.02), (high - 0.02, high + 0.06), (middle - 0.02, middle + 0.02)
        )
        pile.on(face, "iron", (u - 0.035, u + 0.035), (high + 0.03, high + 0.07), (middle, 0.13))
        pile.on(face, "lamp", (u - 0.03, u + 0.03), (high + 0.02, high + 0.032), (0.06, 0.13))
