"""A take as it lies on disk: what it was made of, and its film picture by picture."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from director.errors import RecordingError, TakeError
from director.scene.document import Scene
from director.scene.load import parse_scene
from director.take import ffmpeg
from director.take.distrust import check_document, check_inside, film_rate, one_line, picture_size
from director.take.film_head import FilmHead, film_head
from director.take.folder import read_json
from director.take.resample import shown_ticks
from director.take.sound_track import check_length, read_sound_track
from director.take.track import PictureSettings, TrackLine

__all__ = ["StoredTake", "check_size", "open_take"]

_MEND = "give the folder of a take, as shoot and the viewport make them"
_RIM_PX = 64
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    ArithmeticError,
    RecursionError,
)


@dataclass(frozen=True, slots=True, eq=False)
class StoredTake:
    """A take that was read. `shown` tells for each frame of the film the line of the track whose picture it
    shows; `generator` is what take.json says of the generator, None if that is not known; `slate` and
    `result` are what it says of the take and of how it ended."""

    folder: Path
    scene: Scene
    lines: tuple[TrackLine, ...]
    shown: tuple[int, ...]
    width: int
    height: int
    fps: Fraction
    settings: Mapping[str, Any]
    generator: Mapping[str, Any] | None
    slate: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)

    @property
    def film_input(self) -> list[str]:
        """ffmpeg's arguments for reading its film, every frame of which has the size of the take."""
        # Coded pictures have a rim.
        most = (self.width + _RIM_PX) * (self.height + _RIM_PX)
        return [*ffmpeg.film_input(self.folder / "video.mp4", ["-max_pixels", str(most)]), "-map", "0:v:0"]

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """uint8[h, w, 3], sRGB, of each frame of the film, in order. Raises RecordingError."""
        film = self.folder / "video.mp4"
        check_size(film_head(film), film, self.width, self.height)
        command = [
            *(ffmpeg.command(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *(*self.film_input, "-fps_mode", "passthrough"),
            *("-vf", ffmpeg.FROM_BT709, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"),
        ]
        size = self.width * self.height * 3
        count = 0
        # A damaged film makes ffmpeg complain at length: a pipe that nobody reads would block it.
        with tempfile.TemporaryFile() as complaints:
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints) as reader:
                assert reader.stdout is not None
                try:
                    while len(raw := reader.stdout.read(size)) == size:
                        count += 1
                        yield np.frombuffer(raw, np.uint8).reshape(self.height, self.width, 3)
                    status = reader.wait()
                finally:
                    reader.kill()
            complaints.seek(0)
            told = ffmpeg.complaint(complaints.read())
        if not count or raw:
            raise RecordingError(
                f"cannot be read: {told or ffmpeg.ending(status)}",
                subject=str(film),
                mend="shoot the take again",
            )


def open_take(folder: Path) -> StoredTake:
    """Read a take, with distrust: its folder may come from anywhere. The film itself is not read.

    Raises TakeError where the folder holds none, is broken or leads out of itself, SceneError for a scene in
    it that this version cannot read.
    """
    document = folder / "take.json"
    try:
        if not document.exists():
            raise TakeError("is no take: it has no take.json", subject=str(folder), mend=_MEND)
    except (OSError, ValueError) as error:
        raise TakeError(f"cannot be read: {error}", subject=str(folder), mend=_MEND) from error
    check_inside(folder)
    try:
        content: dict[str, Any] = read_json(document)
        check_document(folder, content)
        settings = content["settings"]
        width, height = picture_size(settings["size"])
        fps = film_rate(settings["fps"])
        scene_text = json.dumps(content["scene"])
        generator = content.get("generator")
        slate, result = dict(content.get("slate") or {}), dict(content.get("result") or {})
        unsaid = _picture_settings(settings)
    except _UNREADABLE as error:
        told = ascii(error) if isinstance(error, LookupError | OSError) else one_line(str(error), 160)
        raise TakeError(f"cannot be read: {told}", subject=str(document), mend=_MEND) from error
    if not (folder / "video.mp4").is_file():
        raise TakeError("has no video.mp4", subject=str(folder), mend="shoot the take again")
    track = folder / "track.jsonl"
    lines = read_sound_track(track, unsaid, max(width, height))
    if not lines:
        raise TakeError("has no ticks", subject=str(track), mend="shoot the take again")
    check_length(track, lines, fps)
    try:
        scene = parse_scene(scene_text, file=str(document), folder=folder)
    except RecursionError as error:
        raise TakeError("its scene is nested too deeply", subject=str(document), mend=_MEND) from error
    shown = shown_ticks([line.tick.dt_s for line in lines], fps)
    return StoredTake(
        folder, scene, tuple(lines), shown, width, height, fps, settings, generator, slate, result
    )


def check_size(head: FilmHead, film: Path, width: int, height: int) -> None:
    """Raises RecordingError where a film has pictures of another size than its take says: they would be cut
    up wrongly."""
    if (head.width, head.height) != (width, height):
        raise RecordingError(
            f"its pictures are {head.width}x{head.height}, and take.json says {width}x{height}",
            subject=str(film),
            mend="shoot the take again",
        )


def _picture_settings(settings: Mapping[str, Any]) -> PictureSettings:
    """What take.json says of all of a take's pictures."""
    lens = settings.get("lens") or {}
    rate, size = settings.get("picture_rate"), settings.get("map_size")
    return PictureSettings(
        stabiliser=float(settings.get("stabiliser") or 0.0),
        depth_of_field=bool(lens.get("depth_of_field")),
        shutter_angle_deg=float(lens.get("shutter_angle_deg") or 0.0),
        quality=settings.get("quality"),
        picture_rate=float(rate) if rate else None,
        generated_size=picture_size(size) if size else None,
    )
