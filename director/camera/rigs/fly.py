"""The fly rig: a camera without weight, flown by hand."""

from director.camera.fly import EYE_HEIGHT_M, NO_INTENT, FlyIntent, FlyRig, FlyState
from director.camera.rig import Rig
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.aim.none import NO_AIM
from director.camera.stages.body.fly import FlyBody
from director.types import CameraState

__all__ = ["EYE_HEIGHT_M", "NO_INTENT", "FlyIntent", "FlyRig", "FlyState", "mount"]


def mount(camera: CameraState, subject: str | None) -> Rig:
    """Flies and looks by hand; with a subject it is kept in the picture and the hands only fly."""
    return Rig(FlyBody(), NO_AIM if subject is None else LookAt(subject))
