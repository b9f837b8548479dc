"""The journal: after a kill at any point it gives back the last edit or the one before, and never raises."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from director.errors import SceneError
from director.scene.document import Scene
from director.scene.edit import (
    AddProxy,
    Delete,
    Duplicate,
    Edit,
    GroupTogether,
    Move,
    OpenScene,
    Rename,
    SetFields,
    SetScene,
    SetScenePrompt,
    SetSun,
)
from director.scene.edit.delta import applied, difference
from director.scene.edit.journal import Journal, checked_body, journal_line, journal_path, scene_of_journal
from director.scene.edit.recovery import leftovers, read_journal
from director.scene.load import parse_scene, scene_document

EDITS: list[Edit] = [
    Move(("crate",), (1, 0, 0)),
    AddProxy("wall", (0, 0, -3), {"openings": [{"x": 0, "width": 1, "height": 2}]}),
    Rename("walker", "postman"),
    SetScenePrompt("snow “at” night"),
    GroupTogether(("anna", "crate")),
    Duplicate(("cart",), (0, 0, 4)),
    SetSun(elevation_deg=5),
    Delete(("lamp",), drop_users=True),
    SetScene({"near_m": 0.25, "title": "A yard"}),
    SetFields(("anna",), {"pose": "sit"}),
]


ONE_BOX = {"schema_version": 1, "name": "yard", "objects": [{"kind": "box", "name": "a", "class": "box"}]}


def written(path: Path, scene: Scene, edits: list[Edit]) -> list[Scene]:
    """Record edits one after another; the scenes after each."""
    journal = Journal(path, "base")
    made = []
    for edit in edits:
        scene = edit.apply(scene)
        journal.record(scene, edit.label)
        made.append(scene)
    journal.close()
    return made


def test_differences_are_small_and_exact(yard: Scene) -> None:
    scene = yard
    document = scene_document(scene, Path())
    for edit in EDITS:
        after = edit.apply(scene)
        change = json.loads(json.dumps(difference(scene, after, Path())))
        document = applied(document, change)
        assert parse_scene(json.dumps(document), file="yard", folder=Path()) == after
        scene = after
    moved = Move(("anna",), (1, 0, 0)).apply(yard)
    assert list(difference(yard, moved, Path())) == ["objects"]
    assert difference(yard, moved, Path())["objects"][0] == [0, 4]
    assert difference(yard, yard, Path()) == {}


@pytest.mark.parametrize(
    "change", [{"glitter": 1}, {"objects": [[0, 99]]}, {"objects": [[3, 1]]}, {"sun": [[0, 1]]}]
)
def test_a_difference_that_does_not_fit_is_refused(yard: Scene, change: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError)):
        applied(scene_document(yard, Path()), change)


def test_recovers_the_last_edit(yard: Scene, tmp_path: Path) -> None:
    path = tmp_path / "yard.json"
    scenes = written(path, yard, EDITS)
    assert journal_path(path).name == ".yard.autosave.jsonl"
    assert scene_of_journal(journal_path(path)) == path
    assert leftovers(tmp_path) == [journal_path(path)]
    found = read_journal(journal_path(path), file_sha256="base")
    assert found.scene == scenes[-1]
    assert found.edits == len(EDITS)
    assert found.label == "Set pose of anna"
    assert found.lost_lines == 0
    assert "changed since" not in found.message
    assert "changed since" in read_journal(journal_path(path), file_sha256="other").message


def test_cut_at_every_byte_it_gives_the_last_whole_edit(yard: Scene, tmp_path: Path) -> None:
    path = tmp_path / "yard.json"
    scenes = written(path, yard, EDITS[:3])
    whole = journal_path(path).read_bytes()
    ends = [i for i, byte in enumerate(whole) if byte == ord("\n")]
    cut = tmp_path / ".cut.autosave.jsonl"
    random_ = random.Random(1)
    first = ends[0]
    # Within the first line nothing can be had, and a sample will do; behind it every byte is tried.
    places = sorted({*random_.sample(range(first), 60), *range(first, len(whole) + 1)})
    for place in places:
        cut.write_bytes(whole[:place])
        found = read_journal(cut)
        # A line is whole without its end, too.
        count = sum(place >= end for end in ends)
        assert found.scene == (scenes[count - 1] if count else None), place
        if not count:
            assert "nothing was recovered" in found.message


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_journal_with_bytes_changed_gives_a_state_that_was(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    yard = parse_scene(json.dumps(ONE_BOX), file="yard", folder=Path())
    edits: list[Edit] = [SetScenePrompt(f"{i}") if i % 2 else Move(("a",), (1, 0, 0)) for i in range(6)]
    scenes = written(folder / "yard.json", yard, edits)
    path = journal_path(folder / "yard.json")
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content))
    found = read_journal(path)
    assert found.scene is None or found.scene in scenes
    assert found.message.endswith(".")


def test_after_a_lost_line_a_whole_scene_begins_anew(yard: Scene, tmp_path: Path) -> None:
    path = tmp_path / "yard.json"
    scenes = written(path, yard, EDITS[:3])
    first, second, third = journal_path(path).read_text("utf-8").splitlines()
    whole = checked_body(first) | {"edit": 9, "scene": scene_document(scenes[1], tmp_path)}
    lines = [first, second[:-5], third, journal_line(whole).rstrip()]
    journal_path(path).write_text("\n".join(lines), "utf-8")
    found = read_journal(journal_path(path))
    assert found.scene == scenes[1]
    assert (found.edits, found.lost_lines) == (9, 2)
    # And without it, what came before the lost line is what there is.
    journal_path(path).write_text("\n".join(lines[:3]), "utf-8")
    found = read_journal(journal_path(path))
    assert (found.scene, found.lost_lines) == (scenes[0], 2)
    assert "2 further lines" in found.message


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff\xfe\x00", b"[]", b"{}\n{}", b"[" * 9_999, b'{"crc32": "00000000", "body": 1}'],
)
def test_what_is_no_journal_gives_nothing_and_a_message(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / ".x.autosave.jsonl"
    path.write_bytes(content)
    found = read_journal(path)
    assert found.scene is None
    assert "nothing was recovered" in found.message


def test_a_journal_that_is_not_there_or_a_folder_gives_a_message(tmp_path: Path) -> None:
    assert "cannot be read" in read_journal(tmp_path / "none").message
    assert "cannot be read" in read_journal(tmp_path).message
    assert leftovers(tmp_path / "none") == []


def test_a_line_whose_scene_is_none_any_more_falls_back(yard: Scene, tmp_path: Path) -> None:
    path = tmp_path / "yard.json"
    scenes = written(path, yard, EDITS[:2])
    bad = journal_line({"edit": 3, "label": "bad", "set": {"near_m": 1e9}})
    with journal_path(path).open("a", encoding="utf-8") as file:
        file.write(bad)
    found = read_journal(journal_path(path))
    assert (found.scene, found.lost_lines) == (scenes[1], 1)


def test_it_is_written_anew_before_it_grows_long(yard: Scene, tmp_path: Path) -> None:
    path = tmp_path / "yard.json"
    journal = Journal(path, "")
    scene = yard
    for i in range(1000):
        scene = SetScenePrompt(f"prompt {i}").apply(scene)
        journal.record(scene, f"edit {i}")
    journal.close()
    assert len(journal_path(path).read_bytes().splitlines()) < 500
    found = read_journal(journal_path(path))
    assert (found.scene, found.edits) == (scene, 1000)
    assert [it.name for it in tmp_path.iterdir()] == [journal_path(path).name]


def test_a_journal_that_cannot_be_written_says_so(yard: Scene, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    journal = Journal(tmp_path / "file" / "yard.json", "")
    with pytest.raises(SceneError, match="cannot be written"):
        journal.record(yard, "edit")


_EDITING = """
import sys
from pathlib import Path
from director.scene.edit import Move, OpenScene
opened = OpenScene.open(Path(sys.argv[1]))
number = 0
while True:
    opened.do(Move(("a",), (1, 0, 0)))
    number += 1
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL, which this test sends")
@pytest.mark.parametrize("edits", [1, 60, 450])
def test_a_real_kill_loses_no_edit_but_the_last(tmp_path: Path, edits: int) -> None:
    path = tmp_path / "yard.json"
    path.write_text(json.dumps(ONE_BOX), "utf-8")
    child = subprocess.Popen(
        [sys.executable, "-c", _EDITING, str(path)], stdout=subprocess.PIPE, text=True, cwd=Path.cwd()
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= edits:
            break
    looking = OpenScene.open(path)
    assert looking.holder is not None
    assert looking.holder.pid == child.pid
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().split()
    child.wait()
    told = int(rest[-1]) if rest else edits
    found = read_journal(journal_path(path))
    assert found.scene is not None
    assert found.scene.objects[0].position[0] in (told, told + 1)
    assert found.lost_lines <= 1
    # Its lease is that of the dead, and what it left is there to recover.
    again = OpenScene.open(path)
    assert not again.read_only
    assert again.recovery is not None
    assert again.recover().scene == found.scene
    again.close()


def test_the_same_edits_give_the_same_journal(yard: Scene, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        written(tmp_path / name / "yard.json", yard, EDITS)
    one, two = (journal_path(tmp_path / name / "yard.json").read_bytes() for name in "ab")
    assert one == two
