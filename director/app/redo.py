"""One channel recorded again: an earlier pass plays, and the hand drives only what is to be new."""

import math
from collections.abc import Sequence
from dataclasses import replace

from director.camera.points import Locate
from director.camera.rigs.fly import FlyIntent, FlyRig
from director.take.camera_track import camera_of
from director.take.overdub import overdub
from director.take.track import TrackLine
from director.types import CameraState, Direction, Lens, Tick

__all__ = ["REDO_CHANNELS", "Redo"]

REDO_CHANNELS: tuple[str, ...] = ("position", "pan", "tilt", "roll", "focus", "focal length", "aperture")
"""What can be recorded again by itself, in the order in which it is offered."""

_OF_RIG = frozenset({"position", "pan", "tilt", "roll"})
# At full deflection focus doubles in 0.8 s, the focal length in 1.4 s, and a stop goes by in a second.
_FOCUS_RATE, _ZOOM_RATE, _STOP_RATE = 0.9, 0.5, 0.35
_NOTCH_S = 0.1


class Redo:
    """Rides as a move does. `step` takes the hands in; the camera is then the earlier pass's, but for the
    channels that the hands drive. The camera's own correction (shake) stays that of the earlier pass.

    On a lens any of stick, triggers and W, S, E, Q pull: forward and up are farther, longer, stopped down.
    Raises TakeError for a pass without ticks.
    """

    def __init__(self, name: str, earlier: Sequence[TrackLine], channels: frozenset[str]) -> None:
        self.name = name
        self.channels = channels
        self.earlier = tuple(earlier)
        self._pass = camera_of(earlier)
        self._rig = FlyRig()
        self.camera = self._pass.at(self._pass.start_s)
        self._state = self._rig.start(self.camera)
        self._lens = self.camera.lens
        self._has_begun = False

    @property
    def duration_s(self) -> float:
        """The length of the earlier pass."""
        return self._pass.end_s - self._pass.start_s

    @property
    def end_s(self) -> float:
        """The scene time at which it ends."""
        return self._pass.end_s

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        """The camera of the last step."""
        return self.camera

    def step(self, intent: FlyIntent, time_s: float, dt_s: float) -> None:
        """The hands' part of a tick, at a scene time."""
        there = self._pass.at(time_s)
        base = self._rig.start(there)
        if not self._has_begun:
            self._state, self._lens, self._has_begun = base, there.lens, True
        state = self._state
        if "pan" not in self.channels:
            state = replace(state, yaw=base.yaw, aim_yaw=base.yaw)
        if "tilt" not in self.channels:
            state = replace(state, pitch=base.pitch, aim_pitch=base.pitch)
        if "roll" not in self.channels:
            state = replace(state, roll=base.roll, aim_roll=base.roll)
        self._state = self._rig.step(state, intent, dt_s)
        self._lens = _pulled(self._lens, self._pull(intent, dt_s), self.channels)
        live = self._rig.camera(self._state, self._lens)
        tick = Tick(0, time_s, dt_s)
        (mixed,) = overdub(
            [TrackLine(tick, there, Direction())], [TrackLine(tick, live, Direction())], self.channels, 0.0
        )
        self.camera = mixed.camera

    def merged(self, live: Sequence[TrackLine]) -> tuple[TrackLine, ...]:
        """The earlier pass with the channels as these ticks have them. Raises TakeError where there are
        none."""
        return overdub(self.earlier, live, self.channels)

    def _pull(self, intent: FlyIntent, dt_s: float) -> float:
        # Seconds of full deflection. What flies the rig does not pull the lens as well.
        _, up, forward = intent.move
        by_stick = forward + up + intent.look_rate[1]
        if self.channels & _OF_RIG:
            by_stick = 0.0
        return min(1.0, max(-1.0, by_stick)) * dt_s + intent.speed_steps * _NOTCH_S


def _pulled(lens: Lens, pull_s: float, channels: frozenset[str]) -> Lens:
    if "focal length" in channels:
        longer = lens.focal_length_mm * math.exp(_ZOOM_RATE * pull_s)
        lens = replace(lens, focal_length_mm=min(1200.0, max(4.0, longer)))
    if "focus" in channels:
        farther = lens.focus_distance_m * math.exp(_FOCUS_RATE * pull_s)
        lens = replace(lens, focus_distance_m=min(1e5, max(lens.focal_length_mm / 500, 0.05, farther)))
    if "aperture" in channels:
        stopped = lens.f_number * math.exp(_STOP_RATE * pull_s)
        lens = replace(lens, f_number=min(64.0, max(0.5, stopped)))
    return lens
