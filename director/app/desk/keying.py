"""Where an edit of a place goes in what has keys: to the key at this time, or to the whole way."""

import math

from director.errors import SceneError
from director.math3d import inverse_rigid
from director.scene.document import Scene
from director.scene.edit import Edit, MoveTo, SetFields, SetKey, TurnTo
from director.scene.edit.edit import refused
from director.scene.edit.places import angles_of, local_place, parent_place, rounded
from director.scene.edit.tree import named
from director.scene.proxy import Placed, Rotation, Route
from director.types import Vector

__all__ = ["angles_now", "facing_edit", "key_here", "key_time", "placed_edit", "route_on"]

# Half a frame at 24 a second: what is shown at this time is shown at that key.
_HERE_S = 0.5 / 24


def key_time(placed: Placed, time_s: float) -> float:
    """The time of the key that is at this time; where there is none, this time to the millisecond."""
    near = [key.time_s for key in placed.keys if abs(key.time_s - time_s) <= _HERE_S]
    return min(near, key=lambda at: abs(at - time_s)) if near else round(time_s, 3)


def angles_now(placed: Placed, time_s: float) -> Rotation:
    """Yaw, pitch, roll in degrees in the parent's space at a time, written near those of the nearest key."""
    turned = [key for key in placed.keys if key.rotation_deg is not None]
    if not turned or placed.route is not None:
        return placed.rotation_deg
    near = min(turned, key=lambda key: abs(key.time_s - time_s)).rotation_deg
    assert near is not None
    return rounded(angles_of(local_place(placed, time_s), near))


def key_here(scene: Scene, name: str, time_s: float) -> SetKey:
    """A key of how something stands at this time; on a route, of its rotation alone. Raises SceneError."""
    placed = named(scene, name)
    at_s, angles = key_time(placed, time_s), angles_now(placed, time_s)
    if placed.route is not None:
        return SetKey(name, at_s, rotation_deg=angles)
    return SetKey(name, at_s, rounded(local_place(placed, time_s)[:3, 3]), angles)


def placed_edit(
    scene: Scene,
    name: str,
    time_s: float,
    *,
    position: Vector | None = None,
    rotation_deg: Rotation | None = None,
) -> Edit:
    """The edit that puts a thing to a place or a turn, in its parent's space: that key alone where there is
    one at this time, else the thing with its whole way."""
    placed = named(scene, name)
    at_s = key_time(placed, time_s)
    if placed.route is None and any(key.time_s == at_s for key in placed.keys):
        return SetKey(name, at_s, position, rotation_deg)
    if position is not None:
        return MoveTo(name, position, time_s)
    assert rotation_deg is not None
    return TurnTo(name, rotation_deg, time_s)


def facing_edit(scene: Scene, name: str, point: Vector, time_s: float) -> Edit:
    """The edit that turns a thing about its upright axis until its front, +Z, is towards a point of the
    world."""
    placed = named(scene, name)
    below = inverse_rigid(parent_place(scene, placed.parent, time_s))
    ahead = below[:3, :3] @ point + below[:3, 3] - local_place(placed, time_s)[:3, 3]
    _, pitch, roll = angles_now(placed, time_s)
    yaw = round(math.degrees(math.atan2(ahead[0], ahead[2])), 1)
    return placed_edit(scene, name, time_s, rotation_deg=(yaw, pitch, roll))


def route_on(scene: Scene, name: str, point: Vector, time_s: float) -> Edit:
    """The route of something, on to a point of the world; without a route it begins where the thing stands.

    Raises SceneError where keys say already where it is.
    """
    placed = named(scene, name)
    below = inverse_rigid(parent_place(scene, placed.parent, time_s))
    x, y, z = rounded(below[:3, :3] @ point + below[:3, 3])
    if placed.route is not None:
        points = (*placed.route.points, (x, y, z))
        return SetFields((name,), {"route": placed.route.model_copy(update={"points": points})})
    if any(key.position is not None for key in placed.keys):
        raise _keyed(scene, name)
    start = rounded(local_place(placed, time_s)[:3, 3])
    return SetFields((name,), {"route": Route(points=(start, (x, y, z)))})


def _keyed(scene: Scene, name: str) -> SceneError:
    return refused(
        scene,
        f"the keys of {name!r} say where it is",
        field=f"{name}.route",
        mend="delete its keys before you give it a route",
    )
