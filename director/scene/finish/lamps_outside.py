"""Poles, columns and the lamps on them."""

import math
from collections.abc import Mapping

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Pile, each_item
from director.scene.finish.forms import bump_box, cushion, lathe, moved, ring_skin, tube
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh

__all__ = ["FINISHERS", "fitted"]

Profile = list[tuple[float, float]]


def fitted(profile: Profile, size: tuple[float, float, float], sides: int = 20) -> Mesh:
    """A turned solid: radii are shares of half the width, heights metres; oval where the thing is."""
    wide, _, deep = size
    return moved(lathe(profile, sides), np.diag([wide / 2, 1.0, deep / 2, 1.0]))


def _pole(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _pole)
    wide, high, deep = thing.size_m
    across = max(wide, deep)
    if thing.kind == "cylinder":
        if across < 0.05 or high < 3 * across:
            return None
        return _post(thing)
    if thing.kind == "box" and min(wide, deep) > 0.05 and high > 5 * across:
        return _square_post(thing)
    return None


def _post(thing: Thing) -> list[Piece]:
    """A foot, a shaft with collars, a cap; what is very long for its width is a pipe with clips."""
    wide, high, deep = thing.size_m
    # What carries a lamp does not glow as the lamp does.
    stuff = "own" if thing.class_name == "pole" else "iron"
    across = max(wide, deep)
    pile = Pile()
    collar = 0.5 * across
    if high < 1.3:
        # A bollard.
        pile.add(
            stuff,
            fitted(
                [
                    (1.0, 0),
                    (1.0, 0.08),
                    (0.86, 0.1),
                    (0.82, 0.8 * high),
                    (0.95, 0.84 * high),
                    (0.95, 0.9 * high),
                    (0.6, high),
                ],
                thing.size_m,
                16,
            ),
        )
        return pile.pieces()
    foot = min(2.2 * across, 0.16 * high)
    swell = 1 + min(0.5, 0.05 / across)
    pile.add(
        stuff,
        fitted(
            [
                (swell, 0.0),
                (swell, 0.06),
                (1.15, 0.1),
                (1.1, 0.8 * foot),
                (0.95, foot),
                (0.86, 0.6 * high),
                (0.82, high - collar),
                (1.05, high - 0.8 * collar),
                (1.05, high - 0.3 * collar),
                (0.6, high),
            ],
            thing.size_m,
            16,
        ),
    )
    for level in np.arange(foot + 0.9, high - collar - 0.3, 1.9):
        pile.add(
            stuff,
            fitted(
                [(0.9, level), (1.08, level + 0.01), (1.08, level + 0.05), (0.85, level + 0.06)],
                thing.size_m,
                16,
            ),
        )
    return pile.pieces()


def _square_post(thing: Thing) -> list[Piece]:
    wide, high, deep = thing.size_m
    # What carries a lamp does not glow as the lamp does.
    stuff = "own" if thing.class_name == "pole" else "iron"
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.box(stuff, [-0.92 * x, 0, -0.92 * z], [0.92 * x, high - 0.02, 0.92 * z])
    step = min(0.12, 0.1 * high)
    pile.box(stuff, [-x, 0, -z], [x, step, z])
    pile.box(stuff, [-x, high - 0.06, -z], [x, high - 0.02, z])
    pile.box(stuff, [-0.6 * x, high - 0.03, -0.6 * z], [0.6 * x, high, 0.6 * z])
    return pile.pieces()


