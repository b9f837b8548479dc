"""Follow: the camera travels with an object, behind or beside it."""

import math
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from director.camera.move import Move, example
from director.camera.points import Locate, WorldPoint, in_heading_frame
from director.types import CameraState, Vector

__all__ = ["MOVE", "Follow"]

# Enough that the steps between samples are far below what the eye sees, few enough for every tick.
_SAMPLES = 17


class Follow(Move):
    """Keeps `offset` metres from the base of `object`, along the object's own axes as its heading turns
    them (y up; a proxy faces +z, so z = −4 is four metres behind), and looks at `look_offset` from it.

    Position and heading are averaged over `smoothing_s` before and as much after the moment, like an
    operator who knows the walk: corners are rounded, starts and stops soft, and in steady travel the
    framing is exactly as given. That is a function of time alone, so any moment can be asked for.
    With `turn_with_object` off, the offset keeps to the world's axes.
    """

    model_config = example(
        {"kind": "follow", "name": "behind", "object": "woman", "offset": [0.4, 1.7, -3.5]}
    )

    kind: Literal["follow"] = "follow"
    object: Annotated[str, Field(min_length=1)]
    offset: WorldPoint = (0.0, 1.8, -4.0)
    look_offset: WorldPoint = (0.0, 1.3, 0.0)
    smoothing_s: Annotated[float, Field(strict=True, ge=0, le=10)] = 0.5
    turn_with_object: bool = True

    @property
    def object_names(self) -> frozenset[str]:
        """The object that is followed."""
        return frozenset((self.object,))

    def camera_at(self, time_s: float, locate: Locate) -> CameraState:
        base, heading = self._smoothed(time_s, locate)
        if not self.turn_with_object:
            heading = 0.0
        position = in_heading_frame(base, heading, self.offset)
        return self.aimed(position, in_heading_frame(base, heading, self.look_offset))

    def _smoothed(self, time_s: float, locate: Locate) -> tuple[Vector, float]:
        """Position and heading, averaged with a raised cosine (Hann) window about the moment."""
        if self.smoothing_s == 0:
            return locate(self.object, time_s)
        steps = (np.arange(_SAMPLES) + 1) / (_SAMPLES + 1) * 2 - 1
        weights = (1 + np.cos(math.pi * steps)) / (_SAMPLES + 1)
        samples = [locate(self.object, time_s + self.smoothing_s * float(step)) for step in steps]
        x, y, z = weights @ np.array([position for position, _ in samples])
        heading = float(weights @ _unwrapped([heading for _, heading in samples]))
        return (float(x), float(y), float(z)), heading


def _unwrapped(angles: list[float]) -> list[float]:
    """The same angles without jumps of a full turn. An about-turn always goes the same way round:
    else rounding would choose, differently from tick to tick."""
    unwrapped = angles[:1]
    for before, angle in pairwise(angles):
        step = (angle - before + math.pi - 1e-6) % math.tau - math.pi + 1e-6
        unwrapped.append(unwrapped[-1] + step)
    return unwrapped


MOVE = Follow
