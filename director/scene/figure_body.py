"""The meshes of a human figure: tapered, rounded parts in the spaces of their joints.

Lengths are shares of the figure's height. Proportions are the artist's canon of seven and a half heads;
girths follow `build`, 0 slim to 1 heavy. The figure faces +Z and its left is +X; limbs hang along −Y.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from director.scene.mesh import Mesh
from director.scene.shapes import ring_mesh

__all__ = ["BODY_PARTS", "JOINTS", "PARENTS", "body_mesh", "part_mesh_name"]

# joint → its place at rest, in the figure's space
JOINTS: dict[str, tuple[float, float, float]] = {
    "pelvis": (0.0, 0.530, 0.0),
    "waist": (0.0, 0.590, 0.0),
    "chest": (0.0, 0.660, 0.0),
    "neck": (0.0, 0.822, -0.012),
    "head": (0.0, 0.864, 0.0),
    "shoulder_l": (0.104, 0.797, -0.010),
    "elbow_l": (0.112, 0.628, -0.012),
    "wrist_l": (0.112, 0.482, -0.004),
    "shoulder_r": (-0.104, 0.797, -0.010),
    "elbow_r": (-0.112, 0.628, -0.012),
    "wrist_r": (-0.112, 0.482, -0.004),
    "hip_l": (0.050, 0.515, 0.0),
    "knee_l": (0.052, 0.282, 0.004),
    "ankle_l": (0.052, 0.046, -0.006),
    "hip_r": (-0.050, 0.515, 0.0),
    "knee_r": (-0.052, 0.282, 0.004),
    "ankle_r": (-0.052, 0.046, -0.006),
}

PARENTS: dict[str, str] = {
    "waist": "pelvis",
    "chest": "waist",
    "neck": "chest",
    "head": "neck",
    **{f"shoulder_{s}": "chest" for s in "lr"},
    **{f"elbow_{s}": f"shoulder_{s}" for s in "lr"},
    **{f"wrist_{s}": f"elbow_{s}" for s in "lr"},
    **{f"hip_{s}": "pelvis" for s in "lr"},
    **{f"knee_{s}": f"hip_{s}" for s in "lr"},
    **{f"ankle_{s}": f"knee_{s}" for s in "lr"},
}

# part → the joint that carries it, and what it is dressed in; a figure wears some of them
BODY_PARTS: dict[str, tuple[str, str]] = {
    "hips": ("pelvis", "legs"),
    "waist": ("waist", "top"),
    "chest": ("chest", "top"),
    "neck": ("neck", "skin"),
    "head": ("head", "skin"),
    "hair": ("head", "hair"),
    "long hair": ("head", "hair"),
    "coat": ("pelvis", "top"),
    **{f"upper_arm_{s}": (f"shoulder_{s}", "top") for s in "lr"},
    **{f"forearm_{s}": (f"elbow_{s}", "top") for s in "lr"},
    **{f"hand_{s}": (f"wrist_{s}", "skin") for s in "lr"},
    **{f"thigh_{s}": (f"hip_{s}", "legs") for s in "lr"},
    **{f"calf_{s}": (f"knee_{s}", "legs") for s in "lr"},
    **{f"foot_{s}": (f"ankle_{s}", "shoes") for s in "lr"},
}

# Rings from the lowest up: height, half width, half depth, forward shift.
Rings = tuple[tuple[float, float, float, float], ...]
_RINGS: dict[str, Rings] = {
    "hips": (
        (-0.078, 0.030, 0.030, 0.000),
        (-0.066, 0.066, 0.050, -0.002),
        (-0.035, 0.094, 0.066, -0.008),
        (0.000, 0.097, 0.068, -0.009),
        (0.035, 0.089, 0.062, -0.004),
        (0.070, 0.080, 0.054, 0.000),
        (0.088, 0.060, 0.040, 0.000),
    ),
    "waist": (
        (-0.0420, 0.0500, 0.0360, 0.0000),
        (-0.0280, 0.0800, 0.0540, 0.0000),
        (0.0100, 0.0785, 0.0540, 0.0020),
        (0.0450, 0.0795, 0.0550, 0.0030),
        (0.0800, 0.0815, 0.0560, 0.0030),
        (0.1050, 0.0720, 0.0480, 0.0010),
        (0.1180, 0.0450, 0.0300, 0.0000),
    ),
    "chest": (
        (-0.0400, 0.0450, 0.0300, 0.0020),
        (-0.0220, 0.0680, 0.0460, 0.0030),
        (0.0020, 0.0795, 0.0555, 0.0040),
        (0.0300, 0.0880, 0.0625, 0.0060),
        (0.0650, 0.0960, 0.0690, 0.0070),
        (0.0980, 0.1025, 0.0680, 0.0030),
        (0.1220, 0.1060, 0.0610, -0.0030),
        (0.1400, 0.1040, 0.0510, -0.0080),
        (0.1520, 0.0900, 0.0430, -0.0110),
        (0.1630, 0.0620, 0.0360, -0.0130),
        (0.1760, 0.0380, 0.0320, -0.0130),
        (0.1860, 0.0240, 0.0240, -0.0120),
    ),
    "neck": (
        (-0.0340, 0.0440, 0.0420, -0.0040),
        (-0.0100, 0.0355, 0.0360, 0.0000),
        (0.0140, 0.0325, 0.0335, 0.0040),
        (0.0400, 0.0315, 0.0330, 0.0070),
        (0.0580, 0.0260, 0.0280, 0.0070),
        (0.0660, 0.0130, 0.0150, 0.0070),
    ),
    "head": (
        (0.000, 0.013, 0.013, 0.032),
        (0.008, 0.023, 0.026, 0.022),
        (0.022, 0.032, 0.040, 0.012),
        (0.040, 0.038, 0.049, 0.005),
        (0.060, 0.0420, 0.0545, 0.001),
        (0.080, 0.0440, 0.0575, -0.003),
        (0.098, 0.0430, 0.0565, -0.005),
        (0.114, 0.0370, 0.0490, -0.006),
        (0.126, 0.0260, 0.0350, -0.007),
        (0.133, 0.0120, 0.0170, -0.008),
    ),
    "hair": (
        (0.046, 0.0300, 0.0400, -0.016),
        (0.052, 0.0445, 0.0540, -0.014),
        (0.080, 0.0480, 0.0600, -0.009),
        (0.100, 0.0470, 0.0600, -0.007),
        (0.118, 0.0410, 0.0530, -0.007),
        (0.130, 0.0300, 0.0390, -0.008),
        (0.138, 0.0140, 0.0190, -0.009),
    ),
    "long hair": (
        (-0.0520, 0.0220, 0.0100, -0.0460),
        (-0.0440, 0.0460, 0.0180, -0.0460),
        (-0.0100, 0.0520, 0.0260, -0.0420),
        (0.0300, 0.0500, 0.0360, -0.0320),
        (0.0620, 0.0490, 0.0500, -0.0180),
        (0.0860, 0.0490, 0.0600, -0.0090),
        (0.1040, 0.0470, 0.0595, -0.0070),
        (0.1200, 0.0410, 0.0530, -0.0070),
        (0.1320, 0.0300, 0.0390, -0.0080),
        (0.1400, 0.0140, 0.0190, -0.0090),
    ),
    "coat": (
        (-0.2250, 0.1120, 0.1200, 0.0020),
        (-0.2220, 0.1220, 0.1320, 0.0020),
        (-0.1500, 0.1150, 0.1200, 0.0020),
        (-0.0800, 0.1100, 0.1040, 0.0000),
        (-0.0200, 0.1040, 0.0870, -0.0040),
        (0.0300, 0.0970, 0.0770, -0.0030),
        (0.0700, 0.0900, 0.0670, 0.0010),
        (0.1050, 0.0845, 0.0610, 0.0020),
        (0.1220, 0.0620, 0.0440, 0.0010),
    ),
    "upper_arm": (
        (-0.1920, 0.0110, 0.0110, 0.0000),
        (-0.1840, 0.0185, 0.0190, 0.0000),
        (-0.1660, 0.0225, 0.0235, 0.0000),
        (-0.1300, 0.0245, 0.0265, 0.0000),
        (-0.0850, 0.0280, 0.0305, 0.0010),
        (-0.0450, 0.0310, 0.0335, 0.0000),
        (-0.0120, 0.0325, 0.0340, 0.0000),
        (0.0060, 0.0295, 0.0305, 0.0000),
        (0.0165, 0.0235, 0.0245, 0.0000),
        (0.0240, 0.0110, 0.0115, 0.0000),
    ),
    "forearm": (
        (-0.1600, 0.0095, 0.0105, 0.0000),
        (-0.1500, 0.0150, 0.0170, 0.0000),
        (-0.1150, 0.0172, 0.0198, 0.0000),
        (-0.0700, 0.0212, 0.0232, 0.0000),
        (-0.0300, 0.0238, 0.0250, 0.0000),
        (0.0000, 0.0222, 0.0232, 0.0000),
        (0.0130, 0.0180, 0.0185, 0.0000),
        (0.0200, 0.0090, 0.0095, 0.0000),
    ),
    "hand": (
        (-0.1060, 0.0060, 0.0100, 0.0060),
        (-0.0960, 0.0095, 0.0190, 0.0050),
        (-0.0660, 0.0130, 0.0240, 0.0030),
        (-0.0380, 0.0145, 0.0255, 0.0020),
        (-0.0140, 0.0135, 0.0190, 0.0010),
        (0.0080, 0.0125, 0.0145, 0.0000),
    ),
    "thigh": (
        (-0.270, 0.0120, 0.0120, 0.002),
        (-0.262, 0.0260, 0.0270, 0.002),
        (-0.246, 0.0345, 0.0360, 0.001),
        (-0.215, 0.0375, 0.0395, 0.001),
        (-0.150, 0.0440, 0.0480, 0.002),
        (-0.080, 0.0510, 0.0570, 0.001),
        (-0.020, 0.0520, 0.0620, -0.003),
        (0.020, 0.0440, 0.0550, -0.005),
        (0.040, 0.0250, 0.0330, -0.005),
    ),
    "calf": (
        (-0.246, 0.014, 0.015, 0.000),
        (-0.235, 0.0205, 0.0225, -0.001),
        (-0.185, 0.0225, 0.0250, -0.003),
        (-0.130, 0.0300, 0.0340, -0.008),
        (-0.075, 0.0350, 0.0395, -0.010),
        (-0.030, 0.0340, 0.0375, -0.004),
        (0.006, 0.0345, 0.0365, 0.001),
        (0.022, 0.0300, 0.0320, 0.001),
        (0.033, 0.0170, 0.0180, 0.001),
    ),
}

# The foot is laid from heel to toe: along, half width, height of the middle, half height.
_FOOT: Rings = (
    (-0.040, 0.012, -0.030, 0.012),
    (-0.034, 0.022, -0.022, 0.024),
    (-0.014, 0.0265, -0.010, 0.036),
    (0.012, 0.0270, -0.012, 0.034),
    (0.040, 0.0300, -0.022, 0.024),
    (0.070, 0.0335, -0.029, 0.0170),
    (0.094, 0.0310, -0.033, 0.0130),
    (0.108, 0.0200, -0.035, 0.0100),
    (0.114, 0.0080, -0.037, 0.0060),
)
_SOLE = -0.046

# How far girth follows build, slim to heavy; the belly most of all.
_STOUT = {
    "waist": 0.62,
    "hips": 0.42,
    "chest": 0.20,
    "neck": 0.30,
    "head": 0.06,
    "hair": 0.06,
    "long hair": 0.06,
    "coat": 0.26,
    "hand": 0.16,
}
_LIMBS_STOUT = 0.40
_SIDES = 16
_SQUARE = {"chest": 2.6, "waist": 2.4, "hips": 2.4, "head": 2.2, "hair": 2.2, "coat": 2.4}


def part_mesh_name(part: str) -> str:
    """Left and right parts are drawn from one mesh."""
    return part.removesuffix("_l").removesuffix("_r")


@lru_cache
def body_mesh(name: str, build: float) -> Mesh:
    """One part's mesh, its joint at the origin, for a figure of height 1."""
    turn = np.arange(_SIDES) * (2 * np.pi / _SIDES)
    cos, sin = np.cos(turn), np.sin(turn)
    if name == "foot":
        rings = np.empty((len(_FOOT), _SIDES, 3))
        for i, (along, wide, middle, high) in enumerate(_FOOT):
            rings[i] = np.stack(
                [cos * wide, np.maximum(middle + sin * high, _SOLE), np.full(_SIDES, along)], -1
            )
        return ring_mesh(rings)
    stout = 1 + _STOUT.get(name, _LIMBS_STOUT) * (build - 0.5)
    power = 2 / _SQUARE.get(name, 2.0)
    x, z = np.sign(cos) * np.abs(cos) ** power, -np.sign(sin) * np.abs(sin) ** power
    rings = np.stack(
        [
            np.stack([x * wide * stout, np.full(_SIDES, high), z * deep * stout + ahead], -1)
            for high, wide, deep, ahead in _RINGS[name]
        ]
    )
    if name == "head":
        _add_nose(rings)
    if name == "hair":
        # The hairline rises from the nape to the forehead.
        lifted = np.clip((0.1 - rings[..., 1]) / 0.05, 0, 1)
        rings[..., 1] += 0.42 * np.clip(rings[..., 2] + 0.03, 0, None) * lifted
    return ring_mesh(rings)


def _add_nose(rings: NDArray[np.float64]) -> None:
    front = int(rings[4, :, 2].argmax())
    for ring, out in ((3, 0.004), (4, 0.012), (5, 0.004)):
        rings[ring, front, 2] += out