def _column(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _column, 20_000)
    wide, high, deep = thing.size_m
    across = min(wide, deep)
    if across < 0.06 or high < 1.5 * across or thing.kind not in ("cylinder", "box", "cone"):
        return None
    pile = Pile()
    x, z = wide / 2, deep / 2
    base, head = min(0.55 * across, 0.12 * high), min(0.6 * across, 0.14 * high)
    if thing.kind == "box" or across < 0.32:
        if thing.kind == "box":
            _pilastered(pile, x, z, base, high - head, high)
        else:
            pile.add(
                "own",
                fitted(
                    [
                        (1.0, 0),
                        (1.0, 0.06),
                        (0.86, 0.1),
                        (0.84, high - 0.12),
                        (0.98, high - 0.08),
                        (1.0, high),
                    ],
                    thing.size_m,
                    18,
                ),
            )
        return pile.pieces()
    pile.box("own", [-x, 0, -z], [x, 0.35 * base, z])
    size = thing.size_m
    pile.add(
        "own",
        fitted(
            [
                (0.99, 0.35 * base),
                (1.0, 0.45 * base),
                (0.98, 0.6 * base),
                (0.9, 0.66 * base),
                (0.88, 0.74 * base),
                (0.94, 0.82 * base),
                (0.93, 0.95 * base),
                (0.86, base),
            ],
            size,
            28,
        ),
    )
    top = high - head
    levels = np.linspace(base - 0.01, top + 0.01, 7)
    flutes, turn = 20, np.linspace(0, 2 * math.pi, 80, endpoint=False)
    groove = 0.035 * np.abs(np.cos(turn * flutes / 2)) ** 2.0
    rings = []
    for level in levels:
        share = min(max((float(level) - base) / (top - base), 0.0), 1.0)
        radius = (0.86 - 0.12 * share**1.6) * (1 - groove)
        rings.append(np.stack([x * radius * np.cos(turn), np.full(80, level), -z * radius * np.sin(turn)], 1))
    pile.add("own", ring_skin(np.array(rings)))
    pile.add(
        "own",
        fitted(
            [
                (0.72, top),
                (0.8, top + 0.06 * head),
                (0.8, top + 0.14 * head),
                (0.74, top + 0.2 * head),
                (0.76, top + 0.4 * head),
                (0.98, top + 0.72 * head),
            ],
            size,
            28,
        ),
    )
    pile.box("own", [-x, high - 0.3 * head, -z], [x, high, z])
    return pile.pieces()


def _pilastered(pile: Pile, x: float, z: float, base: float, top: float, high: float) -> None:
    """A square pier: a foot, a shaft with a raised panel on each side, a head of three mouldings."""
    pile.box("own", [-x, 0, -z], [x, base, z])
    pile.box("own", [-0.9 * x, 0, -0.9 * z], [0.9 * x, high, 0.9 * z])
    edge = 0.3
    pile.box("own", [-0.93 * x, base + 0.12, -edge * z], [0.93 * x, top - 0.12, edge * z])
    pile.box("own", [-edge * x, base + 0.12, -0.93 * z], [edge * x, top - 0.12, 0.93 * z])
    for share, low in ((0.95, 0.0), (0.98, 0.35), (1.0, 0.65)):
        pile.box("own", [-share * x, top + low * (high - top), -share * z], [share * x, high, share * z])


def _streetlight(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _streetlight)
    wide, high, deep = thing.size_m
    pile = Pile()
    if thing.kind == "cylinder":
        return _pole(thing) if high > 1.2 else None
    if thing.kind == "sphere":
        _lantern(pile, thing)
        return pile.pieces()
    if thing.kind == "cone":
        _hood(pile, thing)
        return pile.pieces()
    if thing.kind == "box" and min(wide, deep) > 0.1 and high < 1.2:
        x, z = wide / 2, deep / 2
        pile.add("iron", bump_box((-x, 0.25 * high, -z), (x, high, z), 0.04))
        pile.add("lamp", bump_box((-0.85 * x, 0.0, -0.85 * z), (0.85 * x, 0.35 * high, 0.85 * z), 0.03))
        return pile.pieces()
    return None


def _lantern(pile: Pile, thing: Thing) -> None:
    """A globe in a collar of iron with a cap, or six panes between ribs."""
    size = thing.size_m
    high = size[1]
    if thing.seed % 2 or min(size) < 0.2:
        turn = np.linspace(-1.15, 1.2, 11)
        profile = [(math.cos(a) * 0.97, high * (0.5 + 0.5 * math.sin(a))) for a in turn]
        pile.add("lamp", fitted(profile, size, 18))
        pile.add(
            "iron",
            fitted([(0.38, 0.0), (0.5, 0.03 * high), (0.5, 0.1 * high), (0.42, 0.13 * high)], size, 14),
        )
        pile.add(
            "iron",
            fitted(
                [(0.5, 0.93 * high), (0.36, 0.98 * high), (0.12, 1.0 * high), (0.1, 1.1 * high)], size, 14
            ),
        )
        return
    pile.add("lamp", fitted([(0.5, 0.12 * high), (0.86, 0.68 * high)], size, 6))
    pile.add("iron", fitted([(0.3, 0.0), (0.56, 0.06 * high), (0.56, 0.13 * high)], size, 6))
    pile.add(
        "iron",
        fitted(
            [
                (1.0, 0.66 * high),
                (1.0, 0.71 * high),
                (0.6, 0.86 * high),
                (0.25, 0.93 * high),
                (0.16, 1.06 * high),
            ],
            size,
            6,
        ),
    )
    for k in range(6):
        a = k * math.pi / 3
        x, z = math.sin(a) * size[0] / 2, math.cos(a) * size[2] / 2
        pile.add(
            "iron",
            tube([(0.52 * x, 0.12 * high, 0.52 * z), (0.88 * x, 0.68 * high, 0.88 * z)], 0.03 * size[0], 5),
        )


