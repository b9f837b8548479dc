"""Read a shot as a director says it: "medium close-up of Anna, low angle, from the left, 50 mm"."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from director.camera.setups.shot import Kind, Shot
from director.camera.setups.vocabulary import FILLERS, VOCABULARY, words_of
from director.errors import UsageError

__all__ = ["Reading", "UnknownWord", "phrase_of", "read_shot", "shot_from"]

_FOCAL = re.compile(r"(\d+(?:\.\d+)?)\s*mm\b", re.IGNORECASE)
_SHORTEST_MM, _LONGEST_MM = 4.0, 1200.0
_LONGEST_PHRASE = max(len(words) for words in VOCABULARY)


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word that says nothing here, and the nearest that do."""

    word: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a phrase asks for, and what in it was not understood. `shot` is None without a subject."""

    shot: Shot | None
    unknown: tuple[UnknownWord, ...] = ()
    ambiguous: tuple[tuple[str, tuple[str, ...]], ...] = ()


def read_shot(phrase: str, names: Sequence[str]) -> Reading:
    """Read a phrase against the names of what can be framed; letters' case does not matter.

    Names may be given in part where only one has those words. The first word for a thing counts; words that
    are neither names nor known are reported. Never raises.
    """
    focal = _FOCAL.search(phrase)
    words = words_of(_FOCAL.sub(" ", phrase))
    full = {words_of(name): name for name in reversed(names) if words_of(name)}
    fields: dict[str, Any] = {}
    subjects: list[str] = []
    unknown: list[UnknownWord] = []
    ambiguous: list[tuple[str, tuple[str, ...]]] = []
    owner: str | None = None  # who "over shoulder of" speaks of
    i = 0
    while i < len(words):
        length, name = _longest(words, i, full)
        if name is not None:
            i += length
            owner = owner or (
                name if _said(words, i - length, "of") and "shoulder" in words[: i - length] else None
            )
            _add(subjects, name)
            continue
        length, meaning = _longest(words, i, VOCABULARY)
        if meaning is not None:
            fields.setdefault(meaning[0], meaning[1])
            i += length
            continue
        if words[i] in FILLERS:
            i += 1
            continue
        chunk = _chunk(words, i, full)
        found, used = _in_part(chunk, names)
        if len(found) == 1:
            owner = owner or (found[0] if _said(words, i, "of") and "shoulder" in words[:i] else None)
            _add(subjects, found[0])
        elif found:
            ambiguous.append((" ".join(chunk[:used]), tuple(found)))
        else:
            unknown.append(UnknownWord(words[i], _nearest(words[i], names)))
            used = 1
        i += used
    shot = _shot(fields, subjects, owner, None if focal is None else float(focal[1]))
    return Reading(shot, tuple(unknown), tuple(ambiguous))


def shot_from(phrase: str, names: Sequence[str]) -> Shot:
    """A phrase that is understood whole. Raises UsageError that says what is not, and what is near."""
    reading = read_shot(phrase, names)
    if reading.ambiguous:
        words, found = reading.ambiguous[0]
        raise UsageError(f"{words!r} may be any of {', '.join(found)}", subject=phrase, mend="say which")
    if reading.unknown:
        word = reading.unknown[0]
        mend = f"did you mean {' or '.join(word.nearest)}?" if word.nearest else f"there are {_some(names)}"
        raise UsageError(f"{word.word!r} is no name here and no word for a shot", subject=phrase, mend=mend)
    if reading.shot is None:
        raise UsageError(
            "names nobody and nothing", subject=phrase, mend=f"of whom? There are {_some(names)}"
        )
    focal = reading.shot.focal_length_mm
    if focal is not None and not _SHORTEST_MM <= focal <= _LONGEST_MM:
        raise UsageError(f"{focal:g} mm is no lens", subject=phrase, mend="give 4 to 1200 mm, such as 50 mm")
    return reading.shot


def phrase_of(shot: Shot) -> str:
    """The words for a shot, which read back as the same shot."""
    names = shot.subjects
    told = {
        "single": f"{shot.size or 'medium'} of {names[0]}",
        "group": f"{shot.size or 'medium'} group shot of {' and '.join(names)}",
        "over shoulder": f"over shoulder of {' on '.join(names[:2])}",
        "insert": f"insert of {names[0]}",
        "point of view": f"point of view of {' on '.join(names[:2])}",
    }[shot.kind]
    if shot.kind == "group" and len(names) == 2:
        told = f"{shot.size or 'medium'} two-shot of {' and '.join(names)}"
    more = [shot.angle, f"{shot.shoulder} shoulder" if shot.shoulder else None, shot.side]
    if shot.dutch_deg:
        more.append("dutch left" if shot.dutch_deg > 0 else "dutch right")
    if shot.focal_length_mm is not None:
        more.append(f"{shot.focal_length_mm:g} mm")
    return ", ".join([told, *(word for word in more if word)])


def _shot(
    fields: dict[str, Any], subjects: list[str], owner: str | None, focal_length_mm: float | None
) -> Shot | None:
    if not subjects:
        return None
    kind = cast(Kind, fields.pop("kind", None) or ("over shoulder" if "shoulder" in fields else "single"))
    if kind == "single" and len(subjects) > 1:
        kind = "group"
    if kind == "group" and len(subjects) == 1:
        kind = "single"
    if kind == "over shoulder" and owner in subjects:
        # "on Anna, over the shoulder of Ben": the shoulder's owner is the near one.
        subjects = [owner, *(name for name in subjects if name != owner)] if owner else subjects
    return Shot(kind, tuple(subjects), focal_length_mm=focal_length_mm, **fields)


def _add(subjects: list[str], name: str) -> None:
    if name not in subjects:
        subjects.append(name)


def _said(words: Sequence[str], before: int, word: str) -> bool:
    """Whether a word stands just before, articles aside."""
    earlier = [w for w in words[:before] if w not in ("the", "a", "an")]
    return bool(earlier) and earlier[-1] == word


def _longest(words: Sequence[str], i: int, known: Any) -> tuple[int, Any]:
    for length in range(min(len(words) - i, max(_LONGEST_PHRASE, 12)), 0, -1):
        meaning = known.get(tuple(words[i : i + length]))
        if meaning is not None:
            return length, meaning
    return 0, None


def _chunk(words: Sequence[str], i: int, full: Any) -> tuple[str, ...]:
    """The words from i on that are neither fillers nor the start of something known."""
    end = i + 1
    while end < len(words) and words[end] not in FILLERS and _longest(words, end, full)[1] is None:
        end += 1
    return tuple(words[i:end])


def _in_part(chunk: tuple[str, ...], names: Sequence[str]) -> tuple[list[str], int]:
    """The names that have the first words of a chunk, as many words as any name has."""
    for used in range(len(chunk), 0, -1):
        asked = set(chunk[:used])
        found = [name for name in names if asked <= set(words_of(name))]
        if found:
            return found, used
    return [], 1


def _nearest(word: str, names: Sequence[str]) -> tuple[str, ...]:
    known = {part: name for name in names for part in (*words_of(name), name.lower())}
    known |= {said: said for words in VOCABULARY for said in (" ".join(words), *words)}
    known |= {said: said for said in FILLERS if len(said) > 3}
    close = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    return tuple(dict.fromkeys(known[match] for match in close))


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown or "no objects in this scene"
