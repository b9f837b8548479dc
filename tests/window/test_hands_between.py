"""What newcomers tripped over: keys and clicks that went elsewhere, and takes that went on for ever."""

from collections.abc import Callable
from typing import Any

from director.take.library import list_takes
from tests.window.driven import Driven
from tests.window.test_palette import open_palette, type_text

OpenDesk = Callable[..., Driven]
CTRL = 64


def opened(open_desk: OpenDesk) -> Driven:
    desk = open_desk(size=(512, 288), scene="living_room")
    desk.ask("resize", width=1280, height=720)
    desk.ask("press", key="f10")
    desk.wait(lambda state: state["desk"] and state["place"][2] < 1000, "the desk")
    return desk


def mouse(desk: Driven, kind: str, x: float, y: float, button: int = 1) -> dict[str, Any]:
    more: dict[str, Any] = (
        {"rel": [1, 0], "buttons": [0, 0, 0]} if kind == "MOUSEMOTION" else {"button": button}
    )
    desk.ask("post", kind=kind, pos=[int(x), int(y)], **more)
    return desk.ticks(2)


def click(desk: Driven, x: float, y: float) -> dict[str, Any]:
    for kind in ("MOUSEMOTION", "MOUSEBUTTONDOWN", "MOUSEBUTTONUP"):
        state = mouse(desk, kind, x, y)
    return state


def test_a_click_from_before_chooses_nothing_in_the_palette(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)
    left, top, width, height = desk.state["place"]
    # Where the palette's rows will lie.
    for share in (0.3, 0.4, 0.5):
        click(desk, left + width / 2, top + height * share)
    open_palette(desk)
    state = desk.ticks(6)
    assert state["palette"]["open"], "no click of before has chosen a command"
    shown = type_text(desk, "panel takes")["palette"]["shown"]
    assert shown
    desk.ask("press", key="return")
    desk.wait(lambda state: state["shooting"]["front"] == "Takes", "the takes")
    # The same of panels that were folded away meanwhile.
    desk.ask("press", key="f10")
    desk.ticks(2)
    for y in (134, 157, 180):
        click(desk, 80, y)
    selection = desk.state["selection"]
    desk.ask("press", key="f10")
    assert desk.ticks(8)["selection"] == selection
    desk.close()


def test_the_hands_in_the_picture_leave_the_field(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)
    # The scene's prompt, under Properties.
    click(desk, 1140, 172)
    desk.wait(lambda state: state["shooting"]["types"], "the field to have the focus")
    left, top, width, height = desk.state["place"]
    at = left + width / 2, top + height / 2
    mouse(desk, "MOUSEMOTION", *at)
    mouse(desk, "MOUSEBUTTONDOWN", *at, button=3)
    state = desk.wait(lambda state: not state["shooting"]["types"], "the field to be left")
    before = state["position"]
    desk.ask("hold", key="w")
    desk.wait(lambda state: state["position"] != before, "the camera to fly")
    mouse(desk, "MOUSEBUTTONUP", *at, button=3)
    assert "w" not in desk.ask("scene")["prompt"][-3:]
    desk.close()


def test_a_take_ends_with_its_shot(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)
    desk.ask("press", key="insert")
    state = desk.wait(lambda state: state["shooting"]["current"], "a shot")
    assert state["shooting"]["current"]["name"] == "S010"
    desk.ask("press", key="home")
    desk.ticks(2)
    desk.ask("press", key="r")
    desk.wait(lambda state: state["folder"], "the take to begin")
    state = desk.wait(lambda state: state["folder"] is None, "the take to end by itself")
    assert not state["is_playing"]
    # R at that moment was meant to end it: no other is begun.
    desk.ask("press", key="r")
    assert desk.ticks(3)["folder"] is None
    assert any("ended with the shot" in text for text in desk.state["notices"])
    desk.wait(lambda _: [take for take in list_takes(desk.takes) if take.state == "complete"], "the film")
    (take,) = list_takes(desk.takes)
    assert take.frames is not None
    start_s, end_s = desk.state["shooting"]["range"]
    assert abs(take.frames / 24 - (end_s - start_s)) < 0.4
    desk.close()