def _hood(pile: Pile, thing: Thing) -> None:
    size = thing.size_m
    high = size[1]
    pile.add(
        "iron",
        fitted(
            [
                (1.0, 0.0),
                (1.02, 0.06 * high),
                (0.9, 0.18 * high),
                (0.55, 0.62 * high),
                (0.28, 0.8 * high),
                (0.2, high),
            ],
            size,
            20,
        ),
    )
    pile.add("lamp", fitted([(0.55, -0.05 * high), (0.72, -0.01 * high), (0.8, 0.02 * high)], size, 18))


def _light(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _light)
    wide, high, deep = thing.size_m
    pile = Pile()
    if min(wide, high, deep) < 0.04:
        return None
    if thing.kind == "sphere":
        if min(wide, deep) < 0.62 * max(wide, high) or high < 0.75 * wide:
            return _headlight(thing)
        if high > 0.4 and thing.seed % 2:
            _paper_lantern(pile, thing)
        else:
            _lantern(pile, thing)
        return pile.pieces()
    if thing.kind == "box":
        return _panel_light(thing)
    if thing.kind == "cylinder":
        size = thing.size_m
        pile.add("lamp", fitted([(0.9, 0.1 * high), (0.94, 0.5 * high), (0.9, 0.9 * high)], size, 18))
        pile.add("steel", fitted([(0.8, 0.0), (1.0, 0.03 * high), (1.0, 0.11 * high)], size, 18))
        pile.add("steel", fitted([(1.0, 0.89 * high), (1.0, 0.97 * high), (0.8, high)], size, 18))
        return pile.pieces()
    if thing.kind == "cone":
        if high > wide:
            _flame(pile, thing)
        else:
            _hood(pile, thing)
        return pile.pieces()
    return None


def _flame(pile: Pile, thing: Thing) -> None:
    """A tongue of fire: it swells low down, leans over and ends in a point."""
    wide, high, deep = thing.size_m
    random = np.random.default_rng([thing.seed, 167])
    levels = np.linspace(0, 1, 10)
    turn = np.linspace(0, 2 * math.pi, 14, endpoint=False)
    for share, stuff in ((1.0, "neon"), (0.55, "lamp")):
        bend, phase = random.uniform(0.1, 0.25), random.uniform(0, 6.3)
        reach = (
            share * 0.5 * (0.5 + 0.55 * np.sin(math.pi * (0.15 + 0.85 * levels))) * (1 - levels**2.2) + 0.004
        )
        sway = bend * levels * np.sin(3.4 * levels + phase)
        rings = [
            np.stack(
                [
                    wide * (r * np.cos(turn) + s),
                    np.full_like(turn, high * (0.02 + 0.98 * level) * (0.45 + 0.55 * share)),
                    -deep * r * np.sin(turn) + (0.08 * deep if share < 1 else 0.0),
                ],
                1,
            )
            for r, s, level in zip(reach, sway, levels, strict=True)
        ]
        pile.add(stuff, ring_skin(np.array(rings)))


def _headlight(thing: Thing) -> list[Piece]:
    """A flat lens, glowing in the object's own colour, in a rim of chrome."""
    wide, high, deep = thing.size_m
    pile = Pile()
    low, top = np.array([-wide / 2, 0, -deep / 2]), np.array([wide / 2, high, deep / 2])
    middle, half = (low + top) / 2, (top - low) / 2
    pile.add("neon", cushion(middle - half, middle + half, 0.85))
    rim = half * np.where(half == half.min(), 0.45, 1.06)
    pile.add("chrome", cushion(middle - rim, middle + rim, 0.7))
    return pile.pieces()


