"""What is framed: bodies by their landmarks, things by their boxes; world space, metres."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from director.camera.setups.obstacles import NO_OBSTACLES, Obstacles
from director.types import Vector

__all__ = ["Blocking", "Body", "Box", "body_of_box"]

Array = NDArray[np.float64]

# Half the breadth of a head, and half its depth, as shares of its height, hair included.
_HALF_BROAD, _HALF_DEEP = 0.36, 0.46
# Landmarks between two others: from, to, and the share of the way.
_BETWEEN: Mapping[str, tuple[str, str, float]] = MappingProxyType(
    {
        "hairline": ("eyes", "top_of_head", 0.62),
        "brows": ("eyes", "top_of_head", 0.26),
        "nose": ("eyes", "chin", 0.50),
        "under_chin": ("chin", "chest", 0.12),
        "collar": ("chin", "chest", 0.62),
        "belt": ("waist", "hips", 0.55),
        "shins": ("knees", "ankles", 0.30),
    }
)


@dataclass(frozen=True, slots=True)
class Body:
    """A figure at one time, in any pose. Of limbs that come in pairs the landmark lies midway.

    `heading` is radians about Y, 0 facing +Z; `gaze` the unit vector along which the face looks; `outline`
    what sticks out furthest: crown, elbows, fingertips, heels, toes. `ground` is the floor beneath it.
    """

    name: str
    top_of_head: Vector
    eyes: Vector
    chin: Vector
    shoulder_left: Vector
    shoulder_right: Vector
    chest: Vector
    waist: Vector
    hips: Vector
    mid_thigh: Vector
    knees: Vector
    ankles: Vector
    ground: Vector
    heading: float
    gaze: Vector
    outline: tuple[Vector, ...] = ()

    def points(self, landmark: str) -> list[Vector]:
        """The points of a landmark: a field's name, one that lies between two ("hairline", "brows", "nose",
        "under_chin", "collar", "belt", "shins"), "shoulders", "head" (its sides and back) or "outline".

        Raises KeyError for any other name.
        """
        if landmark == "shoulders":
            return [self.shoulder_left, self.shoulder_right]
        if landmark == "head":
            return self._head_sides()
        if landmark == "outline":
            return list(self.outline)
        if landmark in _BETWEEN:
            start, end, share = _BETWEEN[landmark]
            return [_between(getattr(self, start), getattr(self, end), share)]
        if landmark not in _POINTS:
            raise KeyError(landmark)
        point: Vector = getattr(self, landmark)
        return [point]

    @property
    def head_centre(self) -> Vector:
        """The middle of the head."""
        return _vector((np.asarray(self.top_of_head) + np.asarray(self.chin)) / 2)

    @property
    def head_height_m(self) -> float:
        """From chin to crown."""
        return math.dist(self.top_of_head, self.chin)

    def _head_sides(self) -> list[Vector]:
        middle = np.asarray(self.head_centre)
        aside = np.cross(np.subtract(self.top_of_head, self.chin), self.gaze)
        length = float(np.linalg.norm(aside))
        half = aside * (_HALF_BROAD * self.head_height_m / length) if length > 1e-9 else np.zeros(3)
        behind = middle - np.asarray(self.gaze) * (_HALF_DEEP * self.head_height_m)
        return [_vector(middle + half), _vector(middle - half), _vector(behind)]

    @property
    def face_heading(self) -> float:
        """Where the face is turned, radians about Y; the body's own heading where it looks up or down."""
        x, _, z = self.gaze
        return math.atan2(x, z) if math.hypot(x, z) > 0.5 else self.heading


@dataclass(frozen=True, slots=True)
class Box:
    """A thing's box: the middle of its base, size along its own axes (width, height, depth), and the axes
    as unit vectors of world space. It faces along its third axis."""

    name: str
    base: Vector
    size_m: Vector
    axes: tuple[Vector, Vector, Vector] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

    @property
    def centre(self) -> Vector:
        """World position of its middle."""
        return self.at(0.0, 0.5, 0.0)

    @property
    def heading(self) -> float:
        """Radians about Y; 0 facing +Z."""
        return math.atan2(self.axes[2][0], self.axes[2][2])

    def at(self, x: float, y: float, z: float) -> Vector:
        """World position of a place in it: x and z from −0.5 to 0.5, y from 0 at its base to 1."""
        along = np.array([x, y, z]) * self.size_m
        return _vector(np.asarray(self.base) + along @ np.asarray(self.axes))

    def corners(self) -> tuple[Vector, ...]:
        """World positions of its eight corners."""
        halves = (-0.5, 0.5)
        return tuple(self.at(x, y, z) for x in halves for y in (0.0, 1.0) for z in halves)


@dataclass(frozen=True, slots=True)
class Blocking:
    """Who and what stands where at one time: figures by name, the boxes of all things and figures, and what
    a camera cannot stand in or see through."""

    bodies: Mapping[str, Body]
    boxes: Mapping[str, Box]
    obstacles: Obstacles = NO_OBSTACLES

    @property
    def names(self) -> tuple[str, ...]:
        """Of everything that can be framed, figures first."""
        return (*self.bodies, *(name for name in self.boxes if name not in self.bodies))

    def body(self, name: str) -> Body:
        """A figure; of a thing, its box with the landmarks of a figure of that size. Raises KeyError."""
        return self.bodies[name] if name in self.bodies else body_of_box(self.boxes[name])


def body_of_box(box: Box) -> Body:
    """Landmarks for what has none: heights in the proportions of a standing figure, shoulders as wide as
    the box, the face on its front."""
    heights = {
        "top_of_head": 1.0,
        "chin": 0.864,
        "chest": 0.74,
        "waist": 0.62,
        "hips": 0.53,
        "mid_thigh": 0.40,
        "knees": 0.28,
        "ankles": 0.05,
        "ground": 0.0,
    }
    points = {landmark: box.at(0.0, height, 0.0) for landmark, height in heights.items()}
    return Body(
        name=box.name,
        eyes=box.at(0.0, 0.93, 0.5),
        shoulder_left=box.at(0.5, 0.8, 0.0),
        shoulder_right=box.at(-0.5, 0.8, 0.0),
        heading=box.heading,
        gaze=box.axes[2],
        outline=box.corners(),
        **points,
    )


_POINTS = frozenset(
    {
        "top_of_head",
        "eyes",
        "chin",
        "shoulder_left",
        "shoulder_right",
        "chest",
        "waist",
        "hips",
        "mid_thigh",
        "knees",
        "ankles",
        "ground",
    }
)


def _between(start: Vector, end: Vector, share: float) -> Vector:
    return _vector(np.asarray(start) + share * np.subtract(end, start))


def _vector(values: Array) -> Vector:
    return (float(values[0]), float(values[1]), float(values[2]))
