"""Poses of a human figure: joint rotations, legs that reach for their feet, and a walk that does not slide.

Lengths are shares of the figure's height; arrays have one row a pose. Turning about X by a positive angle
bows a spine forwards, swings a hanging limb backwards, bends a knee and points toes down.

The walk follows the textbook gait cycle: 62 % stance from heel strike to toe-off, knee bent in swing,
pelvis lowest in double support, arms against legs (Perry & Burnfield, Gait Analysis, 2010).
"""

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import BODY_PARTS, JOINTS, PARENTS

__all__ = ["STRIDE", "figure_matrices", "posed", "walking"]

Array = NDArray[np.float64]

STRIDE = 0.78
"""Ground covered by two steps, as a share of the height."""

_STANCE = 0.62
_STRIKE_AHEAD = 0.205  # the ankle's lead on the hips as the heel strikes
_HEEL, _TOE = -0.034, 0.104  # of the foot, along from the ankle
_SOLE = -0.046
_PHASES = 120
_GAITS = 5


@dataclass
class _Pose:
    """Local joint rotations, float64[n, 3, 3], and where the pelvis and ankles are, float64[n, 3]."""

    n: int
    turns: dict[str, Array] = field(default_factory=dict)
    pelvis: Array = field(default_factory=lambda: np.zeros((1, 3)))
    ankles: dict[str, Array] = field(default_factory=dict)
    toes_up: dict[str, Array] = field(default_factory=dict)


def posed(name: str, seat: float = 0.26, phase: float = 0.0) -> Array:
    """float64[parts, 4, 4]: figure_from_mesh of a pose that does not move. `seat` is the height sat on."""
    pose = _walk(np.array([phase]), 1.0) if name == "walk" else _STILL_POSES[name](seat)
    matrices: Array = figure_matrices(pose)[0]
    return matrices


def walking(phase: float, gait: float) -> Array:
    """float64[parts, 4, 4]: figure_from_mesh at a phase of the stride (whole turns count up).

    `gait` runs from 0, standing, to 1, full stride.
    """
    table = _walk_table()
    # Phases are close enough for matrices to be mixed: the shrinking of a mixed turn is below 1e-4.
    at, level = (phase % 1.0) * _PHASES, min(1.0, max(0.0, gait)) * (_GAITS - 1)
    i, k = int(at), min(int(level), _GAITS - 2)
    share, rise = at - i, level - k
    j = (i + 1) % _PHASES
    low: Array = table[k, i % _PHASES] * (1 - share) + table[k, j] * share
    if rise == 0:
        return low
    high = table[k + 1, i % _PHASES] * (1 - share) + table[k + 1, j] * share
    mixed: Array = low * (1 - rise) + high * rise
    return mixed


@cache
def _walk_table() -> Array:
    phases = np.arange(_PHASES) / _PHASES
    return np.stack([figure_matrices(_walk(phases, level)) for level in np.linspace(0, 1, _GAITS)])


def figure_matrices(pose: _Pose) -> Array:
    """float64[n, parts, 4, 4]: forward kinematics, then legs by two-bone inverse kinematics."""
    n = pose.n
    world: dict[str, Array] = {}
    for joint, place in JOINTS.items():
        if joint.startswith(("knee", "ankle")):
            continue  # solved with their hip
        turn = pose.turns.get(joint, np.broadcast_to(np.eye(3), (n, 3, 3)))
        matrix = np.zeros((n, 4, 4))
        matrix[:, 3, 3] = 1
        if joint == "pelvis":
            matrix[:, :3, :3] = turn
            matrix[:, :3, 3] = place + pose.pelvis
        else:
            parent = PARENTS[joint]
            offset = np.subtract(place, JOINTS[parent])
            matrix[:, :3, :3] = world[parent][:, :3, :3] @ turn
            matrix[:, :3, 3] = world[parent][:, :3, :3] @ offset + world[parent][:, :3, 3]
        world[joint] = matrix
        if joint.startswith("hip"):
            _reach(world, joint[-1], pose)
    return np.stack([world[joint] for joint, _ in BODY_PARTS.values()], axis=1)