def _paper_lantern(pile: Pile, thing: Thing) -> None:
    """A lantern of paper over rings, with caps and a tassel's knob."""
    size = thing.size_m
    high = size[1]
    levels = np.linspace(0.07, 0.93, 22)
    radii = np.sqrt(np.maximum(1 - (2 * levels - 1) ** 2, 0)) * (
        0.97 + 0.035 * np.cos(np.arange(22) * math.pi)
    )
    pile.add(
        "neon", fitted([(float(r), float(v * high)) for r, v in zip(radii, levels, strict=True)], size, 18)
    )
    for foot, head in ((0.0, 0.075), (0.925, 1.0)):
        pile.add(
            "dark trim",
            fitted([(0.42, foot * high), (0.5, (foot + 0.02) * high), (0.5, head * high)], size, 14),
        )


def _panel_light(thing: Thing) -> list[Piece]:
    """A fitting: a frame about a bright panel on its largest sides, or a tube in a tray."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    edge = 0.16 * min(wide, high, deep)
    pile.box("neon", [-x + edge, edge / 2, -z + edge], [x - edge, high - edge / 2, z - edge])
    flat = int(np.argmin([wide, high, deep]))
    rim = min(0.03, 0.14 * sorted([wide, high, deep])[1])
    low, top = np.array([-x, 0.0, -z]), np.array([x, high, z])
    for axis in range(3):
        if axis == flat:
            continue
        for end in (0, 1):
            a, b = low.copy(), top.copy()
            if end:
                a[axis] = b[axis] - rim
            else:
                b[axis] = a[axis] + rim
            pile.box("steel", a, b)
    return pile.pieces()


def _sconce(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _sconce)
    wide, high, deep = thing.size_m
    pile = Pile()
    if thing.kind == "sphere" or (thing.kind in ("cylinder", "cone") and high < 1.0):
        _lantern(pile, thing)
        return pile.pieces()
    if thing.kind == "box" and max(thing.size_m) < 1.2 and min(thing.size_m) > 0.04:
        x, z = wide / 2, deep / 2
        pile.add("lamp", bump_box((-0.8 * x, 0.1 * high, -0.8 * z), (0.8 * x, 0.9 * high, 0.8 * z), 0.03))
        for foot, head in ((0.0, 0.14), (0.86, 1.0)):
            pile.add("brass", bump_box((-x, foot * high, -z), (x, head * high, z), 0.015))
        return pile.pieces()
    return None


def _traffic_light(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _traffic_light)
    wide, high, deep = thing.size_m
    if thing.kind == "cylinder" and high > 1.5:
        return _pole(thing)
    if thing.kind != "box" or high < 0.3:
        return None
    if high > 4 * max(wide, deep):
        return _square_post(thing)
    pile = Pile()
    x, z = wide / 2, deep / 2
    pile.add("iron", bump_box((-x, 0, -0.8 * z), (x, high, 0.7 * z), 0.04))
    across = min(0.36 * wide, 0.14 * high)
    turn = np.linspace(-0.15, math.pi + 0.15, 9)
    for k, stuff in enumerate(("green lamp", "amber lamp", "tail lamp")):
        level = high * (0.18 + 0.32 * k)
        lens = cushion((-across, level - across, 0.6 * z), (across, level + across, 0.8 * z), 1.0)
        pile.add(stuff, lens)
        rings = []
        for r in (1.08, 1.22):
            ring = np.stack([r * across * np.cos(turn), level + r * across * np.sin(turn)], 1)
            rings.append(ring)
        loop = np.concatenate([rings[0], rings[1][::-1]])
        out = [
            np.column_stack([loop, np.full(len(loop), depth)]) for depth in (0.65 * z, 0.66 * z, 0.99 * z, z)
        ]
        pile.add("iron", ring_skin(np.array(out)[::-1][:, ::-1]))
    for level in (0.34, 0.66):
        pile.box(
            "dark trim",
            [-x - 0.003, level * high - 0.006, -0.8 * z],
            [x + 0.003, level * high + 0.006, 0.72 * z],
        )
    return pile.pieces()


FINISHERS: Mapping[str, Finish] = {
    "pole": _pole,
    "column": _column,
    "streetlight": _streetlight,
    "light": _light,
    "sconce": _sconce,
    "traffic light": _traffic_light,
}
