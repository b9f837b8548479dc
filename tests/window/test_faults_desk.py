"""What goes wrong with a scene's file at the desk, in real windows: two on one file, one closed mid-pass."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from director.resources import scenes_folder
from director.scene.load import load_scene
from director.take.track import read_track
from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]
_SHIFT, _CTRL, _ALT = 1, 64, 256


def press(desk: Driven, key: str, mod: int = 0) -> dict[str, Any]:
    desk.ask("press", key=key, mod=mod)
    return desk.ticks(3)


def told(desk: Driven, words: str) -> None:
    desk.wait(lambda state: any(words in notice for notice in state["notices"]), f"“{words}”")


def test_two_windows_on_one_scene_and_a_program_that_changes_it(open_desk: OpenDesk, tmp_path: Path) -> None:
    path = tmp_path / "room.json"
    shutil.copy(scenes_folder() / "living_room.json", path)
    first, second = open_desk(scene=str(path)), open_desk(scene=str(path))
    told(second, "Read-only: room.json is open in process")
    told(second, "Ctrl+Shift+H takes it over, Ctrl+Shift+S saves under another name")
    assert second.ask("edit", kind="SetScenePrompt", prompt="mine") == [False]
    press(second, "h", _CTRL | _SHIFT)
    told(second, "Taken over")
    assert second.ask("edit", kind="SetScenePrompt", prompt="mine") == [True]
    assert first.ask("edit", kind="SetScenePrompt", prompt="late") == [False]
    told(first, "Ctrl+Shift+H takes it over")

    # Another program writes the file; the palette overwrites it.
    path.write_text(path.read_text().replace('"name": "', '"name":  "', 1))
    press(second, "s", _CTRL)
    told(second, "Not saved: room.json was changed by another program")
    second.ask("press", key="p", mod=_CTRL)
    second.wait(lambda state: state["palette"]["listening"], "the palette")
    second.ask("post", kind="TEXTINPUT", text="overwrite the file")
    second.wait(lambda state: state["palette"]["shown"][:1] == ["Overwrite the file"], "the command")
    press(second, "return")
    told(second, "Saved")
    assert load_scene(path).prompt == "mine"

    # The first goes on under another name, which is proposed.
    first.ask("resize", width=1280, height=720)
    press(first, "s", _CTRL | _SHIFT)
    first.wait(lambda state: state["shooting"]["types"], "the field")
    first.ticks(3)
    first.ask("press", key="return")
    first.wait(lambda state: (tmp_path / "room-2.json").exists(), "the other file")
    assert first.ask("edit", kind="SetScenePrompt", prompt="my own") == [True]
    first.close()
    second.close()


def test_closing_the_window_in_the_middle_of_a_pass_keeps_the_pass(open_desk: OpenDesk) -> None:
    desk = open_desk(scene="living_room")
    desk.ask("resize", width=1280, height=720)
    press(desk, "f10")
    press(desk, "insert")
    press(desk, "space")
    press(desk, "r")
    folder = Path(desk.wait(lambda state: state["folder"], "a take")["folder"])
    desk.wait(lambda state: state["time_s"] > 2.5, "two seconds of it")
    press(desk, "r")
    told(desk, "saved")
    while desk.state["shooting"]["again"] != ["focus"]:
        press(desk, "r", _ALT | _SHIFT)
    press(desk, "s", _CTRL)
    desk.wait(lambda state: not desk.ask("scene")["dirty"], "the shot to be saved")
    press(desk, "r")
    desk.wait(lambda state: state["folder"] and state["time_s"] > 0.4, "the pass to play")
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=1, value=-32767)
    desk.wait(lambda state: state["time_s"] > 1.4, "focus to be pulled")
    take = desk.close()["take"]
    assert take["error"] == ""
    new = read_track(Path(take["folder"]) / "merged" / "track.jsonl")
    old = read_track(folder / "track.jsonl")
    assert [line.tick for line in new] == [line.tick for line in old]
    focus = [[line.camera.lens.focus_distance_m for line in track] for track in (old, new)]
    assert max(b / a for a, b in zip(*focus, strict=True)) > 1.2

    # The shot has it: an edit that was not saved, as any other.
    again = open_desk(scene=str(desk.takes / "sets" / "living_room.json"))
    told(again, "Ctrl+Shift+O takes them up again")
    press(again, "o", _CTRL | _SHIFT)
    press(again, "page down", _CTRL)
    camera = again.state["shooting"]["current"]["camera"]
    merged = (Path(take["folder"]) / "merged").relative_to(desk.takes).as_posix()
    assert (camera["kind"], camera["take"]) == ("recorded", merged)
    assert again.state["notices"] != []
    assert again.close()["heavy"] == []


def test_a_scene_whose_mesh_cannot_be_read_stays_closed_and_says_why(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    path = tmp_path / "room.json"
    text = (scenes_folder() / "living_room.json").read_text()
    head, tail = text.split('"objects": [', 1)
    path.write_text(
        f'{head}"objects": [{{"kind": "mesh", "name": "rock", "class": "rock", "path": "rock.obj"}},{tail}'
    )
    (tmp_path / "rock.obj").write_bytes(b"\x89\x00\xff" * 40)
    desk = open_desk(scene="night_alley")
    press(desk, "o", _CTRL)
    desk.wait(lambda state: state["shooting"]["types"], "the field")
    desk.ticks(3)
    desk.ask("post", kind="TEXTINPUT", text=str(path))
    desk.ticks(3)
    desk.ask("press", key="return")
    told(desk, "rock.obj")
    assert desk.ask("scene")["name"] == "night_alley"
    # The window goes on.
    assert desk.ask("edit", kind="SetScenePrompt", prompt="rain") == [True]
    desk.close()
