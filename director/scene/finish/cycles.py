"""Bicycles, motorcycles and scooters in the boxes that stand for them."""

import numpy as np

from director.scene.finish.coachwork import egg
from director.scene.finish.fittings import PAINT, Pieces, Size, is_wheel, laid, upright
from director.scene.finish.forms import bump_box, disc, merged, moved, slab
from director.scene.finish.loft import Floats, around, both, ring_solid, rings_about, sandwich, scale, tubes
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.wheels import spoked_wheel, wire_wheel
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def _bicycle(thing: Thing) -> list[Piece] | None:
    if is_wheel(thing):
        radius = max(thing.size_m) / 2
        made = _at(wire_wheel(radius, 0.05 * radius), radius, 0.0)
        return [Piece(mesh, stuff) for mesh, stuff in made]
    size = upright(thing)
    if thing.kind != "box" or not (1.0 <= size[2] <= 2.6 and size[1] >= 0.5):
        return None
    return laid(thing, _roadster(size, thing.seed))


def _minibike(thing: Thing) -> list[Piece] | None:
    if is_wheel(thing):
        radius = max(thing.size_m) / 2
        made = _at(spoked_wheel(radius, min(thing.size_m), thing.seed), radius, 0.0)
        return [Piece(mesh, stuff) for mesh, stuff in made]
    size = upright(thing)
    if thing.kind != "box" or not (1.1 <= size[2] <= 3.2 and size[1] >= 0.6):
        return None
    random = np.random.default_rng([thing.seed, 91])
    return laid(thing, _scooter(size, thing.seed) if random.random() < 0.4 else _motorcycle(size, thing.seed))


def _at(pieces: Pieces, y: float, z: float) -> Pieces:
    matrix = np.eye(4)
    matrix[1:3, 3] = y, z
    return [(moved(mesh, matrix), stuff) for mesh, stuff in pieces]


def _rod(*points: tuple[float, float, float], radius: float, sides: int = 7) -> Mesh:
    return tubes(np.array(points), radius, sides)


def _roadster(size: Size, seed: int) -> Pieces:
    random = np.random.default_rng([seed, 92])
    wide, high, long = size
    r = min(0.345 * high, 0.205 * long)
    thick = 0.016 if random.random() < 0.6 else 0.024
    rear, front = -long / 2 + r, long / 2 - r
    pieces = _at(wire_wheel(r, thick), r, rear) + _at(wire_wheel(r, thick), r, front)
    crank = (0.0, 0.84 * r, rear + 0.27 * long)
    seat = (0.0, 0.80 * high, crank[2] - 0.085 * long)
    neck_low, neck = (0.0, 0.66 * high, front - 0.155 * long), (0.0, 0.80 * high, front - 0.185 * long)
    step = random.random() < 0.4
    frame = [
        _rod(crank, seat, radius=0.017),
        _rod(crank, neck_low, radius=0.020),
        _rod((0.0, 0.45 * high, crank[2] - 0.03), neck_low, radius=0.016)
        if step
        else _rod((0.0, seat[1] - 0.05, seat[2]), neck, radius=0.016),
        _rod(neck_low, neck, radius=0.022),
    ]
    for side in (-1, 1):
        x = side * 0.05
        frame += [
            _rod((x, r, rear), (0.4 * x, crank[1], crank[2]), radius=0.010, sides=5),
            _rod((x, r, rear), (0.4 * x, seat[1] - 0.10, seat[2]), radius=0.010, sides=5),
            _rod(
                (0.6 * x, neck_low[1], neck_low[2]),
                (x, 0.5 * (r + neck_low[1]), front - 0.075 * long),
                (x, r, front),
                radius=0.012,
                sides=6,
            ),
        ]
    guards = [_guard(r + 1.2 * thick, z, 0.03, a, 2.75, r) for z, a in ((rear, -0.25), (front, 0.45))]
    pieces.append((merged(frame + (guards if random.random() < 0.5 else [])), PAINT))
    bar = wide / 2 - 0.03
    grips = [
        _rod(
            (s * bar, 0.96 * high, neck[2] - 0.10),
            (s * (bar - 0.13), 0.97 * high, neck[2] - 0.02),
            radius=0.019,
        )
        for s in (-1, 1)
    ]
    saddle = scale(_saddle(0.075, 0.135, seat[2], 0.90 * high), (0.0, 0.80 * high, seat[2]))
    pieces.append((merged([*grips, saddle]), "dark trim"))
    bright = [
        _rod(
            *[
                (float(x) * bar, 0.97 * high - 0.02 * abs(float(x)), neck[2] + 0.05 - 0.12 * float(x) ** 2)
                for x in np.linspace(-1, 1, 7)
            ],
            radius=0.012,
        ),
        _rod(neck, (0.0, 0.96 * high, neck[2] - 0.02), (0.0, 0.965 * high, neck[2] + 0.05), radius=0.014),
        _rod(seat, (0.0, 0.875 * high, seat[2] - 0.015), radius=0.014),
        disc((0.05, crank[1], crank[2]), 0.095, 0.008, "x", 18),
        _rod((0.052, crank[1], crank[2]), (0.075, crank[1] - 0.12, crank[2] + 0.11), radius=0.011),
        _rod((-0.052, crank[1], crank[2]), (-0.075, crank[1] + 0.12, crank[2] - 0.11), radius=0.011),
        _rod((0.052, crank[1] + 0.09, crank[2]), (0.052, r + 0.035, rear), radius=0.005, sides=4),
        _rod((0.052, crank[1] - 0.09, crank[2]), (0.052, r - 0.035, rear), radius=0.005, sides=4),
        _rod((-0.05, r, rear + 0.05), (-0.13, 0.02, rear + 0.13), radius=0.009, sides=5),
    ]
    pieces.append((merged(bright), "chrome"))
    pedals = [
        bump_box((0.07, crank[1] - 0.135, crank[2] + 0.07), (0.16, crank[1] - 0.11, crank[2] + 0.15), 0.008),
        bump_box(
            (-0.16, crank[1] + 0.11, crank[2] - 0.15), (-0.07, crank[1] + 0.135, crank[2] - 0.07), 0.008
        ),
    ]
    pieces.append((merged(pedals), "rubber"))
    pieces.append(
        (egg((-0.035, 0.84 * high, neck[2] + 0.06), (0.035, 0.91 * high, neck[2] + 0.14)), "headlamp")
    )
    pieces.append(
        (egg((-0.025, r + 0.30 * high, rear - 0.10), (0.025, r + 0.36 * high, rear - 0.05)), "tail lamp")
    )
    if random.random() < 0.35:
        z0 = neck[2] + 0.07
        basket = [slab((-0.17, 0.68 * high, z0), (0.17, 0.69 * high, z0 + 0.24))]
        for k in range(5):
            y = (0.69 + 0.045 * k) * high
            w = 0.17 + 0.008 * k
            basket.append(
                _rod(
                    (-w, y, z0),
                    (w, y, z0),
                    (w, y, z0 + 0.25),
                    (-w, y, z0 + 0.25),
                    (-w, y, z0),
                    radius=0.007,
                    sides=4,
                )
            )
        pieces.append((merged(basket), "wood"))
    return pieces


