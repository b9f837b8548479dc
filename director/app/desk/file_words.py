"""What is told of a scene's file: who has it, what was kept of last time, and by which keys to go on."""

from collections.abc import Iterator
from pathlib import Path

from director.errors import SceneError
from director.input.actions import action
from director.scene.edit import OpenScene

__all__ = ["free_path", "words_of_change", "words_of_opening", "words_of_refusal"]


def words_of_opening(opened: OpenScene) -> Iterator[str]:
    """A sentence each, as short as a notice; none where the scene is simply open."""
    name, found = opened.path.name, opened.recovery
    if opened.holder is not None:
        yield from _words_of_holder(opened)
    elif found is not None and found.scene is None:
        yield found.message
        yield f"{name} is as it was saved; the next edit sets the journal aside"
    elif found is not None:
        if found.lost_lines or "changed since" in found.message:
            yield found.message
        yield f"{name}: edits of last time were not saved: {_key('recover')} takes them up again"
    elif opened.trouble:
        yield opened.trouble
    own = opened.path.with_name(f"{opened.scene.name}.json")
    if own != opened.path and own.exists() and not opened.path.exists():
        yield f"There is a {own.name} already: this new scene is saved as {opened.path.name}"


def words_of_change(path: Path) -> Iterator[str]:
    """Another program has written the scene's file since it was read here."""
    yield f"Not saved: {path.name} was changed by another program"
    yield f"{_key('overwrite')} overwrites it, {_key('save-as')} saves under another name"


def words_of_refusal(opened: OpenScene, error: SceneError) -> Iterator[str]:
    """Why an edit or a save was refused."""
    if opened.holder is None:
        yield str(error)
    else:
        yield from _words_of_holder(opened)


def free_path(path: Path) -> Path:
    """The first of `path` with a number behind its name that there is no file of."""
    number = 2
    while (made := path.with_name(f"{path.stem}-{number}{path.suffix}")).exists():
        number += 1
    return made


def _words_of_holder(opened: OpenScene) -> Iterator[str]:
    holder = opened.holder
    assert holder is not None
    yield f"Read-only: {opened.path.name} is open in process {holder.pid} on {holder.host}"
    yield f"{_key('take-over')} takes it over, {_key('save-as')} saves under another name"


def _key(name: str) -> str:
    return action(name).keys[0]
