"""Boats, ships and aeroplanes in the boxes that stand for them; bows and noses point along +Z."""

import numpy as np

from director.scene.finish.car import glazed_block
from director.scene.finish.coachwork import egg
from director.scene.finish.fittings import PAINT, Pieces, Size, laid, upright
from director.scene.finish.forms import bump_box, disc, extruded, merged, moved, slab
from director.scene.finish.loft import Floats, both, ring_solid, sandwich, smooth, tubes
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def _boat(thing: Thing) -> list[Piece] | None:
    size = upright(thing)
    wide, high, long = size
    if thing.kind != "box":
        return None
    if long < 3.0 or high > 0.42 * long:
        return laid(thing, _wheelhouse(size)) if high >= 0.5 and wide >= 0.4 else None
    if long > 13:
        return laid(thing, _whole_ship(size, thing.seed))
    return laid(thing, _open_boat(size, thing.seed))


def _ship(thing: Thing) -> list[Piece] | None:
    size = upright(thing)
    if thing.kind != "box" or size[2] < 3.0:
        return None
    return laid(thing, _whole_ship(size, thing.seed) if size[2] > 9 else _open_boat(size, thing.seed))


def _stations(long: float, count: int) -> tuple[Floats, Floats]:
    """Shares from the stern, closer together at the bow, and their places along."""
    u = 1 - (1 - np.linspace(0, 1, count)) ** 1.35
    return u, (u - 0.5) * long


def _breadth(u: Floats, stern: float) -> Floats:
    """The half breadth at the rail, as a share: full amidships, a transom behind, a stem in front."""
    return np.asarray(
        (stern + (1 - stern) * smooth(0.0, 0.45, u)) * (1 - np.clip((u - 0.45) / 0.55, 0, 1) ** 2.3) + 0.012
    )


