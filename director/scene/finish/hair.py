"""Hair, beards, hats and spectacles for the heads of head.py, in the space of the head's joint."""

from dataclasses import dataclass

import numpy as np

from director.scene.finish.forms import merged
from director.scene.finish.head import EYE, Face
from director.scene.finish.loft import (
    Floats,
    around,
    bell,
    curve,
    mirrored,
    ring_solid,
    sandwich,
    scale,
    smooth,
    tubes,
)
from director.scene.mesh import Mesh

__all__ = ["hair_pieces"]

Pieces = list[tuple[Mesh, str]]
_COLUMNS, _ROWS = 42, 11
# The hairline of short hair: degrees from the front, height over the head's joint.
_HAIRLINE = np.array(
    [
        (0, 0.1010),
        (25, 0.1000),
        (42, 0.0965),
        (56, 0.0850),
        (68, 0.0640),
        (78, 0.0500),
        (87, 0.0520),
        (93, 0.0740),
        (110, 0.0715),
        (122, 0.0500),
        (140, 0.0360),
        (180, 0.0300),
    ]
)
# How hair that falls hangs: height, half width, front, back.
_FALL = np.array(
    [
        (-0.0700, 0.0400, 0.0200, -0.0590),
        (-0.0440, 0.0450, 0.0240, -0.0640),
        (-0.0100, 0.0490, 0.0300, -0.0670),
        (0.0300, 0.0525, 0.0400, -0.0670),
        (0.0620, 0.0530, 0.0480, -0.0665),
    ]
)


@dataclass(frozen=True, slots=True)
class _Cut:
    """Thicknesses at the top, the sides and the neck; how far up or down the front and the rest begin."""

    top: float
    side: float
    nape: float
    front: float = 0.0
    falls_to: float | None = None
    quiff: float = 0.0
    parting: float = 0.0  # which side, and how much
    curls: float = 0.0
    strands: float = 0.0010
    fringe: float = 0.0
    crown: float = 0.1330  # how far up it goes: lower leaves a bald top


def hair_pieces(face: Face, style: str, seed: int, traits: frozenset[str] = frozenset()) -> Pieces:
    """What is on a head whose blocked hair is "short", "long" or "none", of somebody with these traits
    (told.Told)."""
    random = np.random.default_rng([seed, 21])
    pieces: Pieces = []
    if style == "short":
        name = str(
            random.choice(
                ["crop", "parted", "quiff", "curls", "swept", "cap", "beanie"],
                p=[0.22, 0.24, 0.16, 0.14, 0.12, 0.07, 0.05],
            )
        )
    elif style == "long":
        name = str(
            random.choice(
                ["straight", "fringe", "bob", "waves", "bun", "tail"], p=[0.28, 0.2, 0.17, 0.2, 0.06, 0.09]
            )
        )
    else:
        name = str(random.choice(["bald", "ring", "hat", "cap", "beanie"], p=[0.5, 0.2, 0.12, 0.1, 0.08]))
    name = next((cover for cover in ("hat", "cap", "beanie") if cover in traits), name)
    if style != "long" and "bald" in traits and name not in _HATS:
        name = "bald"
    if name in _CUTS:
        pieces.append((_mop(face, _CUTS[name], random), "hair"))
    if name in ("cap", "beanie", "hat"):
        if style == "short":
            pieces.append((_mop(face, _CUTS["crop"], random), "hair"))
        cover = str(random.choice(["cover red", "cover blue", "cover green", "cover ochre", "dark trim"]))
        pieces += [(mesh, cover if name != "hat" else "dark trim") for mesh in _HATS[name](face)]
    if name == "bun":
        pieces.append((_bun(0.098, -0.062, 0.019), "hair"))
    if name == "tail":
        pieces.append((_tail(), "hair"))
    bearded = random.random() < 0.24 and style != "long" and not traits & {"woman", "shaven"}
    if bearded or "beard" in traits:
        pieces.append((_beard(face), "hair"))
    if random.random() < 0.13 or "spectacles" in traits:
        pieces.append((_spectacles(face, random), str(random.choice(["dark trim", "dark trim", "brass"]))))
    return pieces


