"""Crane: a camera at the end of an arm, on a head that stays level."""

import math
from dataclasses import dataclass

from director.camera.damping import Spring, spring_moving
from director.camera.framing import forward, heading_of
from director.camera.stage import Body, Drive, Pose
from director.camera.subject import Subjects
from director.types import Vector

__all__ = ["EXAMPLE", "CraneBody", "CraneState"]


@dataclass(frozen=True, slots=True)
class CraneState:
    """Of the arm: yaw (left positive), pitch (up positive), length in metres; `aim` is where the hands
    push each of them to."""

    arm: tuple[Spring, Spring, Spring]
    aim: Vector


@dataclass(frozen=True, slots=True)
class CraneBody(Body[CraneState]):
    """An arm that swings about `base` (the middle of its post, where the arm is hinged), metres.

    Move right swings it to the right, up raises it, forward runs a telescopic arm out between its lengths
    (equal lengths: a plain jib). The arm is heavy: it follows by critically damped springs. The head looks
    along the arm, always level: without roll or tilt of its own.
    """

    base: Vector
    min_length_m: float = 2.0
    max_length_m: float = 9.0
    min_pitch: float = math.radians(-35)
    max_pitch: float = math.radians(65)
    swing_rate: float = math.radians(25)
    telescope_m_s: float = 1.2
    inertia_s: float = 0.4

    def start(self, pose: Pose, subjects: Subjects) -> CraneState:
        x, y, z = (a - b for a, b in zip(pose.position, self.base, strict=True))
        yaw, pitch = heading_of((x, y, z))
        pitch = min(self.max_pitch, max(self.min_pitch, pitch))
        length = min(self.max_length_m, max(self.min_length_m, math.hypot(x, y, z)))
        return CraneState((Spring(yaw), Spring(pitch), Spring(length)), (yaw, pitch, length))

    def step(self, state: CraneState, pose: Pose, drive: Drive) -> tuple[CraneState, Pose]:
        right, up, ahead = drive.intent.move
        dt_s = drive.dt_s
        fast = 2.0 if drive.intent.boost else 1.0
        swing = self.swing_rate * fast * dt_s
        pitch = min(self.max_pitch, max(self.min_pitch, state.aim[1] + up * swing))
        length = state.aim[2] + ahead * self.telescope_m_s * fast * dt_s
        length = min(self.max_length_m, max(self.min_length_m, length))
        aim = (state.aim[0] - right * swing, pitch, length)
        turn, lift, reach = (
            spring_moving(spring, before, (after - before) / dt_s, self.inertia_s, dt_s)
            for spring, before, after in zip(state.arm, state.aim, aim, strict=True)
        )
        x, y, z = forward(turn.value, lift.value)
        position = (
            self.base[0] + reach.value * x,
            self.base[1] + reach.value * y,
            self.base[2] + reach.value * z,
        )
        return CraneState((turn, lift, reach), aim), Pose(position, turn.value, 0.0, 0.0, pose.lens)


EXAMPLE = CraneBody((0.5, 1.2, 9.0))
