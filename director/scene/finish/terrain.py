"""Hills, mountains and rocks; ground with relief, stones and grass; waterfalls."""

import math

import numpy as np

from director.scene.finish.crags import cut_ball, mesa, mound, peak, pebbles, ramp, rocky, talus
from director.scene.finish.foliage import blades
from director.scene.finish.forms import blob, plain_mesh
from director.scene.finish.plant import grass as tuft_of_grass
from director.scene.finish.solids import Build, Heap, Solid, each, skin, waves
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]

_GROUND_REACH_M = 13.0


def mountain(s: Solid) -> Heap | None:
    """Rock: a mesa's ledges and joints on a blunt cone or box, ridges and gullies on a pointed one."""
    if s.shape == "plane":
        return _ground(s, "stone", 90, 0)
    heap = Heap()
    if s.shape == "ramp":
        ramp(heap, s)
    elif s.shape == "sphere":
        mound(heap, s, 0.5)
    elif s.shape == "cone" and s.top < 0.3:
        peak(heap, s)
    else:
        mesa(heap, s)
    return heap


def hill(s: Solid) -> Heap | None:
    """Soft ground: swells and hollows, a few stones; scree where it is a cut-off cone."""
    if s.shape == "plane":
        return _ground(s, "own", 90, 200)
    if s.shape == "ramp":
        heap = Heap()
        ramp(heap, s)
        return heap
    heap = Heap()
    if s.shape == "sphere":
        mound(heap, s, 0.12)
    elif s.shape == "box" and s.size[1] < 0.2 * min(s.size[0], s.size[2]):
        return None
    else:
        talus(heap, s)
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
    points = cut_ball(s.seed, 34 if s.budget > 3000 else 12)
    boxed = np.abs(points).max(axis=(0, 1))
    points = points / boxed
    if s.shape == "cone":
        # Broad at the foot, as it was blocked.
        share = np.interp(points[..., 1], [-1, 1], [1.0, max(s.top, 0.3) + 0.08])
        points = np.stack([points[..., 0] * share**0.7, points[..., 1], points[..., 2] * share**0.7], -1)
        points[..., 1] = np.sign(points[..., 1]) * np.abs(points[..., 1]) ** 0.75
    points = points * [wide / 2, high / 2, deep / 2] + [0, high / 2, 0]
    stuff = "own" if random.random() < 0.7 else "stone"
    heap.add(stuff, rocky(skin(points, closed=True)))
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
        heap.add("stone", pebbles(at, size, top, s.seed))
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


def _stones(heap: Heap, stuff: str, s: Solid, count: int, least: float, most: float) -> None:
    """Stones at the foot of something, half out of its box at the most by centimetres."""
    random = np.random.default_rng([s.seed, 61])
    turn = random.uniform(0, 2 * math.pi, count)
    size = random.uniform(least, most, count) * min(s.size[0], s.size[2])
    reach = 0.5 * np.array([s.size[0], s.size[2]]) - 0.5 * size[:, None]
    at = np.stack([np.cos(turn), np.sin(turn)], -1) * reach
    heap.add(stuff, pebbles(at, size, 0.0, s.seed + 3))


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
