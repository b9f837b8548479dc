"""Kitchens: stoves, ovens, refrigerators, washers, extractors."""

import math

import numpy as np

from director.scene.finish.forms import bump_box, disc, extruded, lathe, moved, slab, tube
from director.scene.finish.joinery import board, handle, plain_front, spread
from director.scene.finish.solids import Floats, Heap, Solid, each

__all__ = ["FINISHERS"]


def _case(heap: Heap, s: Solid, plinth: float = 0.06, stuff: str = "own") -> float:
    """The body of an appliance behind its front; gives where (z) the front starts."""
    wide, high, deep = s.size
    x, z = wide / 2, deep / 2
    face = z - min(0.045, 0.1 * deep)
    heap.add(stuff, board((-x, plinth, -z), (x, high, face), 0.008))
    if plinth:
        heap.add("dark trim", slab((-x + 0.02, 0, -z + 0.02), (x - 0.02, plinth, face - 0.05)))
    return face


def refrigerator(s: Solid) -> Heap | None:
    """Two doors with rounded fronts, a dark seam between, long handles, a badge."""
    wide, high, deep = s.size
    if s.shape != "box" or min(s.size) < 0.25:
        return None
    heap = Heap()
    face = _case(heap, s)
    z, x = deep / 2, wide / 2
    heap.add("rubber", slab((-x + 0.006, 0.065, face - 0.002), (x - 0.006, high - 0.004, face + 0.01)))
    side_by_side = wide > 0.85 and s.seed % 2 == 0
    split = high * (0.64 if s.seed % 3 else 0.4)
    if side_by_side:
        doors = [((-x, 0.065), (-0.004, high)), ((0.004, 0.065), (x, high))]
    elif high > 1.1:
        doors = [((-x, 0.065), (x, split - 0.004)), ((-x, split + 0.004), (x, high))]
    else:
        doors = [((-x, 0.065), (x, high))]
    for k, (low, top) in enumerate(doors):
        heap.add("own", bump_box((*low, face + 0.008), (*top, z), 0.016))
        tall = min(0.55, 0.6 * (top[1] - low[1]))
        at_x = (x - 0.05) if not side_by_side else (-0.05, 0.05)[k]
        at_y = top[1] - 0.08 - tall / 2 if low[1] < 0.1 else low[1] + 0.06 + tall / 2
        heap.add(
            "chrome",
            tube(
                [
                    (at_x, at_y - tall / 2, z),
                    (at_x, at_y - tall / 2 + 0.01, z + 0.02),
                    (at_x, at_y + tall / 2 - 0.01, z + 0.02),
                    (at_x, at_y + tall / 2, z),
                ],
                0.009,
                8,
            ),
        )
    heap.add("chrome", slab((-0.06, high - 0.09, z - 0.001), (0.06, high - 0.07, z + 0.002)))
    return heap


