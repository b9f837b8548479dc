"""Awnings, canopies and tents."""

import math
from collections.abc import Mapping

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Pile, each_item, faces, tiled
from director.scene.finish.forms import bump_box, extruded, merged, ring_skin, tube, turned
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh
from director.scene.proxies.box import Box
from director.scene.proxies.cone import Cone

__all__ = ["FINISHERS"]


def _awning(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _awning)
    wide, high, deep = thing.size_m
    if thing.kind != "box" or max(wide, deep) < 0.5:
        return _tent(thing) if thing.kind in ("cone", "ramp") else None
    if high > 0.5:
        return _deep_canopy(thing)
    # Stripes run out from the wall: across the longer side of the box.
    along_x = wide >= deep
    long, short = max(wide, deep), min(wide, deep)
    pile = Pile()
    count = max(round(long / 0.24), 3) | 1
    cuts = np.linspace(-long / 2, long / 2, count + 1)
    cloth = max(0.35 * high, 0.01)
    for k in range(count):
        stuff = "own plain" if k % 2 == 0 else "linen"
        low, top = [cuts[k], high - cloth, -short / 2], [cuts[k + 1], high, short / 2]
        pile.box(stuff, low if along_x else low[::-1], top if along_x else top[::-1])
    flap = _scallop(long / count, short, high, along_x)
    for first, stuff in ((0, "own plain"), (1, "linen")):
        at = np.zeros((len(cuts[first:-1:2]), 3))
        at[:, 0 if along_x else 2] = cuts[first:-1:2]
        pile.add(stuff, tiled(flap, at))
    under = high - cloth
    rods = [-long / 2 + 0.03, 0.0, long / 2 - 0.03]
    for u in rods:
        low, top = [u - 0.015, max(under - 0.03, 0.0), -short / 2], [u + 0.015, under + 0.001, short / 2]
        pile.box("iron", low if along_x else low[::-1], top if along_x else top[::-1])
    for side in (-1, 1):
        w = side * (short / 2 - 0.02)
        low, top = [-long / 2, max(under - 0.03, 0.0), w - 0.015], [long / 2, under + 0.001, w + 0.015]
        pile.box("iron", low if along_x else low[::-1], top if along_x else top[::-1])
    return pile.pieces()


def _scallop(wide: float, short: float, high: float, along_x: bool) -> Mesh:
    """The hanging edge of one stripe from 0 along it: a rounded flap on both long sides."""
    turn = np.linspace(0, math.pi, 6)
    drop = 0.9 * max(high, 0.06)
    half = wide / 2
    outline = [(wide, high - 0.002), (wide, high - drop)]
    outline += [(half + half * math.cos(t), high - drop - 0.05 * math.sin(t)) for t in turn[1:-1]]
    outline += [(0.0, high - drop), (0.0, high - 0.002)]
    flaps = []
    for side in (-1.0, 1.0):
        ends = sorted((side * (short / 2), side * (short / 2 + 0.012)))
        flaps.append(extruded(outline, ends[0], ends[1], "z" if along_x else "x"))
    return merged(flaps)


def _canopy(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _canopy)
    wide, high, deep = thing.size_m
    if thing.kind in ("cone", "ramp"):
        return _tent(thing)
    if thing.kind != "box" or max(wide, deep) < 0.5:
        return None
    if high < 0.16 and max(wide, deep) < 4:
        return _awning(thing)
    return _deep_canopy(thing)


def _deep_canopy(thing: Thing) -> list[Piece]:
    """A flat roof over a forecourt: fascia between bands, a tray of panels and lamps below."""
    wide, high, deep = thing.size_m
    x, z = wide / 2, deep / 2
    radius = thing.proxy.round_m if isinstance(thing.proxy, Box) else 0.0
    pile = Pile()
    pile.add("own", bump_box((-x, 0, -z), (x, high, z), max(radius, 0.012)))
    if high > 0.12:
        for foot, head, stuff in ((0.02, 0.16, "own second"), (0.84, 0.97, "steel")):
            pile.box(stuff, [-x - 0.015, foot * high, -z - 0.015], [x + 0.015, head * high, z + 0.015])
        for face in faces(thing.size_m):
            joints = np.arange(-face.wide / 2 + 1.2, face.wide / 2 - 0.3, 1.2)
            span = (0.18 * high, 0.82 * high)
            pile.on(face, "dark trim", (joints - 0.006, joints + 0.006), span, (-0.02, 0.004))
    if min(wide, deep) > 1.6:
        us = (np.arange(max(round(wide / 2.4), 1)) + 0.5) / max(round(wide / 2.4), 1) * wide - x
        vs = (np.arange(max(round(deep / 2.4), 1)) + 0.5) / max(round(deep / 2.4), 1) * deep - z
        at = np.stack(np.meshgrid(us, vs), -1).reshape(-1, 2)
        zero = np.zeros(len(at))
        low = np.stack([at[:, 0] - 0.3, zero - 0.012, at[:, 1] - 0.3], 1)
        top = np.stack([at[:, 0] + 0.3, zero + 0.01, at[:, 1] + 0.3], 1)
        pile.box("lamp", low, top)
        rim = np.array([0.05, 0.0, 0.05])
        pile.box("steel", low - rim + np.array([0.0, 0.004, 0.0]), top + rim)
    return pile.pieces()


