"""The folder of a review: what in it is ours, what of it still holds, and what somebody laid beside it."""

import contextlib
import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from director.errors import RecordingError, UsageError
from director.take.exporters._writing import tidy, whole_folder
from director.take.folder import read_json, write_json

__all__ = [
    "MANIFEST",
    "KeptTake",
    "Manifest",
    "check_out",
    "read_manifest",
    "review_folder",
    "write_manifest",
]

MANIFEST = "review.json"
"""Tells that a folder is a review, and what review made in it."""

_FORMAT, _VERSION = "director review", 1
_MEDIA = re.compile(r"(?:films|pictures)/[A-Za-z0-9][A-Za-z0-9._-]{0,200}", re.ASCII)
_ELSEWHERE = "choose another --out"
# What file managers leave behind in folders that are looked at.
_LITTER = frozenset({".DS_Store", "Thumbs.db", "desktop.ini", ".directory"})
_MEDIA_NAMES = ("film", "proxies", "picture")


@dataclass(frozen=True, slots=True)
class KeptTake:
    """What an earlier run made of a take: paths within the folder by "film", "proxies" and "picture", and
    figures, as they stand in the file."""

    media: Mapping[str, str]
    figures: object = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files` maps paths within the folder to the SHA-256 of what was written there; `takes` go by their
    fingerprint. `recipe` tells how media were made: those of another are made anew."""

    recipe: str
    files: Mapping[str, str] = field(default_factory=dict)
    takes: Mapping[str, KeptTake] = field(default_factory=dict)


def check_out(out: Path, takes: Sequence[Path]) -> Path:
    """The place itself, links followed. A folder that is there must be empty or a review.

    Raises UsageError for a file, for a folder that holds something else and for a place in a take or about
    one; RecordingError where nothing can be made there.
    """
    try:
        place = out.expanduser().resolve()
        tidy(place)
        for take in (path.resolve() for path in takes):
            if place.is_relative_to(take) or take.is_relative_to(place):
                raise UsageError("is where a take lies", subject=str(out), mend=_ELSEWHERE)
        if place.exists() and not place.is_dir():
            raise UsageError("is a file, and a folder is wanted", subject=str(out), mend=_ELSEWHERE)
        if place.is_dir() and read_manifest(place) is None and _others(place):
            raise UsageError("holds other things, and no review", subject=str(out), mend=_ELSEWHERE)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(place.parent, os.W_OK):
            raise PermissionError(None, "Permission denied")
    except (OSError, ValueError, RuntimeError) as error:
        told = error.strerror if isinstance(error, OSError) else error
        raise RecordingError(
            f"cannot be written there: {told or error}", subject=str(out), mend=_ELSEWHERE
        ) from error
    return place


def read_manifest(folder: Path) -> Manifest | None:
    """What an earlier run wrote, read with distrust; None where there is none that can be used. Raises
    OSError."""
    path = folder / MANIFEST
    if not path.exists() or not stat.S_ISREG(path.stat().st_mode):
        return None
    try:
        content: dict[str, Any] = read_json(path)
        if (content["format"], content["version"]) != (_FORMAT, _VERSION):
            return None
        files = {str(name): str(told) for name, told in content["files"].items()}
        takes = {str(key): _kept(take, files) for key, take in content["takes"].items()}
        return Manifest(str(content["recipe"]), files, takes)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def write_manifest(folder: Path, recipe: str, takes: Mapping[str, KeptTake]) -> None:
    """Tell what lies in a finished folder. Raises RecordingError."""
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in _files(folder)}
    content: dict[str, object] = {
        "format": _FORMAT,
        "version": _VERSION,
        "recipe": recipe,
        "takes": {key: {**kept.media, "figures": kept.figures} for key, kept in takes.items()},
        "files": files,
    }
    write_json(folder / MANIFEST, content)


@contextlib.contextmanager
def review_folder(out: Path) -> Iterator[tuple[Path, Manifest | None]]:
    """A new folder to write to, which takes the place of the one at `out`, and what that one tells of itself.
    What somebody laid into the old one is laid into the new one. Where the writing fails, `out` stays as it
    was and nothing is left behind.

    Raises RecordingError for an OSError.
    """
    with whole_folder(out) as made:
        before = read_manifest(out) if out.is_dir() else None
        yield made, before
        if before is not None:
            _carry(out, made, before)


def _carry(old: Path, new: Path, before: Manifest) -> None:
    for path in _others(old):
        told = path.relative_to(old).as_posix()
        if told in before.files or told == MANIFEST:
            continue
        target = new / told
        if not os.path.lexists(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target, follow_symlinks=False)


def _others(folder: Path) -> list[Path]:
    """All that is in a folder but what file managers leave there; folders only where they are links."""
    return [
        Path(root) / name
        for root, folders, names in os.walk(folder)
        for name in (*names, *(name for name in folders if (Path(root) / name).is_symlink()))
        if name not in _LITTER
    ]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _kept(told: Mapping[str, Any], files: Mapping[str, str]) -> KeptTake:
    media = {
        name: told[name]
        for name in _MEDIA_NAMES
        if isinstance(told.get(name), str) and _MEDIA.fullmatch(told[name]) and told[name] in files
    }
    return KeptTake(media, told.get("figures"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
