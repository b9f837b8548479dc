"""Look at: keeps a subject where it is wanted in the picture, as an operator does: not rigidly.

Zones as in Cinemachine's composer. Within the dead zone nothing happens; between it and the soft zone the
head turns, damped, until the subject is back at the dead zone's edge; past the soft zone's edge it never is.
"""

from dataclasses import dataclass, replace

from director.camera.damping import approach
from director.camera.framing import Frame, seen, turn_to
from director.camera.stage import MAX_TILT, Aim, Drive, Pose
from director.camera.subject import Subjects, located, nearest_turn, point_on
from director.types import Vector

__all__ = ["EXAMPLE", "LookAt", "LookAtState", "Zone"]

_BEHIND = 1e-3


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle of the picture: its width and height as shares of the picture's."""

    width: float
    height: float

    def nearest(self, middle: tuple[float, float], uv: tuple[float, float]) -> tuple[float, float]:
        """The point of the zone about `middle` that is nearest to `uv`."""
        half = (self.width / 2, self.height / 2)
        u, v = (min(m + h, max(m - h, x)) for m, h, x in zip(middle, half, uv, strict=True))
        return u, v


@dataclass(frozen=True, slots=True)
class LookAtState:
    """Where the head is turned, the target at the last step and its smoothed velocity; `caught` once the
    target has been within the soft zone, which holds it from then on."""

    pan: float
    tilt: float
    target: Vector
    velocity: Vector = (0.0, 0.0, 0.0)
    caught: bool = False


@dataclass(frozen=True, slots=True)
class LookAt(Aim[LookAtState]):
    """Turns to the point `height_share` of the way up `subject`, moved by `offset` along its axes; without
    a subject, to the world point `offset`.

    `screen` is where in the picture it is wanted (uv, 0..1 from the top left), `dead` and `soft` are the
    zones about that place in a picture of `aspect`. `lookahead_s` aims at where the subject will be by
    then, from its velocity smoothed over `lookahead_smoothing_s`; the zones hold what is aimed at. The
    zones are those of the level picture: roll, which stays the body's, turns them along.
    """

    subject: str | None
    height_share: float = 0.85
    offset: Vector = (0.0, 0.0, 0.0)
    screen: tuple[float, float] = (0.5, 0.5)
    dead: Zone = Zone(0.1, 0.1)
    soft: Zone = Zone(0.6, 0.6)
    pan_time_constant_s: float = 0.25
    tilt_time_constant_s: float = 0.25
    lookahead_s: float = 0.0
    lookahead_smoothing_s: float = 0.3
    aspect: float = 16 / 9

    def start(self, pose: Pose, subjects: Subjects) -> LookAtState:
        return LookAtState(pose.pan, pose.tilt, self.target(subjects))

    def target(self, subjects: Subjects) -> Vector:
        """World position of what is looked at, lookahead left out."""
        if self.subject is None:
            return self.offset
        return point_on(located(subjects, self.subject), self.height_share, self.offset)

    def step(self, state: LookAtState, pose: Pose, drive: Drive) -> tuple[LookAtState, Pose]:
        target = self.target(drive.subjects)
        x, y, z = (
            approach(v, (b - a) / drive.dt_s, self.lookahead_smoothing_s, drive.dt_s)
            for v, a, b in zip(state.velocity, state.target, target, strict=True)
        )
        aimed = tuple(
            t + self.lookahead_s * v - p for t, v, p in zip(target, (x, y, z), pose.position, strict=True)
        )
        offset = (aimed[0], aimed[1], aimed[2])
        frame = Frame.of(pose.lens, self.aspect)
        pan, tilt = self._turned(offset, frame, self.dead, state.pan, state.tilt)
        pan = approach(state.pan, pan, self.pan_time_constant_s, drive.dt_s)
        tilt = approach(state.tilt, tilt, self.tilt_time_constant_s, drive.dt_s)
        # Taking over a camera that looks elsewhere begins without a jump: the soft zone holds only once
        # the subject has come into it.
        caught = state.caught or _within(self.soft, self.screen, frame, offset, pan, tilt)
        if caught:
            pan, tilt = self._turned(offset, frame, self.soft, pan, tilt)
        state = LookAtState(pan, tilt, target, (x, y, z), caught)
        return state, replace(pose, pan=pan, tilt=tilt)

    def bound(self, state: LookAtState, before: Pose, after: Pose) -> LookAtState:
        pan, tilt = after.pan - before.pan, after.tilt - before.tilt
        return replace(state, pan=state.pan + pan, tilt=state.tilt + tilt)

    def _turned(
        self, offset: Vector, frame: Frame, zone: Zone, pan: float, tilt: float
    ) -> tuple[float, float]:
        """The turn that brings the target to the zone's nearest point."""
        wanted = self.screen
        right, up, depth = seen(offset, pan, tilt)
        if depth > _BEHIND:
            uv = frame.uv((right / depth, up / depth))
            wanted = zone.nearest(self.screen, uv)
            if wanted == uv:
                return pan, tilt
        to_pan, to_tilt = turn_to(offset, frame.tangents(wanted))
        return nearest_turn(to_pan, pan), min(MAX_TILT, max(-MAX_TILT, to_tilt))


def _within(
    zone: Zone, middle: tuple[float, float], frame: Frame, offset: Vector, pan: float, tilt: float
) -> bool:
    right, up, depth = seen(offset, pan, tilt)
    if depth <= _BEHIND:
        return False
    uv = frame.uv((right / depth, up / depth))
    return zone.nearest(middle, uv) == uv


EXAMPLE = LookAt("subject", lookahead_s=0.2)
