"""Keys of a shot, set and moved from a timeline: which rows there are, and every edit of keys in them.

Pure: each function gives another shot. A key is told by its row's path (as in `channels`) and its time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from director.camera.angles import angles_from_orientation, unwrapped
from director.curves import (
    Interpolation,
    ScalarCurve,
    ScalarKey,
    TextCurve,
    TextKey,
    VectorCurve,
    VectorKey,
)
from director.scene.shots import Mark, Shot, Timeline
from director.shots.channels import CAMERA_CHANNELS, ChannelCurve, channels, with_channel
from director.types import CameraState

__all__ = [
    "KeyRef",
    "Lane",
    "Value",
    "curve_of",
    "key_of",
    "lanes",
    "marked",
    "moved_keys",
    "with_camera_keys",
    "with_ease",
    "with_interpolation",
    "with_key",
    "with_lens_keys",
    "with_slope",
    "without_keys",
]

Value = float | tuple[float, float, float] | str
KeyRef = tuple[tuple[str, ...], float]
"""A key: the path of its channel, and its time in seconds."""

_LABELS: Mapping[str, str] = {
    "position": "Position",
    "rotation_deg": "Orientation",
    "focal_length_mm": "Focal length",
    "f_number": "Aperture",
    "focus_distance_m": "Focus",
    "prompt": "Prompt",
}
_SCENE = "scene"


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the timeline; `curve` is None while nothing is keyed in it."""

    path: tuple[str, ...]
    label: str
    curve: ChannelCurve | None


def lanes(timeline: Timeline, selection: Sequence[str], objects: Collection[str]) -> tuple[Lane, ...]:
    """The rows of a timeline: the camera's and the scene's words always, those of what is selected, and
    whatever else has keys. `objects` are the names of what has a look of its own; groups have none."""
    keyed = {channel.path: channel.curve for channel in channels(timeline)}
    order = ("position", "rotation_deg", "focal_length_mm", "focus_distance_m", "f_number")
    paths: list[tuple[str, ...]] = [(name,) for name in order]
    paths += [("prompt",), ("strengths", _SCENE)]
    for name in selection:
        paths += [("objects", name, "position"), ("objects", name, "rotation_deg")]
        if name in objects:
            paths += [("object_prompts", name), ("strengths", name)]
    paths += [path for path in keyed if path not in paths]
    return tuple(Lane(path, _label(path), keyed.get(path)) for path in paths)


def curve_of(shot: Shot, path: tuple[str, ...]) -> ChannelCurve | None:
    """The curve of a channel, where it has keys."""
    return next((found.curve for found in channels(shot.timeline) if found.path == path), None)


def key_of(shot: Shot, ref: KeyRef) -> ScalarKey | VectorKey | TextKey | None:
    """The key that is told so, where there is one."""
    curve = curve_of(shot, ref[0])
    return None if curve is None else curve.key_at(ref[1])


def with_key(shot: Shot, path: tuple[str, ...], time_s: float, value: Value) -> Shot:
    """The shot with a key of that value; one that is there keeps its interpolation and ease, a new one goes
    on as the key before it does. Raises pydantic.ValidationError and UsageError."""
    curve = curve_of(shot, path)
    if isinstance(value, str):
        words = curve if isinstance(curve, TextCurve) else None
        there = None if words is None else words.key_at(time_s)
        text = TextKey(time_s=time_s, value=value) if there is None else _changed(there, value=value)
        return _with(shot, path, TextCurve(keys=(text,)) if words is None else words.with_key(text))
    if isinstance(value, tuple):
        vectors = curve if isinstance(curve, VectorCurve) else None
        before = _before(vectors, time_s)
        vector = VectorKey(time_s=time_s, value=value, interpolation=before)
        if vectors is not None and (old := vectors.key_at(time_s)) is not None:
            vector = _changed(old, value=value)
        return _with(shot, path, VectorCurve(keys=(vector,)) if vectors is None else vectors.with_key(vector))
    numbers = curve if isinstance(curve, ScalarCurve) else None
    number = ScalarKey(time_s=time_s, value=float(value), interpolation=_before(numbers, time_s))
    if numbers is not None and (known := numbers.key_at(time_s)) is not None:
        number = _changed(known, value=float(value))
    return _with(shot, path, ScalarCurve(keys=(number,)) if numbers is None else numbers.with_key(number))


def without_keys(shot: Shot, keys: Collection[KeyRef]) -> Shot:
    """The shot without these keys; a channel that loses its last key is no longer keyed."""
    for path in dict.fromkeys(path for path, _ in keys):
        curve = curve_of(shot, path)
        if curve is None:
            continue
        gone = {time for other, time in keys if other == path}
        left: list[Any] = [key for key in curve.keys if key.time_s not in gone]
        shot = _with(shot, path, type(curve)(keys=tuple(left)) if left else None)
    return shot


