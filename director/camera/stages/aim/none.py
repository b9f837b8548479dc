"""No aim: the camera looks as its body does."""

from dataclasses import dataclass
from typing import ClassVar

from director.camera.stage import Aim, Drive, Pose
from director.camera.subject import Subjects

__all__ = ["EXAMPLE", "NO_AIM", "NoAim"]


@dataclass(frozen=True, slots=True)
class NoAim(Aim[None]):
    """Leaves the pose as the body made it."""

    steers: ClassVar[bool] = False

    def start(self, pose: Pose, subjects: Subjects) -> None:
        return None

    def step(self, state: None, pose: Pose, drive: Drive) -> tuple[None, Pose]:
        return None, pose


NO_AIM = NoAim()
EXAMPLE = NO_AIM
