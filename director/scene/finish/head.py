"""A head with a calm, plainly modelled face: skull, brow, eyes with lids, nose, lips, chin and ears.

Lengths are shares of the figure's height, the head's joint (figure_body.JOINTS) the origin: the chin is at
0, the mouth at 0.028, the eyes at 0.063 and the brows at 0.0735, the crown at 0.133.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from director.scene.finish.forms import merged
from director.scene.finish.loft import (
    Floats,
    around,
    bell,
    both,
    curve,
    ring_solid,
    rings_about,
    scale,
    smooth,
)
from director.scene.mesh import Mesh

__all__ = ["BROW", "EYE", "MOUTH", "Face", "face_of", "head_pieces"]

EYE = (0.0165, 0.063)
BROW = (0.0170, 0.0735)
MOUTH = 0.028
_BALL = 0.0077  # radius of an eye
_EYE_DEPTH = 0.0398  # how far forward an eye's middle lies

# Sections of the skull without its features: height, half width, front, back, squareness.
_SKULL = np.array(
    [
        (-0.0010, 0.0100, 0.0400, 0.0200, 2.0),
        (0.0010, 0.0165, 0.0445, 0.0110, 2.0),
        (0.0050, 0.0220, 0.0470, 0.0020, 2.1),
        (0.0120, 0.0275, 0.0472, -0.0100, 2.1),
        (0.0200, 0.0325, 0.0468, -0.0220, 2.2),
        (0.0300, 0.0370, 0.0480, -0.0340, 2.3),
        (0.0400, 0.0395, 0.0490, -0.0420, 2.3),
        (0.0520, 0.0412, 0.0500, -0.0495, 2.35),
        (0.0630, 0.0422, 0.0505, -0.0550, 2.35),
        (0.0740, 0.0430, 0.0520, -0.0590, 2.3),
        (0.0860, 0.0437, 0.0525, -0.0605, 2.25),
        (0.0980, 0.0428, 0.0500, -0.0600, 2.2),
        (0.1090, 0.0395, 0.0445, -0.0560, 2.15),
        (0.1180, 0.0340, 0.0370, -0.0490, 2.1),
        (0.1250, 0.0270, 0.0275, -0.0400, 2.0),
        (0.1300, 0.0180, 0.0165, -0.0280, 2.0),
        (0.1330, 0.0080, 0.0050, -0.0160, 2.0),
    ]
)
_LEVELS = np.concatenate(
    [
        [-0.001, 0.0005, 0.003, 0.006, 0.0095, 0.0130, 0.0165],
        np.linspace(0.0195, 0.0355, 9),
        np.linspace(0.0373, 0.0485, 7),
        np.linspace(0.0510, 0.0790, 9),
        [0.084, 0.091, 0.099, 0.107, 0.115, 0.122, 0.128, 0.1315, 0.133],
    ]
)
_COLUMNS = 42


@dataclass(frozen=True, slots=True)
class Face:
    """How one face differs from the next; every number is about 1, but for `age` and `brow` from 0."""

    wide: float
    jaw: float
    nose_long: float
    nose_wide: float
    lips: float
    brow: float
    age: float
    stout: float

    def skull(self, levels: ArrayLike) -> Floats:
        """float64[n, 5]: the sections at heights, as _SKULL has them."""
        y = np.asarray(levels, np.float64)
        found = curve(_SKULL[:, 0], _SKULL[:, 1:], y)
        jaw = self.jaw * (1 - smooth(0.03, 0.06, y)) + smooth(0.03, 0.06, y)
        found[:, 0] *= self.wide * self.stout * jaw
        return np.concatenate([y[:, None], found], 1)

    def front(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """How far forward the face is at places seen from the front; arrays of one shape."""
        x_, y_ = np.asarray(x, np.float64), np.asarray(y, np.float64)
        section = self.skull(y_.ravel()).reshape(*y_.shape, 5)
        wide, front, power = section[..., 1], section[..., 2], section[..., 4]
        share = np.clip(np.abs(x_) / wide, 0, 0.9999)
        return np.asarray(front * (1 - share**power) ** (1 / power) + self.relief(x_, y_))

    def relief(self, x: Floats, y: Floats) -> Floats:
        """How much the features add to the skull's front."""
        a = np.abs(x)
        tip = 0.0455 + 0.0015 * (1 - self.nose_long)
        # The nose: a ridge that widens and rises from between the eyes to the tip, then falls to the lip.
        along = np.clip((0.0700 - y) / (0.0700 - tip), 0, 1)
        high = 0.0022 * smooth(0.0, 0.3, along) + 0.0092 * self.nose_long * along**1.4
        high *= smooth(tip - 0.0066, tip - 0.0004, y)
        ridge = (0.0036 + 0.0022 * along) * self.nose_wide
        out = high * np.exp(-((a / ridge) ** 2.4))
        out += 0.0016 * self.nose_long * bell(a, 0.0, 0.0046) * bell(y, tip - 0.0002, 0.0040)
        out += 0.0046 * bell(a, 0.0062 * self.nose_wide, 0.0031) * bell(y, tip - 0.0020, 0.0034)
        out -= 0.0018 * bell(a, 0.0040, 0.0018) * bell(y, tip - 0.0052, 0.0013)
        # Brow, sockets, cheekbones, temples.
        out += (0.0010 + 0.0012 * self.brow) * bell(a, 0.0150, 0.0110) * bell(y, 0.0738, 0.0042)
        out += 0.0010 * bell(a, 0.0, 0.0060) * bell(y, 0.0765, 0.0060)
        out -= 0.0052 * bell(a, 0.0158, 0.0090) * bell(y, 0.0640, 0.0064)
        out += 0.0024 * bell(a, 0.0285, 0.0085) * bell(y, 0.0515, 0.0075)
        out += 0.0012 * bell(a, 0.0150, 0.0080) * bell(y, 0.0480, 0.0070)
        out -= 0.0012 * (0.4 + self.age) * bell(a, 0.0275, 0.0070) * bell(y, 0.0320, 0.0090)
        # The mouth lies on a low mound; below it the chin.
        out += 0.0026 * bell(a, 0.0, 0.0155) * bell(y, 0.0290, 0.0105)
        bow = MOUTH + 0.0036 + 0.0006 * bell(a, 0.0030, 0.0022) - 0.00012 * (a / 0.004) ** 2
        out += 0.0017 * self.lips * np.exp(-((a / 0.0112) ** 4)) * bell(y, bow - 0.0006, 0.0020)
        out += 0.0022 * self.lips * np.exp(-((a / 0.0100) ** 4)) * bell(y, MOUTH - 0.0038, 0.0026)
        out -= 0.0019 * np.exp(-((a / 0.0128) ** 4)) * bell(y, MOUTH + 0.00022 * (a / 0.006) ** 2, 0.0011)
        out -= 0.0012 * bell(a, 0.0140, 0.0022) * bell(y, MOUTH + 0.0002, 0.0022)
        out -= 0.0008 * bell(a, 0.0, 0.0018) * bell(y, 0.0358, 0.0032)
        out -= 0.0015 * np.exp(-((a / 0.0110) ** 2)) * bell(y, 0.0178, 0.0026)
        out += 0.0030 * np.exp(-((a / (0.0095 * self.jaw)) ** 2)) * bell(y, 0.0090, 0.0062)
        # From the wings of the nose past the corners of the mouth: deeper with the years.
        fold = 0.0098 + 0.0062 * np.clip((0.043 - y) / 0.015, 0, 1.2)
        return np.asarray(
            out
            - (0.0003 + 0.0009 * self.age)
            * bell(a, fold, 0.0018)
            * smooth(0.024, 0.03, y)
            * smooth(0.046, 0.04, y)
        )


