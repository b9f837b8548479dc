"""The rail rig: a dolly on a track."""

from director.camera.framing import forward
from director.camera.rig import Rig
from director.camera.stage import pose_of
from director.camera.stages.aim.free import FreeLook
from director.camera.stages.aim.look_at import LookAt
from director.camera.stages.body.rail import RailBody
from director.types import CameraState

__all__ = ["mount"]

_HALF_TRACK_M = 3.0


def mount(camera: CameraState, subject: str | None) -> Rig:
    """Six metres of level track through the camera, along its heading; give RailBody the points of a drawn
    one instead. The hands look, or the subject is kept in the picture."""
    x, y, z = camera.position
    ahead = forward(pose_of(camera).pan, 0.0)
    points = tuple((x + s * ahead[0], y, z + s * ahead[2]) for s in (-_HALF_TRACK_M, 0.0, _HALF_TRACK_M))
    return Rig(RailBody(points), FreeLook() if subject is None else LookAt(subject))
