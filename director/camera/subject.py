"""Subjects: what a camera looks at or follows, as the scene has located it for this tick."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from director.camera.points import in_heading_frame
from director.errors import UsageError
from director.types import Vector

__all__ = ["Subject", "Subjects", "blended", "located", "nearest_turn", "point_on"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a subject is: the middle of its base in metres, its heading in radians about Y (0 faces +z),
    and its height."""

    position: Vector
    heading: float = 0.0
    height_m: float = 1.7


Subjects = Mapping[str, Subject]
"""Subjects by name, all of one moment."""


def located(subjects: Subjects, name: str) -> Subject:
    """The subject of that name. Raises UsageError where it is not among them."""
    found = subjects.get(name)
    if found is None:
        there = ", ".join(sorted(subjects)) or "none"
        raise UsageError(f"no subject is called {name!r}", subject="rig", mend=f"there are: {there}")
    return found


def point_on(subject: Subject, height_share: float, offset: Vector = (0.0, 0.0, 0.0)) -> Vector:
    """World position of the point `height_share` of the way up the subject, moved by `offset` metres along
    the subject's own axes."""
    x, y, z = offset
    return in_heading_frame(subject.position, subject.heading, (x, y + height_share * subject.height_m, z))


def blended(before: Subjects, now: Subjects, share: float) -> Subjects:
    """Subjects `share` of the way from the last tick to this one. One that is new stands where it is."""
    if share >= 1 or before is now:
        return now
    return {name: _between(before.get(name, to), to, share) for name, to in now.items()}


def nearest_turn(angle: float, to: float) -> float:
    """The same direction as `angle`, in whole turns nearest to the angle `to`; radians."""
    return angle + math.tau * round((to - angle) / math.tau)


def _between(a: Subject, b: Subject, share: float) -> Subject:
    x, y, z = (p + share * (q - p) for p, q in zip(a.position, b.position, strict=True))
    turn = nearest_turn(b.heading, a.heading) - a.heading
    height_m = a.height_m + share * (b.height_m - a.height_m)
    return Subject((x, y, z), a.heading + share * turn, height_m)
