"""Random sets with an audience, or made to be looked at: crowds, stages, fairs, fashion, studios."""

import math
from collections.abc import Callable, Mapping

from tools.teacher.set_pieces import SetBuilder, lamp_post, lit_sphere
from tools.teacher.set_things import prop, stall, vehicle

__all__ = ["SHOWS"]


def _crowd(b: SetBuilder) -> None:
    b.ground("sidewalk", "sidewalk", "grass", "earth")
    for k in range(b.count(4, 8)):
        turn = 2 * math.pi * k / 8 + b.between(-0.2, 0.2)
        far = b.between(16, 30)
        at = (far * math.sin(turn), 0.0, -far * math.cos(turn))
        size = (b.between(6, 14), b.between(4, 16), b.between(4, 9))
        b.box(b.one_of("building", "house", "tower"), at, size, -math.degrees(turn))
    b.figures(b.count(8, 22), 5, 1, -13)
    for _ in range(b.count(0, 4)):
        prop(b, (b.side() * b.between(4, 7), 0.0, b.between(-13, 0)))
    for _ in range(b.count(0, 3)):
        lamp_post(b, b.between(-7, 7), b.between(-12, -1))
    b.stand(7, (-5, 1.0, 2.5), (5, 2.4, 7))
    b.stand(1, (-5, 3.0, 4), (5, 6.0, 9))


def _stage(b: SetBuilder) -> None:
    b.ground("floor", across=60.0)
    top, wide = b.between(0.3, 1.1), b.between(7, 13)
    b.box("stage", (0.0, 0.0, -7.0), (wide, top, 6.5))
    back = b.one_of("curtain", "curtain", "wall", "screen")
    lit = {"light": b.glow(1.6)} if back == "screen" else {}
    tall = b.between(3.5, 6)
    b.box(back, (0.0, top if back == "screen" else 0.0, -10.3), (wide + 2, tall, 0.25), 0.0, **lit)
    said = b.said("curtain")
    for side in (-1, 1):
        if b.chance(0.8):
            b.box("curtain", (side * (wide / 2 + 0.4), 0.0, -7.5), (1.8, tall, 0.4), 0.0, **said)
        if b.chance(0.5):
            b.box(
                "box", (side * (wide / 2 + 0.9), 0.0, -3.9), (0.9, 1.8, 0.8), 0.0, prompt="black loudspeaker"
            )
    for _ in range(b.count(1, 5)):
        b.figure((b.between(-0.4, 0.4) * wide, top, b.between(-9, -5)), b.between(-60, 60))
    for _ in range(b.count(1, 4)):
        s = b.between(0.4, 1.2)
        at = (b.between(-0.4, 0.4) * wide, top, b.between(-9.5, -5))
        what = b.one_of("column", "sculpture", "vase", "ball", "pot", "chair", "stool", "stairs")
        if what == "stairs":
            b.solid("stairs", "stairs", at, (1.6, 0.9, 1.4), b.between(-30, 30), steps=4)
        else:
            b.solid(b.one_of("cylinder", "cone", "sphere", "box"), what, at, (s, s * b.between(0.8, 3), s))
        b.seen((at[0], at[1] + 0.6, at[2]), 1.0)
    b.box("pole", (0.0, tall - 0.2, -5.5), (wide, 0.12, 0.12))
    for k in range(b.count(2, 6)):
        at = (-0.4 * wide + 0.8 * wide * k / 5, tall - 0.55, -5.5)
        if b.chance(0.5):
            b.solid("cone", "light", at, (0.32, 0.4, 0.32), light=b.glow(b.between(1.5, 5)), top_share=0.5)
        else:
            lit_sphere(b, "light", at, 0.3, b.between(1.5, 5))
    if b.chance(0.6):
        for row in range(b.count(1, 3)):
            for k in range(b.count(3, 7)):
                at = (-3.0 + k + b.between(-0.15, 0.15), 0.0, -2.2 + 1.1 * row)
                if b.chance(0.6):
                    b.figure(at, 180.0 + b.between(-15, 15), "sit" if b.chance(0.5) else "stand", seat_m=0.46)
                else:
                    b.box("seat", at, (0.55, 0.9, 0.55), 180.0)
    b.stand(6, (-4, 1.0, 0), (4, 2.8, 4))
    b.stand(2, (-3, 1.4, -3.5), (3, 2.2, -2))
    b.targets.append((0.0, top + 1.2, -7.0))


