"""The camera at the desk, in a real window: rigs, cameras, shots in words, focus, guides, plan, pad."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]

ALT, CTRL = 256, 64
DPAD_LEFT, DPAD_RIGHT = 13, 14
ROOM = "living_room"
WOMAN, MAN = "woman reading", "man with tea"


def cameras(desk: Driven) -> dict[str, Any]:
    answer: dict[str, Any] = desk.ask("cameras")
    return answer


def act(desk: Driven, key: str, mod: int = ALT) -> dict[str, Any]:
    desk.ask("press", key=key, mod=mod)
    desk.ticks(3)
    return cameras(desk)


def button(desk: Driven, number: int) -> dict[str, Any]:
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=number)
    desk.ask("post", kind="CONTROLLERBUTTONUP", instance_id=0, button=number)
    desk.ticks(3)
    return cameras(desk)


def click(desk: Driven, x: float, y: float, *, to: tuple[float, float] | None = None) -> None:
    """Press the left button, drag if `to` says where, let go."""
    at = [int(x), int(y)]
    desk.ask("post", kind="MOUSEMOTION", pos=at, rel=[1, 1], buttons=[0, 0, 0])
    desk.ticks(2)
    desk.ask("post", kind="MOUSEBUTTONDOWN", pos=at, button=1)
    desk.ticks(2)
    if to is not None:
        for share in (0.3, 0.7, 1.0):
            pos = [int(x + share * (to[0] - x)), int(y + share * (to[1] - y))]
            desk.ask("post", kind="MOUSEMOTION", pos=pos, rel=[3, 3], buttons=[1, 0, 0])
            desk.ticks(2)
        at = pos
    desk.ask("post", kind="MOUSEBUTTONUP", pos=at, button=1)
    desk.ticks(2)


def test_an_orbit_is_flown_by_the_pad_and_unplugging_is_told(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("select", names=[WOMAN])
    act(desk, "s")
    for _ in range(8):
        if act(desk, "g")["rig"] == "orbit":
            break
    now = cameras(desk)
    assert (now["rig"], now["subject"]) == ("orbit", WOMAN)
    state = desk.ticks(10)
    assert state["riding"] is None
    before = state["position"]
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=0, value=32000)
    desk.wait(lambda s: math.dist(s["position"], before) > 0.8, "the orbit to go round")
    # It is pulled out while the stick is pushed: told, and the camera comes to rest.
    desk.ask("post", kind="CONTROLLERDEVICEREMOVED", instance_id=0)
    desk.wait(lambda s: any("Pad unplugged" in notice for notice in s["notices"]), "the notice")
    desk.ticks(25)
    rest = desk.state["position"]
    assert math.dist(desk.ticks(5)["position"], rest) < 0.02
    desk.close()


def come_to_rest(desk: Driven) -> None:
    """Let a flight run out: how many ticks that takes is the machine's affair."""
    before = desk.state["position"]
    for _ in range(100):
        now = desk.ticks(10)["position"]
        if math.dist(now, before) < 1e-3:
            return
        before = now
    raise AssertionError("it never comes to rest")


