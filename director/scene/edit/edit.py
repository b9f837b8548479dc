"""What every edit is: a frozen description of a change, and the function Scene → Scene that makes it.

An edit never changes a scene: it gives a new one that shares all that stayed, checked by the same models that
read files. What cannot be done raises SceneError with the field and the mend, and nothing has happened.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.load import first_problem
from director.scene.proxy import Placed, Proxy, ProxyProblem

__all__ = ["Edit", "changed_names", "counted", "rebuilt", "refused", "replaced", "with_fields"]

_Model = TypeVar("_Model", bound=Placed)


class Edit(ABC):
    """A change of a scene: a frozen dataclass. The same edit of equal scenes gives equal scenes."""

    __slots__ = ()

    @property
    @abstractmethod
    def label(self) -> str:
        """What the undo list calls it: "Move 2 objects"."""

    @abstractmethod
    def apply(self, scene: Scene) -> Scene:
        """The changed scene. Raises SceneError."""


def counted(verb: str, names: Collection[str]) -> str:
    """ "Move crate" of one name, "Move 2 objects" of more."""
    first = next(iter(names), "nothing")
    return f"{verb} {first}" if len(names) < 2 else f"{verb} {len(names)} objects"


def rebuilt(scene: Scene, changes: Mapping[str, object]) -> Scene:
    """The scene with other fields, checked as a whole; the tuples that are given are kept as they are.

    Raises SceneError.
    """
    raw = {name: getattr(scene, name) for name in Scene.model_fields} | dict(changes)
    try:
        checked = Scene.model_validate(raw)
    except ValidationError as error:
        raise first_problem(error, raw, scene.name) from error
    update = {
        name: value if isinstance(value, tuple) else getattr(checked, name) for name, value in changes.items()
    }
    return scene.model_copy(update=update)


def replaced(scene: Scene, new: Mapping[str, Placed]) -> Scene:
    """The scene with other groups and objects in place of those of these names. Raises SceneError."""
    changes: dict[str, object] = {}
    for field, placed in (("groups", scene.groups), ("objects", scene.objects)):
        if any(it.name in new for it in placed):
            changes[field] = tuple(new.get(it.name, it) for it in placed)
    return rebuilt(scene, changes) if changes else scene


def with_fields(scene: Scene, placed: _Model, fields: Mapping[str, object]) -> _Model:
    """A group or object with other fields, by the names that files give them, checked by its own model.

    Raises SceneError, naming the field of the scene.
    """
    names = _attributes(type(placed))
    raw = {alias: getattr(placed, name) for alias, name in names.items()} | dict(fields)
    try:
        # A folder is asked for by those that name files; they keep the one they have.
        checked = type(placed).model_validate(raw, context={"folder": Path()})
    except ValidationError as error:
        found = first_problem(error, raw, scene.name)
        field = f"{_field_of(scene, placed)}{found.field}"
        raise SceneError(found.problem, file=scene.name, field=field, mend=found.mend) from error
    changed = placed.model_copy(update={names[name]: getattr(checked, names[name]) for name in fields})
    if isinstance(changed, Proxy) and not fields.keys() <= Placed.model_fields.keys():
        try:
            changed.check()
        except ProxyProblem as problem:
            field = f"{_field_of(scene, placed)}{problem.field}"
            raise SceneError(problem.problem, file=scene.name, field=field, mend=problem.mend) from problem
    return changed


def refused(scene: Scene, problem: str, *, field: str, mend: str) -> SceneError:
    """The error of an edit that cannot be made."""
    return SceneError(problem, file=scene.name, field=field, mend=mend)


def changed_names(before: Scene, after: Scene) -> frozenset[str]:
    """The groups, objects, moves and shots that were added, taken away or changed."""
    names: set[str] = set()
    for field in Scene.model_fields:
        old, new = getattr(before, field), getattr(after, field)
        if isinstance(new, tuple) and old is not new:
            was: dict[str, Any] = {it.name: it for it in old}
            names |= was.keys() ^ {it.name for it in new}
            names |= {it.name for it in new if it.name in was and was[it.name] is not it}
    return frozenset(names)


def _field_of(scene: Scene, placed: Placed) -> str:
    return next((f"{field}." for field, it in scene.placed() if it.name == placed.name), "")


@cache
def _attributes(model: type[Placed]) -> dict[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}