def _fair(b: SetBuilder) -> None:
    b.ground("grass", "earth", "sidewalk")
    for _ in range(b.count(3, 6)):
        stall(b, (b.side() * b.between(2.5, 6), 0.0, b.between(-14, -1)), b.between(-100, 100))
    for _ in range(b.count(1, 4)):
        at = (b.between(-10, 10), 0.0, b.between(-24, -10))
        wide = b.between(3, 7)
        b.solid("cone", "tent", at, (wide, b.between(2.6, 5), wide), sides=b.count(4, 12))
    if b.chance(0.5):
        b.solid("cylinder", b.one_of("tower", "booth", "fountain"), (0.0, 0.0, -18.0), (6.0, 4.5, 6.0))
        b.solid("cone", b.one_of("tent", "canopy"), (0.0, 4.5, -18.0), (7.0, 2.0, 7.0))
    for k in range(b.count(5, 12)):
        at = (-5.0 + 10.0 * ((k * 0.618) % 1), b.between(2.8, 3.6), -1.3 * k)
        lit_sphere(b, "light", at, 0.22, b.between(0.6, 1.8))
    for k in range(b.count(0, 4)):
        at = (-6.0 + 4 * k, 0.0, -9.0)
        b.solid("cylinder", "pole", at, (0.08, 4.5, 0.08))
        b.box("flag", (at[0] + 0.7, 3.5, at[2]), (1.4, 0.8, 0.04))
    b.figures(b.count(3, 10), 5, 1, -14)
    b.stand(7, (-3, 0.9, 2), (3, 2.4, 7))
    b.targets.append((0.0, 2.0, -10.0))


def _film_studio(b: SetBuilder) -> None:
    """A subject before a backdrop, with lamps on stands about it."""
    b.ground("floor", across=50.0)
    b.box(b.one_of("wall", "curtain", "screen", "painting"), (0.0, 0.0, -4.5), (9.0, 4.5, 0.2))
    what = b.one_of("figure", "figure", "figures", "vehicle", "prop")
    if what == "figure":
        b.figure((0.0, 0.0, -1.5), b.between(-40, 40))
    elif what == "figures":
        b.figures(b.count(2, 4), 1.6, -0.5, -2.6)
    elif what == "vehicle":
        vehicle(b, (0.0, 0.0, -1.6), b.between(20, 160))
    else:
        prop(b, (0.0, 0.0, -1.4))
    for k in range(b.count(2, 4)):
        side = -1 if k % 2 else 1
        at = (side * b.between(1.8, 3.4), 0.0, b.between(-3, 0.6))
        tall = b.between(1.8, 2.8)
        b.solid("cylinder", "pole", at, (0.07, tall, 0.07))
        top = (at[0], tall, at[2])
        b.solid(
            b.one_of("cone", "sphere", "box"),
            "light",
            top,
            (0.45, 0.4, 0.45),
            light=b.glow(b.between(1.5, 5)),
        )
    for _ in range(b.count(0, 3)):
        b.box("box", (b.side() * b.between(2, 4), 0.0, b.between(-3, 1)), (0.8, 0.5, 0.5), b.between(0, 90))
    b.stand(8, (-1.8, 0.8, 1.2), (1.8, 2.0, 4.0))
    b.targets.append((0.0, 1.3, -1.5))


SHOWS: Mapping[str, Callable[[SetBuilder], None]] = {
    "crowd": _crowd,
    "stage": _stage,
    "fair": _fair,
    "studio": _film_studio,
}
