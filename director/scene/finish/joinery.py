"""What furniture is put together from: legs, fronts of doors and drawers, handles, cushions with piping."""

import math
from collections.abc import Sequence

import numpy as np

from director.scene.finish.forms import cushion, disc, lathe, merged, plain_mesh, slab, tube
from director.scene.finish.solids import Floats, Heap, skin
from director.scene.mesh import Mesh

__all__ = [
    "board",
    "draped",
    "framed_front",
    "handle",
    "knob",
    "leg",
    "legs",
    "loop",
    "plain_front",
    "puff",
    "spread",
]


def _chamfer() -> tuple[Floats, Floats, Floats]:
    """Of a box with cut edges: signs [24, 3], the axis of each vertex's face [24], triangles [44, 3]."""
    signs = np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float64)
    corner = {tuple(sign): i for i, sign in enumerate(signs)}
    flat: list[list[int]] = []
    for a in range(3):
        b, c = (a + 1) % 3, (a + 2) % 3
        for sa in (-1, 1):
            ring = []
            for sb, sc in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                sign = [0.0, 0.0, 0.0]
                sign[a], sign[b], sign[c] = sa, sb, sc
                ring.append(8 * a + corner[tuple(sign)])
            flat += [ring[:3], [ring[0], ring[2], ring[3]]]
            for sb in (-1, 1):
                ends = []
                for sc in (-1, 1):
                    sign = [0.0, 0.0, 0.0]
                    sign[a], sign[b], sign[c] = sa, sb, sc
                    ends.append(corner[tuple(sign)])
                quad = [8 * a + ends[0], 8 * a + ends[1], 8 * b + ends[1], 8 * b + ends[0]]
                flat += [quad[:3], [quad[0], quad[2], quad[3]]]
    flat += [[i, 8 + i, 16 + i] for i in range(8)]
    triangles = np.array(flat)
    axis = np.repeat(np.arange(3), 8)
    places = np.tile(signs, (3, 1)) * np.where(np.arange(3)[None] == axis[:, None], 1.0, 0.8)
    across = np.cross(*(places[triangles[:, k]] - places[triangles[:, 0]] for k in (1, 2)))
    inward = (across * places[triangles].mean(axis=1)).sum(axis=1) < 0
    triangles[inward] = triangles[inward][:, ::-1]
    return np.tile(signs, (3, 1)), axis, triangles


_SIGNS, _AXIS, _CUT = _chamfer()


def board(low: Sequence[float], high: Sequence[float], radius: float = 0.004) -> Mesh:
    """A box with narrow cut edges, shaded as if they were rounded: a fourteenth of bump_box's triangles."""
    a, b = np.minimum(low, high).astype(np.float64), np.maximum(low, high).astype(np.float64)
    half = np.maximum((b - a) / 2, 5e-4)
    cut = min(radius, 0.45 * float(half.min()))
    own = _AXIS[:, None] == np.arange(3)[None]
    positions = (a + b) / 2 + _SIGNS * (half - np.where(own, 0.0, cut))
    return plain_mesh(positions, np.where(own, _SIGNS, 0.0), _CUT)


def spread(count: int, low: float, high: float, gap: float) -> list[tuple[float, float]]:
    """At most two dozen and else `count` equal stretches between two marks with a gap between each."""
    count = min(count, 24)
    wide = (high - low - gap * (count - 1)) / count
    return [(low + k * (wide + gap), low + k * (wide + gap) + wide) for k in range(count)]


def loop(
    low: Sequence[float],
    high: Sequence[float],
    level: float,
    radius: float,
    axis: int = 1,
    corner: float = 0.2,
) -> Mesh:
    """A cord round a box at a level along an axis, its corners rounded by a share of the shorter side."""
    u, v = [k for k in range(3) if k != axis]
    a, b = (high[u] - low[u]) / 2, (high[v] - low[v]) / 2
    r = corner * 2 * min(a, b) / 2
    turn = np.linspace(0, 2 * math.pi, 29)
    c, s = np.cos(turn), np.sin(turn)
    path = np.zeros((29, 3))
    path[:, u] = (low[u] + high[u]) / 2 + np.sign(c.round(9)) * (a - r) + r * c
    path[:, v] = (low[v] + high[v]) / 2 + np.sign(s.round(9)) * (b - r) + r * s
    path[:, axis] = level
    return tube(path, radius, 4)


def puff(
    heap: Heap,
    low: Sequence[float],
    high: Sequence[float],
    axis: int = 1,
    fullness: float = 0.22,
    stuff: str = "upholstery",
    piped: bool = True,
) -> None:
    """A stuffed cushion whose flat sides look along an axis, with a cord along its two seams."""
    size = [high[k] - low[k] for k in range(3)]
    heap.add(stuff, cushion(low, high, fullness))
    if not piped or min(size) < 0.05:
        return
    around = min(size[k] for k in range(3) if k != axis)
    r = min(0.011, 0.03 * around)
    inset = 0.045 * around
    inner_low = [low[k] + (0 if k == axis else inset) for k in range(3)]
    inner_high = [high[k] - (0 if k == axis else inset) for k in range(3)]
    for share in (0.2, 0.8):
        heap.add("own second", loop(inner_low, inner_high, low[axis] + share * size[axis], r, axis, 0.3))


