"""What is asked of a take's folder and of its take.json before anything is made of them: they may come from
anywhere.

Nothing in a take may lead out of its folder, neither by a link nor by a path in a file, and no value in it
may be another kind of thing than a recording writes. Whoever opens a take asks this; nobody else need.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from director.errors import TakeError

__all__ = ["check_document", "check_inside", "film_rate", "is_number", "one_line", "picture_size"]

_FILES = ("take.json", "slate.json", "track.jsonl", "video.mp4", "thumbnail.png", "meshes")
_FASTEST, _SLOWEST = 1000, Fraction(1, 100)
_RATE = re.compile(r"\d{1,9}(/\d{1,9}|\.\d{1,9})?", re.ASCII)
_LARGEST_PX = 16384
_LONGEST_PATH = 4096
_MOST_THREADS = 1024
# What names further files, and how: a mesh is read before it is known to be one.
_LARGEST_MESH = 512 * 2**20
_NAMED = {
    ".obj": re.compile(rb"^[ \t]*mtllib[ \t]+(.+?)[ \t\r]*$", re.MULTILINE),
    ".ply": re.compile(rb"^comment[ \t]+TextureFile[ \t]+(.+?)[ \t\r]*$", re.MULTILINE),
}
_COPY_AGAIN = "shoot the take again, or copy it whole"


def one_line(text: str, most: int = 2000) -> str:
    """Words as every format and every terminal takes them: one line, no control characters, nothing that is
    no Unicode."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 2 * most])
    return " ".join(plain.split())[:most]


def film_rate(told: Any) -> Fraction:
    """The frames a second of a film, from what take.json says. Raises ValueError for what is no rate: whole
    numbers with a thousand million digits are written quickly, and never worked out."""
    if isinstance(told, str) and _RATE.fullmatch(told):
        try:
            rate = Fraction(told)
        except ZeroDivisionError as error:
            raise ValueError(f"{told} frames a second are no rate of a film") from error
    elif is_number(told):
        rate = Fraction(told).limit_denominator(10**6)
    else:
        raise ValueError(f"{_shown(told)} frames a second are no rate of a film")
    if not _SLOWEST <= rate <= _FASTEST:
        raise ValueError(f"{_shown(told)} frames a second are no rate of a film")
    return rate


def picture_size(told: Any) -> tuple[int, int]:
    """(width, height) of pictures, from what take.json says. Raises ValueError for what is no size."""
    sides = told if isinstance(told, list | tuple) else ()
    if len(sides) != 2 or not all(_is_whole(side) and 0 < side <= _LARGEST_PX for side in sides):
        raise ValueError(f"pictures of {_shown(told)} pixels")
    width, height = sides
    return width, height


