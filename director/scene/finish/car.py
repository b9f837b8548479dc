"""Cars: a box becomes a saloon, estate, hatchback, sports car, pick-up or van of the box's size; the parts of
a car built from several boxes become its body, cabin, bonnet, bumpers and wheels."""

from dataclasses import dataclass

import numpy as np

from director.scene.finish.coachwork import Arch, Body, Cabin, egg
from director.scene.finish.fittings import (
    PAINT,
    Pieces,
    Size,
    doors,
    is_wheel,
    laid,
    mirrors,
    nose,
    tail,
    upright,
    wheel_part,
    wheels,
)
from director.scene.finish.forms import bump_box, extruded, merged, slab
from director.scene.finish.loft import both, tubes
from director.scene.finish.thing import Piece, Thing
from director.scene.mesh import Mesh

__all__ = ["FINISHERS", "glazed_block", "lower_body"]


@dataclass(frozen=True, slots=True)
class _Style:
    """Shares of length (from the tail) and height: the deck's line, the cabin, its pillars."""

    deck: tuple[tuple[float, float], ...]
    belt: float
    front: tuple[float, float]  # of the windscreen, at the belt and at the roof
    back: tuple[float, float]
    narrow: float  # the roof's width over the body's
    pillars: tuple[float, ...]
    wheel: float = 0.232  # radius over the height
    classic: bool = False


_STYLES = {
    "saloon": _Style(
        (
            (0.0, 0.60),
            (0.03, 0.645),
            (0.17, 0.665),
            (0.30, 0.665),
            (0.66, 0.655),
            (0.80, 0.625),
            (0.94, 0.565),
            (1.0, 0.50),
        ),
        0.655,
        (0.715, 0.565),
        (0.155, 0.275),
        0.72,
        (0.42,),
    ),
    "hatch": _Style(
        ((0.0, 0.58), (0.03, 0.64), (0.20, 0.665), (0.66, 0.650), (0.80, 0.620), (0.94, 0.555), (1.0, 0.49)),
        0.650,
        (0.735, 0.580),
        (0.030, 0.125),
        0.74,
        (0.45, 0.80),
    ),
    "estate": _Style(
        ((0.0, 0.58), (0.03, 0.64), (0.20, 0.660), (0.66, 0.650), (0.80, 0.620), (0.94, 0.565), (1.0, 0.50)),
        0.650,
        (0.720, 0.575),
        (0.020, 0.075),
        0.76,
        (0.36, 0.70),
    ),
    "jeep": _Style(
        ((0.0, 0.60), (0.02, 0.64), (0.20, 0.650), (0.66, 0.645), (0.82, 0.630), (0.95, 0.600), (1.0, 0.54)),
        0.645,
        (0.715, 0.615),
        (0.015, 0.040),
        0.84,
        (0.36, 0.72),
        0.245,
    ),
    "coupe": _Style(
        (
            (0.0, 0.61),
            (0.03, 0.665),
            (0.15, 0.690),
            (0.30, 0.680),
            (0.62, 0.650),
            (0.80, 0.610),
            (0.94, 0.545),
            (1.0, 0.47),
        ),
        0.665,
        (0.665, 0.500),
        (0.105, 0.300),
        0.70,
        (0.62,),
        0.255,
    ),
    "classic": _Style(
        (
            (0.0, 0.60),
            (0.02, 0.650),
            (0.16, 0.668),
            (0.30, 0.668),
            (0.66, 0.660),
            (0.82, 0.650),
            (0.97, 0.635),
            (1.0, 0.60),
        ),
        0.655,
        (0.690, 0.600),
        (0.200, 0.280),
        0.74,
        (0.44,),
        0.225,
        True,
    ),
}


def _car(thing: Thing) -> list[Piece] | None:
    """Whatever of class car or van a director has put there."""
    if is_wheel(thing):
        return wheel_part(thing)
    return laid(thing, _car_part(thing, upright(thing)))


