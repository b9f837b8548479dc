"""What every stage of a rig is: body, aim and finalize work on one pose, in that order; noise comes last.

A stage is a frozen set of settings. What changes is its state, immutable too, which is handed to `step`
and comes back new: so a rig can be replayed, forked and recorded, and the same inputs give the same pose.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from director.camera.fly import FlyIntent, FlyRig
from director.camera.subject import Subjects
from director.math3d import quaternion_from_euler
from director.types import NO_CORRECTION, CameraState, Correction, Lens, Vector

__all__ = ["MAX_TILT", "Aim", "Body", "Drive", "Finalize", "Intent", "Noise", "Pose", "Stage", "pose_of"]

Intent = FlyIntent
"""What the hands ask during a tick; each body says what it makes of it."""

MAX_TILT = math.radians(89)

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Pose:
    """A camera on its head, before noise: metres, radians.

    Roll is about the axis of the lens, then tilt (up positive), then pan (left positive, counted on past
    a full turn), as in `quaternion_from_euler`.
    """

    position: Vector
    pan: float
    tilt: float
    roll: float
    lens: Lens

    def camera(self, correction: Correction = NO_CORRECTION) -> CameraState:
        """The camera of this pose."""
        orientation = quaternion_from_euler(self.pan, self.tilt, self.roll)
        return CameraState(self.position, orientation, self.lens, correction)


def pose_of(camera: CameraState) -> Pose:
    """The pose of a camera, its correction left out; tilt and roll are brought within a head's reach."""
    state = FlyRig().start(camera)
    return Pose(camera.position, state.yaw, state.pitch, state.roll, camera.lens)


@dataclass(frozen=True, slots=True)
class Drive:
    """What a stage is told for one short step that ends at `time_s`.

    `before` are the subjects at its start and `subjects` those at its end. `intent.look_rad` is the share
    of the tick's drag that falls to the step. `lens` is the one that was put on, whatever stages make of
    it. `is_steered` says that the aim decides where the camera looks, and `look_is_taken` that the hands'
    look is the aim's, so that a body leaves it alone. A step that `settles` goes at once to where the rig
    would come to rest: its `dt_s` is very long, and nothing moves meanwhile.
    """

    intent: Intent
    before: Subjects
    subjects: Subjects
    time_s: float
    dt_s: float
    lens: Lens
    is_steered: bool = False
    look_is_taken: bool = False
    settles: bool = False


class Stage(ABC, Generic[S]):
    """One stage of a rig, with a state of type S."""

    __slots__ = ()

    binds: ClassVar[bool] = False
    """Whether what the stage does to the pose is told to body and aim (see `bound`)."""

    @abstractmethod
    def start(self, pose: Pose, subjects: Subjects) -> S:
        """The state with which to take over a camera that stands at this pose: without a jump, if the
        stage can be where the pose is."""

    @abstractmethod
    def step(self, state: S, pose: Pose, drive: Drive) -> tuple[S, Pose]:
        """State and pose at the end of the step, from the state at its start and the pose so far: a body
        is given the last step's final pose, each later stage that of the stage before it."""

    def bound(self, state: S, before: Pose, after: Pose) -> S:
        """The state after a constraint (a lock, a wall) has made `after` out of `before`."""
        return state


class Body(Stage[S]):
    """Places the camera, and turns it as its support does."""

    __slots__ = ()


class Aim(Stage[S]):
    """Turns the camera."""

    __slots__ = ()

    steers: ClassVar[bool] = True
    """Whether it decides where the camera looks; if not, the body's look stands."""

    takes_look: ClassVar[bool] = False
    """Whether the hands' look is its own; if not, it is the body's."""


class Finalize(Stage[S]):
    """Constrains the pose that body and aim have made, or its lens."""

    __slots__ = ()


class Noise(ABC):
    """Shake: a function of time alone, laid over the camera as a correction that never feeds back."""

    __slots__ = ()

    @abstractmethod
    def correction_at(self, time_s: float) -> Correction:
        """The correction at a time, in the camera's own space."""
