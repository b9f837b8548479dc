"""Bathrooms: sinks, baths, toilets, showers."""

import math

import numpy as np

from director.scene.finish.forms import blob, bump_box, disc, lathe, moved, slab, tube
from director.scene.finish.joinery import board, handle, plain_front, spread
from director.scene.finish.solids import Heap, Solid, each, skin
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def _basin(
    x: float, z: float, top: float, depth: float, rim: float, square: float = 0.25
) -> tuple[Mesh, Mesh]:
    """A bowl sunk from a flat rim between ±x and ±z: (the rim and bowl, the outside)."""
    n = 48
    turn = np.arange(n) * 2 * math.pi / n
    c = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** square
    d = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** square
    rings = []
    for share, y in (
        (1.0, 0.0),
        (1.0, 0.012),
        (1.0 - 0.35 * rim, 0.016),
        (1.0 - rim, 0.008),
        (0.93 - rim, -0.25 * depth),
        (0.86 - rim, -0.75 * depth),
        (0.7 - rim, -0.97 * depth),
        (0.0, -depth),
    ):
        rings.append(np.stack([share * c * x, np.full(n, top - 0.016 + y), -share * d * z], -1))
    outside = []
    for share, y in ((0.66, 0.0), (0.8, 0.12), (0.93, 0.6), (0.97, 0.92), (1.0, 1.0)):
        outside.append(np.stack([share * c * x, np.full(n, y * (top - 0.016)), -share * d * z], -1))
    return skin(np.array(rings), closed=True), skin(np.array(outside), closed=True)


def _tap(heap: Heap, at: tuple[float, float, float], tall: float, reach: float) -> None:
    x, y, z = at
    t = np.linspace(0, math.pi, 8)
    bow = np.stack(
        [np.full(8, x), y + tall - reach / 2 + reach / 2 * np.sin(t), z + reach / 2 - reach / 2 * np.cos(t)],
        -1,
    )
    heap.add("chrome", tube(np.concatenate([[[x, y, z]], bow, [[x, y + 0.55 * tall, z + reach]]]), 0.011, 8))
    heap.add("chrome", lathe([(0.026, 0), (0.02, 0.02)], 14, at))
    for side in (-1, 1):
        heap.add(
            "chrome",
            lathe([(0.014, 0), (0.014, 0.03), (0.024, 0.034), (0.02, 0.05)], 12, (x + side * 0.09, y, z)),
        )


def sink(s: Solid) -> Heap | None:
    """A basin with a tap: on a pedestal where it is tall, on a cabinet where wide, else by itself."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp", "cone") or min(wide, deep) < 0.15 or high < 0.05:
        return None
    # The rim lies a little low, so that the tap does not stand far out of the box.
    spare = min(0.06, 0.3 * high)
    high -= spare
    x, z = wide / 2, deep / 2
    body = min(0.2, high)
    bowl, outside = _basin(x, z, body, 0.75 * body, 0.12, 1.0 if s.shape != "box" else 0.3)
    raised = np.eye(4)
    raised[1, 3] = high - body
    heap.add("porcelain", moved(bowl, raised), moved(outside, raised))
    heap.add("chrome", disc((0, high - 0.74 * body - 0.012, 0), 0.025, 0.006, "y", 14))
    if high > 0.5 and wide > 0.75 and s.shape == "box":
        heap.add("own", board((-0.96 * x, 0.08, -z), (0.96 * x, high - 0.6 * body, 0.9 * z)))
        for a, b in spread(2, -0.94 * x, 0.94 * x, 0.007):
            heap.add("own", plain_front((a, 0.1), (b, high - 0.62 * body), 0.9 * z, 0.02))
            heap.add(
                "steel", handle(((a + b) / 2, high - 0.7 * body, 0.9 * z + 0.02), 0.12, 0, upright=False)
            )
    elif high > 0.5:
        heap.add(
            "porcelain",
            moved(
                lathe([(0.2, 0), (0.19, 0.03), (0.11, 0.15), (0.1, 0.6), (0.16, 1.0)], 24),
                np.diag([wide, high - 0.8 * body, deep, 1.0]),
            ),
        )
    _tap(heap, (0, high - 0.004, -z + 0.06), spare + 0.03, min(0.1, 0.3 * deep))
    return heap


def bathtub(s: Solid) -> Heap | None:
    """A bath with a rolled rim on feet or behind a panel, water in it, taps at one end."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp", "cone") or min(s.size) < 0.25:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    footed = s.seed % 2 == 0
    lift = 0.12 * high if footed else 0.0
    bowl, outside = _basin(x, z, high - lift, 0.72 * high, 0.16, 0.42 if s.shape == "box" else 1.0)
    raised = np.eye(4)
    raised[1, 3] = lift
    heap.add("porcelain", moved(bowl, raised))
    turn = np.linspace(0, 2 * math.pi, 49)
    power = 0.42 if s.shape == "box" else 1.0
    c = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** power
    d = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** power
    heap.add(
        "porcelain", tube(np.stack([0.985 * x * c, np.full(49, high - 0.02), 0.97 * z * d], -1), 0.02, 8)
    )
    if footed:
        heap.add("own", moved(outside, raised))
        for sx in (-1, 1):
            for sz in (-1, 1):
                heap.add(
                    "brass",
                    blob(
                        (sx * 0.6 * x, 0.5 * lift, sz * 0.6 * z), (0.09, 1.1 * lift, 0.09), 0.15, s.seed, 10
                    ),
                )
    else:
        heap.add(
            "own",
            board((-x, 0, -z), (x, high - 0.02, -0.97 * z)),
            board((-x, 0, 0.97 * z), (x, high - 0.02, z)),
        )
        heap.add(
            "own",
            board((-x, 0, -z), (-0.98 * x, high - 0.02, z)),
            board((0.98 * x, 0, -z), (x, high - 0.02, z)),
        )
        heap.add("porcelain", moved(outside, raised))
    if s.seed % 3:
        level = high - 0.3 * high
        heap.add(
            "water",
            moved(
                lathe([(0.5 * 0.8, -0.002), (0.5 * 0.8, 0)], 32, (0, level / 1.0, 0)),
                np.diag([wide, 1.0, deep, 1.0]),
            ),
        )
    if wide >= deep:
        _tap(heap, (-x + 0.06, high - 0.01, -0.02), 0.05, 0.09)
    else:
        _tap(heap, (0, high - 0.01, -z + 0.05), 0.05, 0.09)
    return heap