_CUTS = {
    "crop": _Cut(0.0050, 0.0030, 0.0022),
    "parted": _Cut(0.0085, 0.0045, 0.0030, parting=1.0, strands=0.0014, front=-0.002),
    "quiff": _Cut(0.0090, 0.0035, 0.0024, quiff=1.0, strands=0.0016),
    "curls": _Cut(0.0110, 0.0080, 0.0055, curls=0.0032, strands=0.0, front=-0.004),
    "swept": _Cut(0.0075, 0.0060, 0.0060, strands=0.0020, fringe=0.010, front=-0.006),
    "ring": _Cut(0.0030, 0.0040, 0.0040, crown=0.1040),
    "straight": _Cut(0.0070, 0.0055, 0.0050, falls_to=-0.058, parting=0.6, strands=0.0014),
    "fringe": _Cut(0.0075, 0.0060, 0.0055, falls_to=-0.054, fringe=0.020, strands=0.0013),
    "bob": _Cut(0.0080, 0.0075, 0.0070, falls_to=0.002, parting=0.5, strands=0.0013),
    "waves": _Cut(0.0085, 0.0085, 0.0080, falls_to=-0.058, curls=0.0016, strands=0.0020, parting=0.8),
    "bun": _Cut(0.0045, 0.0035, 0.0030, strands=0.0012),
    "tail": _Cut(0.0050, 0.0035, 0.0032, strands=0.0012),
}


def _hairline(angles: Floats, cut: _Cut, hand: float) -> Floats:
    degrees = np.degrees(np.abs(np.where(angles > np.pi, angles - 2 * np.pi, angles)))
    line = np.interp(degrees, _HAIRLINE[:, 0], _HAIRLINE[:, 1])
    if cut.crown < 0.13:
        # Nothing grows in front: the line runs up to where the hair ends anyway.
        line = line + (cut.crown - 0.004 - line) * smooth(74, 58, degrees)
    line = line + cut.front * smooth(60, 30, degrees)
    slant = np.sin(angles) * hand
    line = line - cut.fringe * smooth(56, 40, degrees) * (1 - 0.25 * slant)
    if cut.falls_to is not None:
        edge = 50.0 if cut.falls_to < 0 else 54.0
        fallen = cut.falls_to + 0.004 * np.cos(angles * 2)
        share = smooth(edge, edge + 14, degrees)
        line = line * (1 - share) + fallen * share
    return np.asarray(line)


