"""Locks: axes of position and of the head that stay where they were."""

from dataclasses import dataclass, replace
from typing import ClassVar

from director.camera.stage import Drive, Finalize, Pose
from director.camera.subject import Subjects

__all__ = ["EXAMPLE", "Lock"]


@dataclass(frozen=True, slots=True)
class Lock(Finalize[Pose]):
    """Holds each locked axis at its value when the lock began: x, y, z of the world, pan, tilt, roll."""

    binds: ClassVar[bool] = True

    x: bool = False
    y: bool = False
    z: bool = False
    pan: bool = False
    tilt: bool = False
    roll: bool = False

    def start(self, pose: Pose, subjects: Subjects) -> Pose:
        return pose

    def step(self, state: Pose, pose: Pose, drive: Drive) -> tuple[Pose, Pose]:
        x, y, z = (
            held if locked else free
            for locked, held, free in zip(
                (self.x, self.y, self.z), state.position, pose.position, strict=True
            )
        )
        return state, replace(
            pose,
            position=(x, y, z),
            pan=state.pan if self.pan else pose.pan,
            tilt=state.tilt if self.tilt else pose.tilt,
            roll=state.roll if self.roll else pose.roll,
        )


EXAMPLE = Lock(y=True, roll=True)
