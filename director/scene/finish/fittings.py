"""What every motor vehicle has: wheels at its arches, doors, lamps, grilles, bumpers, mirrors.

What is made along +Z is laid into boxes that are longer the other way.
"""

import numpy as np

from director.scene.finish.coachwork import Body, Cabin, egg
from director.scene.finish.forms import merged, moved, slab
from director.scene.finish.loft import both, mirrored, tubes
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.wheels import wheel
from director.scene.mesh import Mesh

__all__ = [
    "PAINT",
    "Pieces",
    "Size",
    "doors",
    "is_wheel",
    "laid",
    "mirrors",
    "nose",
    "tail",
    "upright",
    "wheel_part",
    "wheels",
]

Pieces = list[tuple[Mesh, str]]
Size = tuple[float, float, float]
PAINT = "own plain"


def upright(thing: Thing) -> Size:
    """Width, height and length of a box, the longer side being its length."""
    wide, high, deep = thing.size_m
    return (deep, high, wide) if wide > 1.02 * deep else (wide, high, deep)


def laid(thing: Thing, pieces: Pieces | None) -> list[Piece] | None:
    """Pieces made along +Z, merged by stuff and turned as the box lies."""
    if pieces is None:
        return None
    turn = np.eye(4)
    if thing.size_m[0] > 1.02 * thing.size_m[2]:
        turn[:3, :3] = [[0, 0, 1], [0, 1, 0], [-1, 0, 0]]
    by_stuff: dict[str, list[Mesh]] = {}
    for mesh, stuff in pieces:
        by_stuff.setdefault(stuff, []).append(mesh)
    return [Piece(moved(merged(meshes), turn), stuff) for stuff, meshes in by_stuff.items()]


def is_wheel(thing: Thing) -> bool:
    """Whether a part is a disc: as high as it is deep and thinner than that, or lying so."""
    if thing.kind not in ("cylinder", "sphere", "box"):
        return False
    a, b, c = sorted(thing.size_m)
    return c < 1.6 and c - b < 0.2 * c and a < 0.62 * b