def _reach(world: dict[str, Array], side: str, pose: _Pose) -> None:
    """Turn hip and knee so that the ankle is where the pose wants it, as near as the leg is long."""
    hip, knee, ankle = (np.array(JOINTS[f"{joint}_{side}"]) for joint in ("hip", "knee", "ankle"))
    thigh, calf = float(np.hypot(*(knee - hip)[1:])), float(np.hypot(*(ankle - knee)[1:]))
    from_hip = pose.ankles[side] - world[f"hip_{side}"][:, :3, 3]
    # At rest the bones are not quite upright: their own angles are taken out again.
    thigh_rest, calf_rest = _forward(knee - hip), _forward(ankle - knee)
    aside = np.arctan2(from_hip[:, 0] - (ankle - hip)[0], -from_hip[:, 1])
    down = np.hypot(from_hip[:, 0] - (ankle - hip)[0], from_hip[:, 1])
    reach = np.minimum(np.hypot(down, from_hip[:, 2]), (thigh + calf) * 0.9995)
    line = np.arctan2(from_hip[:, 2], down)
    at_hip = np.arccos(np.clip((thigh**2 + reach**2 - calf**2) / (2 * thigh * reach), -1, 1))
    at_ankle = np.arccos(np.clip((calf**2 + reach**2 - thigh**2) / (2 * calf * reach), -1, 1))
    lean = _about_z(aside)
    turns = {
        "hip": lean @ _about_x(-(line + at_hip - thigh_rest)),
        "knee": lean @ _about_x(-(line - at_ankle - calf_rest)),
        "ankle": _about_x(-pose.toes_up[side]) @ pose.turns.get(f"ankle_{side}", np.eye(3)),
    }
    at = world[f"hip_{side}"][:, :3, 3]
    for joint, offset in (("hip", knee - hip), ("knee", ankle - knee), ("ankle", np.zeros(3))):
        matrix = np.zeros((pose.n, 4, 4))
        matrix[:, 3, 3] = 1
        matrix[:, :3, :3] = turns[joint]
        matrix[:, :3, 3] = at
        world[f"{joint}_{side}"] = matrix
        at = at + turns[joint] @ offset


def _walk(phases: Array, gait: float) -> _Pose:
    n = len(phases)
    turn = 2 * np.pi * phases
    swing = np.cos(turn) * gait  # 1 as the left heel strikes
    pose = _standing(n)
    pose.pelvis = np.stack(
        [
            0.010 * gait * np.cos(turn - 2 * np.pi * 0.31),
            gait * (-0.026 + 0.011 * np.cos(2 * (turn - 2 * np.pi * 0.30))),
            np.full(n, 0.006 * gait),
        ],
        -1,
    )
    pose.turns["pelvis"] = _about_y(-0.10 * swing) @ _about_z(0.05 * gait * np.sin(turn - 0.4))
    pose.turns["waist"] = _about_x(np.full(n, 0.04 * gait)) @ _about_y(0.09 * swing)
    pose.turns["chest"] = _about_x(np.full(n, 0.02 * gait)) @ _about_y(0.12 * swing)
    pose.turns["neck"] = _about_y(-0.06 * swing)
    pose.turns["head"] = _about_x(np.full(n, -0.05 * gait)) @ _about_y(-0.05 * swing)
    for side, out, sign in (("l", 1.0, 1.0), ("r", -1.0, -1.0)):
        ahead = -sign * swing  # of the arm: against its own leg
        pose.turns[f"shoulder_{side}"] = _about_z(np.full(n, 0.09 * out)) @ _about_x(
            0.06 * gait - 0.44 * ahead
        )
        pose.turns[f"elbow_{side}"] = _about_x(-0.10 - gait * (0.24 + 0.20 * ahead))
        own = phases if side == "l" else (phases + 0.5) % 1.0
        pose.ankles[side], pose.toes_up[side] = _foot(own, gait, JOINTS[f"ankle_{side}"])
    return pose


def _foot(phases: Array, gait: float, rest: tuple[float, float, float]) -> tuple[Array, Array]:
    """Where an ankle is, and how far the toes are up, through its own stride from heel strike on."""
    stance = np.minimum(phases / _STANCE, 1.0)
    # Heel strike on the heel, flat, then off over the toes: each keeps its place on the ground.
    strike = 0.36 * gait * np.clip(1 - stance / 0.18, 0, 1) ** 1.5
    off = 0.70 * gait * _smooth((stance - 0.58) / 0.42)
    planted = gait * (_STRIKE_AHEAD - STRIDE * _STANCE * stance)
    on_heel = _about(_HEEL, strike)
    on_toe = _about(_TOE, -off)
    grounded = np.where((strike > 0)[:, None], _pair(planted, on_heel), _pair(planted, on_toe))
    toes = strike - off
    # The swing leaves where stance ended and comes back to where it begins, at the ground's own speed.
    share = np.clip((phases - _STANCE) / (1 - _STANCE), 0, 1)
    start = _pair(
        np.array([gait * (_STRIKE_AHEAD - STRIDE * _STANCE)]), _about(_TOE, np.array([-0.70 * gait]))
    )
    end = _pair(np.array([gait * _STRIKE_AHEAD]), _about(_HEEL, np.array([0.36 * gait])))
    drift = np.array([-STRIDE * (1 - _STANCE) * gait, 0.0])
    s = share[:, None]
    flying = (
        (2 * s**3 - 3 * s**2 + 1) * start
        + (s**3 - 2 * s**2 + s) * drift * 0.6
        + (3 * s**2 - 2 * s**3) * end
        + (s**3 - s**2) * drift
    )
    flying[:, 1] += 0.055 * gait * np.sin(np.pi * share) ** 1.2 * (1 - 0.35 * share)
    swinging = gait * (-0.70 + (0.36 + 0.70) * _smooth(share / 0.9))
    in_stance = phases < _STANCE
    along_up = np.where(in_stance[:, None], grounded, flying)
    ankle = np.stack([np.full(len(phases), rest[0]), rest[1] + along_up[:, 1], rest[2] + along_up[:, 0]], -1)
    return ankle, np.where(in_stance, toes, swinging)


