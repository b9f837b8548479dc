"""A camera that was recorded, tick by tick, asked for at any time."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self

from director.math3d import quaternion_slerp
from director.types import CameraState, Correction, Lens, Vector

__all__ = ["RecordedCamera", "between_cameras"]


@dataclass(frozen=True, slots=True, eq=False)
class RecordedCamera:
    """Cameras at rising times, at least one. Between two it goes straight and turns by the shorter arc, but
    never across a cut; before the first and after the last it stands."""

    times_s: tuple[float, ...]
    cameras: tuple[CameraState, ...]

    @classmethod
    def from_samples(cls, samples: Iterable[tuple[float, CameraState]]) -> Self:
        """Of samples (scene time, camera) in the order in which they were recorded.

        Where the scene was paused the last camera at that time counts; where it was played again from
        earlier on, the newer pass does, from there to the end. Raises ValueError where there is none.
        """
        kept: list[tuple[float, CameraState]] = []
        for time_s, camera in samples:
            while kept and kept[-1][0] >= time_s:
                # A cut at this very time stays one, whatever was recorded over it.
                if kept[-1][0] == time_s and kept[-1][1].is_cut:
                    camera = replace(camera, is_cut=True)
                kept.pop()
            kept.append((time_s, camera))
        if not kept:
            raise ValueError("a recorded camera has at least one tick")
        return cls(tuple(time for time, _ in kept), tuple(camera for _, camera in kept))

    @property
    def start_s(self) -> float:
        """Of the first camera."""
        return self.times_s[0]

    @property
    def end_s(self) -> float:
        """Of the last camera."""
        return self.times_s[-1]

    def at(self, time_s: float) -> CameraState:
        """The camera at a time; `is_cut` is never set, for a time does not say what came before it."""
        i = max(0, bisect_right(self.times_s, time_s) - 1)
        here = replace(self.cameras[i], is_cut=False)
        if i == len(self.times_s) - 1 or time_s <= self.times_s[i] or self.cameras[i + 1].is_cut:
            return here
        share = (time_s - self.times_s[i]) / (self.times_s[i + 1] - self.times_s[i])
        return between_cameras(here, self.cameras[i + 1], share)

    def cuts_in(self, after_s: float, until_s: float) -> bool:
        """Whether a cut lies after one time and not after another."""
        first, last = bisect_right(self.times_s, after_s), bisect_right(self.times_s, until_s)
        return any(camera.is_cut for camera in self.cameras[max(1, first) : last])


def between_cameras(a: CameraState, b: CameraState, share: float) -> CameraState:
    """The camera `share` of the way from a to b, in everything that is a number; the rest is a's."""
    return replace(
        a,
        position=_mixed(a.position, b.position, share),
        orientation=quaternion_slerp(a.orientation, b.orientation, share),
        lens=Lens(
            *(
                one + share * (two - one)
                for one, two in (
                    (a.lens.film_back_width_mm, b.lens.film_back_width_mm),
                    (a.lens.film_back_height_mm, b.lens.film_back_height_mm),
                    (a.lens.focal_length_mm, b.lens.focal_length_mm),
                    (a.lens.f_number, b.lens.f_number),
                    (a.lens.focus_distance_m, b.lens.focus_distance_m),
                )
            )
        ),
        correction=Correction(
            _mixed(a.correction.position, b.correction.position, share),
            quaternion_slerp(a.correction.orientation, b.correction.orientation, share),
        ),
    )


def _mixed(a: Vector, b: Vector, share: float) -> Vector:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))