def stove(s: Solid) -> Heap | None:
    """A cooker: rings and pans' grates above, knobs, an oven door with a window."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("cylinder", "cone"):
        # A pot-bellied iron stove.
        belly = [
            (0.36, 0),
            (0.36, 0.06),
            (0.42, 0.1),
            (0.5, 0.3),
            (0.5, 0.42),
            (0.36, 0.62),
            (0.4, 0.66),
            (0.4, 0.7),
            (0.16, 0.74),
            (0.16, 1.0),
        ]
        heap.add("iron", moved(lathe(belly, 28), np.diag([wide, high, deep, 1.0])))
        heap.add(
            "ember", board((-0.14 * wide, 0.24 * high, 0.4 * deep), (0.14 * wide, 0.36 * high, 0.496 * deep))
        )
        return heap
    if s.shape != "box" or min(wide, deep) < 0.25:
        return None
    if high <= 0.2:
        heap.add("own", board(s.low, s.high, 0.01))
        _rings(heap, s)
        return heap
    face = _case(heap, s)
    _rings(heap, Solid("box", (wide, high, deep), s.seed))
    _oven_front(heap, wide, 0.1, high - 0.13, face, deep / 2)
    heap.add(
        "own second",
        plain_front((-wide / 2, high - 0.12), (wide / 2, high - 0.012), face, deep / 2 - face - 0.01),
    )
    for a, b in spread(5, -0.42 * wide, 0.42 * wide, 0.02):
        heap.add("chrome", disc(((a + b) / 2, high - 0.066, deep / 2 - 0.004), 0.021, 0.028, "z", 14))
        heap.add(
            "dark trim",
            slab(
                ((a + b) / 2 - 0.002, high - 0.066, deep / 2 + 0.01),
                ((a + b) / 2 + 0.002, high - 0.046, deep / 2 + 0.0115),
            ),
        )
    return heap


def _rings(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    heap.add(
        "dark trim",
        slab((-0.47 * wide, high - 0.001, -0.46 * deep), (0.47 * wide, high + 0.002, 0.44 * deep)),
    )
    for sx in (-1, 1):
        for sz in (-1, 1):
            r = (0.16 if sx * sz > 0 else 0.13) * min(wide, deep)
            at = (sx * 0.23 * wide, high + 0.002, sz * 0.23 * deep)
            heap.add(
                "iron",
                lathe(
                    [
                        (r, 0),
                        (r, 0.008),
                        (0.8 * r, 0.01),
                        (0.78 * r, 0.004),
                        (0.3 * r, 0.004),
                        (0.28 * r, 0.012),
                    ],
                    20,
                    at,
                ),
            )
            for k in range(4):
                a = k * math.pi / 2 + 0.78
                heap.add(
                    "iron",
                    tube(
                        [
                            (at[0] + 0.35 * r * math.cos(a), high + 0.014, at[2] + 0.35 * r * math.sin(a)),
                            (at[0] + 1.15 * r * math.cos(a), high + 0.014, at[2] + 1.15 * r * math.sin(a)),
                        ],
                        0.005,
                        4,
                    ),
                )


def _oven_front(heap: Heap, wide: float, low: float, high: float, face: float, z: float) -> None:
    """A door with a dark window in a frame and a bar to pull it by."""
    x = 0.49 * wide
    heap.add("own", bump_box((-x, low, face), (x, high, z - 0.006), 0.008))
    y0, y1 = low + 0.22 * (high - low), high - 0.26 * (high - low)
    heap.add("glass", slab((-0.76 * x, y0, z - 0.007), (0.76 * x, y1, z - 0.002)))
    for a, b in (((-0.8 * x, y0 - 0.02), (0.8 * x, y0)), ((-0.8 * x, y1), (0.8 * x, y1 + 0.02))):
        heap.add("steel", slab((*a, z - 0.007), (*b, z)))
    y = high - 0.09 * (high - low)
    heap.add(
        "chrome",
        tube(
            [
                (-0.8 * x, y, z - 0.01),
                (-0.78 * x, y, z + 0.022),
                (0.78 * x, y, z + 0.022),
                (0.8 * x, y, z - 0.01),
            ],
            0.01,
            8,
        ),
    )


def oven(s: Solid) -> Heap | None:
    """A built-in oven, or a microwave: a window, a panel with a clock and buttons."""
    wide, high, deep = s.size
    if s.shape != "box" or min(s.size) < 0.15:
        return None
    if high > 0.62:
        return stove(s)
    heap = Heap()
    face = _case(heap, s, 0.0)
    z, x = deep / 2, wide / 2
    heap.add("own", bump_box((-x, 0.01, face), (0.46 * x, high - 0.01, z - 0.004), 0.008))
    heap.add("glass", slab((-0.88 * x, 0.16 * high, z - 0.005), (0.3 * x, 0.84 * high, z)))
    heap.add("dark trim", slab((0.5 * x, 0.03, face), (0.97 * x, high - 0.03, z - 0.004)))
    heap.add("screen", slab((0.56 * x, 0.76 * high, z - 0.005), (0.9 * x, 0.88 * high, z - 0.002)))
    for c, d in spread(4, 0.12 * high, 0.68 * high, 0.02 * high):
        for a, b in spread(3, 0.56 * x, 0.9 * x, 0.02 * x):
            heap.add("steel", board((a, c, z - 0.005), (b, d, z - 0.001), 0.002))
    heap.add("chrome", handle((0.4 * x, 0.5 * high, z - 0.004), 0.6 * high, 0, upright=True))
    return heap


def washer(s: Solid) -> Heap | None:
    """A porthole in a chrome ring, a panel with a dial and a drawer for soap."""
    wide, high, deep = s.size
    if s.shape != "box" or min(wide, deep) < 0.25 or high < 0.4:
        return None
    heap = Heap()
    face = _case(heap, s, 0.04)
    z, x = deep / 2, wide / 2
    heap.add("own", bump_box((-x, 0.045, face), (x, high, z - 0.02), 0.012))
    r, y = 0.34 * min(wide, 0.8 * high), 0.45 * high
    heap.add(
        "chrome",
        moved(lathe([(r, 0), (r, 0.018), (0.9 * r, 0.034), (0.78 * r, 0.026)], 32), _facing(0, y, z - 0.022)),
    )
    heap.add(
        "glass",
        moved(
            lathe([(0.78 * r, 0.02), (0.7 * r, 0.01), (0.4 * r, 0.034), (0.1 * r, 0.038)], 24),
            _facing(0, y, z - 0.022),
        ),
    )
    heap.add("steel", handle((0.86 * r, y, z), 0.3 * r, 1, upright=True))
    heap.add("own second", slab((-0.94 * x, 0.84 * high, z - 0.021), (0.94 * x, 0.965 * high, z - 0.014)))
    heap.add("own", board((-0.9 * x, 0.855 * high, z - 0.02), (-0.3 * x, 0.95 * high, z - 0.006)))
    heap.add("chrome", disc((0.25 * x, 0.9 * high, z - 0.004), 0.035, 0.03, "z", 18))
    heap.add("screen", slab((0.5 * x, 0.87 * high, z - 0.016), (0.84 * x, 0.935 * high, z - 0.011)))
    return heap


def dishwasher(s: Solid) -> Heap | None:
    """A flat door with a panel and a recessed grip."""
    wide, high, deep = s.size
    if s.shape != "box" or min(wide, deep) < 0.25 or high < 0.3:
        return None
    heap = Heap()
    face = _case(heap, s, 0.09)
    z, x = deep / 2, wide / 2
    heap.add("own", bump_box((-0.99 * x, 0.095, face), (0.99 * x, 0.84 * high, z), 0.008))
    heap.add("steel", bump_box((-0.99 * x, 0.85 * high, face), (0.99 * x, high - 0.005, z), 0.006))
    heap.add("dark trim", slab((-0.3 * x, 0.872 * high, z - 0.001), (0.3 * x, 0.9 * high, z + 0.0015)))
    heap.add("screen", slab((0.55 * x, 0.91 * high, z - 0.001), (0.8 * x, 0.955 * high, z + 0.0015)))
    heap.add("chrome", handle((0, 0.78 * high, z), 0.7 * wide, 0, upright=False))
    return heap


def _facing(x: float, y: float, z: float) -> Floats:
    """Turns what stands along y to look along +z, at a place."""
    matrix = np.eye(4)
    matrix[:3, :3] = [[1, 0, 0], [0, 0, -1], [0, 1, 0]]
    matrix[:3, 3] = x, y, z
    return matrix


def hood(s: Solid) -> Heap | None:
    """An extractor: a skirt that narrows to its duct."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp") or min(s.size) < 0.1:
        return None
    heap = Heap()
    rim = min(0.09, 0.3 * high)
    heap.add("own", board((-wide / 2, 0, -deep / 2), (wide / 2, rim, deep / 2)))
    n = 0.16 * wide
    heap.add(
        "own",
        extruded(
            [
                (-wide / 2 + 0.01, rim),
                (wide / 2 - 0.01, rim),
                (n, 0.55 * high),
                (n, high),
                (-n, high),
                (-n, 0.55 * high),
            ],
            -deep / 2,
            0.2 * deep,
            "z",
        ),
    )
    heap.add("dark trim", slab((-0.46 * wide, -0.002, -0.44 * deep), (0.46 * wide, 0.002, 0.44 * deep)))
    for k in (-1, 1):
        heap.add("lamp", disc((k * 0.3 * wide, -0.002, 0.25 * deep), 0.03, 0.006, "y", 14))
    return heap


FINISHERS = {
    "refrigerator": each(refrigerator, 5.0),
    "stove": each(stove, 4.0),
    "oven": each(oven, 4.0),
    "microwave": each(oven, 3.0),
    "washer": each(washer, 4.0),
    "dishwasher": each(dishwasher, 4.0),
    "hood": each(hood, 4.0),
}
