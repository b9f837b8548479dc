"""Cloth: pillows, blankets, towels, clothes, rugs, curtains, blinds; and beds, which are mostly cloth."""

import math

import numpy as np

from director.scene.finish.forms import bump_box, cushion, lathe, moved, plain_mesh, slab, tube
from director.scene.finish.joinery import board, draped, knob, leg, legs, puff, spread
from director.scene.finish.solids import Floats, Heap, Solid, each, skin, waves
from director.scene.mesh import Mesh

__all__ = ["FINISHERS"]


def pillow(s: Solid) -> Heap | None:
    """A puffed square with pinched corners and a piped seam, flat along its thinnest side."""
    if s.shape in ("plane", "ramp"):
        return None
    heap = Heap()
    axis = int(np.argmin(s.size))
    if s.shape != "box":
        puff(heap, s.low, s.high, axis, 0.6, "own")
        return heap
    u_axis, v_axis = [k for k in range(3) if k != axis]
    n = 21
    line = np.sin(np.linspace(-math.pi / 2, math.pi / 2, n))
    u, v = np.meshgrid(line, line)
    # Pinched: sides draw in between the corners, where the stuffing pulls.
    pull = 0.07
    pu = u * (1 - pull * (1 - v**2) * np.abs(u))
    pv = v * (1 - pull * (1 - u**2) * np.abs(v))
    swell = (np.clip(1 - u**4, 0, 1) * np.clip(1 - v**4, 0, 1)) ** 0.55
    dent = 0.05 * waves(np.stack([u, v], -1), s.seed, 1.4, 3) * swell
    half = np.asarray(s.size) / 2
    middle = np.array([0, half[1], 0])
    rim = 0.06
    for sign in (-1.0, 1.0):
        points = np.zeros((n, n, 3))
        points[..., u_axis] = pu * half[u_axis]
        points[..., v_axis] = pv * half[v_axis]
        points[..., axis] = sign * half[axis] * np.clip(rim + (1 - rim) * swell + dent, 0, 1)
        mesh = skin(points + middle)
        if (mesh.normals[:, axis] * sign).mean() < 0:
            mesh = skin(points[:, ::-1] + middle)
        heap.add("own", mesh)
    rim_uv = np.stack([pu, pv], -1)
    edge = np.concatenate([rim_uv[0], rim_uv[:, -1], rim_uv[-1, ::-1], rim_uv[::-1, 0]])
    cord = np.zeros((len(edge), 3))
    cord[:, u_axis], cord[:, v_axis] = edge[:, 0] * half[u_axis], edge[:, 1] * half[v_axis]
    kept = np.concatenate([[True], np.linalg.norm(np.diff(cord, axis=0), axis=1) > 1e-6])
    heap.add("own second", tube(cord[kept] + middle, min(0.012, max(0.08 * half[axis], 0.003)), 5))
    return heap


