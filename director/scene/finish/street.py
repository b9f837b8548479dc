"""What stands about in a street: bins, barrels, crates, bags, benches, awnings, tents."""

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Pile, each_item, faces
from director.scene.finish.forms import blob, bump_box, cushion, extruded, lathe, moved, tube, turned
from director.scene.finish.lamps_outside import fitted
from director.scene.finish.letters import lettering
from director.scene.finish.thing import Piece, Thing
from director.scene.proxies.box import Box

__all__ = ["FINISHERS"]


def _ashcan(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _ashcan)
    size = thing.size_m
    wide, high, deep = size
    pile = Pile()
    if thing.kind in ("cylinder", "cone") and high > 0.25:
        body = 0.84 * high
        pile.add("own", fitted([(0.84, 0.03), (0.92, body)], size, 24))
        pile.add("dark trim", fitted([(0.9, 0.0), (0.9, 0.05), (0.84, 0.06)], size, 24))
        turn = np.linspace(0, 2 * math.pi, 16, endpoint=False)
        for a in turn:
            x, z = math.sin(a) * wide / 2, math.cos(a) * deep / 2
            pile.add(
                "own plain", tube([(0.85 * x, 0.06, 0.85 * z), (0.93 * x, body - 0.02, 0.93 * z)], 0.013, 5)
            )
        for level in (0.3, 0.66):
            pile.add(
                "steel",
                fitted(
                    [
                        (0.9, level * high),
                        (0.98, level * high + 0.008),
                        (0.98, level * high + 0.03),
                        (0.9, level * high + 0.038),
                    ],
                    size,
                    24,
                ),
            )
        pile.add(
            "steel",
            fitted(
                [
                    (1.0, body - 0.02),
                    (1.02, body),
                    (1.02, body + 0.03),
                    (0.92, body + 0.06),
                    (0.55, high - 0.035),
                    (0.2, high - 0.02),
                ],
                size,
                24,
            ),
        )
        pile.add(
            "steel",
            tube(
                [
                    (-0.1 * wide, high - 0.03, 0),
                    (-0.08 * wide, high, 0),
                    (0.08 * wide, high, 0),
                    (0.1 * wide, high - 0.03, 0),
                ],
                0.011,
                6,
            ),
        )
        return pile.pieces()
    if thing.kind != "box" or min(size) < 0.03:
        return None
    return _lid(thing) if high < 0.2 else _skip(thing)


def _lid(thing: Thing) -> list[Piece]:
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.add("own", bump_box((-x, 0, -z), (x, high, z), 0.4 * high))
    for share in np.linspace(-0.8, 0.8, 5):
        low, top = ([share * x - 0.03, 0, -0.94 * z], [share * x + 0.03, high + 0.012, 0.94 * z])
        if wide < deep:
            low, top = ([-0.94 * x, 0, share * z - 0.03], [0.94 * x, high + 0.012, share * z + 0.03])
        pile.box("own plain", low, top)
    return pile.pieces()


