"""Trees: crowns of leaf clumps, tiered conifers, palms, hedges, and the bark of trunks."""

import math

import numpy as np

from director.scene.finish.foliage import crown, leaves, on_ball
from director.scene.finish.forms import plain_mesh, tube
from director.scene.finish.solids import Floats, Heap, Solid, each, skin
from director.scene.mesh import Mesh

__all__ = ["FINISHERS", "leaf_length", "trunk"]

_TREE_TRIANGLES = 10_500


def tree(s: Solid) -> Heap | None:
    """A trunk, a crown or a whole tree, as its proportions say."""
    wide, high, deep = s.size
    across = max(wide, deep)
    heap = Heap()
    if s.shape == "plane":
        return None
    if s.shape in ("box", "cylinder", "ramp") or (s.shape == "cone" and s.top > 0.5):
        if across < 0.36 * high and across < 1.3:
            trunk(heap, s)
        elif high < 1.2 * across or high < 1.0:
            _hedge(heap, s)
        else:
            _whole(heap, s)
    elif s.shape == "cone":
        conifer(heap, s, 0.0)
    else:
        _crown(heap, s, 0.0, s.size, limbs=True)
    return heap


def palm(s: Solid) -> Heap | None:
    """A ringed trunk, a head of fronds, or both."""
    wide, high, deep = s.size
    across = max(wide, deep)
    if s.shape == "plane":
        return None
    heap = Heap()
    if s.shape in ("box", "cylinder", "cone") and across < 0.3 * high and across < 1.0:
        _palm_trunk(heap, s, min(wide, deep) / 2, high)
    elif s.shape in ("sphere", "cone") or high < across:
        _fronds(heap, s, 0.45 * high, s.size)
    else:
        _palm_trunk(heap, s, 0.055 * high**0.8, 0.8 * high)
        _fronds(heap, s, 0.8 * high, s.size)
    return heap


def leaf_length(area: float, count: int, narrow: float, cover: float = 1.2) -> float:
    """Of leaves, so many that they cover an area so many times; between 3 cm and 0.6 m."""
    return float(np.clip(math.sqrt(2 * cover * area / (max(count, 1) * narrow)), 0.03, 0.6))


def trunk(heap: Heap, s: Solid, reach: float = 1.0) -> None:
    """Bark within a slender solid: roots spread at the foot, a slight bend, and forks at the head."""
    random = s.random
    half = min(s.size[0], s.size[2]) / 2
    high = s.size[1] * reach
    sides, rings = (16, 14) if s.budget > 1500 else (8, 6)
    t = np.linspace(0, 1, rings)
    turn = np.arange(sides) * 2 * math.pi / sides
    lobes = random.uniform(0, 6.3, 3)
    # Buttresses: strong at the foot, gone at a fifth of the height.
    foot = np.exp(-t * max(4.0, 0.5 * high / half))[:, None]
    ridges = 0.10 * np.cos(3 * turn + lobes[0]) + 0.07 * np.cos(5 * turn + lobes[1])
    fluting = 0.035 * np.cos(8 * turn[None] + 2.5 * t[:, None] + lobes[2])
    radius = half * (0.82 - 0.22 * t[:, None] + foot * (0.16 + 1.6 * ridges) + fluting)
    bend = half * 0.30 * np.stack([np.sin(2.2 * t + lobes[0]), np.sin(1.7 * t + lobes[1])], -1)
    bend -= bend[:1]
    points = np.stack(
        [
            bend[:, :1] + radius * np.cos(turn),
            np.broadcast_to(t[:, None] * high, radius.shape),
            bend[:, 1:] - radius * np.sin(turn),
        ],
        -1,
    )
    heap.add("bark", skin(points, closed=True), _lid(points[-1]))
    for k in range(3 if s.budget > 800 else 0):
        a = lobes[0] + k * 2.1 + random.uniform(-0.4, 0.4)
        out = np.array([math.cos(a), 0.0, math.sin(a)])
        at = np.array([bend[-1, 0], high * random.uniform(0.72, 0.9), bend[-1, 1]])
        reach_m = 0.8 * half
        heap.add(
            "bark",
            tube(
                [
                    at - 0.4 * half * out,
                    at + 0.6 * reach_m * out + [0, 0.06 * high, 0],
                    at + reach_m * out + [0, 0.1 * high, 0],
                ],
                [0.42 * half, 0.3 * half, 0.14 * half],
                6,
            ),
        )


