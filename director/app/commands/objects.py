"""Objects and groups of the scene, to be selected by name, and to be turned towards each other."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.app.desk.keying import facing_edit

__all__ = ["SOURCE", "objects"]


def objects(desk: Desk) -> Iterator[Command]:
    """Select each of them; turn the selected one towards each person, two that are selected towards each
    other. What has a route faces along it."""
    scene = desk.editing.scene
    for _, placed in scene.placed():
        yield Command(f"Select {placed.name}", "Objects", _selecting(desk, placed.name))
    free = [placed.name for _, placed in scene.placed() if placed.route is None]
    chosen = [name for name in desk.editing.selection if name in free]
    if len(chosen) == 2:
        first, second = chosen
        pairs = (first, second), (second, first)
        yield Command(f"Turn {first} and {second} towards each other", "Objects", _turning(desk, *pairs))
    people = [placed.name for placed in scene.objects if placed.class_name == "person"]
    for name in chosen[-1:]:
        for other in people:
            if other != name:
                yield Command(f"Turn {name} towards {other}", "Objects", _turning(desk, (name, other)))


def _selecting(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.editing.select((name,))


def _turning(desk: Desk, *pairs: tuple[str, str]) -> Callable[[], object]:
    def turn() -> None:
        editing, world = desk.editing, desk.session.scene
        before = editing.scene
        for name, other in pairs:
            point = world.locate(other, editing.time_s)[0]
            edit = facing_edit(editing.scene, name, point, editing.time_s)
            editing.do(edit, key=f"towards {pairs}")
        editing.seal()
        if editing.scene == before:
            told = " and ".join(f"{name} faces {other}" for name, other in pairs)
            desk.session.notices.add(f"{told} already")

    return turn


SOURCE = objects
