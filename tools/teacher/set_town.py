"""Random sets of towns: streets, squares, markets, harbours, traffic, car parks, roofs."""

import math
from collections.abc import Callable, Mapping

from tools.teacher.set_pieces import Json, SetBuilder, lamp_post, tree
from tools.teacher.set_things import bench, boat, car, house, prop, stall, table_for, vehicle

__all__ = ["TOWN"]


def _row_of_houses(b: SetBuilder, side: int, half: float, near: float, far: float, tall: float) -> None:
    """Houses along one side of a street from z = near to far, and what hangs on their faces."""
    z = near
    while z > far:
        depth, height = b.between(5, 15), b.between(0.35, 1.0) * tall + 2.5
        setback = b.between(0, 0.8)
        width = b.between(5, 10)
        name = b.one_of(
            "building", "building", "building", "house", "skyscraper" if tall > 24 else "building"
        )
        b.box(name, (side * (half + setback + width / 2), 0.0, z - depth / 2), (width, height, depth - 0.05))
        for _ in range(b.count(0, 3)):
            face_piece(b, side, side * (half + setback), z - b.between(0.8, max(1.0, depth - 0.8)), height)
        z -= depth + (b.between(0.8, 3.0) if b.chance(0.2) else 0.0)


def face_piece(b: SetBuilder, side: int, face: float, z: float, height: float) -> None:
    """Something on a house's face at x = face; `side` is the side of the street that it stands on."""
    what = b.one_of("blade", "sign", "sign", "door", "awning", "awning", "balcony", "window", "pipe", "flag")
    lit: Json = {"light": b.glow(b.between(0.3, 2.2))} if b.chance(0.6) else {}
    if what == "blade":
        at = (face - side * 0.45, b.between(2.4, max(2.5, min(height - 2, 5))), z)
        b.box("signboard", at, (0.8, b.between(0.5, 2.2), 0.14), 0.0, **lit)
    elif what == "sign":
        at = (face - side * 0.08, b.between(2.5, min(max(height - 1, 2.6), 4)), z)
        b.box("signboard", at, (0.16, b.between(0.4, 0.9), b.between(1.2, 3.4)), 0.0, **lit)
    elif what == "door":
        b.box("door", (face, 0.0, z), (0.12, 2.1, 1.0))
    elif what == "awning":
        b.box("awning", (face - side * 0.6, 2.4, z), (1.2, b.between(0.1, 0.6), b.between(1.5, 3.2)))
    elif what == "balcony":
        at = (face - side * 0.4, b.between(2.8, max(2.9, height - 1)), z)
        b.box("railing", at, (0.8, 0.95, b.between(1.2, 2.6)))
    elif what == "window":
        b.box("windowpane", (face, 1.0, z), (0.1, 1.4, b.between(1, 2.4)))
    elif what == "flag":
        b.box("flag", (face - side * 0.5, b.between(3.0, 4.5), z), (0.9, 0.6, 0.04))
    else:
        b.solid("cylinder", "pole", (face - side * 0.12, 0.0, z), (0.12, height, 0.12))


def _street(b: SetBuilder) -> None:
    half = b.between(2.2, 8.0)
    b.ground("road", "road", "sidewalk", "earth")
    if half > 3.5:
        for facing in (-1, 1):
            b.box("sidewalk", (facing * (half - 0.8), 0.0, -20.0), (1.7, 0.14, 90.0))
    tall = b.between(4, 30)
    for facing in (-1, 1):
        _row_of_houses(b, facing, half, 12.0, -58.0, tall)
    if b.chance(0.6):
        width = (2 * half + 12, b.between(6, 24), 6.0)
        b.box(b.one_of("building", "tower"), (0.0, 0.0, b.between(-66, -45)), width)
    for _ in range(b.count(1, 5)):
        prop(b, (b.side() * b.between(0.5, 1.0) * (half - 0.7), 0.0, b.between(-22, 3)))
    if half > 3.0:
        for _ in range(b.count(0, 4)):
            side = b.side()
            vehicle(b, (side * (half - 2.6), 0.0, b.between(-30, 0)), 0.0 if side < 0 else 180.0)
    for _ in range(b.count(0, 5)):
        lamp_post(b, b.side() * (half - 0.5), b.between(-28, 3))
    if b.chance(0.3):
        for _ in range(b.count(1, 5)):
            tree(b, (b.side() * (half - 0.9), 0.14, b.between(-28, -2)), b.between(2, 4))
    if b.chance(0.25):
        size = (1.4, round(b.between(0.8, 2.2), 2), 2.6)
        place = (b.side() * (half - 1), 0.0, b.between(-14, -4))
        b.solid("stairs", "stairs", place, size, b.between(0, 360), steps=b.count(4, 11))
    b.figures(b.count(1, 6), half - 0.6, 2, -16)
    b.stand(6, (-half + 0.8, 0.5, 2), (half - 0.8, 2.4, 8))
    b.stand(1, (-half + 1, 3, 4), (half - 1, 7, 11))
    b.targets.append((b.between(-1, 1), b.between(0.8, 3), -12.0))


