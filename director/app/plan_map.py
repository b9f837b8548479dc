"""A scene seen from straight above: footprints of its objects, ways of cameras, and the map's own scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from director.app.ridden import Ridden
from director.camera.lens import horizontal_fov
from director.math3d import rotate
from director.scene.compile import CompiledScene
from director.scene.state import SceneState
from director.types import CameraState

__all__ = ["Footprint", "Footprints", "MapView", "fitted_view", "footprints", "hit", "way_of", "wedge"]

Spot = tuple[float, float]
"""Metres of world x and z, or points of the window."""

_FIGURE = "mannequin"
_FLOOR_M = 0.12
_SAMPLES = 32


@dataclass(frozen=True, slots=True)
class Footprint:
    """An object's outline on the ground, four spots in order; `heading` in radians of one who faces somewhere
    (0 faces +z); `is_floor` of what is flat, on which others stand."""

    name: str
    corners: tuple[Spot, Spot, Spot, Spot]
    heading: float | None
    is_floor: bool

    @property
    def middle(self) -> Spot:
        """Of the four corners."""
        x, z = (sum(corner[axis] for corner in self.corners) / 4 for axis in (0, 1))
        return x, z

    @property
    def area_m2(self) -> float:
        """Of the outline."""
        (ax, az), (bx, bz), (cx, cz), (dx, dz) = self.corners
        return abs((cx - ax) * (dz - bz) - (dx - bx) * (cz - az)) / 2

    def holds(self, at: Spot) -> bool:
        """Whether a spot lies within."""
        turns = [
            (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0])
            for a, b in zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)
        ]
        return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def footprints(scene: CompiledScene, time_s: float) -> tuple[Footprint, ...]:
    """Of everything that is drawn at a time: floors first, then the largest, so that small things lie
    on top."""
    return Footprints().at(scene, time_s)


class Footprints:
    """The footprints of one scene at one time after the other: what has not moved is not worked out again."""

    def __init__(self) -> None:
        self._scene: CompiledScene | None = None
        self._world: NDArray[np.float32] = np.empty((0, 4, 4), np.float32)
        self._order: dict[int, int] = {}
        self._marks: list[Footprint] = []
        self._found: tuple[Footprint, ...] = ()
        self.corners: NDArray[np.float64] = np.empty((0, 4, 2))
        """float64[marks, 4, 2], of the last time."""
        self.moved: tuple[int, ...] | None = None
        """Which marks have moved since the time before; None where they are others."""

    def at(self, scene: CompiledScene, time_s: float) -> tuple[Footprint, ...]:
        """As `footprints`; the same tuple as before, if nothing has moved since."""
        world = scene.at(time_s).world_from_object
        if self._scene is not scene:
            self._begin(scene, scene.at(time_s))
            return self._found
        # What stands still is the same array at every time.
        indices: list[int] = []
        if world is not self._world:
            indices = np.flatnonzero((world != self._world).any(axis=(1, 2))).tolist()
        moved = [(index, self._order[index]) for index in indices if index in self._order]
        self._world, self.moved = world, tuple(place for _, place in moved)
        resized = False
        for index, place in moved:
            mark = _footprint(scene, index, world[index].astype(np.float64))
            resized |= not math.isclose(mark.area_m2, self._marks[place].area_m2, rel_tol=0.05)
            self._marks[place] = mark
            self.corners[place] = mark.corners
        if resized:
            # What has fallen over may lie over other things now.
            self._begin(scene, scene.at(time_s))
        elif moved:
            self._found = tuple(self._marks)
        return self._found

    def _begin(self, scene: CompiledScene, state: SceneState) -> None:
        world = state.world_from_object
        drawn = np.zeros(len(world) + 1, bool)
        for batch in state.batches.values():
            drawn[batch.object_id] = True
        made = [
            (_footprint(scene, index, world[index].astype(np.float64)), index)
            for index in np.flatnonzero(drawn[1:]).tolist()
        ]
        made.sort(key=lambda one: (not one[0].is_floor, -one[0].area_m2))
        self._scene, self._world, self.moved = scene, world, None
        self._marks = [mark for mark, _ in made]
        self._order = {index: place for place, (_, index) in enumerate(made)}
        self._found = tuple(self._marks)
        self.corners = np.array([mark.corners for mark in self._marks]).reshape(-1, 4, 2)


def _footprint(scene: CompiledScene, index: int, matrix: NDArray[np.float64]) -> Footprint:
    thing = scene.objects[index]
    width, height, depth = thing.size_m
    is_figure = scene.scene.objects[index].kind == _FIGURE
    heading = math.atan2(matrix[0, 2], matrix[2, 2]) if is_figure else None
    return Footprint(thing.name, _outline(matrix, width, height, depth), heading, height < _FLOOR_M)


def hit(marks: Sequence[Footprint], at: Spot) -> str | None:
    """The smallest thing that holds a spot; a floor only where nothing stands on it."""
    held = [mark for mark in marks if mark.holds(at)]
    return min(held, key=lambda mark: (mark.is_floor, mark.area_m2)).name if held else None


def wedge(camera: CameraState, reach_m: float) -> tuple[Spot, Spot, Spot]:
    """What a camera sees, from above: where it stands, and the left and right ends of its picture's middle
    line `reach_m` away along the ground. Looking straight down it sees along the top of the picture."""
    x, _, z = camera.position
    ahead = rotate(camera.orientation, (0.0, 0.0, -1.0))
    level = math.hypot(float(ahead[0]), float(ahead[2]))
    if level < 1e-3:
        ahead = rotate(camera.orientation, (0.0, 1.0, 0.0))
        level = max(1e-9, math.hypot(float(ahead[0]), float(ahead[2])))
    dx, dz = float(ahead[0]) / level, float(ahead[2]) / level
    half = math.tan(horizontal_fov(camera.lens) / 2) * reach_m
    # To the right of (dx, dz), seen from above with z downwards, is (−dz, dx).
    left = (x + dx * reach_m + dz * half, z + dz * reach_m - dx * half)
    right = (x + dx * reach_m - dz * half, z + dz * reach_m + dx * half)
    return (x, z), left, right


def way_of(ridden: Ridden, scene: CompiledScene) -> tuple[Spot, ...]:
    """The way of a move from its start to its end."""
    times = [ridden.duration_s * i / (_SAMPLES - 1) for i in range(_SAMPLES)]
    places = [ridden.camera_at(time_s, scene.locate).position for time_s in times]
    return tuple((x, z) for x, _, z in places)


@dataclass(frozen=True, slots=True)
class MapView:
    """World x to the right, z downwards: `middle` is the spot in the middle of the map, `points_per_m` how
    large a metre is."""

    middle: Spot
    points_per_m: float

    def on_map(self, at: Spot, origin: Spot) -> Spot:
        """A world spot in points; `origin` is where the map's middle lies."""
        x, z = (o + (a - m) * self.points_per_m for o, a, m in zip(origin, at, self.middle, strict=True))
        return x, z

    def in_world(self, at: Spot, origin: Spot) -> Spot:
        """The other way round."""
        x, z = (m + (a - o) / self.points_per_m for o, a, m in zip(origin, at, self.middle, strict=True))
        return x, z

    def zoomed(self, factor: float, at: Spot, origin: Spot) -> "MapView":
        """Larger by a factor, about a place on the map, which stays."""
        kept = self.in_world(at, origin)
        scale = min(400.0, max(0.2, self.points_per_m * factor))
        zoomed = replace(self, points_per_m=scale)
        moved = zoomed.in_world(at, origin)
        x, z = (m + k - n for m, k, n in zip(self.middle, kept, moved, strict=True))
        return replace(zoomed, middle=(x, z))

    def panned(self, by: Spot) -> "MapView":
        """Dragged by so many points."""
        x, z = (m - b / self.points_per_m for m, b in zip(self.middle, by, strict=True))
        return replace(self, middle=(x, z))


