"""What names what: the references from objects, moves and shots to objects, found wherever they stand."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from pydantic import BaseModel

from director.camera.points import ObjectPoint
from director.scene.document import Scene
from director.scene.edit.edit import refused

__all__ = ["named_in", "refuse_users", "renamed", "stripped"]

_Model = TypeVar("_Model", bound=BaseModel)

# The fields whose value is a name, and those whose mapping goes by names, in whatever model they stand.
_NAMES = frozenset({"object", "parent", "held", "look_at"})
_BY_NAME = frozenset({"objects", "object_prompts", "strengths"})
# Among strengths it stands for the scene's own prompt, and never for an object.
_SCENE = "scene"


def named_in(document: BaseModel) -> frozenset[str]:
    """Every group or object that a part of a scene refers to; its own name is no reference."""
    return frozenset(_named("", document))


def refuse_users(scene: Scene, going: Collection[str]) -> None:
    """Raises SceneError where a move, a shot, or an object that stays refers to one that is to go."""
    users: list[tuple[str, str, str, BaseModel]] = []
    users += [("the move ", move.name, f"moves[{i}]", move) for i, move in enumerate(scene.moves)]
    users += [("the shot ", shot.name, f"shots[{i}]", shot) for i, shot in enumerate(scene.shots)]
    users += [("", it.name, field, it) for field, it in scene.placed() if it.name not in going]
    for what, own_name, field, user in users:
        for name in sorted(named_in(user) & set(going)):
            raise refused(
                scene,
                f"{name!r} cannot go: {what}{own_name!r} refers to it",
                field=field,
                mend="change that first, or delete with what refers to it",
            )


def renamed(document: _Model, new_names: Mapping[str, str]) -> _Model:
    """A part of a scene in which every reference reads the new name; itself where there is none."""
    update: dict[str, object] = {}
    for field in type(document).model_fields:
        value = getattr(document, field)
        new = _renamed(field, value, new_names)
        if new is not value:
            update[field] = new
    return document.model_copy(update=update) if update else document


def stripped(document: _Model, names: Collection[str]) -> _Model:
    """A part of a scene that refers no more to these, where it can do without: entries that go by their names
    are left out, and points tied to them fall back to what the field is without. Itself if there is none."""
    update: dict[str, object] = {}
    for field, info in type(document).model_fields.items():
        value = getattr(document, field)
        new: object = value
        if isinstance(value, ObjectPoint):
            new = value if value.object not in names or info.is_required() else info.get_default()
        elif isinstance(value, str) and field in _NAMES:
            new = value if value not in names or info.is_required() else info.get_default()
        elif isinstance(value, BaseModel):
            new = stripped(value, names)
        elif isinstance(value, dict) and field in _BY_NAME:
            new = {key: item for key, item in value.items() if key not in names or _is_scene(field, key)}
            new = value if len(new) == len(value) else new
        elif isinstance(value, tuple) and field in _NAMES:
            new = tuple(item for item in value if item not in names)
            new = value if len(new) == len(value) else new
        if new is not value:
            update[field] = new
    return document.model_copy(update=update) if update else document


def _renamed(field: str, value: object, new_names: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return new_names.get(value, value) if field in _NAMES else value
    if isinstance(value, BaseModel):
        return renamed(value, new_names)
    if isinstance(value, tuple):
        items = tuple(_renamed(field, item, new_names) for item in value)
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        own = field in _BY_NAME
        entries = {
            (new_names.get(key, key) if own and not _is_scene(field, key) else key): _renamed(
                "", it, new_names
            )
            for key, it in value.items()
        }
        same = entries.keys() == value.keys() and all(entries[key] is value[key] for key in value)
        return value if same else entries
    return value


def _named(field: str, value: object) -> set[str]:
    if isinstance(value, str):
        return {value} if field in _NAMES else set()
    if isinstance(value, BaseModel):
        return {name for own in type(value).model_fields for name in _named(own, getattr(value, own))}
    if isinstance(value, tuple):
        return {name for item in value for name in _named(field, item)}
    if isinstance(value, dict):
        keys = {key for key in value if not _is_scene(field, key)} if field in _BY_NAME else set()
        return keys | {name for item in value.values() for name in _named("", item)}
    return set()


def _is_scene(field: str, key: str) -> bool:
    return field == "strengths" and key == _SCENE
