"""Vehicles, furniture and props of random sets: as one box, or put together from a few."""

import math
from typing import Any

from tools.teacher.set_pieces import Json, Point, SetBuilder, tree

__all__ = ["bench", "boat", "car", "furniture", "house", "prop", "stall", "table_for", "vehicle"]


def vehicle(b: SetBuilder, at: Point, yaw: float) -> None:
    """A car more often than not; else a van, a bus or a truck."""
    what = b.one_of("car", "car", "car", "car", "van", "bus", "truck", "minibike")
    x, y, z = at
    if what == "car":
        car(b, at, yaw)
    elif what == "van":
        size = (b.between(1.8, 2.1), b.between(1.9, 2.4), b.between(4.6, 5.6))
        b.box("van", at, size, yaw, round_m=0.12 if b.chance(0.4) else 0.0)
        b.seen((x, y + 1.1, z), 2.6)
    elif what == "bus":
        b.box("bus", at, (2.5, b.between(2.8, 3.3), b.between(8.5, 12.0)), yaw)
        b.seen((x, y + 1.6, z), 4.5)
    elif what == "truck":
        long = b.between(5.5, 8.5)
        if b.chance(0.4):
            b.box("truck", at, (2.4, 3.0, long), yaw)
        else:
            b.box("truck", b.beside(at, yaw, 0, 0.5, -1.1), (2.4, b.between(2.0, 2.6), long - 2.2), yaw)
            b.box("truck", b.beside(at, yaw, 0, 0.35, long / 2 - 1.1), (2.3, 2.2, 2.0), yaw)
            _wheels(b, "truck", at, yaw, 2.3, long, 0.9)
        b.seen((x, y + 1.5, z), 3.5)
    else:
        b.box("minibike", at, (0.6, 1.1, 1.9), yaw)
        b.seen((x, y + 0.6, z), 1.1)


def car(b: SetBuilder, at: Point, yaw: float) -> None:
    """One box, a rounded box, or a body with a cabin and wheels."""
    x, y, z = at
    length, wide = b.between(3.6, 4.8), b.between(1.65, 1.9)
    b.seen((x, y + 0.8, z), 2.3)
    said = b.said("car")
    if b.chance(0.6):
        rounded = 0.2 if b.chance(0.3) else 0.0
        b.box("car", at, (wide, b.between(1.3, 1.75), length), yaw, round_m=rounded, **said)
        return
    body = b.between(0.55, 0.8)
    b.box("car", (x, y + 0.3, z), (wide, body, length), yaw, round_m=0.15, **said)
    cabin = b.one_of("windowpane", "car")
    top = b.beside(at, yaw, 0, 0.25 + body, -0.25)
    b.box(
        cabin,
        top,
        (wide * 0.86, 0.55, length * 0.5),
        yaw,
        round_m=0.12,
        prompt=said["prompt"] if cabin == "car" else "",
    )
    _wheels(b, "car", at, yaw, wide * 0.92, length, 0.66)


def _wheels(
    b: SetBuilder, class_name: str, at: Point, yaw: float, wide: float, length: float, high: float
) -> None:
    for side in (-1, 1):
        for end in (-1, 1):
            place = b.beside(at, yaw, side * wide / 2, 0.0, end * length * 0.3)
            b.solid("sphere", class_name, place, (0.25, high, high), yaw, prompt="black rubber")


def boat(b: SetBuilder, at: Point, yaw: float) -> None:
    size = (b.between(1.2, 2.6), b.between(0.7, 1.4), b.between(3.5, 9.0))
    b.box("boat", at, size, yaw)
    if b.chance(0.4):
        b.box(
            "boat",
            b.beside(at, yaw, 0, size[1] - 0.1, -0.15 * size[2]),
            (0.6 * size[0], 1.1, 0.3 * size[2]),
            yaw,
        )
    if b.chance(0.4):
        b.solid("cylinder", "pole", (at[0], at[1] + 0.5, at[2]), (0.12, b.between(4, 8), 0.12))
    b.seen((at[0], at[1] + 0.7, at[2]), size[2] / 2)