def face_of(seed: int, build: float, soft: bool) -> Face:
    """The face of a seed; `soft` has the finer brow, jaw and nose and the fuller lips."""
    random = np.random.default_rng([seed, 11])
    wide, jaw, nose_long, nose_wide, lips, brow, age = random.uniform(-1, 1, 7)
    return Face(
        wide=1 + 0.035 * wide,
        jaw=(0.93 if soft else 1.02) + 0.05 * jaw,
        nose_long=(0.86 if soft else 1.0) + 0.12 * nose_long,
        nose_wide=(0.92 if soft else 1.02) + 0.12 * nose_wide,
        lips=(1.15 if soft else 0.9) + 0.2 * lips,
        brow=(0.15 if soft else 0.75) + 0.2 * brow,
        age=0.5 + 0.5 * age,
        stout=1 + 0.06 * (build - 0.5),
    )


def head_pieces(face: Face, seed: int, soft: bool) -> list[tuple[Mesh, str]]:
    """Meshes and their stuffs, in the space of the head's joint for a height of 1. No hair but brows."""
    left_eye, left_lids, left_lash = _eye(face, seed, soft)
    white, iris, pupil = left_eye
    return [
        (merged([_skull(face), *both([left_lids, _ear(face)])]), "skin"),
        (merged(both([white])), "eye white"),
        (merged(both([iris])), "iris"),
        (merged(both([pupil, left_lash])), "dark trim"),
        (merged(both([_brow(face, soft)])), "hair"),
        (_lips(face), "lips"),
    ]


