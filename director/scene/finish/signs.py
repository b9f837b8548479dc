"""Flat things that are looked at: signboards, posters, paintings, mirrors, notice boards."""

from collections.abc import Mapping

import numpy as np

from director.math3d import rotation_matrix
from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Floats, Pile, each_item, large_faces
from director.scene.finish.forms import moved
from director.scene.finish.letters import lettering
from director.scene.finish.signboard import framed, signboard
from director.scene.finish.thing import Piece, Thing
from director.scene.shapes import box

__all__ = ["FINISHERS"]

_PAINTS = (
    "cover red",
    "cover blue",
    "cover green",
    "cover ochre",
    "paint white",
    "paint yellow",
    "dark trim",
)


def _painting(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _painting)
    face, _ = large_faces(thing.size_m)
    if thing.kind != "box" or 2 * face.reach > 0.35 or min(face.wide, face.high) < 0.15:
        return None
    random = np.random.default_rng([thing.seed, 113])
    pile = Pile()
    half, high, thick = face.wide / 2, face.high, 2 * face.reach
    rim = min(0.075, 0.13 * min(face.wide, high))
    frame = ("wood", "brass", "dark trim", "light trim")[int(random.integers(4))]
    both = [face, large_faces(thing.size_m)[1]]
    pile.on(
        face, "dark trim", (-half + 0.01, half - 0.01), (0.01, high - 0.01), (-0.75 * thick, -0.25 * thick)
    )
    framed(pile, face, frame, rim, (-thick, 0.0))
    for side in both:
        framed(pile, side, frame, 0.35 * rim, (-0.01, 0.012))
        mat = 0.0 if random.random() < 0.45 else 1.1 * rim
        sunk = -min(0.015, 0.2 * thick)
        if mat:
            pile.on(side, "paper", (-half + rim, half - rim), (rim, high - rim), (sunk - 0.01, sunk))
        a = half - rim - mat
        _canvas(pile, side, a, rim + mat, high - rim - mat, sunk + 0.003, thing.seed)
    return pile.pieces()


def _canvas(pile: Pile, side: Face, half: float, low: float, high: float, out: float, seed: int) -> None:
    """A landscape, a still life or an abstract, in flat relief a millimetre a layer."""
    random = np.random.default_rng([seed, 127])
    tall, wide = high - low, 2 * half
    if tall < 0.05 or wide < 0.05:
        return
    what = int(random.choice([0, 0, 1, 2]))
    pile.on(side, "own", (-half, half), (low, high), (out - 0.012, out))
    if what == 0:
        horizon = low + tall * random.uniform(0.35, 0.6)
        pile.on(side, "cover blue", (-half, half), (horizon, high), (out - 0.01, out + 0.001))
        steps = np.linspace(-half, half, 25)
        for k, stuff in enumerate(("cover green", "own second", "cover ochre")):
            ridge = 0.5 + 0.5 * np.sin(steps / wide * random.uniform(5, 12) + random.uniform(0, 6))
            top = horizon + tall * (0.16 * ridge - 0.13 * k)
            pile.on(
                side,
                stuff,
                (steps[:-1], steps[1:]),
                (low, np.maximum(top[:-1], low + 0.004)),
                (out - 0.01, out + 0.002 + 0.001 * k),
            )
        u, v, r = random.uniform(-0.6, 0.6) * half, high - 0.2 * tall, 0.06 * tall
        pile.on(side, "paint yellow", (u - r, u + r), (v - 0.6 * r, v + 0.6 * r), (out - 0.01, out + 0.0025))
        pile.on(side, "paint yellow", (u - 0.6 * r, u + 0.6 * r), (v - r, v + r), (out - 0.01, out + 0.0025))
    elif what == 1:
        count = int(random.integers(4, 8))
        centre = random.uniform(-0.75, 0.75, (count, 2))
        size = random.uniform(0.08, 0.34, (count, 2))
        for k in range(count):
            u, v = centre[k, 0] * half, (low + high) / 2 + centre[k, 1] * tall / 2
            a, b = size[k] * (wide, tall) / 2
            us = (max(u - a, -half), min(u + a, half))
            vs = (max(v - b, low), min(v + b, high))
            pile.on(
                side,
                _PAINTS[int(random.integers(len(_PAINTS)))],
                us,
                vs,
                (out - 0.01, out + 0.001 + 0.001 * k),
            )
    else:
        # A head and shoulders before a dark ground: hair, face, collar, coat.
        pile.on(side, "own second", (-half, half), (low, high), (out - 0.01, out + 0.001))
        middle = low + 0.62 * tall
        coat = _PAINTS[int(random.integers(4))]
        _oval(
            pile,
            side,
            coat,
            (0.0, low + 0.02 * tall),
            (0.36 * tall, 0.44 * tall),
            (low, high),
            half,
            out + 0.002,
        )
        _oval(
            pile,
            side,
            "paper",
            (0.0, low + 0.40 * tall),
            (0.09 * tall, 0.10 * tall),
            (low, high),
            half,
            out + 0.003,
        )
        _oval(
            pile,
            side,
            "bark",
            (0.0, middle + 0.03 * tall),
            (0.15 * tall, 0.2 * tall),
            (low, high),
            half,
            out + 0.004,
        )
        _oval(
            pile,
            side,
            "painted flesh",
            (0.0, middle - 0.01 * tall),
            (0.11 * tall, 0.15 * tall),
            (low, high),
            half,
            out + 0.005,
        )
        eyes = np.array([-0.045, 0.045]) * tall
        pile.on(
            side,
            "dark trim",
            (eyes - 0.014 * tall, eyes + 0.014 * tall),
            (middle, middle + 0.014 * tall),
            (out, out + 0.006),
        )