def house(b: SetBuilder, at: Point, yaw: float, class_name: str = "house") -> None:
    """One box, or walls with a pitched roof: a four-sided cone, or two ramps back to back."""
    w, h, d = b.between(4, 9), b.between(2.6, 6.5), b.between(4, 10)
    roof = b.one_of("none", "cone", "cone", "ramps")
    said = b.said(class_name)
    covered: Json = {"prompt": b.one_of("red tiles", "slate", "thatch", "brown tiles", "")}
    b.box(class_name, at, (w, h, d), yaw, **said)
    high = b.between(1.2, 3.0)
    x, y, z = at
    if roof == "cone":
        b.add(
            "cone",
            class_name,
            (x, y + h, z),
            yaw + 45,
            size=[round(1.5 * w, 2), round(high, 2), round(1.5 * d, 2)],
            sides=4,
            **covered,
        )
    elif roof == "ramps":
        for turn in (0, 180):
            place = b.beside((x, y + h, z), yaw + turn, 0.0, 0.0, d / 4)
            b.solid("ramp", class_name, place, (w + 0.5, high, d / 2 + 0.2), yaw + turn, **covered)
    if b.chance(0.35):
        b.box("house", b.beside(at, yaw, 0.25 * w, h, 0.0), (0.6, high + 0.6, 0.6), yaw, prompt="brick")
    if b.chance(0.4):
        b.box("door", b.beside(at, yaw, b.between(-0.3, 0.3) * w, 0.0, d / 2), (1.0, 2.1, 0.12), yaw)
    b.seen((x, y + h / 2, z), max(w, d) * 0.7)


def stall(b: SetBuilder, at: Point, yaw: float) -> None:
    """A market stall: a counter of goods under an awning on poles."""
    wide, deep = b.between(1.8, 3.0), b.between(0.9, 1.3)
    if b.chance(0.2):
        b.box("booth", at, (wide, 2.5, deep + 0.5), yaw)
        b.seen((at[0], 1.3, at[2]), 1.6)
        return
    b.box(b.one_of("counter", "table", "box"), at, (wide, 0.85, deep), yaw)
    b.box("awning", b.beside(at, yaw, 0, 2.2, 0.1), (wide + 0.5, b.between(0.1, 0.5), deep + 0.8), yaw)
    for side in (-1, 1):
        b.solid("cylinder", "pole", b.beside(at, yaw, side * wide / 2, 0, deep / 2), (0.07, 2.2, 0.07))
    for k in range(b.count(2, 5)):
        place = b.beside(at, yaw, (k / 4 - 0.45) * wide, 0.86, b.between(-0.2, 0.2))
        what = b.one_of("food", "basket", "box", "flower", "bottle", "vase", "pot")
        s = b.between(0.25, 0.45)
        b.box(what, place, (s * 1.3, s, s), yaw + b.between(-9, 9))
    if b.chance(0.4):
        b.solid("sphere", "light", b.beside(at, yaw, 0, 1.9, 0), (0.2, 0.2, 0.2), light=b.glow(1.5))
    b.seen((at[0], 1.1, at[2]), 1.6)


def bench(b: SetBuilder, at: Point, yaw: float) -> None:
    if b.chance(0.5):
        b.box("bench", at, (b.between(1.4, 1.9), b.between(0.45, 0.9), 0.55), yaw)
        return
    b.box("bench", (at[0], at[1] + 0.4, at[2]), (1.6, 0.08, 0.45), yaw)
    b.box("bench", at, (1.2, 0.4, 0.2), yaw)


def table_for(b: SetBuilder, at: Point, seats: int, y: float = 0.0) -> None:
    """A table with chairs about it, some of them taken."""
    x, _, z = at
    high, wide = b.between(0.7, 0.78), b.between(0.7, 1.2)
    if b.chance(0.5):
        b.solid(b.one_of("cylinder", "box"), "table", (x, y, z), (wide, high, wide))
    else:
        b.box("table", (x, y + high - 0.05, z), (wide, 0.05, wide))
        b.solid("cylinder", "table", (x, y, z), (0.12, high - 0.05, 0.12))
    b.solid("cylinder", b.one_of("vase", "bottle", "plate", "pot"), (x, y + high, z), (0.12, 0.24, 0.12))
    for k in range(seats):
        turn = 2 * math.pi * k / max(seats, 1) + 0.3
        place = (x + 0.8 * wide * math.sin(turn), y, z + 0.8 * wide * math.cos(turn))
        facing = math.degrees(turn) + 180
        b.box(b.one_of("chair", "chair", "stool"), place, (0.45, 0.85, 0.45), facing)
        if b.chance(0.4):
            b.figure(place, facing, "sit", seat_m=0.47)
    b.seen((x, y + 0.7, z), 1.0)