def blanket(s: Solid) -> Heap | None:
    """Folded or spread cloth with soft folds, hanging a little at its rim, fringed at its ends."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    heap = Heap()
    if high > 0.35 * max(wide, deep):
        return _hanging(s, "own")
    _spread_cloth(heap, s, "own", 0.35)
    x, z, band = wide / 2, deep / 2, 0.05 * max(wide, deep)
    for side in (-1, 1):
        # A woven stripe near either end.
        low, far = (
            ((side * (x - 2 * band), -z), (side * (x - band), z))
            if wide > deep
            else ((-x, side * (z - 2 * band)), (x, side * (z - band)))
        )
        heap.add("own second", board((low[0], 0.0, low[1]), (far[0], 0.82 * high, far[1]), 0.3 * high))
    return heap


def _spread_cloth(heap: Heap, s: Solid, stuff: str, roughness: float) -> None:
    """A thick sheet filling a flat box, its top waving below its own height."""
    wide, high, deep = s.size
    n = 33
    line = np.linspace(-1, 1, n)
    u, v = np.meshgrid(line, -line)
    flat = np.stack([u * wide / 2, v * deep / 2], -1)
    folds = 0.5 + 0.5 * np.clip(
        0.7 * waves(flat, s.seed, 0.5 * max(wide, deep), 3) + 0.3 * waves(flat, s.seed + 1, 0.12, 2), -1, 1
    )
    round_off = np.clip(1 - np.maximum(np.abs(u), np.abs(v)) ** 14, 0, 1) ** 0.5
    y = high * round_off * (1 - roughness * folds)
    heap.add(stuff, skin(np.stack([flat[..., 0], y, flat[..., 1]], -1)))


def _hanging(s: Solid, stuff: str, folds_per_m: float = 9.0) -> Heap:
    heap = Heap()
    wide, high, deep = s.size
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    cloth = Heap()
    cloth.add(
        stuff,
        draped(
            (-run / 2, 0, -through / 2),
            (run / 2, high, through / 2),
            max(1.0, folds_per_m * run),
            0.42 * through,
            s.seed,
            64,
            8,
        ),
    )
    heap.take(cloth, yaw=0.0 if across else math.pi / 2)
    return heap


def towel(s: Solid) -> Heap | None:
    """Hung in two folds with a woven border, folded in a pile, or rolled."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("plane", "ramp", "sphere"):
        return None
    if s.shape != "box":
        turn = np.linspace(0, 5 * math.pi, 46)
        r = np.linspace(0.1, 0.5, 46)
        for y in (0.004, high - 0.004):
            heap.add(
                "own second",
                tube(
                    np.stack([r * wide * np.cos(turn), np.full(46, y), r * deep * np.sin(turn)], -1), 0.006, 4
                ),
            )
        heap.add("own", cushion(s.low, s.high, 0.15))
        return heap
    if high < 0.7 * max(wide, deep):
        for c, d in spread(max(1, round(high / 0.05)), 0, high, 0.001):
            heap.add("own", cushion((-0.5 * wide, c, -0.5 * deep), (0.5 * wide, d, 0.5 * deep), 0.12))
            heap.add(
                "own second",
                board(
                    (-0.4 * wide, c + 0.3 * (d - c), 0.49 * deep),
                    (0.4 * wide, d - 0.3 * (d - c), 0.501 * deep),
                ),
            )
        return heap
    hung = _hanging(s, "own", 2.5)
    heap.take(hung)
    across = wide >= deep
    for level in (0.1, 0.14):
        half = (0.48 * wide, 0.36 * deep) if across else (0.36 * wide, 0.48 * deep)
        heap.add(
            "own second", slab((-half[0], level * high, -half[1]), (half[0], (level + 0.015) * high, half[1]))
        )
    return heap


def apparel(s: Solid) -> Heap | None:
    """Clothes on hangers where it is wide, one coat where it is narrow, a folded pile where it is low."""
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    if high < 0.45 * max(wide, deep):
        return towel(s)
    heap = Heap()
    run = wide if wide >= deep else deep
    count = int(np.clip(round(run / 0.09), 1, 14))
    stuffs = ("own", "own second", "cover blue", "own plain", "linen", "cover red", "dark trim")
    random = s.random
    row = Heap()
    through = min(wide, deep)
    for a, b in spread(count, -run / 2, run / 2, 0.004):
        tall = high * float(random.uniform(0.72, 1.0)) if count > 1 else high
        stuff = stuffs[int(random.integers(len(stuffs)))] if count > 1 else "own"
        cloth = draped(
            (-through / 2, high - tall, -(b - a) / 2),
            (through / 2, high - 0.06 * high, (b - a) / 2),
            3,
            0.4 * (b - a),
            int(random.integers(1000)),
            30,
            6,
        )
        # Shoulders: the cloth narrows to the hook.
        narrow = np.clip((high - cloth.positions[:, 1]) / (0.16 * high), 0.25, 1.0)
        shaped = cloth.positions.copy()
        shaped[:, 0] *= narrow
        mesh = plain_mesh(shaped, cloth.normals, cloth.triangles)
        piece = Heap()
        piece.add(stuff, mesh)
        piece.add("steel", tube([(0, high - 0.08 * high, 0), (0, high, 0)], 0.004, 4))
        row.take(piece, ((a + b) / 2, 0, 0), math.pi / 2)
    heap.take(row, yaw=0.0 if wide >= deep else math.pi / 2)
    return heap


