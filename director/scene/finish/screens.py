"""Televisions, computers, monitors, cinema screens and arcade machines: bezels, stands, what they show."""

import numpy as np

from director.scene.finish.forms import bump_box, disc, slab, tube
from director.scene.finish.joinery import board, spread
from director.scene.finish.solids import Heap, Solid, each

__all__ = ["FINISHERS"]


def _panel(
    heap: Heap, x: float, low: float, high: float, z: float, rim: float, seed: int, shows: bool = True
) -> None:
    """A lit panel in a dark rim, with a picture of a few bands and blocks."""
    heap.add("screen", slab((-x + rim, low + rim, z - 0.004), (x - rim, high - rim, z - 0.002)))
    if shows:
        _shown(heap, x - rim, low + rim, high - rim, z - 0.002, seed)
    for a, b in (
        ((-x, low), (-x + rim, high)),
        ((x - rim, low), (x, high)),
        ((-x + rim, low), (x - rim, low + rim)),
        ((-x + rim, high - rim), (x - rim, high)),
    ):
        heap.add("dark trim", board((*a, z - 0.008), (*b, z), 0.002))


def _shown(heap: Heap, x: float, low: float, high: float, z: float, seed: int) -> None:
    """What is on: a horizon with sun and figures, or lines of text beside a column."""
    random = np.random.default_rng([seed, 83])
    tall = high - low
    if seed % 2:
        heap.add("cover blue", slab((-x, low + 0.55 * tall, z), (x, high, z + 0.0006)))
        heap.add("cover green", slab((-x, low, z), (x, low + 0.32 * tall, z + 0.0006)))
        heap.add("lamp", disc((0.4 * x, low + 0.68 * tall, z + 0.0008), 0.11 * tall, 0.001, "z", 18))
        for k in range(3):
            at = float(random.uniform(-0.8, 0.8)) * x
            heap.add(
                "dark trim",
                slab(
                    (at - 0.05 * tall, low + 0.1 * tall, z),
                    (at + 0.05 * tall, low + (0.4 + 0.1 * k) * tall, z + 0.001),
                ),
            )
        return
    heap.add(
        "paint white", slab((-0.94 * x, low + 0.06 * tall, z), (0.5 * x, high - 0.16 * tall, z + 0.0006))
    )
    for c, d in spread(9, low + 0.1 * tall, high - 0.2 * tall, 0.025 * tall):
        end = float(random.uniform(-0.2, 0.45))
        heap.add("dark trim", slab((-0.88 * x, c, z), (end * x, c + 0.5 * (d - c), z + 0.001)))
    heap.add("cover blue", slab((0.56 * x, low + 0.06 * tall, z), (0.94 * x, high - 0.16 * tall, z + 0.0008)))


def television(s: Solid) -> Heap | None:
    """A flat one on feet, or a deep old one with knobs; a computer's monitor likewise."""
    wide, high, deep = s.size
    if s.shape == "plane":
        return None
    if s.shape != "box" or min(wide, high) < 0.08:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    if deep > 0.45 * min(wide, high) and deep > 0.2:
        return _tube_set(s)
    stand = min(0.12 * high, 0.09) if deep > 0.1 else 0.02 * high
    face = z - (0.3 * deep if deep > 0.1 else 0.0)
    back = max(face - 0.045, -z)
    heap.add("dark trim", board((-x, stand, back), (x, high, face - 0.004), 0.006))
    _panel(heap, x, stand, high, face, 0.018 * wide if wide > 0.5 else 0.012, s.seed)
    heap.add("steel", slab((-0.03, stand + 0.003, face - 0.001), (0.03, stand + 0.009, face + 0.001)))
    if deep > 0.1:
        heap.add("dark trim", board((-0.26 * x, 0, -0.9 * z), (0.26 * x, 0.016, 0.95 * z), 0.006))
        heap.add("dark trim", board((-0.1 * x, 0.01, -0.3 * z), (0.1 * x, stand + 0.05, back + 0.01)))
    else:
        for side in (-1, 1):
            heap.add(
                "dark trim", board((side * 0.6 * x - 0.02, 0, -z), (side * 0.6 * x + 0.02, stand + 0.01, z))
            )
    return heap


def _tube_set(s: Solid) -> Heap:
    wide, high, deep = s.size
    heap = Heap()
    x, z = wide / 2, deep / 2
    heap.add("own", bump_box((-x, 0.03, -z), (x, high, z - 0.02), 0.03 * wide + 0.008))
    heap.add(
        "dark trim", bump_box((-0.97 * x, 0.06 * high, z - 0.05), (0.97 * x, 0.96 * high, z - 0.008), 0.012)
    )
    edge = 0.5 * x
    heap.add("screen", bump_box((-0.9 * x, 0.14 * high, z - 0.05), (edge, 0.9 * high, z), 0.02))
    for k, y in enumerate((0.78, 0.58)):
        heap.add("chrome", disc((0.74 * x, y * high, z), 0.09 * x + 0.006, 0.02 + 0.006 * k, "z", 16))
    for c, d in spread(6, 0.16 * high, 0.44 * high, 0.02 * high):
        heap.add("steel", slab((0.58 * x, c, z - 0.009), (0.9 * x, d, z - 0.004)))
    for side in (-1, 1):
        heap.add(
            "dark trim", board((side * 0.8 * x - 0.02, 0, -0.7 * z), (side * 0.8 * x + 0.02, 0.04, 0.7 * z))
        )
    if high < 1.2:
        heap.add("chrome", tube([(0, high - 0.004, -0.5 * z), (-0.25 * x, high + 0.03, -0.6 * z)], 0.003, 4))
    return heap


