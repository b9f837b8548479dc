"""Whether the lines of a track are such as a recording writes: read with distrust, for no number in them may
make a render endless, a picture enormous or a camera stand nowhere."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from director.errors import TakeError
from director.take.distrust import is_number
from director.take.track import PictureSettings, TrackLine, read_track
from director.types import CameraState, Direction, Tick

__all__ = ["check_length", "read_sound_track"]

# A day at 60 frames a second.
_MOST_FRAMES = 24 * 3600 * 60
_LONGEST_S = 24 * 3600.0
# A machine that slept while the camera rolled.
_LONGEST_TICK_S = 3600.0
# Beyond this a float no longer tells millimetres.
_FARTHEST_M = 1e9
_LAST_TICK = 2**40
_LARGEST_PX = 2048
_MOST_LEAVING = 8
_LENS: Mapping[str, tuple[float, float]] = {
    "film_back_width_mm": (0.01, 1e5),
    "film_back_height_mm": (0.01, 1e5),
    "focal_length_mm": (0.01, 1e5),
    "f_number": (0.01, 1e4),
    "focus_distance_m": (1e-6, _FARTHEST_M),
}
_MEND = "shoot the take again, or copy it whole"


def read_sound_track(
    path: Path, unsaid: PictureSettings | None = None, largest_px: int = 0
) -> list[TrackLine]:
    """The lines of a track, as read_track gives them, each of them sound; generated pictures may be as large
    as `largest_px`, or as any generator's. Raises TakeError, which names the first line that is not."""
    lines = read_track(path, unsaid)
    for number, line in enumerate(lines, start=1):
        wrong = _wrong(line, max(largest_px, _LARGEST_PX))
        if wrong:
            raise TakeError(
                f"a number in it is out of range: {wrong}", subject=f"{path}:{number}", mend=_MEND
            )
    return lines


def check_length(path: Path, lines: Sequence[TrackLine], fps: Fraction) -> None:
    """Raises TakeError for a track that would make a film without an end."""
    length_s = sum(line.tick.dt_s for line in lines[1:])
    if length_s > _LONGEST_S or length_s * fps > _MOST_FRAMES:
        raise TakeError(f"it lasts {length_s:.6g} s", subject=str(path), mend=_MEND)


def _wrong(line: TrackLine, most_px: int) -> str:
    """What of a line is not sound, "" where all is."""
    source = line.generated_from
    ticks = (line.generated_tick, line.history)
    kinds = {
        "time": _is_sound_tick(line.tick) and (source is None or _is_sound_tick(source.tick)),
        "camera": _is_sound_camera(line.camera) and (source is None or _is_sound_camera(source.camera)),
        "direction": _is_sound_direction(line.direction)
        and (source is None or _is_sound_direction(source.direction)),
        "picture": _is_sound_picture(line.picture, most_px),
        "generated tick": all(tick is None or _is_whole(tick, _LAST_TICK) for tick in ticks),
        "latency": line.latency_ms is None or _is_within(line.latency_ms, -1e9, 1e9),
        "hash": line.picture_sha256 is None or isinstance(line.picture_sha256, str),
    }
    return next((kind for kind, is_sound in kinds.items() if not is_sound), "")


def _is_within(value: Any, least: float, most: float) -> bool:
    return is_number(value) and least <= value <= most


def _is_whole(value: Any, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _is_sound_tick(tick: Tick) -> bool:
    return (
        _is_whole(tick.index, _LAST_TICK)
        and _is_within(tick.time_s, -_LONGEST_S, _LONGEST_S)
        and _is_within(tick.dt_s, 0, _LONGEST_TICK_S)
    )


def _is_sound_camera(camera: CameraState) -> bool:
    places = (*camera.position, *camera.correction.position)
    turns = (camera.orientation, camera.correction.orientation)
    near_far: Any = camera.depth_range_m
    return (
        all(_is_within(value, -_FARTHEST_M, _FARTHEST_M) for value in places)
        and all(_is_turn(turn) for turn in turns)
        and all(_is_within(getattr(camera.lens, name), *ends) for name, ends in _LENS.items())
        and (
            near_far is None
            or (all(_is_within(value, 1e-6, 1e12) for value in near_far) and near_far[0] < near_far[1])
        )
    )


def _is_turn(turn: Sequence[Any]) -> bool:
    return all(_is_within(value, -2, 2) for value in turn) and abs(math.hypot(*turn) - 1) < 1e-3


def _is_sound_direction(direction: Direction, depth: int = 0) -> bool:
    # What was read as a direction may hold anything.
    told: Any = direction
    return (
        isinstance(told.prompt, str)
        and all(isinstance(text, str) for text in told.object_prompts.values())
        and _is_whole(told.seed, 2**64 - 1)
        and all(_is_within(share, -1e6, 1e6) for share in told.strengths.values())
        and all(_is_whole(proxy, 2**16) for proxy in told.locks)
        and all(isinstance(name, str) and "\0" not in name for name in told.references)
        and isinstance(told.look, Mapping)
        and all(isinstance(key, str) and _is_within(one, -1e6, 1e6) for key, one in told.look.items())
        and _is_within(told.arrived, 0, 1)
        and (told.leaving is None or (depth < _MOST_LEAVING and _is_sound_direction(told.leaving, depth + 1)))
    )


def _is_sound_picture(picture: PictureSettings, most_px: int) -> bool:
    told: Any = picture
    return (
        _is_within(told.stabiliser, 0, 1)
        and _is_within(told.shutter_angle_deg, 0, 360)
        and (told.picture_rate is None or _is_within(told.picture_rate, 0, 1000))
        and (told.quality is None or isinstance(told.quality, str))
        and all(_is_whole(side, most_px) and side > 0 for side in told.generated_size or ())
    )
