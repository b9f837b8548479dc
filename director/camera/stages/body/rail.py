"""Rail: a dolly on a drawn track."""

import math
from dataclasses import dataclass, field, replace

from director.camera.damping import Spring, spring_moving
from director.camera.framing import heading_of
from director.camera.spline import Spline, spline_through
from director.camera.stage import MAX_TILT, Body, Drive, Pose
from director.camera.subject import Subjects, nearest_turn
from director.types import Vector

__all__ = ["EXAMPLE", "RailBody", "RailState"]


@dataclass(frozen=True, slots=True)
class RailState:
    """Metres along the track: where the grip pushes to, and where the dolly is."""

    aim_m: float
    dolly: Spring
    speed_m_s: float


@dataclass(frozen=True, slots=True)
class RailBody(Body[RailState]):
    """A dolly on the spline through `points`, metres.

    Move forward and right push it towards the track's end, back and left towards its start, at
    `speed_m_s` (the wheel changes it). The dolly follows the push by a critically damped spring: it has
    inertia, and because such a spring never leaves the range of what it follows, it comes to rest softly
    at both ends and never passes them. It looks along the track, or with `looks_along` off keeps to
    `pan` and `tilt`.
    """

    points: tuple[Vector, ...]
    speed_m_s: float = 1.0
    inertia_s: float = 0.35
    looks_along: bool = True
    pan: float = 0.0
    tilt: float = 0.0
    track: Spline = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "track", spline_through(self.points))

    def start(self, pose: Pose, subjects: Subjects) -> RailState:
        along_m = self.track.nearest(pose.position)
        return RailState(along_m, Spring(along_m), self.speed_m_s)

    def to(self, state: RailState, along_m: float) -> RailState:
        """Push to so many metres along the track; the dolly follows with its inertia."""
        return replace(state, aim_m=min(self.track.length_m, max(0.0, along_m)))

    def step(self, state: RailState, pose: Pose, drive: Drive) -> tuple[RailState, Pose]:
        right, _, ahead = drive.intent.move
        push = min(1.0, max(-1.0, right + ahead)) * (3.0 if drive.intent.boost else 1.0)
        speed = min(20.0, max(0.05, state.speed_m_s * 1.2**drive.intent.speed_steps))
        aim_m = min(self.track.length_m, max(0.0, state.aim_m + push * speed * drive.dt_s))
        rate = (aim_m - state.aim_m) / drive.dt_s
        dolly = spring_moving(state.dolly, state.aim_m, rate, self.inertia_s, drive.dt_s)
        state = RailState(aim_m, dolly, speed)
        pan, tilt = self.pan, self.tilt
        if self.looks_along:
            pan, tilt = heading_of(self.track.tangent(dolly.value))
            pan, tilt = nearest_turn(pan, pose.pan), min(MAX_TILT, max(-MAX_TILT, tilt))
        return state, Pose(self.track.position(dolly.value), pan, tilt, 0.0, pose.lens)


EXAMPLE = RailBody(
    tuple((4 * math.sin(0.5 * i) - 1, 1.4 + 0.1 * i, 6.0 - 1.2 * i) for i in range(6)), speed_m_s=1.5
)
