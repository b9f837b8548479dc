"""Who hangs on whom, by name: lookups that edits share, and names that are still free."""

import difflib
import re
from collections.abc import Collection, Iterable, Sequence

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit.edit import refused
from director.scene.proxy import Placed

__all__ = [
    "above",
    "editable",
    "fresh_name",
    "hanging",
    "is_hidden",
    "is_locked",
    "is_moving",
    "named",
    "names_used",
    "roots",
    "unknown",
]

_LONGEST_NAME = 80


class _Index:
    """The groups and objects of the scene asked about last by name: edits ask about one scene many times."""

    def __init__(self) -> None:
        self._last: tuple[object, object, dict[str, Placed]] = (None, None, {})

    def of(self, scene: Scene) -> dict[str, Placed]:
        groups, objects, found = self._last
        if groups is not scene.groups or objects is not scene.objects:
            found = {placed.name: placed for placed in (*scene.groups, *scene.objects)}
            self._last = (scene.groups, scene.objects, found)
        return found


_index = _Index()


def named(scene: Scene, name: str) -> Placed:
    """The group or object of that name. Raises SceneError."""
    found = _index.of(scene).get(name)
    if found is None:
        raise unknown(scene, name)
    return found


def unknown(scene: Scene, name: str) -> SceneError:
    """The error of a name that no group or object has."""
    close = difflib.get_close_matches(name, _index.of(scene), n=2, cutoff=0.5)
    mend = f"did you mean {' or '.join(close)}?" if close else "choose one that is in the scene"
    return refused(scene, f"there is no object or group named {name!r:.90}", field="objects", mend=mend)


def hanging(scene: Scene, names: Iterable[str]) -> list[str]:
    """These and everything that hangs on them, in the scene's order, parents' own order aside."""
    children: dict[str, list[str]] = {}
    for _, placed in scene.placed():
        if placed.parent is not None:
            children.setdefault(placed.parent, []).append(placed.name)
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += children.get(name, ())
    return [placed.name for _, placed in scene.placed() if placed.name in found]


def roots(scene: Scene, names: Sequence[str]) -> list[Placed]:
    """Those of a selection that hang on no other of it: what moves them, moves the rest along.

    Raises SceneError for a name that is not in the scene.
    """
    by_name = _index.of(scene)
    chosen = dict.fromkeys(names)
    found = []
    for name in chosen:
        if name not in by_name:
            raise unknown(scene, name)
        parent = by_name[name].parent
        while parent is not None and parent not in chosen:
            parent = by_name[parent].parent
        if parent is None:
            found.append(by_name[name])
    return found


def is_hidden(scene: Scene, name: str) -> bool:
    """Whether it or something that it hangs on is hidden. Raises SceneError."""
    return any(placed.hidden for placed in _upwards(scene, name))


def is_locked(scene: Scene, name: str) -> bool:
    """Whether it or something that it hangs on is locked. Raises SceneError."""
    return any(placed.locked for placed in _upwards(scene, name))


def is_moving(scene: Scene, name: str) -> bool:
    """Whether it or something that it hangs on has keys or a route. Raises SceneError."""
    return any(placed.keys or placed.route is not None for placed in _upwards(scene, name))


def editable(scene: Scene, names: Iterable[str]) -> None:
    """Raises SceneError where one of these is locked, or hangs on what is, or is not there."""
    for name in dict.fromkeys(names):
        for placed in _upwards(scene, name):
            if placed.locked:
                own = placed.name == name
                holds = "is locked" if own else f"hangs on {placed.name!r}, which is locked"
                field = next(field for field, it in scene.placed() if it is placed)
                raise refused(scene, f"{name!r} {holds}", field=f"{field}.locked", mend="unlock it first")


def fresh_name(wanted: str, taken: Collection[str], counted: dict[str, int] | None = None) -> str:
    """The wanted name, or it with the first number from 2 that makes it free: "crate 2" of "crate".

    `counted`, handed from one to the next of many, keeps how far each stem has been counted.
    """
    if wanted not in taken:
        return wanted
    stem = re.sub(r" \d+$", "", wanted) or wanted
    counted = {} if counted is None else counted
    number = counted.get(stem, 2)
    while True:
        ending = f" {number}"
        name = stem[: _LONGEST_NAME - len(ending)].rstrip() + ending
        number += 1
        if name not in taken:
            counted[stem] = number
            return name


def names_used(scene: Scene) -> set[str]:
    """The names of all groups and objects."""
    return set(_index.of(scene))


def above(scene: Scene, name: str) -> list[str]:
    """It and all that it hangs on, nearest first. Raises SceneError."""
    return [placed.name for placed in _upwards(scene, name)]


def _upwards(scene: Scene, name: str) -> list[Placed]:
    found = []
    next_name: str | None = name
    while next_name is not None:
        found.append(named(scene, next_name))
        next_name = found[-1].parent
    return found