def _oval(
    pile: Pile,
    side: Face,
    stuff: str,
    middle: tuple[float, float],
    size: tuple[float, float],
    bounds: tuple[float, float],
    half: float,
    out: float,
) -> None:
    """A flat ellipse of eighteen strips, cut to the picture."""
    rows = np.linspace(-1, 1, 19)
    reach = np.minimum(half, size[0] * np.sqrt(np.maximum(1 - ((rows[:-1] + rows[1:]) / 2) ** 2, 0.02)))
    level = np.clip(middle[1] + size[1] * rows, *bounds)
    kept = level[1:] - level[:-1] > 1e-4
    pile.on(
        side,
        stuff,
        (middle[0] - reach[kept], middle[0] + reach[kept]),
        (level[:-1][kept], level[1:][kept]),
        (out - 0.01, out),
    )


def _mirror(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _mirror)
    face, other = large_faces(thing.size_m)
    if thing.kind != "box" or 2 * face.reach > 0.35 or min(face.wide, face.high) < 0.15:
        return None
    pile = Pile()
    half, high, thick = face.wide / 2, face.high, 2 * face.reach
    rim = min(0.06, 0.1 * min(face.wide, high))
    frame = ("brass", "wood", "dark trim", "light trim")[thing.seed % 4]
    sunk = min(0.012, 0.2 * thick)
    pile.on(face, "mirror", (-half + 0.01, half - 0.01), (0.01, high - 0.01), (-thick + sunk, -sunk))
    framed(pile, face, frame, rim, (-thick, 0.0))
    for side in (face, other):
        framed(pile, side, frame, 0.45 * rim, (-0.01, 0.014))
    return pile.pieces()