def rug(s: Solid) -> Heap | None:
    """A pile carpet: a field, borders and a medallion in the second colour, fringe at its ends."""
    wide, high, deep = s.size
    heap = Heap()
    if s.shape in ("sphere", "cone", "ramp"):
        return None
    high = max(high, 0.006)
    x, z = wide / 2, deep / 2
    if s.shape == "cylinder":
        for k, (share, stuff) in enumerate(
            ((1.0, "own"), (0.9, "own second"), (0.82, "own"), (0.4, "own second"), (0.34, "own"))
        ):
            heap.add(stuff, _oval(share * x, share * z, high * (0.9 + 0.03 * k)))
        return heap
    long_x = wide > deep
    end = min(0.05, 0.06 * max(wide, deep))
    fx, fz = (x - end, z) if long_x else (x, z - end)
    heap.add("own", board((-fx, 0, -fz), (fx, 0.94 * high, fz), 0.4 * high))
    scale = min(wide, deep)
    if min(wide, deep) > 0.5:
        for inset, width in ((0.05, 0.035), (0.13, 0.012)):
            _band(heap, fx - inset * scale, fz - inset * scale, width * scale, 0.94 * high)
    if s.seed % 3 and scale > 0.9:
        for size, stuff in ((0.26, "own second"), (0.19, "own"), (0.09, "own second")):
            heap.add(
                stuff,
                _star(size * wide, size * deep, high * (0.965 + 0.06 * (0.26 - size)), 4 + 2 * (s.seed % 2)),
            )
    count = int(np.clip((deep if long_x else wide) / 0.025, 8, 110))
    along = np.linspace(-0.99, 0.99, count)
    random = s.random
    far_end, half = (x, z) if long_x else (z, x)
    for side in (-1, 1):
        near = np.stack(
            [np.full(count, side * (far_end - end)), np.full(count, 0.5 * high), along * half], -1
        )
        limp = random.normal(scale=0.006, size=count)
        far = near + np.stack([np.full(count, side * end), np.full(count, -0.45 * high), limp], -1)
        across = np.array([0, 0, 0.005])
        points = np.stack([near - across, near + across, far + across, far - across], 1)
        if (side < 0) == long_x:
            points = points[:, ::-1]
        if not long_x:
            points = points[..., ::-1]
        normals = np.tile([0.0, 1.0, 0.0], (4 * count, 1))
        corners = np.arange(4 * count).reshape(count, 4)
        triangles = np.concatenate([corners[:, [0, 1, 2]], corners[:, [0, 2, 3]]])
        heap.add("linen", plain_mesh(points.reshape(-1, 3), normals, triangles))
    return heap


def _band(heap: Heap, x: float, z: float, width: float, y: float) -> None:
    if min(x, z) < 2 * width:
        return
    for side in (-1, 1):
        heap.add("own second", slab((-x, y - 0.001, side * z), (x, y + 0.0015, side * (z - width))))
        heap.add(
            "own second", slab((side * x, y - 0.001, -z + width), (side * (x - width), y + 0.0015, z - width))
        )


def _oval(x: float, z: float, y: float) -> Mesh:
    return moved(lathe([(1.0, 0.0), (0.995, 0.8), (0.97, 1.0)], 48), np.diag([x, y, z, 1.0]))


def _star(x: float, z: float, y: float, points: int) -> Mesh:
    """A flat rounded star: the medallion of a carpet."""
    turn = np.arange(64) * 2 * math.pi / 64
    r = 1 - 0.22 * (0.5 - 0.5 * np.cos(points * turn))
    rim = np.stack([r * x * np.cos(turn), np.full(64, y), -r * z * np.sin(turn)], -1)
    return skin(np.stack([rim * [1, 0, 1], rim, rim * [0, 1, 0]]), closed=True)


