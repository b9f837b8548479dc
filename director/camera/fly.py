"""Flight: a camera that is flown, or walked, by hand; what the hands ask, and how the camera answers.

Velocity and look are damped with exact formulas (see damping); because the direction of travel turns
with the look, a tick is cut into steps short enough that 10 and 1000 ticks a second go the same way.
"""

import math
from dataclasses import dataclass, replace

from director.camera.damping import approach_moving, coast
from director.math3d import (
    quaternion_from_euler,
    quaternion_inverse,
    quaternion_multiply,
    rotate,
)
from director.types import CameraState, Lens, Vector

__all__ = ["EYE_HEIGHT_M", "NO_INTENT", "FlyIntent", "FlyRig", "FlyState"]

EYE_HEIGHT_M = 1.6
_MAX_STEP_S = 1 / 120


@dataclass(frozen=True, slots=True)
class FlyIntent:
    """What the hands ask of the rig during one tick.

    move        x right, y up, z forward, each −1..1, in the level frame of the camera's heading
    look_rad    (yaw, pitch) to turn by in this tick, radians: left and up positive (a mouse)
    look_rate   (yaw, pitch) −1..1 of the fastest turn: left and up positive (a stick)
    roll        −1..1 of the fastest roll, counter-clockwise camera positive
    speed_steps notches of speed in this tick, up positive (a wheel)
    boost       faster while held
    """

    move: Vector = (0.0, 0.0, 0.0)
    look_rad: tuple[float, float] = (0.0, 0.0)
    look_rate: tuple[float, float] = (0.0, 0.0)
    roll: float = 0.0
    speed_steps: float = 0.0
    boost: bool = False

    def __add__(self, other: "FlyIntent") -> "FlyIntent":
        """Both at once; what is −1..1 stays so."""
        x, y, z = (_unit(a + b) for a, b in zip(self.move, other.move, strict=True))
        yaw, pitch = (_unit(a + b) for a, b in zip(self.look_rate, other.look_rate, strict=True))
        return FlyIntent(
            (x, y, z),
            (self.look_rad[0] + other.look_rad[0], self.look_rad[1] + other.look_rad[1]),
            (yaw, pitch),
            _unit(self.roll + other.roll),
            self.speed_steps + other.speed_steps,
            self.boost or other.boost,
        )


NO_INTENT = FlyIntent()


@dataclass(frozen=True, slots=True)
class FlyState:
    """Where the rig is and how it moves. Angles in radians (yaw left, pitch up positive); `aim_*` is
    where the hands have turned to, which the damped angles follow."""

    position: Vector
    velocity: Vector = (0.0, 0.0, 0.0)
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    aim_yaw: float = 0.0
    aim_pitch: float = 0.0
    aim_roll: float = 0.0
    speed_m_s: float = 2.0
    walking: bool = False


