"""What a shot's size is called, told from what its camera sees of a figure."""

import math

import numpy as np

from director.camera.setups.body import Body
from director.camera.setups.sizes import SIZES, Size
from director.camera.view import view_of
from director.scene.compile import CompiledScene
from director.scene.landmarks import blocking_at
from director.take.exporters._camera import FrameCamera
from director.take.exporters._source import Source
from director.types import Vector, View

__all__ = ["shot_size"]


def shot_size(source: Source, compiled: CompiledScene, frame: FrameCamera) -> str:
    """The size, abbreviated, and whose: "MCU anna", of the figure that fills the frame most and whose eyes
    are in it; "" where there is none. The size is that whose landmarks would stand as high in the frame."""
    scene = source.take.scene
    view = view_of(frame.camera, source.aspect, scene.near_m, scene.far_m, None)
    bodies = blocking_at(compiled, frame.scene_time_s).bodies
    seen = [(high, name) for name, body in bodies.items() if (high := _height(view, body)) > 0]
    if not seen:
        return ""
    _, name = max(seen)
    size = min(SIZES.values(), key=lambda size: _unlike(view, bodies[name], size))
    return f"{size.abbreviation} {name}"


def _height(view: View, body: Body) -> float:
    """The share of the picture's height that a head takes, 0 where the eyes are not in the picture."""
    eyes = _seen(view, body.eyes)
    if eyes is None or max(abs(eyes[0]), abs(eyes[1])) > 1:
        return 0.0
    return _span(view, body.top_of_head, body.chin)


def _unlike(view: View, body: Body, size: Size) -> float:
    """How far a size's landmarks are from filling the picture as that size has it: a ratio's logarithm."""
    span = _span(view, body.points(size.top)[0], body.points(size.bottom)[0])
    return abs(math.log(max(span, 1e-9) / size.fill))


def _span(view: View, top: Vector, bottom: Vector) -> float:
    """Of the picture's height, from one point to another."""
    ends = (_seen(view, top), _seen(view, bottom))
    if ends[0] is None or ends[1] is None:
        # A foot behind the camera: as if it went on for ever.
        return 1e9
    return math.dist(ends[0], ends[1]) / 2


def _seen(view: View, point: Vector) -> tuple[float, float] | None:
    """Where a point falls, −1..1 across the picture and up it; None behind the camera."""
    x, y, _, w = view.clip_from_world @ np.array([*point, 1.0])
    return None if w < 1e-6 else (float(x / w), float(y / w))
