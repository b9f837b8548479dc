"""The scene's shots, to be gone to, and its camera moves, to be ridden."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk

__all__ = ["SOURCE", "shots"]


def shots(desk: Desk) -> Iterator[Command]:
    """Go to each shot; ride each move."""
    for shot in desk.shots.shots:
        yield Command(f"Go to shot {shot.name}", "Shot", _going(desk, shot.name))
    for move in desk.editing.scene.moves:
        yield Command(f"Ride move {move.name}", "Shot", _riding(desk, move.name))


def _going(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.shots.go(name)


def _riding(desk: Desk, name: str) -> Callable[[], object]:
    return lambda: desk.session.ride(name)


SOURCE = shots