def curtain(s: Solid) -> Heap | None:
    """Pleated cloth from a heading to the floor, with a hem; a thin cylinder is one pleat."""
    wide, high, deep = s.size
    if s.shape in ("plane", "ramp", "sphere", "cone"):
        return None
    heap = Heap()
    if s.shape == "cylinder":
        turn = np.linspace(0, 2 * math.pi, 17)[:-1]
        t = np.linspace(0, 1, 9)[:, None]
        ripple = 1 - 0.16 * (0.5 + 0.5 * np.cos(4 * turn + 2.5 * t + s.seed % 6)) - 0.16 * t**8
        points = np.stack(
            [
                ripple * np.cos(turn) * wide / 2,
                np.broadcast_to(t * high, ripple.shape),
                -ripple * np.sin(turn) * deep / 2,
            ],
            -1,
        )
        heap.add("own", skin(points, closed=True))
        return heap
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    cloth = Heap()
    pleats = float(np.clip(run * (7.5 if through < 0.16 else 4.0), 2, 60))
    columns = int(np.clip(pleats * 12, 48, 220))
    rail = run > 0.9 and high > 1.0
    cloth.add(
        "own",
        draped(
            (-run / 2, 0, -through / 2),
            (run / 2, high - (0.02 if rail else 0), through / 2),
            pleats,
            0.47 * through,
            s.seed,
            columns,
            9,
        ),
    )
    if high > 0.8 and s.seed % 2:
        # A heading, gathered on its tape.
        cloth.add(
            "own second",
            draped(
                (-run / 2, 0.955 * high, -through / 2),
                (run / 2, high - 0.02, through / 2),
                2 * pleats,
                0.49 * through,
                s.seed,
                columns,
                2,
            ),
        )
    if rail:
        cloth.add("brass", tube([(-run / 2, high - 0.018, 0), (run / 2, high - 0.018, 0)], 0.016, 8))
        for side in (-1, 1):
            cloth.add("brass", knob((side * (run / 2 - 0.01), high - 0.018, 0.0), 0.026))
    heap.take(cloth, yaw=0.0 if across else math.pi / 2)
    return heap


def blind(s: Solid) -> Heap | None:
    """Slats under a head box, with cords."""
    wide, high, deep = s.size
    if s.shape != "box" or high < 0.15:
        return None
    heap = Heap()
    across = wide >= deep
    run, through = (wide, deep) if across else (deep, wide)
    made = Heap()
    head = min(0.05, 0.1 * high)
    x, z = run / 2, through / 2
    made.add("own", board((-x, high - head, -z), (x, high, z)))
    made.add("own", board((-x, 0, -0.6 * z), (x, 0.02, 0.6 * z)))
    count = int(np.clip(round((high - head) / 0.045), 3, 60))
    pitch = (high - head - 0.03) / count
    lean = min(0.9 * z, 0.4 * pitch)
    for k in range(count):
        y = 0.03 + (k + 0.5) * pitch
        corners = np.array(
            [
                (-x, y - 0.47 * pitch, lean),
                (x, y - 0.47 * pitch, lean),
                (x, y + 0.47 * pitch, -lean),
                (-x, y + 0.47 * pitch, -lean),
            ]
        )
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[0])
        normal /= np.linalg.norm(normal)
        made.add("own", plain_mesh(corners, np.tile(normal, (4, 1)), [[0, 1, 2], [0, 2, 3]]))
        made.add(
            "own", plain_mesh(corners - normal * 0.002, np.tile(-normal, (4, 1)), [[0, 2, 1], [0, 3, 2]])
        )
    for at in (-0.36 * run, 0.36 * run):
        made.add("linen", slab((at - 0.003, 0, 0.8 * z), (at + 0.003, high - head, z)))
    heap.take(made, yaw=0.0 if across else math.pi / 2)
    return heap


def bed(s: Solid) -> Heap | None:
    """A frame with a headboard, a mattress, a duvet turned down and pillows; parts of it by themselves.

    The head is at −z. A low box is the bed without its headboard, so that it stays within its height.
    """
    wide, high, deep = s.size
    if s.shape != "box":
        return None
    heap = Heap()
    if max(wide, deep) < 0.16:
        heap.add("wood", leg((0, 0), high, min(wide, deep), s.seed % 3))
        return heap
    if deep < 0.25 and high > 0.3:
        _headboard(heap, wide, high, deep, s.seed)
        return heap
    if min(wide, deep) < 0.4 or deep < 1.0:
        heap.add("own", board(s.low, s.high, 0.02))
        return heap
    if high <= 0.24:
        heap.add("linen", bump_box(s.low, (wide / 2, high, deep / 2), min(0.07, 0.4 * high)))
        return heap
    x, z = wide / 2, deep / 2
    lying = high if high < 0.72 else 0.56 * high
    foot = 0.2 * lying
    legs(heap, (x, z), foot + 0.03, 0.07, 0 if s.seed % 2 else 1, "wood", 0.03)
    heap.add("wood", board((-x, foot, -z), (x, 0.52 * lying, z), 0.012))
    heap.add("dark trim", slab((-x + 0.012, 0.5 * lying, -z + 0.012), (x - 0.012, 0.55 * lying, z - 0.012)))
    heap.add(
        "linen", bump_box((-x + 0.015, 0.53 * lying, -z + 0.02), (x - 0.015, 0.85 * lying, z - 0.015), 0.05)
    )
    top = 0.96 * lying if high < 0.72 else lying
    _duvet(heap, x, z, 0.36 * lying, top, s.seed)
    if high >= 0.72:
        rest = Heap()
        _headboard(rest, wide, high, 0.09, s.seed)
        heap.take(rest, (0, 0, -z + 0.045))
    for a, b in spread(1 if wide < 1.15 else 2, -x + 0.08, x - 0.08, 0.06):
        made = pillow(Solid("box", (b - a, 0.15, 0.42), s.seed + int(a > 0)))
        if made is not None:
            for stuff, mesh in made.joined().items():
                heap.add(
                    "linen" if stuff == "own" else "own second",
                    moved(mesh, _at((a + b) / 2, 0.88 * lying, -z + 0.33)),
                )
    return heap


