"""Follow: a camera that travels with a subject."""

import math
from dataclasses import dataclass

from director.camera.damping import approach_moving
from director.camera.points import in_heading_frame
from director.camera.stage import Body, Drive, Pose
from director.camera.subject import Subject, Subjects, located, nearest_turn
from director.types import Vector

__all__ = ["EXAMPLE", "FollowBody", "FollowState"]


@dataclass(frozen=True, slots=True)
class FollowState:
    """Where the camera is, the damped heading of its frame, the offset that the hands have set, and what
    was wanted at the last step: position and heading."""

    position: Vector
    heading: float
    offset: Vector
    wanted: Vector
    wanted_heading: float


@dataclass(frozen=True, slots=True)
class FollowBody(Body[FollowState]):
    """Keeps `offset` metres from the subject's base, along the subject's axes (a subject faces +z: z = −4
    is four metres behind it); with `turns_with_subject` off, along the world's.

    `time_constants_s` damps each of those axes by itself. With `holds_height` the camera keeps the
    world height that it starts with, however the subject hops or climbs. It looks the way the subject
    does. Without an offset it keeps the one that it starts with. Move nudges the offset: right, up, ahead,
    at `nudge_m_s`.
    """

    subject: str
    offset: Vector | None = (0.0, 1.8, -4.0)
    time_constants_s: Vector = (0.3, 0.4, 0.25)
    heading_time_constant_s: float = 0.4
    turns_with_subject: bool = True
    holds_height: bool = False
    nudge_m_s: float = 1.0

    def start(self, pose: Pose, subjects: Subjects) -> FollowState:
        subject = located(subjects, self.subject)
        heading = subject.heading if self.turns_with_subject else 0.0
        offset = self.offset
        if offset is None:
            x, y, z = (p - s for p, s in zip(pose.position, subject.position, strict=True))
            offset = _local((x, y, z), heading)
        wanted = in_heading_frame(subject.position, heading, offset)
        if self.holds_height:
            wanted = (wanted[0], pose.position[1], wanted[2])
        return FollowState(pose.position, heading, offset, wanted, heading)

    def step(self, state: FollowState, pose: Pose, drive: Drive) -> tuple[FollowState, Pose]:
        subject, dt_s = located(drive.subjects, self.subject), drive.dt_s
        offset = self._nudged(state.offset, drive)
        turned = nearest_turn(subject.heading, state.wanted_heading) if self.turns_with_subject else 0.0
        rate = (turned - state.wanted_heading) / dt_s
        heading = approach_moving(
            state.heading, state.wanted_heading, rate, self.heading_time_constant_s, dt_s
        )
        wanted = self._wanted(subject, heading, offset, state)
        # Damped along the axes of the frame: into it, along each, and out again.
        value, before, after = (_local(point, heading) for point in (state.position, state.wanted, wanted))
        x, y, z = (
            approach_moving(v, b, (a - b) / dt_s, tau, dt_s)
            for v, b, a, tau in zip(value, before, after, self.time_constants_s, strict=True)
        )
        position = in_heading_frame((0.0, 0.0, 0.0), heading, (x, y, z))
        state = FollowState(position, heading, offset, wanted, turned)
        pan = nearest_turn(heading + math.pi, pose.pan)
        return state, Pose(position, pan, 0.0, 0.0, pose.lens)

    def bound(self, state: FollowState, before: Pose, after: Pose) -> FollowState:
        x, y, z = (p + a - b for p, a, b in zip(state.position, after.position, before.position, strict=True))
        return FollowState((x, y, z), state.heading, state.offset, state.wanted, state.wanted_heading)

    def _nudged(self, offset: Vector, drive: Drive) -> Vector:
        right, up, ahead = drive.intent.move
        by = self.nudge_m_s * (3.0 if drive.intent.boost else 1.0) * drive.dt_s
        # Facing +z with y up, the right hand is on the side of −x.
        return (offset[0] - right * by, offset[1] + up * by, offset[2] + ahead * by)

    def _wanted(self, subject: Subject, heading: float, offset: Vector, state: FollowState) -> Vector:
        x, y, z = in_heading_frame(subject.position, heading, offset)
        if self.holds_height:
            y = state.wanted[1] + offset[1] - state.offset[1]
        return (x, y, z)


def _local(point: Vector, heading: float) -> Vector:
    return in_heading_frame((0.0, 0.0, 0.0), -heading, point)


EXAMPLE = FollowBody("subject")