def _mop(face: Face, cut: _Cut, random: np.random.Generator) -> Mesh:
    angles = around(_COLUMNS, 1.35)
    hand = float(random.choice([-1.0, 1.0]))
    line = _hairline(angles, cut, hand)
    t = np.linspace(0, 1, _ROWS) ** 1.15
    y = line[None] + (cut.crown - line[None]) * t[:, None]
    flat = face.skull(np.clip(y.ravel(), 0.012, 0.133))
    wide, front, back, power = (flat[:, k].reshape(y.shape) for k in (1, 2, 3, 4))
    if cut.falls_to is not None:
        hang = curve(_FALL[:, 0], _FALL[:, 1:], np.clip(y.ravel(), -0.07, 0.062)).reshape(*y.shape, 3)
        share = smooth(0.085, 0.055, y)
        extra = cut.side - 0.0055
        wide = wide * (1 - share) + (hang[..., 0] - cut.side + extra) * share
        front = front * (1 - share) + hang[..., 1] * share
        back = back * (1 - share) + (hang[..., 2] + cut.nape - extra) * share
    a = np.broadcast_to(angles, y.shape)
    sin, cos = np.sin(a), np.cos(a)
    x = wide * np.sign(sin) * np.abs(sin) ** (2 / power)
    middle = -0.006
    z = middle + np.where(cos > 0, front - middle, middle - back) * np.sign(cos) * np.abs(cos) ** (2 / power)
    # Thickness: top, sides and nape flow into each other; it grows out of the hairline.
    up = smooth(0.085, 0.120, y)
    behind = smooth(0.2, -0.8, cos)
    thick: Floats = cut.top * up + (cut.side * (1 - behind) + cut.nape * behind) * (1 - up)
    thick = thick * (0.30 + 0.70 * smooth(0.0, 0.16, t)[:, None])
    face_side = smooth(0.35, 0.75, cos)
    thick = thick + cut.quiff * (0.0075 * face_side * bell(t, 0.28, 0.24)[:, None])
    if cut.parting:
        across = x * hand
        lift = 1 + 0.30 * cut.parting * smooth(0.020, -0.020, across)
        groove = 0.0042 * cut.parting * bell(across, 0.0185, 0.0040) * smooth(-0.035, -0.01, z) * up
        thick = thick * (lift * up + 1 - up) - groove
    if cut.fringe:
        thick = thick + 0.0022 * face_side * bell(t, 0.12, 0.16)[:, None]
    if cut.strands:
        phase = random.uniform(0, 6.28, 4)
        sweep = a + 0.5 * hand * t[:, None]
        comb = np.sin(13 * sweep + phase[0] + 2 * np.sin(2 * a)) + 0.9 * np.sin(
            21 * sweep + phase[1] + 26 * y
        )
        thick = (
            thick
            + cut.strands
            * comb
            * (0.35 + 0.65 * smooth(0.05, 0.25, t)[:, None])
            * smooth(1.0, 0.9, t)[:, None]
        )
    if cut.curls:
        waves = np.zeros(y.shape)
        place = np.stack([x, y, z], -1)
        for k in range(7):
            direction = random.normal(size=3)
            direction *= (260 if cut.falls_to is None else 120) / np.linalg.norm(direction) * (0.7 + 0.1 * k)
            waves += np.sin(place @ direction + random.uniform(0, 6.28))
        thick = thick + cut.curls * waves / 2.2 * (0.4 + 0.6 * smooth(0.0, 0.15, t)[:, None])
    if cut.crown < 0.13:
        thick = thick - (thick + 0.006) * smooth(0.25, 0.50, cos)
    # The crown is one place: its last rings may not wave.
    settled = smooth(0.78, 0.97, t)[:, None]
    thick = thick + (thick.mean(axis=1, keepdims=True) - thick) * settled
    radial = np.stack([x, np.zeros(y.shape), z - middle], -1)
    radial /= np.maximum(np.linalg.norm(radial, axis=-1, keepdims=True), 1e-6)
    points = (
        np.stack([x, y + thick * smooth(0.095, 0.131, y), z], -1)
        + radial * (thick * (1 - 0.85 * smooth(0.118, 0.134, y)))[..., None]
    )
    points[..., 2] += cut.quiff * 0.002 * face_side * bell(t, 0.2, 0.2)[:, None]
    root = points[:1] - radial[:1] * (thick[:1, :, None] + 0.004)
    root[..., 1] += 0.002
    ends = [root, points]
    if cut.crown < 0.13:
        ends.append(points[-1:] - radial[-1:] * 0.008)
    return ring_solid(np.concatenate(ends))


def _bun(height: float, back: float, size: float) -> Mesh:
    turn = np.linspace(-1.35, 1.35, 9)
    angles = around(18)
    out = 1 + 0.05 * np.sin(3 * angles[None] + 4 * turn[:, None])
    ring = np.stack(
        [
            np.cos(turn)[:, None] * np.sin(angles) * out,
            np.broadcast_to(np.sin(turn)[:, None], (9, 18)) * 0.85,
            np.cos(turn)[:, None] * np.cos(angles) * out,
        ],
        -1,
    )
    return ring_solid(ring * size + np.array([0, height, back]))


