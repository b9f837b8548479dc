"""What warms a room: fireplaces whole or in parts, and radiators."""

import math

import numpy as np

from director.scene.finish.forms import blob, bump_box, disc, lathe, moved, slab, tube
from director.scene.finish.joinery import board, knob, spread
from director.scene.finish.solids import Heap, Solid, each

__all__ = ["FINISHERS"]


def radiator(s: Solid) -> Heap | None:
    """Cast columns in a row, a valve and pipes at its foot."""
    wide, high, deep = s.size
    if s.shape != "box" or high < 0.15:
        return None
    heap = Heap()
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    made = Heap()
    foot = 0.1 * high
    for a, b in spread(max(3, round(run / 0.07)), -run / 2, run / 2 - 0.03, 0.008):
        made.add(
            "own",
            bump_box((a, foot, -through / 2), (b, high, through / 2), 0.45 * (b - a))
            if run < 0.7
            else board((a, foot, -through / 2), (b, high, through / 2), 0.4 * (b - a)),
        )
    for y in (foot + 0.06 * high, high - 0.08 * high):
        made.add("own", tube([(-run / 2 + 0.02, y, 0), (run / 2 - 0.02, y, 0)], min(0.3 * through, 0.03), 8))
    for k in (-0.42, 0.42):
        made.add(
            "own", board((k * run - 0.02, 0, -0.3 * through), (k * run + 0.02, foot + 0.02, 0.3 * through))
        )
    made.add("brass", tube([(run / 2 - 0.012, 0, 0), (run / 2 - 0.012, foot + 0.08 * high, 0)], 0.009, 8))
    made.add("brass", knob((run / 2 - 0.02, foot + 0.1 * high, 0.0), 0.02))
    heap.take(made, yaw=0.0 if across else math.pi / 2)
    return heap


