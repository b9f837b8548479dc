"""Roofs and round towers: what cones, ramps, cylinders and slabs of a building are."""

import math
from itertools import pairwise

import numpy as np

from director.scene import shapes
from director.scene.finish.blocks import Face, Floats, Pile, faces, tiled
from director.scene.finish.facade_layout import bays_of
from director.scene.finish.forms import bump_box, moved, ring_skin, tube
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.scene.proxies.cone import Cone
from director.scene.proxies.cylinder import Cylinder

__all__ = ["flat_roof", "pitched_roof", "round_tower", "shed_roof"]

_COURSE_M = 0.34
_MOST_COURSES = 26


def frustum(
    size: tuple[float, float, float], low: float, high: float, foot: float, head: float, sides: int
) -> Mesh:
    """A slice of an upright solid of `sides`: shares `foot` and `head` of its width at two heights."""
    unit = shapes.cone(max(head / foot, 0.0), sides)
    matrix = np.diag([size[0] * foot, high - low, size[2] * foot, 1.0])
    matrix[1, 3] = low
    return moved(unit, matrix)


def pitched_roof(thing: Thing) -> list[Piece] | None:
    """A cone: courses of tiles that step out over each other, hips, a gutter, a chimney."""
    if not isinstance(thing.proxy, Cone):
        return None
    wide, high, deep = thing.size_m
    top, sides = thing.proxy.top_share, thing.proxy.sides
    if min(wide, deep) < 0.8 or high < 0.3:
        return None
    if top > 0.4 and high > 1.2 * min(wide, deep):
        return _round_body(thing, top, sides)
    random = np.random.default_rng([thing.seed, 103])
    pile = Pile()
    slope = math.hypot(high, min(wide, deep) / 2 * (1 - top))
    count = int(min(max(round(slope / _COURSE_M), 3), _MOST_COURSES))
    lip = 0.09 / (min(wide, deep) / 2)
    levels = np.linspace(0.0, high, count + 1)
    shares = 1 - (1 - top) * levels / high
    for k in range(count):
        head = max(float(shares[k + 1]) - (lip if k + 1 < count else 0.0), 0.0)
        foot = max(float(shares[k]), head + 1e-3)
        pile.add("roof", frustum(thing.size_m, levels[k], levels[k + 1], foot, head, sides))
    base = _ring(thing.size_m, sides)
    if sides < 12:
        for corner in base:
            x, _, z = 0.995 * corner
            pile.add("roof", tube([(x, 0.02, z), (top * x, high + 0.02, top * z)], 0.075, 7))
    rim = np.concatenate([base, base[:1]]) * 0.995
    rim[:, 1] = 0.05
    for a, b in pairwise(rim):
        pile.add("iron", tube(np.array([a, b]), 0.055, 7))
    if thing.class_name != "tower" and min(wide, deep) > 2.5 and high > 0.8 and top < 0.5:
        _chimney(pile, thing, random)
    elif top < 0.1:
        pile.add("iron", tube([(0, high - 0.3, 0), (0, high + 0.12, 0)], [0.05, 0.015], 8))
    return pile.pieces()


def _ring(size: tuple[float, float, float], sides: int) -> Floats:
    turn = np.arange(sides) * (2 * np.pi / sides)
    x, z = np.cos(turn), -np.sin(turn)
    x, z = ((v - v.min()) / (v.max() - v.min()) - 0.5 for v in (x, z))
    return np.stack([x * size[0], np.zeros(sides), z * size[2]], 1)


def _chimney(pile: Pile, thing: Thing, random: np.random.Generator) -> None:
    wide, high, deep = thing.size_m
    turn = random.uniform(0, 2 * math.pi)
    x, z = 0.16 * wide * math.cos(turn), 0.16 * deep * math.sin(turn)
    half = min(0.3, 0.06 * min(wide, deep))
    top = high * 0.98
    pile.box("stone", [x - half, 0.3 * high, z - 0.8 * half], [x + half, top, z + 0.8 * half])
    pile.box(
        "light trim",
        [x - half - 0.05, top - 0.12, z - 0.8 * half - 0.05],
        [x + half + 0.05, top, z + 0.8 * half + 0.05],
    )
    for side in (-0.45, 0.45):
        pile.add("roof", tube([(x + side * half, top, z), (x + side * half, top + 0.16, z)], 0.3 * half, 9))


def shed_roof(thing: Thing) -> list[Piece] | None:
    """A ramp: courses up its slope, and a board along its sides."""
    wide, high, deep = thing.size_m
    if thing.kind != "ramp" or min(wide, deep) < 0.8 or high < 0.1:
        return None
    pile = Pile()
    pile.add("own", moved(shapes.ramp(), np.diag([wide, high, deep, 1.0])))
    slope = math.hypot(high, deep)
    count = int(min(max(round(slope / _COURSE_M), 2), 40))
    along = np.array([0.0, high, -deep]) / count
    out = np.array([0.0, deep, high]) / slope * 0.035
    foot = np.array([0.0, 0.0, deep / 2])
    left, right = np.array([-wide / 2, 0, 0]), np.array([wide / 2, 0, 0])
    rings = [
        [foot + side, foot + side + out, foot + side + along + 0.15 * out, foot + side + along]
        for side in (left, right)
    ]
    course = shapes.flat_mesh(
        [
            rings[0],
            rings[1][::-1],
            *([rings[1][i], rings[1][(i + 1) % 4], rings[0][(i + 1) % 4], rings[0][i]] for i in range(4)),
        ]
    )
    pile.add("roof", _outwards(tiled(course, np.arange(count)[:, None] * along)))
    return pile.pieces()


