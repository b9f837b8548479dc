"""The rows of the list of objects: groups with what hangs from them, or what a search finds."""

from collections.abc import Collection
from dataclasses import dataclass

from director.scene.document import Group, Scene
from director.scene.proxy import Placed, Proxy

__all__ = ["Row", "TreeRows", "parents_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is of, how deep it hangs, and whether others hang from it."""

    placed: Placed
    depth: int
    has_children: bool

    @property
    def is_group(self) -> bool:
        """Whether it is a group."""
        return isinstance(self.placed, Group)


class TreeRows:
    """The rows that show, made anew only where the scene, the search or what is folded has changed."""

    def __init__(self) -> None:
        self._key: tuple[object, str, frozenset[str]] | None = None
        self._rows: tuple[Row, ...] = ()

    def of(self, scene: Scene, search: str, folded: Collection[str]) -> tuple[Row, ...]:
        """In the order in which they are listed."""
        words = " ".join(search.casefold().split())
        key = (scene, words, frozenset(folded))
        if self._key is None or self._key[0] is not scene or self._key[1:] != key[1:]:
            self._key = key
            self._rows = _found(scene, words) if words else _tree(scene, key[2])
        return self._rows


def parents_of(scene: Scene, name: str) -> list[str]:
    """What something hangs from, nearest first."""
    parents = {placed.name: placed.parent for _, placed in scene.placed()}
    found: list[str] = []
    parent = parents.get(name)
    while parent is not None:
        found.append(parent)
        parent = parents.get(parent)
    return found


def _found(scene: Scene, words: str) -> tuple[Row, ...]:
    wanted = words.split()
    return tuple(
        Row(placed, 0, False) for _, placed in scene.placed() if all(word in _told(placed) for word in wanted)
    )


def _told(placed: Placed) -> str:
    more = (placed.class_name, placed.prompt, placed.kind) if isinstance(placed, Proxy) else ("group",)
    return " ".join((placed.name, *more)).casefold()


def _tree(scene: Scene, folded: frozenset[str]) -> tuple[Row, ...]:
    children: dict[str | None, list[Placed]] = {}
    for _, placed in scene.placed():
        children.setdefault(placed.parent, []).append(placed)
    rows: list[Row] = []
    waiting = [(placed, 0) for placed in reversed(children.get(None, []))]
    while waiting:
        placed, depth = waiting.pop()
        own = children.get(placed.name, [])
        rows.append(Row(placed, depth, bool(own)))
        if placed.name not in folded:
            waiting += [(child, depth + 1) for child in reversed(own)]
    return tuple(rows)
