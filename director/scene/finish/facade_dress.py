"""How a building is dressed, style by style."""

from collections.abc import Callable, Mapping

import numpy as np

from director.scene.finish.blocks import Pile
from director.scene.finish.facade_parts import (
    MANY,
    Front,
    balconies,
    blinds,
    coolers,
    cornice,
    drainpipe,
    flower_boxes,
    ledge,
    plinth,
    porch,
    quoins,
    shop_front,
    shutters,
    sills,
    surround,
    timbers,
)
from director.scene.finish.letters import lettering

__all__ = ["DRESSERS"]


def _tenement(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
    left, right, _, high = bays.windows()
    sills(pile, front)
    upper = slice(bays.columns if front.shop else 0, None)
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
        shop_front(pile, front)
    else:
        plinth(pile, front, min(0.55, 0.6 * float(bays.low[0])))
    for row in range(1, bays.rows):
        if row in (1, bays.rows - 1) and not (front.shop and row == 1):
            ledge(pile, front, float(bays.floors[row]) + 0.1, 0.2, 0.06)
    if face.high > 4:
        cornice(pile, front, True)
    blinds(pile, front)
    coolers(pile, front, 0.10)
    drainpipe(pile, front)


def _stucco(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
    sills(pile, front, "light trim")
    width = min(0.13, 0.07 * bays.wide)
    surround(pile, front, width, 0.035)
    left, right, _, high = (a[bays.columns if front.shop else 0 :] for a in bays.windows())
    if front.dice % 2 == 0 and front.count <= 2 * MANY:
        shutters(pile, front, width + 0.01)
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
        ledge(pile, front, float(bays.floors[row]) + 0.06, 0.16, 0.05)
    quoins(pile, front, 0.028)
    if face.high > 4:
        cornice(pile, front, front.dice % 5 < 3)
    if front.shop:
        shop_front(pile, front)
    else:
        plinth(pile, front, min(0.7, 0.7 * float(bays.low[0])))
    if bays.rows > 1 and front.count <= MANY:
        middle = bays.columns // 2
        columns = [middle] if bays.columns < 4 else [middle - 1, middle]
        balconies(pile, front, columns, range(1, min(bays.rows, 2 + front.dice % 2)))
    blinds(pile, front)
    drainpipe(pile, front)


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
        (-0.01, 0.012),
    )
    pile.on(
        face,
        "dark trim",
        (bays.edges[1:-1] - 0.012, bays.edges[1:-1] + 0.012),
        (0.0, face.high - 0.1),
        (-0.01, 0.012),
    )
    if front.dice % 2 == 0:
        pile.on(
            face,
            "own second",
            (bays.left, bays.right),
            (bays.high[:-1, None] + 0.05, bays.low[1:, None] - 0.05),
            (-0.02, 0.02),
        )
    plinth(pile, front, min(0.3, 0.3 * foot), "stone", 0.02)
    louvres = np.arange(head + 0.12, face.high - 0.12, 0.11)
    pile.on(face, "iron", (-half - 0.02, half + 0.02), (louvres, louvres + 0.05), (-0.02, 0.03))
    blinds(pile, front)


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
        if front.count < 3 * MANY:
            middle = (left + right) / 2
            pile.on(face, "brass", (middle - 0.06, middle + 0.06), (foot + 0.08, top - 0.08), (0.0, 0.05))
    plinth(pile, front, min(0.8, 0.8 * float(bays.low[0])))
    for row in {1, max(bays.rows - 1, 1)} if bays.rows > 1 else set():
        ledge(pile, front, float(bays.floors[row]) + 0.12, 0.3, 0.13, "stone")
    blinds(pile, front)


def _warehouse(pile: Pile, front: Front) -> None:
    bays, face, half = front.bays, front.face, front.half
    wide = min(0.22, 0.11 * bays.wide)
    lefts, rights = np.maximum(bays.edges - wide, -half - 0.05), np.minimum(bays.edges + wide, half + 0.05)
    head = float(bays.high[-1])
    pile.on(face, "own", (lefts, rights), (0.0, head + 0.16), (-0.02, 0.06))
    pile.on(face, "stone", (lefts - 0.03, rights + 0.03), (0.0, 0.45), (-0.02, 0.085))
    sills(pile, front, "stone", 0.05)
    left, right, _, high = bays.windows()
    # Flat arches: bricks on end, stepped in the middle as a segment is.
    for share, rise in ((1.0, 0.12), (0.72, 0.17), (0.42, 0.20)):
        middle, reach = (left + right) / 2, (right - left) / 2 * share + 0.08
        pile.on(face, "own second", (middle - reach, middle + reach), (high, high + rise), (-0.03, 0.022))
    teeth = np.arange(-half + 0.1, half - 0.05, 0.36)
    if front.count < 2 * MANY:
        pile.on(face, "own", (teeth, teeth + 0.18), (head + 0.2, head + 0.34), (-0.02, 0.06))
    pile.on(face, "own", (-half - 0.07, half + 0.07), (head + 0.34, head + 0.44), (-0.02, 0.07))
    for row in range(1, bays.rows):
        ledge(pile, front, float(bays.floors[row]) - 0.02, 0.1, 0.035, "own second")
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
    drainpipe(pile, front)


def _cottage(pile: Pile, front: Front) -> None:
    bays, face = front.bays, front.face
    sills(pile, front, "light trim", 0.07)
    timbered = front.dice % 3 == 0
    if timbered:
        timbers(pile, front)
    else:
        surround(pile, front, 0.07, 0.022)
        shutters(pile, front, 0.08)
    plinth(pile, front, min(0.42, 0.5 * float(bays.low[0])), "stone", 0.05)
    # A roof may stand on it: a plate under the eaves.
    pile.on(
        face,
        "wood",
        (-front.half - 0.03, front.half + 0.03),
        (face.high - 0.16, face.high - 0.002),
        (-0.02, 0.035),
    )
    if front.count <= 30:
        flower_boxes(pile, front)
    porch(pile, front)
    blinds(pile, front)
    drainpipe(pile, front)


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
    sills(pile, front, "wood", 0.07)
    surround(pile, front, 0.07, 0.03, "wood")
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
