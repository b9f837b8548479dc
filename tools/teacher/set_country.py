"""Random sets out of town: mountains, forests, roads, parks, beaches, farms; and single things close by."""

from collections.abc import Callable, Mapping

from tools.teacher.set_pieces import SetBuilder, lamp_post, tree
from tools.teacher.set_things import bench, boat, car, furniture, house, prop, vehicle

__all__ = ["COUNTRY"]


def _mountains(b: SetBuilder, count: int, near: float, far: float) -> None:
    for _ in range(count):
        s = b.between(0.35, 1.0) * (near + far) * 0.45
        at = (b.between(-1, 1) * far * 0.75, -b.between(0, 3), -b.between(near, far))
        high = s * b.between(0.25, 0.8)
        kind = b.one_of("hill", "hill", "mesa", "peak", "peak")
        if kind == "hill":
            b.solid("sphere", b.one_of("hill", "mountain"), (at[0], -high, at[2]), (s, 2 * high, s))
        elif kind == "mesa":
            fields = {"top_share": round(b.between(0.4, 0.9), 2), "sides": b.count(5, 12)}
            b.solid("cone", "mountain", at, (s, high, s * 0.7), b.between(0, 90), **fields)
        else:
            b.solid("cone", "mountain", at, (s, high * 1.3, s), b.between(0, 90), sides=b.count(4, 9))


def _rocks(b: SetBuilder, count: int, width: float, far: float) -> None:
    for _ in range(count):
        s = b.between(0.4, 2.2)
        at = (b.between(-width, width), -0.15 * s, b.between(-far, 1))
        b.solid(b.one_of("sphere", "sphere", "box"), "rock", at, (s, s * 0.7, s * 1.2), b.between(0, 360))
        b.seen((at[0], 0.4 * s, at[2]), s)


def _landscape(b: SetBuilder) -> None:
    b.ground("earth", "grass", "sand", "field", "grass", across=500.0)
    _mountains(b, b.count(3, 8), 45, 190)
    for _ in range(b.count(3, 10)):
        tree(b, (b.between(-16, 16), 0.0, b.between(-35, -1)))
    _rocks(b, b.count(1, 5), 9, 18)
    if b.chance(0.5):
        house(b, (b.between(-10, 10), 0.0, b.between(-26, -10)), b.between(0, 360))
    if b.chance(0.6):
        what = b.one_of("road", "path", "river", "river")
        size = [round(b.between(2.5, 8), 1), 400.0]
        b.add("plane", what, (b.between(-4, 4), 0.03, 0.0), b.between(-25, 25), size=size)
    elif b.chance(0.5):
        b.add("plane", "lake", (b.between(-20, 20), 0.03, -40.0), size=[60.0, 40.0])
    if b.chance(0.3):
        car(b, (b.between(-5, 5), 0.0, b.between(-14, -3)), b.between(0, 360))
    b.figures(b.count(1, 3), 5, 0, -14)
    b.stand(6, (-6, 0.5, 3), (6, 3.0, 9))
    b.stand(1, (-10, 4, 6), (10, 12, 16))
    b.targets.append((b.between(-8, 8), b.between(0, 5), -30.0))


def _forest(b: SetBuilder) -> None:
    b.ground("grass", "earth", "grass")
    for k in range(b.count(18, 34)):
        x = b.side() * (1.6 + abs(b.between(-1, 1)) * 13)
        tree(b, (x, 0.0, 2.0 - 1.3 * k + b.between(-2, 2)), b.between(2.5, 6))
    if b.chance(0.6):
        b.add(
            "plane",
            b.one_of("path", "river", "earth"),
            (0.0, 0.03, -15.0),
            b.between(-8, 8),
            size=[2.2, 80.0],
        )
    _rocks(b, b.count(1, 5), 6, 16)
    for _ in range(b.count(2, 6)):
        at = (b.between(-5, 5), 0.0, b.between(-12, 1))
        b.solid("sphere", b.one_of("plant", "flower"), at, (b.between(0.6, 1.6), 0.8, 1.0))
    if b.chance(0.4):
        house(b, (b.between(-4, 4), 0.0, -20.0), b.between(-40, 40), b.one_of("hovel", "house"))
    if b.chance(0.4):
        at = (b.side() * 2.5, 0.0, b.between(-9, -3))
        b.solid("cone", "tent", at, (2.4, 1.7, 2.4), 45.0, sides=4)
        b.solid(
            "sphere",
            "light",
            (at[0] * 0.4, 0.0, at[2] + 1),
            (0.3, 0.3, 0.3),
            light={"colour": "#ff8a2a", "strength": 2.5},
        )
    b.figures(b.count(1, 4), 1.6, 0, -12)
    b.stand(7, (-1.8, 0.6, 2.5), (1.8, 2.2, 7))
    b.targets.append((0.0, 2.0, -14.0))