def wheel_part(thing: Thing) -> list[Piece]:
    """A disc as a wheel about its thin axis."""
    size = np.array(thing.size_m)
    axis = int(np.argmin(size))
    radius = float(np.max(size)) / 2
    spin = np.eye(4)
    # The wheel is made about x: turn x to the thin axis.
    if axis == 1:
        spin[:3, :3] = [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
    elif axis == 2:
        spin[:3, :3] = [[0, 0, -1], [0, 1, 0], [1, 0, 0]]
    spin[1, 3] = size[1] / 2
    # Every wheel is an object by itself: the four of a car must not differ.
    style = "five" if radius < 0.36 else "disc"
    made = wheel(radius, float(size[axis]), 0, both=True, style=style)
    return [Piece(moved(mesh, spin), stuff) for mesh, stuff in made]


def wheels(body: Body, radius: float, wide: float, seed: int) -> Pieces:
    made = wheel(radius, wide, seed)
    pieces: Pieces = []
    for arch in body.arches:
        out = float(body.half_at(arch.along)) - wide / 2 - 0.005
        for mesh, stuff in made:
            place = np.eye(4)
            place[:3, 3] = (out, arch.high, arch.along)
            left = moved(mesh, place)
            pieces += [(left, stuff), (mirrored(left), stuff)]
    return pieces


def doors(body: Body, cabin: Cabin, ahead: float, rear: float, random: np.random.Generator) -> Pieces:
    """Seams, handles and sills of the left side and the right."""
    span = cabin.front[0] - cabin.back[0]
    mid = cabin.front[0] - span * (0.16 + 0.62 * float(cabin.pillars[0]))
    end = body.arches[0].along + body.arches[0].radius * 0.62
    four = len(cabin.pillars) > 0 and cabin.pillars[0] < 0.55
    seams = [body.seam(ahead - 0.10, lean=-0.06), body.seam(mid)]
    if four:
        t0 = (body.arches[0].high + body.arches[0].radius * 0.8 - body.sill) / (
            float(body.shoulder(end)) - body.sill
        )
        seams.append(body.seam(end, low=t0, lean=-0.05))
    seams.append(body.line(0.10, end + 0.25, ahead - 0.10))
    handles = []
    for z in (mid + 0.10, end + 0.14) if four else (mid + 0.10,):
        p = body.flank(z, np.array([0.83]))[0]
        handles.append(egg((p[0] - 0.02, p[1] - 0.016, z - 0.075), (p[0] + 0.026, p[1] + 0.016, z + 0.075)))
    skirt = body.line(
        0.035,
        body.arches[0].along + body.arches[0].radius * 1.08,
        body.arches[1].along - body.arches[1].radius * 1.08,
        0.022,
    )
    return [
        (merged(both([*seams, skirt])), "dark trim"),
        (merged(both(handles)), "chrome" if random.random() < 0.6 else PAINT),
    ]


def nose(body: Body, seed: int, classic: bool) -> Pieces:
    """Lamps, grille, bumper and number plate in front."""
    random = np.random.default_rng([seed, 72])
    return _end(body, 1, classic, random)


def tail(body: Body, classic: bool, seed: int) -> Pieces:
    random = np.random.default_rng([seed, 73])
    return _end(body, -1, classic, random)


def _end(body: Body, sign: int, classic: bool, random: np.random.Generator) -> Pieces:
    end = sign * body.length / 2
    top = float(body.shoulder(end * 0.985))
    low = float(body.low(end * 0.98))
    high = top - low
    half = float(body.half_at(end * 0.99))

    corner = float(body.half_at(end - sign * 0.12)) + 0.004

    def out(depth: float) -> float:
        return end - sign * depth

    def block(
        x0: float, x1: float, y0: float, y1: float, back: float, front: float, soft: float = 0.5
    ) -> Mesh:
        return egg(
            (x0, low + y0 * high, min(out(back), out(front))),
            (x1, low + y1 * high, max(out(back), out(front))),
            soft,
        )

    lamps: list[Mesh] = []
    dark: list[Mesh] = []
    bright: list[Mesh] = []
    paint: list[Mesh] = []
    if sign > 0:
        if classic:
            r = 0.145 * high
            for ring, stuff in ((1.22, bright), (1.0, lamps)):
                cy, cx = low + 0.64 * high, 0.76 * half
                lens = tubes(
                    np.array(
                        [
                            (cx, cy, out(0.10)),
                            (cx, cy, out(0.012)),
                            (cx, cy, out(0.004 if ring > 1 else -0.014)),
                        ]
                    ),
                    [ring * r, ring * r, ring * 0.72 * r],
                    14,
                )
                stuff += both([lens])
        else:
            lean = float(random.uniform(0.52, 0.62))
            lamps += both([block(lean * half, corner, 0.54, 0.78, 0.24, -0.014, 0.5)])
        wide = 0.50 if classic else float(random.uniform(0.44, 0.52))
        dark.append(
            slab((-wide * half, low + 0.50 * high, out(0.05)), (wide * half, low + 0.77 * high, out(-0.002)))
        )
        bars = 5 if classic else 3
        for k in range(bars):
            y = low + (0.53 + 0.24 * k / (bars - 1)) * high
            bright.append(slab((-wide * half, y - 0.007, out(0.03)), (wide * half, y + 0.007, out(-0.008))))
        dark.append(
            slab((-0.62 * half, low + 0.10 * high, out(0.05)), (0.62 * half, low + 0.24 * high, out(-0.003)))
        )
        bright.append(
            egg(
                (-0.045, low + 0.63 * high - 0.04, min(out(0.02), out(-0.014))),
                (0.045, low + 0.63 * high + 0.04, max(out(0.02), out(-0.014))),
            )
        )
    else:
        broad = bool(random.random() < 0.35) and not classic
        x0 = 0.40 if broad else 0.62
        lamps += both([block(x0 * half, corner, 0.56 if not classic else 0.50, 0.80, 0.18, -0.014, 0.5)])
        dark.append(
            slab((-0.60 * half, low + 0.08 * high, out(0.05)), (0.60 * half, low + 0.20 * high, out(-0.003)))
        )
        pipe = np.array(
            [(0.55 * half, low + 0.05 * high, out(0.12)), (0.55 * half, low + 0.05 * high, out(-0.02))]
        )
        bright.append(tubes(pipe, 0.03, 8))
    # The bumper follows the body's plan round both corners.
    z = end - sign * np.array([0.085, 0.055, 0.033, 0.018, 0.007, 0.0]) * body.length
    side = np.stack([body.half_at(z) + 0.004, np.full(6, low + 0.36 * high), z], -1)
    bar = np.concatenate([side, side[::-1] * (-1, 1, 1)])
    (bright if classic else paint).append(tubes(bar, 0.055 * high if classic else 0.07 * high, 6))
    plate = slab(
        (-0.26, low + 0.29 * high, out(0.0)), (0.26, low + 0.29 * high + 0.115, out(-0.075 * high - 0.004))
    )
    made: Pieces = [
        (merged(lamps), "headlamp" if sign > 0 else "tail lamp"),
        (merged(dark), "dark trim"),
        (plate, "paint white"),
    ]
    if bright:
        made.append((merged(bright), "chrome"))
    if paint:
        made.append((merged(paint), PAINT))
    return made


def mirrors(cabin: Cabin, along: float) -> Pieces:
    x, y = cabin.half[0], cabin.belt + 0.02
    house = egg((x + 0.02, y, along - 0.06), (x + 0.20, y + 0.125, along + 0.06), 0.6)
    stalk = slab((x - 0.04, y + 0.01, along - 0.02), (x + 0.06, y + 0.04, along + 0.02))
    face = slab((x + 0.035, y + 0.02, along - 0.066), (x + 0.185, y + 0.105, along - 0.055))
    return [(merged(both([house, stalk])), PAINT), (merged(both([face])), "chrome")]
