"""What a figure wears about its trunk: jackets with lapels, shirts, jumpers, hoods, collars, ties, scarves.

Everything is in the figure's own space at rest for a height of 1. Cloth is a little larger than the body
of body.py.
"""

import numpy as np

from director.scene.finish.body import TORSO_POWER, folds, torso, torso_front, torso_rings, under
from director.scene.finish.forms import merged
from director.scene.finish.garments import Outfit, Pieces
from director.scene.finish.loft import (
    Floats,
    around,
    bell,
    mirrored,
    ring_solid,
    rings_about,
    sandwich,
    scale,
    smooth,
    tubes,
)
from director.scene.mesh import Mesh

__all__ = ["top_pieces"]

_TOP, _SHIRT, _DARK = "garment top", "light trim", "dark trim"


def top_pieces(o: Outfit) -> Pieces:
    """Everything about the trunk but its arms."""
    made = {
        "jacket": _jacket,
        "coat": _jacket,
        "shirt": _shirt,
        "tee": _tee,
        "jumper": _jumper,
        "hoodie": _hoodie,
        "dress": _dress,
        "robe": _robe,
    }[o.top](o)
    if o.scarf:
        made += [(mesh, o.scarf) for mesh in _scarf(o)]
    return made


_CREASES = ((0.600, 0.050, 0.0042, 42.0), (0.735, 0.060, 0.0022, 22.0))


def _bodice(
    o: Outfit,
    hem: float,
    ease: float,
    top: float = 0.843,
    rows: int = 19,
    sides: int = 30,
    blouse: float = 0.0,
) -> Mesh:
    """A closed top: from a hem turned under to the neck."""
    levels = np.concatenate([np.linspace(hem, 0.80, rows - 6), [0.811, 0.820, 0.826, 0.831, 0.8355, top]])
    angles = around(sides, 1.15)
    rings = torso_rings(levels, o.build, ease, angles)
    # The neckline lies lower in front than behind.
    rings[..., 1] -= 0.016 * smooth(0.803, top, levels)[:, None] * smooth(-0.3, 1.0, np.cos(angles))
    if blouse:
        swell = 1 + blouse * bell(levels, hem + 0.022, 0.020)[:, None]
        rings[..., 0] *= swell
        rings[..., 2] *= swell
    return ring_solid(under(folds(rings, angles, o.seed, _CREASES), False))


def _collar_ring(
    y: float, wide: float, front: float, back: float, tilt: float, high: float, thick: float
) -> Mesh:
    """A band about the neck, lower in front by twice `tilt`."""
    angles = around(18)
    drop = -tilt * np.cos(angles)
    rings = []
    for grow, up in (
        (0, -0.3),
        (thick, 0.1),
        (thick, 0.8),
        (0.4 * thick, 1.0),
        (-0.4 * thick, 0.8),
        (-0.4 * thick, 0.0),
    ):
        ring = rings_about([y + up * high], wide + grow, front + grow, back - grow, angles)
        ring[..., 1] += drop
        rings.append(ring)
    return ring_solid(np.concatenate(rings))


def _neck_ring(o: Outfit, high: float, thick: float, lift: float = 0.0) -> Mesh:
    stout = 1 + 0.3 * (o.build - 0.5)
    return _collar_ring(0.8345 + lift, 0.0375 * stout, 0.0270 * stout, -0.0500 * stout, 0.0100, high, thick)


def _tee(o: Outfit) -> Pieces:
    return [(merged([_bodice(o, 0.520, 0.0040), _neck_ring(o, 0.006, 0.0028)]), _TOP)]


