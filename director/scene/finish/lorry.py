"""Buses and trucks: whole ones from one box, and the parts of those blocked from several."""

import numpy as np

from director.scene.finish.car import glazed_block, lower_body
from director.scene.finish.coachwork import Arch, Body, Cabin, egg
from director.scene.finish.fittings import PAINT, Pieces, Size, is_wheel, laid, upright, wheel_part
from director.scene.finish.forms import bump_box, merged, moved, slab
from director.scene.finish.loft import both, mirrored, ring_solid, tubes
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.wheels import wheel
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def _bus(thing: Thing) -> list[Piece] | None:
    wide, high, deep = thing.size_m
    if is_wheel(thing):
        return wheel_part(thing)
    if thing.kind != "box" or max(wide, deep) < 3.5 or high < 1.8:
        return None
    return laid(thing, _whole_bus(upright(thing), thing.seed))


def _truck(thing: Thing) -> list[Piece] | None:
    if is_wheel(thing):
        return wheel_part(thing)
    if thing.kind != "box":
        return None
    if max(thing.size_m[0], thing.size_m[2]) < 3.0:
        # A cab or a bonnet may be wider than long: it faces forward as it is.
        return _front_part(thing.size_m)
    size = upright(thing)
    wide, high, long = size
    if long >= 3.0 and high >= 1.5:
        # A load is as wide as it is high; with its wheels and frame a lorry is higher than wide.
        if high < 1.12 * wide:
            random = np.random.default_rng([thing.seed, 83])
            return laid(thing, _load(wide / 2, 0.0, high, -long / 2, long / 2, random))
        return laid(thing, _whole_truck(size, thing.seed))
    if long >= 3.6 and high / long < 0.225 and high > 0.3:
        return laid(thing, lower_body(size, thing.seed))
    return None


def _front_part(size: Size) -> list[Piece] | None:
    wide, high, long = size
    if long >= 1.0 and high >= 0.55 and wide > 1.0:
        made = glazed_block(size, PAINT) if high < 1.2 else _cab(size)
    elif high < 0.5 and wide > 0.8 and long > 0.5:
        block = bump_box((-wide / 2, 0, -long / 2), (wide / 2, high, long / 2), 0.3 * high)
        made = [(block, PAINT)]
    else:
        return None
    return [Piece(mesh, stuff) for mesh, stuff in made]


def _axles(places: list[float], half: float, radius: float, wide: float, seed: int) -> Pieces:
    pieces: Pieces = []
    for mesh, stuff in wheel(radius, wide, seed, style="disc"):
        for z in places:
            at = np.eye(4)
            at[:3, 3] = (half - wide / 2 - 0.02, radius, z)
            left = moved(mesh, at)
            pieces += [(left, stuff), (mirrored(left), stuff)]
    return pieces


