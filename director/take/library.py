"""The takes under a folder: what they are, what is thought of them, and the trash.

What made a take stays as take.json has it; what people think of it afterwards (note, rating, circled) lies
beside that in `slate.json`. So a take can be rated while it is recorded, for the recorder writes take.json
anew at its end, and a fault in the one never costs the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from director.errors import TakeError
from director.take.distrust import film_rate, picture_size
from director.take.folder import read_json, write_json

__all__ = [
    "MOST_STARS",
    "SLATE_FILE",
    "TRASH",
    "Library",
    "TakeEntry",
    "entry_of",
    "list_takes",
    "mark_take",
    "write_slate",
]

SLATE_FILE = "slate.json"
TRASH = ".trash"
MOST_STARS = 5

_NUMBERED = re.compile(r"(?P<shot>.+)_T(?P<number>\d+)")
_LONGEST_NOTE = 4000
# Of a film, and of the takes of a shot.
_MOST_FRAMES = 10**9
_STATES = ("recording", "short", "complete")


@dataclass(frozen=True, slots=True)
class TakeEntry:
    """A take as lists show it. `state` is "complete", "short" (it ended early, `error` says why), "recording"
    (it is being recorded, or the program was killed meanwhile: `frames` is not known then) or "broken"
    (`error` says what cannot be read). `problem` is what is wrong with its slate.json, "" if nothing is.

    `rating` is 0..5 stars, 0 where it has none; `thumbnail` is None where there is none.
    """

    folder: Path
    scene: str
    shot: str
    number: int
    state: str
    error: str = ""
    date: str = ""
    frames: int | None = None
    fps: Fraction | None = None
    size: tuple[int, int] | None = None
    note: str = ""
    rating: int = 0
    circled: bool = False
    problem: str = ""
    thumbnail: Path | None = None

    @property
    def video(self) -> Path:
        """Where its film lies, if it has one."""
        return self.folder / "video.mp4"

    @property
    def duration_s(self) -> float | None:
        """The length of its film, where it is known."""
        return None if self.frames is None or self.fps is None else float(self.frames / self.fps)


class Library:
    """The takes under a folder, read again only where their files have changed: for panels that ask often."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._read: dict[Path, tuple[tuple[object, ...], TakeEntry]] = {}

    def takes(self) -> tuple[TakeEntry, ...]:
        """All takes in order of scene, shot and number. Those that cannot be read are among them, with their
        error. Raises TakeError where the folder itself cannot be read; one that is not there has no takes."""
        read: dict[Path, tuple[tuple[object, ...], TakeEntry]] = {}
        for folder in _take_folders(self.root):
            stamp = tuple(
                _stamp(folder / name) for name in ("take.json", SLATE_FILE, "thumbnail.png", "video.mp4")
            )
            known = self._read.get(folder)
            read[folder] = known if known is not None and known[0] == stamp else (stamp, entry_of(folder))
        self._read = read
        entries = [entry for _, entry in read.values()]
        return tuple(sorted(entries, key=lambda take: (take.scene, take.shot, take.number, str(take.folder))))


def list_takes(root: Path) -> tuple[TakeEntry, ...]:
    """The takes under `root/<scene>/`, as Library gives them. Raises TakeError."""
    return Library(root).takes()


def entry_of(folder: Path) -> TakeEntry:
    """One take; never raises: what cannot be read is in the entry."""
    match = _NUMBERED.fullmatch(folder.name)
    shot, number = (match["shot"], int(match["number"])) if match else (folder.name, 0)
    picture = folder / "thumbnail.png"
    thumbnail = picture if _stamp(picture) else None
    opinion, problem = _opinion(folder)
    try:
        content: dict[str, Any] = read_json(folder / "take.json")
        slate = content["slate"]
        settings = content["settings"]
        result = content.get("result") or {}
        state = str(content["state"])
        if state not in _STATES:
            raise ValueError(f"{state!r:.40} is no state of a take")
        frames = result.get("frames")
        if frames is not None and not 0 <= int(frames) <= _MOST_FRAMES:
            raise ValueError(f"{frames!r:.40} is no number of frames")
        number = int(opinion.get("take", slate["take"]))
        if abs(number) > _MOST_FRAMES:
            raise ValueError(f"{number!r:.40} is no number of a take")
        entry = TakeEntry(
            folder,
            scene=str(slate["scene"]),
            shot=str(slate["shot"]),
            number=number,
            state=state,
            error=str(result.get("error") or ""),
            date=str(slate.get("date", "")),
            frames=None if frames is None else int(frames),
            fps=film_rate(settings["fps"]),
            size=picture_size(settings["size"]),
            note=str(opinion.get("note", slate.get("note", ""))),
            rating=opinion.get("rating", 0),
            circled=opinion.get("circled", False),
            problem=problem,
            thumbnail=thumbnail,
        )
    except FileNotFoundError:
        return _broken(folder, shot, number, "it has no take.json", opinion, problem, thumbnail)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        ArithmeticError,
        RecursionError,
    ) as error:
        # A whole file may stand in an error about its letters.
        told = f"take.json cannot be read: {error!r:.160}"
        return _broken(folder, shot, number, told, opinion, problem, thumbnail)
    # ffmpeg makes the film only some moments after a take has begun.
    if entry.state != "recording" and not _stamp(entry.video):
        return _broken(folder, entry.shot, entry.number, "it has no video.mp4", opinion, problem, thumbnail)
    return entry