def _dress(o: Outfit) -> Pieces:
    """The upper part of a dress: close to the body, cut out at the neck."""
    drop = 0.062 if o.bare else 0.040
    levels = np.concatenate([np.linspace(0.552, 0.79, 13), [0.803, 0.814, 0.823, 0.830, 0.836]])
    angles = around(32, 1.15)
    rings = torso_rings(levels, o.build, 0.0042, angles)
    skin = torso_rings(levels[8:], o.build, -0.0005, angles)
    ahead = smooth(-0.15, 0.9, np.cos(angles))
    # About the neck the cloth's edge dives under the skin, deeper in front.
    near = smooth(0.780, 0.836, levels)[:, None]
    rings[..., 1] -= near * (0.012 + drop * ahead)
    inwards = smooth(0.818, 0.836, levels)[:, None] * 0.10
    rings[..., [0, 2]] *= 1 - inwards[..., None]
    # It ends under the skirt's waist.
    rings[..., [0, 2]] *= (1 - 0.16 * smooth(0.606, 0.570, levels))[:, None, None]
    waist = ((0.600, 0.040, 0.0018, 36.0), (0.735, 0.060, 0.0012, 22.0))
    cloth = folds(rings, angles, o.seed, waist)
    neck = torso_rings(np.array([0.8395, 0.845]), o.build, -0.0005, angles)
    neck[..., 1] -= 0.014 * smooth(-0.3, 1.0, np.cos(angles))
    return [
        (ring_solid(under(cloth, False)), _TOP),
        (ring_solid(np.concatenate([skin, neck])), "skin"),
    ]


def _robe(o: Outfit) -> Pieces:
    """The upper part of a robe: loose, one side over the other, tied at the waist."""
    y = np.linspace(0.640, 0.838, 12)[:, None]
    u = np.linspace(0, 1, 4)[None]
    # The two edges run from behind the neck to the waist, and cross.
    x = 0.032 - 0.056 * (1 - (y - 0.640) / 0.198) + 0.026 * u
    z = torso_front(np.abs(x), np.broadcast_to(np.minimum(y, 0.834), x.shape), o.build, 0.0095)
    z = z + 0.0034 - 0.0012 * u
    edge = scale(np.stack([x, np.broadcast_to(y, x.shape), z], -1), (0.02, 0.74, 0.0))
    angles = around(30)
    levels = np.array([0.578, 0.582, 0.594, 0.606, 0.610])
    sash = torso_rings(levels, o.build, 0.0120, angles)
    sash[[0, -1]] *= np.array([0.96, 1, 0.96])
    body = _bodice(o, 0.588, 0.0085, rows=16)
    return [
        (merged([body, mirrored(edge), edge, _neck_ring(o, 0.010, 0.0042)]), _TOP),
        (ring_solid(sash), "garment legs"),
    ]


def _jumper(o: Outfit) -> Pieces:
    body = _bodice(o, 0.522, 0.0075, blouse=0.05)
    rib = _rib(o, 0.504, 0.528, 0.0045)
    pieces: Pieces = [(merged([body, rib, _neck_ring(o, 0.012, 0.0045)]), _TOP)]
    if o.zipped:
        pieces.append((merged(_points(o, 0.0095)), _SHIRT))
    return pieces


def _rib(o: Outfit, low: float, high: float, ease: float) -> Mesh:
    """A ribbed hem."""
    angles = around(48)
    levels = np.linspace(low, high, 3)
    rings = torso_rings(levels, o.build, ease, angles)
    rings[..., [0, 2]] *= (1 + 0.010 * np.cos(24 * angles))[None, :, None]
    return ring_solid(under(under(rings, False), True))


def _hoodie(o: Outfit) -> Pieces:
    meshes = [
        _neck_ring(o, 0.010, 0.0045),
        _bodice(o, 0.520, 0.0085, blouse=0.05),
        _rib(o, 0.504, 0.528, 0.0055),
    ]
    # The hood lies on the back and rises round the neck.
    t = np.linspace(0, 2 * np.pi, 13)[:-1]
    arc = np.radians(np.linspace(24, 336, 23))
    shut = smooth(0.3, -0.9, np.cos(arc))
    rings = []
    for a, s in zip(arc, shut, strict=True):
        r = 0.0420 + 0.006 * s
        centre = np.array(
            [np.sin(a) * r, 0.838 + 0.004 * s - 0.008 * (1 - s), np.cos(a) * (r - 0.002) - 0.012 - 0.012 * s]
        )
        out = np.array([np.sin(a), 0.0, np.cos(a)])
        big = 0.0075 + 0.0125 * s
        rings.append(
            centre
            + big
            * (
                np.cos(t)[:, None] * out * 0.85
                - np.sin(t)[:, None] * np.array([0, 1.25, 0]) * (0.8 + 0.3 * s)
            )
        )
    meshes.append(ring_solid(np.array(rings)))
    if not o.zipped:
        meshes.append(
            _patch(o, 0.048, 0.545, 0.612, 0.0105, lambda y: 0.030 + 0.022 * smooth(0.612, 0.565, y))
        )
    pieces: Pieces = [(merged(meshes), _TOP)]
    cords = []
    for x in (0.013, -0.013):
        y = np.linspace(0.818, 0.745 if x > 0 else 0.752, 6)
        z = torso_front(np.full(6, abs(x)), y, o.build, 0.0115)
        cords.append(tubes(np.stack([np.full(6, x), y, z], -1), 0.0016, 6))
    pieces.append((merged(cords), _SHIRT))
    if o.zipped:
        pieces.append((_strip(o, 0.0, 0.0026, 0.512, 0.815, 0.0098), _DARK))
    return pieces


