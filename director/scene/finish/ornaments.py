"""Clocks, balls, toys, sculptures, cots, plinths and tanks."""

import math

import numpy as np

from director.scene.finish.forms import blob, bump_box, disc, lathe, moved, slab, tube
from director.scene.finish.joinery import board, spread
from director.scene.finish.solids import Heap, Profile, Solid, each, skin, waves, wheel_turned
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def clock(s: Solid) -> Heap | None:
    """A dial with hours and hands in a rim: on the top of a flat cylinder, on the front of a box."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    if s.shape == "cylinder" and high < 0.6 * wide:
        heap.add("own", wheel_turned(s, [(0.5, 0), (0.5, 0.8), (0.485, 1.0), (0.44, 1.0), (0.43, 0.7)], 40))
        heap.add("paper", wheel_turned(s, [(0.435, 0.6), (0.435, 0.72)], 36))
        for stuff, mesh in _dial(0.43, s.seed).joined().items():
            lying = np.array([[wide, 0, 0, 0], [0, 0, 1, 0.72 * high], [0, -deep, 0, 0], [0, 0, 0, 1.0]])
            heap.add(stuff, moved(mesh, lying))
        return heap
    if s.shape == "sphere" or s.shape == "cone":
        heap.add(
            "own",
            wheel_turned(
                s, [(0.5 * math.cos(t), 0.5 + 0.5 * math.sin(t)) for t in np.linspace(-1.3, 1.5, 14)]
            ),
        )
        return heap
    tall = high > 1.2
    r = 0.42 * min(wide, high)
    y = high - 0.1 * high - r if tall else high / 2
    if s.shape == "box" and (tall or deep > 0.3 * wide):
        heap.add("own", bump_box(s.low, (wide / 2, high, 0.86 * deep / 2), 0.012))
        if tall:
            heap.add(
                "own",
                board((-wide / 2, 0, -deep / 2), (wide / 2, 0.12 * high, deep / 2)),
                board((-wide / 2, 0.96 * high, -deep / 2), (wide / 2, high, deep / 2)),
            )
            heap.add(
                "glass",
                slab((-0.26 * wide, 0.2 * high, 0.42 * deep), (0.26 * wide, 0.62 * high, 0.44 * deep)),
            )
            heap.add(
                "brass",
                disc((0.03 * wide, 0.3 * high, 0.45 * deep), 0.13 * wide, 0.01, "z", 20),
                slab((0.02 * wide, 0.3 * high, 0.445 * deep), (0.04 * wide, 0.6 * high, 0.45 * deep)),
            )
    else:
        heap.add("own", board(s.low, (wide / 2, high, 0.7 * deep / 2), 0.01))
    front = deep / 2
    heap.add("brass", disc((0, y, 0.91 * front), 1.1 * r, 0.06 * deep, "z", 36))
    heap.add("paper", disc((0, y, 0.97 * front), r, 0.06 * deep, "z", 36))
    at = np.diag([r / 0.43, r / 0.43, 1.0, 1.0])
    at[:3, 3] = 0, y, front + 0.0008
    for stuff, mesh in _dial(0.43, s.seed).joined().items():
        heap.add(stuff, moved(mesh, at))
    return heap


def _dial(r: float, seed: int) -> Heap:
    """Twelve marks and two hands in the xy plane, millimetres thick."""
    heap = Heap()
    for k in range(12):
        a = k * math.pi / 6
        c, d = math.sin(a), math.cos(a)
        long = 0.2 if k % 3 == 0 else 0.12
        heap.add(
            "dark trim",
            _needle((c * r * (0.95 - long), d * r * (0.95 - long)), (c * r * 0.95, d * r * 0.95), 0.035 * r),
        )
    for share, wide, a in ((0.55, 0.07, 0.7 * seed), (0.82, 0.045, 8.4 * seed)):
        heap.add(
            "dark trim",
            _needle(
                (-0.1 * r * math.sin(a), -0.1 * r * math.cos(a)),
                (share * r * math.sin(a), share * r * math.cos(a)),
                wide * r,
            ),
        )
    return heap


def _needle(a: tuple[float, float], b: tuple[float, float], wide: float) -> Mesh:
    (ax, ay), (bx, by) = a, b
    length = max(math.hypot(bx - ax, by - ay), 1e-6)
    matrix = np.eye(4)
    matrix[:2, 0] = (bx - ax) / length, (by - ay) / length
    matrix[:2, 1] = -(by - ay) / length, (bx - ax) / length
    matrix[:3, 3] = ax, ay, 0
    return moved(slab((0, -wide / 2, 0), (length, wide / 2, 0.002)), matrix)


def ball(s: Solid) -> Heap | None:
    """A ball of panels in two colours, their seams sunk."""
    if s.shape != "sphere":
        return None
    heap = Heap()
    n, m = (48, 25) if s.budget > 3000 else (16, 9)
    u = np.arange(n) * 2 * math.pi / n
    v = np.linspace(-math.pi / 2, math.pi / 2, m)[:, None]
    skin_ = np.stack([np.cos(v) * np.cos(u), np.sin(v) + 0 * u, -np.cos(v) * np.sin(u)], -1)
    if s.seed % 2:
        # The icosahedron's corners: dark pentagons among pale hexagons.
        g = (1 + math.sqrt(5)) / 2
        corners = np.array([(0, a, b * g) for a in (-1, 1) for b in (-1, 1)])
        corners = np.concatenate([corners, corners[:, [1, 2, 0]], corners[:, [2, 0, 1]]]) / math.sqrt(
            1 + g * g
        )
        near = (skin_ @ corners.T).max(axis=-1)
        dark = near > 0.925
        seam = np.exp(-(((near - 0.925) / 0.012) ** 2))
    else:
        beach = 6 * u / (2 * math.pi)
        dark = np.broadcast_to((np.floor(beach) % 2 == 0)[None], skin_.shape[:2])
        seam = np.broadcast_to(np.exp(-(((beach % 1.0) * 4) ** 2))[None], dark.shape)
    half = np.asarray(s.size) / 2
    whole = skin(skin_ * (1 - 0.012 * seam[..., None]) * half + [0, half[1], 0], closed=True)
    flags = dark.reshape(-1)
    of = flags[whole.triangles].sum(axis=1) >= 2
    for stuff, chosen in (("own second", of), ("own", ~of)):
        if chosen.any():
            heap.add(stuff, Mesh(whole.positions, whole.normals, whole.triangles[chosen]))
    return heap


def sculpture(s: Solid) -> Heap | None:
    """On a plinth: a draped figure, a bust, a ring or a twisted stone, by its seed and shape."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    if s.shape == "sphere":
        half = np.asarray(s.size) / 2
        n, m = 52, 30
        u = np.arange(n) * 2 * math.pi / n
        v = np.linspace(-math.pi / 2, math.pi / 2, m)[:, None]
        skin_ = np.stack([np.cos(v) * np.cos(u), np.sin(v) + 0 * u, -np.cos(v) * np.sin(u)], -1)
        carve = (
            0.07 * np.clip(waves(skin_, s.seed, 1.6, 2), -1, 1)
            if s.seed % 2
            else 0.05 * np.cos(12 * v + 5 * np.sin(2 * u))
        )
        radius = 0.95 + np.minimum(carve, 0.05)
        heap.add("own", skin(skin_ * radius[..., None] * half + [0, half[1], 0], closed=True))
        return heap
    plinth = 0.0 if s.shape == "cone" and high < 0.4 else min(0.22 * high, 0.5)
    x, z = wide / 2, deep / 2
    if plinth:
        if s.shape == "box":
            heap.add(
                "stone",
                board((-x, 0, -z), (x, 0.25 * plinth, z), 0.01),
                board((-0.92 * x, 0.2 * plinth, -0.92 * z), (0.92 * x, 0.86 * plinth, 0.92 * z), 0.01),
                board((-x, 0.84 * plinth, -z), (x, plinth, z), 0.01),
            )
        else:
            heap.add(
                "stone",
                moved(
                    lathe([(0.5, 0), (0.5, 0.25), (0.46, 0.3), (0.45, 0.8), (0.5, 0.86), (0.5, 1.0)], 32),
                    np.diag([wide, plinth, deep, 1.0]),
                ),
            )
    top = 0.35 if s.shape == "cone" else 1.0
    # A column of stone that turns as it rises and swells as a figure does.
    n, m = 40, 36
    t = np.linspace(0, 1, m)[:, None]
    u = np.arange(n) * 2 * math.pi / n
    figure = np.interp(
        t[:, 0],
        [0, 0.1, 0.3, 0.48, 0.56, 0.74, 0.8, 0.84, 0.9, 0.97, 1.0],
        [0.82, 0.86, 0.7, 0.62, 0.5, 0.66, 0.5, 0.24, 0.32, 0.26, 0.02],
    )
    twist = np.interp(t[:, 0], [0, 0.4, 0.7, 1.0], [0.9, 0.6, 0.85, 0.1])
    kind = s.seed % 2 == 0 and high > 1.3 * wide
    share = (figure if kind else twist)[:, None] * (1 + (top - 1) * t * (0.0 if kind else 1.0))
    folds = (
        0.07 * np.cos(9 * u + 3 * np.sin(3 * t)) * (1 - t) ** 0.7 if kind else 0.16 * np.cos(3 * u + 5 * t)
    )
    r = np.clip(share * (1 - np.abs(folds) + 0.3 * folds), 0, 1)
    squeeze = 0.72 if kind else 1.0
    points = np.stack(
        [r * np.cos(u) * x, plinth + t * (high - plinth) + 0 * u, -r * np.sin(u) * z * squeeze], -1
    )
    points[..., 0] += 0.06 * x * np.sin(4 * t) if kind else 0.0
    heap.add("own", skin(points, closed=True))
    return heap


