"""Notes that were saved from a review, brought back into the takes that they are about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from director.errors import BadInput, DirectorError, RunError, UsageError
from director.take.exporters._source import one_line
from director.take.library import MOST_STARS, entry_of, mark_take
from director.take.review.notes import FrameNote, Opinion, note_text, opinion_of, split_note
from director.take.review.takes import FoundTake, fingerprint, found_takes, label_of, open_plain, reason

__all__ = ["Imported", "Saved", "import_notes", "read_saved"]

_FORMAT, _VERSION = "director review notes", 1
_MEND = "save the notes from the review again"
_LARGEST_BYTES = 64 * 2**20
_MOST_TAKES, _MOST_NOTES = 100_000, 10_000
_LONGEST = 4000
_FORCE = "(--overwrite writes all the same)"


@dataclass(frozen=True, slots=True)
class Saved:
    """What a file says of one take: which it is, what the page showed of it, and what was made of that."""

    label: str
    fingerprint: str
    was: Opinion
    now: Opinion


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: the takes `written` and `unchanged`, and those left as they are, each with why:
    not there, changed since, or impossible to write."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    not_found: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, str], ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """A line for each take that was left as it is."""
        return tuple(f"{label}: {why}" for label, why in (*self.not_found, *self.changed, *self.failed))


def import_notes(file: Path, named: Sequence[Path], overwrite: bool) -> Imported:
    """Write ratings, circles and notes of a file into the takes among `named` that they are about. Takes that
    are no longer those of the page, or whose slate says something new since, are left alone, but for
    `overwrite`. The whole file is checked before anything is written.

    Raises UsageError for a file that is none of notes, TakeError for `named` that hold no takes.
    """
    saved = read_saved(file)
    there = _Takes(found_takes(named))
    written: list[str] = []
    unchanged: list[str] = []
    not_found: list[tuple[str, str]] = []
    changed: list[tuple[str, str]] = []
    failed: list[tuple[str, str]] = []
    for one in saved:
        like = there.like(one)
        take = there.same(one) or (like if overwrite else None)
        if take is None and like is not None:
            changed.append((one.label, f"is another take now than the one reviewed {_FORCE}"))
        elif take is None:
            not_found.append((one.label, "is not among these takes"))
        else:
            try:
                told = _write(take, one, overwrite)
            except (BadInput, RunError) as error:
                failed.append((one.label, reason(error, take)))
                continue
            if told is None:
                unchanged.append(one.label)
            elif told:
                changed.append((one.label, f"{told} since it was reviewed {_FORCE}"))
            else:
                written.append(one.label)
    return Imported(tuple(written), tuple(unchanged), tuple(not_found), tuple(changed), tuple(failed))


def read_saved(file: Path) -> tuple[Saved, ...]:
    """What a file of notes says, checked field by field. Raises UsageError, which names what is wrong."""
    try:
        if not file.is_file():
            raise UsageError("there is no such file", subject=str(file), mend="name a file of notes")
        if file.stat().st_size > _LARGEST_BYTES:
            raise UsageError("is too long for notes", subject=str(file), mend=_MEND)
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        told = error.strerror if isinstance(error, OSError) else one_line(str(error), 120)
        raise UsageError(f"cannot be read as notes: {told}", subject=str(file), mend=_MEND) from error
    try:
        return _saved(content)
    except _Wrong as wrong:
        raise UsageError(str(wrong), subject=str(file), mend=_MEND) from wrong


class _Wrong(ValueError):
    """Something in a file of notes that cannot be."""


class _Takes:
    """The takes that notes may be about; fingerprints are taken once."""

    def __init__(self, found: Sequence[FoundTake]) -> None:
        self._by_print: dict[str, list[Path]] = {}
        self._by_label: dict[str, list[Path]] = {}
        for take in found:
            self._by_label.setdefault(label_of(take.folder), []).append(take.folder)
            try:
                self._by_print.setdefault(fingerprint(take.folder), []).append(take.folder)
            except DirectorError:
                # It may still be named as one that has changed.
                continue

    def same(self, saved: Saved) -> Path | None:
        """The very take; of copies the one that is called the same."""
        copies = self._by_print.get(saved.fingerprint, [])
        called = [folder for folder in copies if label_of(folder) == saved.label]
        return next(iter(called or copies), None)

    def like(self, saved: Saved) -> Path | None:
        """The only take of that name, whatever is in it."""
        called = self._by_label.get(saved.label, [])
        return called[0] if len(called) == 1 else None


def _write(take: Path, saved: Saved, overwrite: bool) -> str | None:
    """Write what a file says of a take, and return ""; None where it says so already, and what has changed
    since where that stands against it. Raises BadInput and RecordingError."""
    source = open_plain(take)
    late = [at.frame for at in saved.now.frames if at.frame >= source.frames]
    if late:
        raise UsageError(f"a note is at frame {late[0]}, and it has {source.frames}")
    before = opinion_of(entry_of(take), source.fps, source.frames)
    text = note_text(saved.now, source.fps)
    # As it will be read again.
    wanted = Opinion(saved.now.rating, saved.now.circled, *split_note(text, source.fps, source.frames))
    if before == wanted:
        return None
    if before != saved.was and not overwrite:
        return _difference(saved.was, before)
    mark_take(take, note=text, rating=wanted.rating, circled=wanted.circled)
    return ""


def _difference(was: Opinion, now: Opinion) -> str:
    told = []
    if was.rating != now.rating:
        told.append(f"its rating went from {was.rating} to {now.rating}")
    if was.circled != now.circled:
        told.append("it was circled" if now.circled else "its circle was taken away")
    if (was.note, was.frames) != (now.note, now.frames):
        told.append("its note was changed")
    return " and ".join(told)


def _saved(content: Any) -> tuple[Saved, ...]:
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise _Wrong("holds no notes of a review")
    if content.get("version") != _VERSION:
        raise _Wrong(f"is of version {one_line(str(content.get('version')), 20)}, and {_VERSION} is known")
    takes = content.get("takes")
    if not isinstance(takes, list) or len(takes) > _MOST_TAKES:
        raise _Wrong("takes: is no list of takes")
    found = tuple(_one(take, f"takes[{number}]") for number, take in enumerate(takes))
    labels = [(one.label, one.fingerprint) for one in found]
    if len(set(labels)) < len(labels):
        raise _Wrong("takes: tells of a take twice")
    return found


def _one(take: Any, at: str) -> Saved:
    if not isinstance(take, dict):
        raise _Wrong(f"{at}: is no take")
    label, told = take.get("folder"), take.get("fingerprint")
    if not isinstance(label, str) or not label.strip() or len(label) > 400:
        raise _Wrong(f"{at}.folder: names no take")
    if not isinstance(told, str) or len(told) != 64:
        raise _Wrong(f"{at}.fingerprint: is none")
    return Saved(one_line(label, 200), told, _opinion(take.get("was"), f"{at}.was"), _opinion(take, at))


def _opinion(told: Any, at: str) -> Opinion:
    if not isinstance(told, dict):
        raise _Wrong(f"{at}: is no opinion of a take")
    rating, circled, note = told.get("rating"), told.get("circled"), told.get("note")
    if type(rating) is not int or not 0 <= rating <= MOST_STARS:
        raise _Wrong(f"{at}.rating: {one_line(str(rating), 40)} is no rating, 0 to {MOST_STARS}")
    if type(circled) is not bool:
        raise _Wrong(f"{at}.circled: is neither true nor false")
    if not isinstance(note, str) or len(note) > _LONGEST:
        raise _Wrong(f"{at}.note: is no text of at most {_LONGEST} characters")
    notes = told.get("notes")
    if not isinstance(notes, list) or len(notes) > _MOST_NOTES:
        raise _Wrong(f"{at}.notes: is no list of notes")
    frames = [_frame_note(one, f"{at}.notes[{number}]") for number, one in enumerate(notes)]
    frames.sort(key=lambda it: it.frame)
    opinion = Opinion(rating, circled, one_line(note, _LONGEST), tuple(frames))
    if len(note_text(opinion, Fraction(24))) > _LONGEST:
        raise _Wrong(f"{at}: its notes have more than {_LONGEST} characters together")
    return opinion


def _frame_note(told: Any, at: str) -> FrameNote:
    if not isinstance(told, dict):
        raise _Wrong(f"{at}: is no note")
    frame, text = told.get("frame"), told.get("text")
    if type(frame) is not int or not 0 <= frame < 10_000_000:
        raise _Wrong(f"{at}.frame: {one_line(str(frame), 40)} is no frame")
    if not isinstance(text, str) or not one_line(text, _LONGEST) or len(text) > _LONGEST:
        raise _Wrong(f"{at}.text: is no text")
    return FrameNote(frame, one_line(text, _LONGEST))