def _skip(thing: Thing) -> list[Piece]:
    """A skip or a bin on wheels: ribs, a rim, pockets for the lifting forks."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    inset = 0.025
    pile.box("own", [-x + inset, 0.03, -z + inset], [x - inset, high - 0.01, z - inset])
    rim = min(0.08, 0.12 * high)
    pile.add("own plain", bump_box((-x - 0.01, high - rim, -z - 0.01), (x + 0.01, high, z + 0.01), 0.02))
    pile.box("own plain", [-x, 0.0, -z], [x, 0.07, z])
    for face in faces(thing.size_m):
        half = face.wide / 2
        count = max(round(face.wide / 0.42), 2)
        us = np.linspace(-half + 0.03, half - 0.03, count + 1)
        pile.on(face, "own plain", (us - 0.03, us + 0.03), (0.05, high - rim), (-0.04, 0.0))
        if face.wide > 0.9:
            pile.on(
                face,
                "dark trim",
                (-0.7 * half, 0.7 * half),
                (0.52 * high, 0.52 * high + 0.012),
                (-0.04, -0.015),
            )
            lettering(
                pile,
                face,
                "paint white",
                (-0.5 * half, 0.5 * half),
                (0.6 * high, 0.6 * high + 0.1),
                (-0.04, 0.004),
                thing.seed,
            )
    if not isinstance(thing.proxy, Box) or max(wide, deep) > 1.2:
        for side in (-1, 1):
            span = (side * x, side * (x + 0.06))
            pile.box("iron", [min(span), 0.62 * high, -0.3 * z], [max(span), 0.62 * high + 0.1, 0.3 * z])
    return pile.pieces()


def _barrel(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _barrel, 20_000)
    size = thing.size_m
    wide, high, deep = size
    if thing.kind != "cylinder" or min(wide, deep) < 0.15:
        return None
    pile = Pile()
    if high < 0.45 * wide:
        # A tyre lying flat.
        turn = np.linspace(-1.45, 1.45, 9)
        side = [(0.86 + 0.14 * math.cos(a), high * (0.5 + 0.5 * math.sin(a))) for a in turn]
        pile.add("rubber", fitted(side, size, 28))
        for foot, head in ((0.72 * high, high + 0.004), (-0.004, 0.28 * high)):
            pile.add("dark trim", fitted([(0.5, foot), (0.5, head)], size, 24))
        return pile.pieces()
    if thing.seed % 2:
        levels = np.linspace(0.0, 1.0, 11)
        radii = 0.84 + 0.16 * np.sin(math.pi * levels) ** 0.8
        # Staves: a ring with shallow joints.
        pile.add(
            "own",
            fitted(
                [(float(r) - 0.012, float(v * high)) for r, v in zip(radii, levels, strict=True)], size, 28
            ),
        )
        for low in (0.02, 0.18, 0.30, 0.66, 0.78, 0.94):
            r = 0.84 + 0.16 * math.sin(math.pi * (low + 0.02)) ** 0.8
            pile.add(
                "iron",
                fitted(
                    [(r + 0.012, low * high), (r + 0.02, low * high + 0.02), (r + 0.012, low * high + 0.04)],
                    size,
                    28,
                ),
            )
        turn = np.linspace(0, 2 * math.pi, 22, endpoint=False)
        for a in turn:
            s, c = math.sin(a) * wide / 2, math.cos(a) * deep / 2
            path = [
                (float(r) * s, float(v) * high, float(r) * c)
                for r, v in zip(radii[1:-1], levels[1:-1], strict=True)
            ]
            pile.add("dark trim", tube(path, 0.006, 4))
        pile.add("own plain", fitted([(0.78, high - 0.002), (0.78, high + 0.004)], size, 24))
        return pile.pieces()
    # A drum of steel: rolled rims, two hoops, two bungs.
    profile = [(0.97, 0.0), (1.0, 0.01), (1.0, 0.03), (0.95, 0.04)]
    for share in (0.34, 0.67):
        at = share * high
        profile += [(0.95, at - 0.035), (1.0, at - 0.012), (1.0, at + 0.012), (0.95, at + 0.035)]
    profile += [
        (0.95, high - 0.04),
        (1.0, high - 0.03),
        (1.0, high - 0.006),
        (0.97, high),
        (0.93, high),
        (0.92, high - 0.02),
    ]
    pile.add("own", fitted(profile, size, 28))
    for a, r in ((0.6, 0.045), (3.6, 0.03)):
        bung = (0.3 * wide * math.sin(a), high - 0.02, 0.3 * deep * math.cos(a))
        pile.add("steel", lathe([(r, 0.0), (r, 0.02), (0.7 * r, 0.026)], 10, bung))
    return pile.pieces()


def _box(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _box)
    size = thing.size_m
    wide, high, deep = size
    if (
        thing.kind != "box"
        or min(size) < 0.06
        or max(size) > 4
        or (isinstance(thing.proxy, Box) and thing.proxy.round_m > 0)
    ):
        return None
    if high < 0.45 * min(wide, deep) or thing.seed % 5 == 0:
        return _carton(thing)
    pile = Pile()
    board = min(0.022, 0.06 * min(size))
    x, z = wide / 2 - board, deep / 2 - board
    pile.box("dark trim", [-x, 0.02, -z], [x, high - board, z])
    rows = max(round(high / 0.14), 2)
    levels = np.linspace(0.0, high, rows + 1)
    gap = 0.006
    for face in faces(size):
        half = face.wide / 2
        cut = 0.0 if face.along_x else board
        pile.on(
            face,
            "own",
            (-half + cut, half - cut),
            (levels[:-1] + gap, levels[1:] - gap),
            (-board, -0.4 * board),
        )
        frame = min(0.09, 0.16 * min(face.wide, high))
        out = 0.006
        pile.on(face, "own", ([-half, half - frame], [-half + frame, half]), (0.0, high), (-board, out))
        pile.on(
            face,
            "own",
            (-half + frame, half - frame),
            ([0.0, high - frame], [frame, high]),
            (-board, out - 0.002),
        )
        if thing.seed % 3 == 0:
            _brace(pile, face, frame, board)
        nails = np.array([frame / 2])
        pile.on(
            face,
            "iron",
            (-half + nails - 0.006, -half + nails + 0.006),
            (levels[:-1, None] + 0.07, levels[:-1, None] + 0.082),
            (0.0, out + 0.003),
        )
        pile.on(
            face,
            "iron",
            (half - nails - 0.006, half - nails + 0.006),
            (levels[:-1, None] + 0.07, levels[:-1, None] + 0.082),
            (0.0, out + 0.003),
        )
    lids = max(round(deep / 0.15), 2)
    cuts = np.linspace(-deep / 2, deep / 2, lids + 1)
    low = np.stack([np.full(lids, -wide / 2), np.full(lids, high - board), cuts[:-1] + gap / 2], 1)
    top = np.stack([np.full(lids, wide / 2), np.full(lids, high), cuts[1:] - gap / 2], 1)
    pile.box("own", low, top)
    return pile.pieces()


def _brace(pile: Pile, face: Face, frame: float, board: float) -> None:
    half, high = face.wide / 2 - frame, face.high - 2 * frame
    length, lean = math.hypot(2 * half, high), math.atan2(high, 2 * half)
    flat = extruded(
        [
            (-length / 2 + frame / 2, -frame / 2),
            (length / 2 - frame / 2, -frame / 2),
            (length / 2 - frame / 2, frame / 2),
            (-length / 2 + frame / 2, frame / 2),
        ],
        -board,
        0.003,
        "z",
    )
    yaw = {
        (True, True): 0.0,
        (True, False): math.pi,
        (False, True): math.pi / 2,
        (False, False): -math.pi / 2,
    }[(face.along_x, face.sign > 0)]
    middle = face.points([(0.0, face.high / 2, 0.0)])[0]
    pile.add("own", turned(flat, yaw, 0.0, lean, middle))


def _carton(thing: Thing) -> list[Piece]:
    """A carton: flaps that do not quite meet, tape over the joint, a printed side."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    pile.box("own", [-x, 0, -z], [x, high - 0.006, z])
    pile.box("own", [-x - 0.004, high - 0.012, -z], [x + 0.004, high - 0.002, -0.004])
    pile.box("own", [-x - 0.004, high - 0.010, 0.004], [x + 0.004, high, z])
    tape = min(0.03, 0.1 * deep)
    pile.box("linen", [-x - 0.006, high - 0.004, -tape], [x + 0.006, high + 0.0015, tape])
    pile.box("linen", [-x - 0.006, high - min(0.12, 0.4 * high), -tape], [x + 0.006, high, tape])
    if high > 0.2:
        for face in faces(thing.size_m)[:2]:
            lettering(
                pile,
                face,
                "dark trim",
                (-0.6 * x, 0.6 * x),
                (0.35 * high, 0.35 * high + min(0.1, 0.25 * high)),
                (-0.01, 0.002),
                thing.seed,
            )
    return pile.pieces()


