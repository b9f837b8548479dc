"""Orbit: the camera circles a point or an object at a distance."""

import math
from typing import Annotated, Literal

from pydantic import Field

from director.camera.move import Move, example
from director.camera.points import Coordinate, Locate, Point, place
from director.types import CameraState

__all__ = ["MOVE", "Orbit"]


class Orbit(Move):
    """About `centre` on a circle of `radius_m`, `height_m` above it, from `start_deg` to `end_deg`.

    Angles are the world's, seen from above counter-clockwise: 0 stands on the +Z side of the centre and
    90 on the +X side; more than a full turn is allowed. `end_radius_m` and `end_height_m`, where given,
    make it a spiral. It looks at `look_at`, else at the centre.
    """

    model_config = example(
        {
            "kind": "orbit",
            "name": "round",
            "centre": {"object": "woman", "offset": [0, 1.2, 0]},
            "radius_m": 4,
            "height_m": 0.5,
        }
    )

    kind: Literal["orbit"] = "orbit"
    centre: Point
    radius_m: Annotated[float, Field(strict=True, ge=0.05, le=1e6)]
    height_m: Coordinate = 0.0
    start_deg: Annotated[float, Field(strict=True, ge=-36000, le=36000)] = 0.0
    end_deg: Annotated[float, Field(strict=True, ge=-36000, le=36000)] = 360.0
    end_radius_m: Annotated[float, Field(strict=True, ge=0.05, le=1e6)] | None = None
    end_height_m: Coordinate | None = None
    look_at: Point | None = None

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        share = self.progress(time_s)
        end_radius_m = self.radius_m if self.end_radius_m is None else self.end_radius_m
        end_height_m = self.height_m if self.end_height_m is None else self.end_height_m
        angle = math.radians(self.start_deg + share * (self.end_deg - self.start_deg))
        radius = self.radius_m + share * (end_radius_m - self.radius_m)
        height = self.height_m + share * (end_height_m - self.height_m)
        x, y, z = place(self.centre, time_s, locate)
        position = (x + radius * math.sin(angle), y + height, z + radius * math.cos(angle))
        target = (x, y, z) if self.look_at is None else place(self.look_at, time_s, locate)
        return self.aimed(position, target)


MOVE = Orbit