def _shirt(o: Outfit) -> Pieces:
    tucked = o.zipped
    body = _bodice(o, 0.561 if tucked else 0.508, 0.0045, blouse=0.06 if tucked else 0.0)
    parts = [
        body,
        _strip(o, 0.0, 0.0072, 0.512 if not tucked else 0.55, 0.820, 0.0062),
        *_points(o, 0.006),
        _neck_ring(o, 0.012, 0.0030),
    ]
    parts.append(_patch(o, 0.0135, 0.712, 0.752, 0.0068, None, 0.042))
    return [
        (merged(parts), _TOP),
        (merged(_buttons(o, 0.0, np.linspace(0.575, 0.805, 6), 0.0072, 0.0026)), _SHIRT),
    ]


def _points(o: Outfit, ease: float) -> list[Mesh]:
    """The two points of a turned-down collar."""
    v, u = np.linspace(0, 1, 6)[:, None], np.linspace(0, 1, 5)[None]
    # From the neck down to the points: the outer edge runs out sideways.
    x = 0.004 + (0.034 - 0.004) * u * (1 - 0.15 * (1 - v)) + 0.004 * (1 - v)
    y = 0.8080 + 0.0300 * u**0.9 - (1 - v) * (0.0270 - 0.010 * u)
    z = torso_front(x, np.minimum(y, 0.834), o.build, ease) + 0.006 * v * (1 - u)
    left = scale(np.stack([x, y, z + 0.0032], -1), (0.02, 0.815, 0.0))
    return [left, mirrored(left)]


def _strip(o: Outfit, x: float, half: float, low: float, high: float, ease: float) -> Mesh:
    """A placket or zip down the front."""
    y = np.linspace(low, high, 14)[:, None]
    across = x + half * np.linspace(-1, 1, 4)[None]
    xx, yy = np.broadcast_arrays(across, y)
    z = torso_front(xx, yy, o.build, ease)
    return scale(np.stack([xx, yy, z + 0.0008], -1), (x, (low + high) / 2, 0.02))


def _patch(
    o: Outfit, half: float, low: float, high: float, ease: float, width: object, at: float = 0.0
) -> Mesh:
    """A sewn-on pocket with a soft edge; `width` may give its half width by height."""
    y = np.linspace(low, high, 7)[:, None]
    wide = width(y) if callable(width) else np.full(y.shape, half)
    u = np.linspace(-1, 1, 9)[None]
    xx, yy = np.broadcast_arrays(at + wide * u, y)
    z = torso_front(xx, yy, o.build, ease)
    edge = np.maximum(np.abs(u), np.abs(2 * (y - low) / (high - low) - 1)) ** 8
    return scale(np.stack([xx, yy, z + 0.0010 - 0.0022 * edge], -1), (at, (low + high) / 2, 0.02))


def _buttons(o: Outfit, x: float, levels: Floats, ease: float, size: float) -> list[Mesh]:
    made = []
    angles = around(6)
    for y in levels:
        z = float(torso_front(np.array([x]), np.array([y]), o.build, ease)[0])
        rings = [
            np.stack([x + r * np.cos(angles), y + r * np.sin(angles), np.full(6, z + d)], -1)
            for r, d in ((size, -0.001), (size, 0.0008), (0.6 * size, 0.0016))
        ]
        made.append(ring_solid(np.array(rings)))
    return made


