"""The pictures that a take's directions follow, by what was in their files and not by their names alone."""

import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from director.take.hashes import file_sha256
from director.take.track import TrackLine
from director.types import Direction

__all__ = ["STORED", "followed", "followed_in", "reference_sha256", "stored_hashes"]

STORED = "references_sha256"
"""Under this name the result in a take.json has the hash of each reference by its path."""

# Far above any picture that a generator would read: a take from elsewhere may name anything.
_LARGEST = 2**28


def followed(direction: Direction) -> Iterator[str]:
    """The paths that a direction names, and what it is leaving, as often as they do."""
    at: Direction | None = direction
    while at is not None:
        yield from at.references
        at = at.leaving


def followed_in(lines: Iterable[TrackLine]) -> tuple[str, ...]:
    """Each path that the lines of a track name, once, in alphabetical order."""
    found: set[str] = set()
    for line in lines:
        found.update(followed(line.direction))
        if line.generated_from is not None:
            found.update(followed(line.generated_from.direction))
    return tuple(sorted(found))


def reference_sha256(path: str) -> str | None:
    """Of a picture's bytes; None where there is no file of that name, or none that can be read as one. What
    is too large to be a picture is told by its size."""
    try:
        told = Path(path).stat()
        if not stat.S_ISREG(told.st_mode):
            return None
        if told.st_size > _LARGEST:
            return f"{told.st_size} bytes"
        return file_sha256(Path(path))
    except (OSError, ValueError):
        # A name that is too long for one, or has letters that none has.
        return None


def stored_hashes(result: Mapping[str, Any]) -> Mapping[str, str]:
    """What a take says in its result, by path; nothing where it is of an earlier version."""
    found = result.get(STORED)
    if not isinstance(found, dict):
        return {}
    return {path: sha256 for path, sha256 in found.items() if isinstance(sha256, str)}