def _case(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _case)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or min(thing.size_m) < 0.06 or max(thing.size_m) > 3:
        return None
    if high > 1.0:
        return _cabinet_case(thing)
    pile = Pile()
    x, z = wide / 2, deep / 2
    pile.add("own", bump_box((-x, 0.0, -z), (x, high, z), min(0.035, 0.2 * min(thing.size_m))))
    seam = 0.62 * high
    pile.box("dark trim", [-x - 0.003, seam - 0.006, -z - 0.003], [x + 0.003, seam + 0.006, z + 0.003])
    at = np.array([-0.5 * x, 0.5 * x])
    for u in at:
        pile.box("own second", [u - 0.022, -0.002, -z - 0.005], [u + 0.022, high + 0.005, z + 0.005])
        pile.box("brass", [u - 0.028, seam - 0.03, z], [u + 0.028, seam + 0.035, z + 0.014])
    pile.add(
        "dark trim",
        tube(
            [(-0.09, high, 0), (-0.085, high + 0.035, 0), (0.085, high + 0.035, 0), (0.09, high, 0)], 0.011, 7
        ),
    )
    corner = min(0.06, 0.25 * min(thing.size_m))
    for sx in (-1, 1):
        for sz in (-1, 1):
            for y in (0.0, high - corner):
                a, c = sx * x - (corner if sx > 0 else 0), sz * z - (corner if sz > 0 else 0)
                low = (a - 0.004, y - 0.004, c - 0.004)
                top = (a + corner + 0.004, y + corner + 0.004, c + corner + 0.004)
                pile.add("brass", bump_box(low, top, 0.02))
    return pile.pieces()


