"""Sofas, armchairs, chairs, stools and ottomans: whole ones from one box, or their parts from parts."""

import math
from itertools import pairwise

import numpy as np

from director.scene.finish.forms import blob, bump_box, disc, extruded, lathe, moved, tube
from director.scene.finish.joinery import board, knob, leg, legs, loop, puff, spread
from director.scene.finish.solids import Floats, Heap, Solid, each, skin

__all__ = ["FINISHERS"]


def sofa(s: Solid) -> Heap | None:
    """A sofa or armchair: whole, or its seat, back, arm or foot."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if max(wide, deep) < 0.16:
        return _foot(s)
    if s.shape in ("sphere", "cone"):
        heap.add("upholstery", blob((0, high / 2, 0), s.size, 0.05, s.seed, 24))
        if high > 0.1:
            heap.add("own second", loop(s.low, s.high, 0.5 * high, 0.008, 1, 0.95))
    elif s.shape == "cylinder":
        return ottoman(s)
    elif deep <= 0.36 and high >= 0.24 and wide > deep:
        _back(heap, wide, high, deep)
    elif wide <= 0.36 and deep > 1.5 * wide and high > 0.2:
        _arm(heap, wide, high, deep)
    elif high >= 0.56 and deep >= 0.45 and wide >= 0.45:
        _whole(heap, s)
    else:
        _seat(heap, wide, high, deep)
    return heap


def _seat(heap: Heap, wide: float, high: float, deep: float, cushioned: bool = True) -> None:
    """A base on feet with cushions on it; a low one is a base alone, for others lie on it."""
    x, z = wide / 2, deep / 2
    on_feet = high >= 0.38
    low = min(0.09, 0.24 * high) if on_feet else 0.0
    if on_feet:
        legs(heap, (x, z), low + 0.02, 0.05, 1, "wood", 0.04)
        heap.add(
            "dark trim", board((0.05 - x, low - 0.005, 0.05 - z), (x - 0.05, low + 0.02, z - 0.05), 0.005)
        )
    soft = cushioned and high >= 0.36 and deep > 0.4
    top = 0.62 * high if soft else high
    heap.add("upholstery", bump_box((-x, low, -z), (x, top, z), min(0.035, 0.2 * (top - low))))
    r = 0.006
    if top - low > 0.1:
        for level in (low + 0.02, top - 0.028):
            heap.add("own second", loop((-x, 0, -z), (x, 0, z), level, r, 1, 0.1))
    if soft:
        for a, b in spread(max(1, round(wide / 0.8)), 0.004 - x, x - 0.004, 0.008):
            puff(heap, (a, top - 0.03, -z + 0.02), (b, high + 0.012, z + 0.01), 1, 0.16)


def _back(heap: Heap, wide: float, high: float, deep: float) -> None:
    """A panel with cushions before it, swollen between their seams."""
    x, z = wide / 2, deep / 2
    heap.add("upholstery", bump_box((-x, 0, -z), (x, 0.96 * high, 0.1 * deep), min(0.05, 0.25 * deep)))
    heap.add("own second", loop((-x, 0, -z), (x, 0.955 * high, z), -z + 0.02, 0.006, 2, 0.2))
    for a, b in spread(max(1, round(wide / 0.75)), -x + 0.01, x - 0.01, 0.008):
        puff(heap, (a, 0.02 * high, -0.25 * deep), (b, high + 0.008, z + 0.008), 2, 0.2)


def _arm(heap: Heap, wide: float, high: float, deep: float) -> None:
    """A rolled arm: a panel under a roll that ends in a disc in front."""
    x, z = wide / 2, deep / 2
    r = min(x, 0.35 * high)
    outline: list[tuple[float, float]] = [(-0.86 * x, 0.0), (0.86 * x, 0.0), (0.86 * x, high - 1.5 * r)]
    turn = np.linspace(-0.35 * math.pi, 1.35 * math.pi, 11)
    outline += [(r / x * x * math.cos(a), high - r + r * math.sin(a)) for a in turn]
    outline.append((-0.86 * x, high - 1.5 * r))
    heap.add("upholstery", extruded(outline, -z, z - 0.02, "z"))
    inner = [(0.95 * a, 0.95 * b + 0.02 * high) for a, b in outline]
    heap.add("upholstery", extruded(inner, z - 0.025, z, "z"))
    path = np.array([(a, b, z - 0.018) for a, b in outline])
    heap.add("own second", tube(path, 0.007, 6))
    heap.add("own second", disc((0, high - r, z), 0.25 * r, 0.012, "z", 12))


def _whole(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    kind = s.seed % 3
    arm = min(0.24, 0.17 * wide) if kind else min(0.16, 0.12 * wide)
    sit = min(0.46 * high, 0.46)
    back = 0.26 * deep
    rise = high - 0.55 * sit
    seat = Heap()
    _seat(seat, wide - 1.7 * arm, sit, deep - 0.6 * back)
    heap.take(seat, (0, 0, 0.3 * back))
    rest = Heap()
    _back(rest, wide - 1.7 * arm, rise, back)
    heap.take(rest, (0, high - rise, back / 2 - deep / 2))
    heap.add(
        "upholstery",
        bump_box(
            (-wide / 2 + 0.02, 0.1, -deep / 2 + 0.005),
            (wide / 2 - 0.02, high - 0.03, -deep / 2 + 0.45 * back),
            0.04,
        ),
    )
    for side in (-1, 1):
        part = Heap()
        tall = (0.74 if kind else 0.66) * high
        if kind == 2:
            _wooden_arm(part, arm, tall, deep)
        elif kind == 1:
            _arm(part, arm, tall - 0.07, deep)
        else:
            part.add("upholstery", bump_box((-arm / 2, 0, -deep / 2), (arm / 2, tall - 0.07, deep / 2), 0.03))
            part.add(
                "own second",
                loop((-arm / 2, 0, -deep / 2), (arm / 2, 0, deep / 2), tall - 0.09, 0.006, 1, 0.15),
            )
        heap.take(part, (side * (wide / 2 - arm / 2), 0.07, 0))
    if kind != 2:
        legs(heap, (wide / 2, deep / 2), 0.09, 0.055, 1, "wood", 0.02)
    if wide > 1.1:
        for side in (-1, 1):
            pad = Heap()
            puff(pad, (-0.21, 0, -0.07), (0.21, 0.36, 0.07), 2, 0.5, "own second", piped=False)
            heap.take(pad, (side * (wide / 2 - arm - 0.24), sit - 0.01, -deep / 2 + back + 0.1), side * 0.25)


def _wooden_arm(heap: Heap, wide: float, high: float, deep: float) -> None:
    """Two posts and a rail, with the sofa's side closed behind them."""
    z = deep / 2
    heap.add("wood", board((-wide / 2, high - 0.11, -z + 0.03), (wide / 2, high - 0.07, z), 0.015))
    for at in (-z + 0.08, z - 0.06):
        heap.add("wood", board((-0.022, -0.07, at - 0.03), (0.022, high - 0.09, at + 0.03), 0.01))
    heap.add(
        "upholstery", bump_box((-0.35 * wide, 0.14, -z + 0.06), (0.35 * wide, 0.55 * high, z - 0.1), 0.02)
    )


