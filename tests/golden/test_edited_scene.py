"""A scene that is edited while it is open: the picture goes with what was moved, on the next tick."""

from collections.abc import Iterator
from pathlib import Path

import moderngl
import numpy as np
import pytest

from director.app.session import Session, SessionSettings
from director.camera.rigs.fly import FlyIntent
from director.errors import SceneError
from director.scene.edit import AddProxy, Delete, Edit, Hide, Move, Rename, SetPrompt
from director.scene.load import load_scene
from director.scene.proxies.mesh import MeshProxy
from director.scene.shots import Shot
from director.types import GeneratedFrame
from tests.golden.test_live_picture import SlowRunner

SIZE = (128, 72)
_STILL = FlyIntent()
_TICK_S = 1 / 30


@pytest.fixture
def opened(gl: moderngl.Context, tmp_path: Path) -> Iterator[tuple[Session, SlowRunner]]:
    runner = SlowRunner()
    settings = SessionSettings("proxy", frozenset({"base"}), SIZE, SIZE, tmp_path / "takes", stabiliser=0.0)
    session = Session(gl, load_scene("living_room"), runner, settings)
    for _ in range(3):
        session.tick(_STILL, _TICK_S)
        if runner.under_way is not None:
            runner.answer()
    yield session, runner
    session.close()


def _edit(session: Session, edit: Edit) -> None:
    session.replace_scene(edit.apply(session.scene.scene))


def _frame(session: Session) -> GeneratedFrame | None:
    return session.picture.frame


def _shown(session: Session) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return session.picture.display.read()


def _seen(session: Session, name: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    id_ = next(thing.id for thing in session.scene.objects if thing.name == name)
    seen = session.picture.seen()
    assert seen is not None
    return np.asarray(seen.object == id_)


def test_what_was_generated_goes_with_what_is_moved(opened: tuple[Session, SlowRunner]) -> None:
    session, runner = opened
    before, was = _shown(session), _seen(session, "sofa back")
    frame = session.picture.frame
    assert frame is not None
    _edit(session, Move(("sofa back",), (0.0, 0.6, 0.0)))
    session.tick(_STILL, _TICK_S)
    after, now = _shown(session), _seen(session, "sofa back")
    # Nobody has generated anything since, and there was no cut.
    assert session.picture.frame is frame
    assert (was & ~now).any()
    assert (now & ~was).any()
    # The sofa has the colours it was generated with, where it is now; the blocking's are their opposite.
    mean = {name: picture[at].mean(0) for name, picture, at in (("was", before, was), ("now", after, now))}
    assert np.abs(mean["was"] - mean["now"]).max() < 12
    untouched = ~was & ~now
    assert np.abs(before[untouched].astype(float) - after[untouched]).mean() < 4
    # It is asked about, and the answer shows the new place.
    assert runner.under_way is not None
    assert runner.under_way.tick.index > frame.conditioning.tick.index


def test_another_prompt_of_an_object_is_asked_for(opened: tuple[Session, SlowRunner]) -> None:
    session, runner = opened
    _edit(session, SetPrompt(("sofa back",), "red velvet"))
    session.tick(_STILL, _TICK_S)
    assert runner.under_way is not None
    asked = {thing.name: thing.prompt for thing in runner.under_way.objects}
    assert asked["sofa back"] == "red velvet"


def test_something_new_is_there_at_once_and_nothing_else_is_lost(
    opened: tuple[Session, SlowRunner],
) -> None:
    session, _ = opened
    frame = session.picture.frame
    camera = session.flight.camera
    x, y, z = camera.position
    _edit(session, AddProxy("box", (x, y - 0.5, z - 2.0), {"size": (0.5, 0.5, 0.5), "name": "crate"}))
    session.tick(_STILL, _TICK_S)
    assert _seen(session, "crate").any()
    assert session.picture.frame is frame


def test_ids_that_shift_are_a_cut(opened: tuple[Session, SlowRunner]) -> None:
    session, runner = opened
    first = session.scene.objects[0].name
    _edit(session, Delete((first,)))
    session.tick(_STILL, _TICK_S)
    # What answered the old ids is gone on that very tick.
    assert _frame(session) is None
    runner.answer()
    session.tick(_STILL, _TICK_S)
    assert _frame(session) is not None
    assert [thing.id for thing in session.scene.objects] == list(range(1, len(session.scene.objects) + 1))


def test_hidden_things_are_seen_nowhere_and_keep_their_ids(opened: tuple[Session, SlowRunner]) -> None:
    session, _ = opened
    frame = session.picture.frame
    _edit(session, Hide(("sofa back",), True))
    session.tick(_STILL, _TICK_S)
    assert not _seen(session, "sofa back").any()
    assert session.picture.frame is frame


def test_what_is_held_stays_held_by_name(opened: tuple[Session, SlowRunner]) -> None:
    session, _ = opened
    id_ = next(thing.id for thing in session.scene.objects if thing.name == "sofa back")
    session.directing.toggle_lock(id_)
    _edit(session, Delete((session.scene.objects[0].name,)))
    session.tick(_STILL, _TICK_S)
    held = {thing.name for thing in session.scene.objects if thing.id in session.directing.locks}
    assert held == {"sofa back"}


def test_one_that_is_renamed_is_the_same_one(opened: tuple[Session, SlowRunner]) -> None:
    session, _ = opened
    frame, first = session.picture.frame, session.scene.objects[0]
    session.directing.toggle_lock(first.id)
    session.replace_scene(Rename(first.name, "other").apply(session.document))
    session.tick(_STILL, _TICK_S)
    assert session.picture.frame is frame, "no cut"
    assert session.directing.locks == {first.id}


def test_a_scene_that_cannot_be_opened_leaves_the_shot_that_is_shown(
    opened: tuple[Session, SlowRunner],
) -> None:
    session, _ = opened
    still = {"kind": "still", "position": [0.0, 1.5, 4.0]}
    shot = Shot.model_validate({"name": "one", "start_s": 0.0, "end_s": 2.0, "camera": still})
    session.replace_scene(session.document.model_copy(update={"shots": (shot,)}))
    assert session.shooting.go("one")
    lost = MeshProxy.model_validate({"kind": "mesh", "name": "lost", "class": "box", "path": "lost.obj"})
    with pytest.raises(SceneError):
        session.open_scene(session.document.model_copy(update={"objects": (lost,)}))
    assert session.shooting.shot is not None
    session.tick(_STILL, _TICK_S)
    assert session.flight.camera.position == pytest.approx((0.0, 1.5, 4.0))