def fireplace(s: Solid) -> Heap | None:
    """Whole: a surround with a mantel about a firebox with logs and embers. Flat boxes are its hearth,
    mantel or opening; small ones logs."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp", "sphere"):
        return None
    heap = Heap()
    if max(s.size) < 0.6 and high < 0.25:
        _log(heap, s)
        return heap
    if s.shape != "box":
        heap.add("stone", moved(lathe([(0.5, 0), (0.5, 1)], 28), np.diag([wide, high, deep, 1.0])))
        return heap
    if high < 0.16:
        _slab_of_stone(heap, s)
    elif deep < 0.16:
        # The opening: firebrick in the dark, an iron fender and the glow of embers.
        x, z = wide / 2, deep / 2
        heap.add("dark trim", slab(s.low, (x, high, 0.2 * z)))
        for a, b in (
            ((-x, 0), (-0.9 * x, high)),
            ((0.9 * x, 0), (x, high)),
            ((-0.9 * x, high - 0.1 * x), (0.9 * x, high)),
        ):
            heap.add("iron", board((*a, 0.1 * z), (*b, z), 0.008))
        _fire(heap, 1.5 * x, 0.35 * high, 1.2 * z, 0.0, 0.2 * z, s.seed)
    else:
        _surround(heap, s)
    return heap


def _log(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    along = 0 if wide > deep else 2
    length, r_side = (wide, deep) if along == 0 else (deep, wide)
    r = min(r_side, high) / 2
    t = np.linspace(-0.5, 0.5, 7)
    random = s.random
    path = np.stack([t * length, high / 2 + 0.1 * r * np.sin(5 * t), 0.1 * r * np.cos(6 * t)], -1)
    made = Heap()
    made.add("bark", tube(path, list(r * (0.9 + 0.08 * random.normal(size=7)).clip(0.75, 1.0)), 10))
    for end in (-0.5, 0.5):
        made.add("wood", disc((end * length, high / 2, 0), 0.8 * r, 0.006, "x", 12))
    made.add(
        "ember",
        blob((0.1 * length, 0.12 * high, 0.35 * r), (0.5 * length, 0.3 * high, 0.8 * r), 0.2, s.seed, 10),
    )
    heap.take(made, yaw=0.0 if along == 0 else math.pi / 2)


def _slab_of_stone(heap: Heap, s: Solid) -> None:
    """A mantel or hearth: a moulded slab in two steps."""
    wide, high, deep = s.size
    x, z = wide / 2, deep / 2
    heap.add("own", bump_box((-x, 0.45 * high, -z), (x, high, z), 0.2 * high))
    heap.add("own", board((-x + 0.3 * high, 0, -z), (x - 0.3 * high, 0.5 * high, z - 0.3 * high), 0.01))


def _fire(heap: Heap, wide: float, high: float, deep: float, at_z: float, front: float, seed: int) -> None:
    """Logs across irons, embers under them, flames between."""
    random = np.random.default_rng([seed, 79])
    for k in range(4):
        y = 0.16 * high + 0.17 * high * (k // 2)
        z = at_z + (k % 2 - 0.5) * 0.4 * deep + front
        lean = float(random.uniform(-0.06, 0.06)) * wide
        heap.add(
            "bark",
            tube(
                [(-0.4 * wide, y + lean, z), (0.4 * wide, y - lean, z)],
                min(0.09 * high + 0.01, 0.3 * deep),
                8,
            ),
        )
    heap.add(
        "ember", blob((0, 0.05 * high, at_z + front), (0.8 * wide, 0.22 * high, 0.8 * deep), 0.18, seed, 14)
    )
    for k in range(6):
        tall = high * float(random.uniform(0.45, 0.95))
        x = (k / 5 - 0.5) * 0.6 * wide
        t = np.linspace(0, 1, 6)
        sway = 0.04 * wide * np.sin(3.5 * t + k)
        path = np.stack([x + sway, 0.1 * high + t * tall, np.full(6, at_z + front)], -1)
        heap.add(
            "ember",
            tube(
                path,
                list(np.maximum(0.06 * wide * np.sin(math.pi * (0.15 + 0.85 * t)) * (1 - 0.5 * t), 0.003)),
                7,
            ),
        )


def _surround(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    x, z = wide / 2, deep / 2
    tall = min(high, 1.35)
    jamb = 0.19 * wide
    sill, mantel = 0.06, 0.07
    opening = 0.68 * tall
    heap.add("own", board((-x, 0, -z), (x, sill, z), 0.008))
    for side in (-1, 1):
        a, b = side * x * 0.97, side * (x - jamb)
        heap.add("own", board((a, sill, -z), (b, tall - mantel, 0.8 * z), 0.008))
        heap.add("own", board((a * 0.985, sill, 0.8 * z), (b * 1.05, 0.16 * tall, 0.86 * z), 0.006))
        heap.add("own", board((a * 0.97, 0.2 * tall, 0.79 * z), (b * 1.12, opening, 0.84 * z), 0.01))
    heap.add("own", board((-x + jamb, opening, -z), (x - jamb, tall - mantel, 0.76 * z), 0.006))
    heap.add(
        "own", board((-0.5 * x, opening + 0.05, 0.74 * z), (0.5 * x, tall - mantel - 0.05, 0.8 * z), 0.01)
    )
    for k in range(2):
        heap.add(
            "own",
            board(
                (-x + 0.02 * (1 - k), tall - mantel + 0.03 * k, -z),
                (x - 0.02 * (1 - k), tall - mantel + 0.03 * (k + 1) + 0.01 * k, z - 0.03 * (1 - k)),
                0.012,
            ),
        )
    heap.add("dark trim", slab((-x + jamb, sill, -z), (x - jamb, opening, -z + 0.02)))
    for side in (-1, 1):
        heap.add(
            "dark trim", slab((side * (x - jamb), sill, -z), (side * (x - jamb - 0.01), opening, 0.7 * z))
        )
    heap.add("dark trim", slab((-x + jamb, opening - 0.01, -z), (x - jamb, opening, 0.7 * z)))
    _raised_fire = Heap()
    _fire(_raised_fire, 1.2 * (x - jamb), 0.55 * opening, 0.7 * deep, 0.0, -0.1 * z, s.seed)
    heap.take(_raised_fire, (0, sill, 0))
    if high > tall + 0.1:
        heap.add("own", board((-0.86 * x, tall, -z), (0.86 * x, high, 0.6 * z), 0.006))


FINISHERS = {
    "radiator": each(radiator, 5.0),
    "fireplace": each(fireplace, 6.0),
}