def _square(b: SetBuilder) -> None:
    b.ground("sidewalk", "sidewalk", "sidewalk", "earth", "grass", across=160.0)
    far = b.between(16, 26)
    for k in range(b.count(6, 9)):
        turn = 2 * math.pi * k / 9 + b.between(-0.12, 0.12)
        size = (b.between(8, 14), b.between(5, 18), b.between(5, 9))
        at = (far * math.sin(turn), 0.0, -6 - far * math.cos(turn))
        b.box(b.one_of("building", "building", "house", "tower"), at, size, -math.degrees(turn))
    middle = (b.between(-2, 2), 0.0, b.between(-10, -7))
    what = b.one_of("fountain", "sculpture", "column", "tree", "stalls")
    if what == "fountain":
        b.solid("cylinder", "fountain", middle, (b.between(3, 5), b.between(0.6, 1.8), b.between(3, 5)))
    elif what == "sculpture":
        b.box("base", middle, (1.6, 1.4, 1.6))
        b.figure((middle[0], 1.4, middle[2]), 0.0, "point", prompt="bronze statue")
    elif what == "column":
        b.solid("cylinder", "column", middle, (1.0, b.between(5, 9), 1.0))
    elif what == "tree":
        tree(b, middle, 4.0)
    else:
        for _ in range(b.count(2, 4)):
            stall(b, (b.between(-7, 7), 0.0, b.between(-12, -3)), b.between(-40, 40))
    b.seen((middle[0], 1.5, middle[2]), 2.5)
    for _ in range(b.count(1, 4)):
        bench(b, (b.between(-7, 7), 0.0, b.between(-12, -2)), b.between(0, 360))
    for _ in range(b.count(0, 4)):
        lamp_post(b, b.between(-8, 8), b.between(-14, -2))
    for _ in range(b.count(0, 4)):
        tree(b, (b.side() * b.between(6, 10), 0.0, b.between(-16, -2)))
    b.figures(b.count(2, 9), 6, 1, -14)
    b.stand(7, (-6, 1.0, 2), (6, 2.4, 7))
    b.stand(1, (-8, 4, 5), (8, 9, 10))


def _market(b: SetBuilder) -> None:
    b.ground("sidewalk", "earth", "road")
    half = b.between(2.2, 3.4)
    for side in (-1, 1):
        z = 2.0
        while z > -18:
            if b.chance(0.85):
                stall(b, (side * half, 0.0, z), -90.0 * side + b.between(-6, 6))
            z -= b.between(2.9, 3.8)
        _row_of_houses(b, side, half + 4.0, 8.0, -40.0, b.between(6, 14))
    for _ in range(b.count(1, 4)):
        prop(b, (b.between(-1.4, 1.4), 0.0, b.between(-14, 0)))
    if b.chance(0.4):
        for k in range(6):
            at = (b.between(-1, 1), b.between(3.0, 3.8), -3.0 * k)
            b.solid("sphere", "light", at, (0.3, 0.36, 0.3), light=b.glow(1.6))
    b.figures(b.count(3, 9), 1.6, 1, -15)
    b.stand(7, (-1.4, 1.0, 2.5), (1.4, 2.2, 6.5))
    b.targets.append((0.0, 1.4, -9.0))


