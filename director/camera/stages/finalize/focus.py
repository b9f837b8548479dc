"""Focus: follows a subject, or is pulled from one distance to another, evenly in dioptres."""

import bisect
from dataclasses import dataclass, replace
from typing import NamedTuple

from director.camera.framing import seen
from director.camera.stage import Drive, Finalize, Pose
from director.camera.subject import Subjects, located, point_on

__all__ = ["EXAMPLE", "Focus", "FocusState", "Pull", "snapped"]

_NEAREST_M = 0.05


class Pull(NamedTuple):
    """At `at_s` begin to pull focus to a distance in metres, or to a subject and then follow it; `over_s`
    is how long the pull takes."""

    at_s: float
    to: float | str
    over_s: float = 1.0


@dataclass(frozen=True, slots=True)
class FocusState:
    """How many pulls have begun, the focus at the last one's start, and now; dioptres (1 / metres)."""

    begun: int
    origin: float
    now: float


@dataclass(frozen=True, slots=True)
class Focus(Finalize[FocusState]):
    """Pulls in the order of their times; before the first the lens keeps its focus.

    A pull eases in and out (3u² − 2u³) between dioptres, in which equal steps change the picture alike.
    To pull now, exchange the stage for `pulled(...)`. Subjects are held at `height_share` of their height.
    """

    pulls: tuple[Pull, ...] = ()
    height_share: float = 0.9

    def pulled(self, at_s: float, to: float | str, over_s: float = 1.0) -> "Focus":
        """The same with a further pull; those that would begin later are dropped."""
        kept = tuple(pull for pull in self.pulls if pull.at_s < at_s)
        return replace(self, pulls=(*kept, Pull(at_s, to, over_s)))

    def start(self, pose: Pose, subjects: Subjects) -> FocusState:
        for pull in self.pulls:
            if isinstance(pull.to, str):
                located(subjects, pull.to)
        now = 1 / max(pose.lens.focus_distance_m, _NEAREST_M)
        return FocusState(0, now, now)

    def step(self, state: FocusState, pose: Pose, drive: Drive) -> tuple[FocusState, Pose]:
        begun = bisect.bisect_right([pull.at_s for pull in self.pulls], drive.time_s)
        if begun == 0:
            return state, pose
        pull = self.pulls[begun - 1]
        origin = state.origin if begun == state.begun else state.now
        share = 1.0
        if pull.over_s > 0 and not drive.settles:
            share = min(1.0, max(0.0, (drive.time_s - pull.at_s) / pull.over_s))
        share = share * share * (3 - 2 * share)
        wanted = self._dioptres(pull, pose, drive.subjects)
        # A subject behind the camera cannot be focused on: the focus waits where it is.
        now = state.now if wanted is None else origin + share * (wanted - origin)
        lens = replace(pose.lens, focus_distance_m=1 / now)
        return FocusState(begun, origin, now), replace(pose, lens=lens)

    def _dioptres(self, pull: Pull, pose: Pose, subjects: Subjects) -> float | None:
        if isinstance(pull.to, str):
            point = point_on(located(subjects, pull.to), self.height_share)
            x, y, z = (t - p for t, p in zip(point, pose.position, strict=True))
            # Lenses focus on a plane across the axis.
            _, _, distance_m = seen((x, y, z), pose.pan, pose.tilt)
            if distance_m <= 0:
                return None
        else:
            distance_m = pull.to
        return 1 / max(distance_m, _NEAREST_M)


def snapped(distance_m: float, marks_m: tuple[float, ...], within_dioptres: float = 0.05) -> float:
    """The nearest of the focus puller's marks where one is so near, else the distance itself; metres."""
    nearest = min(marks_m, key=lambda mark: abs(1 / mark - 1 / distance_m), default=distance_m)
    return nearest if abs(1 / nearest - 1 / distance_m) <= within_dioptres else distance_m


EXAMPLE = Focus((Pull(0.2, "subject", 0.6), Pull(1.1, 2.5, 0.4)))
