"""Which objects are held: by name, by class, or all that is no actor."""

from collections.abc import Sequence
from typing import Final

from director.direction.evaluate import named_object
from director.errors import UsageError
from director.types import SceneObject

__all__ = ["BACKGROUND", "background_ids", "class_ids", "held_ids"]

BACKGROUND: Final = "background"
_OF_CLASS = "class:"
_ACTORS = frozenset(
    ("person", "car", "truck", "bus", "van", "minibike", "bicycle", "animal", "boat", "airplane")
)


def background_ids(objects: Sequence[SceneObject]) -> frozenset[int]:
    """The ids of everything but figures and vehicles."""
    return frozenset(thing.id for thing in objects if thing.class_name not in _ACTORS)


def class_ids(class_name: str, objects: Sequence[SceneObject]) -> frozenset[int]:
    """The ids of the objects of a class."""
    return frozenset(thing.id for thing in objects if thing.class_name == class_name)


def held_ids(names: Sequence[str], objects: Sequence[SceneObject]) -> frozenset[int]:
    """The ids of what is named: an object's name, `class:NAME`, or `background`. An object that is itself
    named so is meant before these. Raises UsageError for what there is not."""
    found: frozenset[int] = frozenset()
    for name in names:
        if any(thing.name == name for thing in objects):
            found |= {named_object(name, objects).id}
        elif name == BACKGROUND:
            found |= background_ids(objects)
        elif name.startswith(_OF_CLASS):
            found |= _of_class(name.removeprefix(_OF_CLASS), objects)
        else:
            found |= {named_object(name, objects).id}
    return found


def _of_class(class_name: str, objects: Sequence[SceneObject]) -> frozenset[int]:
    ids = class_ids(class_name.strip(), objects)
    if not ids:
        known = sorted({thing.class_name for thing in objects})
        raise UsageError(
            "the scene has no object of this class",
            subject=class_name or "(no class)",
            mend=f"there are {', '.join(known)}" if known else "the scene has no objects",
        )
    return ids
