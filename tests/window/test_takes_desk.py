"""Takes at the desk: they appear, are rated, played and compared, and one on a full disk is kept."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from director.take.folder import read_json
from director.take.library import entry_of, list_takes
from tests.window.driven import Driven

OpenDesk = Callable[..., Driven]
CTRL, SHIFT = 64, 1


def record(desk: Driven, ticks: int = 25) -> None:
    """A take of so many ticks, ended and on disk."""
    before = len(list_takes(desk.takes))
    desk.ask("press", key="r")
    desk.wait(lambda state: state["folder"], "a take to begin")
    desk.ticks(ticks)
    desk.ask("press", key="r")
    done = {"complete", "short"}
    desk.wait(
        lambda _: len([take for take in list_takes(desk.takes) if take.state in done]) > before,
        "the take to be whole",
    )


def shown(desk: Driven, path: Path) -> NDArray[np.float64]:
    """The picture's place in the window, above the transport, grey, once no notice lies over it."""
    desk.wait(lambda state: not state["notices"], "the notices to go")
    desk.ask("screenshot", path=str(path))
    left, top, width, height = desk.state["place"]
    whole = np.asarray(Image.open(path).convert("L"), np.float64)
    return whole[round(top) : round(top + height - 44), round(left) : round(left + width)]


def apart(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.abs(a - b).mean())