def is_number(value: Any) -> bool:
    """Whether it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Also what is too large to be a float.
    return abs(value) < 1e300 and math.isfinite(value)


def check_inside(folder: Path) -> None:
    """No file of a take is a link out of it. Raises TakeError."""
    try:
        home = folder.resolve(strict=True)
        for name in _FILES:
            _stay_inside(folder / name, home, name)
    # RuntimeError: links that lead to each other in a circle. ValueError: no path at all.
    except (OSError, RuntimeError, ValueError) as error:
        raise TakeError(
            f"cannot be read: {one_line(str(error), 200)}", subject=str(folder), mend=_COPY_AGAIN
        ) from error


def check_document(folder: Path, content: Mapping[str, Any]) -> None:
    """What a take.json says is of the kinds that a recording writes, and every path in it, and in the meshes
    that it names, stays inside. Raises TakeError."""
    try:
        for told in _wrong(content):
            raise TakeError(told, subject=str(folder / "take.json"), mend=_COPY_AGAIN)
        _check_paths(folder, content)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TakeError(
            f"cannot be read: {one_line(repr(error), 200)}",
            subject=str(folder / "take.json"),
            mend=_COPY_AGAIN,
        ) from error


def _check_paths(folder: Path, content: Mapping[str, Any]) -> None:
    home = folder.resolve()
    paths = [str(path) for path in (content.get("files") or {}).values()]
    for thing in content["scene"].get("objects") or ():
        if isinstance(thing.get("path"), str):
            paths.append(thing["path"])
    for told in paths:
        path = folder / told
        _stay_inside(path, home, told)
        for companion in _companions(path):
            _stay_inside(path.parent / companion, home, companion)


def _stay_inside(path: Path, home: Path, told: str) -> None:
    if not path.resolve().is_relative_to(home):
        raise TakeError(
            f"{one_line(told, 120)} leads out of the folder of the take", subject=str(home), mend=_COPY_AGAIN
        )


def _companions(path: Path) -> Iterator[str]:
    """The files that a mesh names, such as its buffers and its materials."""
    suffix = path.suffix.lower()
    if not path.is_file() or path.stat().st_size > _LARGEST_MESH:
        return
    if suffix in _NAMED:
        for found in _NAMED[suffix].findall(path.read_bytes()):
            yield found.decode(errors="replace")
    elif suffix == ".gltf":
        content = json.loads(path.read_text(encoding="utf-8"))
        for kind in ("buffers", "images"):
            for entry in content.get(kind) or ():
                uri = entry.get("uri")
                if isinstance(uri, str) and not uri.startswith("data:"):
                    yield unquote(uri)


def _wrong(content: Mapping[str, Any]) -> Iterator[str]:
    """What in a take.json is not of its kind, in words."""
    kinds: dict[str, Callable[[Any], bool]] = {
        "generator": _is_identity,
        "settings": _is_object,
        "scene": _is_object,
        "slate": _is_object,
        "result": _is_object,
        "files": _is_object,
    }
    needed = ("settings", "scene")
    for name, is_one in kinds.items():
        value = content.get(name)
        if not (is_one(value) or (value is None and name not in needed)):
            yield f"its {name} cannot be used: {_shown(value)}"
    settings: Mapping[str, Any] = content["settings"]
    for name, is_one in _SETTINGS.items():
        if settings.get(name) is not None and not is_one(settings[name]):
            yield f"settings.{name} cannot be used: {_shown(settings[name])}"
    lens: Mapping[str, Any] = settings.get("lens") or {}
    for name, (least, most) in _LENS.items():
        value = lens.get(name)
        if value is not None and not (is_number(value) and least <= value <= most):
            yield f"settings.lens.{name} cannot be used: {_shown(value)}"
    for name in ("frames", "ticks"):
        value = (content.get("result") or {}).get(name)
        if value is not None and not (_is_whole(value) and value >= 0):
            yield f"result.{name} cannot be used: {_shown(value)}"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_PATH and value.isprintable()


def _is_threads(value: Any) -> bool:
    return _is_whole(value) and 0 <= value <= _MOST_THREADS


def _is_size(value: Any) -> bool:
    try:
        picture_size(value)
    except ValueError:
        return False
    return True


def _is_options(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_word(one) or is_number(one) for one in value.values())


def _is_identity(value: Any) -> bool:
    """Whether it tells what drew the pictures."""
    if not isinstance(value, dict):
        return False
    words, others = ("name", "device", "dtype"), ("torch", "weights_sha256")
    return (
        all(_is_word(value.get(word)) for word in words)
        and all(value.get(word) is None or _is_word(value[word]) for word in others)
        and _is_threads(value.get("threads", 0))
    )


_SETTINGS: Mapping[str, Callable[[Any], bool]] = {
    "seed": lambda value: _is_whole(value) and 0 <= value < 2**64,
    "move": _is_word,
    "generator": _is_word,
    "generator_options": _is_options,
    "threads": _is_threads,
    "map_size": _is_size,
    "stabiliser": lambda value: is_number(value) and 0 <= value <= 1,
    "picture_rate": lambda value: is_number(value) and 0 <= value <= 1000,
    "quality": _is_word,
    "gl_renderer": _is_word,
    "lens": _is_object,
    "holds": lambda value: isinstance(value, list),
}
_LENS: Mapping[str, tuple[float, float]] = {
    "f_number": (0.01, 1e4),
    "focus_distance_m": (1e-6, 1e9),
    "shutter_angle_deg": (0.0, 360.0),
}


def _shown(value: object) -> str:
    return one_line(json.dumps(value, ensure_ascii=True)[:200] if not _is_deep(value) else "[[…]]", 60)


def _is_deep(value: object) -> bool:
    """Whether it is nested at all: how deeply is not looked at."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(isinstance(part, dict | list) for part in parts)
