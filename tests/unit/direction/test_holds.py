"""What is held is named by object, class, or as the background."""

import pytest

from director.direction.holds import background_ids, class_ids, held_ids
from director.errors import UsageError
from director.types import SceneObject


def thing(id_: int, name: str, class_name: str) -> SceneObject:
    return SceneObject(id_, name, class_name, "", (0.5, 0.5, 0.5), (1.0, 1.0, 1.0))


OBJECTS = (
    thing(1, "left house", "building"),
    thing(2, "right house", "building"),
    thing(3, "anna", "person"),
    thing(4, "taxi", "car"),
    thing(5, "street", "road"),
)


def test_names_classes_and_the_background_add_up() -> None:
    assert held_ids((), OBJECTS) == frozenset()
    assert held_ids(("anna",), OBJECTS) == {3}
    assert held_ids(("class:building", "taxi"), OBJECTS) == {1, 2, 4}
    assert held_ids(("background",), OBJECTS) == background_ids(OBJECTS) == {1, 2, 5}
    assert class_ids("building", OBJECTS) == {1, 2}


def test_an_object_of_such_a_name_is_meant_first() -> None:
    objects = (*OBJECTS, thing(6, "background", "painting"), thing(7, "class:car", "car"))
    assert held_ids(("background",), objects) == {6}
    assert held_ids(("class:car",), objects) == {7}


def test_what_there_is_not_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match="did you mean taxi"):
        held_ids(("taxis",), OBJECTS)
    with pytest.raises(UsageError, match="building, car, person, road"):
        held_ids(("class:tree",), OBJECTS)
