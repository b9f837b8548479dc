"""Plants in pots and beds, cacti, flowers, tufts of grass, and the pots they grow in."""

import math

import numpy as np

from director.scene.finish.foliage import blades, crown, leaves, on_ball
from director.scene.finish.forms import bump_box, lathe, moved, slab, tube
from director.scene.finish.solids import Floats, Heap, Solid, each, skin
from director.scene.finish.tree import conifer, leaf_length

__all__ = ["FINISHERS", "tuft"]


def plant(s: Solid) -> Heap | None:
    """A stem, a cactus, a bush, or a box as a potted plant."""
    wide, high, deep = s.size
    across = min(wide, deep)
    heap = Heap()
    if s.shape == "plane":
        return None
    if s.shape == "cylinder" and max(wide, deep) < 0.09:
        _stem(heap, s)
    elif s.shape == "cylinder" and high > 1.4 * across:
        _cactus(heap, s, high)
    elif s.shape == "box" and s.round_m > 0.3 * min(s.size):
        _cactus(heap, s, max(s.size))
    elif s.shape == "box" and high > 0.25 and across < 1.5 and high > 0.8 * across:
        _potted(heap, s)
    elif s.shape == "cone" and s.top < 0.5:
        if high > 1.2:
            conifer(heap, s, 0.0)
        else:
            _spears(heap, s, 0.0, s.size)
    else:
        _bush(heap, s, 0.0, s.size)
    return heap


