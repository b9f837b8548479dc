"""The poses of a human figure as matrices: still ones, cycles tied to the way gone, and moving arms.

Lengths are shares of the figure's height. What is asked for every tick is mixed from tables made once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from director.scene.figure_body import BODY_PARTS, JOINTS, PARENTS, body_mesh, part_mesh_name
from director.scene.figure_rig import Pose, Setting, figure_matrices
from director.scene.poses import pose_kind
from director.scene.poses.run import RUN_STRIDE, run_cycle
from director.scene.poses.walk import STRIDE, walk_cycle

__all__ = ["RUN_STRIDE", "STRIDE", "part_numbers", "posed", "running", "turned_to", "walking", "with_legs"]

Array = NDArray[np.float64]

_PHASES = 120
_GAITS = 5
_TURNS = 48  # rows of a table of something that moves by itself


def posed(
    name: str, seat: float = 0.26, phase: float = 0.0, *, setting: Setting | None = None, build: float = 0.5
) -> Array:
    """float64[parts, 4, 4]: figure_from_mesh of a pose at one moment, read-only.

    `seat` is the height sat on, `phase` that of a stride; `setting` holds these and more instead. A figure
    that lies touches the ground whatever its `build`; its coat is cloth, and is not asked.
    """
    return _posed(name, setting or Setting(seat=seat, phase=phase), build)


@lru_cache(maxsize=1024)
def _posed(name: str, setting: Setting, build: float) -> Array:
    pose = pose_kind(name).shape(setting)
    matrices: Array = figure_matrices(pose)[0]
    if pose.attitude is not None:
        matrices[:, 1, 3] -= _lowest(matrices, build)
    matrices.setflags(write=False)
    return matrices


def _lowest(matrices: Array, build: float) -> float:
    return min(
        float((body_mesh(part_mesh_name(part), build).positions @ matrix[1, :3]).min() + matrix[1, 3])
        for part, matrix in zip(BODY_PARTS, matrices, strict=True)
        if part not in ("coat", "long hair")
    )


def walking(phase: float, gait: float) -> Array:
    """float64[parts, 4, 4]: figure_from_mesh at a phase of the stride (whole turns count up).

    `gait` runs from 0, standing, to 1, full stride.
    """
    return _mixed(_cycle_table(walk_cycle), phase, gait)


def running(phase: float, gait: float) -> Array:
    """The same of a run."""
    return _mixed(_cycle_table(run_cycle), phase, gait)


def turned_to(name: str, setting: Setting, share: float, build: float = 0.5) -> Array:
    """float64[parts, 4, 4] of a pose that moves by itself, at a share of its period (whole turns count)."""
    table = _turn_table(name, replace(setting, phase=0.0), build)
    at = (share % 1.0) * _TURNS
    i = int(at)
    mixed: Array = table[i % _TURNS] * (1 - at + i) + table[(i + 1) % _TURNS] * (at - i)
    return mixed


def with_legs(upper: Array, lower: Array) -> Array:
    """float64[parts, 4, 4]: the body of one pose from the waist up, on the pelvis and legs of another."""
    hips = part_numbers("pelvis")[0]
    parts = part_numbers("waist")
    pivot = np.array([0.0, JOINTS["waist"][1] - JOINTS["pelvis"][1], 0.0])
    at = lower[hips, :3, :3] @ pivot + lower[hips, :3, 3]
    was = upper[hips, :3, :3] @ pivot + upper[hips, :3, 3]
    joined = lower.copy()
    # The pelvis sways under a body that goes along with it, but not round: hands stay where they are.
    joined[parts] = upper[parts]
    joined[parts, :3, 3] += at - was
    return joined


@cache
def part_numbers(joint: str) -> NDArray[np.intp]:
    """int[n]: the parts that a joint carries, its own first and those of all joints below it."""
    below = {joint}
    for child, parent in PARENTS.items():
        if parent in below:
            below.add(child)
    numbers = [i for i, (carrier, _) in enumerate(BODY_PARTS.values()) if carrier in below]
    own = next(i for i, (carrier, _) in enumerate(BODY_PARTS.values()) if carrier == joint)
    return np.array([own] + [i for i in numbers if i != own], np.intp)


def _mixed(table: Array, phase: float, gait: float) -> Array:
    # Phases are close enough for matrices to be mixed: the shrinking of a mixed turn is below 1e-3.
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
def _cycle_table(cycle: Callable[[Array, float], Pose]) -> Array:
    phases = np.arange(_PHASES) / _PHASES
    return np.stack([figure_matrices(cycle(phases, level)) for level in np.linspace(0, 1, _GAITS)])


@lru_cache(maxsize=64)
def _turn_table(name: str, setting: Setting, build: float) -> Array:
    return np.stack([_posed(name, replace(setting, phase=i / _TURNS), build) for i in range(_TURNS)])