def prop(b: SetBuilder, at: Point) -> None:
    """Something that stands about out of doors."""
    what = b.one_of(
        "box", "barrel", "bench", "bin", "plant", "ball", "vehicle", "sculpture", "stack", "tree", "bicycle",
        "bag", "hydrant", "flag",
    )  # fmt: skip
    turn = b.between(0, 360)
    x, y, z = at
    s = b.between(0.5, 1.1)
    if what == "box":
        b.box("box", at, (s, s * b.between(0.6, 1.2), s * b.between(0.7, 1.4)), turn)
    elif what == "barrel":
        for _ in range(b.count(1, 3)):
            b.solid(
                "cylinder", "barrel", (x + b.between(-0.9, 0.9), y, z + b.between(-0.9, 0.9)), (0.6, 0.9, 0.6)
            )
    elif what == "bench":
        bench(b, at, turn)
    elif what == "bin":
        b.solid("cylinder", "ashcan", at, (0.5, 1.0, 0.5))
    elif what == "plant":
        b.add("cone", "pot", at, size=[0.5, 0.5, 0.5], top_share=1.0)
        b.solid("sphere", b.one_of("plant", "flower"), (x, y + 0.45, z), (0.9, b.between(0.7, 1.3), 0.9))
    elif what == "ball":
        b.solid("sphere", b.one_of("ball", "sculpture", "rock"), at, (s, s, s))
    elif what == "vehicle":
        vehicle(b, at, turn)
    elif what == "sculpture":
        kind = b.one_of("cone", "box", "cylinder", "sphere")
        b.solid(kind, "sculpture", at, (s, s * b.between(1, 3), s), turn)
    elif what == "stack":
        for k in range(3):
            b.box("box", (x, y + 0.5 * k, z), (0.7, 0.5, 0.6), turn + 20 * k)
    elif what == "tree":
        tree(b, at)
    elif what == "bicycle":
        b.box("bicycle", at, (0.5, 1.0, 1.7), turn)
    elif what == "bag":
        b.box("bag", at, (0.5, 0.4, 0.3), turn)
    elif what == "hydrant":
        b.solid("cylinder", "pole", at, (0.25, 0.7, 0.25), prompt="red iron")
    else:
        b.solid("cylinder", "pole", at, (0.08, 4.5, 0.08))
        b.box("flag", (x + 0.75, y + 3.4, z), (1.4, 0.9, 0.04))
    b.seen((x, y + 0.5 * s, z), 0.9)