def _poster(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _poster)
    face, other = large_faces(thing.size_m)
    if thing.kind != "box" or 2 * face.reach > 0.35 or min(face.wide, face.high) < 0.15:
        return None
    random = np.random.default_rng([thing.seed, 131])
    pile = Pile()
    half, high, thick = face.wide / 2, face.high, 2 * face.reach
    pile.on(face, "own", (-half, half), (0.0, high), (-thick, 0.0))
    margin = 0.06 * min(face.wide, high)
    for side in (face, other):
        pile.on(
            side,
            "paper",
            (-half + margin / 2, half - margin / 2),
            (margin / 2, high - margin / 2),
            (-0.005, 0.002),
        )
        low, top = 0.30 * high, high - margin
        if random.random() < 0.5:
            low, top = margin, 0.72 * high
        _canvas(pile, side, half - margin, low, top, 0.004, thing.seed)
        text = (top + 0.03 * high, high - margin) if low == margin else (0.14 * high, 0.26 * high)
        ink = ("dark trim", "cover red", "cover blue")[thing.seed % 3]
        lettering(pile, side, ink, (-half + margin, half - margin), text, (0.0, 0.005), thing.seed)
        if low != margin:
            lines = np.array([0.05, 0.085]) * high
            pile.on(side, "dark trim", (-0.7 * half, 0.7 * half), (lines, lines + 0.012 * high), (0.0, 0.004))
    return pile.pieces()


def _notices(thing: Thing) -> list[Piece] | None:
    face, _ = large_faces(thing.size_m)
    if thing.kind != "box" or 2 * face.reach > 0.35 or min(face.wide, face.high) < 0.3:
        return None
    random = np.random.default_rng([thing.seed, 137])
    pile = Pile()
    half, high, thick = face.wide / 2, face.high, 2 * face.reach
    pile.on(face, "own", (-half + 0.01, half - 0.01), (0.01, high - 0.01), (-thick, -0.012))
    framed(pile, face, "wood", 0.05, (-thick, 0.006))
    for k in range(int(min(4 + face.wide * high * 5, 22))):
        size = random.uniform(0.07, 0.16, 2)
        u = random.uniform(-half + 0.08 + size[0], max(half - 0.08 - size[0], -half + 0.09 + size[0]))
        v = random.uniform(0.08 + size[1], max(high - 0.08 - size[1], 0.09 + size[1]))
        matrix = _leaning(face, u, v, float(random.normal(0, 0.08)), size)
        stuff = ("paper", "paper", "cover ochre", "cover blue", "cover red", "paint yellow")[
            int(random.integers(6))
        ]
        matrix[:3, 3] += face.points([(0, 0, 0.0006 * k)])[0] - face.points([(0, 0, 0)])[0]
        pile.add(stuff, moved(box(), matrix))
    return pile.pieces()


def _leaning(face: Face, u: float, v: float, roll: float, size: Floats) -> Floats:
    matrix = np.eye(4)
    turn = rotation_matrix((0.0, 0.0, float(np.sin(roll / 2)), float(np.cos(roll / 2))))[:3, :3]
    if not face.along_x:
        turn = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]) @ turn
    matrix[:3, :3] = turn @ np.diag([2 * size[0], 2 * size[1], 0.004])
    matrix[:3, 3] = face.points([(u, v - size[1], -0.01)])[0]
    return matrix


def _flat(thing: Thing) -> list[Piece] | None:
    """A plane that was stood upright: its front is +y of object space; only its frame can be raised."""
    wide, _, deep = thing.size_m
    if thing.kind != "plane" or min(wide, deep) < 0.15 or max(wide, deep) > 6:
        return None
    x, z = wide / 2, deep / 2
    rim = min(0.06, 0.1 * min(wide, deep))
    pile = Pile()
    pile.box("own", [-x, -0.005, -z], [x, 0.004, z])
    low = np.array([[-x, 0, -z], [x - rim, 0, -z], [-x, 0, -z], [-x, 0, z - rim]])
    top = np.array([[-x + rim, 0.02, z], [x, 0.02, z], [x, 0.02, -z + rim], [x, 0.02, z]])
    pile.box("wood", low, top)
    return pile.pieces()


def _or_flat(finish: Finish) -> Finish:
    def made(thing: Thing) -> list[Piece] | None:
        pieces = _flat(thing) if thing.kind == "plane" else finish(thing)
        return None if pieces is None else list(pieces)

    return made


FINISHERS: Mapping[str, Finish] = {
    "signboard": signboard,
    "trade name": signboard,
    "poster": _or_flat(_poster),
    "painting": _or_flat(_painting),
    "mirror": _or_flat(_mirror),
    "bulletin board": _or_flat(_notices),
}