def test_cameras_are_cut_between_with_the_pad(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    a = desk.state["position"]
    assert cameras(desk)["live"] == "A"
    assert button(desk, DPAD_RIGHT)["live"] == "B"
    desk.ask("hold", key="w")
    moved = desk.wait(lambda s: math.dist(s["position"], a) > 0.5, "camera B to fly")
    desk.ask("post", kind="KEYUP", key=ord("w"), mod=0)
    come_to_rest(desk)
    b = cameras(desk)["places"]["B"]
    assert moved["riding"] is None
    back = button(desk, DPAD_LEFT)
    assert back["live"] == "A"
    assert desk.state["position"] == pytest.approx(a)
    assert desk.state["riding"] == "dolly-in"
    assert button(desk, DPAD_RIGHT)["live"] == "B"
    assert desk.state["position"] == pytest.approx(b, abs=0.02)
    assert act(desk, "3")["live"] == "C"
    assert act(desk, "left", CTRL)["live"] == "B"
    desk.close()


def test_a_shot_is_typed_and_taken(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("resize", width=1280, height=720)
    act(desk, "f", CTRL)
    desk.ticks(4)
    assert cameras(desk)["front"] == "Framing"
    for word in ("close-up of woman, ", "low angle"):
        desk.ask("post", kind="TEXTINPUT", text=word)
        desk.ticks(2)
    assert cameras(desk)["phrase"] == "close-up of woman, low angle"
    before = desk.state
    desk.ask("press", key="return")
    after = desk.wait(lambda s: math.dist(s["position"], before["position"]) > 0.5, "the shot to be taken")
    assert after["riding"] is None
    assert after["focal_length_mm"] > before["focal_length_mm"]
    x, y, z, w = cameras(desk)["orientation"]
    assert 2 * (w * x - y * z) > 0.2, "from below it looks up"
    desk.wait(lambda s: len(cameras(desk)["suggested"]) > 3, "suggestions")
    # What is not understood changes nothing but what is told.
    desk.ask("press", key="escape")
    desk.ticks(3)
    act(desk, "f", CTRL)
    desk.ticks(3)
    desk.ask("post", kind="TEXTINPUT", text=" flurb")
    desk.ticks(3)
    stood = desk.state["position"]
    desk.ask("press", key="return")
    desk.wait(lambda s: any("flurb" in notice for notice in s["notices"]), "what is not understood")
    assert desk.state["position"] == pytest.approx(stood)
    desk.close()


def test_dolly_zoom_focus_guides_and_the_pad_s_picture_go_by_keys(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    act(desk, "z")
    assert any("select somebody" in notice for notice in desk.state["notices"])
    desk.ask("select", names=[WOMAN])
    assert act(desk, "z")["dolly_zoom"]
    before = desk.state
    desk.ask("hold", key="s")
    desk.wait(lambda s: s["focal_length_mm"] > before["focal_length_mm"] * 1.15, "the lens to follow")
    desk.ask("post", kind="KEYUP", key=ord("s"), mod=0)
    desk.ticks(20)
    assert not act(desk, "z")["dolly_zoom"]
    assert act(desk, "f")["tracked"] == WOMAN
    desk.wait(lambda s: s["focus_m"] > 2.0, "the focus to be on her")
    for key in "ltxo":
        now = act(desk, key)
    assert (now["guides"]["frame_line"], now["guides"]["thirds"]) == (1.33, True)
    assert (now["guides"]["centre"], now["guides"]["horizon"]) == (True, True)
    plain = desk.ask("window")
    assert act(desk, "b")["shows_pad"]
    act(desk, "p")
    assert desk.ask("window") != plain
    desk.close()


def test_the_plan_carries_the_camera_and_selects(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("resize", width=1280, height=720)
    desk.ask("press", key="f10")
    act(desk, "m")
    desk.ticks(4)
    mark = cameras(desk)["map_mark"]
    before = desk.state["position"]
    click(desk, *mark, to=(mark[0] + 30, mark[1] - 10))
    after = desk.state
    assert after["riding"] is None
    assert after["position"][0] > before[0] + 0.2
    assert after["position"][2] < before[2] - 0.05
    assert after["position"][1] == pytest.approx(before[1])
    desk.close()


def test_a_button_bound_otherwise_is_kept(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    kept = desk.takes.parent / "settings" / "pad.json"
    desk.close()
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"buttons": {"a": "dolly-zoom", "dpright": "next-camera"}}))
    again = open_desk(scene=ROOM)
    assert cameras(again)["buttons"] == {"a": "dolly-zoom", "dpright": "next-camera"}
    again.ask("select", names=[MAN])
    assert button(again, 0)["dolly_zoom"]
    assert again.state["folder"] is None, "A records no more"
    again.close()


def test_no_button_is_waited_for_out_of_sight(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("resize", width=1280, height=720)
    act(desk, "c")
    desk.wait(lambda _: cameras(desk)["front"] == "Camera", "the panel")
    desk.ask("bind_next_button", name="dolly-zoom")
    desk.ask("press", key="f10")
    desk.wait(lambda state: not state["desk"], "the desk to be folded away")
    desk.ticks(3)
    button(desk, 0)
    desk.wait(lambda state: state["folder"] is not None, "A to record, as it always did")
    desk.close()


def test_a_rename_is_no_cut_and_lets_go_of_nobody(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("select", names=[WOMAN])
    assert act(desk, "f")["tracked"] == WOMAN
    desk.wait(lambda state: state["settled"], "the picture")
    desk.ask("edit", kind="Rename", name=WOMAN, new_name="Anna")
    after = desk.ticks(2)
    assert cameras(desk)["tracked"] == "Anna"
    assert after["selection"] == ["Anna"]
    assert after["frame_tick"] is not None, "no cut"
    desk.close()


def test_a_shot_s_shake_is_kept_with_the_shot(open_desk: OpenDesk) -> None:
    desk = open_desk(scene=ROOM)
    desk.ask("hold", key="w")
    desk.wait(lambda state: state["riding"] is None, "the hands to have it")
    desk.ask("post", kind="KEYUP", key=ord("w"), mod=0)
    desk.ticks(10)
    desk.ask("press", key="insert")
    desk.wait(lambda state: state["shooting"]["follows"], "the shot")
    act(desk, "h")
    shot = desk.state["shooting"]["current"]
    assert shot["shake"] == {"kind": "close-up", "amount": 1.0}
    assert desk.state["undo"][0] == "Shake of S010"
    desk.ask("press", key="s", mod=CTRL)
    desk.wait(lambda state: any("Saved" in notice for notice in state["notices"]), "the file")
    desk.close()
    (saved,) = (desk.takes / "sets").glob("*.json")
    assert json.loads(saved.read_text(encoding="utf-8"))["shots"][0]["shake"] == {"kind": "close-up"}