def _saddle(half: float, reach: float, z: float, y: float) -> Floats:
    v, u = np.linspace(-1, 1, 8)[:, None], np.linspace(-1, 1, 7)[None]
    # Broad behind, a narrow nose in front; rows run forwards.
    broad = half * (0.28 + 0.72 / (1 + np.exp(5 * (v + 0.1))))
    up = y + 0.014 * (1 - u**2) + 0.012 * v**2 - 0.040 * np.abs(u) ** 4
    return np.stack([-u * broad, up + 0 * v, z + reach * v + 0 * u], -1)[:, ::-1][::-1]


def _motorcycle(size: Size, seed: int) -> Pieces:
    random = np.random.default_rng([seed, 93])
    wide, high, long = size
    r = min(0.285 * high, 0.165 * long)
    rear, front = -long / 2 + r, long / 2 - r
    fat = min(0.16, 0.28 * wide)
    pieces = _at(spoked_wheel(r, 1.15 * fat, seed), r, rear) + _at(
        spoked_wheel(r, 0.85 * fat, seed), r, front
    )
    head = np.array([0.0, 0.80 * high, front - 0.20 * long])
    tank = ring_solid(
        rings_about(
            np.linspace(0.60, 0.80, 7) * high,
            0.15 * wide / 0.6 * np.array([0.62, 0.85, 0.98, 1.0, 0.92, 0.70, 0.30]),
            head[2] - 0.02 * long - 0.01 * np.arange(7) * long / 2 * 0.6,
            np.array([-0.02, -0.035, -0.04, -0.04, -0.03, -0.005, 0.04]) * long,
            around(16),
            2.4,
            0.08 * long,
        )
    )
    side = bump_box((-0.11, 0.46 * high, -0.16 * long), (0.11, 0.60 * high, -0.02 * long), 0.04)
    tail = egg((-0.12, 0.62 * high, rear - 0.06 * long), (0.12, 0.73 * high, rear + 0.22 * long), 0.7)
    guards = [_guard(r, z, 0.6 * fat, a, b) for z, a, b in ((front, 0.5, 2.4), (rear, 0.6, 2.6))]
    pieces.append((merged([tank, side, tail, *guards]), PAINT))
    seat = egg((-0.15, 0.68 * high, rear + 0.01 * long), (0.15, 0.77 * high, -0.01 * long), 0.55)
    dark = [seat]
    bar = wide / 2 - 0.02
    dark += [
        _rod(
            (s * bar, 0.955 * high, head[2] - 0.12),
            (s * (bar - 0.13), 0.965 * high, head[2] - 0.05),
            radius=0.022,
        )
        for s in (-1, 1)
    ]
    frame = [
        _rod(
            (0, 0.78 * high, head[2]),
            (0, 0.60 * high, -0.05 * long),
            (0, 0.56 * high, rear + 0.14 * long),
            radius=0.022,
        ),
        _rod(
            (0, 0.72 * high, head[2] + 0.02),
            (0, 0.24 * high, 0.14 * long),
            (0, 0.20 * high, -0.12 * long),
            radius=0.022,
        ),
    ]
    for s in (-1, 1):
        frame += [
            _rod((s * 0.10, r, rear), (s * 0.08, 0.26 * high, -0.12 * long), radius=0.020),
            _rod(
                (s * 0.11, r + 0.02, rear + 0.01), (s * 0.11, 0.60 * high, rear + 0.12 * long), radius=0.017
            ),
        ]
    pieces.append((merged(dark + frame), "dark trim"))
    engine = [bump_box((-0.14, 0.20 * high, -0.14 * long), (0.14, 0.40 * high, 0.10 * long), 0.05)]
    for k in range(5):
        y = (0.40 + 0.036 * k) * high
        engine.append(slab((-0.105, y, -0.045 * long), (0.105, y + 0.018 * high, 0.09 * long)))
    engine += [disc((s * 0.155, 0.30 * high, -0.02 * long), 0.085, 0.03, "x", 14) for s in (-1, 1)]
    pieces.append((merged(engine), "steel"))
    bright = []
    for s in (-1, 1):
        bright.append(_rod((s * 0.085, 0.90 * high, head[2] - 0.015), (s * 0.085, r, front), radius=0.022))
    bright.append(
        _rod(
            *[
                (float(x) * bar, 0.965 * high, head[2] + 0.02 - 0.12 * float(x) ** 2)
                for x in np.linspace(-1, 1, 7)
            ],
            radius=0.014,
        )
    )
    pipe = [
        (0.10, 0.50 * high, 0.09 * long),
        (0.15, 0.34 * high, 0.13 * long),
        (0.17, 0.19 * high, 0.06 * long),
        (0.17, 0.18 * high, -0.12 * long),
    ]
    bright.append(
        tubes(
            np.array(
                [*pipe, (0.19, 0.22 * high, rear - 0.01 * long), (0.19, 0.24 * high, rear - 0.10 * long)]
            ),
            [0.022, 0.022, 0.024, 0.028, 0.046, 0.044],
            9,
        )
    )
    bright += both(
        [_rod((0.26, 0.95 * high, head[2] - 0.02), (0.27, 0.99 * high, head[2]), radius=0.007, sides=4)]
    )
    bright += both([disc((0.275, 0.985 * high, head[2]), 0.04, 0.02, "z", 10)])
    lamp = head[2] + 0.11
    bright.append(
        tubes(
            _ahead(0.80 * high, lamp - 0.10, lamp - 0.03, lamp + 0.015),
            [0.05, 0.088, 0.092],
            12,
        )
    )
    pieces.append((merged(bright), "chrome"))
    pieces.append(
        (
            tubes(
                _ahead(0.80 * high, lamp + 0.005, lamp + 0.024, lamp + 0.034),
                [0.082, 0.080, 0.045],
                12,
            ),
            "headlamp",
        )
    )
    pieces.append(
        (
            egg((-0.05, 0.64 * high, rear - 0.085 * long), (0.05, 0.70 * high, rear - 0.055 * long), 0.4),
            "tail lamp",
        )
    )
    pieces.append(
        (
            merged(both([egg((0.13, 0.70 * high, head[2] + 0.04), (0.19, 0.745 * high, head[2] + 0.10))])),
            "amber lamp",
        )
    )
    pieces.append(
        (slab((-0.10, 0.50 * high, rear - r * 0.93), (0.10, 0.585 * high, rear - r * 0.90)), "paint white")
    )
    if random.random() < 0.4:
        level = np.linspace(0.86, 1.0, 5)[:, None] * high
        u = np.linspace(-1, 1, 7)[None]
        x = 0.20 * u * (1 - 0.25 * (level - 0.86 * high) / (0.14 * high))
        ahead = head[2] + 0.16 - 0.9 * (level - 0.86 * high) - 0.08 * u**2
        pieces.append(
            (scale(np.stack([x, level + 0 * u, ahead], -1), (0.0, 0.92 * high, head[2] + 0.06)), "glass")
        )
    return pieces


