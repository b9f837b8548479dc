"""A take made ready to be exported: read with distrust, for its folder may come from anywhere.

Nothing in it may lead out of the folder, neither by a link nor by a path in a file, and no number in it may
make an export endless.
"""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from director.errors import RecordingError, TakeError
from director.take import ffmpeg
from director.take.folder import read_json
from director.take.library import SLATE_FILE, TakeEntry, entry_of
from director.take.stored import StoredTake, open_take
from director.take.track import TrackLine, read_track
from director.types import CameraState

__all__ = ["Source", "check_film", "one_line", "open_source"]

_MEND = "give the folder of a take, as shoot and the viewport make them"
_FILES = ("take.json", SLATE_FILE, "track.jsonl", "video.mp4", "thumbnail.png")
_FASTEST, _SLOWEST = 1000, Fraction(1, 100)
_LARGEST_PX = 16384
_LONGEST_S = 24 * 3600.0
# A day at 60 frames a second.
_MOST_FRAMES = 24 * 3600 * 60
# Beyond this a float no longer tells millimetres.
_FARTHEST_M = 1e9


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A take, what its slate says, and how many frames its film has."""

    take: StoredTake
    entry: TakeEntry
    frames: int

    @property
    def name(self) -> str:
        """What the take is called: scene, shot and number."""
        return f"{self.entry.scene}_{self.entry.shot}_T{self.entry.number:03d}"

    @property
    def fps(self) -> Fraction:
        """Of its film."""
        return self.take.fps

    @property
    def aspect(self) -> float:
        """Width / height of its pictures."""
        return self.take.width / self.take.height

    @property
    def video(self) -> Path:
        """Its film."""
        # Absolute: ffmpeg would take the beginning of "a:b/video.mp4" for a protocol.
        return self.take.folder.absolute() / "video.mp4"

    @property
    def seed(self) -> int:
        """The seed that it began with."""
        return self.take.lines[0].direction.seed

    @property
    def generator(self) -> str:
        """The name of what drew its pictures, "" where it is not known."""
        named = self.take.generator.get("name") if isinstance(self.take.generator, dict) else None
        return one_line(str(named)) if named else ""


def open_source(folder: Path) -> Source:
    """Read a take for export. Raises TakeError for what is no take, is broken or leads out of its folder,
    SceneError for a scene in it that cannot be read, and RecordingError for a film without an end."""
    if not folder.is_dir():
        raise TakeError("there is no such folder", subject=str(folder), mend=_MEND)
    _check_inside(folder)
    try:
        entry = entry_of(folder)
        if entry.state == "broken":
            # Python's own words may quote the whole file.
            raise TakeError(one_line(entry.error, 200) or "is broken", subject=str(folder), mend=_MEND)
        _check_document(folder)
        _check_settings(folder, entry)
        _check_track(folder / "track.jsonl", read_track(folder / "track.jsonl"), entry)
        take = open_take(folder)
    except (RecursionError, ArithmeticError) as error:
        # Nested too deep, or a number that no film and no lens has.
        told = one_line(str(error), 120)
        raise TakeError(f"cannot be read: {told}", subject=str(folder), mend=_MEND) from error
    counted = _count_frames(folder.absolute() / "video.mp4")
    if entry.state == "complete" and counted < len(take.shown):
        raise _cut_short(folder / "video.mp4", counted, len(take.shown))
    # Killed, or still rolling: the track may be some frames ahead of the film.
    frames = min(len(take.shown), counted)
    if not frames:
        raise TakeError("its film has no frames", subject=str(folder), mend="shoot the take again")
    return Source(take, _plain(entry), frames)


def check_film(source: Source) -> None:
    """Decode the whole film once: what is to be handed on must be sound. Raises RecordingError where it
    cannot be decoded, is shorter than the take or has another size."""
    video = source.video
    reading = ["-f", "mov", "-i", str(video), "-map", "0:v:0", "-fps_mode", "passthrough"]
    strict = ["-xerror"] if source.entry.state == "complete" else []
    told = ffmpeg.run([*strict, *reading, "-f", "framecrc", "-"], video).decode(errors="replace").splitlines()
    frames = sum(1 for line in told if line.strip() and not line.startswith("#"))
    sizes = [line.rpartition(" ")[2] for line in told if line.startswith("#dimensions")]
    wanted = f"{source.take.width}x{source.take.height}"
    if sizes != [wanted]:
        raise RecordingError(
            f"its pictures are {', '.join(sizes) or 'none'}, and take.json says {wanted}",
            subject=str(video),
            mend="shoot the take again",
        )
    if frames < source.frames:
        raise _cut_short(video, frames, source.frames)


def _count_frames(video: Path) -> int:
    """Without decoding them. What is no MP4 is refused here, whatever else ffmpeg might take it for: a list
    of files, say, or of addresses."""
    told = ffmpeg.run(
        ["-f", "mov", "-i", str(video), "-map", "0:v:0", "-c", "copy", "-f", "framecrc", "-"], video
    )
    return sum(1 for line in told.splitlines() if line.strip() and not line.startswith(b"#"))


def _cut_short(video: Path, frames: int, wanted: int) -> RecordingError:
    return RecordingError(
        f"it is cut short: {frames} of {wanted} frames", subject=str(video), mend="shoot the take again"
    )


def one_line(text: str, most: int = 2000) -> str:
    """Words as every format takes them: one line, no control characters, nothing that is no Unicode."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * most])
    return " ".join(plain.split())[:most]


