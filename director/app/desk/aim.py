"""From the picture into the set: what lies at a place of it, and where what is set down there stands."""

import math

import numpy as np
from numpy.typing import NDArray

from director.app.session import Session
from director.meters.surfaces import Seen
from director.scene.edit.ground import boxes_of
from director.types import Vector, View

__all__ = ["ground_ahead", "projected", "standing_place", "surface_at", "yaw_to_camera"]

Points = NDArray[np.float64]

_AHEAD_M, _FARTHEST_M = 5.0, 60.0
# What is less level than this is a wall: things are set down before it, so far from it.
_LEVEL = 0.5
_FROM_WALL_M = 0.4


def projected(view: View, points: Points) -> tuple[Points, Points]:
    """(uv, depth) of world points float64[n, 3]: float64[n, 2], and metres along the view axis. What is not
    before the camera (depth ≤ 0) has no uv of meaning."""
    clip = np.c_[points, np.ones(len(points))] @ view.clip_from_world.T
    depth = clip[:, 3]
    safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
    return np.c_[0.5 + 0.5 * clip[:, 0] / safe, 0.5 - 0.5 * clip[:, 1] / safe], depth


def surface_at(seen: Seen, u: float, v: float) -> tuple[Points, Points] | None:
    """(place, normal), float64[3] in the world, of the surface seen at uv; None for the sky.

    The normal is that of the plane through neighbouring pixels of the same object, towards the camera.
    """
    height, width = seen.depth.shape
    row = min(height - 1, max(0, int(v * height)))
    column = min(width - 1, max(0, int(u * width)))
    id_ = seen.object[row, column]
    if id_ == 0:
        return None
    place = _world(seen, row, column)
    across, up = (
        _step(seen, row, column, 0, 1, int(id_)),
        _step(seen, row, column, 1, 0, int(id_)),
    )
    to_camera = _eye(seen.view) - place
    normal = np.cross(across, up)
    length = float(np.linalg.norm(normal))
    if length < 1e-12:
        return place, to_camera / max(float(np.linalg.norm(to_camera)), 1e-9)
    normal = normal / length
    return place, normal if normal @ to_camera >= 0 else -normal


def ground_ahead(view: View, u: float, v: float) -> Vector:
    """Where the ray through uv meets the ground, y 0; straight ahead on it where it does not, or far away."""
    eye, ray = _eye(view), _ray(view, u, v)
    if ray[1] < -1e-6:
        place = eye - ray * (eye[1] / ray[1])
        if eye[1] > 0 and math.dist(place, eye) < _FARTHEST_M:
            return _told(place)
    level = np.array([ray[0], 0.0, ray[2]])
    length = float(np.linalg.norm(level))
    ahead = level / length if length > 1e-6 else np.zeros(3)
    return _told(np.array([eye[0], 0.0, eye[2]]) + ahead * _AHEAD_M)


def standing_place(session: Session, at: tuple[float, float] | None = None) -> Vector:
    """Where something new is set down, metres in the world, to the centimetre: on the surface at a place of
    the picture (the pointer's, or the middle), at the foot of a wall, on the ground where the sky is.
    Waits for OpenGL."""
    seen = session.picture.seen()
    if seen is None:
        return (0.0, 0.0, 0.0)
    u, v = at or session.pointer or (0.5, 0.5)
    found = surface_at(seen, u, v)
    if found is None:
        return ground_ahead(seen.view, u, v)
    place, normal = found
    if normal[1] >= _LEVEL:
        return _told(place)
    place = place + np.array([normal[0], 0.0, normal[2]]) * _FROM_WALL_M
    boxes = boxes_of(session.scene, session.transport.time_s)
    tops = [0.0]
    for parts in boxes.values():
        over = (parts[:, 0, [0, 2]] < place[[0, 2]]).all(axis=1) & (parts[:, 1, [0, 2]] > place[[0, 2]]).all(
            axis=1
        )
        tops += [float(top) for top in parts[over, 1, 1] if top <= place[1]]
    return _told(np.array([place[0], max(tops), place[2]]))


def yaw_to_camera(view: View, place: Vector) -> float:
    """The yaw in degrees, in steps of 5, by which what faces +Z there faces the camera."""
    eye = _eye(view)
    yaw = math.degrees(math.atan2(eye[0] - place[0], eye[2] - place[2]))
    return round(yaw / 5) * 5.0


def _eye(view: View) -> Points:
    turn = view.view_from_world[:3, :3]
    return np.asarray(-turn.T @ view.view_from_world[:3, 3], np.float64)


def _ray(view: View, u: float, v: float) -> Points:
    """float64[3]: one metre along the view axis, through uv, in the world."""
    lens = view.clip_from_view
    in_view = np.array([(2 * u - 1 + lens[0, 2]) / lens[0, 0], (1 - 2 * v + lens[1, 2]) / lens[1, 1], -1.0])
    return np.asarray(view.view_from_world[:3, :3].T @ in_view, np.float64)


def _world(seen: Seen, row: int, column: int) -> Points:
    height, width = seen.depth.shape
    ray = _ray(seen.view, (column + 0.5) / width, (row + 0.5) / height)
    return _eye(seen.view) + ray * float(seen.depth[row, column])


def _step(seen: Seen, row: int, column: int, down: int, right: int, id_: int) -> Points:
    height, width = seen.depth.shape
    here = _world(seen, row, column)
    for sign in (1, -1):
        y, x = row + sign * down, column + sign * right
        if 0 <= y < height and 0 <= x < width and seen.object[y, x] == id_:
            return (_world(seen, y, x) - here) * sign
    return np.zeros(3)


def _told(place: Points) -> Vector:
    x, y, z = (round(float(value), 2) + 0.0 for value in place)
    return (x, y, z)
