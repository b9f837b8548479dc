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
from director.take.folder import read_json
from director.take.resample import Resampler
from director.take.track import PictureSettings, TrackLine, read_track

__all__ = ["StoredTake", "open_take"]

_MEND = "give the folder of a take, as shoot and the viewport make them"


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

    def pictures(self) -> Iterator[NDArray[np.uint8]]:
        """uint8[h, w, 3], sRGB, of each frame of the film, in order. Raises RecordingError."""
        command = [
            *(ffmpeg.command(), "-hide_banner", "-loglevel", "error", "-nostdin"),
            *("-i", str(self.folder / "video.mp4"), "-f", "rawvideo", "-pix_fmt", "rgb24"),
            *("-vf", ffmpeg.FROM_BT709, "-"),
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
            words = complaints.read().decode(errors="replace").strip().splitlines()
        if not count or raw:
            raise RecordingError(
                f"cannot be read: {words[-1] if words else f'ffmpeg ended with status {status}'}",
                subject=str(self.folder / "video.mp4"),
                mend="shoot the take again",
            )


def open_take(folder: Path) -> StoredTake:
    """Read a take. Raises TakeError where the folder holds none, SceneError for a scene in it that this
    version cannot read."""
    document = folder / "take.json"
    try:
        content: dict[str, Any] = read_json(document)
        settings = content["settings"]
        width, height = (int(side) for side in settings["size"])
        fps = Fraction(settings["fps"])
        scene_text = json.dumps(content["scene"])
        generator = content["generator"]
        slate, result = dict(content.get("slate") or {}), dict(content.get("result") or {})
        unsaid = _picture_settings(settings)
    except FileNotFoundError as error:
        raise TakeError("is no take: it has no take.json", subject=str(folder), mend=_MEND) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError) as error:
        raise TakeError(f"cannot be read: {error!r:.160}", subject=str(document), mend=_MEND) from error
    if not (folder / "video.mp4").is_file():
        raise TakeError("has no video.mp4", subject=str(folder), mend="shoot the take again")
    lines = read_track(folder / "track.jsonl", unsaid)
    if not lines:
        raise TakeError("has no ticks", subject=str(folder / "track.jsonl"), mend="shoot the take again")
    scene = parse_scene(scene_text, file=str(document), folder=folder)
    shown = _shown(lines, fps)
    return StoredTake(
        folder, scene, tuple(lines), shown, width, height, fps, settings, generator, slate, result
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
        generated_size=(int(size[0]), int(size[1])) if size else None,
    )


def _shown(lines: list[TrackLine], fps: Fraction) -> tuple[int, ...]:
    resampler = Resampler(fps)
    shown: list[int] = []
    for index, line in enumerate(lines):
        shown += [index - 1] * resampler.tick(line.tick.dt_s)
    return (*shown, *[len(lines) - 1] * resampler.end())
