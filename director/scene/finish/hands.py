"""Hands with fingers, and shoes: the ends of a figure's limbs.

Lengths are shares of the figure's height, in the spaces of the left wrist and ankle: a hand hangs along −Y
with its palm towards −X and its thumb to the front; a foot stands on y = −0.046 and points along +Z.
"""

import numpy as np

from director.scene.finish.forms import merged
from director.scene.finish.loft import Floats, around, ring_solid, rings_about, tubes
from director.scene.mesh import Mesh

__all__ = ["SOLE", "hand", "light_shoe", "shoe"]

SOLE = -0.046
# Along the hand (forward), length, how thick, and how much it bends at rest, of index to little finger.
_FINGERS = (
    (0.0170, 0.0400, 0.0056, 0.75),
    (0.0058, 0.0450, 0.0058, 0.85),
    (-0.0056, 0.0420, 0.0055, 0.95),
    (-0.0160, 0.0330, 0.0048, 1.05),
)


def hand(girth: float, pointing: bool = False) -> Mesh:
    """The left hand, relaxed, or with only its first finger straight."""
    levels = np.array([0.012, 0.006, -0.004, -0.016, -0.030, -0.044, -0.054, -0.058])
    thick = np.array([0.0115, 0.0122, 0.0122, 0.0132, 0.0128, 0.0112, 0.0092, 0.0060]) * girth
    front = np.array([0.0140, 0.0145, 0.0155, 0.0205, 0.0235, 0.0235, 0.0225, 0.0190]) * girth
    back = np.array([-0.0140, -0.0145, -0.0155, -0.0195, -0.0220, -0.0222, -0.0212, -0.0180]) * girth
    palm = rings_about(levels[::-1], thick[::-1], front[::-1], back[::-1], around(10), 2.5)
    meshes = [ring_solid(palm)]
    for i, (along, length, thick_, bend) in enumerate(_FINGERS):
        if pointing:
            bend = 0.05 if i == 0 else 2.6
        meshes.append(_finger((0.001, -0.051, along * girth), length, thick_ * girth, bend, 0.06 * (1.5 - i)))
    thumb = np.array(
        [
            (-0.002, -0.010, 0.010),
            (-0.004, -0.024, 0.021),
            (-0.006, -0.038, 0.0285),
            (-0.0075, -0.051, 0.0315),
            (-0.0085, -0.0585, 0.0320),
        ]
    ) * (girth, 1, girth)
    meshes.append(tubes(thumb, np.array([0.0080, 0.0088, 0.0066, 0.0058, 0.0034]) * girth, 7))
    return merged(meshes)


def _finger(base: tuple[float, float, float], length: float, thick: float, bend: float, fan: float) -> Mesh:
    shares = np.array([0.0, 0.22, 0.45, 0.65, 0.90, 1.0])
    radii = thick * np.array([1.0, 1.02, 0.93, 0.96, 0.78, 0.42])
    # Bent at its two knuckles, most at the middle one.
    turn = bend * np.interp(shares[:-1], [0.0, 0.3, 0.55, 1.0], [0.15, 0.30, 0.75, 1.0])
    step = np.diff(shares)[:, None] * length * np.stack([-np.sin(turn), -np.cos(turn), np.full(5, fan)], -1)
    path = np.concatenate([[base], np.asarray(base) + np.cumsum(step, axis=0)])
    return tubes(path, radii, 5)