def _plain(entry: TakeEntry) -> TakeEntry:
    return replace(
        entry,
        scene=one_line(entry.scene, 80) or "scene",
        shot=one_line(entry.shot, 80) or "shot",
        number=min(99999, max(0, entry.number)),
        note=one_line(entry.note),
        date=one_line(entry.date, 40),
    )


def _check_inside(folder: Path) -> None:
    try:
        home = folder.resolve(strict=True)
        for name in _FILES:
            _stay_inside(folder / name, home, name)
    except (OSError, RuntimeError) as error:
        raise TakeError(f"cannot be read: {error}", subject=str(folder), mend=_MEND) from error


def _stay_inside(path: Path, home: Path, told: str) -> None:
    if not path.resolve().is_relative_to(home):
        raise TakeError(
            f"{one_line(told, 120)} leads out of the folder of the take",
            subject=str(home),
            mend="shoot the take again, or copy it whole",
        )


def _check_document(folder: Path) -> None:
    """Paths in take.json, and in the meshes that it names, stay inside."""
    home = folder.resolve()
    try:
        content: dict[str, Any] = read_json(folder / "take.json")
        named = content.get("files") or {}
        paths = [str(path) for path in named.values()]
        for thing in content["scene"].get("objects") or ():
            if isinstance(thing.get("path"), str):
                paths.append(thing["path"])
        for told in paths:
            path = folder / told
            _stay_inside(path, home, told)
            for companion in _companions(path):
                _stay_inside(path.parent / companion, home, companion)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TakeError(
            f"cannot be read: {one_line(repr(error), 200)}", subject=str(folder / "take.json"), mend=_MEND
        ) from error


def _companions(path: Path) -> Iterator[str]:
    """The files that a .gltf names."""
    if path.suffix.lower() != ".gltf" or not path.is_file():
        return
    content = json.loads(path.read_text(encoding="utf-8"))
    for kind in ("buffers", "images"):
        for entry in content.get(kind) or ():
            uri = entry.get("uri")
            if isinstance(uri, str) and not uri.startswith("data:"):
                yield unquote(uri)


def _check_settings(folder: Path, entry: TakeEntry) -> None:
    width, height = entry.size or (0, 0)
    fps = entry.fps or Fraction(0)
    if not (0 < width <= _LARGEST_PX and 0 < height <= _LARGEST_PX):
        raise _wrong(folder, f"its pictures are {width}x{height}")
    if not _SLOWEST <= fps <= _FASTEST:
        raise _wrong(folder, f"{float(min(fps, Fraction(10**9))):g} frames a second are no rate of a film")


def _wrong(folder: Path, problem: str) -> TakeError:
    return TakeError(problem, subject=str(folder / "take.json"), mend="shoot the take again")


def _check_track(path: Path, lines: Sequence[TrackLine], entry: TakeEntry) -> None:
    length_s = 0.0
    for number, line in enumerate(lines, start=1):
        try:
            sound = _is_sound(line)
        except (TypeError, OverflowError):
            sound = False
        if not sound:
            raise TakeError(
                "not a line of a track: a number in it is none, or out of bounds",
                subject=f"{path}:{number}",
                mend="shoot the take again",
            )
        length_s += max(0.0, line.tick.dt_s)
    rate = float(entry.fps or 0)
    if length_s > _LONGEST_S or length_s * rate > _MOST_FRAMES:
        raise TakeError(f"it lasts {length_s:g} s", subject=str(path), mend="shoot the take again")


def _is_sound(line: TrackLine) -> bool:
    tick: Any = line.tick
    # What was read as a direction may hold anything.
    direction: Any = line.direction
    if not (isinstance(tick.index, int) and abs(tick.time_s) <= _LONGEST_S and abs(tick.dt_s) <= _LONGEST_S):
        return False
    if not (isinstance(direction.prompt, str) and isinstance(direction.seed, int)):
        return False
    if any(not isinstance(text, str) for text in direction.object_prompts.values()):
        return False
    return _is_sound_camera(line.camera)


def _is_sound_camera(camera: CameraState) -> bool:
    places = (*camera.position, *camera.correction.position)
    turns = (camera.orientation, camera.correction.orientation)
    lens = camera.lens
    millimetres = (lens.film_back_width_mm, lens.film_back_height_mm, lens.focal_length_mm)
    return (
        all(abs(value) <= _FARTHEST_M for value in places)
        and all(abs(math.hypot(*turn) - 1) < 1e-3 for turn in turns)
        and all(0.01 <= value <= 1e5 for value in millimetres)
        and 0.01 <= lens.f_number <= 1e4
        and 0 < lens.focus_distance_m <= _FARTHEST_M
        and (camera.depth_range_m is None or 0 < camera.depth_range_m[0] < camera.depth_range_m[1] < math.inf)
    )