def _at(x: float, y: float, z: float) -> Floats:
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def _duvet(heap: Heap, x: float, z: float, hem: float, top: float, seed: int) -> None:
    """Quilted cloth over the mattress, hanging at three sides, its upper rim folded back."""
    nu, nv = 45, 33
    u, v = np.meshgrid(np.linspace(-1, 1, nu), np.linspace(0, 1, nv))
    drop = np.clip((np.abs(u) - 0.82) / 0.18, 0, 1)
    end = np.clip((0.1 - v) / 0.1, 0, 1)
    start = -z + 0.62
    fall = np.maximum(drop, end)
    flat = np.stack([u * x, v * 2 * z], -1)
    folds = waves(flat, seed, 0.9, 3)
    px = np.sign(u) * np.minimum(np.abs(u) / 0.82, 1.0) * (x - 0.006) + np.sign(u) * 0.006 * drop
    pz = np.where(v < 0.1, z - 0.004, z - (v - 0.1) / 0.9 * (z - start))
    quilt = 0.014 * np.abs(np.sin(3.5 * math.pi * u)) * np.abs(np.sin(5 * math.pi * v))
    soft = 1 - 0.45 * fall**3
    y = (top - 0.035) + (0.028 * np.clip(0.5 + 0.5 * folds, 0, 1) + quilt) * soft - fall**1.15 * (top - hem)
    ripple = 0.012 * np.sin(22 * v + 3 * folds) * drop * np.sign(u)
    points = np.stack(
        [
            np.clip(px - np.abs(ripple) * np.sign(u), -x, x),
            y,
            pz - 0.02 * np.abs(np.sin(9 * u + folds)) * end,
        ],
        -1,
    )
    heap.add("own", skin(points))
    fold = [(-x + 0.01, top - 0.045, start - 0.02), (x - 0.01, top + 0.0, start + 0.22)]
    heap.add("own second", bump_box(fold[0], fold[1], 0.022))


def _headboard(heap: Heap, wide: float, high: float, deep: float, seed: int) -> None:
    x, z = wide / 2, deep / 2
    if seed % 2:
        heap.add("wood", board((-x, 0, -z), (x, high - 0.02, 0.2 * z), 0.012))
        for a, b in spread(min(6, max(2, round(wide / 0.3))), -x + 0.01, x - 0.01, 0.006):
            puff(heap, (a, 0.35 * high, -0.3 * z), (b, high, z), 2, 0.25, "upholstery", piped=False)
        return
    post = min(0.07, 0.5 * deep + 0.03)
    for side in (-1, 1):
        heap.add("wood", board((side * x, 0, -z), (side * (x - post), high, z), 0.01))
    heap.add("wood", board((-x, high - 0.09, -0.8 * z), (x, high - 0.02, 0.8 * z), 0.015))
    for a, b in spread(max(2, round(wide / 0.12)), -x + post, x - post, 0.01):
        heap.add("wood", board((a, 0.2 * high, -0.4 * z), (b, high - 0.08, 0.4 * z), 0.005))


FINISHERS = {
    "pillow": each(pillow, 4.0),
    "cushion": each(pillow, 4.0),
    "blanket": each(blanket, 6.0),
    "towel": each(towel, 4.0),
    "apparel": each(apparel, 6.0),
    "rug": each(rug, 14.0),
    "curtain": each(curtain, 40.0),
    "blind": each(blind, 12.0),
    "bed": each(bed, 5.0),
}
