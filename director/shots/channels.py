"""The channels of a shot's timeline by name: what a panel lists, and edits one at a time."""

from dataclasses import dataclass
from typing import Any

from director.curves import ScalarCurve, TextCurve, VectorCurve
from director.errors import UsageError
from director.scene.shots import ObjectChannels, Timeline

__all__ = ["CAMERA_CHANNELS", "Channel", "ChannelCurve", "channels", "with_channel"]

ChannelCurve = ScalarCurve | VectorCurve | TextCurve

CAMERA_CHANNELS: tuple[str, ...] = (
    "position",
    "rotation_deg",
    "focal_length_mm",
    "f_number",
    "focus_distance_m",
)
"""Channels of the camera; a path of theirs has this one name."""

_KINDS: dict[str, type[ChannelCurve]] = {
    "position": VectorCurve,
    "rotation_deg": VectorCurve,
    "focal_length_mm": ScalarCurve,
    "f_number": ScalarCurve,
    "focus_distance_m": ScalarCurve,
    "prompt": TextCurve,
    "object_prompts": TextCurve,
    "strengths": ScalarCurve,
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A keyed channel. `path` is ("focal_length_mm",), ("prompt",), ("object_prompts", name),
    ("strengths", name) or ("objects", name, "position" or "rotation_deg")."""

    path: tuple[str, ...]
    curve: ChannelCurve


def channels(timeline: Timeline) -> tuple[Channel, ...]:
    """Every channel that has keys: the camera's first, then objects, prompts and strengths by name."""
    found: list[Channel] = []
    for name in CAMERA_CHANNELS:
        curve: ChannelCurve | None = getattr(timeline, name)
        if curve is not None:
            found.append(Channel((name,), curve))
    for name, line in sorted(timeline.objects.items()):
        if line.position is not None:
            found.append(Channel(("objects", name, "position"), line.position))
        if line.rotation_deg is not None:
            found.append(Channel(("objects", name, "rotation_deg"), line.rotation_deg))
    if timeline.prompt is not None:
        found.append(Channel(("prompt",), timeline.prompt))
    found += [
        Channel(("object_prompts", name), words) for name, words in sorted(timeline.object_prompts.items())
    ]
    found += [Channel(("strengths", name), share) for name, share in sorted(timeline.strengths.items())]
    return tuple(found)


def with_channel(timeline: Timeline, path: tuple[str, ...], curve: ChannelCurve | None) -> Timeline:
    """The timeline with another curve in a channel, or, with None, without that channel.

    Raises UsageError for a path that no channel has, and for a curve of another kind than its channel's.
    """
    kind = _kind(path)
    if curve is not None and not isinstance(curve, kind):
        raise UsageError(
            f"holds a {kind.__name__}, not a {type(curve).__name__}",
            subject=f"channel {'.'.join(path)}",
            mend="give it keys of its own kind",
        )
    if len(path) == 1:
        return timeline.model_copy(update={path[0]: curve})
    group: dict[str, Any] = dict(getattr(timeline, path[0]))
    if len(path) == 2:
        group[path[1]] = curve
    else:
        line = group.get(path[1], ObjectChannels()).model_copy(update={path[2]: curve})
        group[path[1]] = None if line == ObjectChannels() else line
    return timeline.model_copy(
        update={path[0]: {name: value for name, value in group.items() if value is not None}}
    )


def _kind(path: tuple[str, ...]) -> type[ChannelCurve]:
    is_camera = len(path) == 1 and path[0] in (*CAMERA_CHANNELS, "prompt")
    is_named = len(path) == 2 and path[0] in ("object_prompts", "strengths")
    is_object = len(path) == 3 and path[0] == "objects" and path[2] in ("position", "rotation_deg")
    if not (is_camera or is_named or is_object):
        raise UsageError(
            "there is no such channel",
            subject=f"channel {'.'.join(path)}",
            mend=f"channels: {', '.join((*CAMERA_CHANNELS, 'prompt'))}, and those of objects",
        )
    return _KINDS[path[-1] if is_camera or is_object else path[0]]
