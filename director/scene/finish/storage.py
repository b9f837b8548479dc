"""Cabinets, wardrobes, drawers, bookcases with their books; books alone."""

import math

import numpy as np

from director.scene.finish.forms import lathe, slab
from director.scene.finish.joinery import board, framed_front, handle, leg, plain_front, spread
from director.scene.finish.solids import Heap, Solid, each

__all__ = ["COVERS", "FINISHERS", "books"]

COVERS = (
    "own plain",
    "cover red",
    "cover blue",
    "cover green",
    "cover ochre",
    "own second",
    "dark trim",
    "linen",
)


def cabinet(s: Solid) -> Heap | None:
    """Doors, sometimes over drawers, in a carcass on a plinth or feet."""
    return _cabinet(s, drawers=False, tall=False)


def wardrobe(s: Solid) -> Heap | None:
    """A tall cabinet under a cornice."""
    return _cabinet(s, drawers=False, tall=True)


def chest(s: Solid) -> Heap | None:
    """A stack of drawers."""
    return _cabinet(s, drawers=True, tall=False)


def _cabinet(s: Solid, drawers: bool, tall: bool) -> Heap | None:
    wide, high, deep = s.size
    heap = Heap()
    if s.shape != "box":
        return None
    if wide < deep / 2.2 and wide < 0.3:
        return _board(s)
    if deep < 0.07 and min(wide, high) > 0.15:
        # A door by itself.
        framed_front(heap, (-wide / 2, 0), (wide / 2, high), -deep / 2, deep, "own")
        heap.add(
            "brass",
            handle((0.42 * wide, 0.55 * high, deep / 2), min(0.12, 0.3 * high), s.seed % 3, upright=True),
        )
        return heap
    if min(wide, deep) < 0.15 or high < 0.12:
        return _board(s)
    framed = s.seed % 3 != 0
    base = min(0.09, 0.12 * high)
    crown = 0.07 if tall and high > 1.2 else 0.025
    x, z = wide / 2, deep / 2
    on_feet = s.seed % 2 == 0 and high < 1.3
    inset = 0.018
    if on_feet:
        for sx in (-1, 1):
            for sz in (-1, 1):
                heap.add("own", leg((sx * (x - 0.05), sz * (z - 0.05)), base, 0.05, 1))
    else:
        heap.add("dark trim", slab((-x + 0.02, 0, -z + 0.02), (x - 0.02, base, z - 0.045)))
    heap.add("own", board((-x + inset, base, -z + 0.005), (x - inset, high - crown, z - inset - 0.006)))
    top = board((-x, high - 0.028, -z), (x, high, z), 0.008)
    heap.add("own", top)
    if crown > 0.03:
        for k, out in enumerate((0.012, 0.006)):
            heap.add(
                "own",
                board(
                    (-x + out, high - 0.028 - 0.02 * (k + 1), -z),
                    (x - out, high - 0.028 - 0.02 * k, z - out),
                    0.006,
                ),
            )
    # Sides framed, so that they are not blank.
    for yaw in (math.pi / 2, -math.pi / 2):
        side = Heap()
        framed_front(
            side, (-z + 0.02, base + 0.01), (z - 0.03, high - crown - 0.01), x - inset - 0.002, 0.014, "own"
        )
        heap.take(side, yaw=yaw)
    face, thick, reveal = z - inset - 0.008, 0.02, 0.007
    low, roof = base + 0.012, high - crown - 0.008
    columns = spread(max(1, round((wide - 0.04) / 0.55)), -x + 0.024, x - 0.024, reveal)
    if drawers:
        rows = spread(max(2, round((roof - low) / 0.22)), low, roof, reveal)
        for a, b in spread(1 if wide < 1.1 else 2, -x + 0.024, x - 0.024, reveal):
            for c, d in rows:
                _drawer(heap, a, b, c, d, face, thick, framed, s.seed)
        return heap
    split = roof
    if high < 1.2 and s.seed % 5 < 3 and roof - low > 0.45:
        split = roof - 0.16
        for a, b in columns:
            _drawer(heap, a, b, split + reveal, roof, face, thick, framed, s.seed)
    rows_of_doors = (
        [(low, split)]
        if split - low < 1.5 or tall
        else [(low, low + 0.42 * (split - low)), (low + 0.42 * (split - low) + reveal, split)]
    )
    for k, (a, b) in enumerate(columns):
        for c, d in rows_of_doors:
            if framed:
                framed_front(heap, (a, c), (b, d), face, thick, "own")
            else:
                heap.add("own", plain_front((a, c), (b, d), face, thick))
            # Pairs of doors meet at their handles.
            at = b - 0.035 if k % 2 == 0 and len(columns) > 1 else a + 0.035
            length = min(0.5 if tall and not framed else 0.14, 0.4 * (d - c))
            middle = 0.5 * (c + d) if tall or c > 0.9 else d - 0.5 * length - 0.08
            heap.add(
                "brass" if framed else "steel",
                handle((at, middle, face + thick), length, s.seed % 3, upright=True),
            )
        if k:
            # The reveal is dark: look into it.
            heap.add("dark trim", slab((a - reveal, low, face - 0.002), (a, roof, face + 0.003)))
    return heap