def _open_boat(size: Size, seed: int) -> Pieces:
    random = np.random.default_rng([seed, 95])
    wide, high, long = size
    u, z = _stations(long, 22)
    half = wide / 2 * _breadth(u, 0.72)
    rail = high * (0.80 + 0.20 * u**2.2)
    keel = high * 0.55 * np.clip((u - 0.80) / 0.20, 0, 1) ** 2.2
    thick = min(0.05, 0.05 * wide)
    well = 0.24 * high
    section = np.linspace(0, 1, 8)
    rings = []
    for b, top, low, at in zip(half, rail, keel, z, strict=True):
        floor = min(max(low + 0.02, well), top - 0.02)
        bilge = section**0.55
        outer_x, outer_y = b * bilge, low + (top - low) * section**1.9
        left = np.stack([-outer_x[::-1], outer_y[::-1]], -1)
        right = np.stack([outer_x, outer_y], -1)
        # Inside, the planking is as thick all the way down.
        heights = np.array([top, 0.5 * (top + floor), floor + 0.02])
        sides = b * (np.clip((heights - low) / (top - low), 0, 1) ** (0.55 / 1.9)) - thick
        deep = np.concatenate([sides, [0.6 * sides[-1], 0.0]]).clip(0.1 * b)
        deep[-1] = 0.0
        deep = np.stack([deep, [*heights, floor, floor]], -1)
        into = deep
        out_of = into[-2::-1] * (-1, 1)
        ring = np.concatenate([into, out_of, left, right[1:]])
        rings.append(np.concatenate([ring, np.full((len(ring), 1), at)], 1))
    stern = section * 0.999
    across = np.concatenate([-half[0] * stern[::-1] ** 0.55, half[0] * stern[1:] ** 0.55])
    above = float(keel[0]) + float(rail[0] - keel[0]) * np.concatenate([stern[::-1], stern[1:]]) ** 1.9
    transom = extruded(np.stack([across, above], -1), float(z[0]) - 0.004, float(z[0]) + 0.05, "z")
    pieces: Pieces = [(merged([ring_solid(np.array(rings)), transom]), PAINT)]
    trim = [tubes(np.stack([side * half, rail + 0.01, z], -1), 0.55 * thick + 0.008, 6) for side in (-1, 1)]
    stripe = [
        tubes(np.stack([side * (half * 0.985 + 0.004), keel + (rail - keel) * 0.72, z], -1), 0.014, 4)
        for side in (-1, 1)
    ]
    pieces.append((merged(stripe), "own second"))
    for share in (0.18, 0.42, 0.64):
        k = int(np.argmin(np.abs(u - share)))
        b, y = half[k] - 0.4 * thick, 0.62 * high
        trim.append(slab((-b, y - 0.03, z[k] - 0.13), (b, y, z[k] + 0.13)))
    floorboards = [
        slab((x - 0.06, well, -0.40 * long), (x + 0.06, well + 0.02, 0.22 * long)) for x in (-0.15, 0.0, 0.15)
    ]
    pieces.append((merged([*trim, *floorboards]), "wood"))
    if long < 5.0 and random.random() < 0.65:
        oars = []
        for side in (-1, 1):
            x, y, end = side * 0.20 * wide, 0.68 * high, 0.25 * long
            oars.append(
                tubes(np.array([(side * 0.25 * wide, 0.66 * high, -0.30 * long), (x, y, end)]), 0.022, 6)
            )
            oars.append(bump_box((x - 0.07, y - 0.012, end), (x + 0.07, y + 0.012, end + 0.45), 0.01))
        pieces.append((merged(oars), "wood"))
    else:
        motor = [
            egg((-0.17, 0.78 * high, -long / 2 - 0.10), (0.17, 0.78 * high + 0.38, -long / 2 + 0.20), 0.6),
            slab((-0.05, 0.05, -long / 2 - 0.05), (0.05, 0.8 * high, -long / 2 + 0.04)),
        ]
        pieces.append((merged(motor), "dark trim"))
        front = 0.12 * long
        screen = [
            tubes(
                np.array(
                    [
                        (-0.36 * wide, 0.86 * high, front),
                        (-0.30 * wide, high + 0.20, front - 0.12),
                        (0.30 * wide, high + 0.20, front - 0.12),
                        (0.36 * wide, 0.86 * high, front),
                    ]
                ),
                0.018,
                6,
            )
        ]
        pieces.append((merged(screen), "chrome"))
        pane = np.array(
            [
                [(-0.35 * wide, 0.86 * high, front), (0.35 * wide, 0.86 * high, front)],
                [(-0.29 * wide, high + 0.19, front - 0.12), (0.29 * wide, high + 0.19, front - 0.12)],
            ]
        )
        pieces.append((_plate(pane, 0.008), "glass"))
        rows = z[u > 0.62]
        deck = np.stack(
            [
                np.stack(
                    [s * (half[u > 0.62] - thick), rail[u > 0.62] - 0.02 + 0.03 * (1 - abs(s)), rows], -1
                )
                for s in (-1, -0.5, 0, 0.5, 1)
            ],
            1,
        )
        pieces.append((_plate(deck, 0.02), "light trim"))
    posts = [
        tubes(np.array([(0, float(rail[-3]) - 0.02, z[-3]), (0, float(rail[-3]) + 0.10, z[-3])]), 0.02, 6)
    ]
    fenders = [
        tubes(
            np.array(
                [(half[k] + 0.02, rail[k] - 0.42 * high, z[k]), (half[k] + 0.05, rail[k] - 0.12 * high, z[k])]
            ),
            0.055,
            8,
        )
        for k in (5, 9)
    ]
    pieces += [(merged(posts), "steel"), (merged(both(fenders)), "rubber")]
    return pieces


def _plate(grid: Floats, thick: float) -> Mesh:
    """A closed plate along a grid [rows, columns, 3], `thick` deep below or behind it."""
    across, along = grid[:, -1].mean(0) - grid[:, 0].mean(0), grid[-1].mean(0) - grid[0].mean(0)
    normal = np.cross(across, along)
    normal /= max(float(np.linalg.norm(normal)), 1e-9)
    return sandwich(grid, grid - thick * normal)


def _wheelhouse(size: Size) -> Pieces:
    """A boat's cabin: boards below, windows all round above, a roof with a rail."""
    wide, high, long = size
    low = 0.42 * high
    matrix = np.eye(4)
    matrix[1, 3] = low
    glazed = [
        (moved(mesh, matrix), stuff) for mesh, stuff in glazed_block((wide, high - low, long), "light trim")
    ]
    boards = [bump_box((-wide / 2, 0, -long / 2), (wide / 2, low + 0.05, long / 2), 0.04)]
    seams = [
        slab((-wide / 2 - 0.004, y, -long / 2 + 0.04), (wide / 2 + 0.004, y + 0.012, long / 2 - 0.04))
        for y in np.linspace(0.12, low - 0.05, 3)
    ]
    lamp = egg((-0.05, high - 0.02, 0.25 * long), (0.05, high + 0.08, 0.25 * long + 0.1))
    return [*glazed, (merged(boards), PAINT), (merged(seams), "dark trim"), (lamp, "lamp")]


