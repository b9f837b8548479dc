"""Reading a journal after a crash: what is readable, and in a sentence what is not. It never raises."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit.delta import applied
from director.scene.edit.journal import JOURNAL_VERSION, checked_body, journal_path, scene_of_journal
from director.scene.edit.lease import holder_of
from director.scene.load import parse_scene

__all__ = ["Recovery", "leftovers", "read_journal"]

_LARGEST_FILE = 512 * 2**20
# From the last state that the lines give back to the first that is a whole scene, at most so many are tried.
_MOST_TRIES = 50


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a journal holds. `scene` is the last whole scene in it, or None; `edits` the number of its edit
    and `label` that edit's; `lost_lines` could not be read. `message` says it all in a sentence or two."""

    path: Path
    scene: Scene | None
    edits: int
    label: str
    lost_lines: int
    base_sha256: str
    message: str


def read_journal(path: Path, *, file_sha256: str | None = None) -> Recovery:
    """What the journal at `path` gives back. `file_sha256` is that of the scene file now, if it is to be told
    whether the file has changed since the journal began."""
    try:
        if path.stat().st_size > _LARGEST_FILE:
            return _nothing(path, 0, "is too large to be a journal")
        lines = path.read_bytes().split(b"\n")
    except (OSError, ValueError) as error:
        return _nothing(path, 0, f"cannot be read: {getattr(error, 'strerror', None) or error}")
    states, lost = _states(line for line in lines if line.strip())
    problem = ""
    for state in reversed(states[-_MOST_TRIES:]):
        try:
            scene = parse_scene(json.dumps(state.document), file=path.name, folder=path.parent)
        except SceneError as error:
            lost += 1
            problem = problem or str(error)
            continue
        message = f"{state.edit} unsaved edits were kept, the last of them “{state.label}”"
        if problem:
            message += f"; {lost} later ones are left out: {problem}"
        elif lost:
            message += f"; {lost} further lines of the journal cannot be read and are lost"
        if file_sha256 is not None and file_sha256 != state.base_sha256:
            message += "; the scene file has changed since, and recovering sets those changes aside"
        return Recovery(path, scene, state.edit, state.label, lost, state.base_sha256, f"{message}.")
    return _nothing(path, lost, "holds no scene that can be read")


def leftovers(folder: Path) -> list[Path]:
    """The journals in a folder whose scenes nobody has open, in alphabetical order; none where it cannot be
    read."""
    try:
        journals = [path for path in folder.iterdir() if path == journal_path(scene_of_journal(path))]
        return sorted(path for path in journals if holder_of(scene_of_journal(path)) is None)
    except OSError:
        return []


@dataclass(frozen=True, slots=True)
class _State:
    document: dict[str, Any]
    edit: int
    label: str
    base_sha256: str


def _states(lines: Any) -> tuple[list[_State], int]:
    """The scene documents that follow from the lines, and how many lines gave none: a line after a lost one
    cannot be used, until a whole scene comes again."""
    states: list[_State] = []
    lost = 0
    now: _State | None = None
    for line in lines:
        try:
            now = _next(checked_body(line.decode("utf-8")), now)
        except (ValueError, KeyError, TypeError, RecursionError):
            now = None
            lost += 1
            continue
        states.append(now)
    return states, lost


def _next(body: dict[str, Any], before: _State | None) -> _State:
    edit, label = int(body["edit"]), str(body["label"])
    if "scene" in body:
        if body["journal"] != JOURNAL_VERSION or not isinstance(body["scene"], dict):
            raise ValueError("another version of journals")
        return _State(body["scene"], edit, label, str(body["base_sha256"]))
    if before is None or edit != before.edit + 1:
        raise ValueError("the line before is missing")
    return _State(applied(before.document, body["set"]), edit, label, before.base_sha256)


def _nothing(path: Path, lost: int, problem: str) -> Recovery:
    return Recovery(path, None, 0, "", lost, "", f"The journal {path.name} {problem}; nothing was recovered.")
