"""Notes at frames in one line of note, and notes that come back from a review."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director.cli.main import main
from director.errors import UsageError
from director.take.library import entry_of, mark_take, write_slate
from director.take.review import import_notes
from director.take.review.importing import read_saved
from director.take.review.notes import FrameNote, Opinion, note_text, opinion_of, split_note
from director.take.review.takes import fingerprint
from director.take.timecode import timecode

DROP = Fraction(30000, 1001)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def saved(take: Path, frames: int = 48, **said: Any) -> dict[str, Any]:
    """What the page saves of a take."""
    was = opinion_of(entry_of(take), Fraction(24), frames)
    plain = {
        "rating": was.rating,
        "circled": was.circled,
        "note": was.note,
        "notes": [{"frame": it.frame, "text": it.text} for it in was.frames],
    }
    label = f"{take.parent.name}/{take.name}"
    return {"folder": label, "fingerprint": fingerprint(take), **plain, **said, "was": plain}


def written(path: Path, *takes: dict[str, Any]) -> Path:
    content = {"format": "director review notes", "version": 1, "takes": list(takes)}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_notes_at_frames_stand_in_one_line() -> None:
    opinion = Opinion(note="good light", frames=(FrameNote(28, "her hand is late"), FrameNote(3, "dust")))
    text = note_text(opinion, Fraction(24))
    assert text == "good light | 00:00:00:03 dust | 00:00:01:04 her hand is late"
    assert split_note(text, Fraction(24), 48) == (
        "good light",
        (FrameNote(3, "dust"), FrameNote(28, "her hand is late")),
    )
    # Frames that this film does not have, and bars that are none of ours, stay words.
    assert split_note("a | b | 00:00:09:00 c", Fraction(24), 48) == ("a | b | 00:00:09:00 c", ())
    assert split_note("00:01:00;00 x", DROP, 9999) == ("00:01:00;00 x", ())
    assert split_note("00:01:00;02 x", DROP, 9999) == ("", (FrameNote(1800, "x"),))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    WORDS, st.lists(st.tuples(st.integers(0, 5000), WORDS), max_size=5), st.sampled_from([Fraction(24), DROP])
)
def test_a_note_taken_apart_and_put_together_is_the_same(
    note: str, notes: list[tuple[int, str]], fps: Fraction
) -> None:
    opinion = Opinion(note=note, frames=tuple(FrameNote(frame, text) for frame, text in notes))
    text = note_text(opinion, fps)
    assert text.isprintable()
    whole, frames = split_note(text, fps, 5001)
    assert note_text(Opinion(note=whole, frames=frames), fps) == text
    kept = [
        FrameNote(frame, text)
        for frame, text in notes
        if " ".join(text.split()).isprintable() and text.split()
    ]
    assert len(frames) >= len(kept)
    for at in frames:
        assert timecode(at.frame, fps) in text


def test_an_import_writes_what_was_said(own_root: Path, tmp_path: Path) -> None:
    first, second = sorted((own_root / "the-room").glob("walk-in_T*"))
    write_slate(first, {"someone": "else"})
    notes = [{"frame": 20, "text": "  the\nlight turns "}, {"frame": 2, "text": "начало"}]
    file = written(
        tmp_path / "n.json",
        saved(first, rating=4, circled=True, note="夜 good", notes=notes),
        saved(second, 36),
    )
    found = import_notes(file, [own_root], overwrite=False)
    assert (found.written, found.unchanged, found.problems) == (
        ("the-room/walk-in_T001",),
        ("the-room/walk-in_T002",),
        (),
    )
    entry = entry_of(first)
    assert (entry.rating, entry.circled) == (4, True)
    assert entry.note == "夜 good | 00:00:00:02 начало | 00:00:00:20 the light turns"
    assert json.loads((first / "slate.json").read_text(encoding="utf-8"))["someone"] == "else"
    # Once more changes nothing, though the slate is no longer what the page had shown.
    assert import_notes(file, [own_root], overwrite=False).written == ()


def test_what_was_changed_since_is_told_and_left(own_root: Path, tmp_path: Path) -> None:
    first, second = sorted((own_root / "the-room").glob("walk-in_T*"))
    file = written(
        tmp_path / "n.json",
        saved(first, rating=4),
        saved(second, 36, rating=5),
        {**saved(first, rating=1), "folder": "gone/away_T009", "fingerprint": "0" * 64},
    )
    mark_take(first, rating=1, circled=True)
    (second / "track.jsonl").write_text((second / "track.jsonl").read_text(encoding="utf-8") + "{", "utf-8")
    found = import_notes(file, [own_root], overwrite=False)
    assert found.written == ()
    assert found.problems[0] == "gone/away_T009: is not among these takes"
    assert "its rating went from 0 to 1 and it was circled since it was reviewed" in found.problems[1]
    assert "is another take now" in found.problems[2]
    assert entry_of(first).rating == 1
    found = import_notes(file, [own_root], overwrite=True)
    assert found.written == ("the-room/walk-in_T001", "the-room/walk-in_T002")
    assert (entry_of(first).rating, entry_of(first).circled) == (4, False)


def test_the_command_tells_what_it_left(
    own_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = own_root / "the-room" / "walk-in_T001"
    file = written(
        tmp_path / "n.json",
        saved(first, rating=3),
        {**saved(first), "folder": "a/b", "fingerprint": "1" * 64},
    )
    assert main(["review", str(own_root), "--import", str(file), "--json"]) == 1
    out, err = capsys.readouterr()
    told = json.loads(out.splitlines()[-1])
    assert told["written"] == ["the-room/walk-in_T001"]
    assert told["not_found"] == ["a/b"]
    assert err == "director: a/b: is not among these takes\n"
    assert main(["review", str(first), "--import", str(file), "--out", "x"]) == 2
    assert "--out: does nothing beside --import" in capsys.readouterr().err


def test_a_slate_that_cannot_be_written_is_told(own_root: Path, tmp_path: Path) -> None:
    first, second = sorted((own_root / "the-room").glob("walk-in_T*"))
    file = written(
        tmp_path / "n.json",
        saved(first, rating=4),
        saved(second, 36, notes=[{"frame": 36, "text": "beyond its end"}]),
    )
    (first / "slate.json").write_text("{")
    found = import_notes(file, [own_root], overwrite=False)
    assert found.written == ()
    assert any("slate.json" in line or "cannot be read" in line for line in found.problems)
    assert any("a note is at frame 36, and it has 36" in line for line in found.problems)


def test_nothing_is_written_through_a_link(own_root: Path, tmp_path: Path) -> None:
    first = own_root / "the-room" / "walk-in_T001"
    file = written(tmp_path / "n.json", saved(first, rating=4))
    outside = tmp_path / "outside.json"
    outside.write_text("{}")
    (first / "slate.json").symlink_to(outside)
    found = import_notes(file, [own_root], overwrite=True)
    assert found.written == ()
    assert "slate.json leads out of the folder" in found.problems[0]
    assert outside.read_text() == "{}"


def set_at(*path: str | int) -> Callable[[Any], Callable[[dict[str, Any]], None]]:
    """A change of one field of a file of notes."""

    def to(value: Any) -> Callable[[dict[str, Any]], None]:
        def change(content: Any) -> None:
            for key in path[:-1]:
                content = content[key]
            content[path[-1]] = value

        return change

    return to


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (set_at("format")("else"), "holds no notes of a review"),
        (set_at("version")(2), "is of version 2, and 1 is known"),
        (set_at("takes")({}), "takes: is no list"),
        (set_at("takes", 0)(7), r"takes\[0\]: is no take"),
        (set_at("takes", 0, "folder")(""), r"takes\[0\].folder"),
        (set_at("takes", 0, "fingerprint")("short"), r"takes\[0\].fingerprint"),
        (set_at("takes", 0, "rating")(6), r"takes\[0\].rating: 6 is no rating"),
        (set_at("takes", 0, "rating")(True), r"takes\[0\].rating: True is no rating"),
        (set_at("takes", 0, "rating")(4.0), r"takes\[0\].rating: 4.0 is no rating"),
        (set_at("takes", 0, "circled")("yes"), r"takes\[0\].circled"),
        (set_at("takes", 0, "note")("x" * 4001), r"takes\[0\].note"),
        (set_at("takes", 0, "was")(None), r"takes\[0\].was: is no opinion"),
        (set_at("takes", 0, "notes")([{"frame": -1, "text": "x"}]), r"notes\[0\].frame: -1"),
        (set_at("takes", 0, "notes")([{"frame": 1, "text": " "}]), r"notes\[0\].text"),
        (set_at("takes", 0, "notes")([{"frame": 1, "text": "x" * 3000}] * 2), "more than 4000"),
    ],
)
def test_a_file_that_is_wrong_is_refused_whole(
    change: Callable[[dict[str, Any]], None], told: str, own_root: Path, tmp_path: Path
) -> None:
    first, second = sorted((own_root / "the-room").glob("walk-in_T*"))
    content = {
        "format": "director review notes",
        "version": 1,
        "takes": [saved(second, 36, rating=5), saved(first, rating=4)][::-1],
    }
    change(content)
    file = tmp_path / "n.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        import_notes(file, [own_root], overwrite=True)
    assert (entry_of(first).rating, entry_of(second).rating) == (0, 2)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[" * 100_000, b"[1,2", b'"x"', b"null", b'{"takes": 1e999}']
)
def test_what_is_no_file_of_notes_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "n.json"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"n\.json|notes"):
        read_saved(file)
    with pytest.raises(UsageError, match="there is no such file"):
        read_saved(tmp_path / "none.json")
    with pytest.raises(UsageError, match="there is no such file"):
        read_saved(tmp_path)