def leg(
    at: Sequence[float], high: float, thick: float, kind: int, lean: tuple[float, float] = (0, 0)
) -> Mesh:
    """A leg that stands at (x, z) from the ground: 0 square, 1 tapered round, 2 turned."""
    x, z = at
    if kind == 0:
        return board((x - thick / 2, 0, z - thick / 2), (x + thick / 2, high, z + thick / 2), 0.08 * thick)
    if kind == 1:
        path = [(x + lean[0], 0.0, z + lean[1]), (x, high, z)]
        return tube(path, [0.32 * thick, 0.5 * thick], 10)
    r = thick / 2
    shape = [
        (0.5, 0),
        (0.62, 0.06),
        (0.45, 0.12),
        (0.62, 0.3),
        (0.8, 0.5),
        (0.5, 0.66),
        (0.9, 0.72),
        (0.6, 0.78),
        (1, 0.84),
        (1, 1),
    ]
    return lathe([(a * r, b * high) for a, b in shape], 10, (x, 0, z))


def legs(
    heap: Heap,
    half: tuple[float, float],
    high: float,
    thick: float,
    kind: int,
    stuff: str = "wood",
    inset: float = 0.0,
) -> None:
    """Four legs at the corners of ±half; round ones spread a little towards the ground."""
    x, z = half[0] - thick / 2 - inset, half[1] - thick / 2 - inset
    for sx in (-1, 1):
        for sz in (-1, 1):
            lean = (sx * min(inset, 0.12 * high), sz * min(inset, 0.12 * high))
            heap.add(stuff, leg((sx * x, sz * z), high, thick, kind, lean))


def handle(at: Sequence[float], length: float, kind: int, upright: bool) -> Mesh:
    """A handle in front (+z) of a place: 0 a bar, 1 a bow, 2 a knob."""
    x, y, z = at
    if kind == 2:
        return knob(at, 0.016)
    along = np.array([0.0, 1.0, 0.0]) if upright else np.array([1.0, 0.0, 0.0])
    t = np.linspace(-0.5, 0.5, 7)[:, None]
    rise = 0.022 * np.clip(1 - np.abs(2 * t) ** (8 if kind == 0 else 2.5), 0, 1)
    return tube(np.array([x, y, z]) + along * t * length + rise * np.array([0.0, 0.0, 1.0]), 0.0055, 6)


def knob(at: Sequence[float], radius: float) -> Mesh:
    """A small round knob in front (+z) of a place."""
    x, y, z = at
    return disc((x, y, z + 0.6 * radius), radius, 1.4 * radius, "z", 12)


def plain_front(low: tuple[float, float], high: tuple[float, float], z: float, thick: float) -> Mesh:
    """A flat door or drawer front between two corners (x, y), its face at z + thick."""
    return board((*low, z), (*high, z + thick), 0.003)


def framed_front(
    heap: Heap, low: tuple[float, float], high: tuple[float, float], z: float, thick: float, stuff: str
) -> None:
    """A panelled door: stiles and rails round a sunk panel."""
    wide, tall = high[0] - low[0], high[1] - low[1]
    rail = min(0.07, 0.16 * min(wide, tall))
    (x0, y0), (x1, y1) = low, high
    for a, b in (
        ((x0, y0), (x0 + rail, y1)),
        ((x1 - rail, y0), (x1, y1)),
        ((x0 + rail, y0), (x1 - rail, y0 + rail)),
        ((x0 + rail, y1 - rail), (x1 - rail, y1)),
    ):
        heap.add(stuff, board((*a, z), (*b, z + thick), 0.003))
    heap.add(stuff, slab((x0 + rail, y0 + rail, z), (x1 - rail, y1 - rail, z + 0.35 * thick)))
    m = 0.35 * rail
    if min(wide, tall) > 0.3:
        heap.add(
            stuff,
            board((x0 + rail + m, y0 + rail + m, z), (x1 - rail - m, y1 - rail - m, z + 0.7 * thick), 0.01),
        )


def draped(
    low: Sequence[float],
    high: Sequence[float],
    pleats: float,
    depth: float,
    seed: int,
    columns: int = 96,
    rows: int = 10,
) -> Mesh:
    """Hanging cloth in folds across x between two corners, two-sided: folds open towards the hem."""
    random = np.random.default_rng([seed, 73])
    phase = random.uniform(0, 6.3, 4)
    x = np.linspace(0, 1, columns)[None, :]
    y = np.linspace(0, 1, rows)[:, None]
    wander = 0.35 * np.sin(2.1 * math.pi * x + phase[0]) + 0.18 * np.sin(5.3 * math.pi * x + phase[1])
    angle = 2 * math.pi * pleats * x + 2.2 * wander * (1 - 0.5 * y) + 0.25 * np.sin(3 * y + phase[2])
    wave = np.sin(angle) + 0.22 * np.sin(2 * angle + phase[3])
    wave = wave / 1.22 * (0.55 + 0.45 * (1 - y)) * depth
    pinch = 0.35 * np.cos(angle) * (high[0] - low[0]) / (pleats * 2 * math.pi)
    pinch = pinch * np.minimum(1.0, 8 * np.minimum(x, 1 - x))
    middle = (low[2] + high[2]) / 2
    points = np.stack(
        [
            low[0] + (high[0] - low[0]) * x + pinch + 0 * y,
            low[1] + (high[1] - low[1]) * y + 0 * x,
            middle + wave + 0 * y,
        ],
        -1,
    )
    front = skin(points)
    t = 0.004
    back = skin((points - [0, 0, t])[:, ::-1])
    return merged([front, back])
