"""What stands on tables: vases, plates, trays, glasses, bottles, baskets, food."""

import math

import numpy as np

from director.scene.finish.foliage import leaves
from director.scene.finish.forms import blob, bump_box, tube
from director.scene.finish.joinery import board, spread
from director.scene.finish.solids import Heap, Profile, Solid, each, skin, wheel_turned

__all__ = ["FINISHERS"]


def vase(s: Solid) -> Heap | None:
    """Thrown on a wheel, with a ring or two of glaze; an open mouth."""
    if s.shape in ("plane", "ramp"):
        return None
    bodies: list[Profile] = [
        [
            (0.28, 0),
            (0.3, 0.02),
            (0.42, 0.25),
            (0.5, 0.5),
            (0.42, 0.74),
            (0.22, 0.88),
            (0.24, 0.97),
            (0.3, 1.0),
            (0.26, 1.0),
            (0.18, 0.9),
        ],
        [
            (0.34, 0),
            (0.36, 0.03),
            (0.44, 0.4),
            (0.5, 0.72),
            (0.46, 0.86),
            (0.34, 0.95),
            (0.36, 1.0),
            (0.31, 1.0),
            (0.28, 0.93),
        ],
        [
            (0.36, 0),
            (0.5, 0.2),
            (0.48, 0.36),
            (0.26, 0.6),
            (0.18, 0.8),
            (0.28, 0.98),
            (0.3, 1.0),
            (0.26, 1.0),
            (0.15, 0.85),
        ],
        [(0.44, 0), (0.48, 0.05), (0.5, 0.5), (0.48, 0.94), (0.5, 1.0), (0.45, 1.0), (0.43, 0.9)],
    ]
    heap = Heap()
    body = bodies[s.seed % 4]
    heap.add("own", wheel_turned(s, body, 32))
    heights, radii = [y for _, y in body[:7]], [r for r, _ in body[:7]]
    for y in (0.3, 0.62) if s.seed % 3 else (0.45,):
        r = float(np.interp(y, heights, radii)) + 0.004
        heap.add(
            "own second",
            wheel_turned(
                s, [(r - 0.006, y - 0.02), (r, y - 0.014), (r, y + 0.014), (r - 0.006, y + 0.02)], 32
            ),
        )
    heap.add(
        "dark trim", wheel_turned(s, [(body[-1][0], body[-1][1] - 0.01), (body[-1][0], body[-1][1])], 20)
    )
    return heap


def plate(s: Solid) -> Heap | None:
    """A plate with a rim, or a cup with its handle where it is tall."""
    wide, high = s.size[:2]
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    if high > 0.45 * wide:
        heap.add(
            "own",
            wheel_turned(
                s,
                [
                    (0.28, 0),
                    (0.3, 0.05),
                    (0.42, 0.3),
                    (0.44, 0.98),
                    (0.43, 1.0),
                    (0.38, 1.0),
                    (0.36, 0.84),
                    (0.3, 0.82),
                ],
                26,
            ),
        )
        heap.add("soil", wheel_turned(s, [(0.37, 0.80), (0.37, 0.85)], 20))
        t = np.linspace(-1.3, 1.3, 9)
        ring = np.stack([0.41 * wide + 0.09 * wide * np.cos(t), high * (0.55 + 0.24 * np.sin(t)), 0 * t], -1)
        heap.add("own", tube(ring, 0.02 * wide + 0.002, 6))
        return heap
    heap.add(
        "own",
        wheel_turned(s, [(0.3, 0), (0.32, 0.3), (0.5, 0.9), (0.495, 1.0), (0.36, 0.55), (0.34, 0.5)], 36),
    )
    heap.add("own second", wheel_turned(s, [(0.47, 0.9), (0.492, 1.01), (0.475, 1.0), (0.46, 0.92)], 36))
    return heap