def light_shoe(girth: float) -> list[tuple[Mesh, str]]:
    """The left shoe that goes with a dress, cut low, and the bare foot in it."""
    angles = around(15)
    wide = 0.0325 * girth
    sole = _footprint(
        [SOLE, SOLE + 0.001, SOLE + 0.004, SOLE + 0.005], [0.96, 0.98, 0.985, 0.95], wide, angles
    )
    # Height, width, front, back.
    foot = [
        (-0.0420, 0.93, 0.1040, -0.0370),
        (-0.0330, 0.92, 0.1020, -0.0385),
        (-0.0270, 0.88, 0.0950, -0.0390),
        (-0.0210, 0.82, 0.0800, -0.0390),
        (-0.0130, 0.74, 0.0570, -0.0375),
        (-0.0040, 0.68, 0.0350, -0.0340),
        (0.0060, 0.66, 0.0265, -0.0300),
        (0.0160, 0.66, 0.0240, -0.0260),
        (0.0260, 0.62, 0.0215, -0.0240),
    ]
    upper = [
        (SOLE + 0.004, 0.97, 0.1085, -0.0400),
        (-0.0380, 0.98, 0.1085, -0.0410),
        (-0.0310, 0.96, 0.1060, -0.0420),
        (-0.0265, 0.92, 0.1000, -0.0420),
        (-0.0255, 0.82, 0.0900, -0.0370),
    ]
    meshes = []
    for rings in (foot, upper):
        y, w, f, b = np.array(rings).T
        bent = 0.03 + 0 * y - np.clip((y + 0.03) * 0.9, 0, 0.035)
        meshes.append(rings_about(y, w * wide, f, b, angles, 2.3, bent))
    # Higher at the heel than over the toes.
    heel = np.clip((0.03 - meshes[1][..., 2]) / 0.06, 0, 1)
    meshes[1][2:, :, 1] += 0.014 * heel[2:] * np.array([0.5, 1.0, 1.0])[:, None]
    return [(ring_solid(meshes[0]), "skin"), (merged([sole, ring_solid(meshes[1])]), "dark trim")]


def shoe(seed: int, girth: float) -> list[tuple[Mesh, str]]:
    """The left shoe: its sole, its upper and its laces, by seed a boot, a laced shoe or a trainer."""
    random = np.random.default_rng([seed, 31])
    kind = random.choice(["boot", "laced", "trainer"], p=[0.3, 0.35, 0.35])
    heel = 0.0095 if kind == "trainer" else 0.0075
    wide = 0.0335 * girth
    angles = around(15)
    pieces = [
        (
            _footprint(
                [SOLE, SOLE + 0.001, SOLE + heel - 0.001, SOLE + heel], [0.98, 1.0, 1.015, 0.97], wide, angles
            ),
            "rubber",
        )
    ]
    # Rings from the sole up: height, width, front, back.
    upper = [
        (SOLE + heel - 0.002, 0.97, 0.1115, -0.0400),
        (SOLE + heel + 0.004, 0.97, 0.1095, -0.0405),
        (-0.0270, 0.92, 0.1020, -0.0410),
        (-0.0210, 0.86, 0.0860, -0.0410),
        (-0.0130, 0.80, 0.0620, -0.0400),
        (-0.0040, 0.74, 0.0400, -0.0375),
        (0.0060, 0.72, 0.0300, -0.0350),
    ]
    if kind == "boot":
        upper += [
            (0.020, 0.68, 0.0260, -0.0300),
            (0.030, 0.66, 0.0240, -0.0290),
            (0.032, 0.55, 0.0200, -0.0250),
        ]
    else:
        upper += [(0.012, 0.72, 0.0270, -0.0340), (0.0135, 0.62, 0.0230, -0.0290)]
    y, w, f, b = np.array(upper).T
    rings = rings_about(y, w * wide, f, b, angles, 2.3, 0.03 + 0 * y - np.clip((y + 0.03) * 0.9, 0, 0.035))
    pieces.append(
        (ring_solid(rings), "light trim" if kind == "trainer" and random.random() < 0.5 else "dark trim")
    )
    for k in range(3 if kind != "boot" else 4):
        along = 0.070 - 0.0115 * k
        top = float(np.interp(along, [0.030, 0.040, 0.062, 0.086], [0.006, -0.004, -0.013, -0.021]))
        x = np.linspace(-0.0105, 0.0105, 4)
        lace = np.stack([x, top + 0.0026 - 14 * x**2, np.full(4, along - 0.001)], -1)
        pieces.append((tubes(lace, 0.0013, 4), "light trim" if kind == "trainer" else "rubber"))
    return pieces


def _footprint(levels: list[float], grow: list[float], wide: float, angles: Floats) -> Mesh:
    g = np.array(grow)
    return ring_solid(
        rings_about(levels, wide * g, 0.036 + 0.079 * g, 0.036 - 0.079 * g, angles, 2.5, 0.036 + 0 * g)
    )