def test_a_take_appears_is_rated_and_circled_and_that_survives(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk()
    desk.ask("press", key="t", mod=CTRL)
    desk.ticks(3)
    assert desk.state["takes"] == []
    record(desk)
    state = desk.wait(
        lambda state: [take for take in state["takes"] if take["state"] == "complete"],
        "the take in the browser",
    )
    folder = Path(state["takes"][0]["folder"])
    desk.ask("press", key="down", mod=CTRL)
    desk.ticks(2)
    # The browser has the focus: a digit rates, and looks at no other view.
    desk.ask("press", key="1")
    assert desk.wait(lambda state: state["takes"][0]["rating"] == 1, "a star")["view"] == "generated"
    desk.ask("press", key="2")
    desk.wait(lambda state: state["takes"][0]["rating"] == 2, "two stars")
    for key in ("=", "-", "k"):
        desk.ask("press", key=key, mod=CTRL)
        desk.ticks(2)
    rated = desk.wait(lambda state: state["takes"][0]["circled"], "a circle")["takes"][0]
    assert (rated["rating"], rated["chosen"]) == (2, True)
    assert desk.state["view"] == "generated"
    desk.close()
    assert (entry_of(folder).rating, entry_of(folder).circled) == (2, True)
    again = open_desk()
    again.ask("press", key="t", mod=CTRL)
    take = again.wait(lambda state: state["takes"], "the take of last time")["takes"][0]
    assert (take["folder"], take["rating"], take["circled"]) == (str(folder), 2, True)
    again.ask("press", key="down", mod=CTRL)
    again.ticks(2)
    again.ask("press", key="delete", mod=CTRL)
    again.wait(lambda state: not state["takes"] and not folder.exists(), "the take to go")
    again.ask("press", key="delete", mod=CTRL | SHIFT)
    assert again.wait(lambda state: state["takes"], "the take to come back")["takes"][0]["rating"] == 2
    again.close()


def test_two_takes_are_played_stepped_and_compared(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk(scene="living_room")
    record(desk)
    desk.ask("press", key="m")
    desk.ticks(4)
    record(desk)
    desk.ask("press", key="t", mod=CTRL)
    desk.wait(lambda state: len(state["takes"]) == 2, "two takes")
    desk.ask("press", key="down", mod=CTRL)
    desk.ticks(2)
    desk.ask("press", key="return", mod=CTRL)
    desk.wait(lambda state: state["playing"]["shown"] is not None, "the film")
    ended = desk.wait(lambda state: not state["playing"]["running"], "the film's end")["playing"]
    assert ended["frames"] > 5
    desk.wait(lambda state: state["playing"]["shown"] == ended["frames"] - 1, "its last frame")
    position = desk.state["position"]
    desk.ask("press", key="left")
    desk.wait(lambda state: state["playing"]["shown"] == ended["frames"] - 2, "a frame back")
    desk.ask("press", key="home")
    desk.wait(lambda state: state["playing"]["shown"] == 0, "the first frame")
    # The keys were the film's: the camera behind it stands.
    assert desk.state["position"] == position
    first = shown(desk, tmp_path / "first.png")
    desk.ask("press", key="return", mod=CTRL)
    desk.wait(lambda state: not state["playing"]["on"], "the live picture")
    desk.ask("press", key="down", mod=CTRL)
    desk.ticks(2)
    desk.ask("press", key="return", mod=CTRL)
    desk.wait(lambda state: state["playing"]["shown"] is not None, "the other film")
    desk.ask("press", key="home")
    desk.wait(lambda state: state["playing"]["shown"] == 0, "its first frame")
    second = shown(desk, tmp_path / "second.png")
    assert apart(first, second) > 3
    desk.ask("press", key="b", mod=CTRL)
    desk.wait(lambda state: state["playing"]["shown"] is not None, "both films")
    pictures = {}
    for _ in range(4):
        desk.ask("press", key="home")
        state = desk.ticks(12)
        pictures[state["playing"]["way"]] = shown(desk, tmp_path / "both.png")
        desk.ask("press", key="v", mod=CTRL | SHIFT)
        desk.ticks(2)
    assert set(pictures) == {"side by side", "wipe", "blend", "difference"}
    for way, picture in pictures.items():
        assert min(apart(picture, first), apart(picture, second)) > 1, way
    # The chosen one is the left of a wipe.
    half = first.shape[1] // 2 - 4
    assert apart(pictures["wipe"][:, :half], second[:, :half]) < 1
    assert apart(pictures["wipe"][:, half + 8 :], first[:, half + 8 :]) < 1
    desk.ask("press", key="escape")
    state = desk.ticks(3)
    assert (state["playing"]["on"], state["closing"], state["desk"]) == (False, False, True)
    desk.close()


def test_a_take_is_compared_with_the_circled_one(open_desk: OpenDesk) -> None:
    desk = open_desk()
    for _ in range(3):
        record(desk, 8)
    desk.ask("press", key="t", mod=CTRL)
    desk.wait(lambda state: len(state["takes"]) == 3, "three takes")
    desk.ask("press", key="down", mod=CTRL)
    desk.ticks(2)
    desk.ask("press", key="k", mod=CTRL)
    desk.wait(lambda state: state["takes"][0]["circled"], "the first's circle")
    for _ in range(2):
        desk.ask("press", key="down", mod=CTRL)
        desk.ticks(2)
    desk.wait(lambda state: state["takes"][2]["chosen"], "the last to be chosen")
    desk.ask("press", key="b", mod=CTRL)
    state = desk.wait(lambda state: state["playing"]["on"], "both films")
    assert state["playing"]["takes"] == [state["takes"][i]["folder"] for i in (2, 0)]
    desk.close()


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no RLIMIT_FSIZE, by which this test fills the disk"
)
def test_a_disk_that_is_full_ends_the_take_says_so_and_keeps_it(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.ask("press", key="t", mod=CTRL)
    desk.ticks(3)
    desk.ask("limit_files", most=150_000)
    desk.ask("press", key="r")
    folder = Path(desk.wait(lambda state: state["folder"], "a take to begin")["folder"])
    # The track grows with every tick, whatever the picture does.
    full = desk.wait(lambda state: state["folder"] is None, "the take to end by itself")
    assert any("track.jsonl" in notice or "video" in notice for notice in full["notices"])
    state = desk.wait(lambda state: [take for take in state["takes"] if take["state"] == "short"], "the take")
    desk.ask("limit_files", most=None)
    take = state["takes"][0]
    assert take["folder"] == str(folder)
    assert take["error"]
    assert read_json(folder / "take.json")["state"] == "short"
    assert (folder / "video.mp4").stat().st_size > 0
    # And the next one is whole.
    record(desk)
    assert [take.state for take in list_takes(desk.takes)] == ["short", "complete"]
    desk.close()


def test_one_variable_is_changed_measured_and_taken_back(open_desk: OpenDesk) -> None:
    desk = open_desk("embedded", scene="living_room")
    prompt = desk.state["prompt"]
    desk.ask("try_out", variable=0, words="stormy night, dark")
    desk.ask("press", key="e", mod=CTRL | SHIFT)
    done = desk.wait(lambda state: state["exploring"]["phase"] == "done", "what the change did")
    assert done["prompt"] == "stormy night, dark"
    assert 0 <= done["exploring"]["hold"] < 0.9
    assert len(done["exploring"]["held"]) > 5
    desk.ask("press", key="b", mod=CTRL | SHIFT)
    back = desk.wait(lambda state: state["prompt"] == prompt, "the prompt of before")
    assert back["exploring"]["phase"] == "idle"
    desk.close()
