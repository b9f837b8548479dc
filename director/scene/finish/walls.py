"""Walls: skirtings, cornices, panels and linings within; plinths, copings, lintels and ledges without."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Pile, each_item, faces
from director.scene.finish.thing import Piece, Thing
from director.scene.proxies.wall import Opening, Wall

__all__ = ["FINISHERS", "pierced"]

# An opening whose sill is lower is a way through.
_DOOR_SILL_M = 0.25


@dataclass(frozen=True, slots=True)
class _Hole:
    left: float
    right: float
    low: float
    high: float

    @property
    def is_door(self) -> bool:
        return self.low < _DOOR_SILL_M


def pierced(thing: Thing) -> list[Piece] | None:
    """A wall with openings, as part of a building or of a room."""
    if not isinstance(thing.proxy, Wall):
        return None
    holes = [_hole(opening) for opening in thing.proxy.openings]
    pile = Pile()
    for part in thing.parts:
        matrix = np.asarray(part.object_from_mesh, np.float64)
        size, at = np.diag(matrix)[:3], matrix[:3, 3]
        half = np.array([size[0] / 2, 0.0, size[2] / 2])
        rise = np.array([0.0, size[1], 0.0])
        pile.box("own", at - half, at + half + rise)
    _dress(pile, thing, holes)
    return pile.pieces()


def _hole(opening: Opening) -> _Hole:
    half = opening.width / 2
    return _Hole(opening.x - half, opening.x + half, opening.y, opening.y + opening.height)


def _dress(pile: Pile, thing: Thing, holes: Sequence[_Hole]) -> None:
    wide, high, deep = thing.size_m
    front, back = faces(thing.size_m)[:2] if wide >= deep else faces(thing.size_m)[2:]
    thick = min(wide, deep)
    within = thing.class_name == "wall" and high <= 4.6 and thick <= 0.45 and high > 1.9
    for hole in holes:
        _lining(pile, front, hole, thick, within)
    for face in (front, back):
        if within:
            _room_side(pile, face, holes, thing.seed)
        else:
            _street_side(pile, face, holes, thing.seed, coping=high < 2.6 and not holes)


def _lining(pile: Pile, front: Face, hole: _Hole, thick: float, within: bool) -> None:
    """A frame half way through an opening, and glazing bars where it is a window."""
    stuff = "light trim"
    bar = 0.055
    w = (-0.5 * thick - 0.04, -0.5 * thick + 0.04)
    low, high, a, b = hole.low, hole.high, hole.left, hole.right
    pile.on(front, stuff, ([a, b - bar], [a + bar, b]), (low, high), w)
    pile.on(front, stuff, (a, b), (high - bar, high), w)
    if hole.is_door:
        pile.on(front, "wood" if within else "stone", (a, b), (low, low + 0.02), (-thick, 0.0))
        return
    pile.on(front, stuff, (a, b), (low, low + bar), w)
    if b - a < 0.5 or high - low < 0.5:
        return
    w = (-0.5 * thick - 0.02, -0.5 * thick + 0.02)
    count = max(round((b - a) / 0.75), 2)
    posts = np.linspace(a, b, count + 1)[1:-1]
    pile.on(front, stuff, (posts - 0.017, posts + 0.017), (low, high), w)
    if high - low > 1.0:
        level = low + 0.64 * (high - low)
        pile.on(front, stuff, (a, b), (level - 0.017, level + 0.017), w)


def _clear(
    half: float, holes: Sequence[_Hole], low: float, high: float, margin: float
) -> list[tuple[float, float]]:
    """The stretches of a level band that no opening cuts."""
    stretches = [(-half, half)]
    for hole in holes:
        if hole.low >= high or hole.high <= low:
            continue
        cut = []
        for a, b in stretches:
            cut += [(a, min(b, hole.left - margin)), (max(a, hole.right + margin), b)]
        stretches = [(a, b) for a, b in cut if b - a > 0.02]
    return stretches


def _moulding(
    pile: Pile, face: Face, holes: Sequence[_Hole], low: float, high: float, out: float, margin: float = 0.0
) -> None:
    for a, b in _clear(face.wide / 2, holes, low, high, margin):
        pile.on(face, "light trim", (a, b), (low, high), (-0.01, out))


def _casing(pile: Pile, face: Face, hole: _Hole, width: float) -> None:
    a, b, low, high = hole.left, hole.right, hole.low, hole.high
    foot = 0.0 if hole.is_door else low
    for grow, out in ((1.0, 0.018), (0.45, 0.026)):
        wide = width * grow
        pile.on(face, "light trim", ([a - wide, b], [a, b + wide]), (foot, high + wide), (-0.01, out))
        pile.on(face, "light trim", (a, b), (high, high + wide), (-0.01, out))
    if not hole.is_door:
        pile.on(face, "light trim", (a - width - 0.03, b + width + 0.03), (low - 0.035, low), (-0.06, 0.06))
        pile.on(face, "light trim", (a - width, b + width), (low - 0.1, low - 0.035), (-0.01, 0.02))


def _room_side(pile: Pile, face: Face, holes: Sequence[_Hole], seed: int) -> None:
    high, half, casing = face.high, face.wide / 2, 0.08
    for hole in holes:
        _casing(pile, face, hole, casing)
    _moulding(pile, face, holes, 0.0, 0.11, 0.016, casing)
    _moulding(pile, face, holes, 0.11, 0.135, 0.010, casing)
    for low, top, out in ((0.10, 0.075, 0.02), (0.075, 0.035, 0.04), (0.035, 0.0, 0.06)):
        pile.on(face, "light trim", (-half, half), (high - low, high - top - 0.001), (-0.01, out))
    style = seed % 4
    if style == 0 or face.wide < 1.2:
        return
    rail = 0.9
    if style in (1, 2):
        _moulding(pile, face, holes, rail, rail + 0.055, 0.022, casing + 0.01)
        _panels(pile, face, holes, 0.24, rail - 0.1, 0.62)
    if style == 2:
        _panels(pile, face, holes, rail + 0.18, high - 0.3, 1.05)
    if style == 3:
        # Boards up to the rail.
        _moulding(pile, face, holes, 1.1, 1.15, 0.03, casing + 0.01)
        for a, b in _clear(half, holes, 0.14, 1.1, casing):
            at = np.arange(a + 0.01, b - 0.08, 0.1)
            pile.on(face, "light trim", (at, at + 0.088), (0.135, 1.1), (-0.01, 0.012))


def _panels(pile: Pile, face: Face, holes: Sequence[_Hole], low: float, high: float, pitch: float) -> None:
    """Raised frames in a row, as wide as `pitch` and what is left over allow."""
    if high - low < 0.25:
        return
    for a, b in _clear(face.wide / 2, holes, low, high, 0.16):
        if b - a < 0.4:
            continue
        count = max(round((b - a) / pitch), 1)
        wide = (b - a) / count
        lefts = a + wide * np.arange(count) + 0.07
        rights = lefts + wide - 0.14
        for v in ((low, low + 0.03), (high - 0.03, high)):
            pile.on(face, "light trim", (lefts, rights), v, (-0.01, 0.014))
        for us in ((lefts, lefts + 0.03), (rights - 0.03, rights)):
            pile.on(face, "light trim", us, (low, high), (-0.01, 0.013))


def _street_side(pile: Pile, face: Face, holes: Sequence[_Hole], seed: int, coping: bool) -> None:
    high, half = face.high, face.wide / 2
    plinth = min(0.45, 0.2 * high)
    for a, b in _clear(half, holes, 0.0, plinth, 0.0):
        pile.on(face, "stone", (a, b), (0.0, plinth), (-0.02, 0.035))
        pile.on(face, "stone", (a, b), (plinth - 0.05, plinth), (-0.02, 0.055))
    for hole in holes:
        _masonry_hole(pile, face, hole, seed)
    if coping:
        pile.on(face, "light trim", (-half - 0.03, half + 0.03), (high - 0.1, high), (-0.05, 0.05))
    elif high > 2.6:
        _bands(pile, face, holes)
    if not holes and face.wide > 3:
        _buttresses(pile, face, seed)


def _masonry_hole(pile: Pile, face: Face, hole: _Hole, seed: int) -> None:
    a, b, low, high = hole.left, hole.right, hole.low, hole.high
    rise = min(0.22, 0.15 * (high - low) + 0.05)
    if seed % 2:
        pile.on(face, "stone", (a - 0.12, b + 0.12), (high, high + rise), (-0.05, 0.03))
        pile.on(
            face,
            "stone",
            ((a + b) / 2 - 0.09, (a + b) / 2 + 0.09),
            (high - 0.01, high + 1.2 * rise),
            (-0.05, 0.055),
        )
    else:
        pile.on(face, "light trim", ([a - 0.12, b], [a, b + 0.12]), (low, high + 0.12), (-0.05, 0.03))
        pile.on(face, "light trim", (a, b), (high, high + 0.12), (-0.05, 0.03))
        pile.on(face, "light trim", (a - 0.2, b + 0.2), (high + 0.12, high + 0.19), (-0.05, 0.09))
    if not hole.is_door:
        pile.on(face, "stone", (a - 0.1, b + 0.1), (low - 0.1, low), (-0.1, 0.07))


def _bands(pile: Pile, face: Face, holes: Sequence[_Hole]) -> None:
    """String courses between rows of openings, or every storey of a blind wall, and a head to the wall."""
    half, high = face.wide / 2, face.high
    lows = sorted({round(hole.low, 2) for hole in holes if not hole.is_door})
    levels = [low - 0.55 for low in lows] if lows else list(np.arange(3.0, high - 1.0, 3.0))
    for level in levels:
        if level < 1.0 or _clear(half, holes, level, level + 0.16, 0.0) != [(-half, half)]:
            continue
        pile.on(face, "light trim", (-half, half), (level + 0.07, level + 0.16), (-0.02, 0.055))
        pile.on(face, "light trim", (-half, half), (level, level + 0.07), (-0.02, 0.03))
    if _clear(half, holes, high - 0.32, high, 0.0) == [(-half, half)]:
        for foot, top, out in ((0.32, 0.2, 0.03), (0.22, 0.1, 0.06), (0.12, 0.0, 0.10)):
            pile.on(face, "light trim", (-half, half), (high - foot, high - top - 0.001), (-0.02, out))
        teeth = np.arange(-half + 0.1, half - 0.1, 0.34)
        pile.on(face, "light trim", (teeth, teeth + 0.15), (high - 0.3, high - 0.2), (-0.02, 0.055))


def _buttresses(pile: Pile, face: Face, seed: int) -> None:
    """Piers before a blind wall, between the panes that a material may paint on it."""
    half = face.wide / 2
    count = max(int(face.wide / 1.9 + 0.5), 1)
    edges = np.arange(count + 1) * (face.wide / count) - half
    edges = edges[:: 1 + seed % 2]
    lefts, rights = np.maximum(edges - 0.17, -half), np.minimum(edges + 0.17, half)
    head = face.high - (0.34 if face.high > 2.6 else 0.1)
    pile.on(face, "own", (lefts, rights), (0.0, head), (-0.02, 0.05))


def _wall(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _wall)
    if thing.kind == "wall":
        return pierced(thing)
    wide, high, deep = thing.size_m
    if thing.kind != "box":
        return None
    if high < 0.4 or max(wide, deep) < 0.6:
        return _strip(thing)
    pile = Pile()
    pile.box("own", [-wide / 2, 0, -deep / 2], [wide / 2, high, deep / 2])
    if min(wide, deep) <= 0.6:
        _dress(pile, thing, ())
        return pile.pieces()
    for face in faces(thing.size_m):
        _street_side(pile, face, (), thing.seed, coping=high < 2.6)
    return pile.pieces()


def _strip(thing: Thing) -> list[Piece] | None:
    """A skirting or rail: a board with a smaller one behind its edge."""
    wide, high, deep = thing.size_m
    if high > 0.4 or min(wide, deep) > 0.12 or high < 0.04:
        return None
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.box("own", [-x, 0, -z], [x, 0.78 * high, z])
    inner = 0.6 if wide > deep else 1.0
    other = 1.0 if wide > deep else 0.6
    pile.box("own", [-x * other, 0.78 * high, -z * inner], [x * other, high, z * inner])
    return pile.pieces()


FINISHERS: Mapping[str, Finish] = {"wall": _wall}
