"""The difference between two scenes as JSON, small where little changed: what a line of a journal holds.

Lists of a scene (objects, moves …) are told as runs of the items that were there before, by their numbers,
and as whole items where they are new. Items are compared by identity, which edits keep for all they leave.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from director.scene.document import Scene
from director.scene.proxy import Proxy

__all__ = ["applied", "difference"]


def difference(before: Scene, after: Scene, folder: Path) -> dict[str, Any]:
    """What must change in the document of one scene to make that of the other: field → value, or for lists
    [[first, end], {item}, …], counted in the list before. `folder` is that of the file, for paths in it."""
    found: dict[str, Any] = {}
    for field in Scene.model_fields:
        old, new = getattr(before, field), getattr(after, field)
        if old is new:
            continue
        if isinstance(new, tuple):
            found[field] = _runs(old, new, folder)
        elif old != new:
            found[field] = after.model_dump(mode="json", by_alias=True, include={field})[field]
    return found


def applied(document: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """The document after a difference; items are shared with the one before. Raises ValueError where the
    difference does not fit it."""
    made = dict(document)
    for field, value in change.items():
        if field not in Scene.model_fields:
            raise ValueError(f"{field!r} is no field of a scene")
        made[field] = _joined(document.get(field, []), value) if isinstance(value, list) else value
    return made


def _runs(old: Sequence[BaseModel], new: Sequence[BaseModel], folder: Path) -> list[Any]:
    places = {id(item): i for i, item in enumerate(old)}
    runs: list[Any] = []
    for item in new:
        at = places.get(id(item))
        if at is None:
            runs.append(_item(item, folder))
        elif runs and isinstance(runs[-1], list) and runs[-1][1] == at:
            runs[-1][1] = at + 1
        else:
            runs.append([at, at + 1])
    return runs


def _item(item: BaseModel, folder: Path) -> dict[str, Any]:
    raw = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    kind = getattr(item, "kind", None)
    if kind is not None:
        raw["kind"] = kind
    if isinstance(item, Proxy):
        raw |= item.references_from(folder)
    return raw


def _joined(old: Any, runs: list[Any]) -> list[Any]:
    if not isinstance(old, list):
        raise ValueError("a list is to change where there is none")
    made: list[Any] = []
    for run in runs:
        if isinstance(run, dict):
            made.append(run)
            continue
        first, end = run
        if not (isinstance(first, int) and isinstance(end, int) and 0 <= first < end <= len(old)):
            raise ValueError(f"{run} is no run of the {len(old)} items there are")
        made += old[first:end]
    return made
