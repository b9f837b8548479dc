"""Undo and redo: without limit, drags as one line, and always back to the same bytes."""

import json
import random
from pathlib import Path

import pytest

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit import (
    AddProxy,
    Delete,
    Duplicate,
    Edit,
    GroupTogether,
    Hide,
    History,
    Lock,
    Move,
    Rename,
    Scale,
    SetColour,
    SetKey,
    SetScenePrompt,
    SetSun,
    Turn,
    Ungroup,
)
from director.scene.load import scene_document


def bytes_of(scene: Scene) -> bytes:
    return json.dumps(scene_document(scene, Path())).encode()


def test_undo_and_redo_tell_what_changed(yard: Scene) -> None:
    history = History(yard)
    step = history.do(Move(("crate", "anna"), (1, 0, 0)))
    assert step.changed == {"crate", "anna"}
    assert step.scene is history.scene
    history.do(AddProxy("box"))
    assert history.undo_labels == ["Add box", "Move 2 objects"]
    undone = history.undo()
    assert undone is not None
    assert undone.changed == {"box"}
    assert history.redo_labels == ["Add box"]
    again = history.undo()
    assert again is not None
    assert again.changed == {"crate", "anna"}
    assert history.scene is yard
    assert history.undo() is None
    history.redo()
    history.redo()
    assert history.redo() is None
    assert [it.name for it in history.scene.objects][-1] == "box"


def test_a_new_edit_drops_what_was_undone(yard: Scene) -> None:
    history = History(yard)
    history.do(SetScenePrompt("snow"))
    history.undo()
    history.do(SetScenePrompt("rain"))
    assert history.redo() is None
    assert history.scene.prompt == "rain"


def test_an_edit_that_fails_or_changes_nothing_leaves_no_line(yard: Scene) -> None:
    history = History(yard)
    history.do(SetScenePrompt("snow"))
    history.undo()
    with pytest.raises(SceneError):
        history.do(Move(("nobody",), (1, 0, 0)))
    history.do(SetScenePrompt("a yard at noon"))
    history.do(Move(("crate",), (0, 0, 0)))
    assert history.scene is yard
    assert history.undo_labels == []
    assert history.redo_labels == ["Set the scene's prompt"]


def test_a_drag_is_one_line_and_gathers_no_rounding(yard: Scene) -> None:
    history = History(yard)
    for i in range(1, 1001):
        history.drag(Move(("anna",), (i * 0.0000001, 0, 0)), "drag 1")
    assert history.undo_labels == ["Move anna"]
    assert list(history.scene.objects[-1].position) == [-2.9999, 0, 1]
    history.seal()
    history.drag(Move(("anna",), (1, 0, 0)), "drag 1")
    assert len(history.undo_labels) == 2
    history.undo()
    assert list(history.scene.objects[-1].position) == [-2.9999, 0, 1]
    history.undo()
    assert history.scene is yard


def test_a_slider_coalesces_and_another_edit_ends_it(yard: Scene) -> None:
    history = History(yard)
    for angle in range(50):
        history.do(SetSun(elevation_deg=float(angle)), key="sun")
    history.do(SetScenePrompt("snow"))
    history.do(SetSun(elevation_deg=80.0), key="sun")
    assert history.undo_labels == ["Move the sun", "Set the scene's prompt", "Move the sun"]
    history.undo()
    assert history.scene.sun.elevation_deg == 49
    history.undo()
    history.do(SetSun(elevation_deg=5.0), key="sun")
    history.undo()
    assert history.scene.sun.elevation_deg == 49, "an undo ends a drag too"


def test_a_drag_back_to_where_it_began_leaves_no_line(yard: Scene) -> None:
    history = History(yard)
    history.do(SetScenePrompt("snow"))
    history.drag(Move(("anna",), (1, 0, 0)), "drag")
    history.drag(Move(("anna",), (0, 0, 0)), "drag")
    assert history.undo_labels == ["Set the scene's prompt"]
    history.drag(Move(("anna",), (2, 0, 0)), "drag")
    assert history.undo_labels == ["Move anna", "Set the scene's prompt"]
    history.undo()
    history.undo()
    assert history.scene is yard


def test_dirty_is_against_what_was_saved(yard: Scene) -> None:
    history = History(yard)
    assert not dirty(history)
    history.do(SetScenePrompt("snow"), key="prompt")
    assert dirty(history)
    history.undo()
    assert not dirty(history)
    history.redo()
    history.mark_saved()
    assert not dirty(history)
    history.do(SetScenePrompt("rain"), key="prompt")
    assert dirty(history)
    history.undo()
    assert not dirty(history)
    history.undo()
    assert dirty(history)


def dirty(history: History) -> bool:
    """Asked anew each time: a type checker takes a property for what it was."""
    return history.is_dirty


def an_edit(random_: random.Random, scene: Scene) -> Edit:
    """Some edit, of whatever is there; many are refused (a locked thing, a name that is taken)."""
    names = [placed.name for _, placed in scene.placed()]
    some = tuple(random_.sample(names, min(len(names), random_.randint(1, 2))))
    one, value = some[0], random_.uniform(-2, 2)
    edits: list[Edit] = [
        Move(some, (value, 0, -value)),
        Turn(some, (value * 40, value * 9, 0), about=random_.choice(["own", "middle"])),
        Scale(some, (1 + abs(value) / 9, 1, 1), about=random_.choice(["own", "middle"])),
        SetColour(some, f"#{random_.randrange(2**24):06x}"),
        SetKey(one, round(abs(value) * 3, 1), position=(value, 0, 0)),
        Rename(one, f"{random_.choice('abc')}{random_.randrange(9)}"),
        Hide(some, hidden=value > 0),
        Lock(some, locked=value > 1.6),
        SetScenePrompt(f"prompt {random_.randrange(99)}"),
        SetSun(azimuth_deg=value * 90),
        GroupTogether(some),
        Ungroup((one,)),
    ]
    # Few enough things that the test is quick.
    if len(names) < 9:
        edits += [AddProxy(random_.choice(["box", "wall"]), (value, 0, 0)), Duplicate(some, (1, 0, 0))]
    else:
        edits += [Delete(some, keep_children=value > 0, drop_users=True)] * 3
    return random_.choice(edits)


def test_ten_thousand_edits_and_undos_end_in_the_same_bytes(yard: Scene) -> None:
    random_ = random.Random(20261129)
    history = History(yard)
    states = [bytes_of(yard)]  # what each line of the undo list began with, and the present
    done = refused = 0
    for i in range(10_000):
        chance = random_.random()
        if chance < 0.3:
            if history.undo() is not None:
                states.pop()
                assert not i % 7 or bytes_of(history.scene) == states[-1]
            continue
        try:
            step = history.do(an_edit(random_, history.scene))
        except SceneError:
            refused += 1
            continue
        if len(history.undo_labels) == len(states):
            states.append(bytes_of(step.scene))
            done += 1
    assert done > 3000
    assert refused < 4000
    last = states[-1]
    depth = len(history.undo_labels)
    while history.undo() is not None:
        states.pop()
        assert bytes_of(history.scene) == states[-1]
    assert history.scene is yard
    assert states == [bytes_of(yard)]
    for _ in range(depth):
        history.redo()
    assert bytes_of(history.scene) == last