def _car_part(thing: Thing, size: Size) -> Pieces | None:
    wide, high, long = size
    if thing.kind not in ("box", "cylinder", "sphere", "ramp", "cone"):
        return None
    if long >= 2.4 and high / long < 0.09:
        return _bumper_band(wide, high, long)
    if long >= 2.6 and high / long < 0.225:
        return lower_body(size, thing.seed)
    if long < 2.6 and high < 0.28 * long and wide > 0.5 * long:
        return _bonnet(size)
    if long < 2.6 and wide > 0.9 and high > 0.35:
        return glazed_block(size, PAINT)
    if long >= 1.8 and high / long >= 0.225 and wide / long > 0.2:
        if high / wide > 1.08 or thing.class_name == "van":
            return van(size, thing.seed)
        return whole_car(size, thing.seed)
    return None


def whole_car(size: Size, seed: int) -> Pieces:
    """A car that fills a box, in a style of the seed."""
    random = np.random.default_rng([seed, 71])
    wide, high, long = size
    tall = high / long
    names = ["saloon", "hatch", "estate", "jeep", "coupe", "classic"]
    fit = np.array([0.30, 0.22, 0.16, 0.10, 0.10, 0.12])
    if tall > 0.37:
        fit = np.array([0.05, 0.35, 0.15, 0.45, 0.0, 0.0])
    elif tall < 0.28:
        fit = np.array([0.30, 0.05, 0.15, 0.0, 0.40, 0.10])
    style = _STYLES[str(random.choice(names, p=fit / fit.sum()))]
    radius = min(style.wheel * high, 0.095 * long)
    half = wide / 2 - 0.004
    arches = tuple(
        Arch((u - 0.5) * long, radius, 1.13 * radius)
        for u in (0.195, 0.815 if style is not _STYLES["coupe"] else 0.80)
    )
    body = Body(
        long,
        half,
        0.135 * high,
        tuple((u, y * high) for u, y in style.deck),
        0.025 * high,
        arches,
        0.05 if style.classic else 0.10,
        0.04 if style.classic else 0.07,
        nose_drop=0.10 if style.classic else 0.20,
    )
    cabin = Cabin(
        style.belt * high,
        0.945 * high,
        high,
        ((style.front[0] - 0.5) * long, (style.front[1] - 0.5) * long),
        ((style.back[0] - 0.5) * long, (style.back[1] - 0.5) * long),
        (0.905 * half, style.narrow * half),
        style.pillars,
    )
    pieces: Pieces = [(body.skin(), PAINT), (body.floor(), "dark trim"), *cabin.pieces(PAINT)]
    pieces += wheels(body, radius, 0.30 * radius + 0.11, seed)
    door = (style.front[0] - 0.5) * long + 0.06
    pieces += doors(body, cabin, door, style.back[0], random)
    pieces += nose(body, seed, style.classic)
    pieces += tail(body, style.classic, seed)
    pieces += mirrors(cabin, door - 0.12)
    wiper = []
    for x in (-0.30, 0.22):
        base = np.array([x * half, cabin.belt + 0.035, cabin.front[0] + 0.015])
        tip = np.array([x * half + 0.42 * half, cabin.belt + 0.085, cabin.front[0] - 0.055])
        wiper.append(tubes(np.array([base, tip]), 0.009, 4))
    pieces.append((merged(wiper), "dark trim"))
    if random.random() < 0.14:
        w = 0.20
        sign = bump_box((-w, high - 0.03, -0.09 - 0.05 * long), (w, high + 0.085, 0.05 - 0.05 * long), 0.03)
        pieces.append((sign, "lamp"))
    elif style in (_STYLES["estate"], _STYLES["jeep"]) and random.random() < 0.5:
        rails = []
        for x in (-1, 1):
            z0, z1 = cabin.back[1] + 0.15, cabin.front[1] - 0.25
            xx = x * cabin.half[1] * 0.86
            rails.append(
                tubes(
                    np.array(
                        [
                            (xx, high - 0.02, z0),
                            (xx, high + 0.02, z0 + 0.08),
                            (xx, high + 0.02, z1 - 0.08),
                            (xx, high - 0.02, z1),
                        ]
                    ),
                    0.016,
                    6,
                )
            )
        pieces.append((merged(rails), "dark trim"))
    return pieces