def _foot(s: Solid) -> Heap:
    heap = Heap()
    x, high, z = s.size
    kind = 0 if s.shape == "box" else 1
    thick = min(x, z)
    if kind == 0:
        heap.add("wood", board(s.low, s.high, 0.1 * thick))
    else:
        heap.add("wood", leg((0, 0), high, 2 * thick / 2, 2 if high > 4 * thick else 1))
        heap.add("dark trim", disc((0, 0.01, 0), 0.3 * thick, 0.02, "y", 10))
    return heap


def ottoman(s: Solid) -> Heap | None:
    """A stuffed stool: a body with piping, buttons on its top, short feet."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if max(wide, deep) < 0.1:
        return _foot(s)
    foot = min(0.1, 0.22 * high)
    x, z = wide / 2, deep / 2
    if s.shape == "box":
        legs(heap, (x, z), foot + 0.02, 0.045, 1, "wood", 0.025)
        heap.add("upholstery", bump_box((-x, foot, -z), (x, 0.7 * high, z), min(0.05, 0.2 * high)))
        puff(heap, (-x, 0.6 * high, -z), (x, high + 0.005, z), 1, 0.2)
    else:
        profile = [
            (0.43, 0.0),
            (0.46, 0.08),
            (0.49, 0.25),
            (0.5, 0.5),
            (0.49, 0.75),
            (0.45, 0.93),
            (0.36, 0.99),
            (0.1, 0.97),
        ]
        body = lathe(profile, 32)
        heap.add("upholstery", moved(body, np.diag([wide, high, deep, 1.0])))
        for level in (0.12, 0.88):
            heap.add("own second", loop(s.low, s.high, level * high, 0.007, 1, 0.94))
        for k in range(10):
            a = k * math.pi / 5
            rib = [
                (0.5 * wide * r * math.cos(a), high * y, 0.5 * deep * r * math.sin(a))
                for r, y in ((0.93, 0.9), (0.995, 0.7), (1.0, 0.5), (0.985, 0.25), (0.93, 0.08))
            ]
            heap.add("own second", tube(rib, 0.004, 4))
    if min(wide, deep) > 0.3:
        for i in (-1, 0, 1):
            for k in (-1, 0, 1):
                heap.add(
                    "own second", disc((i * wide * 0.24, high - 0.004, k * deep * 0.24), 0.011, 0.012, "y", 8)
                )
    return heap


def chair(s: Solid) -> Heap | None:
    """A wooden chair: whole, or its seat, back, legs."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if max(wide, deep) < 0.12:
        heap.add("own plain", leg((0, 0), high, min(wide, deep), 0 if s.shape == "box" else 1))
    elif max(wide, high) < 0.12 or max(high, deep) < 0.12:
        heap.add("own", board(s.low, s.high, 0.2 * min(s.size)))
    elif s.shape == "sphere":
        return sofa(s)
    elif s.shape in ("cylinder", "cone"):
        return stool(s)
    elif high <= 0.16:
        _board(heap, s, padded=high > 0.09)
    elif deep <= 0.16 and wide > deep:
        _chair_back(heap, wide, high, deep, s.seed)
    elif wide <= 0.12:
        _board(heap, s, padded=False)
    elif high < 0.62:
        _frame(heap, wide, high, deep, s.seed)
    else:
        sit = min(0.47, 0.52 * high)
        kind = s.seed % 3
        _frame(heap, wide, sit - 0.045, deep, s.seed)
        seat = Heap()
        _board(seat, Solid("box", (wide, 0.055, deep), s.seed), padded=kind == 1)
        heap.take(seat, (0, sit - 0.05, 0))
        rest = Heap()
        _chair_back(rest, wide, high - sit, min(0.07, 0.15 * deep), s.seed)
        heap.take(rest, (0, sit, -deep / 2 + min(0.07, 0.15 * deep) / 2))
    return heap


