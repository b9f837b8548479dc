"""The orbit rig: circles a subject, or the point in focus."""

from director.camera.rig import Rig
from director.camera.stages.aim.look_at import LookAt, Zone
from director.camera.stages.body.orbit import OrbitBody
from director.math3d import rotate
from director.types import CameraState

__all__ = ["mount"]


def mount(camera: CameraState, subject: str | None) -> Rig:
    """About the subject, which comes to the middle of the picture; without one about the point that the
    camera is focused on."""
    if subject is not None:
        body = OrbitBody(subject)
        aim = LookAt(
            subject,
            height_share=body.height_share,
            dead=Zone(0.0, 0.0),
            pan_time_constant_s=0.12,
            tilt_time_constant_s=0.12,
        )
        return Rig(body, aim)
    ahead = rotate(camera.orientation, (0.0, 0.0, -camera.lens.focus_distance_m))
    x, y, z = (float(p + a) for p, a in zip(camera.position, ahead, strict=True))
    return Rig(OrbitBody(centre=(x, y, z)))