def _whole_bus(size: Size, seed: int) -> Pieces:
    """A city bus or a coach: window rows, doors on the kerb side (−X), a sign for where it goes."""
    random = np.random.default_rng([seed, 81])
    wide, high, long = size
    half = wide / 2 - 0.004
    radius = min(0.165 * high, 0.5)
    decks = 2 if high > 3.7 and long < 13 else 1
    arches = tuple(Arch(u * long, radius, 1.15 * radius) for u in (-0.26, 0.29))
    belt = (0.37 if decks == 1 else 0.23) * high
    body = Body(
        long,
        half,
        0.10 * high,
        ((0.0, belt + 0.02), (0.5, belt + 0.02), (1.0, belt + 0.02)),
        0.0,
        arches,
        0.03,
        0.025,
        nose_drop=0.0,
        square=True,
    )
    count = max(3, round(long / 1.6))
    pillars = tuple((k + 1) / count for k in range(count - 1))
    pieces: Pieces = [(body.skin(), PAINT), (body.floor(), "dark trim")]
    storeys = [(belt, (0.80 if decks == 1 else 0.47) * high, high if decks == 1 else 0.60 * high)]
    if decks == 2:
        storeys.append((0.58 * high, 0.90 * high, high))
    for low, up, top in storeys:
        cabin = Cabin(
            low,
            up,
            top,
            (0.499 * long, 0.487 * long if top == high else 0.496 * long),
            (-0.499 * long, -0.495 * long),
            (0.992 * half, 0.975 * half),
            pillars,
            0.05,
            0.16,
        )
        pieces += cabin.pieces(PAINT, ("pillar",))
        # A band of paint from the panes to the roof, or to the deck above.
        pieces.append(
            (
                bump_box(
                    (-0.972 * half, up - 0.01, -0.493 * long), (0.972 * half, top - 0.012, 0.484 * long), 0.14
                ),
                PAINT,
            )
        )
    front = 0.5 * long
    sign_y = 0.83 * high if decks == 1 else 0.485 * high
    pieces.append(
        (
            slab((-0.62 * half, sign_y, front - 0.10), (0.62 * half, sign_y + 0.075 * high, front + 0.004)),
            "dark trim",
        )
    )
    words = [
        slab(
            (-0.52 * half + 0.15 * k * half, sign_y + 0.018 * high, front),
            (-0.52 * half + (0.15 * k + 0.10) * half, sign_y + 0.057 * high, front + 0.010),
        )
        for k in range(7)
        if random.random() < 0.85
    ]
    pieces.append(
        (merged(words or [slab((-0.1, sign_y, front), (0.1, sign_y + 0.1, front + 0.01))]), "amber lamp")
    )
    # Doors: two leaves of glass in a dark frame, on the side of the kerb.
    frames, panes = [], []
    kerb = -half
    for z in (0.405 * long, 0.02 * long):
        frames.append(
            slab(
                (kerb - 0.006, 0.105 * high, z - 0.66),
                (kerb + 0.05, (0.80 if decks == 1 else 0.46) * high, z + 0.66),
            )
        )
        for s in (-1, 1):
            panes.append(
                slab(
                    (kerb - 0.014, 0.14 * high, z + s * 0.33 - 0.27),
                    (kerb + 0.02, (0.775 if decks == 1 else 0.44) * high, z + s * 0.33 + 0.27),
                )
            )
    pieces += [(merged(frames), "dark trim"), (merged(panes), "glass")]
    stripe = slab((-half - 0.004, belt - 0.10, -0.47 * long), (half + 0.004, belt - 0.02, 0.47 * long))
    skirt = [body.seam(u * long, 0.06, 0.95) for u in (-0.42, -0.12, 0.05, 0.15)]
    pieces += [(stripe, "own second"), (merged(both(skirt)), "dark trim")]
    y = 0.155 * high
    lamps = [egg((0.58 * half, y, front - 0.12), (0.94 * half, y + 0.07 * high, front + 0.012), 0.4)]
    pieces.append((merged(both(lamps)), "headlamp"))
    back = [egg((0.66 * half, y + 0.02, -front - 0.012), (0.94 * half, y + 0.12 * high, -front + 0.10), 0.35)]
    pieces.append((merged(both(back)), "tail lamp"))
    bumpers = [
        bump_box(
            (-0.95 * half, 0.075 * high, s * front - 0.14),
            (0.95 * half, 0.135 * high, s * front + 0.012),
            0.05,
        )
        for s in (-1, 1)
    ]
    grille = slab((-0.5 * half, 0.155 * high, front - 0.05), (0.5 * half, 0.235 * high, front + 0.006))
    wipers = [
        tubes(
            np.array([(x0 * half, belt + 0.06, front + 0.02), (x0 * half + 0.5, belt + 0.42, front + 0.015)]),
            0.014,
            4,
        )
        for x0 in (-0.75, 0.05)
    ]
    pieces.append((merged([*bumpers, grille, *wipers]), "dark trim"))
    pieces.append(
        (slab((-0.26, 0.085 * high, -front - 0.02), (0.26, 0.085 * high + 0.11, -front)), "paint white")
    )
    unit = bump_box((-0.5 * half, high - 0.03, -0.30 * long), (0.5 * half, high + 0.05, -0.05 * long), 0.03)
    pieces.append((unit, PAINT))
    arms = []
    for side in (-1, 1):
        x, y, z = side * half * 0.92, 0.80 * high, front - 0.05
        out = x + side * 0.18
        arms.append(
            tubes(
                np.array([(x, y, z), (out - side * 0.02, y + 0.04, z + 0.10), (out, y - 0.12, z + 0.12)]),
                0.016,
                5,
            )
        )
        arms.append(egg((out - 0.10, y - 0.50, z + 0.06), (out + 0.10, y - 0.12, z + 0.16), 0.4))
    pieces.append((merged(arms), "dark trim"))
    return pieces + _axles([a.along for a in arches], half, radius, 0.30, seed)