def computer(s: Solid) -> Heap | None:
    """A tower, a laptop where it is low, or a monitor."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    if high < 0.09:
        heap.add("steel", board((-x, 0, -z), (x, 0.5 * high, z), 0.004))
        for c, d in spread(5, -0.6 * z, 0.2 * z, 0.006):
            for a, b in spread(13, -0.9 * x, 0.9 * x, 0.004):
                heap.add("dark trim", slab((a, 0.5 * high - 0.001, c), (b, 0.5 * high + 0.002, d)))
        heap.add("steel", board((-x, 0.55 * high, -z), (x, high, -0.75 * z), 0.003))
        return heap
    if wide < 0.7 * high and deep > wide:
        heap.add("dark trim", bump_box(s.low, (x, high, z - 0.015), 0.01))
        heap.add("own", board((-0.97 * x, 0.01, z - 0.02), (0.97 * x, 0.99 * high, z), 0.008))
        for c, d in spread(9, 0.1 * high, 0.55 * high, 0.012 * high):
            heap.add("dark trim", slab((-0.7 * x, c, z - 0.001), (0.7 * x, d, z + 0.0012)))
        heap.add("steel", board((-0.8 * x, 0.78 * high, z - 0.002), (0.8 * x, 0.87 * high, z + 0.002)))
        heap.add("screen", disc((0.5 * x, 0.94 * high, z), 0.05 * wide, 0.006, "z", 12))
        return heap
    return television(s)


def screen(s: Solid) -> Heap | None:
    """A cinema's screen or a folding one: a lit sheet in a black mask; small ones are monitors."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    if max(s.size) < 2.2:
        return television(s)
    if high < 0.3 * max(wide, deep) or min(wide, deep) > 0.6:
        return None
    heap = Heap()
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    made = Heap()
    x, z = run / 2, through / 2
    made.add("dark trim", slab((-x, 0, -z), (x, high, z - 0.01)))
    rim = min(0.14, 0.04 * run)
    _panel(made, x, 0.02 * high, high, z, rim, s.seed)
    heap.take(made, yaw=0.0 if across else np.pi / 2)
    return heap


def arcade(s: Solid) -> Heap | None:
    """An upright cabinet: lit marquee, leaning screen, a desk with a stick and buttons, a coin door."""
    wide, high, deep = s.size
    if s.shape != "box" or high < 0.8 or min(wide, deep) < 0.25:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    heap.add(
        "own",
        board((-x, 0, -z), (x, 0.5 * high, 0.72 * z), 0.006),
        board((-x, 0.45 * high, -z), (x, high, 0.1 * z), 0.006),
    )
    for side in (-1, 1):
        heap.add("own second", board((side * x, 0, -z), (side * (x - 0.02), high, 0.55 * z)))
        heap.add("own second", board((side * x, 0.46 * high, 0), (side * (x - 0.02), 0.58 * high, z)))
        heap.add("own second", board((side * x, 0.86 * high, 0), (side * (x - 0.02), high, 0.8 * z)))
    heap.add("lamp", slab((-x + 0.02, 0.88 * high, 0), (x - 0.02, 0.985 * high, 0.72 * z)))
    heap.add("dark trim", board((-x + 0.02, 0.49 * high, 0), (x - 0.02, 0.53 * high, 0.97 * z)))
    picture = Heap()
    _panel(picture, x - 0.03, 0.56 * high, 0.86 * high, 0.3 * z, 0.03, s.seed)
    heap.take(picture)
    heap.add(
        "chrome", tube([(-0.45 * x, 0.53 * high, 0.62 * z), (-0.45 * x, 0.575 * high, 0.62 * z)], 0.008, 6)
    )
    heap.add("cover red", disc((-0.45 * x, 0.58 * high, 0.62 * z), 0.02, 0.03, "y", 12))
    for k, colour in enumerate(("cover red", "cover ochre", "cover blue", "cover green")):
        heap.add(
            colour,
            disc((0.1 * x + 0.2 * x * k, 0.532 * high, (0.55 + 0.1 * (k % 2)) * z), 0.017, 0.012, "y", 12),
        )
    heap.add("steel", board((-0.3 * x, 0.14 * high, 0.71 * z), (0.3 * x, 0.34 * high, 0.75 * z)))
    heap.add(
        "ember",
        slab((-0.12 * x, 0.26 * high, 0.75 * z), (-0.04 * x, 0.3 * high, 0.753 * z)),
        slab((0.04 * x, 0.26 * high, 0.75 * z), (0.12 * x, 0.3 * high, 0.753 * z)),
    )
    return heap


FINISHERS = {
    "television receiver": each(television, 6.0),
    "crt screen": each(television, 6.0),
    "monitor": each(television, 6.0),
    "computer": each(computer, 4.0),
    "screen": each(screen, 60.0),
    "arcade machine": each(arcade, 4.0),
}
