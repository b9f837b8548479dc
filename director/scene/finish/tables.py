"""Tables, desks, counters and islands: whole ones from one box, or their tops, legs and shelves."""

import math
from itertools import pairwise

import numpy as np

from director.scene.finish.forms import lathe, moved, slab, tube
from director.scene.finish.joinery import board, framed_front, handle, leg, legs, plain_front, spread
from director.scene.finish.solids import Heap, Solid, each

__all__ = ["FINISHERS", "worktop"]


def table(s: Solid) -> Heap | None:
    """A top, a leg, a leg block, a shelf, or a whole table with something on it."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp", "sphere"):
        return None
    if s.shape in ("cylinder", "cone"):
        _round_table(heap, s)
    elif max(wide, deep) < 0.13:
        heap.add("own plain", leg((0, 0), high, min(wide, deep), s.seed % 2))
        if high > 0.2:
            heap.add("dark trim", slab((-0.2 * wide, 0, -0.2 * deep), (0.2 * wide, 0.012, 0.2 * deep)))
    elif high <= 0.14:
        worktop(heap, s)
    elif min(wide, deep) < 0.2:
        _trestle(heap, s)
    else:
        low = high < 0.55
        top = Heap()
        thick = min(0.05, 0.12 * high)
        worktop(top, Solid("box", (wide, thick, deep), s.seed))
        heap.take(top, (0, high - thick, 0))
        thick_leg = min(0.07, 0.12 * min(wide, deep))
        stand = high - thick
        legs(heap, (0.97 * wide / 2, 0.97 * deep / 2), stand, thick_leg, s.seed % 3, "own plain", 0.015)
        _apron(heap, wide, stand, deep, thick_leg, drawers=0 if low else s.seed % 3)
        if low and s.seed % 2:
            heap.add(
                "own",
                board(
                    (-0.44 * wide, 0.25 * high, -0.43 * deep),
                    (0.44 * wide, 0.25 * high + 0.02, 0.43 * deep),
                    0.004,
                ),
            )
        _stretch(heap, wide, stand, deep, s.seed)
    return heap


def _apron(heap: Heap, wide: float, top: float, deep: float, thick: float, drawers: int) -> None:
    tall = min(0.1, 0.16 * top)
    x, z = 0.47 * wide - 0.3 * thick, 0.47 * deep - 0.3 * thick
    for side in (-1, 1):
        heap.add("own", board((-x, top - tall, side * z - 0.012), (x, top, side * z + 0.012), 0.003))
        heap.add("own", board((side * x - 0.012, top - tall, -z), (side * x + 0.012, top, z), 0.003))
    if drawers:
        for a, b in spread(drawers, -0.75 * x, 0.75 * x, 0.03):
            heap.add("own", plain_front((a, top - 0.85 * tall), (b, top - 0.1 * tall), z + 0.008, 0.012))
            heap.add("brass", handle(((a + b) / 2, top - 0.48 * tall, z + 0.02), 0.08, 2, upright=False))


def _stretch(heap: Heap, wide: float, top: float, deep: float, seed: int) -> None:
    if seed % 5 < 2 and top > 0.5:
        y = 0.16 * top
        for side in (-1, 1):
            heap.add(
                "own plain",
                tube([(side * 0.45 * wide, y, -0.43 * deep), (side * 0.45 * wide, y, 0.43 * deep)], 0.016, 8),
            )
        heap.add("own plain", tube([(-0.45 * wide, y, 0), (0.45 * wide, y, 0)], 0.016, 8))


def worktop(heap: Heap, s: Solid, stuff: str = "own") -> None:
    """A board whose edge is stepped: a shadow line below, a rounded nosing above."""
    wide, high, deep = s.size
    x, z = wide / 2, deep / 2
    if high < 0.03 or min(wide, deep) < 0.2:
        heap.add(stuff, board(s.low, s.high, min(0.4 * high, max(s.round_m, 0.006))))
        return
    heap.add(stuff, board((-x, 0.32 * high, -z), (x, high, z), min(0.3 * high, max(s.round_m, 0.008))))
    inset = min(0.018, 0.04 * min(wide, deep))
    heap.add(stuff, board((-x + inset, 0, -z + inset), (x - inset, 0.36 * high, z - inset), 0.004))
    if s.round_m > 0.3 * high:
        return
    # Planed boards with end battens: grooves across both ends.
    for side in (-1, 1):
        at = side * (x - min(0.09, 0.1 * wide))
        heap.add(
            "dark trim",
            slab((at - 0.0018, high - 0.001, -z + 0.008), (at + 0.0018, high + 0.0006, z - 0.008)),
        )


def _trestle(heap: Heap, s: Solid) -> None:
    """The block under a top: two framed ends joined by a stretcher, or a panel with pillars."""
    wide, high, deep = s.size
    across = wide >= deep
    long, short = (wide, deep) if across else (deep, wide)
    made = Heap()
    x, z = long / 2, short / 2
    foot = min(0.07, 0.15 * high)
    for side in (-1, 1):
        at = side * (x - 0.045)
        made.add("own", board((at - 0.045, 0, -z), (at + 0.045, high, z), 0.012))
        made.add("own", board((at - 0.06, 0, -z * 1.1), (at + 0.06, foot, z * 1.1), 0.012))
        made.add("own", board((at - 0.055, high - foot, -z * 1.05), (at + 0.055, high, z * 1.05), 0.01))
    framed_front(made, (-x + 0.09, 0.1 * high), (x - 0.09, high - 0.4 * foot), -0.5 * z, z, "own")
    made.add("own", slab((-x + 0.1, 0.12 * high, -0.55 * z), (x - 0.1, high, -0.3 * z)))
    heap.take(made, yaw=0.0 if across else math.pi / 2)


def _round_table(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    sides = 36
    if high > 2.0 * max(wide, deep):
        turned = [
            (0.5, 0),
            (0.48, 0.02),
            (0.3, 0.05),
            (0.34, 0.2),
            (0.42, 0.4),
            (0.28, 0.55),
            (0.36, 0.6),
            (0.28, 0.65),
            (0.32, 0.9),
            (0.5, 0.97),
            (0.5, 1),
        ]
        heap.add("own", moved(lathe(turned, 18), np.diag([wide, high, deep, 1.0])))
        return
    thick = high if high <= 0.1 else min(0.05, 0.1 * high)
    top = [(0.47, 0), (0.475, 0.3), (0.5, 0.36), (0.5, 0.85), (0.49, 1.0), (0.44, 1.0)]
    matrix = np.diag([wide, thick, deep, 1.0])
    matrix[1, 3] = high - thick
    heap.add("own", moved(lathe(top, sides), matrix))
    if high > 0.1:
        stand = high - thick
        if s.seed % 2:
            pedestal = [
                (0.34, 0),
                (0.33, 0.03),
                (0.1, 0.09),
                (0.06, 0.25),
                (0.09, 0.5),
                (0.055, 0.8),
                (0.18, 1.0),
            ]
            heap.add("own", moved(lathe(pedestal, 20), np.diag([wide, stand, deep, 1.0])))
        else:
            legs(heap, (0.37 * wide, 0.37 * deep), stand, min(0.05, 0.1 * wide), 1, "own plain", 0.02)
            heap.add("own", moved(lathe([(0.36, 0.86), (0.36, 1)], 24), np.diag([wide, stand, deep, 1.0])))


def desk(s: Solid) -> Heap | None:
    """A top over two stacks of drawers, with a knee hole; other shapes as tables have them."""
    wide, high, deep = s.size
    if s.shape != "box" or high < 0.5 or wide < 0.7 or deep < 0.3:
        return table(s)
    heap = Heap()
    top = Heap()
    worktop(top, Solid("box", (wide, 0.05, deep), s.seed))
    heap.take(top, (0, high - 0.05, 0))
    stand, z = high - 0.05, 0.48 * deep
    stack = min(0.42, 0.3 * wide)
    for side in (-1, 1):
        x0 = side * 0.485 * wide
        x1 = x0 - side * stack
        low, far = min(x0, x1), max(x0, x1)
        heap.add("own", board((low, 0.05, -z), (far, stand, z - 0.018), 0.004))
        heap.add("dark trim", slab((low + 0.02, 0, -z + 0.02), (far - 0.02, 0.06, z - 0.03)))
        for a, b in spread(3, 0.07, stand - 0.012, 0.007):
            heap.add("own", plain_front((low + 0.006, a), (far - 0.006, b), z - 0.018, 0.018))
            heap.add("brass", handle(((low + far) / 2, (a + b) / 2, z), 0.1, s.seed % 3, upright=False))
    x = 0.485 * wide - stack
    heap.add("own", plain_front((-x, stand - 0.12), (x, stand - 0.01), z - 0.03, 0.018))
    heap.add("brass", handle((0, stand - 0.065, z - 0.012), 0.1, s.seed % 3, upright=False))
    heap.add("own", slab((-x, 0.2, -z + 0.03), (x, stand, -z + 0.05)))
    return heap


def counter(s: Solid) -> Heap | None:
    """Kitchen units under a worktop: plinth, doors and drawers with reveals between them."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape != "box":
        return table(s)
    if high <= 0.16:
        worktop(heap, s, "own")
        return heap
    if min(wide, deep) < 0.2 or high < 0.4:
        return table(s)
    thick = 0.045
    board = Heap()
    worktop(board, Solid("box", (wide, thick, deep), s.seed), "stone" if s.seed % 2 else "wood")
    heap.take(board, (0, high - thick, 0))
    both = 1 if wide >= 0.6 * deep else 0
    faces = [(0.0, wide, deep), (math.pi, wide, deep)] if both else []
    if deep > 1.2 or not both:
        faces += [(math.pi / 2, deep, wide), (-math.pi / 2, deep, wide)]
    heap.add(
        "own", slab((-0.48 * wide, 0.08, -deep / 2 + 0.03), (0.48 * wide, high - thick, deep / 2 - 0.03))
    )
    heap.add("dark trim", slab((-0.46 * wide, 0, -deep / 2 + 0.07), (0.46 * wide, 0.09, deep / 2 - 0.07)))
    for yaw, run, through in faces:
        front = Heap()
        z = through / 2 - 0.03
        for k, (a, b) in enumerate(
            spread(min(6, max(1, round(run / 0.55))), -0.478 * run, 0.478 * run, 0.007)
        ):
            rows = [0.09, high - thick - 0.17, high - thick - 0.01]
            if (k + s.seed) % 3 == 0:
                rows = [0.09, 0.09 + 0.38 * (high - 0.15), 0.09 + 0.7 * (high - 0.15), high - thick - 0.01]
            for low, top in pairwise(rows):
                if s.seed % 3 == 0:
                    front.add("own", plain_front((a, low), (b, top - 0.007), z, 0.02))
                else:
                    framed_front(front, (a, low), (b, top - 0.007), z, 0.02, "own")
                upright = len(rows) == 3 and low == rows[0]
                at = (b - 0.045, top - 0.15, z + 0.02) if upright else ((a + b) / 2, top - 0.05, z + 0.02)
                front.add("steel", handle(at, 0.14, s.seed % 2, upright))
        heap.take(front, yaw=yaw)
    return heap


