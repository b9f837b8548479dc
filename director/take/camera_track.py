"""The camera of a take as shots follow it: its track, over scene time."""

from collections.abc import Sequence
from pathlib import Path

from director.errors import TakeError
from director.scene.shots import RecordedTrack, Shot
from director.shots.recorded import RecordedCamera
from director.take.sound_track import read_sound_track
from director.take.track import TrackLine

__all__ = ["camera_for", "camera_of"]


def camera_of(lines: Sequence[TrackLine]) -> RecordedCamera:
    """The camera of a track over scene time: the newest pass over a time counts. Raises TakeError."""
    if not lines:
        raise TakeError("has no ticks", subject="track", mend="record the pass again")
    return RecordedCamera.from_samples((line.tick.time_s, line.camera) for line in lines)


def camera_for(shot: Shot, takes: Path) -> RecordedCamera | None:
    """The recorded camera that a shot follows, from the folder of the takes; None where it follows none.
    Raises TakeError where the take is not there or has no track."""
    if not isinstance(shot.camera, RecordedTrack):
        return None
    return camera_of(read_sound_track(takes / shot.camera.take / "track.jsonl"))