def _whole_ship(size: Size, seed: int) -> Pieces:
    """A coaster or a ferry: hull, house with rows of windows, funnel, mast, cargo or boats."""
    random = np.random.default_rng([seed, 96])
    wide, high, long = size
    ferry = bool(random.random() < 0.4)
    deck = (0.42 if ferry else 0.46) * high
    u, z = _stations(long, 26)
    half = wide / 2 * _breadth(u, 0.80)
    sheer = deck * (1 + 0.28 * np.clip((u - 0.72) / 0.28, 0, 1) ** 1.5)
    keel = np.zeros_like(u)
    pieces: Pieces = []
    for share0, share1, stuff in ((0.0, 0.34, "own second"), (0.34, 1.0, PAINT)):
        rings = []
        for b, top, low, at, share in zip(half, sheer, keel, z, u, strict=True):
            s = np.linspace(share0, share1, 6)
            flare = 1 - 0.30 * (1 - s) ** 2 * (0.25 + 0.75 * share**2)
            # The stem rakes: below, the bow lies further aft.
            along = at - 0.05 * long * (1 - s) * smooth(0.75, 1.0, np.array(share))
            right = np.stack([b * flare, low + (top - low) * s, along], -1)
            rings.append(np.concatenate([right, right[::-1] * (-1, 1, 1)]))
        pieces.append((ring_solid(np.array(rings)), stuff))
    rail = [tubes(np.stack([side * half * 0.985, sheer + 0.10, z], -1), 0.05, 5) for side in (-1, 1)]
    rails = []
    for k in range(0, len(u), 2):
        rails += [
            tubes(
                np.array([(s * half[k] * 0.97, sheer[k], z[k]), (s * half[k] * 0.97, sheer[k] + 0.75, z[k])]),
                0.03,
                4,
            )
            for s in (-1, 1)
        ]
    for y in (0.40, 0.75):
        rails += [tubes(np.stack([s * half * 0.97, sheer + y, z], -1), 0.022, 4) for s in (-1, 1)]
    pieces += [(merged(rail), "light trim"), (merged(rails), "paint white")]
    back, front = (-0.40 * long, 0.24 * long) if ferry else (-0.46 * long, -0.20 * long)
    house: list[Mesh] = []
    glass: list[Mesh] = []
    storeys = max(2, round((0.84 * high - deck) / 2.3))
    tall = (0.84 * high - deck) / storeys
    for k in range(storeys):
        y0, w = deck + k * tall, wide / 2 * (0.80 - 0.05 * k)
        f = front - 0.022 * long * k
        b0 = back + (0.02 * long * k if ferry else 0.004 * long * k)
        house.append(bump_box((-w, y0 - 0.02, b0), (w, y0 + tall, f), 0.08))
        house.append(slab((-w - 0.22, y0 + tall - 0.08, b0 - 0.1), (w + 0.22, y0 + tall, f + 0.2)))
        bridge = k == storeys - 1
        count = max(3, round((f - b0) / (0.9 if bridge else 1.5)))
        for at in np.linspace(b0 + 0.5, f - 0.5, count):
            size_ = 0.34 if bridge else 0.24
            glass += [
                slab(
                    (s * w - 0.012, y0 + 0.42 * tall, at - size_),
                    (s * w + 0.012, y0 + 0.74 * tall, at + size_),
                )
                for s in (-1, 1)
            ]
        for x in np.linspace(-w + 0.4, w - 0.4, max(3, round(2 * w / 0.95))):
            glass.append(
                slab(
                    (x - 0.34, y0 + (0.42 if bridge else 0.48) * tall, f - 0.012),
                    (x + 0.34, y0 + 0.76 * tall, f + 0.014),
                )
            )
    for k in range(3, 18, 2):
        glass += [
            disc((s * float(half[k]) * 0.975, 0.74 * deck, float(z[k])), 0.17, 0.10, "x", 10) for s in (-1, 1)
        ]
    pieces += [(merged(house), "light trim"), (merged(glass), "glass")]
    middle = 0.5 * (back + front) - (0.0 if not ferry else 0.05 * long)
    r = 0.11 * wide
    funnel = tubes(
        np.array([(0, 0.80 * high, middle), (0, 0.93 * high, middle - 0.05 * r)]), [1.15 * r, r], 14
    )
    cap = tubes(np.array([(0, 0.93 * high, middle), (0, 0.97 * high, middle)]), 1.02 * r, 14)
    mast_at = front - 0.05 * long
    mast = [
        tubes(np.array([(0, 0.80 * high, mast_at), (0, high, mast_at)]), [0.14, 0.07], 7),
        tubes(np.array([(-0.16 * wide, 0.93 * high, mast_at), (0.16 * wide, 0.93 * high, mast_at)]), 0.06, 6),
        slab((-0.9, 0.895 * high, mast_at - 0.1), (0.9, 0.91 * high, mast_at + 0.1)),
    ]
    pieces += [(funnel, "own second"), (merged([cap, *mast]), "dark trim")]
    if ferry:
        boats = [
            egg(
                (s * 0.40 * wide - 0.7, deck + tall + 0.1, at - 2.0),
                (s * 0.40 * wide + 0.7, deck + tall + 1.3, at + 2.0),
                0.8,
            )
            for s in (-1, 1)
            for at in (-0.22 * long, 0.0)
        ]
        pieces.append((merged(boats), "paint white"))
    else:
        holds: dict[str, list[Mesh]] = {}
        at = front + 0.05 * long
        while at < 0.30 * long:
            for k in range(int(random.integers(1, 3))):
                cover = str(random.choice(["cover red", "cover blue", "cover green", "cover ochre", "steel"]))
                box = bump_box(
                    (-0.36 * wide, deck + 2.3 * k, at),
                    (0.36 * wide, deck + 2.25 + 2.3 * k, at + 0.10 * long),
                    0.05,
                )
                if deck + 2.3 * (k + 1) < 0.98 * high:
                    holds.setdefault(cover, []).append(box)
            at += 0.108 * long
        pieces += [(merged(meshes), stuff) for stuff, meshes in holds.items()]
        post = 0.34 * long
        pieces.append(
            (merged([tubes(np.array([(0, deck, post), (0, 0.92 * high, post)]), 0.14, 7)]), "steel")
        )
    anchor = both(
        [
            egg(
                (half[-4] * 0.9 - 0.05, 0.80 * deck - 0.3, z[-4] - 0.3),
                (half[-4] * 0.9 + 0.15, 0.80 * deck + 0.3, z[-4] + 0.3),
                0.8,
            )
        ]
    )
    pieces.append((merged(anchor), "dark trim"))
    return pieces