def _harbour(b: SetBuilder) -> None:
    b.add("plane", b.one_of("sea", "water", "water"), (0.0, -0.9, 0.0), size=[600.0, 600.0])
    quay = b.side()
    b.box(b.one_of("sidewalk", "road"), (quay * 14.0, -1.4, -20.0), (20.0, 1.4, 90.0))
    for _ in range(b.count(2, 5)):
        at = (quay * b.between(-6, 2), -1.15, b.between(-30, -1))
        boat(b, at, b.between(-25, 25) + float(b.random.choice([0, 180])))
    if b.chance(0.5):
        b.box(
            "ship", (-quay * b.between(8, 20), -2.5, b.between(-60, -30)), (7.0, b.between(5, 8), 26.0), 90.0
        )
    if b.chance(0.5):
        b.box("pier", (quay * 1.0, -0.9, b.between(-16, -6)), (9.0, 0.5, 1.8))
    for k in range(b.count(2, 5)):
        b.solid("cylinder", "pole", (quay * 4.5, 0.0, 1.0 - 5.0 * k), (0.3, 0.6, 0.3))
    z = -2.0
    while z > -50:
        long = b.between(6, 14)
        size = (8.0, b.between(4, 9), long)
        b.box(b.one_of("building", "house"), (quay * 17.0, 0.0, z - long / 2), size)
        z -= long + b.between(0, 3)
    if b.chance(0.4):
        b.solid("cone", "tower", (-quay * 25, -1.0, -55), (6.0, 18.0, 6.0), top_share=0.6)
    for _ in range(b.count(1, 5)):
        prop(b, (quay * b.between(5.5, 11), 0.0, b.between(-16, 2)))
    for _ in range(b.count(0, 3)):
        lamp_post(b, quay * b.between(5, 9), b.between(-20, 0))
    for _ in range(b.count(1, 4)):
        b.figure((quay * b.between(5, 9), 0.0, b.between(-12, 1)))
    b.stand(6, (quay * 4.6, 0.8, 3), (quay * 10, 2.6, 8))
    b.stand(2, (-quay * 6, 1.0, 4), (quay * 2, 4.0, 10))
    b.targets.append((quay * 2.0, 0.3, -14.0))


def _village(b: SetBuilder) -> None:
    b.ground("grass", "grass", "earth", "land", across=400.0)
    b.add("plane", b.one_of("road", "path", "earth"), (0.0, 0.03, -20.0), size=[b.between(3, 5), 120.0])
    for side in (-1, 1):
        z = 4.0
        while z > -45:
            house(b, (side * b.between(6, 10), 0.0, z - 4), b.between(-12, 12) - 90 * side)
            z -= b.between(9, 15)
        if b.chance(0.6):
            b.box("fence", (side * 3.4, 0.0, -8.0), (0.08, b.between(0.8, 1.3), b.between(8, 22)))
    if b.chance(0.5):
        at = (b.between(-6, 6), 0.0, -50.0)
        b.box("tower", at, (4.0, b.between(10, 16), 4.0))
        b.solid("cone", "tower", (at[0], 13.0, at[2]), (5.5, 5.0, 5.5), 45.0, sides=4)
    for _ in range(b.count(3, 8)):
        tree(b, (b.side() * b.between(4.2, 16), 0.0, b.between(-40, 0)))
    for _ in range(b.count(1, 4)):
        prop(b, (b.side() * b.between(1.4, 3.2), 0.0, b.between(-14, 1)))
    if b.chance(0.5):
        car(b, (b.between(-1, 1), 0.03, b.between(-14, -4)), float(b.random.choice([0, 180])))
    b.figures(b.count(1, 4), 2.5, 1, -12)
    b.stand(6, (-3, 0.8, 3), (3, 2.6, 9))
    b.stand(1, (-6, 4, 6), (6, 8, 12))
    b.targets.append((b.between(-4, 4), 1.5, -12.0))


def _traffic(b: SetBuilder) -> None:
    b.ground("road", "earth", "grass", across=400.0)
    half = b.between(5, 9)
    b.add("plane", "road", (0.0, 0.02, -40.0), size=[round(2 * half, 2), 200.0])
    for lane in (-0.75, -0.25, 0.25, 0.75):
        z = b.between(-2, 3)
        while z > -45:
            if b.chance(0.6):
                vehicle(b, (lane * half, 0.02, z), (180.0 if lane > 0 else 0.0) + b.between(-2, 2))
            z -= b.between(9, 15)
    for side in (-1, 1):
        if b.chance(0.6):
            _row_of_houses(b, side, half + 4, 6.0, -55.0, b.between(8, 34))
        for k in range(b.count(1, 3)):
            lamp_post(b, side * (half + 0.8), -3.0 - 11.0 * k, 4.5, 7.0)
    if b.chance(0.4):
        b.box("bridge", (0.0, 5.5, b.between(-40, -24)), (2 * half + 14, 1.4, 5.0))
    for _ in range(b.count(1, 3)):
        place = (b.side() * (half + 0.8), 0.0, b.between(-20, -4))
        b.solid("cylinder", "pole", place, (0.14, 3.4, 0.14))
        top = (place[0], 2.6, place[2])
        if b.chance(0.5):
            b.box("traffic light", top, (0.35, 1.0, 0.3), light=b.glow(0.5))
        else:
            b.box("signboard", top, (1.2, 0.8, 0.1), b.between(-15, 15))
    b.figures(b.count(0, 3), half, 1, -10)
    b.stand(6, (-half - 1, 0.6, 3), (half + 1, 2.6, 9))
    b.stand(2, (-half, 5, 6), (half, 10, 14))
    b.targets.append((0.0, 1.2, -16.0))