def _road(b: SetBuilder) -> None:
    b.ground("sand", "earth", "grass", "land", "field", across=600.0)
    half = b.between(2.5, 5)
    b.add("plane", "road", (0.0, 0.02, -40.0), b.between(-3, 3), size=[round(2 * half, 2), 300.0])
    for _ in range(b.count(1, 4)):
        side = b.side()
        vehicle(
            b, (side * half * 0.5, 0.02, b.between(-32, 0)), (180.0 if side > 0 else 0.0) + b.between(-6, 6)
        )
    side = b.side()
    for k in range(b.count(3, 9)):
        b.solid("cylinder", "pole", (side * (half + 1.4), 0.0, 4.0 - 8.0 * k), (0.22, b.between(5, 7), 0.22))
    _mountains(b, b.count(2, 7), 35, 170)
    _rocks(b, b.count(0, 4), 14, 30)
    if b.chance(0.5):
        house(
            b,
            (b.side() * (half + 7), 0.0, b.between(-24, -8)),
            b.between(0, 360),
            b.one_of("house", "building"),
        )
    if b.chance(0.6):
        at = (half + 1.5, 1.6, b.between(-16, -3))
        lit = {"light": b.glow(1.5)} if b.chance(0.5) else {}
        b.box("signboard", at, (b.between(1.2, 3.0), b.between(0.7, 1.5), 0.12), b.between(-20, 20), **lit)
        b.solid("cylinder", "pole", (at[0], 0.0, at[2]), (0.12, 1.6, 0.12))
    for _ in range(b.count(0, 3)):
        tree(b, (b.side() * b.between(half + 2, half + 14), 0.0, b.between(-34, -2)))
    for _ in range(b.count(0, 3)):
        prop(b, (b.side() * b.between(half + 1, half + 5), 0.0, b.between(-18, 2)))
    b.figures(b.count(1, 2), half + 1, 1, -12)
    b.stand(6, (-half - 3, 0.4, 3), (half + 3, 2.6, 9))
    b.stand(1, (-6, 4, 8), (6, 10, 16))
    b.targets.append((0.0, 1.0, -20.0))


def _park(b: SetBuilder) -> None:
    b.ground("grass", across=200.0)
    b.add(
        "plane",
        b.one_of("path", "sidewalk", "earth"),
        (0.0, 0.02, -14.0),
        b.between(-10, 10),
        size=[3.0, 70.0],
    )
    if b.chance(0.5):
        b.solid(
            "cylinder", b.one_of("water", "lake", "fountain"), (b.side() * 6, 0.0, -10.0), (8.0, 0.08, 6.0)
        )
    for _ in range(b.count(6, 14)):
        tree(b, (b.side() * b.between(2.5, 16), 0.0, b.between(-36, 1)))
    for k in range(b.count(1, 3)):
        side = b.side()
        at = (side * 2.1, 0.0, -2.0 - 5.0 * k)
        bench(b, at, -90.0 * side)
        if b.chance(0.5):
            b.figure(at, -90.0 * side, "sit", seat_m=0.45)
    for k in range(b.count(1, 3)):
        lamp_post(b, b.side() * 1.8, -1.0 - 6.0 * k, 2.6, 3.6)
    for _ in range(b.count(2, 6)):
        at = (b.side() * b.between(1.9, 5), 0.0, b.between(-14, 1))
        b.solid("sphere", b.one_of("flower", "plant"), at, (b.between(0.5, 1.4), 0.6, 0.8))
    for k in range(b.count(0, 4)):
        size = (9.0, b.between(8, 26), 8.0)
        b.box(b.one_of("building", "skyscraper"), (-24.0 + 14 * k, 0.0, -52.0 - b.between(0, 9)), size)
    if b.chance(0.4):
        b.box("base", (0.0, 0.0, -12.0), (1.2, 1.3, 1.2))
        b.solid(b.one_of("sphere", "cone", "box"), "sculpture", (0.0, 1.3, -12.0), (1.0, 1.7, 1.0))
    b.figures(b.count(1, 5), 1.5, 1, -14)
    b.stand(7, (-1.8, 0.7, 2), (1.8, 2.3, 7))
    b.targets.append((0.0, 1.6, -12.0))