def van(size: Size, seed: int) -> Pieces:
    """A delivery van or a minibus that fills a box."""
    random = np.random.default_rng([seed, 74])
    wide, high, long = size
    radius = min(0.165 * high, 0.085 * long)
    half = wide / 2 - 0.004
    deck = ((0.0, 0.44), (0.02, 0.47), (0.20, 0.475), (0.60, 0.475), (0.82, 0.46), (0.93, 0.41), (1.0, 0.34))
    arches = tuple(Arch((u - 0.5) * long, radius, 1.14 * radius) for u in (0.20, 0.82))
    body = Body(
        long, half, 0.10 * high, tuple((u, y * high) for u, y in deck), 0.01 * high, arches, 0.09, 0.02
    )
    cabin = Cabin(
        0.46 * high,
        0.955 * high,
        high,
        (0.405 * long, 0.275 * long),
        (-0.497 * long, -0.480 * long),
        (0.96 * half, 0.86 * half),
        (0.26, 0.63),
        0.10,
        0.10,
    )
    windows = random.random() < 0.35
    pieces: Pieces = [(body.skin(), PAINT), (body.floor(), "dark trim"), *cabin.pieces(PAINT)]
    if not windows:
        # Blind sides behind the driver: a panel over the panes.
        span = cabin.front[0] - cabin.back[0]
        pieces.append(
            (merged(both([_blind(cabin, cabin.front[0] - 0.36 * span, cabin.back[0] + 0.02)])), PAINT)
        )
    pieces += wheels(body, radius, 0.24, seed)
    ahead = cabin.front[0] - 0.12
    mid = cabin.front[0] - 0.34 * (cabin.front[0] - cabin.back[0])
    seams = [body.seam(ahead, low=0.25), body.seam(mid), body.line(0.62, -0.46 * long, mid - 0.05, 0.008)]
    handles = []
    for z in (mid + 0.12, mid - 0.16):
        p = body.flank(z, np.array([0.90]))[0]
        handles.append(egg((p[0] - 0.02, p[1] - 0.03, z - 0.05), (p[0] + 0.03, p[1] + 0.03, z + 0.05)))
    pieces.append((merged(both([*seams, *handles])), "dark trim"))
    pieces += nose(body, seed, False)
    pieces += tail(body, False, seed)
    back = slab((-0.006, 0.2 * high, -long / 2 - 0.004), (0.006, 0.93 * high, -long / 2 + 0.06))
    pieces.append((back, "dark trim"))
    pieces += mirrors(cabin, cabin.front[0] - 0.10)
    return pieces


def _blind(cabin: Cabin, front: float, back: float) -> Mesh:
    y = np.linspace(cabin.belt, cabin.roof - 0.01, 6)
    share = (y - cabin.belt) / (cabin.roof - cabin.belt)
    x = cabin.half[0] + (cabin.half[1] - cabin.half[0]) * share + 0.018 * np.sin(np.pi * share) + 0.006
    outline = np.concatenate([np.stack([x, y], -1), np.stack([x[::-1] - 0.03, y[::-1]], -1)])
    return extruded(outline, back, front, "z")