def _ahead(high: float, *places: float) -> Floats:
    return np.array([(0.0, high, z) for z in places])


def _guard(r: float, z: float, half: float, start: float, end: float, axle: float | None = None) -> Mesh:
    """A mudguard over the top of a wheel of a radius, from one angle to another (0 behind, π in front)."""
    turn = np.linspace(start, end, 12)
    y = r if axle is None else axle
    across = np.array([-half, -0.5 * half, 0.5 * half, half])[:, None]
    rows = []
    for outer in (1.06 * r + 0.012, 1.06 * r):
        reach = outer - 0.25 * np.abs(across)
        rows.append(np.stack([across + 0 * turn, y + reach * np.sin(turn), z - reach * np.cos(turn)], -1))
    return sandwich(rows[0], rows[1])


def _scooter(size: Size, seed: int) -> Pieces:
    wide, high, long = size
    r = min(0.21 * high, 0.125 * long)
    rear, front = -long / 2 + 1.5 * r, long / 2 - r
    pieces = _at(spoked_wheel(r, 0.10, seed), r, rear) + _at(spoked_wheel(r, 0.10, seed), r, front)
    shield = []
    y = np.linspace(0.24, 0.86, 9)
    broad = 0.5 * wide * np.array([0.30, 0.62, 0.78, 0.82, 0.80, 0.76, 0.68, 0.52, 0.34])
    lean = front - 0.11 * long - 0.16 * long * (y - 0.24) / 0.62
    shield.append(ring_solid(rings_about(y * high, broad, lean + 0.05, lean - 0.03, around(14), 2.2, lean)))
    body_y = np.array([0.24, 0.30, 0.42, 0.54, 0.62, 0.665])
    shield.append(
        ring_solid(
            rings_about(
                body_y * high,
                0.5 * wide * np.array([0.45, 0.66, 0.74, 0.66, 0.54, 0.40]),
                np.array([0.02, 0.03, 0.0, -0.02, -0.01, -0.02]) * long,
                rear - r * np.array([0.6, 1.1, 1.35, 1.45, 1.3, 1.1]),
                around(18),
                2.3,
                rear + 0.1,
            )
        )
    )
    shield.append(
        bump_box(
            (-0.36 * wide, 0.20 * high, -0.02 * long), (0.36 * wide, 0.27 * high, front - 0.14 * long), 0.03
        )
    )
    shield.append(_guard(r, front, 0.085, 0.4, 2.7))
    column = np.array([0.0, 0.86 * high, front - 0.27 * long])
    shield.append(egg((-0.14, 0.84 * high, column[2] - 0.06), (0.14, 0.96 * high, column[2] + 0.12), 0.7))
    pieces.append((merged(shield), PAINT))
    bar = wide / 2 - 0.02
    dark = [egg((-0.14, 0.64 * high, rear - 0.10 * long), (0.14, 0.74 * high, 0.01 * long), 0.5)]
    dark += [
        _rod((s * 0.10, 0.925 * high, column[2]), (s * bar, 0.93 * high, column[2] - 0.08), radius=0.020)
        for s in (-1, 1)
    ]
    dark.append(_rod((0, r, front), (0, 0.42 * high, front - 0.10 * long), radius=0.03))
    dark.append(slab((-0.3 * wide, 0.27 * high, 0.0), (0.3 * wide, 0.277 * high, front - 0.18 * long)))
    pieces.append((merged(dark), "dark trim"))
    bright = both(
        [
            _rod(
                (0.20, 0.95 * high, column[2]), (0.25, 0.985 * high, column[2] + 0.02), radius=0.007, sides=4
            ),
            disc((0.26, 0.985 * high, column[2] + 0.02), 0.042, 0.02, "z", 10),
        ]
    )
    bright.append(tubes(np.array([(0.14, 0.20 * high, rear + 0.1), (0.16, 0.20 * high, rear - r)]), 0.04, 9))
    pieces.append((merged(bright), "chrome"))
    pieces.append(
        (
            egg((-0.075, 0.865 * high, column[2] + 0.08), (0.075, 0.94 * high, column[2] + 0.135), 0.8),
            "headlamp",
        )
    )
    pieces.append(
        (
            egg((-0.07, 0.50 * high, rear - 1.50 * r - 0.01), (0.07, 0.56 * high, rear - 1.25 * r), 0.5),
            "tail lamp",
        )
    )
    return pieces


FINISHERS = {"bicycle": _bicycle, "minibike": _minibike}
