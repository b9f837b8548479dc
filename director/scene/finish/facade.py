"""Buildings: a skin of piers and bands about the panes that the shader lays, before a dark core.

Every opening lies exactly where `panes` in shaders/structure.glsl puts it, for that mask is what a network
is given of a facade. What is laid into the openings runs behind the skin from bay to bay (frames, bars), so
that a tower costs hardly more than a house. Ornament stands at the same places of every bay, so that it can
be learnt; dice choose the style of the building.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from director.scene.finish import Finish
from director.scene.finish.blocks import Face, Pile, each_item, faces
from director.scene.finish.facade_dress import DRESSERS
from director.scene.finish.facade_layout import Bays, bays_of
from director.scene.finish.facade_parts import Front, door
from director.scene.finish.roof import flat_roof, pitched_roof, round_tower, shed_roof
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.walls import pierced

__all__ = ["FINISHERS"]


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    recess: float
    frame: str
    parapet: bool
    door: str = "wood"


_STYLES = {
    "tenement": _Style("tenement", 0.14, "light trim", True),
    "stucco": _Style("stucco", 0.17, "light trim", True),
    "modern": _Style("modern", 0.10, "iron", True, "iron"),
    "deco": _Style("deco", 0.14, "iron", True, "brass"),
    "warehouse": _Style("warehouse", 0.20, "iron", True),
    "cottage": _Style("cottage", 0.12, "light trim", False),
    "hut": _Style("hut", 0.10, "wood", False),
}


def _style(thing: Thing, random: np.random.Generator) -> _Style:
    high = thing.size_m[1]
    if thing.class_name in ("hovel", "booth"):
        name = "hut"
    elif thing.class_name == "skyscraper" or high > 24:
        name = str(random.choice(["modern", "deco"], p=[0.6, 0.4]))
    elif high < 5.8 and (thing.class_name == "house" or random.random() < 0.5):
        name = "cottage"
    elif thing.class_name == "tower":
        name = "stucco"
    elif thing.class_name == "house":
        name = str(random.choice(["tenement", "stucco"]))
    else:
        name = str(random.choice(["tenement", "stucco", "warehouse", "modern"], p=[0.35, 0.3, 0.2, 0.15]))
    return _STYLES[name]


def _building(thing: Thing) -> list[Piece] | None:
    if thing.kind == "array":
        return each_item(thing, _building)
    if thing.kind == "wall":
        return pierced(thing)
    if thing.kind == "cone":
        return pitched_roof(thing)
    if thing.kind == "ramp":
        return shed_roof(thing)
    if thing.kind == "cylinder":
        return round_tower(thing)
    if thing.kind != "box":
        return None
    wide, high, deep = thing.size_m
    if high >= 1.9 and max(wide, deep) >= 1.8 and min(wide, deep) >= 0.3:
        return _facades(thing)
    if high < 0.45 * min(wide, deep) and min(wide, deep) > 1.0:
        return flat_roof(thing)
    return _trim(thing)


def _trim(thing: Thing) -> list[Piece] | None:
    """A ledge, a band, a sill: softened edges, and a drip under what is long enough."""
    wide, high, deep = thing.size_m
    least = min(thing.size_m)
    if least < 0.02:
        return None
    if max(thing.size_m) < 2.5 or high > 0.8 or high < 0.2:
        pile = Pile()
        edge = min(0.015, 0.2 * least)
        low, top = np.array([-wide / 2, 0, -deep / 2]), np.array([wide / 2, high, deep / 2])
        rise = np.array([0.0, edge, 0.0])
        pile.box("own", low + rise, top - rise)
        pile.box("own", low + edge, top - edge)
        pile.box("own", [low[0] + edge, 0, low[2] + edge], [top[0] - edge, high, top[2] - edge])
        return pile.pieces()
    # A cornice: three mouldings, each standing out further than the one below.
    pile = Pile()
    for share, foot, head in ((0.82, 0.0, 0.36), (0.91, 0.3, 0.72), (1.0, 0.66, 1.0)):
        x = wide / 2 if wide > 3 * deep else wide / 2 * share
        z = deep / 2 if deep > 3 * wide else deep / 2 * share
        pile.box("own", [-x, foot * high, -z], [x, head * high, z])
    along = np.arange(-max(wide, deep) / 2 + 0.2, max(wide, deep) / 2 - 0.1, 0.5)
    for side in (-1.0, 1.0):
        reach = side * min(wide, deep) / 2 * 0.97
        span = np.stack([np.minimum(0.8 * reach, reach), np.maximum(0.8 * reach, reach)])
        at = (along - 0.07, along + 0.07)
        zeros = np.zeros_like(along)
        if wide >= deep:
            low = np.stack([at[0], zeros + 0.12 * high, zeros + span[0]], 1)
            top = np.stack([at[1], zeros + 0.68 * high, zeros + span[1]], 1)
        else:
            low = np.stack([zeros + span[0], zeros + 0.12 * high, at[0]], 1)
            top = np.stack([zeros + span[1], zeros + 0.68 * high, at[1]], 1)
        pile.box("own", low, top)
    return pile.pieces()


def _facades(thing: Thing) -> list[Piece]:
    random = np.random.default_rng([thing.seed, 101])
    style = _style(thing, random)
    wide, high, deep = thing.size_m
    pile = Pile()
    recess = min(style.recess, 0.22 * min(wide, deep))
    sides = [(face, bays_of(face)) for face in faces(thing.size_m)]
    count = sum(bays.columns * bays.rows for _, bays in sides)
    # A gable of half a metre has no windows; its mask stays painted on the wall.
    open_sides = [(face, bays) for face, bays in sides if face.wide >= 1.1]
    shop = bool(style.name in ("tenement", "stucco") and high > 5.5 and random.random() < 0.55)
    dice = int(random.integers(2**31))
    for face, bays in sides:
        if face.wide < 1.1:
            pile.on(face, "own", (-face.wide / 2, face.wide / 2), (0, high), (-recess, 0))
            continue
        entry = bays.columns // 2 if bays.low[0] < 1.3 and bays.high[0] > 1.85 else None
        _skin(pile, face, bays, recess, entry)
        _joinery(pile, face, bays, recess, style)
        if entry is not None:
            door(pile, face, bays, recess, entry, "gloss paint" if shop else style.door)
    # The roof lies behind a parapet, but never below the heads of the highest panes.
    spare = high - float(sides[0][1].high[-1]) - 0.1
    parapet = min(0.9, 0.08 * high, spare) if style.parapet and high > 4 else 0.0
    x, z = wide / 2 - recess, deep / 2 - recess
    pile.box("pane", [-x, 0.0, -z], [x, high - parapet - 0.05, z])
    _roof(pile, thing.size_m, recess, parapet, dice)
    dresser = DRESSERS[style.name]
    for i, (face, bays) in enumerate(open_sides):
        dresser(pile, Front(face, bays, recess, count, shop, np.random.default_rng([dice, i]), dice))
    return pile.pieces()


def _skin(pile: Pile, face: Face, bays: Bays, recess: float, door: int | None) -> None:
    half = face.wide / 2
    lefts = np.concatenate([[-half], bays.right])
    rights = np.concatenate([bays.left, [half]])
    pile.on(face, "own", (lefts, rights), (0.0, face.high), (-recess, 0.0))
    low = np.concatenate([bays.high])
    top = np.concatenate([bays.low[1:], [face.high]])
    pile.on(face, "own", (-half + 0.001, half - 0.001), (low, top), (0.001 - recess, 0.0))
    foot = np.delete(np.arange(bays.columns), door if door is not None else [])
    pile.on(face, "own", (bays.left[foot], bays.right[foot]), (0.0, bays.low[0]), (0.001 - recess, 0.0))


def _joinery(pile: Pile, face: Face, bays: Bays, recess: float, style: _Style) -> None:
    """Frames and glazing bars: strips that run on behind the skin and show in the openings only."""
    back, bar = -recess - 0.01, 0.055 if style.frame != "iron" else 0.04
    near, thin = -recess + min(0.05, 0.5 * recess), -recess + min(0.035, 0.35 * recess)
    foot, head = float(bays.low[0]), float(bays.high[-1])
    sides = np.concatenate([bays.left, bays.right - bar])
    pile.on(face, style.frame, (sides, sides + bar), (foot, head), (back, near))
    rails = np.concatenate([bays.low, bays.high - bar])
    span = (float(bays.left[0]), float(bays.right[-1]))
    pile.on(face, style.frame, span, (rails, rails + bar), (back, near - 0.002))
    # The shader's own bars: the middle one, and the meeting rail a little above the middle.
    pile.on(face, style.frame, (bays.bar_left, bays.bar_right), (foot, head), (back, thin))
    pile.on(face, style.frame, span, (bays.bar_low, bays.bar_high), (back, thin + 0.004))
    if style.name == "warehouse":
        shares = np.array([0.25, 0.75])
        us = (bays.left[:, None] + (bays.right - bays.left)[:, None] * shares).ravel()
        pile.on(face, style.frame, (us - 0.012, us + 0.012), (foot, head), (back, thin - 0.006))
        vs = (bays.low[:, None] + (bays.high - bays.low)[:, None] * np.array([0.2, 0.4, 0.82])).ravel()
        pile.on(face, style.frame, span, (vs - 0.012, vs + 0.012), (back, thin - 0.008))


def _roof(pile: Pile, size: tuple[float, float, float], recess: float, parapet: float, dice: int) -> None:
    wide, high, deep = size
    top = high - parapet
    if parapet == 0.0:
        x, z = wide / 2 - 0.001, deep / 2 - 0.001
        pile.box("own", [-x, high - 0.25, -z], [x, high, z])
        return
    x, z = wide / 2 - recess + 0.002, deep / 2 - recess + 0.002
    pile.box("stone", [-x, top - 0.06, -z], [x, top, z])
    for face in faces(size):
        pile.on(
            face,
            "light trim",
            (-face.wide / 2 - 0.05, face.wide / 2 + 0.05),
            (high - 0.09, high),
            (-recess - 0.05, 0.05),
        )
    random = np.random.default_rng([dice, 5])
    inside_x, inside_z = wide / 2 - 1.2, deep / 2 - 1.2
    if parapet < 0.35 or min(inside_x, inside_z) < 0.3:
        return
    for _ in range(int(random.integers(2, 5))):
        at = random.uniform(-1, 1, 2) * (inside_x, inside_z)
        half = random.uniform(0.3, 0.7, 2)
        pile.box(
            "steel",
            [at[0] - half[0], top, at[1] - half[1]],
            [at[0] + half[0], top + 0.9 * parapet, at[1] + half[1]],
        )


FINISHERS: Mapping[str, Finish] = dict.fromkeys(
    ("building", "house", "skyscraper", "hovel", "booth", "tower"), _building
)
