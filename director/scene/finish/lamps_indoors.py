"""Lamps of rooms: shades, stems and feet, chandeliers, fans; and the ceilings they hang from."""

import math

import numpy as np

from director.scene.finish.forms import bump_box, disc, lathe, moved, slab, tube, turned
from director.scene.finish.joinery import board, spread
from director.scene.finish.solids import Floats, Heap, Solid, each, skin
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def lamp(s: Solid) -> Heap | None:
    """A shade (cone), a stem or foot (cylinder), a glazed body (sphere), or a whole lamp (box)."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp") or (s.shape == "box" and high < 0.15 * max(wide, deep)):
        return None
    if s.shape == "cone":
        _shade(heap, s.size, s.top, s.seed)
    elif s.shape == "cylinder" and high < 0.3 * wide:
        heap.add("brass", _turned([(0.5, 0), (0.5, 0.4), (0.44, 0.75), (0.2, 0.9), (0.1, 1.0)], s.size))
    elif s.shape in ("box", "cylinder") and max(wide, deep) < 0.2 * high and max(wide, deep) < 0.15:
        r = min(wide, deep) / 2
        heap.add("brass", tube([(0, 0, 0), (0, high, 0)], 0.7 * r, 10))
        for level in (0.0, 0.5, 0.93):
            heap.add(
                "brass",
                lathe(
                    [
                        (0.75 * r, level * high),
                        (r, level * high + 0.4 * r),
                        (0.75 * r, min(high, level * high + r)),
                    ],
                    12,
                ),
            )
        if high > 0.8 and r < 0.06:
            foot = min(2.6 * r, 0.07)
            heap.add("brass", lathe([(foot, 0), (foot, 0.012), (0.7 * r, 0.03)], 20))
    elif s.shape in ("sphere", "cylinder"):
        if s.shape == "cylinder":
            _shade(heap, s.size, 1.0, s.seed)
        else:
            body = [
                (0.26, 0),
                (0.3, 0.03),
                (0.2, 0.08),
                (0.36, 0.2),
                (0.48, 0.42),
                (0.46, 0.6),
                (0.3, 0.78),
                (0.14, 0.88),
                (0.1, 1.0),
            ]
            heap.add("own", _turned(body, s.size))
            heap.add(
                "brass",
                _turned([(0.13, 0.9), (0.13, 1.0)], s.size, 14),
                _turned([(0.29, 0.0), (0.29, 0.035)], s.size),
            )
    elif high > 2.5 * max(wide, deep) or high > 0.3:
        _whole(heap, s)
    else:
        _shade(heap, s.size, 0.7, s.seed)
    return heap


def _turned(
    profile: list[tuple[float, float]], size: tuple[float, float, float], sides: int = 26, lift: float = 0.0
) -> Mesh:
    matrix = np.diag([size[0], size[1], size[2], 1.0])
    matrix[1, 3] = lift
    return moved(lathe(profile, sides), matrix)


def _shade(heap: Heap, size: tuple[float, float, float], top: float, seed: int, lift: float = 0.0) -> None:
    """A glowing drum open above and below, with trimmed rims; pleated, or plain with a seam."""
    wide, high, deep = size
    n = 64
    turn = np.arange(n) * 2 * math.pi / n
    pleat = 1 - (0.03 * (np.arange(n) % 2) if seed % 2 else 0.0)
    top = max(top, 0.12)
    sag = 0.04 if seed % 3 == 0 else 0.0
    rows = np.linspace(0, 1, 6)[:, None]
    share = (1 + (top - 1) * rows - sag * np.sin(math.pi * rows)) * pleat
    y = lift + rows * high + 0 * turn
    points = np.stack([share * np.cos(turn) * wide / 2, y, -share * np.sin(turn) * deep / 2], -1)
    inner = points * [0.975, 1, 0.975]
    heap.add("lamp", skin(points, closed=True), skin(inner[:, ::-1], closed=True))
    for level, r in ((0.02, 1.0), (0.98, top)):
        ring = np.stack(
            [
                r * np.cos(turn[::2]) * wide / 2,
                np.full(n // 2, lift + level * high),
                -r * np.sin(turn[::2]) * deep / 2,
            ],
            -1,
        )
        heap.add("own second", tube(np.concatenate([ring, ring[:1]]), min(0.007, 0.03 * high), 5))
    # The bulb and the spider that holds the shade.
    r = min(0.1 * min(wide, deep), 0.2 * high)
    heap.add(
        "lamp",
        lathe(
            [(0.3 * r, 0), (0.8 * r, 0.8 * r), (r, 1.6 * r), (0.6 * r, 2.4 * r)],
            12,
            (0, lift + 0.3 * high, 0),
        ),
    )
    for k in range(3):
        a = 2 * math.pi * k / 3
        end = (top * 0.5 * wide * math.cos(a), lift + 0.97 * high, top * 0.5 * deep * math.sin(a))
        heap.add("brass", tube([(0, lift + 0.93 * high, 0), end], 0.0035, 4))
    heap.add("brass", lathe([(0.012, 0.9 * high), (0.012, high), (0.005, 1.0 * high)], 8, (0, lift, 0)))


def _whole(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    across = min(wide, deep)
    tall = high > 1.0
    shade = min(0.34 * high, 0.9 * across) if not tall else min(0.3 * high, 0.95 * across)
    if s.seed % 4 == 3 and tall:
        # A reading lamp: an arm and a metal hood.
        r = 0.014
        heap.add("iron", lathe([(0.3 * across, 0), (0.3 * across, 0.02), (0.02, 0.03)], 24))
        heap.add(
            "iron",
            tube(
                [
                    (0, 0, 0),
                    (0, 0.86 * high, 0),
                    (0, 0.96 * high, 0.1 * across),
                    (0, high - 0.03, 0.24 * across),
                ],
                r,
                8,
            ),
        )
        hood = lathe([(0.36 * across, 0), (0.3 * across, 0.5 * shade), (0.08 * across, shade)], 24)
        heap.add("iron", moved(hood, _raised(high - 1.0 * shade)))
        heap.add("lamp", disc((0, high - shade, 0), 0.32 * across, 0.01, "y", 20))
        return
    stand = high - shade
    if tall:
        heap.add(
            "brass",
            lathe(
                [
                    (0.33 * across, 0),
                    (0.33 * across, 0.012),
                    (0.26 * across, 0.03),
                    (0.03, 0.05),
                    (0.014, 0.08),
                    (0.014, stand + 0.3 * shade),
                ],
                24,
            ),
        )
    else:
        body = [
            (0.3, 0),
            (0.32, 0.05),
            (0.2, 0.1),
            (0.34, 0.3),
            (0.38, 0.5),
            (0.25, 0.75),
            (0.07, 0.9),
            (0.05, 1.0),
        ]
        heap.add("own", _turned([(0.8 * r, y) for r, y in body], (across, stand, across)))
        heap.add("brass", _turned([(0.05, 0.9), (0.05, 1.3)], (across, stand, across), 10))
    _shade(heap, (wide, shade, deep), 0.62 if s.seed % 2 else 0.85, s.seed, stand)


def _raised(y: float) -> Floats:
    matrix = np.eye(4)
    matrix[1, 3] = y
    return matrix


def chandelier(s: Solid) -> Heap | None:
    """A globe, a pendant shade or its cord; a large one has arms with candles, and drops of glass."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp") or high < 0.15 * max(wide, deep):
        return None
    if s.shape == "cylinder" and max(wide, deep) < 0.25 * high:
        r = min(wide, deep) / 2
        heap.add("iron", tube([(0, 0, 0), (0, high, 0)], 0.5 * r, 8))
        heap.add("iron", lathe([(r, 0), (r, min(0.06, 0.2 * high)), (0.5 * r, min(0.08, 0.3 * high))], 12))
        heap.add(
            "iron",
            lathe([(0.6 * r, high - min(0.05, 0.2 * high)), (2.2 * r, high - 0.005), (2.2 * r, high)], 14),
        )
        return heap
    if s.shape == "cone":
        outer = [(0.5, 0.0), (0.49, 0.08), (0.42, 0.35), (0.28, 0.65), (0.12, 0.86), (0.07, 0.9), (0.07, 1.0)]
        heap.add("own", _turned(outer, s.size, 32))
        heap.add("lamp", _turned([(0.46, 0.0), (0.46, 0.02)], s.size, 24))
        heap.add(
            "brass",
            _turned([(0.495, 0.0), (0.507, 0.03), (0.49, 0.06)], s.size, 32),
            _turned([(0.08, 0.88), (0.08, 1.0)], s.size, 14),
        )
        return heap
    small = min(wide, deep) < 0.3
    if s.shape == "sphere" and (small or s.seed % 3 == 0):
        heap.add(
            "lamp",
            _turned(
                [(0.5 * math.cos(t), 0.5 + 0.5 * math.sin(t)) for t in np.linspace(-1.45, 1.2, 15)],
                s.size,
                24,
            ),
        )
        heap.add(
            "brass",
            _turned([(0.2, 0.93), (0.2, 0.97), (0.1, 1.0)], s.size, 16),
            _turned([(0.06, 0.0), (0.09, 0.02)], s.size, 10),
        )
        return heap
    # Arms with candles round a turned stem, under chains of glass drops.
    arms = 6 if max(wide, deep) < 0.8 else 8
    heap.add(
        "brass",
        _turned(
            [
                (0.03, 0.0),
                (0.08, 0.06),
                (0.05, 0.16),
                (0.13, 0.3),
                (0.06, 0.45),
                (0.09, 0.55),
                (0.03, 0.7),
                (0.05, 0.92),
                (0.09, 1.0),
            ],
            s.size,
            16,
        ),
    )
    across = min(wide, deep)
    arm = Heap()
    along = np.linspace(0, 1, 7)
    away = (0.08 + 0.37 * along) * across
    rise = (0.34 - 0.16 * np.sin(math.pi * along * 0.9) + 0.14 * along**3) * high
    arm.add("brass", tube(np.stack([away, rise, 0 * away], -1), 0.014 * across + 0.003, 6))
    at = (0.45 * across, 0.3 * high, 0.0)
    pan = [(0.035 * across, 0), (0.05 * across, 0.03 * high), (0.02 * across, 0.035 * high)]
    arm.add("brass", lathe(pan, 12, at))
    top, foot = min(0.3 * high, 0.16), 0.03 * high
    arm.add("linen", lathe([(0.022 * across, foot), (0.022 * across, foot + 0.6 * top)], 8, at))
    flame = [(0.02 * across, 0), (0.035 * across, 0.25 * top), (0.015 * across, 0.6 * top)]
    arm.add("lamp", lathe(flame, 8, (at[0], at[1] + foot + 0.6 * top, 0)))
    bead = 0.016 * across
    drop = lathe([(0.2 * bead, -1.6 * bead), (bead, -0.5 * bead), (0.3 * bead, bead)], 6)
    for u in np.linspace(0, 1, 5):
        hung = (0.27 - 0.1 * math.sin(math.pi * u) + 0.5 * u) * high
        arm.add("glass", turned(drop, at=(at[0] * (1 - u), hung, 0)))
    joined = arm.joined()
    for stuff, mesh in joined.items():
        for k in range(arms):
            there = turned(mesh, 2 * math.pi * (k + 0.5) / arms)
            heap.add(stuff, moved(there, np.diag([wide / across, 1.0, deep / across, 1.0])))
    return heap


