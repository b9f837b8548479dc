"""What a channel of a shot is at a time, keyed or not: the value of a key that is put there."""

from director.camera.angles import angles_from_orientation
from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.route import track_of
from director.shots.channels import CAMERA_CHANNELS
from director.shots.evaluate import PreparedShot
from director.shots.keying import Value, curve_of

__all__ = ["value_now"]


def value_now(path: tuple[str, ...], prepared: PreparedShot, scene: CompiledScene, time_s: float) -> Value:
    """The channel's value at a scene time. Raises UsageError for what the scene has not."""
    curve = curve_of(prepared.shot, path)
    if curve is not None:
        return curve.at(time_s)
    if path[0] == "objects":
        placed = next((it for _, it in scene.scene.placed() if it.name == path[1]), None)
        if placed is None:
            raise UsageError(f"there is no {path[1]!r}", subject="key", mend="choose what is in the scene")
        track = track_of(placed)
        if path[2] == "position":
            return track.position(time_s)
        if not placed.keys and placed.route is None:
            return placed.rotation_deg
        return angles_from_orientation(track.rotation(time_s))
    if path[0] in CAMERA_CHANNELS:
        camera = prepared.camera(time_s)
        if path[0] == "position":
            return camera.position
        if path[0] == "rotation_deg":
            return prepared.angles_deg(time_s)
        return float(getattr(camera.lens, path[0]))
    direction = prepared.direction(time_s)
    if path[0] == "prompt":
        return direction.prompt
    id_ = next((thing.id for thing in scene.objects if thing.name == path[-1]), 0)
    if path[0] == "object_prompts":
        return direction.object_prompts.get(id_, "")
    return float(direction.strengths.get(id_, 1.0))
