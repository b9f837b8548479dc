"""Roads, pavements and water: thin layers on what lies level.

Paint, cracks and patches are open sheets a few millimetres above the surface, as they have no underside
that could be seen.
"""

import math
from collections.abc import Mapping

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Floats, Pile, each_item
from director.scene.finish.lamps_outside import fitted
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh

__all__ = ["FINISHERS", "sheet"]

_PAINT_M = 0.008
# What is farther from the middle of a ground than this is left plain.
_REACH_M = 70.0


def sheet(points: Floats) -> Mesh:
    """An open skin facing up over a grid of points [rows, columns, 3], rows towards −z and columns to +x."""
    rows, columns, _ = points.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    triangles = np.concatenate([np.stack(t, -1).reshape(-1, 3) for t in ((a, b, c), (a, c, d))])
    along = np.gradient(points, axis=1)
    across = np.gradient(points, axis=0)
    normals = np.cross(along, across)
    flip = normals[..., 1] < 0
    normals[flip] *= -1
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-12)
    flat = points.reshape(-1, 3)
    corner = flat[triangles]
    up = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])[:, 1]
    triangles[up < 0] = triangles[up < 0][:, ::-1]
    return Mesh(
        np.ascontiguousarray(flat, np.float32),
        np.ascontiguousarray(normals.reshape(-1, 3), np.float32),
        np.ascontiguousarray(triangles, np.uint32),
    )


def _ribbon(path: Floats, wide: float, level: float) -> Mesh:
    """A flat band along points [n, 2] of (x, z)."""
    ahead = np.gradient(path, axis=0)
    side = np.stack([-ahead[:, 1], ahead[:, 0]], 1)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    # It thins towards its ends, as cracks do.
    thin = np.sin(np.linspace(0.15, math.pi - 0.15, len(path)))[:, None]
    edges = [path - side * wide / 2 * thin, path + side * wide / 2 * thin]
    return sheet(np.stack([np.stack([e[:, 0], np.full(len(e), level), e[:, 1]], 1) for e in edges], 1))


def _stain(x: float, z: float, radius: float, level: float, random: np.random.Generator) -> Mesh:
    turn = np.linspace(0, 2 * math.pi, 19)
    reach = radius * (
        1 + 0.25 * np.sin(2 * turn + random.uniform(0, 6)) + 0.12 * np.sin(5 * turn + random.uniform(0, 6))
    )
    rim = np.stack([x + reach * np.cos(turn), np.full(19, level), z + 0.7 * reach * np.sin(turn)], 1)
    middle = np.tile([x, level, z], (19, 1))
    return sheet(np.stack([middle, rim]))