def _skull(face: Face) -> Mesh:
    section = face.skull(_LEVELS)
    angles = around(_COLUMNS, 2.5)
    _, wide, front, back, power = section.T
    middle = np.where(_LEVELS < 0.03, (front + back) / 2 * smooth(0.03, 0.0, _LEVELS), 0.0)
    rings = rings_about(_LEVELS, wide, front, back, angles, power, middle)
    ahead = smooth(0.12, 0.45, np.cos(angles))[None]
    rings[..., 2] += ahead * face.relief(rings[..., 0], rings[..., 1])
    # Cheekbones and the corners of the jaw stand out sideways.
    sideways = np.sign(rings[..., 0]) * np.abs(np.sin(angles))[None] ** 3
    rings[..., 0] += sideways * (
        0.0012 * bell(_LEVELS, 0.055, 0.008)[:, None] - 0.0012 * bell(_LEVELS, 0.085, 0.010)[:, None] * ahead
    )
    return ring_solid(rings)


def _eye(face: Face, seed: int, soft: bool) -> tuple[tuple[Mesh, Mesh, Mesh], Mesh, Mesh]:
    """The left eye (white, iris, pupil), its lids, and the line of lashes."""
    random = np.random.default_rng([seed, 12])
    open_up = random.uniform(0.22, 0.31) + (0.03 if soft else 0.0)
    centre = np.array([EYE[0], EYE[1], _EYE_DEPTH])
    white = ring_solid(_ball(_BALL, 8, 12) + centre)
    iris = _cap(_BALL * 1.012, 0.50, centre)
    pupil = _cap(_BALL * 1.022, 0.21, centre)
    # Lids are parts of a slightly larger ball, from their edge back under the brow and onto the cheek.
    u = np.linspace(-1, 1, 11)
    v = np.linspace(0, 1, 4)
    side = u * 1.22  # radians about y; the outer corner is a little higher
    corner = -0.05 + 0.05 * u
    upper = corner + open_up * (1 - np.abs(u) ** 2.4) ** 0.8 * (1 - 0.10 * u)
    lower = corner - 0.29 * (1 - np.abs(u) ** 2.2) ** 0.8 * (1 + 0.12 * u)
    lids, edges = [], []
    for edge, far, sign, proud in ((upper, 1.35, 1.0, 0.085), (lower, -1.2, -1.0, 0.05)):
        rise = edge[None] + (far - edge[None]) * v[:, None]
        lift = _BALL * (1 + proud + 0.6 * proud * np.sin(np.pi * np.clip(v * 1.6, 0, 1)))[:, None]
        if sign < 0:
            lift = lift * (1 - 0.10 * v[:, None])
        outer = _on_ball(side[None], rise, lift) + centre
        lids.append(scale(outer if sign > 0 else outer[::-1], centre))
        edges.append((edge, lift[0]))
    edge, lift = edges[0]
    line = np.stack([edge - 0.02, edge + 0.075 * (0.5 + 0.5 * u) + 0.035])
    lash = scale(_on_ball(side[None], line, lift * np.array([[1.035], [1.02]])) + centre, centre)
    return (white, iris, pupil), merged(lids), lash


def _on_ball(side: Floats, rise: Floats, radius: Floats | float) -> Floats:
    side, rise = np.broadcast_arrays(side, rise)
    direction = np.stack([np.sin(side) * np.cos(rise), np.sin(rise), np.cos(side) * np.cos(rise)], -1)
    return np.asarray(direction * np.broadcast_to(radius, side.shape)[..., None])


