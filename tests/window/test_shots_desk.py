"""Shots in the real window: made, keyed, scrubbed, played, recorded over, undone, and there again later."""

import json
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.take.track import read_track
from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]
_SHIFT, _CTRL, _ALT = 1, 64, 256
_SIDE, _BOTTOM, _STRIP = 268, 172, 34
_RULER_Y, _ROWS_Y, _ROW = 62, 90, 17
"""Where the ruler and the first row lie, below the top of the bottom panels."""


def press(desk: Driven, key: str, mod: int = 0) -> dict[str, Any]:
    desk.ask("press", key=key, mod=mod)
    return desk.ticks(3)


def shooting(desk: Driven) -> dict[str, Any]:
    found: dict[str, Any] = desk.state["shooting"]
    return found


def fly(desk: Driven, key: str, code: int) -> None:
    desk.ask("hold", key=key)
    desk.ticks(8)
    desk.ask("post", kind="KEYUP", key=code, mod=0)
    desk.ticks(3)


def mouse(desk: Driven, kind: str, x: float, y: float) -> None:
    more: dict[str, Any] = {"rel": [1, 0], "buttons": [0, 0, 0]} if kind == "MOUSEMOTION" else {"button": 1}
    desk.ask("post", kind=kind, pos=[int(x), int(y)], **more)
    desk.ticks(2)


def drag(desk: Driven, start: tuple[float, float], *way: tuple[float, float]) -> None:
    mouse(desk, "MOUSEMOTION", *start)
    mouse(desk, "MOUSEBUTTONDOWN", *start)
    for x, y in way:
        mouse(desk, "MOUSEMOTION", x, y)
    mouse(desk, "MOUSEBUTTONUP", *(way[-1] if way else start))


def place(desk: Driven, time_s: float, row: int | None) -> tuple[float, float]:
    """Where a time lies in the ruler, or in a row of the timeline, of a window of 1280 × 720."""
    start_s, per_s, left = shooting(desk)["ruler"]
    top = 720 - _STRIP - _BOTTOM
    y = top + (_RULER_Y if row is None else _ROWS_Y + (row + 0.5) * _ROW)
    return left + (time_s - start_s) * per_s, y


def times(shot: dict[str, Any], channel: str) -> list[float]:
    curve = shot["timeline"][channel]
    return [] if curve is None else [key["time_s"] for key in curve["keys"]]


@pytest.fixture
def desk(open_desk: OpenDesk) -> Driven:
    opened = open_desk(scene="living_room")
    opened.ask("resize", width=1280, height=720)
    press(opened, "f10")
    return opened


