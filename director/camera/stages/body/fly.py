"""Fly: a camera without weight, flown by hand."""

import math
from dataclasses import dataclass, replace

from director.camera.fly import FlyRig, FlyState
from director.camera.stage import Body, Drive, Pose
from director.camera.subject import Subjects
from director.types import Vector

__all__ = ["EXAMPLE", "FlyBody", "flown", "pushed"]


_RIG = FlyRig()


@dataclass(frozen=True, slots=True)
class FlyBody(Body[FlyState]):
    """The fly rig as a body. Where the aim steers, it flies by the camera's heading and the hands' look is
    the aim's. `speed_m_s` is what it starts with; the wheel changes it."""

    rig: FlyRig = _RIG
    speed_m_s: float = 2.0

    def start(self, pose: Pose, subjects: Subjects) -> FlyState:
        return self.rig.start(pose.camera(), speed_m_s=self.speed_m_s)

    def step(self, state: FlyState, pose: Pose, drive: Drive) -> tuple[FlyState, Pose]:
        state = flown(self.rig, state, pose, drive)
        return state, Pose(state.position, state.yaw, state.pitch, state.roll, pose.lens)

    def bound(self, state: FlyState, before: Pose, after: Pose) -> FlyState:
        return pushed(state, before, after)


def flown(rig: FlyRig, state: FlyState, pose: Pose, drive: Drive) -> FlyState:
    """The flight after a step, by the heading of the camera where the aim steers."""
    if drive.settles:
        return rig.rest(state)
    intent = drive.intent
    if drive.is_steered:
        intent = replace(intent, look_rad=(0.0, 0.0), look_rate=(0.0, 0.0))
        state = replace(state, yaw=pose.pan, pitch=pose.tilt, aim_yaw=pose.pan, aim_pitch=pose.tilt)
    return rig.step(state, intent, drive.dt_s)


def pushed(state: FlyState, before: Pose, after: Pose) -> FlyState:
    """The flight after a constraint has moved and turned it: what speed goes against the push is lost."""
    x, y, z = (a - b for a, b in zip(after.position, before.position, strict=True))
    position = (state.position[0] + x, state.position[1] + y, state.position[2] + z)
    pan, tilt, roll = after.pan - before.pan, after.tilt - before.tilt, after.roll - before.roll
    return replace(
        state,
        position=position,
        velocity=_without(state.velocity, (x, y, z)),
        yaw=state.yaw + pan,
        pitch=state.pitch + tilt,
        roll=state.roll + roll,
        aim_yaw=after.pan if pan else state.aim_yaw,
        aim_pitch=after.tilt if tilt else state.aim_pitch,
        aim_roll=after.roll if roll else state.aim_roll,
    )


def _without(velocity: Vector, push: Vector) -> Vector:
    length = math.hypot(*push)
    if length < 1e-9:
        # A rounding error is no wall.
        return velocity
    nx, ny, nz = push[0] / length, push[1] / length, push[2] / length
    against = min(0.0, velocity[0] * nx + velocity[1] * ny + velocity[2] * nz)
    return (velocity[0] - against * nx, velocity[1] - against * ny, velocity[2] - against * nz)


EXAMPLE = FlyBody()
