"""What tests of rigs share: subjects that move, and a shot driven by hand at any tick rate."""

import math

from director.camera.fly import NO_INTENT, FlyIntent
from director.camera.rig import Rig, RigState
from director.camera.subject import Subject, Subjects
from director.math3d import look_rotation
from director.types import CameraState, Lens

__all__ = ["CAMERA", "RATES", "driven", "shot", "still", "walking"]

RATES = (10, 24, 60, 1000)
CAMERA = CameraState((-1.0, 1.6, 6.0), look_rotation((0.15, -0.05, -1.0)), Lens())


def still(time_s: float) -> Subjects:
    """Two that stand."""
    return {"subject": Subject((0.5, 0.0, 0.0), 0.3), "other": Subject((-1.0, 0.2, -1.0), 0.0, 1.2)}


def walking(time_s: float) -> Subjects:
    """One walks a curve, heading where it goes; the other stands."""
    angle = 0.5 * time_s
    place = (0.5 + 2 * math.sin(angle), 0.0, 2 - 2 * math.cos(angle))
    return {"subject": Subject(place, math.pi / 2 - angle), "other": Subject((-1.0, 0.2, -1.0), 0.0, 1.2)}


def driven(
    rig: Rig, state: RigState, seconds: float, rate: int, intent: FlyIntent = NO_INTENT, move: float = 1.0
) -> RigState:
    """The rig `seconds` on; the walker walks where `move` is 1. A drag is given per second."""
    locate = walking if move else still
    start_s, (yaw, pitch) = state.time_s, intent.look_rad
    each = FlyIntent(
        intent.move, (yaw / rate, pitch / rate), intent.look_rate, intent.roll, 0.0, intent.boost
    )
    for tick in range(1, round(seconds * rate) + 1):
        state = rig.step(state, each, locate(start_s + tick / rate), 1 / rate)
    return state


def shot(rig: Rig, rate: int, camera: CameraState = CAMERA) -> RigState:
    """Forward; sideways and up with a drag; roll and boost; let go. Half a second each."""
    state = rig.start(camera, walking(0.0))
    state = driven(rig, state, 0.5, rate, FlyIntent(move=(0, 0, 1), look_rate=(0.3, 0.0)))
    state = driven(rig, state, 0.5, rate, FlyIntent(move=(1, 0.3, 0), look_rad=(0.4, -0.2)))
    state = driven(rig, state, 0.5, rate, FlyIntent(move=(0.2, 0.0, 0.6), roll=0.5, boost=True))
    return driven(rig, state, 0.5, rate)