def _road(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return None
    wide, high, deep = thing.size_m
    if thing.kind == "cylinder":
        return _manhole_cover(thing)
    if thing.kind not in ("plane", "box") or min(wide, deep) < 1.8 or high > 0.6:
        return None
    pile = Pile()
    _base(pile, thing)
    random = np.random.default_rng([thing.seed, 139])
    long_x = wide > deep
    length, across = max(wide, deep), min(wide, deep)
    top = thing.size_m[1]
    reach = min(length / 2, 460.0)

    def put(
        stuff: str,
        u: tuple[Floats | float, Floats | float],
        w: tuple[Floats | float, Floats | float],
        raise_m: float,
    ) -> None:
        """Boxes from u[0] to u[1] across the road, w[0] to w[1] along it."""
        a, b, c, d = (np.asarray(v, np.float64).ravel() for v in np.broadcast_arrays(*u, *w))
        low, high_ = np.full(len(a), top - 0.003), np.full(len(a), top + raise_m)
        if long_x:
            a, b, c, d = c, d, a, b
        pile.box(stuff, np.stack([a, low, c], 1), np.stack([b, high_, d], 1))

    is_square = across > 24
    lanes = 2 if across < 9 or is_square else 4
    yellow = thing.seed % 2 == 0
    if across > 3.6:
        dash = np.arange(-reach + 1.0, reach - 4.0, 7.5)
        if yellow and not is_square:
            for u in (-0.13, 0.13):
                put("paint yellow", (u - 0.055, u + 0.055), (-reach, reach), _PAINT_M)
        else:
            put("paint white", (-0.065, 0.065), (dash, dash + 3.0), _PAINT_M)
        if lanes == 4:
            for u in (-across / 4, across / 4):
                put("paint white", (u - 0.06, u + 0.06), (dash, dash + 3.0), _PAINT_M)
        if not is_square:
            edge = across / 2 - min(0.35, 0.06 * across)
            for u in (-edge, edge):
                put("paint white", (u - 0.06, u + 0.06), (-reach, reach), _PAINT_M)
            gutter = across / 2 - 0.02
            for u in (-gutter, gutter):
                put(
                    "tar",
                    (min(u, u - math.copysign(0.14, u)), max(u, u - math.copysign(0.14, u))),
                    (-reach, reach),
                    0.002,
                )
        if across > 4.5 and length < 260 and thing.seed % 3 != 2:
            half = min(across / 2, 6.0) - 0.5
            stripes = np.arange(-half, half - 0.3, 0.95)
            for place in (-9.5,):
                put("paint white", (stripes, stripes + 0.48), (place - 1.3, place + 1.3), _PAINT_M)
                if not is_square:
                    put("paint white", (-half, 0.0), (place + 2.2, place + 2.5), _PAINT_M)
    spread = (min(across / 2 - 0.6, 9.0), reach - 1.0 if across < 24 else min(reach - 1.0, 32.0))
    _worn(pile, random, spread, top, long_x)
    return pile.pieces()


def _base(pile: Pile, thing: Thing) -> None:
    wide, high, deep = thing.size_m
    if thing.kind == "plane":
        x, z = wide / 2, deep / 2
        pile.add("own", sheet(np.array([[(-x, 0, z), (x, 0, z)], [(-x, 0, -z), (x, 0, -z)]], np.float64)))
        return
    pile.box("own", [-wide / 2, 0, -deep / 2], [wide / 2, high, deep / 2])


def _worn(
    pile: Pile, random: np.random.Generator, spread: tuple[float, float], top: float, long_x: bool
) -> None:
    """Cracks sealed with tar, patches, stains of oil, manhole covers."""

    def at(margin: float = 0.0) -> tuple[float, float]:
        u, w = random.uniform(-1, 1, 2) * np.maximum(np.array(spread) - margin, 0.0)
        return (w, u) if long_x else (u, w)

    # On a long road as many as there would be along it, within reason.
    more = min(max(spread[1] / 32.0, 1.0), 5.0)
    for _ in range(int(random.integers(10, 18) * more)):
        steps = random.normal(0, 0.28, (14, 2)) + random.normal(0, 0.22, 2)
        limit = np.array([spread[0] + 0.4, spread[1] + 1.0])
        path = np.cumsum(steps, axis=0) + np.array(at())
        path = np.clip(path, *((-limit[::-1], limit[::-1]) if long_x else (-limit, limit)))
        pile.add("tar", _ribbon(path, float(random.uniform(0.03, 0.07)), top + 0.0035))
    for _ in range(int(random.integers(3, 7) * more)):
        half = random.uniform(0.3, 0.9, 2)
        x, z = at(1.0)
        pile.box("tar", [x - half[0], top - 0.002, z - half[1]], [x + half[0], top + 0.003, z + half[1]])
    for _ in range(int(random.integers(4, 8) * more)):
        x, z = at()
        pile.add("tar", _stain(x, z, float(random.uniform(0.12, 0.4)), top + 0.0045, random))
    for _ in range(int(random.integers(2, 5))):
        x, z = at()
        _cover(pile, x, z, top, 0.34)


def _cover(pile: Pile, x: float, z: float, top: float, radius: float) -> None:
    size = (2 * radius, 1.0, 2 * radius)
    for stuff, share, rise in (("tar", 1.16, 0.004), ("steel", 1.0, 0.007), ("iron", 0.86, 0.008)):
        disc = fitted([(share, -0.002), (share, rise)], size, 24)
        pile.add(stuff, _shifted(disc, (x, top, z)))
    bars = np.linspace(-0.6, 0.6, 6) * radius
    half = np.sqrt(np.maximum((0.8 * radius) ** 2 - bars**2, 1e-4))
    low = np.stack([x - half, np.full(6, top), z + bars - 0.018], 1)
    high = np.stack([x + half, np.full(6, top + 0.013), z + bars + 0.018], 1)
    pile.box("steel", low, high)


def _shifted(mesh: Mesh, by: tuple[float, float, float]) -> Mesh:
    return Mesh(mesh.positions + np.asarray(by, np.float32), mesh.normals, mesh.triangles)


def _manhole_cover(thing: Thing) -> list[Piece] | None:
    wide, high, deep = thing.size_m
    if high > 0.1 or not 0.3 < min(wide, deep) <= 1.5:
        return None
    pile = Pile()
    pile.add("own", fitted([(1.0, 0.0), (1.0, high)], thing.size_m, 32))
    _cover(pile, 0.0, 0.0, high - 0.004, 0.44 * min(wide, deep))
    return pile.pieces()


def _runway(thing: Thing) -> list[Piece] | None:
    pieces = _road(thing)
    if pieces is None:
        return None
    wide, high, deep = thing.size_m
    length, across = max(wide, deep), min(wide, deep)
    if across < 8 or length < 60:
        return pieces
    pile = Pile()
    bars = np.arange(-across / 2 + 1.2, across / 2 - 1.8, 2.2)
    for end in (-1.0, 1.0):
        near, far = end * (length / 2 - 4), end * (length / 2 - 22)
        low = np.stack([bars, np.full(len(bars), high - 0.003), np.full(len(bars), min(near, far))], 1)
        top = np.stack(
            [bars + 1.2, np.full(len(bars), high + _PAINT_M), np.full(len(bars), max(near, far))], 1
        )
        if wide > deep:
            low, top = low[:, ::-1], top[:, ::-1]
        pile.box("paint white", low, top)
    return [*pieces, *pile.pieces()]


def _sidewalk(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _sidewalk)
    wide, high, deep = thing.size_m
    if thing.kind == "cylinder":
        return None
    if thing.kind not in ("plane", "box") or min(wide, deep) < 0.5 or high > 0.6:
        return None
    pile = Pile()
    _base(pile, thing)
    random = np.random.default_rng([thing.seed, 149])
    if high >= 0.06 and max(wide, deep) > 2.5:
        _kerbs(pile, thing)
    irregular = thing.class_name == "path"
    if max(wide, deep) > 100 or min(wide, deep) > 12:
        _joints(pile, thing, 1.6)
    else:
        _slabs(pile, thing, random, irregular)
    spread = (min(wide / 2 - 0.3, 8.0), min(deep / 2 - 0.3, 20.0))
    if min(spread) > 0.5:
        for _ in range(int(random.integers(2, 5))):
            x, z = random.uniform(-1, 1, 2) * spread
            pile.add("tar", _stain(x, z, float(random.uniform(0.05, 0.18)), high + 0.0125, random))
    return pile.pieces()


def _kerbs(pile: Pile, thing: Thing) -> None:
    """Kerb stones along the two long sides, a joint each metre."""
    wide, high, deep = thing.size_m
    long_x = wide > deep
    half, side = max(wide, deep) / 2, min(wide, deep) / 2
    count = int(min(max(round(2 * half), 2), 220))
    cuts = np.linspace(-half, half, count + 1)
    for end in (-1.0, 1.0):
        near, far = sorted((end * (side + 0.012), end * (side - 0.15)))
        low = np.stack([cuts[:-1] + 0.006, np.zeros(count), np.full(count, near)], 1)
        top = np.stack([cuts[1:] - 0.006, np.full(count, high + 0.012), np.full(count, far)], 1)
        if not long_x:
            low, top = low[:, ::-1], top[:, ::-1]
        pile.box("stone", low, top)


def _slabs(pile: Pile, thing: Thing, random: np.random.Generator, irregular: bool) -> None:
    wide, high, deep = thing.size_m
    edge = 0.15 if high >= 0.06 and max(wide, deep) > 2.5 else 0.0
    x_edge, z_edge = (0.0, edge) if wide > deep else (edge, 0.0)
    room_x, room_z = wide - 2 * x_edge, deep - 2 * z_edge
    size = 0.62
    while (room_x / size) * (room_z / size) > 700:
        size *= 1.25
    columns, rows = max(round(room_x / size), 1), max(round(room_z / size), 1)
    us, vs = np.linspace(-room_x / 2, room_x / 2, columns + 1), np.linspace(-room_z / 2, room_z / 2, rows + 1)
    shift = np.where(np.arange(rows) % 2 == 0, 0.0, 0.5 * room_x / columns)[:, None]
    left = np.clip(us[None, :-1] + shift, -room_x / 2, room_x / 2)
    right = np.clip(us[None, 1:] + shift, -room_x / 2, room_x / 2)
    extra = np.full((rows, 1), -room_x / 2)
    left, right = np.hstack([extra, left]), np.hstack([extra + shift, right])
    foot, head = np.repeat(vs[:-1, None], columns + 1, 1), np.repeat(vs[1:, None], columns + 1, 1)
    kept = right - left > 0.04
    gap = 0.012 if irregular else 0.006
    rise = random.uniform(0.006, 0.013 if irregular else 0.0095, kept.sum())
    level = np.full(kept.sum(), high - 0.004)
    low = np.stack([left[kept] + gap, level, foot[kept] + gap], 1)
    top = np.stack([right[kept] - gap, level + 0.004 + rise, head[kept] - gap], 1)
    pile.box("own", low, top)
    # Shade in the joints.
    pile.box(
        "dark trim",
        [-room_x / 2, high - 0.004, -room_z / 2],
        [room_x / 2, high + 0.0012, room_z / 2],
    )


def _joints(pile: Pile, thing: Thing, pitch: float) -> None:
    """A ground too large for slabs: their joints alone, near its middle."""
    wide, high, deep = thing.size_m
    x, z = min(wide / 2, 28.0), min(deep / 2, 28.0)
    for half, other, axis in ((x, z, 0), (z, x, 2)):
        at = np.arange(-math.floor(half / pitch), math.floor(half / pitch) + 1) * pitch
        low, top = np.full((len(at), 3), high - 0.003), np.full((len(at), 3), high + 0.005)
        low[:, axis], top[:, axis] = at - 0.009, at + 0.009
        low[:, 2 - axis], top[:, 2 - axis] = -other, other
        pile.box("tar", low, top)


def _track(thing: Thing) -> list[Piece] | None:
    """Two ruts and a grassy middle on a track of earth."""
    wide, high, deep = thing.size_m
    if thing.kind not in ("plane", "box") or min(wide, deep) < 1.0 or high > 0.6:
        return None
    pile = Pile()
    _base(pile, thing)
    random = np.random.default_rng([thing.seed, 151])
    length, across = max(wide, deep), min(wide, deep)
    reach = min(length / 2, _REACH_M)
    along = np.linspace(-reach, reach, int(min(max(reach, 8), 90)))
    for u in (-min(0.75, across / 4), min(0.75, across / 4)):
        path = np.stack([u + 0.06 * np.sin(along * 0.7 + u), along], 1)
        half = 0.16
        edges = [path[:, 0] - half, path[:, 0] + half]
        points = np.stack([np.stack([e, np.full(len(along), high + 0.004), along], 1) for e in edges], 1)
        pile.add("soil", sheet(points if wide <= deep else points[..., ::-1]))
    for _ in range(8):
        u, w = random.uniform(-1, 1) * (across / 2 - 0.3), random.uniform(-1, 1) * min(reach, 25.0)
        x, z = (u, w) if wide <= deep else (w, u)
        pile.add("soil", _stain(x, z, float(random.uniform(0.2, 0.5)), high + 0.003, random))
    return pile.pieces()


def _water(thing: Thing) -> list[Piece] | None:
    """Waves a few centimetres high on the level top of a plane, a box or a flat cylinder."""
    wide, high, deep = thing.size_m
    if thing.kind not in ("plane", "box", "cylinder") or min(wide, deep) < 0.3:
        return None
    if thing.kind != "plane" and high > 0.7 * min(wide, deep):
        return None
    rough = {"sea": 0.10, "lake": 0.025, "river": 0.03, "water": 0.025, "swimming pool": 0.018}[
        thing.class_name
    ]
    pile = Pile()
    if thing.kind == "box":
        pile.box(
            "own", [-wide / 2, 0, -deep / 2], [wide / 2, high - 0.03 if high > 0.06 else 0.6 * high, deep / 2]
        )
    if thing.kind == "cylinder":
        turn = np.linspace(0, 2 * math.pi, 49)
        radii = np.linspace(0, 1, 17)[:, None]
        x, z = 0.5 * wide * radii * np.cos(turn), -0.5 * deep * radii * np.sin(turn)
        pile.add("own", fitted([(1.0, 0.0), (1.0, max(high - 0.03, 0.5 * high))], thing.size_m, 32))
    else:
        # Finer near the middle, where pictures are taken.
        u = np.linspace(-1, 1, 79)
        x, z = np.meshgrid(0.5 * wide * _dense(u, wide), -0.5 * deep * _dense(u, deep))
    cell = max(float(np.abs(np.diff(x, axis=1)).min(initial=1e9, where=np.diff(x, axis=1) != 0)), 0.02)
    y = high + _waves(x, z, rough, cell, thing.seed)
    if thing.kind == "plane":
        # Whatever lies just below a plane must not come up between the waves.
        y += high - float(y.min())
    edge = np.minimum(1.0, 8 * (1 - np.maximum(np.abs(2 * x / wide), np.abs(2 * z / deep))))
    if thing.kind == "cylinder":
        edge = np.broadcast_to(np.minimum(1.0, 6 * (1 - radii)), x.shape)
    y = high - 0.004 + (y - high) * edge
    pile.add("water", sheet(np.stack([x, y, z], -1)))
    if thing.class_name == "swimming pool" and thing.kind == "box":
        for low, top in _rim(wide, high, deep):
            pile.box("light trim", low, top)
    return pile.pieces()


def _rim(wide: float, high: float, deep: float) -> list[tuple[list[float], list[float]]]:
    x, z, w = wide / 2, deep / 2, 0.22
    return [
        ([-x, high - 0.05, -z], [x, high + 0.03, -z + w]),
        ([-x, high - 0.05, z - w], [x, high + 0.03, z]),
        ([-x, high - 0.05, -z], [-x + w, high + 0.03, z]),
        ([x - w, high - 0.05, -z], [x, high + 0.03, z]),
    ]


def _dense(u: Floats, size: float) -> Floats:
    """−1 to 1, closer together about 0 the larger the water is."""
    power = 1.0 + 1.4 * min(max(math.log10(size / 10), 0.0), 1.5)
    return np.asarray(np.sign(u) * np.abs(u) ** power)


def _waves(x: Floats, z: Floats, rough: float, cell: float, seed: int) -> Floats:
    """Ripples from a few sides; those too short for the grid are left out."""
    random = np.random.default_rng([seed, 157])
    y = np.zeros_like(x)
    for length in (9.0, 5.3, 3.1, 1.9, 1.1, 0.63):
        if length < 3.2 * cell:
            continue
        for _ in range(3):
            turn, phase = random.uniform(-0.9, 0.9), random.uniform(0, 6.3)
            swell = np.sin(2 * math.pi / length * (x * math.cos(turn) + z * math.sin(turn)) + phase)
            y += rough * min(length / 3.0, 1.6) / 6 * (swell + 0.25 * (swell**2 - 0.5))
    # Far off they flatten: the grid widens there, and what is seen at a grazing angle hides its hollows.
    far = np.hypot(x, z)
    return np.asarray(y / (1 + (far / 16.0) ** 1.5))


FINISHERS: Mapping[str, Finish] = {
    "road": _road,
    "runway": _runway,
    "dirt track": _track,
    "sidewalk": _sidewalk,
    "path": _sidewalk,
    "water": _water,
    "river": _water,
    "sea": _water,
    "lake": _water,
    "swimming pool": _water,
}