def mark_take(
    folder: Path, *, note: str | None = None, rating: int | None = None, circled: bool | None = None
) -> TakeEntry:
    """Write what is thought of a take; what is left out stays, and so do fields that this version does not
    know. Written whole or not at all. Returns the take as it then is.

    Raises TakeError where there is no such take, the rating is none or the slate.json there cannot be
    read, and RecordingError where it cannot be written.
    """
    if not folder.is_dir():
        raise TakeError("is no take", subject=str(folder), mend="list the takes again")
    if rating is not None and (isinstance(rating, bool) or not 0 <= rating <= MOST_STARS):
        raise TakeError(f"{rating} is no rating", subject=str(folder), mend=f"give 0 to {MOST_STARS} stars")
    if note is not None and len(note) > _LONGEST_NOTE:
        raise TakeError(
            f"a note of {len(note)} characters", subject=str(folder), mend=f"keep to {_LONGEST_NOTE}"
        )
    wanted = {"note": note, "rating": rating, "circled": circled}
    write_slate(folder, {key: value for key, value in wanted.items() if value is not None})
    return entry_of(folder)


def write_slate(folder: Path, changes: Mapping[str, object]) -> None:
    """Change fields of a take's slate.json, and keep the others. Raises TakeError and RecordingError."""
    path = folder / SLATE_FILE
    try:
        content = read_json(path)
    except FileNotFoundError:
        content = {"schema_version": 1}
    except (OSError, ValueError, RecursionError) as error:
        raise TakeError(
            f"cannot be read: {error}", subject=str(path), mend="mend it or take it away"
        ) from error
    write_json(path, {**content, **changes})


def _opinion(folder: Path) -> tuple[dict[str, Any], str]:
    """What slate.json says that can be used, and what is wrong with it."""
    path = folder / SLATE_FILE
    try:
        content: dict[str, Any] = read_json(path)
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError, RecursionError) as error:
        return {}, f"{SLATE_FILE} cannot be read: {error}"
    kinds: dict[str, type] = {"note": str, "rating": int, "circled": bool, "take": int}
    wrong = [key for key, kind in kinds.items() if key in content and type(content[key]) is not kind]
    if "rating" not in wrong and not 0 <= content.get("rating", 0) <= MOST_STARS:
        wrong.append("rating")
    known = {key: content[key] for key in kinds if key in content and key not in wrong}
    return known, f"{SLATE_FILE}: {', '.join(wrong)} cannot be used" if wrong else ""


def _broken(
    folder: Path,
    shot: str,
    number: int,
    error: str,
    opinion: Mapping[str, Any],
    problem: str,
    thumbnail: Path | None,
) -> TakeEntry:
    return TakeEntry(
        folder,
        scene=folder.parent.name,
        shot=shot,
        number=number,
        state="broken",
        error=error,
        note=opinion.get("note", ""),
        rating=opinion.get("rating", 0),
        circled=opinion.get("circled", False),
        problem=problem,
        thumbnail=thumbnail,
    )


def _take_folders(root: Path) -> list[Path]:
    if not root.exists():
        return []
    found: list[Path] = []
    for scene in _folders(root):
        try:
            takes = _folders(scene)
        except TakeError:
            # Told as a take that cannot be read, so that the others can still be seen.
            found.append(scene)
        else:
            found += [path for path in takes if _NUMBERED.fullmatch(path.name) or _stamp(path / "take.json")]
    return found


def _folders(folder: Path) -> list[Path]:
    # A dot hides the trash, and what is being written.
    try:
        return [path for path in folder.iterdir() if not path.name.startswith(".") and path.is_dir()]
    except OSError as error:
        raise TakeError(
            f"cannot be read: {error.strerror or error}",
            subject=str(folder),
            mend="choose the folder of the takes",
        ) from error


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_size
