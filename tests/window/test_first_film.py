"""A first film, by hand alone: two figures at a table are blocked, framed, keyed, filmed, judged and kept.

Every step is keys, mouse and pad as a director gives them, and each leaves a picture in the test's folder;
where DIRECTOR_SCREENSHOTS names a folder, also there. DIRECTOR_SCREENSHOTS_OF says which generator draws.
"""

import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.take.library import list_takes
from director.take.track import read_track
from tests.window.driven import Driven
from tests.window.test_blocking import ALT, CTRL, SHIFT, add, open_wide, picture_spot, press_button, write
from tests.window.test_palette import open_palette, type_text
from tests.window.test_shots_desk import drag, place, press, shooting, times

OpenDesk = Callable[..., Driven]

_PROMPT_FIELD = [1140, 175]
"""Where the Properties panel has the prompt of one object, in a window of 1280 × 720."""
_A, _LEFT_Y, _RIGHT_TRIGGER = 0, 1, 5


class Director:
    """The hands at one window."""

    def __init__(self, desk: Driven, folder: Path) -> None:
        self.desk = desk
        self._folders = [folder, *(Path(name) for name in (os.environ.get("DIRECTOR_SCREENSHOTS"),) if name)]
        for each in self._folders:
            each.mkdir(parents=True, exist_ok=True)
        self._number = len(list(folder.glob("*.png")))

    def look(self, step: str) -> None:
        """A picture of the window, once the newest generated picture is in it."""
        self.desk.wait(lambda state: state["settled"] or state["folder"], "the picture to settle")
        self._number += 1
        for folder in self._folders:
            self.desk.ask("screenshot", path=str(folder / f"{self._number:02}_{step}.png"))

    def find(self, words: str) -> str:
        """Do by the palette what is called so; what it was."""
        open_palette(self.desk)
        shown = type_text(self.desk, words)["palette"]["shown"]
        self.desk.ask("press", key="return")
        self.desk.wait(lambda state: not state["palette"]["open"], "the palette to close")
        self.desk.ticks(2)
        return str(shown[0])

    def cast(self, name: str, prompt: str, u: float) -> None:
        """Set a figure down, name it, and say how it looks."""
        add(self.desk, "stand", picture_spot(self.desk, u, 0.80))
        self.desk.ask("press", key="r", mod=CTRL)
        write(self.desk, name)
        self.desk.wait(lambda state: state["selection"] == [name], f"{name} to have that name")
        press_button(self.desk, _PROMPT_FIELD)
        write(self.desk, prompt)
        self.desk.wait(lambda state: state["undo"][0] == f"Set prompt of {name}", "the prompt")

    def frame(self, phrase: str) -> dict[str, Any]:
        """A shot in words, from the keyboard; how it stands."""
        before = self.desk.state["position"]
        self.desk.ask("press", key="f", mod=CTRL)
        self.desk.ticks(4)
        self.desk.ask("post", kind="TEXTINPUT", text=phrase)
        self.desk.ticks(3)
        self.desk.ask("press", key="return")
        state = self.desk.wait(lambda state: math.dist(state["position"], before) > 0.01, phrase)
        assert self.desk.ask("cameras")["phrase"] == phrase, "what was asked for before is gone"
        self.desk.ticks(3)
        return state

    def scrub(self, time_s: float) -> None:
        """To a time of the ruler."""
        drag(self.desk, place(self.desk, time_s - 0.6, None), place(self.desk, time_s, None))
        assert self.desk.state["time_s"] == pytest.approx(time_s, abs=0.03)

    def button(self, number: int) -> None:
        for kind in ("CONTROLLERBUTTONDOWN", "CONTROLLERBUTTONUP"):
            self.desk.ask("post", kind=kind, instance_id=0, button=number)

    def stick(self, axis: int, value: int) -> None:
        self.desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=axis, value=value)

    def take(self, shot: str, during: Callable[[], object] = lambda: None) -> Path:
        """A take by the pad, from the beginning for a good second; its folder."""
        before = len(list_takes(self.desk.takes))
        self.desk.wait(lambda state: state["shooting"]["current"]["name"] == shot, f"{shot} to be current")
        press(self.desk, "home")
        self.button(_A)
        folder = self.desk.wait(lambda state: state["folder"], "a take to begin")["folder"]
        self.desk.wait(lambda state: state["is_playing"] and state["time_s"] > 0.5, "the shot to play")
        during()
        self.desk.wait(lambda state: state["time_s"] > 1.2, "some of the shot")
        self.button(_A)
        self.desk.wait(lambda state: state["folder"] is None, "the take to end")
        whole = "complete", "short"
        self.desk.wait(
            lambda _: sum(take.state in whole for take in list_takes(self.desk.takes)) > before, "it on disk"
        )
        return Path(folder)


