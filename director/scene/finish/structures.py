"""Railings, fences, stairs, bridges, piers, fountains and stages."""

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Floats, Pile, each_item, faces, tiled
from director.scene.finish.forms import lathe, moved
from director.scene.finish.ground import sheet
from director.scene.finish.lamps_outside import fitted
from director.scene.finish.thing import Piece, Thing
from director.scene.proxies.stairs import Stairs
from director.scene.shapes import box

__all__ = ["FINISHERS"]


def _railing(thing: Thing) -> list[Piece] | None:
    """Bars between rails. Behind the bars of what is blocked as a box stands a dark sheet: its inside."""
    if thing.kind == "array":
        return each_item(thing, _railing, 9_000)
    wide, high, deep = thing.size_m
    if thing.kind != "box":
        return None
    least, most = min(wide, deep), max(wide, deep)
    if high < 0.3:
        return _rail(thing) if 0.03 <= max(least, high) <= 0.3 and most > 0.4 else None
    if most < 0.4:
        return _newel(thing)
    pile = Pile()
    if least > 0.3:
        _balcony(pile, thing)
        return pile.pieces()
    front = faces(thing.size_m)[0 if wide >= deep else 2]
    _panel_railing(pile, front, 2 * front.reach, thing)
    return pile.pieces()


