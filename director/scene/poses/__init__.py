"""The family of poses: one file a pose, found by looking into this folder; each defines `POSE`."""

import importlib
from functools import cache

from director.family import member_names
from director.scene.figure_rig import PoseKind

__all__ = ["pose_kind", "pose_names"]


def pose_names() -> tuple[str, ...]:
    """The names that scene files give them, in alphabetical order."""
    return member_names(__path__)


@cache
def pose_kind(name: str) -> PoseKind:
    """A pose by its name. Raises ModuleNotFoundError for a name that is not of `pose_names`."""
    kind: PoseKind = importlib.import_module(f"{__name__}.{name.replace('-', '_')}").POSE
    return kind