def _airplane(thing: Thing) -> list[Piece] | None:
    wide, _, deep = thing.size_m
    if thing.kind not in ("box", "cylinder", "sphere") or max(wide, deep) < 2.0:
        return None
    return laid(thing, _airliner(upright(thing), thing.seed))


def _airliner(size: Size, seed: int) -> Pieces:
    random = np.random.default_rng([seed, 97])
    span, high, long = size
    r = min(0.19 * high, 0.075 * long)
    middle = 0.40 * high
    u = np.concatenate(
        [np.linspace(0, 0.34, 10), np.linspace(0.42, 0.80, 5), 1 - (1 - np.linspace(0.80, 1, 10)[1:]) ** 1.0]
    )
    z = (u - 0.5) * long
    girth = r * np.minimum(
        0.10 + 0.90 * smooth(-0.06, 0.36, u),
        np.sqrt(np.clip(1 - np.clip((u - 0.87) / 0.13, 0, 1) ** 2.2, 0.003, 1)),
    )
    rise = middle + 0.55 * (r - girth) * (u < 0.5) - 0.25 * (r - girth) * (u > 0.5)
    turn = np.arange(24) * (2 * np.pi / 24)
    rings = np.stack(
        [
            girth[:, None] * np.cos(turn),
            rise[:, None] + girth[:, None] * np.sin(turn),
            np.broadcast_to(z[:, None], (len(z), 24)),
        ],
        -1,
    )
    skin = [ring_solid(rings)]
    skin.append(
        _wing(
            (0.5 * r, middle - 0.45 * r, 0.10 * long),
            (span / 2, middle + 0.02 * span, -0.12 * long),
            0.20 * long,
            0.05 * long,
            0.022 * long,
        )
    )
    skin.append(
        _wing(
            (0.2 * r, middle + 0.45 * r, -0.40 * long),
            (0.19 * span, middle + 0.65 * r, -0.452 * long),
            0.10 * long,
            0.04 * long,
            0.010 * long,
        )
    )
    skin += [_mirror_x(mesh) for mesh in skin[1:]]
    fin = _wing(
        (0, 0, -0.355 * long),
        (high - middle - 0.6 * r, 0, -0.438 * long),
        0.15 * long,
        0.06 * long,
        0.012 * long,
    )
    upright_ = np.array([[0, 1, 0, 0], [1, 0, 0, middle + 0.6 * r], [0, 0, 1, 0], [0, 0, 0, 1.0]])
    pieces: Pieces = [(merged(skin), PAINT), (moved(fin, upright_), "own second")]
    windows: list[Mesh] = []
    count = int(0.62 * long / max(0.5, 0.028 * long))
    for at in np.linspace(-0.27 * long, 0.33 * long, count):
        windows.append(
            slab(
                (0.985 * r, middle + 0.16 * r, at - 0.16 * r * 0.6),
                (1.012 * r, middle + 0.36 * r, at + 0.16 * r * 0.6),
            )
        )
    k = 0.445 * long
    cockpit = egg(
        (-0.48 * r, middle + 0.18 * r, k - 0.035 * long), (0.48 * r, middle + 0.62 * r, k + 0.012 * long), 0.6
    )
    pieces.append((merged([*both(windows), cockpit]), "glass"))
    stripe = both(
        [slab((0.975 * r, middle - 0.10 * r, -0.36 * long), (1.006 * r, middle + 0.06 * r, 0.36 * long))]
    )
    pieces.append((merged(stripe), "own second"))
    pods, mouths = [], []
    for x, back in ((0.30, -0.005),) if span < 32 or random.random() < 0.6 else ((0.24, 0.01), (0.42, -0.05)):
        side, y, at = x * span / 2 + 0.6 * r, middle - 0.95 * r, (0.075 + back) * long

        def along(*shares: float, side: float = side, y: float = y, at: float = at) -> Floats:
            return np.array([(side, y, at + share * long) for share in shares])

        pods.append(tubes(along(-0.07, -0.02, 0.02, 0.035), np.array([0.28, 0.46, 0.48, 0.44]) * r, 16))
        mouths.append(tubes(along(0.02, 0.037), 0.37 * r, 16))
        pods.append(
            slab(
                (side - 0.05 * r, y + 0.2 * r, at - 0.05 * long),
                (side + 0.05 * r, y + 0.75 * r, at + 0.01 * long),
            )
        )
    pieces += [(merged(both(pods)), "light trim"), (merged(both(mouths)), "dark trim")]
    legs = [tubes(np.array([(0, middle - 0.8 * r, 0.36 * long), (0, 0.05 * high, 0.36 * long)]), 0.05 * r, 6)]
    legs += both(
        [
            tubes(
                np.array([(0.8 * r, middle - 0.6 * r, -0.03 * long), (0.85 * r, 0.05 * high, -0.03 * long)]),
                0.06 * r,
                6,
            )
        ]
    )
    tyre = 0.085 * high
    tyres = [
        disc((x, tyre, at), tyre, 0.5 * tyre, "x", 16)
        for x, at in (
            (0.06 * r, 0.36 * long),
            (0.85 * r, -0.03 * long),
            (0.85 * r, -0.03 * long - 2.1 * tyre),
        )
    ]
    pieces += [(merged(legs), "steel"), (merged(both(tyres)), "rubber")]
    tip = egg(
        (span / 2 - 0.12, middle + 0.02 * span - 0.1, -0.10 * long),
        (span / 2 + 0.03, middle + 0.02 * span + 0.1, -0.08 * long),
    )
    pieces += [(tip, "green lamp"), (_mirror_x(tip), "tail lamp")]
    return pieces


def _wing(
    root: tuple[float, float, float],
    tip: tuple[float, float, float],
    chord: float,
    tip_chord: float,
    thick: float,
) -> Mesh:
    """A wing from its root's leading edge to its tip's, along +X."""
    turn = np.arange(16) * (2 * np.pi / 16)
    rings = []
    for share in (0.0, 0.35, 0.7, 0.97, 1.0):
        at = np.asarray(root) + share * (np.asarray(tip) - np.asarray(root))
        c = (chord + (tip_chord - chord) * share) * (0.75 if share == 1.0 else 1.0)
        t = thick * (1 - 0.65 * share) * (0.3 if share == 1.0 else 1.0)
        # Round in front, sharp behind.
        fore = (1 + np.cos(turn)) / 2
        up = np.sin(turn) * t * fore**0.45
        rings.append(np.stack([np.full(16, at[0]), at[1] + up, at[2] - c * (1 - fore)], -1))
    return ring_solid(np.array(rings)[:, ::-1])


def _mirror_x(mesh: Mesh) -> Mesh:
    return moved(mesh, np.diag([-1.0, 1.0, 1.0, 1.0]))


FINISHERS = {"boat": _boat, "ship": _ship, "airplane": _airplane}
