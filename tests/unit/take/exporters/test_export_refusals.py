"""What is refused, with one line that names the thing and the mend, and nothing written."""

import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director.cli.main import main
from director.errors import DirectorError, MissingExtra, RecordingError, TakeError, UsageError
from director.take.exporters import exporter, exporter_names
from director.take.library import mark_take
from tests.unit.take.exporters.shooting import FRAMES, export


def change(take: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Edit take.json."""
    content = json.loads((take / "take.json").read_text(encoding="utf-8"))
    edit(content)
    (take / "take.json").write_text(json.dumps(content), encoding="utf-8")


def test_what_is_there_is_kept_unless_overwritten(take: Path, tmp_path: Path) -> None:
    out = tmp_path / "camera.chan"
    out.write_text("mine")
    with pytest.raises(UsageError, match=r"is there already.*--overwrite"):
        export("chan", [take], out)
    assert out.read_text() == "mine"
    export("chan", [take], out, overwrite=True)
    assert out.read_text() != "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["camera.chan"]


def test_a_folder_is_replaced_only_where_it_holds_nothing_else(take: Path, tmp_path: Path) -> None:
    out = tmp_path / "frames"
    export("png", [take], out)
    (out / "extra.png").write_bytes(b"")
    with pytest.raises(UsageError, match="is there already"):
        export("png", [take], out)
    export("png", [take], out, overwrite=True)
    assert len(list(out.iterdir())) == FRAMES
    (out / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"holds more than .png"):
        export("png", [take], out, overwrite=True)
    assert (out / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["frames"]


def test_nothing_is_written_into_a_take(own_take: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in own_take.rglob("*")}
    for out in (own_take / "video.mp4", own_take / "new.mp4", own_take / "a" / "b.mp4"):
        with pytest.raises(UsageError, match="where the take itself lies"):
            export("mp4", [own_take], out, overwrite=True)
    with pytest.raises(UsageError, match="where the take itself lies"):
        export("png", [own_take], own_take.parent, overwrite=True)
    assert {path: path.stat().st_mtime_ns for path in own_take.rglob("*")} == before


@pytest.mark.parametrize(
    ("format_", "name", "told"),
    [("mp4", "a.mov", "does not end in .mp4"), ("prores", "a", "name it a.mov"), ("chan", ".", "chan")],
)
def test_a_wrong_ending_is_told(format_: str, name: str, told: str, take: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=told):
        export(format_, [take], tmp_path / name)


@pytest.mark.skipif(
    not Path("/proc").is_dir(), reason="only Linux has /proc, where not even an administrator can make a file"
)
def test_a_place_that_cannot_be_written_is_named(take: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (Path("/proc/nowhere/a.chan"), tmp_path / "file" / "a.chan", tmp_path / "a\0.chan"):
        with pytest.raises(RecordingError, match=r"cannot be written.*--out"):
            export("chan", [take], place)


def test_a_disk_that_fills_leaves_nothing(
    take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    saved: list[Path] = []

    def save(self: object, path: Path, **options: object) -> None:
        path.write_bytes(b"half")
        saved.append(path)
        if len(saved) == 4:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", save)
    with pytest.raises(RecordingError, match="No space left"):
        export("png", [take], tmp_path / "frames")
    assert len(saved) == 4
    assert not list(tmp_path.iterdir())


def test_several_takes_go_into_a_folder_each_under_its_name(
    take: Path, drop_take: Path, tmp_path: Path
) -> None:
    made = export("chan", [take, drop_take], tmp_path / "all")
    assert [path.name for path in made] == ["the-room_round_T001.chan", "the-room_push_T001.chan"]
    assert sorted(made) == sorted((tmp_path / "all").iterdir())
    with pytest.raises(UsageError, match="is there already"):
        export("chan", [take, drop_take], tmp_path / "all")


def test_a_folder_of_takes_stands_for_its_circled_ones(
    own_take: Path, drop_take: Path, tmp_path: Path
) -> None:
    root = own_take.parent.parent
    shutil.copytree(drop_take, own_take.parent / drop_take.name)
    for named in (root, own_take.parent):
        made = export("chan", [named], tmp_path / f"{named.name}.chan")
        assert len(made[0].read_text().splitlines()) == FRAMES
    mark_take(own_take, circled=False)
    with pytest.raises(TakeError, match=r"none of them circled.*Ctrl"):
        export("chan", [root], tmp_path / "none.chan")
    with pytest.raises(TakeError, match="holds none"):
        export("chan", [tmp_path], tmp_path / "none.chan")


def test_an_extra_that_is_not_installed_is_named(
    take: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for name in exporter_names():
        if exporter(name).packages:
            with pytest.raises(MissingExtra, match=rf"pip install 'director\[{exporter(name).extra}\]'"):
                export(name, [take], tmp_path / "a")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["take.json", "video.mp4", "track.jsonl", "slate.json"])
def test_a_link_out_of_the_take_is_refused(name: str, own_take: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / f"elsewhere-{name}"
    (own_take / name).rename(elsewhere)
    (own_take / name).symlink_to(elsewhere)
    with pytest.raises(TakeError, match="leads out of the folder of the take"):
        export("chan", [own_take], tmp_path / "a.chan")
    assert not (tmp_path / "a.chan").exists()


@pytest.mark.parametrize("path", ["../../secret.obj", "/etc/secret.obj", "meshes/linked.obj", "a/in.gltf"])
def test_a_mesh_outside_the_take_is_refused(path: str, own_take: Path, tmp_path: Path) -> None:
    (own_take / "meshes").mkdir()
    (own_take / "a").mkdir()
    (own_take.parent.parent / "secret.obj").write_text("v 0 0 0\n")
    (own_take / "meshes" / "linked.obj").symlink_to(own_take.parent.parent / "secret.obj")
    (own_take / "a" / "in.gltf").write_text('{"buffers": [{"uri": "..%2f../../secret.bin"}]}')

    def add(content: dict[str, Any]) -> None:
        content["scene"]["objects"].append({"kind": "mesh", "name": "m", "class": "car", "path": path})

    change(own_take, add)
    with pytest.raises(TakeError, match="leads out of the folder of the take"):
        export("chan", [own_take], tmp_path / "a.chan")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fps", "1/0"),
        ("fps", "9e999"),
        ("fps", "-24"),
        ("size", [0, 2]),
        ("size", [10**9, 2]),
        ("size", [float("inf"), 2]),
    ],
)
def test_settings_that_are_none_are_told(key: str, value: object, own_take: Path, tmp_path: Path) -> None:
    change(own_take, lambda content: content["settings"].update({key: value}))
    with pytest.raises(TakeError):
        export("chan", [own_take], tmp_path / "a.chan")


def test_a_film_of_another_size_than_told_is_refused(own_take: Path, tmp_path: Path) -> None:
    change(own_take, lambda content: content["settings"].update({"size": [128, 72]}))
    with pytest.raises(RecordingError, match=r"64x36, and take.json says 128x72"):
        export("mp4", [own_take], tmp_path / "a.mp4")


def old_start(old: str) -> str:
    """The text before a number."""
    return old.rstrip("0123456789.")


@pytest.mark.parametrize(
    "old", ['"dt_s": 0.0416', '"position": [', '"focal_length_mm": ', '"orientation": [']
)
@pytest.mark.parametrize("new", ["1e300", "NaN", '"x"'])
def test_numbers_in_the_track_that_are_none_are_told(
    old: str, new: str, own_take: Path, tmp_path: Path
) -> None:
    track = own_take / "track.jsonl"
    text = track.read_text(encoding="utf-8")
    assert old in text
    track.write_text(re.sub(re.escape(old) + r"[^,\]}]*", old_start(old) + new, text), encoding="utf-8")
    with pytest.raises(TakeError, match=r"track\.jsonl"):
        export("chan", [own_take], tmp_path / "a.chan")


@pytest.mark.parametrize("name", ["chan", "edl", "pdf"])
def test_a_tick_of_an_hour_is_no_hour_of_frames(name: str, own_take: Path, tmp_path: Path) -> None:
    track = own_take / "track.jsonl"
    text = track.read_text(encoding="utf-8")
    track.write_text(text.replace('"dt_s": 0.0416', '"dt_s": 3000.0416', 1), encoding="utf-8")
    with pytest.raises(RecordingError, match="cut short: 10 of "):
        export(name, [own_take], tmp_path / f"a.{name}")
    track.write_text(text.replace('"dt_s": 0.0416', '"dt_s": 80000.0416', 1), encoding="utf-8")
    with pytest.raises(TakeError, match=r"track\.jsonl:2: a number in it is out of range: time"):
        export(name, [own_take], tmp_path / f"a.{name}")


def test_a_killed_take_is_exported_as_far_as_it_goes(own_take: Path, tmp_path: Path) -> None:
    change(own_take, lambda content: content.update({"state": "recording"}))
    track = own_take / "track.jsonl"
    lines = track.read_text(encoding="utf-8").split("\n")
    track.write_text("\n".join([*lines[:7], lines[7][:30]]), encoding="utf-8")
    (path,) = export("chan", [own_take], tmp_path / "a.chan")
    assert len(path.read_text().splitlines()) == 7


def mutate(folder: Path, rng: random.Random) -> None:
    """Damage one file of a take: bytes changed, a piece cut out or doubled, or a JSON value replaced."""
    name = rng.choice(["take.json", "take.json", "track.jsonl", "track.jsonl", "video.mp4", "slate.json"])
    path = folder / name
    raw = bytearray(path.read_bytes())
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randint(1, 8)):
            raw[rng.randrange(len(raw))] = rng.randrange(256)
    elif kind == 1:
        del raw[rng.randrange(len(raw)) :]
    elif kind == 2:
        start = rng.randrange(len(raw))
        raw[start:start] = raw[start : start + rng.randint(1, 200)]
    elif name.endswith("mp4"):
        del raw[rng.randrange(len(raw)) :][: rng.randint(1, 300)]
    else:
        words: list[bytes] = [
            b"null",
            b"-1",
            b"1e308",
            b'"\\u0000../x"',
            b"[]",
            b"{}",
            b"true",
            b'"\\ud800"',
            b"NaN",
        ]
        text = bytes(raw)
        places = [i + 1 for i in range(len(text) - 1) if text[i : i + 1] == b":"]
        at = rng.choice(places)
        end = next((i for i in range(at, len(text)) if text[i : i + 1] in (b",", b"}", b"]")), len(text))
        raw[at:end] = rng.choice(words)
    path.write_bytes(bytes(raw))


@pytest.mark.parametrize("seed", range(60))
def test_damaged_takes_end_in_one_line_or_in_an_export(
    seed: int, own_take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 2)):
        mutate(own_take, rng)
    name = rng.choice(exporter_names())
    suffixes = exporter(name).suffixes
    out = tmp_path / "out" / (f"a{suffixes[0]}" if suffixes else "a")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    status = main(["export", str(own_take), "--to", name, "--out", str(out)])
    told = capsys.readouterr().err
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    made = after.keys() - before.keys()
    assert {path: after[path] for path in before} == before
    if status == 0:
        assert made
        assert all(path == out or path.parent == out for path in made)
    else:
        assert not made
        assert told.startswith("director: ")
        assert told.count("\n") == 1
        assert "Traceback" not in told
        assert len(told) < 700
    assert status in (0, 1, 2)


def test_the_command_prints_what_it_made(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "camera.chan"
    assert main(["export", str(take), "--to", "chan", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"format": "chan", "files": [str(out)]}
    assert main(["export", str(take), "--to", "chann", "--out", str(out)]) == 2
    assert "did you mean chan?" in capsys.readouterr().err
    assert main(["export", str(tmp_path / "none"), "--to", "chan", "--out", str(out) + "2.chan"]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_every_exporter_says_what_it_is() -> None:
    for name in exporter_names():
        one = exporter(name)
        assert one.name == name
        assert one.summary
        assert bool(one.suffixes) != bool(one.member_suffix)
        assert bool(one.extra) == bool(one.packages)
    with pytest.raises(DirectorError, match="formats: "):
        exporter("avi")
