"""track.jsonl: one line a tick, enough to fly the camera and to give the directions again.

Every line is handed to the operating system at once, so a program that is killed loses none. A line
reads: `tick`, `time_s`, `dt_s`, `camera`, `lens`, `direction` (only what changed since the line before;
the first line has all of it), `picture` (likewise: stabiliser, lens effects, dial, rate, and the size that
was generated; takes of earlier versions tell these in take.json alone), `generated_tick` (the tick whose
picture was shown; null: none yet), `history` (the tick whose picture that one built upon; null: none),
`latency_ms`. Live, the first line that shows a generated picture has its `picture_sha256`, and, where that
was asked for before the take began, `generated_from`: tick, time, camera, lens and direction of then.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from director.errors import RecordingError, TakeError
from director.take.folder import check_letters, read_text, refuse_constant
from director.types import CameraState, Correction, Direction, Lens, Tick

__all__ = ["GeneratedFrom", "PictureSettings", "TrackLine", "TrackWriter", "read_track"]

# A track of an hour has 200 MB.
_LARGEST_TRACK = 2**30


@dataclass(frozen=True, slots=True)
class PictureSettings:
    """What a picture was made by, besides camera and direction. `stabiliser` 0..1 is the share of the picture
    before that is kept while it moves; `quality` and `picture_rate` (a second) are the dial's notch and what
    was asked for, None where there is none; `generated_size` (width, height) is that of the generated picture
    behind it, None before the first."""

    stabiliser: float = 0.0
    depth_of_field: bool = False
    shutter_angle_deg: float = 0.0
    quality: str | None = None
    picture_rate: float | None = None
    generated_size: tuple[int, int] | None = None

    @property
    def has_lens_effects(self) -> bool:
        """Whether depth of field or the shutter may blur it."""
        return self.depth_of_field or self.shutter_angle_deg > 0


@dataclass(frozen=True, slots=True)
class GeneratedFrom:
    """What was so at the tick that a generated picture answers."""

    tick: Tick
    camera: CameraState
    direction: Direction


@dataclass(frozen=True, slots=True)
class TrackLine:
    """What was so at one tick. `picture_sha256`, of the bytes uint8[h, w, 3] of the generated picture, is
    told where that is shown first; `generated_from` too, if no line tells of the tick it answers."""

    tick: Tick
    camera: CameraState
    direction: Direction
    generated_tick: int | None = None
    history: int | None = None
    latency_ms: float | None = None
    picture: PictureSettings = field(default_factory=PictureSettings)
    picture_sha256: str | None = None
    generated_from: GeneratedFrom | None = None


class TrackWriter:
    """Writes a new track file. Raises RecordingError where that cannot be done."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._direction: dict[str, object] = {}
        self._picture: dict[str, object] = {}
        self.lines = 0
        try:
            # Line buffered: each line is out of this program as soon as it is complete.
            self._file = path.open("x", encoding="utf-8", buffering=1)
        except OSError as error:
            raise self._failure(error) from error

    def write(self, line: TrackLine) -> None:
        """Append one line. Raises RecordingError."""
        direction, picture = _direction_to_json(line.direction), asdict(line.picture)
        direction_changes = _changed(self._direction, direction)
        picture_changes = _changed(self._picture, picture)
        self._direction, self._picture = direction, picture
        content = {
            **_moment_to_json(line.tick, line.camera),
            "direction": direction_changes,
            "picture": picture_changes,
            "generated_tick": line.generated_tick,
            "history": line.history,
            "latency_ms": line.latency_ms,
        }
        if line.picture_sha256 is not None:
            content["picture_sha256"] = line.picture_sha256
        if (source := line.generated_from) is not None:
            content["generated_from"] = {
                **_moment_to_json(source.tick, source.camera),
                "direction": _direction_to_json(source.direction),
            }
        try:
            self._file.write(json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n")
        except OSError as error:
            raise self._failure(error) from error
        except ValueError as error:
            # A file's name that is no text, as some systems allow.
            raise RecordingError(
                f"cannot be written: {error}", subject=str(self._path), mend="rename what is referred to"
            ) from error
        self.lines += 1

    def close(self) -> None:
        """Idempotent. Raises RecordingError."""
        try:
            self._file.close()
        except OSError as error:
            raise self._failure(error) from error

    def _failure(self, error: OSError) -> RecordingError:
        return RecordingError(
            f"cannot be written: {error.strerror}",
            subject=str(self._path),
            mend="make room, or record elsewhere",
        )


def read_track(path: Path, unsaid: PictureSettings | None = None) -> list[TrackLine]:
    """The lines of a track; `unsaid` stands for what lines of earlier versions do not say of their pictures.
    A last line cut short, as a power cut may leave it, is passed over.

    Raises TakeError for anything else that is not a track.
    """
    try:
        text = read_text(path, _LARGEST_TRACK)
    except (OSError, ValueError, RuntimeError) as error:
        told = getattr(error, "strerror", None) or error
        raise TakeError(f"cannot be read: {told}", subject=str(path), mend="is this a take?") from error
    rows = text.split("\n")
    lines: list[TrackLine] = []
    direction: dict[str, Any] = {}
    picture: dict[str, Any] = asdict(unsaid or PictureSettings())
    for number, row in enumerate(rows[:-1], start=1):
        try:
            content = json.loads(row, parse_constant=refuse_constant)
            check_letters(content, row)
            direction = {**direction, **content["direction"]}
            picture = {**picture, **content.get("picture", {})}
            lines.append(_line_from_json(content, direction, picture))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            # Python's own words may quote the whole line, with whatever letters it has.
            raise TakeError(
                f"not a line of a track: {error!a:.120}",
                subject=f"{path}:{number}",
                mend="shoot the take again",
            ) from error
    return lines


def _changed(before: Mapping[str, object], now: Mapping[str, object]) -> dict[str, object]:
    # A value of None that was never written is a change too.
    return {key: value for key, value in now.items() if key not in before or before[key] != value}


def _moment_to_json(tick: Tick, camera: CameraState) -> dict[str, object]:
    told = asdict(camera)
    lens = told.pop("lens")
    return {"tick": tick.index, "time_s": tick.time_s, "dt_s": tick.dt_s, "camera": told, "lens": lens}


def _direction_to_json(direction: Direction) -> dict[str, object]:
    return {
        "prompt": direction.prompt,
        "object_prompts": _keyed(direction.object_prompts),
        "seed": direction.seed,
        "strengths": _keyed(direction.strengths),
        "locks": sorted(direction.locks),
        "references": list(direction.references),
        "look": dict(direction.look),
        "leaving": None if direction.leaving is None else _direction_to_json(direction.leaving),
        "arrived": direction.arrived,
    }


def _keyed(values: Mapping[int, object]) -> dict[str, object]:
    return {str(key): value for key, value in sorted(values.items())}


def _line_from_json(content: dict[str, Any], direction: dict[str, Any], picture: dict[str, Any]) -> TrackLine:
    source = content.get("generated_from")
    return TrackLine(
        tick=_tick_from_json(content),
        camera=_camera_from_json(content),
        direction=_direction_from_json(direction),
        picture=_picture_from_json(picture),
        generated_tick=content["generated_tick"],
        history=content["history"],
        latency_ms=content["latency_ms"],
        picture_sha256=content.get("picture_sha256"),
        generated_from=None
        if source is None
        else GeneratedFrom(
            _tick_from_json(source), _camera_from_json(source), _direction_from_json(source["direction"])
        ),
    )


def _tick_from_json(content: Mapping[str, Any]) -> Tick:
    return Tick(content["tick"], content["time_s"], content["dt_s"])


def _camera_from_json(content: Mapping[str, Any]) -> CameraState:
    camera = content["camera"]
    correction = camera["correction"]
    return CameraState(
        position=_three(camera["position"]),
        orientation=_four(camera["orientation"]),
        lens=replace(Lens(), **content["lens"]),
        correction=Correction(_three(correction["position"]), _four(correction["orientation"])),
        is_cut=bool(camera["is_cut"]),
        # Takes of earlier versions do not tell it.
        depth_range_m=_range(camera.get("depth_range_m")),
    )


def _direction_from_json(content: Mapping[str, Any]) -> Direction:
    # Takes of earlier versions never leave anything.
    leaving = content.get("leaving")
    return Direction(
        prompt=content["prompt"],
        object_prompts={int(key): value for key, value in content["object_prompts"].items()},
        seed=content["seed"],
        strengths={int(key): value for key, value in content["strengths"].items()},
        locks=frozenset(content["locks"]),
        references=tuple(content["references"]),
        look=content["look"],
        leaving=None if leaving is None else _direction_from_json(leaving),
        arrived=content.get("arrived", 1.0),
    )


def _picture_from_json(content: Mapping[str, Any]) -> PictureSettings:
    size = content["generated_size"]
    rate = content["picture_rate"]
    return PictureSettings(
        stabiliser=float(content["stabiliser"]),
        depth_of_field=bool(content["depth_of_field"]),
        shutter_angle_deg=float(content["shutter_angle_deg"]),
        quality=content["quality"],
        picture_rate=None if rate is None else float(rate),
        generated_size=None if size is None else (int(size[0]), int(size[1])),
    )


def _range(values: list[float] | None) -> tuple[float, float] | None:
    if values is None:
        return None
    near, far = values
    return (near, far)


def _three(values: list[float]) -> tuple[float, float, float]:
    x, y, z = values
    return (x, y, z)


def _four(values: list[float]) -> tuple[float, float, float, float]:
    x, y, z, w = values
    return (x, y, z, w)