def _rail(thing: Thing) -> list[Piece]:
    """A handrail: a rounded grip on a flat bar."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    a, b = (1.0, 0.6) if wide >= deep else (0.6, 1.0)
    pile.box("own", [-x, 0.3 * high, -z], [x, 0.85 * high, z])
    pile.box("own", [-x * a, 0.0, -z * b], [x * a, high, z * b])
    return pile.pieces()


def _newel(thing: Thing) -> list[Piece]:
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.box("own", [-0.85 * x, 0, -0.85 * z], [0.85 * x, 0.95 * high, 0.85 * z])
    pile.box("own", [-x, 0, -z], [x, 0.12 * high, z])
    pile.box("own", [-x, 0.88 * high, -z], [x, 0.94 * high, z])
    pile.box("own", [-0.6 * x, 0.94 * high, -0.6 * z], [0.6 * x, high, 0.6 * z])
    return pile.pieces()


def _balcony(pile: Pile, thing: Thing) -> None:
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    slab = min(0.12, 0.14 * high)
    pile.box("stone", [-x, 0, -z], [x, slab, z])
    pile.box("stone", [-x - 0.03, 0.6 * slab, -z - 0.03], [x + 0.03, slab, z + 0.03])
    for face in faces(thing.size_m):
        half = face.wide / 2
        pile.on(face, "own", (-half, half), (high - 0.05, high), (-0.06, 0.015))
        pile.on(face, "own", (-half, half), (slab + 0.06, slab + 0.09), (-0.035, -0.005))
        pile.on(face, "dark trim", (-half + 0.06, half - 0.06), (slab, high - 0.1), (-0.075, -0.06))
        posts = np.linspace(-half, half - 0.05, max(round(face.wide / 1.1), 1) + 1)
        pile.on(face, "own", (posts, posts + 0.05), (slab, high - 0.02), (-0.05, 0.0))
        bars = np.arange(-half + 0.1, half - 0.05, 0.11)
        pile.on(face, "own", (bars - 0.01, bars + 0.01), (slab + 0.08, high - 0.05), (-0.032, -0.010))


def _panel_railing(pile: Pile, face: Face, thick: float, thing: Thing) -> None:
    half, high = face.wide / 2, face.high
    stone = thick > 0.14
    rail = min(0.09 if stone else 0.05, 0.15 * high)
    pile.on(face, "own", (-half, half), (high - rail, high), (-thick, 0.0))
    pile.on(face, "own", (-half, half), (0.0, 1.2 * rail), (-thick, 0.0))
    sheet = (-0.55 * thick, -0.45 * thick)
    pile.on(face, "dark trim", (-half + 0.01, half - 0.01), (rail, high - rail), sheet)
    posts = np.linspace(-half, half - 0.6 * rail, max(round(face.wide / 1.6), 1) + 1)
    wide = 1.8 * rail if stone else rail
    pile.on(
        face,
        "own",
        (np.minimum(posts, half - wide), np.minimum(posts + wide, half)),
        (0.0, high),
        (-thick, 0.0),
    )
    room = high - 2.2 * rail
    if room < 0.2:
        return
    pitch = 0.24 if stone else 0.12
    count = int(min(max(round(face.wide / pitch), 2), 160))
    at = (np.arange(count) + 0.5) / count * face.wide - half
    if not stone:
        grip = 0.32 * thick
        pile.on(
            face,
            "own",
            (at - 0.012, at + 0.012),
            (rail, high - rail),
            (-0.5 * thick - grip, -0.5 * thick + grip),
        )
        return
    # Turned balusters.
    r = min(0.45 * thick, 0.34 * pitch)
    profile = [
        (0.9, 0.0),
        (0.9, 0.06),
        (0.5, 0.1),
        (0.55, 0.16),
        (1.0, 0.34),
        (0.85, 0.5),
        (0.45, 0.74),
        (0.42, 0.84),
        (0.8, 0.9),
        (0.9, 0.94),
        (0.9, 1.0),
    ]
    one = lathe([(r * a, 1.2 * rail + room * b) for a, b in profile], 8)
    middle = np.full(count, -0.5 * thick)
    pile.add("own", tiled(one, face.points(np.stack([at, np.zeros(count), middle], 1))))


def _fence(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _fence, 9_000)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or high < 0.4:
        return None
    if max(wide, deep) < 0.4:
        return _newel(thing)
    if min(wide, deep) > 0.5:
        return None
    front = faces(thing.size_m)[0 if wide >= deep else 2]
    pile = Pile()
    half, thick = front.wide / 2, 2 * front.reach
    random = np.random.default_rng([thing.seed, 163])
    pitch = 0.125
    count = int(min(max(round(front.wide / pitch), 3), 260))
    cuts = np.linspace(-half, half, count + 1)
    top = high - random.uniform(0.0, 0.035, count)
    board = min(0.022, 0.4 * thick)
    w = (-0.5 * thick - board / 2, -0.5 * thick + board / 2)
    if thing.seed % 2:
        # Pickets with three steps to a point.
        for share, drop in ((1.0, 0.07), (0.66, 0.03), (0.3, 0.0)):
            middle, reach = (cuts[:-1] + cuts[1:]) / 2, (pitch / 2 - 0.008) * share
            pile.on(front, "own", (middle - reach, middle + reach), (0.03, high - drop), w)
    else:
        pile.on(front, "own", (cuts[:-1] + 0.005, cuts[1:] - 0.005), (0.03, top), w)
    pile.on(
        front,
        "dark trim",
        (-half, half),
        (0.05, high - 0.08),
        (-0.5 * thick - 0.3 * board, -0.5 * thick + 0.3 * board),
    )
    rails = np.array([0.16, 0.78]) * high
    pile.on(front, "own", (-half, half), (rails, rails + 0.08), (-0.95 * thick, -0.05 * thick))
    posts = np.linspace(-half, half - 0.1, max(round(front.wide / 2.2), 1) + 1)
    pile.on(front, "own", (posts, posts + 0.1), (0.0, high), (-thick, 0.0))
    pile.on(
        front,
        "own",
        (np.maximum(posts - 0.015, -half), np.minimum(posts + 0.115, half)),
        (high - 0.03, high),
        (-thick - 0.01, 0.01),
    )
    return pile.pieces()


def _stairs(thing: Thing) -> list[Piece] | None:
    wide, high, deep = thing.size_m
    if isinstance(thing.proxy, Stairs):
        return _flight(thing, thing.proxy)
    if thing.kind == "array":
        return None
    if thing.kind == "box" and high < 0.3 and max(wide, deep) > 0.5:
        return _landing(thing)
    return None


def _flight(thing: Thing, proxy: Stairs) -> list[Piece]:
    """Treads with a nosing over each riser, and boards or a skirting at the sides."""
    wide, high, deep = thing.size_m
    rise, run = high / proxy.steps, deep / proxy.steps
    pile = Pile()
    steps = np.arange(proxy.steps)
    top = (steps + 1) * rise
    near = deep / 2 - steps * run
    zero = np.zeros(proxy.steps)
    x = wide / 2
    if proxy.tread_m > 0:
        return _open_flight(thing, pile)
    edge = min(0.03, 0.25 * rise)
    riser = min(0.012, 0.05 * run)
    pile.box(
        "own", np.stack([zero - x, zero, near - run], 1), np.stack([zero + x, top - edge, near - riser], 1)
    )
    lip = min(0.018, 0.08 * run)
    pile.box("own", np.stack([zero - x, top - edge, near - run], 1), np.stack([zero + x, top, near + lip], 1))
    if wide > 0.8:
        strip = min(0.05, 0.2 * run)
        low = np.stack([zero - x + 0.05, top - 0.002, near - strip - 0.015], 1)
        pile.box("dark trim", low, low + np.stack([zero + wide - 0.1, zero + 0.004, zero + strip], 1))
    if rise > 0.12 and wide > 0.7 and proxy.steps > 2:
        # A stringer that steps up with the flight, proud of its sides by a finger.
        for side in (-1.0, 1.0):
            a, b = sorted((side * (x + 0.012), side * (x - 0.02)))
            low = np.stack([zero + a, np.maximum(top - rise - 0.12, 0.0), near - run], 1)
            high_ = np.stack([zero + b, top - edge - 0.005, near - riser - 0.004], 1)
            pile.box("light trim", low, high_)
    return pile.pieces()


def _open_flight(thing: Thing, pile: Pile) -> list[Piece]:
    """Open treads: gratings of bars with a nosing, between the boards that carry them."""
    treads: list[Floats] = []
    others: list[Floats] = []
    for part in thing.parts:
        matrix = np.asarray(part.object_from_mesh, np.float64)
        (others if abs(matrix[1, 2]) > 1e-6 or abs(matrix[2, 1]) > 1e-6 else treads).append(matrix)
    for matrix in treads:
        size, at = np.diag(matrix)[:3], matrix[:3, 3]
        bars = np.linspace(-size[2] / 2, size[2] / 2 - 0.02, max(int(size[2] / 0.045), 2))
        count = np.zeros(len(bars))
        low = np.stack([count - size[0] / 2, count, bars], 1) + at
        high = np.stack([count + size[0] / 2, count + size[1], bars + 0.026], 1) + at
        pile.box("own", low, high)
    pile.add("own", *(moved(box(), matrix) for matrix in others))
    return pile.pieces()


def _landing(thing: Thing) -> list[Piece]:
    """A landing of grating in a frame."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.box("dark trim", [-x + 0.03, 0.1 * high, -z + 0.03], [x - 0.03, 0.6 * high, z - 0.03])
    rim = min(0.06, 0.2 * min(wide, deep))
    for corner, other in (
        ([-x, 0, -z], [-x + rim, high, z]),
        ([x - rim, 0, -z], [x, high, z]),
        ([-x, 0, -z], [x, high, -z + rim]),
        ([-x, 0, z - rim], [x, high, z]),
    ):
        pile.box("own", corner, other)
    long_x = wide >= deep
    half, side = max(x, z), min(x, z)
    count = int(min(max(round(2 * half / 0.055), 2), 150))
    at = np.linspace(-half + 0.01, half - 0.01, count)
    zero = np.zeros(count)
    low = np.stack([at - 0.012, zero + 0.5 * high, zero - side], 1)
    top = np.stack([at + 0.012, zero + 0.97 * high, zero + side], 1)
    pile.box("own", low if long_x else low[:, ::-1], top if long_x else top[:, ::-1])
    return pile.pieces()


