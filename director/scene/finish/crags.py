"""Rock and slopes to build land from: cut boulders, cliffs in beds, peaks, screes, mounds and benches."""

import math

import numpy as np

from director.scene.finish.forms import plain_mesh
from director.scene.finish.solids import Floats, Heap, Solid, copies, skin, waves
from director.scene.mesh import Mesh

__all__ = ["boulder", "cut_ball", "mesa", "mound", "peak", "pebbles", "ramp", "rocky", "talus"]


def rocky(mesh: Mesh) -> Mesh:
    """The mesh with its facets showing: half flat, half smooth in its shading."""
    corners = mesh.positions[mesh.triangles].astype(np.float64)
    face = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    face /= np.maximum(np.linalg.norm(face, axis=1, keepdims=True), 1e-12)
    normals = 0.6 * face[:, None] + 0.4 * mesh.normals[mesh.triangles]
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-12)
    count = 3 * len(mesh.triangles)
    return plain_mesh(corners.reshape(-1, 3), normals.reshape(-1, 3), np.arange(count).reshape(-1, 3))


def cut_ball(seed: int, detail: int) -> Floats:
    """[rows, columns, 3] of a ball of radius 1 cut by joints: the nearest of some planes each way."""
    random = np.random.default_rng([seed, 89])
    u = np.arange(detail) * 2 * math.pi / detail
    v = np.linspace(-math.pi / 2, math.pi / 2, detail // 2 + 1)[:, None]
    ball = np.stack([np.cos(v) * np.cos(u), np.sin(v) + 0 * u, -np.cos(v) * np.sin(u)], -1)
    planes = random.normal(size=(11, 3))
    planes /= np.linalg.norm(planes, axis=1, keepdims=True)
    planes = np.concatenate([planes, [[0, -1, 0], [0, 1, 0], [1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -1]]])
    reach = np.concatenate([random.uniform(0.72, 1.0, 11), [0.98, 0.95, 0.99, 0.99, 0.99, 0.99]])
    facing = ball @ planes.T
    sharp = np.min(np.where(facing > 0.05, reach / np.maximum(facing, 0.05), 9.0), axis=-1)
    radius = np.minimum(sharp, 1.15) * (1 + 0.035 * waves(ball, seed, 0.9, 4))
    return np.asarray(ball * radius[..., None])


def boulder(seed: int, detail: int = 10) -> Mesh:
    """A stone a metre across, a fifth of it in the ground."""
    return rocky(skin(cut_ball(seed, detail) * 0.5 + [0, 0.3, 0], closed=True))


def pebbles(at: Floats, size: Floats, top: float, seed: int) -> Mesh:
    random = np.random.default_rng([seed, 59])
    matrices = np.zeros((len(at), 4, 4))
    turn = random.uniform(0, 6.3, len(at))
    matrices[:, 0, 0] = matrices[:, 2, 2] = size * np.cos(turn)
    matrices[:, 0, 2], matrices[:, 2, 0] = size * np.sin(turn), -size * np.sin(turn)
    matrices[:, 1, 1] = size * random.uniform(0.4, 0.8, len(at))
    matrices[:, 0, 3], matrices[:, 1, 3], matrices[:, 2, 3] = at[:, 0], top, at[:, 1]
    matrices[:, 3, 3] = 1.0
    return copies(boulder(seed, 8), matrices)


def outline(s: Solid, turn: Floats) -> Floats:
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


def cliff(
    heap: Heap, s: Solid, rows: Floats, radius: Floats, turn: Floats, banded: bool, dip: Floats | float = 0.0
) -> Floats:
    """Rings at heights `rows` (shares) with radius [rows, turn]; every other stratum in the second colour.
    `dip` lifts and sinks the strata, as shares of the height, but neither foot nor top."""
    ring = outline(s, turn)
    x = radius * ring[:, 0] * s.size[0] / 2
    z = radius * ring[:, 1] * s.size[2] / 2
    y = rows[:, None] + np.minimum(1.0, 6 * np.minimum(rows, 1 - rows))[:, None] * dip
    points = np.stack([x, np.broadcast_to(np.clip(y, 0, 1) * s.size[1], x.shape), z], -1)
    if not banded:
        heap.add("own", rocky(skin(points, closed=True)))
        return points
    whole = skin(points, closed=True)
    random = np.random.default_rng([s.seed, 67])
    cuts = np.sort(random.choice(np.arange(2, len(rows) - 1), size=min(6, len(rows) - 3), replace=False))
    columns = len(turn)
    row_of = whole.triangles.min(axis=1) // columns
    band = np.searchsorted(cuts, row_of, side="right") % 2
    for k, stuff in enumerate(("own", "own second")):
        if (band == k).any():
            heap.add(stuff, rocky(plain_mesh(whole.positions, whole.normals, whole.triangles[band == k])))
    return points


def plateau(heap: Heap, ring: Floats, seed: int, rise: float) -> None:
    """Rings shrinking to the middle of a plateau, a little rough."""
    middle = ring.mean(axis=0)
    shares = np.array([1.0, 0.92, 0.7, 0.4, 0.0])[:, None, None]
    points = middle + (ring - middle) * shares
    points[1:, :, 1] -= rise * (0.5 + 0.5 * np.sin(waves(points[1:], seed, np.ptp(ring[:, 0]) / 2 + 1e-3, 2)))
    points[-1] = points[-1].mean(axis=0)
    heap.add("own", skin(points, closed=True))


def mesa(heap: Heap, s: Solid) -> None:
    """Cliffs: beds of unequal thickness step back one over another, joints run down through them."""
    random = s.random
    columns = 132 if s.budget > 3000 else 24
    beds = int(np.clip(round(s.size[1] / 5.0), 5, 11)) if s.budget > 3000 else 4
    turn = np.arange(columns) * 2 * math.pi / columns
    cut = np.cumsum(random.uniform(0.4, 1.6, beds))
    cut = np.concatenate([[0], cut / cut[-1]])
    rows: list[float] = []
    ledge: list[float] = []
    blocks: list[Floats] = []
    for k in range(beds):
        inset, hard = random.uniform(0.0, 0.035), random.random() < 0.6
        thick = cut[k + 1] - cut[k]
        # A hard bed breaks into blocks along upright cracks; a soft one weathers to a slope.
        edges = np.sort(random.uniform(0, columns, int(random.integers(12, 26))))
        block = random.uniform(0.0, 0.04 if hard else 0.018, len(edges) + 1)
        broken = block[np.searchsorted(edges, np.arange(columns)) % len(edges)]
        for t, extra in ((0.02, 0.0), (0.55, 0.004), (0.96, -0.004 if hard else 0.02)):
            rows.append(float(cut[k] + t * thick))
            ledge.append(inset + extra + (0.0 if hard else 0.02))
            blocks.append(broken * (1.0 if hard else 1 - 0.6 * t))
    rows[0], rows[-1] = 0.0, 1.0
    level, inset_of = np.array(rows), np.array(ledge)
    ring = np.stack([np.cos(turn), np.sin(turn)], -1)
    # Joints: narrow dark slots, the same from bed to bed with a little wander.
    joints = random.uniform(0, 2 * math.pi, 15)
    depth = random.uniform(0.02, 0.09, 15)
    width = random.uniform(0.02, 0.06, 15)
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
    rough = 0.022 * waves(place, s.seed, 1.6, 4)
    radius = (1 - (1 - s.top) * level[:, None]) * (
        1.015 - inset_of[:, None] - np.array(blocks) - slots + np.minimum(rough, 0.02)
    )
    # Beds rise and fall a little round the cliff.
    dip = 0.1 * waves(ring, s.seed + 8, 2.5, 2) / beds
    points = cliff(heap, s, level, radius, turn, banded=s.budget > 3000, dip=dip)
    plateau(heap, points[-1], s.seed, 0.012 * s.size[1])
    if s.budget > 3000:
        scree(heap, s, points[0])


def scree(heap: Heap, s: Solid, ring: Floats) -> None:
    random = np.random.default_rng([s.seed, 71])
    count = 40
    at = ring[random.integers(0, len(ring), count)][:, [0, 2]] * random.uniform(0.92, 0.97, (count, 1))
    size = random.lognormal(-3.6, 0.6, count) * min(s.size[0], s.size[2])
    heap.add("stone", pebbles(at, np.minimum(size, 0.06 * s.size[1]), 0.0, s.seed + 7))


def peak(heap: Heap, s: Solid) -> None:
    """Ridges run down from the tip, gullies between them; the rims crumble."""
    columns, count = (84, 22) if s.budget > 3000 else (20, 6)
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
    # Ridges part as they come down: the finer the farther from the tip.
    great = 1 - np.abs(waves(place, s.seed + 2, 1.5, 2))
    fine = 1 - np.abs(waves(place * [1, 1, 0.7], s.seed + 5, 0.55, 2))
    body = 1 - np.abs(2 * level - 0.9) ** 3 * 0.75
    carved = (0.12 * np.clip(1 - great, 0, 1.2) + 0.07 * np.clip(1 - fine, 0, 1.2)) * body[:, None]
    steps = 0.03 * waves(place * [0.7, 0.7, 2.2], s.seed + 4, 0.8, 2)
    rough = 0.035 * waves(place, s.seed, 0.35, 3)
    radius = np.maximum(1 - (1 - s.top) * level, 0.004)[:, None] * (
        1.05 - carved + steps + np.minimum(rough, 0.03)
    )
    radius = np.minimum(radius, 1.0)
    points = cliff(heap, s, level, radius, turn, banded=False)
    if s.top > 0.02:
        plateau(heap, points[-1], s.seed, 0.01 * s.size[1])
    if s.budget > 3000:
        scree(heap, s, points[0])


def talus(heap: Heap, s: Solid) -> None:
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
    points = cliff(heap, s, level, radius, turn, banded=False)
    plateau(heap, points[-1], s.seed, 0.02 * s.size[1])
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
    heap.add("stone", copies(boulder(s.seed), matrices))


def mound(heap: Heap, s: Solid, roughness: float) -> None:
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
            copies(boulder(s.seed), matrices),
        )


def ramp(heap: Heap, s: Solid) -> None:
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
    heap.add("own", rocky(skin(points)))
    for column, sign in ((0, -1.0), (nx - 1, 1.0)):
        rim = points[:, column]
        foot = rim * [1, 0, 1]
        middle = 0.5 * (rim + foot)
        middle[:, 0] -= sign * 0.02 * scale * np.abs(np.sin(9 * rim[:, 2] / scale))
        strip = np.stack([rim, middle, foot], 1)
        heap.add("own", rocky(skin(strip if sign > 0 else strip[:, ::-1])))
