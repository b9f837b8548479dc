"""Walk: a camera at eye height that goes where its operator walks."""

from dataclasses import dataclass, replace

from director.camera.fly import EYE_HEIGHT_M, FlyRig, FlyState
from director.camera.stage import Body, Drive, Pose
from director.camera.stages.body.fly import flown, pushed
from director.camera.subject import Subjects

__all__ = ["EXAMPLE", "WalkBody"]


@dataclass(frozen=True, slots=True)
class WalkBody(Body[FlyState]):
    """Level, at `eye_height_m` above the floor at `ground_m`, whatever the tilt; it starts and stops with
    the inertia of a person."""

    speed_m_s: float = 1.4
    ground_m: float = 0.0
    eye_height_m: float = EYE_HEIGHT_M
    inertia_s: float = 0.3
    look_time_constant_s: float = 0.06

    def start(self, pose: Pose, subjects: Subjects) -> FlyState:
        return self._rig.start(pose.camera(), speed_m_s=self.speed_m_s, walking=True)

    def step(self, state: FlyState, pose: Pose, drive: Drive) -> tuple[FlyState, Pose]:
        state = flown(self._rig, state, pose, drive)
        if drive.settles:
            eye = (state.position[0], self.ground_m + self.eye_height_m, state.position[2])
            state = replace(state, position=eye)
        return state, Pose(state.position, state.yaw, state.pitch, state.roll, pose.lens)

    def bound(self, state: FlyState, before: Pose, after: Pose) -> FlyState:
        return pushed(state, before, after)

    @property
    def _rig(self) -> FlyRig:
        # The fly rig walks at its own eye height: the floor is given so that the eye comes out right.
        floor = self.ground_m + self.eye_height_m - EYE_HEIGHT_M
        return FlyRig(
            move_time_constant_s=self.inertia_s,
            look_time_constant_s=self.look_time_constant_s,
            boost_factor=2.5,
            max_speed_m_s=10.0,
            ground_m=floor,
        )


EXAMPLE = WalkBody()
