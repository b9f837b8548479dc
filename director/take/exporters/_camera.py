"""The camera of a take at the times of its film's frames.

What was so at a frame's time is `frame_moments`' to say. Shake is folded in: other programs know one camera,
not two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from director.camera.angles import angles_from_orientation, unwrapped
from director.camera.lens import vertical_aperture_mm, vertical_fov
from director.math3d import compose, quaternion_multiply, rotate, vector
from director.take.exporters._source import Source
from director.take.frame_times import frame_moments
from director.take.track import TrackLine
from director.types import NO_CORRECTION, CameraState, Lens

__all__ = ["FrameCamera", "angles_of", "frame_cameras", "vertical_aperture_of", "vertical_fov_of"]


@dataclass(frozen=True, slots=True, eq=False)
class FrameCamera:
    """The camera of one frame: `index` from 0, `time_s` on the film, `scene_time_s` in the scene. `camera`
    has its shake folded in; `is_cut` tells that it does not continue the frame before. `line` is the newest
    line of the track at that time."""

    index: int
    time_s: float
    scene_time_s: float
    camera: CameraState
    is_cut: bool
    line: TrackLine

    @property
    def as_shown(self) -> "FrameCamera":
        """The camera and scene of the picture that the film shows there: those of its line."""
        return replace(self, camera=_folded(self.line.camera), scene_time_s=self.line.tick.time_s)

    @property
    def world_from_camera(self) -> NDArray[np.float64]:
        """float64[4, 4]."""
        return compose(self.camera.position, self.camera.orientation)


def frame_cameras(source: Source) -> tuple[FrameCamera, ...]:
    """One for each frame of the film."""
    return tuple(
        FrameCamera(
            moment.index,
            moment.time_s,
            moment.scene_time_s,
            _folded(moment.camera),
            # Before the first there is nothing to be continued.
            moment.is_cut and moment.index > 0,
            moment.line,
        )
        for moment in frame_moments(source.take.lines, source.fps, source.frames)
    )


def angles_of(cameras: Sequence[FrameCamera]) -> list[tuple[float, float, float]]:
    """Yaw, pitch and roll of each in degrees, R = Ry(yaw) · Rx(pitch) · Rz(roll), each nearest to the one
    before: no jumps of a whole turn."""
    made: list[tuple[float, float, float]] = []
    for frame in cameras:
        angles = angles_from_orientation(frame.camera.orientation)
        made.append(unwrapped(angles, made[-1]) if made else angles)
    return made


def vertical_aperture_of(lens: Lens, source: Source) -> float:
    """Millimetres of film back that the picture's height takes: width ÷ aspect, for the fit is horizontal."""
    return vertical_aperture_mm(lens, source.aspect)


def vertical_fov_of(lens: Lens, source: Source) -> float:
    """Radians."""
    return vertical_fov(lens, source.aspect)


def _folded(camera: CameraState) -> CameraState:
    if camera.correction == NO_CORRECTION:
        return camera
    moved = np.asarray(camera.position) + rotate(camera.orientation, camera.correction.position)
    return replace(
        camera,
        position=vector(moved),
        orientation=quaternion_multiply(camera.orientation, camera.correction.orientation),
        correction=NO_CORRECTION,
    )
