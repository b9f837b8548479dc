"""Directions from prompts by name."""

import pytest

from director.direction import direction_at, named_object, parse_object_prompt
from director.errors import UsageError
from director.types import SceneObject


def thing(number: int, name: str, prompt: str = "") -> SceneObject:
    return SceneObject(number, name, "person", prompt, (0.5, 0.5, 0.5), (1, 1, 1))


OBJECTS = (thing(1, "Anna", "a woman in red"), thing(2, "Bruno"), thing(3, "pick-up", "a blue pick-up"))


def test_objects_keep_their_own_prompts() -> None:
    direction = direction_at(" night ", {}, OBJECTS, 7, 1.5)
    assert direction.prompt == "night"
    assert direction.seed == 7
    assert dict(direction.object_prompts) == {1: "a woman in red", 3: "a blue pick-up"}


def test_prompts_given_replace_and_take_away() -> None:
    given = {"Anna": "a woman in green ", "Bruno": "a tall man", "pick-up": ""}
    direction = direction_at("night", given, OBJECTS, 0, 0.0)
    assert dict(direction.object_prompts) == {1: "a woman in green", 2: "a tall man", 3: ""}


def test_the_same_at_every_time() -> None:
    assert direction_at("a", {"Anna": "b"}, OBJECTS, 0, 0.0) == direction_at(
        "a", {"Anna": "b"}, OBJECTS, 0, 99.0
    )


def test_a_direction_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        direction_at("a", {}, OBJECTS, 0, 0.0).object_prompts[1] = "no"  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ANNA", "did you mean Anna?"),
        ("Ana", "did you mean Anna?"),
        ("pickup", "did you mean pick-up?"),
        ("zzz", "there are Anna, Bruno, pick-up"),
        ("", "there are Anna"),
    ],
)
def test_an_unknown_object_is_refused_with_what_was_perhaps_meant(name: str, says: str) -> None:
    with pytest.raises(UsageError) as caught:
        direction_at("a", {name: "b"}, OBJECTS, 0, 0.0)
    assert says in str(caught.value)
    assert caught.value.exit_status == 2


def test_long_lists_are_cut_short() -> None:
    many = tuple(thing(i + 1, f"crate {i:03}") for i in range(500))
    with pytest.raises(UsageError, match="and more") as caught:
        named_object("xyz", many)
    assert len(str(caught.value)) < 300
    with pytest.raises(UsageError, match="no objects"):
        named_object("xyz", ())


def test_reading_an_override() -> None:
    assert parse_object_prompt("car = rusty, 2 = doors ") == ("car", "rusty, 2 = doors")
    assert parse_object_prompt("car=") == ("car", "")
    for bad in ("car", "=red", " = red", ""):
        with pytest.raises(UsageError, match="NAME=TEXT"):
            parse_object_prompt(bad)


def test_strengths_go_by_name_and_the_scene_s_is_its_prompt_s() -> None:
    direction = direction_at("rain", {}, OBJECTS, 0, 0.0, {OBJECTS[1].name: 0.25, "scene": 0.5})
    assert dict(direction.strengths) == {OBJECTS[1].id: 0.25, 0: 0.5}
    with pytest.raises(UsageError):
        direction_at("rain", {}, OBJECTS, 0, 0.0, {"no such thing": 1.0})
