"""Scenes to be opened: those that are shipped, and those beside the open one's file."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.app.desk.editing import SETS
from director.scene.load import scene_names

__all__ = ["SOURCE", "scenes"]

_MOST = 60


def scenes(desk: Desk) -> Iterator[Command]:
    """Open each of them."""
    for name in scene_names():
        yield Command(f"Open scene {name}", "Scenes", _opening(desk, name))
    folder = SETS if desk.editing.path is None else desk.editing.path.parent
    files = sorted(folder.glob("*.json"))[:_MOST] if folder.is_dir() else []
    for path in files:
        if path != desk.editing.path:
            yield Command(f"Open scene {path.name}", "Scenes", _opening(desk, str(path)))


def _opening(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.editing.open(name)


SOURCE = scenes