def test_shots_are_made_keyed_recorded_over_and_kept(desk: Driven, open_desk: OpenDesk) -> None:
    # One of a move, which keeps the move; one of a framing that was flown to.
    assert desk.state["riding"] == "dolly-in"
    made = press(desk, "insert")
    assert made["shooting"]["shots"] == ["S010"]
    assert made["shooting"]["current"]["camera"]["move"] == "dolly-in"
    fly(desk, "w", ord("w"))
    flown = desk.wait(lambda state: state["settled"], "the rig to rest")
    made = press(desk, "insert")
    assert made["shooting"]["shots"] == ["S010", "S020"]
    assert made["shooting"]["follows"]
    assert made["position"] == pytest.approx(flown["position"], abs=1e-6)

    # A dolly and a crane, keyed by hand: scrub, fly, let go.
    press(desk, "j", _CTRL)
    press(desk, "return", _ALT | _SHIFT)
    for time_s, key in ((2.0, "a"), (4.0, "e")):
        drag(
            desk, place(desk, time_s - 0.5, None), place(desk, time_s - 0.2, None), place(desk, time_s, None)
        )
        state = desk.state
        assert state["time_s"] == pytest.approx(time_s, abs=0.03)
        fly(desk, key, ord(key))
        desk.wait(
            lambda state, at=time_s: any(  # type: ignore[misc]
                abs(time - at) < 0.03 for time in times(state["shooting"]["current"], "position")
            ),
            f"a key at {time_s} s",
        )
        assert shooting(desk)["follows"]
    keyed = shooting(desk)["current"]
    assert times(keyed, "position") == times(keyed, "rotation_deg") == pytest.approx([0, 2, 4], abs=0.03)
    first, dolly, crane = (key["value"] for key in keyed["timeline"]["position"]["keys"])
    assert abs(dolly[0] - first[0]) > 0.2
    assert crane[1] - dolly[1] > 0.2
    press(desk, "return", _ALT | _SHIFT)

    # Scrubbing shows the camera on its way; a key that is dragged is one line of the undo list.
    drag(desk, place(desk, 0.5, None), place(desk, 2.0, None))
    assert desk.state["position"] == pytest.approx(dolly, abs=0.05)
    lines = len(desk.state["undo"])
    at = times(keyed, "position")[2]
    drag(desk, place(desk, at, 0), place(desk, at + 0.4, 0), place(desk, 5.0, 0))
    moved = shooting(desk)
    assert times(moved["current"], "position") == pytest.approx([0, 2, 5], abs=0.03)
    assert len(desk.state["undo"]) == lines + 1
    press(desk, "delete")
    assert times(shooting(desk)["current"], "position") == pytest.approx([0, 2], abs=0.03)
    press(desk, "z", _CTRL)
    press(desk, "z", _CTRL)
    assert times(shooting(desk)["current"], "position") == pytest.approx([0, 2, 4], abs=0.03)

    # Played, and recorded over by the pad.
    press(desk, "home")
    press(desk, "space")
    desk.wait(lambda state: state["time_s"] > 0.4, "the shot to play")
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=0)
    folder = Path(desk.wait(lambda state: state["folder"], "a take")["folder"])
    assert folder.parts[-2:] == ("living_room", "S020_T001")
    desk.wait(lambda state: not state["is_playing"], "the end of the shot")
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=0)
    desk.wait(lambda state: any("saved" in notice for notice in state["notices"]), "the take")
    assert json.loads((folder / "take.json").read_text())["settings"]["slate"]["shot"] == "S020"

    # Focus alone again, pulled by the left stick.
    while shooting(desk)["again"] != ["focus"]:
        press(desk, "r", _ALT | _SHIFT)
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=0)
    desk.wait(lambda state: state["folder"] and state["time_s"] > 1.2, "the pass to play")
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=1, value=-32767)
    desk.wait(lambda state: state["time_s"] > 2.5, "focus to be pulled")
    now = desk.state
    assert now["position"] == pytest.approx(position_at(folder, now["time_s"]), abs=0.12)
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=1, value=0)
    done = desk.wait(lambda state: state["folder"] is None, "the pass to end by itself")
    shot = done["shooting"]["current"]
    assert shot["camera"] == {"kind": "recorded", "take": "living_room/S020_T002/merged", "offset_s": 0.0}
    assert times(shot, "position") == []
    old = read_track(folder / "track.jsonl")
    new = read_track(desk.takes / shot["camera"]["take"] / "track.jsonl")
    assert [line.tick for line in new] == [line.tick for line in old]
    assert new[-1].camera.position == old[-1].camera.position
    assert new[-1].camera.lens.focus_distance_m > 1.5 * old[-1].camera.lens.focus_distance_m

    # Undone, saved, and there again.
    press(desk, "z", _CTRL)
    assert times(shooting(desk)["current"], "position") == pytest.approx([0, 2, 4], abs=0.03)
    press(desk, "s", _CTRL)
    desk.close()
    again = open_desk(scene=str(desk.takes / "sets" / "living_room.json"))
    assert shooting(again)["shots"] == ["S010", "S020"]
    press(again, "page down", _CTRL)
    press(again, "page down", _CTRL)
    assert shooting(again)["current"]["name"] == "S020"
    assert times(shooting(again)["current"], "position") == times(keyed, "position")
    assert again.state["position"] == pytest.approx(first, abs=1e-6)


def position_at(folder: Path, time_s: float) -> Any:
    """Where the camera of a take was at a scene time."""
    track = read_track(folder / "track.jsonl")
    return min(track, key=lambda line: abs(line.tick.time_s - time_s)).camera.position