def _whole_truck(size: Size, seed: int) -> Pieces:
    """A lorry: a cab before a box, a canvas or a flat bed with sides."""
    random = np.random.default_rng([seed, 82])
    wide, high, long = size
    half = wide / 2
    cab_long = min(0.27 * long, 2.3)
    cab_high = min(high, max(0.80 * high, 2.4))
    radius = min(0.17 * high, 0.085 * long, 0.52)
    floor = 2.15 * radius
    gap = 0.12
    front = long / 2
    behind = front - cab_long - gap
    pieces = _placed(
        _cab((0.97 * wide, cab_high - 0.5 * radius, cab_long)), (0, 0.5 * radius, front - cab_long / 2)
    )
    pieces += _load(half, floor, high, -front, behind, random)
    chassis = [
        slab((-0.45 * half, 0.9 * radius, -front + 0.1), (0.45 * half, floor, front - 0.3)),
        slab((-half, floor - 0.10, -front), (half, floor, behind)),
        slab((-0.9 * half, 0.75 * radius, -front + 0.02), (0.9 * half, 1.0 * radius, -front + 0.10)),
        bump_box((0.5 * half, 0.7 * radius, -0.05 * long), (0.93 * half, 1.6 * radius, 0.10 * long), 0.06),
        bump_box((-0.93 * half, 0.7 * radius, -0.02 * long), (-0.5 * half, 1.6 * radius, 0.10 * long), 0.06),
    ]
    chassis += both(
        [
            slab(
                (0.55 * half, 0.3 * radius, -0.30 * long - 1.35 * radius),
                (0.95 * half, floor - 0.06, -0.30 * long - 1.30 * radius),
            )
        ]
    )
    pieces.append((merged(chassis), "dark trim"))
    tail = [
        egg((0.62 * half, 0.80 * radius, -front - 0.012), (0.92 * half, 1.02 * radius, -front + 0.06), 0.3)
    ]
    pieces.append((merged(both(tail)), "tail lamp"))
    places = [front - 0.55 * cab_long, -0.30 * long]
    if long > 8:
        places.append(-0.30 * long + 2.3 * radius)
    return pieces + _axles(places, half, radius, 0.32, seed)


def _load(
    half: float, floor: float, high: float, back: float, front: float, random: np.random.Generator
) -> Pieces:
    """What a lorry carries: a box body, a canvas over hoops, or an open bed with goods."""
    long = front - back
    pieces: Pieces = []
    load = str(random.choice(["box", "canvas", "bed"], p=[0.55, 0.25, 0.2] if floor > 0 else [0.7, 0.3, 0.0]))
    if load == "box":
        pieces.append((bump_box((-half, floor, back), (half, high, front), 0.03), "own"))
        ribs = [
            slab((half - 0.01, floor, z), (half + 0.012, high - 0.02, z + 0.05))
            for z in np.linspace(back + 0.02, front - 0.07, max(3, round(long / 1.1)))
        ]
        rails = [slab((half - 0.02, y, back), (half + 0.015, y + 0.09, front)) for y in (floor, high - 0.10)]
        rails += [slab((0.02, floor + 0.1, back - 0.008), (half - 0.08, high - 0.14, back + 0.02))]
        pieces.append((merged(both([*ribs, *rails])), "light trim"))
        bars = [
            tubes(
                np.array([(x * half, floor + 0.1, back - 0.02), (x * half, high - 0.15, back - 0.02)]),
                0.014,
                5,
            )
            for x in (0.18, 0.72)
        ]
        pieces.append((merged(both(bars)), "steel"))
    elif load == "canvas":
        pieces.append((_canvas(half, floor + 0.55, high, back, front), "own second"))
        pieces.append((merged(_sides(half, floor, floor + 0.6, back, front)), "wood"))
    else:
        pieces.append((merged(_sides(half, floor, min(high, floor + 0.75), back, front)), PAINT))
        goods = []
        z = back + 0.3
        while z < front - 0.9:
            side = float(random.uniform(0.6, 1.2))
            goods.append(
                bump_box(
                    (-0.8 * half, floor + 0.08, z),
                    (0.8 * half, floor + 0.1 + side * float(random.uniform(0.6, 1.0)), z + side),
                    0.03,
                )
            )
            z += side + 0.08
        pieces.append((merged(goods), "wood"))
    return pieces