def _board(heap: Heap, s: Solid, padded: bool) -> None:
    """A seat: a dished board, or a pad in a frame."""
    wide, high, deep = s.size
    if padded:
        heap.add("own", board(s.low, (wide / 2, 0.5 * high, deep / 2), 0.2 * high))
        puff(
            heap,
            (-wide / 2 + 0.012, 0.35 * high, -deep / 2 + 0.012),
            (wide / 2 - 0.012, high + 0.008, deep / 2 - 0.012),
            1,
            0.18,
        )
        return
    n = 17
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    rim = 1 - 0.07 * (u**2) * (v**2)
    dish = np.clip(1 - u**4, 0, 1) * np.clip(1 - v**4, 0, 1)
    top = np.stack([u * rim * wide / 2, high - 0.28 * high * dish * (0.6 + 0.4 * v), -v * rim * deep / 2], -1)
    heap.add("own", skin(top))
    edge = np.concatenate([top[0, :-1], top[:-1, -1], top[-1, :0:-1], top[:0:-1, 0]])
    soft = np.stack([edge * [0.96, 0, 0.96], edge * [1, 0.5, 1], edge])
    heap.add("own", skin(soft, closed=True))
    under = edge * [0.96, 0, 0.96]
    heap.add("own", skin(np.stack([np.zeros_like(under), under]), closed=True))


