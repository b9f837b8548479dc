"""The walk rig: a person with a camera on the shoulder."""

from director.camera.rig import Rig
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.aim.none import NO_AIM
from director.camera.stages.body.walk import WalkBody
from director.camera.stages.noise.recorded import Recorded
from director.types import CameraState

__all__ = ["mount"]


def mount(camera: CameraState, subject: str | None) -> Rig:
    """Walks at eye height over the floor at 0, with the unrest of a camera that was held by hand."""
    return Rig(WalkBody(), NO_AIM if subject is None else LookAt(subject), Recorded("close-up"))