def _cab(size: Size) -> Pieces:
    """A lorry's cab: flat-nosed, with a large windscreen, a grille and a step."""
    wide, high, long = size
    half, front = wide / 2, long / 2
    belt = 0.50 * high
    arch = Arch(-0.05 * long, 0.12 * high, 0.0)
    body = Body(
        long,
        half,
        0.0,
        ((0.0, belt), (0.5, belt), (1.0, belt)),
        0.0,
        (),
        0.07,
        0.02,
        nose_drop=0.0,
        square=True,
    )
    cabin = Cabin(
        belt - 0.01,
        0.90 * high,
        high,
        (front, front - 0.09 * high),
        (-front, -front + 0.02),
        (0.985 * half, 0.93 * half),
        (0.62,),
        0.06,
        0.10,
    )
    pieces: Pieces = [(body.skin(), PAINT), *cabin.pieces(PAINT)]
    blind = [slab((-0.93 * half, belt, -front - 0.004), (0.93 * half, 0.9 * high, -front + 0.05))]
    pieces.append((merged(blind), PAINT))
    dark = [
        slab(
            (-0.62 * half, 0.16 * high + 0.058 * k * high, front - 0.03),
            (0.62 * half, 0.196 * high + 0.058 * k * high, front + 0.008),
        )
        for k in range(5)
    ]
    dark += both([body.seam(0.38 * long, 0.10), body.seam(-0.30 * long, 0.10)])
    dark += both(
        [slab((half - 0.25, 0.02, arch.along), (half + 0.01, 0.10 * high, arch.along + 0.45 * long))]
    )
    dark += [
        tubes(
            np.array([(x0 * half, belt + 0.05, front + 0.02), (x0 * half + 0.45, belt + 0.30, front)]),
            0.013,
            4,
        )
        for x0 in (-0.7, 0.05)
    ]
    for side in (-1, 1):
        x, y, z = side * half * 0.98, 0.80 * high, front - 0.14
        dark.append(
            tubes(
                np.array(
                    [
                        (x, y + 0.06, z),
                        (x + side * 0.13, y + 0.06, z + 0.06),
                        (x + side * 0.13, y - 0.30, z + 0.06),
                    ]
                ),
                0.015,
                5,
            )
        )
        dark.append(
            egg(
                (x + side * 0.14 - 0.08, y - 0.34, z + 0.02),
                (x + side * 0.14 + 0.08, y + 0.04, z + 0.12),
                0.35,
            )
        )
    pieces.append((merged(dark), "dark trim"))
    pieces.append(
        (
            bump_box((-0.99 * half, 0.0, front - 0.14), (0.99 * half, 0.13 * high, front + 0.02), 0.05),
            "light trim",
        )
    )
    lamps = [egg((0.60 * half, 0.16 * high, front - 0.10), (0.96 * half, 0.25 * high, front + 0.015), 0.35)]
    pieces.append((merged(both(lamps)), "headlamp"))
    pieces.append(
        (slab((-0.26, 0.02 * high, front + 0.02), (0.26, 0.02 * high + 0.11, front + 0.03)), "paint white")
    )
    markers = [
        egg(
            (x * half - 0.05, 0.985 * high - 0.02, front - 0.25),
            (x * half + 0.05, 0.985 * high + 0.05, front - 0.15),
        )
        for x in (-0.6, -0.2, 0.2, 0.6)
    ]
    pieces.append((merged(markers), "amber lamp"))
    return pieces


def _placed(pieces: Pieces, at: tuple[float, float, float]) -> Pieces:
    matrix = np.eye(4)
    matrix[:3, 3] = at
    return [(moved(mesh, matrix), stuff) for mesh, stuff in pieces]


def _sides(half: float, low: float, high: float, back: float, front: float) -> list[Mesh]:
    """The boards of an open bed, with posts."""
    planks = []
    count = max(2, round((high - low) / 0.22))
    each = (high - low) / count
    for k in range(count):
        y0, y1 = low + k * each + 0.008, low + (k + 1) * each - 0.008
        planks += [
            slab((-half, y0, back), (-half + 0.05, y1, front)),
            slab((half - 0.05, y0, back), (half, y1, front)),
            slab((-half, y0, back), (half, y1, back + 0.05)),
            slab((-half, y0, front - 0.05), (half, y1, front)),
        ]
    planks.append(slab((-half, low - 0.06, back), (half, low + 0.02, front)))
    for z in np.linspace(back + 0.04, front - 0.12, 4):
        planks += both([slab((half - 0.06, low, float(z)), (half + 0.012, high, float(z) + 0.08))])
    return planks


def _canvas(half: float, low: float, high: float, back: float, front: float) -> Mesh:
    """A cover over hoops, sagging between them."""
    z = np.linspace(back, front, 25)
    sag = 1 - 0.02 * np.abs(np.sin(np.linspace(0, 4 * np.pi, 25)))
    turn = np.linspace(0, np.pi, 17)
    x = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.45
    y = np.sin(turn) ** 0.55
    rings = np.stack(
        [
            np.broadcast_to(x * half, (25, 17)) * sag[:, None],
            low + (high - low) * y[None] * sag[:, None],
            np.broadcast_to(z[:, None], (25, 17)),
        ],
        -1,
    )
    return ring_solid(rings)


FINISHERS = {"bus": _bus, "truck": _truck}