def _drawer(
    heap: Heap, a: float, b: float, c: float, d: float, z: float, thick: float, framed: bool, seed: int
) -> None:
    if framed:
        heap.add("own", plain_front((a, c), (b, d), z, 0.7 * thick))
        m = min(0.03, 0.2 * (d - c))
        heap.add("own", board((a + m, c + m, z), (b - m, d - m, z + thick), 0.008))
    else:
        heap.add("own", plain_front((a, c), (b, d), z, thick))
    heap.add("dark trim", slab((a, c - 0.007, z - 0.002), (b, c, z + 0.003)))
    places = [(a + b) / 2] if b - a < 0.6 else [a + 0.25 * (b - a), a + 0.75 * (b - a)]
    for x in places:
        heap.add(
            "brass" if framed else "steel", handle((x, (c + d) / 2, z + thick), 0.11, seed % 3, upright=False)
        )


def _board(s: Solid) -> Heap:
    heap = Heap()
    heap.add("own", board(s.low, s.high, min(0.008, 0.2 * min(s.size))))
    return heap


def bookcase(s: Solid) -> Heap | None:
    """Sides, boards, a back, and rows of books and objects; a thin solid is one of the boards."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    if min(s.size) < 0.12 or high < 0.3 or wide < 0.25:
        return _board(s)
    heap = Heap()
    x, z, t = wide / 2, deep / 2, 0.024
    for side in (-1, 1):
        heap.add("own", board((side * x, 0, -z), (side * (x - t), high, z), 0.004))
    heap.add("own", board((-x, high - 0.03, -z), (x, high, z), 0.006))
    heap.add("own second", slab((-x + t, 0, -z), (x - t, high - 0.03, -z + 0.012)))
    heap.add("own", board((-x + t, 0, -z + 0.02), (x - t, 0.07, z - 0.02)))
    bays = spread(max(1, round(wide / 0.9)), -x + t, x - t, t)
    for a, _ in bays[1:]:
        heap.add("own", board((a - t, 0.07, -z), (a, high - 0.03, z - 0.006)))
    random = s.random
    rows = spread(max(1, round((high - 0.1) / 0.36)), 0.07, high - 0.03, t)
    left = max(30, int(0.8 * s.budget))
    share = left // max(1, len(rows) * len(bays))
    for c, d in rows:
        if c > 0.08:
            heap.add("own", board((-x + t, c - t, -z + 0.01), (x - t, c, z - 0.008), 0.004))
        for a, b in bays:
            run = Heap()
            books(run, (a + 0.004, c, -z + 0.02), (b - 0.004, d - 0.02, z - 0.02), random, share)
            heap.take(run)
    return heap


def books(
    heap: Heap,
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    random: np.random.Generator,
    triangles: int,
) -> None:
    """A row of standing books between two corners, with a gap, a leaning one, a flat pile or a vase."""
    across, tall, deep = (b - a for a, b in zip(low, high, strict=True))
    typical = min(0.032, across / 6)
    most = max(4, triangles // 48)
    typical = max(typical, across / most)
    x, end = low[0], high[0]
    style = random.integers(0, len(COVERS), 3)
    while x < end - 0.5 * typical:
        thick = float(min(typical * random.uniform(0.6, 1.7), end - x))
        chance = random.random()
        if chance < 0.05 and end - x > 0.2 and tall > 0.15:
            # Two or three lying flat, an object on them.
            y = low[1]
            for _ in range(int(random.integers(2, 5))):
                h = float(random.uniform(0.02, 0.035))
                if y + h > low[1] + 0.6 * tall:
                    break
                _book(
                    heap,
                    (x + 0.004, y, high[2] - min(deep, 0.2)),
                    (x + 0.18, y + h, high[2] - random.uniform(0, 0.03)),
                    random,
                    1,
                )
                y += h
            x += 0.2
        elif chance < 0.09 and end - x > 0.16 and tall > 0.14:
            r, h = 0.05, min(0.2, 0.8 * tall)
            shape = [(0.5, 0), (0.9, 0.2), (1.0, 0.45), (0.6, 0.75), (0.4, 0.9), (0.5, 1.0)]
            heap.add(
                ("stone", "brass", "own second")[int(random.integers(3))],
                lathe([(a * r, b * h) for a, b in shape], 12, (x + 0.07, low[1], (low[2] + high[2]) / 2)),
            )
            x += 0.14
        elif chance < 0.12:
            x += float(random.uniform(0.02, 0.1))
        else:
            # Neighbours are often of one set.
            cover = (
                COVERS[int(style[int(random.integers(3))])]
                if random.random() < 0.6
                else COVERS[int(random.integers(len(COVERS)))]
            )
            h = tall * float(random.uniform(0.66, 0.96))
            front = high[2] - float(random.uniform(0, 0.03))
            back = max(low[2], front - deep * float(random.uniform(0.65, 0.95)))
            heap.add(cover, board((x + 0.0008, low[1], back), (x + thick - 0.0008, low[1] + h, front), 0.003))
            if thick > 0.02 and random.random() < 0.5:
                band = low[1] + h * float(random.uniform(0.65, 0.85))
                heap.add(
                    "brass",
                    slab((x + 0.002, band, front - 0.004), (x + thick - 0.002, band + 0.012, front + 0.0006)),
                )
            x += thick


def _book(
    heap: Heap,
    low: tuple[float, float, float],
    high: tuple[float, float, float],
    random: np.random.Generator,
    axis: int,
) -> None:
    """Two covers and a spine about pages; thin along `axis` (0 standing, 1 lying)."""
    cover = COVERS[int(random.integers(len(COVERS) - 1))]
    a, b = np.array(low), np.array(high)
    t = min(0.003, 0.15 * (b[axis] - a[axis]))
    inner_a, inner_b = a.copy(), b.copy()
    inner_a[axis] += t
    inner_b[axis] -= t
    spine = 2 if axis == 0 else 0
    inner_b[1 - axis] -= 0.003
    inner_a[2 - spine if axis else 2] += 0.004
    heap.add("paper", slab(list(inner_a), list(inner_b)))
    for near in (a[axis], b[axis] - t):
        c, d = a.copy(), b.copy()
        c[axis], d[axis] = near, near + t
        heap.add(cover, slab(list(c), list(d)))
    c, d = a.copy(), b.copy()
    if axis == 0:
        c[2] = d[2] - t
    else:
        d[2] = c[2] + t
    heap.add(cover, slab(list(c), list(d)))


def book(s: Solid) -> Heap | None:
    """A book lying or standing; in a row each has a cover of its own. A long box is a row of books."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    heap = Heap()
    random = s.random
    if wide > 0.45 and high > 0.12:
        books(heap, s.low, s.high, random, s.budget)
        return heap
    thin = int(np.argmin(s.size))
    if thin == 2:
        heap.add(COVERS[s.seed % 2 * 5], board(s.low, s.high, 0.002))
        return heap
    if s.budget < 200:
        heap.add(COVERS[int(random.integers(len(COVERS)))], board(s.low, s.high, 0.003))
        if thin == 0 and s.seed % 2:
            heap.add(
                "brass",
                slab(
                    (-0.42 * wide, 0.72 * high, deep / 2 - 0.004),
                    (0.42 * wide, 0.78 * high, deep / 2 + 0.0008),
                ),
            )
        return heap
    if thin == 1 and high > 0.09:
        # A pile: each a little turned on the one beneath.
        for c, d in spread(max(2, round(high / 0.035)), 0, high, 0):
            pile = Heap()
            _book(pile, (-0.48 * wide, c, -0.47 * deep), (0.48 * wide, d, 0.47 * deep), random, 1)
            heap.take(pile, yaw=float(random.uniform(-0.05, 0.05)))
        return heap
    _book(heap, s.low, s.high, random, thin)
    if thin == 1 and s.budget > 300:
        heap.add(
            "own second",
            slab((-0.25 * wide, high - 0.0005, -0.05 * deep), (0.25 * wide, high + 0.0008, 0.2 * deep)),
        )
    return heap


FINISHERS = {
    "cabinet": each(cabinet, 9.0),
    "wardrobe": each(wardrobe, 9.0),
    "chest of drawers": each(chest, 6.0),
    "buffet": each(cabinet, 9.0),
    "bookcase": each(bookcase, 14.0),
    "shelf": each(bookcase, 14.0),
    "book": each(book, 9.0),
}