def heading(desk: Driven, name: str) -> float:
    """Towards where a thing's front is, degrees about Y."""
    return float(desk.ask("scene")["things"][name]["rotation_deg"][0])


def looks_right(desk: Driven) -> float:
    """How far the camera looks towards +X, −1..1."""
    x, y, z, w = desk.ask("cameras")["orientation"]
    return float(-2 * (x * z + w * y))


def test_a_first_film(open_desk: OpenDesk, tmp_path: Path) -> None:
    generator = os.environ.get("DIRECTOR_SCREENSHOTS_OF", "proxy")
    pictures = tmp_path / "screenshots"
    desk = open_wide(open_desk, generator=generator)
    hands = Director(desk, pictures)

    # The set: two people at a table, face to face.
    assert hands.find("new scene empty stage") == "New scene: empty stage"
    desk.wait(lambda state: desk.ask("scene")["name"] == "untitled", "the empty stage")
    desk.wait(lambda state: state["riding"] == "lock-off", "its camera")
    hands.look("empty_stage")
    hands.cast("anna", "a woman in a red coat", 0.40)
    hands.cast("ben", "an old man in a blue suit", 0.60)
    add(desk, "table", picture_spot(desk, 0.50, 0.76))
    hands.look("cast")
    hands.find("select anna")
    assert hands.find("anna towards ben") == "Turn anna towards ben"
    hands.find("select ben")
    assert hands.find("ben towards anna") == "Turn ben towards anna"
    assert heading(desk, "anna") == pytest.approx(90, abs=8)
    assert heading(desk, "ben") == pytest.approx(-90, abs=8)
    press(desk, "a", CTRL | SHIFT)
    desk.ask("press", key="/")
    desk.wait(lambda state: state["typing"], "the field of the scene's prompt")
    write(desk, "late afternoon, warm light")
    desk.wait(lambda state: state["prompt"] == "late afternoon, warm light", "the prompt")
    hands.look("face_to_face")

    # Coverage: an over-shoulder and two close-ups, which keep to one side of the line.
    assert hands.frame("over shoulder of ben on anna")["riding"] is None
    press(desk, "insert")
    hands.look("over_shoulder")
    hands.frame("close-up of anna, 75 mm")
    of_anna = looks_right(desk)
    press(desk, "insert")
    hands.frame("close-up of ben, 75 mm")
    of_ben = looks_right(desk)
    assert of_anna < -0.3 < 0.3 < of_ben
    press(desk, "insert")
    hands.look("close_up")
    assert shooting(desk)["shots"] == ["S010", "S020", "S030"]

    # A dolly into anna's close-up, by two framings that are keyed.
    assert hands.find("go to shot s020") == "Go to shot S020"
    press(desk, "j", CTRL)
    press(desk, "home")
    press(desk, "return", ALT)
    hands.scrub(4.0)
    hands.frame("big close-up of anna, 75 mm")
    press(desk, "return", ALT)
    dolly = shooting(desk)["current"]["timeline"]["position"]["keys"]
    assert [key["time_s"] for key in dolly] == pytest.approx([0, 4], abs=0.03)
    assert math.dist(dolly[0]["value"], dolly[1]["value"]) > 0.1
    hands.look("dolly")

    # A crane over the two, by hand: what the hand leaves is keyed.
    hands.find("go to shot s010")
    press(desk, "home")
    press(desk, "return", ALT)
    press(desk, "return", ALT | SHIFT)
    hands.scrub(4.0)
    low = desk.state["position"]
    hands.stick(_RIGHT_TRIGGER, 12_000)
    desk.wait(lambda state: state["position"][1] > low[1] + 0.25, "the camera to rise")
    hands.stick(_RIGHT_TRIGGER, 0)
    crane = desk.wait(lambda state: len(times(state["shooting"]["current"], "position")) == 2, "a key")
    first, last = (key["value"] for key in crane["shooting"]["current"]["timeline"]["position"]["keys"])
    assert last[1] - first[1] > 0.2
    assert math.dist(first[::2], last[::2]) < 0.05
    press(desk, "return", ALT | SHIFT)
    hands.look("crane")

    # Three takes by the pad: two of the crane, one of the dolly.
    takes = [hands.take("S010"), hands.take("S010", lambda: hands.look("recording"))]
    hands.find("go to shot s020")
    takes.append(hands.take("S020"))
    assert [folder.name for folder in takes] == ["S010_T001", "S010_T002", "S020_T001"]

    # Focus alone again, over the take of the dolly.
    while shooting(desk)["again"] != ["focus"]:
        press(desk, "r", ALT | SHIFT)
    hands.button(_A)
    desk.wait(lambda state: state["folder"] and state["time_s"] > 0.3, "the pass to play")
    hands.stick(_LEFT_Y, -32_767)
    desk.wait(lambda state: state["folder"] is None, "the pass to end by itself")
    hands.stick(_LEFT_Y, 0)
    recorded = shooting(desk)["current"]["camera"]
    assert recorded == {"kind": "recorded", "take": "untitled/S020_T002/merged", "offset_s": 0.0}
    again = read_track(desk.takes / recorded["take"] / "track.jsonl")
    before = read_track(takes[2] / "track.jsonl")
    assert again[-1].camera.position == before[-1].camera.position
    assert again[-1].camera.lens.focus_distance_m > 1.2 * before[-1].camera.lens.focus_distance_m
    while shooting(desk)["again"]:
        press(desk, "r", ALT | SHIFT)
    hands.look("focus_again")

    # Two are compared, one is circled.
    press(desk, "t", CTRL)
    desk.wait(lambda state: len(state["takes"]) == 4, "the takes in the browser")
    while not desk.state["takes"][1]["chosen"]:
        press(desk, "down", CTRL)
    press(desk, "b", CTRL)
    desk.wait(lambda state: state["playing"]["shown"] is not None, "both takes")
    desk.wait(lambda state: not state["playing"]["running"], "their end")
    for folder in {pictures, Path(os.environ.get("DIRECTOR_SCREENSHOTS", pictures))}:
        desk.ask("screenshot", path=str(folder / "compared.png"))
    press(desk, "escape")
    for key in ("k", "=", "="):
        press(desk, key, CTRL)
    kept = desk.wait(lambda state: state["takes"][1]["circled"], "the circle")["takes"]
    assert [take["rating"] for take in kept] == [0, 2, 0, 0]
    hands.look("circled")

    # Saved, closed, and there again.
    press(desk, "s", CTRL)
    desk.wait(lambda state: not desk.ask("scene")["dirty"], "the scene on disk")
    scene, shots = desk.ask("scene"), shooting(desk)["shots"]
    for _ in range(2):
        press(desk, "escape")
    desk.wait(lambda state: state["closing"], "the window to close")
    desk.close()

    desk = open_wide(open_desk, generator=generator, scene=scene["path"])
    hands = Director(desk, pictures)
    assert desk.ask("scene") == scene
    assert scene["things"]["anna"]["prompt"] == "a woman in a red coat"
    assert shooting(desk)["shots"] == shots
    hands.find("go to shot s010")
    there = shooting(desk)["current"]
    assert [key["value"] for key in there["timeline"]["position"]["keys"]] == [first, last]
    hands.find("go to shot s020")
    assert shooting(desk)["current"]["camera"] == recorded
    press(desk, "t", CTRL)
    found = desk.wait(lambda state: len(state["takes"]) == 4, "the takes")["takes"]
    for before_closing, now in zip(kept, found, strict=True):
        for field in ("folder", "rating", "circled", "state"):
            assert now[field] == before_closing[field]
    hands.look("again")
    assert desk.close()["heavy"] == []
