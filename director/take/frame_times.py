"""A live take at the times of its film's frames: camera and direction between ticks, which vary."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate

from director.shots.recorded import between_cameras
from director.take.track import TrackLine
from director.types import Direction, Tick

__all__ = ["at_frame_times"]

# As the film's own frames: below the length of any tick, above the rounding of adding an hour of them up.
_SLACK_S = 1e-5


def at_frame_times(lines: Sequence[TrackLine], fps: Fraction, frames: int) -> list[TrackLine]:
    """A line for each of `frames` frames: frame k is at k/fps after the first tick, as in the film.

    Scene time and camera go straight from tick to tick, but never across a cut, nor where the scene was taken
    back to an earlier time: there the tick before stands. What was directed is that of the tick before, with
    a change that is under way as far as it is then. A frame is a cut where a tick since the frame before was
    one. The share that the stabiliser keeps is brought from a tick's length to a frame's, so that what it
    keeps fades in the same time.
    """
    times_s = list(accumulate((max(0.0, line.tick.dt_s) for line in lines[1:]), initial=0.0))
    made: list[TrackLine] = []
    before = -1
    for frame in range(frames):
        time_s = float(frame / fps)
        i = max(0, bisect_right(times_s, time_s + _SLACK_S) - 1)
        line = _between(lines, times_s, i, time_s)
        is_cut = any(one.camera.is_cut for one in lines[before + 1 : i + 1])
        tick = Tick(frame, line.tick.time_s, float(1 / fps) if frame else 0.0)
        kept = _share_of_frame(line.picture.stabiliser, lines[i].tick.dt_s, float(1 / fps))
        made.append(
            replace(
                line,
                tick=tick,
                camera=replace(line.camera, is_cut=is_cut),
                picture=replace(line.picture, stabiliser=kept),
                generated_tick=frame,
                history=None,
                latency_ms=None,
                picture_sha256=None,
                generated_from=None,
            )
        )
        before = i
    return made


def _between(lines: Sequence[TrackLine], times_s: Sequence[float], i: int, time_s: float) -> TrackLine:
    here = lines[i]
    if i + 1 >= len(lines):
        return here
    after = lines[i + 1]
    share = (time_s - times_s[i]) / max(times_s[i + 1] - times_s[i], 1e-12)
    if share <= 0 or after.camera.is_cut or after.tick.time_s < here.tick.time_s:
        return here
    share = min(1.0, share)
    scene_s = here.tick.time_s + share * (after.tick.time_s - here.tick.time_s)
    return replace(
        here,
        tick=replace(here.tick, time_s=scene_s),
        camera=between_cameras(here.camera, after.camera, share),
        direction=_eased(here.direction, after.direction, share),
    )


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