def _outwards(mesh: Mesh) -> Mesh:
    corners = mesh.positions[mesh.triangles].astype(np.float64)
    volume = np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    return mesh if volume > 0 else Mesh(mesh.positions, -mesh.normals, mesh.triangles[:, ::-1].copy())


def flat_roof(thing: Thing) -> list[Piece] | None:
    """A slab that roofs something: a soft edge, a fascia between two bands."""
    wide, high, deep = thing.size_m
    if high < 0.04:
        return None
    pile = Pile()
    x, z = wide / 2, deep / 2
    pile.add("own", bump_box((-x, 0, -z), (x, high, z), min(0.04, 0.3 * high)))
    if high > 0.12:
        for foot, head in ((0.04, 0.16), (0.82, 0.95)):
            pile.box("light trim", [-x - 0.02, foot * high, -z - 0.02], [x + 0.02, head * high, z + 0.02])
    return pile.pieces()


def round_tower(thing: Thing) -> list[Piece] | None:
    """An upright cylinder of a building: rings, battlements or a cornice, raised windows."""
    if not isinstance(thing.proxy, Cylinder):
        return None
    return _round_body(thing, 1.0, thing.proxy.sides)


def _round_body(thing: Thing, top: float, sides: int) -> list[Piece] | None:
    wide, high, deep = thing.size_m
    if min(wide, deep) < 0.9 or high < 1.0:
        return None
    pile = Pile()
    size = thing.size_m
    crowned = high > 5 and thing.class_name in ("tower", "building", "hovel", "house")
    body = high - (0.5 if crowned else 0.0)

    def share(level: float) -> float:
        return 1 - (1 - top) * level / high

    pile.add("own", frustum(size, 0.0, body, 1.0, share(body), sides))

    def ring(stuff: str, low: float, tall: float, out: float) -> None:
        grown = 1 + 2 * out / min(wide, deep)
        pile.add(stuff, frustum(size, low, low + tall, grown * share(low), grown * share(low + tall), sides))

    ring("stone", 0.0, min(0.5, 0.15 * high), 0.04)
    bays = bays_of(faces(size)[0])
    for floor in bays.floors[1:-1]:
        ring("light trim", float(floor) + 0.02, 0.16, 0.05)
        ring("light trim", float(floor) - 0.06, 0.1, 0.025)
    if crowned:
        ring("light trim", body - 0.30, 0.2, 0.06)
        ring("light trim", body - 0.12, 0.12, 0.11)
        _battlements(pile, size, body, high, share(body))
    else:
        ring("light trim", high - 0.22, 0.2, 0.05)
    if top > 0.95:
        for face in faces(size):
            _curved_windows(pile, face)
    return pile.pieces()


def _battlements(pile: Pile, size: tuple[float, float, float], low: float, high: float, share: float) -> None:
    count = int(min(max(round(math.pi * (size[0] + size[2]) / 2 / 1.1), 6), 36))
    for k in range(count):
        turn = np.linspace(0, 0.55, 4) * 2 * math.pi / count + k * 2 * math.pi / count
        outer, inner = 0.5 * share, 0.5 * share - 0.35 / max(size[0], 2.0)
        loop = [(outer * math.cos(a), outer * math.sin(a)) for a in turn]
        loop += [(inner * math.cos(a), inner * math.sin(a)) for a in turn[::-1]]
        flat = np.array(loop)
        rings = [
            np.stack([flat[:, 0] * size[0], np.full(len(flat), y), -flat[:, 1] * size[2]], 1)
            for y in (low - 0.02, low + 0.001, high - 0.001, high)
        ]
        pile.add("own", _outwards(ring_skin(np.array(rings))))


def _curved_windows(pile: Pile, face: Face) -> None:
    """Panes raised on the curve, where the shader lays them: where the face turns this way."""
    bays = bays_of(face)
    flat = Pile()
    limit = 0.66 * face.wide / 2
    cuts = np.linspace(0, 1, 5)
    for left, right in zip(bays.left, bays.right, strict=True):
        if max(abs(left), abs(right)) > limit:
            continue
        us = left + (right - left) * cuts
        flat.on(face, "pane", (us[:-1, None], us[1:, None]), (bays.low, bays.high), (-0.15, 0.012))
        rails = np.concatenate([bays.low - 0.09, bays.high, bays.bar_low])
        heads = np.concatenate([bays.low, bays.high + 0.12, bays.bar_high])
        flat.on(face, "light trim", (us[:-1, None], us[1:, None]), (rails, heads), (-0.15, 0.06))
        posts = np.array([left - 0.09, right, (left + right) / 2 - 0.015])
        ends = np.array([left, right + 0.09, (left + right) / 2 + 0.015])
        flat.on(
            face,
            "light trim",
            (posts[:, None], ends[:, None]),
            (bays.low - 0.09, bays.high + 0.12),
            (-0.15, 0.055),
        )
    for piece in flat.pieces() if limit > 0 and _any(bays.left, bays.right, limit) else []:
        positions = piece.mesh.positions.astype(np.float64)
        u = positions[:, 0 if face.along_x else 2] / (face.wide / 2)
        fall = face.sign * face.reach * (1 - np.sqrt(np.maximum(1 - u * u, 0.0)))
        positions[:, 2 if face.along_x else 0] -= fall
        pile.add(piece.stuff, Mesh(positions.astype(np.float32), piece.mesh.normals, piece.mesh.triangles))


def _any(left: Floats, right: Floats, limit: float) -> bool:
    return bool((np.maximum(np.abs(left), np.abs(right)) <= limit).any())
