"""The camera put where a shot in words has it: the shots that the scene asks for, and its people."""

from collections.abc import Callable, Iterator

from director.app.desk.command import Command
from director.app.desk.desk import Desk

__all__ = ["SOURCE", "framing"]


def framing(desk: Desk) -> Iterator[Command]:
    """Frame each shot that is suggested, once those are found, and each person at medium size."""
    framer = desk.cameras.framer
    framer.look()
    phrases = [found.phrase for found in framer.suggestions]
    people = [thing.name for thing in desk.session.scene.objects if thing.class_name == "person"]
    for phrase in dict.fromkeys([*phrases, *(f"medium shot of {name}" for name in people)]):
        yield Command(f"Frame {phrase}", "Camera", _framing(desk, phrase))


def _framing(desk: Desk, phrase: str) -> Callable[[], object]:
    return lambda: desk.cameras.frame(phrase)


SOURCE = framing
