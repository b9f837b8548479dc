"""A scene is blocked at the desk: added to, moved by handles, named, saved, opened again, and recovered."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.resources import scenes_folder
from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]

CTRL, SHIFT, ALT = 64, 1, 256


def point(desk: Driven, at: list[int]) -> None:
    desk.ask("post", kind="MOUSEMOTION", pos=at, rel=[1, 1], buttons=[0, 0, 0])
    desk.ticks(3)


def press_button(desk: Driven, at: list[int], button: int = 1) -> None:
    point(desk, at)
    desk.ask("post", kind="MOUSEBUTTONDOWN", pos=at, button=button)
    desk.ticks(2)
    desk.ask("post", kind="MOUSEBUTTONUP", pos=at, button=button)
    desk.ticks(2)


def drag(desk: Driven, start: list[int], end: list[int]) -> None:
    point(desk, start)
    desk.ask("post", kind="MOUSEBUTTONDOWN", pos=start, button=1)
    desk.ticks(2)
    for share in (0.3, 0.6, 0.8, 1.0):
        at = [round(a + share * (b - a)) for a, b in zip(start, end, strict=True)]
        desk.ask("post", kind="MOUSEMOTION", pos=at, rel=[1, 1], buttons=[1, 0, 0])
        desk.ticks(2)
    desk.ask("post", kind="MOUSEBUTTONUP", pos=end, button=1)
    desk.ticks(3)


def write(desk: Driven, text: str) -> None:
    """Type into the field that has just been opened, and press Return."""
    desk.ticks(4)
    desk.ask("post", kind="TEXTINPUT", text=text)
    desk.ticks(3)
    desk.ask("press", key="return")
    desk.ticks(4)


def picture_spot(desk: Driven, u: float, v: float) -> list[int]:
    left, top, width, height = desk.state["place"]
    return [round(left + u * width), round(top + v * height)]


def add(desk: Driven, piece: str, at: list[int]) -> str:
    """Add a piece by the search field, where the pointer is; the name that it got."""
    point(desk, at)
    desk.ask("press", key="i", mod=CTRL)
    write(desk, piece)
    state = desk.wait(lambda state: state["undo"][:1] == [f"Add {piece}"], f"{piece} to be added")
    (name,) = state["selection"]
    return str(name)


def things(desk: Driven) -> dict[str, Any]:
    found: dict[str, Any] = desk.ask("scene")["things"]
    return found


def open_wide(open_desk: OpenDesk, **given: Any) -> Driven:
    desk = open_desk(size=(512, 288), **given)
    desk.ask("resize", width=1280, height=720)
    desk.ask("press", key="f10")
    desk.wait(lambda state: state["desk"] and state["place"][2] < 1000, "the desk")
    desk.ticks(3)
    return desk


def test_a_scene_is_blocked_from_nothing_saved_and_opened_again(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_wide(open_desk)
    desk.ask("press", key="n", mod=CTRL)
    write(desk, "duel")
    desk.wait(lambda state: desk.ask("scene")["name"] == "duel", "a new scene")
    assert set(things(desk)) == {"floor"}
    desk.wait(lambda state: state["riding"] == "lock-off" and state["settled"], "its camera")

    first = add(desk, "walk", picture_spot(desk, 0.3, 0.72))
    second = add(desk, "wave", picture_spot(desk, 0.7, 0.72))
    table = add(desk, "table", picture_spot(desk, 0.5, 0.66))
    add(desk, "wall", picture_spot(desk, 0.5, 0.6))
    assert (first, second, table) == ("figure", "figure 2", "table")
    found = things(desk)
    assert found[first]["position"][0] < -0.5 < 0.5 < found[second]["position"][0]
    assert found[first]["position"][1] == found[second]["position"][1] == 0
    assert found[first]["pose"] == "walk"
    assert found["table top"]["parent"] == "table"

    # What is picked is moved by its handle: the arrow along x.
    x, y, z = found[first]["position"]
    press_button(desk, desk.ask("spot", x=x, y=1.2, z=z))
    desk.wait(lambda state: state["selection"] == [first], "the figure to be picked")
    origin, along = desk.ask("spot", x=x, y=y, z=z), desk.ask("spot", x=x + 1, y=y, z=z)
    assert along[0] > origin[0]
    handle = [origin[0] + 34, origin[1]]
    drag(desk, handle, [handle[0] - 60, handle[1]])
    state = desk.state
    assert state["selection"] == [first], "a drag of a handle picks nothing"
    assert state["undo"][:2] == ["Move figure", "Add wall"], "one drag is one line"
    moved = things(desk)[first]["position"]
    assert moved[0] < x - 0.3
    assert moved[1:] == pytest.approx([y, z], abs=1e-3)

    desk.ask("press", key="z", mod=CTRL)
    desk.wait(lambda state: things(desk)[first]["position"] == [x, y, z], "the undo")
    desk.ask("press", key="z", mod=CTRL | SHIFT)
    desk.wait(lambda state: things(desk)[first]["position"] == moved, "the redo")

    desk.ask("press", key="r", mod=CTRL)
    write(desk, "anna")
    state = desk.wait(lambda state: state["selection"] == ["anna"], "the new name")
    assert state["undo"][0] == "Rename figure to anna"
    assert desk.ask("edit", kind="SetPrompt", names=["anna"], prompt="a woman in a red coat") == [True]

    desk.ask("post", kind="MOUSEMOTION", pos=picture_spot(desk, 0.5, 0.1), rel=[1, 1], buttons=[0, 0, 0])
    desk.ask("press", key="left", mod=ALT)
    desk.wait(lambda state: state["undo"][0] == "Move anna", "a nudge")
    assert things(desk)["anna"]["position"][0] == pytest.approx(moved[0] - 0.25, abs=1e-5)

    desk.ask("press", key="]", mod=CTRL)
    desk.wait(lambda state: state["selection"] == ["figure 2"], "the next of the list")
    desk.ask("press", key="h", mod=CTRL)
    desk.wait(lambda state: things(desk)["figure 2"]["hidden"], "it to be hidden")
    assert desk.state["selection"] == ["figure 2"]

    saved = tmp_path / "kept" / "duel at noon.json"
    desk.ask("press", key="s", mod=CTRL | SHIFT)
    write(desk, str(saved))
    desk.wait(lambda state: saved.exists() and not desk.ask("scene")["dirty"], "the file")
    before = desk.ask("scene")
    assert before["path"] == str(saved)
    desk.close()

    again = open_wide(open_desk, scene=str(saved))
    after = again.ask("scene")
    assert after["things"] == before["things"]
    assert after["things"]["anna"]["prompt"] == "a woman in a red coat"
    assert not after["dirty"]
    assert again.state["undo"] == []
    assert again.close()["heavy"] == []


def test_what_was_not_saved_before_a_kill_is_taken_up_again(open_desk: OpenDesk, tmp_path: Path) -> None:
    scene = tmp_path / "yard.json"
    shutil.copy(scenes_folder() / "templates" / "dialogue.json", scene)
    desk = open_wide(open_desk, scene=str(scene))
    name = next(name for name, it in things(desk).items() if it.get("kind") == "mannequin")
    start = things(desk)[name]["position"]
    x, y, z = start
    press_button(desk, desk.ask("spot", x=x, y=y + 1.0, z=z))
    (chosen,) = desk.wait(lambda state: len(state["selection"]) == 1, "something picked")["selection"]
    start = things(desk)[chosen]["position"]
    desk.ask("press", key="up", mod=ALT)
    desk.wait(lambda state: things(desk)[chosen]["position"] != start, "the nudge")
    edited = desk.ask("scene")
    desk.kill()
    assert json.loads(scene.read_text())["name"] == "dialogue"

    again = open_wide(open_desk, scene=str(scene))
    again.wait(lambda state: any("Ctrl+Shift+O" in it for it in state["notices"]), "the notice")
    assert things(again)[chosen]["position"] == start
    again.ask("press", key="o", mod=CTRL | SHIFT)
    again.wait(lambda state: things(again) == edited["things"], "the edits of last time")
    assert again.state["undo"] == ["Recover unsaved edits"]
    again.ask("press", key="s", mod=CTRL)
    again.wait(lambda state: not again.ask("scene")["dirty"], "the save")
    again.close()


def test_fields_lists_and_other_scenes(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_wide(open_desk, scene="living_room")
    # The scene's own: the sun is dragged, and shows at once.
    azimuth = desk.ask("scene")["sun"][0]
    drag(desk, [1150, 319], [1190, 319])
    state = desk.wait(lambda state: desk.ask("scene")["sun"][0] > azimuth + 10, "the sun to move")
    assert state["undo"] == ["Move the sun"]
    # The list: a click, a range with Shift, and the arrows while it has the focus; the camera stays.
    press_button(desk, [80, 134])
    (first,) = desk.wait(lambda state: len(state["selection"]) == 1, "one of the list")["selection"]
    assert first == "sofa base"
    looked = desk.state["orientation"]
    desk.ask("press", key="down")
    state = desk.wait(lambda state: state["selection"] != [first], "the one below")
    assert state["selection"] == ["sofa back"]
    assert desk.ticks(4)["orientation"] == looked
    assert desk.state["riding"] == "dolly-in"
    # Its prompt, typed and left by Return.
    press_button(desk, [1140, 172])
    desk.ticks(3)
    desk.ask("hold", key="left ctrl")
    desk.ask("press", key="a", mod=CTRL)
    desk.ticks(2)
    desk.ask("press", key="left ctrl")
    write(desk, "torn leather")
    desk.wait(lambda state: things(desk)["sofa back"]["prompt"] == "torn leather", "the prompt")
    assert desk.state["selection"] == ["sofa back"], "what is typed does nothing else"
    # A group has what its objects have in common.
    group = "sofa"
    desk.ask("select", names=[group])
    desk.ticks(4)
    press_button(desk, [1140, 172])
    desk.ticks(3)
    write(desk, "white linen")
    held = [name for name, thing in things(desk).items() if thing.get("parent") == group]
    assert held
    desk.wait(lambda state: all(things(desk)[name]["prompt"] == "white linen" for name in held), "its prompt")
    # Hidden by its mark in the list.
    press_button(desk, [214, 157])
    desk.wait(lambda state: things(desk)["sofa back"]["hidden"], "the eye to shut")
    # Another scene, live: what was edited stays in its journal, and is told of when it is opened again.
    desk.ask("press", key="o", mod=CTRL)
    write(desk, "desert_road")
    state = desk.wait(lambda state: desk.ask("scene")["name"] == "desert_road", "the other scene")
    assert state["selection"] == []
    assert any("Unsaved edits" in notice for notice in state["notices"])
    assert desk.ask("scene")["path"] is None
    desk.wait(lambda state: state["settled"] and state["frame_tick"] is not None, "its picture")
    desk.ask("press", key="o", mod=CTRL)
    write(desk, "no such scene.json")
    state = desk.wait(lambda state: any("no such scene" in it for it in state["notices"]), "what is wrong")
    assert desk.ask("scene")["name"] == "desert_road"
    desk.ask("press", key="escape")
    assert desk.ticks(4)["desk"], "Escape gives up what was asked, and no more"
    assert not desk.state["closing"]
    desk.close()


def test_a_piece_is_dragged_into_the_picture_and_handles_turn_and_stretch_it(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    scene = tmp_path / "stage.json"
    shutil.copy(scenes_folder() / "templates" / "empty_stage.json", scene)
    desk = open_wide(open_desk, scene=str(scene))
    desk.ask("press", key="i", mod=CTRL)
    desk.ticks(4)
    drag(desk, [49, 185], picture_spot(desk, 0.25, 0.75))
    state = desk.wait(lambda state: state["undo"] == ["Add carry"], "the figure")
    assert state["selection"] == ["figure"]
    x, y, z = things(desk)["figure"]["position"]
    assert x < -0.5
    assert y == 0
    desk.ask("press", key="2", mod=CTRL)
    desk.ticks(4)
    origin = desk.ask("spot", x=x, y=y, z=z)
    # The outer ring turns about the line of sight: it is always there to be seized.
    drag(desk, [origin[0] + 57, origin[1] + 3], [origin[0] + 30, origin[1] - 60])
    state = desk.state
    assert state["undo"] == ["Turn figure", "Add carry"]
    assert things(desk)["figure"]["position"] == [x, y, z]
    desk.ask("press", key="3", mod=CTRL)
    desk.ticks(4)
    drag(desk, origin, [origin[0] + 40, origin[1]])
    assert desk.state["undo"] == ["Scale figure", "Turn figure", "Add carry"]
    assert things(desk)["figure"]["height_m"] > 1.8
    for key in "kr":
        desk.ask("press", key=key, mod=ALT)
        desk.ticks(3)
    state = desk.state
    assert state["undo"][0].startswith("Set key of figure")
    assert any("delete its keys" in notice for notice in state["notices"])
    desk.close()


def test_a_locked_thing_has_no_handles_and_a_mesh_is_asked_about(open_desk: OpenDesk, tmp_path: Path) -> None:
    # A box of 1000 units with z up, as a program that works in millimetres writes it.
    mesh = tmp_path / "crate.obj"
    corners = [(x, y, z) for x in (0, 400) for y in (0, 600) for z in (0, 1000)]
    faces = [(1, 3, 4, 2), (5, 6, 8, 7), (1, 2, 6, 5), (3, 7, 8, 4), (1, 5, 7, 3), (2, 4, 8, 6)]
    lines = [f"v {x} {y} {z}" for x, y, z in corners] + [f"f {' '.join(map(str, face))}" for face in faces]
    mesh.write_text("\n".join(lines))
    scene = tmp_path / "stage.json"
    shutil.copy(scenes_folder() / "templates" / "empty_stage.json", scene)
    desk = open_wide(open_desk, scene=str(scene))
    desk.ask("press", key="m", mod=CTRL)
    write(desk, str(mesh))
    assert "crate" not in things(desk), "it asks first"
    desk.ask("screenshot", path=str(tmp_path / "asked.png"))
    desk.ask("press", key="return")
    desk.wait(lambda state: "crate" in things(desk), "the mesh, as it was guessed")
    crate = things(desk)["crate"]
    assert crate["kind"] == "mesh"
    assert crate["scale"] == 0.001
    assert desk.ticks(4)["selection"] == ["crate"]
    desk.ask("press", key="l", mod=CTRL)
    desk.wait(lambda state: things(desk)["crate"]["locked"], "the lock")
    x, y, z = crate["position"]
    origin = desk.ask("spot", x=x, y=y, z=z)
    drag(desk, origin, [origin[0] - 80, origin[1]])
    assert things(desk)["crate"]["position"] == crate["position"]
    desk.ask("press", key="left", mod=ALT)
    assert any("Nothing to move" in it for it in desk.ticks(4)["notices"])
    desk.close()