def moved_keys(shot: Shot, keys: Collection[KeyRef], by_s: float) -> tuple[Shot, frozenset[KeyRef]]:
    """The shot with these keys so much later, together, never before 0, and what the keys are told by then.
    A key that was not moved gives way to one that comes to its time."""
    if not keys:
        return shot, frozenset()
    by_s = max(by_s, -min(time for _, time in keys))
    told: set[KeyRef] = set()
    for path in dict.fromkeys(path for path, _ in keys):
        curve = curve_of(shot, path)
        if curve is None:
            continue
        chosen = {time for other, time in keys if other == path}
        moved = {key.time_s + by_s: key for key in curve.keys if key.time_s in chosen}
        made: dict[float, Any] = {key.time_s: key for key in curve.keys if key.time_s not in chosen}
        made |= {time: _changed(key, time_s=time) for time, key in moved.items()}
        told |= {(path, time) for time in moved}
        ordered = tuple(made[time] for time in sorted(made))
        shot = _with(shot, path, type(curve)(keys=ordered))
    return shot, frozenset(told)


def with_interpolation(shot: Shot, keys: Collection[KeyRef], kind: Interpolation) -> Shot:
    """The shot whose way from each of these keys to the next is gone so; words have no way."""
    for path, time_s in keys:
        curve = curve_of(shot, path)
        if isinstance(curve, ScalarCurve) and (number := curve.key_at(time_s)) is not None:
            shot = _with(shot, path, curve.with_key(_changed(number, interpolation=kind)))
        elif isinstance(curve, VectorCurve) and (vector := curve.key_at(time_s)) is not None:
            shot = _with(shot, path, curve.with_key(_changed(vector, interpolation=kind)))
    return shot


def with_ease(shot: Shot, ref: KeyRef, ease_s: float) -> Shot:
    """The shot whose change to this key of words takes so long."""
    curve = curve_of(shot, ref[0])
    if isinstance(curve, TextCurve) and (words := curve.key_at(ref[1])) is not None:
        shot = _with(shot, ref[0], curve.with_key(_changed(words, ease_s=ease_s)))
    return shot


def with_camera_keys(shot: Shot, time_s: float, camera: CameraState, before: CameraState) -> Shot:
    """The shot with keys of position and orientation at a time. Where nothing is keyed yet and the shot has
    begun, `before`, its camera at its start, is keyed there too: else all of it would move."""
    for path in (("position",), ("rotation_deg",)):
        starts = curve_of(shot, path) is None and time_s > shot.start_s
        for at_s, seen in ((shot.start_s, before), (time_s, camera))[0 if starts else 1 :]:
            value = seen.position
            if path == ("rotation_deg",):
                value = angles_from_orientation(seen.orientation)
                turned = shot.timeline.rotation_deg
                value = value if turned is None else unwrapped(value, turned.at(at_s))
            shot = with_key(shot, path, at_s, value)
    return shot


def with_lens_keys(
    shot: Shot, time_s: float, camera: CameraState, before: CameraState, start: CameraState
) -> Shot:
    """The shot with keys of what differs of the lens between two cameras: `before` is the shot's own at that
    time. The first key of a channel after the start holds the start, as `start` has it, as well."""
    for name in CAMERA_CHANNELS[2:]:
        value = getattr(camera.lens, name)
        if value == getattr(before.lens, name):
            continue
        if curve_of(shot, (name,)) is None and time_s > shot.start_s:
            shot = with_key(shot, (name,), shot.start_s, getattr(start.lens, name))
        shot = with_key(shot, (name,), time_s, value)
    return shot


def with_slope(shot: Shot, ref: KeyRef, slope: float, sides: Collection[str]) -> Shot:
    """The shot with a number's key of this slope, per second: on its way "out", "in" to it, or both."""
    curve = curve_of(shot, ref[0])
    if isinstance(curve, ScalarCurve) and (key := curve.key_at(ref[1])) is not None:
        shot = _with(
            shot, ref[0], curve.with_key(_changed(key, **{f"slope_{side}": slope for side in sides}))
        )
    return shot


def marked(shot: Shot, time_s: float, note: str | None) -> Shot:
    """The shot with a mark at a time, or with None, without the one there."""
    others = [mark for mark in shot.marks if mark.time_s != time_s]
    if note is not None:
        others.append(Mark(time_s=time_s, note=note))
    return shot.model_copy(update={"marks": tuple(sorted(others, key=lambda mark: mark.time_s))})


def _with(shot: Shot, path: tuple[str, ...], curve: ChannelCurve | None) -> Shot:
    return shot.model_copy(update={"timeline": with_channel(shot.timeline, path, curve)})


def _changed(key: Any, **fields: Any) -> Any:
    # Checked as a key that is read: a time or a value that no key can have is refused.
    return type(key).model_validate({**dict(key), **fields})


def _before(curve: ScalarCurve | VectorCurve | None, time_s: float) -> Interpolation:
    if curve is None:
        return "smooth"
    earlier = [key for key in curve.keys if key.time_s <= time_s]
    return (earlier[-1] if earlier else curve.keys[0]).interpolation


def _label(path: tuple[str, ...]) -> str:
    if path[0] == "objects":
        return f"{path[1]}: {'place' if path[2] == 'position' else 'turn'}"
    if path[0] == "object_prompts":
        return f"{path[1]}: prompt"
    if path[0] == "strengths":
        return "Strength" if path[1] == _SCENE else f"{path[1]}: strength"
    return _LABELS[path[0]]
