"""A take at the times of its film's frames: camera, scene and direction between ticks, which vary.

The one place that says what was so at a frame's time. Renders of live takes draw by it, and exports of the
camera tell it: their frames are as many as the film's, at the same moments.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise

from director.shots.recorded import between_cameras
from director.take.resample import SLACK_S, shown_ticks
from director.take.track import TrackLine
from director.types import CameraState, Direction, Tick

__all__ = ["FrameMoment", "at_frame_times", "frame_moments"]


@dataclass(frozen=True, slots=True, eq=False)
class FrameMoment:
    """What was so at the time of frame `index` of the film, `time_s` after the first tick.

    `line` is number `number` of the track, whose picture the film shows there, and `share` 0..1 how far the
    time lies on the way to the line after it. `camera` and `scene_time_s` are those of the time: straight
    from tick to tick, but the camera never across a cut, and the scene's time not where it falls or runs far
    ahead: that is another place in the scene, and there the tick before stands. `is_cut` tells that a tick
    since the frame before was a cut."""

    index: int
    time_s: float
    number: int
    line: TrackLine
    share: float
    camera: CameraState
    scene_time_s: float
    is_cut: bool


def frame_moments(lines: Sequence[TrackLine], fps: Fraction, frames: int) -> list[FrameMoment]:
    """Those of the first `frames` frames of the film of a track. After its last tick that one stands."""
    if not lines:
        return []
    times_s = list(accumulate((max(0.0, line.tick.dt_s) for line in lines[1:]), initial=0.0))
    shown = shown_ticks([line.tick.dt_s for line in lines], fps)[:frames]
    shown += (len(lines) - 1,) * (frames - len(shown))
    made: list[FrameMoment] = []
    for index, (before, number) in enumerate(pairwise((-1, *shown))):
        time_s = float(index / fps)
        is_cut = any(line.camera.is_cut for line in lines[before + 1 : number + 1])
        share = _share(lines, times_s, number, time_s)
        camera, scene_time_s = lines[number].camera, lines[number].tick.time_s
        if share > 0:
            after = lines[number + 1]
            camera = between_cameras(camera, after.camera, share)
            step_s = after.tick.time_s - scene_time_s
            if 0 <= step_s <= 2 * after.tick.dt_s + SLACK_S:
                scene_time_s += share * step_s
        made.append(FrameMoment(index, time_s, number, lines[number], share, camera, scene_time_s, is_cut))
    return made


def at_frame_times(lines: Sequence[TrackLine], fps: Fraction, frames: int) -> list[TrackLine]:
    """A line for each of `frames` frames, as `frame_moments` tells them.

    What was directed is that of the tick before, with a change that is under way as far as it is then. The
    share that the stabiliser keeps is brought from a tick's length to a frame's, so that what it keeps fades
    in the same time.
    """
    made: list[TrackLine] = []
    for moment in frame_moments(lines, fps, frames):
        line, direction = moment.line, moment.line.direction
        if moment.share > 0:
            direction = _eased(direction, lines[moment.number + 1].direction, moment.share)
        kept = _share_of_frame(line.picture.stabiliser, line.tick.dt_s, float(1 / fps))
        made.append(
            replace(
                line,
                tick=Tick(moment.index, moment.scene_time_s, float(1 / fps) if moment.index else 0.0),
                camera=replace(moment.camera, is_cut=moment.is_cut),
                direction=direction,
                picture=replace(line.picture, stabiliser=kept),
                generated_tick=moment.index,
                history=None,
                latency_ms=None,
                picture_sha256=None,
                generated_from=None,
            )
        )
    return made


def _share(lines: Sequence[TrackLine], times_s: Sequence[float], number: int, time_s: float) -> float:
    past_s = time_s - times_s[number]
    if past_s <= SLACK_S or number + 1 == len(lines) or lines[number + 1].camera.is_cut:
        return 0.0
    return min(1.0, past_s / (times_s[number + 1] - times_s[number]))


def _eased(here: Direction, after: Direction, share: float) -> Direction:
    # The same change, further on; one that begins with the next tick has not begun.
    if here.leaving is None or replace(after, arrived=here.arrived, leaving=here.leaving) != here:
        return here
    if after.leaving is None:
        return replace(here, arrived=here.arrived + share * (1.0 - here.arrived))
    if after.leaving != here.leaving or after.arrived < here.arrived:
        return here
    return replace(here, arrived=here.arrived + share * (after.arrived - here.arrived))


def _share_of_frame(share: float, tick_s: float, frame_s: float) -> float:
    if not 0 < share < 1 or tick_s <= 0 or tick_s == frame_s:
        return share
    return float(share ** (frame_s / tick_s))
