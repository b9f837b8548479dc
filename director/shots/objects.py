"""Objects that a shot moves: their keys laid into the scene, so that all that draws a scene draws them."""

import math
from fractions import Fraction

from director.camera.angles import angles_from_orientation, unwrapped
from director.curves import VectorCurve
from director.scene.document import Scene
from director.scene.proxy import Key, Placed, Position, Rotation
from director.scene.route import track_of
from director.scene.shots import ObjectChannels, Shot

__all__ = ["scene_of_shot"]


def scene_of_shot(scene: Scene, shot: Shot, fps: Fraction) -> Scene:
    """The scene with the shot's keyed objects where they are at each frame of the shot, straight between.

    A channel that is not keyed keeps what the scene has. Where nothing is keyed it is the scene itself.
    """
    keyed = {name: line for name, line in shot.timeline.objects.items() if line.position or line.rotation_deg}
    if not keyed:
        return scene
    count = math.floor(Fraction(shot.duration_s) * fps) + 1
    times = [shot.start_s + float(index / fps) for index in range(count)]
    if times[-1] < shot.end_s:
        times.append(shot.end_s)
    return scene.model_copy(
        update={
            "groups": tuple(_placed(group, keyed.get(group.name), times) for group in scene.groups),
            "objects": tuple(_placed(proxy, keyed.get(proxy.name), times) for proxy in scene.objects),
        }
    )


def _placed(placed: Placed, line: ObjectChannels | None, times: list[float]) -> Placed:
    if line is None:
        return placed
    positions = _positions(placed, line.position, times)
    rotations = _rotations(placed, line.rotation_deg, times)
    keys = tuple(
        Key(time_s=time, position=position, rotation_deg=rotation)
        for time, position, rotation in zip(times, positions, rotations, strict=True)
    )
    return placed.model_copy(update={"keys": keys, "interpolation": "linear", "route": None})


def _positions(placed: Placed, curve: VectorCurve | None, times: list[float]) -> list[Position]:
    if curve is not None:
        return [curve.at(time) for time in times]
    track = track_of(placed)
    return [track.position(time) for time in times]


def _rotations(placed: Placed, curve: VectorCurve | None, times: list[float]) -> list[Rotation]:
    if curve is not None:
        return [curve.at(time) for time in times]
    if placed.route is None and not any(key.rotation_deg for key in placed.keys):
        return [placed.rotation_deg] * len(times)
    track = track_of(placed)
    turned: list[Rotation] = []
    for time in times:
        angles = angles_from_orientation(track.rotation(time))
        turned.append(unwrapped(angles, turned[-1]) if turned else angles)
    return turned
