"""What stands on the skin of a building: doors, sills, ledges, cornices, railings, shop fronts."""

from dataclasses import dataclass

import numpy as np

from director.scene.finish.blocks import Face, Pile
from director.scene.finish.facade_layout import Bays
from director.scene.finish.forms import blob, tube
from director.scene.finish.letters import lettering

__all__ = [
    "MANY",
    "Front",
    "balconies",
    "blinds",
    "coolers",
    "cornice",
    "door",
    "drainpipe",
    "flower_boxes",
    "ledge",
    "plinth",
    "porch",
    "quoins",
    "shop_front",
    "shutters",
    "sills",
    "surround",
    "timbers",
]

# Above so many panes a building is seen from afar, and small things on it are left out.
MANY = 140


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


def door(pile: Pile, face: Face, bays: Bays, recess: float, column: int, paint: str) -> None:
    """Two leaves with glass in the pane, panels below it, a handle and a step."""
    left, right, low = float(bays.left[column]), float(bays.right[column]), float(bays.low[0])
    middle, back = (left + right) / 2, -recess - 0.01
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


def sills(pile: Pile, front: Front, stuff: str = "stone", out: float = 0.06) -> None:
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


def ledge(pile: Pile, front: Front, level: float, high: float, out: float, stuff: str = "light trim") -> None:
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


def cornice(pile: Pile, front: Front, brackets: bool) -> None:
    high, half = front.face.high, front.half
    room = high - float(front.bays.high[-1])
    deep = min(0.42, 0.6 * room)
    top = high - 0.09
    for share, out in ((0.0, 0.14), (0.32, 0.10), (0.75, 0.05)):
        foot = top - deep * (share + (0.3 if share < 0.7 else 0.25))
        pile.on(front.face, "light trim", (-half - out, half + out), (foot, top - deep * share), (-0.02, out))
    if brackets and front.count < 3 * MANY:
        step = front.bays.wide / 4
        at = np.arange(-half + step / 2, half, step)
        pile.on(
            front.face,
            "light trim",
            (at - 0.06, at + 0.06),
            (top - 0.72 * deep, top - 0.28 * deep),
            (-0.02, 0.12),
        )


def plinth(pile: Pile, front: Front, high: float, stuff: str = "stone", out: float = 0.035) -> None:
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


def surround(pile: Pile, front: Front, width: float, out: float, stuff: str = "light trim") -> None:
    """An architrave raised about every pane."""
    left, right, low, high = front.bays.windows()
    keep = np.ones(len(left), np.bool_)
    keep[front.door] = False
    if front.shop:
        # The joinery of a shop frames its own windows.
        left, right, low, high, keep = (a[front.bays.columns :] for a in (left, right, low, high, keep))
    foot = np.where(keep, low - 0.02, 0.0)
    zero = -0.02
    pile.on(front.face, stuff, (left - width, left), (foot, high + width), (zero, out))
    pile.on(front.face, stuff, (right, right + width), (foot, high + width), (zero, out))
    pile.on(front.face, stuff, (left - 0.001, right + 0.001), (high, high + width), (zero, out))


def blinds(pile: Pile, front: Front) -> None:
    """Half-drawn blinds in one window of seven; curtains and rooms are the shader's."""
    if front.count > 2 * MANY:
        return
    left, right, low, high = front.bays.windows()
    drawn = front.random.random(len(left)) < 0.14
    drawn[front.door] = False
    foot = high - (high - low) * front.random.uniform(0.15, 0.5, len(left))
    w = (-front.recess - 0.005, -front.recess + 0.012)
    pile.on(front.face, "linen", (left[drawn], right[drawn]), (foot[drawn], high[drawn]), w)


def coolers(pile: Pile, front: Front, share: float) -> None:
    """Air conditioners in the foot of some windows."""
    if front.count > MANY:
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


def drainpipe(pile: Pile, front: Front) -> None:
    if front.random.random() < 0.5 or front.face.high < 3.5:
        return
    u = (front.half - 0.16) * (1 if front.random.random() < 0.5 else -1)
    top = front.face.high - 0.6
    ends = front.face.points([(u, 0.12, 0.16), (u, 0.2, 0.075), (u, 0.5 * top, 0.075), (u, top, 0.075)])
    pile.add("iron", tube(ends, 0.05, 8))
    levels = np.arange(1.4, top, 2.2)
    pile.on(front.face, "iron", (u - 0.07, u + 0.07), (levels, levels + 0.05), (0.0, 0.09))
    pile.on(front.face, "iron", (u - 0.12, u + 0.12), (top, top + 0.25), (-0.01, 0.15))


def balconies(pile: Pile, front: Front, columns: list[int], rows: range) -> None:
    """Railings before the windows of some bays."""
    bays = front.bays
    for column in columns:
        a, b = float(bays.left[column]) - 0.12, float(bays.right[column]) + 0.12
        count = max(int((b - a) / 0.145), 3)
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


def shop_front(pile: Pile, front: Front) -> None:
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


def shutters(pile: Pile, front: Front, gap: float) -> None:
    bays, face = front.bays, front.face
    left, right, low, high = bays.windows()
    keep = np.ones(len(left), np.bool_)
    keep[: bays.columns] = not front.shop
    keep[front.door] = False
    left, right, low, high = left[keep], right[keep], low[keep], high[keep]
    wide = min(0.5 * float((bays.right - bays.left)[0]), 0.21 * bays.wide - gap)
    if wide < 0.12:
        return
    slats = np.arange(0.06, 0.9, 0.1 if front.count <= 20 else 0.22)
    for a in (left - gap - wide, right + gap):
        pile.on(face, "gloss paint", (a, a + wide), (low - 0.02, high + 0.02), (-0.01, 0.035))
        if front.count <= 60:
            foot = (low[:, None] + (high - low)[:, None] * slats).ravel()
            starts = np.repeat(a, len(slats))
            pile.on(
                face,
                "gloss paint",
                (starts + 0.04, starts + wide - 0.04),
                (foot, foot + (0.035 if front.count <= 20 else 0.1)),
                (0.03, 0.047),
            )


def quoins(pile: Pile, front: Front, out: float) -> None:
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


def timbers(pile: Pile, front: Front) -> None:
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


def flower_boxes(pile: Pile, front: Front) -> None:
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
                "flower" if k % 3 == 1 else "leaf",
                blob(at, (0.23, 0.22, 0.22), 0.3, front.dice % 1000 + k, 10),
            )


def porch(pile: Pile, front: Front) -> None:
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
