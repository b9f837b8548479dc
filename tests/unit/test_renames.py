"""Who is called otherwise after an edit."""

from director.scene.document import Scene
from director.scene.edit import Delete, Duplicate, Rename
from director.scene.load import load_scene
from director.scene.proxies.sphere import Sphere
from director.scene.renames import renamed_between


def names(scene: Scene) -> list[str]:
    return [placed.name for _, placed in scene.placed()]


def test_one_that_is_renamed_is_known_and_others_are_not() -> None:
    scene = load_scene("living_room")
    first = names(scene)[0]
    edited = Rename(first, "other").apply(scene)
    assert renamed_between(scene, edited) == {first: "other"}
    assert renamed_between(edited, scene) == {"other": first}
    assert renamed_between(scene, scene) == {}


def test_what_came_or_went_was_not_renamed() -> None:
    scene = load_scene("living_room")
    first = scene.objects[0].name
    assert renamed_between(scene, Delete((first,)).apply(scene)) == {}
    assert renamed_between(scene, Duplicate((first,), (1.0, 0.0, 0.0)).apply(scene)) == {}


def test_one_of_another_kind_is_another() -> None:
    scene = load_scene("living_room")
    boxes = [thing for thing in scene.objects if thing.kind == "box"]
    ball = Sphere.model_validate({"name": "ball", "class": "box"})
    others = tuple(ball if thing is boxes[0] else thing for thing in scene.objects)
    assert renamed_between(scene, scene.model_copy(update={"objects": others})) == {}
