"""Free look: the hands pan, tilt and roll the camera, whatever carries it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from director.camera.fly import FlyRig, FlyState
from director.camera.stage import Aim, Drive, Pose
from director.camera.stages.body.fly import pushed
from director.camera.subject import Subjects

__all__ = ["EXAMPLE", "FreeLook"]


_RIG = FlyRig()


@dataclass(frozen=True, slots=True)
class FreeLook(Aim[FlyState]):
    """The look of the fly rig: a mouse's drag, a stick's rate, damped, within the head's stops."""

    takes_look: ClassVar[bool] = True

    rig: FlyRig = _RIG

    def start(self, pose: Pose, subjects: Subjects) -> FlyState:
        return self.rig.start(pose.camera())

    def step(self, state: FlyState, pose: Pose, drive: Drive) -> tuple[FlyState, Pose]:
        if drive.settles:
            state = self.rig.rest(state)
        else:
            look = replace(drive.intent, move=(0.0, 0.0, 0.0), speed_steps=0.0)
            state = self.rig.step(state, look, drive.dt_s)
        return state, replace(pose, pan=state.yaw, tilt=state.pitch, roll=state.roll)

    def bound(self, state: FlyState, before: Pose, after: Pose) -> FlyState:
        return pushed(state, before, after)


EXAMPLE = FreeLook()
