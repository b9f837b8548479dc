"""The follow rig: travels with a subject and looks at it."""

from director.camera.rig import Rig
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.body.follow import FollowBody
from director.errors import UsageError
from director.types import CameraState

__all__ = ["mount"]


def mount(camera: CameraState, subject: str | None) -> Rig:
    """Keeps its place beside the subject, as it is now. Raises UsageError without one."""
    if subject is None:
        raise UsageError("it has nothing to follow", subject="follow rig", mend="choose a subject")
    return Rig(FollowBody(subject, offset=None), LookAt(subject))