@dataclass(frozen=True, slots=True)
class FlyRig:
    """Settings of the rig; its state is passed through `step`.

    Time constants in seconds (0 = at once), rates in radians per second, speeds in metres per second.
    `ground_m` is the height of the floor that is walked on.
    """

    move_time_constant_s: float = 0.18
    look_time_constant_s: float = 0.06
    turn_rate: float = math.radians(110)
    roll_rate: float = math.radians(30)
    max_pitch: float = math.radians(89)
    max_roll: float = math.radians(60)
    boost_factor: float = 4.0
    notch_factor: float = 1.2
    min_speed_m_s: float = 0.05
    max_speed_m_s: float = 100.0
    ground_m: float = 0.0

    def start(self, camera: CameraState, *, speed_m_s: float = 2.0, walking: bool = False) -> FlyState:
        """At rest where a camera stands. Its correction is left out, and a pitch beyond the rig's reach
        (straight up or down) is brought within it."""
        forward = rotate(camera.orientation, (0.0, 0.0, -1.0))
        pitch = math.asin(_unit(float(forward[1])))
        level = math.hypot(float(forward[0]), float(forward[2]))
        if level > 1e-6:
            yaw = math.atan2(-float(forward[0]), -float(forward[2]))
        else:
            # Straight up or down the heading is where the camera's right hand points, less a quarter.
            right = rotate(camera.orientation, (1.0, 0.0, 0.0))
            yaw = math.atan2(-float(right[2]), float(right[0]))
        upright = quaternion_from_euler(yaw, pitch, 0.0)
        rest = quaternion_multiply(quaternion_inverse(upright), camera.orientation)
        roll = _wrapped(2 * math.atan2(rest[2], rest[3]))
        pitch = min(self.max_pitch, max(-self.max_pitch, pitch))
        roll = min(self.max_roll, max(-self.max_roll, roll))
        state = FlyState(
            camera.position, (0.0, 0.0, 0.0), yaw, pitch, roll, yaw, pitch, roll, speed_m_s, walking
        )
        return self.walk(state, walking)

    def walk(self, state: FlyState, walking: bool) -> FlyState:
        """Begin or end walking; the eye then sinks or rises to its height by itself."""
        return replace(state, walking=walking)

    def level(self, state: FlyState) -> FlyState:
        """Bring the horizon level again, damped like every roll."""
        return replace(state, aim_roll=0.0)

    def rest(self, state: FlyState) -> FlyState:
        """The rig where it is, at rest, its look where the hands have turned to."""
        return replace(
            state,
            velocity=(0.0, 0.0, 0.0),
            yaw=state.aim_yaw,
            pitch=state.aim_pitch,
            roll=state.aim_roll,
        )

    def step(self, state: FlyState, intent: FlyIntent, dt_s: float) -> FlyState:
        """The rig `dt_s` later. Independent of how time is cut into ticks."""
        speed = state.speed_m_s * self.notch_factor**intent.speed_steps
        state = replace(state, speed_m_s=min(self.max_speed_m_s, max(self.min_speed_m_s, speed)))
        yaw, pitch = intent.look_rad
        if dt_s <= 0:
            return replace(state, aim_yaw=state.aim_yaw + yaw, aim_pitch=self._pitch(state.aim_pitch + pitch))
        # The mouse was dragged during the tick, not at its start: a share of the drag to each step.
        turn = (
            yaw / dt_s + intent.look_rate[0] * self.turn_rate,
            pitch / dt_s + intent.look_rate[1] * self.turn_rate,
        )
        steps = max(1, math.ceil(dt_s / _MAX_STEP_S - 1e-9))
        for _ in range(steps):
            state = self._short_step(state, intent, turn, dt_s / steps)
        return state

    def camera(self, state: FlyState, lens: Lens) -> CameraState:
        """The camera on the rig, with this lens."""
        return CameraState(state.position, quaternion_from_euler(state.yaw, state.pitch, state.roll), lens)

    def _short_step(
        self, state: FlyState, intent: FlyIntent, turn: tuple[float, float], dt_s: float
    ) -> FlyState:
        tau = self.look_time_constant_s
        yaw = approach_moving(state.yaw, state.aim_yaw, turn[0], tau, dt_s)
        aim_yaw = state.aim_yaw + turn[0] * dt_s
        aim_pitch = self._pitch(state.aim_pitch + turn[1] * dt_s)
        aim_roll = state.aim_roll + intent.roll * self.roll_rate * dt_s
        aim_roll = min(self.max_roll, max(-self.max_roll, aim_roll))
        # The clamped rates, so that the damped angle never runs past its stop.
        pitch = _follow(state.pitch, state.aim_pitch, aim_pitch, tau, dt_s)
        roll = _follow(state.roll, state.aim_roll, aim_roll, tau, dt_s)
        turned = replace(
            state,
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            aim_yaw=aim_yaw,
            aim_pitch=aim_pitch,
            aim_roll=aim_roll,
        )
        # The look half-way through the step: an error of second order instead of first.
        wanted = self._wanted_velocity(turned, (state.yaw + yaw) / 2, (state.pitch + pitch) / 2, intent)
        return self._travelled(turned, wanted, dt_s)

    def _wanted_velocity(self, state: FlyState, yaw: float, pitch: float, intent: FlyIntent) -> Vector:
        right, up, forward = intent.move
        if state.walking:
            up = 0.0
        # Two keys at once are no faster than one.
        length = max(1.0, math.hypot(right, up, forward))
        speed = state.speed_m_s * (self.boost_factor if intent.boost else 1.0) / length
        rise = 0.0 if state.walking else math.sin(pitch)
        level = 1.0 if state.walking else math.cos(pitch)
        sin, cos = math.sin(yaw), math.cos(yaw)
        return (
            speed * (right * cos - forward * level * sin),
            speed * (up + forward * rise),
            speed * (-right * sin - forward * level * cos),
        )

    def _travelled(self, state: FlyState, wanted: Vector, dt_s: float) -> FlyState:
        tau = self.move_time_constant_s
        x, vx = coast(state.position[0], state.velocity[0], wanted[0], tau, dt_s)
        z, vz = coast(state.position[2], state.velocity[2], wanted[2], tau, dt_s)
        if state.walking:
            eye = self.ground_m + EYE_HEIGHT_M
            y, vy = approach_moving(state.position[1], eye, 0.0, tau, dt_s), 0.0
        else:
            y, vy = coast(state.position[1], state.velocity[1], wanted[1], tau, dt_s)
        return replace(state, position=(x, y, z), velocity=(vx, vy, vz))

    def _pitch(self, pitch: float) -> float:
        return min(self.max_pitch, max(-self.max_pitch, pitch))


def _follow(value: float, aim: float, next_aim: float, time_constant_s: float, dt_s: float) -> float:
    return approach_moving(value, aim, (next_aim - aim) / dt_s, time_constant_s, dt_s)


def _unit(value: float) -> float:
    return min(1.0, max(-1.0, value))


def _wrapped(angle: float) -> float:
    return (angle + math.pi) % math.tau - math.pi