def _boards(pile: Pile, stuff: str, x: float, z: float, level: float, thick: float, pitch: float) -> None:
    """A deck of boards across its shorter side, from `level` up."""
    long_x = x >= z
    half, side = max(x, z), min(x, z)
    count = int(min(max(round(2 * half / pitch), 2), 400))
    cuts = np.linspace(-half, half, count + 1)
    gap = min(0.006, 0.1 * pitch)
    lift = 0.003 * (np.arange(count) * 7 % 5) / 5
    low = np.stack([cuts[:-1] + gap, np.full(count, level), np.full(count, -side)], 1)
    top = np.stack([cuts[1:] - gap, level + thick + lift, np.full(count, side)], 1)
    pile.box(stuff, low if long_x else low[:, ::-1], top if long_x else top[:, ::-1])


def _pier(thing: Thing) -> list[Piece] | None:
    """A deck of planks on beams, with bollards of posts along its sides."""
    if thing.kind == "array":
        return each_item(thing, _pier)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or min(wide, deep) < 0.6:
        return None
    pile = Pile()
    x, z = wide / 2, deep / 2
    deck = min(0.06, 0.4 * high)
    pile.box("dark trim", [-x + 0.03, 0.0, -z + 0.03], [x - 0.03, high - deck - 0.001, z - 0.03])
    _boards(pile, "own", x, z, high - deck, deck, 0.17)
    for face in faces(thing.size_m):
        half = face.wide / 2
        beam = min(0.22, 0.6 * high)
        pile.on(face, "own plain", (-half, half), (high - deck - beam, high - deck), (-0.1, -0.005))
        if high > 0.4:
            posts = np.linspace(-half + 0.02, half - 0.24, max(round(face.wide / 2.5), 1) + 1)
            pile.on(face, "own", (posts, posts + 0.22), (0.0, high - deck), (-0.2, 0.02))
    return pile.pieces()


