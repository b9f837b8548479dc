"""What closes openings: windows in their frames, and doors."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Pile, each_item, large_faces
from director.scene.finish.car import glazed_block
from director.scene.finish.fittings import laid, upright
from director.scene.finish.forms import bump_box, lathe, turned
from director.scene.finish.thing import Piece, Thing

__all__ = ["FINISHERS"]


def _windowpane(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _windowpane, 14_000)
    wide, high, deep = thing.size_m
    if thing.kind == "box" and 0.02 < high < 0.3 and max(wide, deep) > 0.4:
        return _sill(thing)
    if thing.kind != "box" or high < 0.3:
        return None
    if min(wide, deep) > 0.25:
        return _cabin(thing)
    face, other = large_faces(thing.size_m)
    if face.wide < 0.3:
        return None
    pile = Pile()
    thick = 2 * face.reach
    half = face.wide / 2
    rim = min(0.07, 0.09 * min(face.wide, high))
    glass = -0.35 * thick
    # The pane is what the object is: "warm lit windows" is said of the glass.
    pile.on(face, "own", (-half + 0.01, half - 0.01), (0.01, high - 0.01), (glass - 0.3 * thick, glass))
    through = (-thick - 0.012, 0.012)
    pile.on(face, "light trim", ([-half, half - rim], [-half + rim, half]), (0.0, high), through)
    pile.on(face, "light trim", (-half, half), ([0.0, high - rim], [rim, high]), through)
    columns = max(round(face.wide / 0.75), 1)
    bar = max(0.35 * rim, 0.014)
    posts = np.linspace(-half, half, columns + 1)[1:-1]
    inner = (-thick - 0.004, 0.004)
    pile.on(face, "light trim", (posts - bar, posts + bar), (rim, high - rim), inner)
    if high > 0.9:
        level = 0.62 * high
        pile.on(face, "light trim", (-half + rim, half - rim), (level - bar, level + bar), inner)
    if high > 0.8 and face.wide > 0.6:
        for side in (face, other):
            pile.on(side, "light trim", (-half - 0.05, half + 0.05), (-0.035, 0.02), (-0.02, 0.06))
            pile.on(
                side, "light trim", (-half - 0.03, half + 0.03), (high - 0.01, high + 0.03), (-0.02, 0.03)
            )
    return pile.pieces()


def _sill(thing: Thing) -> list[Piece]:
    """A board under a window: a rounded nose on a thinner bed mould."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.add("own", bump_box((-x, 0.35 * high, -z), (x, high, z), 0.25 * high))
    pile.box("own", [-0.98 * x, 0.0, -0.9 * z], [0.98 * x, 0.5 * high, 0.9 * z])
    return pile.pieces()


def _cabin(thing: Thing) -> list[Piece] | None:
    """The glass of a vehicle: a cabin with roof and posts, or what of one shows under a roof of its own."""
    wide, high, deep = thing.size_m
    if high >= 0.45 and min(wide, deep) >= 0.8 and max(wide, deep) >= 1.2:
        return laid(thing, glazed_block(upright(thing), "dark trim"))
    x, z = wide / 2, deep / 2
    radius = min(0.12, 0.3 * min(thing.size_m))
    pile = Pile()
    pile.add("glass", bump_box((-x, 0, -z), (x, high, z), radius))
    if high < 0.3 or deep < 0.8:
        return pile.pieces()
    for side in (-1.0, 1.0):
        for at in (-0.1 * deep,):
            pile.box(
                "dark trim", [side * x - 0.004, 0.0, at - 0.03], [side * x + 0.004, high - radius, at + 0.03]
            )
    return pile.pieces()


def _door(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _door)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or high < 1.2 or min(wide, deep) > 0.5:
        return None
    face, other = large_faces(thing.size_m)
    if face.wide < 0.4:
        return None
    pile = Pile()
    if thing.class_name == "screen door":
        _screen(pile, face)
        return pile.pieces()
    random = np.random.default_rng([thing.seed, 107])
    half, thick = face.wide / 2, 2 * face.reach
    if face.wide > 1.8 and high < 1.5 * face.wide:
        _shutter(pile, face, thick)
        return pile.pieces()
    rim = min(0.075, 0.08 * face.wide)
    through = (-thick - 0.012, 0.012)
    pile.on(face, "light trim", ([-half, half - rim], [-half + rim, half]), (0.0, high), through)
    pile.on(face, "light trim", (-half, half), (high - rim, high), through)
    pile.on(face, "stone", (-half, half), (0.0, 0.03), (-thick - 0.03, 0.03))
    sunk = min(0.02, 0.3 * thick)
    a, b, foot, head = -half + rim, half - rim, 0.03, high - rim
    pile.on(face, "own", (a + 0.004, b - 0.004), (foot, head - 0.004), (-thick + sunk, -sunk))
    leaves = [(a, b)] if face.wide < 1.5 else [(a, 0.0), (0.0, b)]
    style = int(random.integers(4))
    for side in (face, other):
        for left, right in leaves:
            _leaf(pile, side, left, right, foot, head, sunk, style)
    return pile.pieces()


