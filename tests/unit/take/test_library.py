"""Lists of takes, what is thought of them, and the trash."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from director.errors import TakeError
from director.scene.document import Scene
from director.take.folder import read_json, write_json
from director.take.library import Library, entry_of, list_takes, mark_take
from director.take.playback import FilmReader
from director.take.recorder import Plan, Recorder
from director.take.stored import open_take
from director.take.track import TrackLine
from director.take.trash import empty_trash, restore_take, trash_take, trashed_takes
from director.types import CameraState, Direction, Tick


def _take(root: Path, scene: str, name: str, number: int, **changes: Any) -> Path:
    """A take as the recorder leaves it, as far as lists read it."""
    folder = root / scene / f"{name}_T{number:03d}"
    folder.mkdir(parents=True)
    content: dict[str, Any] = {
        "schema_version": 1,
        "state": "complete",
        "slate": {"scene": scene, "shot": name, "take": number, "date": "2026-01-02T03:04:05+00:00"},
        "settings": {"size": [64, 36], "fps": "24000/1001", "seed": 0},
        "generator": None,
        "result": {"ticks": 48, "frames": 48, "repeated_frames": 0, "error": ""},
        "scene": {},
    }
    write_json(folder / "take.json", {**content, **changes})
    (folder / "video.mp4").write_bytes(b"film")
    (folder / "thumbnail.png").write_bytes(b"picture")
    return folder


def test_takes_are_listed_by_scene_shot_and_number(tmp_path: Path) -> None:
    for scene, name, number in [
        ("b", "x", 1),
        ("a", "wide shot", 10),
        ("a", "wide shot", 2),
        ("a", "追う", 1),
    ]:
        _take(tmp_path, scene, name, number)
    entries = list_takes(tmp_path)
    assert [(take.scene, take.shot, take.number) for take in entries] == [
        ("a", "wide shot", 2),
        ("a", "wide shot", 10),
        ("a", "追う", 1),
        ("b", "x", 1),
    ]
    first = entries[0]
    assert (first.frames, first.fps, first.size, first.state) == (
        48,
        Fraction(24000, 1001),
        (64, 36),
        "complete",
    )
    assert first.duration_s == pytest.approx(2.002)
    assert first.thumbnail == first.folder / "thumbnail.png"
    assert (first.rating, first.circled, first.note, first.error) == (0, False, "", "")


def test_a_folder_that_is_not_there_has_no_takes(tmp_path: Path) -> None:
    assert list_takes(tmp_path / "none") == ()
    (tmp_path / "file").write_text("")
    with pytest.raises(TakeError, match="file"):
        list_takes(tmp_path / "file")


def test_broken_takes_are_listed_with_their_error(tmp_path: Path) -> None:
    (tmp_path / "a" / "gone_T001").mkdir(parents=True)
    _take(tmp_path, "a", "torn", 1)
    (tmp_path / "a" / "torn_T001" / "take.json").write_text('{"state"')
    _take(tmp_path, "a", "odd", 1, settings={"size": [1], "fps": "0/1"})
    _take(tmp_path, "a", "null", 1, slate=None)
    (_take(tmp_path, "a", "dark", 1) / "video.mp4").unlink()
    _take(tmp_path, "a", "deep", 1)
    (tmp_path / "a" / "deep_T001" / "take.json").write_text("[" * 100_000)
    (tmp_path / "a" / "notes").mkdir()
    entries = {take.shot: take for take in list_takes(tmp_path)}
    assert set(entries) == {"gone", "torn", "odd", "null", "dark", "deep"}
    assert {take.state for take in entries.values()} == {"broken"}
    assert "no take.json" in entries["gone"].error
    assert "no video.mp4" in entries["dark"].error
    assert all("take.json cannot be read" in entries[name].error for name in ("torn", "odd", "null", "deep"))


def test_a_take_that_was_killed_is_no_broken_one(tmp_path: Path) -> None:
    entry = entry_of(_take(tmp_path, "a", "x", 1, state="recording", result={"ticks": 0}))
    assert (entry.state, entry.frames, entry.duration_s) == ("recording", None, None)
    (entry.folder / "video.mp4").unlink()
    assert entry_of(entry.folder).state == "recording"
    short = entry_of(_take(tmp_path, "a", "x", 2, state="short", result={"frames": 3, "error": "disk full"}))
    assert (short.state, short.frames, short.error) == ("short", 3, "disk full")


def test_what_is_thought_of_a_take_is_kept_beside_it(tmp_path: Path) -> None:
    folder = _take(tmp_path, "a", "x", 1)
    before = (folder / "take.json").read_bytes()
    write_json(folder / "slate.json", {"schema_version": 1, "note": "old", "colourist": {"lut": "k2"}})
    entry = mark_take(folder, rating=4, circled=True)
    assert (entry.note, entry.rating, entry.circled) == ("old", 4, True)
    assert mark_take(folder, note="best so far\n最高", circled=False).rating == 4
    assert read_json(folder / "slate.json") == {
        "schema_version": 1,
        "note": "best so far\n最高",
        "colourist": {"lut": "k2"},
        "rating": 4,
        "circled": False,
    }
    assert (folder / "take.json").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == [
        "slate.json",
        "take.json",
        "thumbnail.png",
        "video.mp4",
    ]


def test_what_cannot_be_thought_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    folder = _take(tmp_path, "a", "x", 1)
    for rating in (-1, 6, True):
        with pytest.raises(TakeError, match="no rating"):
            mark_take(folder, rating=rating)
    with pytest.raises(TakeError, match="note of 4001"):
        mark_take(folder, note="x" * 4001)
    assert not (folder / "slate.json").exists()
    with pytest.raises(TakeError, match="is no take"):
        mark_take(tmp_path / "a" / "y_T001", rating=1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ('{"rating": 9, "note": "n"}', "rating"),
        ('{"rating": true, "note": "n"}', "rating"),
    ],
)
def test_a_damaged_slate_is_told_and_not_written_over(tmp_path: Path, text: str, problem: str) -> None:
    folder = _take(tmp_path, "a", "x", 1)
    (folder / "slate.json").write_text(text)
    entry = entry_of(folder)
    assert problem in entry.problem
    assert (entry.state, entry.rating) == ("complete", 0)
    if "cannot" in problem:
        with pytest.raises(TakeError, match=r"slate\.json"):
            mark_take(folder, rating=1)
        assert (folder / "slate.json").read_text() == text
    else:
        assert entry.note == "n"
        assert mark_take(folder, rating=3).problem == ""


def test_only_what_changed_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [_take(tmp_path, "a", "x", number) for number in (1, 2, 3)]
    library = Library(tmp_path)
    assert len(library.takes()) == 3
    read: list[Path] = []

    def counted(folder: Path) -> Any:
        read.append(folder)
        return entry_of(folder)

    monkeypatch.setattr("director.take.library.entry_of", counted)
    library.takes()
    assert read == []
    mark_take(folders[1], rating=2)
    read.clear()
    assert [take.rating for take in library.takes()] == [0, 2, 0]
    assert read == [folders[1]]
    trash_take(tmp_path, folders[0])
    assert [take.number for take in library.takes()] == [2, 3]


def test_a_take_goes_to_the_trash_and_comes_back(tmp_path: Path) -> None:
    folder = _take(tmp_path, "gasse", "über die strasse", 3)
    mark_take(folder, rating=5)
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    trashed = trash_take(tmp_path, folder)
    assert not folder.exists()
    assert list_takes(tmp_path) == ()
    assert trashed_takes(tmp_path) == (trashed,)
    assert trashed.entry.rating == 5
    assert restore_take(trashed).folder == folder
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == content
    assert trashed_takes(tmp_path) == ()
    assert list((tmp_path / ".trash").iterdir()) == []
    with pytest.raises(TakeError, match="not in the trash"):
        restore_take(trashed)


def test_a_number_that_was_taken_meanwhile_is_not_taken_back(tmp_path: Path) -> None:
    first = trash_take(tmp_path, _take(tmp_path, "a", "x", 1))
    second = trash_take(tmp_path, _take(tmp_path, "a", "x", 1, state="short"))
    newer = _take(tmp_path, "a", "x", 1, generator={"name": "newest"})
    assert [trashed.folder for trashed in trashed_takes(tmp_path)] == [second.folder, first.folder]
    back = restore_take(first)
    assert (back.folder.name, back.number, back.state) == ("x_T002", 2, "complete")
    assert restore_take(second).number == 3
    assert json.loads((newer / "take.json").read_text())["generator"] == {"name": "newest"}
    assert [take.number for take in list_takes(tmp_path)] == [1, 2, 3]


def test_only_takes_go_to_the_trash(tmp_path: Path) -> None:
    root = tmp_path / "takes"
    _take(root, "a", "x", 1)
    outside = _take(tmp_path / "other", "a", "x", 1)
    trashed = trash_take(root, _take(root, "a", "x", 2))
    for folder in (
        root,
        root / "a",
        root / "a" / "x_T009",
        outside,
        trashed.folder,
        root / "a" / ".." / ".." / "other",
    ):
        with pytest.raises(TakeError, match="no take of this folder"):
            trash_take(root, folder)
    assert outside.exists()


def test_only_emptying_deletes(tmp_path: Path) -> None:
    for number in (1, 2):
        trash_take(tmp_path, _take(tmp_path, "a", "x", number))
    kept = _take(tmp_path, "a", "x", 3)
    assert empty_trash(tmp_path) == 2
    assert trashed_takes(tmp_path) == ()
    assert kept.exists()
    assert empty_trash(tmp_path) == 0


def test_a_take_may_be_marked_while_it_is_recorded(tmp_path: Path) -> None:
    recorder = Recorder(Plan(tmp_path, Scene(schema_version=1, name="alley"), "dolly", 64, 36), waits=True)
    picture = np.full((36, 64, 3), 90, np.uint8)
    for index in range(12):
        camera = CameraState((0.0, 0.0, float(index)), (0.0, 0.0, 0.0, 1.0))
        recorder.tick(TrackLine(Tick(index, index / 24, 1 / 24), camera, Direction("rain")), picture)
    assert mark_take(recorder.folder, rating=3).state == "recording"
    recorder.stop()
    (entry,) = list_takes(tmp_path)
    assert (entry.state, entry.shot, entry.number, entry.rating, entry.frames) == (
        "complete",
        "dolly",
        1,
        3,
        12,
    )
    assert len(open_take(recorder.folder).lines) == 12
    with FilmReader.of_take(entry) as reader:
        assert abs(int(reader.frame(11).mean()) - 90) <= 2
    back = restore_take(trash_take(tmp_path, recorder.folder))
    assert len(list(open_take(back.folder).pictures())) == 12


@pytest.mark.parametrize("spoilt", ['{"size": [Infinity, 36]}', '{"fps": "1/0"}'])
def test_numbers_that_are_none_are_told_and_not_raised(tmp_path: Path, spoilt: str) -> None:
    folder = tmp_path / "set" / "shot_T001"
    folder.mkdir(parents=True)
    settings = {"size": [64, 36], "fps": "24", **json.loads(spoilt)}
    content = {
        "slate": {"scene": "set", "shot": "shot", "take": 1},
        "settings": settings,
        "state": "complete",
        "scene": {},
        "generator": None,
    }
    (folder / "take.json").write_text(json.dumps(content), encoding="utf-8")
    assert "cannot be read" in entry_of(folder).error
    with pytest.raises(TakeError, match="cannot be read"):
        open_take(folder)
