"""What a generated picture shows of a thing beyond its blocking, brought to where it is now.

A finished car has bumpers and mirrors, a finished person hair and a coat: in the maps of what was blocked
those pixels belong to whatever lies behind. While a thing moves against that, they would stay behind on it.
So they are taken out of the picture that is carried by those maps, and drawn as points that move with their
thing. Needs the maps of the finished scene, which a generator may not have asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import moderngl
import numpy as np
from numpy.typing import NDArray

from director.composite.carry import Moment
from director.math3d import inverse_rigid
from director.passes.shader import load_program
from director.scene.finish.finished import FINISHED, PIECES
from director.types import GeneratedFrame

__all__ = ["Overhang", "OverhangPoints", "moved"]

_DEPTH, _OBJECT = FINISHED + "depth", FINISHED + "object"
_POINT: Final = np.dtype([("place", "<f4", 3), ("shade", "<f4", 3), ("side", "<f4"), ("whose", "<f4")])
# Squares are larger than their share of the picture: what moves by parts of a pixel leaves no gap beside it.
# By less than a pixel, so that one that stands covers its own alone.
_MARGIN: Final = 0.9
_LARGEST: Final = 32.0


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """What hangs over in one picture, a point a pixel: its place in its object's own space, float64[n, 3],
    colour, float32[n, 3], owner's id, int64[n], how many metres away it was, and the picture's height."""

    place: NDArray[np.float64]
    shade: NDArray[np.float32]
    owner: NDArray[np.int64]
    away: NDArray[np.float64]
    rows: int


class Overhang:
    """What hangs over in the newest picture."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None

    def take(
        self, frame: GeneratedFrame, source: Moment | None, movers: NDArray[np.int64]
    ) -> NDArray[np.bool_] | None:
        """Keep what the frame, which answers `source`, shows of these ids beyond their blocking. Returns
        where that is, bool[h, w]; None where there is nothing."""
        self._seen = None
        maps, (height, width) = frame.conditioning.maps, frame.image.shape[:2]
        if source is None or not len(movers) or not {"object", _DEPTH, _OBJECT, PIECES} <= maps.keys():
            return None
        if maps[_OBJECT].shape != (height, width) or maps["object"].shape != (height, width):
            return None
        owners = np.concatenate([[0], maps[PIECES][:, 0]])
        owner, rows, columns = _beyond(maps, owners, np.isin(owners, movers))
        if not len(owner):
            return None
        away = maps[_DEPTH][rows, columns].astype(np.float64)
        world = _world(source, (columns + 0.5) / width, (rows + 0.5) / height, away)
        pose = source.world_from_object[owner - 1].astype(np.float64)
        place = np.einsum("nji,nj->ni", pose[:, :3, :3], world - pose[:, :3, 3])
        shade = frame.image[rows, columns].astype(np.float32) / np.float32(255)
        self._seen = _Seen(place, shade, owner, away, height)
        found = np.zeros((height, width), np.bool_)
        found[rows, columns] = True
        return found

    def points(self, now: Moment, rows: int) -> NDArray[np.void]:
        """What was taken as seen `now` in a picture of so many rows, the farthest first, so that nearer ones
        are drawn over them: place float32[3] (clip x and y over w, y downwards, and metres away), shade
        float32[3] (sRGB 0..1), side (pixels) and whose (id)."""
        return np.zeros(0, _POINT) if self._seen is None else _points(self._seen, now, rows)


class OverhangPoints:
    """Draws what hangs over into the bound framebuffer, over what was carried."""

    def __init__(self, context: moderngl.Context) -> None:
        """Raises GraphicsError where a shader does not compile."""
        self._context = context
        self._program = load_program(context, "display/overhang.vert", "display/overhang.frag")
        self._program["depth"], self._program["object"] = 0, 1
        self._buffer = context.buffer(reserve=_POINT.itemsize, dynamic=True)
        self._points = context.vertex_array(
            self._program, [(self._buffer, "3f 3f 1f 1f", *(_POINT.names or ()))], mode=moderngl.POINTS
        )

    def draw(self, points: NDArray[np.void], passes: Mapping[str, moderngl.Texture]) -> None:
        """Draw points as Overhang gives them. `passes` are the G-buffer's textures now (depth, object), of
        the size of the bound framebuffer. Alpha is OVERHANGS, as carry.glsl has it."""
        if not len(points):
            return
        if self._buffer.size < points.nbytes:
            self._buffer.orphan(2 * points.nbytes)
        self._buffer.write(points.tobytes())
        passes["depth"].use(0)
        passes["object"].use(1)
        self._context.enable(moderngl.PROGRAM_POINT_SIZE)
        self._points.render(vertices=len(points))
        self._context.disable(moderngl.PROGRAM_POINT_SIZE)

    def release(self) -> None:
        """Free what OpenGL holds."""
        self._points.release()
        self._buffer.release()
        self._program.release()


def moved(one: Moment, other: Moment) -> NDArray[np.int64]:
    """The ids of objects that stand otherwise at one moment than at another, or are at one of them only."""
    first, second = one.world_from_object, other.world_from_object
    both, most = sorted((len(first), len(second)))
    differ = np.ones(most, np.bool_)
    differ[:both] = (first[:both] != second[:both]).any(axis=(1, 2))
    return np.flatnonzero(differ) + 1


def _beyond(
    maps: Mapping[str, NDArray[Any]], owners: NDArray[np.int64], moves: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.intp], NDArray[np.intp]]:
    """Owners, rows and columns of pixels that show a mover where something else was blocked."""
    pieces = maps[_OBJECT]
    rows, columns = np.nonzero(moves[pieces])
    owner = owners[pieces[rows, columns]]
    beyond = maps["object"][rows, columns] != owner
    return owner[beyond].astype(np.int64), rows[beyond], columns[beyond]


def _world(
    moment: Moment, u: NDArray[np.float64], v: NDArray[np.float64], away: NDArray[np.float64]
) -> NDArray[np.float64]:
    """float64[n, 3]: places in the world of what is seen at uv, so many metres along the view axis."""
    world_from_view = inverse_rigid(moment.view.view_from_world)
    clip = moment.view.clip_from_view
    rays = np.stack([(2 * u - 1) / clip[0, 0], (1 - 2 * v) / clip[1, 1], -np.ones_like(u)], 1)
    turned = rays @ world_from_view[:3, :3].T
    return np.asarray(world_from_view[:3, 3] + turned * away[:, None], np.float64)


def _points(seen: _Seen, now: Moment, rows: int) -> NDArray[np.void]:
    here = seen.owner <= len(now.world_from_object)
    pose = now.world_from_object[np.where(here, seen.owner, 1) - 1].astype(np.float64)
    world = np.einsum("nij,nj->ni", pose[:, :3, :3], seen.place) + pose[:, :3, 3]
    clip = np.concatenate([world, np.ones((len(world), 1))], 1) @ now.view.clip_from_world.T
    away = clip[:, 3]
    order = np.argsort(-away, kind="stable")
    order = order[here[order] & (away[order] > now.view.near_m)]
    points = np.zeros(len(order), _POINT)
    points["place"][:, 0] = clip[order, 0] / away[order]
    points["place"][:, 1] = -clip[order, 1] / away[order]
    points["place"][:, 2] = away[order]
    points["shade"] = seen.shade[order]
    nearer = rows / seen.rows * seen.away[order] / away[order]
    points["side"] = np.minimum(nearer + _MARGIN, _LARGEST)
    points["whose"] = seen.owner[order]
    return points
