"""Which takes are to be reviewed: all that are named or lie in folders named, read with distrust."""

import hashlib
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from director.errors import DirectorError, TakeError
from director.take.exporters._source import Source, one_line, open_source
from director.take.library import SLATE_FILE

__all__ = ["FoundTake", "fingerprint", "found_takes", "label_of", "open_plain", "reason"]

_FILES = ("take.json", SLATE_FILE, "track.jsonl", "video.mp4", "thumbnail.png")
_FINGERPRINTED = ("take.json", "track.jsonl", "video.mp4")
_MEND = "name takes, or a folder that holds some"


@dataclass(frozen=True, slots=True)
class FoundTake:
    """The folder of a take; `is_named` says that it was named itself, not by a folder about it."""

    folder: Path
    is_named: bool


def found_takes(named: Sequence[Path]) -> tuple[FoundTake, ...]:
    """The takes that are meant, each once: a folder that is no take stands for all in it, and in the folders
    in it. Only names are read. Raises TakeError for a folder that is not there or holds none."""
    found: dict[Path, FoundTake] = {}
    for path in named:
        # Not resolved: a link that someone made is theirs to name.
        folder = path.expanduser().absolute()
        try:
            if not folder.is_dir():
                raise TakeError("there is no such folder", subject=str(path), mend=_MEND)
            takes = [FoundTake(folder, True)] if _is_take(folder) else list(_takes_in(folder))
            for take in takes:
                found.setdefault(take.folder.resolve(), take)
        except (OSError, ValueError, RuntimeError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            raise TakeError(f"cannot be read: {told or error}", subject=str(path), mend=_MEND) from error
        if not takes:
            raise TakeError("is no take, and holds none", subject=str(path), mend=_MEND)
    return tuple(found.values())


def open_plain(folder: Path) -> Source:
    """Read a take. Raises TakeError, SceneError and RecordingError, also for what leads out of the folder or
    is no plain file: one would wait for a pipe for ever."""
    for name in _FILES:
        path = folder / name
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        except (OSError, ValueError, RuntimeError) as error:
            raise TakeError(f"{name} cannot be read: {error}", subject=str(folder), mend=_MEND) from error
        if not stat.S_ISREG(mode):
            raise TakeError(f"{name} is no file", subject=str(folder), mend="copy the take again")
    return open_source(folder)


def label_of(folder: Path) -> str:
    """What a take is called among others: the names of its folder and of the one about that."""
    return f"{one_line(folder.parent.name, 80)}/{one_line(folder.name, 80)}"


def fingerprint(folder: Path) -> str:
    """SHA-256 of what a take is: what made it, its track and its film, but not what is thought of it.

    Raises TakeError where one of these files is missing, no plain file or out of the folder.
    """
    told = hashlib.sha256()
    try:
        home = folder.resolve(strict=True)
        for name in _FINGERPRINTED:
            path = (folder / name).resolve(strict=True)
            if not path.is_relative_to(home) or not stat.S_ISREG(path.stat().st_mode):
                raise TakeError(f"{name} is no file of its own", subject=str(folder), mend=_MEND)
            with path.open("rb") as file:
                told.update(hashlib.file_digest(file, "sha256").digest())
    except (OSError, RuntimeError) as error:
        raise TakeError(f"cannot be read: {error}", subject=str(folder), mend=_MEND) from error
    return told.hexdigest()


def reason(error: DirectorError, folder: Path) -> str:
    """Why a take cannot be shown, in one line without a path: whoever sees the page has no such folder."""
    file, problem = error.subject, error.problem
    for place in (folder.resolve(), folder.absolute(), folder):
        file = file.replace(f"{place}/", "").replace(str(place), "")
        problem = problem.replace(f"{place}/", "").replace(str(place), "it")
    return one_line(f"{file}: {problem}" if file else problem, 200)


def _takes_in(folder: Path) -> Iterator[FoundTake]:
    for child in _folders(folder):
        if _is_take(child):
            yield FoundTake(child, False)
        else:
            yield from (FoundTake(take, False) for take in _folders(child) if _is_take(take))


def _folders(folder: Path) -> list[Path]:
    # A dot hides the trash, and what is being written.
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.is_dir())
    except PermissionError:
        # Told as an empty one: what else lies beside it can still be seen.
        return []


def _is_take(folder: Path) -> bool:
    return any((folder / name).exists() for name in _FINGERPRINTED)