def flower(s: Solid) -> Heap | None:
    """One bloom, a stem, or a bunch."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape == "plane":
        return None
    if s.shape == "cylinder" and max(wide, deep) < 0.25 * high:
        _stem(heap, s)
    elif max(s.size) < 0.22:
        _bloom(heap, np.array([0, high / 2, 0]), np.asarray(s.size) / 2, s.random, s.budget)
    else:
        random = s.random
        _bush(
            heap, Solid("sphere", s.size, s.seed, s.budget // 2), 0.0, (0.94 * wide, 0.9 * high, 0.94 * deep)
        )
        count = int(np.clip(s.budget // 130, 3, 26))
        half = np.asarray(s.size) / 2
        size = min(0.22 * float(half.min()), 0.09)
        for direction in on_ball(count, random):
            direction[1] = abs(direction[1]) * 0.9
            at = np.array([0, half[1], 0]) + direction * (half - 0.7 * size)
            _bloom(heap, at, np.full(3, size), random, s.budget // (2 * count))
    return heap


def grass(s: Solid) -> Heap | None:
    """A tuft for what stands; flat ground is terrain.py's."""
    heap = Heap()
    tuft(heap, s, max(12, min(s.budget // 3, 260)))
    return heap


def tuft(heap: Heap, s: Solid, count: int) -> None:
    """Blades that fill a solid, tallest in the middle."""
    random = s.random
    r = np.sqrt(random.uniform(0, 1, count))
    a = random.uniform(0, 2 * math.pi, count)
    half = np.array([s.size[0] / 2, 0, s.size[2] / 2])
    places = np.stack([r * np.cos(a), 0 * r, r * np.sin(a)], -1) * half * 0.72
    length = s.size[1] * (1 - 0.45 * r**2) * random.uniform(0.65, 1.0, count)
    thick = float(
        np.clip(0.5 * min(s.size[0], s.size[2]) / math.sqrt(count) / max(s.size[1], 1e-3), 0.03, 0.25)
    )
    heap.add(
        "leaf", blades(places, length, random, min(0.4, 0.25 * min(half[0], half[2]) / s.size[1]), thick)
    )
    heart = (0.62 * s.size[0], 0.42 * s.size[1], 0.62 * s.size[2])
    mound = lathe([(0.5, 0.0), (0.44, 0.5), (0.22, 0.9)], 8)
    heap.add("leaf shade", moved(mound, np.diag([heart[0], heart[1], heart[2], 1.0])))


def pot(s: Solid) -> Heap | None:
    """Fired clay with a rim and soil within; a trough for a box."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp"):
        return None
    if s.shape == "box":
        rim = min(0.03, 0.12 * min(wide, deep))
        heap.add(
            "own",
            bump_box(
                (-0.96 * wide / 2, 0, -0.96 * deep / 2), (0.96 * wide / 2, 0.9 * high, 0.96 * deep / 2), 0.012
            ),
        )
        x, z, t = wide / 2, deep / 2, 0.88 * high
        for a, b in (
            ((-x, t, z - rim), (x, high, z)),
            ((-x, t, -z), (x, high, rim - z)),
            ((-x, t, rim - z), (rim - x, high, z - rim)),
            ((x - rim, t, rim - z), (x, high, z - rim)),
        ):
            heap.add("own plain", bump_box(a, b, 0.008))
        heap.add("soil", slab((rim - x, 0.8 * high, rim - z), (x - rim, 0.955 * high, z - rim)))
        return heap
    head = max(s.top, 0.55) if s.shape == "cone" and s.top < 1 else 1.0
    if s.shape == "sphere":
        outline = [
            (0.28, 0.0),
            (0.42, 0.14),
            (0.5, 0.42),
            (0.46, 0.7),
            (0.36, 0.86),
            (0.40, 1.0),
            (0.36, 1.0),
            (0.33, 0.9),
        ]
    else:
        foot = 0.5 if s.shape == "cone" and s.top < 1 else 0.40 if s.random.random() < 0.6 else 0.46
        neck = 0.46 * head
        outline = [
            (foot * 0.94, 0.0), (foot, 0.03), (0.2 * foot + 0.8 * neck, 0.8), (neck, 0.82),
            (0.5 * head, 0.83), (0.5 * head, 0.985), (0.485 * head, 1.0),
            (0.44 * head, 1.0), (0.42 * head, 0.93),
        ]  # fmt: skip
    body = moved(lathe(outline, 28 if s.budget > 1500 else 12), np.diag([wide, high, deep, 1.0]))
    heap.add("own", body)
    inner = outline[-1][0] * 1.02
    earth = lathe([(inner, outline[-1][1] - 0.03), (0.7 * inner, outline[-1][1] + 0.012)], 14)
    heap.add("soil", moved(earth, np.diag([wide, high, deep, 1.0])))
    return heap


def _bush(heap: Heap, s: Solid, bottom: float, size: tuple[float, float, float]) -> None:
    """Big leaves on few clumps; long ones on some kinds."""
    random = s.random
    half = np.asarray(size) / 2
    mean = float(half.prod() ** (1 / 3))
    centre = np.array([0, bottom + half[1], 0])
    budget = min(s.budget, 4800)
    count = int(np.clip(budget / 260, 1, 14))
    narrow = float(random.choice([0.32, 0.5, 0.7]))
    if count < 3:
        lobes, radii = centre[None], np.array([0.93 * float(np.sort(half)[1])])
        squash = float(half[1] / max(half[0], half[2], 1e-6))
    else:
        directions = on_ball(count, random)
        radii = np.minimum(mean * random.uniform(0.4, 0.55, count), 0.62 * half.min())
        lobes = centre + directions * np.maximum(half - radii[:, None] * 1.05, 0.05 * half)
        lobes, radii = np.concatenate([lobes, centre[None]]), np.append(radii, 0.6 * half.min())
        squash = 0.9
    length = leaf_length(float((4 * math.pi * radii**2).sum()), budget // 2, narrow)
    crown(heap, lobes, radii, budget, random, min(max(length, 0.12 * mean), 0.5 * mean), narrow, squash, 0.8)


def _spears(heap: Heap, s: Solid, bottom: float, size: tuple[float, float, float]) -> None:
    """Sword-shaped leaves from one root: agaves, snake plants, grasses in pots."""
    random = s.random
    count = int(np.clip(s.budget // 24, 8, 46))
    for k in range(count):
        a = 2.4 * k + random.uniform(-0.2, 0.2)
        spread = (k + 0.5) / count
        length = (size[1] - 1e-3) * (1 - 0.35 * spread)
        out = np.array([math.cos(a) * size[0], 0, math.sin(a) * size[2]]) * 0.48
        t = np.linspace(0, 1, 5)[:, None]
        spine = (
            np.array([0, bottom, 0])
            + out * (0.08 + 0.85 * spread * t**1.5)
            + np.array([0, 1, 0]) * (length * t * (1 - 0.25 * spread * t))
        )
        side = np.array([-math.sin(a), 0, math.cos(a)]) * 0.06 * min(size[0], size[2])
        width = np.sin(np.pi * np.clip(0.25 + 0.75 * t, 0, 1)) + 0.02
        points = np.stack([spine - side * width, spine, spine + side * width], 1)
        points[:, 1, 1] -= 0.25 * np.linalg.norm(side) * width[:, 0]
        heap.add("leaf", skin(points), skin(points[:, ::-1]))


def _stem(heap: Heap, s: Solid) -> None:
    random = s.random
    half = min(s.size[0], s.size[2]) / 2
    t = np.linspace(0, 1, 7)
    sway = 0.5 * half * np.sin(3 * t[:, None] + random.uniform(0, 6.3, 2))
    path = np.stack([sway[:, 0], t * s.size[1], sway[:, 1]], -1)
    heap.add("bark" if half > 0.015 else "leaf", tube(path, list(half * (0.75 - 0.25 * t)), 8))
    if half > 0.006 and s.budget > 200:
        n = max(3, int(s.size[1] / 0.15))
        at = np.interp(np.linspace(0.3, 0.95, n)[:, None] + [[0, 0, 0]], t, t)
        places = np.stack([sway[3, 0] + 0 * at[:, 0], at[:, 0] * s.size[1], 0 * at[:, 0]], -1)
        turn = 2.4 * np.arange(n)
        out = np.stack([np.cos(turn), 0.4 + 0 * turn, np.sin(turn)], -1)
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        heap.add("leaf", leaves(places + out * half, out, 3 * half, random))


def _cactus(heap: Heap, s: Solid, length: float) -> None:
    """A ribbed, round-ended column along the longest side of its box."""
    axis = int(np.argmax(s.size))
    lateral = [s.size[k] / 2 for k in range(3) if k != axis]
    ribs = 12 if min(lateral) > 0.12 else 8
    sides = 3 * ribs if s.budget > 1500 else 2 * ribs
    round_end = min(min(lateral) / length, 0.5)
    both = axis != 1
    t = np.concatenate(
        [
            np.linspace(0, 1, 6) ** 2 * round_end,
            np.linspace(round_end, 1 - round_end, 7)[1:-1],
            1 - np.linspace(1, 0, 6) ** 2 * round_end,
        ]
    )
    end = np.clip((1 - t) / round_end, 0, 1)
    if both:
        end = np.minimum(end, np.clip(t / round_end, 0, 1))
    swell = np.sqrt(np.maximum(1 - (1 - end) ** 2, 0)) * (0.965 + 0.035 * np.sin(7 * t + s.seed))
    turn = np.arange(sides) * 2 * math.pi / sides
    groove = 1 - 0.11 * (0.5 - 0.5 * np.cos(ribs * turn))
    across = swell[:, None] * groove[None]
    c, d = across * np.cos(turn) * lateral[0], -across * np.sin(turn) * lateral[1]
    along = np.broadcast_to((t * length)[:, None], across.shape)
    raised = s.size[1] / 2
    if axis == 1:
        points = np.stack([c, along, d], -1)
    elif axis == 0:
        points = np.stack([along - length / 2, c + raised, d], -1)
    else:
        points = np.stack([c, d + raised, along - length / 2], -1)
    mesh = skin(points, closed=True)
    if ((mesh.positions - points.mean(axis=(0, 1))) * mesh.normals).sum() < 0:
        mesh = skin(points[:, ::-1], closed=True)
    heap.add("own", mesh)
    # Areoles: pale thorns on the ribs.
    if s.budget > 1500:
        _thorns(heap, points, ribs, sides, s.random)


def _thorns(heap: Heap, points: Floats, ribs: int, sides: int, random: np.random.Generator) -> None:
    crest = points[1:-1, :: sides // ribs]
    rows = np.linspace(0, len(crest) - 1.001, 40)
    low = rows.astype(int)
    share = (rows - low)[:, None, None]
    places = (crest[low] * (1 - share) + crest[low + 1] * share).reshape(-1, 3)
    centre = np.repeat(
        ((crest[low] * (1 - share) + crest[low + 1] * share).mean(axis=1)), crest.shape[1], axis=0
    )
    out = places - centre
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    heap.add("linen", leaves(places + 0.006 * out, out, 0.028, random, 0.25, 0.9, 0.0))


def _potted(heap: Heap, s: Solid) -> None:
    wide, high, deep = s.size
    across = min(wide, deep)
    tall = min(0.34 * high, 0.9 * across)
    vessel = pot(
        Solid("cone" if s.seed % 3 else "sphere", (0.62 * across, tall, 0.62 * across), s.seed, 2000)
    )
    assert vessel is not None
    for stuff, mesh in vessel.joined().items():
        heap.add("stone" if stuff.startswith("own") else stuff, mesh)
    rest = (wide, high - 0.92 * tall, deep)
    if s.seed % 4 == 1:
        raised = Heap()
        _spears(raised, s, 0.9 * tall, rest)
        for stuff, mesh in raised.joined().items():
            heap.add(stuff, mesh)
    else:
        _bush(heap, s, 0.92 * tall, rest)
        heap.add("bark", tube([(0, 0.9 * tall, 0), (0.02 * wide, high * 0.6, 0)], 0.03 * across, 6))


def _bloom(heap: Heap, at: Floats, half: Floats, random: np.random.Generator, budget: int) -> None:
    """Two or three whorls of petals about a heart."""
    petals = int(np.clip(budget // 6, 5, 12))
    for whorl, (reach, rise) in enumerate(((0.85, 0.25), (0.55, 0.6), (0.3, 0.85))):
        if whorl and budget < 40 * (whorl + 1):
            break
        turn = 2 * math.pi * (np.arange(petals) + 0.5 * whorl) / petals + random.uniform(0, 1)
        out = np.stack([np.cos(turn), np.full(petals, rise), np.sin(turn)], -1)
        places = at + out * half * 0.55 * [reach / 0.85, 1.0, reach / 0.85]
        face = np.stack([0.35 * np.cos(turn), np.ones(petals), 0.35 * np.sin(turn)], -1)
        face /= np.linalg.norm(face, axis=1, keepdims=True)
        heap.add("flower", leaves(places, face, 0.95 * float(half.min()), random, 0.8, 0.15, 0.0))
    heart = lathe([(0.28, -0.3), (0.3, 0.2), (0.15, 0.4)], 7)
    matrix = np.diag([*half, 1.0])
    matrix[:3, 3] = at
    heap.add("flower", moved(lathe([(0.3, -0.75), (0.62, -0.2), (0.5, 0.25), (0.2, 0.4)], 8), matrix))
    heap.add("cover ochre", moved(heart, matrix))


FINISHERS = {"plant": each(plant), "flower": each(flower), "pot": each(pot)}