def fan(s: Solid) -> Heap | None:
    """A box is an outdoor unit with its grille; a flat cylinder a ceiling fan; else a standing fan."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if s.shape == "box" and min(wide, deep) > 0.2:
        _unit(heap, s)
    elif s.shape != "box" and high < 0.6 * max(wide, deep):
        heap.add(
            "brass", _turned([(0.08, 0.0), (0.1, 0.4), (0.06, 0.6), (0.025, 0.7), (0.025, 1.0)], s.size, 16)
        )
        r = min(wide, deep)
        for k in range(5):
            blade = board((0.09 * r, 0.3 * high, -0.055 * r), (0.5 * r, 0.3 * high + 0.012, 0.055 * r), 0.005)
            heap.take(_one("own", blade), yaw=2 * math.pi * k / 5)
    else:
        r = 0.48 * min(wide, 0.5 * high)
        y = high - r
        heap.add(
            "own",
            lathe(
                [
                    (0.3 * min(wide, deep) + 0.02, 0),
                    (0.3 * min(wide, deep) + 0.02, 0.02),
                    (0.02, 0.04),
                    (0.016, y),
                ],
                20,
            ),
        )
        _grille(heap, (0, y, 0.1 * deep), r, 0.2 * deep)
    return heap


def _one(stuff: str, mesh: Mesh) -> Heap:
    heap = Heap()
    heap.add(stuff, mesh)
    return heap


def _grille(heap: Heap, at: tuple[float, float, float], r: float, thick: float) -> None:
    x, y, z = at
    for share in (1.0, 0.75, 0.5, 0.28):
        turn = np.linspace(0, 2 * math.pi, 29)
        ring = np.stack(
            [
                x + share * r * np.cos(turn),
                y + share * r * np.sin(turn),
                np.full(29, z + thick * (1.1 - 0.6 * share)),
            ],
            -1,
        )
        heap.add("steel", tube(ring, 0.006, 4))
    for k in range(8):
        a = math.pi * k / 8
        heap.add(
            "steel",
            tube(
                [
                    (x - r * math.cos(a), y - r * math.sin(a), z + 0.5 * thick),
                    (x, y, z + thick),
                    (x + r * math.cos(a), y + r * math.sin(a), z + 0.5 * thick),
                ],
                0.0045,
                4,
            ),
        )
    for k in range(4):
        vane = board((0.12 * r, -0.16 * r, 0), (0.86 * r, 0.16 * r, 0.008), 0.003)
        c, d = math.cos(k * math.pi / 2 + 0.4), math.sin(k * math.pi / 2 + 0.4)
        turn_by = np.eye(4)
        turn_by[:2, :2] = [[c, -d], [d, c]]
        turn_by[:3, 3] = (x, y, z + 0.25 * thick)
        heap.add("dark trim", moved(vane, turn_by))
    heap.add("own", disc((x, y, z + 0.8 * thick), 0.2 * r, 0.3 * thick, "z", 16))


def _unit(heap: Heap, s: Solid) -> None:
    """An air conditioner: a sheet-metal case with a round grille on its broad face, slats at its sides."""
    wide, high, deep = s.size
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    made = Heap()
    x, z = run / 2, through / 2
    made.add("own", bump_box((-x, 0.03, -z), (x, high, z - 0.012), max(0.02, s.round_m)))
    for side in (-1, 1):
        made.add(
            "dark trim", board((side * 0.7 * x - 0.03, 0, -z + 0.02), (side * 0.7 * x + 0.03, 0.04, z - 0.02))
        )
    r = 0.42 * min(high, 1.2 * x)
    face = Heap()
    at = (-0.22 * x if r < 0.7 * x else 0.0, 0.03 + 0.5 * (high - 0.03), z - 0.014)
    face.add("dark trim", disc(at, r, 0.008, "z", 32))
    _grille(face, at, r, 0.02)
    for a, b in spread(7, 0.2 * high, 0.8 * high, 0.02):
        face.add("dark trim", slab((0.62 * x, a, z - 0.016), (0.92 * x, b, z - 0.006)))
    made.take(face)
    made.take(face, yaw=math.pi)
    made.add("own", board((-x - 0.003, 0.9 * high, -z - 0.003), (x + 0.003, 0.92 * high, z + 0.001)))
    heap.take(made, yaw=0.0 if across else math.pi / 2)


def ceiling(s: Solid) -> Heap | None:
    """A cornice and a rose under a flat box; a long one is a beam with hewn edges."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    heap = Heap()
    if min(wide, deep) < 0.5:
        heap.add("own", bump_box(s.low, s.high, min(0.02, 0.15 * min(s.size))))
        return heap
    if min(wide, deep) < 2.5 or high > 0.6:
        return None
    heap.add("own", slab(s.low, s.high))
    # Walls stand about two decimetres within the rim of the boxes that directors lay on them.
    for drop, out in ((0.055, 0.26), (0.03, 0.31), (0.012, 0.36)):
        x, z = wide / 2, deep / 2
        for side in (-1, 1):
            heap.add(
                "light trim", slab((-x + 0.1, -drop, side * (z - 0.1)), (x - 0.1, 0.001, side * (z - out)))
            )
            heap.add(
                "light trim", slab((side * (x - 0.1), -drop, -z + out), (side * (x - out), 0.001, z - out))
            )
    return heap


FINISHERS = {
    "lamp": each(lamp, 5.0),
    "chandelier": each(chandelier, 6.0),
    "fan": each(fan, 5.0),
    "ceiling": each(ceiling, 60.0),
}