def _jacket(o: Outfit) -> Pieces:
    """A jacket or the upper part of a coat: open in a V over a shirt, with lapels, collar and pockets."""
    coat = o.top == "coat"
    ease, hem = (0.0125, 0.545) if coat else (0.0095, 0.478)
    shirt_ease = 0.0030
    button = 0.690 if coat else 0.655
    levels = np.concatenate([np.linspace(hem, 0.80, 14), [0.811, 0.820, 0.827, 0.834, 0.841]])
    wide = torso(levels, o.build, ease)[:, 0]
    opening = _opening(o, levels, button)
    # The columns follow the opening's edge: the first ones lie in it, under the shirt.
    edge = np.arcsin(np.clip(opening / wide, 0.0, 0.95) ** (TORSO_POWER / 2))
    half = np.array([0.0, 0.80, 0.985])
    spread = np.linspace(0, 1, 13)[:-1]
    left = np.concatenate(
        [edge[:, None] * half[None], edge[:, None] + (np.pi - edge[:, None]) * spread[None]], 1
    )
    angles = np.concatenate([left, np.full((len(levels), 1), np.pi), 2 * np.pi - left[:, :0:-1]], 1)
    rings = torso_rings(levels, o.build, ease, angles)
    sunk = np.zeros(angles.shape[1])
    sunk[[0, 1, 2, -1, -2]] = 1.0
    sunk = sunk[None] * smooth(0.0005, 0.004, opening)[:, None]
    centre = rings.mean(axis=1, keepdims=True)
    away = rings - centre
    away[..., 1] = 0
    away /= np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6)
    rings = folds(rings, angles, o.seed, _CREASES)
    depth = ease - shirt_ease + 0.004 + 0.016 * smooth(0.53, 0.50, levels)[:, None]
    rings -= away * (sunk * depth)[..., None]
    meshes = [ring_solid(under(rings, False)), *_lapels(o, button, ease), _coat_collar(o)]
    for x in (0.052, -0.052):
        meshes.append(_patch(o, 0.024, 0.548, 0.560, ease + 0.0015, None, x))
    meshes.append(_patch(o, 0.0150, 0.722, 0.731, ease + 0.0010, None, 0.048))
    pieces: Pieces = [(merged(meshes), _TOP)]
    shirt = [_front(o, shirt_ease), *_points(o, 0.0050), _neck_ring(o, 0.010, 0.0028)]
    pieces.append((merged(shirt), _SHIRT))
    rows = np.linspace(button - 0.005, button - 0.085, 3 if coat else 2)
    pieces.append((merged(_buttons(o, 0.0040, rows, ease + 0.001, 0.0042)), _DARK))
    if o.tie:
        pieces.append((_tie(o, button), o.tie))
    else:
        pieces.append((merged(_buttons(o, 0.0, np.linspace(button + 0.02, 0.80, 4), 0.0045, 0.0022)), _SHIRT))
    return pieces


def _opening(o: Outfit, levels: Floats, button: float) -> Floats:
    """Half width of the opening at heights: a V above the button, a smaller one below the last."""
    v = 0.033 * np.clip((levels - button) / (0.822 - button), 0, 1.15) ** 0.9
    if o.top == "jacket":
        v += 0.034 * np.clip((0.585 - levels) / 0.11, 0, 1) ** 1.6
    return np.asarray(np.maximum(v, 0.0006))


def _lapels(o: Outfit, button: float, ease: float) -> list[Mesh]:
    t = np.linspace(0, 1, 13)
    y = button + (0.826 - button) * t
    inner = _opening(o, y, button)
    # It widens to the notch, where the collar's narrower end begins.
    width = 0.0030 + 0.034 * np.clip(t / 0.74, 0, 1) ** 0.85
    width = np.where(t > 0.77, 0.0235 - 0.05 * (t - 0.77), width)
    u = np.linspace(0, 1, 4)[None]
    x = inner[:, None] - 0.0012 + width[:, None] * u
    yy = np.broadcast_to(y[:, None], x.shape) + 0.006 * u * bell(t, 0.70, 0.12)[:, None]
    z = torso_front(x, np.minimum(yy, 0.836), o.build, ease)
    lift = 0.0052 - 0.0022 * u + 0.0015 * np.sin(np.pi * u)
    left = scale(np.stack([x, yy, z + lift], -1), (0.04, (button + 0.83) / 2, 0.0))
    return [left, mirrored(left)]