def lower_body(size: Size, seed: int) -> Pieces:
    """The body of a car whose cabin and wheels are blocked by themselves; its wheels stand at its base."""
    random = np.random.default_rng([seed, 75])
    wide, high, long = size
    radius = 0.40
    arches = tuple(Arch(side * 0.308 * long, 0.0, radius) for side in (-1, 1))
    deck = (
        (0.0, 0.80),
        (0.02, 0.93),
        (0.12, 0.975),
        (0.40, 0.975),
        (0.66, 0.975),
        (0.86, 0.93),
        (0.97, 0.84),
        (1.0, 0.70),
    )
    body = Body(
        long, wide / 2 - 0.002, 0.0, tuple((u, y * high) for u, y in deck), 0.022 * high, arches, 0.07, 0.05
    )
    pieces: Pieces = [(body.skin(), PAINT), (body.floor(), "dark trim")]
    seams = [
        body.seam(0.155 * long, low=0.10),
        body.seam(-0.075 * long, low=0.06),
        body.seam(-0.255 * long, low=0.66, lean=-0.1),
    ]
    seams.append(body.line(0.06, -0.2 * long, 0.2 * long, 0.016))
    handles = []
    for z in (-0.045 * long, -0.215 * long):
        p = body.flank(z, np.array([0.80]))[0]
        handles.append(egg((p[0] - 0.02, p[1] - 0.016, z - 0.075), (p[0] + 0.024, p[1] + 0.016, z + 0.075)))
    pieces += [(merged(both(seams)), "dark trim"), (merged(both(handles)), "chrome")]
    classic = bool(random.random() < 0.3)
    pieces += nose(body, seed, classic)
    pieces += tail(body, classic, seed)
    # Gaps of bonnet and boot.
    gaps = []
    for z in (0.19 * long, -0.33 * long):
        y = float(body.shoulder(z))
        x = np.linspace(-0.86, 0.86, 9) * float(body.half_at(z))
        crown = body.crown * (1 - (x / body.half) ** 2)
        gaps.append(tubes(np.stack([x, y + crown, np.full(9, z)], -1), 0.006, 4))
    pieces.append((merged(gaps), "dark trim"))
    edge = 0.93 * body.half
    mirror = egg((edge - 0.06, high - 0.02, 0.13 * long), (edge + 0.12, high + 0.10, 0.13 * long + 0.11), 0.6)
    pieces.append((merged(both([mirror])), PAINT))
    return pieces


def glazed_block(size: Size, paint: str) -> Pieces:
    """A cabin by itself: windscreen, side and rear windows under a roof."""
    wide, high, long = size
    cabin = Cabin(
        0.0,
        0.88 * high,
        high,
        (0.5 * long, 0.5 * long - min(0.30 * long, 0.55 * high)),
        (-0.5 * long, -0.5 * long + min(0.18 * long, 0.4 * high)),
        (0.5 * wide, 0.44 * wide),
        (0.46,),
        min(0.06, 0.04 * long),
        0.12,
    )
    return cabin.pieces(paint)


def _bonnet(size: Size) -> Pieces:
    wide, high, long = size
    body = Body(
        long,
        wide / 2,
        0.0,
        ((0.0, 0.9 * high), (0.1, 0.95 * high), (0.5, 0.93 * high), (0.9, 0.84 * high), (1.0, 0.7 * high)),
        0.05 * high,
        (),
        0.12,
        0.06,
    )
    crease = []
    for x in (0.42, 0.45):
        z = np.linspace(-0.47 * long, 0.40 * long, 8)
        crease.append(
            tubes(np.stack([x * wide * 0.8 + 0 * z, body.shoulder(z) + 0.025 * high, z], -1), 0.005, 4)
        )
    return [(body.skin(), PAINT), (merged(both(crease[:1])), "dark trim")]


def _bumper_band(wide: float, high: float, long: float) -> Pieces:
    band = bump_box((-wide / 2, 0, -long / 2), (wide / 2, high, long / 2), 0.4 * high)
    plates = [
        slab(
            (-0.26, 0.12 * high, s * long / 2 - 0.01),
            (0.26, 0.12 * high + min(0.11, 0.8 * high), s * (long / 2 + 0.012)),
        )
        for s in (-1, 1)
    ]
    return [(band, "own"), (merged(plates), "paint white")]


FINISHERS = {"car": _car, "van": _car}