def _bridge(thing: Thing) -> list[Piece] | None:
    """A deck between parapets; a tall one has arches and piers on its sides, in low relief."""
    wide, high, deep = thing.size_m
    if thing.kind != "box" or min(wide, deep) < 0.8:
        return None
    pile = Pile()
    x, z = wide / 2, deep / 2
    if high < 0.6:
        pile.box("own", [-x, 0, -z], [x, high - 0.03, z])
        _boards(pile, "own", x, z, high - 0.03, 0.03, 0.2)
        for face in faces(thing.size_m):
            pile.on(
                face,
                "own plain",
                (-face.wide / 2, face.wide / 2),
                (0.0, min(0.25, high - 0.03)),
                (-0.02, 0.03),
            )
        return pile.pieces()
    pile.box("own", [-x, 0, -z], [x, high, z])
    sides = faces(thing.size_m)[:2] if wide >= deep else faces(thing.size_m)[2:]
    for face in sides:
        half = face.wide / 2
        pile.on(face, "stone", (-half - 0.05, half + 0.05), (high - 0.12, high), (-0.2, 0.07))
        pile.on(face, "stone", (-half, half), (0.72 * high, 0.72 * high + 0.14), (-0.02, 0.05))
        count = max(round(face.wide / max(1.6 * high, 3.0)), 1)
        edges = np.linspace(-half, half, count + 1)
        for a, b in pairwise(edges):
            _arch(pile, face, float(a), float(b), 0.66 * high)
    return pile.pieces()


def _arch(pile: Pile, face: Face, a: float, b: float, high: float) -> None:
    """The ring of an arch, and shade where its opening would be."""
    middle, reach = (a + b) / 2, 0.4 * (b - a)
    turn = np.linspace(0, math.pi, 18)
    rows = np.linspace(0.0, 1.0, 15)
    width = reach * np.sqrt(np.maximum(1 - rows[1:] ** 2, 0.0))
    pile.on(
        face,
        "dark trim",
        (middle - width, middle + width),
        (rows[:-1] * 0.92 * high, rows[1:] * 0.92 * high),
        (-0.05, 0.018),
    )
    u, v = middle + 1.04 * reach * np.cos(turn), 0.96 * high * np.sin(turn)
    size = 0.5 * math.pi * reach / 18
    pile.on(face, "stone", (u - size, u + size), (np.maximum(v - size, 0), v + size), (-0.02, 0.04))
    for edge in (a, b):
        pile.on(face, "stone", (edge - 0.25, edge + 0.25), (0.0, 1.08 * high), (-0.02, 0.08))


def _fountain(thing: Thing) -> list[Piece] | None:
    """A basin with a moulded rim, water in it, and a small stand in the middle with its jet."""
    wide, high, deep = thing.size_m
    if min(wide, deep) < 0.5:
        return None
    size = thing.size_m
    pile = Pile()
    if thing.kind == "cylinder" and high < 0.8 * min(wide, deep):
        rim = 1 - 0.36 / (min(wide, deep) / 2) if min(wide, deep) > 1.2 else 0.7
        pile.add(
            "own",
            fitted(
                [
                    (1.0, 0.0),
                    (1.0, 0.1 * high),
                    (0.955, 0.16 * high),
                    (0.93, 0.35 * high),
                    (0.94, 0.7 * high),
                    (0.99, 0.8 * high),
                    (1.0, 0.86 * high),
                    (1.0, 0.97 * high),
                    (0.985, high),
                    (rim, high),
                    (rim, 0.84 * high),
                ],
                size,
                40,
            ),
        )
        turn = np.linspace(0, 2 * math.pi, 41)
        radii = np.linspace(0.0, rim, 15)[:, None]
        ripple = 0.012 * np.cos(radii * min(wide, deep) * 6.0) * np.exp(-1.5 * radii)
        x, z = 0.5 * wide * radii * np.cos(turn), -0.5 * deep * radii * np.sin(turn)
        pile.add("water", sheet(np.stack([x, np.broadcast_to(0.9 * high + ripple, x.shape), z], -1)))
        middle = (0.4 * wide, 1.0, 0.4 * deep)
        foot = high - 0.22
        pile.add(
            "own",
            fitted(
                [
                    (0.3, foot),
                    (0.26, foot + 0.1),
                    (0.16, foot + 0.18),
                    (0.2, foot + 0.28),
                    (0.42, foot + 0.34),
                    (0.44, foot + 0.38),
                    (0.2, foot + 0.36),
                ],
                middle,
                24,
            ),
        )
        jet = [(0.05, foot + 0.34), (0.04, foot + 0.42), (0.07, foot + 0.46), (0.02, foot + 0.5)]
        pile.add("water", fitted(jet, middle, 10))
        return pile.pieces()
    return None


