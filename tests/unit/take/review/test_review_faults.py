"""What is refused, what is told, and that nothing half-written or foreign is touched."""

import contextlib
import json
import os
import random
import shutil
import sys
from pathlib import Path

import pytest

from director.cli.main import main
from director.errors import DirectorError, RecordingError, TakeError, UsageError
from director.take.review import Review, ReviewOptions, make, make_review
from tests.unit.take.review.test_review_made import data_of

PLAIN = ReviewOptions(proxies=False)


def quiet(share: float, words: str) -> None:
    """No progress is shown."""


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_broken_take_is_told_among_others_and_refused_by_itself(own_root: Path, tmp_path: Path) -> None:
    scene = own_root / "the-room"
    first, second = sorted(scene.glob("walk-in_T*"))
    video = first / "video.mp4"
    video.write_bytes(video.read_bytes()[:-3000])
    (second / "track.jsonl").unlink()
    made = make_review([own_root], tmp_path / "out", PLAIN, quiet)
    assert made.takes == 1
    assert [label for label, _ in made.broken] == ["the-room/walk-in_T001", "the-room/walk-in_T002"]
    told = data_of(made.folder)["takes"]
    assert [take["broken"] for take in told[1:]] == [why for _, why in made.broken]
    assert str(tmp_path) not in (made.folder / "takes.js").read_text(encoding="ascii")
    for take in (first, second):
        with pytest.raises((TakeError, RecordingError)):
            make_review([take], tmp_path / "by itself", PLAIN, quiet)
    shutil.rmtree(next(scene.glob("дубль*")))
    with pytest.raises(TakeError, match="none of the takes can be shown"):
        make_review([own_root], tmp_path / "by itself", PLAIN, quiet)
    assert not (tmp_path / "by itself").exists()


@pytest.mark.parametrize("name", ["video.mp4", "take.json", "track.jsonl", "slate.json", "thumbnail.png"])
def test_a_take_that_leads_out_of_its_folder_is_refused(name: str, own_root: Path, tmp_path: Path) -> None:
    take = own_root / "the-room" / "walk-in_T002"
    outside = tmp_path / f"outside-{name}"
    shutil.move(take / name, outside)
    (take / name).symlink_to(outside)
    with pytest.raises(TakeError, match="leads out of the folder"):
        make_review([take], tmp_path / "out", PLAIN, quiet)
    made = make_review([own_root], tmp_path / "out", PLAIN, quiet)
    assert [label for label, _ in made.broken] == ["the-room/walk-in_T002"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes in folders")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(own_root: Path, tmp_path: Path) -> None:
    for name in ("video.mp4", "slate.json", "take.json"):
        take = own_root / "the-room" / "walk-in_T002"
        (take / name).unlink(missing_ok=True)
        os.mkfifo(take / name)
        with pytest.raises(TakeError, match=f"{name} is no file"):
            make_review([take], tmp_path / "out", PLAIN, quiet)


def test_the_same_take_twice_is_shown_once(own_root: Path, tmp_path: Path) -> None:
    take = own_root / "the-room" / "walk-in_T001"
    shutil.copytree(take, take.with_name("walk-in_T007"))
    made = make_review([own_root, take, own_root / "the-room"], tmp_path / "out", PLAIN, quiet)
    assert made.takes == 3
    assert made.broken == (("the-room/walk-in_T007", "is the same as the-room/walk-in_T001, file for file"),)


def test_places_that_are_something_else_are_refused(own_root: Path, tmp_path: Path) -> None:
    take = own_root / "the-room" / "walk-in_T001"
    file = tmp_path / "file"
    file.write_text("mine")
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "index.html").write_text("mine")
    (foreign / "review.json").write_text('{"format": "director review"}')
    for place in (file, foreign, take / "review", take, own_root, own_root / "the-room"):
        with pytest.raises(UsageError, match=r"choose another --out"):
            make_review([take], place, PLAIN, quiet)
    with pytest.raises(RecordingError, match="cannot be written there"):
        make_review([take], file / "below", PLAIN, quiet)
    if Path("/proc").is_dir():
        # Not even an administrator makes a folder there.
        with pytest.raises(RecordingError, match="cannot be written"):
            make_review([take], Path("/proc/review"), PLAIN, quiet)
    for named in (tmp_path / "none", foreign):
        with pytest.raises(TakeError, match=str(named)):
            make_review([named], tmp_path / "out", PLAIN, quiet)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "foreign", "own takes"]
    assert (foreign / "index.html").read_text() == "mine"