def _beach(b: SetBuilder) -> None:
    b.ground("sand", across=400.0)
    side = b.side()
    b.add("plane", b.one_of("sea", "water"), (side * 208.0, 0.03, 0.0), size=[400.0, 500.0])
    for _ in range(b.count(2, 6)):
        at = (-side * b.between(0.5, 7), 0.0, b.between(-18, 0))
        what = b.one_of("parasol", "chair", "towel", "boat", "rock", "palm", "ball")
        if what == "parasol":
            b.solid("cylinder", "pole", at, (0.06, 2.2, 0.06))
            b.solid("cone", "canopy", (at[0], 1.9, at[2]), (2.4, 0.6, 2.4), sides=8)
        elif what == "chair":
            furniture(b, "chair", at, 90.0 * side)
        elif what == "towel":
            b.box("towel", at, (0.9, 0.02, 1.8), b.between(0, 90))
        elif what == "boat":
            boat(b, at, b.between(0, 360))
        elif what == "rock":
            _rocks(b, 2, 8, 14)
        elif what == "palm":
            tree(b, at, b.between(3, 5))
        else:
            b.solid("sphere", "ball", at, (0.4, 0.4, 0.4))
    for _ in range(b.count(0, 2)):
        boat(b, (side * b.between(12, 30), 0.0, b.between(-50, -14)), b.between(0, 360))
    _mountains(b, b.count(1, 4), 70, 190)
    if b.chance(0.5):
        house(b, (-side * b.between(9, 14), 0.0, b.between(-26, -8)), 90.0 * side)
    b.figures(b.count(1, 5), 5, 1, -14)
    b.stand(6, (-5, 0.6, 2), (5, 2.4, 8))
    b.stand(1, (-6, 4, 8), (6, 8, 12))
    b.targets.append((side * 4.0, 0.8, -20.0))


def _farm(b: SetBuilder) -> None:
    b.ground("grass", "field", "earth", across=400.0)
    b.add("plane", "earth", (0.0, 0.02, -10.0), b.between(-8, 8), size=[4.0, 60.0])
    house(b, (b.between(5, 9), 0.0, -12.0), -90.0 + b.between(-20, 20))
    b.box(
        b.one_of("house", "building"),
        (-10.0, 0.0, -18.0),
        (8.0, 5.0, 11.0),
        b.between(-15, 15),
        prompt="red planks",
    )
    for side in (-1, 1):
        b.box("fence", (side * 3.4, 0.0, -8.0), (0.08, 1.1, b.between(10, 24)))
    if b.chance(0.6):
        vehicle(b, (b.between(-2, 2), 0.0, b.between(-12, -4)), b.between(0, 360))
    for _ in range(b.count(1, 4)):
        s = b.between(0.8, 1.3)
        b.box(
            "animal",
            (b.between(-9, 9), 0.0, b.between(-14, -2)),
            (0.5 * s, 0.9 * s, 1.4 * s),
            b.between(0, 360),
        )
    for _ in range(b.count(1, 4)):
        at = (b.side() * b.between(2, 3), 0.0, b.between(-10, 0))
        b.solid("cylinder", b.one_of("barrel", "tank", "basket"), at, (0.7, 0.9, 0.7))
    for _ in range(b.count(2, 6)):
        tree(b, (b.side() * b.between(6, 20), 0.0, b.between(-40, -2)))
    _mountains(b, b.count(1, 4), 80, 190)
    b.figures(b.count(1, 3), 2.5, 1, -10)
    b.stand(7, (-3, 0.6, 3), (3, 2.5, 9))
    b.targets.append((0.0, 1.6, -14.0))


def _single(b: SetBuilder) -> None:
    """One or two things on an empty ground, near: where detail is learnt."""
    b.ground("sidewalk", "sidewalk", "grass", "sand", "road", "earth")
    for k in range(b.count(1, 3)):
        at = (2.4 * k - 1.5 + b.between(-0.4, 0.4), 0.0, -1.5 * k)
        turn = b.between(0, 360)
        what = b.one_of("vehicle", "furniture", "figure", "figure", "tree", "house", "prop", "prop")
        if what == "vehicle":
            vehicle(b, (at[0], 0.0, at[2] - 1.5), turn)
        elif what == "furniture":
            name = b.one_of("sofa", "chair", "table", "bed", "bookcase", "desk", "armchair", "cabinet",
                            "wardrobe", "refrigerator", "stove", "fireplace", "arcade machine")  # fmt: skip
            furniture(b, name, at, b.between(-60, 60))
        elif what == "figure":
            b.figure(at, b.between(-80, 80))
        elif what == "tree":
            tree(b, at)
        elif what == "house":
            house(b, (at[0] - 3, 0.0, at[2] - 9), b.between(-50, 50))
        else:
            prop(b, at)
    if b.chance(0.4):
        b.box("wall", (0.0, 0.0, -6.0), (14.0, b.between(2.5, 5), 0.3))
    b.stand(8, (-3, 0.5, 2), (3, 2.2, 4.5))
    b.targets.append((0.0, 0.9, -1.0))


COUNTRY: Mapping[str, Callable[[SetBuilder], None]] = {
    "landscape": _landscape,
    "forest": _forest,
    "road": _road,
    "park": _park,
    "beach": _beach,
    "farm": _farm,
    "single": _single,
}
