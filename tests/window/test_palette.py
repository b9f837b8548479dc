"""The command palette in the real window: found by letters, done by Enter, and nobody else's keyboard."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]
CTRL = 64


def open_palette(desk: Driven) -> None:
    desk.ask("press", key="p", mod=CTRL)
    desk.wait(lambda state: state["palette"]["listening"], "the palette to listen")


def type_text(desk: Driven, text: str) -> dict[str, Any]:
    for letter in text:
        desk.ask("post", kind="TEXTINPUT", text=letter)
    return desk.ticks(3)


def test_a_command_is_found_and_done_with_the_desk_folded_away(open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = desk.state
    assert not before["desk"]
    open_palette(desk)
    shown = type_text(desk, "r take")["palette"]["shown"]
    assert shown[0] == "Start or stop a take"
    # R was typed, not pressed.
    assert desk.state["folder"] is None
    desk.ask("press", key="return")
    state = desk.wait(lambda state: state["folder"], "a take to begin")
    assert not state["palette"]["open"]
    assert Path(state["folder"]).is_dir()
    # What was done last comes first.
    open_palette(desk)
    assert desk.state["palette"]["shown"][0] == "Start or stop a take"
    desk.ask("press", key="return")
    desk.wait(lambda state: state["folder"] is None, "the take to end")
    desk.close()


def test_objects_and_panels_are_commands_and_arrows_choose(open_desk: OpenDesk) -> None:
    desk = open_desk(scene="living_room")
    open_palette(desk)
    shown = type_text(desk, "select cushion")["palette"]["shown"]
    assert len(shown) > 2
    assert all(text.startswith("Select ") for text in shown)
    desk.ask("press", key="down")
    desk.ticks(2)
    desk.ask("press", key="return")
    state = desk.wait(lambda state: state["selection"], "something selected")
    assert state["selection"] == [shown[1].removeprefix("Select ")]
    open_palette(desk)
    type_text(desk, "panel takes")
    desk.ask("press", key="return")
    assert desk.wait(lambda state: state["desk"], "the desk to open")
    desk.close()


@pytest.mark.parametrize("is_open", [False, True])
def test_escape_closes_the_palette_alone(open_desk: OpenDesk, is_open: bool) -> None:
    desk = open_desk()
    if is_open:
        desk.ask("press", key="f10")
        desk.ticks(2)
    open_palette(desk)
    position = desk.state["position"]
    desk.ask("press", key="w")
    type_text(desk, "w")
    desk.ask("press", key="escape")
    state = desk.ticks(4)
    assert not state["palette"]["open"]
    assert not state["closing"]
    assert state["desk"] == is_open
    assert state["position"] == position
    # The keyboard is everybody's again.
    desk.ask("press", key="2")
    assert desk.wait(lambda state: state["view"] == "proxy", "another view")
    desk.close()
