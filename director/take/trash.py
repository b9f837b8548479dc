"""Takes that were thrown away, in `takes/.trash/<n>/<scene>/<take>`, until they are brought back or the trash
is emptied. Throwing away and bringing back are one rename: nothing is copied, nothing lost half-way."""

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from director.errors import RecordingError, TakeError
from director.take.folder import free_places, make_take_folder
from director.take.library import TRASH, TakeEntry, entry_of, write_slate

__all__ = ["Trashed", "empty_trash", "restore_take", "trash_take", "trashed_takes"]


@dataclass(frozen=True, slots=True)
class Trashed:
    """A take in the trash of `root`: where it lies, and where it lay."""

    root: Path
    folder: Path
    origin: Path

    @property
    def entry(self) -> TakeEntry:
        """What the take is."""
        return entry_of(self.folder)


def trash_take(root: Path, folder: Path) -> Trashed:
    """Throw a take away that lies at `root/<scene>/<take>`. Not one that is being recorded: the caller knows.

    Raises TakeError where no take lies there, and RecordingError where it cannot be moved.
    """
    inside = folder.resolve().relative_to(root.resolve()).parts if _is_inside(folder, root) else ()
    if len(inside) != 2 or inside[0] == TRASH or not folder.is_dir():
        raise TakeError(
            "is no take of this folder", subject=str(folder), mend=f"takes lie in {root}/<scene>/"
        )
    try:
        place = _free_slot(root / TRASH) / inside[0] / inside[1]
        place.parent.mkdir(parents=True)
        folder.rename(place)
    except OSError as error:
        raise _unmoved(folder, error) from error
    return Trashed(root, place, root / inside[0] / inside[1])


def trashed_takes(root: Path) -> tuple[Trashed, ...]:
    """The trash, last thrown away first. Raises TakeError where it cannot be read."""
    found: list[Trashed] = []
    try:
        for slot in sorted(_slots(root / TRASH), key=lambda path: -int(path.name)):
            for folder in sorted(slot.glob("*/*")):
                found.append(Trashed(root, folder, root / folder.relative_to(slot)))
    except OSError as error:
        raise TakeError(
            f"cannot be read: {error.strerror or error}",
            subject=str(root / TRASH),
            mend="check its permissions",
        ) from error
    return tuple(found)


def restore_take(trashed: Trashed) -> TakeEntry:
    """Bring a take back to where it lay; where another has taken its number meanwhile, it gets the next free
    one. Returns it. Raises TakeError where it is not in the trash any more, and RecordingError."""
    if not trashed.folder.is_dir():
        raise TakeError("is not in the trash", subject=str(trashed.folder), mend="look into the trash again")
    entry = trashed.entry
    origin, number = trashed.origin, entry.number
    try:
        origin.parent.mkdir(parents=True, exist_ok=True)
        # Made empty first, to hold the place: who records at the same time then takes another number.
        origin.mkdir()
    except FileExistsError:
        shot = origin.name.rpartition("_T")[0] or origin.name
        origin, number = make_take_folder(trashed.root, origin.parent.name, shot)
    except OSError as error:
        raise _unmoved(trashed.folder, error) from error
    try:
        # Taken away again, for Windows renames onto nothing that is there.
        origin.rmdir()
        trashed.folder.rename(origin)
    except OSError as error:
        raise _unmoved(trashed.folder, error) from error
    _tidy(trashed.folder.parent)
    if number != entry.number:
        write_slate(origin, {"take": number})
    return entry_of(origin)


def empty_trash(root: Path) -> int:
    """Delete everything in the trash for good; returns how many takes that were. Raises RecordingError where
    something cannot be deleted: the rest may be gone then."""
    count = len(trashed_takes(root))
    try:
        for slot in _slots(root / TRASH):
            shutil.rmtree(slot)
    except OSError as error:
        raise RecordingError(
            f"cannot be deleted: {error.strerror or error}",
            subject=str(error.filename or root / TRASH),
            mend="close what has it open",
        ) from error
    return count


def _slots(trash: Path) -> list[Path]:
    # Whatever else lies there was not put there by this module.
    return [path for path in trash.iterdir() if path.name.isdecimal()] if trash.is_dir() else []


def _free_slot(trash: Path) -> Path:
    trash.mkdir(parents=True, exist_ok=True)
    for slot, _ in free_places(trash, "", 4):
        with contextlib.suppress(FileExistsError):
            slot.mkdir()
            return slot
    raise AssertionError("numbers do not end")


def _tidy(folder: Path) -> None:
    """Take away the folders of the slot that are empty now."""
    with contextlib.suppress(OSError):
        folder.rmdir()
        folder.parent.rmdir()


def _is_inside(folder: Path, root: Path) -> bool:
    return folder.resolve().is_relative_to(root.resolve())


def _unmoved(folder: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"cannot be moved: {error.strerror or error}", subject=str(folder), mend="close what has it open"
    )