def _tail() -> Mesh:
    path = np.array(
        [
            (0, 0.090, -0.056),
            (0, 0.091, -0.072),
            (0, 0.078, -0.081),
            (0, 0.050, -0.080),
            (0, 0.015, -0.074),
            (0, -0.025, -0.068),
            (0, -0.050, -0.064),
        ]
    )
    return tubes(path, [0.010, 0.011, 0.0155, 0.018, 0.017, 0.013, 0.004], 12)


def _beard(face: Face) -> Mesh:
    angles = np.radians(np.linspace(-82, 82, 25))
    degrees = np.abs(np.degrees(angles))
    top = np.interp(
        degrees, [0, 10, 20, 30, 50, 70, 82], [0.0195, 0.0210, 0.0260, 0.0270, 0.0285, 0.040, 0.050]
    )
    low = np.interp(degrees, [0, 30, 60, 82], [-0.0030, 0.0000, 0.0100, 0.0220])
    rows = np.linspace(0, 1, 7)
    y = low[None] + (top - low)[None] * rows[:, None]
    section = face.skull(np.clip(y.ravel(), 0.001, 0.1)).reshape(*y.shape, 5)
    x = section[..., 1] * np.sign(np.sin(angles)) * np.abs(np.sin(angles)) ** (2 / section[..., 4])
    z = section[..., 2] * np.cos(angles) ** (2 / section[..., 4])
    z = z + smooth(0.12, 0.45, np.cos(angles)) * face.relief(x, y)
    thick = (
        0.0034 * np.sin(np.pi * np.clip(rows * 0.88 + 0.12, 0, 1))[:, None] ** 0.6 * (1 - (degrees / 84) ** 6)
    )
    outward = np.stack([np.sin(angles), 0 * angles - 0.15, np.cos(angles)], -1)[None]
    place = np.stack([x, y, z], -1)
    jaw = scale(place + outward * (thick[..., None] + 0.0002), (0.0, 0.018, 0.01))
    u = np.linspace(-1, 1, 13)
    mid = 0.0348 - 0.0040 * np.abs(u) ** 1.8
    band = np.linspace(-0.5, 0.5, 4)[:, None]
    y2 = mid[None] + 0.0044 * (1 - 0.5 * u**4)[None] * band
    x2 = np.broadcast_to(0.0150 * u, y2.shape)
    z2 = face.front(x2, y2)
    swell = 0.0020 * (1 - (2 * band) ** 2) * (1 - u**8)[None] + 0.0002
    lip = scale(np.stack([x2, y2, z2 + swell], -1), (0.0, 0.034, 0.035))
    return merged([jaw, lip])


def _dome(
    face: Face, line: Floats, thick: float, rows: int, angles: Floats, ribs: float = 0.0, point: float = 0.0
) -> Floats:
    t = np.linspace(0, 1, rows)
    y = line[None] + (0.1330 - line[None]) * t[:, None]
    flat = face.skull(y.ravel()).reshape(*y.shape, 5)
    a = np.broadcast_to(angles, y.shape)
    sin, cos = np.sin(a), np.cos(a)
    wide, front, back = flat[..., 1] + thick, flat[..., 2] + thick, flat[..., 3] - thick
    x = wide * np.sign(sin) * np.abs(sin) ** (2 / flat[..., 4])
    m = -0.006
    z = m + np.where(cos > 0, front - m, m - back) * np.sign(cos) * np.abs(cos) ** (2 / flat[..., 4])
    grow = 1 + ribs * np.cos(22 * a)
    return np.stack(
        [x * grow, y + (thick + point * t[:, None] ** 2) * t[:, None] ** 2, m + (z - m) * grow], -1
    )


