"""What every camera move has: a name, a duration, a lens, an ease; and the maths that they share."""

import math
from abc import ABC, abstractmethod
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator, model_validator

from director.camera.lens import DEFAULT_FILM_BACK, FILM_BACKS
from director.camera.points import Locate, ObjectPoint, WorldPoint
from director.math3d import look_rotation
from director.types import CameraState, Lens, Vector

__all__ = ["Ease", "Move", "between", "eased", "example", "refuse_close"]

Ease = Literal["smooth", "linear", "in", "out"]

# Shares of the duration in which the rig gathers and loses speed.
_RAMPS: dict[str, tuple[float, float]] = {
    "smooth": (0.35, 0.35),
    "linear": (0.0, 0.0),
    "in": (0.5, 0.0),
    "out": (0.0, 0.5),
}


class Move(BaseModel, ABC):
    """A camera move, as scene files hold it. Each kind is one file in `camera/moves/`.

    `focus_distance_m` left out pulls focus on what the camera looks at. `near_m` and `far_m`, both or
    neither, are the shot's own range of the control depth instead of the scene's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: str
    name: Annotated[str, Field(min_length=1, max_length=80)]
    duration_s: Annotated[float, Field(strict=True, gt=0, le=3600)] = 6.0
    ease: Ease = "smooth"
    film_back: str = DEFAULT_FILM_BACK
    focal_length_mm: Annotated[float, Field(strict=True, ge=4, le=1200)] = 32.0
    f_number: Annotated[float, Field(strict=True, ge=0.5, le=64)] = 2.8
    focus_distance_m: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    near_m: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None
    far_m: Annotated[float, Field(strict=True, gt=0, le=1e6)] | None = None

    @field_validator("film_back")
    @classmethod
    def _known_film_back(cls, name: str) -> str:
        if name not in FILM_BACKS:
            raise ValueError(f"no film back is called {name!r}; there are {', '.join(FILM_BACKS)}")
        return name

    @model_validator(mode="after")
    def _whole_range(self) -> Self:
        if (self.near_m is None) != (self.far_m is None):
            raise ValueError("near_m and far_m belong together; give both or neither")
        if self.near_m is not None and self.far_m is not None and self.near_m >= self.far_m:
            raise ValueError(f"near_m {self.near_m:g} is not nearer than far_m {self.far_m:g}")
        return self

    @abstractmethod
    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        """The camera `time_s` after the move's start: a pure function, continuous where `locate` is.

        Before its start and after its end the rig stands, but goes on with objects that it is tied to
        or looks at.
        """

    def progress(self, time_s: float) -> float:
        """How much of its way the rig has gone, 0..1, with the move's ease."""
        return eased(time_s / self.duration_s, self.ease)

    @property
    def object_names(self) -> frozenset[str]:
        """The objects that the move needs to have located."""
        points = (getattr(self, name) for name in type(self).model_fields)
        return frozenset(point.object for point in points if isinstance(point, ObjectPoint))

    def aimed(self, position: Vector, target: Vector) -> CameraState:
        """A camera of this move's lens at `position`, upright, that looks at `target`."""
        offset = (target[0] - position[0], target[1] - position[1], target[2] - position[2])
        distance = math.hypot(*offset)
        # An object may walk into the camera: there is no direction to it then, and the camera looks along −Z.
        orientation = look_rotation(offset if distance > 1e-6 else (0.0, 0.0, -1.0))
        focus = distance if self.focus_distance_m is None else self.focus_distance_m
        width, height = FILM_BACKS[self.film_back]
        lens = Lens(width, height, self.focal_length_mm, self.f_number, max(focus, 0.01))
        depths = None if self.near_m is None or self.far_m is None else (self.near_m, self.far_m)
        return CameraState(position, orientation, lens, depth_range_m=depths)


def eased(share: float, ease: Ease) -> float:
    """0..1 of the way at 0..1 of the time; clamped outside.

    The speed rises along the smoothstep 3u² − 2u³ during the first ramp, is constant, and falls alike
    during the last; its integral u³ − u⁴/2 is the way. Speed and acceleration are continuous.
    """
    first, last = _RAMPS[ease]
    share = min(1.0, max(0.0, share))
    way = 1 - (first + last) / 2
    if share < first:
        u = share / first
        return first * (u**3 - u**4 / 2) / way
    if share > 1 - last:
        u = (1 - share) / last
        return 1 - last * (u**3 - u**4 / 2) / way
    return (share - first / 2) / way


def example(raw: dict[str, JsonValue]) -> ConfigDict:
    """The configuration of a kind of move: an example for the exported JSON Schema, which also is what
    the contract tests run."""
    return ConfigDict(json_schema_extra={"examples": [raw]})


def between(a: Vector, b: Vector, share: float) -> Vector:
    """The point `share` of the way from a to b."""
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))


def refuse_close(field: str, target: WorldPoint | ObjectPoint, *way: WorldPoint | ObjectPoint) -> None:
    """Raises ValueError if the target lies on the straight way of the camera (start, end).

    Only points fixed in the world can be checked; with an object the scene decides.
    """
    points = [point for point in way if not isinstance(point, ObjectPoint)]
    if isinstance(target, ObjectPoint) or len(points) != 2:
        return
    start, end = points
    length = math.dist(start, end)
    along = sum((t - s) * (e - s) for s, e, t in zip(start, end, target, strict=True))
    share = min(1.0, max(0.0, along / length**2)) if length > 0 else 0.0
    if math.dist(between(start, end, share), target) < 0.05:
        raise ValueError(f"{field} lies on the camera's way; move it at least 5 cm off")
