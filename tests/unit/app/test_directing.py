"""What is directed while the camera runs: locks by object, class and background, seeds, and what is eased."""

import pytest

from director.app.directing import Directing
from director.scene.compile import CompiledScene
from director.scene.load import load_scene


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