def _cap(face: Face) -> list[Mesh]:
    angles = around(32)
    line = 0.088 - 0.010 * (1 - np.cos(angles)) / 2
    rings = _dome(face, line, 0.0085, 9, angles)
    root = rings[:1] * (0.93, 1, 0.93)
    crown = ring_solid(np.concatenate([root, rings]))
    u = np.linspace(-1, 1, 13)
    v = np.linspace(0, 1, 5)[:, None]
    x = 0.043 * np.sin(u * 1.25)[None] * (1 - 0.10 * v)
    start = 0.0480 * np.cos(u * 1.15)[None]
    z = start + v * 0.040 * np.cos(u * 1.35)[None] ** 0.6 + 0.004
    y = 0.0880 - 0.011 * v - 0.005 * np.abs(u)[None] ** 2 * v
    upper = np.stack([x, y, z], -1)[::-1]
    thick = np.array([0, 0.0012, 0])
    return [crown, sandwich(upper + thick, upper - thick), _bun(0.142, -0.004, 0.0028)]


def _beanie(face: Face) -> list[Mesh]:
    angles = around(44)
    line = 0.0840 - 0.018 * (1 - np.cos(angles)) / 2
    crown = _dome(face, line, 0.0085, 11, angles, 0.012, 0.004)
    root = crown[:1] * (0.93, 1, 0.93)
    fold = _dome(face, line - 0.001, 0.0115, 9, angles, 0.014)[:3]
    return [
        ring_solid(np.concatenate([root, crown])),
        ring_solid(np.concatenate([fold[:1] * (0.9, 1, 0.9), fold, fold[-1:] * (0.93, 1, 0.93)])),
    ]


def _hat(face: Face) -> list[Mesh]:
    angles = around(36)
    line = 0.0900 - 0.006 * (1 - np.cos(angles)) / 2
    crown = _dome(face, line, 0.0075, 9, angles, 0.0, 0.010)
    crown[..., 1] -= 0.010 * smooth(0.125, 0.140, crown[..., 1]) * bell(crown[..., 0], 0.0, 0.012)
    y = 0.090 - 0.003 * np.cos(2 * angles)
    edge = np.stack(
        [0.082 * np.sin(angles), y + 0.004 * np.abs(np.sin(angles)), 0.088 * np.cos(angles) - 0.005], -1
    )
    inner = crown[0] * (0.95, 1, 0.95)
    up = np.array([0, 0.0011, 0])
    brim = np.stack([inner - up, edge - up, edge + up, inner + 2 * up])
    return [ring_solid(np.concatenate([inner[None], crown])), ring_solid(brim)]


_HATS = {"cap": _cap, "beanie": _beanie, "hat": _hat}


def _spectacles(face: Face, random: np.random.Generator) -> Mesh:
    turn = np.linspace(0, 2 * np.pi, 15)
    power = 2 / random.uniform(2.0, 3.6)
    cos, sin = (np.sign(f) * np.abs(f) ** power for f in (np.cos(turn), np.sin(turn)))
    x = EYE[0] + 0.0004 + 0.0118 * cos
    z = 0.0555 - 6.0 * (x - 0.004) ** 2
    rim = tubes(np.stack([x, EYE[1] - 0.0008 + 0.0092 * sin, z], -1), 0.00085, 4)
    wide = float(face.skull(np.array([0.065]))[0, 1])
    arm = tubes(
        np.array(
            [
                (0.0285, 0.066, 0.0518),
                (wide - 0.002, 0.0665, 0.038),
                (wide + 0.0022, 0.066, 0.005),
                (wide + 0.001, 0.0645, -0.014),
            ]
        ),
        0.0009,
        5,
    )
    bridge = tubes(
        np.array([(-0.0056, 0.0655, 0.0560), (0, 0.0672, 0.0590), (0.0056, 0.0655, 0.0560)]), 0.0009, 5
    )
    return merged([rim, mirrored(rim), arm, mirrored(arm), bridge])