def _chair_back(heap: Heap, wide: float, high: float, deep: float, seed: int) -> None:
    """Posts and a top rail with slats close together, a bent panel, or a padded one."""
    x, z = wide / 2, deep / 2
    post = min(0.045, 0.2 * wide, 2 * z + 0.01)
    kind = seed % 3 if min(wide, high) > 0.25 else 1
    if kind == 2:
        n = 13
        u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(0, 1, n))
        bow = 0.6 * deep * (u**2 - 0.5)
        rim = 1 - 0.1 * np.abs(v - 0.5) ** 2 * 4 * (np.abs(u) ** 4)
        front = np.stack(
            [u * rim * x, v * high * (1 - 0.06 * u**4 * v), np.clip(bow + 0.22 * deep, -z, z)], -1
        )
        heap.add("own plain", skin(front), skin((front - [0, 0, 0.45 * deep])[:, ::-1]))
        rim_points = np.concatenate([front[0, :-1], front[:-1, -1], front[-1, :0:-1], front[:0:-1, 0]])
        ring = np.stack([rim_points - [0, 0, 0.45 * deep], rim_points])
        heap.add("own plain", skin(ring, closed=True))
        return
    for side in (-1, 1):
        at = side * (x - post / 2)
        heap.add("own plain", board((at - post / 2, 0, -z), (at + post / 2, high, z * 0.5), 0.2 * post))
        if kind == 0:
            heap.add("own plain", knob((at, high - 0.01, -0.2 * z), 0.4 * post))
    rail = min(0.16 * high, 0.08)
    for low, top in ((high - 1.5 * rail, high - 0.01), (0.1 * high, 0.1 * high + 0.7 * rail)):
        heap.add("own plain", board((-x + post, low, -0.7 * z), (x - post, top, 0.8 * z), 0.15 * rail))
    if kind == 1:
        puff(heap, (-x + post, 0.14 * high, -0.5 * z), (x - post, high - 1.3 * rail, z), 2, 0.2)
        heap.add(
            "own plain", board((-x + post, 0.12 * high, -0.9 * z), (x - post, high - rail, -0.2 * z), 0.004)
        )
        return
    count = max(3, round((wide - 2 * post) / 0.06))
    for a, b in spread(count, -x + post + 0.01, x - post - 0.01, 0.024):
        heap.add("own plain", board((a, 0.1 * high, -0.35 * z), (b, high - rail, 0.35 * z), 0.006))


def _frame(heap: Heap, wide: float, high: float, deep: float, seed: int) -> None:
    """Four legs, an apron under the seat, and stretchers."""
    x, z = wide / 2, deep / 2
    thick = min(0.045, 0.25 * min(wide, deep))
    kind = (0, 1, 2)[seed % 3]
    legs(heap, (x, z), high, thick, kind, "own plain", 0.0 if kind == 0 else 0.012)
    apron = min(0.07, 0.2 * high)
    r = thick / 2
    for side in (-1, 1):
        heap.add(
            "own plain",
            board(
                (-x + r, high - apron, side * (z - r) - 0.011), (x - r, high, side * (z - r) + 0.011), 0.003
            ),
        )
        heap.add(
            "own plain",
            board(
                (side * (x - r) - 0.011, high - apron, -z + r), (side * (x - r) + 0.011, high, z - r), 0.003
            ),
        )
        heap.add(
            "own plain",
            tube([(side * (x - r), 0.36 * high, -z + r), (side * (x - r), 0.36 * high, z - r)], 0.011, 7),
        )
    heap.add("own plain", tube([(-x + r, 0.36 * high, 0), (x - r, 0.36 * high, 0)], 0.011, 7))


