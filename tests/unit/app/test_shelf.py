"""Takes as panels show them: listed, marked, thrown away and brought back by a thread."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from director.app.notices import Notices
from director.app.shelf import Shelf


def make_take(root: Path, scene: str, shot: str, number: int) -> Path:
    folder = root / scene / f"{shot}_T{number:03}"
    folder.mkdir(parents=True)
    slate = {"scene": scene, "shot": shot, "take": number, "date": "2026-01-02T03:04:05+00:00"}
    settings = {"size": [64, 36], "fps": "24/1"}
    document = {"state": "complete", "slate": slate, "settings": settings, "result": {"frames": 48}}
    (folder / "take.json").write_text(json.dumps(document))
    (folder / "video.mp4").write_bytes(b"film")
    return folder


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path, Notices())
    yield made
    made.close()


def settle(shelf: Shelf, scene: str = "alley", recording: Path | None = None) -> None:
    """Until the thread has done what was asked."""
    shelf.watch()
    shelf.tick(2.0, scene, recording)
    end = time.monotonic() + 20
    while shelf.is_busy:
        assert time.monotonic() < end
        time.sleep(0.002)
        shelf.tick(0.0, scene, recording)


def shown(shelf: Shelf) -> list[str]:
    return [take.folder.name for take in shelf.shown]


def test_takes_of_this_scene_are_shown_and_new_ones_appear(shelf: Shelf, tmp_path: Path) -> None:
    make_take(tmp_path, "alley", "dolly", 1)
    make_take(tmp_path, "road", "follow", 1)
    settle(shelf)
    assert shown(shelf) == ["dolly_T001"]
    shelf.all_scenes = True
    assert shown(shelf) == ["dolly_T001", "follow_T001"]
    shelf.all_scenes = False
    assert (shelf.next_number("dolly"), shelf.next_number("orbit")) == (2, 1)
    make_take(tmp_path, "alley", "dolly", 2)
    settle(shelf)
    assert shown(shelf) == ["dolly_T001", "dolly_T002"]
    # Nobody looks: nothing is listed.
    make_take(tmp_path, "alley", "dolly", 3)
    shelf.tick(5.0, "alley", None)
    assert not shelf.is_busy


def test_what_is_thought_of_a_take_shows_at_once_and_lies_on_disk(shelf: Shelf, tmp_path: Path) -> None:
    folder = make_take(tmp_path, "alley", "dolly", 1)
    settle(shelf)
    shelf.rate(folder, 4)
    shelf.circle(folder, True)
    shelf.note(folder, "the look at the end")
    take = shelf.entry(folder)
    assert take is not None
    assert (take.rating, take.circled, take.note) == (4, True, "the look at the end")
    settle(shelf)
    other = Shelf(tmp_path, Notices())
    settle(other)
    again = other.entry(folder)
    other.close()
    assert again == shelf.entry(folder) == take


def test_a_take_is_thrown_away_and_brought_back(shelf: Shelf, tmp_path: Path) -> None:
    first, second = (make_take(tmp_path, "alley", "dolly", number) for number in (1, 2))
    settle(shelf)
    shelf.chosen, shelf.second = first, second
    shelf.throw_away(first)
    assert shown(shelf) == ["dolly_T002"]
    assert shelf.chosen == second
    settle(shelf)
    assert not first.exists()
    assert len(shelf.trash) == 1
    shelf.bring_back()
    settle(shelf)
    assert shown(shelf) == ["dolly_T001", "dolly_T002"]
    assert not shelf.trash


def test_the_take_that_is_recorded_is_not_thrown_away_and_gets_the_slate_s_note(tmp_path: Path) -> None:
    notices = Notices()
    shelf = Shelf(tmp_path, notices)
    folder = make_take(tmp_path, "alley", "dolly", 1)
    shelf.next_note = "rain machine on "
    settle(shelf, recording=folder)
    shelf.throw_away(folder)
    assert folder.exists()
    assert "being recorded" in notices.shown[-1].text
    assert shelf.next_note == ""
    settle(shelf)
    shelf.close()
    take = shelf.entry(folder)
    assert take is not None
    assert take.note == "rain machine on"


def test_what_cannot_be_done_is_told_and_the_list_stays_true(tmp_path: Path) -> None:
    notices = Notices()
    shelf = Shelf(tmp_path, notices)
    folder = make_take(tmp_path, "alley", "dolly", 1)
    settle(shelf)
    (folder / "slate.json").write_text("{")
    shelf.rate(folder, 5)
    settle(shelf)
    shelf.close()
    take = shelf.entry(folder)
    assert take is not None
    assert take.rating == 0
    assert "slate.json" in notices.shown[-1].text
    assert notices.shown[-1].is_problem


def test_stepping_goes_round_the_takes_shown(shelf: Shelf, tmp_path: Path) -> None:
    shelf.step(1)
    assert shelf.chosen is None
    folders = [make_take(tmp_path, "alley", "dolly", number) for number in (1, 2, 3)]
    settle(shelf)
    went: list[Path | None] = []
    for by in (1, 1, 1, 1, -1):
        shelf.step(by)
        went.append(shelf.chosen)
    assert went == [folders[0], folders[1], folders[2], folders[0], folders[2]]
