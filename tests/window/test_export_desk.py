"""Takes exported from the real window, by the palette and from the browser."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.window.driven import Driven
from tests.window.test_palette import open_palette, type_text
from tests.window.test_takes_desk import record

OpenDesk = Callable[..., Driven]
CTRL = 64


def command(desk: Driven, words: str, *, is_first: str) -> None:
    open_palette(desk)
    shown = type_text(desk, words)["palette"]["shown"]
    assert shown[0].startswith(is_first), shown
    desk.ask("press", key="return")


def chosen(open_desk: OpenDesk) -> Driven:
    desk = open_desk(size=(512, 288))
    desk.ask("resize", width=1280, height=720)
    record(desk)
    desk.ask("press", key="t", mod=CTRL)
    desk.wait(lambda state: state["takes"], "the take")
    desk.ask("press", key="down", mod=CTRL)
    desk.wait(lambda state: state["takes"][0]["chosen"], "it to be chosen")
    return desk


def test_a_take_is_exported_beside_the_takes(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = chosen(open_desk)
    for _ in range(2):
        command(desk, "export as json", is_first="Export take")
        state = desk.wait(
            lambda state: any(text.startswith("Exported: ") for text in state["notices"]), "the export"
        )
        desk.wait(lambda state: not state["notices"], "the notice to go")
    made = sorted((tmp_path / "exports").iterdir())
    # The second beside the first, not in its place.
    assert [path.suffix for path in made] == [".json", ".json"]
    assert str(made[0]) in " ".join(state["notices"]) or str(made[1]) in " ".join(state["notices"])
    assert json.loads(made[0].read_text()) == json.loads(made[1].read_text())
    # Nothing is circled: lists of several are not offered; then they are.
    open_palette(desk)
    assert not any("circled takes" in text for text in type_text(desk, "cut circled")["palette"]["shown"])
    desk.ask("press", key="escape")
    desk.ask("press", key="k", mod=CTRL)
    desk.wait(lambda state: state["takes"][0]["circled"], "the circle")
    command(desk, "circled edl", is_first="Export the circled takes as edl")
    desk.wait(lambda _: list((tmp_path / "exports").glob("*.edl")), "the cut list")
    desk.close()


def test_where_no_take_is_chosen_the_export_says_so(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk()
    command(desk, "mp4", is_first="Export a take as mp4")
    desk.wait(lambda state: any("Choose a take first" in text for text in state["notices"]), "the notice")
    assert not (tmp_path / "exports").exists()
    desk.close()


@pytest.mark.parametrize("ends", ["given up", "closed"])
def test_an_export_that_is_ended_leaves_nothing(open_desk: OpenDesk, tmp_path: Path, ends: str) -> None:
    desk = chosen(open_desk)
    command(desk, "export as exr", is_first="Export take")
    desk.wait(lambda state: any(text.startswith("Exporting") for text in state["notices"]), "it to begin")
    if ends == "given up":
        command(desk, "give up export", is_first="Give up the export")
        desk.wait(lambda state: any(text.startswith("Export given up") for text in state["notices"]), "it")
    desk.close()
    assert list((tmp_path / "exports").glob("*.exr")) == []
    assert [path for path in (tmp_path / "exports").glob("* exr") if path.is_dir()] == []