def toilet(s: Solid) -> Heap | None:
    """A bowl on its foot, a seat with a lid, a cistern at the back."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp") or min(s.size) < 0.15:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    whole = high > 0.5
    sit = 0.55 * high if whole else high
    back = 0.3 * deep if whole else 0.0
    n = 36
    turn = np.arange(n) * 2 * math.pi / n
    long = (deep - back) / 2
    middle = z - long
    rings = []
    for share, y, shift in (
        (0.6, 0.0, -0.12),
        (0.56, 0.1, -0.12),
        (0.52, 0.35, -0.14),
        (0.72, 0.6, -0.06),
        (0.94, 0.85, 0.0),
        (0.98, 0.93, 0.0),
    ):
        rings.append(
            np.stack(
                [
                    0.9 * share * x * np.cos(turn),
                    np.full(n, y * sit),
                    middle + shift * long - share * long * np.sin(turn),
                ],
                -1,
            )
        )
    heap.add("porcelain", skin(np.array(rings), closed=True))
    seat = moved(
        lathe([(0.49, 0.0), (0.5, 0.4), (0.49, 0.9), (0.3, 1.0)], 36),
        np.array(
            [[1.84 * x, 0, 0, 0], [0, 0.07 * sit, 0, 0.93 * sit], [0, 0, 2 * long, middle], [0, 0, 0, 1]]
        ),
    )
    heap.add("own", seat)
    if whole:
        heap.add("porcelain", bump_box((-0.96 * x, 0.9 * sit, -z), (0.96 * x, high - 0.035, -z + back), 0.03))
        heap.add("porcelain", bump_box((-x, high - 0.045, -z), (x, high, -z + 1.05 * back), 0.015))
        heap.add("porcelain", board((-0.4 * x, 0, -z), (0.4 * x, 0.92 * sit, -z + 1.2 * back), 0.03))
        heap.add("chrome", disc((0, high + 0.002, -z + 0.5 * back), 0.022, 0.01, "y", 14))
    return heap


def shower(s: Solid) -> Heap | None:
    """A tray, a riser with its rose, and a glazed frame at the corners."""
    wide, high, deep = s.size
    if s.shape != "box" or min(wide, deep) < 0.4 or high < 1.0:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    heap.add("porcelain", bump_box((-x, 0, -z), (x, 0.1, z), 0.02))
    for sx in (-1, 1):
        for sz in (-1, 1):
            heap.add("steel", board((sx * x, 0.1, sz * z), (sx * (x - 0.025), high, sz * (z - 0.025))))
        heap.add("steel", board((sx * x, high - 0.03, -z), (sx * (x - 0.02), high, z)))
        heap.add("steel", board((-x, high - 0.03, sx * z), (x, high, sx * (z - 0.02))))
    heap.add(
        "own",
        slab((-x + 0.02, 0.1, -z), (x - 0.02, high - 0.03, -z + 0.01)),
        slab((-x, 0.1, -z + 0.02), (-x + 0.01, high - 0.03, z - 0.02)),
    )
    heap.add(
        "chrome",
        tube(
            [
                (0, 0.9, -z + 0.05),
                (0, 0.9 * high, -z + 0.05),
                (0, 0.94 * high, -z + 0.12),
                (0, 0.92 * high, -z + 0.25),
            ],
            0.012,
            8,
        ),
    )
    heap.add("chrome", lathe([(0.09, 0), (0.09, 0.012), (0.02, 0.04)], 20, (0, 0.89 * high, -z + 0.25)))
    return heap


FINISHERS = {
    "sink": each(sink, 4.0),
    "bathtub": each(bathtub, 5.0),
    "toilet": each(toilet, 3.0),
    "shower": each(shower, 5.0),
}