def _tent(thing: Thing) -> list[Piece] | None:
    wide, high, deep = thing.size_m
    if min(wide, deep) < 0.5 or high < 0.2:
        return None
    pile = Pile()
    if isinstance(thing.proxy, Cone):
        _cloth_cone(pile, thing, thing.proxy.top_share, thing.proxy.sides)
        return pile.pieces()
    if thing.kind != "box":
        return None
    x, z = wide / 2, deep / 2
    pile.box("own", [-x + 0.01, 0, -z + 0.01], [x - 0.01, high - 0.01, z - 0.01])
    for face in faces(thing.size_m):
        folds = np.arange(-face.wide / 2 + 0.1, face.wide / 2 - 0.08, 0.42)
        pile.on(face, "own second", (folds, folds + 0.2), (0.0, high - 0.3), (-0.02, 0.0))
        count = max(round(face.wide / 0.3), 2)
        flaps = np.linspace(-face.wide / 2, face.wide / 2, count + 1)
        drop = np.where(np.arange(count) % 2 == 0, 0.3, 0.24)
        pile.on(face, "linen", (flaps[:-1], flaps[1:]), (high - drop, high), (-0.02, 0.02))
        half = face.wide / 2
        pile.on(face, "wood", ([-half, half - 0.05], [-half + 0.05, half]), (0.0, high), (-0.05, 0.012))
    return pile.pieces()


def _cloth_cone(pile: Pile, thing: Thing, top: float, sides: int) -> None:
    """Cloth hung from a pole: it sags between the ribs, its panels take turns, its hem is scalloped."""
    wide, high, deep = thing.size_m
    panels = sides if sides < 12 else 12
    steps = 6
    turn = np.linspace(0, 2 * math.pi, panels * steps, endpoint=False)
    phase = (np.arange(panels * steps) % steps) / steps
    sag = 0.04 * np.sin(math.pi * phase)
    polygon = np.ones_like(turn)
    if sides < 12:
        side = 2 * math.pi / sides
        polygon = math.cos(side / 2) / np.cos(turn % side - side / 2)
    x, z = np.cos(turn) * polygon, -np.sin(turn) * polygon
    levels = np.linspace(0, 1, 8)
    rings = []
    for level in levels:
        hang = math.sin(math.pi * level)
        share = (1 - (1 - top) * level) * (1 - (1.4 * sag + 0.02) * hang)
        rings.append(np.stack([wide / 2 * x * share, np.full_like(x, level * high), deep / 2 * z * share], 1))
    pile.add("own", ring_skin(np.array(rings)))
    for k in range(panels):
        a = k * steps
        path = np.array([ring[a] for ring in rings]) * (1.004, 1.0, 1.004)
        pile.add("linen" if thing.class_name != "tent" else "own second", tube(path, 0.018, 6))
    rim = 1.01
    flap = [
        np.stack([wide / 2 * x * share, np.full_like(x, level), deep / 2 * z * share], 1)
        for share, level in ((0.97, 0.0), (rim, 0.0), (rim, 0.16), (0.95, 0.17))
    ]
    pile.add("own second", ring_skin(np.array(flap)))
    pile.add("wood", tube([(0, high - 0.2, 0), (0, high + 0.1, 0)], 0.03, 8))
    if thing.class_name == "tent" and high > 1.2:
        # The way in: a dark gap and two flaps drawn aside, towards +z.
        reach = 0.5 * deep
        tall = 0.55 * high
        lean = 1 - (1 - top) * 0.55
        for side in (-1.0, 1.0):
            points = [
                (side * 0.02, tall, reach * lean + 0.03),
                (side * 0.09 * wide, 0.4 * tall, reach * (0.7 + 0.3 * lean) + 0.035),
                (side * 0.15 * wide, 0.02, reach * 0.98),
            ]
            pile.add("own", tube(points, [0.03, 0.07, 0.05], 7))
        gap = extruded([(-0.24 * wide / 2, 0.0), (0.24 * wide / 2, 0.0), (0.0, tall)], -0.02, 0.02, "z")
        slope = math.atan2(reach * (1 - lean), tall)
        pile.add("dark trim", turned(gap, 0.0, -slope, 0.0, (0.0, 0.0, 0.985 * reach)))


FINISHERS: Mapping[str, Finish] = {"awning": _awning, "canopy": _canopy, "tent": _tent}
