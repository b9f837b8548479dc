"""Panels are drawn anew when they may look otherwise, and look as if they always were."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]


def opened(open_desk: OpenDesk) -> Driven:
    desk = open_desk(size=(512, 288), scene="living_room")
    desk.ask("resize", width=1280, height=720)
    desk.ask("press", key="f10")
    desk.wait(lambda state: state["desk"] and state["place"][2] < 1000, "the desk")
    desk.wait(lambda state: state["settled"], "the picture")
    return desk


def mouse(desk: Driven, kind: str, x: float, y: float) -> None:
    more: dict[str, Any] = {"rel": [1, 0], "buttons": [0, 0, 0]} if kind == "MOUSEMOTION" else {"button": 1}
    desk.ask("post", kind=kind, pos=[int(x), int(y)], **more)
    desk.ticks(1)


def screenshot(desk: Driven, path: Path) -> NDArray[np.int16]:
    desk.ask("screenshot", path=str(path))
    return np.asarray(Image.open(path), np.int16)


def test_panels_are_drawn_when_something_may_have_changed(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)

    def drawn_while(do: Callable[[], object]) -> tuple[int, int]:
        """How often the panels were drawn meanwhile, of so many turns."""
        before = desk.ticks(6)
        do()
        after = desk.state
        return after["panels_drawn"] - before["panels_drawn"], after["ticks"] - before["ticks"]

    def move(x: float, y: float) -> None:
        for i in range(9):
            mouse(desk, "MOUSEMOTION", x, y + 5 * i)

    left, top, width, height = desk.state["place"]
    drawn, turns = drawn_while(lambda: desk.ticks(30))
    assert 1 <= drawn <= turns // 3 + 1
    # Over the picture the pointer concerns no panel; on one each of its moves is seen at once.
    mouse(desk, "MOUSEMOTION", left + width / 2, top + height / 3)
    drawn, turns = drawn_while(lambda: move(left + width / 2, top + height / 3))
    assert drawn <= turns // 3 + 1
    drawn, _ = drawn_while(lambda: move(100, 200))
    assert drawn >= 9
    desk.close()


def test_kept_panels_look_as_drawn(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = opened(open_desk)
    desk.ticks(8)
    kept = screenshot(desk, tmp_path / "kept.png")
    desk.ask("draw_panels_live", live=True)
    desk.ticks(3)
    live = screenshot(desk, tmp_path / "live.png")
    for part in (np.s_[34:-34, :268], np.s_[34:-34, -268:]):
        assert live[part].std() > 10, "there is something to compare"
        assert np.abs(kept[part] - live[part]).max() <= 2
    desk.close()


def test_a_border_is_dragged_and_goes_back(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)
    left, top, width, height = desk.ticks(4)["place"]
    across, foot = left + width / 2, 720 - 34 - 172 + 2
    for kind, y in (("MOUSEMOTION", foot), ("MOUSEBUTTONDOWN", foot)):
        mouse(desk, kind, across, y)
    for y in (foot - 40, foot - 90, foot - 150):
        mouse(desk, "MOUSEMOTION", across, y)
    mouse(desk, "MOUSEBUTTONUP", across, foot - 150)
    smaller = desk.ticks(3)["place"]
    assert smaller[3] < height - 50, "the picture gave way"
    desk.ask("double_click", x=int(across), y=int(foot - 150))
    assert desk.ticks(4)["place"] == [left, top, width, height]
    desk.close()


def test_borders_are_kept_and_what_is_no_border_is_told(open_desk: OpenDesk) -> None:
    desk = opened(open_desk)
    left = desk.ticks(4)["place"][0]
    edge, middle = left - 2, 200
    for kind, x in (("MOUSEMOTION", edge), ("MOUSEBUTTONDOWN", edge), ("MOUSEMOTION", edge + 20)):
        mouse(desk, kind, x, middle)
    mouse(desk, "MOUSEMOTION", edge + 40, middle)
    mouse(desk, "MOUSEBUTTONUP", edge + 40, middle)
    dragged = desk.ticks(3)["place"]
    assert dragged[0] > left + 20
    kept = desk.takes.parent / "settings" / "desk.json"
    desk.close()
    assert kept.is_file()
    again = opened(open_desk)
    assert again.ticks(4)["place"] == dragged
    again.close()
    kept.write_text('{"borders": {"left": "wide"}}', encoding="utf-8")
    told = open_desk(size=(512, 288), scene="living_room")
    assert any("desk.json" in notice for notice in told.state["notices"])
    told.close()