def test_shots_are_ordered_copied_renamed_and_deleted(desk: Driven) -> None:
    press(desk, "insert")
    fly(desk, "w", ord("w"))
    press(desk, "insert")
    assert press(desk, "page up", _CTRL | _SHIFT)["shooting"]["shots"] == ["S020", "S010"]
    assert press(desk, "insert", _CTRL | _SHIFT)["shooting"]["shots"] == ["S020", "S020 2", "S010"]
    assert shooting(desk)["current"]["name"] == "S020 2"
    assert press(desk, "delete", _ALT)["shooting"]["shots"] == ["S020", "S010"]
    # A click goes to the first; a double click lets it be renamed.
    card = _SIDE + 60, 720 - _STRIP - _BOTTOM + 70
    press(desk, "j", _CTRL | _SHIFT)
    drag(desk, card)
    assert shooting(desk)["current"]["name"] == "S020"
    # Not a third click of one row of clicks.
    time.sleep(0.7)
    desk.ask("double_click", x=card[0], y=card[1])
    desk.wait(lambda state: state["shooting"]["types"], "the field for the name")
    desk.ask("post", kind="TEXTINPUT", text="window")
    desk.ticks(3)
    desk.ask("press", key="return")
    named = desk.wait(lambda state: "window" in state["shooting"]["shots"], "the new name")
    assert named["shooting"]["current"]["name"] == "window"
    assert named["shooting"]["follows"]


def test_a_take_is_counted_down_and_sound_is_heard(desk: Driven, tmp_path: Path) -> None:
    path = tmp_path / "scratch.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        tone = (np.sin(np.arange(48000 * 8) / 20) * 9000).astype("<i2")
        file.writeframes(tone.tobytes())
    desk.ask("load_sound", path=str(path))
    desk.wait(lambda state: state["shooting"]["sound"][0], "the sound")
    press(desk, "insert")
    press(desk, "r", _CTRL | _SHIFT)
    counting = press(desk, "r")
    assert counting["shooting"]["count"] > 2
    assert counting["folder"] is None
    begun = desk.wait(lambda state: state["folder"], "the count to end")
    assert begun["time_s"] < 0.5
    desk.wait(lambda state: state["shooting"]["sound"][1] and state["is_playing"], "sound in step")
    press(desk, "space")
    assert not shooting(desk)["sound"][1]
    press(desk, "r")
    assert desk.state["folder"] is None
    desk.ask("load_sound", path=str(tmp_path / "none.wav"))
    desk.wait(lambda state: any("no such file" in notice for notice in state["notices"]), "a notice")


def test_an_earlier_pass_is_asked_for(desk: Driven) -> None:
    press(desk, "insert")
    press(desk, "r", _ALT | _SHIFT)
    state = press(desk, "r")
    assert state["folder"] is None
    assert any("has no pass yet" in notice for notice in state["notices"])


def test_what_a_shot_says_is_shown_at_its_time(desk: Driven) -> None:
    press(desk, "insert")
    press(desk, "j", _CTRL)
    before = desk.ask("located", name="vase")
    desk.ask("add_key", path=["objects", "vase", "position"], time_s=1.0, value=[0.0, 0.0, 0.0])
    desk.ask("add_key", path=["objects", "vase", "position"], time_s=3.0, value=[1.0, 0.0, 0.0])
    desk.ask("add_key", path=["prompt"], time_s=0.0, value="noon")
    desk.ask("add_key", path=["prompt"], time_s=2.0, value="a snowy night")
    desk.ask("add_key", path=["strengths", "scene"], time_s=0.0, value=0.25)
    drag(desk, place(desk, 1.0, None))
    here = desk.ask("located", name="vase")
    assert desk.state["prompt"] == "noon"
    drag(desk, place(desk, 3.0, None))
    there = desk.ask("located", name="vase")
    assert float(np.linalg.norm(np.subtract(there, here))) == pytest.approx(1.0, abs=1e-3)
    desk.wait(lambda state: state["frame_prompt"] == "a snowy night", "a picture of the words at that time")
    # Words of one's own take over from there, and scrubbing gives them back.
    for key in ("return", "return"):
        desk.ask("press", key=key)
        desk.ticks(4)
    assert desk.state["prompt"] == "a snowy night"
    press(desk, "m")
    assert shooting(desk)["current"] is None
    assert desk.ask("located", name="vase") == pytest.approx(before, abs=1e-6)