def _lid(ring: Floats) -> Mesh:
    middle = ring.mean(axis=0)
    n = len(ring)
    points = np.concatenate([ring, middle[None]])
    normals = np.tile([0.0, 1.0, 0.0], (n + 1, 1))
    i = np.arange(n)
    return plain_mesh(points, normals, np.stack([i, (i + 1) % n, np.full(n, n)], 1))


def _crown(heap: Heap, s: Solid, bottom: float, size: tuple[float, float, float], limbs: bool) -> None:
    """A leafy egg of a size above `bottom`: clumps over its skin and limbs that show between them."""
    random = s.random
    half = np.asarray(size, np.float64) / 2
    centre = np.array([0.0, bottom + half[1], 0.0])
    mean = float(half.prod() ** (1 / 3))
    budget = min(_TREE_TRIANGLES, int(1.75 * s.budget)) if s.budget >= 6000 else s.budget
    count = int(np.clip(budget / 260, 3, 26))
    directions = on_ball(count, random)
    radii = mean * random.uniform(0.26, 0.47, count) * (26 / max(count, 9)) ** 0.28
    radii = np.minimum(radii, 0.6 * half.min())
    # Every clump touches the egg's skin from within, some stay behind: the rim is ragged.
    inner = np.maximum(half[None] - radii[:, None] * random.uniform(1.0, 1.3, count)[:, None], 0.05 * half)
    lobes = centre + directions * inner
    lobes = np.concatenate([lobes, centre[None]])
    radii = np.append(radii, 0.62 * half.min())
    narrow = float(random.choice([0.45, 0.6, 0.75]))
    length = leaf_length(float((4 * math.pi * radii**2).sum()), budget // 2, narrow)
    crown(heap, lobes, radii, budget, random, min(length, 0.35 * mean), narrow)
    if limbs and s.budget > 1500:
        foot = centre - [0, 0.97 * half[1], 0]
        for lobe in lobes[::3][:7]:
            knee = foot + 0.45 * (lobe - foot) + [0, 0.12 * half[1], 0]
            r = 0.05 * mean
            heap.add("bark", tube([foot, knee, lobe], [1.2 * r, 0.8 * r, 0.35 * r], 6))


def _whole(heap: Heap, s: Solid) -> None:
    """One solid for a whole tree: a broad crown, or a conifer, on a trunk."""
    wide, high, deep = s.size
    random = np.random.default_rng([s.seed, 53])
    if high > 2.2 * max(wide, deep) and random.random() < 0.6:
        stem = 0.1 * high
        conifer(heap, s, stem)
    else:
        stem = high * float(random.uniform(0.26, 0.36))
        _crown(heap, s, stem, (wide, high - stem, deep), limbs=True)
    half = min(0.055 * high, 0.1 * min(wide, deep))
    trunk(heap, Solid("cylinder", (2 * half, 1.25 * stem, 2 * half), s.seed, min(s.budget, 2000)))


def _hedge(heap: Heap, s: Solid) -> None:
    """Clumps that fill a low solid to its faces."""
    random = s.random
    size = np.asarray(s.size)
    across = max(float(np.median(size)) * 0.6, 0.02)
    counts = np.clip(np.round(size / across), 1, 5).astype(int)
    while counts.prod() > max(3, s.budget // 130):
        counts[int(np.argmax(counts))] -= 1
    steps = [(np.arange(n) + 0.5) / n for n in counts]
    grid = np.stack(np.meshgrid(*steps, indexing="ij"), -1).reshape(-1, 3)
    cell = size / counts
    r = 0.62 * float(np.sort(cell)[1])
    radii = r * random.uniform(0.85, 1.05, len(grid))
    places = (grid + random.normal(scale=0.06, size=grid.shape) / counts - [0.5, 0, 0.5]) * size
    limit = size / 2 - np.minimum(radii[:, None], size / 2)
    middle = np.array([0, size[1] / 2, 0])
    places = middle + np.clip(places - middle, -limit, limit)
    narrow = 0.6
    length = leaf_length(float((4 * math.pi * radii**2).sum()), s.budget // 2, narrow)
    # Flat or thin: the clumps are pressed into the box.
    squash = min(1.0, float(size[1] / (2 * r)))
    crown(
        heap,
        places,
        np.minimum(radii, size[[0, 2]].min() / 2),
        s.budget,
        random,
        min(length, 0.4 * r),
        narrow,
        squash,
    )


def conifer(heap: Heap, s: Solid, bottom: float) -> None:
    """Tiers of hanging boughs about a stem: each bough a row of needles, longest at the foot."""
    random = s.random
    wide, top, deep = s.size
    high = top - bottom
    budget = min(9000, int(1.5 * s.budget)) if s.budget >= 6000 else s.budget
    tiers = int(np.clip(high / max(wide, deep) * 6 + 4, 4, 13)) if budget > 1500 else 4
    count = budget // 2
    # More leaves where a tier is wide.
    u = 1 - np.sqrt(random.uniform(0, 1, count))
    tier = np.minimum((u * tiers).astype(int), tiers - 1)
    base = tier / tiers
    within = random.uniform(0, 1, count) ** 0.55
    boughs = 9 + (tiers - tier) // 2
    turn = (np.floor(random.uniform(0, 1, count) * boughs) + 0.5 * random.normal(size=count) * 0.55) / boughs
    turn = 2 * math.pi * (turn + tier * 0.37)
    reach = (1 - base) * (0.9 + 0.1 * np.cos(boughs * turn)) * (0.35 + 0.65 * within)
    # Along a bough the needles sink from the stem to the tier's rim, and lift a little at the tip.
    drop = 0.9 * within**1.25 - 0.08 * within**6
    y = bottom + high * np.clip(base + (0.98 - drop) / tiers, 0.0, 0.985)
    limit = np.clip(1.0 - (y - bottom) / high + 0.06, 0, 1)
    reach = np.minimum(reach, limit)
    places = np.stack([reach * np.cos(turn) * wide / 2, y, reach * np.sin(turn) * deep / 2], -1)
    out = np.stack([np.cos(turn), np.full(count, 0.55), np.sin(turn)], -1)
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    slope = math.hypot(high, max(wide, deep) / 2)
    length = leaf_length(1.9 * max(wide, deep) * slope, count, 0.26, 1.1)
    heap.add("leaf", leaves(places, out, min(length, 0.16 * wide), random, 0.26, 0.5, 0.6))
    sides, rings = (14, 2 * tiers + 1) if budget > 1500 else (8, 2 * tiers + 1)
    # The dark heart is tiered too.
    level = np.linspace(0, 1, rings)
    step = np.where(np.arange(rings) % 2 == 0, 0.78, 0.62)
    around = np.arange(sides) * 2 * math.pi / sides
    share = (
        np.maximum(1 - level, 0.0)[:, None]
        * step[:, None]
        * (1 + 0.1 * np.cos(5 * around + 9 * level[:, None]))
    )
    y = bottom + high * (0.02 + 0.96 * level)
    points = np.stack(
        [
            share * np.cos(around) * wide / 2,
            np.broadcast_to(y[:, None], share.shape),
            -share * np.sin(around) * deep / 2,
        ],
        -1,
    )
    heap.add("leaf shade", skin(points, closed=True))
    heap.add("leaf shade", _lid(points[0][::-1]))
    if bottom > 0:
        return
    r = 0.035 * max(wide, deep)
    heap.add("bark", tube([(0, 0, 0), (0, 0.5 * high, 0)], [r, 0.6 * r], 6))


def _palm_trunk(heap: Heap, s: Solid, half: float, high: float) -> None:
    random = s.random
    rings = int(np.clip(high / 0.16, 6, 40))
    t = np.repeat(np.linspace(0, 1, rings), 2)[1:]
    flare = np.where(np.arange(len(t)) % 2 == 0, 1.0, 0.86)
    radius = half * (0.78 + 0.22 * np.exp(-9 * t)) * flare
    lean = half * 0.5 * np.sin(2.2 * t + random.uniform(0, 6.3))
    y = np.minimum(t * high + np.where(np.arange(len(t)) % 2 == 0, 0, 1e-3), high)
    path = np.stack([lean - lean[0], y, 0.4 * (lean - lean[0])], -1)
    around = np.arange(12) * 2 * math.pi / 12
    points = np.stack(
        [
            path[:, :1] + radius[:, None] * np.cos(around),
            np.broadcast_to(path[:, 1:2], (len(t), 12)),
            path[:, 2:] - radius[:, None] * np.sin(around),
        ],
        -1,
    )
    heap.add("bark", skin(points, closed=True), _lid(points[-1]))


def _fronds(heap: Heap, s: Solid, root: float, size: tuple[float, float, float]) -> None:
    """Arching feathered fronds from one point, out to the box's sides and down past the root."""
    random = s.random
    half_x, half_z = size[0] / 2, size[2] / 2
    top = size[1]
    count = int(np.clip(s.budget // 230, 5, 24))
    pairs = int(np.clip(s.budget // (count * 4), 4, 22))
    t = np.linspace(0.1, 1, pairs)
    for k in range(count):
        a = 2 * math.pi * (k + random.uniform(-0.3, 0.3)) / count * 1.0 + (k % 3) * 0.2
        lift = [1.0, 0.62, 0.2][k % 3] * random.uniform(0.8, 1.0)
        reach = random.uniform(0.82, 1.0) * (0.75 + 0.25 * (1 - lift))
        rise = (top - root) * lift
        y = (
            root
            + 4.2 * rise * t * (1 - t) * 0.95
            - (1 - lift) * 0.55 * min(root, half_x) * t**2
            - 0.12 * half_x * t**3
        )
        y = np.clip(y, 0.0, top)
        spine = np.stack([reach * half_x * t * math.cos(a), y, reach * half_z * t * math.sin(a)], -1)
        side = np.array([-math.sin(a), 0.0, math.cos(a)])
        length = 0.42 * math.sqrt(half_x * half_z) * np.sin(np.pi * np.clip(0.15 + 0.8 * t, 0, 1)) + 0.02
        forward = np.gradient(spine, axis=0)
        forward /= np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-9)
        thick = np.linalg.norm(spine[-1] - spine[0]) / pairs * 0.62
        for hand in (-1.0, 1.0):
            tip = spine + length[:, None] * (0.75 * hand * side + 0.5 * forward + [0, -0.38, 0])
            tip[:, 1] = np.maximum(tip[:, 1], 0.0)
            near, far = spine - thick * forward, spine + thick * forward
            order = [near, tip, far] if hand < 0 else [near, far, tip]
            points = np.stack(order, 1)
            across = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
            up = across[:, 1] < 0
            points[up] = points[up][:, ::-1]
            normal = np.repeat(np.stack([0.35 * hand * side + [0, 0.9, 0]] * pairs), 3, axis=0)
            normal += random.normal(scale=0.12, size=normal.shape)
            normal /= np.linalg.norm(normal, axis=1, keepdims=True)
            heap.add("leaf", plain_mesh(points.reshape(-1, 3), normal, np.arange(3 * pairs).reshape(-1, 3)))
        heap.add("bark", tube(np.concatenate([[[0, root, 0]], spine[::4]]), 0.012 * half_x + 0.004, 4))


FINISHERS = {"tree": each(tree), "palm": each(palm)}
