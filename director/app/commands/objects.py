"""Objects and groups of the scene, to be selected by name."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk

__all__ = ["SOURCE", "objects"]


def objects(desk: Desk) -> Iterator[Command]:
    """Select each of them."""
    for _, placed in desk.editing.scene.placed():
        yield Command(f"Select {placed.name}", "Objects", _selecting(desk, placed.name))


def _selecting(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.editing.select((name,))


SOURCE = objects