def _coat_collar(o: Outfit) -> Mesh:
    arc = np.radians(np.linspace(38, 322, 17))
    stout = 1 + 0.3 * (o.build - 0.5)
    tall = 1.35 if o.top == "coat" else 1.0
    # Across the collar: out and down, over the fold, and down inside to the neck.
    profile = np.array(
        [
            (0.0175, -0.020),
            (0.0130, -0.006),
            (0.0078, 0.011 * tall),
            (0.0050, 0.0165 * tall),
            (0.0030, 0.011 * tall),
            (0.0020, -0.006),
        ]
    )
    near = smooth(0.75, 0.2, np.cos(arc))
    grid = []
    for out, up in profile:
        r = 0.0350 * stout + out * (0.55 + 0.45 * near)
        y = 0.834 + up * (0.55 + 0.45 * near) - 0.006 * (1 - near)
        grid.append(np.stack([np.sin(arc) * r, y + 0 * arc, np.cos(arc) * r * 1.08 - 0.0125], -1))
    skin = np.array(grid)
    inner = skin.copy()
    middle = np.array([0.0, 0.0, -0.0125])
    inward = skin - middle
    inward[..., 1] = 0
    inward /= np.maximum(np.linalg.norm(inward, axis=-1, keepdims=True), 1e-6)
    inner -= inward * 0.0016
    inner[2:4, :, 1] -= 0.0025
    return sandwich(skin, inner)


def _front(o: Outfit, ease: float) -> Mesh:
    """A shirt's front, as much as an open jacket shows."""
    y = np.linspace(0.560, 0.834, 12)[:, None]
    xx, yy = np.broadcast_arrays(0.046 * np.linspace(-1, 1, 10)[None] * (1 - 0.3 * smooth(0.8, 0.834, y)), y)
    z = torso_front(xx, yy, o.build, ease)
    return scale(np.stack([xx, yy, z], -1), (0.0, 0.70, -0.01))


def _tie(o: Outfit, button: float) -> Mesh:
    y = np.concatenate([np.linspace(button - 0.03, 0.800, 9), [0.806, 0.814, 0.818]])
    half = np.concatenate([np.linspace(0.0125, 0.0070, 9), [0.0078, 0.0098, 0.0085]])
    xx = half[:, None] * np.linspace(-1, 1, 5)[None]
    yy = np.broadcast_to(y[:, None], xx.shape)
    z = torso_front(xx, yy, o.build, 0.0042)
    puff = 0.0018 * (1 - np.linspace(-1, 1, 5) ** 2)[None] + 0.003 * (yy > 0.803)
    return scale(np.stack([xx, yy, z + 0.0008 + puff], -1), (0.0, button + 0.07, 0.0))


def _scarf(o: Outfit) -> list[Mesh]:
    stout = 1 + 0.3 * (o.build - 0.5)
    t = np.linspace(0, 2 * np.pi, 11)[:-1]
    meshes = []
    for lift, size in ((0.000, 0.0135), (0.014, 0.0115)):
        angles = np.linspace(0, 2 * np.pi, 19)
        rings = []
        for a in angles:
            r = (0.0425 - lift * 0.25) * stout
            centre = np.array([np.sin(a) * r, 0.836 + lift - 0.012 * np.cos(a), np.cos(a) * r - 0.010])
            out = np.array([np.sin(a), 0, np.cos(a)])
            big = size * (1 + 0.10 * np.sin(5 * a + 40 * lift))
            rings.append(
                centre + big * (np.cos(t)[:, None] * out * 0.75 - np.sin(t)[:, None] * np.array([0, 1, 0]))
            )
        meshes.append(ring_solid(np.array(rings)))
    y = np.linspace(0.640, 0.828, 10)[:, None]
    xx = 0.016 + (0.0155 + 0.004 * smooth(0.83, 0.66, y)) * np.linspace(-1, 1, 6)[None]
    yy = np.broadcast_to(y, xx.shape)
    z = torso_front(xx, yy, o.build, 0.0165) + 0.0016 * np.sin(xx * 600)
    z = z + 0.010 * smooth(0.79, 0.83, yy)
    meshes.append(sandwich(np.stack([xx, yy, z + 0.004], -1), np.stack([xx, yy, z - 0.004], -1)))
    return meshes