def fitted_view(spots: Sequence[Spot], size: Spot) -> MapView:
    """The view that shows all spots in a map of this size in points, with room about them."""
    if not spots:
        return MapView((0.0, 0.0), 20.0)
    low = [min(spot[axis] for spot in spots) for axis in (0, 1)]
    high = [max(spot[axis] for spot in spots) for axis in (0, 1)]
    scale = min(size[axis] / max(1.0, high[axis] - low[axis]) for axis in (0, 1)) * 0.9
    return MapView(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2), max(0.2, scale))


def _outline(
    matrix: NDArray[np.float64], width: float, height: float, depth: float
) -> tuple[Spot, Spot, Spot, Spot]:
    # Of what lies on its side, the sides that lie: the two longest of its three axes as seen from above.
    axes = [matrix[[0, 2], axis] * size for axis, size in enumerate((width, height, depth))]
    middle = matrix[[0, 2], 3] + axes[1] / 2
    longest = sorted(range(3), key=lambda axis: -float(np.hypot(*axes[axis])))[:2]
    a, b = (axes[axis] / 2 for axis in sorted(longest))
    spots = [middle + a + b, middle - a + b, middle - a - b, middle + a - b]
    one, two, three, four = ((float(spot[0]), float(spot[1])) for spot in spots)
    return one, two, three, four
