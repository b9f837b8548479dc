"""What can be added to the set, scenes that can be opened, and templates, by name."""

from collections.abc import Callable, Iterator

from director.app.desk.adding import add_piece
from director.app.desk.command import Command
from director.app.desk.desk import Desk
from director.scene.edit import PIECES, template_names
from director.scene.load import scene_names

__all__ = ["SOURCE", "pieces"]


def pieces(desk: Desk) -> Iterator[Command]:
    """Add each piece; begin with each template; open each shipped scene."""
    for piece in PIECES:
        word = f"figure, {piece.name}" if piece.family == "Figures" else piece.name
        yield Command(f"Add {word}", "Add", _adding(desk, piece.name))
    for name in template_names():
        yield Command(f"New scene: {_spelt(name)}", "Add", _beginning(desk, name))
    for name in scene_names():
        yield Command(f"Open scene: {_spelt(name)}", "Add", _opening(desk, name))


def _adding(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: add_piece(desk.editing, name)


def _beginning(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.editing.new(name)


def _opening(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.editing.open(name)


def _spelt(name: str) -> str:
    return name.replace("_", " ")


SOURCE = pieces
