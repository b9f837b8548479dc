"""The steadicam rig: floats, and follows its operator softly."""

from director.camera.rig import Rig
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.aim.none import NO_AIM
from director.camera.stages.body.steadicam import SteadicamBody
from director.camera.stages.noise.recorded import Recorded
from director.types import CameraState

__all__ = ["mount"]


def mount(camera: CameraState, subject: str | None) -> Rig:
    """With the little unrest that is left on a sled."""
    aim = NO_AIM if subject is None else LookAt(subject, pan_time_constant_s=0.4, tilt_time_constant_s=0.4)
    return Rig(SteadicamBody(), aim, Recorded("close-up", amount=0.3))