def toy(s: Solid) -> Heap | None:
    """A bear for what is tall, building bricks for a box, a ball for a sphere."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp"):
        return None
    if s.shape == "sphere":
        return ball(s)
    heap = Heap()
    if s.shape == "box" and s.seed % 2:
        colours = ("cover red", "cover blue", "cover ochre", "cover green", "own")
        rows = spread(max(1, min(4, round(high / (0.5 * wide)) + 1)), 0, high, 0.001)
        for k, (c, d) in enumerate(rows):
            parts = spread(2 + (k + s.seed) % 2, -wide / 2, wide / 2, 0.002)
            for i, (a, b) in enumerate(parts):
                heap.add(
                    colours[(k * 3 + i + s.seed) % 5],
                    board((a, c, -deep / 2), (b, d, deep / 2), 0.05 * (d - c)),
                )
        return heap
    x, z = wide / 2, deep / 2
    heap.add(
        "own",
        blob((0, 0.3 * high, 0), (1.3 * x, 0.62 * high, 1.5 * z), 0.03, s.seed, 18),
        blob((0, 0.74 * high, 0), (1.2 * x, 0.48 * high, 1.4 * z), 0.02, s.seed, 18),
    )
    for side in (-1, 1):
        heap.add("own", blob((side * 0.5 * x, 0.93 * high, 0), (0.36 * x, 0.13 * high, 0.3 * z), 0.02, 1, 12))
        heap.add(
            "own",
            blob((side * 0.75 * x, 0.42 * high, 0.2 * z), (0.48 * x, 0.38 * high, 0.6 * z), 0.02, 2, 14),
        )
        heap.add(
            "own", blob((side * 0.5 * x, 0.1 * high, 0.4 * z), (0.6 * x, 0.2 * high, 1.15 * z), 0.02, 3, 14)
        )
        heap.add(
            "dark trim",
            blob((side * 0.22 * x, 0.79 * high, 0.66 * z), (0.09 * x, 0.04 * high, 0.09 * z), 0.0, 1, 8),
        )
    heap.add("own second", blob((0, 0.69 * high, 0.66 * z), (0.5 * x, 0.17 * high, 0.5 * z), 0.0, 4, 12))
    heap.add("dark trim", blob((0, 0.72 * high, 0.9 * z), (0.16 * x, 0.05 * high, 0.12 * z), 0.0, 4, 8))
    return heap


def cradle(s: Solid) -> Heap | None:
    """A cot: rails and bars, a mattress and a blanket."""
    wide, high, deep = s.size
    if s.shape != "box" or min(s.size) < 0.25:
        return None
    heap = Heap()
    x, z = wide / 2, deep / 2
    for sx in (-1, 1):
        for sz in (-1, 1):
            heap.add("own", board((sx * x, 0, sz * z), (sx * (x - 0.04), high, sz * (z - 0.04)), 0.006))
        for y in (0.3 * high, 0.94 * high):
            heap.add(
                "own",
                board((-x + 0.04, y, sx * z), (x - 0.04, y + 0.05 * high, sx * (z - 0.03))),
                board((sx * x, y, -z + 0.04), (sx * (x - 0.03), y + 0.05 * high, z - 0.04)),
            )
        for a, b in spread(round(wide / 0.07), -x + 0.05, x - 0.05, 0.045):
            heap.add("own", board((a, 0.3 * high, sx * (z - 0.01)), (b, 0.95 * high, sx * (z - 0.025))))
        for a, b in spread(round(deep / 0.07), -z + 0.05, z - 0.05, 0.045):
            heap.add("own", board((sx * (x - 0.01), 0.3 * high, a), (sx * (x - 0.025), 0.95 * high, b)))
    heap.add("linen", bump_box((-x + 0.04, 0.32 * high, -z + 0.04), (x - 0.04, 0.5 * high, z - 0.04), 0.03))
    heap.add(
        "own second", bump_box((-x + 0.05, 0.44 * high, -0.2 * z), (x - 0.05, 0.56 * high, z - 0.05), 0.03)
    )
    return heap


def base(s: Solid) -> Heap | None:
    """A plinth: a step below, a shaft, a moulded top; a low one is a kerb with a bevelled rim."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("cylinder", "cone"):
        top = s.top if s.shape == "cone" else 1.0
        if top < 0.3:
            return None
        heap.add(
            "own",
            wheel_turned(
                s,
                [
                    (0.5, 0),
                    (0.5, 0.14),
                    (0.46, 0.18),
                    (0.45 * top, 0.82),
                    (0.5 * top, 0.88),
                    (0.5 * top, 1.0),
                ],
                36,
            ),
        )
        return heap
    if s.shape != "box":
        return None
    x, z = wide / 2, deep / 2
    if high < 0.3 or high > 3:
        heap.add("own", bump_box(s.low, s.high, min(0.03, 0.2 * min(s.size))))
        for a, _ in spread(int(np.clip(wide / 1.2, 1, 12)), -x, x, 0.0)[1:]:
            heap.add("dark trim", slab((a - 0.004, 0, -z - 0.001), (a + 0.004, high + 0.001, z + 0.001)))
        return heap
    inset = 0.06 * min(wide, deep)
    heap.add(
        "own",
        board(s.low, (x, 0.16 * high, z), 0.012),
        board((-x + inset, 0.15 * high, -z + inset), (x - inset, 0.86 * high, z - inset), 0.008),
    )
    heap.add(
        "own",
        board(
            (-x + 0.5 * inset, 0.84 * high, -z + 0.5 * inset),
            (x - 0.5 * inset, 0.9 * high, z - 0.5 * inset),
            0.01,
        ),
        board((-x, 0.89 * high, -z), (x, high, z), 0.012),
    )
    return heap


