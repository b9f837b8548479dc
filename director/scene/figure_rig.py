"""The joints of a human figure set in motion: forward kinematics, and limbs that reach for their ends.

Lengths are shares of the figure's height; arrays have one row a pose. Turning about X by a positive angle
bows a spine forwards, swings a hanging limb backwards, bends a knee and points toes down. Legs and arms are
two bones each, solved by the law of cosines.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import BODY_PARTS, JOINTS, PARENTS

__all__ = [
    "Pose",
    "PoseKind",
    "Setting",
    "about_x",
    "about_y",
    "about_z",
    "figure_matrices",
    "standing",
    "x",
    "y",
    "z",
]

Array = NDArray[np.float64]

# A limb is never quite straight: the plane in which it bends would be lost.
_STRAIGHT = 0.9995


@dataclass(frozen=True, slots=True)
class Setting:
    """What a pose is fitted to, in shares of the height: the seat, how far ahead the wheel is, how wide
    what the hands hold is. `phase` 0..1 is that of a stride or a wave."""

    seat: float = 0.26
    wheel: float = 0.27
    hold: float = 0.23
    phase: float = 0.0


@dataclass
class Pose:
    """Local joint rotations, float64[n, 3, 3], and where pelvis and ankles are, float64[n, 3].

    `splay` turns a leg's knee and foot outwards about the upright, radians float64[n]. `hands` are places of
    wrists: such an arm is solved, its elbow towards `elbows` (a direction), its hand turned as `grips`
    says. `attitude`, float64[3, 3], turns the whole figure about the pelvis at the end: a figure that lies.
    """

    n: int
    turns: dict[str, Array] = field(default_factory=dict)
    pelvis: Array = field(default_factory=lambda: np.zeros((1, 3)))
    ankles: dict[str, Array] = field(default_factory=dict)
    toes_up: dict[str, Array] = field(default_factory=dict)
    splay: dict[str, Array] = field(default_factory=dict)
    hands: dict[str, Array] = field(default_factory=dict)
    elbows: dict[str, Array] = field(default_factory=dict)
    grips: dict[str, Array] = field(default_factory=dict)
    attitude: Array | None = None


@dataclass(frozen=True, slots=True)
class PoseKind:
    """One pose of the family: what makes it, and what may be done with it.

    `hands_busy`: hands hold something that must not move with the chest. `legs_free`: it stands upright,
    and its legs may walk. `period_s`: seconds after which it comes round again, where it moves by itself.
    """

    shape: Callable[[Setting], Pose]
    hands_busy: bool = False
    legs_free: bool = False
    period_s: float | None = None


def standing(n: int = 1) -> Pose:
    """Upright, arms hanging: what other poses begin with."""
    pose = Pose(n, pelvis=np.zeros((n, 3)))
    for side, out in (("l", 1.0), ("r", -1.0)):
        pose.turns[f"shoulder_{side}"] = about_z(np.full(n, 0.09 * out))
        pose.turns[f"elbow_{side}"] = about_x(np.full(n, -0.10))
        pose.ankles[side] = np.tile(JOINTS[f"ankle_{side}"], (n, 1))
        pose.toes_up[side] = np.zeros(n)
    return pose


def figure_matrices(pose: Pose) -> Array:
    """float64[n, parts, 4, 4]: figure_from_mesh of every part, in the order of BODY_PARTS."""
    n = pose.n
    world: dict[str, Array] = {}
    for joint, place in JOINTS.items():
        if joint in world or joint.startswith(("knee", "ankle")):
            continue  # solved with their limb
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
        side = joint[-1]
        if joint.startswith("hip"):
            _stand_on(world, side, pose)
        if joint.startswith("shoulder") and side in pose.hands:
            _hold(world, side, pose)
    matrices = np.stack([world[joint] for joint, _ in BODY_PARTS.values()], axis=1)
    if pose.attitude is not None:
        about = np.array(JOINTS["pelvis"])
        matrices[..., :3, :3] = pose.attitude @ matrices[..., :3, :3]
        matrices[..., :3, 3] = (matrices[..., :3, 3] - about) @ pose.attitude.T + about
    return matrices


def _stand_on(world: dict[str, Array], side: str, pose: Pose) -> None:
    """Turn hip and knee so that the ankle is where the pose wants it, as near as the leg is long."""
    hip, knee, ankle = (np.array(JOINTS[f"{joint}_{side}"]) for joint in ("hip", "knee", "ankle"))
    thigh, calf = float(np.hypot(*(knee - hip)[1:])), float(np.hypot(*(ankle - knee)[1:]))
    from_hip = pose.ankles[side] - world[f"hip_{side}"][:, :3, 3]
    out = None
    if side in pose.splay:
        # Solved straight ahead, in a frame of the hip's that is turned outwards.
        out = about_y(pose.splay[side] * (1.0 if side == "l" else -1.0))
        from_hip = np.einsum("nji,nj->ni", out, from_hip)
    # At rest the bones are not quite upright: their own angles are taken out again.
    thigh_rest, calf_rest = _forward(knee - hip), _forward(ankle - knee)
    aside = np.arctan2(from_hip[:, 0] - (ankle - hip)[0], -from_hip[:, 1])
    down = np.hypot(from_hip[:, 0] - (ankle - hip)[0], from_hip[:, 1])
    reach = np.minimum(np.hypot(down, from_hip[:, 2]), (thigh + calf) * _STRAIGHT)
    line = np.arctan2(from_hip[:, 2], down)
    at_hip = np.arccos(np.clip((thigh**2 + reach**2 - calf**2) / (2 * thigh * reach), -1, 1))
    at_ankle = np.arccos(np.clip((calf**2 + reach**2 - thigh**2) / (2 * calf * reach), -1, 1))
    lean = about_z(aside)
    turns = {
        "hip": lean @ about_x(-(line + at_hip - thigh_rest)),
        "knee": lean @ about_x(-(line - at_ankle - calf_rest)),
        "ankle": about_x(-pose.toes_up[side]) @ pose.turns.get(f"ankle_{side}", np.eye(3)),
    }
    at = world[f"hip_{side}"][:, :3, 3]
    for joint, offset in (("hip", knee - hip), ("knee", ankle - knee), ("ankle", np.zeros(3))):
        turn = turns[joint] if out is None else out @ turns[joint]
        world[f"{joint}_{side}"] = _placed(turn, at)
        at = at + turn @ offset


def _hold(world: dict[str, Array], side: str, pose: Pose) -> None:
    """Turn shoulder and elbow so that the wrist is where the pose wants it, as near as the arm is long."""
    rest = [np.array(JOINTS[f"{joint}_{side}"]) for joint in ("shoulder", "elbow", "wrist")]
    bones = rest[1] - rest[0], rest[2] - rest[1]
    upper, fore = (float(np.linalg.norm(bone)) for bone in bones)
    shoulder = world[f"shoulder_{side}"][:, :3, 3]
    to_hand = pose.hands[side] - shoulder
    away = np.linalg.norm(to_hand, axis=1, keepdims=True)
    along = to_hand / away
    reach = np.clip(away, 0.2 * (upper + fore), (upper + fore) * _STRAIGHT)
    pole = pose.elbows[side] - along * (pose.elbows[side] * along).sum(axis=1, keepdims=True)
    pole /= np.linalg.norm(pole, axis=1, keepdims=True)
    cos = np.clip((upper**2 + reach**2 - fore**2) / (2 * upper * reach), -1, 1)
    first = along * cos + pole * np.sqrt(1 - cos**2)
    elbow = shoulder + first * upper
    second = (shoulder + along * reach - elbow) / fore
    # The elbow is a hinge about X: a forearm in front of its upper arm is bent the right way.
    hinge = np.cross(second, first)
    hinge /= np.linalg.norm(hinge, axis=1, keepdims=True)
    turns = [_bone_turn(bone, to, hinge) for bone, to in zip(bones, (first, second), strict=True)]
    world[f"shoulder_{side}"] = _placed(turns[0], shoulder)
    world[f"elbow_{side}"] = _placed(turns[1], shoulder + turns[0] @ bones[0])
    own = turns[1] @ pose.turns.get(f"wrist_{side}", np.eye(3))
    grip = np.broadcast_to(pose.grips.get(side, own), own.shape)
    world[f"wrist_{side}"] = _placed(grip, shoulder + turns[0] @ bones[0] + turns[1] @ bones[1])


def _bone_turn(bone: Array, to: Array, hinge: Array) -> Array:
    """float64[n, 3, 3]: what takes a bone at rest to a direction, and X to the hinge across it."""
    along = bone / np.linalg.norm(bone)
    across = np.array([1.0, 0.0, 0.0]) - along * along[0]
    across /= np.linalg.norm(across)
    rest = np.stack([across, along, np.cross(across, along)], -1)
    turned: Array = np.stack([hinge, to, np.cross(hinge, to)], -1) @ rest.T
    return turned


def _placed(turn: Array, at: Array) -> Array:
    matrix = np.zeros((len(at), 4, 4))
    matrix[:, 3, 3] = 1
    matrix[:, :3, :3] = turn
    matrix[:, :3, 3] = at
    return matrix


def _forward(bone: Array) -> float:
    return float(np.arctan2(bone[2], -bone[1]))


def x(angle: float) -> Array:
    """float64[1, 3, 3]: one turn about X, radians."""
    return about_x(np.array([angle]))


def y(angle: float) -> Array:
    """float64[1, 3, 3]: one turn about Y, radians."""
    return about_y(np.array([angle]))


def z(angle: float) -> Array:
    """float64[1, 3, 3]: one turn about Z, radians."""
    return about_z(np.array([angle]))


def about_x(angle: Array) -> Array:
    """float64[n, 3, 3] of radians float64[n]."""
    return _turned(angle, 1, 2)


def about_y(angle: Array) -> Array:
    """float64[n, 3, 3] of radians float64[n]."""
    return _turned(angle, 2, 0)


def about_z(angle: Array) -> Array:
    """float64[n, 3, 3] of radians float64[n]."""
    return _turned(angle, 0, 1)


def _turned(angle: Array, a: int, b: int) -> Array:
    """float64[n, 3, 3]: turns from axis a towards axis b."""
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.zeros((len(angle), 3, 3))
    matrix[:, range(3), range(3)] = 1
    matrix[:, a, a] = matrix[:, b, b] = cos
    matrix[:, b, a], matrix[:, a, b] = sin, -sin
    return matrix
