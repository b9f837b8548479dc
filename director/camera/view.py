"""From a camera to the matrices that a picture is drawn with."""

from director.camera.lens import clip_from_view
from director.math3d import compose, inverse_rigid
from director.types import CameraState, View

__all__ = ["view_of"]


def view_of(camera: CameraState, aspect: float, near_m: float, far_m: float, previous: View | None) -> View:
    """The view of a camera for a picture of this aspect (width / height).

    Near and far are the shot's own where the camera has them, else those given, the scene's.
    The correction (shake) is laid over the camera in the camera's own space. Without a previous view, or
    if the camera is a cut, the previous matrix is the present one: nothing has moved.
    Raises ValueError if near and far are no range.
    """
    world_from_rig = compose(camera.position, camera.orientation)
    rig_from_camera = compose(camera.correction.position, camera.correction.orientation)
    view_from_world = inverse_rigid(world_from_rig @ rig_from_camera)
    near_m, far_m = camera.depth_range_m or (near_m, far_m)
    projection = clip_from_view(camera.lens, aspect, near_m, far_m)
    continues = previous if not camera.is_cut else None
    before = continues.clip_from_world if continues else projection @ view_from_world
    return View(view_from_world, projection, before, near_m, far_m)