def swivel_chair(s: Solid) -> Heap | None:
    """An office chair: a star of castors, a column, a padded shell; or one of these."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if s.shape == "cylinder" and high > 1.5 * wide:
        heap.add(
            "chrome",
            moved(
                lathe([(0.5, 0), (0.5, 0.45), (0.36, 0.46), (0.36, 1)], 16), np.diag([wide, high, deep, 1.0])
            ),
        )
    elif high < 0.24 and min(wide, deep) > 0.3 and s.shape == "cylinder":
        _star(heap, min(wide, deep) / 2, high)
    elif high < 0.3:
        puff(heap, s.low, s.high, 1, 0.25)
    elif deep < 0.25 * high:
        puff(heap, s.low, s.high, 2, 0.25)
    else:
        r = min(wide, deep) / 2
        sit = 0.46 * high
        _star(heap, 0.95 * r, 0.1 * high)
        heap.add(
            "chrome",
            lathe([(0.032, 0.06 * high), (0.032, 0.25 * high), (0.02, 0.26 * high), (0.02, sit - 0.05)], 14),
        )
        puff(heap, (-0.46 * wide, sit - 0.05, -0.42 * deep), (0.46 * wide, sit + 0.06, 0.46 * deep), 1, 0.25)
        heap.add(
            "dark trim",
            board((-0.4 * wide, sit - 0.07, -0.36 * deep), (0.4 * wide, sit - 0.02, 0.38 * deep), 0.02),
        )
        puff(heap, (-0.44 * wide, sit + 0.1, -0.5 * deep), (0.44 * wide, high, -0.34 * deep), 2, 0.3)
        heap.add("dark trim", board((-0.06, sit - 0.05, -0.5 * deep), (0.06, sit + 0.3, -0.45 * deep), 0.01))
        for side in (-1, 1):
            at = side * 0.46 * wide
            heap.add(
                "rubber",
                board((at - 0.035, sit + 0.2, -0.2 * deep), (at + 0.035, sit + 0.23, 0.26 * deep), 0.014),
            )
            heap.add(
                "dark trim", tube([(at * 0.85, sit - 0.03, 0), (at, sit, 0), (at, sit + 0.2, 0)], 0.014, 8)
            )
    return heap


def _star(heap: Heap, reach: float, high: float) -> None:
    for k in range(5):
        a = 2 * math.pi * k / 5 + 0.3
        c, d = math.cos(a), math.sin(a)
        end = ((reach - 0.03) * c, 0.0, (reach - 0.03) * d)
        heap.add("chrome", tube([(0, 0.9 * high, 0), (end[0], 0.65 * high, end[2])], [0.024, 0.014], 8))
        heap.add("rubber", disc((end[0], 0.28 * high, end[2]), 0.28 * high, 0.03, "x", 12))


def stool(s: Solid) -> Heap | None:
    """A round or square seat on splayed legs held by a ring."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if max(wide, deep) < 0.12:
        heap.add("own plain", leg((0, 0), high, min(wide, deep), 1))
        return heap
    thick = min(0.05, 0.35 * high)
    stand = high - thick
    profile = [(0.47, 0.0), (0.5, 0.3), (0.5, 0.7), (0.47, 1.0), (0.3, 0.93)]
    if s.shape == "box":
        _seat_top = bump_box((-wide / 2, stand, -deep / 2), (wide / 2, high, deep / 2), 0.35 * thick)
    else:
        matrix = np.diag([wide, thick, deep, 1.0])
        matrix[1, 3] = stand
        _seat_top = moved(lathe(profile, 30), matrix)
    heap.add("upholstery" if s.seed % 3 == 0 else "own", _seat_top)
    if stand < 0.08:
        return heap
    x, z = 0.44 * wide, 0.44 * deep
    if s.seed % 4 == 3 and s.shape != "box":
        heap.add(
            "chrome",
            lathe(
                [(0.48 * min(wide, deep), 0), (0.46 * min(wide, deep), 0.015), (0.03, 0.03), (0.025, stand)],
                24,
            ),
        )
        heap.add("chrome", loop((-0.6 * x, 0, -0.6 * z), (0.6 * x, 0, 0.6 * z), 0.35 * stand, 0.01, 1, 0.98))
        return heap
    for sx in (-1, 1):
        for sz in (-1, 1):
            heap.add(
                "own plain",
                tube(
                    [(sx * x * 0.98, 0, sz * z * 0.98), (sx * x * 0.66, stand, sz * z * 0.66)],
                    [0.014, 0.02],
                    9,
                ),
            )
    for level in (0.3, 0.55):
        at: Floats = np.array([(x, z), (x, -z), (-x, -z), (-x, z), (x, z)]) * (0.98 - 0.32 * level)
        for a, b in pairwise(at):
            heap.add("own plain", tube([(a[0], level * stand, a[1]), (b[0], level * stand, b[1])], 0.009, 6))
    return heap


FINISHERS = {
    "sofa": each(sofa, 9.0),
    "armchair": each(sofa, 9.0),
    "seat": each(sofa, 9.0),
    "ottoman": each(ottoman, 9.0),
    "chair": each(chair, 9.0),
    "swivel chair": each(swivel_chair, 9.0),
    "stool": each(stool, 9.0),
}
