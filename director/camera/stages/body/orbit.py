"""Orbit: a camera that circles a subject or a point."""

import math
from dataclasses import dataclass, replace

from director.camera.damping import approach_moving
from director.camera.framing import heading_of
from director.camera.stage import Body, Drive, Pose
from director.camera.subject import Subjects, located, point_on
from director.types import Vector

__all__ = ["EXAMPLE", "OrbitBody", "OrbitState"]


@dataclass(frozen=True, slots=True)
class OrbitState:
    """Radians and metres. Azimuth 0 stands on the +Z side of the pivot and grows towards +X; `aim_*` is
    where the hands have turned to, which the damped values follow; `target` is what the pivot follows."""

    pivot: Vector
    target: Vector
    azimuth: float
    elevation: float
    distance_m: float
    aim_azimuth: float
    aim_elevation: float
    aim_distance_m: float


@dataclass(frozen=True, slots=True)
class OrbitBody(Body[OrbitState]):
    """Looks at its pivot and keeps its distance from it.

    The pivot is `height_share` of the way up the subject, or `centre` where there is none, and follows it
    with `pivot_time_constant_s`. Look turns about the pivot as it would turn the camera (left positive,
    up positive); move right and up do the same by rate, forward goes closer by a share of the distance a
    second.
    """

    subject: str | None = None
    centre: Vector = (0.0, 1.0, 0.0)
    height_share: float = 0.6
    time_constant_s: float = 0.15
    pivot_time_constant_s: float = 0.1
    turn_rate: float = math.radians(60)
    approach_rate: float = 0.8
    min_distance_m: float = 0.3
    max_distance_m: float = 200.0
    max_elevation: float = math.radians(85)

    def start(self, pose: Pose, subjects: Subjects) -> OrbitState:
        pivot = self._target(subjects)
        x, y, z = (a - b for a, b in zip(pose.position, pivot, strict=True))
        distance = min(self.max_distance_m, max(self.min_distance_m, math.hypot(x, y, z)))
        azimuth, down = heading_of((-x, -y, -z))
        elevation = min(self.max_elevation, max(-self.max_elevation, -down))
        return OrbitState(pivot, pivot, azimuth, elevation, distance, azimuth, elevation, distance)

    def step(self, state: OrbitState, pose: Pose, drive: Drive) -> tuple[OrbitState, Pose]:
        intent, dt_s = drive.intent, drive.dt_s
        right, up, ahead = intent.move
        look = (0.0, 0.0) if drive.look_is_taken else intent.look_rad
        rate = (0.0, 0.0) if drive.look_is_taken else intent.look_rate
        fast = self.turn_rate * (2.0 if intent.boost else 1.0)
        azimuth = state.aim_azimuth + look[0] + (rate[0] + right) * fast * dt_s
        elevation = state.aim_elevation - look[1] + (up - rate[1]) * fast * dt_s
        elevation = min(self.max_elevation, max(-self.max_elevation, elevation))
        distance = state.aim_distance_m * math.exp(-ahead * self.approach_rate * dt_s)
        distance = min(self.max_distance_m, max(self.min_distance_m, distance))
        target = self._target(drive.subjects)
        x, y, z = (
            _follow(value, a, b, self.pivot_time_constant_s, dt_s)
            for value, a, b in zip(state.pivot, state.target, target, strict=True)
        )
        tau = self.time_constant_s
        # By ratio, so that coming closer and going away feel alike.
        farness = _follow(
            math.log(state.distance_m), math.log(state.aim_distance_m), math.log(distance), tau, dt_s
        )
        state = OrbitState(
            (x, y, z),
            target,
            _follow(state.azimuth, state.aim_azimuth, azimuth, tau, dt_s),
            _follow(state.elevation, state.aim_elevation, elevation, tau, dt_s),
            math.exp(farness),
            azimuth,
            elevation,
            distance,
        )
        return state, self._pose(state, pose)

    def at(self, state: OrbitState, azimuth: float, elevation: float, distance_m: float) -> OrbitState:
        """Go to these, damped."""
        return replace(
            state,
            aim_azimuth=azimuth,
            aim_elevation=min(self.max_elevation, max(-self.max_elevation, elevation)),
            aim_distance_m=min(self.max_distance_m, max(self.min_distance_m, distance_m)),
        )

    def _pose(self, state: OrbitState, pose: Pose) -> Pose:
        level = state.distance_m * math.cos(state.elevation)
        position = (
            state.pivot[0] + level * math.sin(state.azimuth),
            state.pivot[1] + state.distance_m * math.sin(state.elevation),
            state.pivot[2] + level * math.cos(state.azimuth),
        )
        # Seen from azimuth a, the pivot lies at pan a.
        return Pose(position, state.azimuth, -state.elevation, 0.0, pose.lens)

    def _target(self, subjects: Subjects) -> Vector:
        if self.subject is None:
            return self.centre
        return point_on(located(subjects, self.subject), self.height_share)


def _follow(value: float, before: float, after: float, time_constant_s: float, dt_s: float) -> float:
    return approach_moving(value, before, (after - before) / dt_s, time_constant_s, dt_s)


EXAMPLE = OrbitBody("subject")