def test_a_run_over_a_review_keeps_what_holds(
    own_root: Path, own_review: Path, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(own_review)
    # Nothing is drawn, for all is there.
    monkeypatch.setattr(make, "headless_context", None)
    made = make_review([own_root], own_review, ReviewOptions(), quiet)
    assert made.kept == 9
    assert content(own_review) == before
    assert made.bytes == review.bytes == sum(len(data) for data in before.values())


def test_a_run_over_a_review_brings_it_up_to_date(own_root: Path, own_review: Path) -> None:
    first, second = sorted((own_root / "the-room").glob("walk-in_T*"))
    shutil.rmtree(first)
    (own_review / "from the client").mkdir()
    (own_review / "from the client" / "notes.json").write_text("theirs")
    (own_review / ".DS_Store").write_text("litter")
    told = {take["take"]: take for take in data_of(own_review)["takes"] if take["shot"] == "walk in"}
    damaged = own_review / told[2]["film"]
    damaged.write_bytes(b"x" + damaged.read_bytes()[1:])
    made = make_review([own_root], own_review, PLAIN, quiet)
    assert (made.takes, made.kept) == (2, 3)
    assert damaged.read_bytes()[:1] != b"x"
    assert not (own_review / told[1]["film"]).exists()
    assert not list(own_review.rglob("*proxies*"))
    assert (own_review / "from the client" / "notes.json").read_text() == "theirs"
    assert not (own_review / ".DS_Store").exists()
    assert [path.name for path in own_review.parent.iterdir() if path.name.startswith(".")] == []
    # What was laid into it is still not ours.
    assert make_review([second], own_review, PLAIN, quiet).takes == 1
    assert (own_review / "from the client" / "notes.json").read_text() == "theirs"


def test_a_disk_that_fills_leaves_the_old_review(
    own_root: Path, own_review: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(folder: Path, data: object) -> None:
        (folder / "takes.js").write_text("half")
        raise OSError(28, "No space left on device")

    before = content(own_review)
    monkeypatch.setattr(make, "write_page", full)
    with pytest.raises(RecordingError, match="No space left on device"):
        make_review([own_root], own_review, PLAIN, quiet)
    assert content(own_review) == before
    assert sorted(path.name for path in own_review.parent.iterdir()) == ["own review", "own takes"]


def test_a_media_path_that_leads_elsewhere_is_not_kept(own_root: Path, own_review: Path) -> None:
    secret = own_review.parent / "secret.mp4"
    secret.write_bytes(b"secret")
    manifest = json.loads((own_review / "review.json").read_text(encoding="utf-8"))
    for take in manifest["takes"].values():
        take["film"] = "../secret.mp4"
        take["picture"] = "films/link.mp4"
    manifest["files"]["../secret.mp4"] = manifest["files"]["films/link.mp4"] = (
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    )
    (own_review / "films" / "link.mp4").symlink_to(secret)
    (own_review / "review.json").write_text(json.dumps(manifest), encoding="utf-8")
    make_review([own_root], own_review, PLAIN, quiet)
    assert all(path.read_bytes() != b"secret" for path in own_review.glob("pictures/*"))
    assert all(path.read_bytes()[4:8] == b"ftyp" for path in own_review.glob("films/*T00*"))


def test_the_command_is_refused_without_a_place(
    own_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["review", str(own_root)]) == 2
    assert "add --out DIR" in capsys.readouterr().err
    monkeypatch.chdir(tmp_path)
    assert main(["review", "--out", "r"]) == 2
    assert "no takes are named" in capsys.readouterr().err
    assert main(["review", str(own_root), "--out", "r", "--overwrite"]) == 2
    assert "does nothing beside --out" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_mutated_takes_end_in_a_review_or_one_line(own_root: Path, tmp_path: Path) -> None:
    """Forty folders with something in them broken at random: no other error, and nothing written outside."""
    chance = random.Random(7)
    scene = own_root / "the-room"
    take = next(scene.glob("дубль*"))
    whole = content(take)
    before = content(scene)
    out = tmp_path / "out"
    made = 0
    for _ in range(40):
        name = chance.choice(sorted(whole))
        data = bytearray(whole[name])
        kind = chance.choice(("cut", "flip", "swap", "gone", "digits"))
        if kind == "cut":
            del data[chance.randrange(len(data)) :]
        elif kind == "flip":
            for _ in range(chance.randrange(1, 40)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif kind == "swap":
            data = bytearray(chance.choice(sorted(whole.values())))
        elif kind == "digits":
            places = [at for at, byte in enumerate(data) if 48 <= byte <= 57]
            for at in chance.sample(places, min(8, len(places))):
                data[at] = chance.choice(b"0123456789-e.")
        if kind == "gone":
            (take / name).unlink()
        else:
            (take / name).write_bytes(data)
        # Any other error is a mistake of ours, and ends the test.
        with contextlib.suppress(DirectorError):
            make_review([take], out, PLAIN, quiet)
            made += 1
        for path, kept in whole.items():
            (take / path).write_bytes(kept)
        assert content(scene) == before
    assert 3 < made < 30
