"""What every exporter keeps to."""

from pathlib import Path

import pytest

from director.errors import TakeError, UsageError
from director.take.exporters import exporter, exporter_names
from tests.unit.take.exporters.shooting import export

OPTIONS = {"timecode": "00:00:01:00", "first_frame": 5, "handles": 1, "burn_in": True}


def place(name: str, folder: Path) -> Path:
    suffixes = exporter(name).suffixes
    return folder / f"вывод 1{suffixes[0] if suffixes else ''}"


def content(path: Path) -> dict[str, bytes]:
    """Of a file, or of all in a folder."""
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    return {file.name: file.read_bytes() for file in files}


def test_all_formats_are_there() -> None:
    assert set(exporter_names()) == {
        *(
            "mp4",
            "prores",
            "png",
            "exr",
            "gltf",
            "usd",
            "chan",
            "json",
            "otio",
            "edl",
            "fcp7",
            "fcpxml",
            "pdf",
        )
    }


@pytest.mark.parametrize("name", exporter_names())
def test_the_same_take_gives_the_same_bytes_and_nothing_beside(name: str, take: Path, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in take.rglob("*")}
    (one,) = export(name, [take], place(name, tmp_path / "1"))
    (two,) = export(name, [take], place(name, tmp_path / "2"))
    assert content(one) == content(two)
    assert list((tmp_path / "1").iterdir()) == [one]
    assert {path: path.stat().st_mtime_ns for path in take.rglob("*")} == before


@pytest.mark.parametrize("name", exporter_names())
def test_a_broken_take_writes_nothing(name: str, own_take: Path, tmp_path: Path) -> None:
    (own_take / "track.jsonl").write_text("no track\n\n")
    with pytest.raises(TakeError, match=r"track\.jsonl"):
        export(name, [own_take], place(name, tmp_path / "out"))
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", exporter_names())
@pytest.mark.parametrize("option", sorted(OPTIONS))
def test_an_option_shows_or_is_refused(name: str, option: str, take: Path, tmp_path: Path) -> None:
    chosen = {option: OPTIONS[option]}
    if option not in exporter(name).heeds:
        with pytest.raises(UsageError, match=f"--{option.replace('_', '-')}: shows in nothing in {name}"):
            export(name, [take], place(name, tmp_path), **chosen)
        return
    (plain,) = export(name, [take], place(name, tmp_path / "plain"))
    (other,) = export(name, [take], place(name, tmp_path / "other"), **chosen)
    assert content(plain) != content(other)


@pytest.mark.parametrize("name", exporter_names())
def test_what_is_there_is_kept(name: str, take: Path, tmp_path: Path) -> None:
    (path,) = export(name, [take], place(name, tmp_path))
    had = content(path)
    with pytest.raises(UsageError, match="is there already"):
        export(name, [take], path)
    assert content(path) == had
    export(name, [take], path, overwrite=True)
    assert content(path) == had