def tray(s: Solid) -> Heap | None:
    """A rim about a sunk floor, and handles."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp", "sphere", "cone"):
        return None
    heap = Heap()
    if s.shape == "cylinder":
        heap.add(
            "own",
            wheel_turned(s, [(0.45, 0), (0.5, 0.7), (0.5, 1.0), (0.48, 1.0), (0.45, 0.35), (0.1, 0.3)], 40),
        )
        return heap
    x, z, t = wide / 2, deep / 2, min(0.012, 0.1 * min(wide, deep))
    heap.add("own", board((-x, 0, -z), (x, 0.4 * high, z)))
    for side in (-1, 1):
        heap.add(
            "own",
            board((-x, 0, side * z), (x, high, side * (z - t))),
            board((side * x, 0, -z), (side * (x - t), high, z)),
        )
        heap.add(
            "brass",
            tube(
                [
                    (side * (x - t), high, -0.3 * z),
                    (side * (x - t), high + 0.015, -0.2 * z),
                    (side * (x - t), high + 0.015, 0.2 * z),
                    (side * (x - t), high, 0.3 * z),
                ],
                0.004,
                5,
            ),
        )
    return heap


def glass(s: Solid) -> Heap | None:
    """A tumbler, or a wine glass where it is slender, with something in it."""
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    if s.size[1] > 1.7 * s.size[0]:
        heap.add(
            "glass",
            wheel_turned(
                s,
                [
                    (0.42, 0),
                    (0.4, 0.015),
                    (0.05, 0.05),
                    (0.045, 0.45),
                    (0.3, 0.53),
                    (0.5, 0.72),
                    (0.42, 1.0),
                    (0.4, 1.0),
                    (0.46, 0.72),
                ],
                24,
            ),
        )
        heap.add("cover red", wheel_turned(s, [(0.2, 0.54), (0.44, 0.66), (0.47, 0.72)], 20))
    else:
        heap.add(
            "glass", wheel_turned(s, [(0.42, 0), (0.44, 0.05), (0.5, 1.0), (0.46, 1.0), (0.44, 0.7)], 24)
        )
        heap.add("own", wheel_turned(s, [(0.4, 0.06), (0.45, 0.68)], 20))
    return heap


def bottle(s: Solid) -> Heap | None:
    """Body, shoulder and neck with a label and a cap."""
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    shoulder = 0.62 if s.seed % 2 else 0.55
    heap.add(
        "own plain",
        wheel_turned(
            s,
            [
                (0.44, 0),
                (0.5, 0.03),
                (0.5, shoulder),
                (0.42, shoulder + 0.08),
                (0.2, shoulder + 0.17),
                (0.17, 0.93),
                (0.22, 0.94),
                (0.22, 0.97),
                (0.17, 0.98),
            ],
            20,
        ),
    )
    heap.add("paper", wheel_turned(s, [(0.5, 0.18), (0.507, 0.185), (0.507, 0.48), (0.5, 0.485)], 20))
    heap.add(
        ("brass", "dark trim", "cover red")[s.seed % 3],
        wheel_turned(s, [(0.2, 0.9), (0.205, 0.97), (0.18, 1.0)], 14),
    )
    return heap


def basket(s: Solid) -> Heap | None:
    """Woven: staves and wefts that go over and under, a thick rim."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    square = 0.35 if s.shape == "box" else 1.0
    staves = 22 if s.budget > 1500 else 10
    sides = 2 * staves
    turn = np.arange(sides) * 2 * math.pi / sides
    c = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square
    d = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** square
    count = int(np.clip(high / 0.028, 5, 22)) if s.budget > 1500 else 5
    rings = []
    for k in range(count):
        weave = 0.014 * (1 if k % 2 else -1) * np.cos(staves * turn)
        base = 0.84 + 0.13 * k / count
        for t, swell in ((0.06, -0.03), (0.5, 0.012), (0.94, -0.03)):
            r = base + swell + weave
            rings.append(
                np.stack(
                    [r * c * wide / 2, np.full(sides, 0.96 * high * (k + t) / count), -r * d * deep / 2], -1
                )
            )
    heap.add("own", skin(np.array(rings), closed=True))
    inner = np.array(
        [
            np.stack([r * c * wide / 2, np.full(sides, y * high), -r * d * deep / 2], -1)
            for r, y in ((0.9, 0.97), (0.8, 0.3), (0.0, 0.28))
        ]
    )
    heap.add("own second", skin(inner, closed=True))
    rim = np.stack([0.96 * c * wide / 2, np.full(sides, 0.955 * high), -0.96 * d * deep / 2], -1)
    heap.add("own", tube(np.concatenate([rim, rim[:1]]), min(0.045 * high, 0.02), 6))
    return heap


def food(s: Solid) -> Heap | None:
    """Fruit, a loaf, or a heap of either in a bowl."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    if max(s.size) < 0.16:
        heap.add("own", blob((0, high / 2, 0), s.size, 0.04, s.seed, 18))
        heap.add(
            "leaf", leaves(np.array([[0.0, high, 0.0]]), np.array([[0.0, 0.8, 0.6]]), 0.3 * wide, s.random)
        )
        return heap
    if s.shape == "box" and high < 0.6 * wide and s.seed % 2:
        heap.add("wood", bump_box(s.low, s.high, 0.4 * min(s.size)))
        for a, b in spread(4, -0.36 * wide, 0.36 * wide, 0.1 * wide):
            heap.add(
                "linen",
                blob(((a + b) / 2, 0.97 * high, 0), (0.06 * wide, 0.06 * high, 0.6 * deep), 0.1, s.seed, 10),
            )
        return heap
    heap.add(
        "stone",
        wheel_turned(s, [(0.25, 0), (0.27, 0.06), (0.45, 0.35), (0.5, 0.6), (0.48, 0.6), (0.4, 0.45)], 28),
    )
    stuffs = ("cover red", "cover ochre", "cover green", "own")
    for k in range(8):
        r = 0.19 if k else 0.2
        a = 2 * math.pi * k / 7
        at = (
            (0.29 * wide * math.cos(a), 0.62 * high, 0.29 * deep * math.sin(a))
            if k < 7
            else (0.0, 0.82 * high, 0.0)
        )
        heap.add(
            stuffs[(k + s.seed) % 4],
            blob(at, (2 * r * wide * 0.72, 0.36 * high, 2 * r * deep * 0.72), 0.03, k, 14),
        )
    return heap


FINISHERS = {
    "vase": each(vase, 4.0),
    "plate": each(plate, 3.0),
    "tray": each(tray, 3.0),
    "glass": each(glass, 3.0),
    "bottle": each(bottle, 4.0),
    "basket": each(basket, 4.0),
    "food": each(food, 3.0),
}
