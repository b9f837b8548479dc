"""Random sets to learn from: streets, interiors, landscapes, roads with vehicles, crowds, stages.

Every set is a scene document like those a director writes, made from a seed alone. None of the shipped
sets, nor anything measured from them, is in here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from director.scene.document import Scene
from tools.teacher.set_pieces import (
    Point,
    SetBuilder,
    car,
    facade_piece,
    furniture,
    hut,
    prop,
    street_lamp,
    tree,
)

__all__ = ["KINDS", "RandomSet", "random_set"]


@dataclass(frozen=True, slots=True)
class RandomSet:
    """A set, and where a camera may stand in it: `eyes` and `targets` are points in metres."""

    kind: str
    scene: Scene
    eyes: tuple[Point, ...]
    targets: tuple[Point, ...]


def _street(b: SetBuilder) -> None:
    half = b.between(2.0, 7.0)
    b.add("plane", b.one_of("road", "floor", "sidewalk", "earth"), (0.0, 0.0, 0.0), size=[120.0, 160.0])
    if half > 3.5 and b.chance(0.6):
        for side in (-1, 1):
            b.box("sidewalk", (side * (half - 0.7), 0.0, -20.0), (1.5, 0.14, 90.0))
    for side in (-1, 1):
        z = 12.0
        while z > -55:
            depth, height = b.between(4, 14), b.between(3.2, 18)
            setback = b.between(0, 0.8)
            width = b.between(4, 10)
            b.box(
                b.one_of("building", "house", "building", "wall"),
                (side * (half + setback + width / 2), 0.0, z - depth / 2),
                (width, height, depth - 0.05),
            )
            face = side * (half + setback)
            for _ in range(int(b.random.integers(0, 4))):
                facade_piece(b, side, face, z - b.between(0.8, max(1.0, depth - 0.8)), height)
            z -= depth + (b.between(0.8, 3.0) if b.chance(0.25) else 0.0)
    if b.chance(0.6):
        b.box("building", (0.0, 0.0, b.between(-60, -25)), (2 * half + 12, b.between(5, 20), 5.0))
    for _ in range(int(b.random.integers(2, 7))):
        prop(b, (b.between(-half + 0.6, half - 0.6), 0.0, b.between(-22, 4)))
    for _ in range(int(b.random.integers(0, 4))):
        street_lamp(b, b.side() * (half - 0.5), b.between(-24, 4))
    if b.chance(0.3):
        b.add(
            "stairs",
            "stairs",
            (b.between(-half + 1, half - 1), 0.0, b.between(-16, -4)),
            b.between(0, 360),
            size=[1.4, round(b.between(0.8, 2.2), 2), 2.6],
            steps=int(b.random.integers(4, 12)),
        )
    b.figures(int(b.random.integers(1, 5)), half - 0.6, -16, 2)
    for _ in range(6):
        b.eyes.append((b.between(-half + 0.8, half - 0.8), b.between(0.5, 2.4), b.between(2, 9)))
    b.eyes.append((b.between(-half + 1, half - 1), b.between(3, 7), b.between(4, 11)))
    b.targets.append((b.between(-1, 1), b.between(0.8, 3), -12.0))


def _interior(b: SetBuilder) -> None:
    w, d, h = b.between(2.2, 4.5), b.between(5, 9), b.between(2.5, 3.6)
    b.add("plane", "floor", (0.0, 0.0, 0.0), size=[round(2 * w, 2), round(2 * d, 2)])
    if b.chance(0.85):
        b.box("ceiling", (0.0, h, 0.0), (2 * w + 0.4, 0.2, 2 * d + 0.4))
    hole = {
        "x": round(b.between(-1, 1), 2),
        "y": round(b.between(0.6, 1.0), 2),
        "width": round(b.between(0.9, 2.2), 2),
        "height": 1.3,
    }
    for side in (-1, 1):
        openings = [hole] if b.chance(0.6) else []
        b.add(
            "wall",
            "wall",
            (side * (w + 0.1), 0.0, 0.0),
            90.0,
            size=[round(2 * d, 2), round(h, 2), 0.2],
            openings=openings,
        )
        if openings and b.chance(0.6):
            b.box("curtain", (side * (w - 0.08), 0.3, 1.5 * side), (0.12, 2.1, 0.6))
    b.add(
        "wall",
        "wall",
        (0.0, 0.0, -d),
        size=[round(2 * w, 2), round(h, 2), 0.2],
        openings=[hole] if b.chance(0.4) else [],
    )
    b.add("wall", "wall", (0.0, 0.0, d), size=[round(2 * w, 2), round(h, 2), 0.2])
    if b.chance(0.7):
        b.box(
            "rug",
            (b.between(-0.8, 0.8), 0.0, b.between(-3, 0)),
            (b.between(1.4, 2.6), 0.02, b.between(1.6, 3)),
            b.between(-12, 12),
        )
    for _ in range(int(b.random.integers(3, 8))):
        furniture(b, b.between(-w + 0.7, w - 0.7), b.between(-d + 0.8, 1.0))
    for _ in range(int(b.random.integers(0, 3))):
        b.box(
            b.one_of("painting", "mirror", "poster"),
            (b.between(-w + 0.8, w - 0.8), b.between(1.2, 1.6), -d + 0.15),
            (b.between(0.5, 1.4), b.between(0.4, 0.9), 0.06),
        )
    if b.chance(0.6):
        b.add(
            "sphere",
            "chandelier",
            (b.between(-1, 1), h - 0.7, b.between(-3, 0)),
            size=[0.45, 0.35, 0.45],
            light=b.glow(b.between(0.8, 3)),
        )
    b.figures(int(b.random.integers(0, 4)), w - 0.6, -d + 1.2, 0.5)
    for _ in range(6):
        b.eyes.append((b.between(-w + 0.5, w - 0.5), b.between(0.8, 2.0), b.between(0.5, d - 0.6)))
    b.targets.append((b.between(-1, 1), b.between(0.6, 1.5), -d + 1))


def _landscape(b: SetBuilder) -> None:
    b.add("plane", b.one_of("earth", "grass", "sand", "field"), (0.0, 0.0, 0.0), size=[500.0, 500.0])
    for _ in range(int(b.random.integers(2, 8))):
        s = b.between(15, 90)
        at = (b.between(-110, 110), -b.between(0, 4), b.between(-190, -45))
        high = b.between(6, 45)
        kind = b.one_of("hill", "mesa", "peak")
        if kind == "hill":
            b.add(
                "sphere",
                b.one_of("hill", "mountain"),
                (at[0], -high, at[2]),
                size=[round(s, 1), round(2 * high, 1), round(s, 1)],
            )
        elif kind == "mesa":
            b.add(
                "cone",
                "mountain",
                at,
                b.between(0, 90),
                size=[round(s, 1), round(high, 1), round(s * 0.7, 1)],
                top_share=round(b.between(0.4, 0.9), 2),
                sides=int(b.random.integers(5, 12)),
            )
        else:
            b.add(
                "cone",
                "mountain",
                at,
                size=[round(s, 1), round(high * 1.5, 1), round(s, 1)],
                sides=int(b.random.integers(4, 9)),
            )
    for _ in range(int(b.random.integers(2, 9))):
        tree(b, (b.between(-16, 16), 0.0, b.between(-35, -1)))
    for _ in range(int(b.random.integers(1, 6))):
        s = b.between(0.4, 2.5)
        b.add(
            "sphere",
            "rock",
            (b.between(-9, 9), -0.15 * s, b.between(-18, 2)),
            b.between(0, 360),
            size=[s, s * 0.7, s * 1.2],
        )
    if b.chance(0.5):
        hut(b, (b.between(-10, 10), 0.0, b.between(-24, -8)))
    if b.chance(0.5):
        b.add(
            "plane",
            b.one_of("road", "path", "water", "river"),
            (b.between(-3, 3), 0.03, 0.0),
            b.between(-25, 25),
            size=[round(b.between(2.5, 8), 1), 400.0],
        )
    if b.chance(0.35):
        b.add("cylinder", "fence", (b.between(-4, 4), 0.0, -4.0), size=[0.1, 1.0, 0.1])
        street_lamp(b, b.between(-5, 5), b.between(-9, -2))
    if b.chance(0.4):
        car(b, (b.between(-5, 5), 0.0, b.between(-14, -3)), b.between(0, 360))
    b.figures(int(b.random.integers(1, 4)), 5, -14, 0)
    for _ in range(6):
        b.eyes.append((b.between(-6, 6), b.between(0.5, 3.0), b.between(3, 9)))
    b.eyes.append((b.between(-10, 10), b.between(4, 12), b.between(6, 16)))
    b.targets.append((b.between(-8, 8), b.between(0, 5), -30.0))


def _road(b: SetBuilder) -> None:
    b.add("plane", b.one_of("sand", "earth", "grass", "land"), (0.0, 0.0, 0.0), size=[600.0, 600.0])
    half = b.between(2.5, 5)
    b.add("plane", "road", (0.0, 0.02, -40.0), b.between(-3, 3), size=[round(2 * half, 2), 300.0])
    for _ in range(int(b.random.integers(1, 4))):
        car(
            b,
            (b.side() * half * 0.5, 0.02, b.between(-30, 0)),
            float(b.random.choice([0, 180])) + b.between(-6, 6),
        )
    for k in range(int(b.random.integers(3, 9))):
        x = (half + 1.2) * b.side()
        b.add("cylinder", "pole", (x, 0.0, 4.0 - 8.0 * k), size=[0.18, round(b.between(1, 6), 2), 0.18])
    for _ in range(int(b.random.integers(2, 7))):
        s = b.between(20, 70)
        side = b.side()
        b.add(
            "cone",
            "mountain",
            (side * b.between(25, 130), -1.0, b.between(-170, -30)),
            b.between(0, 90),
            size=[round(s, 1), round(b.between(8, 35), 1), round(s * b.between(0.5, 1), 1)],
            top_share=round(b.between(0.0, 0.9), 2),
            sides=int(b.random.integers(4, 16)),
        )
    if b.chance(0.5):
        hut(b, (b.side() * (half + 6), 0.0, b.between(-22, -5)))
    if b.chance(0.5):
        b.box(
            "signboard",
            (half + 1.5, 1.6, b.between(-16, -3)),
            (2.2, 1.2, 0.12),
            b.between(-20, 20),
            **({"light": b.glow(1.5)} if b.chance(0.5) else {}),
        )
    for _ in range(int(b.random.integers(1, 6))):
        prop(b, (b.side() * b.between(half + 1, half + 6), 0.0, b.between(-18, 2)))
    b.figures(int(b.random.integers(1, 3)), half + 2, -14, 1)
    for _ in range(6):
        b.eyes.append((b.between(-half - 3, half + 3), b.between(0.4, 2.6), b.between(3, 9)))
    b.eyes.append((b.between(-6, 6), b.between(4, 10), b.between(8, 16)))
    b.targets.append((0.0, 1.0, -20.0))


def _crowd(b: SetBuilder) -> None:
    b.add("plane", b.one_of("floor", "sidewalk", "grass", "earth"), (0.0, 0.0, 0.0), size=[200.0, 200.0])
    for k in range(int(b.random.integers(3, 8))):
        turn = 2 * math.pi * k / 8 + b.between(-0.2, 0.2)
        far = b.between(16, 30)
        b.box(
            b.one_of("building", "house", "tower"),
            (far * math.sin(turn), 0.0, -far * math.cos(turn)),
            (b.between(6, 14), b.between(4, 16), b.between(4, 9)),
            -math.degrees(turn),
        )
    b.figures(int(b.random.integers(4, 12)), 5, -12, 1)
    for _ in range(int(b.random.integers(1, 5))):
        prop(b, (b.between(-6, 6), 0.0, b.between(-13, 0)))
    for _ in range(int(b.random.integers(0, 3))):
        street_lamp(b, b.between(-7, 7), b.between(-12, -1))
    if b.chance(0.5):
        b.add("cylinder", "fountain", (b.between(-3, 3), 0.0, b.between(-12, -7)), size=[3.0, 0.6, 3.0])
    for _ in range(7):
        b.eyes.append((b.between(-5, 5), b.between(1.0, 2.4), b.between(2.5, 7)))


def _stage(b: SetBuilder) -> None:
    b.add("plane", "floor", (0.0, 0.0, 0.0), size=[60.0, 60.0])
    b.box("stage", (0.0, 0.0, -6.0), (b.between(6, 12), b.between(0.2, 1.0), 6.0))
    top = 0.6
    back = b.one_of("curtain", "wall", "screen")
    b.box(
        back,
        (0.0, 0.0, -9.2),
        (b.between(8, 16), b.between(3, 6), 0.2),
        0.0,
        **({"light": b.glow(2.0)} if back == "screen" else {}),
    )
    for _ in range(int(b.random.integers(1, 5))):
        b.figure((b.between(-3, 3), top, b.between(-8, -4)), b.between(-70, 70))
    for _ in range(int(b.random.integers(2, 6))):
        kind = b.one_of("cylinder", "cone", "sphere")
        s = b.between(0.4, 1.4)
        b.add(
            kind,
            b.one_of("column", "sculpture", "vase", "ball", "pot"),
            (b.between(-4, 4), top, b.between(-8.5, -3.5)),
            size=[round(s, 2), round(s * b.between(0.8, 3), 2), round(s, 2)],
        )
    for _ in range(int(b.random.integers(1, 5))):
        b.add(
            "sphere",
            "light",
            (b.between(-5, 5), b.between(2.5, 4.5), b.between(-8, -2)),
            size=[0.3, 0.3, 0.3],
            light=b.glow(b.between(1, 5)),
        )
    for _ in range(7):
        b.eyes.append((b.between(-4, 4), b.between(0.8, 2.6), b.between(-1.5, 4)))
    b.targets.append((0.0, 1.4, -6.5))


KINDS: dict[str, Callable[[SetBuilder], None]] = {
    "street": _street,
    "interior": _interior,
    "landscape": _landscape,
    "road": _road,
    "crowd": _crowd,
    "stage": _stage,
}
_SHARES = (0.30, 0.22, 0.14, 0.14, 0.10, 0.10)


def random_set(seed: int) -> RandomSet:
    """The set of this seed: the same for the same seed, always."""
    random = np.random.default_rng([seed, 7])
    kind = str(random.choice(list(KINDS), p=_SHARES))
    builder = SetBuilder(random)
    KINDS[kind](builder)
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": f"set-{seed}",
            "near_m": 0.2,
            "far_m": 400.0,
            "sun": {
                "azimuth_deg": builder.between(-180, 180),
                "elevation_deg": builder.between(4, 30) if builder.chance(0.5) else builder.between(20, 75),
            },
            "objects": builder.objects,
        }
    )
    return RandomSet(kind, scene, tuple(builder.eyes), tuple(builder.targets))