def _stage(thing: Thing) -> list[Piece] | None:
    """Boards on a frame, a valance of panels, steps of light along the front."""
    wide, high, deep = thing.size_m
    if thing.kind != "box" or min(wide, deep) < 1.0 or high > 3:
        return None
    pile = Pile()
    x, z = wide / 2, deep / 2
    deck = min(0.04, 0.3 * high)
    pile.box("own", [-x + 0.01, 0, -z + 0.01], [x - 0.01, high - deck, z - 0.01])
    _boards(pile, "own", x, z, high - deck, deck - 0.004, 0.19)
    for face in faces(thing.size_m):
        half = face.wide / 2
        pile.on(
            face,
            "own second",
            (-half - 0.02, half + 0.02),
            (high - deck - min(0.1, 0.3 * high), high - deck - 0.002),
            (-0.02, 0.025),
        )
        if high < 0.3:
            continue
        count = max(round(face.wide / 0.95), 1)
        edges = np.linspace(-half, half, count + 1)
        pile.on(
            face,
            "dark trim",
            (edges[:-1] + 0.05, edges[1:] - 0.05),
            (0.08, high - deck - 0.14),
            (-0.02, -0.004),
        )
        pile.on(
            face,
            "own second",
            (np.maximum(edges - 0.035, -half), np.minimum(edges + 0.035, half)),
            (0.0, high - deck - 0.1),
            (-0.02, 0.015),
        )
        pile.on(face, "own second", (-half, half), (0.0, 0.07), (-0.02, 0.015))
    lamps = np.arange(-x + 0.3, x - 0.2, 0.6)
    front = faces(thing.size_m)[0]
    pile.on(front, "iron", (lamps - 0.07, lamps + 0.07), (high - 0.01, high + 0.05), (-0.16, -0.05))
    pile.on(front, "lamp", (lamps - 0.055, lamps + 0.055), (high + 0.002, high + 0.045), (-0.17, -0.155))
    return pile.pieces()


def _grandstand(thing: Thing) -> list[Piece] | None:
    """Rows of seats up the steps; a box is given its rows on the face."""
    if isinstance(thing.proxy, Stairs):
        pieces = _flight(thing, thing.proxy)
        wide, high, deep = thing.size_m
        rise, run = high / thing.proxy.steps, deep / thing.proxy.steps
        seats = np.arange(-wide / 2 + 0.15, wide / 2 - 0.5, 0.5)
        pile = Pile()
        for k in range(thing.proxy.steps):
            if rise < 0.2 or len(seats) * thing.proxy.steps > 700:
                break
            zero = np.zeros(len(seats))
            near = deep / 2 - k * run - 0.55 * run
            low = np.stack([seats, zero + (k + 1) * rise, zero + near - 0.2 * run], 1)
            pile.box("own second", low, low + np.array([0.42, 0.06, 0.4 * run]))
        return [*pieces, *pile.pieces()]
    return _stage(thing)


FINISHERS: Mapping[str, Finish] = {
    "railing": _railing,
    "bannister": _railing,
    "fence": _fence,
    "stairs": _stairs,
    "step": _stairs,
    "stairway": _stairs,
    "escalator": _stairs,
    "bridge": _bridge,
    "pier": _pier,
    "fountain": _fountain,
    "stage": _stage,
    "grandstand": _grandstand,
}
