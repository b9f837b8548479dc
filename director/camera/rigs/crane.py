"""The crane rig: a camera at the end of an arm."""

from director.camera.framing import forward
from director.camera.rig import Rig
from director.camera.stage import pose_of
from director.camera.stages.aim.free import FreeLook
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.body.crane import CraneBody
from director.types import CameraState

__all__ = ["mount"]

_ARM_M = 4.0


def mount(camera: CameraState, subject: str | None) -> Rig:
    """Its post stands four metres behind the camera, hinged at the camera's height: the arm is level."""
    x, y, z = camera.position
    ahead = forward(pose_of(camera).pan, 0.0)
    base = (x - _ARM_M * ahead[0], y, z - _ARM_M * ahead[2])
    return Rig(CraneBody(base), FreeLook() if subject is None else LookAt(subject))