def furniture(b: SetBuilder, what: str, at: Point, yaw: float, **fields: Any) -> None:
    """A piece of furniture by name, its back towards −z of its own space; half of them as one box."""
    x, y, z = at
    fields = {**b.said(what), **fields}
    if what == "sofa":
        wide = b.between(1.6, 2.4)
        if b.chance(0.5):
            b.box("sofa", at, (wide, b.between(0.75, 0.9), 0.9), yaw, **fields)
        else:
            b.box("sofa", at, (wide, 0.42, 0.85), yaw, round_m=0.06, **fields)
            b.box("sofa", b.beside(at, yaw, 0, 0.3, -0.36), (wide, 0.5, 0.2), yaw, round_m=0.06, **fields)
            if b.chance(0.5):
                for side in (-1, 1):
                    arm = b.beside(at, yaw, side * wide / 2, 0, 0)
                    b.box("sofa", arm, (0.2, 0.6, 0.85), yaw, round_m=0.06, **fields)
        if b.chance(0.6):
            b.box(
                "cushion",
                b.beside(at, yaw, 0.3 * wide, 0.44, -0.1),
                (0.42, 0.4, 0.16),
                yaw + 15,
                round_m=0.05,
            )
    elif what == "chair":
        if b.chance(0.6):
            b.box("chair", at, (0.48, 0.92, 0.5), yaw, **fields)
        else:
            b.box("chair", (x, y + 0.42, z), (0.45, 0.06, 0.45), yaw, **fields)
            b.box("chair", b.beside(at, yaw, 0, 0.42, -0.2), (0.45, 0.5, 0.05), yaw, **fields)
            b.box("chair", at, (0.36, 0.42, 0.36), yaw, **fields)
    elif what == "armchair":
        b.box("armchair", at, (0.85, 0.85, 0.85), yaw, **fields)
    elif what == "bed":
        b.box("bed", at, (b.between(1.0, 1.9), b.between(0.5, 0.95), 2.05), yaw, **fields)
        if b.chance(0.6):
            b.box("pillow", b.beside(at, yaw, 0, 0.5, -0.7), (0.6, 0.16, 0.4), yaw, round_m=0.06)
    elif what in ("table", "desk", "coffee table"):
        high = 0.42 if what == "coffee table" else 0.75
        wide, deep = b.between(1.0, 1.9), b.between(0.6, 0.95)
        if b.chance(0.55):
            b.box(what, at, (wide, high, deep), yaw, **fields)
        else:
            b.box(what, (x, y + high - 0.06, z), (wide, 0.06, deep), yaw, **fields)
            b.box(what, at, (wide * 0.7, high - 0.06, 0.12), yaw, **fields)
        for _ in range(b.count(0, 3)):
            thing = b.one_of(
                "book", "vase", "plate", "bottle", "lamp", "computer" if what == "desk" else "flower"
            )
            place = b.beside(at, yaw, b.between(-0.4, 0.4) * wide, high + 0.005, b.between(-0.3, 0.3) * deep)
            _upon(b, thing, place, yaw + b.between(-25, 25))
    elif what == "lamp":
        if b.chance(0.4):
            b.solid("cylinder", "lamp", at, (0.45, 1.6, 0.45), light=b.glow(b.between(0.8, 2.5)))
        else:
            b.solid("cylinder", "lamp", at, (0.06, 1.4, 0.06))
            shade: Json = {"top_share": 0.6, "light": b.glow(b.between(0.8, 2.5))}
            b.solid("cone", "lamp", (x, y + 1.35, z), (0.45, 0.35, 0.45), **shade)
    elif what == "plant":
        b.solid("cylinder", "pot", at, (0.4, 0.4, 0.4))
        b.solid("sphere", "plant", (x, y + 0.35, z), (0.8, b.between(0.7, 1.4), 0.8))
    else:
        wide, high, deep = _CASES[what]
        b.box(what, at, (wide * b.between(0.85, 1.4), high * b.between(0.85, 1.15), deep), yaw, **fields)
    b.seen((x, y + 0.6, z), 1.0)


_CASES = {
    "bookcase": (1.0, 1.9, 0.34),
    "cabinet": (0.9, 1.2, 0.5),
    "wardrobe": (1.2, 2.0, 0.6),
    "chest of drawers": (0.9, 0.85, 0.48),
    "refrigerator": (0.7, 1.8, 0.65),
    "stove": (0.65, 0.9, 0.62),
    "dishwasher": (0.62, 0.86, 0.6),
    "washer": (0.62, 0.86, 0.6),
    "shelf": (0.9, 1.7, 0.3),
    "television receiver": (1.2, 0.7, 0.1),
    "fireplace": (1.5, 1.2, 0.5),
    "bathtub": (0.8, 0.58, 1.7),
    "toilet": (0.4, 0.78, 0.65),
    "sink": (0.6, 0.86, 0.48),
    "ottoman": (0.6, 0.42, 0.6),
    "stool": (0.38, 0.7, 0.38),
    "swivel chair": (0.6, 1.0, 0.6),
    "pool table": (2.4, 0.85, 1.4),
    "arcade machine": (0.75, 1.75, 0.8),
    "buffet": (1.6, 0.95, 0.5),
    "case": (0.9, 1.5, 0.6),
    "crt screen": (0.5, 0.45, 0.45),
}


def _upon(b: SetBuilder, what: str, at: Point, yaw: float) -> None:
    s = b.between(0.12, 0.3)
    if what == "lamp":
        b.solid("cylinder", "lamp", at, (0.3, 0.5, 0.3), light=b.glow(b.between(0.4, 1.4)))
    elif what == "computer":
        b.box(b.one_of("computer", "monitor", "crt screen"), at, (0.55, 0.4, 0.12), yaw)
    elif what in ("vase", "bottle"):
        b.solid("cylinder", what, at, (0.5 * s, 1.4 * s, 0.5 * s))
    elif what == "flower":
        b.solid("sphere", "flower", at, (0.3, 0.4, 0.3))
    else:
        b.box(what, at, (0.26, 0.05 if what == "book" else 0.03, 0.2), yaw)
