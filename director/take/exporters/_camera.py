"""The camera of a take at the times of its film's frames.

Ticks vary and frames do not: frame k is at k / fps of the film's clock, and between two ticks the camera goes
straight, but never across a cut. Shake is folded in: other programs know one camera, not two.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from director.camera.angles import angles_from_orientation, unwrapped
from director.camera.lens import vertical_aperture_mm, vertical_fov
from director.math3d import compose, quaternion_multiply, rotate, vector
from director.shots.recorded import between_cameras
from director.take.exporters._source import Source
from director.take.track import TrackLine
from director.types import NO_CORRECTION, CameraState, Lens

__all__ = ["FrameCamera", "angles_of", "frame_cameras", "vertical_aperture_of", "vertical_fov_of"]

# As the resampler of films has it: a tick this close to a frame's time is at it.
_SLACK_S = 1e-5


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
    lines = source.take.lines
    times = _film_times(lines)
    found: list[FrameCamera] = []
    before = 0
    for index in range(source.frames):
        time_s = float(index / source.fps)
        i = max(0, bisect_right(times, time_s + _SLACK_S) - 1)
        is_cut = any(line.camera.is_cut for line in lines[before + 1 : i + 1])
        before = i
        camera, scene_time_s = _between(lines, times, i, time_s)
        found.append(FrameCamera(index, time_s, scene_time_s, _folded(camera), is_cut, lines[i]))
    return tuple(found)


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


def _film_times(lines: Sequence[TrackLine]) -> list[float]:
    """Seconds on the film's clock of each line, never falling."""
    times = [0.0]
    for line in lines[1:]:
        times.append(times[-1] + max(0.0, line.tick.dt_s))
    return times


def _between(
    lines: Sequence[TrackLine], times: Sequence[float], i: int, time_s: float
) -> tuple[CameraState, float]:
    here = lines[i]
    past_s = time_s - times[i]
    if past_s <= _SLACK_S or i + 1 == len(lines) or lines[i + 1].camera.is_cut:
        return here.camera, here.tick.time_s
    after = lines[i + 1]
    share = past_s / (times[i + 1] - times[i])
    step_s = after.tick.time_s - here.tick.time_s
    # Scene time that falls, or runs far ahead of the film's, is another place in it: nothing lies between.
    continues = 0 <= step_s <= 2 * after.tick.dt_s + _SLACK_S
    return between_cameras(here.camera, after.camera, share), here.tick.time_s + (
        share * step_s if continues else 0
    )


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