def _about(pivot: float, toes_up: Array) -> Array:
    """float64[n, 2]: how far (along, up) the ankle goes as the foot turns about a point of its sole."""
    along, up = -pivot, -_SOLE
    cos, sin = np.cos(toes_up), np.sin(toes_up)
    return np.stack([along * cos - up * sin - along, along * sin + up * cos - up], -1)


def _pair(planted: Array, offset: Array) -> Array:
    return offset + np.stack([planted, np.zeros_like(planted)], -1)


def _smooth(share: Array) -> Array:
    share = np.clip(share, 0, 1)
    return share * share * (3 - 2 * share)


def _standing(n: int = 1) -> _Pose:
    pose = _Pose(n, pelvis=np.zeros((n, 3)))
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.turns[f"shoulder_{side}"] = _about_z(np.full(n, 0.09 * out))
        pose.turns[f"elbow_{side}"] = _about_x(np.full(n, -0.10))
        pose.ankles[side] = np.tile(JOINTS[f"ankle_{side}"], (n, 1))
        pose.toes_up[side] = np.zeros(n)
    return pose


def _stand(_seat: float) -> _Pose:
    return _standing()


def _sit(seat: float) -> _Pose:
    pose = _standing()
    # The flesh of the hips reaches this far below the pelvis joint when sat on.
    pose.pelvis = np.array([[0.0, seat + 0.060 - JOINTS["pelvis"][1], 0.0]])
    pose.turns |= {"pelvis": _x(-0.16), "waist": _x(0.02), "chest": _x(0.10), "neck": _x(0.08)}
    for side, out, ahead in (("l", 1.0, 0.262), ("r", -1.0, 0.235)):
        pose.turns[f"shoulder_{side}"] = _z(0.12 * out) @ _x(-0.42)
        pose.turns[f"elbow_{side}"] = _y(-0.35 * out) @ _x(-0.72)
        pose.ankles[side] = np.array([[0.072 * out, 0.046, ahead]])
    return pose


def _point(_seat: float) -> _Pose:
    pose = _standing()
    pose.turns |= {"chest": _y(0.22), "neck": _y(-0.1), "head": _y(-0.12)}
    pose.turns["shoulder_r"] = _y(0.08) @ _x(-1.50)
    pose.turns["elbow_r"] = _x(-0.06)
    pose.ankles["l"] = np.array([[0.062, 0.046, 0.040]])
    pose.ankles["r"] = np.array([[-0.066, 0.046, -0.050]])
    pose.pelvis = np.array([[0.0, -0.008, 0.0]])
    return pose


def _lean(_seat: float) -> _Pose:
    """The back against a wall, the right sole flat on it."""
    pose = _standing()
    pose.pelvis = np.array([[0.006, -0.016, -0.060]])
    pose.turns |= {
        "pelvis": _x(-0.05),
        "waist": _x(-0.02),
        "chest": _x(0.06),
        "neck": _x(0.10),
        "head": _y(0.3),
    }
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.turns[f"shoulder_{side}"] = _z(0.20 * out) @ _x(0.12)
        pose.turns[f"elbow_{side}"] = _y(-0.5 * out) @ _x(-0.75)
    pose.ankles["l"] = np.array([[0.050, 0.046, 0.085]])
    pose.ankles["r"] = np.array([[-0.060, 0.200, -0.060]])
    pose.toes_up["r"] = np.array([-0.95])
    return pose


_STILL_POSES = {"stand": _stand, "sit": _sit, "point": _point, "lean": _lean}


def _forward(bone: Array) -> float:
    return float(np.arctan2(bone[2], -bone[1]))


def _x(angle: float) -> Array:
    return _about_x(np.array([angle]))


def _y(angle: float) -> Array:
    return _about_y(np.array([angle]))


def _z(angle: float) -> Array:
    return _about_z(np.array([angle]))


def _about_x(angle: Array) -> Array:
    return _turned(angle, 1, 2)


def _about_y(angle: Array) -> Array:
    return _turned(angle, 2, 0)


def _about_z(angle: Array) -> Array:
    return _turned(angle, 0, 1)


def _turned(angle: Array, a: int, b: int) -> Array:
    """float64[n, 3, 3]: turns from axis a towards axis b."""
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, range(3), range(3)] = 1
    matrix[:, a, a] = matrix[:, b, b] = cos
    matrix[:, b, a], matrix[:, a, b] = sin, -sin
    return matrix
