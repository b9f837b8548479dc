"""Steadicam: a camera that floats on its operator's arm, and follows them softly."""

import math
from dataclasses import dataclass, replace

from director.camera.damping import Spring, spring_moving
from director.camera.fly import FlyRig, FlyState
from director.camera.stage import Body, Drive, Pose
from director.camera.stages.body.fly import flown, pushed
from director.camera.subject import Subjects
from director.types import Vector

__all__ = ["EXAMPLE", "SteadicamBody", "SteadicamState"]

_Springs = tuple[Spring, Spring, Spring]
_RIG = FlyRig(move_time_constant_s=0.25, max_roll=math.radians(20))


@dataclass(frozen=True, slots=True)
class SteadicamState:
    """The operator's flight, and the sled that follows it: x, y, z in metres and pan, tilt, roll."""

    operator: FlyState
    place: _Springs
    turn: _Springs


@dataclass(frozen=True, slots=True)
class SteadicamBody(Body[SteadicamState]):
    """The operator flies; the sled follows by critically damped springs.

    It trails the operator by twice its time constant in steady travel. Roll is held back most, as the
    sled's weight does it.
    """

    rig: FlyRig = _RIG
    speed_m_s: float = 1.4
    position_time_constant_s: float = 0.25
    turn_time_constant_s: float = 0.12
    roll_time_constant_s: float = 0.8

    def start(self, pose: Pose, subjects: Subjects) -> SteadicamState:
        operator = self.rig.start(pose.camera(), speed_m_s=self.speed_m_s)
        return SteadicamState(operator, _still(operator.position), _still(_turn(operator)))

    def step(self, state: SteadicamState, pose: Pose, drive: Drive) -> tuple[SteadicamState, Pose]:
        before = state.operator
        operator = flown(self.rig, before, pose, drive)
        tau = self.position_time_constant_s
        place = _followed(state.place, before.position, operator.position, (tau, tau, tau), drive.dt_s)
        tau = self.turn_time_constant_s
        taus = (tau, tau, self.roll_time_constant_s)
        turn = _followed(state.turn, _turn(before), _turn(operator), taus, drive.dt_s)
        x, y, z = place
        pan, tilt, roll = turn
        there = Pose((x.value, y.value, z.value), pan.value, tilt.value, roll.value, pose.lens)
        return SteadicamState(operator, place, turn), there

    def bound(self, state: SteadicamState, before: Pose, after: Pose) -> SteadicamState:
        operator = pushed(state.operator, before, after)
        moved = tuple(a - b for a, b in zip(after.position, before.position, strict=True))
        turned = (after.pan - before.pan, after.tilt - before.tilt, after.roll - before.roll)
        return SteadicamState(operator, _moved(state.place, moved), _moved(state.turn, turned))


def _turn(state: FlyState) -> Vector:
    return state.yaw, state.pitch, state.roll


def _still(values: Vector) -> _Springs:
    x, y, z = (Spring(value) for value in values)
    return x, y, z


def _followed(springs: _Springs, before: Vector, after: Vector, taus: Vector, dt_s: float) -> _Springs:
    x, y, z = (
        spring_moving(spring, a, (b - a) / dt_s, tau, dt_s)
        for spring, a, b, tau in zip(springs, before, after, taus, strict=True)
    )
    return x, y, z


def _moved(springs: _Springs, by: tuple[float, ...]) -> _Springs:
    # A stop takes the speed as well: what is held does not go on pressing.
    x, y, z = (
        replace(spring, value=spring.value + step, rate=0.0 if step * spring.rate < 0 else spring.rate)
        for spring, step in zip(springs, by, strict=True)
    )
    return x, y, z


EXAMPLE = SteadicamBody()
