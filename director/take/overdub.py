"""One channel of the camera recorded again over an earlier pass: the pan of this one, the rest of that."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from director.camera.angles import angles_from_orientation, nearest_turn, orientation_from_angles
from director.errors import TakeError
from director.shots.recorded import RecordedCamera, between_cameras
from director.take.camera_track import camera_of
from director.take.track import TrackLine
from director.types import CameraState

__all__ = ["CHANNELS", "overdub"]

CHANNELS: Final = ("position", "pan", "tilt", "roll", "focus", "focal length", "aperture", "shake")
"""What of a camera can be recorded again by itself."""

_ANGLES = ("pan", "tilt", "roll")


def overdub(
    earlier: Sequence[TrackLine],
    live: Sequence[TrackLine],
    channels: Collection[str],
    blend_s: float = 0.25,
) -> tuple[TrackLine, ...]:
    """The ticks of the earlier pass, with these channels as the live pass had them at the same scene time.

    Before the live pass begins and after it ends the earlier one holds; where it begins or ends within the
    earlier one, it comes in and goes out over `blend_s` of its own seconds. A cut of the live pass is a cut
    of the result. Which generated picture was shown is no longer known where the camera is another.
    Raises TakeError for a pass without ticks and a channel that there is not.
    """
    for name in channels:
        if name not in CHANNELS:
            raise TakeError(
                f"there is no channel {name!r}", subject="track", mend=f"channels: {', '.join(CHANNELS)}"
            )
    if not earlier:
        raise TakeError("has no ticks", subject="earlier track", mend="choose another take")
    camera = camera_of(live)
    first_s = min(line.tick.time_s for line in earlier)
    last_s = max(line.tick.time_s for line in earlier)
    # A pass that covers the earlier one's end is not blended there.
    in_s = blend_s if camera.start_s > first_s else 0.0
    out_s = blend_s if camera.end_s < last_s else 0.0
    made: list[TrackLine] = []
    before_s: float | None = None
    for line in earlier:
        time_s = line.tick.time_s
        share = _share(time_s, camera, in_s, out_s) if channels else 0.0
        if share > 0:
            mixed = _mixed(line.camera, camera.at(time_s), channels, share)
            cuts = before_s is not None and before_s < time_s and camera.cuts_in(before_s, time_s)
            line = replace(
                line,
                camera=replace(mixed, is_cut=line.camera.is_cut or cuts),
                generated_tick=None,
                history=None,
                latency_ms=None,
                picture_sha256=None,
                generated_from=None,
            )
        made.append(line)
        before_s = time_s
    return tuple(made)


def _share(time_s: float, camera: RecordedCamera, in_s: float, out_s: float) -> float:
    """How much of the live pass there is at a time."""
    if not camera.start_s <= time_s <= camera.end_s:
        return 0.0
    share = 1.0
    if in_s > 0:
        share = min(share, (time_s - camera.start_s) / in_s)
    if out_s > 0:
        share = min(share, (camera.end_s - time_s) / out_s)
    return share * share * (3 - 2 * share)


def _mixed(old: CameraState, new: CameraState, channels: Collection[str], share: float) -> CameraState:
    def way(name: str, a: float, b: float) -> float:
        if name not in channels:
            return a
        # Not a + share · (b − a), which at the end may miss b by a rounding.
        return b if share == 1 else a + share * (b - a)

    x, y, z = (way("position", a, b) for a, b in zip(old.position, new.position, strict=True))
    lens = replace(
        old.lens,
        focal_length_mm=way("focal length", old.lens.focal_length_mm, new.lens.focal_length_mm),
        f_number=way("aperture", old.lens.f_number, new.lens.f_number),
        focus_distance_m=way("focus", old.lens.focus_distance_m, new.lens.focus_distance_m),
    )
    orientation = old.orientation
    if any(name in channels for name in _ANGLES):
        before = angles_from_orientation(old.orientation)
        after = angles_from_orientation(new.orientation)
        yaw, pitch, roll = (
            way(name, a, nearest_turn(b, a)) for name, a, b in zip(_ANGLES, before, after, strict=True)
        )
        orientation = orientation_from_angles((yaw, pitch, roll))
    correction = old.correction
    if "shake" in channels:
        correction = between_cameras(old, new, share).correction
    return replace(old, position=(x, y, z), orientation=orientation, lens=lens, correction=correction)
