"""Hills, mesas and rocks with strata, ledges, cracks and scree; ground with relief, stones, grass."""

import math

import numpy as np

from director.scene.mesh import Mesh
from tools.teacher.finish.foliage import blades
from tools.teacher.finish.forms import blob
from tools.teacher.finish.plant import grass as tuft_of_grass
from tools.teacher.finish.solids import Build, Floats, Heap, Solid, copies, each, plain_mesh, skin, waves

__all__ = ["FINISHERS"]

_GROUND_REACH_M = 13.0


def mountain(s: Solid) -> Heap | None:
    """Rock: a mesa's ledges and joints on a blunt cone or box, ridges and gullies on a pointed one."""
    if s.shape == "plane":
        return _ground(s, "stone", 90, 0)
    heap = Heap()
    if s.shape == "ramp":
        _ramp(heap, s)
    elif s.shape == "sphere":
        _mound(heap, s, 0.5)
    elif s.shape == "cone" and s.top < 0.3:
        _peak(heap, s)
    else:
        _mesa(heap, s)
    return heap


def hill(s: Solid) -> Heap | None:
    """Soft ground: swells and hollows, a few stones; scree where it is a cut-off cone."""
    if s.shape == "plane":
        return _ground(s, "own", 90, 200)
    if s.shape == "ramp":
        heap = Heap()
        _ramp(heap, s)
        return heap
    heap = Heap()
    if s.shape == "sphere":
        _mound(heap, s, 0.12)
    elif s.shape == "box" and s.size[1] < 0.2 * min(s.size[0], s.size[2]):
        return None
    else:
        _talus(heap, s)
    return heap