def _car_park(b: SetBuilder) -> None:
    roofed = b.chance(0.5)
    b.ground("road", "floor" if roofed else "road")
    if roofed:
        b.box("ceiling", (0.0, 3.0, -10.0), (34.0, 0.4, 44.0))
        for k in range(10):
            at = (-8.0 if k % 2 else 8.0, 0.0, 4.0 - 6.0 * (k // 2))
            b.box("column", at, (0.6, 3.0, 0.6))
        b.box("wall", (0.0, 0.0, -31.0), (34.0, 3.0, 0.4))
        for k in range(4):
            b.box("light", (0.0, 2.85, 2.0 - 7 * k), (0.25, 0.1, 2.0), light=b.glow(1.8))
    else:
        for side in (-1, 1):
            _row_of_houses(b, side, 15.0, 4.0, -44.0, b.between(6, 20))
    for side in (-1, 1):
        for k in range(b.count(4, 7)):
            if b.chance(0.75):
                car(b, (side * 5.6, 0.01, 2.0 - 3.1 * k), 90.0 * side + b.between(-3, 3))
    b.figures(b.count(1, 3), 2.5, 1, -14)
    b.stand(7, (-3, 0.5, 2), (3, 2.3, 7))
    b.targets.append((0.0, 1.0, -10.0))


def _roofs(b: SetBuilder) -> None:
    b.box("building", (0.0, -0.6, 0.0), (16.0, 0.6, 22.0))
    b.box("wall", (0.0, 0.0, -11.0), (16.0, 0.9, 0.3))
    for k in range(b.count(18, 30)):
        turn = 2.1 * k
        far = b.between(22, 110)
        wide, tall = b.between(8, 18), b.between(10, 60)
        at = (far * math.sin(turn), -28.0, -abs(far * math.cos(turn)) - 14)
        b.box(
            b.one_of("skyscraper", "building", "building", "tower"),
            at,
            (wide, tall, wide),
            b.between(-12, 12),
        )
    b.add("plane", "road", (0.0, -28.0, -80.0), size=[500.0, 500.0])
    for _ in range(b.count(2, 6)):
        prop(b, (b.between(-6, 6), 0.0, b.between(-9, 1)))
    if b.chance(0.5):
        at = (b.between(-5, 5), 0.0, b.between(-9, -6))
        b.solid("cylinder", "tank", (at[0], 1.6, at[2]), (2.4, 2.6, 2.4))
        b.box("base", at, (1.8, 1.6, 1.8))
    if b.chance(0.5):
        b.box("house", (b.side() * 5, 0.0, -6.0), (3.0, 2.6, 3.0))
    b.box("signboard", (b.between(-4, 4), 1.0, -10.5), (4.0, 1.8, 0.2), light=b.glow(2.0))
    b.figures(b.count(1, 3), 4, 1, -8)
    b.stand(7, (-5, 0.9, 2), (5, 2.6, 8))
    b.targets.append((0.0, 2.0, -20.0))


def _cafe_terrace(b: SetBuilder) -> None:
    b.ground("sidewalk", "road")
    side = b.count(0, 1) * 2 - 1
    _row_of_houses(b, side, 4.0, 6.0, -40.0, b.between(7, 15))
    if b.chance(0.7):
        _row_of_houses(b, -side, 9.0, 0.0, -50.0, b.between(7, 18))
    for k in range(b.count(2, 5)):
        at = (side * b.between(1.4, 2.6), 0.0, 1.0 - 2.9 * k)
        table_for(b, at, b.count(2, 4))
        if b.chance(0.5):
            b.solid("cylinder", "pole", at, (0.06, 2.4, 0.06))
            b.solid("cone", b.one_of("awning", "canopy"), (at[0], 2.2, at[2]), (2.4, 0.6, 2.4), sides=8)
    b.box("awning", (side * 3.2, 2.7, -4.0), (1.6, 0.4, b.between(5, 10)))
    for _ in range(b.count(1, 3)):
        prop(b, (side * b.between(-3, -1), 0.0, b.between(-12, -1)))
    if b.chance(0.6):
        vehicle(b, (-side * 4.0, 0.0, b.between(-14, -5)), b.between(-4, 4))
    lamp_post(b, -side * 1.0, b.between(-10, -3))
    b.figures(b.count(1, 4), 2.0, 0, -12)
    b.stand(7, (-2.5, 0.9, 2), (2.5, 2.2, 6))
    b.targets.append((side * 2.0, 1.2, -6.0))


TOWN: Mapping[str, Callable[[SetBuilder], None]] = {
    "street": _street,
    "square": _square,
    "market": _market,
    "harbour": _harbour,
    "village": _village,
    "traffic": _traffic,
    "car park": _car_park,
    "roofs": _roofs,
    "terrace": _cafe_terrace,
}
