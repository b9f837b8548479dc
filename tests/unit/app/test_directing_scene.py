"""What is directed while the camera runs: locks by object, class and background, seeds, and what is eased."""

import pytest

from director.app.directing import Directing
from director.scene.compile import CompiledScene
from director.scene.edit import Rename, SetPrompt
from director.scene.load import load_scene
from director.scene.renames import renamed_between


@pytest.fixture(scope="module")
def scene() -> CompiledScene:
    return CompiledScene(load_scene("night_alley"))


@pytest.fixture
def directing(scene: CompiledScene) -> Directing:
    return Directing(scene, 5, 1.0)


def ids_of(scene: CompiledScene, class_name: str) -> frozenset[int]:
    return frozenset(thing.id for thing in scene.objects if thing.class_name == class_name)


def common_class(scene: CompiledScene) -> str:
    names = [thing.class_name for thing in scene.objects]
    return max(sorted(set(names)), key=names.count)


def test_a_class_is_held_whole_and_let_go_whole(directing: Directing, scene: CompiledScene) -> None:
    name = common_class(scene)
    ids = ids_of(scene, name)
    assert 1 < len(ids) < len(scene.objects)
    first = min(ids)
    directing.toggle_lock(first)
    # Held in part, it is held whole; then all of it is let go, and nothing else.
    other = min(thing.id for thing in scene.objects if thing.class_name != name)
    directing.toggle_lock(other)
    assert directing.toggle_class(first) == (name, len(ids), True)
    assert directing.now.locks == ids | {other}
    assert directing.toggle_class(max(ids)) == (name, len(ids), False)
    assert directing.now.locks == {other}


def test_locks_are_held_at_once_and_leave_a_change_under_way_alone(directing: Directing) -> None:
    directing.prompt_scene("snow")
    before = directing.advance(0.3)
    directing.toggle_class(1)
    assert directing.now.locks
    assert directing.now.unlocked == before.unlocked
    assert directing.now.arrived == before.arrived


def test_another_variation_eases_over(directing: Directing) -> None:
    assert directing.next_seed() == 6
    now = directing.advance(0.4)
    assert now.seed == 6
    assert now.leaving is not None
    assert now.leaving.seed == 5
    assert 0 < now.arrived < 1
    assert directing.advance(1.0).leaving is None


def test_seeds_begin_again_where_they_end(scene: CompiledScene) -> None:
    assert Directing(scene, 2**32 - 1).next_seed() == 0


def test_objects_have_strengths_of_their_own_until_all_get_one(
    directing: Directing, scene: CompiledScene
) -> None:
    directing.ease_s = 0.0
    first, second = scene.objects[0], scene.objects[1]
    directing.set_strength(0.75)
    directing.set_strength(0.25, [first.name])
    strengths = directing.now.strengths
    assert (strengths[first.id], strengths[second.id]) == (0.25, 0.75)
    assert (directing.strength_of(first.name), directing.strength_of(second.name)) == (0.25, 0.75)
    directing.set_strength(1.0)
    assert directing.now.strengths == {}


def test_a_kept_variation_stays_and_prompts_are_remembered_once(directing: Directing) -> None:
    directing.ease_s = 0.0
    directing.keeps_seed = True
    assert directing.next_seed() == 5
    directing.keeps_seed = False
    directing.set_seed(-1)
    assert directing.now.seed == 2**32 - 1
    for prompt in ("noon", "dusk", "noon "):
        directing.prompt_scene(prompt)
    assert directing.prompts[:2] == ("noon", "dusk")
    assert len(set(directing.prompts)) == len(directing.prompts)


def test_an_object_s_prompt_that_was_edited_is_asked_for(directing: Directing, scene: CompiledScene) -> None:
    directing.ease_s = 0.0
    thing = scene.objects[0]
    edited = SetPrompt((thing.name,), "wet cobbles").apply(scene.scene)
    directing.replace_scene(CompiledScene(edited))
    assert directing.now.object_prompts[thing.id] == "wet cobbles"


def test_what_is_asked_of_one_goes_on_under_another_name(directing: Directing, scene: CompiledScene) -> None:
    directing.ease_s = 0.0
    thing = scene.objects[1]
    directing.toggle_lock(thing.id)
    directing.set_strength(0.25, [thing.name])
    edited = Rename(thing.name, "somebody else").apply(scene.scene)
    renamed = renamed_between(scene.scene, edited)
    assert renamed == {thing.name: "somebody else"}
    directing.replace_scene(CompiledScene(edited), renamed)
    assert directing.now.locks == {thing.id}
    assert directing.strength_of("somebody else") == 0.25
    # Gone and come is not renamed.
    directing.replace_scene(scene)
    assert directing.now.locks == frozenset()