def _cabinet_case(thing: Thing) -> list[Piece]:
    """A pump or a vending case: a panel with a dial and a window before a body with a plinth."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    round_m = thing.proxy.round_m if isinstance(thing.proxy, Box) else 0.0
    pile = Pile()
    pile.add("own", bump_box((-x, 0.0, -z), (x, high, z), max(round_m, 0.02)))
    pile.box("dark trim", [-x - 0.015, 0.0, -z - 0.015], [x + 0.015, 0.09, z + 0.015])
    for face in faces(thing.size_m)[:2]:
        a = 0.72 * x
        pile.on(
            face, "steel", (-a - 0.02, a + 0.02), (0.58 * high - 0.02, 0.88 * high + 0.02), (-0.02, 0.014)
        )
        pile.on(face, "paper", (-a, a), (0.58 * high, 0.88 * high), (-0.02, 0.02))
        for k, level in enumerate((0.79, 0.71, 0.63)):
            pile.on(
                face, "dark trim", (-0.75 * a, 0.75 * a), (level * high, (level + 0.045) * high), (0.0, 0.024)
            )
            lettering(
                pile,
                face,
                "paint white",
                (-0.7 * a, 0.7 * a),
                ((level + 0.008) * high, (level + 0.037) * high),
                (0.0, 0.028),
                thing.seed + k,
            )
        pile.on(face, "chrome", (-a, a), (0.5 * high, 0.515 * high), (-0.02, 0.02))
        lettering(pile, face, "paint white", (-a, a), (0.3 * high, 0.42 * high), (-0.02, 0.012), thing.seed)
    hose = [
        (x, 0.62 * high, 0.0),
        (x + 0.06, 0.5 * high, 0.05),
        (x + 0.07, 0.25 * high, 0.1),
        (x + 0.06, 0.2 * high, 0.0),
        (x + 0.05, 0.4 * high, -0.1),
        (x + 0.03, 0.55 * high, -0.12),
    ]
    pile.add("rubber", tube(hose, 0.018, 7))
    return pile.pieces()


def _bag(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _bag)
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    pile = Pile()
    if thing.kind == "sphere":
        pile.add("own", blob((0, 0.47 * high, 0), (wide, 0.94 * high, deep), 0.09, thing.seed, 20))
        pile.add(
            "own",
            moved(
                lathe([(0.02, 0.88 * high), (0.035, 0.93 * high), (0.07, high), (0.05, high + 0.03)], 9),
                np.eye(4),
            ),
        )
        pile.add(
            "linen",
            moved(lathe([(0.03, 0.905 * high), (0.036, 0.915 * high), (0.03, 0.925 * high)], 9), np.eye(4)),
        )
        return pile.pieces()
    if thing.kind != "box" or min(thing.size_m) < 0.05:
        return None
    pile.add("own", cushion((-x, 0, -z), (x, high, z), 0.35))
    if high > 0.3:
        pile.add(
            "own second", cushion((-0.72 * x, 0.08 * high, 0.4 * z), (0.72 * x, 0.46 * high, 1.12 * z), 0.4)
        )
        pile.add("own", cushion((-0.96 * x, 0.72 * high, -0.8 * z), (0.96 * x, 1.02 * high, 1.04 * z), 0.45))
        for u in (-0.4 * x, 0.4 * x):
            pile.box("dark trim", [u - 0.014, 0.3 * high, 0.9 * z], [u + 0.014, 0.86 * high, 1.06 * z])
            pile.box("brass", [u - 0.02, 0.5 * high, z], [u + 0.02, 0.55 * high, 1.09 * z])
            pile.add(
                "dark trim",
                tube(
                    [
                        (u, 0.85 * high, -0.9 * z),
                        (1.2 * u, 0.6 * high, -1.15 * z),
                        (1.2 * u, 0.25 * high, -1.0 * z),
                    ],
                    0.018,
                    6,
                ),
            )
    pile.add(
        "dark trim",
        tube([(-0.06, high, 0), (-0.05, high + 0.04, 0), (0.05, high + 0.04, 0), (0.06, high, 0)], 0.01, 6),
    )
    return pile.pieces()


def _bench(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _bench)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or max(wide, deep) < 0.4:
        return None
    pile = Pile()
    along_x = wide >= deep
    long, short = max(wide, deep), min(wide, deep)

    def put(stuff: str, a: tuple[float, float], y: tuple[float, float], c: tuple[float, float]) -> None:
        low, top = (a[0], y[0], c[0]), (a[1], y[1], c[1])
        pile.box(stuff, low if along_x else low[::-1], top if along_x else top[::-1])

    half, side = long / 2, short / 2
    if high < 0.2:
        count = max(round(short / 0.11), 2)
        cuts = np.linspace(-side, side, count + 1)
        for a, b in pairwise(cuts):
            put("own", (-half, half), (0.25 * high, high), (float(a) + 0.005, float(b) - 0.005))
        for u in (-0.8 * half, 0.0, 0.8 * half):
            put("iron", (u - 0.03, u + 0.03), (-0.012, 0.5 * high), (-side, side))
        put("dark trim", (-half + 0.02, half - 0.02), (0.2 * high, 0.55 * high), (-side + 0.02, side - 0.02))
        return pile.pieces()
    back = high > 0.7
    seat = 0.45 if back else high
    boards = max(round(short / 0.11), 2)
    cuts = np.linspace(-side, side, boards + 1)
    for a, b in pairwise(cuts):
        put("own", (-half, half), (seat - 0.05, seat), (float(a) + 0.004, float(b) - 0.004))
    # Shade under the seat, between legs that carry it.
    put("dark trim", (-half + 0.05, half - 0.05), (0.0, seat - 0.04), (-0.35 * side, 0.35 * side))
    for u in (-0.92 * half, 0.0, 0.92 * half) if long > 1.4 else (-0.9 * half, 0.9 * half):
        put("iron", (u - 0.03, u + 0.03), (0.0, seat - 0.03), (-side, -side + 0.05))
        put("iron", (u - 0.03, u + 0.03), (0.0, seat - 0.03), (side - 0.05, side))
        put("iron", (u - 0.03, u + 0.03), (0.1, 0.16), (-side, side))
        if back:
            put("iron", (u - 0.03, u + 0.03), (seat, high), (-side, -side + 0.05))
    if back:
        rows = np.arange(seat + 0.08, high - 0.06, 0.12)
        for row in rows:
            put("own", (-half, half), (float(row), float(row) + 0.09), (-side, -side + 0.03))
    return pile.pieces()


FINISHERS: Mapping[str, Finish] = {
    "ashcan": _ashcan,
    "barrel": _barrel,
    "box": _box,
    "case": _case,
    "bag": _bag,
    "bench": _bench,
}