def tank(s: Solid) -> Heap | None:
    """A vessel of plates: hoops, a domed lid with a hatch, a ladder, a valve at its foot."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp", "cone"):
        return None
    if s.shape == "box":
        heap.add("own", bump_box(s.low, s.high, 0.04 * min(s.size)))
        for a, _ in spread(int(np.clip(wide / 0.6, 2, 12)), -wide / 2, wide / 2, 0.0)[1:]:
            heap.add(
                "own plain",
                board((a - 0.02, 0.02 * high, -deep / 2 - 0.008), (a + 0.02, 0.98 * high, deep / 2 + 0.008)),
            )
        return heap
    body: Profile = (
        [(0.46, 0), (0.49, 0.01), (0.49, 0.88), (0.44, 0.94), (0.25, 0.985), (0.05, 1.0)]
        if s.shape == "cylinder"
        else [(0.495 * math.cos(t), 0.5 + 0.5 * math.sin(t)) for t in np.linspace(-1.5, 1.5, 18)]
    )
    heap.add("own", wheel_turned(s, body, 40))
    if s.shape == "cylinder" and wide > 0.8:
        for y in np.linspace(0.08, 0.84, int(np.clip(high / 0.8, 3, 9))):
            heap.add(
                "own plain",
                wheel_turned(
                    s, [(0.49, y - 0.008), (0.5, y - 0.006), (0.5, y + 0.006), (0.49, y + 0.008)], 40
                ),
            )
        for side in (-1, 1):
            heap.add(
                "iron",
                tube(
                    [(side * 0.18, 0, 0.49 * deep + 0.02), (side * 0.18, 0.92 * high, 0.49 * deep + 0.02)],
                    0.014,
                    5,
                ),
            )
        for y in np.arange(0.2, 0.9 * high, 0.3)[:40]:
            heap.add("iron", tube([(-0.18, y, 0.49 * deep + 0.02), (0.18, y, 0.49 * deep + 0.02)], 0.01, 4))
    return heap


FINISHERS = {
    "clock": each(clock, 12.0),
    "ball": each(ball, 8.0),
    "plaything": each(toy, 5.0),
    "sculpture": each(sculpture, 20.0),
    "cradle": each(cradle, 4.0),
    "base": each(base, 30.0),
    "tank": each(tank, 30.0),
}
