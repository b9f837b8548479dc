"""Random sets under a roof: rooms to live and work in, bars, libraries, halls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tools.teacher.set_pieces import Json, SetBuilder, lit_sphere
from tools.teacher.set_things import furniture, prop, table_for, vehicle

__all__ = ["ROOMS"]


@dataclass(frozen=True, slots=True)
class _Room:
    """Half its width, half its depth, its height."""

    w: float
    d: float
    h: float


def _room(b: SetBuilder, w: float, d: float, h: float, floor: Sequence[str] = ("floor",)) -> _Room:
    """Four walls with windows and doors, mostly a ceiling, often a rug; the camera looks along −z."""
    b.ground(*floor, across=round(2 * max(w, d) + 1, 2))
    if b.chance(0.85):
        b.box("ceiling", (0.0, h, 0.0), (2 * w + 0.4, 0.2, 2 * d + 0.4))
    said = b.said("wall")
    for side in (-1, 1):
        openings = []
        if b.chance(0.7):
            for k in range(b.count(1, 3)):
                wide = b.between(0.5, 0.9) * min(2.0, 0.5 * d)
                x = (k - 1) * d * 0.5 + b.between(-0.1, 0.1)
                openings.append(
                    {"x": round(x, 2), "y": 0.8, "width": round(wide, 2), "height": round(min(1.5, h - 1), 2)}
                )
        wall: Json = {"size": [round(2 * d, 2), round(h, 2), 0.2], "openings": openings, **said}
        b.add("wall", "wall", (side * (w + 0.1), 0.0, 0.0), 90.0, **wall)
        for hole in openings:
            z = -hole["x"]
            if b.chance(0.5):
                b.box("windowpane", (side * (w + 0.1), 0.8, z), (0.06, hole["height"], hole["width"]))
            if b.chance(0.45):
                for end in (-1, 1):
                    at = (side * (w - 0.08), 0.25, z + end * (hole["width"] / 2 + 0.1))
                    b.box("curtain", at, (0.12, min(2.2, h - 0.4), 0.45))
    door = {"x": round(b.between(-0.5, 0.5) * w, 2), "y": 0.0, "width": 0.95, "height": 2.1}
    back: Json = {"size": [round(2 * w, 2), round(h, 2), 0.2], "openings": [door] if b.chance(0.35) else []}
    b.add("wall", "wall", (0.0, 0.0, -d - 0.1), **back, **said)
    b.add("wall", "wall", (0.0, 0.0, d + 0.1), size=[round(2 * w, 2), round(h, 2), 0.2], **said)
    if not back["openings"] and b.chance(0.3):
        b.box("door", (door["x"], 0.0, -d + 0.04), (0.95, 2.1, 0.1))
    if b.chance(0.5):
        b.box(
            "rug",
            (b.between(-0.5, 0.5), 0.0, b.between(-2, 0)),
            (b.between(1.4, 2.8), 0.02, b.between(1.6, 3.2)),
        )
    b.stand(6, (-w + 0.5, 0.8, 0.3 * d), (w - 0.5, 2.0, d - 0.4))
    b.targets.append((b.between(-1, 1), b.between(0.7, 1.4), -d + 1))
    return _Room(w, d, h)


def _along_walls(b: SetBuilder, room: _Room, names: Sequence[str]) -> None:
    """Furniture with its back to the walls, in the order given, as far as it fits."""
    places = [(0, k) for k in (-0.7, -0.2, 0.3, 0.75)] + [
        (s, k) for s in (-1, 1) for k in (-0.75, -0.3, 0.15)
    ]
    order = b.random.permutation(len(places))
    for name, index in zip(names, order, strict=False):
        side, k = places[index]
        if side == 0:
            furniture(b, name, (k * (room.w - 0.6), 0.0, -room.d + 0.4), b.between(-3, 3))
        else:
            furniture(b, name, (side * (room.w - 0.45), 0.0, k * room.d), -90.0 * side + b.between(-3, 3))


def _hung(b: SetBuilder, room: _Room, count: int) -> None:
    for _ in range(count):
        size = (b.between(0.5, 1.5), b.between(0.4, 1.0), 0.06)
        what = b.one_of("painting", "painting", "mirror", "poster", "clock")
        if b.chance(0.6):
            at = (b.between(-0.8, 0.8) * room.w, b.between(1.2, 1.7), -room.d + 0.05)
            b.box(what, at, size if what != "clock" else (0.35, 0.35, 0.06))
        else:
            side = b.side()
            b.box(
                what,
                (side * (room.w - 0.05), b.between(1.2, 1.6), b.between(-0.7, 0.2) * room.d),
                size,
                -90.0 * side,
            )


def _lit(b: SetBuilder, room: _Room) -> None:
    """Hanging, standing and wall lamps."""
    what = b.one_of("chandelier", "pendants", "strips", "sconces", "none")
    if what == "chandelier":
        lit_sphere(
            b, "chandelier", (b.between(-0.5, 0.5), room.h - 0.8, b.between(-2, 0)), 0.6, b.between(1, 3)
        )
    elif what == "pendants":
        for k in range(3):
            at = (-1.2 + 1.2 * k, room.h - 1.0, -0.3 * room.d)
            b.solid("cone", "light", at, (0.4, 0.3, 0.4), light=b.glow(b.between(0.7, 1.8)), top_share=0.3)
            b.solid("cylinder", "pole", (at[0], at[1] + 0.3, at[2]), (0.02, 0.7, 0.02))
    elif what == "strips":
        for k in range(3):
            b.box("light", (0.0, room.h - 0.1, (k - 1.5) * 0.5 * room.d), (0.2, 0.08, 1.6), light=b.glow(1.4))
    elif what == "sconces":
        for side in (-1, 1):
            for z in (-0.5, 0.1):
                lit_sphere(b, "sconce", (side * (room.w - 0.12), 1.8, z * room.d), 0.24, b.between(0.6, 1.5))


def _people(b: SetBuilder, room: _Room, most: int) -> None:
    for _ in range(b.count(0, most)):
        at = (b.between(-0.6, 0.6) * room.w, 0.0, b.between(-0.7, 0.2) * room.d)
        b.figure(
            at, b.between(-80, 80) if b.chance(0.7) else None, b.one_of("stand", "stand", "walk", "point")
        )


def _living(b: SetBuilder) -> None:
    room = _room(b, b.between(2.3, 4.0), b.between(3.5, 6.0), b.between(2.5, 3.4))
    names = [
        "sofa",
        "bookcase",
        "television receiver",
        "cabinet",
        "lamp",
        "plant",
        "fireplace",
        "armchair",
        "shelf",
    ]
    _along_walls(b, room, [str(n) for n in b.random.permutation(names)[: b.count(4, 7)]])
    seat = (b.between(-0.4, 0.4), 0.0, b.between(-1.8, -0.8))
    turn = b.between(-30, 30)
    furniture(b, "sofa", seat, turn)
    furniture(b, "coffee table", b.beside(seat, turn, 0, 0, 1.0), turn)
    if b.chance(0.5):
        furniture(b, "armchair", b.beside(seat, turn, 1.5, 0, 0.7), turn - 60)
    if b.chance(0.5):
        b.figure(b.beside(seat, turn, 0.3, 0, 0.05), turn, "sit", seat_m=0.46)
    _hung(b, room, b.count(1, 3))
    _lit(b, room)
    _people(b, room, 2)


def _bedroom(b: SetBuilder) -> None:
    room = _room(b, b.between(2.0, 3.2), b.between(2.8, 4.2), b.between(2.4, 3.2))
    furniture(b, "bed", (b.between(-0.5, 0.5), 0.0, -room.d + 1.2), 0.0)
    for side in (-1, 1):
        if b.chance(0.7):
            furniture(b, "chest of drawers", (side * 1.7, 0.0, -room.d + 0.35), 0.0)
            if b.chance(0.7):
                lamp = (side * 1.7, 0.86, -room.d + 0.35)
                b.solid("cylinder", "lamp", lamp, (0.28, 0.45, 0.28), light=b.glow(b.between(0.5, 1.6)))
    _along_walls(b, room, ["wardrobe", "armchair", "desk", "plant"][: b.count(1, 4)])
    _hung(b, room, b.count(1, 3))
    _lit(b, room)
    _people(b, room, 2)


def _kitchen(b: SetBuilder) -> None:
    room = _room(b, b.between(2.0, 3.4), b.between(2.8, 4.6), b.between(2.4, 3.2))
    x = -room.w + 0.4
    said, tops = b.said("cabinet"), b.said("counter")
    while x < room.w - 0.7:
        what = b.one_of(
            "cabinet", "cabinet", "counter", "stove", "refrigerator", "dishwasher", "sink", "oven"
        )
        wide = b.between(0.6, 1.4)
        at = (x + wide / 2, 0.0, -room.d + 0.35)
        if what == "refrigerator":
            b.box(what, at, (0.75, 1.8, 0.68))
        elif what in ("cabinet", "counter"):
            b.box("cabinet", at, (wide, 0.86, 0.62), **said)
            b.box("countertop", (at[0], 0.86, at[2]), (wide, 0.05, 0.66), **tops)
            if b.chance(0.6):
                b.box("cabinet", (at[0], 1.5, -room.d + 0.2), (wide, 0.7, 0.34), **said)
            thing = b.one_of("bottle", "pot", "food", "vase", "microwave", "basket")
            b.box(thing, (at[0], 0.91, at[2]), (0.3, 0.28, 0.25))
        else:
            b.box(what, at, (wide, 0.9, 0.64))
            if what == "stove":
                b.box("hood", (at[0], 1.6, at[2]), (wide, 0.5, 0.5))
        x += wide + 0.02
    if b.chance(0.5):
        island = (b.between(-0.4, 0.4), 0.0, b.between(-1.0, 0.0))
        b.box(b.one_of("kitchen island", "counter"), island, (b.between(1.4, 2.2), 0.92, 0.8))
        b.solid(
            "sphere", b.one_of("food", "flower", "vase"), (island[0] + 0.3, 0.93, island[2]), (0.3, 0.28, 0.3)
        )
        for k in range(b.count(0, 3)):
            furniture(b, "stool", (island[0] - 0.6 + 0.6 * k, 0.0, island[2] + 0.7), 180.0)
    else:
        table_for(b, (b.between(-0.4, 0.4), 0.0, b.between(-0.8, 0.2)), b.count(2, 4))
    _hung(b, room, b.count(0, 2))
    _lit(b, room)
    _people(b, room, 2)


def _office(b: SetBuilder) -> None:
    room = _room(b, b.between(3.0, 5.5), b.between(4.5, 8.0), b.between(2.6, 3.4))
    for row in range(b.count(1, 3)):
        for column in (-1, 1):
            if b.chance(0.85):
                at = (column * b.between(1.0, room.w - 1.2), 0.0, -room.d + 2.0 + 2.4 * row)
                turn = float(b.random.choice([0, 180, 90])) + b.between(-8, 8)
                furniture(b, "desk", at, turn)
                seat = b.beside(at, turn, 0, 0, -0.75)
                furniture(b, "swivel chair", seat, turn)
                if b.chance(0.4):
                    b.figure(seat, turn, "sit", seat_m=0.48)
    _along_walls(b, room, ["bookcase", "cabinet", "plant", "shelf", "plant", "case"][: b.count(2, 6)])
    if b.chance(0.4):
        b.box("bulletin board", (0.0, 1.1, -room.d + 0.05), (2.0, 1.1, 0.06))
    _hung(b, room, b.count(0, 2))
    _lit(b, room)
    _people(b, room, 3)


def _bar(b: SetBuilder) -> None:
    room = _room(b, b.between(2.6, 4.2), b.between(4.0, 6.5), b.between(2.7, 3.5))
    side = -1 if b.chance(0.5) else 1
    x = side * (room.w - 1.4)
    long = room.d * 1.2
    b.box(b.one_of("bar", "counter"), (x, 0.0, -0.3 * room.d), (0.65, 1.08, long))
    b.box("shelf", (side * (room.w - 0.2), 0.9, -0.3 * room.d), (0.3, 1.5, long * 0.8))
    for _ in range(b.count(3, 10)):
        at = (x + b.between(-0.2, 0.2), 1.09, -0.3 * room.d + b.between(-0.45, 0.45) * long)
        b.solid("cylinder", b.one_of("bottle", "glass", "bottle"), at, (0.09, 0.3, 0.09))
    for k in range(b.count(2, 5)):
        at = (x - side * 0.65, 0.0, -0.3 * room.d - 1.6 + 0.95 * k)
        furniture(b, "stool", at, -90.0 * side)
        if b.chance(0.4):
            b.figure(at, 90.0 * side, "sit", seat_m=0.72)
    b.figure((x + side * 0.7, 0.0, b.between(-0.6, 0.0) * room.d), -90.0 * side, "stand")
    for k in range(3):
        at = (x, room.h - 1.0, -0.3 * room.d - 1.5 + 1.5 * k)
        b.solid("cone", "light", at, (0.36, 0.26, 0.36), light=b.glow(b.between(0.7, 2.0)), top_share=0.3)
    for _ in range(b.count(0, 2)):
        table_for(b, (-x * b.between(0.2, 0.8), 0.0, b.between(-0.7, 0.1) * room.d), b.count(2, 3))
    if b.chance(0.5):
        b.box("signboard", (-x * 0.5, 1.8, -room.d + 0.1), (1.4, 0.6, 0.1), light=b.glow(1.6))
    if b.chance(0.3):
        furniture(b, b.one_of("pool table", "arcade machine"), (-x * 0.5, 0.0, -0.6 * room.d), 0.0)
    _hung(b, room, b.count(0, 2))
    _people(b, room, 3)


def _library(b: SetBuilder) -> None:
    room = _room(b, b.between(3.0, 5.0), b.between(4.5, 8.0), b.between(3.0, 4.8))
    said = b.said("bookcase")
    tall = b.between(2.0, room.h - 0.4)
    for side in (-1, 1):
        for k in range(b.count(2, 4)):
            at = (side * (room.w - 0.25), 0.0, -room.d + 1.2 + 1.9 * k)
            b.box("bookcase", at, (1.7, tall, 0.36), -90.0 * side, **said)
            b.seen((at[0] * 0.9, 1.3, at[2]), 1.1)
    for k in range(b.count(1, 3)):
        b.box("bookcase", (-1.6 + 1.6 * k, 0.0, -room.d + 0.3), (1.5, tall, 0.36), 0.0, **said)
    for _ in range(b.count(1, 2)):
        at = (b.between(-0.5, 0.5), 0.0, b.between(-0.5, 0.1) * room.d)
        furniture(b, "table", at, float(b.random.choice([0, 90])))
        furniture(b, "chair", (at[0] + 0.2, 0.0, at[2] - 0.8), 0.0)
        b.figure((at[0] - 0.3, 0.0, at[2] - 0.7), b.between(-20, 20), "sit", seat_m=0.46)
    if b.chance(0.5):
        furniture(b, "armchair", (b.side() * 1.5, 0.0, b.between(-0.4, 0.3) * room.d), b.between(0, 360))
    if b.chance(0.4):
        b.solid("stairs", "stairs", (b.side() * 1.5, 0.0, -room.d + 1.2), (0.8, 2.2, 1.6), 180.0, steps=8)
    _lit(b, room)
    _people(b, room, 2)


def _hall(b: SetBuilder) -> None:
    """A hall with columns: a church, a museum, a palace."""
    room = _room(b, b.between(4.0, 7.0), b.between(7.0, 12.0), b.between(4.5, 7.5))
    kind = b.one_of("museum", "church", "palace")
    said = b.said("column")
    for side in (-1, 1):
        for k in range(4):
            at = (side * room.w * 0.62, 0.0, -room.d + 2.0 + 0.45 * room.d * k)
            b.solid("cylinder", "column", at, (0.6, room.h, 0.6), **said)
    if kind == "church":
        for row in range(b.count(3, 5)):
            for side in (-1, 1):
                b.box("bench", (side * 1.7, 0.0, -room.d + 4.0 + 1.3 * row), (2.4, 0.9, 0.5), 180.0)
        b.box("table", (0.0, 0.0, -room.d + 1.6), (2.0, 1.0, 0.8))
        for side in (-1, 1):
            lit_sphere(b, "light", (side * 0.8, 1.02, -room.d + 1.6), 0.16, 1.2)
    elif kind == "museum":
        for _ in range(b.count(2, 5)):
            at = (b.between(-0.5, 0.5) * room.w, 0.0, b.between(-0.8, 0.2) * room.d)
            b.box("base", at, (0.7, 0.9, 0.7))
            s = b.between(0.5, 1.0)
            what = b.one_of("sculpture", "vase", "sculpture")
            b.solid(b.one_of("box", "sphere", "cylinder", "cone"), what, (at[0], 0.9, at[2]), (s, s * 1.5, s))
            b.seen((at[0], 1.4, at[2]), 0.9)
        bench_at = (b.between(-1, 1), 0.0, -0.1 * room.d)
        b.box("bench", bench_at, (1.6, 0.45, 0.5))
    else:
        b.box("rug", (0.0, 0.0, -0.2 * room.d), (2.2, 0.03, room.d * 1.4), prompt="red carpet")
        b.solid("stairs", "stairs", (0.0, 0.0, -room.d + 1.4), (4.0, 1.0, 2.0), 0.0, steps=5)
        furniture(b, "armchair", (0.0, 1.0, -room.d + 0.8), 0.0)
        for side in (-1, 1):
            b.box("curtain", (side * (room.w - 0.2), 0.3, -0.5 * room.d), (0.2, room.h - 0.8, 1.6))
    _hung(b, room, b.count(2, 5))
    _lit(b, room)
    _people(b, room, 5)


def _workshop(b: SetBuilder) -> None:
    """A hall of a warehouse or a garage."""
    room = _room(b, b.between(5.0, 8.0), b.between(7.0, 11.0), b.between(4.0, 6.5))
    for _ in range(b.count(3, 7)):
        at = (b.side() * b.between(0.4, 0.85) * room.w, 0.0, b.between(-0.9, 0.2) * room.d)
        for k in range(b.count(1, 3)):
            b.box("box", (at[0], 1.0 * k, at[2]), (1.2, 1.0, 1.0), b.between(-12, 12))
        b.seen((at[0], 0.8, at[2]), 1.2)
    if b.chance(0.7):
        vehicle(b, (b.between(-2, 2), 0.0, -0.5 * room.d), b.between(0, 360))
    for _ in range(b.count(0, 4)):
        prop(b, (b.between(-0.7, 0.7) * room.w, 0.0, b.between(-0.7, 0.1) * room.d))
    for side in (-1, 1):
        for k in range(3):
            b.box("column", (side * (room.w - 0.3), 0.0, (k - 1) * 0.7 * room.d), (0.4, room.h, 0.4))
    for k in range(2):
        at = (0.0, room.h - 0.6, (k - 1) * 0.6 * room.d)
        b.solid("cone", "light", at, (0.6, 0.4, 0.6), light=b.glow(b.between(2, 5)), top_share=0.3)
    _people(b, room, 3)


def _bathroom(b: SetBuilder) -> None:
    room = _room(b, b.between(1.6, 2.4), b.between(2.0, 3.0), b.between(2.4, 3.0))
    _along_walls(b, room, ["sink", "bathtub", "toilet", "cabinet", "washer"][: b.count(3, 5)])
    b.box("mirror", (b.between(-0.5, 0.5), 1.2, -room.d + 0.05), (0.9, 0.9, 0.05))
    if b.chance(0.6):
        b.box("towel", (room.w - 0.1, 1.0, b.between(-1, 0)), (0.06, 0.7, 0.5))
    _lit(b, room)
    _people(b, room, 1)


ROOMS: Mapping[str, Callable[[SetBuilder], None]] = {
    "living room": _living,
    "bedroom": _bedroom,
    "kitchen": _kitchen,
    "office": _office,
    "bar": _bar,
    "library": _library,
    "hall": _hall,
    "workshop": _workshop,
    "bathroom": _bathroom,
}
