"""What is asked for, and what comes of it."""

from dataclasses import dataclass
from typing import Literal

from director.camera.setups.fit import half_tangents
from director.types import CameraState, Lens, Quaternion, Vector

__all__ = ["Framing", "Kind", "Picture", "Shot", "made"]

Kind = Literal["single", "group", "over shoulder", "insert", "point of view"]

# Nearer than this no lens of the kit focuses.
_LEAST_FOCUS_M = 0.15


@dataclass(frozen=True, slots=True)
class Shot:
    """A shot in words' terms. `size`, `angle` and `side` are names of `SIZES`, `ANGLES` and `SIDES`.

    Of an "over shoulder" the first subject is the near one, whose shoulder it is; of a "point of view" the
    first is who looks. What is None is the solver's to choose. `dutch_deg` cants the camera, positive
    counter-clockwise, so that the picture leans clockwise. `shoulder`: "left" or "right" of the near one.
    """

    kind: Kind
    subjects: tuple[str, ...]
    size: str | None = None
    angle: str | None = None
    side: str | None = None
    focal_length_mm: float | None = None
    dutch_deg: float = 0.0
    shoulder: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture to be filled: its aspect (width / height), the film back and the aperture."""

    aspect: float = 16 / 9
    film_back_width_mm: float = 24.89
    film_back_height_mm: float = 14.0
    f_number: float = 2.8

    def lens(self, focal_length_mm: float) -> Lens:
        """A lens on this film back, its focus still to be pulled."""
        return Lens(self.film_back_width_mm, self.film_back_height_mm, focal_length_mm, self.f_number)

    def tangents(self, focal_length_mm: float) -> tuple[float, float]:
        """Tangents of half the angles of view."""
        return half_tangents(self.lens(focal_length_mm), self.aspect)


@dataclass(frozen=True, slots=True)
class Framing:
    """A solved shot: the camera, the world point that is in focus, what brought the camera to its distance
    ("height", "width" or "distance"; "given" where it was not free), and what the director should know."""

    camera: CameraState
    focus: Vector
    bound_by: str = "given"
    notes: tuple[str, ...] = ()


def made(
    position: Vector,
    orientation: Quaternion,
    lens: Lens,
    focus: Vector,
    depth_m: float,
    bound_by: str = "given",
    notes: tuple[str, ...] = (),
) -> Framing:
    """A framing whose lens is focused `depth_m` before the camera."""
    focused = Lens(
        lens.film_back_width_mm,
        lens.film_back_height_mm,
        lens.focal_length_mm,
        lens.f_number,
        max(depth_m, _LEAST_FOCUS_M, lens.focal_length_mm * 0.0011),
    )
    return Framing(CameraState(position, orientation, focused), focus, bound_by, notes)
