"""Composition guides as lines and rectangles over a picture.

All in uv: origin at the top left, x to the right, y down, 0..1 across the picture. Frame lines are centred
and as large as the picture holds. Safe areas are shares of the picture's width and height:

- EBU R 95, "Safe areas for 16:9 television production": action 93 %, graphics 90 %.
- SMPTE ST 2046-1:2009, "Specifications for Safe Action and Safe Title Areas for Television": action 93 %,
  title 90 %.
- SMPTE RP 27.3 (the older practice, for 4:3 tubes): action 90 %, title 80 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from director.camera.lens import vertical_aperture_mm
from director.math3d import compose
from director.types import CameraState

__all__ = [
    "FRAME_LINES",
    "SAFE_AREAS",
    "WHOLE",
    "Rectangle",
    "Segment",
    "action_safe",
    "centre_cross",
    "frame_line",
    "golden_ratio",
    "golden_spiral",
    "horizon",
    "thirds",
    "title_safe",
]

FRAME_LINES: tuple[float, ...] = (1.33, 1.66, 1.78, 1.85, 2.00, 2.39)
"""Aspects that frame lines are drawn for."""

SAFE_AREAS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {"EBU R 95": (0.93, 0.90), "SMPTE ST 2046-1": (0.93, 0.90), "SMPTE RP 27.3": (0.90, 0.80)}
)
"""(action, title or graphics) safe shares by standard."""

_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Edges in uv."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line from one uv to another."""

    start: tuple[float, float]
    end: tuple[float, float]


WHOLE = Rectangle(0.0, 0.0, 1.0, 1.0)


def frame_line(aspect: float, picture_aspect: float) -> Rectangle:
    """The largest centred frame of an aspect in a picture of another (both width / height).

    Raises ValueError for aspects that are not more than 0.
    """
    if not (aspect > 0 and picture_aspect > 0):
        raise ValueError(f"no such frame: {aspect=}, {picture_aspect=}")
    width, height = min(1.0, aspect / picture_aspect), min(1.0, picture_aspect / aspect)
    return _centred(width, height, WHOLE)


def action_safe(standard: str = "EBU R 95", frame: Rectangle = WHOLE) -> Rectangle:
    """Where all action that matters stays. Raises KeyError for a standard that is not in `SAFE_AREAS`."""
    return _centred(SAFE_AREAS[standard][0], SAFE_AREAS[standard][0], frame)


def title_safe(standard: str = "EBU R 95", frame: Rectangle = WHOLE) -> Rectangle:
    """Where all text stays. Raises KeyError for a standard that is not in `SAFE_AREAS`."""
    return _centred(SAFE_AREAS[standard][1], SAFE_AREAS[standard][1], frame)


def thirds(frame: Rectangle = WHOLE) -> tuple[Segment, ...]:
    """Two upright and two level lines at thirds."""
    return _grid((1 / 3, 2 / 3), frame)


def golden_ratio(frame: Rectangle = WHOLE) -> tuple[Segment, ...]:
    """Two upright and two level lines at the golden section, 0.382 and 0.618."""
    return _grid((1 - _GOLDEN, _GOLDEN), frame)


def centre_cross(picture_aspect: float, frame: Rectangle = WHOLE, arm: float = 0.025) -> tuple[Segment, ...]:
    """A cross in the middle whose arms are equally long in the picture: `arm` of its width."""
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    up = arm * picture_aspect
    return Segment((x - arm, y), (x + arm, y)), Segment((x, y - up), (x, y + up))


def golden_spiral(
    frame: Rectangle = WHOLE, turns: int = 8, steps: int = 12
) -> tuple[tuple[float, float], ...]:
    """The points of a golden spiral of quarter circles, stretched to the frame, from its lower left inwards.

    Each quarter is drawn in a square that is cut from what is left of a golden rectangle
    (https://en.wikipedia.org/wiki/Golden_spiral, "approximations").
    """
    left, top, right, bottom = 0.0, 0.0, 1 / _GOLDEN, 1.0
    points: list[tuple[float, float]] = []
    for turn in range(turns):
        side = min(right - left, bottom - top)
        # The square is cut off at the left, the top, the right and the bottom in turn.
        if turn % 4 == 0:
            centre, start = (left + side, bottom), math.pi
            left += side
        elif turn % 4 == 1:
            centre, start = (left, top + side), 1.5 * math.pi
            top += side
        elif turn % 4 == 2:
            centre, start = (right - side, top), 0.0
            right -= side
        else:
            centre, start = (right, bottom - side), 0.5 * math.pi
            bottom -= side
        for step in range(steps + (turn == turns - 1)):
            angle = start + step / steps * math.pi / 2
            x = (centre[0] + side * math.cos(angle)) * _GOLDEN
            y = centre[1] + side * math.sin(angle)
            points.append(_in(frame, x, y))
    return tuple(points)


def horizon(camera: CameraState, picture_aspect: float) -> Segment | None:
    """The horizon of a camera, shake included, as it crosses the picture; None where it is out of it.

    The horizon is the image of all level directions: those whose rise is 0, a straight line.
    """
    rig = compose(camera.position, camera.orientation) @ compose((0, 0, 0), camera.correction.orientation)
    up = rig[:3, :3].T @ np.array([0.0, 1.0, 0.0])
    half_x = camera.lens.film_back_width_mm / (2 * camera.lens.focal_length_mm)
    half_y = vertical_aperture_mm(camera.lens, picture_aspect) / (2 * camera.lens.focal_length_mm)
    # Of the ray (x·half_x, y·half_y, −1) the rise is a·x + b·y − c.
    a, b, c = float(up[0]) * half_x, float(up[1]) * half_y, float(up[2])
    if math.hypot(a, b) < 1e-9:
        return None
    ends: list[tuple[float, float]] = []
    for edge in (-1.0, 1.0):
        if abs(b) > 1e-12 and abs(y := (c - a * edge) / b) <= 1:
            ends.append((edge, y))
        if abs(a) > 1e-12 and abs(x := (c - b * edge) / a) <= 1:
            ends.append((x, edge))
    if len(ends) < 2:
        return None
    (x0, y0), (x1, y1) = min(ends), max(ends)
    if math.hypot(x1 - x0, y1 - y0) < 1e-9:
        return None
    return Segment(((x0 + 1) / 2, (1 - y0) / 2), ((x1 + 1) / 2, (1 - y1) / 2))


def _centred(width: float, height: float, frame: Rectangle) -> Rectangle:
    wide, high = frame.right - frame.left, frame.bottom - frame.top
    x, y = (1 - width) / 2 * wide, (1 - height) / 2 * high
    return Rectangle(frame.left + x, frame.top + y, frame.right - x, frame.bottom - y)


def _grid(shares: tuple[float, ...], frame: Rectangle) -> tuple[Segment, ...]:
    upright = [Segment(_in(frame, share, 0.0), _in(frame, share, 1.0)) for share in shares]
    return (*upright, *(Segment(_in(frame, 0.0, share), _in(frame, 1.0, share)) for share in shares))


def _in(frame: Rectangle, x: float, y: float) -> tuple[float, float]:
    return (
        frame.left + x * (frame.right - frame.left),
        frame.top + y * (frame.bottom - frame.top),
    )