def bar(s: Solid) -> Heap | None:
    """A counter with panels in front and a brass rail for feet."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape != "box" or high < 0.6 or min(wide, deep) < 0.2:
        return counter(s)
    top = Heap()
    worktop(top, Solid("box", (wide, 0.06, deep), s.seed), "wood")
    heap.take(top, (0, high - 0.06, 0))
    z = 0.43 * deep
    heap.add("own", slab((-0.48 * wide, 0, -0.47 * deep), (0.48 * wide, high - 0.06, z)))
    heap.add("dark trim", slab((-0.49 * wide, 0, -0.47 * deep), (0.49 * wide, 0.1, z + 0.012)))
    for a, b in spread(max(1, round(wide / 0.6)), -0.47 * wide, 0.47 * wide, 0.01):
        framed_front(heap, (a, 0.12), (b, high - 0.1), z, 0.025, "own")
    heap.add("brass", tube([(-0.49 * wide, 0.2, 0.49 * deep), (0.49 * wide, 0.2, 0.49 * deep)], 0.02, 8))
    for a, _ in spread(max(2, round(wide / 0.9)), -0.47 * wide, 0.47 * wide, 0.4):
        heap.add("brass", tube([(a, 0.2, z), (a, 0.2, 0.49 * deep)], 0.012, 6))
    return heap


def pool_table(s: Solid) -> Heap | None:
    """Cloth between cushions and wooden rails with pockets, on turned legs."""
    wide, high, deep = s.size
    if s.shape != "box" or min(wide, deep) < 0.6 or high < 0.3:
        return table(s)
    heap = Heap()
    rail, thick = 0.09 * min(wide, deep), 0.22
    x, z, low = wide / 2, deep / 2, high - min(thick, 0.4 * high)
    heap.add("wood", board((-x, low, -z), (x, high - 0.04, z), 0.02))
    heap.add("own plain", slab((-x + rail, low, -z + rail), (x - rail, high - 0.03, z - rail)))
    for side in (-1, 1):
        heap.add("wood", board((-x, high - 0.05, side * z), (x, high, side * (z - 0.6 * rail)), 0.012))
        heap.add("wood", board((side * x, high - 0.05, -z), (side * (x - 0.6 * rail), high, z), 0.012))
        heap.add(
            "own plain",
            board(
                (-x + rail, high - 0.04, side * (z - 0.55 * rail)),
                (x - rail, high - 0.005, side * (z - rail)),
                0.008,
            ),
        )
        heap.add(
            "own plain",
            board(
                (side * (x - 0.55 * rail), high - 0.04, -z + rail),
                (side * (x - rail), high - 0.005, z - rail),
                0.008,
            ),
        )
        ends = [(side * (x - 0.7 * rail), k * (z - 0.7 * rail)) for k in (-1, 1)]
        ends.append((0.0, side * (z - 0.6 * rail)) if wide > deep else (side * (x - 0.6 * rail), 0.0))
        for px, pz in ends:
            heap.add("dark trim", lathe([(0.055, high - 0.05), (0.055, high + 0.002)], 14, (px, 0, pz)))
    legs(heap, (0.92 * x, 0.92 * z), low, 0.13, 2, "wood")
    for k in range(7):
        a = k * 2.4 + s.seed
        r = 0.028
        at = (0.6 * (x - rail) * math.sin(a), high - 0.03, 0.7 * (z - rail) * math.cos(1.7 * a))
        ball = lathe([(r * math.sin(t), r - r * math.cos(t)) for t in np.linspace(0.2, 2.9, 7)], 10, at)
        heap.add(("cover red", "cover ochre", "cover blue", "paint white")[k % 4], ball)
    return heap


FINISHERS = {
    "table": each(table, 9.0),
    "coffee table": each(table, 9.0),
    "desk": each(desk, 9.0),
    "counter": each(counter, 9.0),
    "countertop": each(counter, 9.0),
    "kitchen island": each(counter, 9.0),
    "bar": each(bar, 9.0),
    "pool table": each(pool_table, 9.0),
}
