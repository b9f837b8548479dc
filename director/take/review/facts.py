"""What the page tells of a take: slate, lens and camera by frame, and what was directed when."""

import math
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from director.scene.compile import CompiledScene
from director.take.exporters._camera import FrameCamera, frame_cameras
from director.take.exporters._shot_size import shot_size
from director.take.exporters._source import Source, one_line
from director.take.library import entry_of
from director.take.review.notes import opinion_of
from director.take.review.takes import label_of
from director.types import Direction

__all__ = ["facts_of", "opinion_facts"]

Values = list[float] | float

_LONGEST = 2000


def facts_of(source: Source) -> dict[str, object]:
    """JSON values that hold no path, and nothing but what is printable."""
    take, entry = source.take, source.entry
    cameras = frame_cameras(source)
    middle = cameras[len(cameras) // 2]
    move = take.settings.get("move")
    error = entry.error.replace(str(take.folder), "").replace(str(take.folder.resolve()), "")
    return {
        "scene": entry.scene,
        "shot": entry.shot,
        "take": entry.number,
        "date": entry.date,
        "folder": label_of(take.folder),
        "state": entry.state,
        "problem": one_line(error, 200),
        "width": take.width,
        "height": take.height,
        "fps": [source.fps.numerator, source.fps.denominator],
        "frames": source.frames,
        "size": one_line(shot_size(source, CompiledScene(take.scene), middle), 60),
        "move": one_line(move, 60) if isinstance(move, str) else "by hand",
        # As text: JavaScript rounds long numbers.
        "seed": one_line(str(source.seed), 40),
        "generator": source.generator,
        "cuts": [frame.index for frame in cameras if frame.is_cut and frame.index],
        "lens": _lens(cameras, source.fps),
        "directions": _directions(source, cameras),
        **opinion_facts(source),
    }


def opinion_facts(source: Source) -> dict[str, object]:
    """What is thought of a take: as it stands in its slate, not as exports shorten it."""
    opinion = opinion_of(entry_of(source.take.folder), source.fps, source.frames)
    return {
        "rating": opinion.rating,
        "circled": opinion.circled,
        "note": opinion.note,
        "notes": [{"frame": at.frame, "text": at.text} for at in opinion.frames],
    }


def _lens(cameras: Sequence[FrameCamera], fps: Fraction) -> dict[str, Values]:
    """By frame: millimetres, f-number, metres to what is sharp, metres above the ground's zero, metres a
    second. One number stands for all that are the same."""
    readings: dict[str, tuple[Callable[[FrameCamera], float], int]] = {
        "focal_mm": (lambda frame: frame.camera.lens.focal_length_mm, 2),
        "stop": (lambda frame: frame.camera.lens.f_number, 2),
        "focus_m": (lambda frame: frame.camera.lens.focus_distance_m, 3),
        "height_m": (lambda frame: frame.camera.position[1], 3),
    }
    told = {
        name: _thinned([round(float(read(frame)), digits) for frame in cameras])
        for name, (read, digits) in readings.items()
    }
    return {**told, "speed_m_s": _thinned(_speeds(cameras, fps))}


def _speeds(cameras: Sequence[FrameCamera], fps: Fraction) -> list[float]:
    places = np.array([frame.camera.position for frame in cameras], np.float64)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1) * float(fps)
    speeds = [0.0, *steps.tolist()]
    for frame in cameras:
        # The first frame, and one after a cut, goes as fast as the frame after it tells.
        if frame.index == 0 or frame.is_cut:
            follows = frame.index + 1 < len(cameras) and not cameras[frame.index + 1].is_cut
            speeds[frame.index] = speeds[frame.index + 1] if follows else 0.0
    return [round(speed, 3) for speed in speeds]


def _thinned(values: list[float]) -> Values:
    return values[0] if len(set(values)) == 1 else values


def _directions(source: Source, cameras: Sequence[FrameCamera]) -> list[dict[str, object]]:
    """At frame 0 what was directed then, as far as the scene does not say it; then every change."""
    names = {number: proxy.name for number, proxy in enumerate(source.take.scene.objects, start=1)}
    own = {number: proxy.prompt for number, proxy in enumerate(source.take.scene.objects, start=1)}
    before = Direction(object_prompts={number: prompt for number, prompt in own.items() if prompt})
    found: list[dict[str, object]] = []
    for frame in cameras:
        direction = frame.line.direction
        changes = _changes(before, direction, names, frame.index == 0)
        if changes:
            found.append({"frame": frame.index, "changes": changes})
        before = direction
    return found


def _changes(
    before: Direction, now: Direction, names: Mapping[int, str], is_first: bool
) -> list[dict[str, str]]:
    changes: list[tuple[str, str]] = []
    if now.prompt != before.prompt or is_first:
        changes.append(("prompt", now.prompt))
    for number in _differing(before.object_prompts, now.object_prompts):
        changes.append((_named(names, number), now.object_prompts.get(number, "") or "as the set has it"))
    for number in _differing(before.strengths, now.strengths):
        share = _number(now.strengths.get(number, 1.0))
        changes.append((f"strength of {_named(names, number) if number else 'the scene'}", share))
    if now.locks != before.locks:
        held = ", ".join(_named(names, number) for number in sorted(now.locks, key=str))
        changes.append(("held", held or "nothing"))
    if now.references != before.references:
        followed = ", ".join(Path(str(name)).name for name in now.references)
        changes.append(("mood follows", followed or "no picture"))
    look = _mapping(now.look)
    for key in _differing(_mapping(before.look), look):
        changes.append((f"look: {key}", _number(look.get(key))))
    if now.seed != before.seed and not is_first:
        changes.append(("seed", str(now.seed)))
    return [{"what": one_line(str(what), 120), "text": one_line(text, _LONGEST)} for what, text in changes]


def _differing(before: Mapping[Any, object], now: Mapping[Any, object]) -> list[Any]:
    return [key for key in dict.fromkeys([*before, *now]) if before.get(key) != now.get(key)]


def _named(names: Mapping[int, str], number: object) -> str:
    # A track may have been edited: a number that no object has is told as it is.
    return names.get(number, f"object {number}") if isinstance(number, int) else str(number)


def _mapping(value: object) -> Mapping[Any, object]:
    # What was read as a direction may hold anything.
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.3g}"
    return "as it was" if value is None else str(value)