def rock(s: Solid) -> Heap | None:
    """A boulder split along a few planes."""
    wide, high, deep = s.size
    if s.shape == "plane":
        return _ground(s, "stone", 120, 0)
    if max(s.size) > 9:
        return mountain(s)
    heap = Heap()
    random = s.random
    detail = 34 if s.budget > 3000 else 12
    u = np.arange(detail) * 2 * math.pi / detail
    v = np.linspace(-math.pi / 2, math.pi / 2, detail // 2 + 1)[:, None]
    ball = np.stack([np.cos(v) * np.cos(u), np.sin(v) + 0 * u, -np.cos(v) * np.sin(u)], -1)
    # A boulder is a ball cut by joints: the nearest of a dozen planes along each direction.
    planes = random.normal(size=(11, 3))
    planes /= np.linalg.norm(planes, axis=1, keepdims=True)
    planes = np.concatenate([planes, [[0, -1, 0], [0, 1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]]])
    reach = np.concatenate([random.uniform(0.72, 1.0, 11), [0.98, 0.95, 0.99, 0.99, 0.99, 0.99]])
    facing = ball @ planes.T
    sharp = np.min(np.where(facing > 0.05, reach / np.maximum(facing, 0.05), 9.0), axis=-1)
    radius = np.minimum(sharp, 1.15)
    radius *= 1 + 0.035 * waves(ball, s.seed, 0.9, 4)
    points = ball * radius[..., None]
    boxed = np.abs(points).max(axis=(0, 1))
    points = points / boxed
    if s.shape == "cone":
        # Broad at the foot, as it was blocked.
        share = np.interp(points[..., 1], [-1, 1], [1.0, max(s.top, 0.3) + 0.08])
        points = np.stack([points[..., 0] * share**0.7, points[..., 1], points[..., 2] * share**0.7], -1)
        points[..., 1] = np.sign(points[..., 1]) * np.abs(points[..., 1]) ** 0.75
    points = points * [wide / 2, high / 2, deep / 2] + [0, high / 2, 0]
    stuff = "own" if random.random() < 0.7 else "stone"
    heap.add(stuff, skin(points, closed=True))
    if s.budget > 3000 and s.shape != "box":
        _stones(heap, stuff, s, 7, 0.05, 0.13)
    return heap


def ground(stuff: str, stones: int, tufts: int) -> Build:
    """Flat ground that is sprinkled with so many stones and tufts; standing solids of it become mounds."""

    def build(s: Solid) -> Heap | None:
        if s.shape == "plane" or s.size[1] < 0.08 * min(s.size[0], s.size[2]):
            return _ground(s, stuff, stones, tufts) if s.shape in ("plane", "box") else None
        if s.shape in ("sphere", "cone", "ramp"):
            return hill(s)
        return None

    return build


def grass(s: Solid) -> Heap | None:
    """Lawn for the flat, tufts for what stands."""
    if s.shape == "plane" or (
        s.shape in ("box", "cylinder") and s.size[1] < 0.12 * min(s.size[0], s.size[2])
    ):
        return _ground(s, "own", 14, 760) if s.shape in ("plane", "box") else None
    return tuft_of_grass(s)


def _ground(s: Solid, stuff: str, stones: int, tufts: int) -> Heap | None:
    """The sheet as it lies, its middle laid in a fine grid whose normals roll; stones and tufts on it.

    Heights stay within a centimetre: whatever stands on the ground was put there by the millimetre.
    """
    wide, top, deep = s.size
    half = np.array([min(wide / 2, _GROUND_REACH_M), min(deep / 2, _GROUND_REACH_M)])
    if min(half) < 0.4:
        return None
    heap = Heap()
    n = 40
    # Finer near the middle, where the cameras are.
    line = np.linspace(-1, 1, n + 1)
    line = line * (0.55 + 0.45 * np.abs(line))
    x, z = np.meshgrid(line * half[0], -line * half[1])
    points = np.stack([x, np.full_like(x, top), z], -1)
    fade = np.clip((1 - np.maximum(np.abs(x) / half[0], np.abs(z) / half[1])) * 5, 0, 1)
    flat = np.stack([x, z], -1)
    relief = 0.6 * waves(flat, s.seed, 5.0, 3) + 0.4 * waves(flat, s.seed + 1, 1.3, 2)
    points[..., 1] += 0.008 * np.clip(relief, -1, 1) * fade - 0.001
    sheet = skin(points)
    steep = sheet.normals.astype(np.float64)
    steep[:, [0, 2]] *= 3.5
    steep /= np.linalg.norm(steep, axis=1, keepdims=True)
    heap.add(stuff, plain_mesh(sheet.positions, steep, sheet.triangles))
    if wide / 2 > half[0] + 1e-6 or deep / 2 > half[1] + 1e-6:
        heap.add(stuff, _frame(wide / 2, deep / 2, float(half[0]), float(half[1]), top - 0.001))
    if s.shape == "box":
        low = [
            (-wide / 2, 0.0, -deep / 2),
            (wide / 2, 0.0, -deep / 2),
            (wide / 2, 0.0, deep / 2),
            (-wide / 2, 0.0, deep / 2),
        ]
        high = [(x, top, z) for x, _, z in low]
        heap.add(stuff, *(_quad(low[i], high[i], high[(i + 1) % 4], low[(i + 1) % 4]) for i in range(4)))
    random = s.random
    area = float(4 * half[0] * half[1]) / (4 * _GROUND_REACH_M**2)
    count = int(stones * min(1.0, area + 0.1))
    if count:
        size = np.clip(random.lognormal(-3.6, 0.6, count), 0.012, 0.10)
        at = random.uniform(-0.97, 0.97, (count, 2)) * half
        heap.add("stone", _pebbles(at, size, top, s.seed))
    count = int(tufts * min(1.0, area + 0.1))
    if count:
        # Grass grows in patches: where a slow noise is high.
        at = random.uniform(-0.97, 0.97, (4 * count, 2)) * half
        thick = waves(at, s.seed + 5, 4.0, 3) + random.normal(scale=0.35, size=len(at))
        at = at[np.argsort(-thick)[:count]]
        root = np.repeat(np.stack([at[:, 0], np.full(len(at), top - 0.004), at[:, 1]], -1), 3, axis=0)
        root[:, [0, 2]] += random.normal(scale=0.025, size=(len(root), 2))
        heap.add("leaf", blades(root, random.uniform(0.035, 0.11, len(root)), random, 0.6, 0.16))
    return heap


def _frame(x: float, z: float, inner_x: float, inner_z: float, y: float) -> Mesh:
    """A flat sheet with a rectangular hole."""
    xs, zs = np.array([-x, -inner_x, inner_x, x]), np.array([z, inner_z, -inner_z, -z])
    gx, gz = np.meshgrid(xs, zs)
    points = np.stack([gx, np.full_like(gx, y), gz], -1).reshape(-1, 3)
    index = np.arange(16).reshape(4, 4)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    quads = np.stack([a, b, c, d], -1).reshape(-1, 4)[[0, 1, 2, 3, 5, 6, 7, 8]]
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return plain_mesh(points, np.tile([0.0, 1.0, 0.0], (16, 1)), triangles)


def _quad(*corners: tuple[float, float, float]) -> Mesh:
    points = np.array(corners)
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal /= max(float(np.linalg.norm(normal)), 1e-9)
    return plain_mesh(points, np.tile(normal, (4, 1)), [[0, 1, 2], [0, 2, 3]])


def _pebbles(at: Floats, size: Floats, top: float, seed: int) -> Mesh:
    random = np.random.default_rng([seed, 59])
    matrices = np.zeros((len(at), 4, 4))
    turn = random.uniform(0, 6.3, len(at))
    matrices[:, 0, 0] = matrices[:, 2, 2] = size * np.cos(turn)
    matrices[:, 0, 2], matrices[:, 2, 0] = size * np.sin(turn), -size * np.sin(turn)
    matrices[:, 1, 1] = size * random.uniform(0.4, 0.8, len(at))
    matrices[:, 0, 3], matrices[:, 1, 3], matrices[:, 2, 3] = at[:, 0], top, at[:, 1]
    matrices[:, 3, 3] = 1.0
    return copies(blob((0, 0.1, 0), (1.25, 1.0, 0.9), 0.25, seed, 8), matrices)


def _stones(heap: Heap, stuff: str, s: Solid, count: int, least: float, most: float) -> None:
    """Stones at the foot of something, half out of its box at the most by centimetres."""
    random = np.random.default_rng([s.seed, 61])
    turn = random.uniform(0, 2 * math.pi, count)
    size = random.uniform(least, most, count) * min(s.size[0], s.size[2])
    reach = 0.5 * np.array([s.size[0], s.size[2]]) - 0.5 * size[:, None]
    at = np.stack([np.cos(turn), np.sin(turn)], -1) * reach
    heap.add(stuff, _pebbles(at, size, 0.0, s.seed + 3))


def _outline(s: Solid, turn: Floats) -> Floats:
    """[n, 2] of the base at angles, at its sides' polygon as cones are blocked (x = cos, z = −sin)."""
    if s.shape == "box":
        c, d = np.cos(turn), -np.sin(turn)
        return np.stack([c, d], -1) / np.maximum(np.abs(c), np.abs(d))[:, None]
    if s.sides >= 12:
        return np.stack([np.cos(turn), -np.sin(turn)], -1)
    step = 2 * math.pi / s.sides
    corner = np.arange(s.sides) * step
    cx, cz = np.cos(corner), -np.sin(corner)
    local = (turn % step) - step / 2
    radius = math.cos(step / 2) / np.cos(local)
    x, z = radius * np.cos(turn), -radius * np.sin(turn)
    # Cones are stretched until their corners reach the box.
    x = 2 * ((x - cx.min()) / (cx.max() - cx.min()) - 0.5)
    z = 2 * ((z - cz.min()) / (cz.max() - cz.min()) - 0.5)
    return np.stack([x, z], -1)


def _wall(heap: Heap, s: Solid, rows: Floats, radius: Floats, turn: Floats, banded: bool) -> Floats:
    """Rings at heights `rows` (shares) with radius [rows, turn]; every other stratum in the second colour."""
    ring = _outline(s, turn)
    x = radius * ring[:, 0] * s.size[0] / 2
    z = radius * ring[:, 1] * s.size[2] / 2
    points = np.stack([x, np.broadcast_to(rows[:, None] * s.size[1], x.shape), z], -1)
    if not banded:
        heap.add("own", skin(points, closed=True))
        return points
    whole = skin(points, closed=True)
    random = np.random.default_rng([s.seed, 67])
    cuts = np.sort(random.choice(np.arange(2, len(rows) - 1), size=min(6, len(rows) - 3), replace=False))
    columns = len(turn)
    row_of = whole.triangles.min(axis=1) // columns
    band = np.searchsorted(cuts, row_of, side="right") % 2
    for k, stuff in enumerate(("own", "own second")):
        if (band == k).any():
            heap.add(stuff, plain_mesh(whole.positions, whole.normals, whole.triangles[band == k]))
    return points


def _top(heap: Heap, ring: Floats, seed: int, rise: float) -> None:
    """Rings shrinking to the middle of a plateau, a little rough."""
    middle = ring.mean(axis=0)
    shares = np.array([1.0, 0.92, 0.7, 0.4, 0.0])[:, None, None]
    points = middle + (ring - middle) * shares
    points[1:, :, 1] -= rise * (0.5 + 0.5 * np.sin(waves(points[1:], seed, np.ptp(ring[:, 0]) / 2 + 1e-3, 2)))
    points[-1] = points[-1].mean(axis=0)
    heap.add("own", skin(points, closed=True))


def _mesa(heap: Heap, s: Solid) -> None:
    """Cliffs: beds of unequal thickness step back one over another, joints run down through them."""
    random = s.random
    columns = 96 if s.budget > 3000 else 24
    beds = int(np.clip(round(s.size[1] / 4.5), 5, 13)) if s.budget > 3000 else 4
    turn = np.arange(columns) * 2 * math.pi / columns
    cut = np.cumsum(random.uniform(0.4, 1.6, beds))
    cut = np.concatenate([[0], cut / cut[-1]])
    rows: list[float] = []
    ledge: list[float] = []
    for k in range(beds):
        inset, hard = random.uniform(0.0, 0.045), random.random() < 0.6
        thick = cut[k + 1] - cut[k]
        for t, extra in ((0.02, 0.0), (0.5, 0.006), (0.93, -0.004 if hard else 0.016), (0.985, 0.012)):
            rows.append(float(cut[k] + t * thick))
            ledge.append(inset + extra + (0.0 if hard else 0.022))
    rows[0], rows[-1] = 0.0, 1.0
    level, inset_of = np.array(rows), np.array(ledge)
    ring = np.stack([np.cos(turn), np.sin(turn)], -1)
    # Joints: narrow dark slots, the same from bed to bed with a little wander.
    joints = random.uniform(0, 2 * math.pi, 13)
    depth = random.uniform(0.015, 0.06, 13)
    width = random.uniform(0.02, 0.05, 13)
    wander = 0.03 * np.sin(9 * level[:, None] + joints[None])
    apart = np.abs((turn[None, :, None] - joints - wander[:, None, :] + math.pi) % (2 * math.pi) - math.pi)
    slots = (depth * np.exp(-((apart / width) ** 2))).max(axis=-1)
    place = np.concatenate(
        [
            np.broadcast_to(ring[None], (len(level), columns, 2)),
            np.broadcast_to(level[:, None, None] * 1.2, (len(level), columns, 1)),
        ],
        -1,
    )
    rough = 0.018 * waves(place, s.seed, 1.6, 4)
    radius = (1 - (1 - s.top) * level[:, None]) * (
        1.012 - inset_of[:, None] - slots + np.minimum(rough, 0.02)
    )
    points = _wall(heap, s, level, radius, turn, banded=s.budget > 3000)
    _top(heap, points[-1], s.seed, 0.012 * s.size[1])
    if s.budget > 3000:
        _scree(heap, s, points[0])


def _scree(heap: Heap, s: Solid, ring: Floats) -> None:
    random = np.random.default_rng([s.seed, 71])
    count = 40
    at = ring[random.integers(0, len(ring), count)][:, [0, 2]] * random.uniform(0.92, 0.97, (count, 1))
    size = random.lognormal(-3.6, 0.6, count) * min(s.size[0], s.size[2])
    heap.add("own plain", _pebbles(at, np.minimum(size, 0.06 * s.size[1]), 0.0, s.seed + 7))


def _peak(heap: Heap, s: Solid) -> None:
    """Ridges run down from the tip, gullies between them; the rims crumble."""
    columns, count = (84, 22) if s.budget > 3000 else (20, 6)
    random = s.random
    turn = np.arange(columns) * 2 * math.pi / columns
    level = np.linspace(0, 1, count) ** 0.9
    place = np.stack(
        [
            np.broadcast_to(np.cos(turn)[None], (count, columns)),
            np.broadcast_to(np.sin(turn)[None], (count, columns)),
            np.broadcast_to(0.9 * level[:, None], (count, columns)),
        ],
        -1,
    )
    bent = turn + 0.16 * waves(place, s.seed + 2, 1.5, 2)
    number = int(random.integers(6, 11))
    ridged = 1 - np.abs(np.sin(0.5 * number * bent + 1.3 * np.sin(2 * bent + s.seed % 7)))
    fine = 1 - np.abs(np.sin(1.5 * number * bent + 5 * level[:, None]))
    body = 4 * level * (1 - level) * 0.75 + 0.25
    carved = (0.16 * (1 - ridged) + 0.06 * (1 - fine)) * body[:, None]
    steps = 0.02 * np.sin(60 * level[:, None] + 3 * waves(place, s.seed + 4, 2.0, 2))
    rough = 0.03 * waves(place, s.seed, 0.8, 3)
    radius = np.maximum(1 - (1 - s.top) * level, 0.004)[:, None] * (
        1.05 - carved + steps + np.minimum(rough, 0.03)
    )
    radius = np.minimum(radius, 1.0)
    points = _wall(heap, s, level, radius, turn, banded=False)
    if s.top > 0.02:
        _top(heap, points[-1], s.seed, 0.01 * s.size[1])
    if s.budget > 3000:
        _scree(heap, s, points[0])


def _talus(heap: Heap, s: Solid) -> None:
    """A slope of debris: fans, gullies and blocks."""
    columns, count = (90, 20) if s.budget > 3000 else (20, 5)
    turn = np.arange(columns) * 2 * math.pi / columns
    level = np.linspace(0, 1, count)
    place = np.stack(
        [
            np.broadcast_to(np.cos(turn)[None], (count, columns)),
            np.broadcast_to(np.sin(turn)[None], (count, columns)),
            np.broadcast_to(0.35 * level[:, None], (count, columns)),
        ],
        -1,
    )
    gully = 0.035 * np.minimum(waves(place, s.seed, 0.5, 3), 0.6) * (0.4 + 0.6 * level[:, None])
    swell = 0.02 * waves(place, s.seed + 9, 1.5, 2)
    # Debris lies in a hollow curve: steep above, flat at the foot.
    hollow = 0.06 * np.sin(math.pi * level)[:, None]
    radius = (1 - (1 - s.top) * level[:, None]) * np.minimum(1.0 - hollow + gully + swell, 1.01)
    points = _wall(heap, s, level, radius, turn, banded=False)
    _top(heap, points[-1], s.seed, 0.02 * s.size[1])
    if s.budget <= 3000:
        return
    random = s.random
    rows, cols = random.integers(0, count - 1, 70), random.integers(0, columns, 70)
    at = points[rows, cols]
    size = np.clip(random.lognormal(-4.3, 0.6, 70), 0.004, 0.035) * min(s.size[0], s.size[2])
    matrices = np.zeros((70, 4, 4))
    matrices[:, range(4), range(4)] = 1.0
    matrices[:, 0, 0], matrices[:, 1, 1], matrices[:, 2, 2] = size, 0.8 * size, size
    matrices[:, :3, 3] = at
    matrices[:, 1, 3] = np.maximum(at[:, 1] - 0.1 * size, 0)
    heap.add("own plain", copies(blob((0, 0.15, 0), (1, 1, 0.8), 0.3, s.seed, 8), matrices))


def _mound(heap: Heap, s: Solid, roughness: float) -> None:
    """An egg of ground: `roughness` from a dune's swell to crags."""
    columns, count = (80, 36) if s.budget > 3000 else (16, 8)
    turn = np.arange(columns) * 2 * math.pi / columns
    v = np.linspace(-math.pi / 2, math.pi / 2, count)[:, None]
    ball = np.stack([np.cos(v) * np.cos(turn), np.sin(v) + 0 * turn, -np.cos(v) * np.sin(turn)], -1)
    swell = 0.016 * waves(ball, s.seed, 0.9, 2) + 0.009 * waves(ball, s.seed + 1, 0.3, 2)
    crag = 1 - np.abs(waves(ball * [1, 1.4, 1], s.seed + 2, 0.7, 4))
    radius = 0.985 + swell * (1 - 0.5 * roughness) - roughness * 0.13 * np.clip(1 - crag, 0, 1.2)
    radius = np.minimum(radius, 1.01)
    half = np.asarray(s.size) / 2
    points = ball * radius[..., None] * half + [0, half[1], 0]
    heap.add("own", skin(points, closed=True))
    if s.budget > 3000 and max(s.size) > 5:
        random = s.random
        n = 26
        rows, cols = random.integers(count // 2, count - 4, n), random.integers(0, columns, n)
        size = (
            np.clip(random.lognormal(-4.2, 0.5, n), 0.004, 0.03)
            * float(max(half[0], half[2]))
            * 2
            * (0.5 + roughness)
        )
        at = points[rows, cols]
        matrices = np.tile(np.eye(4), (n, 1, 1))
        matrices[:, 0, 0] = matrices[:, 2, 2] = size
        matrices[:, 1, 1] = 0.7 * size
        matrices[:, :3, 3] = at - 0.15 * size[:, None] * [0, 1, 0]
        heap.add(
            "stone" if roughness < 0.3 else "own plain",
            copies(blob((0, 0.1, 0), (1, 1, 0.8), 0.28, s.seed, 8), matrices),
        )


def _ramp(heap: Heap, s: Solid) -> None:
    """A tilted bench of rock: a grid over its slope and broken cliffs on its other sides."""
    wide, high, deep = s.size
    nx, nt = (46, 26) if s.budget > 3000 else (10, 6)
    # Around the wedge from the foot in front, over the slope, down the back.
    slope = np.stack([np.linspace(0.0, high, nt), np.linspace(deep / 2, -deep / 2, nt)], -1)
    back = np.stack([np.linspace(high, 0.0, nt // 2 + 1)[1:], np.full(nt // 2, -deep / 2)], -1)
    line = np.concatenate([slope, back])
    x = np.linspace(-0.5, 0.5, nx) * wide
    points = np.zeros((len(line), nx, 3))
    points[..., 0], points[..., 1], points[..., 2] = x, line[:, :1], line[:, 1:]
    scale = min(s.size)
    rough = waves(points, s.seed, 0.6 * scale, 4)
    steps = np.abs(((points[..., 1] / max(high, 1e-6) * 6 + 0.3 * rough) % 1.0) - 0.5)
    sunk = np.clip(0.03 * scale * (0.6 + 0.5 * rough) + 0.03 * scale * steps, 0, None)
    points[:nt, :, 1] = np.maximum(points[:nt, :, 1] - sunk[:nt], 0)
    points[nt:, :, 2] += sunk[nt:]
    edge = np.abs(x) > 0.499 * wide
    points[:, edge, 0] *= 1 - 0.04 * (0.5 + 0.5 * np.sin(rough[:, edge] * 2))
    heap.add("own", skin(points))
    for column, sign in ((0, -1.0), (nx - 1, 1.0)):
        rim = points[:, column]
        foot = rim * [1, 0, 1]
        middle = 0.5 * (rim + foot)
        middle[:, 0] -= sign * 0.02 * scale * np.abs(np.sin(9 * rim[:, 2] / scale))
        strip = np.stack([rim, middle, foot], 1)
        heap.add("own", skin(strip if sign > 0 else strip[:, ::-1]))


def waterfall(s: Solid) -> Heap | None:
    """A pleated sheet of water between wet rocks, foam at its foot."""
    wide, high, deep = s.size
    if s.shape == "plane" or high < 0.1:
        return None
    heap = Heap()
    nx, ny = 48, 24
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, nx), np.linspace(0, 1, ny))
    pleat = (
        0.5 + 0.35 * np.sin(41 * x + 2 * np.sin(5 * y + s.seed % 5)) * (1 - 0.5 * y) + 0.15 * np.sin(97 * x)
    )
    z = deep * (0.18 + 0.28 * np.clip(pleat, 0, 1) * (1 - y**4) - 0.2 * y**6)
    heap.add("own", skin(np.stack([x * wide * 0.96, y * high, z], -1)))
    for side in (-1, 1):
        heap.add(
            "stone",
            blob(
                (side * 0.47 * wide, 0.5 * high, -0.1 * deep),
                (0.12 * wide, high, 0.9 * deep),
                0.12,
                s.seed + int(side > 0),
                14,
            ),
        )
    heap.add("stone", blob((0, 0.48 * high, -0.28 * deep), (0.98 * wide, high, 0.4 * deep), 0.05, s.seed, 18))
    for k in range(7):
        r = 0.11 * min(wide, high)
        heap.add(
            "paper",
            blob(
                ((k / 6 - 0.5) * 0.85 * wide, 0.25 * r, 0.3 * deep),
                (2 * r, r, 0.35 * deep),
                0.2,
                s.seed + k,
                10,
            ),
        )
    return heap


FINISHERS = {
    "mountain": each(mountain),
    "hill": each(hill),
    "rock": each(rock),
    "earth": each(ground("own", 170, 120)),
    "land": each(ground("own", 130, 240)),
    "sand": each(ground("own", 70, 40)),
    "field": each(ground("own", 24, 820)),
    "grass": each(grass),
    "waterfall": each(waterfall),
}
