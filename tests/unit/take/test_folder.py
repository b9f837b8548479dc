import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from director.errors import RecordingError
from director.take import still
from director.take.folder import make_take_folder, plain_name, read_json, whole_file, write_json


def test_takes_number_themselves_per_shot(tmp_path: Path) -> None:
    made = [make_take_folder(tmp_path, "alley", shot) for shot in ("dolly in", "dolly in", "orbit")]
    assert [folder.relative_to(tmp_path).as_posix() for folder, _ in made] == [
        "alley/dolly-in_T001",
        "alley/dolly-in_T002",
        "alley/orbit_T001",
    ]
    assert [number for _, number in made] == [1, 2, 1]


def test_a_gap_is_not_filled_and_numbers_may_outgrow_three_digits(tmp_path: Path) -> None:
    (tmp_path / "s" / "m_T999").mkdir(parents=True)
    (tmp_path / "s" / "m_T004.bak").mkdir()
    folder, number = make_take_folder(tmp_path, "s", "m")
    assert (folder.name, number) == ("m_T1000", 1000)


def test_programs_that_record_at_once_get_different_folders(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: make_take_folder(tmp_path, "s", "m")[0], range(24)))
    assert len(set(made)) == 24


def test_where_no_folder_can_be_made_the_error_says_where(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingError, match="file"):
        make_take_folder(tmp_path / "file", "s", "m")


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a/b\\c", "a-b-c"),
        ("../..", "untitled"),
        ("", "untitled"),
        ("Straße 5", "Straße-5"),
        ("x" * 300, "x" * 80),
    ],
)
def test_names_become_plain(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_json_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "take.json"
    write_json(path, {"a": 1, "ü": [1.5]})
    assert read_json(path) == {"a": 1, "ü": [1.5]}
    with pytest.raises(ValueError, match="JSON"):
        write_json(path, {"a": float("nan")})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": 1, "ü": [1.5]}
    assert [entry.name for entry in tmp_path.iterdir()] == ["take.json"]


def test_json_that_cannot_be_written_is_a_recording_error(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"gone.take\.json: cannot be written"):
        write_json(tmp_path / "gone" / "take.json", {})


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    with whole_file(path) as place:
        assert place.suffix == ".png"
        place.write_text("whole")
        assert not path.exists()
    assert path.read_text() == "whole"

    def half(error: BaseException) -> None:
        with whole_file(path) as place:
            place.write_text("ha")
            raise error

    with pytest.raises(RecordingError, match=r"picture\.png: cannot be written: disk full"):
        half(OSError(28, "disk full"))
    with pytest.raises(KeyboardInterrupt):
        half(KeyboardInterrupt())
    assert path.read_text() == "whole"
    assert [entry.name for entry in tmp_path.iterdir()] == ["picture.png"]


def test_a_pass_that_finds_no_room_is_no_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = np.ones((36, 64), np.float32)
    still._save_array(depth, tmp_path / "depth.npy")
    assert np.array_equal(np.load(tmp_path / "depth.npy"), depth)

    def full(path: Path, array: NDArray[Any], **_: bool) -> None:
        path.write_bytes(array.tobytes()[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    for name in ("depth.npy", "motion.npy"):
        with pytest.raises(RecordingError, match=rf"{name}: cannot be written: No space left"):
            still._save_array(depth + 1, tmp_path / name)
    monkeypatch.undo()
    assert np.array_equal(np.load(tmp_path / "depth.npy"), depth)
    assert [entry.name for entry in tmp_path.iterdir()] == ["depth.npy"]
