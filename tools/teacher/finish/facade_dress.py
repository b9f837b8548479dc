"""What stands on the skin of a building, style by style: sills, lintels, ledges, cornices, shop fronts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tools.teacher.finish.blocks import Face, Pile
from tools.teacher.finish.facade_layout import Bays
from tools.teacher.finish.forms import blob, tube
from tools.teacher.finish.letters import lettering

__all__ = ["DRESSERS", "Front", "door"]

# Above so many panes a building is seen from afar, and small things on it are left out.
_MANY = 140


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """One face of a building on its way to being dressed. `count` is of all panes of the building;
    `random` is the face's own, `dice` the building's."""

    face: Face
    bays: Bays
    recess: float
    count: int
    shop: bool
    random: np.random.Generator
    dice: int

    @property
    def half(self) -> float:
        return self.face.wide / 2

    @property
    def door(self) -> int:
        return self.bays.columns // 2


def door(pile: Pile, face: Face, bays: Bays, recess: float, column: int, shop: bool) -> None:
    """Two leaves with glass in the pane, panels below it, a handle and a step."""
    left, right, low = float(bays.left[column]), float(bays.right[column]), float(bays.low[0])
    middle, back = (left + right) / 2, -recess - 0.01
    paint = "gloss paint" if shop else "wood"
    leaf = -recess + 0.04
    pile.on(face, paint, (left, right), (0.0, low), (back, leaf))
    panels = np.array([left + 0.09, middle + 0.05]), np.array([middle - 0.05, right - 0.09])
    if low > 0.45 and right - left > 0.5:
        pile.on(face, paint, panels, (0.22, low - 0.08), (leaf, leaf + 0.018))
    stiles = np.array([left, middle - 0.045, right - 0.09])
    pile.on(face, paint, (stiles, stiles + 0.09), (0.0, float(bays.high[0])), (back, leaf + 0.012))
    pile.on(face, "brass", (middle - 0.075, middle - 0.05), (low - 0.02, low + 0.28), (leaf, leaf + 0.06))
    pile.on(face, "stone", (left - 0.06, right + 0.06), (0.0, 0.06), (-recess, 0.09))
    pile.on(face, "stone", (left, right), (0.0, 0.11), (-recess, -0.02))


def _sills(pile: Pile, front: Front, stuff: str = "stone", out: float = 0.06) -> None:
    bays = front.bays
    left, right, low, _ = bays.windows()
    keep = np.ones(len(left), np.bool_)
    keep[front.door] = False
    pile.on(
        front.face,
        stuff,
        (left[keep] - 0.08, right[keep] + 0.08),
        (low[keep] - 0.10, low[keep] - 0.01),
        (-front.recess, out),
    )
    pile.on(
        front.face,
        stuff,
        (left[keep] - 0.04, right[keep] + 0.04),
        (low[keep] - 0.15, low[keep] - 0.10),
        (-0.02, out - 0.03),
    )


def _ledge(
    pile: Pile, front: Front, level: float, high: float, out: float, stuff: str = "light trim"
) -> None:
    """A string course: two mouldings right round the corner."""
    half = front.half
    pile.on(front.face, stuff, (-half - out, half + out), (level, level + 0.55 * high), (-0.02, out))
    pile.on(
        front.face,
        stuff,
        (-half - 0.6 * out, half + 0.6 * out),
        (level - 0.45 * high, level),
        (-0.02, 0.6 * out),
    )


def _cornice(pile: Pile, front: Front, brackets: bool) -> None:
    high, half = front.face.high, front.half
    room = high - float(front.bays.high[-1])
    deep = min(0.42, 0.6 * room)
    top = high - 0.09
    for share, out in ((0.0, 0.14), (0.32, 0.10), (0.75, 0.05)):
        foot = top - deep * (share + (0.3 if share < 0.7 else 0.25))
        pile.on(front.face, "light trim", (-half - out, half + out), (foot, top - deep * share), (-0.02, out))
    if brackets and front.count < 3 * _MANY:
        step = front.bays.wide / 4
        at = np.arange(-half + step / 2, half, step)
        pile.on(
            front.face,
            "light trim",
            (at - 0.06, at + 0.06),
            (top - 0.72 * deep, top - 0.28 * deep),
            (-0.02, 0.12),
        )


def _plinth(pile: Pile, front: Front, high: float, stuff: str = "stone", out: float = 0.035) -> None:
    """A foot of stone about the building, open at the door."""
    bays, half = front.bays, front.half
    a, b = float(bays.left[front.door]) - 0.02, float(bays.right[front.door]) + 0.02
    pile.on(front.face, stuff, ([-half - out, b], [a, half + out]), (0.0, high), (-0.02, out))
    pile.on(
        front.face,
        stuff,
        ([-half - out - 0.02, b], [a, half + out + 0.02]),
        (high - 0.05, high),
        (-0.02, out + 0.02),
    )


def _surround(pile: Pile, front: Front, width: float, out: float, stuff: str = "light trim") -> None:
    """An architrave raised about every pane."""
    left, right, low, high = front.bays.windows()
    keep = np.ones(len(left), np.bool_)
    keep[front.door] = False
    foot = np.where(keep, low - 0.02, 0.0)
    zero = -0.02
    pile.on(front.face, stuff, (left - width, left), (foot, high + width), (zero, out))
    pile.on(front.face, stuff, (right, right + width), (foot, high + width), (zero, out))
    pile.on(front.face, stuff, (left - 0.001, right + 0.001), (high, high + width), (zero, out))


def _curtains(pile: Pile, front: Front, share: float) -> None:
    """Curtains and half-drawn blinds, close behind the glazing bars."""
    if front.count > 2 * _MANY:
        return
    left, right, low, high = front.bays.windows()
    random, count = front.random, len(left)
    what = random.random(count)
    wide = (right - left) * random.uniform(0.16, 0.30, (2, count))
    w = (-front.recess - 0.005, -front.recess + 0.012)
    drawn = what < 0.7 * share
    drawn[front.door] = False
    pile.on(front.face, "linen", (left[drawn], (left + wide[0])[drawn]), (low[drawn], high[drawn]), w)
    pile.on(front.face, "linen", ((right - wide[1])[drawn], right[drawn]), (low[drawn], high[drawn]), w)
    blind = (what >= 0.7 * share) & (what < share)
    blind[front.door] = False
    foot = high - (high - low) * random.uniform(0.2, 0.62, count)
    pile.on(front.face, "linen", (left[blind], right[blind]), (foot[blind], high[blind]), w)


def _coolers(pile: Pile, front: Front, share: float) -> None:
    """Air conditioners in the foot of some windows."""
    if front.count > _MANY:
        return
    left, right, low, _ = front.bays.windows()
    chosen = (front.random.random(len(left)) < share) & (low > 2.5)
    middle, foot = ((left + right) / 2)[chosen], low[chosen]
    half = np.minimum(0.33, 0.45 * (right - left)[chosen])
    pile.on(front.face, "steel", (middle - half, middle + half), (foot, foot + 0.42), (-front.recess, 0.15))
    for k in range(4):
        pile.on(
            front.face,
            "iron",
            (middle - half + 0.05, middle + half - 0.05),
            (foot + 0.06 + 0.085 * k, foot + 0.10 + 0.085 * k),
            (0.14, 0.156),
        )


def _drainpipe(pile: Pile, front: Front) -> None:
    if front.random.random() < 0.5 or front.face.high < 3.5:
        return
    u = (front.half - 0.16) * (1 if front.random.random() < 0.5 else -1)
    top = front.face.high - 0.6
    ends = front.face.points([(u, 0.12, 0.16), (u, 0.2, 0.075), (u, 0.5 * top, 0.075), (u, top, 0.075)])
    pile.add("iron", tube(ends, 0.05, 8))
    levels = np.arange(1.4, top, 2.2)
    pile.on(front.face, "iron", (u - 0.07, u + 0.07), (levels, levels + 0.05), (0.0, 0.09))
    pile.on(front.face, "iron", (u - 0.12, u + 0.12), (top, top + 0.25), (-0.01, 0.15))


def _balconies(pile: Pile, front: Front, columns: list[int], rows: range) -> None:
    """Railings before the windows of some bays."""
    bays = front.bays
    for column in columns:
        a, b = float(bays.left[column]) - 0.12, float(bays.right[column]) + 0.12
        count = max(int((b - a) / 0.12), 3)
        bars = np.linspace(a + 0.02, b - 0.02, count)
        for row in rows:
            foot = float(bays.low[row]) - 0.16
            pile.on(front.face, "stone", (a - 0.05, b + 0.05), (foot - 0.10, foot), (-0.02, 0.16))
            pile.on(
                front.face,
                "iron",
                (a, b),
                ([foot + 0.08, foot + 0.86], [foot + 0.11, foot + 0.90]),
                (0.115, 0.145),
            )
            pile.on(front.face, "iron", ([a, b - 0.03], [a + 0.03, b]), (foot, foot + 0.90), (0.0, 0.145))
            pile.on(front.face, "iron", (bars - 0.009, bars + 0.009), (foot, foot + 0.88), (0.121, 0.139))


def _shop_front(pile: Pile, front: Front) -> None:
    """Painted joinery about the panes of the ground floor, with a name above."""
    bays, face, half, wide = front.bays, front.face, front.half, front.bays.wide
    paint = "gloss paint"
    head = float(bays.high[0])
    pier = 0.10 * wide
    top = min(head + 0.17 * bays.high_m, bays.high_m - 0.02)
    lefts = np.maximum(bays.edges - pier, -half - 0.06)
    pile.on(
        face, paint, (lefts, np.minimum(bays.edges + pier, half + 0.06)), (0.0, head + 0.02), (-0.02, 0.06)
    )
    pile.on(
        face,
        paint,
        (np.maximum(lefts - 0.02, -half - 0.08), np.minimum(bays.edges + pier + 0.02, half + 0.08)),
        (0.0, 0.16),
        (-0.02, 0.08),
    )
    shut = np.delete(np.arange(bays.columns), front.door)
    a, b, low = bays.left[shut], bays.right[shut], float(bays.low[0])
    pile.on(face, paint, (a - 0.02, b + 0.02), (0.0, low - 0.015), (-0.02, 0.022))
    if low > 0.5:
        middle = (a + b) / 2
        for p, q in ((a + 0.06, middle - 0.05), (middle + 0.05, b - 0.06)):
            pile.on(face, paint, (p, q), (0.2, low - 0.14), (0.0, 0.04))
    pile.on(face, "light trim", (a - 0.04, b + 0.04), (low - 0.05, low - 0.005), (-0.02, 0.05))
    pile.on(face, paint, (-half - 0.05, half + 0.05), (head + 0.015, top), (-0.02, 0.07))
    pile.on(face, paint, (-half - 0.12, half + 0.12), (top - 0.01, top + 0.06), (-0.02, 0.13))
    room = top - head - 0.1
    text = min(face.wide * 0.6, 0.75 * room * 12)
    rows = ((-text / 2, text / 2, head + 0.06, head + 0.06 + 0.8 * room),)
    for u0, u1, v0, v1 in rows:
        lettering(pile, face, "brass", (u0, u1), (v0, v1), (0.065, 0.09), front.dice)


def _tenement(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
X    upper = slice(bays.columns if front.shop else 0, None)
    # Lintels of stone with a keystone, or of bricks on end.
    lintel = min(0.24, 0.45 * float(bays.high_m) * 0.2)
    kind = front.dice % 3
    if kind == 0:
        pile.on(
            face,
            "stone",
            (left[upper] - 0.14, right[upper] + 0.14),
            (high[upper], high[upper] + lintel),
            (-0.03, 0.025),
        )
        middle = ((left + right) / 2)[upper]
        pile.on(
            face,
            "stone",
            (middle - 0.08, middle + 0.08),
            (high[upper] - 0.01, high[upper] + 1.25 * lintel),
            (-0.03, 0.05),
        )
    elif kind == 1:
        pile.on(
            face,
            "own second",
            (left[upper] - 0.06, right[upper] + 0.06),
            (high[upper], high[upper] + lintel),
            (-0.03, 0.02),
        )
        pile.on(
            face,
            "light trim",
            (left[upper] - 0.10, right[upper] + 0.10),
            (high[upper] + lintel, high[upper] + lintel + 0.06),
            (-0.03, 0.07),
        )
    else:
        pile.on(
            face,
            "light trim",
            (left[upper] - 0.10, right[upper] + 0.10),
            (high[upper], high[upper] + lintel),
            (-0.03, 0.03),
        )
        pile.on(
            face,
            "light trim",
            (left[upper] - 0.14, right[upper] + 0.14),
            (high[upper] + lintel, high[upper] + lintel + 0.07),
            (-0.03, 0.11),
        )
    if front.shop:
        _shop_front(pile, front)
    else:
        _plinth(pile, front, min(0.55, 0.6 * float(bays.low[0])))
    for row in range(1, bays.rows):
        if row in (1, bays.rows - 1) and not (front.shop and row == 1):
            _ledge(pile, front, float(bays.floors[row]) + 0.1, 0.2, 0.06)
    if face.high > 4:
        _cornice(pile, front, True)
    _curtains(pile, front, 0.55)
    _coolers(pile, front, 0.10)
    _drainpipe(pile, front)


def _stucco(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
    _sills(pile, front, "light trim")
    width = min(0.13, 0.07 * bays.wide)
    _surround(pile, front, width, 0.035)
    left, right, _, high = bays.windows()
    shutters = front.dice % 2 == 0
    if shutters and front.count <= 2 * _MANY:
        _shutters(pile, front, width + 0.01)
    else:
        pile.on(
            face,
            "light trim",
            (left - 0.2, right + 0.2),
            (high + width + 0.06, high + width + 0.13),
            (-0.02, 0.12),
        )
        pile.on(
            face,
            "light trim",
            (left - 0.12, right + 0.12),
            (high + width, high + width + 0.06),
            (-0.02, 0.07),
        )
    for row in range(1, bays.rows):
        _ledge(pile, front, float(bays.floors[row]) + 0.06, 0.16, 0.05)
    _quoins(pile, front, 0.028)
    if face.high > 4:
        _cornice(pile, front, front.dice % 5 < 3)
    if front.shop:
        _shop_front(pile, front)
    else:
        _plinth(pile, front, min(0.7, 0.7 * float(bays.low[0])))
    if bays.rows > 1 and front.count <= _MANY:
        middle = bays.columns // 2
        columns = [middle] if bays.columns < 4 else [middle - 1, middle, middle + 1][: 3 - front.dice % 2]
        _balconies(pile, front, columns, range(1, min(bays.rows, 4)))
    _curtains(pile, front, 0.45)
    _drainpipe(pile, front)


def _shutters(pile: Pile, front: Front, gap: float) -> None:
    bays, face = front.bays, front.face
    left, right, _, high = bays.windows()
    keep = np.ones(len(left), np.bool_)
    keep[: bays.columns] = not front.shop
    keep[front.door] = False
    left, right, low, high = left[keep], right[keep], low[keep], high[keep]
    wide = min(0.5 * float((bays.right - bays.left)[0]), 0.21 * bays.wide - gap)
    if wide < 0.12:
        return
    slats = np.arange(0.06, 0.97, 0.1 if front.count < 60 else 0.2)
    for a in (left - gap - wide, right + gap):
        pile.on(face, "gloss paint", (a, a + wide), (low - 0.02, high + 0.02), (-0.01, 0.035))
        if front.count <= _MANY:
            foot = (low[:, None] + (high - low)[:, None] * slats).ravel()
            starts = np.repeat(a, len(slats))
            pile.on(
                face, "gloss paint", (starts + 0.04, starts + wide - 0.04), (foot, foot + 0.035), (0.03, 0.05)
            )


def _quoins(pile: Pile, front: Front, out: float) -> None:
    half, high = front.half, front.face.high
    room = float(front.bays.left[0]) + half
    levels = np.arange(0.0, high - 0.75, 0.42)
    wide = np.where(np.arange(len(levels)) % 2 == (0 if front.face.along_x else 1), 0.52, 0.34) * min(
        1.0, room / 0.55
    )
    for side in (-1.0, 1.0):
        pile.on(
            front.face,
            "light trim",
            (side * (half + out), side * (half - wide)),
            (levels, levels + 0.39),
            (-0.02, out),
        )


def _modern(pile: Pile, front: Front) -> None:
    bays, face, half = front.bays, front.face, front.half
    foot, head = float(bays.low[0]), float(bays.high[-1])
    fins = np.concatenate([bays.left - 0.05, bays.right])
    pile.on(face, "steel", (fins, fins + 0.05), (0.0, face.high - 0.09), (-front.recess, 0.07))
    rails = np.concatenate([bays.low - 0.05, bays.high])
    pile.on(face, "steel", (-half, half), (rails, rails + 0.05), (-front.recess + 0.01, 0.03))
    # Panels between: their joints are gaps of shade.
    pile.on(
        face,
        "dark trim",
        (-half, half),
        (bays.floors[1:-1] - 0.012, bays.floors[1:-1] + 0.012),
        (-0.01, 0.004),
    )
    pile.on(
        face,
        "dark trim",
        (bays.edges[1:-1] - 0.012, bays.edges[1:-1] + 0.012),
        (0.0, face.high - 0.1),
        (-0.01, 0.004),
    )
    if front.dice % 2 == 0:
        pile.on(
            face,
            "own second",
            (bays.left, bays.right),
            (bays.high[:-1, None] + 0.05, bays.low[1:, None] - 0.05),
            (-0.02, 0.02),
        )
    pile.on(face, "stone", (-half - 0.03, half + 0.03), (0.0, min(0.25, 0.3 * foot)), (-0.02, 0.03))
    louvres = np.arange(head + 0.12, face.high - 0.12, 0.11)
    pile.on(face, "iron", (-half - 0.02, half + 0.02), (louvres, louvres + 0.05), (-0.02, 0.03))
    _curtains(pile, front, 0.3)


def _deco(pile: Pile, front: Front) -> None:
    bays, face, half = front.bays, front.face, front.half
    out = np.where(np.arange(bays.columns + 1) % 2 == 0, 0.11, 0.07)
    wide = min(0.24, 0.15 * bays.wide)
    lefts, rights = np.maximum(bays.edges - wide, -half - 0.08), np.minimum(bays.edges + wide, half + 0.08)
    pile.on(face, "light trim", (lefts, rights), (0.0, face.high - 0.3), (-0.02, out))
    pile.on(
        face,
        "light trim",
        (bays.edges - 0.4 * wide, bays.edges + 0.4 * wide),
        (0.0, face.high - 0.12),
        (-0.02, out + 0.03),
    )
    if bays.rows > 1:
        left, foot = (a.ravel() for a in np.meshgrid(bays.left, bays.high[:-1]))
        right, top = (a.ravel() for a in np.meshgrid(bays.right, bays.low[1:]))
        pile.on(face, "own second", (left, right), (foot + 0.03, top - 0.03), (-0.02, 0.025))
        if front.count < 3 * _MANY:
            middle = (left + right) / 2
            pile.on(face, "brass", (middle - 0.06, middle + 0.06), (foot + 0.08, top - 0.08), (0.0, 0.05))
    _plinth(pile, front, min(0.8, 0.8 * float(bays.low[0])))
    for row in {1, max(bays.rows - 1, 1)} if bays.rows > 1 else set():
        _ledge(pile, front, float(bays.floors[row]) + 0.12, 0.3, 0.13, "stone")
    _curtains(pile, front, 0.4)


def _warehouse(pile: Pile, front: Front) -> None:
    bays, face, half = front.bays, front.face, front.half
    wide = min(0.22, 0.11 * bays.wide)
    lefts, rights = np.maximum(bays.edges - wide, -half - 0.05), np.minimum(bays.edges + wide, half + 0.05)
    head = float(bays.high[-1])
    pile.on(face, "own", (lefts, rights), (0.0, head + 0.16), (-0.02, 0.06))
    pile.on(face, "stone", (lefts - 0.03, rights + 0.03), (0.0, 0.45), (-0.02, 0.085))
    _sills(pile, front, "stone", 0.05)
    left, right, _, high = bays.windows()
    # Flat arches: bricks on end, stepped in the middle as a segment is.
    for share, rise in ((1.0, 0.12), (0.72, 0.17), (0.42, 0.20)):
        middle, reach = (left + right) / 2, (right - left) / 2 * share + 0.08
        pile.on(face, "own second", (middle - reach, middle + reach), (high, high + rise), (-0.03, 0.022))
    teeth = np.arange(-half + 0.1, half - 0.05, 0.36)
    if front.count < 2 * _MANY:
        pile.on(face, "own", (teeth, teeth + 0.18), (head + 0.2, head + 0.34), (-0.02, 0.06))
    pile.on(face, "own", (-half - 0.07, half + 0.07), (head + 0.34, head + 0.44), (-0.02, 0.07))
    for row in range(1, bays.rows):
        _ledge(pile, front, float(bays.floors[row]) - 0.02, 0.1, 0.035, "own second")
    if front.dice % 2 == 0 and face.high > 5 and face.wide > 6:
        # A painted name between two floors, as on a gable wall.
        level = float(bays.floors[bays.rows - 1])
        room = float(bays.low[bays.rows - 1]) - float(bays.high[bays.rows - 2]) if bays.rows > 1 else 0.6
        high_m = min(0.75, 0.5 * room)
        lettering(
            pile,
            face,
            "paint white",
            (-0.36 * face.wide, 0.36 * face.wide),
            (level - 0.1, level - 0.1 + high_m),
            (0.0, 0.006 + 0.062),
            front.dice,
        )
    _drainpipe(pile, front)


def _cottage(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
    _sills(pile, front, "light trim", 0.07)
    timbered = front.dice % 3 == 0
    if timbered:
        _timbers(pile, front)
    else:
        _surround(pile, front, 0.07, 0.022)
        _shutters(pile, front, 0.08)
    _plinth(pile, front, min(0.42, 0.5 * float(bays.low[0])), "stone", 0.05)
    # A roof may stand on it: a plate under the eaves.
    pile.on(
        face,
        "wood",
        (-front.half - 0.03, front.half + 0.03),
        (face.high - 0.16, face.high - 0.002),
        (-0.02, 0.035),
    )
    if front.count <= 30:
        _flower_boxes(pile, front)
    _porch(pile, front)
    _curtains(pile, front, 0.8)
    _drainpipe(pile, front)


def _timbers(pile: Pile, front: Front) -> None:
    """Half-timbering: posts between the bays, rails at the sills and heads, studs below."""
    bays, face, half = front.bays, front.face, front.half
    top = face.high - 0.1
    posts = np.concatenate([bays.edges[1:-1], [-half + 0.07, half - 0.07]])
    pile.on(face, "wood", (posts - 0.08, posts + 0.08), (0.0, top), (-0.02, 0.028))
    near = np.concatenate([bays.left - 0.1, bays.right])
    pile.on(face, "wood", (near, near + 0.1), (0.3, top), (-0.02, 0.026))
    a, b = float(bays.left[front.door]), float(bays.right[front.door])
    for v in (*bays.low - 0.2, *bays.high):
        crossing = v < 2.0 and v < float(bays.high[0]) - 0.1
        spans = ([-half, b], [a, half]) if crossing else ([-half], [half])
        pile.on(face, "wood", spans, (v, v + 0.13), (-0.02, 0.03))


def _flower_boxes(pile: Pile, front: Front) -> None:
    left, right, low, _ = front.bays.windows()
    for i in range(len(left)):
        if i == front.door or (front.dice + i) % 2:
            continue
        a, b, foot = float(left[i]), float(right[i]), float(low[i])
        pile.on(front.face, "wood", (a, b), (foot - 0.2, foot - 0.02), (0.0, 0.15))
        count = max(int((b - a) / 0.2), 2)
        for k, u in enumerate(np.linspace(a + 0.09, b - 0.09, count)):
            at = front.face.points([(u, foot + 0.01, 0.08)])[0]
            pile.add(
                "flower" if k % 3 == 1 else "leaf", blob(at, (0.2, 0.18, 0.2), 0.35, front.dice % 1000 + k, 8)
            )


def _porch(pile: Pile, front: Front) -> None:
    bays = front.bays
    a, b = float(bays.left[front.door]) - 0.16, float(bays.right[front.door]) + 0.16
    head = float(bays.high[0])
    pile.on(front.face, "wood", (a, b), (head + 0.06, head + 0.13), (-0.02, 0.18))
    pile.on(
        front.face,
        "wood",
        ([a + 0.04, b - 0.12], [a + 0.12, b - 0.04]),
        (head - 0.14, head + 0.06),
        (-0.02, 0.12),
    )


def _hut(pile: Pile, front: Front) -> None:
    """Boards with battens over their joints, patches, and a counter under the eaves of a booth."""
    bays, face, half = front.bays, front.face, front.half
    open_bays = [(float(a), float(b)) for a, b in zip(bays.left, bays.right, strict=True)]
    posts = np.arange(-half + 0.02, half, 0.22)
    clear = np.array([not any(a - 0.06 < p < b + 0.02 for a, b in open_bays) for p in posts])
    pile.on(face, "own", (posts[clear], posts[clear] + 0.04), (0.0, face.high - 0.02), (-0.02, 0.018))
    blocked = posts[~clear]
    for foot, head in zip([0.0, *bays.high[:-1]], bays.low - 0.1, strict=True):
        pile.on(
            face,
            "own",
            (blocked, blocked + 0.04),
            (foot, head),
            (-0.02, 0.018) if foot > 0 else (-0.02, 0.016),
        )
    _sills(pile, front, "wood", 0.07)
    _surround(pile, front, 0.07, 0.03, "wood")
    corner = 0.1
    pile.on(
        face,
        "wood",
        ([-half - 0.02, half - corner], [-half + corner, half + 0.02]),
        (0.0, face.high),
        (-0.02, 0.03),
    )
    pile.on(face, "wood", (-half - 0.03, half + 0.03), (face.high - 0.14, face.high - 0.002), (-0.02, 0.035))
    for _ in range(int(front.random.integers(0, 3))):
        u, v = (
            front.random.uniform(-half + 0.3, half - 0.3),
            front.random.uniform(0.1, max(0.2, float(bays.low[0]) - 0.4)),
        )
        pile.on(face, "own second", (u - 0.25, u + 0.25), (v, v + 0.3), (0.0, 0.03))


DRESSERS: Mapping[str, Callable[[Pile, Front], None]] = {
    "tenement": _tenement,
    "stucco": _stucco,
    "modern": _modern,
    "deco": _deco,
    "warehouse": _warehouse,
    "cottage": _cottage,
    "hut": _hut,
}
