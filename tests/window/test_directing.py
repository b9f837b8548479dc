"""Steering from the window: lens, held surfaces, stabiliser, and changes that take their time."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]


def press(desk: Driven, *keys: str) -> None:
    for key in keys:
        desk.ask("press", key=key)


def point_at(desk: Driven, u: float, v: float) -> None:
    """Move the mouse to a place of the picture, which fills the window but for its aspect."""
    width, height = desk.state["size"]
    desk.ask("post", kind="MOUSEMOTION", pos=[int(u * width), int(v * height)], rel=[1, 0], buttons=[0, 0, 0])
    desk.ticks(2)


def test_the_lens_is_set_and_shows(open_desk: OpenDesk) -> None:
    desk = open_desk("proxy", scene="living_room")
    press(desk, *["]"] * 8)
    desk.wait(lambda state: state["focal_length_mm"] > 60 and state["settled"], "a long lens")
    sharp = desk.ask("detail")[0]
    press(desk, "k", *[";"] * 8)
    state = desk.wait(
        lambda state: state["depth_of_field"] and state["f_number"] == 1.0, "the lens, wide open"
    )
    # The table, before what the move looks at.
    point_at(desk, 0.5, 0.98)
    press(desk, "h")
    near = desk.wait(lambda now: now["focus_m"] != state["focus_m"], "the focus to be at the mouse")[
        "focus_m"
    ]
    assert 1 < near < state["focus_m"]
    desk.wait(lambda state: state["settled"], "the picture")
    assert desk.ask("detail")[0] < 0.96 * sharp
    press(desk, "g", "g")
    assert desk.wait(lambda state: state["shutter_deg"] == 180, "the shutter")["depth_of_field"]
    press(desk, "k", "g", "g")
    desk.wait(lambda state: not state["depth_of_field"] and state["shutter_deg"] == 0, "the lens off")
    desk.wait(lambda state: state["settled"], "the picture")
    assert abs(desk.ask("detail")[0] - sharp) < 0.01 * sharp


def test_what_is_held_stays_while_the_rest_changes(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk("embedded", scene="living_room")
    desk.wait(lambda state: state["generated"] > 0 and state["settled"], "the first picture")
    press(desk, "b")
    assert desk.wait(lambda state: state["held"] > 20, "the background to be held")["notices"]
    before = np.array(desk.ask("picture"))
    press(desk, "p")
    desk.wait(lambda state: state["typing"], "the field")
    desk.ask("post", kind="TEXTINPUT", text="moonlit night")
    press(desk, "return")
    desk.wait(lambda state: state["frame_prompt"] == "moonlit night" and state["settled"], "the new picture")
    held = np.array(desk.ask("picture"))
    desk.ask("screenshot", path=str(tmp_path / "held.png"))
    press(desk, "u")
    desk.wait(lambda state: state["held"] == 0 and state["settled"], "everything to be let go")
    free = np.array(desk.ask("picture"))
    assert np.abs(held - before).max() < 0.35 * np.abs(free - before).max()


def test_a_change_takes_its_time_and_arrives(open_desk: OpenDesk) -> None:
    desk = open_desk("embedded")
    desk.wait(lambda state: state["generated"] > 0 and state["settled"], "the first picture")
    press(desk, "f3", "f3", "j")
    press(desk, "p")
    desk.wait(lambda state: state["typing"], "the field")
    desk.ask("post", kind="TEXTINPUT", text="bright noon")
    press(desk, "return")
    state = desk.wait(lambda state: 0 < (state["arrived"] or 0) < 1, "a picture on the way")
    assert state["frame_prompt"] == "bright noon"
    assert state["stabiliser"] == 0.7
    desk.wait(lambda state: state["arrived"] == 1 and state["settled"], "the change to arrive")


def test_a_whole_class_is_held_and_another_variation_eases_in(open_desk: OpenDesk) -> None:
    desk = open_desk("embedded", scene="living_room")
    desk.wait(lambda state: state["generated"] > 0 and state["settled"], "the first picture")
    generated = desk.state["generated"]
    point_at(desk, 0.5, 0.98)
    press(desk, "y")
    state = desk.wait(lambda state: state["held"] > 0, "a class to be held")
    assert any("of class" in notice and notice.startswith("Held") for notice in state["notices"])
    desk.ticks(20)
    assert desk.state["generated"] == generated, "what is held needs no picture of its own"
    press(desk, "y")
    desk.wait(lambda state: state["held"] == 0, "it to be let go")
    press(desk, "f3", "f6")
    state = desk.wait(lambda state: 0 < (state["arrived"] or 0) < 1, "a picture between two variations")
    assert any("seed 1" in notice for notice in state["notices"])
    desk.wait(lambda state: state["arrived"] == 1 and state["settled"], "the other variation")