def _leaf(
    pile: Pile, side: Face, left: float, right: float, foot: float, head: float, sunk: float, style: int
) -> None:
    """Stiles and rails about raised panels, a light above in some, a handle, a letter plate."""
    out = -sunk + 0.014
    stile = 0.13 * (right - left)
    tall = head - foot
    w = (-sunk - 0.01, out)
    pile.on(side, "own plain", ([left, right - stile], [left + stile, right]), (foot, head), w)
    cuts = {0: (0.0, 0.42, 1.0), 1: (0.0, 0.30, 0.62, 1.0), 2: (0.0, 0.45, 0.55, 1.0), 3: (0.0, 1.0)}[style]
    for k, cut in enumerate(cuts):
        level = foot + cut * tall
        rail = 0.2 if k == 0 else 0.11
        low = level if k == 0 else level - (rail if k == len(cuts) - 1 else rail / 2)
        pile.on(side, "own plain", (left, right), (low, low + rail), w)
    inner_left, inner_right = left + stile, right - stile
    for k, (a, b) in enumerate(pairwise(cuts)):
        low = foot + a * tall + (0.2 if k == 0 else 0.055) + 0.035
        high = foot + b * tall - (0.11 if k == len(cuts) - 2 else 0.055) - 0.035
        if high - low < 0.12:
            continue
        if k == len(cuts) - 2 and style in (0, 1):
            pile.on(
                side,
                "glass",
                (inner_left - 0.01, inner_right + 0.01),
                (low - 0.04, high + 0.04),
                (-0.05, -sunk + 0.004),
            )
            middle = (inner_left + inner_right) / 2
            pile.on(side, "own plain", (middle - 0.015, middle + 0.015), (low - 0.04, high + 0.04), w)
            pile.on(
                side,
                "own plain",
                (inner_left, inner_right),
                ((low + high) / 2 - 0.015, (low + high) / 2 + 0.015),
                w,
            )
            continue
        middle = (inner_left + inner_right) / 2
        columns = (
            [(inner_left, inner_right)]
            if style == 3
            else [(inner_left, middle - 0.04), (middle + 0.04, inner_right)]
        )
        if style != 3:
            pile.on(side, "own plain", (middle - 0.04, middle + 0.04), (low - 0.04, high + 0.04), w)
        for p, q in columns:
            if q - p > 0.1:
                pile.on(side, "own plain", (p + 0.03, q - 0.03), (low, high), (-sunk - 0.01, -sunk + 0.01))
    # The handle is on the side of +z's right hand, on both sides of the door the same edge.
    u = right - 0.55 * stile
    pile.on(side, "brass", (u - 0.02, u + 0.02), (foot + 0.92, foot + 1.14), (out - 0.01, out + 0.006))
    pile.on(side, "brass", (u - 0.11, u + 0.012), (foot + 1.04, foot + 1.062), (out + 0.03, out + 0.05))
    pile.on(side, "brass", (u - 0.01, u + 0.012), (foot + 1.04, foot + 1.062), (out, out + 0.05))
    pile.on(side, "brass", (left + stile, inner_right), (foot + 0.03, foot + 0.14), (out - 0.01, out + 0.003))


def _shutter(pile: Pile, face: Face, thick: float) -> None:
    """A rolling shutter: laths, rails at its sides, a box for the roll above."""
    half, high = face.wide / 2, face.high
    pile.on(face, "own", (-half, half), (0.0, high), (-thick + 0.02, -0.02))
    laths = np.arange(0.1, high - 0.35, 0.095)
    pile.on(face, "own plain", (-half + 0.06, half - 0.06), (laths, laths + 0.07), (-thick + 0.002, -0.002))
    pile.on(face, "iron", ([-half, half - 0.07], [-half + 0.07, half]), (0.0, high), (-thick - 0.02, 0.02))
    pile.on(face, "steel", (-half, half), (high - 0.3, high), (-thick - 0.03, 0.05))
    pile.on(face, "iron", (-half + 0.06, half - 0.06), (0.0, 0.09), (-thick - 0.01, 0.012))
    pile.on(face, "steel", (-0.14, 0.14), (0.12, 0.15), (0.0, 0.03))


def _screen(pile: Pile, face: Face) -> None:
    half, high, thick = face.wide / 2, face.high, 2 * face.reach
    pile.on(face, "glass", (-half + 0.02, half - 0.02), (0.02, high - 0.02), (-0.6 * thick, -0.4 * thick))
    count = max(round(face.wide / 0.9), 1)
    edges = np.linspace(-half, half, count + 1)
    bars = np.concatenate([edges[:-1], edges[1:] - 0.06])
    pile.on(face, "own", (bars, bars + 0.06), (0.0, high), (-thick, 0.0))
    pile.on(
        face,
        "own",
        (-half, half),
        ([0.0, high - 0.07, 0.48 * high], [0.1, high, 0.48 * high + 0.05]),
        (-thick, 0.0),
    )
    for edge in edges[1:-1] if count > 1 else edges[-1:]:
        knob = lathe([(0.012, 0.0), (0.025, 0.03), (0.02, 0.05)], 10)
        at = face.points([(edge - 0.1, 1.0, 0.0)])[0]
        pile.add("steel", turned(knob, 0.0 if face.along_x else 1.5708, 1.5708, 0.0, at))


FINISHERS: Mapping[str, Finish] = {
    "windowpane": _windowpane,
    "door": _door,
    "screen door": _door,
}