def _ball(radius: float, bands: int, sides: int) -> Floats:
    rise = np.linspace(-np.pi / 2 + 0.05, np.pi / 2 - 0.05, bands)
    return _on_ball(around(sides)[None], rise[:, None], radius)


def _cap(radius: float, half_angle: float, centre: Floats) -> Mesh:
    """A round spot on a ball, facing forwards."""
    turn = around(12)
    rings = []
    for share in (1.0, 0.99, 0.5):
        r = radius * (0.94 if share == 1.0 else 1.0)
        spread = half_angle * min(share, 0.99)
        rings.append(
            np.stack(
                [
                    r * np.sin(spread) * np.cos(turn),
                    r * np.sin(spread) * np.sin(turn),
                    np.full(12, r * np.cos(spread)),
                ],
                -1,
            )
        )
    return ring_solid(np.array(rings) + centre)


def _brow(face: Face, soft: bool) -> Mesh:
    u = np.linspace(-1, 1, 9)
    x = BROW[0] + 0.0003 + 0.0118 * u
    arch = BROW[1] + 0.0008 + 0.0014 * (1 - (u - 0.25) ** 2) - 0.0010 * np.clip(u, 0, 1) ** 2
    thick = (0.0016 if soft else 0.0024) * (1 - 0.55 * np.clip(u, 0, 1)) * (1 - 0.35 * np.abs(u) ** 4)
    rows = np.linspace(-0.5, 0.5, 3)
    y = arch[None] + thick[None] * rows[:, None]
    x2 = np.broadcast_to(x, y.shape)
    z = face.front(x2, y)
    swell = 0.0009 * (1 - (2 * rows[:, None]) ** 2) * (1 - u[None] ** 6) + 0.00025
    return scale(np.stack([x2, y, z + swell], -1), (BROW[0], BROW[1], 0.035))


def _lips(face: Face) -> Mesh:
    u = np.linspace(-1, 1, 15)
    x = 0.0135 * u
    a = np.abs(u)
    corner = MOUTH + 0.0003 * a
    top = corner + 0.0040 * (1 - a**1.9) * (1 - 0.16 * bell(u, 0, 0.13))
    bottom = corner - 0.0062 * (1 - a**2.3)
    rows = np.linspace(0, 1, 7)
    y = bottom[None] + (top - bottom)[None] * rows[:, None]
    x2 = np.broadcast_to(x, y.shape)
    z = face.front(x2, y)
    inset = 0.0007 * np.maximum(np.abs(2 * rows[:, None] - 1) ** 6, a[None] ** 8)
    return scale(np.stack([x2, y, z + 0.0006 - inset], -1), (0.0, MOUTH, 0.03))


def _ear(face: Face) -> Mesh:
    """The left ear: a bowl with a rolled rim, leaning back and standing off the head."""
    turn = around(14)
    # From the middle outwards: share of the outline, how far out (the hollow, the rim, its back).
    profile = (
        (0.15, -0.0010),
        (0.45, -0.0004),
        (0.66, 0.0026),
        (0.80, 0.0022),
        (0.92, 0.0044),
        (1.0, 0.0036),
        (0.97, 0.0008),
    )
    high, deep = 0.0162, 0.0096
    outline_y = high * np.cos(turn) + 0.0008
    outline_z = deep * np.sin(turn) * (0.86 + 0.22 * np.cos(turn))
    rings = []
    for share, out in profile:
        lobe = 1 - 0.45 * smooth(-0.4, -1.0, np.cos(turn))
        rings.append(np.stack([0.003 + out * lobe, outline_y * share, outline_z * share], -1))
    rings.append(np.stack([np.full(14, -0.006), outline_y * 0.55, outline_z * 0.5], -1))
    points = np.array(rings[::-1])
    lean, stand = 0.20, 0.32
    y = points[..., 1] * np.cos(lean) + points[..., 2] * np.sin(lean)
    z = -points[..., 1] * np.sin(lean) + points[..., 2] * np.cos(lean)
    x = points[..., 0]
    x, z = x * np.cos(stand) - z * np.sin(stand), x * np.sin(stand) + z * np.cos(stand)
    wide = float(face.skull(np.array([0.055]))[0, 1])
    return ring_solid(np.stack([x + wide - 0.0005, y + 0.0555, z - 0.009], -1))
